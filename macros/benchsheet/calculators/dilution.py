"""Calculators of dilutions: one, an addition to what is there, a series, and a set of standards."""

from __future__ import annotations

import functools
from fractions import Fraction

from ..arithmetic import dilution, exact
from ..errors import ProtocolError, locate_errors, option_flag
from ..lab import DilutionPlan, Lab, dilution_plan
from ..units import Quantity
from ..units.base_units import NanoLitres
from .arguments import check_same_kind
from .model import Calculation, Calculator, CalculatorInputs, Option, Result, concentration_option, volume_option
from .results import amount_text, number_text

MAX_FOLD = 10**12  # from the first dose of a series to the last


def _stock_and_final(inputs: CalculatorInputs, final: str = "final") -> tuple[Fraction, Fraction]:
    """Return the base values of the stock and of the option *final*; raise ProtocolError if their kinds differ or the stock is weaker."""
    stock_amount, final_amount, flag = inputs.values["stock"], inputs.values[final], option_flag(final)
    check_same_kind(stock_amount, final_amount, flag)
    if final_amount > stock_amount:
        raise ProtocolError(
            f"{final_amount} is stronger than the stock ({stock_amount}): diluting only makes weaker",
            "use a stronger stock, or look whether they are exchanged",
            flag,
        )
    return stock_amount.value, final_amount.value


def _dilute_stock(inputs: CalculatorInputs) -> Calculation:
    stock, final = _stock_and_final(inputs)
    total = inputs.base_value("volume")
    part, fold = dilution.stock_volume(stock, final, total), stock / final
    return Calculation(
        results=(
            Result(name="stock", value=part, kind="volume", label="stock", settable=True),
            Result(name="diluent", value=total - part, kind="volume", label="diluent", settable=True),
            Result(name="factor", value=fold, kind="dilution factor", label="dilution factor, total / stock"),
        ),
        working=(
            f"factor = stock ÷ final = {inputs.text('stock')} ÷ {inputs.text('final')} = {number_text(fold)}",
            f"stock = volume ÷ factor = {inputs.text('volume')} ÷ {number_text(fold)} = {amount_text(part, 'volume')}",
            f"diluent = volume − stock = {inputs.text('volume')} − {amount_text(part, 'volume')} = {amount_text(total - part, 'volume')}",
        ),
    )


def _bring_to_final(inputs: CalculatorInputs) -> Calculation:
    stock, final = _stock_and_final(inputs)
    onto = inputs.base_value("onto")
    with locate_errors("--final"):
        addition = dilution.volume_to_add(stock, final, Fraction(0), onto)
    gap = amount_text(stock - final, inputs.kind("stock"))
    return Calculation(
        results=(Result(name="add", value=addition, kind="volume", label="stock to add", settable=True),),
        working=(
            f"add = onto × final ÷ (stock − final) = {inputs.text('onto')} × {inputs.text('final')} ÷ {gap} = {amount_text(addition, 'volume')}",
            f"check: {inputs.text('stock')} × {amount_text(addition, 'volume')} ÷ {amount_text(onto + addition, 'volume')} = {inputs.text('final')}",
        ),
    )


def _dilute_series(inputs: CalculatorInputs) -> Calculation:
    stock, top = _stock_and_final(inputs, "top")
    kind, points, keeps = inputs.kind("top"), int(inputs.base_value("points")), inputs.base_value("volume")
    first = inputs.base_value("first") if "first" in inputs else None
    if first is not None and first < keeps and "transfer" not in inputs:
        raise ProtocolError(
            f"tube 1 would keep {inputs.text('first')}, less than the {inputs.text('volume')} of the others", "give more, or leave it out", "--first"
        )
    factor, how = _find_factor(inputs)
    if factor ** (points - 1) > MAX_FOLD:
        raise ProtocolError(f"the last of {points} doses is next to nothing", "fewer doses, or a smaller dilution factor", "--points")
    with locate_errors("--first" if "transfer" in inputs else "--factor"):
        if "transfer" in inputs:
            tubes = dilution.tubes_by_transfer(stock, top, points, inputs.base_value("transfer"), keeps, first)
        else:
            tubes = dilution.tubes_by_factor(stock, top, factor, points, keeps, first)
    results: list[Result] = []
    working = [how]
    for place, tube in enumerate(tubes, 1):
        dose = top / factor ** (place - 1)
        source = "the stock" if place == 1 else f"tube {place - 1}"
        results += [
            Result(name=f"dose_{place}", value=dose, kind=kind, label=f"tube {place}"),
            Result(name=f"take_{place}", value=tube.take, kind="volume", label=f"from {source}", settable=True),
            Result(name=f"diluent_{place}", value=tube.diluent, kind="volume", label="diluent", settable=True),
            Result(name=f"left_{place}", value=tube.remaining, kind="volume", label="left in it"),
        ]
        working.append(
            f"tube {place}: {amount_text(tube.take, 'volume')} of {source} + {amount_text(tube.diluent, 'volume')} diluent = "
            f"{amount_text(tube.volume, 'volume')} at {amount_text(dose, kind)}"
        )
    results += [
        Result(name="stock", value=tubes[0].take, kind="volume", label="stock in all"),
        Result(name="diluent", value=sum((tube.diluent for tube in tubes), Fraction(0)), kind="volume", label="diluent in all"),
    ]
    notes = ("nothing is taken from the last tube, so it stays full",) if points > 1 else ()
    return Calculation(results=tuple(results), working=tuple(working), notes=notes)


def _find_factor(inputs: CalculatorInputs) -> tuple[Fraction, str]:
    """Return the dilution factor and its line of the working; it follows from ``--transfer`` if that is given, and has to agree with it."""
    keeps, factor = inputs.base_value("volume"), inputs.base_value("factor") if "factor" in inputs else None
    if "transfer" in inputs:
        transfer = inputs.base_value("transfer")
        follows = 1 + keeps / transfer
        words = f"{inputs.text('transfer')} into {inputs.text('volume')}"
        if factor is not None and exact.differs_by(follows, factor, inputs.lab.tolerance):
            into = amount_text(transfer * (factor - 1), "volume") if factor > 1 else ""
            raise ProtocolError(
                f"{words} is {number_text(follows)} fold, not {number_text(factor)} fold",
                f"carry it into {into} of diluent, or leave --factor out" if into else "a factor is above 1",
                "--transfer",
            )
        return factor or follows, f"factor = 1 + volume ÷ transfer = 1 + {inputs.text('volume')} ÷ {inputs.text('transfer')} = {number_text(follows)}"
    if factor is None:
        raise ProtocolError("it is missing", "give the dilution factor from tube to tube", "--factor")
    if inputs.base_value("points") == 1:
        return factor, f"one tube of {inputs.text('volume')}"
    if factor <= 1:
        raise ProtocolError(
            f"a series needs a dilution factor above 1, not {number_text(factor)} fold",
            "write half-log, '3 fold' or '2 fold' (total / stock)",
            "--factor",
        )
    size = amount_text(dilution.tube_volume(keeps, factor), "volume")
    return factor, f"each tube = volume ÷ (1 − 1 ÷ factor) = {inputs.text('volume')} ÷ (1 − 1 ÷ {number_text(factor)}) = {size}"


def _dilute_standards(inputs: CalculatorInputs) -> Calculation:
    stock, total = inputs.values["stock"], inputs.base_value("volume")
    results: list[Result] = []
    working: list[str] = []
    notes: list[str] = []
    settable = functools.partial(_settable_amount, inputs.lab)
    for place, point in enumerate(inputs.values["points"], 1):
        check_same_kind(stock, point, "--points")
        if point > stock:
            raise ProtocolError(f"{point} is stronger than the stock ({stock}): diluting only makes weaker", "use a stronger stock", "--points")
        with locate_errors("--volume"):
            plan = dilution_plan.plan_dilution(inputs.lab, settable, total, stock.value / point.value) if point.value else None
        take = Fraction(plan.exact_take) if plan else Fraction(0)
        source = "stock"
        if plan and plan.intermediate:
            source = f"intermediate {place}"
            rows, lines = _intermediate_results(place, plan, stock)
            results += rows
            working += lines
            notes.append(f"vial {place} goes through an intermediate: its part of the stock is below {amount_text(inputs.lab.trust, 'volume')}")
        results += [
            Result(name=f"dose_{place}", value=point.value, kind=point.kind, label=f"vial {place}"),
            Result(name=f"take_{place}", value=take, kind="volume", label=f"from the {source}", settable=True),
            Result(name=f"diluent_{place}", value=total - take, kind="volume", label="diluent", settable=True),
        ]
        source_strength = _intermediate_strength(plan, stock) if plan else stock
        formula = f"{inputs.text('volume')} × {point} ÷ {source_strength} = {amount_text(take, 'volume')} {source}" if plan else "diluent alone"
        working.append(
            f"vial {place}: {formula}" + (f" + {amount_text(total - take, 'volume')} diluent" if plan else f", {amount_text(total, 'volume')}")
        )
    return Calculation(results=tuple(results), working=tuple(working), notes=tuple(notes))


def _settable_amount(lab: Lab, part: Fraction | int) -> NanoLitres:
    """Return what *part* is set to, or itself where the lab cannot set it: that is told with the result."""
    try:
        return NanoLitres(lab.set_volume(part).amount)
    except ProtocolError:
        return NanoLitres(int(part))


def _intermediate_strength(plan: DilutionPlan, stock: Quantity) -> Quantity:
    """Return the strength of the intermediate that a vial is made from."""
    intermediate = plan.intermediate
    if intermediate is None:
        return stock
    return _intermediate_strength(intermediate, stock) * Fraction(intermediate.exact_take, intermediate.target_volume)


def _intermediate_results(place: int, plan: DilutionPlan, stock: Quantity) -> tuple[list[Result], list[str]]:
    """Return the results and lines of the intermediate of one vial, and of those before it."""
    intermediate = plan.intermediate
    if intermediate is None:
        return [], []
    before, lines = _intermediate_results(place, intermediate, stock)
    depth, strength = len(before) // 3, _intermediate_strength(plan, stock)
    name = f"intermediate_{place}" + (f"_{depth + 1}" if depth else "")
    take, rest = Fraction(intermediate.exact_take), Fraction(intermediate.target_volume - intermediate.exact_take)
    own = [
        Result(name=name, value=strength.value, kind=strength.kind, label=f"intermediate {place}"),
        Result(name=f"{name}_take", value=take, kind="volume", label="from the one before" if depth else "from the stock", settable=True),
        Result(name=f"{name}_diluent", value=rest, kind="volume", label="diluent", settable=True),
    ]
    parts = f"{amount_text(take, 'volume')} + {amount_text(rest, 'volume')} diluent"
    line = f"intermediate {place}: {parts} = {amount_text(intermediate.target_volume, 'volume')} at {strength}"
    return [*before, *own], [*lines, line]


CALCULATORS = (
    Calculator(
        name="dilute",
        summary="how much stock and diluent make a final concentration",
        options=(
            concentration_option("stock", "what there is", "10 mM"),
            concentration_option("final", "what is wanted", "10 uM"),
            volume_option("volume", "how much of it, in all", "1 mL"),
        ),
        calculate=_dilute_stock,
    ),
    Calculator(
        name="bring",
        summary="how much stock brings a volume that holds none to a concentration",
        options=(
            concentration_option("stock", "what is added", "50 % w/v"),
            concentration_option("final", "what is wanted in the whole", "10 % w/v"),
            volume_option("onto", "what is there", "100 uL", per="well"),
        ),
        calculate=_bring_to_final,
    ),
    Calculator(
        name="series",
        summary="a serial dilution, tube by tube",
        options=(
            concentration_option("stock", "what tube 1 is made from", "10 mM"),
            concentration_option("top", "the strength of tube 1", "1 mM"),
            Option(
                name="factor", form="quantity", help="from tube to tube, total / stock; with --transfer it may be left out",
                kinds=("dilution factor",), example="half-log", optional_if=lambda found: "transfer" in found,
            ),
            Option(name="points", form="whole", help="how many tubes", example="8"),
            volume_option("volume", "what each tube keeps after the next is taken from it; with --transfer the diluent in each tube", "100 uL"),
            volume_option("first", "what tube 1 keeps, if it is more", "200 uL", optional=True),
            volume_option("transfer", "what is carried on from tube to tube", "50 uL", optional=True),
        ),
        calculate=_dilute_series,
    ),
    Calculator(
        name="standards",
        summary="a set of standards, each vial from the stock",
        options=(
            concentration_option("stock", "the standard", "2 mg/mL"),
            Option(name="points", form="quantities", help="the concentrations; 0 is diluent alone", kinds=concentration_option("", "", "").kinds,
                   example="2000; 1000; 500; 250; 125; 25; 0 ug/mL", allow_zero=True),
            volume_option("volume", "of each vial", "100 uL"),
        ),
        calculate=_dilute_standards,
    ),
)  # fmt: skip
