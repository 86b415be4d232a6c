"""The width of text on a printed sheet, and the number of its lines; never less than on paper.

The advance widths are those of the font that is bundled with Typst; ``widths`` measures them, and ``widths.json`` lists them. There is no
kerning, so text is as wide as its letters; ligatures only make it narrower, and italic letters are narrower. A character that is not
listed counts as the widest one.
"""

from __future__ import annotations

import functools
import json
from bisect import bisect_right
from collections.abc import Iterable
from importlib import resources
from itertools import accumulate

from ...patterns import compile_when_used

TYPE_SIZE = 9.0  # points, the smallest and nearly the only size on a sheet
CAP_HEIGHT = 0.658 * TYPE_SIZE  # height of a line, from the baseline to the top of a capital
LEADING = 0.39 * TYPE_SIZE  # between two lines

_DEFAULT_WIDTH = 1200  # thousandths of the size


class _CharWidths(dict[str, float]):
    def __missing__(self, char: str) -> float:
        width = self[char] = _DEFAULT_WIDTH * TYPE_SIZE / 1000
        return width


def _read_widths() -> tuple[_CharWidths, _CharWidths]:
    """Return the width of each character in points, in regular and in bold type."""
    table = json.loads(resources.files(__package__).joinpath("widths.json").read_text("utf-8"))["widths"]
    regular, bold = (_CharWidths((char, widths[weight] * TYPE_SIZE / 1000) for char, widths in table.items()) for weight in (0, 1))
    return regular, bold


_WIDTHS_BY_WEIGHT = _read_widths()
_BREAK_CHARS = " \u200b"  # the second is the zero width space
_BOX_CHAR = "\ufffc"  # stands for a box in the text
_LINE_ENDS = compile_when_used(rf"[{_BREAK_CHARS}]+|(?<=[-/–])(?=[^\W\d])|(?={_BOX_CHAR})|(?<={_BOX_CHAR})")


@functools.lru_cache(maxsize=8192)
def text_width(words: str, *, bold: bool = False) -> float:
    """Return the width of *words* on one line, in points."""
    return sum(map(_WIDTHS_BY_WEIGHT[bold].__getitem__, words))


TextRun = tuple[str | float, bool]  # a text and whether it is bold, or a width in points and whether it is a space


def count_lines(runs: Iterable[TextRun], first: float, rest: float) -> int:
    """Return how many lines *runs* take, if the first line has *first* points and the others *rest*.

    A line may end at a space, after a hyphen or slash before a letter, and beside a box.
    """
    return _count_run_lines(tuple(runs), first, rest)


@functools.lru_cache(maxsize=4096)
def _count_run_lines(runs: tuple[TextRun, ...], first: float, rest: float) -> int:
    text, widths = "", [0.0]
    for words, flag in runs:
        if isinstance(words, str):
            text += words
            widths += map(_WIDTHS_BY_WEIGHT[flag].__getitem__, words)
        else:
            text += " " if flag else _BOX_CHAR
            widths.append(words)
    past = list(accumulate(widths))
    text = text.rstrip(_BREAK_CHARS)
    total = past[len(text)]
    if total <= first:
        return 1
    ends = [(match.start(), match.end()) for match in _LINE_ENDS.finditer(text) if 0 < match.end() < len(text)]
    full = [past[end] for end, _ in ends]
    count, line_start, room, at = 1, 0, first, 0
    while total - past[line_start] > room and at < len(ends):
        at = max(at, bisect_right(full, past[line_start] + room, at) - 1)  # a word that is wider than a line overflows
        count, line_start, room = count + 1, ends[at][1], rest
        while at < len(ends) and ends[at][1] <= line_start:
            at += 1
    return count


def lines_height(count: int) -> float:
    """Return the height of *count* lines, in points."""
    return count * CAP_HEIGHT + (count - 1) * LEADING
