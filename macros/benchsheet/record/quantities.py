"""Amounts and values as data: the number of an amount is the one that its text shows."""

from __future__ import annotations

import functools
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

from ..errors import ProtocolError
from ..units import Quantity, format_amount, number_and_unit, ucum_code

if TYPE_CHECKING:
    from .type_words import ExactTime, UcumCode
    from .type_words import Quantity as QuantityData

LEAST_NUMBER = 1e-25  # far below one molecule in the sea; replay reads down to 1e-30
_SECONDS = {"s": 1, "min": 60, "h": 3600}


def quantity_data(value: Fraction | int | None, kind: str) -> QuantityData:
    """Return a quantity as data: number, UCUM unit and printed text. *value* is in the base unit of *kind*; None is a blank to fill in.

    Raises ProtocolError for a number that is next to nothing.
    """
    if value is None:
        return {"value": None, "unit": _code(number_and_unit(Fraction(0), kind)[1]), "text": "____"}
    return _build_data(*value.as_integer_ratio(), kind).copy()


def _code(unit: str) -> UcumCode:
    return cast("UcumCode", ucum_code(unit))  # tests/record_schema.py sees to it that each is one


def exact_time_data(seconds: Fraction | int) -> ExactTime:
    """Return a time as data, with its exact ``seconds`` beside the number where that is rounded, so that times can be added up."""
    data = cast("ExactTime", quantity_data(seconds, "time"))
    if seconds.as_integer_ratio() != _exact_seconds(data["value"], data["unit"]):
        data["seconds"] = seconds.numerator if seconds.denominator == 1 else float(seconds)
    return data


@functools.lru_cache(maxsize=1024)
def _exact_seconds(number: float | None, unit: str) -> tuple[int, int]:
    return (Fraction(str(number)) * _SECONDS[unit]).as_integer_ratio()


def optional_data(value: Fraction | int | None, kind: str) -> QuantityData | None:
    """Return a quantity as data, None if there is none."""
    return None if value is None else quantity_data(value, kind)


@functools.lru_cache(maxsize=16384)
def _build_data(top: int, bottom: int, kind: str) -> QuantityData:
    value = Fraction(top, bottom)
    number, unit = number_and_unit(value, kind)
    whole = int(number)
    plain = whole if number == whole else float(number)
    if plain and abs(plain) < LEAST_NUMBER:
        raise ProtocolError(f"{format_amount(value, kind)} is next to nothing", "look at what is divided")
    return {"value": plain, "unit": _code(unit), "text": format_amount(value, kind)}


def value_data(value: Any) -> Any:
    """Return a parameter's or a derived value as data: a `Value`."""
    if isinstance(value, Quantity):
        if value.kind == "dilution factor" and format_amount(value.value, value.kind) == "half-log":
            return "half-log"
        data = quantity_data(value.value, value.kind)
        return {**data, "per": value.per} if value.per else data
    if isinstance(value, str):
        return str(value)
    if isinstance(value, tuple):
        return [value_data(item) for item in value]
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        return value.numerator if value.denominator == 1 else float(value)
    return value
