"""A step that is finished, looked at as a whole: every amount told, the vehicle equal, living cells in a volume that fits them.

Refuses an amount that is recorded and never shown, and a vehicle that is unequal or above its limit.
"""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction

from ..arithmetic.exact import differs_by
from ..errors import ProtocolError
from ..units import format_amount
from .bench import Bench
from .events import Step
from .verb_result import describe_groups


def finish_step(bench: Bench, step: Step) -> None:
    """Check what only a finished step can show: every amount told, vehicle equal, living cells in a fitting volume."""
    for result in bench.pending:
        if not result.is_shown:
            raise ProtocolError(f"{result.verb}(...) is recorded but never shown", "put it in the prose with {{ }}").at(result.file, result.line)
    bench.pending.clear()
    if step.operations:
        _check_vehicle(bench, step)
        if bench.nested_call:
            _check_vehicle(bench.nested_call.host, step)  # what it pours may be its host's
    if step.temperature == 37:
        _check_working_volume(bench, {name for operation in step.operations for name in operation.to})


def _check_vehicle(bench: Bench, step: Step) -> None:
    if bench.vehicle is None:
        return
    component, limit = bench.vehicle.component, bench.vehicle.limit
    holding = [group for group in bench.ledger.find_groups(bench.vehicle.where) if group.volume]
    if not any(component in group.contents for group in holding):
        return
    target_ids = {name for operation in step.operations for name in operation.to}
    if target_ids.isdisjoint(group.id for group in holding):
        return
    strengths = {group.id: group.strength(component) for group in holding}
    low, high = min(strengths.values()), max(strengths.values())
    if high > limit.value * (1 + bench.lab.tolerance):
        worst = max(strengths, key=lambda name: strengths[name])
        raise ProtocolError(
            f"{worst} holds {format_amount(high, limit.kind)} {component}, more than the {limit} allowed",
            "use a stronger stock, a lower top dose, or a higher vehicle limit",
            step.file,
            step.line,
            from_values=True,
        )
    if differs_by(low, high, bench.lab.tolerance):
        one, two = min(strengths, key=lambda name: strengths[name]), max(strengths, key=lambda name: strengths[name])
        raise ProtocolError(
            f"unequal {component} after step {step.title!r}: {one} {format_amount(low, limit.kind)}, {two} {format_amount(high, limit.kind)}",
            "give every well the same vehicle: dilute in the vehicle first, then each dose at one fold into medium", step.file, step.line,
        )  # fmt: skip


def _check_working_volume(bench: Bench, target_ids: Collection[str]) -> None:
    for vessel in bench.ledger.vessels.values():
        outside = [
            g
            for g in vessel.groups.values()
            if g.id in target_ids
            and g.working_range[1]
            and g.volume
            and any(g.contents.get(name) for name in bench.retained_components)
            and not g.working_range[0] <= g.volume <= g.working_range[1]
        ]
        for volume in dict.fromkeys(group.volume for group in outside):
            same = [group for group in outside if group.volume == volume]
            volume_text, low, high = (format_amount(Fraction(amount), "volume") for amount in (volume, *same[0].working_range))
            bench.warn(
                "working-volume",
                f"{vessel.id}: cells rest in {volume_text} ({describe_groups(same)}); {low} to {high} is what a {same[0].labware} is made for",
            )
