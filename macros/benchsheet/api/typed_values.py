"""A value of Python as the text that would be typed for it: so there is one way in, and one parser."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any

from .._dataclass import dataclass
from ..errors import Collector, ProtocolError, option_flag
from ..protocol.parameters.parameter import Parameter
from ..units import Quantity, format_input, parse_quantity


@dataclass(frozen=True, kw_only=True)
class Typing:
    """How the values of one option are typed: what stands between the items of a list.

    A quantity *needs_unit*: a hint for a bare number takes *unit*, that of the default, or else an *example*, since another unit would be a
    guess. With *takes_floats* it is a bare number, which has no unit; with *splits_commas* one name with a comma has a semicolon behind it.
    """

    unit: str = ""
    example: str = ""
    separator: str = "; "
    needs_unit: bool = False
    takes_floats: bool = False
    splits_commas: bool = False


def type_values(values: Mapping[str, object], parameters: Mapping[str, Parameter], mistakes: Collector) -> dict[str, str]:
    """Return each of *values* as typed text, without those that are None; keep each mistake with its option as the place."""
    texts = {}
    for name, value in values.items():
        with mistakes.at(option_flag(name)):
            if value is not None:
                texts[name] = _type_parameter(value, parameters[name]) if name in parameters else type_value(value, Typing())
    return texts


def _type_parameter(value: object, parameter: Parameter) -> str:
    form = parameter.form
    return form.to_text(value) if form.value_type and isinstance(value, form.value_type) else type_value(value, _typing_of(parameter))


def _typing_of(parameter: Parameter) -> Typing:
    form = parameter.form
    usual = (parameter.default or "").partition(";")[0].removesuffix(f"/{parameter.per}")
    return Typing(
        unit=usual.partition(" ")[2] if form.needs_unit else "",
        needs_unit=form.needs_unit,
        takes_floats=form.takes_floats,
        splits_commas=form.splits_commas,
    )


def type_value(value: object, how: Typing) -> str:
    """Return *value* as it would be typed; raise ProtocolError for a float without a unit, and for what cannot be typed."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Quantity):
        return _type_quantity(value)
    if isinstance(value, float):
        number = f"{float(value):.15g}"
        if how.needs_unit:
            raise _unit_error(number, how)
        if not how.takes_floats:
            raise ProtocolError(f"{number} is a float", f"write {number}" if value.is_integer() else "give a whole number, or text")
        return number
    if isinstance(value, Mapping):
        return "; ".join(f"{_type_item(name, how, ';:')}: {_type_item(one, how, ';')}" for name, one in value.items())
    if isinstance(value, list | tuple):
        texts = [_type_item(one, how, how.separator.strip()) for one in value]
        is_one_name = how.splits_commas and len(texts) == 1 and isinstance(value[0], str) and ("," in texts[0] or texts[0].strip().isdecimal())
        return how.separator.join(texts) + (";" if is_one_name else "")
    number = _type_whole_number(value)
    if how.needs_unit:
        raise _unit_error(number, how)
    return number


def _unit_error(number: str, how: Typing) -> ProtocolError:
    """Return the refusal of a bare number for a quantity."""
    like = f", like '{how.example}'" if how.example else ""
    return ProtocolError(
        f"{number} is a number without a unit", f"write '{number} {how.unit}'" if how.unit else f"write it as text with its unit{like}"
    )


def _type_whole_number(value: Any) -> str:
    """Return a whole number, of Python or of another library, as text."""
    try:
        return str(operator.index(value))
    except TypeError:
        taken = "give text, a whole number, True or False, a Quantity, or a list of them"
        raise ProtocolError(f"a {type(value).__name__} is nothing that can be typed", taken) from None


def _type_quantity(quantity: Quantity) -> str:
    text = format_input(quantity.value, quantity.kind) + (f"/{quantity.per}" if quantity.per else "")
    try:
        same = parse_quantity(text) == quantity
    except ProtocolError:
        same = False
    if not same:
        raise ProtocolError(f"{quantity} cannot be typed exactly: it is {text}", "round it, and give it as text")
    return text


def _type_item(value: object, how: Typing, separators: str) -> str:
    """Return one item of a list as text; raise ProtocolError if it would be taken apart."""
    if value is None or isinstance(value, list | tuple | Mapping):
        raise ProtocolError(f"{value!r} stands in a list", "an item is text, a whole number, or a Quantity")
    text = type_value(value, how)
    if found := next((sign for sign in separators if sign in text), ""):
        raise ProtocolError(f"{text!r} holds a {found!r}, which stands between items", "leave it out")
    return text
