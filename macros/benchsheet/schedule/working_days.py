"""The working days of a run as stretches of seconds since its start, and sets of moments at which work may begin.

A set is a list of (first, last) in rising order; waits are elapsed time, so a clock change moves the stretches, never a wait.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from ..lab.working_hours import Hours
from .start import Start

Moment = Any  # seconds since the start: an int where it is whole, else a Fraction
Span = tuple[Moment, Moment]
FURTHEST = 28  # days; nobody plans a bench further ahead
LONG_AGO = -(10**9)


def stretches(start: Start, hours: Hours) -> list[Span]:
    """Return the working days from that of the start on, each as (begin, end) in seconds since the start."""
    found = []
    for ahead in range(FURTHEST + 1):
        day = start.local.date() + timedelta(days=ahead)
        if span := hours.days[day.weekday()]:
            begin, end = (start.since(datetime.combine(day, time()) + timedelta(minutes=minute)) for minute in span)
            if end > begin:  # a day shorter than the hour that the clocks skip
                found.append((begin, end))
    return found


def room(days: Iterable[Span], length: Moment) -> list[Span]:
    """Return when a block of *length* may begin so that it ends within the same day."""
    return [(begin, end - length) for begin, end in days if end - begin >= length]


def both(one: list[Span], two: list[Span]) -> list[Span]:
    """Return what is in both sets."""
    found, here, there = [], 0, 0
    while here < len(one) and there < len(two):
        low, high = max(one[here][0], two[there][0]), min(one[here][1], two[there][1])
        if low <= high:
            found.append((low, high))
        if one[here][1] < two[there][1]:
            here += 1
        else:
            there += 1
    return found


def moved(spans: list[Span], by: Moment) -> list[Span]:
    """Return the set, each moment *by* seconds later."""
    return [(low + by, high + by) for low, high in spans]


def reaching(spans: list[Span], least: Moment, most: Moment) -> list[Span]:
    """Return the moments from which a wait of *least* to *most* leads into *spans*."""
    found: list[Span] = []
    for begin, end in spans:
        low, high = begin - most, end - least
        if found and low <= found[-1][1]:
            found[-1] = found[-1][0], max(high, found[-1][1])
        else:
            found.append((low, high))
    return found


def same_day(spans: list[Span], days: Iterable[Span]) -> list[Span]:
    """Return the moments from which a moment of *spans* is still ahead on the same day."""
    found = []
    for begin, end in days:
        lasts = [min(high, end) for low, high in spans if low <= end and high >= begin]
        if lasts:
            found.append((begin, max(lasts)))
    return found


def day_of(days: Iterable[Span], moment: Moment) -> Span | None:
    """Return the working day that *moment* lies in."""
    return next(((begin, end) for begin, end in days if begin <= moment <= end), None)
