"""The planned times of the steps in words: day, begin, end and person, the end of a wait, closed hours, and the timetable of the run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING

from ...lab.working_hours import WEEKDAYS
from ...units import format_count

if TYPE_CHECKING:
    from datetime import datetime

    from ...record.step_types import Moment, Row, RowKind, Step, Wait
    from ...record.types import Record

_MOST_ROWS = 4  # if a step has more rows, they are merged


class StepTimes:
    """The schedule of a run by the number of the step; *steps* are needed for `wait_end` alone."""

    def __init__(self, schedule: Sequence[Row], steps: Iterable[Step] = ()) -> None:
        self.has_start, self.several_people = has_start(schedule), has_several_people(schedule)
        self._begins: dict[int, Row] = {}
        self._rows: dict[tuple[int, RowKind], list[Row]] = {}
        for row in schedule:
            self._begins.setdefault(row["step"], row)
            self._rows.setdefault((row["step"], row["kind"]), []).append(row)
        numbers: dict[str, int] = {}
        self._followers: dict[int, list[int]] = {}
        for step in steps:
            for before in step["follows"]:
                self._followers.setdefault(numbers.get(before, 0), []).append(step["number"])
            numbers[step["id"]] = step["number"]

    def _rows_of(self, step: int, kind: RowKind) -> list[Row]:
        return self._rows.get((step, kind), [])

    def day(self, step: int) -> str:
        """Return the day on which a step begins."""
        rows = self._rows_of(step, "hands_on") or self._rows_of(step, "wait")
        return split_moment(min((row["begin"] for row in rows), key=moment_order))[0] if rows else ""

    def date(self, step: int) -> str:
        """Return the date on which a step begins; "" if it is not in the schedule, or the run has no start."""
        rows = self._rows_of(step, "hands_on") or self._rows_of(step, "wait")
        first = min((row["begin"] for row in rows), key=moment_order, default=None)
        return f"{_read_day(first['local']):%Y-%m-%d}" if first and first["local"] else ""

    def begin(self, step: int) -> Moment | None:
        """Return the moment at which a step begins; None if it is not in the schedule."""
        return self._begins[step]["begin"] if step in self._begins else None

    def describe_hands_on(self, step: Step) -> str:
        """Return the hands-on time of a step, how long one unit takes, and how far apart the units begin if all have the same distance."""
        hands_on, rows = step["hands_on"], self._rows_of(step["number"], "hands_on")
        each = [term["time"]["text"] for term in hands_on["terms"] if term["unit"]]
        words = hands_on["total"]["text"] + (f" ({hands_on['text']})" if each else "")
        if len(rows) != 1 or rows[0]["times"] < 2 or not rows[0]["unit"] or rows[0]["every"]["text"] in each:
            return words
        return f"{words}, one {rows[0]['unit']} every {rows[0]['every']['text']}"

    def unit_counts(self, step: int) -> Iterator[tuple[str, int]]:
        """Yield the name and the number of a step's units, if they are done one after another."""
        rows = self._rows_of(step, "hands_on")
        if rows and rows[0]["unit"]:
            yield rows[0]["unit"], sum(row["times"] for row in rows)

    def work_times(self, step: int) -> str:
        """Return the times from begin to end of the work on a step."""
        return self._format_spans(self._rows_of(step, "hands_on"), self.day(step))

    def wait_end(self, step: int) -> str:
        """Return when the wait of a step ends, or that of its last unit, and when the next step begins; "" without a wait."""
        rows = self._rows_of(step, "wait")
        if not rows:
            return ""
        last = max(rows, key=lambda row: moment_order(row["end"]))
        day, clock = split_moment(last["end"])
        one = len(rows) == 1 and last["times"] == 1
        return (
            f"{'to' if one else 'the last to'} {'' if day == self.day(step) else short_day(last['end'])}{clock}{self._next_begin(step, last['end'])}"
        )

    def _next_begin(self, step: int, end: Moment) -> str:
        """Return when the next step begins, if that is later than the wait ends, since nobody is there before."""
        begins = {
            then: min((row["begin"] for row in self._rows_of(then, "hands_on")), key=moment_order, default=end)
            for then in self._followers.get(step, ())
        }
        if not begins or min(map(moment_order, begins.values())) <= moment_order(end):
            return ""
        first = min(begins, key=lambda then: moment_order(begins[then]))
        (day, clock), last = split_moment(begins[first]), split_moment(end)[0]
        weekday = "" if day == last else short_day(begins[first])
        return f"; step {first} {weekday and f'on {weekday}'}at {clock}"

    def _format_spans(self, rows: list[Row], day: str) -> str:
        if len(rows) > _MOST_ROWS:
            people = dict.fromkeys(row["person"] for row in rows) if self.several_people else [None]
            rows = [_merge_rows([row for row in rows if person in (None, row["person"])]) for person in people]
        spans = []
        for row in rows:
            (first, begin), (last, end) = split_moment(row["begin"]), split_moment(row["end"])
            who = f" {name_person(row)}" if self.several_people and row["person"] else ""
            who += f": {format_count(row['times'], row['unit'])}" if who and row["unit"] else ""
            spans.append(f"{'' if first == day else short_day(row['begin'])}{begin} to {'' if last == first else short_day(row['end'])}{end}{who}")
        return ", ".join(spans)


def _merge_rows(rows: list[Row]) -> Row:
    """Return rows of one step, merged from the first begin to the last end."""
    ends = max((row["end"] for row in rows), key=moment_order)
    return {**rows[0], "end": ends, "times": sum(row["times"] for row in rows)}


def name_person(row: Row) -> str:
    """Return who does a row of work: ``person 1``; "" for a wait."""
    return f"person {row['person']}" if row["person"] else ""


def has_start(rows: Sequence[Row]) -> bool:
    """Return whether a schedule has rows with dates, not with times since the first step."""
    return bool(rows) and rows[0]["begin"]["local"] is not None


def has_several_people(rows: Iterable[Row]) -> bool:
    """Return whether a schedule has work for more than one person."""
    return len({row["person"] for row in rows if row["person"]}) > 1


DAY_SECONDS = 86400
UNIT_SECONDS = {"s": 1, "min": 60, "h": 3600}

TimeSpan = tuple[float, float]


def _read_day(date: str) -> datetime:
    """Return the midnight of a date, or a date and time, as the Record writes it."""
    from datetime import datetime  # it takes a hundredth of a render to load, and only a run with a start has days

    return datetime.fromisoformat(date)


def to_seconds(moment: Moment, first_day: str | None) -> float:
    """Return a moment of the schedule in seconds: since midnight of the date *first_day*, or, where there is none, since the first step."""
    if moment["local"] is None or first_day is None:
        return float(moment["seconds"])
    return (_read_day(moment["local"]) - _read_day(first_day)).total_seconds()


def unit_spans(row: Row, begin: float, end: float) -> list[TimeSpan]:
    """Return the spans in which the units of a row from *begin* to *end* are worked on: one for each unit if there are gaps, else one for all."""
    every = float(row["every"]["value"] or 0) * UNIT_SECONDS.get(row["every"]["unit"], 0)
    each = end - begin - every * (row["times"] - 1)
    if row["times"] < 2 or not 0 < each < every:
        return [(begin, end)]
    return [(begin + every * at, begin + every * at + each) for at in range(row["times"])]


def split_second(second: float, first_day: str | None) -> tuple[str, str]:
    """Return the day and the time, to the minute, of a second as `to_seconds` counts them."""
    days, rest = divmod(int(second), DAY_SECONDS)
    hours, minutes = rest // 3600, rest % 3600 // 60
    if first_day is None:
        return _name_hours(days), f"+{24 * days + hours}:{minutes:02}"
    from datetime import timedelta

    return _name_day(_read_day(first_day) + timedelta(days=days)), f"{hours:02}:{minutes:02}"


def closed_spans(record: Record, begin: float, last: float) -> list[TimeSpan]:
    """Return the spans between *begin* and *last* outside the lab's working hours, in seconds; none if the run has no start."""
    first_day, week = record["clock"]["first_day"], {day["weekday"]: (day["opens"], day["closes"]) for day in record["clock"]["working_hours"]}
    if not week or first_day is None:
        return []
    weekday = _read_day(first_day).weekday()
    spans, last_close = [], begin
    for ahead in range(int(last // DAY_SECONDS) + 1):
        day = (weekday + ahead) % 7
        if day in week:
            opens, closes = (float(DAY_SECONDS * ahead + moment) for moment in week[day])
            spans.append((last_close, min(opens, last)))
            last_close = max(closes, begin)
    return [(low, high) for low, high in (*spans, (last_close, last)) if high > low]


RELATIVE_TIMES_NOTE = "Times are hours:minutes from the first step, as if somebody were there day and night. To plan days, give --start."


def timetable_rows(record: Record) -> tuple[tuple[str, str, str, str], ...]:
    """Return day, begin and end, step, and kind of work for each row of the schedule; the day stands only in its first row."""
    several = has_several_people(record["schedule"])
    rows, last_day = [], ""
    for row in sorted(record["schedule"], key=lambda row: row["begin"]["seconds"]):
        day, clock, step, what = timetable_row(record, row, several=several)
        rows.append((day if day != last_day else "", clock, step, what))
        last_day = day
    return tuple(rows)


def timetable_row(record: Record, row: Row, *, several: bool = False) -> tuple[str, str, str, str]:
    """Return day, begin and end, step, and kind of work of one row; with its person if *several* work in the run."""
    title = next(step["title"] for step in record["steps"] if step["number"] == row["step"])
    (day, begin), (last, end) = split_moment(row["begin"]), split_moment(row["end"])
    clock = f"{begin} to {end}" if last == day else f"{begin} to {short_day(row['end'])}{end}"
    return day, clock, f"{row['step']} {title}", _describe_work(row, several=several)


def split_moment(moment: Moment) -> tuple[str, str]:
    """Return the day and the time of a moment of the schedule: ``Mon 2026-11-23`` and ``09:00``, or ``hours 24 to 48`` and ``+26:05``."""
    if moment["local"] is None:
        return split_second(moment["seconds"], None)
    there = _read_day(moment["local"])
    return _name_day(there), f"{there:%H:%M:%S}" if there.second else f"{there:%H:%M}"


def _name_day(there: datetime) -> str:
    return f"{WEEKDAYS[there.weekday()][:3]} {there:%Y-%m-%d}"


def _name_hours(days: int) -> str:
    return f"hours {24 * days} to {24 * days + 24}"


def short_day(moment: Moment) -> str:
    """Return a day as it stands within a line, with a space after it: the weekday (``Mon``); nothing where times count from the first step."""
    return "" if moment["local"] is None else f"{WEEKDAYS[_read_day(moment['local']).weekday()][:3]} "


def _describe_work(row: Row, *, several: bool) -> str:
    words = "wait" if row["kind"] == "wait" else f"hands-on, {name_person(row)}" if several else "hands-on"
    if not row["unit"]:
        return words
    text = f"{words}, {format_count(row['times'], row['unit'])}"
    return text if row["times"] == 1 else f"{text}, one every {row['every']['text']}"


def describe_wait(wait: Wait, *, by_clock: bool) -> str:
    """Return how long a step waits: a time, a range, or a least time; and what is planned, unless the sheet gives clock times (*by_clock*)."""
    low, high, planned = str(wait["min"]["text"]), wait["max"], wait["planned"]["text"]
    planned_note = "" if by_clock else f" (planned {planned})"
    if high is None:
        return f"{low} or more" + (planned_note if planned != low else "")
    if high["text"] == low:
        return low
    if wait["min"]["value"]:
        return f"{low} to {high['text']}{planned_note}"
    return f"at most {high['text']}" + (planned_note if wait["planned"]["value"] else "")


moment_order = itemgetter("seconds")


def format_clock(moment: Moment) -> str:
    """Return a moment of the schedule as it is written on a sheet: ``+2:05`` or ``2026-11-23 09:00``."""
    clock = split_moment(moment)[1]
    return clock if moment["local"] is None else f"{_read_day(moment['local']):%Y-%m-%d} {clock}"
