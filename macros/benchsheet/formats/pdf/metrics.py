"""How wide words stand in the type of a sheet, and how many lines they take: never less than on paper; refuses nothing.

The advance widths are those of the font that goes along with Typst; ``widths`` measures them, and ``widths.json`` lists them. Letters are
set without kerning, so that words are as wide as their letters; ligatures only make them narrower, and slanted letters are the narrower
ones. A sign that is not listed counts as the widest one.
"""

from __future__ import annotations

import functools
import json
import re
from bisect import bisect_right
from collections.abc import Iterable
from importlib import resources
from itertools import accumulate

TYPE_SIZE = 9.0  # points, the smallest and nearly the only type of a sheet
CAP_HEIGHT = 0.658 * TYPE_SIZE  # of a line, from its foot to the top of a capital
LEADING = 0.39 * TYPE_SIZE  # between two lines

_DEFAULT_WIDTH = 1200  # thousandths of the size


class _CharWidths(dict[str, float]):
    def __missing__(self, char: str) -> float:
        width = self[char] = _DEFAULT_WIDTH * TYPE_SIZE / 1000
        return width


def _read_widths() -> tuple[_CharWidths, _CharWidths]:
    """Return how many points each character takes in regular and in bold type."""
    table = json.loads(resources.files(__package__).joinpath("widths.json").read_text("utf-8"))["widths"]
    regular, bold = (_CharWidths((char, widths[weight] * TYPE_SIZE / 1000) for char, widths in table.items()) for weight in (0, 1))
    return regular, bold


_WIDTHS_BY_WEIGHT = _read_widths()
_BREAK_CHARS = " \u200b"  # the second is a sign without width, where a line may end
_BOX_CHAR = "\ufffc"  # stands for a box among the words
_LINE_ENDS = re.compile(rf"[{_BREAK_CHARS}]+|(?<=[-/–])(?=[^\W\d])|(?={_BOX_CHAR})|(?<={_BOX_CHAR})")


@functools.lru_cache(maxsize=8192)
def text_width(words: str, *, bold: bool = False) -> float:
    """Return how many points *words* take on one line."""
    return sum(map(_WIDTHS_BY_WEIGHT[bold].__getitem__, words))


TextRun = tuple[str | float, bool]  # words and whether they are bold, or points and whether they are blank


def count_lines(runs: Iterable[TextRun], first: float, rest: float) -> int:
    """Return how many lines *runs* take, where *first* and then *rest* points are to a line.

    A line ends at a blank, behind a hyphen or a stroke that a letter follows, and beside a box.
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
        at = max(at, bisect_right(full, past[line_start] + room, at) - 1)  # a word that is wider than a line stands out
        count, line_start, room = count + 1, ends[at][1], rest
        while at < len(ends) and ends[at][1] <= line_start:
            at += 1
    return count


def lines_height(count: int) -> float:
    """Return how many points *count* lines take."""
    return count * CAP_HEIGHT + (count - 1) * LEADING
