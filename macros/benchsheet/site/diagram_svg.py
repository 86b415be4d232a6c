"""Pictures drawn: the boxes and arrows of one as Graphviz lays them out, in an SVG that takes its colours from the page.

Refuses nothing that the data holds; without Graphviz nothing is drawn, and the committed drawings stay as they are.
"""

from __future__ import annotations

import math
import re
from itertools import pairwise
from xml.etree import ElementTree as ET

from ..errors import ProtocolError
from .diagrams import Edge, Node, Picture

SVG = "http://www.w3.org/2000/svg"
FONT = 12  # of all words, in the drawing's own units; at 360 px a picture of 390 units shows it at 10 px
ARROWS = {
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
MARKS = {"phosphorylates": "P", "raises": "up", "lowers": "down"}  # stand on the line itself
MARK = 8.0  # half of the room that a mark takes on its line
SHAPES = {"site": 'shape=ellipse, margin="0,0"', "outcome": "peripheries=2", "gate": 'margin="0.14,0.06"', "decision": 'shape=diamond, margin="0,0"'}

Point = tuple[float, float]


def dot(picture: Picture) -> str:
    """Return the picture in Graphviz's language: the rows as the data has them, and ways back without a say in them."""
    row = {name: number for number, names in enumerate(picture.rank) for name in names}
    apart = 0.5 if any(edge.type in MARKS for edge in picture.edges) else 0.34
    lines = [
        f'digraph "{picture.id}" {{',
        f'  graph [nodesep=0.2, ranksep={apart}, margin=0, pad="0.06,0.06"]',
        f'  node [shape=box, fontname="Arial", fontsize={FONT}, margin="0.09,0.06", width=0.4, height=0.4]',
        f'  edge [fontname="Arial", fontsize={FONT}, arrowsize=0.7]',
    ]
    for node in picture.nodes.values():
        shape = f", {SHAPES[node.kind]}" if node.kind in SHAPES else ""
        lines.append(f'  {node.id} [id="node-{node.id}", label={_quoted(node.label)}{shape}]')
    for names in picture.rank:
        lines.append(f"  {{rank=same; {'; '.join(names)}}}")
        lines += [f"  {left} -> {right} [style=invis]" for left, right in pairwise(names)]
    lines += [_line(edge, row[edge.end] - row[edge.start]) for edge in picture.edges]
    return "\n".join([*lines, "}", ""])


def _line(edge: Edge, down: int) -> str:
    """Return one edge that ends *down* rows below; a way back is laid out as if it went down, which keeps it off the boxes."""
    ends, way = (edge.start, edge.end), ARROWS[edge.type]
    place = f"minlen={abs(down)}" if down else "constraint=false"
    if down < 0:
        ends, way = (edge.end, edge.start), f"dir=back, {way.replace('arrowhead', 'arrowtail')}"
    if down == -1:
        place += ", tailport=sw, headport=nw"  # beside the edge that goes down
    label = f", label={_quoted(f' {edge.when} ')}" if edge.when else ""
    return f'  {ends[0]} -> {ends[1]} [id="edge-{edge.start}-{edge.end}", {place}, {way}{label}]'


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def draw(picture: Picture) -> str:
    """Return the picture as SVG, a link of a box holding the path of its page; raise ProtocolError without Graphviz."""
    import shutil
    import subprocess

    program = shutil.which("dot")
    if program is None:
        raise ProtocolError("there is no Graphviz here", "install it (apt-get install graphviz); only drawing needs it")
    made = subprocess.run([program, "-Tsvg"], input=dot(picture).encode(), capture_output=True, check=True, timeout=60).stdout  # noqa: S603 - our own words
    laid = ET.fromstring(made)  # noqa: S314 - Graphviz wrote it
    wide, high = (float(number) for number in laid.attrib["viewBox"].split()[2:])
    title, desc = f"{picture.id}-title", f"{picture.id}-desc"
    root = ET.Element("svg", {"xmlns": SVG, "viewBox": f"0 0 {_n(wide)} {_n(high)}", "role": "group"})
    root.attrib |= {"aria-labelledby": title, "aria-describedby": desc, "font-size": str(FONT), "text-anchor": "middle"}
    ET.SubElement(root, "title", {"id": title}).text = picture.title
    ET.SubElement(root, "desc", {"id": desc}).text = picture.description
    graph = laid[0]
    moved = re.search(r"translate\((\S+) (\S+)\)", graph.attrib["transform"])
    assert moved  # noqa: S101 - Graphviz always says it
    shift = float(moved[1]), float(moved[2])
    parts = {part.attrib["id"]: part for part in graph if "id" in part.attrib}
    for edge in picture.edges:
        _edge(root, picture, edge, parts[f"edge-{edge.start}-{edge.end}"], shift)
    for node in picture.nodes.values():
        _node(root, node, parts[f"node-{node.id}"], shift)
    ET.indent(root, "")
    return ET.tostring(root, "unicode") + "\n"


def _edge(root: ET.Element, picture: Picture, edge: Edge, laid: ET.Element, shift: Point) -> None:
    classes = f"edge {edge.type.replace(' ', '-')} {edge.evidence}"
    group = ET.SubElement(root, "g", {"id": f"edge-{edge.start}-{edge.end}", "class": classes, "data-type": edge.type})
    ET.SubElement(group, "title").text = picture.words(edge)
    for part in laid.iter():
        name = part.tag.removeprefix(f"{{{SVG}}}")
        filled = part.get("fill") != "none"
        if name == "text":
            _words(group, [edge.when], [part], shift)
        elif name == "path":
            _stroke(group, edge, _points(part.attrib["d"], shift))
        elif name == "polygon" and "vee" in ARROWS[edge.type]:
            tip, one, _, foot, *_, other, _, _ = _points(part.attrib["points"], shift)
            _shape(group, "path", {"d": f"M{_said([foot])} L{_said([tip])} M{_said([one])} L{_said([tip, other])}"})
        elif name in ("polygon", "polyline"):
            _shape(group, name, {"points": _said(_points(part.attrib["points"], shift))}, filled=filled)
        elif name == "ellipse":
            _shape(group, "circle", _round(part, shift, ("r",)), filled=filled)


def _stroke(group: ET.Element, edge: Edge, points: list[Point]) -> None:
    """Draw the line of an edge, dashed where it is inferred, with a gap in its middle where a mark stands."""
    line = _shape(group, "path", {"d": f"M{_said(points[:1])} C{_said(points[1:])}"})
    mark, dashes = MARKS.get(edge.type), [4.0, 3.0]
    if mark:
        long, (x, y) = _middle(points)
        before = [long / 2 - MARK]
        if edge.evidence == "inferred":
            whole = int(before[0] // 7)
            before = dashes * whole + [before[0] - 7 * whole]
        dashes = [*before, 2 * MARK, *reversed(before)]
        if mark == "P":
            _shape(group, "circle", {"cx": _n(x), "cy": _n(y), "r": _n(MARK - 0.5)})
            ET.SubElement(group, "text", {"x": _n(x), "y": _n(y + 0.35 * FONT), "fill": "currentColor"}).text = mark
        else:
            tip, foot = (y - 5.5, y + 5.5) if mark == "up" else (y + 5.5, y - 5.5)
            wing = _n(y)
            d = f"M{_n(x)},{_n(foot)} V{_n(tip)} M{_n(x - 3.5)},{wing} L{_n(x)},{_n(tip)} {_n(x + 3.5)},{wing}"
            _shape(group, "path", {"d": d, "stroke-width": "1.6"})
    if mark or edge.evidence == "inferred":
        line.attrib["stroke-dasharray"] = " ".join(map(_n, dashes))


def _middle(points: list[Point]) -> tuple[float, Point]:
    """Return how long a line of Bézier curves is, and the point half way along it."""
    along = points[:1]
    for at in range(0, len(points) - 1, 3):
        for step in range(1, 21):
            t = step / 20
            shares = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            x, y = (sum(share * point[axis] for share, point in zip(shares, points[at : at + 4], strict=True)) for axis in (0, 1))
            along.append((x, y))
    long = sum(math.dist(*two) for two in pairwise(along))
    left = long / 2
    for start, end in pairwise(along):
        if (piece := math.dist(start, end)) >= left:
            return long, (start[0] + (end[0] - start[0]) * left / piece, start[1] + (end[1] - start[1]) * left / piece)
        left -= piece
    return long, along[-1]


def _node(root: ET.Element, node: Node, laid: ET.Element, shift: Point) -> None:
    link = ET.SubElement(root, "a", {"id": f"node-{node.id}", "class": f"node {node.kind}", "href": node.link})
    ET.SubElement(link, "title").text = f"{node.words}: {node.about}"
    for part in laid.iter():
        if part.tag == f"{{{SVG}}}ellipse":
            _shape(link, "ellipse", _round(part, shift, ("rx", "ry")))
        elif part.tag == f"{{{SVG}}}polygon":
            _box(link, node.kind, _points(part.attrib["points"], shift))
    _words(link, node.label.split("\n"), [part for part in laid.iter() if part.tag == f"{{{SVG}}}text"], shift)


def _box(link: ET.Element, kind: str, points: list[Point]) -> None:
    """Draw one outline with corners: what Graphviz drew for a decision, and for the rest what their kind has in its place."""
    (left, top), (right, low) = map(min, zip(*points, strict=True)), map(max, zip(*points, strict=True))
    if kind == "drug":
        cut = 5.0
        corners = [(left + cut, top), (right - cut, top), (right, top + cut), (right, low - cut)]
        points = [*corners, (right - cut, low), (left + cut, low), (left, low - cut), (left, top + cut), corners[0]]
    if kind in ("drug", "decision"):
        _shape(link, "polygon", {"points": _said(points[:-1])})  # the last is the first again
        return
    rounded = {"rx": "7"} if kind in ("protein", "stage") else {}
    _shape(link, "rect", {"x": _n(left), "y": _n(top), "width": _n(right - left), "height": _n(low - top), **rounded})
    if kind == "gate":
        bars = (left + 4, right - 4)
        _shape(link, "path", {"d": " ".join(f"M{_n(bar)},{_n(top)} V{_n(low)}" for bar in bars)})


def _shape(parent: ET.Element, name: str, drawn: dict[str, str], *, filled: bool = False) -> ET.Element:
    return ET.SubElement(parent, name, {**drawn, "fill": "currentColor" if filled else "none", "stroke": "currentColor"})


def _words(parent: ET.Element, lines: list[str], laid: list[ET.Element], shift: Point) -> None:
    """Write *lines* where Graphviz had them."""
    for line, part in zip(lines, laid, strict=True):
        x, y = float(part.attrib["x"]) + shift[0], float(part.attrib["y"]) + shift[1]
        ET.SubElement(parent, "text", {"x": _n(x), "y": _n(y), "fill": "currentColor"}).text = line


def _round(part: ET.Element, shift: Point, radii: tuple[str, ...]) -> dict[str, str]:
    (x, y) = float(part.attrib["cx"]) + shift[0], float(part.attrib["cy"]) + shift[1]
    return {"cx": _n(x), "cy": _n(y), **{name: _n(float(part.attrib["ry" if name == "ry" else "rx"])) for name in radii}}


def _points(text: str, shift: Point) -> list[Point]:
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", text)]
    return [(x + shift[0], y + shift[1]) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]


def _said(points: list[Point]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)


def _n(number: float) -> str:
    """Write a number to one tenth of a unit."""
    return f"{round(number, 1) + 0.0:g}"


if __name__ == "__main__":
    import sys
    from pathlib import Path

    from .. import library
    from . import decision_tree_svg as tree_drawing
    from . import decision_trees as trees
    from .diagrams import picture as read_picture
    from .scenarios import scenarios

    root = Path(sys.argv[1])
    every = scenarios(library.documents(root), tuple(library.ids()))
    for each in every.values():  # first, since they need no Graphviz
        root.joinpath("scenarios", f"{each.id}.svg").write_text(tree_drawing.draw(trees.tree(each, every)), "utf-8", newline="\n")
    for data in sorted(root.joinpath("mechanisms").glob("*.yml")):
        drawn = draw(read_picture(data.stem, data.read_text("utf-8"), data.as_posix()))
        data.with_suffix(".svg").write_text(drawn, "utf-8", newline="\n")
