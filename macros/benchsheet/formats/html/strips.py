"""The timeline that a browser prints: a strip for each day with work, as wide as a column of the paper.

A screen shows the Gantt chart in its place, which in readable type is wider than paper.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from ..day_strips import HOUR, DayStrip, build_strips, hour_marks, list_devices, place_numbers, step_starts, strip_legend
from ..outline.times import TimeSpan
from ..svg import DRAWING_LOOK, add_rect, add_text, format_coordinate, format_svg, shorten, strip_controls
from .widgets import escape_html

if TYPE_CHECKING:
    from ...record.types import Record

STRIP_PIXELS = 356  # at 96 to the inch: they fit into a column of A4 and of Letter
NAME_PIXELS = 138  # width for the name of a strip; more for a longer name of a day
PERSON_PIXELS, DEVICE_PIXELS = 24, 12  # height of a strip, of a person and of a device
LETTER_PIXELS, BOLD_PIXELS, DIGIT_PIXELS = 5.9, 6.6, 6.7  # average width of a letter, of a bold letter and of a digit, in 9 point type
TYPE_PIXELS = "12"
MOST_DEVICES = 4  # more devices are a list in words
HOUR_PIXELS = 22.0  # least distance of two labelled hours


def strips_html(record: Record, heading: str = "<h2>Timeline</h2>") -> str:
    """Return the strips as a section for paper and narrow screens, under *heading*; "" if there is no work."""
    every = list(build_strips(record))
    if not every:
        return ""
    few = sum(strip.is_device for strip in every) <= MOST_DEVICES
    visible = every if few else [strip for strip in every if not strip.is_device]
    left = max(NAME_PIXELS, *(min((len(strip.name) + 1) * BOLD_PIXELS, STRIP_PIXELS / 2) for strip in every if not strip.is_device))
    drawing = _draw_axis(every[0], left) + "".join(_draw_strip(strip, left) for strip in visible)
    legend = escape_html(strip_legend(visible)) + ("" if few else " " + escape_html(list_devices(every)))
    return f'<section class="strips">{heading}{drawing}<p>{legend}</p></section>\n'


def _create_strip(height: int, role: dict[str, str]) -> ET.Element:
    size = {"width": str(STRIP_PIXELS), "height": str(height), "viewBox": f"0 0 {STRIP_PIXELS} {height}"}
    return ET.Element("svg", size | role | DRAWING_LOOK | {"font-size": TYPE_PIXELS})


def _draw_axis(strip: DayStrip, left: float) -> str:
    """Return the hours over the strips as SVG."""
    root = _create_strip(10, {"aria-hidden": "true"})
    scale = (STRIP_PIXELS - left) / (strip.end - strip.begin)
    for past, hour in hour_marks(strip, (STRIP_PIXELS - left) / HOUR_PIXELS):
        add_text(root, left + past * scale, 9, hour, {"text-anchor": "middle"})
    return format_svg(root)


def _draw_strip(strip: DayStrip, name_width: float) -> str:
    """Return one strip as SVG: its name, *name_width* pixels wide, its hours, and the work over the waits."""
    height, top = (DEVICE_PIXELS, 1) if strip.is_device else (PERSON_PIXELS, 11)
    root = _create_strip(height, {"role": "img"})
    root.set("aria-label", strip_controls(f"{strip.name}, {strip.times}" if strip.times else strip.name))
    scale = (STRIP_PIXELS - name_width) / (strip.end - strip.begin)

    def at(second: float) -> float:
        return name_width + strip.seconds_past(second) * scale

    def bar(span: TimeSpan, top: float, height: float, look: dict[str, str]) -> None:
        left = min(at(span[0]), STRIP_PIXELS - 1.0)
        add_rect(root, (left, top, max(at(span[1]) - left, 1.0), height), look)

    for span in strip.closed_hours:
        bar(span, top, 14, {"fill-opacity": "0.16"})
    for hour in range(int((strip.end - strip.begin) // HOUR) + 1):
        across = format_coordinate(min(name_width + hour * HOUR * scale, STRIP_PIXELS - 0.25))
        ET.SubElement(root, "path", {"d": f"M{across} {top}v{10 if strip.is_device else 14}", "stroke": "currentColor", "stroke-width": "0.5"})
    for span in strip.waits:
        bar(span, top + (3 if strip.is_device else 9), 4, {"fill-opacity": "0.35"})
    for each in strip.work:
        bar((each.begin, each.end), top + (3 if strip.is_device else 1), 4 if strip.is_device else 7, {})
    for rest in strip.pause_points:
        add_rect(root, (min(at(rest), STRIP_PIXELS - 1.0) - 1, top - 1, 2.5, 16), {})
    name_box = ET.SubElement(root, "svg", {"width": format_coordinate(name_width - 3), "height": str(height)})  # clips a long name
    if strip.is_device:
        add_text(name_box, 0, 10, shorten(strip.name, int(name_width / LETTER_PIXELS)), {})
        return format_svg(root)
    add_text(name_box, 0, 10, shorten(strip.name, int(name_width / BOLD_PIXELS)), {"font-weight": "bold"})
    add_text(name_box, 0, 21.5, strip.times, {})
    for left, words in place_numbers(
        [(at(second), step) for second, step in step_starts(strip)], lambda text: len(text) * DIGIT_PIXELS, STRIP_PIXELS
    ):
        add_text(root, left, 9.5, words, {})
    return format_svg(root)
