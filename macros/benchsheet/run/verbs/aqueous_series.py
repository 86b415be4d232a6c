"""A dose series without a vehicle: serially in medium, since nothing but the drug changes from tube to tube.

Raises ProtocolError for a drug in the run's vehicle, and for a stock too weak for the top dose.
"""

from __future__ import annotations

from fractions import Fraction

from ...arithmetic import dilution
from ...errors import ProtocolError
from ...lab import DilutionPlan, round_up_two_figures
from ...units import Quantity, format_amount
from ...units.base_units import NanoLitres
from ..bench import Bench
from ..ledger import WellGroup
from ..reagents import Reagent
from ..verb_result import VerbResult, markdown_table
from .dilute import describe_strokes, fill_tube, plan_tube, short_name
from .dose_steps import find_tube_volume


def reject_unequal_vehicle(bench: Bench, source: Reagent, diluent: str) -> None:
    """Refuse a drug in the run's vehicle: diluted serially in medium it takes another share of vehicle to every dose."""
    limit = bench.vehicle
    if limit and limit.component in source.contains:
        raise ProtocolError(
            f"{source.id!r} holds {limit.component}: diluted serially in {diluent!r}, each dose would get another share of it",
            f"dilute serially in {limit.component} and then each dose at one fold: series(..., vehicle=..., limit=...)",
        )


def make_aqueous_series(
    bench: Bench,
    source: Reagent,
    diluent: Reagent,
    groups: list[WellGroup],
    doses: list[Fraction],
    component: str,
    want: Quantity,
    stock: Fraction,
    ratio: Fraction,
    volume_each: NanoLitres,
    into: str,
    times_dose: Fraction | int,
    *,
    is_neat: bool = False,
) -> VerbResult:
    """Make a series serially in medium: nothing but the drug changes from tube to tube; *is_neat*: the first tube is *source* as it is."""
    if stock <= doses[0] and not is_neat:
        raise ProtocolError(
            f"{source.id!r} at {format_amount(stock, want.kind)} is too weak for a working solution of {format_amount(doses[0], want.kind)}",
            "a stronger stock, or a lower top dose" + ("; top='neat' takes it as it is" if stock == doses[0] else ""),
            from_values=True,
        )
    enough = bench.lab.with_overage(max(group.size for group in groups) * volume_each, "tube", volume_each=volume_each).amount
    tube = round_up_two_figures(dilution.tube_volume(enough, ratio)) if len(groups) > 1 else enough
    if len(groups) > 1:
        tube = find_tube_volume(bench.lab, NanoLitres(tube), stock, tuple(doses), tuple([group.size * volume_each for group in groups]))
    rows: list[tuple[str, ...]] = []
    title = f"working solutions in {diluent.name}"
    plans: list[DilutionPlan] = []
    previous: Reagent | WellGroup = source
    strength = stock
    for group, dose in zip(groups, doses, strict=True):
        is_whole = is_neat and not plans
        plans.append(
            DilutionPlan(take=bench.set_volume(tube, up=True), diluent=NanoLitres(0)) if is_whole else plan_tube(bench, tube, strength / dose)
        )
        made_rows = fill_tube(bench, previous, diluent, plans[-1], into, group, Quantity(value=dose, kind=want.kind), title, times_dose)
        rows += [(*row[:2], f"{row[2]}, as it is", *row[3:]) for row in made_rows] if is_whole else made_rows
        new_tubes = bench.select_groups(f"{into}/{group.name}")
        bench.claim(new_tubes, component, want.kind, dose)
        bench.promise("series", new_tubes[0].id, [group])
        previous, strength = new_tubes[0], new_tubes[0].strength(component)
    text = markdown_table(("tube", "strength", "take", short_name(diluent), "makes"), rows, "lrlrr")
    return bench.add_result("series", [], text=f"\n\n{text}\n\n{describe_strokes(bench, [tube_plan.diluent for tube_plan in plans])}")
