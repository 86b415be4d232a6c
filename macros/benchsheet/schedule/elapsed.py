"""When each step begins and ends, counted from the first: one person, steps in their order, plates one after another.

Says where a wait grows because the next step is slower. Days and nights are in `clock`.
"""

from __future__ import annotations

from .._dataclass import dataclass
from ..run.events import Step
from ..units.base_units import Seconds
from .rows import ZERO, ExtendedWait, ScheduleRow, build_row


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
    rows, extensions = _lay_out(steps, 0)
    unit = next((step.unit for step in steps if step.unit), "unit")
    return rows, [
        ExtendedWait(step=one.step, following=one.following, planned=one.planned, longest=one.longest, most_units=_largest_fit(steps, one), unit=unit)
        for one in extensions
    ]


def _lay_out(steps: list[Step], units: int) -> tuple[list[ScheduleRow], list[ExtendedWait]]:
    """Lay the steps out in time, with *units* units instead of each step's own unless it is 0."""
    rows: list[ScheduleRow] = []
    extensions: list[ExtendedWait] = []
    ready_times: dict[str, tuple[Step, _ReadyTimes]] = {}
    stops: dict[str, Seconds] = {}  # when a device is over with what an earlier step put into it
    free = ZERO
    for step in steps:
        many = (min(units, step.unit_count) or step.unit_count) if step.unit else 1
        before = [ready_times[title] for title in step.after]
        if step.batches:
            free, ready = _lay_out_batches(step, max(free, stops.get(step.equipment, ZERO)), before, rows)
            ready_times[step.title], stops[step.equipment] = (step, ready), ready.last
            continue
        start, pace = free, step.per_unit
        for other, ready in before:
            unit_by_unit = bool(step.unit) and other.unit == step.unit
            start = max(start, ready.first - step.fixed if unit_by_unit else ready.last)
            if unit_by_unit and other.wait and other.wait.most is not None:  # each is picked up in time: at the pace of putting down
                pace = max(pace, ready.every)
        for other, ready in before:
            if step.unit and other.unit == step.unit:  # the last one is not picked up early
                start = max(start, ready.last - step.fixed - pace * (many - 1))
        last = start + step.fixed + pace * (many - 1) + step.per_unit
        extensions += [extension for other, ready in before if (extension := _find_extension(step, other, ready, start, pace, many))]
        if step.hands_on or not step.wait:
            rows.append(build_row(step, "hands_on", start, last, pace, many, who=1))
            free = last
        first_ready, every = (start + step.fixed + step.per_unit, pace) if step.unit and many > 1 else (last, ZERO)
        length = step.wait.plan if step.wait else ZERO
        if length:
            rows.append(build_row(step, "wait", first_ready, last + length, every, many))
        ready_times[step.title] = step, _ReadyTimes(first=first_ready + length, every=every, last=last + length)
    return rows, extensions


def _lay_out_batches(step: Step, free: Seconds, before: list[tuple[Step, _ReadyTimes]], rows: list[ScheduleRow]) -> tuple[Seconds, _ReadyTimes]:
    """Lay batches out one after another, each with its wait; what follows takes up all units after the last."""
    start = max([free, *(ready.last for _, ready in before)])
    length = step.wait.plan if step.wait else ZERO
    if len(set(step.batches)) == 1:  # one regular run
        work, many = step.per_batch + step.per_unit * step.batches[0], len(step.batches)
        end, pace = start + step.fixed + work, work + length
        last = end + pace * (many - 1)
        rows.append(build_row(step, "hands_on", start, last, pace, many, who=1))
        if length:
            rows.append(build_row(step, "wait", end, last + length, pace, many))
        return last, _ReadyTimes(first=last + length, every=ZERO, last=last + length)
    for place, size in enumerate(step.batches):
        end = start + (ZERO if place else step.fixed) + step.per_batch + step.per_unit * size
        rows.append(build_row(step, "hands_on", start, end, who=1))
        if length:
            rows.append(build_row(step, "wait", end, end + length))
        free, start = end, end + length
    return free, _ReadyTimes(first=start, every=ZERO, last=start)


def _find_extension(step: Step, other: Step, ready: _ReadyTimes, start: Seconds, pace: Seconds, many: int) -> ExtendedWait | None:
    """Return how long the unit that waits longest waits, if that is beyond the wait's time."""
    if other.wait is None or other.wait.most is None or other.batches or step.unit != other.unit:
        return None
    pickup = start + step.fixed if step.unit else start
    late = pickup - ready.first
    if step.unit:
        late = max(late, pickup + pace * (many - 1) - ready.last)
    longest = other.wait.plan + late
    return ExtendedWait(step=other, following=step, planned=other.wait.plan, longest=longest, most_units=0) if longest > other.wait.most else None


def _largest_fit(steps: list[Step], extension: ExtendedWait) -> int:
    """Return how many units at a time keep this wait within its time, found by laying out fewer."""
    low, high = 0, max(step.unit_count for step in steps) - 1  # all of them do not fit: that is why it is asked
    while low < high:
        middle = (low + high + 1) // 2
        if any(one.step is extension.step and one.following is extension.following for one in _lay_out(steps, middle)[1]):
            high = middle - 1
        else:
            low = middle
    return low
