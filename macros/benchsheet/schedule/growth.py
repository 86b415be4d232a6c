"""Waits that grow beyond their time in a plan: a unit is taken up later than its wait lets it, whatever takes it up.

What follows may be unit by unit, in batches of a device, all at once, or count something else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from ..run.events import Step
from .rows import ExtendedWait, ScheduleRow
from .unit_times import UnitTimes

ONE_BY_ONE_SLACK = Fraction(1, 20)  # what waited as one and is taken up one by one: half an hour is much after 10 min, and nothing after 48 h


def find_growth(steps: Sequence[Step], rows: Sequence[ScheduleRow], counts: Mapping[int, int] | None = None) -> Iterator[ExtendedWait]:
    """Return each wait that lasts longer than it may for some unit, with how long; *counts* as for `UnitTimes`."""
    times = UnitTimes(rows, counts)
    for other, step in _list_waits(steps):
        if extended_wait := measure_wait(other, step, times):
            yield extended_wait


def measure_wait(other: Step, step: Step, times: UnitTimes) -> ExtendedWait | None:
    """Return the wait of *other* until *step* takes its units up, if it lasts longer than it may for some unit.

    What waited as one, and is taken up one by one, may last a twentieth longer.
    """
    if other.wait is None or other.wait.most is None:
        return None
    shortest, longest = times.find_waits(other, step)
    slack = other.wait.most * ONE_BY_ONE_SLACK if step.unit and not other.unit else 0
    if longest <= other.wait.most + slack:
        return None
    return ExtendedWait(step=other, following=step, planned=other.wait.plan, longest=longest, most_units=0, shortest=shortest)


def _list_waits(steps: Sequence[Step]) -> Iterator[tuple[Step, Step]]:
    """Yield each step whose wait may last too long, with each step that takes up what waited.

    A pause point lets units stand, and so does a device that stops by itself after a fixed time; one with a range holds them no longer than
    that. Where a step that takes up the same units follows, others that only come after the wait do not take them up.
    """
    by_title = {step.title: step for step in steps}
    taken_up = {(title, step.unit) for step in steps for title in step.after}
    for step in steps:
        for title in step.after:
            other = by_title[title]
            if other.wait is None or other.wait.most is None or other.pause_point or other.batches and other.wait.most <= other.wait.least:
                continue
            if step.unit == other.unit or (title, other.unit) not in taken_up:
                yield other, step
