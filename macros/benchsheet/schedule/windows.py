"""When each step of a run may begin so that what is bound to it can follow by day, worked out from the last step back.

Says nothing of who is free.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..run.events import Step
from .links import Link, Lot
from .working_days import LONG_AGO, Moment, Span, both, moved, reaching, room, same_day


class Windows:
    """Sets of moments: *picks* says when the units of a step may be picked up."""

    def __init__(self, steps: Sequence[Step], lots: list[list[Lot]], links: list[list[Link]], days: list[Span]) -> None:
        self.steps, self.lots, self.links, self.days = steps, lots, links, days
        self.same: list[list[Span]] = [[] for _ in steps]
        self.last: list[list[Span]] = [[] for _ in steps]
        self.picks: list[list[Span]] = [[] for _ in steps]
        self._sets: dict[tuple[int, Any, Any, bool], list[Span]] = {}
        self._look_ahead()

    def _look_ahead(self) -> None:
        """Work out, from the last step back, when each may be put down so that what is bound to it can follow by day."""
        always = [(LONG_AGO, self.days[-1][1])]
        for number in reversed(range(len(self.steps))):
            same = last = always
            for follower in range(number + 1, len(self.steps)):
                for link in self.links[follower]:
                    if link.before != number or not link.bound:
                        continue
                    picks = self.picks[follower]
                    allowed = same_day(picks, self.days) if link.most is None else reaching(picks, link.least, link.most)
                    same, last = (both(same, allowed), last) if link.alike else (same, both(last, allowed))
            self.same[number], self.last[number] = same, both(same, last)
            work: Moment = max(lot.work for lot in self.lots[number])
            when = room(self.days, work) if self.steps[number].hands_on else always
            self.picks[number] = both(when, moved(self.same[number] if self.steps[number].unit else self.last[number], -work))

    def starts(self, number: int, lot: Lot) -> list[Span]:
        """Return when a lot may begin, whoever is free."""
        final = lot is self.lots[number][-1]
        key = number, lot.lead, lot.work, final
        if key not in self._sets:
            when = room(self.days, lot.length) if self.steps[number].hands_on else [(LONG_AGO, self.days[-1][1])]
            self._sets[key] = both(when, moved(self.last[number] if final else self.same[number], -lot.length))
        return self._sets[key]
