"""The plates and gels of a sheet for a browser: a table for each map, with the dose in each well that has room for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..outline.entries import GelBlock, PlateBlock
from ..outline.wells import dose_text, name_wells, plate_legend, well_text
from .widgets import checkbox, escape_html, html_table, html_text, quote_attribute, screen_reader_text

if TYPE_CHECKING:
    from ...record.material_types import PlateGroup

MOST_CHARS = {6: 20, 12: 10}  # letters that fit into a well of a plate with up to so many columns


def plate_html(block: PlateBlock) -> str:
    """Return the map of a plate, and a legend unless its wells show all that it says."""
    size = "large" if block.columns > 6 and block.rows > 1 else "small"
    heads = "".join(f'<th scope="col">{column}</th>' for column in range(1, block.columns + 1))
    lines = []
    for letter, names in name_wells(block.rows, block.columns):
        wells = [block.wells.get(name) for name in names]
        empty = ' class="empty"' if all(well is None or well["unused"] for well in wells) else ""
        lines.append(f'<tr{empty}><th scope="row">{letter}</th>{"".join(_well_html(well, block.columns) for well in wells)}</tr>')
    name = quote_attribute(f"map of {', '.join(block.names[:3])}")
    body = f'<table class="map"><thead><tr><td></td>{heads}</tr></thead><tbody>{"".join(lines)}</tbody></table>'
    is_complete = all(_fitting_text(well, block.columns) == well_text(well) for well in block.wells.values())
    legend = "" if is_complete else f'<p class="legend">{html_text(plate_legend(block.wells.values()))}</p>'
    inside = f'<div class="wide" tabindex="0" role="group" aria-label={name}>{body}</div>{legend}'
    return f'<section class="plate {size}"><h3>{html_text(block.title)}</h3>{inside}</section>'


def gel_html(block: GelBlock) -> str:
    """Return the lanes of a gel, with a box for each that is loaded."""
    cells = []
    for lane in block.lanes:
        box = "" if lane.well["unused"] else checkbox((*block.path, lane.number), f"lane {lane.number}: {lane.words}")
        cells.append((box, str(lane.number), escape_html(lane.words)))
    inside = html_table((screen_reader_text("done"), "lane", "holds"), cells, "brl", "lanes")
    return f'<section class="plate small"><h3>{html_text(block.title)}</h3>{inside}</section>'


def _well_html(well: PlateGroup | None, columns: int) -> str:
    if well is None:
        return "<td></td>"
    if well["unused"]:
        return f'<td class="rest">{escape_html(well["mark"])}</td>'
    words = _fitting_text(well, columns)
    inside = f"<span>{escape_html(words)}</span>" if words else ""
    return f'<td class="{"dosed" if well["doses"] else "undosed"}"><b>{escape_html(well["mark"])}</b>{inside}</td>'


def _fitting_text(well: PlateGroup, columns: int) -> str:
    """Return the dose of a well, else its role, if it fits into the well; else ""."""
    most = next((letters for most, letters in MOST_CHARS.items() if columns <= most), 0)
    words = dose_text(well) or well["role"]
    return words if len(words) <= most or (well["doses"] and most) else ""
