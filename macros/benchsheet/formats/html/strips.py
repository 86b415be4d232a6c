"""When a run keeps hands and devices busy, as a browser prints it: a strip for each day with work, in a column of the paper.

On a screen the chart of the steps stands in its place, which is wider than a sheet of paper in type that can be read. Refuses nothing.
"""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

from ..day_strips import HOUR, Strip, begun, devices, hour_marks, key, numbered, strips
from ..outline.spans import Span
from ..platemap import box, finished, number, plain, shortened, write
from .widgets import said

WIDE = 356  # pixels, 96 to the inch: a column of A4 and of Letter holds them
LEFT = 138  # pixels of a strip that its name has; more where a name of a day is longer
HIGH, LOW = 24, 12  # of a strip of a person and of a device
LETTER, BOLD, FIGURE = 5.9, 6.6, 6.7  # pixels of a letter on average, of a bold one, and of a figure, in type of 9 points
TYPE = "12"
DEVICES = 4  # more of them are told in words
APART = 22.0  # pixels from one hour that is named to the next, at least

Record = dict[str, Any]


def printed_timeline(record: Record) -> str:
    """Return the strips as a section that is only on paper; nothing where nobody has work."""
    every = list(strips(record))
    if not every:
        return ""
    few = sum(strip.device for strip in every) <= DEVICES
    shown = every if few else [strip for strip in every if not strip.device]
    left = max(LEFT, *(min((len(strip.name) + 1) * BOLD, WIDE / 2) for strip in every if not strip.device))
    drawn = _axis(every[0], left) + "".join(_drawn(strip, left) for strip in shown)
    return f'<section class="strips"><h2>Timeline</h2>{drawn}<p>{said(key(shown))}{"" if few else " " + said(devices(every))}</p></section>\n'


def _axis(strip: Strip, left: float) -> str:
    """Write the hours over the strips."""
    root = ET.Element("svg", {"width": str(WIDE), "height": "10", "viewBox": f"0 0 {WIDE} 10", "aria-hidden": "true"})
    root.attrib |= {"fill": "currentColor", "font-family": "sans-serif", "font-size": TYPE}
    scale = (WIDE - left) / (strip.end - strip.begin)
    for past, hour in hour_marks(strip, (WIDE - left) / APART):
        write(root, left + past * scale, 9, hour, {"text-anchor": "middle"})
    return finished(root)


def _drawn(strip: Strip, names: float) -> str:
    """Draw one strip: its name, which has *names* pixels, its hours, the work over the waits."""
    high, top = (LOW, 1) if strip.device else (HIGH, 11)
    size = {"width": str(WIDE), "height": str(high), "viewBox": f"0 0 {WIDE} {high}", "role": "img"}
    root = ET.Element("svg", size | {"fill": "currentColor", "font-family": "sans-serif", "font-size": TYPE})
    root.set("aria-label", plain(f"{strip.name}, {strip.times}" if strip.times else strip.name))
    scale = (WIDE - names) / (strip.end - strip.begin)

    def at(second: float) -> float:
        return names + (min(max(second, strip.begin), strip.end) - strip.begin) * scale

    def bar(span: Span, above: float, tall: float, look: dict[str, str]) -> None:
        left = min(at(span[0]), WIDE - 1.0)
        box(root, (left, above, max(at(span[1]) - left, 1.0), tall), look)

    for span in strip.closed:
        bar(span, top, 14, {"fill-opacity": "0.16"})
    for hour in range(int((strip.end - strip.begin) // HOUR) + 1):
        across = number(min(names + hour * HOUR * scale, WIDE - 0.25))
        ET.SubElement(root, "path", {"d": f"M{across} {top}v{10 if strip.device else 14}", "stroke": "currentColor", "stroke-width": "0.5"})
    for span in strip.waits:
        bar(span, top + (3 if strip.device else 9), 4, {"fill-opacity": "0.35"})
    for each in strip.work:
        bar((each.begin, each.end), top + (3 if strip.device else 1), 4 if strip.device else 7, {})
    for rest in strip.rests:
        box(root, (min(at(rest), WIDE - 1.0) - 1, top - 1, 2.5, 16), {})
    named = ET.SubElement(root, "svg", {"width": number(names - 3), "height": str(high)})  # which cuts what stands beyond it
    if strip.device:
        write(named, 0, 10, shortened(strip.name, int(names / LETTER)), {})
        return finished(root)
    write(named, 0, 10, shortened(strip.name, int(names / BOLD)), {"font-weight": "bold"})
    write(named, 0, 21.5, strip.times, {})
    for left, words in numbered([(at(second), step) for second, step in begun(strip)], _long, WIDE):
        write(root, left, 9.5, words, {})
    return finished(root)


def _long(words: str) -> float:
    return len(words) * FIGURE
