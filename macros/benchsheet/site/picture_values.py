"""What a declared picture of a symptom may hold: numbers within their limits, points, and places that one look of numbers repeats each time.

Raises an error for a text that is not a number, and for a number outside its limits.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import ProtocolError
from ..yamltree import YamlMap

_MULTIPLIER, _MODULUS = 16807, 2**31 - 1  # of Park and Miller's generator: each build draws the same


def read_number(tree: YamlMap, key: str, low: float, high: float, default: float = 0.0) -> float:
    """Return the number under *key*; raise ProtocolError if it is not from *low* to *high*."""
    return _within(tree.text(key), key, low, high, tree.lines[key], tree.file) if key in tree else default


def read_numbers(tree: YamlMap, key: str, low: float, high: float) -> list[float]:
    """Return the numbers under *key*, a list or one number; raise ProtocolError for one that is not from *low* to *high*."""
    return [_within(word, key, low, high, tree.lines[key], tree.file) for word in tree.word_list(key)]


def read_points(tree: YamlMap, key: str, size: int) -> list[list[float]]:
    """Return the list of points under *key*, each of *size* numbers from 0 to 1; raise ProtocolError for another one."""
    points = []
    for item in tree.get(key, []):
        if not isinstance(item, list) or len(item) != size or not all(isinstance(word, str) for word in item):
            raise ProtocolError(f"{key!r} is a list of points, each of {size} numbers", f"write {key}: [[0.2, 0.5{', 0.1' * (size - 2)}]]").at(
                tree.file, tree.lines[key]
            )
        points.append([_within(word, key, 0, 1, tree.lines[key], tree.file) for word in item])
    return points


def read_yes(tree: YamlMap, key: str) -> bool:
    """Return whether *key* is set to yes; raise ProtocolError for another word."""
    if (word := tree.text(key, "no")) not in ("yes", "no"):
        raise ProtocolError(f"{key} {word!r} is neither yes nor no", f"write {key}: yes, or leave it out").at(tree.file, tree.lines[key])
    return word == "yes"


def read_mappings(tree: YamlMap, key: str) -> list[YamlMap]:
    """Return the mappings that are listed under *key*; raise ProtocolError for anything else."""
    items = tree.get(key, [])
    if not isinstance(items, list) or not all(isinstance(item, YamlMap) for item in items):
        raise ProtocolError(f"{key!r} is a list of mappings", f"write {key}: [{{...}}, {{...}}]").at(tree.file, tree.lines[key])
    return list(items)


def _within(word: str, key: str, low: float, high: float, line: int, file: str) -> float:
    try:
        number = float(word)
    except ValueError:
        number = low - 1
    if not low <= number <= high:
        raise ProtocolError(f"{key} {str(word)!r} is not a number from {low:g} to {high:g}", "write it in digits").at(file, line)
    return number


def scatter() -> Iterator[tuple[float, float]]:
    """Yield pairs of numbers from 0 to 1 without end and without a pattern, the same each time."""
    state = _MULTIPLIER
    while True:
        state = state * _MULTIPLIER % _MODULUS
        across, state = state / _MODULUS, state * _MULTIPLIER % _MODULUS
        yield across, state / _MODULUS
