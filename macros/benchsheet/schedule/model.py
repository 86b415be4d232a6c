"""What a schedule is made of: lots in hand at once, links between steps, blocks of work with a place in time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .._dataclass import dataclass
from ..run.events import Step
from ..run.step_times import split_batches
from ..units.base_units import Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkBlock:
    """A lot in hand of person *who* from *start* to *end*; its units are picked up at *pickup*."""

    lot: Lot
    start: Seconds
    pickup: Seconds
    end: Seconds
    who: int
    root_step: int


def put_down_times(before: list[WorkBlock], lot: Lot, batches: tuple[int, ...]) -> list[Seconds]:
    """Return when the units of a lot were put down in the step before."""
    if not batches and lot.first == lot.last:
        return [before[lot.first].end]
    return [block.end for block in before if block.lot.last >= lot.first and block.lot.first <= lot.last]


class Unplaceable(Exception):
    """Step *step* has no place: *link* says what it follows, None if nothing; *nights* says that a night would part its units."""

    def __init__(self, step: int, link: Link | None = None, *, nights: bool = False) -> None:
        super().__init__()
        self.step, self.link, self.nights = step, link, nights
        self.placement: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """Units *first* to *last* of a step, in hand for *work* seconds after *lead* seconds that are spent once."""

    first: int
    last: int
    lead: Seconds
    work: Seconds

    @property
    def length(self) -> Seconds:
        """Return how long the person is busy with it."""
        return self.lead + self.work


@dataclass(frozen=True, kw_only=True)
class Link:
    """Step *before* has to be over: *least* to *most* after it (*most* None: no end), as near to *planned* as can be.

    *on_same_day*: on the same day, since there is neither a wait nor a pause point, or after a batch: then on the day on which the device
    stops, *least* to *device_most* after it. *unit_by_unit*: unit by unit.
    """

    before: int
    least: Seconds
    planned: Seconds
    most: Seconds | None
    on_same_day: bool
    unit_by_unit: bool
    device_most: Seconds = 0

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
        return [Lot(first=0, last=0, lead=step.fixed * 0, work=step.fixed - saving)]
    if step.batches:
        result, first = [], 0
        for size in batches_of(step, many):
            lead = step.fixed * (first == 0)
            result.append(Lot(first=first, last=first + size - 1, lead=lead, work=step.per_batch + step.per_unit * size))
            first += size
        return result
    none = step.fixed * 0
    return [Lot(first=unit, last=unit, lead=none if unit else step.fixed, work=step.per_unit) for unit in range(many)]


def batches_of(step: Step, many: int) -> tuple[int, ...]:
    """Return the batches of a step: its own, or, for fewer units, those that they are split into anew."""
    if many == step.unit_count:
        return step.batches
    return split_batches(many, step.batch_room or max(step.batches), family=step.family)


def build_links(steps: Sequence[Step]) -> list[list[Link]]:
    """Return for each step what it follows."""
    number_by_title = {step.title: number for number, step in enumerate(steps)}
    all_links = []
    for step in steps:
        step_links = []
        for title in step.after:
            other = steps[number_by_title[title]]
            wait, rests = other.wait, bool(other.pause_point)
            least, planned, most = (wait.least, wait.plan, wait.most) if wait else (other.fixed * 0, other.fixed * 0, None)
            on_same_day, device_most = False, most if other.batches and most is not None else least
            if not wait or other.batches:  # a device's own time; what it held may stand for the rest of the day
                most, on_same_day = None, not rests and (bool(other.hands_on) if wait is None else most is not None)
            unit_by_unit = bool(step.unit) and step.unit == other.unit
            most = None if rests else most
            step_links.append(
                Link(
                    before=number_by_title[title],
                    least=least,
                    planned=planned,
                    most=most,
                    on_same_day=on_same_day,
                    unit_by_unit=unit_by_unit,
                    device_most=device_most,
                )
            )
        all_links.append(step_links)
    return all_links
