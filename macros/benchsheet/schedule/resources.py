"""Who and what is busy when: people are booked once, and a device that holds so much is loaded again when it has stopped."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence

from ..run.events import Step
from ..units.base_units import Seconds
from .model import Lot, WorkBlock
from .working_days import Interval


class Devices:
    """What stands in each device, from the *blocks* that are placed so far, for so many *people*."""

    def __init__(self, steps: Sequence[Step], blocks: list[list[WorkBlock]], people: int) -> None:
        self.steps, self.blocks = steps, blocks
        self.is_shared = [step.single_place and people > 1 for step in steps]  # one person is at one device at a time as it is
        self.rivals = [[other for other in range(len(steps)) if self._are_rivals(number, other)] for number in range(len(steps))]

    def _are_rivals(self, number: int, other: int) -> bool:
        """Return whether two steps take the same device, which has no place for both at a time; a step may be its own rival."""
        one, two = self.steps[number], self.steps[other]
        if not one.equipment or one.equipment != two.equipment:
            return False
        if self.is_shared[number] and self.is_shared[other] or number != other and one.batches and two.batches:
            return True
        return number != other and one.occupied and two.occupied and not (self._follows(number, other) or self._follows(other, number))

    def _follows(self, number: int, other: int) -> bool:
        """Return whether step *number* comes after step *other*, at once or through others: then it finds the device empty."""
        titles = {self.steps[number].title}
        for step in reversed(self.steps[:number]):
            if step.title in {title for one in self.steps if one.title in titles for title in one.after}:
                titles.add(step.title)
        return self.steps[other].title in titles

    def delay(self, number: int, lot: Lot, start: Seconds) -> Seconds:
        """Return how much later than *start* the device of a lot of step *number* is free of what another step has in it; 0 if it is."""
        end = start + lot.length + _run_time(self.steps[number])
        over = [
            block.end + _run_time(self.steps[other]) - start
            for other in self.rivals[number]
            for block in self.blocks[other]
            if block.start < end and start < block.end + _run_time(self.steps[other])
        ]
        return max(over, default=0)


def _run_time(step: Step) -> Seconds:
    """Return how long a device runs with a batch of a step."""
    return step.wait.plan if step.wait else 0


class Hands:
    """The booked times of so many people, each in rising order."""

    def __init__(self, people: int) -> None:
        self.busy: list[list[Interval]] = [[] for _ in range(people)]

    def next_free(self, moment: Seconds, length: Seconds, when: list[Interval]) -> tuple[Seconds | None, int]:
        """Return the first moment in *when* from *moment* on at which somebody is free for *length*, and who; None if there is none."""
        for low, high in when:
            if high < moment:
                continue
            free = min((_first_gap(busy, max(low, moment), length), who) for who, busy in enumerate(self.busy))
            if free[0] <= high:
                return free
        return None, 0

    def book(self, who: int, start: Seconds, end: Seconds) -> None:
        """Let *who* be busy; what takes no time needs nobody."""
        if end > start:
            insort(self.busy[who], (start, end))

    def release(self, who: int, start: Seconds, end: Seconds) -> None:
        """Take a booking back."""
        if end > start:
            self.busy[who].remove((start, end))


def _first_gap(busy: list[Interval], moment: Seconds, length: Seconds) -> Seconds:
    """Return the first moment from *moment* on that is followed by *length* free seconds."""
    if not length:
        return moment
    place = bisect_left(busy, (moment,))
    if place and busy[place - 1][1] > moment:
        moment = busy[place - 1][1]
    while place < len(busy) and busy[place][0] < moment + length:
        moment = max(moment, busy[place][1])
        place += 1
    return moment
