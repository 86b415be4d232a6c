"""The run as a Gantt chart in SVG: a line for each step, person and device; work is solid, waits are light, closed hours shaded.

Stretches with work are drawn to scale, but at least as wide as the text over them. The time between them is drawn shorter: in a week drawn evenly
nobody would see five minutes of work.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from xml.etree import ElementTree as ET

from .._dataclass import dataclass
from ..errors import ProtocolError
from ..lab.working_hours import WEEKDAYS
from ..record import Record
from .outline.times import TimeSpan, closed_spans, first_day, format_clock, timetable_rows, to_seconds, unit_spans
from .svg import DRAWING_LOOK, OUTLINE, add_rect, add_text, create_svg, format_coordinate, format_svg, shorten, strip_controls

CHART_NAME_WIDTH, HEAD_HEIGHT, CHART_LINE_HEIGHT, BAR_HEIGHT = 250, 44, 22, 13
CHART_WIDTH = 750  # about as wide as the lines get
LONG_GAP = 7200  # seconds without work; a longer gap is drawn shorter
LEAST_STRETCH_WIDTH = 112  # as the name of a day and its two times need
WAIT_STYLE = {"fill-opacity": "0.25", "stroke": "currentColor", "stroke-width": "0.6"}


@dataclass(frozen=True, kw_only=True)
class TimeScale:
    """The time axis: *knots* are pairs of seconds and x position, between which it is linear.

    The seconds count from midnight of the date *first*, or from the first step where that is empty.
    """

    first: str
    knots: tuple[TimeSpan, ...]

    def position(self, moment: str | float) -> float:
        """Return the x position of a moment of the schedule, or of a second."""
        past = to_seconds(moment, self.first) if isinstance(moment, str) else moment
        past = min(max(past, self.knots[0][0]), self.knots[-1][0])
        (low, left), (high, right) = next(pair for pair in pairwise(self.knots) if past <= pair[1][0])
        return left + (right - left) * (past - low) / (high - low) if high > low else left


@dataclass(frozen=True, kw_only=True)
class ChartLine:
    """One line of the chart: its *name*, its *rows* of the schedule, and its pause point, if any."""

    name: str
    rows: tuple[Record, ...]
    pause: str = ""


def format_timeline(record: Record) -> str:
    """Return the chart as SVG; its description has every row in words. Raises ProtocolError if the run has no schedule."""
    if not record["schedule"]:
        raise ProtocolError("no step of this run takes time", "a timeline is for runs whose steps say hands_on or wait")
    first = first_day(record["schedule"])
    work = _work_stretches(record["schedule"], first)
    scale = _build_scale(record["schedule"], work, first)
    parts = _chart_groups(record)
    bottom = HEAD_HEIGHT + sum(CHART_LINE_HEIGHT * (len(lines) + 1) for _, lines in parts)
    rows = sorted(record["schedule"], key=lambda row: to_seconds(row["start"], first))
    description = f"{'; '.join(_describe_row(record, row) for row in rows)}. Long stretches without work are drawn shorter. Sheet {record['digest']}."
    name, title, size = f"timeline-{record['digest']}", f"Timeline: {record['protocol']['title']}", (scale.knots[-1][1] + 10, bottom + 26)
    root = create_svg(name, title, description, *size, DRAWING_LOOK | {"font-size": "12"})
    night_spans = closed_spans(record, first, scale.knots[0][0], scale.knots[-1][0])
    for begin, end in night_spans:
        left, width = scale.position(begin), scale.position(end) - scale.position(begin)
        add_rect(root, (left, HEAD_HEIGHT - 4, width, bottom - HEAD_HEIGHT + 4), {"class": "night", "fill-opacity": "0.1"})
    _draw_axis(root, work, scale, bottom)
    top = float(HEAD_HEIGHT)
    for title, lines in parts:
        add_text(root, 0, top + 15, title, {"font-weight": "bold"})
        for line in lines:
            top += CHART_LINE_HEIGHT
            _draw_line(root, record, line, scale, top)
        top += CHART_LINE_HEIGHT
    _draw_legend(root, bottom + 18, night=bool(night_spans), pause=any(line.pause for _, lines in parts for line in lines))
    return format_svg(root)


def _chart_groups(record: Record) -> list[tuple[str, list[ChartLine]]]:
    """Return the lines of steps, of people and of devices, each group with its title."""
    rows = record["schedule"]
    device_names = {item["id"]: item["name"] for item in record["equipment"]}
    steps = [(f"{step['number']} {step['title']}", "step", step["number"], step["pause_point"]) for step in record["steps"]]
    people = [(name, "who", name, "") for name in sorted({row["who"] for row in rows if row["who"]})]
    devices = [(device_names.get(name, name), "equipment", name, "") for name in dict.fromkeys(row["equipment"] for row in rows if row["equipment"])]
    groups = []
    for title, lines in (("Steps", steps), ("People", people), ("Equipment", devices)):
        chart_lines = [ChartLine(name=name, rows=tuple(row for row in rows if row[key] == value), pause=pause) for name, key, value, pause in lines]
        if with_rows := [line for line in chart_lines if line.rows]:
            groups.append((title, with_rows))
    return groups


def _describe_row(record: Record, row: Record) -> str:
    """Return a row in words: time, step, kind of work, and person."""
    who = f", {row['who']}" if row["who"] else ""
    if not row["start"].startswith("P"):
        ((day, clock, step, what),) = timetable_rows({**record, "schedule": [row]})
        return f"{day} {clock}, {step}, {what}{who}"
    title = next(step["title"] for step in record["steps"] if step["number"] == row["step"])
    times = f"{format_clock(row['start'])} to {format_clock(row['end'])}"
    return f"{times}, {row['step']} {title}, {row['kind'].replace('_', '-')}{who}"


# --- time ----------------------------------------------------------------------------------------------------------------


def _work_stretches(rows: list[Record], first: str) -> list[tuple[str, str]]:
    """Return the stretches with work as (begin, end), joined over short gaps."""
    spans = [(row["start"], row["end"]) for row in rows if row["kind"] == "hands_on"] or [(row["start"], row["end"]) for row in rows]
    spans.sort(key=lambda span: (to_seconds(span[0], first), to_seconds(span[1], first)))
    stretches = [spans[0]]
    for begin, end in spans[1:]:
        start, latest = stretches[-1]
        if to_seconds(begin, first) - to_seconds(latest, first) > LONG_GAP:
            stretches.append((begin, end))
        else:
            stretches[-1] = start, max(latest, end, key=lambda moment: to_seconds(moment, first))
    return stretches


def _build_scale(rows: list[Record], work: list[tuple[str, str]], first: str) -> TimeScale:
    """Return a scale that is the same for all stretches with work, but the short ones, as large as fits; the gaps are drawn shorter."""
    spans = [(to_seconds(begin, first), to_seconds(end, first)) for begin, end in work]
    last = max(to_seconds(row["end"], first) for row in rows)
    gaps = [after[0] - before[1] for before, after in pairwise([*spans, (last, last)])]
    short = [26 + 8 * gap / 86400 if gap > 0 else 0 for gap in gaps]
    an_hour = min(max((CHART_WIDTH - sum(short)) * 3600 / max(sum(end - begin for begin, end in spans), 1), 12), 120)
    knots, here = [(spans[0][0], float(CHART_NAME_WIDTH))], float(CHART_NAME_WIDTH)
    for (begin, end), gap, width in zip(spans, gaps, short, strict=True):
        here += max((end - begin) / 3600 * an_hour, LEAST_STRETCH_WIDTH)
        knots.append((end, here))
        if gap > 0:
            here += min(width, gap / 3600 * an_hour)
            knots.append((end + gap, here))
    return TimeScale(first=first, knots=tuple(knots))


# --- drawing -------------------------------------------------------------------------------------------------------------


def _draw_axis(root: ET.Element, work: list[tuple[str, str]], scale: TimeScale, bottom: float) -> None:
    """Draw the day, begin and end of each stretch with work over it."""
    last_day = ""
    for begin, end in work:
        left, right = scale.position(begin), scale.position(end)
        day, _, clock = format_clock(begin).rpartition(" ")
        if scale.first:
            day = f"{WEEKDAYS[date.fromisoformat(day).weekday()][:3]} {day}"
        if day != last_day:
            add_text(root, left, 12, day, {"font-weight": "bold"})
        last_day = day
        add_text(root, left, 29, clock, {})
        if end != begin:
            add_text(root, right, 29, format_clock(end).rpartition(" ")[2], {"text-anchor": "end"})
        for across in dict.fromkeys((left, right)):
            add_rect(root, (across - 0.25, HEAD_HEIGHT - 10, 0.5, bottom - HEAD_HEIGHT + 10), {"fill-opacity": "0.5"})


def _draw_line(root: ET.Element, record: Record, line: ChartLine, scale: TimeScale, top: float) -> None:
    """Draw one line: its name, the waits, the work over them, and its pause point."""
    group = ET.SubElement(root, "g")
    add_text(group, 8, top + 15, shorten(line.name, 37), {})
    for row in sorted(line.rows, key=lambda row: row["kind"] != "wait"):
        waits = row["kind"] == "wait"
        bars = ET.SubElement(group, "g", {"class": "wait", **WAIT_STYLE} if waits else {"class": "work"})
        ET.SubElement(bars, "title").text = strip_controls(_describe_row(record, row))
        for left, right in [(scale.position(row["start"]), scale.position(row["end"]))] if waits else _unit_bars(row, scale):
            add_rect(bars, (left, top + (CHART_LINE_HEIGHT - BAR_HEIGHT) / 2, max(right - left, 1.5), BAR_HEIGHT), {})
    if line.pause:
        across = max(scale.position(row["end"]) for row in line.rows)
        mark = _draw_diamond(group, across, top + CHART_LINE_HEIGHT / 2)
        ET.SubElement(mark, "title").text = strip_controls(f"Pause point: {line.pause}")


def _unit_bars(row: Record, scale: TimeScale) -> list[TimeSpan]:
    """Return the bars of a row of work: one for each unit if the gaps between them can be seen, else one for all."""
    begin, end = (to_seconds(row[key], scale.first) for key in ("start", "end"))
    spans = unit_spans(row, begin, end)
    if len(spans) < 2 or scale.position(spans[1][0]) - scale.position(spans[0][1]) < 1:
        return [(scale.position(begin), scale.position(end))]
    return [(scale.position(low), scale.position(high)) for low, high in spans]


def _draw_diamond(parent: ET.Element, across: float, middle: float) -> ET.Element:
    points = ((0, -6), (6, 0), (0, 6), (-6, 0))
    path = " ".join(f"{format_coordinate(across + x)},{format_coordinate(middle + y)}" for x, y in points)
    return ET.SubElement(parent, "polygon", {"points": path, "class": "pause", **OUTLINE, "stroke-width": "1.8"})


def _draw_legend(root: ET.Element, base: float, *, night: bool, pause: bool) -> None:
    """Draw the legend below the chart."""
    entries: list[tuple[str, dict[str, str]]] = [("hands-on", {}), ("wait", WAIT_STYLE)]
    entries += [("outside working hours", {"fill-opacity": "0.1"})] if night else []
    left = 8.0
    for words, look in entries:
        add_rect(root, (left, base - 9, 18, 10), look)
        add_text(root, left + 24, base, words, {})
        left += 42 + 6.4 * len(words)
    if pause:
        _draw_diamond(root, left + 8, base - 4)
        add_text(root, left + 20, base, "pause point", {})
