"""When each step of a run may begin so that what is bound to it can follow by day, worked out from the last step back.

Says nothing of who is free.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..run.events import Step
from ..units.base_units import Seconds
from .model import Link, Lot
from .working_days import LONG_AGO, Interval, intersect, reach_back, same_day_starts, shift_intervals, starts_within


class StartWindows:
    """Sets of moments: *pickups* says when the units of a step may be picked up."""

    def __init__(self, steps: Sequence[Step], lots: list[list[Lot]], links: list[list[Link]], days: list[Interval]) -> None:
        self.steps, self.lots, self.links, self.days = steps, lots, links, days
        self.unit_ends: list[list[Interval]] = [[] for _ in steps]
        self.last_ends: list[list[Interval]] = [[] for _ in steps]
        self.pickups: list[list[Interval]] = [[] for _ in steps]
        self._always: list[Interval] = [(LONG_AGO, days[-1][1])]
        self._starts_by_lot: dict[tuple[int, Any, Any, bool], list[Interval]] = {}
        self._look_ahead()

    def _look_ahead(self) -> None:
        """Work out, from the last step back, when each may be put down so that what is bound to it can follow by day."""
        for number in reversed(range(len(self.steps))):
            same = last = self._always
            for follower in range(number + 1, len(self.steps)):
                for link in self.links[follower]:
                    if link.before != number or not link.is_bound:
                        continue
                    pickups = self.pickups[follower]
                    if link.most is None:
                        ends = same_day_starts(pickups, self.days, link.least, link.device_most)
                    else:
                        ends = reach_back(pickups, link.least, link.most)
                    same, last = (intersect(same, ends), last) if link.unit_by_unit else (same, intersect(last, ends))
            self.unit_ends[number], self.last_ends[number] = same, intersect(same, last)
            work: Seconds = max(lot.work for lot in self.lots[number])
            when = starts_within(self.days, work) if self.steps[number].hands_on else self._always
            self.pickups[number] = intersect(
                when, shift_intervals(self.unit_ends[number] if self.steps[number].unit else self.last_ends[number], -work)
            )

    def starts(self, number: int, lot: Lot) -> list[Interval]:
        """Return when a lot may begin, whoever is free."""
        final = lot is self.lots[number][-1]
        key = number, lot.lead, lot.work, final
        if key not in self._starts_by_lot:
            when = starts_within(self.days, lot.length) if self.steps[number].hands_on else self._always
            self._starts_by_lot[key] = intersect(when, shift_intervals(self.last_ends[number] if final else self.unit_ends[number], -lot.length))
        return self._starts_by_lot[key]
