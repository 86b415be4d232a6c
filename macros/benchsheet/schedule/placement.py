"""Blocks of work placed into the working day: each at the first moment at which a person is free and what must follow can follow.

Greedy, step by step and unit by unit; where a step cannot begin in its time, what it is bound to moves later. Stuck if nothing can.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..run.events import Step
from .hands import Hands
from .links import Link, Lot, links, lots
from .model import Block, Stuck, put_down
from .resources import Devices
from .windows import Windows
from .working_days import LONG_AGO, Moment, Span, both, day_of, moved, room

GRID = 900  # what moves later moves to a quarter of an hour
CLOSELY = 24  # so often to a quarter of an hour, then to the hour, where the whole of a range is looked through
TRIES = 60
EFFORT = 1200  # so often a block is tried, and so often more for each lot: a search that never ends helps nobody
WEEK = 8 * 86400  # a week repeats itself: what does not fit in one fits in none


class Placing:
    """One attempt: what follows the ranges after the steps *held* is placed with them; busy hands may pass the end of those after *lenient*.

    The steps *soon* aim at the shortest time of the waits that they follow, not at the planned one. *deepest* is the furthest step that was stuck.
    """

    def __init__(
        self,
        steps: Sequence[Step],
        days: list[Span],
        people: int,
        units: int = 0,
        held: frozenset[int] = frozenset(),
        lenient: frozenset[int] = frozenset(),
        soon: frozenset[int] = frozenset(),
    ) -> None:
        self.steps, self.days, self.lenient, self.people = steps, days, lenient, people
        self.soon, self.deepest = soon, 0
        self.lots = [lots(step, units) for step in steps]
        self.links = links(steps)
        self.hands = Hands(people)
        self.left = EFFORT + 10 * sum(map(len, self.lots))
        self.blocks: list[list[Block]] = [[] for _ in steps]
        self.devices = Devices(steps, self.blocks, people)
        self.windows = Windows(steps, self.lots, self.links, days)
        self.starts = self.windows.starts
        self._joint: dict[int, list[Span]] = {}
        self.tight = [[f for f in range(len(steps)) if self._is_tight(number, f, number in held)] for number in range(len(steps))]

    def _is_tight(self, number: int, follower: int, ranges: bool) -> bool:
        """Return whether a follower's block is placed together with what it follows: its wait is fixed, and nothing else is awaited."""
        mine = [link for link in self.links[follower] if link.before == number]
        if self.steps[number].lots or self.steps[follower].lots or self.devices.shared[number] or self.devices.shared[follower]:
            return False
        if not mine or any(link.before > number for link in self.links[follower]) or len(self.lots[number]) != len(self.lots[follower]):
            return False
        alike = mine[0].alike or not (self.steps[number].unit or self.steps[follower].unit)
        return alike and mine[0].most is not None and (mine[0].fixed or ranges)

    # --- placing --------------------------------------------------------------------------------------------------

    def place(self) -> list[list[Block]]:
        """Return the blocks of each step; raise Stuck."""
        floors: dict[int, Moment] = {}
        first: dict[int, Moment] = {}
        number = tries = 0
        cause: Stuck | None = None
        while number < len(self.steps):
            if len(self.blocks[number]) == len(self.lots[number]):
                number += 1
                continue
            try:
                self._step(number, floors.get(number, 0))
            except Stuck as stuck:
                if self.left < 0:  # spent while mending what was found before
                    raise cause or stuck from None
                tries, cause, self.deepest = tries + 1, stuck, max(self.deepest, number)
                mover = self.blocks[stuck.link.before][0].head if stuck.link else 0
                if not mover or tries > TRIES:  # the first step begins when the user says
                    raise
                begun = self.blocks[mover][0].start
                first.setdefault(mover, begun)
                later = self._later(mover, begun, 4 * GRID if self.soon and tries > CLOSELY else GRID)
                if later is None or later - first[mover] > WEEK:
                    raise
                self._undo(mover)
                floors = {other: moment for other, moment in floors.items() if other < mover} | {mover: later}
                first = {other: moment for other, moment in first.items() if other <= mover}
                number = mover
        return self.blocks

    def _later(self, number: int, begun: Moment, grid: int = GRID) -> Moment | None:
        """Return the next quarter of an hour, or whatever *grid* says, at which a step may begin."""
        for low, high in self.starts(number, self.lots[number][0]):
            day = day_of(self.days, low)
            base = day[0] if day else low
            moment = max(low, base + ((begun - base) // grid + 1) * grid)
            if moment <= high:
                return moment
        return None

    def _step(self, number: int, floor: Moment) -> None:
        """Place all lots of a step: on one day if they fit into one, else wherever each fits."""
        mark = [len(blocks) for blocks in self.blocks]
        later: Moment | None = floor
        for _ in range(TRIES if len(self.lots[number]) > 1 else 0):
            try:
                for lot in self.lots[number]:
                    self._lot(number, lot, later, together=True)
            except Stuck as stuck:
                begun = self.blocks[number][0].start if self.blocks[number] else None
                self._back(mark)
                later = self._later(number, begun) if begun is not None and stuck.link is None and number else None
                if later is None:
                    break
            else:
                return
        try:
            for lot in self.lots[number]:
                self._lot(number, lot, floor, together=False)
        except Stuck:
            self._back(mark)
            raise

    def _lot(self, number: int, lot: Lot, floor: Moment, *, together: bool) -> None:
        self._spend(number)
        if not number and not lot.first:  # the start is the user's own
            if not any(low <= 0 <= high for low, high in self.starts(0, lot)) or self._try(0, lot, 0, 0, 0):
                raise Stuck(0)
            return
        when = self.starts(number, lot)
        early, planned, late, link = self.bounds(number, lot, lenient=True)
        if together and not lot.first:
            ahead = self._ahead(number)
            if number not in self._joint:
                last = self.lots[number][-1]
                fits = both(moved(self.starts(number, last), -ahead), room(self.days, ahead + last.length))
                self._joint[number] = both(when, fits)
            when = self._joint[number]
            early, planned = (max(moment, self._awaited(number, wish) - ahead) for moment, wish in ((early, False), (planned, True)))
        elif together and not any(link.bound and link.alike for link in self.links[number]):
            planned = early  # right after the one before
        if together and lot.first and (day := day_of(self.days, self.blocks[number][-1].start)) and day[1] < late:
            late, link = day[1], None
        early, planned = max(early, floor), max(planned, floor)
        if early > late:  # a shorter wait would not help either
            raise Stuck(number, link)
        found = self._first(number, lot, planned, late, when)
        if found is not None and day_of(self.days, found) == day_of(self.days, planned) or early == planned:
            if found is None:
                raise Stuck(number, link)
            return
        if found is not None:
            self._pop(number)
        moment = planned - GRID  # a shorter wait may still land in the day
        while moment > early - GRID and planned - moment < WEEK:
            moment = max(moment, early)
            if self._first(number, lot, moment, moment, when) is not None:
                return
            moment -= GRID
        if found is None or self._first(number, lot, planned, late, when) is None:
            raise Stuck(number, link)

    def _ahead(self, number: int) -> Moment:
        """Return how long after the first lot's start the last one's begins, if nothing comes between."""
        mine = self.lots[number]
        return mine[0].lead + mine[0].work * ((len(mine) - 1) // (1 if self.devices.shared[number] else self.people))

    def _awaited(self, number: int, wish: bool) -> Moment:
        """Return when the last units of what a step follows are ready, where they can wait for each other; else long ago."""
        wish = wish and number not in self.soon
        ready = [
            self.blocks[link.before][-1].put + (link.planned if wish else link.least) for link in self.links[number] if link.alike and not link.bound
        ]
        return max(ready, default=LONG_AGO)

    def bounds(self, number: int, lot: Lot, *, lenient: bool = False) -> tuple[Moment, Moment, Moment, Link | None]:
        """Return the earliest, the planned and the latest start of a lot after what it follows, and the link that decides the latest."""
        early = planned = 0
        late, decides = self.days[-1][1], None
        for link in self.links[number]:
            before = self.blocks[link.before]
            lead = lot.lead if link.alike else 0
            mine = put_down(before, lot, self.steps[link.before].lots) if link.alike else [before[0].put, before[-1].put]
            early, planned = max(early, mine[-1] + link.least - lead), max(planned, mine[-1] + link.planned - lead)
            if link.daily:
                day = day_of(self.days, mine[0])
                end = day[1] if day else late
            elif link.most is None or not link.alike and lot.first:
                continue
            else:
                last = mine[0] if link.alike else mine[-1]
                end = last + link.most - lead
                if lenient and link.before in self.lenient:
                    end = self._same_day(end, last + link.least)
                if mine[0] < last:  # the first unit waits too, for the last one if need be, but not over a night
                    end = min(end, self._same_day(mine[0] + link.most - lead, mine[0] + link.least))
            if end < late:
                late, decides = end, link
        if self.blocks[number]:
            before_it = self.blocks[number][-1]
            wait = self.steps[number].wait
            after = before_it.put + (wait.least if wait else 0) if self.steps[number].lots else before_it.taken
            early, planned = max(early, after), max(planned, after)
        return early, early if number in self.soon else max(planned, early), late, decides

    def _same_day(self, end: Moment, least: Moment) -> Moment:
        """Return until when busy hands may pass the *end* of a range: to the end of its working day, never over a night."""
        return max([end, *(hi for lo, hi in self.days if lo <= end and hi >= least)])

    def _spend(self, number: int) -> None:
        """Give up after too many attempts."""
        self.left -= 1
        if self.left < 0:
            raise Stuck(number)

    def _first(self, number: int, lot: Lot, moment: Moment, late: Moment, when: list[Span]) -> Moment | None:
        """Place a lot at the first moment from *moment* to *late* at which it and what is placed with it fit; return that or None."""
        limit = min(late, moment + 3 * WEEK)
        while moment <= limit:
            self._spend(number)
            start, who = self.hands.free(moment, lot.length, when)
            if start is None or start > limit:
                return None
            shift = self.devices.occupied(number, lot, start) or self._try(number, lot, start, who, number)
            if not shift:
                return start
            moment = start + shift
        return None

    def _try(self, number: int, lot: Lot, start: Moment, who: int, head: int) -> Moment:
        """Place a lot and what is placed with it; return 0, or by how much later it may be worth another try, with nothing placed."""
        self.blocks[number].append(Block(lot, start, start + lot.lead, start + lot.length, who, head))
        self.hands.book(who, start, start + lot.length)
        place = len(self.blocks[number]) - 1
        for follower in self.tight[number]:
            if not all(self._placed(link, place) for link in self.links[follower]):
                continue
            shift = self._follow(follower, self.lots[follower][place], head)
            if shift:
                self._pop(number)
                return shift
        return 0

    def _placed(self, link: Link, place: int) -> bool:
        """Return whether what a link asks for is placed, as far as a lot needs it."""
        have = len(self.blocks[link.before])
        return have == len(self.lots[link.before]) or link.alike and have > place

    def _follow(self, number: int, lot: Lot, head: int) -> Moment:
        early, planned, late, _ = self.bounds(number, lot)
        moment, shift = planned, GRID
        while True:
            self._spend(number)
            start, who = self.hands.free(moment, lot.length, self.starts(number, lot))
            if start is None:
                return GRID
            if start > late:
                if moment > early and shift == GRID and planned > early:
                    moment, planned = early, early  # the range's shorter side
                    continue
                return start - late
            shift = self._try(number, lot, start, who, head)
            if not shift:
                return 0
            moment = start + shift

    # --- taking back ----------------------------------------------------------------------------------------------

    def _pop(self, number: int) -> None:
        """Take the last block of a step back, with those that were placed with it."""
        block = self.blocks[number].pop()
        self.hands.release(block.who, block.start, block.put)
        for follower in self.tight[number]:
            if len(self.blocks[follower]) > len(self.blocks[number]):
                self._pop(follower)

    def _back(self, mark: list[int]) -> None:
        for number, size in enumerate(mark):
            while len(self.blocks[number]) > size:
                self._pop(number)

    def _undo(self, root: int) -> None:
        """Take back all that was placed from step *root* on."""
        for number, blocks in enumerate(self.blocks):
            while blocks and blocks[-1].head >= root:
                self._pop(number)
