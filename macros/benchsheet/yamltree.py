"""A YAML file as its author wrote it: every scalar is text, and every key and item knows its line."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from operator import length_hint
from typing import Any, cast

from . import generated
from .errors import Collector, ProtocolError, suggest

_NOTHING: Mapping[str, Any] = {}


class YamlText(str):
    """A scalar as typed; *line* is where."""

    __slots__ = ("line",)
    line: int


class YamlList(list[Any]):
    """A list; *line* is where it begins."""

    __slots__ = ("line",)
    line: int


class YamlMap(dict[str, Any]):
    """A mapping; *line* is where it begins, *lines* holds the line of each key, *file* what it was read from.

    *recipe* is the shared recipe that it is, and *cache* a value made from it that does not depend on the run.
    """

    __slots__ = ("cache", "file", "line", "lines", "recipe", "recipe_strengths")
    file: str
    line: int
    lines: dict[str, int]

    def __init__(self, items: Mapping[str, Any] = _NOTHING) -> None:
        """Hold *items*, which are from no file yet."""
        super().__init__(items)
        self.recipe = ""
        self.recipe_strengths: Mapping[str, str] = _NOTHING
        self.cache: Any = None

    def copy(self) -> YamlMap:
        """Return the same keys and values, each with its line, to be changed without the original; the cache is not copied."""
        copy = YamlMap(self)
        copy.file, copy.line, copy.lines, copy.recipe = self.file, self.line, dict(self.lines), self.recipe
        copy.recipe_strengths = self.recipe_strengths
        return copy

    def text(self, key: str, default: str = "") -> str:
        """Return the scalar under *key*; raise ProtocolError if it is a list or a mapping."""
        value = self.get(key, default)
        if not isinstance(value, str):
            raise ProtocolError(f"{key!r} is a text, not a {_kind_name(value)}", f"write {key}: some words").at(self.file, self.lines.get(key))
        return value

    def mapping(self, key: str) -> YamlMap:
        """Return the mapping under *key*, an empty one if it is absent."""
        value = self.get(key)
        if value is None or value == "":
            return _empty_map(self.file, self.lines.get(key, self.line))
        if not isinstance(value, YamlMap):
            raise ProtocolError(f"{key!r} is a mapping, not a {_kind_name(value)}", f"write {key}: {{name: value}}").at(self.file, self.lines[key])
        return value

    def word_list(self, key: str) -> list[str]:
        """Return the list of words under *key*; one word stands for a list of one."""
        value = self.get(key)
        if value is None:
            return []
        value = value if isinstance(value, list) else [value]
        if not all(isinstance(item, str) for item in value):
            raise ProtocolError(f"{key!r} is a list of words", f"write {key}: [one, two]").at(self.file, self.lines[key])
        return cast("list[str]", value)

    def check_keys(self, allowed: tuple[str, ...], what: str, *, required: tuple[str, ...] = ()) -> None:
        """Raise all keys that are not *allowed*, each at its own line; if there is none, all *required* ones that are missing."""
        if unknown := self.keys() - allowed:
            mistakes = Collector()
            mistakes.errors += [ProtocolError(f"{what} has no {key!r}", suggest(key, allowed), self.file, self.lines[key]) for key in unknown]
            mistakes.raise_all()
        self.require_keys(required, what)

    def require_keys(self, keys: tuple[str, ...], what: str) -> None:
        """Raise all of *keys* that are missing."""
        if missing := [key for key in keys if key not in self]:
            mistakes = Collector()
            mistakes.errors += [ProtocolError(f"{what} needs a {key!r}", f"add a line '{key}: ...'", self.file, self.line) for key in missing]
            mistakes.raise_all()


def place_text(word: str, line: int) -> YamlText:
    """Return *word* as a scalar that stands in *line*."""
    text = YamlText(word)
    text.line = line
    return text


def _empty_map(file: str, line: int) -> YamlMap:
    result = YamlMap()
    result.file, result.line, result.lines = file, line, {}
    return result


def _kind_name(value: object) -> str:
    return "list" if isinstance(value, YamlList) else "mapping" if isinstance(value, YamlMap) else "text"


class LatePart:
    """A mapping that the build has parsed: plain *data*, with the line of each part only where somebody asks for lines."""

    def __init__(self, data: dict[str, Any], lines: Sequence[int], file: str) -> None:
        """Hold *data* with the *lines* of its parts, as `yamltext.parse` gives them."""
        self.data, self._lines, self._file = data, lines, file

    @functools.cached_property
    def lines(self) -> dict[str, int]:
        """Return the line of each key."""
        tree: Any = _build_node(self.data, iter(self._lines), self._file)
        return cast("YamlMap", tree).lines


def parse_yaml_map(text: str, file: str, first: str = "title: ...", late: str = "") -> YamlMap:
    """Return the mapping that *text* holds; raise ProtocolError at the line of a fault in its form. *first* is how one may begin.

    A mapping under the key *late* is a `LatePart` where the build has parsed the text.
    """
    tree = parse_yaml(text, file, late)
    if not isinstance(tree, YamlMap):
        raise ProtocolError("the file is not a mapping of names to values", f"begin with a line like {first!r}", file, 1)
    return tree


def parse_yaml(text: str, file: str, late: str = "") -> YamlMap | YamlList | YamlText:
    """Return the data in *text*, an empty mapping if there is none; raise ProtocolError if it is not YAML."""
    if not text:
        return _empty_map(file, 1)
    ready = generated.tree(product_key(text)) if generated.names() else None
    if ready is not None and late and isinstance(ready[0], dict) and isinstance(ready[0].get(late), dict):
        return _build_map(*ready, file, late)
    if ready is None:
        from .yamltext import parse  # only where the build has not done it

        ready = parse(text, file)
    data, lines = ready
    return _empty_map(file, 1) if data is None else _build_node(data, iter(lines), file)


def product_key(text: str) -> str:
    """Return a cache key: the hash of everything that decides how *text* is parsed."""
    return generated.key(text, generated.code_hash(f"{__package__}.yamltext"))


def _build_map(data: dict[str, Any], lines: Sequence[int], file: str, late: str) -> YamlMap:
    rest = iter(lines)
    mapping = _empty_map(file, next(rest))
    for name, value in data.items():
        mapping.lines[name] = next(rest)
        if name == late:
            behind = sum(map(_count_lines, list(data.values())[len(mapping) + 1 :])) + len(data) - len(mapping) - 1
            mapping[name] = LatePart(value, [*islice(rest, length_hint(rest) - behind)], file)
        else:
            mapping[name] = _build_node(value, rest, file)
    return mapping


def _count_lines(data: Any) -> int:
    """Return how many lines `_build_node` takes for *data*."""
    if isinstance(data, str):
        return 1
    parts, keys = (data.values(), len(data)) if isinstance(data, dict) else (data, 0)
    return 1 + keys + sum([1 if type(part) is str else _count_lines(part) for part in parts])


def _build_node(data: Any, lines: Iterator[int], file: str) -> YamlText | YamlList | YamlMap:
    line = next(lines)
    if isinstance(data, str):
        return place_text(data, line)
    if isinstance(data, list):
        items = YamlList([_build_node(child, lines, file) for child in data])
        items.line = line
        return items
    mapping = _empty_map(file, line)
    for name, value in data.items():
        mapping.lines[name] = next(lines)
        mapping[name] = _build_node(value, lines, file)
    return mapping
