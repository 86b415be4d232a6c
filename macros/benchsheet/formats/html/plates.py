"""Plate maps for a browser: each well says what it holds, in words and doses that need no colour; lanes have boxes to tick.

Refuses nothing: where a plate has more columns than words fit into, a well holds its mark alone, and the legend says the rest.
"""

from __future__ import annotations

from typing import Any

from ..outline.blocks import Block, Grid, PlateMap, Words
from ..outline.maps import held
from .widgets import attribute, box, by_heading, heading, kept, said, table, unseen

EMPTY = "empty"  # what a lane holds that takes no sample: nothing to tick
LONGEST = {6: 20, 12: 10}  # columns, and the letters of a role that fit into one of so many


def plates(record: dict[str, Any], blocks: list[Block], *, lanes: bool = False) -> str:
    """Return the maps of all plates, or of all gels by their *lanes*, in the order of the Record."""
    maps = []
    mine = [plate for plate in record["plates"] if (plate["rows"] == 1) == lanes]
    for plate, (named, *rest) in zip(mine, by_heading(blocks), strict=True):
        many = "large" if plate["columns"] > 6 and plate["rows"] > 1 else "small"
        told = all(_shown(well, plate["columns"]) == held(well) for well in plate["wells"].values())  # each well says all that the legend would
        inside = "".join(_part(block, plate) for block in rest if not (told and isinstance(block, Words)))
        maps.append(f'<section class="plate {many}"><h3>{heading(named)}</h3>{inside}</section>')
    return f'<div class="plates">{"".join(maps)}</div>'


def _part(block: Block, plate: dict[str, Any]) -> str:
    match block:
        case PlateMap():
            return _map(block, plate)
        case Grid(head, rows, align):
            at = ("plates", plate["layout"])
            cells = (("" if row[1] == EMPTY else box((*at, row[0]), f"{head[0]} {row[0]}: {row[1]}"), *map(said, row)) for row in rows)
            return table((unseen("done"), *map(said, head)), cells, f"b{align}", "lanes")
        case Words(text):
            return f'<p class="legend">{kept(text)}</p>'
    return ""


def _map(block: PlateMap, plate: dict[str, Any]) -> str:
    heads = "".join(f'<th scope="col">{column}</th>' for column in range(1, block.columns + 1))
    lines = []
    for letter, marks in block.rows:
        cells = "".join(_well(mark, plate["wells"].get(f"{letter}{column}"), block.columns) for column, mark in enumerate(marks, 1))
        empty = ' class="empty"' if set(marks) <= {".", ""} else ""
        lines.append(f'<tr{empty}><th scope="row">{letter}</th>{cells}</tr>')
    name = attribute(f"map of {', '.join(plate['names'][:3])}")
    body = f'<table class="map"><thead><tr><td></td>{heads}</tr></thead><tbody>{"".join(lines)}</tbody></table>'
    return f'<div class="wide" tabindex="0" role="group" aria-label={name}>{body}</div>'


def _well(mark: str, well: dict[str, Any] | None, columns: int) -> str:
    if well is None:
        return "<td></td>"
    if mark == ".":
        return f'<td class="rest">{said(mark)}</td>'
    words = _shown(well, columns)
    inside = f"<span>{said(words)}</span>" if words else ""
    return f'<td class="{"dosed" if well["dose"] else "undosed"}"><b>{said(mark)}</b>{inside}</td>'


def _shown(well: dict[str, Any], columns: int) -> str:
    """Return the words that fit into a well: its dose, else its role."""
    most = next((letters for most, letters in LONGEST.items() if columns <= most), 0)
    words: str = well["dose"]["text"] if well["dose"] else well["role"]
    return words if len(words) <= most or (well["dose"] and most) else ""
