"""The description of a parameter, its default, its limits and its choices, for the command line and the pages."""

from __future__ import annotations

from ..reader import Protocol
from .parameter import Parameter


def describe_parameter(parameter: Parameter, protocol: Protocol) -> str:
    """Return a parameter's help with its default, its limits and its words."""
    return f"{parameter.help or parameter.label} ({'; '.join(parameter_facts(parameter, protocol))})"


def parameter_facts(parameter: Parameter, protocol: Protocol) -> list[str]:
    """Return default, limits and words of a parameter."""
    result = []
    choices = protocol.choices(parameter)
    if choices:
        result.append(f"one of {', '.join(choices)}" if len(choices) <= 12 else f"one of {len(choices)}: see 'benchsheet show {protocol.id}'")
    if pairs := parameter.form.limits(parameter):
        result.append(" or ".join(f"{low} to {high}" for low, high in pairs))
    if parameter.default is not None:
        result.append(f"default {parameter.default}")
    elif parameter.default_from or parameter.default_from_child:
        result.append("default follows from other values")
    else:
        result.append("measured at the bench" if parameter.is_measured else "optional")
    if parameter.is_list and not parameter.form.is_list_itself:
        result.append(
            f"{'for any' if parameter.per_item else 'one for each'} of {parameter.follows_list}"
            if parameter.follows_list
            else f"up to {parameter.list_bounds[1]}"
        )
    return result
