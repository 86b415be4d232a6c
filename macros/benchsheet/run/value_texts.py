"""The values of a run as text that can be typed again, in which equal values are equal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from ..protocol.parameters.forms import NumberedLabel
from ..protocol.parameters.lists import join_names
from ..protocol.reader import Protocol
from ..units import Quantity, format_input, number_to_input
from .same_values import recall_text


def parameter_to_text(protocol: Protocol, values: Mapping[str, Any], name: str) -> str:
    """Return the value of the parameter *name* as text that can be typed: ``FAK: rabbit; GAPDH: mouse IgG1`` where it is given per item."""
    parameter, value = protocol.parameters[name], values[name]
    is_partial = parameter.follows_list and isinstance(value, tuple) and None in value and set(value) != {None}
    if not parameter.per_item and not is_partial:
        return recall_text(protocol.source.cache.setdefault("texts", {}), name, value, value_to_text)
    return pairs_to_text(values[parameter.follows_list], values[name])


def pairs_to_text(whose: Iterable[Any], what: Iterable[Any]) -> str:
    """Return a value per item as it is typed; items without one are left out."""
    return "; ".join(f"{who}: {value_to_text(one)}" for who, one in zip(whose, what, strict=True) if one is not None)


def value_to_text(value: Any) -> str:
    """Return a value as text that can be typed, in which equal values are equal: part of the command and of both identities."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Quantity):
        return format_input(value.value, value.kind)
    if isinstance(value, tuple):
        if value and all(isinstance(item, NumberedLabel) for item in value):
            return str(len(value))
        if value and isinstance(value[0], tuple):
            return "; ".join(f"{who} {value_to_text(strength)}: {value_to_text(volume)}".strip() for who, strength, volume in value)
        texts = [value_to_text(item) for item in (value[:1] if len(set(value)) == 1 else value)]
        return join_names(texts) if isinstance(value[0], str) else ("; " if isinstance(value[0], Quantity) else ",").join(texts)
    if isinstance(value, Fraction):
        return number_to_input(value)
    return str(value)
