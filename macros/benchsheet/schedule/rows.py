"""The nouns of a timetable: a run of work or waiting, and a wait that grows, which is told in words. Places nothing."""

from __future__ import annotations

from fractions import Fraction

from .._dataclass import dataclass
from ..run.events import Step
from ..units import format_amount, format_count


@dataclass(frozen=True)
class ScheduleRow:
    """One regular run of work or waiting: from *start* to *end* in seconds from the beginning, *times* units *every* so many seconds.

    *who* is the person who does it, counted from 1; 0 for a wait.
    """

    step: int
    kind: str
    start: Fraction
    end: Fraction
    every: Fraction
    times: int
    equipment: str
    units: str
    who: int = 0


@dataclass(frozen=True)
class ExtendedWait:
    """A wait that grows from *planned* to *longest* for some unit, because the person is still busy or the next step is slower.

    *most_units* is how many units at a time keep it within its time; 0 if none does. *people* do the work; *start_hint* says which start keeps it.
    """

    step: Step
    following: Step
    planned: Fraction
    longest: Fraction
    most_units: int
    unit: str = ""
    people: int = 1
    start_hint: str = ""

    @property
    def is_serious(self) -> bool:
        """Return whether the end of a range is passed, or a fixed time more than doubled."""
        wait = self.step.wait
        if wait is None or wait.most is None:
            return False
        return self.longest > (wait.most if wait.most > wait.least else 2 * wait.most)


def describe_extension(extension: ExtendedWait) -> str:
    """Say a grown wait in words: from what to what, and what helps."""
    step, following, unit = extension.step, extension.following, extension.step.unit or extension.following.unit
    planned, longest = format_amount(extension.planned, "time"), format_amount(_round_up(extension.longest), "time")
    growth = f"the wait after '{step.title}' grows from {planned} to {longest}"
    if not unit:
        why = f"{_describe_people(extension)} what stands between it and step {following.number} ({following.title}) for all units"
        return f"{growth}, since {why}; {_suggest_remedy(extension, extension.unit)}"
    why = f"{_describe_people(extension)} step {following.number} ({following.title}) for all of them"
    return f"{growth} for the {unit} that waits longest, since {why}; {_suggest_remedy(extension, unit)}"


def _describe_people(extension: ExtendedWait) -> str:
    return "one person does" if extension.people == 1 else f"{extension.people} people do"


def _suggest_remedy(extension: ExtendedWait, unit: str) -> str:
    if extension.start_hint and extension.is_serious:
        return extension.start_hint + (f", or up to {format_count(extension.most_units, unit)} at a time" if extension.most_units else "")
    return f"up to {format_count(extension.most_units, unit)} at a time keep it" if extension.most_units else "more hands keep it"


def _round_up(seconds: Fraction) -> Fraction:
    """Round up to a whole minute, from 2 h up to a quarter of an hour."""
    step = 60 if seconds < 7200 else 900
    return Fraction(-(-seconds // step) * step)
