"""A run day by day: for each day with work a strip for each person, and below them one for each device in use; computes no time.

All strips of a run show the same hours of the day, full ones, from the first to the last with work.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from .._dataclass import dataclass
from .outline.spans import DAY, Span, first_day, moment, nights, seconds, units
from .outline.timetable import split

Record = dict[str, Any]
HOUR = 3600
NEAR = 3.0  # points between two numbers of steps
KEY = "A strip for each day with work, a line each hour: work solid below its steps, waits light, pause points thick"
SHORT = 24  # signs of a device's name that is told whole
LATE = " (at the edge: after these hours)"
GREY = ", closed hours grey"
DEVICES = ", devices below with their steps"


@dataclass(frozen=True)
class Stretch:
    """A row of the schedule, or of its work one unit, as far as it lies in one day: from when to when, in seconds of the run."""

    begin: float
    end: float
    row: Record


@dataclass(frozen=True)
class Strip:
    """What is seen of a run from *begin* to *end*: the *work* of one person, all waits, where work may rest, and closed hours.

    Of a *device*, it is the work and the waits that need it; its *times* are none, and its name begins with the numbers of the steps.
    """

    name: str
    times: str
    begin: float
    end: float
    work: tuple[Stretch, ...]
    waits: tuple[Span, ...]
    rests: tuple[float, ...] = ()
    closed: tuple[Span, ...] = ()
    device: bool = False


def strips(record: Record) -> Iterator[Strip]:
    """Return the days with work, for each person and then for each device."""
    first = first_day(record["schedule"]) if record["schedule"] else ""
    every = [Stretch(seconds(row["start"], first), seconds(row["end"], first), row) for row in record["schedule"]]
    work = [part for each in every if each.row["kind"] == "hands_on" for part in _daily(each)]
    work.sort(key=lambda each: (each.begin, each.end))
    if not work:
        return
    opens = min(each.begin % DAY for each in work) // HOUR * HOUR
    closes = -(-max(min(each.end - each.begin // DAY * DAY, DAY) for each in work) // HOUR) * HOUR
    days = sorted({each.begin // DAY * DAY for each in work})
    rests = list(_rests(record, every, [(day + opens, day + closes) for day in days]))
    people = sorted({each.row["who"] for each in work})
    for day in days:
        begin, end = day + opens, day + closes
        waits = _waits(every, begin, end)
        closed = tuple(span for span in nights(record, first, 0, end) if span[1] > begin)
        for who in people:
            mine = tuple(each for each in work if each.begin // DAY * DAY == day and each.row["who"] == who)
            if mine:
                name, starts = split(moment(mine[0].begin, first))
                last, stops = split(max(mine, key=lambda each: each.end).row["end"])
                stops = stops if last == name else f"{last if last.startswith('day') else last[:3]} {stops}"
                shown = tuple(rest for rest in rests if begin < rest <= end)
                told = name[:1].upper() + name[1:] + (f", {who}" if len(people) > 1 else "")
                yield Strip(told, f"{starts} to {stops}", begin, end, mine, waits, shown, closed)
        yield from _devices(record, every, begin, end)


def _waits(every: Sequence[Stretch], begin: float, end: float) -> tuple[Span, ...]:
    """Return when something waits, as spans that do not overlap."""
    found: list[Span] = []
    for each in sorted(every, key=lambda each: each.begin):
        if each.row["kind"] != "wait" or each.end <= begin or each.begin >= end:
            continue
        if found and each.begin <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], each.end)
        else:
            found.append((each.begin, each.end))
    return tuple(found)


def _devices(record: Record, every: Sequence[Stretch], begin: float, end: float) -> Iterator[Strip]:
    """Return the devices in use between *begin* and *end*, in the order in which they are taken."""
    named = _named(record)
    used: dict[str, list[Stretch]] = {}
    for each in sorted(every, key=lambda each: each.begin):
        if each.row["equipment"] and each.begin < end and each.end > begin:
            used.setdefault(each.row["equipment"], []).append(each)
    for device, mine in used.items():
        work = tuple(part for each in mine if each.row["kind"] == "hands_on" for part in _daily(each) if begin <= part.begin < end)
        name = f"{told([each.row['step'] for each in mine])} {named.get(device, device)}"
        yield Strip(name, "", begin, end, work, _waits(mine, begin, end), device=True)


def _named(record: Record) -> dict[str, str]:
    """Return what devices are called: a long name up to its comma, where that is no other's too."""
    whole = {item["id"]: str(item["name"]) for item in record["equipment"]}
    short = {device: name.partition(",")[0].strip() for device, name in whole.items()}
    often = Counter(short.values())
    return {device: short[device] if len(name) > SHORT and short[device] and often[short[device]] == 1 else name for device, name in whole.items()}


def _daily(stretch: Stretch) -> Iterator[Stretch]:
    """Return what of a stretch lies in each day, unit by unit: work that goes on after midnight is work of that day too."""
    for low, high in units(stretch.row, stretch.begin, stretch.end):
        begin = low
        while (midnight := begin // DAY * DAY + DAY) < high:
            yield Stretch(begin, midnight, stretch.row)
            begin = midnight
        yield Stretch(begin, high, stretch.row)


def _rests(record: Record, every: Sequence[Stretch], shown: Sequence[Span]) -> Iterator[float]:
    """Return when work may rest: as a step and its wait end, or, where no strip shows that, at the end of the strip before."""
    ends = {each.row["step"]: each.end for each in sorted(every, key=lambda each: each.end)}
    for step in record["steps"]:
        if step["pause_point"] and step["number"] in ends:
            rest = ends[step["number"]]
            seen = any(begin < rest <= end for begin, end in shown)
            yield rest if seen else max((end for _, end in shown if end < rest), default=shown[0][1])


def key(every: Sequence[Strip]) -> str:
    """Say below the strips what their signs mean."""
    grey = GREY if any(strip.closed for strip in every) else ""
    late = LATE if any(rest == strip.end for strip in every for rest in strip.rests) else ""
    return f"{KEY}{late}{grey}{DEVICES if any(strip.device for strip in every) else ''}."


def numbered(steps: Sequence[tuple[float, int]], long: Callable[[str], float], edge: float) -> list[tuple[float, str]]:
    """Return the numbers of *steps* and where they stand, none beyond *edge*; those without room are told with the one before.

    *long* says how long words are.
    """
    found: list[tuple[float, list[int]]] = []
    for left, number in steps:
        found.append((left, [number]))
        while len(found) > 1 and min(found[-1][0], edge - long(told(found[-1][1]))) < found[-2][0] + long(told(found[-2][1])) + NEAR:
            _, numbers = found.pop()
            found[-1][1].extend(numbers)
    return [(min(left, edge - long(told(numbers))), told(numbers)) for left, numbers in found]


def devices(every: Sequence[Strip]) -> str:
    """Tell the devices of strips in words, for where they have no room."""
    named = "; ".join(dict.fromkeys(strip.name for strip in every if strip.device))
    return f"Devices, by step: {named}." if named else ""


def begun(strip: Strip) -> list[tuple[float, int]]:
    """Return when each row of the schedule begins in a strip, with its step; its other units are not named again."""
    first = {id(each.row): each for each in reversed(strip.work)}
    return sorted((each.begin, each.row["step"]) for each in first.values())


def hour_marks(strip: Strip, most: float) -> list[tuple[float, str]]:
    """Return the hours of the day that are named over a strip, *most* of them or fewer, as seconds from its begin, with their names."""
    count = int((strip.end - strip.begin) // HOUR)
    step = next(step for step in (1, 2, 3, 4, 6, 8, 12, 24) if count / step <= most or step == 24)
    first = int(strip.begin % DAY // HOUR)
    return [(hour * HOUR, str(first + hour)) for hour in range(0, count, step)]


def told(numbers: Sequence[int]) -> str:
    """Return numbers of steps as a span where they follow one another, else one by one."""
    every = sorted(set(numbers))
    if len(every) > 1 and every == list(range(every[0], every[-1] + 1)):
        return f"{every[0]}–{every[-1]}"
    return ", ".join(map(str, every))
