"""The calculator of a set of standards: each vial from the stock, or from the one before, within what there is of the stock."""

from __future__ import annotations

import itertools
from fractions import Fraction

from ..arithmetic.tenfold import TenfoldPlan, plan_intermediates
from ..errors import ProtocolError, locate_errors
from ..units import CONCENTRATIONS, Quantity
from .dilution import MW, STRONG_NOTE
from .intermediates import enough_of, intermediate_rows, total_rows
from .matching import match_kinds
from .model import Calculation, Calculator, CalculatorInputs, Option, Result, concentration_option, volume_option
from .results import amount_text


def _dilute_standards(inputs: CalculatorInputs) -> Calculation:
    points = [_point_strength(inputs, point) for point in inputs.values["points"]]
    stock = match_kinds(inputs, inputs.values["stock"], points[0], "--points")[0]
    for typed, point in zip(inputs.values["points"], points, strict=True):
        if point > stock:
            raise ProtocolError(
                f"{typed} is stronger than the stock ({inputs.values['stock']}): diluting only makes weaker", "use a stronger stock", "--points"
            )
    answer = _standards_serially(inputs, stock, points) if inputs.values["serial"] else _standards_from_stock(inputs, stock, points)
    if "ampoule" in inputs:
        needed = next(result.value for result in answer.results if result.name == "stock")
        if needed > inputs.base_value("ampoule"):
            raise ProtocolError(
                f"the standards take {amount_text(needed, 'volume')} of the stock, and there are {inputs.text('ampoule')}",
                "make smaller vials" + ("" if inputs.values["serial"] else ", or each from the one before (--serial)"),
                "--ampoule",
            )
    return answer


def _point_strength(inputs: CalculatorInputs, point: Quantity) -> Quantity:
    """Return a standard in the unit in which it is compared with the stock."""
    return match_kinds(inputs, inputs.values["stock"], point, "--points")[1]


def _standards_from_stock(inputs: CalculatorInputs, stock: Quantity, points: list[Quantity]) -> Calculation:
    """Return vials that are made each from the stock, or from a tenfold intermediate that they share."""
    total = inputs.base_value("volume")
    parts = [total * point.value / stock.value for point in points]
    with locate_errors("--volume"):
        plan = plan_intermediates(parts, [total] * len(parts), inputs.lab.trust, enough_of(inputs.lab))
    results, working = intermediate_rows(plan, stock)
    taken, rest = Fraction(0), Fraction(0)
    for place, (point, part, level) in enumerate(zip(points, parts, plan.levels, strict=True), 1):
        take, source = part * 10**level, f"intermediate {level}" if level else "stock"
        strength = stock * Fraction(1, 10**level)
        taken, rest = taken + (take if not level else 0), rest + total - take
        results += _vial_results(place, point, take, total - take, f"from the {source}")
        working.append(
            f"vial {place}: {inputs.text('volume')} × {point} ÷ {strength} = {amount_text(take, 'volume')} {source}"
            f" + {amount_text(total - take, 'volume')} diluent"
            if part
            else f"vial {place}: diluent alone, {amount_text(total, 'volume')}"
        )
    results += _all_taken(taken + (plan.volumes[0] / 10 if plan.volumes else 0), rest + sum(plan.volumes, Fraction(0)) * Fraction(9, 10))
    trust = amount_text(inputs.lab.trust, "volume")
    shared = [str(place) for place, level in enumerate(plan.levels, 1) if level]
    vials = f"vials {', '.join(shared)} go" if len(shared) > 1 else f"vial {''.join(shared)} goes"
    notes = [f"{vials} through an intermediate: the part of the stock is below {trust}"] if shared else []
    notes += [STRONG_NOTE] if inputs.densities else []
    return Calculation(results=tuple(results), working=tuple(working), notes=tuple(notes))


def _standards_serially(inputs: CalculatorInputs, stock: Quantity, points: list[Quantity]) -> Calculation:
    """Return vials that are made each from the one before, so large that each keeps its volume."""
    keeps = inputs.base_value("volume")
    made = [place for place, point in enumerate(points) if point.value]
    for before, after in itertools.pairwise(made):
        if points[after] >= points[before]:
            raise ProtocolError(
                f"{points[after]} comes after {points[before]}: each vial is made from the one before", "the strongest first", "--points"
            )
    sizes: dict[int, Fraction] = {}
    takes: dict[int, Fraction] = {}
    onward = Fraction(0)
    for index in range(len(made) - 1, -1, -1):
        place = made[index]
        above = points[made[index - 1]] if index else stock
        sizes[place] = keeps + onward
        onward = takes[place] = sizes[place] * points[place].value / above.value
    results: list[Result] = []
    working: list[str] = []
    source = "the stock"
    for place, point in enumerate(points):
        size, take = sizes.get(place, keeps), takes.get(place, Fraction(0))
        results += _vial_results(place + 1, point, take, size - take, f"from {source}" if take else "")
        if take:
            parts = f"{amount_text(take, 'volume')} of {source} + {amount_text(size - take, 'volume')} diluent"
            working.append(f"vial {place + 1}: {parts} = {amount_text(size, 'volume')} at {point}")
            source = f"vial {place + 1}"
        else:
            working.append(f"vial {place + 1}: diluent alone, {amount_text(size, 'volume')}")
    diluent = sum((sizes.get(place, keeps) - takes.get(place, Fraction(0)) for place in range(len(points))), Fraction(0))
    results += _all_taken(onward, diluent)
    return Calculation(results=tuple(results), working=tuple(working), notes=("each is made from the one before, so an error in one goes on",))


def _all_taken(from_stock: Fraction, diluent: Fraction) -> list[Result]:
    return total_rows(TenfoldPlan(levels=(), volumes=()), from_stock, diluent)


def _vial_results(place: int, point: Quantity, take: Fraction, diluent: Fraction, source: str) -> list[Result]:
    return [
        Result(name=f"dose_{place}", value=point.value, kind=point.kind, label=f"vial {place}"),
        Result(name=f"take_{place}", value=take, kind="volume", label=source, settable=True),
        Result(name=f"diluent_{place}", value=diluent, kind="volume", label="diluent", settable=True),
    ]


CALCULATORS = (
    Calculator(
        name="standards",
        summary="a set of standards, from the stock or one from the other",
        options=(
            concentration_option("stock", "the standard", "2 mg/mL"),
            Option(name="points", form="quantities", help="the concentrations; 0 is diluent alone", kinds=CONCENTRATIONS,
                   example="2000; 1000; 500; 250; 125; 25; 0 ug/mL", allow_zero=True),
            volume_option("volume", "of each vial", "100 uL"),
            Option(name="serial", form="flag", help="each vial from the one before, strongest first; --volume is what each keeps"),
            volume_option("ampoule", "what there is of the stock: more is refused", "1 mL", optional=True),
            MW,
        ),
        calculate=_dilute_standards,
    ),
)  # fmt: skip
