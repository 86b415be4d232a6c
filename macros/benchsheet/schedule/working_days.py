"""The working days of a run as stretches of seconds since its start, and sets of moments at which work may begin.

A set is a list of (first, last) in rising order; waits are elapsed time, so a clock change moves the stretches, never a wait.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from ..lab.working_hours import WorkingHours
from ..units.base_units import Seconds
from .start import Start

Interval = tuple[Seconds, Seconds]
CALENDAR_DAYS = 28  # days; nobody plans a bench further ahead
LONG_AGO = -(10**9)


def working_intervals(start: Start, hours: WorkingHours) -> list[Interval]:
    """Return the working days from that of the start on, each as (begin, end) in seconds since the start."""
    intervals: list[Interval] = []
    for ahead in range(CALENDAR_DAYS + 1):
        day = start.local.date() + timedelta(days=ahead)
        if span := hours.days[day.weekday()]:
            begin, end = (start.seconds_until(datetime.combine(day, time()) + timedelta(minutes=minute)) for minute in span)
            if end > begin:  # a day shorter than the hour that the clocks skip
                intervals.append((begin, end))
    return intervals


def starts_within(days: Iterable[Interval], length: Seconds) -> list[Interval]:
    """Return when a block of *length* may begin so that it ends within the same day."""
    return [(begin, end - length) for begin, end in days if end - begin >= length]


def intersect(one: list[Interval], two: list[Interval]) -> list[Interval]:
    """Return what is in both sets."""
    common: list[Interval] = []
    here = there = 0
    while here < len(one) and there < len(two):
        low, high = max(one[here][0], two[there][0]), min(one[here][1], two[there][1])
        if low <= high:
            common.append((low, high))
        if one[here][1] < two[there][1]:
            here += 1
        else:
            there += 1
    return common


def shift_intervals(intervals: list[Interval], by: Seconds) -> list[Interval]:
    """Return the set, each moment *by* seconds later."""
    return [(low + by, high + by) for low, high in intervals]


def reach_back(intervals: list[Interval], least: Seconds, most: Seconds) -> list[Interval]:
    """Return the moments from which a wait of *least* to *most* leads into *intervals*."""
    starts: list[Interval] = []
    for begin, end in intervals:
        low, high = begin - most, end - least
        if starts and low <= starts[-1][1]:
            starts[-1] = starts[-1][0], max(high, starts[-1][1])
        else:
            starts.append((low, high))
    return starts


def same_day_starts(intervals: list[Interval], days: Iterable[Interval], least: Seconds = 0, most: Seconds = 0) -> list[Interval]:
    """Return the moments from which a moment of *intervals* is still ahead on the day that comes *least* to *most* after them."""
    starts: list[Interval] = []
    for begin, end in days:
        lasts = [min(high, end) for low, high in intervals if low <= end and high >= begin]
        if lasts and begin - most <= max(lasts) - least:
            low = max(begin - most, starts[-1][1]) if starts else begin - most
            starts.append((low, max(lasts) - least))
    return starts


def find_day_within(days: Iterable[Interval], low: Seconds, high: Seconds) -> Interval | None:
    """Return the first working day that has a moment from *low* to *high*."""
    return next(((begin, end) for begin, end in days if begin <= high and end >= low), None)


def find_day(days: Iterable[Interval], moment: Seconds) -> Interval | None:
    """Return the working day that *moment* lies in."""
    return next(((begin, end) for begin, end in days if begin <= moment <= end), None)
