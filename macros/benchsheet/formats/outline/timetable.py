"""Times on a sheet: of a step in its own line, and, where the sheet has a start, the timetable in the order of the clock."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from ...units import format_count

RELATIVE_TIMES_NOTE = "Times count from the first step; day 2 begins 24 h after it. With --start they are working days."
_SHORT_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def timetable_rows(record: dict[str, Any]) -> tuple[tuple[str, ...], ...]:
    """Return day, clock times, step and what it is, for every row of the schedule; a day is named where it begins."""
    titles = {step["number"]: step["title"] for step in record["steps"]}
    several = len({row["who"] for row in record["schedule"] if row["who"]}) > 1
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
    return f"{_SHORT_DAYS[date.fromisoformat(day).weekday()]} {day}", clock


def split_moment(moment: str) -> tuple[str, str]:
    """Return the day and the time of a moment of the schedule: ``Mon 2026-11-23`` and ``09:00``, or ``day 1`` and ``+2:05``."""
    if not moment.startswith("P"):
        return _split_date(moment)
    days, _, rest = moment[1:].partition("DT")
    hours, _, minutes = rest.partition("H")
    return f"day {int(days) + 1}", f"+{hours}:{minutes[:2]}"


def _describe_work(row: dict[str, Any], *, several: bool) -> str:
    words = "wait" if row["kind"] == "wait" else f"hands-on, {row['who']}" if several else "hands-on"
    if not row["units"]:
        return words
    text = f"{words}, {format_count(row['times'], row['units'])}"
    return text if row["times"] == 1 else f"{text}, one every {row['every']['text']}"


def describe_pace(row: dict[str, Any] | None, rule: str) -> str:
    """Say how far apart the units come, where that is not just the time that one takes."""
    if row is None or row["times"] < 2 or not row["units"] or f"{row['every']['text']}/" in rule:
        return ""
    return f", one {row['units']} every {row['every']['text']}"


def has_start(record: dict[str, Any]) -> bool:
    """Return whether a run begins at a time of the clock."""
    return bool(record["schedule"]) and not record["schedule"][0]["start"].startswith("P")


def describe_wait(wait: dict[str, Any], *, by_clock: bool) -> str:
    """Say how long a step waits: a time, a range, or so much or more; and what is planned, where no time of the clock says it better.

    A run that is *by_clock* at a time of the clock waits until somebody is there.
    """
    low, high, planned = wait["min"]["text"], wait["max"], wait["planned"]["text"]
    planned_note = "" if by_clock else f" (planned {planned})"
    if high is None:
        return f"{low} or more" + (planned_note if planned != low else "")
    return low if high["text"] == low else f"{low} to {high['text']}{planned_note}"


def moment_order(moment: str) -> tuple[Any, ...]:
    """Return what sorts moments: days, hours and minutes from the first step, or the date and time as written."""
    return tuple(int(part) for part in re.findall(r"\d+", moment)) if moment.startswith("P") else (moment,)


def format_clock(moment: str) -> str:
    """Return a time of the schedule as people say it: ``day 1, +2 h 05`` or ``2026-11-23 09:00``."""
    if not moment.startswith("P"):
        return moment.replace("T", " ")
    return " at ".join(split_moment(moment))
