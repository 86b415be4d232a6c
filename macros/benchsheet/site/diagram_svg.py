"""The drawing of a picture: Graphviz places its boxes and arrows, and the SVG takes its colours from the page.

Run as a program, it draws every picture of ``docs/mechanisms`` again. Only this needs Graphviz: the drawings are committed.
"""

from __future__ import annotations

import math
import re
from itertools import pairwise
from xml.etree import ElementTree as ET

from ..errors import ProtocolError
from ..formats.svg import OUTLINE, SVG_NAMESPACE, add_text, create_svg, format_coordinate, format_svg
from .diagrams import Diagram, DiagramEdge, DiagramNode

DIAGRAM_FONT_SIZE = 12  # of all words, in the drawing's own units; at 360 px a picture of 390 units shows it at 10 px
EDGE_ARROWS = {
    "activates": "arrowhead=normal",
    "inhibits": 'arrowhead=tee, arrowsize="1.1"',
    "phosphorylates": "arrowhead=normal",
    "binds": "dir=both, arrowhead=dot, arrowtail=dot",
    "recruits": "arrowhead=odot",
    "raises": "arrowhead=normal",
    "lowers": 'arrowhead=tee, arrowsize="1.1"',
    "leads to": "arrowhead=vee",
    "then": "arrowhead=vee",
}
EDGE_MARKS = {"phosphorylates": "P", "raises": "up", "lowers": "down"}  # stand on the line itself
TEXT_STYLE = {"fill": "currentColor"}
MARK_RADIUS = 8.0  # half of the room that a mark takes on its line
NODE_SHAPES = {
    "site": 'shape=ellipse, margin="0,0"',
    "outcome": "peripheries=2",
    "gate": 'margin="0.14,0.06"',
    "decision": 'shape=diamond, margin="0,0"',
}

Point = tuple[float, float]


def format_dot(diagram: Diagram) -> str:
    """Return the picture in Graphviz's language: the rows as the data has them; edges that go back up do not change them."""
    row = {name: number for number, names in enumerate(diagram.rank) for name in names}
    rank_gap = 0.5 if any(edge.type in EDGE_MARKS for edge in diagram.edges) else 0.34
    lines = [
        f'digraph "{diagram.id}" {{',
        f'  graph [nodesep=0.2, ranksep={rank_gap}, margin=0, pad="0.06,0.06"]',
        f'  node [shape=box, fontname="Arial", fontsize={DIAGRAM_FONT_SIZE}, margin="0.09,0.06", width=0.4, height=0.4]',
        f'  edge [fontname="Arial", fontsize={DIAGRAM_FONT_SIZE}, arrowsize=0.7]',
    ]
    for node in diagram.nodes.values():
        shape = f", {NODE_SHAPES[node.kind]}" if node.kind in NODE_SHAPES else ""
        lines.append(f'  {node.id} [id="node-{node.id}", label={_quote_dot(node.label)}{shape}]')
    for names in diagram.rank:
        lines.append(f"  {{rank=same; {'; '.join(names)}}}")
        lines += [f"  {left} -> {right} [style=invis]" for left, right in pairwise(names)]
    lines += [_format_dot_edge(edge, row[edge.end] - row[edge.start]) for edge in diagram.edges]
    return "\n".join([*lines, "}", ""])


def _format_dot_edge(edge: DiagramEdge, down: int) -> str:
    """Return one edge that ends *down* rows below its start; one that goes up is laid out as if it went down, which keeps it off the boxes."""
    ends, arrow = (edge.start, edge.end), EDGE_ARROWS[edge.type]
    constraint = f"minlen={abs(down)}" if down else "constraint=false"
    if down < 0:
        ends, arrow = (edge.end, edge.start), f"dir=back, {arrow.replace('arrowhead', 'arrowtail')}"
    if down == -1:
        constraint += ", tailport=sw, headport=nw"  # beside the edge that goes down
    label = f", label={_quote_dot(f' {edge.when} ')}" if edge.when else ""
    return f'  {ends[0]} -> {ends[1]} [id="edge-{edge.start}-{edge.end}", {constraint}, {arrow}{label}]'


def _quote_dot(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def draw_diagram(diagram: Diagram) -> str:
    """Return the picture as SVG, in which each box links to its page; raise ProtocolError if Graphviz is not installed."""
    import shutil
    import subprocess

    program = shutil.which("dot")
    if program is None:
        raise ProtocolError("there is no Graphviz here", "install it (apt-get install graphviz); only drawing needs it")
    output = subprocess.run([program, "-Tsvg"], input=format_dot(diagram).encode(), capture_output=True, check=True, timeout=60).stdout  # noqa: S603 - the input is made here
    layout = ET.fromstring(output)  # noqa: S314 - Graphviz wrote it
    width, height = (float(number) for number in layout.attrib["viewBox"].split()[2:])
    look = {"font-size": str(DIAGRAM_FONT_SIZE), "text-anchor": "middle"}
    root = create_svg(diagram.id, diagram.title, diagram.description, round(width, 1), round(height, 1), look, scales=True)
    graph = layout[0]
    translation = re.search(r"translate\((\S+) (\S+)\)", graph.attrib["transform"])
    assert translation  # noqa: S101 - Graphviz always writes it
    shift = float(translation[1]), float(translation[2])
    parts = {part.attrib["id"]: part for part in graph if "id" in part.attrib}
    for edge in diagram.edges:
        _draw_edge(root, diagram, edge, parts[f"edge-{edge.start}-{edge.end}"], shift)
    for node in diagram.nodes.values():
        _draw_node(root, node, parts[f"node-{node.id}"], shift)
    return format_svg(root)


def _draw_edge(root: ET.Element, diagram: Diagram, edge: DiagramEdge, layout: ET.Element, shift: Point) -> None:
    classes = f"edge {edge.type.replace(' ', '-')} {edge.evidence}"
    group = ET.SubElement(root, "g", {"id": f"edge-{edge.start}-{edge.end}", "class": classes, "data-type": edge.type})
    ET.SubElement(group, "title").text = diagram.describe_edge(edge)
    for part in layout.iter():
        name = part.tag.removeprefix(f"{{{SVG_NAMESPACE}}}")
        is_filled = part.get("fill") != "none"
        if name == "text":
            _add_text(group, [edge.when], [part], shift)
        elif name == "path":
            _draw_stroke(group, edge, _parse_points(part.attrib["d"], shift))
        elif name == "polygon" and "vee" in EDGE_ARROWS[edge.type]:
            tip, side, _, foot, *_, other_side, _, _ = _parse_points(part.attrib["points"], shift)
            d = f"M{_format_points([foot])} L{_format_points([tip])} M{_format_points([side])} L{_format_points([tip, other_side])}"
            _add_shape(group, "path", {"d": d})
        elif name in ("polygon", "polyline"):
            _add_shape(group, name, {"points": _format_points(_parse_points(part.attrib["points"], shift))}, is_filled=is_filled)
        elif name == "ellipse":
            _add_shape(group, "circle", _ellipse_attributes(part, shift, ("r",)), is_filled=is_filled)


def _draw_stroke(group: ET.Element, edge: DiagramEdge, points: list[Point]) -> None:
    """Draw the line of an edge, dashed where it is inferred, with a gap in its middle where a mark stands."""
    line = _add_shape(group, "path", {"d": f"M{_format_points(points[:1])} C{_format_points(points[1:])}"})
    mark, dashes = EDGE_MARKS.get(edge.type), [4.0, 3.0]
    if mark:
        length, (x, y) = _measure_curve(points)
        before = [length / 2 - MARK_RADIUS]
        if edge.evidence == "inferred":
            repeats = int(before[0] // 7)
            before = dashes * repeats + [before[0] - 7 * repeats]
        dashes = [*before, 2 * MARK_RADIUS, *reversed(before)]
        if mark == "P":
            _add_shape(group, "circle", {"cx": _coord(x), "cy": _coord(y), "r": _coord(MARK_RADIUS - 0.5)})
            add_text(group, round(x, 1), round(y + 0.35 * DIAGRAM_FONT_SIZE, 1), mark, TEXT_STYLE)
        else:
            tip, foot = (y - 5.5, y + 5.5) if mark == "up" else (y + 5.5, y - 5.5)
            wing = _coord(y)
            d = f"M{_coord(x)},{_coord(foot)} V{_coord(tip)} M{_coord(x - 3.5)},{wing} L{_coord(x)},{_coord(tip)} {_coord(x + 3.5)},{wing}"
            _add_shape(group, "path", {"d": d, "stroke-width": "1.6"})
    if mark or edge.evidence == "inferred":
        line.attrib["stroke-dasharray"] = " ".join(map(_coord, dashes))


def _measure_curve(points: list[Point]) -> tuple[float, Point]:
    """Return the length of a line of Bézier curves and the point half way along it, in the units of the drawing."""
    curve = points[:1]
    for index in range(0, len(points) - 1, 3):
        for step in range(1, 21):
            t = step / 20
            shares = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            x, y = (sum(share * point[axis] for share, point in zip(shares, points[index : index + 4], strict=True)) for axis in (0, 1))
            curve.append((x, y))
    length = sum(math.dist(*two) for two in pairwise(curve))
    remaining = length / 2
    for start, end in pairwise(curve):
        if (piece := math.dist(start, end)) >= remaining:
            return length, (start[0] + (end[0] - start[0]) * remaining / piece, start[1] + (end[1] - start[1]) * remaining / piece)
        remaining -= piece
    return length, curve[-1]


def _draw_node(root: ET.Element, node: DiagramNode, layout: ET.Element, shift: Point) -> None:
    link = ET.SubElement(root, "a", {"id": f"node-{node.id}", "class": f"node {node.kind}", "href": node.link})
    ET.SubElement(link, "title").text = f"{node.label_text}: {node.about}"
    for part in layout.iter():
        if part.tag == f"{{{SVG_NAMESPACE}}}ellipse":
            _add_shape(link, "ellipse", _ellipse_attributes(part, shift, ("rx", "ry")))
        elif part.tag == f"{{{SVG_NAMESPACE}}}polygon":
            _draw_outline(link, node.kind, _parse_points(part.attrib["points"], shift))
    _add_text(link, node.label.split("\n"), [part for part in layout.iter() if part.tag == f"{{{SVG_NAMESPACE}}}text"], shift)


def _draw_outline(link: ET.Element, kind: str, points: list[Point]) -> None:
    """Draw the outline of a node with corners: Graphviz's own for a decision, and the shape of its *kind* for another."""
    (left, top), (right, bottom) = map(min, zip(*points, strict=True)), map(max, zip(*points, strict=True))
    if kind == "drug":
        cut = 5.0
        corners = [(left + cut, top), (right - cut, top), (right, top + cut), (right, bottom - cut)]
        points = [*corners, (right - cut, bottom), (left + cut, bottom), (left, bottom - cut), (left, top + cut), corners[0]]
    if kind in ("drug", "decision"):
        _add_shape(link, "polygon", {"points": _format_points(points[:-1])})  # the last is the first again
        return
    corner_radius = {"rx": "7"} if kind in ("protein", "stage") else {}
    _add_shape(link, "rect", {"x": _coord(left), "y": _coord(top), "width": _coord(right - left), "height": _coord(bottom - top), **corner_radius})
    if kind == "gate":
        bars = (left + 4, right - 4)
        _add_shape(link, "path", {"d": " ".join(f"M{_coord(bar)},{_coord(top)} V{_coord(bottom)}" for bar in bars)})


def _add_shape(parent: ET.Element, name: str, attributes: dict[str, str], *, is_filled: bool = False) -> ET.Element:
    return ET.SubElement(parent, name, attributes | OUTLINE | (TEXT_STYLE if is_filled else {}))


def _add_text(parent: ET.Element, lines: list[str], layout: list[ET.Element], shift: Point) -> None:
    """Write *lines* at the places that Graphviz gave them."""
    for line, part in zip(lines, layout, strict=True):
        x, y = float(part.attrib["x"]) + shift[0], float(part.attrib["y"]) + shift[1]
        add_text(parent, round(x, 1), round(y, 1), line, TEXT_STYLE)


def _ellipse_attributes(part: ET.Element, shift: Point, radii: tuple[str, ...]) -> dict[str, str]:
    (x, y) = float(part.attrib["cx"]) + shift[0], float(part.attrib["cy"]) + shift[1]
    return {"cx": _coord(x), "cy": _coord(y), **{name: _coord(float(part.attrib["ry" if name == "ry" else "rx"])) for name in radii}}


def _parse_points(text: str, shift: Point) -> list[Point]:
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", text)]
    return [(x + shift[0], y + shift[1]) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]


def _format_points(points: list[Point]) -> str:
    return " ".join(f"{_coord(x)},{_coord(y)}" for x, y in points)


def _coord(number: float) -> str:
    """Return a coordinate, rounded to one tenth of a unit."""
    return format_coordinate(number, 1)


if __name__ == "__main__":
    import sys
    from pathlib import Path

    from .diagrams import parse_diagram

    for data in sorted(Path(sys.argv[1], "mechanisms").glob("*.yml")):
        drawn = draw_diagram(parse_diagram(data.stem, data.read_text("utf-8"), data.as_posix()))
        data.with_suffix(".svg").write_text(drawn, "utf-8", newline="\n")
