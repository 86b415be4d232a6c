"""The nouns of a timetable: a run of work or waiting, and a wait that grows, which is told in words. Places nothing."""

from __future__ import annotations

from fractions import Fraction

from .._dataclass import dataclass
from ..run.events import Step
from ..units import plural, show


@dataclass(frozen=True)
class Row:
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
class Grown:
    """A wait that grows from *planned* to *longest* for some unit, because the person is still busy or the next step is slower.

    *fits* is how many units at a time keep it within its time; 0 if none does. *people* do the work; *better* says which start keeps it.
    """

    step: Step
    following: Step
    planned: Fraction
    longest: Fraction
    fits: int
    unit: str = ""
    people: int = 1
    better: str = ""

    @property
    def serious(self) -> bool:
        """Return whether the end of a range is passed, or a fixed time more than doubled."""
        wait = self.step.wait
        if wait is None or wait.most is None:
            return False
        return self.longest > (wait.most if wait.most > wait.least else 2 * wait.most)


def explained(found: Grown) -> str:
    """Say a grown wait in words: from what to what, and what helps."""
    step, following, unit = found.step, found.following, found.step.unit or found.following.unit
    grows = f"the wait after '{step.title}' grows from {show(found.planned, 'time')} to {show(_minutes(found.longest), 'time')}"
    if not unit:
        why = f"{_hands(found)} what stands between it and step {following.number} ({following.title}) for all units"
        return f"{grows}, since {why}; {_helps(found, found.unit)}"
    why = f"{_hands(found)} step {following.number} ({following.title}) for all of them"
    return f"{grows} for the {unit} that waits longest, since {why}; {_helps(found, unit)}"


def _hands(found: Grown) -> str:
    return "one person does" if found.people == 1 else f"{found.people} people do"


def _helps(found: Grown, unit: str) -> str:
    if found.better and found.serious:
        return found.better + (f", or up to {plural(found.fits, unit)} at a time" if found.fits else "")
    return f"up to {plural(found.fits, unit)} at a time keep it" if found.fits else "more hands keep it"


def _minutes(seconds: Fraction) -> Fraction:
    """Round up to a whole minute, from 2 h up to a quarter of an hour."""
    step = 60 if seconds < 7200 else 900
    return Fraction(-(-seconds // step) * step)
