"""The hours that a plan has from one step to another, against those that a protocol's words were made for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from typing import Any

from .._dataclass import dataclass
from ..errors import ProtocolError, locate_errors, suggest
from ..protocol.hours import PlannedHours, require_kind
from ..protocol.sections import LEVELS
from ..run.events import RunWarning, Step
from ..run.inputs import RunInputs
from ..units import Quantity, format_amount
from ..units.base_units import Seconds
from .rows import ScheduleRow
from .unit_times import UnitTimes


@dataclass(frozen=True, kw_only=True)
class PlannedTime:
    """What a plan has for the time from the end of work in *first* to its begin in *second*, in seconds; words of the protocol need *meant*."""

    code: str
    first: Step
    second: Step
    meant: Seconds
    shortest: Seconds
    longest: Seconds


def check_hours(
    inputs: RunInputs, steps: Sequence[Step], rows: Sequence[ScheduleRow], titles: Mapping[str, str], skipped_titles: Collection[str]
) -> tuple[list[RunWarning], list[PlannedTime]]:
    """Return what the ``hours`` of one protocol say of the plan in *rows*, and what that has for each of them.

    *titles* are the titles of the whole run by the protocol's own; of *skipped_titles* nothing is said.
    Raise ProtocolError for a title that no step has, for hours that are not a time, and for a plan that an entry refuses.
    """
    numbers = {step.title: step.number for step in steps}
    by_number = {step.number: step for step in steps}
    own = {title: numbers[whole] for title, whole in titles.items() if whole in numbers}
    warnings: list[RunWarning] = []
    planned_times: list[PlannedTime] = []
    times = UnitTimes(rows)
    for entry in inputs.protocol.hours:
        with locate_errors(inputs.protocol.file, entry.line):
            if not inputs.holds(entry.when):
                continue
            ends = [inputs.interpolate(title) for title in (entry.start, entry.end)]
            if any(title in skipped_titles and title not in own for title in ends):
                continue
            for title in ends:
                if title not in own:
                    raise ProtocolError(
                        f"hours: no step {title!r} in this run", suggest(title, own, "steps") + "; or leave the entry out with 'when'"
                    )
            first, second = (by_number[own[title]] for title in ends)
            if first.number >= second.number:
                raise ProtocolError(f"hours: {ends[1]!r} does not come after {ends[0]!r}", "name the earlier step under 'from'")
            meant, waits = _amount(entry.meant, inputs.evaluate), times.find_waits(first, second)
            if meant is None:
                continue  # it is not yet known
            require_kind(meant, "meant", "time")
            planned_times.append(PlannedTime(code=entry.code, first=first, second=second, meant=meant.value, shortest=waits[0], longest=waits[1]))
            if message := _compare(entry, inputs, meant, waits):
                if entry.level == LEVELS["refuse"]:
                    what, _, way_out = message.partition(" | ")
                    raise ProtocolError(what, way_out or "fewer at a time, or another start")
                warnings.append(RunWarning(code=entry.code, level=entry.level, message=message, step=second.number, cite=entry.cite))
    return warnings, planned_times


def _compare(entry: PlannedHours, inputs: RunInputs, meant: Quantity, hours: tuple[Seconds, Seconds]) -> str:
    """Return the words of an entry for a plan with other hours; nothing if the hours are near enough, or the tolerance is not yet known."""
    tolerance = _amount(entry.tolerance, inputs.evaluate)
    if tolerance is None:
        return ""
    require_kind(tolerance, "tolerance", "time", "fraction")
    room = tolerance.value if tolerance.kind == "time" else meant.value * tolerance.value / 100
    shortest, longest = hours
    if meant.value - room <= shortest and longest <= meant.value + room:
        return ""
    low, high = _round_range(shortest, longest)
    scope = {
        **inputs.values,
        "meant": meant,
        "shortest": Quantity(value=Fraction(low), kind="time"),
        "longest": Quantity(value=Fraction(high), kind="time"),
        "planned": describe_hours(shortest, longest),
    }
    return inputs.interpolate(entry.message, scope)


def _amount(amount: Quantity | str, evaluate: Callable[[str], Any]) -> Any:
    return evaluate(amount) if isinstance(amount, str) else amount


def describe_hours(shortest: Seconds, longest: Seconds) -> str:
    """Say a time, or two between which it lies, to the quarter of an hour from 4 h on: 25 h; 25 h to 27.5 h."""
    return " to ".join(dict.fromkeys(format_amount(one, "time") for one in _round_range(shortest, longest)))


def _round_range(shortest: Seconds, longest: Seconds) -> tuple[Seconds, Seconds]:
    """Round one time to the nearest, a range outwards, so that what is calculated with is what is said."""
    if shortest == longest:
        step = _grain(shortest)
        shortest = longest = (2 * shortest + step) // (2 * step) * step
    return _round(shortest, down=True), _round(longest)


def _round(seconds: Seconds, *, down: bool = False) -> Seconds:
    """Round a shortest time down and a longest one up, so that neither is said to be milder than it is."""
    step = _grain(seconds)
    return seconds // step * step if down else -(-seconds // step) * step


def _grain(seconds: Seconds) -> int:
    return 60 if seconds < 4 * 3600 else 900
