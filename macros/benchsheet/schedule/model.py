"""A block of work with its place in time, and what is said where a step finds none. Plain nouns."""

from __future__ import annotations

from typing import Any

from .._dataclass import dataclass
from .links import Link, Lot
from .working_days import Moment


@dataclass(frozen=True, slots=True)
class Block:
    """A lot in hand of person *who* from *start* to *put*; its units are picked up at *taken*."""

    lot: Lot
    start: Moment
    taken: Moment
    put: Moment
    who: int
    head: int


def put_down(before: list[Block], lot: Lot, batched: tuple[int, ...]) -> list[Moment]:
    """Return when the units of a lot were put down in the step before."""
    if not batched and lot.first == lot.last:
        return [before[lot.first].put]
    return [block.put for block in before if block.lot.last >= lot.first and block.lot.first <= lot.last]


class Stuck(Exception):
    """Step *step* has no place: *link* says what it follows, None if nothing; *nights* says that a night would part its units."""

    def __init__(self, step: int, link: Link | None = None, *, nights: bool = False) -> None:
        super().__init__()
        self.step, self.link, self.nights = step, link, nights
        self.placing: Any = None
