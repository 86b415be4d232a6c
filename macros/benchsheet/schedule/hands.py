"""Who is busy when; nobody is booked twice."""

from __future__ import annotations

from bisect import bisect_left, insort

from .working_days import Interval, Seconds


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
