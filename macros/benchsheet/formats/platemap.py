"""Plate maps to pipette by, as SVG: each well shows its mark, its role and its dose.

Wells differ without colour: the stronger the dose the darker the well, controls have a thick rim, unused wells a dotted one. All is drawn in the
colour of the text around it, so that a dark page and a grey printer show the same.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from ..errors import ProtocolError
from .outline.wells import dose_text, map_title, well_text
from .svg import DRAWING_LOOK, add_rect, add_text, create_svg, format_coordinate, format_svg, shorten, strip_controls, text_columns

if TYPE_CHECKING:
    from ..record.material_types import Plate, PlateGroup
    from ..record.types import Record

# Lengths in pixels.
CHAR_WIDTH = 6.6  # average width of a letter in small type
SMALL, LARGE = {"font-size": "12"}, {"font-size": "15"}  # so that print has at least 9 points
CENTRED = {"text-anchor": "middle"}
WELL_HEIGHT, TOP_MARGIN, SIDE_MARGIN = 52, 60, 24  # the margins are above and to the left of the wells
LEAST_WELL_WIDTH, MOST_WELL_WIDTH, MOST_MAP_WIDTH = 70, 170, 1200  # a map with many wells may be wider
LEAST_MAP_WIDTH = 440  # for the title and the digest
MAP_GAP = 24  # between maps
RIM_STYLES = {"dose": {"stroke-width": "0.8"}, "control": {"stroke-width": "1.8"}, "unused": {"stroke-width": "0.8", "stroke-dasharray": "1 2"}}


def format_plates(record: Record) -> str:
    """Return one drawing of all layouts, one below the other, each with a title and a description of its own.

    Raises ProtocolError if the run has no plate.
    """
    if not record["plates"]:
        raise ProtocolError("there is no plate in this run", "plate maps are for runs that have plates")
    maps = [_draw_map(record, plate) for plate in record["plates"]]
    if len(maps) == 1:
        return format_svg(maps[0])
    across, height = max(float(each.attrib["width"]) for each in maps), sum(float(each.attrib["height"]) + MAP_GAP for each in maps) - MAP_GAP
    title = f"Plate maps of {record['protocol']['title']}"
    digest = record["identity"]["inputs"]
    root = create_svg(f"plates-{digest}", title, f"{len(maps)} layouts. Sheet {digest}.", across, height, DRAWING_LOOK)
    root.set("role", "group")  # so that a screen reader reads the maps in it
    top = 0.0
    for each in maps:
        del each.attrib["xmlns"]
        each.set("y", format_coordinate(top))
        top += float(each.attrib["height"]) + MAP_GAP
        root.append(each)
    return format_svg(root)


def _draw_map(record: Record, plate: Plate) -> ET.Element:
    """Return the drawing of one layout: title and description, the wells, and below them a legend of the texts that do not fit into a well."""
    legend, digest = plate["groups"].values(), record["identity"]["inputs"]
    dark = _dose_shades(plate)
    longest = max((text_columns(words) for spot in legend for words in _well_lines(spot)), default=0)
    width = max(min(longest * CHAR_WIDTH + 10, MOST_WELL_WIDTH, MOST_MAP_WIDTH / plate["columns"]), LEAST_WELL_WIDTH)
    across = max(SIDE_MARGIN + width * plate["columns"] + 2, LEAST_MAP_WIDTH)
    room = int(across / CHAR_WIDTH)
    too_long = [spot for spot in legend if any(shorten(words, _well_chars(width)) != words for words in _well_lines(spot))]
    legend_lines = [line for spot in too_long for line in textwrap.wrap(_describe_well(spot), room, subsequent_indent="    ")]
    title, name = map_title(plate, record, stands_alone=True), f"plate-{digest}-{record['plates'].index(plate)}"
    height = TOP_MARGIN + WELL_HEIGHT * plate["rows"] + 17 * len(legend_lines) + 8
    places = {group: ", ".join(well for well, other in plate["wells"].items() if other == group) for group in plate["groups"]}
    wells = "; ".join(f"{_describe_well(spot)}: {places[group]}" for group, spot in plate["groups"].items())
    root = create_svg(name, title, f"{wells}. Sheet {digest}.", across, height, DRAWING_LOOK)
    add_text(root, 1, 16, shorten(title, int(across / 9)), LARGE | {"font-weight": "bold"})
    add_text(root, 1, 33, f"Sheet {digest}, {shorten(record['protocol']['title'], room - 26)}", SMALL)
    for column in range(1, plate["columns"] + 1):
        add_text(root, SIDE_MARGIN + width * (column - 0.5), TOP_MARGIN - 6, str(column), SMALL | CENTRED)
    for row in range(plate["rows"]):
        letter, top = chr(65 + row), TOP_MARGIN + WELL_HEIGHT * row
        add_text(root, SIDE_MARGIN / 2, top + WELL_HEIGHT / 2 + 4, letter, SMALL | CENTRED)
        for column in range(1, plate["columns"] + 1):
            name = f"{letter}{column}"
            if name in plate["wells"]:
                group = plate["wells"][name]
                _draw_well(root, name, plate["groups"][group], dark.get(group), (SIDE_MARGIN + width * (column - 1), top, width))
    for number, line in enumerate(legend_lines, 1):
        add_text(root, SIDE_MARGIN, TOP_MARGIN + WELL_HEIGHT * plate["rows"] + 17 * number, line, SMALL | {"xml:space": "preserve"})
    return root


def _dose_shades(plate: Plate) -> dict[str, float]:
    """Return the opacity of each dose's group, in equal steps from the plate's first dose to its last."""
    doses = [group for group, spot in plate["groups"].items() if spot["doses"]]
    return {group: 0.28 - 0.24 * at / max(len(doses) - 1, 1) for at, group in enumerate(doses)}


def _well_lines(spot: PlateGroup) -> list[str]:
    return [spot["role"], *([dose_text(spot)] if spot["doses"] else [])]


def _well_chars(width: float) -> int:
    return int((width - 8) / CHAR_WIDTH)


def _describe_well(spot: PlateGroup) -> str:
    return f"{spot['mark']}  {well_text(spot)}"


def _draw_well(root: ET.Element, name: str, spot: PlateGroup, dark: float | None, place: tuple[float, float, float]) -> None:
    left, top, width = place
    group = ET.SubElement(root, "g", {"data-well": name})
    ET.SubElement(group, "title").text = strip_controls(f"{name}: {well_text(spot)}")
    rim = "dose" if dark is not None else "unused" if spot["unused"] else "control"
    look = {"rx": "6", "fill-opacity": format_coordinate(dark or 0), "stroke": "currentColor", **RIM_STYLES[rim]}
    add_rect(group, (left + 1.5, top + 1.5, width - 3, WELL_HEIGHT - 3), look)
    add_text(group, left + width / 2, top + 18, spot["mark"], LARGE | {"font-weight": "bold"} | CENTRED)
    for at, words in enumerate(_well_lines(spot)):
        add_text(group, left + width / 2, top + 31 + 14 * at, shorten(words, _well_chars(width)), SMALL | CENTRED)
