"""What the steps take of each reagent, in how many pours, and how much of it one place takes."""

from __future__ import annotations

from collections.abc import Iterable

from .bench import Bench
from .events import Operation, Step
from .reagents import Reagent

COLD = 10  # °C: what is used at less does not stay so in a reservoir


def list_uses(steps: Iterable[Step]) -> dict[str, list[tuple[Step, Operation]]]:
    """Return for each reagent the operations that take it, each with its step."""
    uses: dict[str, list[tuple[Step, Operation]]] = {}
    for step in steps:
        for operation in step.operations:
            if operation.reagent:
                uses.setdefault(operation.reagent, []).append((step, operation))
    return uses


def count_pours(bench: Bench, reagent: Reagent, uses: Iterable[tuple[Step, Operation]]) -> int:
    """Return how often a reservoir is filled with *reagent*: what stays in it is lost each time.

    Once for each step that gives it to wells; where a step is cold and goes plate by plate, once for each plate, since the next one comes
    when what was poured is warm. What goes into a tube, dish or tank is taken from the bottle.
    """
    if reagent.dispenser != "reservoir":
        return 1
    groups, pours = bench.ledger.groups_by_id, 0
    for step in {step.number: step for step, operation in uses if any(groups[place].position == "well" for place in operation.to)}.values():
        is_cold = step.temperature is not None and step.temperature < COLD
        pours += step.unit_count if is_cold and step.unit == "plate" else 1
    return max(1, pours)


def find_largest_use(bench: Bench, reagent: Reagent, uses: Iterable[tuple[Step, Operation]]) -> int:
    """Return how much of *reagent* one place takes in the whole run, the one that takes most; asked only where a rule counts places."""
    if not (reagent.overage_rule or bench.lab.overage).places:
        return 0
    use_by_position: dict[str, int] = {}
    for _, operation in uses:
        for name in operation.to:
            use_by_position[name] = use_by_position.get(name, 0) + operation.volume_each * operation.times
    return max(use_by_position.values(), default=0)
