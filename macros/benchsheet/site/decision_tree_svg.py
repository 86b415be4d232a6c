"""The drawing of a decision tree, made at each build: three columns of boxes and the lines between them, as SVG with its key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.etree import ElementTree as ET

from ..errors import Collector
from ..formats.svg import OUTLINE, add_rect, add_text, create_svg, format_svg
from .decision_trees import DecisionTree, TreeBox, TreeRow, build_decision_tree
from .diagram_pages import format_key
from .scenarios import Scenario

TREE_FONT_SIZE, LINE_HEIGHT = 12, 15  # in the drawing's own units, as all lengths here
BOX_WIDTH = 162
COLUMN_LEFT = (2, 194, 386)  # of tests, of readings, of ends
POINT_LENGTH = 10  # of the point at the right of a "go" box
ROW_GAP, TEST_GAP = 12, 30  # between two rows of a test, and between two tests
TURN_OFFSET = 14  # from the right side of a box to where its lines turn
TREE_DESCRIPTION = (
    "On the left the tests from first to last, beside each what it may show, on the right what to do then; an arrow leads down to the next test."
)

# The key: a glyph for each kind of box, 36 by 14 units large.
BOX_GLYPHS = {
    "test": '<rect x="4" y="1" width="28" height="12" stroke-width="1.8"/>',
    "reading": '<rect x="4" y="1" width="28" height="12" rx="6"/>',
    "do": '<rect x="4" y="1" width="28" height="12"/><rect x="6.5" y="3.5" width="23" height="7"/>',
    "go": '<path d="M4 1H27L33 7 27 13H4z"/>',
}
BOX_LABELS = {"test": "test", "reading": "what it shows", "do": "what to do next", "go": "where to go on"}
TREE_CAPTION = "The same tests at a glance, from top to bottom. A box opens its text."

BoxPositions = dict[str, tuple[float, float]]  # by the id of the box: the x of its left side, the y of its middle


def inline_trees(scenarios: Mapping[str, Scenario]) -> dict[str, str]:
    """Return the drawing of each scenario with its key as HTML, by the scenario's name; raise ProtocolErrors if a tree cannot be drawn."""
    mistakes = Collector()
    drawings = {}
    for each in scenarios.values():
        with mistakes.at(each.file):
            tree = build_decision_tree(each, scenarios)
            svg, key = " ".join(draw_decision_tree(tree).splitlines()), format_key(BOX_GLYPHS, BOX_LABELS, {box.kind for box in tree.boxes()})
            drawings[each.id] = f'<figure class="picture tree">{svg}{key}<figcaption>{TREE_CAPTION}</figcaption></figure>'
    mistakes.raise_all()
    return drawings


def draw_decision_tree(tree: DecisionTree) -> str:
    """Return the tree as SVG."""
    positions, between, height = _place_boxes(tree)
    look = {"font-size": str(TREE_FONT_SIZE), "text-anchor": "middle"}
    root = create_svg(tree.id, tree.title, TREE_DESCRIPTION, COLUMN_LEFT[2] + BOX_WIDTH + 2, height, look, scales=True)
    tests = {test.id: test for test, _ in tree.tests}
    for start, end in tree.arrows():
        if end.id in tests:
            _draw_down(root, start, end, positions, between[end.id])
        else:
            _draw_across(root, start, end, positions)
    for box in tree.boxes():
        _draw_box(root, box, *positions[box.id])
    return format_svg(root)


def _stack_height(boxes: Iterable[TreeBox]) -> float:
    """Return the height that boxes take one below the other."""
    heights = [LINE_HEIGHT * len(box.lines) + (20 if box.kind == "do" else 14) for box in boxes]
    return sum(heights) + ROW_GAP * (len(heights) - 1) if heights else 0


def _place_boxes(tree: DecisionTree) -> tuple[BoxPositions, dict[str, float], float]:
    """Return the position of each box, the y of the line that comes in above each test, and the height of the drawing."""
    positions: BoxPositions = {}
    between = {}
    top = 2.0
    for test, rows in tree.tests:
        between[test.id] = top - TEST_GAP / 2
        row_heights = [*map(_row_height, rows)] or [0.0]
        row_heights[0] = max(row_heights[0], _stack_height([test]))  # the first row is beside the test
        positions[test.id] = COLUMN_LEFT[0], top + row_heights[0] / 2
        for height, row in zip(row_heights, rows, strict=False):  # a test without rows takes a row of its own
            positions[row.reading.id] = COLUMN_LEFT[1], top + height / 2
            at = top + (height - _stack_height(row.ends)) / 2
            for end in row.ends:
                positions[end.id] = COLUMN_LEFT[2], at + _stack_height([end]) / 2
                at += _stack_height([end]) + ROW_GAP
            top += height + ROW_GAP
        top += TEST_GAP - ROW_GAP if rows else row_heights[0] + TEST_GAP
    return positions, between, top - TEST_GAP + 2


def _row_height(row: TreeRow) -> float:
    return max(_stack_height([row.reading]), _stack_height(row.ends))


def _draw_across(root: ET.Element, start: TreeBox, end: TreeBox, positions: BoxPositions) -> None:
    """Draw an arrow to a box of the next column, with a vertical piece between the columns if the boxes differ in height."""
    (left, at), (to, level) = positions[start.id], positions[end.id]
    turn = f"H{left + BOX_WIDTH + TURN_OFFSET:g} V{level:g} " if level != at else ""
    head = f"M{to - 6:g},{level - 3.5:g} L{to:g},{level:g} {to - 6:g},{level + 3.5:g}"
    _draw_line(root, start, end, f"M{left + BOX_WIDTH:g},{at:g} {turn}H{to:g} {head}")


def _draw_down(root: ET.Element, start: TreeBox, end: TreeBox, positions: BoxPositions, between: float) -> None:
    """Draw the line from a reading to the test below: beside the readings, between the two tests, and in from above."""
    (left, at), (to, level) = positions[start.id], positions[end.id]
    middle, top = to + BOX_WIDTH / 2, level - _stack_height([end]) / 2
    path_data = f"M{left + BOX_WIDTH:g},{at:g} h{TURN_OFFSET:g} V{between:g} H{middle:g} V{top:g}"
    _draw_line(root, start, end, f"{path_data} M{middle - 3.5:g},{top - 6:g} L{middle:g},{top:g} {middle + 3.5:g},{top - 6:g}")


def _draw_line(root: ET.Element, start: TreeBox, end: TreeBox, path_data: str) -> None:
    ET.SubElement(root, "path", {"class": "edge", "data-from": start.id, "data-to": end.id, "d": path_data, **OUTLINE})


def _draw_box(root: ET.Element, box: TreeBox, left: float, middle: float) -> None:
    # The keyboard passes over the boxes: each leads to a card, and the cards are all links already.
    link = ET.SubElement(root, "a", {"id": f"box-{box.id}", "class": f"node {box.kind}", "href": box.link, "tabindex": "-1"})
    ET.SubElement(link, "title").text = box.name
    height = _stack_height([box])
    top = middle - height / 2
    if box.kind == "go":
        right, bottom = left + BOX_WIDTH, top + height
        corners = [(left, top), (right - POINT_LENGTH, top), (right, middle), (right - POINT_LENGTH, bottom), (left, bottom)]
        ET.SubElement(link, "polygon", {"points": " ".join(f"{x:g},{y:g}" for x, y in corners), **OUTLINE})
    else:
        attributes = {"test": {"stroke-width": "1.8"}, "reading": {"rx": "12"}}.get(box.kind, {})
        add_rect(link, (left, top, BOX_WIDTH, height), attributes | OUTLINE)
    if box.kind == "do":
        add_rect(link, (left + 3, top + 3, BOX_WIDTH - 6, height - 6), OUTLINE)
    centre = left + (BOX_WIDTH - POINT_LENGTH / 2 if box.kind == "go" else BOX_WIDTH) / 2
    for number, words in enumerate(box.lines):
        y = middle + LINE_HEIGHT * (number - (len(box.lines) - 1) / 2) + 0.35 * TREE_FONT_SIZE
        add_text(link, centre, y, words, {"fill": "currentColor"})
