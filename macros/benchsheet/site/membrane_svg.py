"""A membrane as a drawing: ladder, bands by lane, haze, streaks, specks and holes, in its own grey on a dark page too."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from xml.etree import ElementTree as ET

from ..formats.svg import add_rect, format_coordinate
from ..yamltree import YamlMap
from .picture_values import read_mappings, read_number, read_numbers, read_points, read_yes, scatter

WIDTH, HEIGHT = 120, 90  # of a panel, in the drawing's own units, as all lengths here
PAPER, INK = "#f4f1e8", "#1c1c1c"
_LADDER_LEFT, _LADDER_WIDTH = 5, 10
_LADDER_LEVELS = (0.1, 0.22, 0.36, 0.52, 0.68, 0.84)
MEMBRANE_KEYS = ("lanes", "ladder", "bands", "haze", "streaks", "specks", "comets", "holes")
BAND_KEYS = ("at", "dark", "high", "wide", "spread", "smile", "tilt", "halo")


def draw_membrane(root: ET.Element, tree: YamlMap) -> None:
    """Draw the membrane that *tree* declares into *root*.

    ``lanes`` is how many lanes there are; each band has its height ``at`` (0 is the top) and how ``dark`` it is, once or lane by lane.
    """
    tree.check_keys(MEMBRANE_KEYS, "a membrane")
    add_rect(root, (0.5, 0.5, WIDTH - 1, HEIGHT - 1), {"fill": PAPER, "stroke": INK})
    if haze := read_number(tree, "haze", 0, 1):
        add_rect(root, (0.5, 0.5, WIDTH - 1, HEIGHT - 1), {"fill": INK, "fill-opacity": format_coordinate(haze)})
    left = 3.0
    if read_yes(tree, "ladder"):
        for level in _LADDER_LEVELS:
            add_rect(root, (_LADDER_LEFT, level * HEIGHT, _LADDER_WIDTH, 2), {"fill": INK, "fill-opacity": "0.65"})
        left = _LADDER_LEFT + _LADDER_WIDTH + 3
    lanes = int(read_number(tree, "lanes", 1, 12, 6))
    width = (WIDTH - 3 - left) / lanes
    centres = [left + width * (place + 0.5) for place in range(lanes)]
    for lane, dark in enumerate(read_numbers(tree, "streaks", 0, 1)[:lanes]):
        if dark:
            _add_streak(root, centres[lane], width, dark)
    for band in read_mappings(tree, "bands"):
        _draw_band(root, band, centres, width)
    _draw_specks(root, tree)
    for x, y, radius in read_points(tree, "holes", 3):
        place = {"cx": format_coordinate(x * WIDTH), "cy": format_coordinate(y * HEIGHT), "r": format_coordinate(radius * HEIGHT)}
        ET.SubElement(root, "circle", {**place, "fill": PAPER})


def _draw_band(root: ET.Element, band: YamlMap, centres: Sequence[float], width: float) -> None:
    band.check_keys(BAND_KEYS, "a band", required=("at", "dark"))
    darks = read_numbers(band, "dark", 0, 1)
    darks = darks * len(centres) if len(darks) == 1 else darks
    level, high, wide = read_number(band, "at", 0, 1) * HEIGHT, read_number(band, "high", 1, 30, 5), read_number(band, "wide", 0.2, 1.6, 0.8)
    smile, tilt, spread = read_number(band, "smile", 0, 20), read_number(band, "tilt", -10, 10), read_number(band, "spread", 0, 5)
    for place, (centre, dark) in enumerate(zip(centres, darks, strict=False)):
        if not dark:
            continue
        off_centre = 2 * (place + 0.5) / len(centres) - 1
        y = level - smile * off_centre**2
        half = wide * width / 2
        if read_yes(band, "halo"):
            _add_ellipse(root, (centre, y, half * 1.25, high * 1.7), INK, dark)
            _add_ellipse(root, (centre, y, half * 0.85, high * 0.6), PAPER, 1)
            continue
        for ring in range(int(spread), -1, -1):  # a band that is not sharp: the same shape, larger and paler
            size = half + ring * 0.8, high / 2 + ring * 1.8
            shade = dark / (1 + ring) if ring else dark
            corners = [(centre - size[0], y - tilt), (centre + size[0], y + tilt)]
            path = (
                " ".join(f"{x:.4g},{at - size[1]:.4g}" for x, at in corners)
                + " "
                + " ".join(f"{x:.4g},{at + size[1]:.4g}" for x, at in corners[::-1])
            )
            ET.SubElement(root, "polygon", {"points": path, "fill": INK, "fill-opacity": format_coordinate(shade)})


def _add_ellipse(root: ET.Element, place: tuple[float, float, float, float], fill: str, dark: float) -> None:
    sides = dict(zip(("cx", "cy", "rx", "ry"), map(format_coordinate, place), strict=True))
    ET.SubElement(root, "ellipse", {**sides, "fill": fill, "fill-opacity": format_coordinate(dark)})


def _add_streak(root: ET.Element, centre: float, width: float, dark: float) -> None:
    for place, share in enumerate((0.8, 0.45, 0.2)):
        top = 4 + 8 * place
        add_rect(
            root, (centre - width * share / 2, top, width * share, HEIGHT - top - 12), {"fill": INK, "fill-opacity": format_coordinate(dark / 2)}
        )


def _draw_specks(root: ET.Element, tree: YamlMap) -> None:
    """Draw dark spots; as comets, each has a tail."""
    comets = read_yes(tree, "comets")
    for place, (x, y) in enumerate(islice(scatter(), int(read_number(tree, "specks", 0, 80)))):
        left, top, radius = 4 + x * (WIDTH - 14), 4 + y * (HEIGHT - 10), 0.8 + place % 3 * 0.6
        if comets and place % 2:
            points = f"{left:.4g},{top - radius:.4g} {left + 9:.4g},{top + 1:.4g} {left:.4g},{top + radius:.4g}"
            ET.SubElement(root, "polygon", {"points": points, "fill": INK, "fill-opacity": "0.55"})
        ET.SubElement(root, "circle", {"cx": f"{left:.4g}", "cy": f"{top:.4g}", "r": f"{radius:.4g}", "fill": INK, "fill-opacity": "0.85"})
