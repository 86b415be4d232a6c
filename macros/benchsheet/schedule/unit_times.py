"""When each unit is taken up and put down, read from the rows of a plan; and how long each waits from one step to another.

Where two steps count different things (dishes, then tubes of lysate), they go through in the same order, and what is counted is in
proportion.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..run.events import Step
from ..units.base_units import Seconds
from .model import batches_of
from .rows import ScheduleRow


def find_hours(first: Step, second: Step, rows: Sequence[ScheduleRow], counts: Mapping[int, int] | None = None) -> tuple[Seconds, Seconds]:
    """Return the shortest and the longest time of a unit from the end of work in *first* to its begin in *second*, in seconds.

    *counts* says how many units a step has, by its number, where it is not as many as it has in the run.
    """
    counts = counts or {}
    return compare_times(unit_times(first, rows, counts.get(first.number, 0)), unit_times(second, rows, counts.get(second.number, 0)))


def compare_times(first: Sequence[tuple[Seconds, Seconds]], second: Sequence[tuple[Seconds, Seconds]]) -> tuple[Seconds, Seconds]:
    """Return what `find_hours` does from the times of the units of two steps, as `unit_times` gives them."""
    put_down = [end for _, end in first]
    picked_up = [begin for begin, _ in second]
    if not put_down or not picked_up:  # neither work nor wait
        return 0, 0
    many = max(len(put_down), len(picked_up))
    waits = [picked_up[unit * len(picked_up) // many] - put_down[unit * len(put_down) // many] for unit in range(many)]
    return min(waits), max(waits)


def unit_times(step: Step, rows: Sequence[ScheduleRow], count: int = 0) -> list[tuple[Seconds, Seconds]]:
    """Return when each of *count* units of *step*, 0 for all, is taken up and put down, in the order of time; all of a batch are so at once."""
    mine = [row for row in rows if row.step == step.number]
    hands = [row for row in mine if row.kind == "hands_on"]
    if hands:
        ends = sorted([row.end - row.every * back for row in hands for back in range(row.times)])
    else:
        ends = sorted([row.start + row.every * on for row in mine for on in range(row.times)])
    if step.batches:
        sizes = batches_of(step, count or step.unit_count)
        works = [step.per_batch + step.per_unit * size if hands else 0 for size in sizes]
        return [(end - work, end) for end, size, work in zip(ends, sizes, works, strict=False) for _ in range(size)]
    if not step.unit:
        return [(min(row.start for row in hands) if hands else ends[0], ends[-1])] if ends else []
    return [(end - step.per_unit if hands else end, end) for end in ends]
