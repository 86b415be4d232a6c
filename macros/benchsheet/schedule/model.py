"""A block of work with its place in time, and what is said where a step finds none. Plain nouns."""

from __future__ import annotations

from typing import Any

from .._dataclass import dataclass
from .links import Link, Lot
from .working_days import Seconds


@dataclass(frozen=True, slots=True)
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
