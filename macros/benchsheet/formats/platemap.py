"""Plate maps to pipette by, as drawings: each well says its mark, its role and its dose; refuses a run without plates.

Told apart without colour: the stronger the dose the darker its well, controls have a thick rim, wells left out a dotted one. All is drawn in the
colour of the words around it, so that a dark page and a grey printer show the same.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from typing import Any
from xml.etree import ElementTree as ET

from ..errors import ProtocolError

SVG = "http://www.w3.org/2000/svg"
LETTER = 6.6  # width of a letter of the small type, on average
SMALL, LARGE = 12, 15  # pixels, so that print has 9 points
HIGH, HEAD, SIDE = 52, 60, 24  # of a well; above the wells; to their left
NARROW, WIDE, ACROSS = 70, 170, 1200  # of a well, as its words need; of all wells, if they can be
LEAST = 440  # width for a title and a digest
GAP = 24  # between maps
RIMS = {"dose": {"stroke-width": "0.8"}, "control": {"stroke-width": "1.8"}, "unused": {"stroke-width": "0.8", "stroke-dasharray": "1 2"}}
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")

Record = dict[str, Any]


def plate_sheet(record: Record) -> str:
    """Return one drawing of all layouts, one below the other, each with a title and a description of its own."""
    if not record["plates"]:
        raise ProtocolError("there is no plate in this run", "plate maps are for runs that have plates")
    maps = [_map(record, plate) for plate in record["plates"]]
    if len(maps) == 1:
        return finished(maps[0])
    across, high = max(float(each.attrib["width"]) for each in maps), sum(float(each.attrib["height"]) + GAP for each in maps) - GAP
    title = f"Plate maps of {record['protocol']['title']}"
    whole = drawing(f"plates-{record['digest']}", title, f"{len(maps)} layouts. Sheet {record['digest']}.", across, high)
    whole.set("role", "group")  # what is in it is read too
    top = 0.0
    for each in maps:
        del each.attrib["xmlns"]
        each.set("y", number(top))
        top += float(each.attrib["height"]) + GAP
        whole.append(each)
    return finished(whole)


def plate_map(record: Record, plate: Record) -> str:
    """Return the drawing of one layout."""
    return finished(_map(record, plate))


def _map(record: Record, plate: Record) -> ET.Element:
    """Return the drawing of one layout: title and description in words, the wells in their places, below them what did not fit into one."""
    legend = _legend(plate)
    dark = _dark(plate)
    longest = max((columns(words) for spot in legend for words in _lines(spot)), default=0)
    wide = max(min(longest * LETTER + 10, WIDE, ACROSS / plate["columns"]), NARROW)
    across = max(SIDE + wide * plate["columns"] + 2, LEAST)
    room = int(across / LETTER)
    cut = [spot for spot in legend if any(shortened(words, _room(wide)) != words for words in _lines(spot))]
    said = [line for spot in cut for line in textwrap.wrap(_meaning(spot), room, subsequent_indent="    ")]
    whose = next((spot["compound"] for spot in legend if spot["compound"]), "")
    names = ", ".join(plate["names"])
    title = f"{plate['labware']}: {names}{f' ({whose})' if whose else ''}"
    high = HEAD + HIGH * plate["rows"] + 17 * len(said) + 8
    wells = "; ".join(f"{_meaning(spot)}: {', '.join(well for well, other in plate['wells'].items() if other == spot)}" for spot in legend)
    root = drawing(f"plate-{record['digest']}-{record['plates'].index(plate)}", title, f"{wells}. Sheet {record['digest']}.", across, high)
    write(root, 1, 16, shortened(title, int(across / 9)), {"font-size": str(LARGE), "font-weight": "bold"})
    write(root, 1, 33, f"Sheet {record['digest']}, {shortened(record['protocol']['title'], room - 26)}", {"font-size": str(SMALL)})
    for column in range(1, plate["columns"] + 1):
        write(root, SIDE + wide * (column - 0.5), HEAD - 6, str(column), {"font-size": str(SMALL), "text-anchor": "middle"})
    for row in range(plate["rows"]):
        letter, top = chr(65 + row), HEAD + HIGH * row
        write(root, SIDE / 2, top + HIGH / 2 + 4, letter, {"font-size": str(SMALL), "text-anchor": "middle"})
        for column in range(1, plate["columns"] + 1):
            name = f"{letter}{column}"
            if name in plate["wells"]:
                spot = plate["wells"][name]
                _well(root, name, spot, dark.get(spot["group"]), (SIDE + wide * (column - 1), top, wide))
    for at, line in enumerate(said):
        write(root, SIDE, HEAD + HIGH * plate["rows"] + 17 * (at + 1), line, {"font-size": str(SMALL), "xml:space": "preserve"})
    return root


def _legend(plate: Record) -> list[Record]:
    """Return what differs among the wells, in the order in which it is met."""
    found: list[Record] = []
    for spot in plate["wells"].values():
        if spot not in found:
            found.append(spot)
    return found


def _dark(plate: Record) -> dict[str, float]:
    """Return how dark each dose is: in the order of the plate's own doses, so that equal steps look equal."""
    doses = list(dict.fromkeys(spot["group"] for spot in plate["wells"].values() if spot["dose"]))
    return {group: 0.28 - 0.24 * at / max(len(doses) - 1, 1) for at, group in enumerate(doses)}


def _lines(spot: Record) -> list[str]:
    return [spot["role"], *([spot["dose"]["text"]] if spot["dose"] else [])]


def _room(wide: float) -> int:
    return int((wide - 8) / LETTER)


def _meaning(spot: Record) -> str:
    return f"{spot['mark']}  {' '.join(_lines(spot))}"


def _well(root: ET.Element, name: str, spot: Record, dark: float | None, place: tuple[float, float, float]) -> None:
    left, top, wide = place
    group = ET.SubElement(root, "g", {"data-well": name})
    ET.SubElement(group, "title").text = plain(f"{name}: {' '.join(_lines(spot))}")
    rim = "dose" if dark is not None else "unused" if spot["mark"] == "." else "control"
    look = {"rx": "6", "fill-opacity": number(dark or 0), "stroke": "currentColor", **RIMS[rim]}
    box(group, (left + 1.5, top + 1.5, wide - 3, HIGH - 3), look)
    centred = {"text-anchor": "middle"}
    write(group, left + wide / 2, top + 18, spot["mark"], {"font-size": str(LARGE), "font-weight": "bold", **centred})
    for at, words in enumerate(_lines(spot)):
        write(group, left + wide / 2, top + 31 + 14 * at, shortened(words, _room(wide)), {"font-size": str(SMALL), **centred})


# --- drawing -----------------------------------------------------------------------------------------------------------------


def drawing(name: str, title: str, description: str, wide: float, high: float) -> ET.Element:
    """Return an empty drawing; *name* is its own on a page, *title* and *description* are what a screen reader says."""
    size = {"width": number(wide), "height": number(high), "viewBox": f"0 0 {number(wide)} {number(high)}"}
    root = ET.Element("svg", {"xmlns": SVG, **size, "role": "img"})
    root.attrib |= {"aria-labelledby": f"{name}-title", "aria-describedby": f"{name}-desc", "fill": "currentColor", "font-family": "sans-serif"}
    ET.SubElement(root, "title", {"id": f"{name}-title"}).text = plain(title)
    ET.SubElement(root, "desc", {"id": f"{name}-desc"}).text = plain(description)
    return root


def finished(root: ET.Element) -> str:
    """Return a drawing as text."""
    ET.indent(root, "")
    return ET.tostring(root, "unicode") + "\n"


def write(parent: ET.Element, left: float, base: float, words: str, look: dict[str, str]) -> None:
    """Write *words* on their base line."""
    ET.SubElement(parent, "text", {"x": number(left), "y": number(base), **look}).text = plain(words)


def box(parent: ET.Element, place: tuple[float, float, float, float], look: dict[str, str]) -> ET.Element:
    """Draw a box: left, top, width, height."""
    sides = dict(zip(("x", "y", "width", "height"), map(number, place), strict=True))
    return ET.SubElement(parent, "rect", sides | look)


def number(value: float) -> str:
    """Return a coordinate, to a hundredth."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def plain(words: str) -> str:
    """Return *words* without the signs that no drawing may hold, and those that would turn the words after them round."""
    return _CONTROLS.sub("\ufffd", words.replace("\r\n", "\n").replace("\r", "\n"))


def columns(words: str) -> int:
    """Return how many letters *words* are as wide as."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in words)


def shortened(words: str, room: int) -> str:
    """Return *words*, or as much of them as there is room for, and an ellipsis."""
    if columns(words) <= room:
        return words
    kept = words[: max(room - 1, 0)]
    while kept and columns(kept) > room - 1:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"
