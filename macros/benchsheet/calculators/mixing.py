"""A mix for many reactions, each component as a volume or by its stock; refuses components that do not fit, without a figure below zero."""

from __future__ import annotations

from fractions import Fraction

from ..arithmetic import dilution, mixing
from ..errors import Collector, ProtocolError
from ..units import Quantity
from .arguments import same_kind
from .model import Answer, Asked, Calculator, Option, Result, volume
from .results import said

OWN = ("total", "per_reaction")
WATER, REST = "water", "rest"


def _mix(asked: Asked) -> Answer:
    each, reactions, overage = asked.base("volume"), int(asked.base("reactions")), asked.base("overage") / 100
    parts, lines = _parts(asked, each)
    try:
        rest = mixing.rest(each, list(parts.values()))
    except ProtocolError as error:
        raise error.at("--component") from None
    filler = next((name for name in (WATER, REST) if name not in parts), "")
    if rest and not filler:
        raise ProtocolError("'water' and 'rest' are both components, so what fills up has no name", "call one of them otherwise", "--component")
    if filler == WATER or rest:
        parts[filler] = rest
        lines.append(f"{filler} = {asked.said('volume')} − {said(each - rest, 'volume')} = {said(rest, 'volume')} a reaction")
    times = f"{reactions} × (1 + {asked.said('overage')})"
    results = []
    for name, amount in parts.items():
        made = mixing.for_all(amount, reactions, overage)
        results.append(Result(name, made, "volume", f"{said(amount, 'volume')} a reaction", settable=True))
        lines.append(f"{name}: {said(amount, 'volume')} × {times} = {said(made, 'volume')}")
    total = mixing.for_all(each, reactions, overage)
    results += [
        Result("total", total, "volume", "the mix"),
        Result("per_reaction", each, "volume", "to give to each", settable=True),
    ]
    lines.append(f"total = {asked.said('volume')} × {times} = {said(total, 'volume')}")
    return Answer(tuple(results), tuple(lines))


def _parts(asked: Asked, each: Fraction) -> tuple[dict[str, Fraction], list[str]]:
    """Return each component's volume in one reaction, and how it follows from its stock."""
    found: dict[str, Fraction] = {}
    lines: list[str] = []
    mistakes = Collector()
    given: tuple[tuple[str, Quantity | None, Quantity], ...] = asked.values["component"]
    for name, stock, final in given:
        with mistakes.at("--component"):
            if name in OWN:
                raise ProtocolError(f"{name!r} is what a result is called", "call the component otherwise")
            if name.casefold() in {other.casefold() for other in found}:
                raise ProtocolError(f"{name!r} is given twice", "name it once")
            found[name] = final.value
            if stock is None:
                continue
            same_kind(stock, final, "--component")
            if final > stock:
                raise ProtocolError(f"{name}: {final} is stronger than its stock ({stock}): diluting only makes weaker", "use a stronger stock")
            found[name] = dilution.part(stock.value, final.value, each)
            lines.append(f"{name} = volume × final ÷ stock = {asked.said('volume')} × {final} ÷ {stock} = {said(found[name], 'volume')} a reaction")
    mistakes.close()
    return found, lines


CALCULATORS = (
    Calculator(
        "mix",
        "a master mix for many reactions",
        (
            Option("component", "component", "may be repeated; or NAME:VOLUME, a reaction", example="buffer:10 X:1 X"),
            volume("volume", "of one reaction", "20 uL", per="reaction"),
            Option("reactions", "whole", "how many", example="24"),
            Option("overage", "quantity", "what is made on top; 0 % is none", ("fraction",), "10 %", zero=True),
        ),
        _mix,
    ),
)
