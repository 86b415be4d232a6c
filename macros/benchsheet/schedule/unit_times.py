"""When each unit is taken up and put down, read from the rows of a plan; and how long each waits from one step to another.

Where two steps count different things (dishes, then tubes of lysate), they go through in the same order, and what is counted is in
proportion.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, repeat
from operator import sub

from ..run.events import Step
from ..units.base_units import Seconds
from .model import batches_of
from .rows import ScheduleRow

Times = tuple[Sequence[Seconds], Sequence[Seconds]]  # when each unit is taken up, and when it is put down


class UnitTimes:
    """The times of the units of each step in one plan, worked out once for a step that is asked for."""

    def __init__(self, rows: Iterable[ScheduleRow], counts: Mapping[int, int] | None = None) -> None:
        """Read the *rows* of a plan; *counts* says how many units a step has, by its number, where it is not as many as it has in the run."""
        self._counts: Mapping[int, int] = counts or {}
        self._rows: dict[int, list[ScheduleRow]] = {}
        self._times: dict[int, Times] = {}
        for row in rows:
            self._rows.setdefault(row.step, []).append(row)

    def find_waits(self, first: Step, second: Step) -> tuple[Seconds, Seconds]:
        """Return the shortest and the longest time of a unit from the end of work in *first* to its begin in *second*, in seconds."""
        put_down, picked_up = self.of(first)[1], self.of(second)[0]
        if not put_down or not picked_up:  # neither work nor wait
            return 0, 0
        down, up = len(put_down), len(picked_up)
        if down == up:
            waits = list(map(sub, picked_up, put_down))
        elif down == 1:
            waits = list(map(sub, picked_up, repeat(put_down[0])))
        else:
            many = max(down, up)
            waits = [picked_up[unit * up // many] - put_down[unit * down // many] for unit in range(many)]
        return min(waits), max(waits)

    def of(self, step: Step) -> Times:
        """Return when each unit of *step* is taken up and put down, in the order of time; all of a batch are so at once."""
        if step.number not in self._times:
            self._times[step.number] = _find_times(step, self._rows.get(step.number, ()), self._counts.get(step.number, 0))
        return self._times[step.number]


def _find_times(step: Step, rows: Sequence[ScheduleRow], count: int) -> Times:
    hands = [row for row in rows if row.kind == "hands_on"]
    if hands:
        ends = sorted(chain.from_iterable([_list_times(row.end - row.every * (row.times - 1), row) for row in hands]))
    else:
        ends = sorted(chain.from_iterable([_list_times(row.start, row) for row in rows]))
    if step.batches:
        sizes = batches_of(step, count or step.unit_count)
        works = [step.per_batch + step.per_unit * size if hands else 0 for size in sizes]
        units = [(end - work, end) for end, size, work in zip(ends, sizes, works, strict=False) for _ in range(size)]
        return [begin for begin, _ in units], [end for _, end in units]
    if not step.unit:
        return ([min([row.start for row in hands]) if hands else ends[0]], ends[-1:]) if ends else ((), ())
    return ([end - step.per_unit for end in ends], ends) if hands else (ends, ends)


def _list_times(begin: Seconds, row: ScheduleRow) -> Iterable[Seconds]:
    """Return a time for each unit of *row*, from *begin* on."""
    if row.times == 1:
        return (begin,)
    if row.every and isinstance(begin, int) and isinstance(row.every, int):
        return range(begin, begin + row.every * row.times, row.every)
    return [begin + row.every * on for on in range(row.times)]
