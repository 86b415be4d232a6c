"""How wide words stand in the type of a sheet, and how many lines they take: never less than on paper; refuses nothing.

The advance widths are those of Libertinus Serif, which goes along with Typst. Letters are set without kerning, so that words are as
wide as their letters; ligatures only make them narrower, and slanted letters are the narrower ones. A sign that is not listed counts as
the widest one.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

TYPE_SIZE = 9.0  # points, the smallest and nearly the only type of a sheet
CAP_HEIGHT = 0.658 * TYPE_SIZE  # of a line, from its foot to the top of a capital
LEADING = 0.39 * TYPE_SIZE  # between two lines

# Thousandths of the size, for the signs of ASCII in their order.
_REGULAR_WIDTHS = (
    *(250, 288, 336, 465, 465, 637, 705, 190, 298, 298, 369, 550, 220, 338, 220, 323, *[465] * 10, 236, 236, 550, 550, 550, 435),
    *(895, 695, 588, 646, 701, 557, 485, 685, 730, 297, 322, 637, 528, 839, 699, 702, 541, 702, 587, 485, 597, 661, 652, 951, 660, 575, 604),
    *(356, 287, 356, 518, 486, 392, 457, 493, 428, 506, 447, 310, 500, 538, 271, 272, 512, 264, 790, 542, 504, 519, 503, 372, 390, 316),
    *(531, 497, 747, 490, 515, 424, 277, 205, 277, 449),
)
_BOLD_WIDTHS = (
    *(250, 266, 376, 514, 514, 637, 729, 215, 315, 315, 433, 537, 244, 358, 244, 316, *[514] * 10, 256, 256, 512, 551, 512, 430),
    *(988, 740, 654, 706, 734, 609, 545, 732, 817, 367, 373, 736, 577, 899, 740, 730, 614, 730, 716, 504, 652, 732, 700, 1028, 718, 624, 624),
    *(397, 307, 397, 518, 486, 392, 506, 542, 456, 561, 489, 391, 521, 619, 322, 312, 613, 325, 905, 616, 551, 581, 573, 428, 427, 358),
    *(598, 529, 777, 561, 558, 452, 307, 220, 307, 473),
)
_OTHER_WIDTHS = {
    **dict.fromkeys("\u200b\u2060", 0),
    **dict.fromkeys("\u00a0·", 250),
    **dict.fromkeys("°‘’′", 268),
    **dict.fromkeys("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", 340),
    **dict.fromkeys("“”", 440),
    **dict.fromkeys("±×÷−≈≠≤≥–", 550),
    **dict.fromkeys("µμ", 560),
    **dict.fromkeys("…", 817),
}
_DEFAULT_WIDTH = 1200


class _CharWidths(dict[str, float]):
    def __missing__(self, char: str) -> float:
        width = self[char] = _DEFAULT_WIDTH * TYPE_SIZE / 1000
        return width


def _char_widths(thousandths: tuple[int, ...]) -> _CharWidths:
    widths = {chr(32 + place): width for place, width in enumerate(thousandths)} | _OTHER_WIDTHS
    return _CharWidths((char, width * TYPE_SIZE / 1000) for char, width in widths.items())


_WIDTHS_BY_WEIGHT = (_char_widths(_REGULAR_WIDTHS), _char_widths(_BOLD_WIDTHS))
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
