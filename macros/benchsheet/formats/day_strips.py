"""The timeline of a run day by day: for each day with work a strip for each person, and below them one for each device in use.

All strips of a run show the same full hours of the day, from the first to the last with work.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from .._dataclass import dataclass, replace
from .outline.times import DAY_SECONDS, TimeSpan, closed_spans, name_person, short_day, split_moment, split_second, to_seconds, unit_spans

if TYPE_CHECKING:
    from ..record.step_types import Row
    from ..record.types import Record

HOUR = 3600
NUMBER_GAP = 3.0  # points between two step numbers
LEGEND = "A strip for each day with work, a line each hour: work solid below its steps, waits light, pause points thick"
MOST_NAME_CHARS = 24  # a longer name of a device may be shortened
LATE_LEGEND = " (at the edge: after these hours)"
CLOSED_LEGEND = ", closed hours grey"
DEVICE_LEGEND = ", devices below with their steps"


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A row of the schedule, or the part of it that lies in one day or belongs to one unit; *begin* and *end* in seconds of the run."""

    begin: float
    end: float
    row: Row


@dataclass(frozen=True, kw_only=True)
class DayStrip:
    """One strip from *begin* to *end* (seconds of the run): the *work* of one person, all waits, pause points, and closed hours.

    The strip of a device has the work and the waits that need it, no *times*, and a name that begins with the step numbers.
    """

    begin: float
    end: float
    name: str
    work: tuple[Stretch, ...]
    waits: tuple[TimeSpan, ...]
    times: str = ""
    pause_points: tuple[float, ...] = ()
    closed_hours: tuple[TimeSpan, ...] = ()
    is_device: bool = False

    def seconds_past(self, second: float) -> float:
        """Return a *second* of the run as seconds since the begin of the strip, limited to the strip."""
        return min(max(second, self.begin), self.end) - self.begin


def build_strips(record: Record) -> Iterator[DayStrip]:
    """Yield the strips of each day with work: of each person, then of each device."""
    first_day = record["clock"]["first_day"]
    every = [Stretch(begin=to_seconds(row["begin"], first_day), end=to_seconds(row["end"], first_day), row=row) for row in record["schedule"]]
    work = [part for each in every if each.row["kind"] == "hands_on" for part in _split_by_day(each)]
    work.sort(key=lambda each: (each.begin, each.end))
    if not work:
        return
    opens = min(each.begin % DAY_SECONDS for each in work) // HOUR * HOUR
    closes = -(-max(min(each.end - each.begin // DAY_SECONDS * DAY_SECONDS, DAY_SECONDS) for each in work) // HOUR) * HOUR
    closes = max(closes, opens + HOUR)  # where no step takes any time
    days = sorted({each.begin // DAY_SECONDS * DAY_SECONDS for each in work})
    rests = list(_pause_times(record, every, [(day + opens, day + closes) for day in days]))
    people = sorted({each.row["person"] or 0 for each in work})
    for day in days:
        begin, end = day + opens, day + closes
        waits = _wait_spans(every, begin, end)
        closed_hours = tuple(span for span in closed_spans(record, 0, end) if span[1] > begin)
        for who in people:
            mine = tuple(each for each in work if each.begin // DAY_SECONDS * DAY_SECONDS == day and (each.row["person"] or 0) == who)
            if mine:
                name, starts = split_second(mine[0].begin, first_day)
                ends = max(mine, key=lambda each: each.end).row["end"]
                last, stops = split_moment(ends)
                name_text = name[:1].upper() + name[1:] + (f", {name_person(mine[0].row)}" if len(people) > 1 else "")
                times = f"{starts} to {'' if last == name else short_day(ends)}{stops}"
                pauses = tuple(rest for rest in rests if begin < rest <= end)
                day_strip = DayStrip(begin=begin, end=end, name=name_text, times=times, work=mine, waits=waits)
                yield replace(day_strip, pause_points=pauses, closed_hours=closed_hours)
        yield from _device_strips(record, every, begin, end)


def _wait_spans(every: Sequence[Stretch], begin: float, end: float) -> tuple[TimeSpan, ...]:
    """Return the waits as spans that do not overlap."""
    spans: list[TimeSpan] = []
    for each in sorted(every, key=lambda each: each.begin):
        if each.row["kind"] != "wait" or each.end <= begin or each.begin >= end:
            continue
        if spans and each.begin <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(spans[-1][1], each.end)
        else:
            spans.append((each.begin, each.end))
    return tuple(spans)


def _device_strips(record: Record, every: Sequence[Stretch], begin: float, end: float) -> Iterator[DayStrip]:
    """Yield the strips of the devices in use between *begin* and *end*, in the order of first use."""
    names = _device_names(record)
    by_device: dict[str, list[Stretch]] = {}
    for each in sorted(every, key=lambda each: each.begin):
        if each.row["equipment"] and each.begin < end and each.end > begin:
            by_device.setdefault(each.row["equipment"], []).append(each)
    for device, mine in by_device.items():
        work = tuple(part for each in mine if each.row["kind"] == "hands_on" for part in _split_by_day(each) if begin <= part.begin < end)
        name = f"{format_step_numbers([each.row['step'] for each in mine])} {names.get(device, device)}"
        yield DayStrip(begin=begin, end=end, name=name, work=work, waits=_wait_spans(mine, begin, end), is_device=True)


def _device_names(record: Record) -> dict[str, str]:
    """Return the names of devices by id: a long name gives way to the short one, unless another device has the same."""
    often = Counter(item["short_name"] for item in record["equipment"])
    return {
        item["id"]: item["short_name"] if len(item["name"]) > MOST_NAME_CHARS and often[item["short_name"]] == 1 else item["name"]
        for item in record["equipment"]
    }


def _split_by_day(stretch: Stretch) -> Iterator[Stretch]:
    """Split a stretch by unit and at midnight: work that goes on after midnight belongs to the next day."""
    for low, high in unit_spans(stretch.row, stretch.begin, stretch.end):
        begin = low
        while (midnight := begin // DAY_SECONDS * DAY_SECONDS + DAY_SECONDS) < high:
            yield Stretch(begin=begin, end=midnight, row=stretch.row)
            begin = midnight
        yield Stretch(begin=begin, end=high, row=stretch.row)


def _pause_times(record: Record, every: Sequence[Stretch], strip_spans: Sequence[TimeSpan]) -> Iterator[float]:
    """Yield the pause points: when a step and its wait end, or, if no strip shows that time, the end of the strip before."""
    ends = {each.row["step"]: each.end for each in sorted(every, key=lambda each: each.end)}
    for step in record["steps"]:
        if step["pause_point"] and step["number"] in ends:
            rest = ends[step["number"]]
            is_visible = any(begin < rest <= end for begin, end in strip_spans)
            yield rest if is_visible else max((end for _, end in strip_spans if end < rest), default=strip_spans[0][1])


def strip_legend(every: Sequence[DayStrip]) -> str:
    """Return the legend below the strips, which explains what they show."""
    grey = CLOSED_LEGEND if any(strip.closed_hours for strip in every) else ""
    late = LATE_LEGEND if any(rest == strip.end for strip in every for rest in strip.pause_points) else ""
    return f"{LEGEND}{late}{grey}{DEVICE_LEGEND if any(strip.is_device for strip in every) else ''}."


def place_numbers(steps: Sequence[tuple[float, int]], measure: Callable[[str], float], edge: float) -> list[tuple[float, str]]:
    """Return the step numbers and their positions, none beyond *edge*; a number without room joins the one before it.

    *steps* are pairs of position and number; *measure* returns the width of a text.
    """
    groups: list[tuple[float, list[int]]] = []
    for left, number in steps:
        groups.append((left, [number]))
        while len(groups) > 1:
            (before, earlier), (here, later) = groups[-2:]
            if min(here, edge - measure(format_step_numbers(later))) >= before + measure(format_step_numbers(earlier)) + NUMBER_GAP:
                break
            groups[-2:] = [(before, earlier + later)]
    return [(min(left, edge - measure(format_step_numbers(numbers))), format_step_numbers(numbers)) for left, numbers in groups]


def list_devices(every: Sequence[DayStrip]) -> str:
    """Return the devices of strips in words, for a timeline that has no room for their strips."""
    names = "; ".join(dict.fromkeys(strip.name for strip in every if strip.is_device))
    return f"Devices, by step: {names}." if names else ""


def step_starts(strip: DayStrip) -> list[tuple[float, int]]:
    """Return when each row of the schedule begins in a strip, and its step number; of several units only the first is named."""
    first = {id(each.row): each for each in reversed(strip.work)}
    return sorted((each.begin, each.row["step"]) for each in first.values())


def hour_marks(strip: DayStrip, most: float) -> list[tuple[float, str]]:
    """Return the hours of the day that are labelled over a strip, at most *most*, each as seconds since its begin and label."""
    count = int((strip.end - strip.begin) // HOUR)
    step = next(step for step in (1, 2, 3, 4, 6, 8, 12, 24) if count / step <= most or step == 24)
    first = int(strip.begin % DAY_SECONDS // HOUR)
    return [(hour * HOUR, str(first + hour)) for hour in range(0, count, step)]


def format_step_numbers(numbers: Sequence[int]) -> str:
    """Return step numbers as a range (``2–4``) if they follow one another, else as a list."""
    every = sorted(set(numbers))
    if len(every) > 1 and every == list(range(every[0], every[-1] + 1)):
        return f"{every[0]}–{every[-1]}"
    return ", ".join(map(str, every))
