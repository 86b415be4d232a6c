"""The description of a parameter, its default, its limits and its choices, for the command line and the pages."""

from __future__ import annotations

from ...units import Quantity
from ..reader import Protocol
from .parameter import Parameter


def describe_parameter(parameter: Parameter, protocol: Protocol) -> str:
    """Return a parameter's help with its default, its limits and its words."""
    return f"{parameter.help or parameter.label} ({'; '.join(parameter_facts(parameter, protocol))})"


def _low_text(low: Quantity | None, high: Quantity | None) -> str:
    """Return a lower limit as text; nothing is said in the unit of the upper one, since 0 s to 24 h reads badly."""
    return f"0 {str(high).partition(' ')[2]}" if low and high and not low.value else str(low)


def parameter_facts(parameter: Parameter, protocol: Protocol) -> list[str]:
    """Return default, limits and words of a parameter."""
    result = []
    choices = protocol.choices(parameter) if parameter.form == "choices" else ()
    if choices:
        result.append(f"one of {', '.join(choices)}" if len(choices) <= 12 else f"one of {len(choices)}: see 'benchsheet show {protocol.id}'")
    if parameter.low and parameter.high:
        pairs = (
            [(_low_text(low, high), str(high)) for low, high in parameter.limits()]
            if parameter.form == "quantity"
            else [(parameter.low, parameter.high)]
        )
        if parameter.alternative and parameter.alternative.form == "quantity":
            pairs += [(str(low), str(high)) for low, high in parameter.alternative.limits()]
        result.append(" or ".join(f"{low} to {high}" for low, high in pairs))
    if parameter.default is not None:
        result.append(f"default {parameter.default}")
    elif parameter.default_from or parameter.default_from_child:
        result.append("default follows from other values")
    else:
        result.append("measured at the bench" if parameter.is_measured else "optional")
    if parameter.is_list and parameter.form != "names":
        result.append(
            f"{'for any' if parameter.per_item else 'one for each'} of {parameter.follows_list}"
            if parameter.follows_list
            else f"up to {parameter.list_bounds[1]}"
        )
    return result
