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

ZERO: Fraction = 0  # type: ignore[assignment]  # whole seconds stay ints, which are quicker and as exact
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
    """A wait that grows from *planned* to *longest* for some unit, because the person is still busy or the next step is slower.

    *fits* is how many units at a time keep it within its time; 0 if none does.
    """

    step: Step
    following: Step
    planned: Fraction
    longest: Fraction
    fits: int
    unit: str = ""

    @property
    def serious(self) -> bool:
        """Return whether the end of a range is passed, or a fixed time more than doubled."""
        wait = self.step.wait
        if wait is None or wait.most is None:
            return False
        return self.longest > (wait.most if wait.most > wait.least else 2 * wait.most)


@dataclass(frozen=True)
class _Done:
    """When the units of a step are ready: the first at *first*, each further one *every* later; the last at *last*."""

    first: Fraction
    every: Fraction
    last: Fraction


def schedule(steps: list[Step]) -> tuple[list[Row], list[Grown]]:
    """Return the rows of the run, and the waits that grow beyond their time.

    Rule: steps in their order, as soon as the person is free and what they follow is over; units one after another.
    """
    rows, grown = _laid(steps, 0)
    unit = next((step.unit for step in steps if step.unit), "unit")
    return rows, [Grown(one.step, one.following, one.planned, one.longest, _fits(steps, one), unit) for one in grown]


def _laid(steps: list[Step], units: int) -> tuple[list[Row], list[Grown]]:
    """Lay the steps out in time, with *units* units instead of each step's own unless it is 0."""
    rows: list[Row] = []
    grown: list[Grown] = []
    ready: dict[str, tuple[Step, _Done]] = {}
    free = ZERO
    for step in steps:
        many = (min(units, step.units) or step.units) if step.unit else 1
        before = [ready[title] for title in step.after]
        start, pace = free, step.each
        for other, done in before:
            start = max(start, _begin(step, other, done))
            if done.every > pace and _hurries(other, step):
                pace = done.every
        start = _late_enough(step, start, pace, many, before)
        last = start + step.once + pace * (many - 1) + step.each
        grown += [found for other, done in before if (found := _grown(step, other, done, start, pace, many))]
        if step.hands_on or not step.wait:
            rows.append(Row(step.number, "hands_on", start, last, pace if many > 1 else ZERO, many, step.equipment, step.unit))
            free = last
        first_ready, every = (start + step.once + step.each, pace) if step.unit and many > 1 else (last, ZERO)
        length = step.wait.planned if step.wait else ZERO
        if length:
            rows.append(Row(step.number, "wait", first_ready, last + length, every, many, step.equipment, step.unit))
        ready[step.title] = step, _Done(first_ready + length, every, last + length)
    return rows, grown


def _hurries(other: Step, step: Step) -> bool:
    """Return whether each unit has to be picked up in time, so that the pace at which units were put down is kept."""
    return bool(step.unit) and other.unit == step.unit and other.wait is not None and other.wait.most is not None


def _begin(step: Step, other: Step, done: _Done) -> Fraction:
    """Return the earliest start after another step: with its first unit where both go unit by unit, else with its last."""
    return done.first - step.once if step.unit and step.unit == other.unit else done.last


def _late_enough(step: Step, start: Fraction, pace: Fraction, many: int, before: list[tuple[Step, _Done]]) -> Fraction:
    """Never pick up the last unit before its wait is over."""
    for other, done in before:
        if step.unit and other.unit == step.unit:
            start = max(start, done.last - step.once - pace * (many - 1))
    return start


def _grown(step: Step, other: Step, done: _Done, start: Fraction, pace: Fraction, many: int) -> Grown | None:
    """Return how long the unit that waits longest waits, if that is beyond the wait's time."""
    if other.wait is None or other.wait.most is None or step.unit != other.unit:
        return None
    picked = start + step.once if step.unit else start
    late = picked - done.first
    if step.unit:
        late = max(late, picked + pace * (many - 1) - done.last)
    longest = other.wait.planned + late
    return Grown(other, step, other.wait.planned, longest, 0) if longest > other.wait.most else None


def _fits(steps: list[Step], found: Grown) -> int:
    """Return how many units at a time keep this wait within its time, found by laying out fewer."""
    low, high = 0, max(step.units for step in steps) - 1  # all of them do not fit: that is why it is asked
    while low < high:
        middle = (low + high + 1) // 2
        if any(one.step is found.step and one.following is found.following for one in _laid(steps, middle)[1]):
            high = middle - 1
        else:
            low = middle
    return low


def explained(found: Grown) -> str:
    """Say a grown wait in words: from what to what, and what helps."""
    step, following, unit = found.step, found.following, found.step.unit or found.following.unit
    grows = f"the wait after '{step.title}' grows from {show(found.planned, 'time')} to {show(_minutes(found.longest), 'time')}"
    if not unit:
        why = f"one person does what stands between it and step {following.number} ({following.title}) for all units"
        return f"{grows}, since {why}; {_helps(found, found.unit)}"
    why = f"one person does step {following.number} ({following.title}) for all of them"
    return f"{grows} for the {unit} that waits longest, since {why}; {_helps(found, unit)}"


def _helps(found: Grown, unit: str) -> str:
    return f"up to {found.fits} {unit}{'' if found.fits == 1 else 's'} at a time keep it" if found.fits else "more hands keep it"


def _minutes(seconds: Fraction) -> Fraction:
    """Round up to a whole minute, from 2 h up to a quarter of an hour."""
    step = 60 if seconds < 7200 else 900
    return Fraction(-(-seconds // step) * step)


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
        form = "seconds" if int(seconds) % 60 else "minutes"
        if not self.zone:
            return (self.local + later).isoformat(timespec=form)
        zone = _zone(self.zone)
        moment = self.local.replace(tzinfo=zone).astimezone(UTC) + later
        return moment.astimezone(zone).replace(tzinfo=None).isoformat(timespec=form)

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
