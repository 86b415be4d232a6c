"""The hours that a plan has from one step to another, against those that a protocol's words were made for.

Counted for each unit from the end of work in the first step to its begin in the second. Where the two steps count different things
(dishes, then tubes of lysate), they go through in the same order, and what is counted is in proportion.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from ..errors import ProtocolError, locate_errors, suggest
from ..protocol.hours import PlannedHours, require_kind
from ..run.events import RunWarning, Step
from ..run.inputs import RunInputs
from ..units import Quantity, format_amount
from ..units.base_units import Seconds
from .rows import ScheduleRow


def check_hours(
    inputs: RunInputs, steps: Sequence[Step], rows: Sequence[ScheduleRow], titles: Mapping[str, str] | None, skipped_titles: Sequence[str]
) -> list[RunWarning]:
    """Return what the ``hours`` of one protocol say of the plan in *rows*.

    *titles* are the titles of the whole run by the protocol's own, None where they are the same; of *skipped_titles* nothing is said.
    Raise ProtocolError for a title that no step has, and for hours that are not a time.
    """
    numbers = {step.title: step.number for step in steps}
    by_number = {step.number: step for step in steps}
    own = numbers if titles is None else {title: numbers[whole] for title, whole in titles.items() if whole in numbers}
    warnings = []
    for entry in inputs.protocol.hours:
        with locate_errors(inputs.protocol.file, entry.line):
            if entry.condition and inputs.condition_holds(entry.condition, inputs.protocol.tree.mapping("hours").mapping(entry.code)) is not True:
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
            if message := _compare(entry, inputs, find_hours(first, second, rows)):
                warnings.append(RunWarning(code=entry.code, level=entry.level, message=message, step=second.number, cite=entry.cite))
    return warnings


def _compare(entry: PlannedHours, inputs: RunInputs, hours: tuple[Seconds, Seconds]) -> str:
    """Return the words of an entry for a plan with other hours; nothing if the hours are near enough, or what is meant is not yet known."""
    meant = _amount(entry.meant, inputs.evaluate)
    tolerance = _amount(entry.tolerance, inputs.evaluate)
    if meant is None or tolerance is None:
        return ""
    require_kind(meant, "meant", "time")
    require_kind(tolerance, "tolerance", "time", "fraction")
    room = tolerance.value if tolerance.kind == "time" else meant.value * tolerance.value / 100
    shortest, longest = hours
    if meant.value - room <= shortest and longest <= meant.value + room:
        return ""
    scope = {
        **inputs.values,
        "meant": meant,
        "shortest": Quantity(value=Fraction(_round(shortest, down=True)), kind="time"),
        "longest": Quantity(value=Fraction(_round(longest)), kind="time"),
        "planned": describe_hours(shortest, longest),
    }
    return inputs.interpolate(entry.message, scope)


def _amount(amount: Quantity | str, evaluate: Callable[[str], Any]) -> Any:
    return evaluate(amount) if isinstance(amount, str) else amount


def find_hours(first: Step, second: Step, rows: Sequence[ScheduleRow]) -> tuple[Seconds, Seconds]:
    """Return the shortest and the longest time from the end of work in *first* to its begin in *second*, in seconds."""
    put_down, picked_up = [end for _, end in unit_times(first, rows)], [begin for begin, _ in unit_times(second, rows)]
    many = max(len(put_down), len(picked_up))
    waits = [picked_up[unit * len(picked_up) // many] - put_down[unit * len(put_down) // many] for unit in range(many)]
    return min(waits), max(waits)


def unit_times(step: Step, rows: Sequence[ScheduleRow]) -> list[tuple[Seconds, Seconds]]:
    """Return when each unit of *step* is taken up and put down, in the order of time; all units of a batch are so at once."""
    mine = [row for row in rows if row.step == step.number]
    hands = [row for row in mine if row.kind == "hands_on"]
    if hands:
        ends = sorted(row.end - row.every * back for row in hands for back in range(row.times))
        begin = min(row.start for row in hands)
    else:
        ends = sorted(row.start + row.every * on for row in mine for on in range(row.times))
        begin = ends[0]
    if step.batches:
        times = []
        for end, size in zip(ends, step.batches, strict=False):
            times += [(end - step.per_batch - step.per_unit * size if hands else end, end)] * size
        return times
    if not step.unit:
        return [(begin, ends[-1])]
    return [(end - step.per_unit if hands else end, end) for end in ends]


def describe_hours(shortest: Seconds, longest: Seconds) -> str:
    """Say a time, or two between which it lies, to the quarter of an hour from 2 h on: 25 h; 25 h to 27.5 h."""
    texts = [format_amount(_round(shortest, down=True), "time"), format_amount(_round(longest), "time")]
    if shortest == longest:
        step = _grain(shortest)
        return format_amount((2 * shortest + step) // (2 * step) * step, "time")
    return " to ".join(dict.fromkeys(texts))


def _round(seconds: Seconds, *, down: bool = False) -> Seconds:
    """Round a shortest time down and a longest one up, so that neither is said to be milder than it is."""
    step = _grain(seconds)
    return seconds // step * step if down else -(-seconds // step) * step


def _grain(seconds: Seconds) -> int:
    return 60 if seconds < 7200 else 900
