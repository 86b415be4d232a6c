"""Words with values in them: ``{expression}`` inside a name, a check or a gate, shown as the bench reads it."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ..errors import ProtocolError
from ..units import Quantity, decimal, grouped, show
from .evaluate import Table, evaluate

_HOLE = re.compile(r"\{([^{}]*)\}")


@functools.lru_cache(maxsize=2048)
def _holes(text: str) -> tuple[str, ...]:
    return tuple(_HOLE.findall(text))


def fill(text: str, values: Mapping[str, Any], table: Table | None = None) -> str:
    """Return *text* with each ``{expression}`` worked out; raise ProtocolError for one that cannot be."""
    if "{" not in text:
        return text
    return _HOLE.sub(lambda hole: shown(evaluate(hole[1], values, table)), text)


def names_in(text: str) -> tuple[str, ...]:
    """Return the expressions that *text* holds."""
    return _holes(text)


@functools.lru_cache(maxsize=2048)
def _number(top: int, bottom: int) -> str:
    return grouped(decimal(Fraction(top, bottom), exact=True))


def shown(value: Any) -> str:
    """Return a value as it is printed; a list with semicolons, what is not yet known as a blank."""
    if value is None:
        return "____"
    if isinstance(value, Quantity):
        return show(value.value, value.kind)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(dict.fromkeys(shown(item) for item in value))
    if isinstance(value, int | Fraction):
        return _number(value.numerator, value.denominator)
    raise ProtocolError(f"{value!r} cannot be printed", "print a number, a quantity or a word")
