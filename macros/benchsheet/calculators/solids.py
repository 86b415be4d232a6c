"""Calculators of solids: in what a weighed mass is dissolved, and what is weighed for a volume."""

from __future__ import annotations

from fractions import Fraction

from ..arithmetic import dilution, solids
from ..errors import locate_errors
from .model import Calculation, Calculator, CalculatorInputs, Option, Result, volume_option
from .results import amount_text

SOLID_KINDS = ("molarity", "mass concentration", "percent w/v")
MW_NOTE = "the molar mass is that of what is in the bottle: salt and crystal water included"


def _molar_mass(inputs: CalculatorInputs) -> Fraction | None:
    """Return the molar mass where it is needed; raise ProtocolError for one that no solid has."""
    if inputs.kind("concentration") != "molarity":
        return None
    with locate_errors("--mw"):
        return solids.check_molar_mass(inputs.base_value("mw"))


def _density_of_solid(inputs: CalculatorInputs, molar_mass: Fraction | None) -> Fraction:
    """Return the solid (g) in a litre; raise ProtocolError for more than there is room for."""
    grams = dilution.solid_mass(inputs.base_value("concentration"), 1, inputs.kind("concentration"), molar_mass) * 1000
    with locate_errors("--concentration"):
        solids.check_room(grams)
    return grams


def _notes(inputs: CalculatorInputs, grams: Fraction) -> tuple[str, ...]:
    notes = [MW_NOTE] if inputs.kind("concentration") == "molarity" else []
    if "mw" in inputs and not notes:
        notes = ["the molar mass was not needed: the concentration is a mass per volume"]
    share = solids.volume_share(grams)
    if share > inputs.lab.tolerance:
        notes.append(
            f"the solid takes up to {amount_text(solids.round_share(share) * 100, 'fraction')} of the volume: dissolve it in less, then make up "
            "to the volume"
        )
    return tuple(notes)


def _warnings(grams: Fraction) -> tuple[str, ...]:
    if grams <= solids.LOOK_UP_SOLUBILITY:
        return ()
    return (f"{amount_text(grams, 'mass concentration')} is more than most solids dissolve to: look up the solubility of this one first",)


def _dissolve_mass(inputs: CalculatorInputs) -> Calculation:
    molar_mass = _molar_mass(inputs)
    grams = _density_of_solid(inputs, molar_mass)
    volume = dilution.volume_at_concentration(inputs.base_value("mass"), inputs.base_value("concentration"), inputs.kind("concentration"), molar_mass)
    by = f"({inputs.text('mw')} × {inputs.text('concentration')})" if molar_mass else inputs.text("concentration")
    name = "(mw × concentration)" if molar_mass else "concentration"
    line = f"volume = mass ÷ {name} = {inputs.text('mass')} ÷ {by} = {amount_text(volume, 'volume')}"
    takes_room = solids.volume_share(grams) > inputs.lab.tolerance
    return Calculation(
        results=(Result(name="volume", value=volume, kind="volume", label="to make up to, solid included", settable=not takes_room),),
        working=(line,), warnings=_warnings(grams), notes=_notes(inputs, grams),
    )  # fmt: skip


def _weigh_solid(inputs: CalculatorInputs) -> Calculation:
    molar_mass = _molar_mass(inputs)
    grams = _density_of_solid(inputs, molar_mass)
    mass = dilution.solid_mass(inputs.base_value("concentration"), inputs.base_value("volume"), inputs.kind("concentration"), molar_mass)
    by = f" × {inputs.text('mw')}" if molar_mass else ""
    name = " × mw" if molar_mass else ""
    line = f"mass = concentration × volume{name} = {inputs.text('concentration')} × {inputs.text('volume')}{by} = {amount_text(mass, 'mass')}"
    return Calculation(
        results=(Result(name="mass", value=mass, kind="mass", label=f"to weigh; make up to {inputs.text('volume')}", settable=True),),
        working=(line,), warnings=_warnings(grams), notes=_notes(inputs, grams),
    )  # fmt: skip


_MW = Option(
    name="mw",
    form="quantity",
    help="molar mass of what is weighed; a molarity needs it",
    kinds=("molar mass",),
    example="510.50 g/mol",
    optional_if=lambda found: "concentration" in found and getattr(found["concentration"], "kind", "") != "molarity",
    missing=("a molarity needs the molar mass of what is weighed", 'like --mw "510.50 g/mol", salt and crystal water included'),
)

CALCULATORS = (
    Calculator(
        name="dissolve",
        summary="in what volume a weighed mass has a concentration",
        options=(
            Option(name="mass", form="quantity", help="what was weighed", kinds=("mass",), example="5 mg"),
            _MW,
            Option(name="concentration", form="quantity", help="what is wanted", kinds=SOLID_KINDS, example="10 mM"),
        ),
        calculate=_dissolve_mass,
    ),
    Calculator(
        name="weigh",
        summary="what mass makes a volume of a concentration",
        options=(
            _MW,
            Option(name="concentration", form="quantity", help="what is wanted", kinds=SOLID_KINDS, example="1 M"),
            volume_option("volume", "how much of it", "1 L"),
        ),
        calculate=_weigh_solid,
    ),
)
