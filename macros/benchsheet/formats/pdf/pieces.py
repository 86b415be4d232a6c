"""What a sheet is put together from: each piece as a call of its layout, and how high it stands in a column of a given width.

Heights are in points and never less than on paper; refuses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ..._dataclass import dataclass
from .metrics import CAP_HEIGHT, TYPE_SIZE, TextRun, count_lines, lines_height, text_width
from .typst_text import TypstText, typst_array, typst_call

PARAGRAPH_GAP = 0.44 * TYPE_SIZE  # two paragraphs
TICK_SIZE, TICK_GAP = 7.6, 4.8  # a box to tick, and what is between it and the words
MM = 72 / 25.4
HANGING_INDENT = 7  # by which the lines of an item are moved in, but the first
_SPACE: tuple[TextRun, ...] = ((" ", False),)
_COLON: tuple[TextRun, ...] = ((": ", False),)
_TICK_RISE = 6.4 + 1.2 - CAP_HEIGHT  # of a line with a box to tick over one of words: it stands 1.2 lower
_BLANK_RISE = 7 - CAP_HEIGHT  # of a line with a blank to write in
_NO_RUNS: tuple[TextRun, ...] = ()


def _tag_runs(words: str) -> tuple[TextRun, ...]:
    return (text_width(words, bold=True) + 5, False), (" ", False)


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A call of the layout; *height* is its height in a column; a *firm* space above or below it holds against that of a paragraph.

    *row_heights* are the heights of a table's head and rows, between which a page may end.
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
    """Return the height of a paragraph: its first line begins at *start* and is *extra* than words high, the others at *indent*."""
    return lambda width: lines_height(count_lines(runs, width - start, width - indent)) + extra


def section_piece(title: TypstText) -> Piece:
    """Return the heading of a part."""
    return Piece(markup=typst_call("section", title.markup), height=lambda _: 11.5 / TYPE_SIZE * CAP_HEIGHT + 2, above=7, below=4, firm=True)


def paragraph_piece(words: TypstText) -> Piece:
    """Return a paragraph."""
    return Piece(markup=typst_call("par", words.markup), height=_paragraph_height(words.runs))


def lead_piece(first: TypstText, words: TypstText) -> Piece:
    """Return a paragraph that begins in bold."""
    return Piece(markup=typst_call("lead", first.markup, words.markup), height=_paragraph_height((*first.bold_runs(), *_SPACE, *words.runs)))


def item_piece(words: TypstText) -> Piece:
    """Return an item of a list."""
    return Piece(markup=typst_call("item", words.markup), height=_paragraph_height(words.runs, HANGING_INDENT, HANGING_INDENT))


def fact_piece(name: TypstText, words: TypstText) -> Piece:
    """Return a name and what is said of it."""
    return Piece(
        markup=typst_call("fact", name.markup, words.markup), height=_paragraph_height((*name.bold_runs(), *_COLON, *words.runs), HANGING_INDENT)
    )


def action_piece(words: TypstText, mark: TypstText, indent: float) -> Piece:
    """Return what is done, with its box, and its mark in a list."""
    markup = typst_call("action", words.markup, f"mark: {mark.markup}", f"indent: {indent}pt")
    mark_runs = (*mark.runs, *_SPACE) if mark.runs else _NO_RUNS
    return Piece(markup=markup, height=_paragraph_height((*mark_runs, *words.runs), indent + 13, indent + TICK_SIZE + TICK_GAP, _TICK_RISE))


def definition_piece(words: TypstText, indent: float) -> Piece:
    """Return what is said between two actions, and not done."""
    return Piece(
        markup=typst_call("defined", words.markup, f"indent: {indent}pt"), height=_paragraph_height(words.runs, indent + HANGING_INDENT, indent)
    )


def wait_piece(first: TypstText, words: TypstText) -> Piece:
    """Return a wait, with its box."""
    runs = (*first.bold_runs(), *_SPACE, *words.runs)
    return Piece(markup=typst_call("wait", first.markup, words.markup), height=_paragraph_height(runs, 13, TICK_SIZE + TICK_GAP, _TICK_RISE))


def hazard_piece(words: TypstText) -> Piece:
    """Return a warning of a hazard."""
    return Piece(markup=typst_call("hazard", words.markup), height=_paragraph_height((*_tag_runs("HAZARD"), *words.runs), HANGING_INDENT))


def remarks_piece(hazards: TypstText, first: TypstText, words: TypstText) -> Piece:
    """Return what is said below a recipe."""
    hazard_runs = (*_tag_runs("HAZARD"), *hazards.bold_runs(), *_SPACE) if hazards.runs else _NO_RUNS
    first_runs = (*first.bold_runs(), *_SPACE) if first.runs else _NO_RUNS
    return Piece(
        markup=typst_call("remarks", hazards.markup, first.markup, words.markup), height=_paragraph_height((*hazard_runs, *first_runs, *words.runs))
    )


def pause_piece(words: TypstText) -> Piece:
    """Return a rule across the column where the work may rest."""
    return Piece(
        markup=typst_call("pause", words.markup),
        height=_paragraph_height((*_tag_runs("PAUSE"), *words.bold_runs()), extra=4.8),
        above=4,
        below=0,
        firm=True,
    )


def day_piece(words: TypstText) -> Piece:
    """Return the day that begins."""
    return Piece(markup=typst_call("day", words.markup), height=_paragraph_height(words.bold_runs(), 6, 6, 4.4), above=0, below=4, firm=True)


def gate_piece(name: TypstText, limit: TypstText, reading: TypstText) -> Piece:
    """Return a quality gate with the blank of its reading."""
    blank: tuple[TextRun, ...] = (". ", False), (text_width("reading ") + 18 * MM, False), ("  ", False)
    runs = (*name.bold_runs(), *_COLON, *limit.runs, *blank, *reading.runs)
    return Piece(
        markup=typst_call("gate", name.markup, limit.markup, reading.markup), height=_paragraph_height(runs, HANGING_INDENT, extra=_BLANK_RISE)
    )


def tubes_piece(title: TypstText, names: Sequence[TypstText]) -> Piece:
    """Return tubes to label, each with its box."""
    heads = [Piece(markup="", height=_paragraph_height(title.bold_runs()))] if title.runs else []
    rows = [Piece(markup="", height=_paragraph_height(name.runs, 12, TICK_SIZE + 4, _TICK_RISE)) for name in names]
    return Piece(
        markup=typst_call("tubes", title.markup, typst_array(name.markup for name in names)),
        height=lambda width: stack_height([*heads, *rows], width),
    )


def step_piece(number: TypstText, title: TypstText, about: TypstText, planned: TypstText, units: Sequence[TypstText]) -> Piece:
    """Return the head of a step: its number, title and pace, the times planned, and blanks for start and stop, and for its units."""
    head: list[TextRun] = [(sum(text_width(str(text), bold=True) for text, _ in number.runs) + 6, False), (3, True), *title.bold_runs()]
    if about.runs:
        head += [(5, True), *about.runs]
    time = sum(text_width(str(text), bold=True) for text, _ in planned.runs)
    blank = (9.6 if 70 < time < 84 else 11) * MM  # times with seconds have room beside somewhat smaller blanks
    blanks_width = text_width("start stop ") + 2 * blank + text_width(" ") + 3.5
    times: list[TextRun] = [*planned.bold_runs(), (3.5, True), (blanks_width, False)] if planned.runs else [(blanks_width, False)]
    apart = text_width(" ") + 10 * MM + 4  # a line ends behind what is between two
    each: list[TextRun] = [(sum(text_width(str(text)) for text, _ in unit.runs) + apart, False) for unit in units]

    def tall(width: float) -> float:
        rows = count_lines(each, width, width) if each else 0
        return (
            _paragraph_height(head)(width)
            + 3.2
            + _paragraph_height(times)(width)
            + _BLANK_RISE
            + (PARAGRAPH_GAP + lines_height(rows) + rows * _BLANK_RISE if rows else 0)
        )

    blanks = f"{blank:.1f}pt"
    markup = typst_call("step", number.markup, title.markup, about.markup, planned.markup, typst_array(unit.markup for unit in units), blanks)
    return Piece(markup=markup, height=tall, above=0)
