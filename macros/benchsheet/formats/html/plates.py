"""Plate maps for a browser: each well says what it holds, in words and doses that need no colour; lanes have boxes to tick.

Refuses nothing: where a plate has more columns than words fit into, a well holds its mark alone, and the legend says the rest.
"""

from __future__ import annotations

from typing import Any

from ..outline.blocks import Block, Paragraph, PlateMap, Table
from ..outline.maps import well_text
from .widgets import checkbox, escape_html, group_by_heading, heading_html, html_table, html_text, quote_attribute, screen_reader_text

EMPTY_LANE = "empty"  # what a lane holds that takes no sample: nothing to tick
MOST_CHARS = {6: 20, 12: 10}  # columns, and the letters of a role that fit into one of so many


def plates_html(record: dict[str, Any], blocks: list[Block], *, lanes: bool = False) -> str:
    """Return the maps of all plates, or of all gels by their *lanes*, in the order of the Record."""
    maps = []
    mine = [plate for plate in record["plates"] if (plate["rows"] == 1) == lanes]
    for plate, (title, *rest) in zip(mine, group_by_heading(blocks), strict=True):
        many = "large" if plate["columns"] > 6 and plate["rows"] > 1 else "small"
        is_complete = all(
            _fitting_text(well, plate["columns"]) == well_text(well) for well in plate["wells"].values()
        )  # each well says all that the legend would
        inside = "".join(_block_html(block, plate) for block in rest if not (is_complete and isinstance(block, Paragraph)))
        maps.append(f'<section class="plate {many}"><h3>{heading_html(title)}</h3>{inside}</section>')
    return f'<div class="plates">{"".join(maps)}</div>'


def _block_html(block: Block, plate: dict[str, Any]) -> str:
    match block:
        case PlateMap():
            return _map_html(block, plate)
        case Table(head, rows, align):
            at = ("plates", plate["layout"])
            cells = (
                ("" if row[1] == EMPTY_LANE else checkbox((*at, row[0]), f"{head[0]} {row[0]}: {row[1]}"), *map(escape_html, row)) for row in rows
            )
            return html_table((screen_reader_text("done"), *map(escape_html, head)), cells, f"b{align}", "lanes")
        case Paragraph(text):
            return f'<p class="legend">{html_text(text)}</p>'
    return ""


def _map_html(block: PlateMap, plate: dict[str, Any]) -> str:
    heads = "".join(f'<th scope="col">{column}</th>' for column in range(1, block.columns + 1))
    lines = []
    for letter, marks in block.rows:
        cells = "".join(_well_html(mark, plate["wells"].get(f"{letter}{column}"), block.columns) for column, mark in enumerate(marks, 1))
        empty = ' class="empty"' if set(marks) <= {".", ""} else ""
        lines.append(f'<tr{empty}><th scope="row">{letter}</th>{cells}</tr>')
    name = quote_attribute(f"map of {', '.join(plate['names'][:3])}")
    body = f'<table class="map"><thead><tr><td></td>{heads}</tr></thead><tbody>{"".join(lines)}</tbody></table>'
    return f'<div class="wide" tabindex="0" role="group" aria-label={name}>{body}</div>'


def _well_html(mark: str, well: dict[str, Any] | None, columns: int) -> str:
    if well is None:
        return "<td></td>"
    if mark == ".":
        return f'<td class="rest">{escape_html(mark)}</td>'
    words = _fitting_text(well, columns)
    inside = f"<span>{escape_html(words)}</span>" if words else ""
    return f'<td class="{"dosed" if well["dose"] else "undosed"}"><b>{escape_html(mark)}</b>{inside}</td>'


def _fitting_text(well: dict[str, Any], columns: int) -> str:
    """Return the words that fit into a well: its dose, else its role."""
    most = next((letters for most, letters in MOST_CHARS.items() if columns <= most), 0)
    words: str = well["dose"]["text"] if well["dose"] else well["role"]
    return words if len(words) <= most or (well["dose"] and most) else ""
