"""The values of a run as text that can be typed again, in which equal values are equal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..protocol.parameters.parameter import Parameter
from ..protocol.reader import Protocol
from .same_values import recall_text


def parameter_to_text(protocol: Protocol, values: Mapping[str, Any], name: str) -> str:
    """Return the value of the parameter *name* as text that can be typed: ``FAK: rabbit; GAPDH: mouse IgG1`` where it is given per item."""
    parameter, value = protocol.parameters[name], values[name]
    is_partial = parameter.follows_list and isinstance(value, tuple) and None in value and set(value) != {None}
    if not parameter.per_item and not is_partial:
        return recall_text(protocol.source.cache.setdefault("texts", {}), name, value, parameter.form.to_text)
    return pairs_to_text(parameter, values[parameter.follows_list], value)


def pairs_to_text(parameter: Parameter, whose: Iterable[Any], what: Iterable[Any]) -> str:
    """Return a value per item of *parameter* as it is typed; items without one are left out."""
    return "; ".join(f"{who}: {parameter.form.to_text(one)}" for who, one in zip(whose, what, strict=True) if one is not None)
