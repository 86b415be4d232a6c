"""Waits that grow beyond their time in a plan: a unit is taken up later than its wait lets it, whatever takes it up.

What follows may be unit by unit, in batches of a device, all at once, or count something else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from ..run.events import Step
from ..units.base_units import Seconds
from .rows import ExtendedWait, ScheduleRow
from .unit_times import compare_times, unit_times

ONE_BY_ONE_SLACK = Fraction(1, 20)  # what waited as one and is taken up one by one: half an hour is much after 10 min, and nothing after 48 h


def find_growth(steps: Sequence[Step], rows: Sequence[ScheduleRow], counts: Mapping[int, int] | None = None) -> Iterator[ExtendedWait]:
    """Return each wait that lasts longer than it may for some unit, with how long; *counts* as in `find_hours`.

    What waited as one, and is taken up one by one, may last a twentieth longer. A pause point and a device that stops by itself let
    units stand. Where a step that takes up the same units follows, others that only come after the wait do not take them up.
    """
    by_title, counts = {step.title: step for step in steps}, counts or {}
    times: dict[int, list[tuple[Seconds, Seconds]]] = {}

    def find_times(step: Step) -> list[tuple[Seconds, Seconds]]:
        if step.number not in times:
            times[step.number] = unit_times(step, rows, counts.get(step.number, 0))
        return times[step.number]

    taken_up = {(title, step.unit) for step in steps for title in step.after}
    for step in steps:
        for title in step.after:
            other = by_title[title]
            if other.wait is None or other.wait.most is None or other.pause_point or other.batches:
                continue
            if step.unit != other.unit and (title, other.unit) in taken_up:
                continue
            shortest, longest = compare_times(find_times(other), find_times(step))
            slack = other.wait.most * ONE_BY_ONE_SLACK if step.unit and not other.unit else 0
            if longest > other.wait.most + slack:
                yield ExtendedWait(step=other, following=step, planned=other.wait.plan, longest=longest, most_units=0, shortest=shortest)
