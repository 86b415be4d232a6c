"""The plate maps and gel lanes of a printed sheet, to pipette by: each well shows its role and its dose, in greys alone.

A well whose role does not say which one it is shows its mark too: one of twelve samples its number.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from ...record import Record
from ..outline.sections import has_lanes, map_title, plate_legend, well_text
from . import tables
from .blocks import Item, with_heading
from .pages import PageRoom
from .pieces import Piece
from .typst_text import TypstText, typst_call, typst_text

_MOST_TEXT_COLUMNS = 12  # most columns of a plate whose wells have room for text
_MOST_WELL_CHARS = 10  # the text of a well has fewer characters
_LANES_PER_LINE = 10
_SMALL_COLUMNS = 4  # most columns of a plate whose map fits into a column of the sheet


def small_plate_items(record: Record, room: PageRoom) -> Iterator[Item]:
    """Yield a map of each plate that fits into a column."""
    maps = [Item(pieces=(_map_piece(plate, map_title(plate, record), room.column_width),), gap=6) for plate in record["plates"] if _is_small(plate)]
    yield from with_heading("Plate maps", maps)


def plate_items(record: Record, room: PageRoom) -> Iterator[Item]:
    """Yield a map of each larger plate, and the lanes of the gels."""
    large = [plate for plate in record["plates"] if not has_lanes(plate) and not _is_small(plate)]
    maps = ([_map_piece(plate, map_title(plate, record), room.width)] for plate in large)
    for title, groups in (("Plate maps", maps), ("Lane maps", _lane_pieces(record, room.width))):
        yield from with_heading(title, [Item(pieces=tuple(group), gap=6, is_wide=True) for group in groups])


def _is_small(plate: Record) -> bool:
    return bool(not has_lanes(plate) and plate["columns"] <= _SMALL_COLUMNS)


def _map_piece(plate: Record, title: str, width: float) -> Piece:
    wells, columns = plate["wells"], plate["columns"]
    letters = map(chr, range(65, 65 + plate["rows"]))
    marks_of_role: dict[str, set[str]] = {}
    for well in wells.values():
        marks_of_role.setdefault(well["role"], set()).add(well["mark"])
    shared_roles = {role for role, marks in marks_of_role.items() if len(marks) > 1}
    rows = [
        (typst_text(row), [_well_cell(wells.get(f"{row}{column}"), columns, shared_roles) for column in range(1, columns + 1)]) for row in letters
    ]
    without_text = [well for well in wells.values() if not _has_room(well, columns)]
    return tables.plate_table(width, typst_text(title), rows, typst_text(plate_legend(without_text) if without_text else ""))


def _well_cell(well: Record | None, columns: int, shared_roles: Container[str]) -> tables.WellCell:
    """Return the markup of a well, and the runs of each of its lines; of *shared_roles* the mark says which one it is."""
    if well is None:
        return "[]", ()
    shade = "none" if well["dose"] else "luma(86%)" if well["mark"] == "." else "luma(94%)"
    if not _has_room(well, columns):
        return _text_cell(typst_text(well["mark"]), shade, dark=True)
    if well["dose"] or well["role"] in shared_roles:
        mark, dose = typst_text(well["mark"]), typst_text(well["dose"]["text"] if well["dose"] else well["role"], 10)
        return typst_call("well", f"{{strong({mark.markup}); linebreak(); {dose.markup}}}", shade, "false"), (mark.bold_runs(), dose.runs)
    rest = well["mark"] == "."
    return _text_cell(typst_text(f". {well['role']}" if rest else well["role"], 10), shade, dark=not rest)


def _text_cell(words: TypstText, shade: str, *, dark: bool) -> tables.WellCell:
    return typst_call("well", words.markup, shade, str(dark).lower()), (words.bold_runs() if dark else words.runs,)


def _has_room(well: Record, columns: int) -> bool:
    """Return whether a well has room for its role and its dose."""
    dose = well["dose"]["text"] if well["dose"] else ""
    return columns <= _MOST_TEXT_COLUMNS and max(len(well["role"]), len(dose)) < _MOST_WELL_CHARS


def _lane_pieces(record: Record, width: float) -> Iterator[list[Piece]]:
    """Yield the lanes of the gels, by labware: gels with the same lanes in one table, a long gel in several lines."""
    alike: dict[tuple[str, tuple[int, ...]], list[tuple[TypstText, list[TypstText]]]] = {}
    for plate in record["plates"]:
        if not has_lanes(plate):
            continue
        lanes = [column for column in range(1, plate["columns"] + 1) if f"A{column}" in plate["wells"]]
        lines = -(-len(lanes) // _LANES_PER_LINE) or 1
        each = -(-len(lanes) // lines) or 1
        for begin in range(0, len(lanes), each):
            chunk = lanes[begin : begin + each]
            holds = [typst_text(well_text(plate["wells"][f"A{lane}"]), 10) for lane in chunk]
            alike.setdefault((plate["labware"], tuple(chunk)), []).append((typst_text(", ".join(plate["names"])), holds))
    tables_by_labware: dict[str, list[Piece]] = {}
    for (labware, numbers), gels in alike.items():
        table = tables.lane_table(width, typst_text(labware), [typst_text(str(lane)) for lane in numbers], gels)
        tables_by_labware.setdefault(labware, []).append(table)
    yield from tables_by_labware.values()
