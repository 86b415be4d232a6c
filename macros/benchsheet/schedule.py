"""When each step begins and ends: one person, steps in their order, plates one after another and picked up in that order.

Times count from the first step; with a start they are clock times, waits elapsed across a clock change. Says where a wait
grows because the next step is slower; places nothing into working hours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from fractions import Fraction

from .errors import ProtocolError
from .record.model import Step
from .units import show

ZERO = Fraction(0)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True)
class Row:
    """One regular run of work or waiting: from *start* to *end* in seconds from the beginning, *times* units *every* so many seconds."""

    step: int
    kind: str
    start: Fraction
    end: Fraction
    every: Fraction
    times: int
    equipment: str
    units: str


@dataclass(frozen=True)
class Grown:
    """A wait that grows from *planned* to *longest* because the plates are picked up more slowly than they were put down."""

    step: Step
    following: Step
    planned: Fraction
    longest: Fraction
    fits: int


@dataclass(frozen=True)
class _Done:
    """When the units of a step are ready: the first at *first*, each further one *every* later; the last at *last*."""

    first: Fraction
    every: Fraction
    last: Fraction


def schedule(steps: list[Step]) -> tuple[list[Row], list[Grown]]:
    """Return the rows of the run, and the waits that grow. Source of the rule: design, plates staggered by hands-on a plate."""
    rows: list[Row] = []
    grown: list[Grown] = []
    ready: dict[str, _Done] = {}
    by_title = {step.title: step for step in steps}
    free = ZERO
    for step in steps:
        before = [(by_title[title], ready[title]) for title in step.after]
        start = max([free, *(_begin(step, done) for _, done in before)], default=ZERO)
        slowest = max([step.each, *(done.every for other, done in before if other.unit == step.unit)], default=step.each) if step.unit else step.each
        start, slowest = _paced(step, start, slowest, before)
        last = start + step.once + slowest * max(step.units - 1, 0) + step.each
        for other, done in before:
            found = _grown(step, other, done, start, slowest)
            grown += [found] if found else []
        if step.hands_on or not step.wait:
            rows.append(Row(step.number, "hands_on", start, last, slowest if step.units > 1 else ZERO, step.units, step.equipment, step.unit))
            free = last
        first_ready, every = (start + step.once + step.each, slowest) if step.unit else (last, ZERO)
        length = step.wait.planned if step.wait else ZERO
        if step.wait and length:
            rows.append(Row(step.number, "wait", first_ready, last + length, every, step.units if step.unit else 1, step.equipment, step.unit))
        ready[step.title] = _Done(first_ready + length, every, last + length)
    return rows, grown


def _begin(step: Step, done: _Done) -> Fraction:
    """Return the earliest start after another step: with its first unit where both go unit by unit, else with its last."""
    return done.first if step.unit and done.every else done.last


def _paced(step: Step, start: Fraction, slowest: Fraction, before: list[tuple[Step, _Done]]) -> tuple[Fraction, Fraction]:
    """Never pick up a unit before its wait is over: as slowly as units become ready, counted from the first."""
    if not step.unit:
        return start, step.each
    for other, done in before:
        if other.unit == step.unit and step.units > 1:
            last_ready = done.last
            last_start = start + step.once + slowest * (step.units - 1)
            if last_start < last_ready:
                start += last_ready - last_start
    return start, slowest


def _grown(step: Step, other: Step, done: _Done, start: Fraction, pace: Fraction) -> Grown | None:
    """Return how far the wait of *other* grows beyond its range, and how many units would keep it within."""
    if other.wait is None or other.wait.most is None or other.wait.most == other.wait.least or not step.unit or other.unit != step.unit:
        return None
    first = other.wait.planned + start + step.once - done.first
    longest = other.wait.planned + start + step.once + pace * (step.units - 1) - done.last
    if longest <= other.wait.most:
        return None
    fits = int((other.wait.most - first) // (pace - done.every)) + 1 if pace > done.every and first <= other.wait.most else 0
    return Grown(other, step, other.wait.planned, longest, fits)


def explained(found: Grown) -> str:
    """Say a grown wait in words."""
    step, most = found.step, show(found.step.wait.most or ZERO, "time") if found.step.wait else ""
    return (
        f"the wait of step {step.number} ({step.title}) grows from {show(found.planned, 'time')} to {show(found.longest, 'time')} for the last {step.unit}, "
        f"beyond {most}, because step {found.following.number} takes longer a {step.unit}: {found.fits} at a time fit, or more hands"
    )


def duration(seconds: Fraction) -> str:
    """Return seconds as an ISO 8601 duration from the first step: P1DT2H05M."""
    whole = int(seconds)
    days, rest = divmod(whole, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, left = divmod(rest, 60)
    return f"P{days}DT{hours}H{minutes:02d}M" + (f"{left:02d}S" if left else "")


@dataclass(frozen=True)
class Start:
    """When the run begins: a wall-clock time, in a time zone if the lab has one."""

    local: datetime
    zone: str = ""

    def at(self, seconds: Fraction) -> str:
        """Return the ISO local time *seconds* later; elapsed time, so that a wait across a clock change is as long as it says."""
        later = timedelta(seconds=int(seconds))
        if not self.zone:
            return (self.local + later).isoformat(timespec="minutes")
        zone = _zone(self.zone)
        moment = self.local.replace(tzinfo=zone).astimezone(UTC) + later
        return moment.astimezone(zone).replace(tzinfo=None).isoformat(timespec="minutes")

    def canonical(self) -> str:
        """Return the start and its zone, as they enter the digest."""
        return f"{self.local.isoformat(timespec='minutes')} {self.zone}".strip()


def _zone(name: str) -> tzinfo:
    import zoneinfo

    return zoneinfo.ZoneInfo(name)


def start(text: str, zone: str) -> Start:
    """Read ``2026-11-23T09:00``; raise ProtocolError for another form, or for a time that the clocks skip."""
    try:
        if not _MOMENT.fullmatch(text.strip()):
            raise ValueError(text)
        local = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ProtocolError(f"{text!r} is not a date and time", "write it like 2026-11-23T09:00; the zone is the lab's", "--start") from None
    if not 1990 <= local.year <= 2200:
        raise ProtocolError(f"{text!r} is not a year of this laboratory's", "write it like 2026-11-23T09:00", "--start")
    if zone:
        there = local.replace(tzinfo=_zone(zone))
        if there.astimezone(UTC).astimezone(_zone(zone)).replace(tzinfo=None) != local:
            raise ProtocolError(f"{text!r} does not exist in {zone}: the clocks skip it", "begin an hour later", "--start")
    return Start(local, zone)
