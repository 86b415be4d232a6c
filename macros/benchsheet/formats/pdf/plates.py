"""The plate maps and gel lanes of a printed sheet, to pipette by: each well shows its role and its dose, in greys alone.

A well whose role does not say which one it is shows its mark too: one of twelve samples its number.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import TYPE_CHECKING

from ..outline.entries import Block, GelBlock, PlateBlock
from ..outline.wells import dose_text, name_wells, plate_legend
from . import tables
from .blocks import Item
from .pages import PageRoom
from .pieces import Piece
from .typst_text import TypstText, typst_call, typst_text

if TYPE_CHECKING:
    from ...record.material_types import PlateGroup

_MOST_TEXT_COLUMNS = 12  # most columns of a plate whose wells have room for text
_MOST_WELL_CHARS = 10  # the text of a well has fewer characters
_LANES_PER_LINE = 10
_SMALL_COLUMNS = 4  # most columns of a plate whose map fits into a column of the sheet


def plate_items(blocks: Sequence[Block], room: PageRoom) -> tuple[list[Item], list[Item]]:
    """Return a map of each plate that fits into a column, and of each larger one."""
    small: list[Item] = []
    large: list[Item] = []
    for block in blocks:
        if isinstance(block, PlateBlock):
            is_small = block.columns <= _SMALL_COLUMNS
            piece = _map_piece(block, room.column_width if is_small else room.width)
            (small if is_small else large).append(Item(pieces=(piece,), gap=6, is_wide=not is_small))
    return small, large


def _map_piece(plate: PlateBlock, width: float) -> Piece:
    wells, columns = plate.wells, plate.columns
    marks_of_role: dict[str, set[str]] = {}
    for well in wells.values():
        marks_of_role.setdefault(well["role"], set()).add(well["mark"])
    shared_roles = {role for role, marks in marks_of_role.items() if len(marks) > 1}
    rows = [
        (typst_text(letter), [_well_cell(wells.get(name), columns, shared_roles) for name in names])
        for letter, names in name_wells(plate.rows, columns)
    ]
    without_text = [well for well in wells.values() if not _has_room(well, columns)]
    return tables.plate_table(width, typst_text(plate.title), rows, typst_text(plate_legend(without_text) if without_text else ""))


def _well_cell(well: PlateGroup | None, columns: int, shared_roles: Container[str]) -> tables.WellCell:
    """Return the markup of a well, and the runs of each of its lines; of *shared_roles* the mark says which one it is."""
    if well is None:
        return "[]", ()
    shade = "none" if well["doses"] else "luma(86%)" if well["unused"] else "luma(94%)"
    if not _has_room(well, columns):
        return _text_cell(typst_text(well["mark"]), shade, dark=True)
    if well["doses"] or well["role"] in shared_roles:
        mark, dose = typst_text(well["mark"]), typst_text(dose_text(well) or well["role"], 10)
        return typst_call("well", f"{{strong({mark.markup}); linebreak(); {dose.markup}}}", shade, "false"), (mark.bold_runs(), dose.runs)
    rest = well["unused"]
    return _text_cell(typst_text(f". {well['role']}" if rest else well["role"], 10), shade, dark=not rest)


def _text_cell(words: TypstText, shade: str, *, dark: bool) -> tables.WellCell:
    return typst_call("well", words.markup, shade, str(dark).lower()), (words.bold_runs() if dark else words.runs,)


def _has_room(well: PlateGroup, columns: int) -> bool:
    """Return whether a well has room for its role and its dose."""
    dose = dose_text(well)
    return columns <= _MOST_TEXT_COLUMNS and max(len(well["role"]), len(dose)) < _MOST_WELL_CHARS


def lane_items(blocks: Sequence[Block], width: float) -> Iterator[Item]:
    """Yield the lanes of the gels, by labware: gels with the same lanes in one table, a long gel in several lines."""
    alike: dict[tuple[str, tuple[int, ...]], list[tuple[TypstText, list[TypstText]]]] = {}
    for gel in blocks:
        if not isinstance(gel, GelBlock):
            continue
        lines = -(-len(gel.lanes) // _LANES_PER_LINE) or 1
        each = -(-len(gel.lanes) // lines) or 1
        for begin in range(0, len(gel.lanes), each):
            chunk = gel.lanes[begin : begin + each]
            holds = [typst_text(lane.words, 10) for lane in chunk]
            alike.setdefault((gel.labware, tuple(lane.number for lane in chunk)), []).append((typst_text(", ".join(gel.names)), holds))
    tables_by_labware: dict[str, list[Piece]] = {}
    for (labware, numbers), gels in alike.items():
        table = tables.lane_table(width, typst_text(labware), [typst_text(str(lane)) for lane in numbers], gels)
        tables_by_labware.setdefault(labware, []).append(table)
    yield from (Item(pieces=tuple(group), gap=6, is_wide=True) for group in tables_by_labware.values())
