"""A plate and a single well as drawings: how strong each well is stained, and where the cells of a well lie."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from itertools import islice
from xml.etree import ElementTree as ET

from ..errors import ProtocolError
from ..formats.svg import add_rect, format_coordinate
from ..yamltree import YamlMap
from .membrane_svg import HEIGHT, WIDTH
from .picture_values import read_mappings, read_number, read_numbers, read_points, scatter

DYE, PLASTIC, EDGE = "#b0185c", "#fdf7fa", "#3c3c3c"
PLATE_KEYS = ("rows", "columns", "dark", "rim", "across", "scatter", "wells")
WELL_KEYS = ("cells", "lie", "dye", "bare", "bubbles", "crystals")
_RANGE = re.compile(r"([A-P])(\d{1,2})(?::([A-P])(\d{1,2}))?")
_CELL_COUNT = 120

# How cells may lie: from two numbers from 0 to 1 to a place in a circle of radius 1.
LIE: dict[str, Callable[[float, float], tuple[float, float]]] = {
    "even": lambda u, v: _around(math.sqrt(u), v),
    "ring": lambda u, v: _around(0.72 + 0.22 * u, v),
    "swirl": lambda u, v: _around(0.15 + 0.8 * u, 1.1 * u + 0.14 * v),
    "clumps": lambda u, v: _add(_around(0.62 * math.sqrt(int(7 * u) / 6), int(7 * u) * 0.382), _around(0.16 * (7 * u % 1), v)),
    "sheet": lambda u, v: (-0.55 - 0.3 * math.sqrt(1 - (1.5 * v - 0.75) ** 2) * u, 1.5 * v - 0.75),
}


def _around(radius: float, turn: float) -> tuple[float, float]:
    return radius * math.cos(2 * math.pi * turn), radius * math.sin(2 * math.pi * turn)


def _add(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    return one[0] + other[0], one[1] + other[1]


def draw_plate(root: ET.Element, tree: YamlMap) -> None:
    """Draw the plate that *tree* declares into *root*: all wells ``dark`` alike, then ``rim``, ``across``, ``wells`` and ``scatter``."""
    tree.check_keys(PLATE_KEYS, "a plate")
    rows, columns = int(read_number(tree, "rows", 2, 16, 8)), int(read_number(tree, "columns", 2, 24, 12))
    base = read_number(tree, "dark", 0, 1, 0.6)
    shades = {(row, column): base for row in range(rows) for column in range(columns)}
    if across := read_numbers(tree, "across", 0, 1):
        shades = {place: across[0] + (across[-1] - across[0]) * place[1] / (columns - 1) for place in shades}
    if "rim" in tree:
        rim = read_number(tree, "rim", 0, 1)
        shades |= {place: rim for place in shades if place[0] in (0, rows - 1) or place[1] in (0, columns - 1)}
    for entry in read_mappings(tree, "wells"):
        entry.check_keys(("in", "dark"), "some wells", required=("in", "dark"))
        dark = read_number(entry, "dark", 0, 1)
        shades |= {place: dark for word in entry.word_list("in") for place in _wells(word, entry) if place in shades}
    spread = read_number(tree, "scatter", 0, 0.5)
    size = min((WIDTH - 6) / columns, (HEIGHT - 6) / rows)
    left, top = (WIDTH - size * columns) / 2, (HEIGHT - size * rows) / 2
    add_rect(root, (left - 2.5, top - 2.5, size * columns + 5, size * rows + 5), {"fill": PLASTIC, "stroke": EDGE, "rx": "3"})
    for (place, dark), (_, chance) in zip(shades.items(), scatter(), strict=False):
        shade = min(1.0, max(0.0, dark + spread * (2 * chance - 1)))
        centre = {"cx": f"{left + size * (place[1] + 0.5):.4g}", "cy": f"{top + size * (place[0] + 0.5):.4g}", "r": f"{0.42 * size:.3g}"}
        ET.SubElement(root, "circle", {**centre, "fill": DYE, "fill-opacity": format_coordinate(shade), "stroke": EDGE, "stroke-width": "0.4"})


def _wells(word: str, entry: YamlMap) -> Iterator[tuple[int, int]]:
    match = _RANGE.fullmatch(word)
    if not match:
        raise ProtocolError(f"{str(word)!r} is not a well or a block of wells", "write A1, or A1:A12").at(entry.file, entry.lines["in"])
    first, last = (match[1], match[2]), (match[3] or match[1], match[4] or match[2])
    for row in range(ord(first[0]), ord(last[0]) + 1):
        for column in range(int(first[1]), int(last[1]) + 1):
            yield row - ord("A"), column - 1


def draw_well(root: ET.Element, tree: YamlMap) -> None:
    """Draw the well that *tree* declares into *root*, seen from above: ``cells`` as a share, how they ``lie``, ``dye``, ``bare`` spots."""
    tree.check_keys(WELL_KEYS, "a well")
    lie = tree.text("lie", "even")
    if lie not in LIE:
        raise ProtocolError(f"cells cannot lie {lie!r}", f"one of {', '.join(LIE)}").at(tree.file, tree.lines["lie"])
    centre_x, centre_y, radius = WIDTH / 2, HEIGHT / 2, HEIGHT / 2 - 3
    around = {"cx": f"{centre_x:g}", "cy": f"{centre_y:g}", "r": f"{radius:g}"}
    ET.SubElement(root, "circle", {**around, "fill": PLASTIC})
    if dye := read_number(tree, "dye", 0, 1):
        ET.SubElement(root, "circle", {**around, "fill": DYE, "fill-opacity": format_coordinate(dye)})
    bare = [(2 * x - 1, 2 * y - 1, 2 * size) for x, y, size in read_points(tree, "bare", 3)]
    for u, v in islice(scatter(), int(_CELL_COUNT * read_number(tree, "cells", 0, 2, 1))):
        x, y = LIE[lie](u, v)
        if all(math.hypot(x - left, y - top) > size for left, top, size in bare):
            place = {"cx": f"{centre_x + 0.93 * radius * x:.4g}", "cy": f"{centre_y + 0.93 * radius * y:.4g}"}
            ET.SubElement(root, "circle", {**place, "r": "2", "fill": DYE, "fill-opacity": "0.8"})
    for x, y in islice(scatter(), 40, 40 + int(read_number(tree, "bubbles", 0, 20))):
        left, top = _around(0.75 * math.sqrt(x), y)
        place = {"cx": f"{centre_x + radius * left:.4g}", "cy": f"{centre_y + radius * top:.4g}", "r": f"{4 + 5 * x:.3g}"}
        ET.SubElement(root, "circle", {**place, "fill": PLASTIC, "fill-opacity": "0.7", "stroke": EDGE})
    for x, y in islice(scatter(), 80, 80 + int(read_number(tree, "crystals", 0, 40))):
        left, top = _around(0.85 * math.sqrt(x), y)
        at_x, at_y = centre_x + radius * left, centre_y + radius * top
        ET.SubElement(root, "path", {"d": f"M{at_x - 3:.4g},{at_y - 2:.4g}l6,4m-4,1l3,-6", "fill": "none", "stroke": EDGE})
    ET.SubElement(root, "circle", {**around, "fill": "none", "stroke": EDGE, "stroke-width": "1.5"})
