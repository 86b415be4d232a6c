"""The planned times of the steps in words: day, begin, end and person, the end of a wait, closed hours, and the timetable of the run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...lab.working_hours import WEEKDAYS
from ...patterns import compile_when_used
from ...record import Record
from ...units import format_count

if TYPE_CHECKING:
    from datetime import datetime

_MOST_ROWS = 4  # if a step has more rows, they are merged


class StepTimes:
    """The schedule of a run by the number of the step; *steps* are needed for `wait_end` alone."""

    def __init__(self, schedule: list[Record], steps: list[Record] | tuple[()] = ()) -> None:
        self.has_start, self.several_people = has_start(schedule), has_several_people(schedule)
        self._begins: dict[int, Record] = {}
        self._rows: dict[tuple[int, str], list[Record]] = {}
        for row in schedule:
            self._begins.setdefault(row["step"], row)
            self._rows.setdefault((row["step"], row["kind"]), []).append(row)
        numbers: dict[str, int] = {}
        self._followers: dict[int, list[int]] = {}
        for step in steps:
            for before in step["after"]:
                self._followers.setdefault(numbers.get(before, 0), []).append(step["number"])
            numbers[step["title"]] = step["number"]

    def _rows_of(self, step: int, kind: str) -> list[Record]:
        return self._rows.get((step, kind), [])

    def day(self, step: int) -> str:
        """Return the day on which a step begins."""
        rows = self._rows_of(step, "hands_on") or self._rows_of(step, "wait")
        return split_moment(min((row["start"] for row in rows), key=moment_order))[0] if rows else ""

    def begin(self, step: int) -> str:
        """Return the moment at which a step begins; "" if it is not in the schedule."""
        return str(self._begins[step]["start"]) if step in self._begins else ""

    def describe_hands_on(self, step: Record) -> str:
        """Return the hands-on time of a step, how long one unit takes, and how far apart the units begin if all have the same distance."""
        rule, rows = step["hands_on"]["rule"], self._rows_of(step["number"], "hands_on")
        words = f"{step['hands_on']['text']}{f' ({rule})' if '/' in rule else ''}"
        if len(rows) != 1 or rows[0]["times"] < 2 or not rows[0]["units"] or f"{rows[0]['every']['text']}/" in rule:
            return words
        return f"{words}, one {rows[0]['units']} every {rows[0]['every']['text']}"

    def unit_counts(self, step: int) -> Iterator[tuple[str, int]]:
        """Yield the name and the number of a step's units, if they are done one after another."""
        rows = self._rows_of(step, "hands_on")
        if rows and rows[0]["units"]:
            yield rows[0]["units"], sum(row["times"] for row in rows)

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
        return f"{'to' if one else 'the last to'} {'' if day == self.day(step) else short_day(day)}{clock}{self._next_begin(step, last['end'])}"

    def _next_begin(self, step: int, end: str) -> str:
        """Return when the next step begins, if that is later than the wait ends, since nobody is there before."""
        begins = {
            then: min((row["start"] for row in self._rows_of(then, "hands_on")), key=moment_order, default=end)
            for then in self._followers.get(step, ())
        }
        if not begins or min(map(moment_order, begins.values())) <= moment_order(end):
            return ""
        first = min(begins, key=lambda then: moment_order(begins[then]))
        (day, clock), last = split_moment(begins[first]), split_moment(end)[0]
        weekday = "" if day == last else short_day(day)
        return f"; step {first} {weekday and f'on {weekday}'}at {clock}"

    def _format_spans(self, rows: list[Record], day: str) -> str:
        if len(rows) > _MOST_ROWS:
            people = dict.fromkeys(row["who"] for row in rows) if self.several_people else [None]
            rows = [_merge_rows([row for row in rows if who in (None, row["who"])]) for who in people]
        spans = []
        for row in rows:
            (first, begin), (last, end) = split_moment(row["start"]), split_moment(row["end"])
            who = f" {row['who']}" if self.several_people and row["who"] else ""
            who += f": {format_count(row['times'], row['units'])}" if who and row["units"] else ""
            spans.append(f"{'' if first == day else short_day(first)}{begin} to {'' if last == first else short_day(last)}{end}{who}")
        return ", ".join(spans)


def _merge_rows(rows: list[Record]) -> Record:
    """Return rows of one step, merged from the first begin to the last end."""
    ends = max((row["end"] for row in rows), key=moment_order)
    return rows[0] | {"end": ends, "times": sum(row["times"] for row in rows)}


def short_day(day: str) -> str:
    """Return a day as it stands within a line, with a space after it: the weekday (``Mon``); nothing where times count from the first step."""
    return "" if day.startswith("hours") else f"{day[:3]} "


def has_start(rows: list[Record]) -> bool:
    """Return whether a schedule has rows with dates, not with times since the first step."""
    return bool(rows) and not rows[0]["start"].startswith("P")


def has_several_people(rows: list[Record]) -> bool:
    """Return whether a schedule has work for more than one person."""
    return len({row["who"] for row in rows if row["who"]}) > 1


HOURS_SETTING = "working hours"  # the lab's setting that a run with a start shows
DAY_SECONDS = 86400
UNIT_SECONDS = {"s": 1, "min": 60, "h": 3600}
_DURATION = compile_when_used(r"P(\d+)DT(\d+)H(\d+)M(?:(\d+)S)?")
_WEEK = compile_when_used(r"(\w+day)(?: to (\w+day))? (\d\d):(\d\d) to (\d\d):(\d\d)")

TimeSpan = tuple[float, float]


def first_day(rows: list[Record]) -> str:
    """Return the date on which a schedule begins; "" if its times count from the first step."""
    return "" if rows[0]["start"].startswith("P") else str(min(row["start"] for row in rows)).partition("T")[0]


def _read_moment(moment: str) -> datetime:
    """Return a day, or a day and a time, as the schedule writes it."""
    from datetime import datetime  # it takes a hundredth of a render to load, and only a run with a start has days

    return datetime.fromisoformat(moment)


def to_seconds(moment: str, first: str) -> float:
    """Return a moment of the schedule in seconds: since midnight of the date *first*, or, where that is empty, since the first step."""
    if first:
        return (_read_moment(moment) - _read_moment(first)).total_seconds()
    match = _DURATION.fullmatch(moment)
    days, hours, minutes, rest = (int(part or 0) for part in match.groups()) if match else (0, 0, 0, 0)
    return float(((days * 24 + hours) * 60 + minutes) * 60 + rest)


def unit_spans(row: Record, begin: float, end: float) -> list[TimeSpan]:
    """Return the spans in which the units of a row from *begin* to *end* are worked on: one for each unit if there are gaps, else one for all."""
    every = float(row["every"]["value"] or 0) * UNIT_SECONDS.get(row["every"]["unit"], 0)
    each = end - begin - every * (row["times"] - 1)
    if row["times"] < 2 or not 0 < each < every:
        return [(begin, end)]
    return [(begin + every * at, begin + every * at + each) for at in range(row["times"])]


def format_moment(second: float, first: str) -> str:
    """Return a second of the run as a moment of the schedule: the inverse of `to_seconds`, to the minute."""
    if first:
        from datetime import timedelta

        return (_read_moment(first) + timedelta(seconds=second)).isoformat(timespec="minutes")
    days, rest = divmod(int(second), DAY_SECONDS)
    return f"P{days}DT{rest // 3600}H{rest % 3600 // 60:02}M"


def closed_spans(record: Record, first: str, begin: float, last: float) -> list[TimeSpan]:
    """Return the spans between *begin* and *last* outside the lab's working hours, in seconds; none if the run has no start."""
    setting = next((item["value"] for item in record["lab"] if item["name"] == HOURS_SETTING), "")
    week: dict[int, TimeSpan] = {}
    for one, other, *clock in _WEEK.findall(setting):
        if one in WEEKDAYS and (other or one) in WEEKDAYS:
            hours = [int(part) for part in clock]
            span = float(hours[0] * 3600 + hours[1] * 60), float(hours[2] * 3600 + hours[3] * 60)
            week |= dict.fromkeys(range(WEEKDAYS.index(one), WEEKDAYS.index(other or one) + 1), span)
    if not week or not first:
        return []
    spans, last_close = [], begin
    for ahead in range(int(last // DAY_SECONDS) + 1):
        day = (_read_moment(first).weekday() + ahead) % 7
        if day in week:
            opens, closes = (DAY_SECONDS * ahead + moment for moment in week[day])
            spans.append((last_close, min(opens, last)))
            last_close = max(closes, begin)
    return [(low, high) for low, high in (*spans, (last_close, last)) if high > low]


RELATIVE_TIMES_NOTE = "Times are hours:minutes from the first step, as if somebody were there day and night. To plan days, give --start."


def timetable_rows(record: Record) -> tuple[tuple[str, ...], ...]:
    """Return day, begin and end, step, and kind of work for each row of the schedule; the day stands only in its first row."""
    titles = {step["number"]: step["title"] for step in record["steps"]}
    several = has_several_people(record["schedule"])
    rows, last_day = [], ""
    for row in sorted(record["schedule"], key=lambda row: row["start"]):
        day, begin = _split_date(row["start"])
        last, end = _split_date(row["end"])
        clock = f"{begin} to {end}" if last == day else f"{begin} to {last[:3]} {end}"
        rows.append((day if day != last_day else "", clock, f"{row['step']} {titles[row['step']]}", _describe_work(row, several=several)))
        last_day = day
    return tuple(rows)


def _split_date(moment: str) -> tuple[str, str]:
    day, _, clock = moment.partition("T")
    return f"{WEEKDAYS[_read_moment(day).weekday()][:3]} {day}", clock


def split_moment(moment: str) -> tuple[str, str]:
    """Return the day and the time of a moment of the schedule: ``Mon 2026-11-23`` and ``09:00``, or ``hours 24 to 48`` and ``+26:05``."""
    if not moment.startswith("P"):
        return _split_date(moment)
    days, _, rest = moment[1:].partition("DT")
    hours, _, minutes = rest.partition("H")
    begin = int(days) * 24
    return f"hours {begin} to {begin + 24}", f"+{begin + int(hours)}:{minutes[:2]}"


def _describe_work(row: Record, *, several: bool) -> str:
    words = "wait" if row["kind"] == "wait" else f"hands-on, {row['who']}" if several else "hands-on"
    if not row["units"]:
        return words
    text = f"{words}, {format_count(row['times'], row['units'])}"
    return text if row["times"] == 1 else f"{text}, one every {row['every']['text']}"


def describe_wait(wait: Record, *, by_clock: bool) -> str:
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


def moment_order(moment: str) -> tuple[Any, ...]:
    """Return a sort key of a moment: days, hours and minutes since the first step, or the date and time as written."""
    return tuple(int(part) for part in re.findall(r"\d+", moment)) if moment.startswith("P") else (moment,)


def format_clock(moment: str) -> str:
    """Return a moment of the schedule as it is written on a sheet: ``+2:05`` or ``2026-11-23 09:00``."""
    if not moment.startswith("P"):
        return moment.replace("T", " ")
    return split_moment(moment)[1]
