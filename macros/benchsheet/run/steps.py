"""A step that is finished, looked at as a whole: every amount told, the vehicle equal, living cells in a volume that fits them.

Refuses an amount that is recorded and never shown, and a vehicle that is unequal or above its limit.
"""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction

from ..arithmetic.exact import apart
from ..errors import ProtocolError
from ..units import show
from .bench import Bench
from .events import Step
from .verb_result import called


def close(bench: Bench, step: Step) -> None:
    """Check what only a finished step can show: every amount told, vehicle equal, living cells in a fitting volume."""
    for word in bench.pending:
        if not word.shown:
            raise ProtocolError(f"{word.verb}(...) is recorded but never shown", "put it in the prose with {{ }}").at(word.file, word.line)
    bench.pending.clear()
    if step.operations:
        _vehicle(bench, step)
        if bench.entry:
            _vehicle(bench.entry.host, step)  # what it pours may be its host's
    if step.at_value == 37:
        _comfort(bench, {name for operation in step.operations for name in operation.to})


def _vehicle(bench: Bench, step: Step) -> None:
    if bench.vehicle is None:
        return
    component, limit = bench.vehicle.component, bench.vehicle.limit
    holding = [group for group in bench.ledger.find(bench.vehicle.where) if group.volume]
    if not any(component in group.holds for group in holding):
        return
    touched = {name for operation in step.operations for name in operation.to}
    if touched.isdisjoint(group.id for group in holding):
        return
    held = {group.id: group.strength(component) for group in holding}
    low, high = min(held.values()), max(held.values())
    if high > limit.value * (1 + bench.lab.tolerance):
        worst = max(held, key=lambda name: held[name])
        raise ProtocolError(
            f"{worst} holds {show(high, limit.kind)} {component}, more than the {limit} allowed",
            "use a stronger stock, a lower top dose, or a higher vehicle limit",
            step.file,
            step.line,
            answer=True,
        )
    if apart(low, high, bench.lab.tolerance):
        one, two = min(held, key=lambda name: held[name]), max(held, key=lambda name: held[name])
        raise ProtocolError(
            f"unequal {component} after step {step.title!r}: {one} {show(low, limit.kind)}, {two} {show(high, limit.kind)}",
            "give every well the same vehicle: dilute in the vehicle first, then each dose at one fold into medium", step.file, step.line,
        )  # fmt: skip


def _comfort(bench: Bench, touched: Collection[str]) -> None:
    for vessel in bench.ledger.vessels.values():
        outside = [
            g
            for g in vessel.groups.values()
            if g.id in touched
            and g.working[1]
            and g.volume
            and any(g.holds.get(name) for name in bench.stays)
            and not g.working[0] <= g.volume <= g.working[1]
        ]
        for volume in dict.fromkeys(group.volume for group in outside):
            same = [group for group in outside if group.volume == volume]
            held, low, high = (show(Fraction(amount), "volume") for amount in (volume, *same[0].working))
            bench.warn(
                "working-volume",
                f"{vessel.id}: cells rest in {held} ({called(same)}); {low} to {high} is what a {same[0].labware} is made for",
            )
