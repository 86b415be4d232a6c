"""SVG elements: the root with title and description, text, rectangles, and coordinates with few decimals.

A drawing has the colour of the text around it, so that a dark page and a grey printer show the same.
"""

from __future__ import annotations

import unicodedata
from xml.etree import ElementTree as ET

from ..patterns import compile_when_used

SVG_NAMESPACE = "http://www.w3.org/2000/svg"
DRAWING_LOOK = {"fill": "currentColor", "font-family": "sans-serif"}
OUTLINE = {"fill": "none", "stroke": "currentColor"}  # of a shape that is only its edge
_CONTROL_CHARS = compile_when_used("[\x00-\x08\x0b-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def create_svg(name: str, title: str, description: str, width: float, height: float, look: dict[str, str], *, scales: bool = False) -> ET.Element:
    """Return an empty drawing of *width* and *height* pixels; a screen reader reads *title* and *description*, and *look* applies to all in it.

    *name* has to be unique on a page. A drawing that *scales* is as wide as its container, and a screen reader reads what is in it too.
    """
    sides = {"width": format_coordinate(width), "height": format_coordinate(height)}
    size = {**({} if scales else sides), "viewBox": f"0 0 {' '.join(sides.values())}", "role": "group" if scales else "img"}
    labels = {"aria-labelledby": f"{name}-title", "aria-describedby": f"{name}-desc"}
    root = ET.Element("svg", {"xmlns": SVG_NAMESPACE, **size, **labels, **look})
    ET.SubElement(root, "title", {"id": f"{name}-title"}).text = strip_controls(title)
    ET.SubElement(root, "desc", {"id": f"{name}-desc"}).text = strip_controls(description)
    return root


def format_svg(root: ET.Element) -> str:
    """Return a drawing as text."""
    ET.indent(root, "")
    return ET.tostring(root, "unicode") + "\n"


def add_text(parent: ET.Element, left: float, base: float, words: str, look: dict[str, str]) -> None:
    """Add *words* to *parent*, from *left* on the baseline *base*."""
    ET.SubElement(parent, "text", {"x": format_coordinate(left), "y": format_coordinate(base), **look}).text = strip_controls(words)


def add_rect(parent: ET.Element, place: tuple[float, float, float, float], look: dict[str, str]) -> ET.Element:
    """Add a rectangle to *parent*; *place* is left, top, width, height."""
    sides = dict(zip(("x", "y", "width", "height"), map(format_coordinate, place), strict=True))
    return ET.SubElement(parent, "rect", sides | look)


def format_coordinate(value: float, places: int = 2) -> str:
    """Return a coordinate with at most so many decimal *places*."""
    return f"{round(value, places) + 0.0:.{places}f}".rstrip("0").rstrip(".")


def strip_controls(words: str) -> str:
    """Return *words* with a replacement character for what XML forbids and for Unicode bidirectional controls."""
    return _CONTROL_CHARS.sub("\ufffd", words.replace("\r\n", "\n").replace("\r", "\n"))


def text_columns(words: str) -> int:
    """Return the width of *words* in columns; an East Asian wide character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in words)


def shorten(words: str, room: int) -> str:
    """Return *words* in at most *room* columns, cut with an ellipsis if they are longer."""
    if text_columns(words) <= room:
        return words
    start = words[: max(room - 1, 0)]
    while start and text_columns(start) > room - 1:
        start = start[:-1]
    return f"{start.rstrip()}…"
