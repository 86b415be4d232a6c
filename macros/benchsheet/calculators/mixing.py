"""The calculator of a master mix."""

from __future__ import annotations

from fractions import Fraction

from ..arithmetic import dilution
from ..errors import Collector, ProtocolError, locate_errors
from ..protocol.reader import HAZARDS_TABLE
from ..units import Quantity
from .arguments import check_same_kind
from .bottle_names import reject_meetings, tell_hazards
from .dilution import STRONG_NOTE
from .model import Calculation, Calculator, CalculatorInputs, Option, Result, volume_option
from .results import amount_text, number_text

MAX_USUAL_OVERAGE = 50  # percent
RESULT_NAMES = ("total", "per_reaction")
WATER, REST = "water", "rest"


def _mix_reactions(inputs: CalculatorInputs) -> Calculation:
    volume_each, reactions, overage = inputs.base_value("volume"), int(inputs.base_value("reactions")), inputs.base_value("overage") / 100
    parts, lines = _component_volumes(inputs, volume_each)
    warnings: list[str] = []
    reject_meetings(inputs.tables, parts, "the mix", "--component", warnings)
    hazards = tell_hazards(inputs.tables, {name: stock for name, stock, _ in inputs.values["component"]}, known_only=True)
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
    return Calculation(
        results=tuple(results),
        working=tuple(lines),
        warnings=(*warnings, *overage_warnings(inputs)),
        notes=(*((STRONG_NOTE,) if inputs.densities else ()), *hazards),
    )


def overage_warnings(inputs: CalculatorInputs) -> tuple[str, ...]:
    """Return what is told of an overage that makes more than half again: it is often 110 % typed for 10 %."""
    overage = inputs.base_value("overage")
    if overage <= MAX_USUAL_OVERAGE:
        return ()
    times, usual = number_text(1 + overage / 100), f": for a tenth more write {number_text(overage - 100)} %" if 100 < overage < 150 else ""
    return (f"an overage of {inputs.text('overage')} makes {times} times what is used{usual}",)


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
        table_names=(HAZARDS_TABLE,),
    ),
)
