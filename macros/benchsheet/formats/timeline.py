"""The run as a Gantt chart in SVG: a line for each step, person and device; work is solid, waits are light, closed hours shaded.

All stretches with work have one scale. The time between them is cut out, and each cut is marked: in a week drawn evenly nobody would see
five minutes of work.
"""

from __future__ import annotations

from itertools import cycle, pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from .._dataclass import dataclass
from ..errors import ProtocolError
from .outline.times import (
    TimeSpan,
    closed_spans,
    format_clock,
    moment_order,
    name_person,
    split_moment,
    timetable_row,
    to_seconds,
    unit_spans,
)
from .svg import DRAWING_LOOK, OUTLINE, add_rect, add_text, create_svg, format_coordinate, format_svg, shorten, strip_controls

if TYPE_CHECKING:
    from ..record.step_types import Moment, Row
    from ..record.types import Record

CHART_NAME_WIDTH, HEAD_HEIGHT, CHART_LINE_HEIGHT, BAR_HEIGHT = 190, 60, 22, 13
NAME_COLUMNS = 29  # of a name, which is cut beyond
CHART_WIDTH = 510  # about as wide as the lines get: with the names they fit into the column of a page
LONG_GAP = 7200  # seconds without work; a longer gap is cut out
GAP_WIDTH = 28  # of the time that is cut out, more where the times over the stretch before need it
CUT_STEP = 5  # height of a jag
DAY_WIDTH, CLOCK_WIDTH = 98, 72  # as the name of a day needs, and as a time from the first step needs
WAIT_STYLE = {"fill-opacity": "0.25", "stroke": "currentColor", "stroke-width": "0.6"}


@dataclass(frozen=True, kw_only=True)
class TimeScale:
    """The time axis: *knots* are pairs of seconds and x position, between which it is linear. *cuts* are spans of x where time is cut out.

    The seconds count from midnight of the date *first_day*, or from the first step where there is none.
    """

    first_day: str | None
    knots: tuple[TimeSpan, ...]
    cuts: tuple[TimeSpan, ...]

    def position_of(self, moment: Moment) -> float:
        """Return the x position of a moment of the schedule."""
        return self.position(to_seconds(moment, self.first_day))

    def position(self, second: float) -> float:
        """Return the x position of a second."""
        past = min(max(second, self.knots[0][0]), self.knots[-1][0])
        (low, left), (high, right) = next(pair for pair in pairwise(self.knots) if past <= pair[1][0])
        return left + (right - left) * (past - low) / (high - low) if high > low else left


@dataclass(frozen=True, kw_only=True)
class ChartLine:
    """One line of the chart: its *name*, its *rows* of the schedule, and its pause point, if any."""

    name: str
    rows: tuple[Row, ...]
    pause: str = ""


def format_timeline(record: Record) -> str:
    """Return the chart as SVG; its description has every row in words. Raises ProtocolError if the run has no schedule."""
    if not record["schedule"]:
        raise ProtocolError("no step of this run takes time", "a timeline is for runs whose steps say hands_on or wait")
    first_day, digest = record["clock"]["first_day"], record["identity"]["inputs"]
    work = _work_stretches(record["schedule"])
    scale = _build_scale(record["schedule"], work, first_day)
    parts = _chart_groups(record)
    bottom = HEAD_HEIGHT + sum(CHART_LINE_HEIGHT * (len(lines) + 1) for _, lines in parts)
    rows = sorted(record["schedule"], key=lambda row: moment_order(row["begin"]))
    description = f"{'; '.join(_describe_row(record, row) for row in rows)}. Time without work is cut out. Sheet {digest}."
    name, title, size = f"timeline-{digest}", f"Timeline: {record['protocol']['title']}", (_right_edge(work, scale) + 10, bottom + 26)
    root = create_svg(name, title, description, *size, DRAWING_LOOK | {"font-size": "12"})
    night_spans = closed_spans(record, scale.knots[0][0], scale.knots[-1][0])
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
    _draw_legend(root, bottom + 18, night=bool(night_spans), cut=bool(scale.cuts), pause=any(line.pause for _, lines in parts for line in lines))
    return format_svg(root)


def _chart_groups(record: Record) -> list[tuple[str, list[ChartLine]]]:
    """Return the lines of steps, of people and of devices, each group with its title."""
    by_step: dict[int, list[Row]] = {}
    by_person: dict[int, list[Row]] = {}
    by_device: dict[str, list[Row]] = {}
    for row in record["schedule"]:
        by_step.setdefault(row["step"], []).append(row)
        if row["person"]:
            by_person.setdefault(row["person"], []).append(row)
        if row["equipment"]:
            by_device.setdefault(row["equipment"], []).append(row)
    names = {item["id"]: item["name"] for item in record["equipment"]}
    steps = [
        ChartLine(name=f"{step['number']} {step['title']}", rows=tuple(by_step[step["number"]]), pause=step["pause_point"])
        for step in record["steps"]
        if step["number"] in by_step
    ]
    people = [ChartLine(name=name_person(rows[0]), rows=tuple(rows)) for _, rows in sorted(by_person.items())]
    devices = [ChartLine(name=names.get(device, device), rows=tuple(rows)) for device, rows in by_device.items()]
    return [(title, lines) for title, lines in (("Steps", steps), ("People", people), ("Equipment", devices)) if lines]


def _describe_row(record: Record, row: Row) -> str:
    """Return a row in words: time, step, kind of work, and person."""
    who = f", {name_person(row)}" if row["person"] else ""
    day, clock, step, what = timetable_row(record, row)
    if record["clock"]["started"]:
        return f"{day} {clock}, {step}, {what}{who}"
    return f"{format_clock(row['begin'])} to {format_clock(row['end'])}, {step}, {'wait' if row['kind'] == 'wait' else 'hands-on'}{who}"


# --- time ----------------------------------------------------------------------------------------------------------------


def _work_stretches(rows: list[Row]) -> list[tuple[Moment, Moment]]:
    """Return the stretches with work as (begin, end), joined over short gaps."""
    spans = [(row["begin"], row["end"]) for row in rows if row["kind"] == "hands_on"] or [(row["begin"], row["end"]) for row in rows]
    spans.sort(key=lambda span: (moment_order(span[0]), moment_order(span[1])))
    stretches = [spans[0]]
    for begin, end in spans[1:]:
        start, latest = stretches[-1]
        if begin["seconds"] - latest["seconds"] > LONG_GAP:
            stretches.append((begin, end))
        else:
            stretches[-1] = start, max(latest, end, key=moment_order)
    return stretches


def _build_scale(rows: list[Row], work: list[tuple[Moment, Moment]], first_day: str | None) -> TimeScale:
    """Return a scale that is the same in all stretches with work, as large as fits; the time between them is cut out."""
    spans = [(to_seconds(begin, first_day), to_seconds(end, first_day)) for begin, end in work]
    last = max(to_seconds(row["end"], first_day) for row in rows)
    gaps = [after[0] - before[1] for before, after in pairwise([*spans, (last, last)])]
    an_hour = min(max((CHART_WIDTH - GAP_WIDTH * len(gaps)) * 3600 / max(sum(end - begin for begin, end in spans), 1), 12), 120)
    knots, cuts, here = [(spans[0][0], float(CHART_NAME_WIDTH))], [], float(CHART_NAME_WIDTH)
    for (begin, end), gap in zip(spans, gaps, strict=True):
        wide = (end - begin) / 3600 * an_hour
        here += wide
        knots.append((end, here))
        if gap > 0:
            cuts.append((here, here + max(GAP_WIDTH, (DAY_WIDTH if first_day else CLOCK_WIDTH) - wide)))
            here = cuts[-1][1]
            knots.append((end + gap, here))
    return TimeScale(first_day=first_day, knots=tuple(knots), cuts=tuple(cuts))


def _right_edge(work: list[tuple[Moment, Moment]], scale: TimeScale) -> float:
    """Return how far to the right the chart and the times over it reach."""
    return max(scale.knots[-1][1], scale.position_of(work[-1][0]) + (DAY_WIDTH if scale.first_day else CLOCK_WIDTH))


# --- drawing -------------------------------------------------------------------------------------------------------------


def _draw_axis(root: ET.Element, work: list[tuple[Moment, Moment]], scale: TimeScale, bottom: float) -> None:
    """Draw the day, begin and end of each stretch with work over it."""
    last_day = ""
    for begin, end in work:
        left, right = scale.position_of(begin), scale.position_of(end)
        day, clock = split_moment(begin)
        if scale.first_day and day != last_day:
            add_text(root, left, 12, day, {"font-weight": "bold"})
        last_day = day
        add_text(root, left, 29, clock, {})
        if end != begin:
            add_text(root, left, 45, f"to {split_moment(end)[1]}", {})
        for across in dict.fromkeys((left, right)):
            add_rect(root, (across - 0.25, HEAD_HEIGHT - 10, 0.5, bottom - HEAD_HEIGHT + 10), {"fill-opacity": "0.5"})
    for left, right in scale.cuts:
        _draw_cut(root, (left + right) / 2, HEAD_HEIGHT - 5, bottom - HEAD_HEIGHT + 5)


def _draw_cut(parent: ET.Element, across: float, top: float, height: float) -> None:
    """Draw two jagged lines down the chart, between which time is cut out."""
    jags = "".join(f"l{step} {CUT_STEP}" for _, step in zip(range(round(height / CUT_STEP)), cycle((4, -4))))
    paths = "".join(f"M{format_coordinate(across + shift)} {format_coordinate(top)}{jags}" for shift in (-4, 0))
    ET.SubElement(parent, "path", {"d": paths, "class": "cut", **OUTLINE, "stroke-width": "1"})


def _draw_line(root: ET.Element, record: Record, line: ChartLine, scale: TimeScale, top: float) -> None:
    """Draw one line: its name, the waits, the work over them, and its pause point."""
    group = ET.SubElement(root, "g")
    add_text(group, 8, top + 15, shorten(line.name, NAME_COLUMNS), {})
    for row in sorted(line.rows, key=lambda row: row["kind"] != "wait"):
        waits = row["kind"] == "wait"
        bars = ET.SubElement(group, "g", {"class": "wait", **WAIT_STYLE} if waits else {"class": "work"})
        ET.SubElement(bars, "title").text = strip_controls(_describe_row(record, row))
        for left, right in [(scale.position_of(row["begin"]), scale.position_of(row["end"]))] if waits else _unit_bars(row, scale):
            add_rect(bars, (left, top + (CHART_LINE_HEIGHT - BAR_HEIGHT) / 2, max(right - left, 1.5), BAR_HEIGHT), {})
    if line.pause:
        across = max(scale.position_of(row["end"]) for row in line.rows)
        mark = _draw_diamond(group, across, top + CHART_LINE_HEIGHT / 2)
        ET.SubElement(mark, "title").text = strip_controls(f"Pause point: {line.pause}")


def _unit_bars(row: Row, scale: TimeScale) -> list[TimeSpan]:
    """Return the bars of a row of work: one for each unit if the gaps between them can be seen, else one for all."""
    begin, end = to_seconds(row["begin"], scale.first_day), to_seconds(row["end"], scale.first_day)
    spans = unit_spans(row, begin, end)
    if len(spans) < 2 or scale.position(spans[1][0]) - scale.position(spans[0][1]) < 1:
        return [(scale.position(begin), scale.position(end))]
    return [(scale.position(low), scale.position(high)) for low, high in spans]


def _draw_diamond(parent: ET.Element, across: float, middle: float) -> ET.Element:
    points = ((0, -6), (6, 0), (0, 6), (-6, 0))
    path = " ".join(f"{format_coordinate(across + x)},{format_coordinate(middle + y)}" for x, y in points)
    return ET.SubElement(parent, "polygon", {"points": path, "class": "pause", **OUTLINE, "stroke-width": "1.8"})


def _draw_legend(root: ET.Element, base: float, *, night: bool, cut: bool, pause: bool) -> None:
    """Draw the legend below the chart."""
    entries: list[tuple[str, dict[str, str]]] = [("hands-on", {}), ("wait", WAIT_STYLE)]
    entries += [("outside working hours", {"fill-opacity": "0.1"})] if night else []
    left = 8.0
    for words, look in entries:
        add_rect(root, (left, base - 9, 18, 10), look)
        add_text(root, left + 24, base, words, {})
        left += 42 + 6.4 * len(words)
    if cut:
        _draw_cut(root, left + 6, base - 12, 15)
        add_text(root, left + 16, base, "time cut out; all else to one scale", {})
        left += 250
    if pause:
        _draw_diamond(root, left + 8, base - 4)
        add_text(root, left + 20, base, "pause point", {})
