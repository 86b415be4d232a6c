"""What a sheet is put together from: each piece as a call of its layout, and how high it stands in a column of a given width.

Heights are in points and never less than on paper; refuses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ..._dataclass import dataclass
from .metrics import HIGH, SIZE, Run, high, lines, wide
from .typst_text import Words, call, several

BETWEEN = 0.44 * SIZE  # two paragraphs
TICK, BEHIND = 7.6, 4.8  # a box to tick, and what is between it and the words
MM = 72 / 25.4
HANG = 7  # by which the lines of an item are moved in, but the first
_SPACE: tuple[Run, ...] = ((" ", False),)
_COLON: tuple[Run, ...] = ((": ", False),)
_RISE = 6.4 + 1.2 - HIGH  # of a line with a box to tick over one of words: it stands 1.2 lower
_BLANK = 7 - HIGH  # of a line with a blank to write in
_FLUSH: tuple[Run, ...] = ()


def _tag(words: str) -> tuple[Run, ...]:
    return (wide(words, bold=True) + 5, False), (" ", False)


@dataclass(frozen=True)
class Piece:
    """A call of the layout; *high* is its height in a column; a *firm* space above or below it holds against that of a paragraph.

    *rows* are the heights of a table's head and rows, between which a page may end.
    """

    markup: str
    high: Callable[[float], float]
    above: float = BETWEEN
    below: float = BETWEEN
    firm: bool = False
    rows: tuple[float, ...] = ()


def stacked(pieces: Iterable[Piece], width: float) -> float:
    """Return the height of *pieces* under one another."""
    total, last = 0.0, None
    for piece in pieces:
        if last is not None:
            below, above = last.below, piece.above
            total += max(below, above) if last.firm == piece.firm else below if last.firm else above
        total += piece.high(width)
        last = piece
    return total


def _text(runs: Sequence[Run], hang: float = 0, start: float = 0, more: float = 0) -> Callable[[float], float]:
    """Return the height of a paragraph: its first line begins at *start* and is *more* than words high, the others at *hang*."""
    return lambda width: high(lines(runs, width - start, width - hang)) + more


def section(title: Words) -> Piece:
    """Return the heading of a part."""
    return Piece(call("section", title.markup), lambda _: 11.5 / SIZE * HIGH + 2, 7, 4, firm=True)


def paragraph(words: Words) -> Piece:
    """Return a paragraph."""
    return Piece(call("par", words.markup), _text(words.runs))


def lead(first: Words, words: Words) -> Piece:
    """Return a paragraph that begins in bold."""
    return Piece(call("lead", first.markup, words.markup), _text((*first.bold(), *_SPACE, *words.runs)))


def item(words: Words) -> Piece:
    """Return an item of a list."""
    return Piece(call("item", words.markup), _text(words.runs, HANG, HANG))


def fact(name: Words, words: Words) -> Piece:
    """Return a name and what is said of it."""
    return Piece(call("fact", name.markup, words.markup), _text((*name.bold(), *_COLON, *words.runs), HANG))


def action(words: Words, mark: Words, indent: float) -> Piece:
    """Return what is done, with its box, and its mark in a list."""
    made = call("action", words.markup, f"mark: {mark.markup}", f"indent: {indent}pt")
    marked = (*mark.runs, *_SPACE) if mark.runs else _FLUSH
    return Piece(made, _text((*marked, *words.runs), indent + 13, indent + TICK + BEHIND, _RISE))


def defined(words: Words, indent: float) -> Piece:
    """Return what is said between two actions, and not done."""
    return Piece(call("defined", words.markup, f"indent: {indent}pt"), _text(words.runs, indent + HANG, indent))


def waiting(first: Words, words: Words) -> Piece:
    """Return a wait, with its box."""
    runs = (*first.bold(), *_SPACE, *words.runs)
    return Piece(call("wait", first.markup, words.markup), _text(runs, 13, TICK + BEHIND, _RISE))


def hazard(words: Words) -> Piece:
    """Return a warning of a hazard."""
    return Piece(call("hazard", words.markup), _text((*_tag("HAZARD"), *words.runs), HANG))


def remarks(hazards: Words, first: Words, words: Words) -> Piece:
    """Return what is said below a recipe."""
    warned = (*_tag("HAZARD"), *hazards.bold(), *_SPACE) if hazards.runs else _FLUSH
    begun = (*first.bold(), *_SPACE) if first.runs else _FLUSH
    return Piece(call("remarks", hazards.markup, first.markup, words.markup), _text((*warned, *begun, *words.runs)))


def pause(words: Words) -> Piece:
    """Return a rule across the column where the work may rest."""
    return Piece(call("pause", words.markup), _text((*_tag("PAUSE"), *words.bold()), more=4.8), 4, 0, firm=True)


def day(words: Words) -> Piece:
    """Return the day that begins."""
    return Piece(call("day", words.markup), _text(words.bold(), 6, 6, 4.4), 0, 4, firm=True)


def gate(name: Words, limit: Words, reading: Words) -> Piece:
    """Return a quality gate with the blank of its reading."""
    blank: tuple[Run, ...] = (". ", False), (wide("reading ") + 18 * MM, False), ("  ", False)
    runs = (*name.bold(), *_COLON, *limit.runs, *blank, *reading.runs)
    return Piece(call("gate", name.markup, limit.markup, reading.markup), _text(runs, HANG, more=_BLANK))


def tubes(title: Words, names: Sequence[Words]) -> Piece:
    """Return tubes to label, each with its box."""
    heads = [Piece("", _text(title.bold()))] if title.runs else []
    rows = [Piece("", _text(name.runs, 12, TICK + 4, _RISE)) for name in names]
    return Piece(call("tubes", title.markup, several(name.markup for name in names)), lambda width: stacked([*heads, *rows], width))


def step(number: Words, title: Words, about: Words, planned: Words, units: Sequence[Words]) -> Piece:
    """Return the head of a step: its number, title and pace, the times planned, and blanks for start and stop, and for its units."""
    head: list[Run] = [(sum(wide(str(said), bold=True) for said, _ in number.runs) + 6, False), (3, True), *title.bold()]
    if about.runs:
        head += [(5, True), *about.runs]
    time = sum(wide(str(said), bold=True) for said, _ in planned.runs)
    blank = (9.6 if 70 < time < 84 else 11) * MM  # times with seconds have room beside somewhat smaller blanks
    begun = wide("start stop ") + 2 * blank + wide(" ") + 3.5
    times: list[Run] = [*planned.bold(), (3.5, True), (begun, False)] if planned.runs else [(begun, False)]
    apart = wide(" ") + 10 * MM + 4  # a line ends behind what is between two
    each: list[Run] = [(sum(wide(str(said)) for said, _ in unit.runs) + apart, False) for unit in units]

    def tall(width: float) -> float:
        rows = lines(each, width, width) if each else 0
        return _text(head)(width) + 3.2 + _text(times)(width) + _BLANK + (BETWEEN + high(rows) + rows * _BLANK if rows else 0)

    blanks = f"{blank:.1f}pt"
    made = call("step", number.markup, title.markup, about.markup, planned.markup, several(unit.markup for unit in units), blanks)
    return Piece(made, tall, 0)
