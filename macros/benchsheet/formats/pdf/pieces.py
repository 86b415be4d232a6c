"""The pieces of a printed sheet: each is a call of a function in ``layout.typ``, and its height in a column of a given width.

Heights are in points, and never less than on paper.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ..._dataclass import dataclass, replace
from .metrics import CAP_HEIGHT, TYPE_SIZE, TextRun, count_lines, lines_height, text_width
from .typst_text import TypstText, typst_array, typst_call

PARAGRAPH_GAP = 0.44 * TYPE_SIZE  # between two paragraphs
TICK_SIZE, TICK_GAP = 7.6, 4.8  # of a checkbox, and between it and the words
MM = 72 / 25.4  # points
HANGING_INDENT = 7  # of all lines of an item but the first
_SPACE: tuple[TextRun, ...] = ((" ", False),)
_COLON: tuple[TextRun, ...] = ((": ", False),)
_TICK_RISE = 6.4 + 1.2 - CAP_HEIGHT  # by which a line with a checkbox is higher; the box stands 1.2 below the baseline
_BLANK_RISE = 7 - CAP_HEIGHT  # by which a line with a blank is higher
_NO_RUNS: tuple[TextRun, ...] = ()


def _tag_runs(words: str) -> tuple[TextRun, ...]:
    return (text_width(words, bold=True) + 5, False), (" ", False)


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A call of a layout function as Typst *markup*; *height* returns its height in a column of a width.

    *above* and *below* are the spaces around it; *firm* spaces replace those of a paragraph. *row_heights* are the heights of a table's head and
    rows, between which a page may end.
    """

    markup: str
    height: Callable[[float], float]
    above: float = PARAGRAPH_GAP
    below: float = PARAGRAPH_GAP
    firm: bool = False
    row_heights: tuple[float, ...] = ()


def stack_height(pieces: Iterable[Piece], width: float) -> float:
    """Return the height of *pieces* under one another."""
    total, last = 0.0, None
    for piece in pieces:
        if last is not None:
            below, above = last.below, piece.above
            total += max(below, above) if last.firm == piece.firm else below if last.firm else above
        total += piece.height(width)
        last = piece
    return total


def _paragraph_height(runs: Sequence[TextRun], indent: float = 0, start: float = 0, extra: float = 0) -> Callable[[float], float]:
    """Return the height of a paragraph: its first line begins at *start*, the others at *indent*, and *extra* points are added."""
    return lambda width: lines_height(count_lines(runs, width - start, width - indent)) + extra


def _text_piece(name: str, *words: TypstText, runs: Sequence[TextRun], indent: float = 0, start: float = 0, extra: float = 0) -> Piece:
    """Return a call of *name* with *words*, as high as the paragraph of *runs*."""
    return Piece(markup=typst_call(name, *(each.markup for each in words)), height=_paragraph_height(runs, indent, start, extra))


def section_piece(title: TypstText) -> Piece:
    """Return the heading of a part."""
    return Piece(markup=typst_call("section", title.markup), height=lambda _: 11.5 / TYPE_SIZE * CAP_HEIGHT + 2, above=7, below=4, firm=True)


def paragraph_piece(words: TypstText) -> Piece:
    """Return a paragraph."""
    return _text_piece("par", words, runs=words.runs)


def lead_piece(first: TypstText, words: TypstText) -> Piece:
    """Return a paragraph that begins in bold."""
    return _text_piece("lead", first, words, runs=(*first.bold_runs(), *_SPACE, *words.runs))


def item_piece(words: TypstText) -> Piece:
    """Return an item of a list."""
    return _text_piece("item", words, runs=words.runs, indent=HANGING_INDENT, start=HANGING_INDENT)


def fact_piece(name: TypstText, words: TypstText) -> Piece:
    """Return a name in bold and its description."""
    return _text_piece("fact", name, words, runs=(*name.bold_runs(), *_COLON, *words.runs), indent=HANGING_INDENT)


def action_piece(words: TypstText, mark: TypstText, indent: float) -> Piece:
    """Return an action with its checkbox, and its number in a list."""
    markup = typst_call("action", words.markup, f"mark: {mark.markup}", f"indent: {indent}pt")
    mark_runs = (*mark.runs, *_SPACE) if mark.runs else _NO_RUNS
    return Piece(markup=markup, height=_paragraph_height((*mark_runs, *words.runs), indent + 13, indent + TICK_SIZE + TICK_GAP, _TICK_RISE))


def definition_piece(words: TypstText, indent: float) -> Piece:
    """Return a remark or a definition between two actions, which has no checkbox."""
    return Piece(
        markup=typst_call("defined", words.markup, f"indent: {indent}pt"), height=_paragraph_height(words.runs, indent + HANGING_INDENT, indent)
    )


def wait_piece(first: TypstText, words: TypstText) -> Piece:
    """Return a wait with its checkbox."""
    runs = (*first.bold_runs(), *_SPACE, *words.runs)
    return _text_piece("wait", first, words, runs=runs, indent=13, start=TICK_SIZE + TICK_GAP, extra=_TICK_RISE)


def hazard_piece(words: TypstText) -> Piece:
    """Return a warning of a hazard."""
    return _text_piece("hazard", words, runs=(*_tag_runs("HAZARD"), *words.runs), indent=HANGING_INDENT)


def remarks_piece(hazards: TypstText, first: TypstText, words: TypstText) -> Piece:
    """Return the hazards and remarks below a recipe."""
    hazard_runs = (*_tag_runs("HAZARD"), *hazards.bold_runs(), *_SPACE) if hazards.runs else _NO_RUNS
    first_runs = (*first.bold_runs(), *_SPACE) if first.runs else _NO_RUNS
    return _text_piece("remarks", hazards, first, words, runs=(*hazard_runs, *first_runs, *words.runs))


def pause_piece(words: TypstText) -> Piece:
    """Return a pause point: a rule across the column."""
    return replace(_text_piece("pause", words, runs=(*_tag_runs("PAUSE"), *words.bold_runs()), extra=4.8), above=4, below=0, firm=True)


def day_piece(words: TypstText) -> Piece:
    """Return the day that begins."""
    return replace(_text_piece("day", words, runs=words.bold_runs(), indent=6, start=6, extra=4.4), above=0, below=4, firm=True)


def gate_piece(name: TypstText, limit: TypstText, reading: TypstText) -> Piece:
    """Return a quality gate with the blank of its reading."""
    blank: tuple[TextRun, ...] = (". ", False), (text_width("reading ") + 18 * MM, False), ("  ", False)
    runs = (*name.bold_runs(), *_COLON, *limit.runs, *blank, *reading.runs)
    return _text_piece("gate", name, limit, reading, runs=runs, indent=HANGING_INDENT, extra=_BLANK_RISE)


def tubes_piece(title: TypstText, names: Sequence[TypstText]) -> Piece:
    """Return tubes to label, each with its checkbox."""
    rows = [Piece(markup="", height=_paragraph_height(title.bold_runs()))] if title.runs else []
    rows += [Piece(markup="", height=_paragraph_height(name.runs, 12, TICK_SIZE + 4, _TICK_RISE)) for name in names]
    markup = typst_call("tubes", title.markup, typst_array(name.markup for name in names))
    return Piece(markup=markup, height=lambda width: stack_height(rows, width))


def step_piece(number: TypstText, title: TypstText, about: TypstText, planned: TypstText, units: Sequence[TypstText]) -> Piece:
    """Return the head of a step: number, title and pace, planned times, and blanks for start and stop and for the time of each unit."""
    head: list[TextRun] = [(sum(text_width(str(text), bold=True) for text, _ in number.runs) + 6, False), (3, True), *title.bold_runs()]
    if about.runs:
        head += [(5, True), *about.runs]
    time = sum(text_width(str(text), bold=True) for text, _ in planned.runs)
    blank = (9.6 if 70 < time < 84 else 11) * MM  # times with seconds fit beside smaller blanks
    blanks_width = text_width("start stop ") + 2 * blank + text_width(" ") + 3.5
    times: list[TextRun] = [*planned.bold_runs(), (3.5, True), (blanks_width, False)] if planned.runs else [(blanks_width, False)]
    apart = text_width(" ") + 10 * MM + 4  # the blank and the gap behind it, where a line may end
    each: list[TextRun] = [(sum(text_width(str(text)) for text, _ in unit.runs) + apart, False) for unit in units]

    def tall(width: float) -> float:
        rows = count_lines(each, width, width) if each else 0
        units_height = PARAGRAPH_GAP + lines_height(rows) + rows * _BLANK_RISE if rows else 0
        return _paragraph_height(head)(width) + 3.2 + _paragraph_height(times)(width) + _BLANK_RISE + units_height

    blanks = f"{blank:.1f}pt"
    markup = typst_call("step", number.markup, title.markup, about.markup, planned.markup, typst_array(unit.markup for unit in units), blanks)
    return Piece(markup=markup, height=tall, above=0)
