"""Calculators of which concentration there is: from volumes, from a mass, from a diluted reading; and from one unit to another."""

from __future__ import annotations

from ..arithmetic import dilution, solids
from ..errors import ProtocolError, locate_errors
from ..units import Quantity
from .matching import density_lines
from .model import Calculation, Calculator, CalculatorInputs, Option, Result, concentration_option, volume_option
from .results import amount_text, number_text

CONVERTED = ("molarity", "mass concentration", "percent w/v")
_BELONGS = {"stock": ("taken", "into", "onto"), "mass": ("into", "mw"), "reading": ("dilution",)}


def _find_strength(inputs: CalculatorInputs) -> Calculation:
    given = next(name for name in _BELONGS if name in inputs)
    for name in ("taken", "into", "onto", "mw", "dilution"):
        if name in inputs and name not in _BELONGS[given]:
            raise ProtocolError(
                f"it does not go with --{given}", f"--{given} goes with {', '.join('--' + each for each in _BELONGS[given])}", f"--{name}"
            )
    return {"stock": _from_volumes, "mass": _from_mass, "reading": _from_reading}[given](inputs)


def _from_volumes(inputs: CalculatorInputs) -> Calculation:
    stock, taken = inputs.values["stock"], inputs.base_value("taken")
    if ("into" in inputs) == ("onto" in inputs):
        raise ProtocolError(
            "--into and --onto are both given" if "into" in inputs else "--into or --onto is missing",
            "--into is the whole, what was taken included; --onto is what was there before",
            "--into",
        )
    total = inputs.base_value("into") if "into" in inputs else inputs.base_value("onto") + taken
    if taken > total:
        raise ProtocolError(
            f"{inputs.text('taken')} are more than the whole, {inputs.text('into')}", "--into is the whole, what was taken included", "--into"
        )
    strength = stock.value * taken / total
    whole = inputs.text("into") if "into" in inputs else f"({inputs.text('onto')} + {inputs.text('taken')})"
    text = amount_text(strength, stock.kind)
    return Calculation(
        results=(
            Result(name="strength", value=strength, kind=stock.kind, label="what it holds"),
            Result(name="factor", value=total / taken, kind="dilution factor", label="dilution factor, total / stock"),
        ),
        working=(*density_lines(inputs, "stock"), f"strength = stock × taken ÷ whole = {stock} × {inputs.text('taken')} ÷ {whole} = {text}"),
    )


def _from_mass(inputs: CalculatorInputs) -> Calculation:
    if "into" not in inputs:
        raise ProtocolError("it is missing: the whole volume, solid included", 'like --into "1 L"', "--into")
    mass, total = inputs.base_value("mass"), inputs.base_value("into")
    density = mass / total * 1000
    with locate_errors("--mass"):
        solids.check_room(density)
    results = [Result(name="strength", value=density, kind="mass concentration", label="what it holds")]
    lines = [f"strength = mass ÷ volume = {inputs.text('mass')} ÷ {inputs.text('into')} = {amount_text(density, 'mass concentration')}"]
    if "mw" in inputs:
        with locate_errors("--mw"):
            molar = density / solids.check_molar_mass(inputs.base_value("mw")) * 1000
        results.append(Result(name="molarity", value=molar, kind="molarity", label="the same, in moles"))
        lines.append(
            f"molarity = strength ÷ mw = {amount_text(density, 'mass concentration')} ÷ {inputs.text('mw')} = {amount_text(molar, 'molarity')}"
        )
    return Calculation(results=tuple(results), working=tuple(lines), notes=("the volume is the whole, solid included",))


def _from_reading(inputs: CalculatorInputs) -> Calculation:
    if "dilution" not in inputs:
        raise ProtocolError(
            "it is missing: how far it was diluted before it was read, total / stock", "1 is undiluted, 10 is one part in ten", "--dilution"
        )
    reading, fold = inputs.values["reading"], inputs.base_value("dilution")
    if fold < 1:
        raise ProtocolError(f"{number_text(fold)} is below 1: a dilution is total / stock", "1 is undiluted, 10 is one part in ten", "--dilution")
    strength = reading.value * fold
    return Calculation(
        results=(Result(name="strength", value=strength, kind=reading.kind, label="what it held before it was diluted"),),
        working=(f"strength = reading × dilution = {reading} × {number_text(fold)} = {amount_text(strength, reading.kind)}",),
    )


def _convert_units(inputs: CalculatorInputs) -> Calculation:
    typed: Quantity = inputs.values["concentration"]
    with locate_errors("--mw"):
        molar_mass = solids.check_molar_mass(inputs.base_value("mw"))
    density = dilution.solid_mass(typed.value, 1, typed.kind, molar_mass) * 1000
    with locate_errors("--concentration"):
        solids.check_room(density)
    molar = density / molar_mass * 1000
    one, other = amount_text(density, "mass concentration"), amount_text(molar, "molarity")
    line = f"{typed} × {inputs.text('mw')} = {one}" if typed.kind == "molarity" else f"{one} ÷ {inputs.text('mw')} = {other}"
    percent = amount_text(density / 10_000, "percent w/v")
    return Calculation(
        results=(
            Result(name="molarity", value=molar, kind="molarity", label="moles in a volume"),
            Result(name="mass_concentration", value=density, kind="mass concentration", label="mass in a volume"),
            Result(name="percent_w_v", value=density / 10_000, kind="percent w/v", label="the same, in g per 100 mL"),
        ),
        working=(*density_lines(inputs, "concentration"), line, f"{one} ÷ 10 mg/mL = {percent}"),
        notes=("the molar mass is that of what was weighed: salt and crystal water included",),
    )


CALCULATORS = (
    Calculator(
        name="strength",
        summary="which concentration there is, by volumes, mass or reading",
        options=(
            concentration_option("stock", "what was taken from; or --mass; or --reading", "2 X"),
            Option(name="mass", form="quantity", help="what was dissolved", kinds=("mass",), example="5 mg"),
            concentration_option("reading", "what was measured after diluting", "0.5 mg/mL"),
            Option(name="taken", form="quantity", help="how much of the stock", kinds=("volume",), example="10 uL",
                   optional_if=lambda found: "mass" in found or "reading" in found),
            Option(name="into", form="quantity", help="the whole, what was taken or dissolved included", kinds=("volume",), example="25 uL",
                   optional_if=lambda found: "onto" in found or "reading" in found),
            volume_option("onto", "what was there before, in place of --into", "1 mL", optional=True),
            Option(name="mw", form="quantity", help="molar mass of what was dissolved, for a molarity", kinds=("molar mass",),
                   example="510.50 g/mol", optional=True),
            Option(name="dilution", form="number", help="total / stock of what was read", kinds=("dilution factor",), example="10", optional=True),
        ),
        calculate=_find_strength,
        one_of=("stock", "mass", "reading"),
    ),
    Calculator(
        name="convert",
        summary="a concentration from mass to moles and back, by the molar mass",
        options=(
            Option(name="concentration", form="quantity", help="what is to be written otherwise", kinds=CONVERTED, example="1 mg/mL"),
            Option(name="mw", form="quantity", help="molar mass; of a protein in kDa", kinds=("molar mass",), example="150 kDa"),
        ),
        calculate=_convert_units,
    ),
)  # fmt: skip
