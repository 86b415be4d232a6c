"""The rows of a timetable, made from blocks of work.

What comes at one pace on one day is one row; a night, a gap or another person begins a new one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ..units.base_units import Seconds
from .model import WorkBlock, put_down_times
from .placement import Placement
from .rows import ZERO, ScheduleRow, build_row
from .working_days import find_day


def build_rows(placement: Placement) -> list[ScheduleRow]:
    """Return the rows of a run, step by step: the work of each person, and the wait after it."""
    rows = []
    for number, step in enumerate(placement.steps):
        blocks = placement.blocks[number]
        length = _wait_length(placement, number)
        runs = [(who, run) for who in range(placement.people) for run in _split_runs([block for block in blocks if block.who == who], placement)]
        runs.sort(key=lambda item: (item[1][0].start, item[0]))
        if step.hands_on or not step.wait:
            rows += [build_row(step, "hands_on", run[0].start, run[-1].end, _find_pace(run), len(run), who=who + 1) for who, run in runs]
        if length:
            rows += [build_row(step, "wait", run[0].end, run[-1].end + length, _find_pace(run), len(run)) for _, run in runs]
    return rows


def _find_pace(run: Sequence[WorkBlock]) -> Seconds:
    return run[1].end - run[0].end if len(run) > 1 else ZERO


def _split_runs(blocks: Sequence[WorkBlock], placement: Placement) -> Iterator[list[WorkBlock]]:
    """Cut blocks where the pace changes or a night lies between."""
    gaps = [_pace_between(one, two, placement) for one, two in pairwise(blocks)]
    here = 0
    while here < len(blocks):
        end, pace = here, gaps[here] if here < len(gaps) else None
        while end < len(gaps) and pace is not None and gaps[end] == pace:
            end += 1
        after = gaps[end] if end < len(gaps) else None
        if end == here + 1 and pace is not None and after is not None and after < pace:
            end = here  # alone: the next ones go together
        yield list(blocks[here : end + 1])
        here = end + 1


def _pace_between(one: WorkBlock, two: WorkBlock, placement: Placement) -> Seconds | None:
    """Return the pace from one block to the next; None where a night lies between, or they are not alike."""
    if one.lot.work != two.lot.work or two.lot.lead or find_day(placement.days, one.end) != find_day(placement.days, two.start):
        return None
    return two.end - one.end


def _wait_length(placement: Placement, number: int) -> Seconds:
    """Return how long each unit of a step waits at least, until the step after it takes it up: never less than the wait, nor beyond its end."""
    step = placement.steps[number]
    if step.wait is None:
        return 0
    after = [(follower, link.unit_by_unit) for follower, links in enumerate(placement.links) for link in links if link.before == number]
    same = [(follower, unit_by_unit) for follower, unit_by_unit in after if unit_by_unit] or after  # those that take up the units themselves
    lengths = [late for follower, unit_by_unit in same for late, _ in unit_waits(placement, number, follower, unit_by_unit=unit_by_unit)]
    length = min(lengths, default=step.wait.plan)
    if step.pause_point or step.wait.most is None and length > 2 * step.wait.plan:
        length = min(length, step.wait.plan)
    if step.batches:  # the device stops by itself, at the latest as the next batch is put in
        return min(length, step.wait.plan, *(two.start - one.end for one, two in pairwise(placement.blocks[number])))
    return length if step.wait.most is None else min(length, step.wait.most)


def unit_waits(placement: Placement, number: int, follower: int, *, unit_by_unit: bool) -> Iterator[tuple[Seconds, Seconds]]:
    """Return for each lot of *follower* how long the unit that was put down last waits, and the one that was put down first."""
    before = placement.blocks[number]
    if not unit_by_unit:
        late = placement.blocks[follower][0].start - before[-1].end
        yield late, late
        return
    for block in placement.blocks[follower]:
        times = put_down_times(before, block.lot, placement.steps[number].batches)
        yield block.pickup - times[-1], block.pickup - times[0]
