"""What a parameter takes, in words: its default, its limits, the words to choose from; for the command line and the pages."""

from __future__ import annotations

from ..reader import Protocol
from .parameter import Parameter


def described(parameter: Parameter, protocol: Protocol) -> str:
    """Return a parameter's help with its default, its limits and its words."""
    return f"{parameter.help or parameter.label} ({'; '.join(facts(parameter, protocol))})"


def facts(parameter: Parameter, protocol: Protocol) -> list[str]:
    """Return default, limits and words of a parameter."""
    found = []
    choices = protocol.choices(parameter) if parameter.form == "choices" else ()
    if choices:
        found.append(f"one of {', '.join(choices)}" if len(choices) <= 12 else f"one of {len(choices)}: see 'benchsheet show {protocol.id}'")
    if parameter.low and parameter.high:
        pairs = [(str(low), str(high)) for low, high in parameter.limits()] if parameter.form == "quantity" else [(parameter.low, parameter.high)]
        if parameter.other and parameter.other.form == "quantity":
            pairs += [(str(low), str(high)) for low, high in parameter.other.limits()]
        found.append(" or ".join(f"{low} to {high}" for low, high in pairs))
    if parameter.default is not None:
        found.append(f"default {parameter.default}")
    elif parameter.default_from or parameter.follows:
        found.append("default follows from other values")
    else:
        found.append("measured at the bench" if parameter.measured else "optional")
    if parameter.is_list and parameter.form != "names":
        found.append(f"{'for any' if parameter.told else 'one for each'} of {parameter.like}" if parameter.like else f"up to {parameter.several[1]}")
    return found
