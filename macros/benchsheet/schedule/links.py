"""How the steps of a run hang together: what has to be over before which, within what time, and in which lots a step is done.

A lot is what is in hand at once: one plate, one batch of a rotor, or all there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .._dataclass import dataclass
from ..run.events import Step


@dataclass(frozen=True, slots=True)
class Lot:
    """Units *first* to *last* of a step, in hand for *work* seconds after *lead* seconds that are spent once."""

    first: int
    last: int
    lead: Fraction
    work: Fraction

    @property
    def length(self) -> Fraction:
        """Return how long the person is busy with it."""
        return self.lead + self.work


@dataclass(frozen=True, slots=True)
class Link:
    """Step *before* has to be over: *least* to *most* after it (*most* None: no end), as near to *planned* as can be.

    *daily*: on the same day, since there is neither a wait nor a pause point, or after a batch. *alike*: unit by unit.
    """

    before: int
    least: Fraction
    planned: Fraction
    most: Fraction | None
    daily: bool
    alike: bool

    @property
    def bound(self) -> bool:
        """Return whether the next step cannot wait as long as it likes."""
        return self.most is not None or self.daily

    @property
    def fixed(self) -> bool:
        """Return whether the wait is one time, not a range."""
        return self.most is not None and self.most == self.least


def lots(step: Step, units: int = 0) -> list[Lot]:
    """Return the lots of a step, for *units* units instead of its own unless it is 0."""
    many = (min(units, step.units) or step.units) if step.unit else 1
    if not step.unit:
        _, each, count = step.scaled
        saved = each * (count - min(units, count)) if units and each else 0
        return [Lot(0, 0, step.once * 0, step.once - saved)]
    if step.lots:
        found, first = [], 0
        for full in step.lots:
            size = min(full, many - first)
            if size > 0:
                found.append(Lot(first, first + size - 1, step.once if not first else step.once * 0, step.per_batch + step.each * size))
            first += size
        return found
    none = step.once * 0
    return [Lot(unit, unit, none if unit else step.once, step.each) for unit in range(many)]


def links(steps: Sequence[Step]) -> list[list[Link]]:
    """Return for each step what it follows."""
    place = {step.title: number for number, step in enumerate(steps)}
    found = []
    for step in steps:
        mine = []
        for title in step.after:
            other = steps[place[title]]
            wait, rests = other.wait, bool(other.pause_point)
            alike = bool(step.unit) and step.unit == other.unit
            if wait is None:
                zero = other.once * 0
                mine.append(Link(place[title], zero, zero, None, bool(other.hands_on) and not rests, alike))
            elif other.lots:  # a device's own time; what it held may stand for the rest of the day
                mine.append(Link(place[title], wait.least, wait.planned, None, wait.most is not None and not rests, alike))
            else:
                mine.append(Link(place[title], wait.least, wait.planned, None if rests else wait.most, False, alike))
        found.append(mine)
    return found
