"""The plate maps of a printed sheet, to pipette by: each well says its role and its dose; in grey as in colour; computes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from ...record import Record
from ..outline.sections import map_title, plate_legend, well_text
from . import tables
from .blocks import Item, with_heading
from .pages import PageRoom
from .pieces import Piece
from .typst_text import TypstText, typst_call, typst_text

_MOST_TEXT_COLUMNS = 12  # columns that leave room for words in a well
_MOST_WELL_CHARS = 10  # signs that a well holds
_LANES_PER_LINE = 10  # lanes in a line
_SMALL_COLUMNS = 4  # columns of a plate whose map a column of the sheet holds


def small_plate_items(record: Record, room: PageRoom) -> Iterator[Item]:
    """Return a map of each plate that a column holds."""
    maps = [Item(pieces=(_map_piece(plate, map_title(plate, record), room.column_width),), gap=6) for plate in record["plates"] if _is_small(plate)]
    yield from with_heading("Plate maps", maps)


def plate_items(record: Record, room: PageRoom) -> Iterator[Item]:
    """Return a map of each larger layout, and the lanes of the gels."""
    large = [plate for plate in record["plates"] if plate["rows"] > 1 and not _is_small(plate)]
    yield from with_heading(
        "Plate maps", [Item(pieces=(_map_piece(plate, map_title(plate, record), room.width),), gap=6, is_wide=True) for plate in large]
    )
    yield from with_heading("Lane maps", [Item(pieces=tuple(mine), gap=6, is_wide=True) for mine in _lane_pieces(record, room.width)])


def _is_small(plate: Record) -> bool:
    return bool(plate["rows"] > 1 and plate["columns"] <= _SMALL_COLUMNS)


def _map_piece(plate: Record, title: str, width: float) -> Piece:
    rows = []
    for place in range(plate["rows"]):
        letter = chr(65 + place)
        rows.append(
            (typst_text(letter), [_well_cell(plate["wells"].get(f"{letter}{column}"), plate["columns"]) for column in range(1, plate["columns"] + 1)])
        )
    untold = [well for well in plate["wells"].values() if not _has_room(well, plate["columns"])]
    legend_text = plate_legend(untold) if untold else ""
    return tables.plate_table(width, typst_text(title), rows, typst_text(legend_text))


def _well_cell(well: Record | None, columns: int) -> tables.WellCell:
    """Return the cell of a well, and the lines in it."""
    if well is None:
        return "[]", ()
    shade = "none" if well["dose"] else "luma(86%)" if well["mark"] == "." else "luma(94%)"
    if not _has_room(well, columns):
        return _text_cell(typst_text(well["mark"]), shade, dark=True)
    if well["dose"]:
        mark, dose = typst_text(well["mark"]), typst_text(well["dose"]["text"], 10)
        return typst_call("well", f"{{strong({mark.markup}); linebreak(); {dose.markup}}}", shade, "false"), (mark.bold_runs(), dose.runs)
    rest = well["mark"] == "."
    return _text_cell(typst_text(f". {well['role']}" if rest else well["role"], 10), shade, dark=not rest)


def _text_cell(words: TypstText, shade: str, *, dark: bool) -> tables.WellCell:
    return typst_call("well", words.markup, shade, str(dark).lower()), (words.bold_runs() if dark else words.runs,)


def _has_room(well: Record, columns: int) -> bool:
    """Return whether a well has room for its role or dose."""
    return (
        columns <= _MOST_TEXT_COLUMNS
        and len(well["role"]) < _MOST_WELL_CHARS
        and len(well["dose"]["text"] if well["dose"] else "") < _MOST_WELL_CHARS
    )


def _lane_pieces(record: Record, width: float) -> Iterator[list[Piece]]:
    """Return the lanes of the gels: those that are loaded alike in one table, under one another; a long gel in several lines."""
    alike: dict[tuple[str, tuple[int, ...]], list[tuple[TypstText, list[TypstText]]]] = {}
    for plate in record["plates"]:
        if plate["rows"] > 1:
            continue
        lanes = [column for column in range(1, plate["columns"] + 1) if f"A{column}" in plate["wells"]]
        lines = -(-len(lanes) // _LANES_PER_LINE) or 1
        each = -(-len(lanes) // lines) or 1
        for begin in range(0, len(lanes), each):
            chunk = lanes[begin : begin + each]
            holds = [typst_text(well_text(plate["wells"][f"A{lane}"]), 10) for lane in chunk]
            alike.setdefault((plate["labware"], tuple(chunk)), []).append((typst_text(", ".join(plate["names"])), holds))
    tables_by_labware: dict[str, list[Piece]] = {}  # those of one kind stay together
    for (labware, numbers), gels in alike.items():
        table = tables.lane_table(width, typst_text(labware), [typst_text(str(lane)) for lane in numbers], gels)
        tables_by_labware.setdefault(labware, []).append(table)
    yield from tables_by_labware.values()
