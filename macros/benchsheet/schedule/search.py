"""What is tried until a run has its place: waits as planned, then shorter ones of a range, other starts, and fewer units at a time.

Bounded by counted effort. Names no count that it cannot know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .._dataclass import dataclass
from ..run.events import Step
from .links import links, lots
from .model import Stuck
from .placement import CLOSELY, GRID, WEEK, Placing
from .working_days import Moment, Span, day_of, room

PURSE = 40000  # effort for other starts
COUNTING = 100000  # effort for fewer units, each of which is tried
RANGES = 3  # so many ranges before the step that is stuck are looked through from their shortest time
_EACH = re.compile(r"/\s*(\w+)")


def placed(
    steps: Sequence[Step], days: list[Span], people: int, units: int = 0, *, lenient: bool = True, purse: list[int] | None = None
) -> Placing | None:
    """Return the run placed, every wait in its time if that can be; else, if *lenient*, with waits that busy hands let grow."""
    try:
        return attempt(steps, days, people, units, lenient=lenient, purse=purse)
    except Stuck:
        return None


def attempt(steps: Sequence[Step], days: list[Span], people: int, units: int, *, lenient: bool, purse: list[int] | None = None) -> Placing:
    """Return the run placed, or raise Stuck, which says where the planned waits led; what it tries is taken from *purse*.

    A wait that is shorter than planned, but within its range, is better than one that grows beyond its end; a run whose units a night
    parts although they fit into one day is not placed.
    """
    purse = [COUNTING] if purse is None else purse
    cause = Stuck(0)
    for grow in (False, True) if lenient else (False,):
        run: Placing | None = None
        try:
            run = _as_said(steps, days, people, units, frozenset(), grow=grow, purse=purse)
            upto = _parted(run)
        except Stuck as stuck:
            cause, upto = stuck, stuck.placing.deepest
        for soon in _sooner(steps, upto):
            if purse[0] < 0:
                break
            try:
                other = _as_said(steps, days, people, units, soon, grow=grow, purse=purse)
            except Stuck:
                continue
            if run is None or not _parted(other):
                return other
        if run is not None and not upto:
            return run
        if run is not None:
            cause = Stuck(upto, nights=True)
            cause.placing = run
    raise cause


def _as_said(steps: Sequence[Step], days: list[Span], people: int, units: int, soon: frozenset[int], *, grow: bool, purse: list[int]) -> Placing:
    """Return the run placed with the steps *soon* as early as their waits let them, or raise Stuck; only if *grow* may busy hands pass an end."""
    held: frozenset[int] = frozenset()
    grows: frozenset[int] = frozenset()
    while True:
        placing = Placing(steps, days, people, units, held, grows, soon)
        effort = placing.left
        try:
            placing.place()
        except Stuck as stuck:
            link = stuck.link
            stuck.placing = placing
            purse[0] -= effort - placing.left
            if purse[0] < 0 or link is None or link.most is None or link.before in grows:
                raise
            if link.alike and not link.fixed and link.before not in held:
                held |= {link.before}  # a few units at a time, each picked up before more are put down
            elif grow:
                held, grows = held - {link.before}, grows | {link.before}
            else:
                raise
        else:
            return placing


def _parted(run: Placing) -> int:
    """Return the last step whose units a night parts although they fit into one day; 0 if there is none.

    A step that is done unit by unit after one that fills more than a day is not counted: each of its units has its own time.
    """
    longest = max(end - begin for begin, end in run.days)
    over_night = [day_of(run.days, blocks[0].start) != day_of(run.days, blocks[-1].start) for blocks in run.blocks]
    for number in reversed(range(1, len(run.steps))):
        fits = sum(block.lot.length for block in run.blocks[number]) <= longest
        follows = any(link.alike and over_night[link.before] for link in run.links[number])
        if over_night[number] and fits and not follows and not run.steps[number].lots:
            return number
    return 0


def _sooner(steps: Sequence[Step], upto: int) -> Iterator[frozenset[int]]:
    """Return which steps to begin before their planned time: of those up to one without a good place each alone, nearest first, then several."""
    loose = [number for number, mine in enumerate(links(steps)) if 0 < number <= upto and any(link.least < link.planned for link in mine)]
    nearest_first = loose[: -RANGES - 1 : -1]
    yield from (frozenset({number}) for number in nearest_first)
    yield from (frozenset(nearest_first[:many]) for many in range(2, len(nearest_first) + 1))


# --- other starts, fewer units ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OtherStart:
    """A later start that works, *seconds* after the one asked for, None if none was found; *all_tried* says that none before it works."""

    seconds: Moment | None
    all_tried: bool


def other_start(steps: Sequence[Step], people: int, days: list[Span], *, lenient: bool = True) -> OtherStart:
    """Return the nearest later start within a week that works, or, where there are too many to try, the first day that has one.

    Quarters of an hour are tried for the first two dozen, then hours; if that takes too long, each day at its opening and at the time
    of day asked for.
    """
    first = lots(steps[0])[0].length if steps[0].hands_on else 0
    opening = Placing(steps, days, people).starts(0, lots(steps[0])[0])

    def works(moment: Moment, effort: list[int]) -> bool:
        if moment <= 0 or not any(low <= moment <= high for low, high in opening):
            return False
        later = [(low - moment, high - moment) for low, high in days if high > moment]
        return placed(steps, later, people, lenient=lenient, purse=effort) is not None

    effort = [PURSE]
    spans = [(begin, end) for begin, end in room(days, first) if begin <= WEEK]
    for moment in _grid(spans):
        if works(moment, effort):
            return OtherStart(moment, all_tried=True)
        if effort[0] < 0:
            break
    else:
        return OtherStart(None, all_tried=True)
    for begin, end in spans:
        for moment in sorted({begin, *(asked for asked in range(0, WEEK, 86400) if begin < asked <= end)}):
            if works(moment, [PURSE // 8]):
                return OtherStart(moment, all_tried=False)
    return OtherStart(None, all_tried=False)


def _grid(spans: list[Span]) -> Iterator[Moment]:
    """Return the moments to try: each quarter of an hour of the *spans*, after two dozen each hour."""
    tried = 0
    for begin, end in spans:
        moment = begin
        while moment <= min(end, WEEK):
            yield moment
            tried += moment > 0
            moment += GRID if tried < CLOSELY else 3600


def counted(steps: Sequence[Step]) -> tuple[str, int]:
    """Return the one thing that a run counts and how many there are; nothing and 0 where fewer of it cannot be worked out from the steps.

    That is so where a run counts several things, of which only the protocol knows how one follows from the other (samples and their
    gels), and where a device takes them in several batches, since fewer units are batched anew.
    """
    found: dict[str, set[int]] = {}
    for step in steps:
        unit, many = (step.unit, step.units) if step.unit else (step.counted, step.scaled[2])
        if len(step.lots) > 1 or set(_EACH.findall(step.hands_on_rule)) - {unit, "batch"}:
            return "", 0
        if unit and many > 1:  # of one thing there are no fewer
            found.setdefault(unit, set()).add(many)
    if len(found) != 1:
        return "", 0
    ((unit, numbers),) = found.items()
    return (unit, numbers.pop()) if len(numbers) == 1 else ("", 0)


def largest(steps: Sequence[Step], days: list[Span], people: int, *, lenient: bool = True) -> int | None:
    """Return the largest count below the run's own that fits, 0 if not one does; None where that cannot be known.

    Each is tried from the top: that some count fits says nothing about a larger or a smaller one.
    """
    unit, many = counted(steps)
    if not unit:
        return None
    purse = [COUNTING]
    for units in range(many - 1, 0, -1):
        if placed(steps, days, people, units, lenient=lenient, purse=purse):
            return units
        if purse[0] < 0:
            return None
    return 0
