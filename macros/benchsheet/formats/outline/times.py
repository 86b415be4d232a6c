"""When each step is planned and for whom, as a printed sheet says it: the day, from when to when, until when it waits; computes no time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...units import format_count
from .timetable import moment_order, split_moment

_MOST_ROWS = 4  # rows of a step that are told one by one


class StepTimes:
    """The schedule of a run, asked by the number of a step."""

    def __init__(self, schedule: list[dict[str, Any]], steps: list[dict[str, Any]] | tuple[()] = ()) -> None:
        self.has_clock = bool(schedule) and not schedule[0]["start"].startswith("P")
        self.several_people = len({row["who"] for row in schedule if row["who"]}) > 1
        self._rows: dict[tuple[int, str], list[dict[str, Any]]] = {}
        for row in schedule:
            self._rows.setdefault((row["step"], row["kind"]), []).append(row)
        numbers: dict[str, int] = {}
        self._followers: dict[int, list[int]] = {}
        for step in steps:
            for before in step["after"]:
                self._followers.setdefault(numbers.get(before, 0), []).append(step["number"])
            numbers[step["title"]] = step["number"]

    def _rows_of(self, step: int, kind: str) -> list[dict[str, Any]]:
        return self._rows.get((step, kind), [])

    def day(self, step: int) -> str:
        """Return the day on which a step begins."""
        rows = self._rows_of(step, "hands_on") or self._rows_of(step, "wait")
        return split_moment(min((row["start"] for row in rows), key=moment_order))[0] if rows else ""

    def pace_row(self, step: int) -> dict[str, Any] | None:
        """Return the one row of a step whose units come at one pace."""
        rows = self._rows_of(step, "hands_on")
        return rows[0] if len(rows) == 1 else None

    def unit_counts(self, step: int) -> Iterator[tuple[str, int]]:
        """Return what a step is done by, and how many of them, where they come one after another."""
        rows = self._rows_of(step, "hands_on")
        if rows and rows[0]["units"]:
            yield rows[0]["units"], sum(row["times"] for row in rows)

    def work_times(self, step: int) -> str:
        """Return from when to when somebody is at work."""
        return self._format_spans(self._rows_of(step, "hands_on"), self.day(step))

    def wait_end(self, step: int) -> str:
        """Return until when a step waits, the last of its units where they come one after another."""
        rows = self._rows_of(step, "wait")
        if not rows:
            return ""
        last = max(rows, key=lambda row: moment_order(row["end"]))
        day, clock = split_moment(last["end"])
        one = len(rows) == 1 and last["times"] == 1
        return f"{'to' if one else 'the last to'} {'' if day == self.day(step) else _short_day(day)}{clock}{self._next_begin(step, last['end'])}"

    def _next_begin(self, step: int, end: str) -> str:
        """Return when the next step begins, where it begins later than the wait ends: nobody is there before."""
        begins = {
            then: min((row["start"] for row in self._rows_of(then, "hands_on")), key=moment_order, default=end)
            for then in self._followers.get(step, ())
        }
        if not begins or min(map(moment_order, begins.values())) <= moment_order(end):
            return ""
        first = min(begins, key=lambda then: moment_order(begins[then]))
        (day, clock), last = split_moment(begins[first]), split_moment(end)[0]
        return f"; step {first} {'' if day == last else f'on {_short_day(day)}'}at {clock}"

    def _format_spans(self, rows: list[dict[str, Any]], day: str) -> str:
        if len(rows) > _MOST_ROWS:
            people = dict.fromkeys(row["who"] for row in rows) if self.several_people else [None]
            rows = [_merge_rows([row for row in rows if who in (None, row["who"])]) for who in people]
        spans = []
        for row in rows:
            (first, begin), (last, end) = split_moment(row["start"]), split_moment(row["end"])
            who = f" {row['who']}" if self.several_people and row["who"] else ""
            who += f": {format_count(row['times'], row['units'])}" if who and row["units"] else ""
            spans.append(f"{'' if first == day else _short_day(first)}{begin} to {'' if last == first else _short_day(last)}{end}{who}")
        return ", ".join(spans)


def _merge_rows(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return rows of one step as one, from the first begin to the last end."""
    ends = max((row["end"] for row in rows), key=moment_order)
    return rows[0] | {"end": ends, "times": sum(row["times"] for row in rows)}


def _short_day(day: str) -> str:
    """Return a day within a line: its name of the week, or its number."""
    return f"{day if day.startswith('day') else day[:3]} "
