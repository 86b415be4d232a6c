"""The picture of a symptom as SVG, from what its file declares: panels side by side, each a membrane, a plate, a well, a curve or bars.

Membranes and plates keep their own colours on a dark page, as the things do; lines and words have the colour of the text.
"""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as ET

from ..errors import ProtocolError
from ..formats.svg import OUTLINE, SVG_NAMESPACE, add_rect, add_text, format_coordinate, strip_controls
from ..yamltree import YamlMap
from .membrane_svg import HEIGHT, WIDTH, draw_membrane
from .picture_values import read_mappings, read_number, read_points
from .plate_svg import draw_plate, draw_well

GAP, NAME_HEIGHT, FONT_SIZE = 10, 15, 10  # between panels, of a panel's name, of all words; in the drawing's own units
_AXIS_LEFT, _AXIS_BASE = 14, HEIGHT - 14
_SCALE = 1.25  # pixels of a page for one unit


def _axis_point(x: float, y: float) -> tuple[float, float]:
    return _AXIS_LEFT + x * (WIDTH - _AXIS_LEFT - 4), _AXIS_BASE - y * (_AXIS_BASE - 6)


def _draw_axes(root: ET.Element, tree: YamlMap) -> None:
    ET.SubElement(root, "path", {"d": f"M{_AXIS_LEFT},4V{_AXIS_BASE}H{WIDTH - 2}", **OUTLINE})
    look = {"fill": "currentColor", "text-anchor": "middle"}
    if words := tree.text("x"):
        add_text(root, (WIDTH + _AXIS_LEFT) / 2, HEIGHT - 2, words, look)
    if words := tree.text("y"):
        middle = (_AXIS_BASE + 4) / 2
        add_text(root, _AXIS_LEFT - 4, middle, words, {**look, "transform": f"rotate(-90 {_AXIS_LEFT - 4} {format_coordinate(middle)})"})


def draw_curve(root: ET.Element, tree: YamlMap) -> None:
    """Draw measured ``points`` with the line through them, and the ``expected`` curve in dashes, each point from 0 to 1 on both axes."""
    tree.check_keys(("points", "expected", "x", "y"), "a curve", required=("points",))
    _draw_axes(root, tree)
    for key, dashes in (("expected", "3 3"), ("points", "")):
        places = [_axis_point(*point) for point in read_points(tree, key, 2)]
        line = {"points": " ".join(f"{x:.4g},{y:.4g}" for x, y in places), **OUTLINE, "stroke-width": "1.5"}
        if places:
            ET.SubElement(root, "polyline", {**line, "stroke-dasharray": dashes} if dashes else line)
        for x, y in places if key == "points" else ():
            ET.SubElement(root, "circle", {"cx": f"{x:.4g}", "cy": f"{y:.4g}", "r": "2.6", "fill": "currentColor"})


def draw_bars(root: ET.Element, tree: YamlMap) -> None:
    """Draw ``bars``, each with a ``name`` and how ``high`` it is from 0 to 1, and the ``limits`` as dashed lines."""
    tree.check_keys(("bars", "limits", "y"), "bars", required=("bars",))
    _draw_axes(root, tree)
    bars = read_mappings(tree, "bars")
    for place, bar in enumerate(bars):
        bar.check_keys(("name", "high"), "a bar", required=("name", "high"))
        (left, top), (right, _) = (_axis_point((place + share) / len(bars), read_number(bar, "high", 0, 1)) for share in (0.2, 0.8))
        add_rect(root, (left, top, right - left, _AXIS_BASE - top), {"fill": "currentColor", "fill-opacity": "0.35", "stroke": "currentColor"})
        add_text(root, (left + right) / 2, HEIGHT - 2, bar.text("name"), {"fill": "currentColor", "text-anchor": "middle"})
    for (level,) in read_points(tree, "limits", 1):
        (left, y), (right, _) = _axis_point(0, level), _axis_point(1, level)
        ET.SubElement(root, "path", {"d": f"M{left:.4g},{y:.4g}H{right:.4g}", **OUTLINE, "stroke-dasharray": "3 3"})


PANELS: dict[str, Callable[[ET.Element, YamlMap], None]] = {
    "membrane": draw_membrane,
    "plate": draw_plate,
    "well": draw_well,
    "curve": draw_curve,
    "bars": draw_bars,
}


def draw_symptom(tree: YamlMap) -> tuple[str, str]:
    """Return the picture that *tree* declares, as SVG on one line, and the sentence that it shows; raise ProtocolError for what is not known."""
    tree.check_keys(("shows", "panels"), "a picture", required=("shows", "panels"))
    panels = read_mappings(tree, "panels")
    if not panels or not tree.text("shows").strip():
        raise ProtocolError("the picture is empty", "write 'shows: ...' and 'panels: [{membrane: {...}}]'").at(tree.file, tree.line)
    has_names = any("name" in panel for panel in panels)
    width, height = len(panels) * (WIDTH + GAP) - GAP, HEIGHT + (NAME_HEIGHT if has_names else 0)
    shows = strip_controls(" ".join(tree.text("shows").split()))
    size = {"width": f"{width * _SCALE:g}", "height": f"{height * _SCALE:g}", "viewBox": f"0 0 {width} {height}"}
    look = {"role": "img", "aria-label": shows, "class": "symptom-picture", "font-size": str(FONT_SIZE)}
    root = ET.Element("svg", {"xmlns": SVG_NAMESPACE, **size, **look})
    for place, panel in enumerate(panels):
        kinds = [key for key in panel if key != "name"]
        if len(kinds) != 1 or kinds[0] not in PANELS:
            raise ProtocolError(f"a panel is one of {', '.join(PANELS)}", "write - {name: ..., membrane: {...}}").at(panel.file, panel.line)
        group = ET.SubElement(root, "g", {"transform": f"translate({place * (WIDTH + GAP)} 0)"} if place else {})
        PANELS[kinds[0]](group, panel.mapping(kinds[0]))
        if words := panel.text("name"):
            add_text(group, WIDTH / 2, HEIGHT + NAME_HEIGHT - 3, words, {"fill": "currentColor", "text-anchor": "middle"})
    return ET.tostring(root, "unicode"), shows
