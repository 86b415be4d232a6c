"""What is tried until a run has its place: waits as planned, then shorter ones of a range, other starts, and fewer units at a time.

Bounded by counted effort. Names no count that it cannot know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from .._dataclass import dataclass
from ..run.events import Step
from ..units.base_units import Seconds
from .model import Unplaceable, build_links, build_lots
from .placement import FINE_TRIES, GRID_SECONDS, SEARCH_HORIZON, Placement
from .working_days import Interval, find_day, starts_within

START_EFFORT = 40000  # effort for other starts
COUNT_EFFORT = 100000  # effort for fewer units, each of which is tried
MOST_RANGES = 3  # so many ranges before the step that is stuck are looked through from their shortest time
MOST_PEOPLE = 9  # as in a lab profile


def find_placement(
    steps: Sequence[Step], days: list[Interval], people: int, units: int = 0, *, allow_late: bool = True, effort: list[int] | None = None
) -> Placement | None:
    """Return the run placed, every wait in its time if that can be; else, if *allow_late*, with waits that busy hands let grow."""
    try:
        return require_placement(steps, days, people, units, allow_late=allow_late, effort=effort)
    except Unplaceable:
        return None


def require_placement(
    steps: Sequence[Step], days: list[Interval], people: int, units: int, *, allow_late: bool, effort: list[int] | None = None
) -> Placement:
    """Return the run placed, or raise Stuck, which says where the planned waits led; what it tries is taken from *effort*.

    A wait that is shorter than planned, but within its range, is better than one that grows beyond its end; a run whose units a night
    parts although they fit into one day is not placed.
    """
    effort = [COUNT_EFFORT] if effort is None else effort
    cause = Unplaceable(0)
    for late in (False, True) if allow_late else (False,):
        run: Placement | None = None
        try:
            run = _place_steps(steps, days, people, units, frozenset(), allow_late=late, effort=effort)
            last_step = _find_night_split(run)
        except Unplaceable as error:
            cause, last_step = error, error.placement.furthest_step
        for earliest in _earliest_choices(steps, last_step):
            if effort[0] < 0:
                break
            try:
                other = _place_steps(steps, days, people, units, earliest, allow_late=late, effort=effort)
            except Unplaceable:
                continue
            if run is None or not _find_night_split(other):
                return other
        if run is not None and not last_step:
            return run
        if run is not None:
            cause = Unplaceable(last_step, nights=True)
            cause.placement = run
    raise cause


def _place_steps(
    steps: Sequence[Step], days: list[Interval], people: int, units: int, earliest: frozenset[int], *, allow_late: bool, effort: list[int]
) -> Placement:
    """Return the run placed with the steps *earliest* as early as their waits let them; raise Stuck if it has no place.

    Busy hands may pass the end of a wait only if *allow_late*.
    """
    tight_steps: frozenset[int] = frozenset()
    late_steps: frozenset[int] = frozenset()
    while True:
        placement = Placement(steps, days, people, units, tight_steps, late_steps, earliest)
        effort_before = placement.effort_left
        try:
            placement.place()
        except Unplaceable as error:
            link = error.link
            error.placement = placement
            effort[0] -= effort_before - placement.effort_left
            if effort[0] < 0 or link is None or link.most is None or link.before in late_steps:
                raise
            if link.unit_by_unit and not link.is_fixed and link.before not in tight_steps:
                tight_steps |= {link.before}  # a few units at a time, each picked up before more are put down
            elif allow_late:
                tight_steps, late_steps = tight_steps - {link.before}, late_steps | {link.before}
            else:
                raise
        else:
            return placement


def _find_night_split(run: Placement) -> int:
    """Return the last step whose units a night parts although they fit into one day; 0 if there is none.

    A step that is done unit by unit after one that fills more than a day is not counted: each of its units has its own time.
    """
    longest = max(end - begin for begin, end in run.days)
    over_night = [find_day(run.days, blocks[0].start) != find_day(run.days, blocks[-1].start) for blocks in run.blocks]
    for number in reversed(range(1, len(run.steps))):
        fits = sum(block.lot.length for block in run.blocks[number]) <= longest
        follows = any(link.unit_by_unit and over_night[link.before] for link in run.links[number])
        if over_night[number] and fits and not follows and not run.steps[number].batches:
            return number
    return 0


def _earliest_choices(steps: Sequence[Step], last_step: int) -> Iterator[frozenset[int]]:
    """Return which steps to begin before their planned time: of those up to one without a good place each alone, nearest first, then several.

    A later batch of a step follows the one before it in the same device.
    """
    loose = [
        number
        for number, mine in enumerate(build_links(steps))
        if 0 < number <= last_step and (any(link.least < link.planned for link in mine) or _has_loose_batches(steps[number]))
    ]
    nearest_first = loose[: -MOST_RANGES - 1 : -1]
    yield from (frozenset({number}) for number in nearest_first)
    yield from (frozenset(nearest_first[:many]) for many in range(2, len(nearest_first) + 1))


def _has_loose_batches(step: Step) -> bool:
    return bool(step.batches and step.wait and step.wait.least < step.wait.plan)


# --- other starts, fewer units ------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class OtherStart:
    """A later start that works, *seconds* after the one asked for, None if none was found; *all_tried* says that none before it works."""

    seconds: Seconds | None
    all_tried: bool


def other_start(steps: Sequence[Step], people: int, days: list[Interval], *, accept: Callable[[Placement], bool] | None = None) -> OtherStart:
    """Return the nearest later start within a week that works, or, where there are too many to try, the first day that has one.

    Quarters of an hour are tried for the first two dozen, then hours; if that takes too long, each day at its opening and at the time
    of day asked for. Waits may grow, unless only runs are wanted that *accept* takes.
    """
    first = build_lots(steps[0])[0].length if steps[0].hands_on else 0
    opening = Placement(steps, days, people).starts(0, build_lots(steps[0])[0])

    def works(moment: Seconds, effort: list[int]) -> bool:
        if moment <= 0 or not any(low <= moment <= high for low, high in opening):
            return False
        later = [(low - moment, high - moment) for low, high in days if high > moment]
        run = find_placement(steps, later, people, allow_late=accept is None, effort=effort)
        return run is not None and (accept is None or accept(run))

    effort = [START_EFFORT]
    spans = [(begin, end) for begin, end in starts_within(days, first) if begin <= SEARCH_HORIZON]
    for moment in _grid(spans):
        if works(moment, effort):
            return OtherStart(seconds=moment, all_tried=True)
        if effort[0] < 0:
            break
    else:
        return OtherStart(seconds=None, all_tried=True)
    for begin, end in spans:
        for moment in sorted({begin, *(asked for asked in range(0, SEARCH_HORIZON, 86400) if begin < asked <= end)}):
            if works(moment, [START_EFFORT // 8]):
                return OtherStart(seconds=moment, all_tried=False)
    return OtherStart(seconds=None, all_tried=False)


def _grid(spans: list[Interval]) -> Iterator[Seconds]:
    """Return the moments to try: each quarter of an hour of the *spans*, after two dozen each hour."""
    tried = 0
    for begin, end in spans:
        moment = begin
        while moment <= min(end, SEARCH_HORIZON):
            yield moment
            tried += moment > 0
            moment += GRID_SECONDS if tried < FINE_TRIES else 3600


def count_units(steps: Sequence[Step]) -> tuple[str, int]:
    """Return the one thing that a run counts and how many there are; nothing and 0 where fewer of it cannot be worked out from the steps.

    That is so where a run counts several things, of which only the protocol knows how one follows from the other (samples and their
    gels), and where a device takes them in several batches, since fewer units are batched anew.
    """
    counts: dict[str, set[int]] = {}
    for step in steps:
        unit, many = (step.unit, step.unit_count) if step.unit else (step.scaling_unit, step.scaling[2])
        if len(step.batches) > 1 or {per for _, per, _ in step.hands_on_terms} - {"", unit, "batch"}:
            return "", 0
        if unit and many > 1:  # of one thing there are no fewer
            counts.setdefault(unit, set()).add(many)
    if len(counts) != 1:
        return "", 0
    ((unit, numbers),) = counts.items()
    return (unit, numbers.pop()) if len(numbers) == 1 else ("", 0)


def find_largest_count(steps: Sequence[Step], days: list[Interval], people: int, *, accept: Callable[[Placement], bool] | None = None) -> int | None:
    """Return the largest count below the run's own that fits, 0 if not one does; None where that cannot be known.

    Each is tried from the top: that some count fits says nothing about a larger or a smaller one. Waits may grow, unless only runs are
    wanted that *accept* takes.
    """
    unit, many = count_units(steps)
    if not unit:
        return None
    effort = [COUNT_EFFORT]
    for units in range(many - 1, 0, -1):
        run = find_placement(steps, days, people, units, allow_late=accept is None, effort=effort)
        if run is not None and (accept is None or accept(run)):
            return units
        if effort[0] < 0:
            return None
    return 0


def find_enough_people(steps: Sequence[Step], days: list[Interval], people: int, *, accept: Callable[[Placement], bool]) -> int | None:
    """Return the fewest people, more than *people* and at most `MOST_PEOPLE`, whose run *accept* takes; 0 if there are none, None if not found."""
    effort = [COUNT_EFFORT]
    for many in range(people + 1, MOST_PEOPLE + 1):
        run = find_placement(steps, days, many, effort=effort)
        if run is not None and accept(run):
            return many
        if effort[0] < 0:
            return None
    return 0
