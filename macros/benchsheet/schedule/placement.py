"""Blocks of work placed into the working day: each at the first moment at which a person is free and what must follow can follow.

Greedy, step by step and unit by unit; where a step cannot begin in its time, what it is bound to moves later. Stuck if nothing can.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..run.events import Step
from ..units.base_units import Seconds
from .model import Link, Lot, Unplaceable, WorkBlock, build_links, build_lots, put_down_times
from .resources import Devices, Hands
from .windows import StartWindows
from .working_days import LONG_AGO, Interval, find_day, find_day_within, intersect, shift_intervals, starts_within

GRID_SECONDS = 900  # what moves later moves to a quarter of an hour
FINE_TRIES = 24  # so often to a quarter of an hour, then to the hour, where the whole of a range is looked through
MOST_TRIES = 60
BASE_EFFORT = 1200  # so often a block is tried, and so often more for each lot: a search that never ends helps nobody
SEARCH_HORIZON = 8 * 86400  # a week repeats itself: what does not fit in one fits in none


class Placement:
    """One attempt to place the blocks of all steps.

    What follows the ranges after *tight_steps* is placed with them; busy hands may pass the end of the ranges after *late_steps*.

    The steps *earliest* aim at the shortest time of the waits that they follow, not at the planned one.
    *furthest_step* is the furthest step that was stuck.
    """

    def __init__(
        self,
        steps: Sequence[Step],
        days: list[Interval],
        people: int,
        units: int = 0,
        tight_steps: frozenset[int] = frozenset(),
        late_steps: frozenset[int] = frozenset(),
        earliest: frozenset[int] = frozenset(),
    ) -> None:
        self.steps, self.days, self.late_steps, self.people = steps, days, late_steps, people
        self.earliest, self.furthest_step = earliest, 0
        self.lots = [build_lots(step, units) for step in steps]
        self.links = build_links(steps)
        self.hands = Hands(people)
        self.effort_left = BASE_EFFORT + 10 * sum(map(len, self.lots))
        self.blocks: list[list[WorkBlock]] = [[] for _ in steps]
        self.devices = Devices(steps, self.blocks, people)
        self.windows = StartWindows(steps, self.lots, self.links, days)
        self.starts = self.windows.starts
        self._joint_starts: dict[int, list[Interval]] = {}
        self.tight_followers = [[f for f in range(len(steps)) if self._is_tight(number, f, number in tight_steps)] for number in range(len(steps))]

    def _is_tight(self, number: int, follower: int, ranges: bool) -> bool:
        """Return whether a follower's block is placed together with what it follows: its wait is fixed, and nothing else is awaited."""
        mine = [link for link in self.links[follower] if link.before == number]
        if any(self.steps[each].batches or self.devices.rivals[each] for each in (number, follower)):
            return False
        if not mine or any(link.before > number for link in self.links[follower]) or len(self.lots[number]) != len(self.lots[follower]):
            return False
        alike = mine[0].unit_by_unit or not (self.steps[number].unit or self.steps[follower].unit)
        return alike and mine[0].most is not None and (mine[0].is_fixed or ranges)

    # --- placing --------------------------------------------------------------------------------------------------

    def place(self) -> list[list[WorkBlock]]:
        """Return the blocks of each step; raise Stuck."""
        floors: dict[int, Seconds] = {}
        first: dict[int, Seconds] = {}
        number = tries = 0
        cause: Unplaceable | None = None
        while number < len(self.steps):
            if len(self.blocks[number]) == len(self.lots[number]):
                number += 1
                continue
            try:
                self._place_step(number, floors.get(number, 0))
            except Unplaceable as error:
                if self.effort_left < 0:  # spent while mending what was found before
                    raise cause or error from None
                tries, cause, self.furthest_step = tries + 1, error, max(self.furthest_step, number)
                mover = self.blocks[error.link.before][0].root_step if error.link else 0
                if not mover or tries > MOST_TRIES:  # the first step begins when the user says
                    raise
                start = self.blocks[mover][0].start
                first.setdefault(mover, start)
                later = self._next_start(mover, start, 4 * GRID_SECONDS if self.earliest and tries > FINE_TRIES else GRID_SECONDS)
                if later is None or later - first[mover] > SEARCH_HORIZON:
                    raise
                self._undo_from(mover)
                floors = {other: moment for other, moment in floors.items() if other < mover} | {mover: later}
                first = {other: moment for other, moment in first.items() if other <= mover}
                number = mover
        return self.blocks

    def _next_start(self, number: int, start: Seconds, grid: int = GRID_SECONDS) -> Seconds | None:
        """Return the next quarter of an hour, or whatever *grid* says, at which a step may begin."""
        for low, high in self.starts(number, self.lots[number][0]):
            day = find_day(self.days, low)
            base = day[0] if day else low
            moment = max(low, base + ((start - base) // grid + 1) * grid)
            if moment <= high:
                return moment
        return None

    def _place_step(self, number: int, floor: Seconds) -> None:
        """Place all lots of a step: on one day if they fit into one, else wherever each fits."""
        sizes = [len(blocks) for blocks in self.blocks]
        later = floor
        for _ in range(MOST_TRIES if len(self.lots[number]) > 1 else 0):
            try:
                for lot in self.lots[number]:
                    self._place_lot(number, lot, later, together=True)
            except Unplaceable as error:
                start = self.blocks[number][0].start if self.blocks[number] else None
                self._restore(sizes)
                next_start = self._next_start(number, start) if start is not None and error.link is None and number else None
                if next_start is None:
                    break
                later = next_start
            else:
                return
        try:
            for lot in self.lots[number]:
                self._place_lot(number, lot, floor, together=False)
        except Unplaceable:
            self._restore(sizes)
            raise

    def _place_lot(self, number: int, lot: Lot, floor: Seconds, *, together: bool) -> None:
        self._spend_effort(number)
        if not number and not lot.first:  # the start is the user's own
            if not any(low <= 0 <= high for low, high in self.starts(0, lot)) or self._try_place(0, lot, 0, 0, 0):
                raise Unplaceable(0)
            return
        when = self.starts(number, lot)
        early, planned, late, link = self.start_bounds(number, lot, allow_late=True)
        if together and not lot.first:
            ahead = self._last_lot_offset(number)
            if number not in self._joint_starts:
                last = self.lots[number][-1]
                fits = intersect(shift_intervals(self.starts(number, last), -ahead), starts_within(self.days, ahead + last.length))
                self._joint_starts[number] = intersect(when, fits)
            when = self._joint_starts[number]
            early, planned = (max(moment, self._ready_time(number, as_planned) - ahead) for moment, as_planned in ((early, False), (planned, True)))
        elif together and not any(link.is_bound and link.unit_by_unit for link in self.links[number]):
            planned = early  # right after the one before
        if together and lot.first and (day := find_day(self.days, self.blocks[number][-1].start)) and day[1] < late:
            late, link = day[1], None
        early, planned = max(early, floor), max(planned, floor)
        if early > late:  # a shorter wait would not help either
            raise Unplaceable(number, link)
        start = self._place_first(number, lot, planned, late, when)
        if start is not None and find_day(self.days, start) == find_day(self.days, planned) or early == planned:
            if start is None:
                raise Unplaceable(number, link)
            return
        if start is not None:
            self._remove_last(number)
        moment = planned - GRID_SECONDS  # a shorter wait may still land in the day
        while moment > early - GRID_SECONDS and planned - moment < SEARCH_HORIZON:
            moment = max(moment, early)
            if self._place_first(number, lot, moment, moment, when) is not None:
                return
            moment -= GRID_SECONDS
        if start is None or self._place_first(number, lot, planned, late, when) is None:
            raise Unplaceable(number, link)

    def _last_lot_offset(self, number: int) -> Seconds:
        """Return how long after the first lot's start the last one's begins, if nothing comes between."""
        mine = self.lots[number]
        return mine[0].lead + mine[0].work * ((len(mine) - 1) // (1 if self.devices.is_shared[number] else self.people))

    def _ready_time(self, number: int, as_planned: bool) -> Seconds:
        """Return when the last units of what a step follows are ready, where they can wait for each other; else long ago."""
        as_planned = as_planned and number not in self.earliest
        ready = [
            self.blocks[link.before][-1].end + (link.planned if as_planned else link.least)
            for link in self.links[number]
            if link.unit_by_unit and not link.is_bound
        ]
        return max(ready, default=LONG_AGO)

    def start_bounds(self, number: int, lot: Lot, *, allow_late: bool = False) -> tuple[Seconds, Seconds, Seconds, Link | None]:
        """Return the earliest, the planned and the latest start of a lot after what it follows, and the link that decides the latest."""
        early: Seconds = 0
        planned: Seconds = 0
        late, decides = self.days[-1][1], None
        for link in self.links[number]:
            before = self.blocks[link.before]
            lead = lot.lead if link.unit_by_unit else 0
            mine = put_down_times(before, lot, self.steps[link.before].batches) if link.unit_by_unit else [before[0].end, before[-1].end]
            early, planned = max(early, mine[-1] + link.least - lead), max(planned, mine[-1] + link.planned - lead)
            if link.on_same_day:
                day = find_day_within(self.days, mine[0] + link.least, mine[0] + link.device_most)
                end = day[1] if day else mine[0]
            elif link.most is None or not link.unit_by_unit and lot.first:
                continue
            else:
                last = mine[0] if link.unit_by_unit else mine[-1]
                end = last + link.most - lead
                if allow_late and link.before in self.late_steps:
                    end = self._same_day(end, last + link.least)
                if mine[0] < last:  # the first unit waits too, for the last one if need be, but not over a night
                    end = min(end, self._same_day(mine[0] + link.most - lead, mine[0] + link.least))
            if end < late:
                late, decides = end, link
        if self.blocks[number]:
            before_it = self.blocks[number][-1]
            wait = self.steps[number].wait if self.steps[number].batches else None
            after = before_it.end if self.steps[number].batches else before_it.pickup
            early, planned = max(early, after + (wait.least if wait else 0)), max(planned, after + (wait.plan if wait else 0))
        return early, early if number in self.earliest else max(planned, early), late, decides

    def _same_day(self, end: Seconds, least: Seconds) -> Seconds:
        """Return until when busy hands may pass the *end* of a range: to the end of its working day, never over a night."""
        return max([end, *(hi for lo, hi in self.days if lo <= end and hi >= least)])

    def _spend_effort(self, number: int) -> None:
        """Give up after too many attempts."""
        self.effort_left -= 1
        if self.effort_left < 0:
            raise Unplaceable(number)

    def _place_first(self, number: int, lot: Lot, moment: Seconds, late: Seconds, when: list[Interval]) -> Seconds | None:
        """Place a lot at the first moment from *moment* to *late* at which it and what is placed with it fit; return that or None."""
        limit = min(late, moment + 3 * SEARCH_HORIZON)
        while moment <= limit:
            self._spend_effort(number)
            start, who = self.hands.next_free(moment, lot.length, when)
            if start is None or start > limit:
                return None
            shift = self.devices.delay(number, lot, start) or self._try_place(number, lot, start, who, number)
            if not shift:
                return start
            moment = start + shift
        return None

    def _try_place(self, number: int, lot: Lot, start: Seconds, who: int, root_step: int) -> Seconds:
        """Place a lot and what is placed with it; return 0, or by how much later it may be worth another try, with nothing placed."""
        self.blocks[number].append(WorkBlock(lot=lot, start=start, pickup=start + lot.lead, end=start + lot.length, who=who, root_step=root_step))
        self.hands.book(who, start, start + lot.length)
        index = len(self.blocks[number]) - 1
        for follower in self.tight_followers[number]:
            if not all(self._is_placed(link, index) for link in self.links[follower]):
                continue
            shift = self._place_follower(follower, self.lots[follower][index], root_step)
            if shift:
                self._remove_last(number)
                return shift
        return 0

    def _is_placed(self, link: Link, index: int) -> bool:
        """Return whether what a link asks for is placed, as far as a lot needs it."""
        have = len(self.blocks[link.before])
        return have == len(self.lots[link.before]) or link.unit_by_unit and have > index

    def _place_follower(self, number: int, lot: Lot, root_step: int) -> Seconds:
        early, planned, late, _ = self.start_bounds(number, lot)
        moment = planned
        shift: Seconds = GRID_SECONDS
        while True:
            self._spend_effort(number)
            start, who = self.hands.next_free(moment, lot.length, self.starts(number, lot))
            if start is None:
                return GRID_SECONDS
            if start > late:
                if moment > early and shift == GRID_SECONDS and planned > early:
                    moment, planned = early, early  # the range's shorter side
                    continue
                return start - late
            shift = self._try_place(number, lot, start, who, root_step)
            if not shift:
                return 0
            moment = start + shift

    # --- taking back ----------------------------------------------------------------------------------------------

    def _remove_last(self, number: int) -> None:
        """Take the last block of a step back, with those that were placed with it."""
        block = self.blocks[number].pop()
        self.hands.release(block.who, block.start, block.end)
        for follower in self.tight_followers[number]:
            if len(self.blocks[follower]) > len(self.blocks[number]):
                self._remove_last(follower)

    def _restore(self, sizes: list[int]) -> None:
        for number, size in enumerate(sizes):
            while len(self.blocks[number]) > size:
                self._remove_last(number)

    def _undo_from(self, root_step: int) -> None:
        """Take back all that was placed from step *root_step* on."""
        for number, blocks in enumerate(self.blocks):
            while blocks and blocks[-1].root_step >= root_step:
                self._remove_last(number)
