"""A scenario's tree drawn: three columns of boxes and the lines between them, in an SVG that takes its colours from the page.

Refuses nothing; it needs no Graphviz, and the same tree gives the same bytes everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from .decision_trees import Box, Row, Tree

SVG = "http://www.w3.org/2000/svg"
FONT, LINE = 12, 15  # of all words, in the drawing's own units
WIDE = 162  # of a box
LEFT = (2, 194, 386)  # of tests, of readings, of ends
POINT = 10  # by which a box that leads on is pointed
NEAR, APART = 12, 30  # between two rows of a test, and between two tests
TURN = 14  # from a box to where its lines turn
DESC = "On the left the tests from first to last, beside each what it may show, on the right what to do then; an arrow leads down to the next test."

Places = dict[str, tuple[float, float]]  # of each box by its id: left, and middle


def draw(tree: Tree) -> str:
    """Return the tree as SVG."""
    places, between, high = _places(tree)
    title, desc = f"{tree.id}-title", f"{tree.id}-desc"
    root = ET.Element("svg", {"xmlns": SVG, "viewBox": f"0 0 {LEFT[2] + WIDE + 2} {high:g}", "role": "group"})
    root.attrib |= {"aria-labelledby": title, "aria-describedby": desc, "font-size": str(FONT), "text-anchor": "middle"}
    ET.SubElement(root, "title", {"id": title}).text = tree.title
    ET.SubElement(root, "desc", {"id": desc}).text = DESC
    tests = {test.id: test for test, _ in tree.tests}
    for start, end in tree.arrows():
        if end.id in tests:
            _down(root, start, end, places, between[end.id])
        else:
            _across(root, start, end, places)
    for box in tree.boxes():
        _box(root, box, *places[box.id])
    ET.indent(root, "")
    return ET.tostring(root, "unicode") + "\n"


def _high(boxes: Iterable[Box]) -> float:
    """Return the room that boxes take one below the other."""
    found = [LINE * len(box.lines) + (20 if box.kind == "do" else 14) for box in boxes]
    return sum(found) + NEAR * (len(found) - 1) if found else 0


def _places(tree: Tree) -> tuple[Places, dict[str, float], float]:
    """Return where each box stands, above each test the height at which the line to it comes in, and the height of all."""
    places: Places = {}
    between = {}
    top = 2.0
    for test, rows in tree.tests:
        between[test.id] = top - APART / 2
        room = [*map(_row, rows)] or [0.0]
        room[0] = max(room[0], _high([test]))  # the first stands beside the test
        places[test.id] = LEFT[0], top + room[0] / 2
        for high, row in zip(room, rows, strict=False):  # a test without rows has room too
            places[row.reading.id] = LEFT[1], top + high / 2
            at = top + (high - _high(row.ends)) / 2
            for end in row.ends:
                places[end.id] = LEFT[2], at + _high([end]) / 2
                at += _high([end]) + NEAR
            top += high + NEAR
        top += APART - NEAR if rows else room[0] + APART
    return places, between, top - APART + 2


def _row(row: Row) -> float:
    return max(_high([row.reading]), _high(row.ends))


def _across(root: ET.Element, start: Box, end: Box, places: Places) -> None:
    """Draw a line to a box of the next column: out, up or down, and in."""
    (left, at), (to, level) = places[start.id], places[end.id]
    turn = f"H{left + WIDE + TURN:g} V{level:g} " if level != at else ""
    _line(root, start, end, f"M{left + WIDE:g},{at:g} {turn}H{to:g} M{to - 6:g},{level - 3.5:g} L{to:g},{level:g} {to - 6:g},{level + 3.5:g}")


def _down(root: ET.Element, start: Box, end: Box, places: Places, between: float) -> None:
    """Draw the line from a reading to the test below: beside the readings, between the two tests, and in from above."""
    (left, at), (to, level) = places[start.id], places[end.id]
    middle, top = to + WIDE / 2, level - _high([end]) / 2
    way = f"M{left + WIDE:g},{at:g} h{TURN:g} V{between:g} H{middle:g} V{top:g}"
    _line(root, start, end, f"{way} M{middle - 3.5:g},{top - 6:g} L{middle:g},{top:g} {middle + 3.5:g},{top - 6:g}")


def _line(root: ET.Element, start: Box, end: Box, way: str) -> None:
    drawn = {"class": "edge", "data-from": start.id, "data-to": end.id, "d": way, "fill": "none", "stroke": "currentColor"}
    ET.SubElement(root, "path", drawn)


def _box(root: ET.Element, box: Box, left: float, middle: float) -> None:
    link = ET.SubElement(root, "a", {"id": f"box-{box.id}", "class": f"node {box.kind}", "href": box.link})
    ET.SubElement(link, "title").text = box.name
    high = _high([box])
    top = middle - high / 2
    if box.kind == "go":
        right, low = left + WIDE, top + high
        corners = [(left, top), (right - POINT, top), (right, middle), (right - POINT, low), (left, low)]
        _shape(link, "polygon", {"points": " ".join(f"{x:g},{y:g}" for x, y in corners)})
    else:
        form = {"test": {"stroke-width": "1.8"}, "reading": {"rx": "12"}}.get(box.kind, {})
        _rect(link, left, top, WIDE, high, form)
    if box.kind == "do":
        _rect(link, left + 3, top + 3, WIDE - 6, high - 6, {})
    centre = left + (WIDE - POINT / 2 if box.kind == "go" else WIDE) / 2
    for number, words in enumerate(box.lines):
        y = middle + LINE * (number - (len(box.lines) - 1) / 2) + 0.35 * FONT
        ET.SubElement(link, "text", {"x": f"{centre:g}", "y": f"{y:g}", "fill": "currentColor"}).text = words


def _rect(link: ET.Element, left: float, top: float, wide: float, high: float, form: dict[str, str]) -> None:
    _shape(link, "rect", {"x": f"{left:g}", "y": f"{top:g}", "width": f"{wide:g}", "height": f"{high:g}", **form})


def _shape(parent: ET.Element, name: str, drawn: dict[str, str]) -> None:
    ET.SubElement(parent, name, {**drawn, "fill": "none", "stroke": "currentColor"})
