"""A dose series without a vehicle: serially in medium, since nothing but the drug changes from tube to tube.

Refuses a drug in the run's vehicle, and a stock too weak for the top dose.
"""

from __future__ import annotations

from fractions import Fraction

from ...arithmetic import dilution
from ...errors import ProtocolError
from ...lab import two_figures_up
from ...units import Quantity, show
from ..bench import Bench
from ..ledger import Group
from ..reagents import Reagent
from ..verb_result import Said, table
from .dilute import filled, plan, short_name, strokes


def refuse_unequal(bench: Bench, source: Reagent, diluent: str) -> None:
    """Refuse a drug in the run's vehicle: diluted serially in medium it takes another share of vehicle to every dose."""
    rule = bench.vehicle
    if rule and rule.component in source.contains:
        raise ProtocolError(
            f"{source.id!r} holds {rule.component}: diluted serially in {diluent!r}, each dose would get another share of it",
            f"dilute serially in {rule.component} and then each dose at one fold: series(..., vehicle=..., limit=...)",
        )


def aqueous(
    bench: Bench,
    source: Reagent,
    diluent: Reagent,
    groups: list[Group],
    doses: list[Fraction],
    component: str,
    want: Quantity,
    stock: Fraction,
    ratio: Fraction,
    each: int,
    into: str,
) -> Said:
    """Make a series serially in medium: nothing but the drug changes from tube to tube."""
    if stock <= doses[0]:
        raise ProtocolError(
            f"{source.id!r} at {show(stock, want.kind)} is too weak for a working solution of {show(doses[0], want.kind)}",
            "a stronger stock, or a lower top dose",
            answer=True,
        )
    enough = bench.lab.spare(max(group.size for group in groups) * each, "tube", each=each).amount
    tube = two_figures_up(dilution.tube(enough, ratio)) if len(groups) > 1 else enough
    rows: list[tuple[str, ...]] = []
    title, plans = f"working solutions in {diluent.name}", []
    before: Reagent | Group = source
    held = stock
    for group, dose in zip(groups, doses, strict=True):
        plans.append(plan(bench, tube, held / dose))
        rows += filled(bench, before, diluent, plans[-1], into, group, Quantity(dose, want.kind), title)
        made = bench.groups(f"{into}/{group.name}")
        bench.claim(made, component, want.kind, dose)
        before, held = made[0], made[0].strength(component)
    text = table(("tube", "strength", "take", short_name(diluent), "makes"), rows, "lrlrr")
    return bench.say("series", [], text=f"\n\n{text}\n\n{strokes(bench, [planned.diluent for planned in plans])}")
