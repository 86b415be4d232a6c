"""A dose series: which doses there are, and whether it is made in a vehicle or in medium.

Raises ProtocolError for doses that cannot be told apart, or are next to nothing, and for a serial dilution that would leave the vehicle unequal.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from ...errors import ProtocolError
from ...units import Quantity, as_quantity, format_amount, parse_quantity
from ..bench import Bench
from ..reagents import Reagent
from ..verb_result import VerbResult
from .aqueous_series import make_aqueous_series, reject_unequal_vehicle
from .dose_list import find_doses
from .dose_steps import reject_close_doses
from .frozen_stocks import FrozenStocks, stocks_of_compound
from .vehicle_series import VehicleSeries

NEAT = "neat"  # a top dose that is not diluted
MIN_DOSE = {"molarity": Fraction(1, 10**10), "mass concentration": Fraction(1, 10**7)}  # 0.1 fM, 0.1 fg/µL: below any assay


def series(
    bench: Bench,
    reagent: str,
    *,
    top: object,
    to: object,
    add: object,
    factor: object = "1 fold",
    doses: Iterable[object] | None = None,
    strength: Fraction | int = 1,
    diluent: str,
    vehicle: str = "",
    limit: object = None,
    also: Iterable[str] = (),
    have: FrozenStocks | None = None,
    soluble: object = None,
    stocks: str = "stock",
    into: str = "working",
    compound: str = "",
) -> VerbResult:
    """Make a dose series for the groups *to*, from *top* downwards by *factor*, each in the tube *into*/<group>.

    With a *vehicle*: serially in it (tubes *stocks*), then each at one fold into *diluent*, so that its share, *limit* in
    the well, is the same everywhere; *also* names the groups that get vehicle alone, *have* the dose stocks in the freezer;
    above *soluble* an intermediate in *diluent* is warned of. Without a vehicle: serially in *diluent*.
    With *top* ``"neat"`` the first tube is the reagent as it is, as in a standard curve, and the others are diluted from it.
    *doses* are told one by one in place of *factor*, the strongest of them being *top*. *strength* says how much stronger than in
    the well a tube is, since *add* a place is given on top of what is there: 11 for 15 µL on 150 µL, 5/2 for 100 µL on 150 µL.
    """
    bench.current_step("series")
    if not isinstance(strength, int | Fraction) or strength < 1:
        raise ProtocolError(f"strength={strength!r} is not a whole number or a fraction of 1 or more", "write strength=2")
    if vehicle and limit is None:
        raise ProtocolError("series(...) has a vehicle and no limit", 'write limit=..., like "0.1 % v/v"')
    if vehicle and not as_quantity(limit, "percent v/v").value:
        raise ProtocolError(f"limit={as_quantity(limit)} leaves no vehicle", "ask for more than that")
    source, groups = bench.find_reagent(reagent, compound), bench.find_groups(to, compound)
    is_neat = isinstance(top, str) and top.strip() == NEAT
    want, component, stock = source.match_component(_find_neat(source, strength, vehicle) if is_neat else top)
    if not want.value:
        raise ProtocolError(f"nothing is diluted to {want}", "ask for more than that")
    ratio = as_quantity(parse_quantity(factor) if isinstance(factor, str) else factor, "dilution factor").value
    if len(groups) > 1 and ratio <= 1 and doses is None:
        raise ProtocolError(
            f"a series needs a dilution factor above 1, not {format_amount(ratio, 'dilution factor')}", "write half-log, '3 fold' or '2 fold'"
        )
    volume_each = bench.volume_each(add, groups)
    strengths, ratio = find_doses(want, ratio, doses, len(groups))
    if len(groups) > 1:
        reject_close_doses(bench.lab, want, ratio, len(groups))
    if strengths[-1] < MIN_DOSE.get(want.kind, Fraction(1, 10**15)):
        message = f"the last of {len(groups)} doses from {want} by {format_amount(ratio, 'dilution factor')} is next to nothing"
        raise ProtocolError(message, "fewer doses, a smaller dilution factor, or a higher top dose", from_values=True)
    for group, dose in zip(groups, strengths, strict=True):
        bench.journal.targets[group.id] = component, want.kind, dose
    if vehicle:
        vehicle_series = VehicleSeries(
            bench=bench,
            source=source,
            vehicle=bench.find_reagent(vehicle),
            diluent=bench.find_reagent(diluent, compound),
            limit=as_quantity(limit, "percent v/v"),
            strength=strength,
            volume_each=volume_each,
            stock_vessel=stocks,
            working_vessel=into,
            component=component,
            kind=want.kind,
            solubility=as_quantity(soluble) if soluble is not None else None,
            top=want,
        )
        return vehicle_series.make_tubes(
            groups,
            strengths,
            stock,
            ratio,
            stocks_of_compound(bench, have or (), str(compound)),
            [g for where in also for g in bench.find_groups(where)],
        )
    reject_unequal_vehicle(bench, source, diluent)
    return make_aqueous_series(
        bench,
        source,
        bench.find_reagent(diluent, compound),
        groups,
        [dose * strength for dose in strengths],
        component,
        want,
        stock,
        ratio,
        volume_each,
        into,
        strength,
        is_neat=is_neat,
    )


def _find_neat(source: Reagent, strength: Fraction | int, vehicle: str) -> Quantity:
    """Return the top dose whose tube is *source* as it is: *strength* times weaker than that, since it comes on top of what is there."""
    if vehicle:
        raise ProtocolError(f"top={NEAT!r} has no vehicle: the first tube is {source.name} as it is", "leave vehicle=... out, or write the top dose")
    known = [amount for amount in source.contains.values() if amount is not None]
    if len(known) != 1:
        contents = ", ".join(f"{name} {'not yet measured' if amount is None else amount}" for name, amount in source.contains.items())
        raise ProtocolError(
            f"{source.id!r} holds {contents or 'nothing with a concentration'}: which strength is neat is not clear", "write the top dose itself"
        )
    return Quantity(value=known[0].value / strength, kind=known[0].kind)
