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

    *on_same_day*: on the same day, since there is neither a wait nor a pause point, or after a batch. *unit_by_unit*: unit by unit.
    """

    before: int
    least: Fraction
    planned: Fraction
    most: Fraction | None
    on_same_day: bool
    unit_by_unit: bool

    @property
    def is_bound(self) -> bool:
        """Return whether the next step cannot wait as long as it likes."""
        return self.most is not None or self.on_same_day

    @property
    def is_fixed(self) -> bool:
        """Return whether the wait is one time, not a range."""
        return self.most is not None and self.most == self.least


def build_lots(step: Step, units: int = 0) -> list[Lot]:
    """Return the lots of a step, for *units* units instead of its own unless it is 0."""
    many = (min(units, step.unit_count) or step.unit_count) if step.unit else 1
    if not step.unit:
        _, each, count = step.scaling
        saving = each * (count - min(units, count)) if units and each else 0
        return [Lot(0, 0, step.fixed * 0, step.fixed - saving)]
    if step.batches:
        result, first = [], 0
        for full in step.batches:
            size = min(full, many - first)
            if size > 0:
                result.append(Lot(first, first + size - 1, step.fixed if not first else step.fixed * 0, step.per_batch + step.per_unit * size))
            first += size
        return result
    none = step.fixed * 0
    return [Lot(unit, unit, none if unit else step.fixed, step.per_unit) for unit in range(many)]


def build_links(steps: Sequence[Step]) -> list[list[Link]]:
    """Return for each step what it follows."""
    number_by_title = {step.title: number for number, step in enumerate(steps)}
    all_links = []
    for step in steps:
        step_links = []
        for title in step.after:
            other = steps[number_by_title[title]]
            wait, rests = other.wait, bool(other.pause_point)
            unit_by_unit = bool(step.unit) and step.unit == other.unit
            if wait is None:
                zero = other.fixed * 0
                step_links.append(Link(number_by_title[title], zero, zero, None, bool(other.hands_on) and not rests, unit_by_unit))
            elif other.batches:  # a device's own time; what it held may stand for the rest of the day
                step_links.append(Link(number_by_title[title], wait.least, wait.plan, None, wait.most is not None and not rests, unit_by_unit))
            else:
                step_links.append(Link(number_by_title[title], wait.least, wait.plan, None if rests else wait.most, False, unit_by_unit))
        all_links.append(step_links)
    return all_links
