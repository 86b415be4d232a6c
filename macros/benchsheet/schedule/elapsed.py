"""When each step begins and ends, counted from the first: one person, steps in their order, plates one after another.

Says where a wait grows because the next step is slower; knows no clock and no night.
"""

from __future__ import annotations

from fractions import Fraction

from .._dataclass import dataclass
from ..run.events import Step
from .rows import Grown, Row

ZERO: Fraction = 0  # type: ignore[assignment]  # whole seconds stay ints, which are quicker and as exact


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
    stops: dict[str, Fraction] = {}  # when a device is over with what an earlier step put into it
    free = ZERO
    for step in steps:
        many = (min(units, step.units) or step.units) if step.unit else 1
        before = [ready[title] for title in step.after]
        if step.lots:
            free, done = _batched(step, max(free, stops.get(step.equipment, ZERO)), before, rows)
            ready[step.title], stops[step.equipment] = (step, done), done.last
            continue
        start, pace = free, step.each
        for other, done in before:
            start = max(start, _begin(step, other, done))
            if done.every > pace and _hurries(other, step):
                pace = done.every
        start = _late_enough(step, start, pace, many, before)
        last = start + step.once + pace * (many - 1) + step.each
        grown += [found for other, done in before if (found := _grown(step, other, done, start, pace, many))]
        if step.hands_on or not step.wait:
            rows.append(Row(step.number, "hands_on", start, last, pace if many > 1 else ZERO, many, step.equipment, step.unit, 1))
            free = last
        first_ready, every = (start + step.once + step.each, pace) if step.unit and many > 1 else (last, ZERO)
        length = step.wait.planned if step.wait else ZERO
        if length:
            rows.append(Row(step.number, "wait", first_ready, last + length, every, many, step.equipment, step.unit))
        ready[step.title] = step, _Done(first_ready + length, every, last + length)
    return rows, grown


def _batched(step: Step, free: Fraction, before: list[tuple[Step, _Done]], rows: list[Row]) -> tuple[Fraction, _Done]:
    """Lay batches out one after another, each with its wait; what follows takes up all units after the last."""
    start = max([free, *(done.last for _, done in before)])
    length = step.wait.planned if step.wait else ZERO
    if len(set(step.lots)) == 1:  # one regular run
        work, many = step.per_batch + step.each * step.lots[0], len(step.lots)
        put, pace = start + step.once + work, work + length
        last = put + pace * (many - 1)
        rows.append(Row(step.number, "hands_on", start, last, pace if many > 1 else ZERO, many, step.equipment, "batch", 1))
        if length:
            rows.append(Row(step.number, "wait", put, last + length, pace if many > 1 else ZERO, many, step.equipment, "batch"))
        return last, _Done(last + length, ZERO, last + length)
    for place, size in enumerate(step.lots):
        put = start + (ZERO if place else step.once) + step.per_batch + step.each * size
        rows.append(Row(step.number, "hands_on", start, put, ZERO, 1, step.equipment, "batch", 1))
        if length:
            rows.append(Row(step.number, "wait", put, put + length, ZERO, 1, step.equipment, "batch"))
        free, start = put, put + length
    return free, _Done(start, ZERO, start)


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
    if other.wait is None or other.wait.most is None or other.lots or step.unit != other.unit:
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
