"""A run on one line of time: its moments as seconds, and the hours in which nobody works; computes no time of a step."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from ...lab.working_hours import WEEKDAYS

HOURS_SETTING = "working hours"  # the lab's setting that a run with a start shows
DAY_SECONDS = 86400
UNIT_SECONDS = {"s": 1, "min": 60, "h": 3600}
_DURATION = re.compile(r"P(\d+)DT(\d+)H(\d+)M(?:(\d+)S)?")
_WEEK = re.compile(r"(\w+day)(?: to (\w+day))? (\d\d):(\d\d) to (\d\d):(\d\d)")

Record = dict[str, Any]
TimeSpan = tuple[float, float]


def first_day(rows: list[Record]) -> str:
    """Return the day on which a schedule begins, or nothing where it counts from its first step."""
    return "" if rows[0]["start"].startswith("P") else str(min(row["start"] for row in rows)).partition("T")[0]


def to_seconds(moment: str, first: str) -> float:
    """Return a moment of the schedule as seconds: since midnight of the day *first*, or since the first step."""
    if first:
        return (datetime.fromisoformat(moment) - datetime.fromisoformat(first)).total_seconds()
    match = _DURATION.fullmatch(moment)
    days, hours, minutes, rest = (int(part or 0) for part in match.groups()) if match else (0, 0, 0, 0)
    return float(((days * 24 + hours) * 60 + minutes) * 60 + rest)


def unit_spans(row: Record, begin: float, end: float) -> list[TimeSpan]:
    """Return when the units of a row from *begin* to *end* are in hand, one by one where something lies between them."""
    every = float(row["every"]["value"] or 0) * UNIT_SECONDS.get(row["every"]["unit"], 0)
    each = end - begin - every * (row["times"] - 1)
    if row["times"] < 2 or not 0 < each < every:
        return [(begin, end)]
    return [(begin + every * at, begin + every * at + each) for at in range(row["times"])]


def format_moment(second: float, first: str) -> str:
    """Return a second of the run as the schedule says its moments: the inverse of `seconds`, to the minute."""
    if first:
        return (datetime.fromisoformat(first) + timedelta(seconds=second)).isoformat(timespec="minutes")
    days, rest = divmod(int(second), DAY_SECONDS)
    return f"P{days}DT{rest // 3600}H{rest % 3600 // 60:02}M"


def closed_spans(record: Record, first: str, begin: float, last: float) -> list[TimeSpan]:
    """Return the hours from *begin* to *last* in which, as the lab says, nobody works; none where the run has no start."""
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
        day = (date.fromisoformat(first) + timedelta(days=ahead)).weekday()
        if day in week:
            opens, closes = (DAY_SECONDS * ahead + moment for moment in week[day])
            spans.append((last_close, min(opens, last)))
            last_close = max(closes, begin)
    return [(low, high) for low, high in (*spans, (last_close, last)) if high > low]
