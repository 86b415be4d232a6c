"""Texts with placeholders: ``{expression}`` in a name, a check or a gate is replaced by its printed value."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ..errors import ProtocolError
from ..patterns import compile_when_used
from ..units import Quantity, format_amount, format_number, to_decimal
from .evaluate import evaluate, value_names
from .last_result import LastResult, TableLookup

_PLACEHOLDER = compile_when_used(r"\{([^{}]*)\}")


def interpolate(text: str, values: Mapping[str, Any], table: TableLookup | None = None) -> str:
    """Return *text* with each ``{expression}`` replaced by its value; raise ProtocolError for one that cannot be calculated."""
    if "{" not in text:
        return text
    filled: str = compile_text(text)(values, table)
    return filled


@functools.lru_cache(maxsize=2048)
def compile_text(text: str) -> LastResult:
    """Return *text* with its placeholders as a function of values; cached, since it depends on the text alone."""
    parts = _PLACEHOLDER.split(text)  # words and expressions, in turn

    def fill(values: Mapping[str, Any], table: TableLookup | None) -> str:
        return "".join([format_value(evaluate(part, values, table)) if place % 2 else part for place, part in enumerate(parts)])

    return LastResult(fill, tuple(dict.fromkeys(name for expression in parts[1::2] for name in value_names(expression))))


def expressions_in(text: str) -> list[str]:
    """Return the expressions that *text* holds."""
    return _PLACEHOLDER.findall(text)


@functools.lru_cache(maxsize=2048)
def _format_number(top: int, bottom: int) -> str:
    return format_number(to_decimal(Fraction(top, bottom), exact=True))


def format_value(value: Any) -> str:
    """Return a value as it is printed; a list with semicolons, what is not yet known as a blank."""
    if value is None:
        return "____"
    if isinstance(value, Quantity):
        return format_amount(value.value, value.kind)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(dict.fromkeys(format_value(item) for item in value))
    if isinstance(value, int | Fraction):
        return _format_number(value.numerator, value.denominator)
    raise ProtocolError(f"{value!r} cannot be printed", "print a number, a quantity or a word")
