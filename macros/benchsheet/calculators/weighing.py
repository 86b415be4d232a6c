"""Solids: the volume that a mass is dissolved in, and the mass for a volume; refuses a molarity without a molar mass."""

from __future__ import annotations

from fractions import Fraction

from ..arithmetic import dilution
from .model import Calculation, Calculator, CalculatorInputs, Option, Result, volume_option
from .results import amount_text

SOLID_KINDS = ("molarity", "mass concentration", "percent w/v")


def _molar_mass(inputs: CalculatorInputs) -> Fraction | None:
    if inputs.kind("concentration") != "molarity":
        return None
    return inputs.base_value("mw")


def _notes(inputs: CalculatorInputs) -> tuple[str, ...]:
    if inputs.kind("concentration") == "molarity":
        return ("the molar mass is that of what is in the bottle: salt and crystal water included",)
    return ("the molar mass was not needed: the concentration is a mass per volume",) if "mw" in inputs else ()


def _dissolve_mass(inputs: CalculatorInputs) -> Calculation:
    molar_mass = _molar_mass(inputs)
    solvent = dilution.volume_at_concentration(
        inputs.base_value("mass"), inputs.base_value("concentration"), inputs.kind("concentration"), molar_mass
    )
    by = f"({inputs.text('mw')} × {inputs.text('concentration')})" if molar_mass else inputs.text("concentration")
    name = "(mw × concentration)" if molar_mass else "concentration"
    line = f"volume = mass ÷ {name} = {inputs.text('mass')} ÷ {by} = {amount_text(solvent, 'volume')}"
    return Calculation((Result("volume", solvent, "volume", "to dissolve in", settable=True),), (line,), notes=_notes(inputs))


def _weigh_solid(inputs: CalculatorInputs) -> Calculation:
    molar_mass = _molar_mass(inputs)
    mass = dilution.solid_mass(inputs.base_value("concentration"), inputs.base_value("volume"), inputs.kind("concentration"), molar_mass)
    by = f" × {inputs.text('mw')}" if molar_mass else ""
    name = " × mw" if molar_mass else ""
    line = f"mass = concentration × volume{name} = {inputs.text('concentration')} × {inputs.text('volume')}{by} = {amount_text(mass, 'mass')}"
    return Calculation((Result("mass", mass, "mass", "to weigh", settable=True),), (line,), notes=_notes(inputs))


_MW = Option(
    "mw",
    "quantity",
    "molar mass of what is weighed; a molarity needs it",
    ("molar mass",),
    "510.50 g/mol",
    optional_if=lambda found: "concentration" in found and getattr(found["concentration"], "kind", "") != "molarity",
    missing=("a molarity needs the molar mass of what is weighed", 'like --mw "510.50 g/mol", salt and crystal water included'),
)

CALCULATORS = (
    Calculator(
        "dissolve",
        "in what volume a weighed mass has a concentration",
        (
            Option("mass", "quantity", "what was weighed", ("mass",), "5 mg"),
            _MW,
            Option("concentration", "quantity", "what is wanted", SOLID_KINDS, "10 mM"),
        ),
        _dissolve_mass,
    ),
    Calculator(
        "weigh",
        "what mass makes a volume of a concentration",
        (_MW, Option("concentration", "quantity", "what is wanted", SOLID_KINDS, "1 M"), volume_option("volume", "how much of it", "1 L")),
        _weigh_solid,
    ),
)
