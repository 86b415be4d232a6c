"""A run by the clock: blocks within the working day, waits that grow told, and what does not fit refused with what would.

What would is the largest count that fits at this start, and the nearest start that works; never further ahead than four weeks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from .._dataclass import replace
from ..errors import ProtocolError
from ..lab import Lab
from ..run.events import Step, Wait
from ..run.step_times import whole
from ..units import plural, show
from .links import lots
from .model import Stuck
from .placement import Placing
from .rows import Grown, Row
from .runs import rows, waits
from .search import attempt, counted, largest, other_start, placed
from .start import Start
from .working_days import Moment, Span, both, day_of, room, stretches


def by_the_clock(steps: list[Step], start: Start, lab: Lab) -> tuple[list[Row], list[Grown]]:
    """Return the rows of the run from *start*, and the waits that busy hands let grow beyond their time.

    Raise ProtocolError, as an answer, for a start outside the working day, a block longer than a day, and a run that nothing fits.
    """
    steps = [_whole(step) for step in steps]
    _short_enough(steps, lab)
    days = stretches(start, lab.hours)
    if not any(begin <= 0 < end for begin, end in days):
        words = f"{start.local.isoformat(timespec='minutes')} is outside the working hours ({lab.hours.words()})"
        raise ProtocolError(words, _way_out(steps, start, lab, days, counts=False), "--start", answer=True)
    run = placed(steps, days, lab.people)
    if run is None:
        raise ProtocolError(*_refusal(steps, start, lab, days), "--start", answer=True)
    grown = list(_grown(run, steps))
    if grown:
        fits = largest(steps, days, lab.people, lenient=False) or 0
        unit = next((step.unit for step in steps if step.unit), "unit")
        better = other_start(steps, lab.people, days, lenient=False) if any(found.serious for found in grown) else None
        words = f"a start at {_typed(start, better.seconds)} keeps it" if better and better.seconds else ""
        grown = [replace(found, fits=fits, unit=unit, people=lab.people, better=words) for found in grown]
    return rows(run), grown


def _whole(step: Step) -> Step:
    """Return a step whose seconds are ints where they are whole, which is much quicker; both are exact."""
    if isinstance(step.once, int) and isinstance(step.each, int):
        return step
    wait = step.wait and Wait(whole(step.wait.least), whole(step.wait.planned), step.wait.most if step.wait.most is None else whole(step.wait.most))
    return replace(step, once=whole(step.once), each=whole(step.each), per_batch=whole(step.per_batch), wait=wait)


def _grown(placed: Placing, steps: Sequence[Step]) -> Iterator[Grown]:
    for number, step in enumerate(steps):
        if step.wait is None or step.wait.most is None or step.pause_point or step.lots:
            continue
        for follower, links in enumerate(placed.links):
            for link in links:
                if link.before != number:
                    continue
                longest = max(late for _, late in waits(placed, number, follower, alike=link.alike))
                if longest > step.wait.most:
                    yield Grown(step, steps[follower], step.wait.planned, Fraction(longest), 0)


# --- what would fit ---------------------------------------------------------------------------------------------------


def _short_enough(steps: Sequence[Step], lab: Lab) -> None:
    """Refuse a block that is longer than the longest working day, with the largest count that fits."""
    longest = lab.hours.longest
    for step in steps:
        block = max(lot.length for lot in lots(step))
        if block <= longest:
            continue
        words = (
            f"step {step.number} ({step.title}) takes {show(Fraction(block), 'time')} at a stretch, "
            f"longer than the longest working day, {show(Fraction(longest), 'time')}"
        )
        base, each, count = step.scaled
        base, each, count = (step.once + step.per_batch, step.each, max(step.lots)) if step.lots else (base, each, count)
        most = int((longest - base) // each) if each and longest > base and not (step.unit and not step.lots) else 0
        hint = f"at most {plural(most, step.counted or step.unit)} fit into a day" if 0 < most < count else "split the step in two"
        raise ProtocolError(words, f"{hint}, or lengthen 'hours' in the lab profile", "--start", answer=True)


def _refusal(steps: Sequence[Step], start: Start, lab: Lab, days: list[Span]) -> tuple[str, str]:
    """Return why nothing fits at this start, and what does."""
    return f"begun {_said(start, 0)}, the run does not fit into the working hours: {_why(steps, start, days, lab)}", _way_out(steps, start, lab, days)


def _why(steps: Sequence[Step], start: Start, days: list[Span], lab: Lab) -> str:
    """Say which step has no place: of one unit alone if even that has none, else of all."""
    alone = placed(steps, days, lab.people, 1) is None
    try:
        attempt(steps, days, lab.people, 1 if alone else 0, lenient=True)
    except Stuck as stuck:
        placing: Placing = stuck.placing
        if stuck.nights:
            step = steps[stuck.step]
            return f"step {step.number} ({step.title}) would be done for some on one day and for the others on another"
        if stuck.link is None or not stuck.step:
            return _dead_end(placing, start, stuck.step, 0 if not stuck.step else None)
        before = placing.blocks[stuck.link.before]
        step, other = steps[stuck.step], steps[stuck.link.before]
        if not before:
            return f"there is no time for step {step.number} ({step.title}) in what is left of the day after step {other.number} ({other.title})"
        if stuck.link.most is None:
            return f"step {step.number} ({step.title}) has to be done on the day of step {other.number} ({other.title}), which has no pause point"
        most = show(Fraction(stuck.link.most), "time")
        return f"step {step.number} ({step.title}) comes too late for the last of them: at most {most} after step {other.number} ({other.title})"
    return "the steps are bound too closely"


def _dead_end(placing: Placing, start: Start, number: int, moment: Moment | None) -> str:
    """Follow a start through its waits to the step that falls outside the hours."""
    step = placing.steps[number]
    if moment is None:
        return f"there is no time at which step {step.number} ({step.title}) and what is bound to it fit"
    lot = placing.lots[number][0]
    if day_of(placing.days, moment) is None or not both([(moment, moment)], room(placing.days, lot.length)):
        return f"step {step.number} ({step.title}) would run past the end of the day"
    put = moment + lot.length
    for follower, links in enumerate(placing.links):
        for link in links:
            if link.before != number or not link.bound:
                continue
            if link.most is None:
                day = day_of(placing.days, put)
                window = [(put, day[1])] if day else []
            else:
                window = [(put + link.least, put + link.most)]
            if both(window, placing.windows.picks[follower]):
                continue
            work = max(one.work for one in placing.lots[follower])
            inside = both(window, room(placing.days, work))
            other = placing.steps[follower]
            if not inside:
                if link.most is None:
                    return f"step {other.number} ({other.title}) does not fit into the day of step {step.number} ({step.title}); nothing lets it rest"
                when = (
                    _said(start, put + link.least) if link.fixed else f"between {_said(start, put + link.least)} and {_said(start, put + link.most)}"
                )
                return f"step {other.number} ({other.title}) would have to begin {when}"
            return _dead_end(placing, start, follower, inside[0][0])
    return f"step {step.number} ({step.title}) finds nobody free"


def _way_out(steps: Sequence[Step], start: Start, lab: Lab, days: list[Span], *, counts: bool = True) -> str:
    """Return the nearest start that works, and the largest count that fits at this one."""
    found = []
    better = other_start(steps, lab.people, days)
    if better.seconds:
        found.append(f"{'the nearest' if better.all_tried else 'a'} start that works is {_typed(start, better.seconds)}")
    most = largest(steps, days, lab.people) if counts else 0
    missing = "no start within a week takes all" if better.all_tried else "no start was found that takes all, and not each within a week was tried"
    if most:
        unit, _ = counted(steps)
        found.append(f"at this start at most {plural(most, unit)} fit")
        if not better.seconds:
            found.append(missing)
    if found:
        return "; ".join(found)
    if not better.all_tried or most is None and placed(steps, days, lab.people, 1):
        return f"{missing}: fewer at a time, longer 'hours', more 'people', ranges for waits, or pause points would help"
    return "no start works: longer 'hours', more 'people', ranges for waits, or pause points would help"


def _said(start: Start, seconds: Moment) -> str:
    """Return a moment as people say it: Saturday 2026-11-28 at 09:10."""
    local = start.clock(seconds)
    return f"{local:%Y-%m-%d} at {local:%H:%M} ({_DAYS[local.weekday()]})"


def _typed(start: Start, seconds: Moment) -> str:
    local = start.clock(seconds)
    return f"{local:%Y-%m-%dT%H:%M} ({_DAYS[local.weekday()]})"


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
