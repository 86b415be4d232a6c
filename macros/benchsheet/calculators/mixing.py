"""Calculators of mixes, and of what is weighed and dissolved."""

from __future__ import annotations

from fractions import Fraction

from ..arithmetic import dilution
from ..errors import Collector, ProtocolError, locate_errors
from ..units import Quantity
from .arguments import check_same_kind
from .model import Calculation, Calculator, CalculatorInputs, Option, Result, volume_option
from .results import amount_text

RESULT_NAMES = ("total", "per_reaction")
WATER, REST = "water", "rest"


def _mix_reactions(inputs: CalculatorInputs) -> Calculation:
    volume_each, reactions, overage = inputs.base_value("volume"), int(inputs.base_value("reactions")), inputs.base_value("overage") / 100
    parts, lines = _component_volumes(inputs, volume_each)
    with locate_errors("--component"):
        rest = dilution.remaining_volume(volume_each, list(parts.values()))
    filler = next((name for name in (WATER, REST) if name not in parts), "")
    if rest and not filler:
        raise ProtocolError("'water' and 'rest' are both components, so what fills up has no name", "call one of them otherwise", "--component")
    if filler == WATER or rest:
        parts[filler] = rest
        lines.append(f"{filler} = {inputs.text('volume')} − {amount_text(volume_each - rest, 'volume')} = {amount_text(rest, 'volume')} a reaction")
    times = f"{reactions} × (1 + {inputs.text('overage')})"
    results = []
    for name, amount in parts.items():
        batch_amount = dilution.master_mix_volume(amount, reactions, overage)
        results.append(Result(name=name, value=batch_amount, kind="volume", label=f"{amount_text(amount, 'volume')} a reaction", settable=True))
        lines.append(f"{name}: {amount_text(amount, 'volume')} × {times} = {amount_text(batch_amount, 'volume')}")
    total = dilution.master_mix_volume(volume_each, reactions, overage)
    results += [
        Result(name="total", value=total, kind="volume", label="the mix"),
        Result(name="per_reaction", value=volume_each, kind="volume", label="to give to each", settable=True),
    ]
    lines.append(f"total = {inputs.text('volume')} × {times} = {amount_text(total, 'volume')}")
    return Calculation(results=tuple(results), working=tuple(lines))


def _component_volumes(inputs: CalculatorInputs, volume_each: Fraction) -> tuple[dict[str, Fraction], list[str]]:
    """Return each component's volume in one reaction, and how it follows from its stock."""
    volumes: dict[str, Fraction] = {}
    lines: list[str] = []
    mistakes = Collector()
    components: tuple[tuple[str, Quantity | None, Quantity], ...] = inputs.values["component"]
    for name, stock, final in components:
        with mistakes.at("--component"):
            if name in RESULT_NAMES:
                raise ProtocolError(f"{name!r} is what a result is called", "call the component otherwise")
            if name.casefold() in {other.casefold() for other in volumes}:
                raise ProtocolError(f"{name!r} is given twice", "name it once")
            volumes[name] = final.value
            if stock is None:
                continue
            check_same_kind(stock, final, "--component")
            if final > stock:
                raise ProtocolError(f"{name}: {final} is stronger than its stock ({stock}): diluting only makes weaker", "use a stronger stock")
            volumes[name] = dilution.stock_volume(stock.value, final.value, volume_each)
            lines.append(
                f"{name} = volume × final ÷ stock = {inputs.text('volume')} × {final} ÷ {stock} = {amount_text(volumes[name], 'volume')} a reaction"
            )
    mistakes.raise_all()
    return volumes, lines


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
    return Calculation(
        results=(Result(name="volume", value=solvent, kind="volume", label="to dissolve in", settable=True),), working=(line,), notes=_notes(inputs)
    )


def _weigh_solid(inputs: CalculatorInputs) -> Calculation:
    molar_mass = _molar_mass(inputs)
    mass = dilution.solid_mass(inputs.base_value("concentration"), inputs.base_value("volume"), inputs.kind("concentration"), molar_mass)
    by = f" × {inputs.text('mw')}" if molar_mass else ""
    name = " × mw" if molar_mass else ""
    line = f"mass = concentration × volume{name} = {inputs.text('concentration')} × {inputs.text('volume')}{by} = {amount_text(mass, 'mass')}"
    return Calculation(
        results=(Result(name="mass", value=mass, kind="mass", label="to weigh", settable=True),), working=(line,), notes=_notes(inputs)
    )


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
        name="mix",
        summary="a master mix for many reactions",
        options=(
            Option(name="component", form="component", help="may be repeated; or NAME:VOLUME, a reaction", example="buffer:10 X:1 X"),
            volume_option("volume", "of one reaction", "20 uL", per="reaction"),
            Option(name="reactions", form="whole", help="how many", example="24"),
            Option(name="overage", form="quantity", help="what is made on top; 0 % is none", kinds=("fraction",), example="10 %", allow_zero=True),
        ),
        calculate=_mix_reactions,
    ),
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
