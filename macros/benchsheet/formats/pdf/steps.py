"""The steps of a printed sheet: a box an action, blanks for start and stop beside the times planned, pauses across; computes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from ...prose import Paragraph, Rows
from ..outline import timetable
from ..outline.times import Moments
from . import pieces, tables
from .blocks import Item, headed, paragraph, signed
from .pages import Room
from .pieces import MM, Piece
from .typst_text import BLANK, OFF, ON, prose, rich, said

Record = dict[str, Any]
NARROW = 38  # signs of a table that a column holds
LEFT = (26, 46)  # signs of the other columns that leave the broadest one its room, in a column of the sheet and in half its width
_DEFINED = re.compile(rf"{ON}[^{OFF}]+{OFF} = |[^.;:]+: ____ = ")
_GAP = "____"
TOGETHER = 24  # rows of a table that no column cuts
CAP = 70 * MM  # of the broad column of a table that is filled in: a blank stands near what it is for
PAGE = 75  # signs of the other columns of a table that has the width of the page
BLANKS = 10  # units of a step that get a blank each


def steps(record: Record, notes: dict[str, int], room: Room) -> Iterator[Item]:
    """Return the steps under the days on which they begin."""
    moments, shown, items = Moments(record["schedule"], record["steps"]), "", []
    if any(row["start"].startswith("P") for row in record["schedule"]):
        items.append(Item((paragraph(timetable.COUNTED),)))
    for step in record["steps"]:
        day = moments.day(step["number"])
        begins = (pieces.day(said(day)),) if day and day != shown else ()
        shown = day or shown
        found = tuple(piece for part in prose(step["markdown"], notes) for piece in _pieces(part))
        wide = any(isinstance(part, Rows) and _is_wide(part) for part in found)
        head, *rest = _step(step, moments, found, room, wide=wide)
        if wide:
            items.append(Item((*begins, head, *rest), 8, wide))
            continue
        first = 2 if step["hazards"] else 1  # the head, what it warns of, and the first action stay together
        parts = [(*begins, head, *rest[:first]), *((piece,) for piece in rest[first:])]
        items += [Item(part, 5 if part is parts[-1] else 3, group=f"step {step['number']}") for part in parts]
    yield from headed("Steps", items)


def _step(step: Record, moments: Moments, parts: tuple[Paragraph | Rows, ...], room: Room, *, wide: bool) -> Iterator[Piece]:
    number, about = step["number"], []
    if step["hands_on"]["value"]:
        rule = step["hands_on"]["rule"]
        about.append(step["hands_on"]["text"] + (f" ({rule})" if "/" in rule else "") + timetable.paced(moments.pace(number), rule))
    if step["batching"]:
        about.append(step["batching"])
    if step["at"] and not step["wait"]:
        about.append(step["at"]["text"])
    units = [f"{unit} {place}" for unit, times in moments.units(number) for place in range(1, times + 1)]
    many = [said(unit) for unit in units] if 1 < len(units) <= BLANKS else []
    yield pieces.step(said(str(number)), said(step["title"]), said("; ".join(about)), said(moments.hands(number)), many)
    if step["hazards"]:
        met = [f"{signed(hazard)}: {hazard['handling']}." if "codes" in hazard else f"{hazard['handling']}." for hazard in step["hazards"]]
        yield pieces.hazard(said(" ".join(met)))
    for is_table, group in groupby(parts, lambda part: isinstance(part, Rows)):
        found = list(group)
        if is_table and wide and len(found) > 1:
            grids = [_grid(part) for part in found if isinstance(part, Rows)]
            yield from (tables.side(room.width, grids[at : at + 2]) for at in range(0, len(grids), 2))
            continue
        width = room.width if wide else room.column
        yield from (_table(part, width, alone=wide) if isinstance(part, Rows) else _action(part) for part in found)
    if step["wait"]:
        until = [timetable.waited(step["wait"], started=moments.started) + (f" at {step['at']['text']}" if step["at"] else ""), moments.wait(number)]
        yield pieces.waiting(said("then"), said(", ".join(filter(None, until))))
    if step["pause_point"]:
        yield pieces.pause(said(f"{step['pause_point']}."))


def _action(part: Paragraph) -> Piece:
    if part.kind == "caption":
        return pieces.paragraph(rich(part.text))
    if part.kind == "remark" or _DEFINED.match(part.text):
        return pieces.defined(rich(part.text), part.depth * 7)
    return pieces.action(rich(part.text), said(part.mark if part.mark != "-" else ""), part.depth * 7)


def _pieces(part: Paragraph | Rows) -> Iterator[Paragraph | Rows]:
    """Return a long table that a column holds as several, so that it goes on in the next column."""
    if isinstance(part, Paragraph) or _is_wide(part) or len(part.rows) <= TOGETHER * 3 // 2:
        yield part
        return
    for begin in range(0, len(part.rows), TOGETHER):
        yield Rows(part.head, part.rows[begin : begin + TOGETHER], part.align)


def _is_wide(table: Rows) -> bool:
    return sum(max(len(cells[column]) for cells in (table.head, *table.rows)) + 1 for column in range(len(table.head))) > NARROW


def _table(table: Rows, width: float, *, alone: bool) -> Piece:
    """Return a table of a step, a box before each row but a total; the column of most words takes what the others leave.

    *alone* it has the width of the page.
    """
    filled = any(_GAP in cell for cells in table.rows for cell in cells)
    align, head, rows, broad, bare = _grid(table)
    bodies = _bodies(table)
    if sum(bodies) - bodies[broad] > (LEFT[_is_wide(table)] if not (filled and alone) else PAGE):
        columns = tables.shared(width, [min(body, 40) + 4 for body in bodies])
        return tables.ticked(columns, align, head, rows, bare)
    return tables.fitted(width, align, head, rows, broad, CAP if filled else 0, bare)


def _grid(table: Rows) -> tables.Grid:
    """Return the sides, the head and the rows of a table, its column of most words, and which rows have no box."""
    bodies = _bodies(table)
    broad = max(range(len(bodies)), key=lambda column: bodies[column])
    bare = [place for place, cells in enumerate(table.rows) if cells[0].startswith(ON)]
    return table.align, [rich(cell) for cell in table.head], [[rich(cell) for cell in cells] for cells in table.rows], broad, bare


def _bodies(table: Rows) -> list[int]:
    return [max((_length(cells[column]) for cells in table.rows), default=1) for column in range(len(table.head))]


def _length(cell: str) -> int:
    return len(cell.strip(ON + OFF)) + (BLANK - len(_GAP)) * cell.count(_GAP)
