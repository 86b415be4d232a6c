"""Placed blocks as rows of a timetable: what comes at one pace on one day is one row; a night, a gap or another person begins a new one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from ..run.events import Step
from .model import Block, put_down
from .placement import Placing
from .rows import Row
from .working_days import Moment, day_of


def rows(placed: Placing) -> list[Row]:
    """Return the rows of a run, step by step: the work of each person, and the wait after it."""
    found = []
    for number, step in enumerate(placed.steps):
        blocks = placed.blocks[number]
        unit = "batch" if step.lots else step.unit
        length = _waited(placed, number)
        runs = [(who, run) for who in range(placed.people) for run in _runs([block for block in blocks if block.who == who], placed)]
        runs.sort(key=lambda item: (item[1][0].start, item[0]))
        if step.hands_on or not step.wait:
            found += [_row(step, "hands_on", run, run[0].start, run[-1].put, unit, who + 1) for who, run in runs]
        if length:
            found += [_row(step, "wait", run, run[0].put, run[-1].put + length, unit, 0) for _, run in runs]
    return found


def _row(step: Step, kind: str, run: Sequence[Block], start: Moment, end: Moment, unit: str, who: int) -> Row:
    every = run[1].put - run[0].put if len(run) > 1 else Fraction(0)
    return Row(step.number, kind, start, end, every, len(run), step.equipment, unit, who)


def _runs(blocks: Sequence[Block], placed: Placing) -> Iterator[list[Block]]:
    """Cut blocks where the pace changes or a night lies between."""
    gaps = [_gap(one, two, placed) for one, two in pairwise(blocks)]
    here = 0
    while here < len(blocks):
        end = here
        while end < len(gaps) and gaps[end] is not None and gaps[end] == gaps[here]:
            end += 1
        if end == here + 1 and end < len(gaps) and gaps[end] is not None and gaps[end] < gaps[here]:
            end = here  # alone: the next ones go together
        yield list(blocks[here : end + 1])
        here = end + 1


def _gap(one: Block, two: Block, placed: Placing) -> Moment:
    """Return the pace from one block to the next; None where a night lies between, or they are not alike."""
    if one.lot.work != two.lot.work or two.lot.lead or day_of(placed.days, one.put) != day_of(placed.days, two.start):
        return None
    return two.put - one.put


def _waited(placed: Placing, number: int) -> Moment:
    """Return how long each unit of a step waits at least, until the step after it takes it up: never less than the wait, nor beyond its end."""
    step = placed.steps[number]
    if step.wait is None:
        return 0
    after = [(follower, link.alike) for follower, links in enumerate(placed.links) for link in links if link.before == number]
    same = [(follower, alike) for follower, alike in after if alike] or after  # those that take up the units themselves
    picked = [late for follower, alike in same for late, _ in waits(placed, number, follower, alike=alike)]
    length = min(picked, default=step.wait.planned)
    if step.pause_point or step.wait.most is None and length > 2 * step.wait.planned:
        length = min(length, step.wait.planned)
    if step.lots:  # the device stops by itself
        return min(length, step.wait.planned)
    return length if step.wait.most is None else min(length, step.wait.most)


def waits(placed: Placing, number: int, follower: int, *, alike: bool) -> Iterator[tuple[Moment, Moment]]:
    """Return for each lot of *follower* how long the unit that was put down last waits, and the one that was put down first."""
    before = placed.blocks[number]
    if not alike:
        late = placed.blocks[follower][0].start - before[-1].put
        yield late, late
        return
    for block in placed.blocks[follower]:
        put = put_down(before, block.lot, placed.steps[number].lots)
        yield block.taken - put[-1], block.taken - put[0]
