"""The rows of a timetable, made from blocks, and a wait that grows, with the words for it.

What comes at one pace on one day is one row; a night, a gap or another person begins a new one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from .._dataclass import dataclass
from ..run.events import Step
from ..units import format_amount, format_count
from ..units.base_units import Seconds
from .model import WorkBlock, put_down_times
from .working_days import find_day

if TYPE_CHECKING:  # a run without a start places no unit
    from .placement import Placement

ZERO: Seconds = 0
FIXED_SLACK = Fraction(11, 10)  # a time without a range is meant to a tenth


@dataclass(frozen=True, kw_only=True)
class ScheduleRow:
    """One regular run of work or waiting: from *start* to *end* in seconds from the beginning, *times* units *every* so many seconds.

    *who* is the person who does it, counted from 1; 0 for a wait.
    """

    step: int
    kind: str
    start: Seconds
    end: Seconds
    every: Seconds
    times: int
    equipment: str
    units: str
    who: int = 0


@dataclass(frozen=True, kw_only=True)
class ExtendedWait:
    """A wait that grows from *planned* to *longest* for some unit, because the person is still busy or the next step is slower.

    *shortest* is what the unit waits that waits least. *most_units* is how many units at a time keep it within its time; 0 if none does: then
    *enough_people* do, 0 if no more help; either is None where that is not known. *people* do the work; *start_hint* says which start keeps it.
    *has_hours* says that it is a plan by the clock.
    """

    step: Step
    following: Step
    planned: Seconds
    longest: Seconds
    most_units: int | None
    unit: str = ""
    people: int = 1
    enough_people: int | None = 0
    shortest: Seconds = 0
    has_hours: bool = False
    start_hint: str = ""

    @property
    def is_serious(self) -> bool:
        """Return whether the end of a range is passed, or a fixed time by more than a tenth."""
        wait = self.step.wait
        if wait is None or wait.most is None:
            return False
        return self.longest > (wait.most if wait.most > wait.least else wait.most * FIXED_SLACK)


def describe_extension(extension: ExtendedWait) -> str:
    """Say a grown wait in words: from what to what, and what helps."""
    step, following, unit = extension.step, extension.following, extension.step.unit or extension.following.unit
    planned, longest = format_amount(extension.planned, "time"), format_amount(_round_up(extension.longest), "time")
    growth = f"the wait after '{step.title}' grows from {planned} to {longest}"
    if not unit:
        why = f"{_describe_people(extension)} what stands between it and step {following.number} ({following.title}) for all units"
        return f"{growth}, since {why}{_suggest_remedy(extension, extension.unit)}"
    if following.batches:
        why = f"step {following.number} ({following.title}) takes them {following.batches_text.partition(',')[0]}, when all are ready"
    elif not following.unit and step.wait and extension.shortest <= (step.wait.most or 0):
        why = f"step {following.number} ({following.title}) takes all at once, when the last is ready"
    elif _is_longer_than_the_work(extension):
        hours = " and working hours" if extension.has_hours else ""
        why = f"step {following.number} ({following.title}) does not fit earlier between other steps{hours}"
    else:
        why = f"{_describe_people(extension)} step {following.number} ({following.title}) for all of them"
    which = f"{unit} that waits longest" if max(step.unit_count, following.unit_count) > 1 else unit
    return f"{growth} for the {which}, since {why}{_suggest_remedy(extension, unit)}"


def _is_longer_than_the_work(extension: ExtendedWait) -> bool:
    """Return whether the wait grows by more than the whole next step takes: then not the other units hold it up."""
    return extension.following.unit_count == 1 or (extension.longest - extension.planned) * extension.people > extension.following.hands_on


def _describe_people(extension: ExtendedWait) -> str:
    return "one person does" if extension.people == 1 else f"{extension.people} people do"


def _suggest_remedy(extension: ExtendedWait, unit: str) -> str:
    """Return what keeps a wait within its time, to end a sentence; of what was not found out, nothing."""
    most, enough = extension.most_units, extension.enough_people
    if extension.start_hint and extension.is_serious:
        return f"; {extension.start_hint}" + (f", or up to {format_count(most, unit)} at a time" if most else "")
    if most:
        return f"; up to {format_count(most, unit)} at a time keep it"
    if enough:
        return f"; {enough} people keep it"
    if most is None:
        return "" if enough is None else "; more hands do not keep it"
    return "; fewer at a time do not keep it" if enough is None else "; neither fewer at a time nor more hands keep it"


def _round_up(seconds: Seconds) -> Seconds:
    """Round up to a whole minute, from 2 h up to a quarter of an hour."""
    step = 60 if seconds < 7200 else 900
    return Fraction(-(-seconds // step) * step)


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


def build_row(step: Step, kind: str, start: Seconds, end: Seconds, every: Seconds = ZERO, times: int = 1, *, who: int = 0) -> ScheduleRow:
    """Return a row of *step*: its *times* units, or batches, one *every* so many seconds."""
    units, pace = "batch" if step.batches else step.unit, every if times > 1 else ZERO
    return ScheduleRow(step=step.number, kind=kind, start=start, end=end, every=pace, times=times, equipment=step.equipment, units=units, who=who)


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
