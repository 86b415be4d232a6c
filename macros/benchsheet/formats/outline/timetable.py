"""Times on a sheet: of a step in its own line, and, where the sheet has a start, the timetable in the order of the clock."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from ...units import plural

COUNTED = "Times count from the first step; day 2 begins 24 h after it. With --start they are working days."
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def lines(record: dict[str, Any]) -> tuple[tuple[str, ...], ...]:
    """Return day, clock times, step and what it is, for every row of the schedule; a day is named where it begins."""
    titles = {step["number"]: step["title"] for step in record["steps"]}
    several = len({row["who"] for row in record["schedule"] if row["who"]}) > 1
    found, shown = [], ""
    for row in sorted(record["schedule"], key=lambda row: row["start"]):
        day, begin = _day(row["start"])
        last, end = _day(row["end"])
        clock = f"{begin} to {end}" if last == day else f"{begin} to {last[:3]} {end}"
        found.append((day if day != shown else "", clock, f"{row['step']} {titles[row['step']]}", _what(row, several=several)))
        shown = day
    return tuple(found)


def _day(moment: str) -> tuple[str, str]:
    day, _, clock = moment.partition("T")
    return f"{_DAYS[date.fromisoformat(day).weekday()]} {day}", clock


def split(moment: str) -> tuple[str, str]:
    """Return the day and the time of a moment of the schedule: ``Mon 2026-11-23`` and ``09:00``, or ``day 1`` and ``+2:05``."""
    if not moment.startswith("P"):
        return _day(moment)
    days, _, rest = moment[1:].partition("DT")
    hours, _, minutes = rest.partition("H")
    return f"day {int(days) + 1}", f"+{hours}:{minutes[:2]}"


def _what(row: dict[str, Any], *, several: bool) -> str:
    words = "wait" if row["kind"] == "wait" else f"hands-on, {row['who']}" if several else "hands-on"
    if not row["units"]:
        return words
    told = f"{words}, {plural(row['times'], row['units'])}"
    return told if row["times"] == 1 else f"{told}, one every {row['every']['text']}"


def paced(row: dict[str, Any] | None, rule: str) -> str:
    """Say how far apart the units come, where that is not just the time that one takes."""
    if row is None or row["times"] < 2 or not row["units"] or f"{row['every']['text']}/" in rule:
        return ""
    return f", one {row['units']} every {row['every']['text']}"


def has_start(record: dict[str, Any]) -> bool:
    """Return whether a run begins at a time of the clock."""
    return bool(record["schedule"]) and not record["schedule"][0]["start"].startswith("P")


def waited(wait: dict[str, Any], *, started: bool) -> str:
    """Say how long a step waits: a time, a range, or so much or more; and what is planned, where no time of the clock says it better.

    A run that is *started* at a time of the clock waits until somebody is there.
    """
    low, high, planned = wait["min"]["text"], wait["max"], wait["planned"]["text"]
    told = "" if started else f" (planned {planned})"
    if high is None:
        return f"{low} or more" + (told if planned != low else "")
    return low if high["text"] == low else f"{low} to {high['text']}{told}"


def order(moment: str) -> tuple[Any, ...]:
    """Return what sorts moments: days, hours and minutes from the first step, or the date and time as written."""
    return tuple(int(part) for part in re.findall(r"\d+", moment)) if moment.startswith("P") else (moment,)


def clock(moment: str) -> str:
    """Return a time of the schedule as people say it: ``day 1, +2 h 05`` or ``2026-11-23 09:00``."""
    if not moment.startswith("P"):
        return moment.replace("T", " ")
    return " at ".join(split(moment))
