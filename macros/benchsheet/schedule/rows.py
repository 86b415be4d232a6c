"""The rows of a timetable, and a wait that grows, with the words for it."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from .._dataclass import dataclass
from ..run.events import Step
from ..units import format_amount, format_count
from ..units.base_units import Seconds

ZERO: Seconds = 0
FIXED_SLACK = Fraction(11, 10)  # a time without a range is meant to a tenth


RowKind = Literal["hands_on", "wait"]


@dataclass(frozen=True, kw_only=True)
class ScheduleRow:
    """One regular run of work or waiting: from *start* to *end* in seconds from the beginning, *times* units *every* so many seconds.

    *who* is the person who does it, counted from 1; 0 for a wait.
    """

    step: int
    kind: RowKind
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


def build_row(step: Step, kind: RowKind, start: Seconds, end: Seconds, every: Seconds = ZERO, times: int = 1, *, who: int = 0) -> ScheduleRow:
    """Return a row of *step*: its *times* units, or batches, one *every* so many seconds."""
    units, pace = "batch" if step.batches else step.unit, every if times > 1 else ZERO
    return ScheduleRow(step=step.number, kind=kind, start=start, end=end, every=pace, times=times, equipment=step.equipment, units=units, who=who)
