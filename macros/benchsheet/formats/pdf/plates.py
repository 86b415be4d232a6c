"""The plate maps of a printed sheet, to pipette by: each well says its role and its dose; in grey as in colour; computes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..outline.maps import held, titled
from . import tables
from .blocks import Item, headed
from .pages import Room
from .pieces import Piece
from .typst_text import Words, call, said

Record = dict[str, Any]
_WIDE = 12  # columns that leave room for words in a well
_WORD = 10  # signs that a well holds
_LANES = 10  # lanes in a line
_SMALL = 4  # columns of a plate whose map a column of the sheet holds


def small_plates(record: Record, room: Room) -> Iterator[Item]:
    """Return a map of each plate that a column holds."""
    maps = [Item((_map(plate, titled(plate, record), room.column),), 6) for plate in record["plates"] if _is_small(plate)]
    yield from headed("Plate maps", maps)


def plates(record: Record, room: Room) -> Iterator[Item]:
    """Return a map of each larger layout, and the lanes of the gels."""
    large = [plate for plate in record["plates"] if plate["rows"] > 1 and not _is_small(plate)]
    yield from headed("Plate maps", [Item((_map(plate, titled(plate, record), room.width),), 6, wide=True) for plate in large])
    yield from headed("Lane maps", [Item(tuple(mine), 6, wide=True) for mine in _lanes(record, room.width)])


def _is_small(plate: Record) -> bool:
    return bool(plate["rows"] > 1 and plate["columns"] <= _SMALL)


def _map(plate: Record, title: str, width: float) -> Piece:
    legend = {well["mark"]: well for well in plate["wells"].values()}
    rows = []
    for place in range(plate["rows"]):
        letter = chr(65 + place)
        rows.append((said(letter), [_well(plate["wells"].get(f"{letter}{column}"), plate["columns"]) for column in range(1, plate["columns"] + 1)]))
    legend = {mark: well for mark, well in legend.items() if not _is_said(well, plate["columns"])}
    told = "; ".join(f"{mark} {held(well)}" for mark, well in legend.items()) + "." if legend else ""
    return tables.plate(width, said(title), rows, said(told))


def _well(well: Record | None, columns: int) -> tables.Well:
    """Return the cell of a well, and the lines in it."""
    if well is None:
        return "[]", ()
    shade = "none" if well["dose"] else "luma(86%)" if well["mark"] == "." else "luma(94%)"
    if not _is_said(well, columns):
        return _cell(said(well["mark"]), shade, dark=True)
    if well["dose"]:
        mark, dose = said(well["mark"]), said(well["dose"]["text"], 10)
        return call("well", f"{{strong({mark.markup}); linebreak(); {dose.markup}}}", shade, "false"), (mark.bold(), dose.runs)
    rest = well["mark"] == "."
    return _cell(said(f". {well['role']}" if rest else well["role"], 10), shade, dark=not rest)


def _cell(words: Words, shade: str, *, dark: bool) -> tables.Well:
    return call("well", words.markup, shade, str(dark).lower()), (words.bold() if dark else words.runs,)


def _is_said(well: Record, columns: int) -> bool:
    """Return whether a well has room for its role or dose."""
    return columns <= _WIDE and len(well["role"]) < _WORD and len(well["dose"]["text"] if well["dose"] else "") < _WORD


def _lanes(record: Record, width: float) -> Iterator[list[Piece]]:
    """Return the lanes of the gels: those that are loaded alike in one table, under one another; a long gel in several lines."""
    alike: dict[tuple[str, tuple[int, ...]], list[tuple[Words, list[Words]]]] = {}
    for plate in record["plates"]:
        if plate["rows"] > 1:
            continue
        lanes = [column for column in range(1, plate["columns"] + 1) if f"A{column}" in plate["wells"]]
        lines = -(-len(lanes) // _LANES) or 1
        each = -(-len(lanes) // lines) or 1
        for begin in range(0, len(lanes), each):
            chunk = lanes[begin : begin + each]
            holds = [said(held(plate["wells"][f"A{lane}"]), 10) for lane in chunk]
            alike.setdefault((plate["labware"], tuple(chunk)), []).append((said(", ".join(plate["names"])), holds))
    made: dict[str, list[Piece]] = {}  # those of one kind stay together
    for (labware, numbers), gels in alike.items():
        table = tables.lanes(width, said(labware), [said(str(lane)) for lane in numbers], gels)
        made.setdefault(labware, []).append(table)
    yield from made.values()
