"""When a run keeps hands busy, on paper: a strip for each day with work, all to one scale; computes no time, and refuses nothing.

Work is solid, a wait light, a pause point a thick stroke, what lies outside the lab's hours grey; a thin line stands at each hour.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ...nouns import dataclass
from ..spans import DAY, Span, first_day, moment, nights, seconds
from ..timetable import split
from . import pieces
from .letters import wide
from .pieces import Piece
from .words import call, quoted, said, several

Record = dict[str, Any]
NAME = 92.0  # points before a strip: its day, and from when to when; more where a name is longer
HIGH = 21.0  # of a strip and the room under it
HOUR = 3600
NEAR = 3.0  # points between two numbers of steps
KEY = "A strip for each day with work, a thin line at each hour: work solid below the numbers of its steps, waits light, pause points thick"


@dataclass(frozen=True)
class Stretch:
    """A row of the schedule, or what of it lies in one day: from when to when, in seconds of the run."""

    begin: float
    end: float
    row: Record


@dataclass(frozen=True)
class Strip:
    """What is seen of a run from *begin* to *end*: the *work* of one person, all waits, where work may rest, and closed hours."""

    name: str
    times: str
    begin: float
    end: float
    work: tuple[Stretch, ...]
    waits: tuple[Span, ...]
    rests: tuple[float, ...]
    closed: tuple[Span, ...]


def timeline(record: Record, width: float) -> tuple[Piece, ...]:
    """Return the timeline of a run as *width* points hold it; nothing where nobody has work."""
    every = list(strips(record))
    if not every:
        return ()
    left = max(NAME, *(max(wide(strip.name, bold=True), wide(strip.times)) + NEAR for strip in every))
    scale = (width - left) / (every[0].end - every[0].begin)
    hours = several(f"{left + hour * HOUR * scale:.2f}pt" for hour in range(int((every[0].end - every[0].begin) // HOUR) + 1))
    drawn = Piece(call("strips", hours, f"{HIGH}pt", *(_drawn(strip, left, scale) for strip in every)), lambda _: HIGH * len(every))
    grey = ", outside working hours grey" if any(strip.closed for strip in every) else ""
    return pieces.section(said("Timeline")), drawn, pieces.paragraph(said(f"{KEY}{grey}."))


def strips(record: Record) -> Iterator[Strip]:
    """Return the days with work, for each person; all show the same hours, full ones, from the first to the last with work."""
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
        waits = tuple((each.begin, each.end) for each in every if each.row["kind"] == "wait" and each.end > begin and each.begin < end)
        closed = tuple(span for span in nights(record, first, 0, end) if span[1] > begin)
        for who in people:
            mine = tuple(each for each in work if each.begin // DAY * DAY == day and each.row["who"] == who)
            if mine:
                name, starts = split(moment(mine[0].begin, first))
                last, stops = split(max(mine, key=lambda each: each.end).row["end"])
                stops = stops if last == name else f"{last if last.startswith('day') else last[:3]} {stops}"
                shown = tuple(rest for rest in rests if begin < rest <= end)
                yield Strip(
                    name[:1].upper() + name[1:] + (f", {who}" if len(people) > 1 else ""),
                    f"{starts} to {stops}",
                    begin,
                    end,
                    mine,
                    waits,
                    shown,
                    closed,
                )


def _daily(stretch: Stretch) -> Iterator[Stretch]:
    """Return what of a stretch lies in each day: work that goes on after midnight is work of that day too."""
    begin = stretch.begin
    while (midnight := begin // DAY * DAY + DAY) < stretch.end:
        yield Stretch(begin, midnight, stretch.row)
        begin = midnight
    yield Stretch(begin, stretch.end, stretch.row)


def _rests(record: Record, every: Sequence[Stretch], shown: Sequence[Span]) -> Iterator[float]:
    """Return when work may rest: as a step and its wait end, or, where no strip shows that, at the end of the strip before."""
    ends = {each.row["step"]: each.end for each in sorted(every, key=lambda each: each.end)}
    for step in record["steps"]:
        if step["pause_point"] and step["number"] in ends:
            rest = ends[step["number"]]
            seen = any(begin < rest <= end for begin, end in shown)
            yield rest if seen else max((end for _, end in shown if end < rest), default=shown[0][1])


def _drawn(strip: Strip, left: float, scale: float) -> str:
    """Return a strip as its layout draws it: its day, its times, and where each thing begins and how wide it is."""

    def at(second: float) -> float:
        return left + (min(max(second, strip.begin), strip.end) - strip.begin) * scale

    def bars(spans: Iterable[Span]) -> str:
        return several(f"({at(low):.2f}pt, {max(at(high) - at(low), 0.8):.2f}pt)" for low, high in spans)

    work = bars((each.begin, each.end) for each in strip.work)
    rests = several(f"{at(rest):.2f}pt" for rest in strip.rests)
    edge = at(strip.end)
    told = numbered([(at(each.begin), each.row["step"]) for each in strip.work])
    numbers = several(f"({min(left, edge - wide(words)):.2f}pt, {quoted(words)})" for left, words in told)
    return several([quoted(strip.name), quoted(strip.times), bars(strip.closed), bars(strip.waits), work, rests, numbers])


def numbered(steps: Sequence[tuple[float, int]]) -> list[tuple[float, str]]:
    """Return the numbers of *steps* and where they stand; those without room of their own are told with the one before."""
    found: list[tuple[float, list[int]]] = []
    for left, number in steps:
        if found and left < found[-1][0] + wide(_told(found[-1][1])) + NEAR:
            found[-1][1].append(number)
        else:
            found.append((left, [number]))
    return [(left, _told(numbers)) for left, numbers in found]


def _told(numbers: Sequence[int]) -> str:
    """Return numbers of steps as a span where they follow one another, else one by one."""
    every = sorted(set(numbers))
    if len(every) > 1 and every == list(range(every[0], every[-1] + 1)):
        return f"{every[0]}–{every[-1]}"
    return ", ".join(map(str, every))
