"""Calculators of one dilution: from a stock to a volume, and by adding stock to what is there."""

from __future__ import annotations

from fractions import Fraction

from ..arithmetic import dilution
from ..errors import ProtocolError, locate_errors, option_flag
from ..units import Quantity
from .matching import density_lines, match_kinds
from .model import Calculation, Calculator, CalculatorInputs, Option, Result, concentration_option, volume_option
from .results import amount_text, number_text

MW = Option(
    name="mw", form="quantity", help="molar mass, where one concentration is a molarity and the other a mass in a volume",
    kinds=("molar mass",), example="36.46 g/mol", optional=True,
)  # fmt: skip
STRONG_NOTE = (
    "volumes of strong acids, bases and salts do not add up: pour the stock into most of the water, never water into the stock, "
    "let it cool, and make up to the volume"
)


def stock_and_final(inputs: CalculatorInputs, final: str = "final") -> tuple[Fraction, Fraction, list[str]]:
    """Return the stock and the option *final* in one unit, and the lines of the working that made them so.

    Raise ProtocolError if their kinds cannot be compared, or the stock is weaker.
    """
    flag = option_flag(final)
    stock, wanted, lines = match_kinds(inputs, inputs.values["stock"], inputs.values[final], flag)
    if wanted > stock:
        raise ProtocolError(
            f"{inputs.values[final]} is stronger than the stock ({inputs.values['stock']}): diluting only makes weaker",
            "use a stronger stock, or look whether they are exchanged",
            flag,
        )
    return stock.value, wanted.value, [*density_lines(inputs, "stock", final), *lines]


def _dilute_stock(inputs: CalculatorInputs) -> Calculation:
    stock, final, lines = stock_and_final(inputs)
    total = inputs.base_value("volume")
    part, fold = dilution.stock_volume(stock, final, total), stock / final
    names = [Result(name="stock", value=part, kind="volume", label="stock", settable=True)]
    working = [
        *lines,
        f"factor = stock ÷ final = {_comparable_text(inputs, 'stock')} ÷ {_comparable_text(inputs, 'final')} = {number_text(fold)}",
        f"stock = volume ÷ factor = {inputs.text('volume')} ÷ {number_text(fold)} = {amount_text(part, 'volume')}",
    ]
    notes: tuple[str, ...] = ()
    if inputs.has_density("stock"):
        names.append(Result(name="make_up_to", value=total, kind="volume", label="with water, once it is cool"))
        notes = (STRONG_NOTE,)
        if inputs.has_density("final"):
            water = dilution.solvent_mass(total, inputs.density("final"), part, inputs.density("stock"))
            if water > 0:
                names.append(Result(name="water", value=water, kind="mass", label="what that takes, by mass"))
                working.append(
                    f"water = volume × density − stock × density = {inputs.text('volume')} × {number_text(inputs.density('final'))} g/mL − "
                    f"{amount_text(part, 'volume')} × {number_text(inputs.density('stock'))} g/mL = {amount_text(water, 'mass')}"
                )
    else:
        names.append(Result(name="diluent", value=total - part, kind="volume", label="diluent", settable=True))
        working.append(f"diluent = volume − stock = {inputs.text('volume')} − {amount_text(part, 'volume')} = {amount_text(total - part, 'volume')}")
    names.append(Result(name="factor", value=fold, kind="dilution factor", label="dilution factor, total / stock"))
    return Calculation(results=tuple(names), working=tuple(working), notes=notes)


def _comparable_text(inputs: CalculatorInputs, name: str) -> str:
    """Return a concentration as the working compares it: of two kinds, both as a mass in a volume."""
    one, two, _ = match_kinds(inputs, inputs.values["stock"], inputs.values["final"], option_flag(name))
    return str(one if name == "stock" else two)


def _bring_to_final(inputs: CalculatorInputs) -> Calculation:
    stock, final, lines = stock_and_final(inputs)
    onto = inputs.base_value("onto")
    with locate_errors("--final"):
        addition = dilution.volume_to_add(stock, final, Fraction(0), onto)
    if inputs.has_density("stock") and inputs.has_density("final"):
        return _bring_by_mass(inputs, lines)
    kind = match_kinds(inputs, inputs.values["stock"], inputs.values["final"], "--final")[0].kind
    gap, stock_text, final_text = (str(Quantity(value=value, kind=kind)) for value in (stock - final, stock, final))
    return Calculation(
        results=(Result(name="add", value=addition, kind="volume", label="stock to add", settable=True),),
        working=(
            *lines,
            f"add = onto × final ÷ (stock − final) = {inputs.text('onto')} × {final_text} ÷ {gap} = {amount_text(addition, 'volume')}",
            f"check: {stock_text} × {amount_text(addition, 'volume')} ÷ {amount_text(onto + addition, 'volume')} = {final_text}",
        ),
        notes=("volumes are taken to add up; strong acids and bases shrink and heat: 'dilute' makes up to a volume",)
        if inputs.has_density("stock")
        else (),
    )


def _bring_by_mass(inputs: CalculatorInputs, lines: list[str]) -> Calculation:
    """Return what brings water to a percent by mass: masses add up, so the stock's part is exact where volumes are not."""
    stock, final = (inputs.base_value(name) / inputs.density(name) for name in ("stock", "final"))
    onto, density = inputs.base_value("onto"), inputs.density("stock")
    with locate_errors("--final"):
        mass = dilution.volume_to_add(stock, final, Fraction(0), onto * 1000)
    addition = mass / (density * 1000)
    parts = f"{inputs.text('onto')} × 1 g/mL × {number_text(final)} ÷ {number_text(stock - final)}"
    return Calculation(
        results=(
            Result(name="add", value=addition, kind="volume", label="stock to add", settable=True),
            Result(name="by_mass", value=mass, kind="mass", label="the same, weighed"),
        ),
        working=(
            *lines,
            f"mass = onto × 1 g/mL × final ÷ (stock − final) = {parts} = {amount_text(mass, 'mass')}",
            f"add = mass ÷ density = {amount_text(mass, 'mass')} ÷ {number_text(density)} g/mL = {amount_text(addition, 'volume')}",
        ),
        notes=("what is there counts as water, 1 g/mL", "add the stock to the water in portions, never water to the stock: it heats"),
    )


CALCULATORS = (
    Calculator(
        name="dilute",
        summary="how much stock and diluent make a final concentration",
        options=(
            concentration_option("stock", "what there is", "10 mM"),
            concentration_option("final", "what is wanted", "10 uM"),
            volume_option("volume", "how much of it, in all", "1 mL"),
            MW,
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
            MW,
        ),
        calculate=_bring_to_final,
    ),
)
