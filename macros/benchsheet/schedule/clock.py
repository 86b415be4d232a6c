"""A run by the clock: blocks within the working day, waits that grow, and for a start that does not fit one that does.

What would is the largest count that fits at this start, and the nearest start that works; never further ahead than four weeks.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from fractions import Fraction

from .._dataclass import replace
from ..errors import ProtocolError, option_flag
from ..lab import Lab
from ..lab.working_hours import WEEKDAYS
from ..run.events import Step, Wait
from ..run.step_times import simplify_seconds
from ..units import format_amount, format_count
from ..units.base_units import Seconds
from .block_rows import build_rows
from .growth import find_growth
from .model import Unplaceable, build_lots
from .placement import SEARCH_HORIZON, Placement
from .rows import ExtendedWait, ScheduleRow
from .search import count_units, find_enough_people, find_largest_count, find_placement, other_start, require_placement
from .start import Start
from .working_days import Interval, find_day, find_day_within, intersect, starts_within, working_intervals


def schedule_by_clock(steps: list[Step], start: Start, lab: Lab) -> tuple[list[ScheduleRow], list[ExtendedWait]]:
    """Return the rows of the run from *start*, and the waits that busy hands let grow beyond their time.

    Raise ProtocolError, as an answer, for a start outside the working day, a block longer than a day, and a run that nothing fits.
    """
    steps = [_with_int_seconds(step) for step in steps]
    _check_block_lengths(steps, lab)
    days = working_intervals(start, lab.hours)
    if not any(begin <= 0 < end for begin, end in days):
        words = f"{start.local.isoformat(timespec='minutes')} is outside the working hours ({lab.hours.format_week()})"
        raise ProtocolError(words, _suggest_way_out(steps, start, lab, days, counts=False), option_flag("start"), from_values=True)
    run = find_placement(steps, days, lab.people)
    if run is None:
        raise ProtocolError(*_refusal(steps, start, lab, days), option_flag("start"), from_values=True)
    rows = build_rows(run)
    extensions = list(find_growth(steps, rows))
    if extensions:
        in_time = functools.partial(is_in_time, steps)
        fits = find_largest_count(steps, days, lab.people, accept=in_time)
        unit = next((step.unit for step in steps if step.unit), "unit")
        better = other_start(steps, lab.people, days, accept=in_time) if any(extension.is_serious for extension in extensions) else None
        words = f"a start at {_format_start(start, better.seconds)} keeps it" if better and better.seconds else ""
        enough = 0 if fits else find_enough_people(steps, days, lab.people, accept=in_time)
        extensions = [
            replace(one, most_units=fits, unit=unit, people=lab.people, enough_people=enough, start_hint=words, has_hours=True) for one in extensions
        ]
    return rows, extensions


def _with_int_seconds(step: Step) -> Step:
    """Return a step whose seconds are ints where they are whole, which is much quicker; both are exact."""
    if isinstance(step.fixed, int) and isinstance(step.per_unit, int):
        return step
    wait = step.wait and Wait(
        least=simplify_seconds(step.wait.least),
        plan=simplify_seconds(step.wait.plan),
        most=step.wait.most if step.wait.most is None else simplify_seconds(step.wait.most),
    )
    return replace(
        step, fixed=simplify_seconds(step.fixed), per_unit=simplify_seconds(step.per_unit), per_batch=simplify_seconds(step.per_batch), wait=wait
    )


def is_in_time(steps: Sequence[Step], run: Placement) -> bool:
    """Return whether no wait of a run grows."""
    counts = {step.number: sum(lot.last - lot.first + 1 for lot in lots) for step, lots in zip(steps, run.lots, strict=True)}
    return next(find_growth(steps, build_rows(run), counts), None) is None


def find_enough_around_the_clock(steps: Sequence[Step]) -> int | None:
    """Return how many people, at least two, let no wait grow where no night is looked at; 0 if up to nine do not, None if that is not found."""
    steps = [_with_int_seconds(step) for step in steps]
    return find_enough_people(steps, [(0, SEARCH_HORIZON)], 1, accept=functools.partial(is_in_time, steps))


# --- what would fit ---------------------------------------------------------------------------------------------------


def _check_block_lengths(steps: Sequence[Step], lab: Lab) -> None:
    """Refuse a block that is longer than the longest working day, with the largest count that fits."""
    longest = lab.hours.longest_day
    for step in steps:
        block = max(lot.length for lot in build_lots(step))
        if block <= longest:
            continue
        words = (
            f"step {step.number} ({step.title}) takes {format_amount(Fraction(block), 'time')} at a stretch, "
            f"longer than the longest working day, {format_amount(Fraction(longest), 'time')}"
        )
        base, each, count = step.scaling
        base, each, count = (step.fixed + step.per_batch, step.per_unit, max(step.batches)) if step.batches else (base, each, count)
        most = int((longest - base) // each) if each and longest > base and not (step.unit and not step.batches) else 0
        hint = f"at most {format_count(most, step.scaling_unit or step.unit)} fit into a day" if 0 < most < count else "split the step in two"
        raise ProtocolError(words, f"{hint}, or lengthen 'hours' in the lab profile", option_flag("start"), from_values=True)


def _refusal(steps: Sequence[Step], start: Start, lab: Lab, days: list[Interval]) -> tuple[str, str]:
    """Return why nothing fits at this start, and what does."""
    return (
        f"begun {_format_moment(start, 0)}, the run does not fit into the working hours: {_explain_misfit(steps, start, days, lab)}",
        _suggest_way_out(steps, start, lab, days),
    )


def _explain_misfit(steps: Sequence[Step], start: Start, days: list[Interval], lab: Lab) -> str:
    """Say which step has no place: of one unit alone if even that has none, else of all."""
    alone = find_placement(steps, days, lab.people, 1) is None
    try:
        require_placement(steps, days, lab.people, 1 if alone else 0, allow_late=True)
    except Unplaceable as error:
        placement: Placement = error.placement
        if error.nights:
            step = steps[error.step]
            return f"step {step.number} ({step.title}) would be done for some on one day and for the others on another"
        if error.link is None or not error.step:
            return _explain_dead_end(placement, start, error.step, 0 if not error.step else None)
        before = placement.blocks[error.link.before]
        step, other = steps[error.step], steps[error.link.before]
        if not before:
            return f"there is no time for step {step.number} ({step.title}) in what is left of the day after step {other.number} ({other.title})"
        if error.link.most is None:
            return f"step {step.number} ({step.title}) has to be done on the day of step {other.number} ({other.title}), which has no pause point"
        most = format_amount(Fraction(error.link.most), "time")
        return f"step {step.number} ({step.title}) comes too late for the last of them: at most {most} after step {other.number} ({other.title})"
    return "the steps are bound too closely"


def _explain_dead_end(placement: Placement, start: Start, number: int, moment: Seconds | None) -> str:
    """Follow a start through its waits to the step that falls outside the hours."""
    step = placement.steps[number]
    if moment is None:
        return f"there is no time at which step {step.number} ({step.title}) and what is bound to it fit"
    lot = placement.lots[number][0]
    if find_day(placement.days, moment) is None or not intersect([(moment, moment)], starts_within(placement.days, lot.length)):
        return f"step {step.number} ({step.title}) would run past the end of the day"
    end = moment + lot.length
    for follower, links in enumerate(placement.links):
        for link in links:
            if link.before != number or not link.is_bound:
                continue
            if link.most is None:
                day = find_day_within(placement.days, end + link.least, end + link.device_most)
                window = [(max(end, day[0]), day[1])] if day else []
            else:
                window = [(end + link.least, end + link.most)]
            if intersect(window, placement.windows.pickups[follower]):
                continue
            work = max(one.work for one in placement.lots[follower])
            inside = intersect(window, starts_within(placement.days, work))
            other = placement.steps[follower]
            if not inside:
                if link.most is None:
                    return f"step {other.number} ({other.title}) does not fit into the day of step {step.number} ({step.title}); nothing lets it rest"
                when = (
                    _format_moment(start, end + link.least)
                    if link.is_fixed
                    else f"between {_format_moment(start, end + link.least)} and {_format_moment(start, end + link.most)}"
                )
                return f"step {other.number} ({other.title}) would have to begin {when}"
            return _explain_dead_end(placement, start, follower, inside[0][0])
    return f"step {step.number} ({step.title}) finds nobody free"


def _suggest_way_out(steps: Sequence[Step], start: Start, lab: Lab, days: list[Interval], *, counts: bool = True) -> str:
    """Return the nearest start that works, and the largest count that fits at this one."""
    hints = []
    better = other_start(steps, lab.people, days)
    if better.seconds:
        hints.append(f"{'the nearest' if better.all_tried else 'a'} start that works is {_format_start(start, better.seconds)}")
    most = find_largest_count(steps, days, lab.people) if counts else 0
    missing = "no start within a week takes all" if better.all_tried else "no start was found that takes all, and not each within a week was tried"
    if most:
        unit, _ = count_units(steps)
        hints.append(f"at this start at most {format_count(most, unit)} fit")
        if not better.seconds:
            hints.append(missing)
    if hints:
        return "; ".join(hints)
    if not better.all_tried or most is None and find_placement(steps, days, lab.people, 1):
        return f"{missing}: fewer at a time, longer 'hours', more 'people', ranges for waits, or pause points would help"
    return "no start works: longer 'hours', more 'people', ranges for waits, or pause points would help"


def _format_moment(start: Start, seconds: Seconds) -> str:
    """Return a moment as people say it: Saturday 2026-11-28 at 09:10."""
    local = start.local_time(seconds)
    return f"{local:%Y-%m-%d} at {local:%H:%M} ({WEEKDAYS[local.weekday()]})"


def _format_start(start: Start, seconds: Seconds) -> str:
    local = start.local_time(seconds)
    return f"{local:%Y-%m-%dT%H:%M} ({WEEKDAYS[local.weekday()]})"
