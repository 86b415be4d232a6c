"""The run as a Gantt chart: each step, person and device a line, work solid, waits light, nights shaded; refuses a run without times.

Stretches with work are drawn to scale, none narrower than the words over it, and what lies between them shorter: in a week drawn evenly nobody
would see five minutes of work.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

from .._dataclass import dataclass
from ..errors import ProtocolError
from ..lab.working_hours import DAYS
from .outline import timetable
from .outline.spans import Span, first_day, nights, seconds, units
from .platemap import box, drawing, finished, number, plain, shortened, write

LEFT, HEAD, LINE, BAR = 250, 44, 22, 13
CHART = 750  # about as wide as the lines get
APART = 7200  # seconds without work from which on time is drawn shorter
NARROW = 112  # what a day's name and its two times need
LIGHT = {"fill-opacity": "0.25", "stroke": "currentColor", "stroke-width": "0.6"}

Record = dict[str, Any]


@dataclass(frozen=True)
class Scale:
    """Where a moment is drawn: seconds since the *first* midnight, or since the first step, and how far right they are."""

    first: str
    knots: tuple[Span, ...]

    def at(self, moment: str | float) -> float:
        """Return how far right a moment is drawn."""
        past = seconds(moment, self.first) if isinstance(moment, str) else moment
        past = min(max(past, self.knots[0][0]), self.knots[-1][0])
        (low, left), (high, right) = next(pair for pair in pairwise(self.knots) if past <= pair[1][0])
        return left + (right - left) * (past - low) / (high - low) if high > low else left


@dataclass(frozen=True)
class Line:
    """One line of the chart: its *name*, the *rows* of the schedule on it, and how the work may rest after them."""

    name: str
    rows: tuple[Record, ...]
    pause: str = ""


def timeline(record: Record) -> str:
    """Return the chart as SVG; its description says every row in words."""
    if not record["schedule"]:
        raise ProtocolError("no step of this run takes time", "a timeline is for runs whose steps say hands_on or wait")
    first = first_day(record["schedule"])
    work = _work(record["schedule"], first)
    scale = _scale(record["schedule"], work, first)
    parts = _parts(record)
    bottom = HEAD + sum(LINE * (len(lines) + 1) for _, lines in parts)
    rows = sorted(record["schedule"], key=lambda row: seconds(row["start"], first))
    description = f"{'; '.join(_said(record, row) for row in rows)}. Long stretches without work are drawn shorter. Sheet {record['digest']}."
    root = drawing(f"timeline-{record['digest']}", f"Timeline: {record['protocol']['title']}", description, scale.knots[-1][1] + 10, bottom + 26)
    root.attrib["font-size"] = "12"
    shaded = nights(record, first, scale.knots[0][0], scale.knots[-1][0])
    for begin, end in shaded:
        box(root, (scale.at(begin), HEAD - 4, scale.at(end) - scale.at(begin), bottom - HEAD + 4), {"class": "night", "fill-opacity": "0.1"})
    _axis(root, work, scale, bottom)
    top = float(HEAD)
    for title, lines in parts:
        write(root, 0, top + 15, title, {"font-weight": "bold"})
        for line in lines:
            top += LINE
            _line(root, record, line, scale, top)
        top += LINE
    _key(root, bottom + 18, night=bool(shaded), pause=any(line.pause for _, lines in parts for line in lines))
    return finished(root)


def _parts(record: Record) -> list[tuple[str, list[Line]]]:
    """Return the lines of steps, then of people, then of devices."""
    rows = record["schedule"]
    named = {item["id"]: item["name"] for item in record["equipment"]}
    steps = [(f"{step['number']} {step['title']}", "step", step["number"], step["pause_point"]) for step in record["steps"]]
    people = [(name, "who", name, "") for name in sorted({row["who"] for row in rows if row["who"]})]
    devices = [(named.get(name, name), "equipment", name, "") for name in dict.fromkeys(row["equipment"] for row in rows if row["equipment"])]
    found = []
    for title, lines in (("Steps", steps), ("People", people), ("Equipment", devices)):
        made = [Line(name, tuple(row for row in rows if row[key] == value), pause) for name, key, value, pause in lines]
        if kept := [line for line in made if line.rows]:
            found.append((title, kept))
    return found


def _said(record: Record, row: Record) -> str:
    """Say a row in words: when, which step, what, and who."""
    who = f", {row['who']}" if row["who"] else ""
    if not row["start"].startswith("P"):
        ((day, clock, step, what),) = timetable.lines({**record, "schedule": [row]})
        return f"{day} {clock}, {step}, {what}{who}"
    title = next(step["title"] for step in record["steps"] if step["number"] == row["step"])
    times = f"{timetable.clock(row['start'])} to {timetable.clock(row['end'])}"
    return f"{times}, {row['step']} {title}, {row['kind'].replace('_', '-')}{who}"


# --- time ----------------------------------------------------------------------------------------------------------------


def _work(rows: list[Record], first: str) -> list[tuple[str, str]]:
    """Return the stretches with work as (begin, end); a short gap does not part them."""
    spans = [(row["start"], row["end"]) for row in rows if row["kind"] == "hands_on"] or [(row["start"], row["end"]) for row in rows]
    spans.sort(key=lambda span: (seconds(span[0], first), seconds(span[1], first)))
    found = [spans[0]]
    for begin, end in spans[1:]:
        if seconds(begin, first) - seconds(found[-1][1], first) > APART:
            found.append((begin, end))
        elif seconds(end, first) > seconds(found[-1][1], first):
            found[-1] = found[-1][0], end
    return found


def _scale(rows: list[Record], work: list[tuple[str, str]], first: str) -> Scale:
    """Give the stretches with work one scale, as large as the chart has room for, a short one more; what lies between them is drawn shorter."""
    spans = [(seconds(begin, first), seconds(end, first)) for begin, end in work]
    last = max(seconds(row["end"], first) for row in rows)
    gaps = [after[0] - before[1] for before, after in pairwise([*spans, (last, last)])]
    short = [26 + 8 * gap / 86400 if gap > 0 else 0 for gap in gaps]
    an_hour = min(max((CHART - sum(short)) * 3600 / max(sum(end - begin for begin, end in spans), 1), 12), 120)
    knots, here = [(spans[0][0], float(LEFT))], float(LEFT)
    for (begin, end), gap, width in zip(spans, gaps, short, strict=True):
        here += max((end - begin) / 3600 * an_hour, NARROW)
        knots.append((end, here))
        if gap > 0:
            here += min(width, gap / 3600 * an_hour)
            knots.append((end + gap, here))
    return Scale(first, tuple(knots))


# --- drawing -------------------------------------------------------------------------------------------------------------


def _axis(root: ET.Element, work: list[tuple[str, str]], scale: Scale, bottom: float) -> None:
    """Write over each stretch with work its day and from when to when it lasts."""
    named = ""
    for begin, end in work:
        left, right = scale.at(begin), scale.at(end)
        day, _, clock = timetable.clock(begin).replace(" at ", " ").rpartition(" ")
        if scale.first:
            day = f"{DAYS[date.fromisoformat(day).weekday()][:3]} {day}"
        if day != named:
            write(root, left, 12, day, {"font-weight": "bold"})
        named = day
        write(root, left, 29, clock, {})
        if end != begin:
            write(root, right, 29, timetable.clock(end).rpartition(" ")[2], {"text-anchor": "end"})
        for across in dict.fromkeys((left, right)):
            box(root, (across - 0.25, HEAD - 10, 0.5, bottom - HEAD + 10), {"fill-opacity": "0.5"})


def _line(root: ET.Element, record: Record, line: Line, scale: Scale, top: float) -> None:
    """Draw one line: its name, the waits, the work over them, and where it may rest."""
    group = ET.SubElement(root, "g")
    write(group, 8, top + 15, shortened(line.name, 37), {})
    for row in sorted(line.rows, key=lambda row: row["kind"] != "wait"):
        waits = row["kind"] == "wait"
        bars = ET.SubElement(group, "g", {"class": "wait", **LIGHT} if waits else {"class": "work"})
        ET.SubElement(bars, "title").text = plain(_said(record, row))
        for left, right in [(scale.at(row["start"]), scale.at(row["end"]))] if waits else _units(row, scale):
            box(bars, (left, top + (LINE - BAR) / 2, max(right - left, 1.5), BAR), {})
    if line.pause:
        across = max(scale.at(row["end"]) for row in line.rows)
        mark = _diamond(group, across, top + LINE / 2)
        ET.SubElement(mark, "title").text = plain(f"Pause point: {line.pause}")


def _units(row: Record, scale: Scale) -> list[Span]:
    """Return the bars of a row of work: one, or one a unit where what lies between them can be seen."""
    begin, end = (seconds(row[key], scale.first) for key in ("start", "end"))
    found = units(row, begin, end)
    if len(found) < 2 or scale.at(found[1][0]) - scale.at(found[0][1]) < 1:
        return [(scale.at(begin), scale.at(end))]
    return [(scale.at(low), scale.at(high)) for low, high in found]


def _diamond(parent: ET.Element, across: float, middle: float) -> ET.Element:
    points = ((0, -6), (6, 0), (0, 6), (-6, 0))
    look = {"class": "pause", "fill": "none", "stroke": "currentColor", "stroke-width": "1.8"}
    return ET.SubElement(parent, "polygon", {"points": " ".join(f"{number(across + x)},{number(middle + y)}" for x, y in points), **look})


def _key(root: ET.Element, base: float, *, night: bool, pause: bool) -> None:
    """Say below the chart what its signs mean."""
    signs: list[tuple[str, dict[str, str]]] = [("hands-on", {}), ("wait", LIGHT)]
    signs += [("outside working hours", {"fill-opacity": "0.1"})] if night else []
    left = 8.0
    for words, look in signs:
        box(root, (left, base - 9, 18, 10), look)
        write(root, left + 24, base, words, {})
        left += 42 + 6.4 * len(words)
    if pause:
        _diamond(root, left + 8, base - 4)
        write(root, left + 20, base, "pause point", {})
