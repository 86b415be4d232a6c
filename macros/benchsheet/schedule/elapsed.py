"""When each step begins and ends, counted from the first: one person, steps in their order, plates one after another.

Batches that go from one device into another go in turn, so that none stands until the first device is through with all.

Says where a wait grows because the next step is slower. Days and nights are in `clock`.
"""

from __future__ import annotations

from itertools import zip_longest

from .._dataclass import dataclass, replace
from ..run.events import Step
from ..units.base_units import Seconds
from .growth import find_growth, measure_wait
from .model import batches_of
from .rows import ZERO, ExtendedWait, ScheduleRow, build_row
from .unit_times import UnitTimes


@dataclass(frozen=True, kw_only=True)
class _ReadyTimes:
    """When the units of a step are ready: the first at *first*, each further one *every* later; the last at *last*."""

    first: Seconds
    every: Seconds
    last: Seconds


def schedule_elapsed(steps: list[Step]) -> tuple[list[ScheduleRow], list[ExtendedWait]]:
    """Return the rows of the run, and the waits that grow beyond their time.

    Rule: steps in their order, as soon as the person is free and what they follow is over; units one after another.
    """
    rows, counts = _lay_out(steps, 0)
    unit = next((step.unit for step in steps if step.unit), "unit")
    grown = [replace(one, most_units=_largest_fit(steps, one), unit=unit) for one in find_growth(steps, rows, counts)]
    if all(one.most_units for one in grown):
        return rows, grown
    from .clock import find_enough_around_the_clock  # only where fewer units would not help

    enough = find_enough_around_the_clock(steps)
    return rows, [one if one.most_units else replace(one, enough_people=enough) for one in grown]


def _lay_out(steps: list[Step], units: int, total: int = 0) -> tuple[list[ScheduleRow], dict[int, int]]:
    """Lay the steps out in time, and say how many units each has.

    With *units* that are not 0 there are so many instead of each step's own, or, of what is counted otherwise, in proportion to *units* of *total*.
    """
    rows: list[ScheduleRow] = []
    counts: dict[int, int] = {}
    ready_times: dict[str, tuple[Step, _ReadyTimes]] = {}
    stops: dict[str, Seconds] = {}  # when a device is over with what an earlier step put into it
    free = ZERO
    piped: Step | None = None  # the batches of this one were laid out with those of the step before it
    for step, following in zip_longest(steps, steps[1:]):
        many = step.unit_count
        if step.unit and units:
            many = -(-step.unit_count * units // total) if total else min(units, step.unit_count)
        counts[step.number] = many
        if step is piped:
            continue
        before = [ready_times[title] for title in step.after]
        if following and _takes_up_batches(following, step) and len(batches_of(step, many)) > 1:
            pair, piped = (step, following), following
            stop = [stops.get(one.equipment, ZERO) for one in pair]
            begin = max([free, stop[0], *(ready.last for _, ready in before)])
            free, (first, second) = _lay_out_in_turn(pair, batches_of(step, many), begin, stop[1], rows)
            ready_times[step.title], stops[step.equipment] = (step, first), first.last
            ready_times[following.title], stops[following.equipment] = (following, second), second.last
            continue
        if step.batches:
            free, ready = _lay_out_batches(step, batches_of(step, many), max(free, stops.get(step.equipment, ZERO)), before, rows)
            ready_times[step.title], stops[step.equipment] = (step, ready), ready.last
            continue
        start, pace = max(free, stops.get(step.equipment, ZERO)) if step.occupied else free, step.per_unit
        for other, ready in before:
            unit_by_unit = bool(step.unit) and other.unit == step.unit
            start = max(start, ready.first - step.fixed if unit_by_unit else ready.last)
            if unit_by_unit and other.wait and other.wait.most is not None:  # each is picked up in time: at the pace of putting down
                pace = max(pace, ready.every)
        for other, ready in before:
            if step.unit and other.unit == step.unit:  # the last one is not picked up early
                start = max(start, ready.last - step.fixed - pace * (many - 1))
        last = start + step.fixed + pace * (many - 1) + step.per_unit
        if step.hands_on or not step.wait:
            rows.append(build_row(step, "hands_on", start, last, pace, many, who=1))
            free = last
        first_ready, every = (start + step.fixed + step.per_unit, pace) if step.unit and many > 1 else (last, ZERO)
        length = step.wait.plan if step.wait else ZERO
        if length:
            rows.append(build_row(step, "wait", first_ready, last + length, every, many))
        ready_times[step.title] = step, _ReadyTimes(first=first_ready + length, every=every, last=last + length)
        if step.occupied:
            stops[step.equipment] = last + length
    return rows, counts


def _lay_out_batches(
    step: Step, batches: tuple[int, ...], free: Seconds, before: list[tuple[Step, _ReadyTimes]], rows: list[ScheduleRow]
) -> tuple[Seconds, _ReadyTimes]:
    """Lay batches out one after another, each with its wait; what follows takes up all units after the last."""
    start = max([free, *(ready.last for _, ready in before)])
    length = step.wait.plan if step.wait else ZERO
    if len(set(batches)) == 1:  # one regular run
        work, many = step.per_batch + step.per_unit * batches[0], len(batches)
        end, pace = start + step.fixed + work, work + length
        last = end + pace * (many - 1)
        rows.append(build_row(step, "hands_on", start, last, pace, many, who=1))
        if length:
            rows.append(build_row(step, "wait", end, last + length, pace, many))
        return last, _ReadyTimes(first=last + length, every=ZERO, last=last + length)
    for place, size in enumerate(batches):
        end = start + (ZERO if place else step.fixed) + step.per_batch + step.per_unit * size
        rows.append(build_row(step, "hands_on", start, end, who=1))
        if length:
            rows.append(build_row(step, "wait", end, end + length))
        free, start = end, end + length
    return free, _ReadyTimes(first=start, every=ZERO, last=start)


def _takes_up_batches(following: Step, step: Step) -> bool:
    """Return whether a step takes up the batches of the one before it as they are, in another device, and nothing else."""
    alike = following.unit == step.unit and following.batches == step.batches and following.equipment != step.equipment
    return bool(step.batches) and alike and following.after == (step.title,)


def _lay_out_in_turn(
    pair: tuple[Step, Step], batches: tuple[int, ...], begin: Seconds, stop: Seconds, rows: list[ScheduleRow]
) -> tuple[Seconds, tuple[_ReadyTimes, _ReadyTimes]]:
    """Lay out two steps whose batches follow each other: each batch is taken up as it is ready, before another one is begun.

    The second device is free from *stop* on. Return when the person is free, and when the units of each step are ready.
    """
    waits = [step.wait.plan if step.wait else ZERO for step in pair]
    free, stops, done = begin, [begin, stop], [0, 0]
    ready: list[Seconds] = []
    while done[1] < len(batches):
        begins = [stops[0] if done[0] < len(batches) else None, max(stops[1], ready[done[1]]) if done[1] < len(ready) else None]
        which = 1 if begins[0] is None or begins[1] is not None and max(free, begins[1]) <= max(free, begins[0]) else 0
        step, start = pair[which], max(free, begins[which] or ZERO)
        free = start + (ZERO if done[which] else step.fixed) + step.per_batch + step.per_unit * batches[done[which]]
        rows.append(build_row(step, "hands_on", start, free, who=1))
        if waits[which]:
            rows.append(build_row(step, "wait", free, free + waits[which]))
        stops[which], done[which] = free + waits[which], done[which] + 1
        if not which:
            ready.append(stops[0])
    return free, (_ReadyTimes(first=stops[0], every=ZERO, last=stops[0]), _ReadyTimes(first=stops[1], every=ZERO, last=stops[1]))


def _largest_fit(steps: list[Step], extension: ExtendedWait) -> int:
    """Return how many units at a time keep this wait within its time, found by laying out fewer, up to the step that takes them up."""
    place = next(place for place, step in enumerate(steps) if step is extension.following)
    steps = steps[: place + 2]  # with the next one, since the batches of two steps may be laid out in turn
    total = extension.step.unit_count if extension.step.unit else extension.following.unit_count if extension.following.unit else 0
    low, high = 0, (total or max(step.unit_count for step in steps)) - 1  # all of them do not fit: that is why it is asked
    while low < high:
        middle = (low + high + 1) // 2
        if measure_wait(extension.step, extension.following, UnitTimes(*_lay_out(steps, middle, total))):
            high = middle - 1
        else:
            low = middle
    return low
