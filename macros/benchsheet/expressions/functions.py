"""The functions of the small language: rounding, the largest, sums, powers of two; refuses to mix what is of different kinds."""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from .._dataclass import replace
from ..arithmetic.exact import ceil, floor, log2, pow2
from ..errors import ProtocolError
from ..units import Quantity, parse, said

Value = Any  # Fraction, Quantity, str, bool, None, or a tuple of them


def truth(value: Value, node: ast.AST) -> bool:
    """Return a truth; raise ProtocolError for anything else."""
    if isinstance(value, bool):
        return value
    raise ProtocolError(f"{ast.unparse(node)!r} is neither true nor false, but {said(value)}", "compare it with something")


def alike(one: Value, two: Value) -> tuple[Value, Value]:
    """Read a quoted text as a quantity where the other side is one."""
    if isinstance(one, Quantity) and isinstance(two, str):
        return one, parse(two)
    if isinstance(two, Quantity) and isinstance(one, str):
        return parse(one), two
    return one, two


def called(name: str, given: list[Value], node: ast.AST) -> Value:
    """Return the value of a function of *given* values; None if one is not known yet. *node* is the call."""
    several = given[0] if len(given) == 1 and isinstance(given[0], tuple) else tuple(given)
    if name == "len":
        return Fraction(len(several))
    if name in {"any", "all"}:
        settled = name == "any"
        known = [truth(value, node) for value in several if value is not None]
        return settled if settled in known else None if len(known) < len(several) else not settled
    if None in several:
        return None
    if not several:
        raise ProtocolError(f"{ast.unparse(node)!r} is of nothing", "give it a value")
    if name == "per":
        amount = as_amount(several[0]) if isinstance(several[0], str) else several[0]
        if len(several) != 2 or not isinstance(amount, Quantity) or not isinstance(several[1], str):
            raise ProtocolError(f"{ast.unparse(node)!r}: per is of an amount and what it is for", "write per(volume, 'well')")
        return replace(amount, per=several[1])
    if name == "kind":
        return several[0].kind if isinstance(several[0], Quantity) else "text" if isinstance(several[0], str) else "number"
    if name in {"min", "max"}:
        return functools.reduce(lambda one, two: _chosen(name, one, two), several)
    if name == "sum":
        return functools.reduce(_summed, several)
    value = several[0]
    if isinstance(value, Quantity | bool | str) or len(several) != 1:
        raise ProtocolError(f"{ast.unparse(node)!r}: {name} is of one number, not of {said(value)}", "divide it by a quantity of its kind first")
    return Fraction(_OF_ONE[name](Fraction(value)))


def _chosen(name: str, one: Value, two: Value) -> Value:
    amounts = [as_amount(side) if isinstance(side, str) else side for side in (one, two)]
    alike = all(isinstance(side, Quantity) for side in amounts) or all(
        isinstance(side, int | Fraction) and not isinstance(side, bool) for side in amounts
    )
    if not alike:
        raise ProtocolError(f"cannot compare {said(one)} and {said(two)}", "both have to be of one kind")
    first, second = amounts
    return first if (first <= second if name == "min" else first >= second) else second  # type: ignore[operator]


def _summed(one: Value, two: Value) -> Value:
    first, second = alike(one, two)
    if isinstance(first, Quantity) is not isinstance(second, Quantity) or isinstance(first, str | bool) or isinstance(second, str | bool):
        raise ProtocolError(f"cannot add {said(one)} and {said(two)}", "both have to be of one kind")
    return first + second


_OF_ONE: dict[str, Callable[[Fraction], Fraction | int]] = {"ceil": ceil, "floor": floor, "pow2": pow2, "log2": log2}


def as_amount(text: str) -> Quantity | None:
    """Return the quantity that *text* spells; None if it is just a word."""
    try:
        return parse(text)
    except ProtocolError:
        return None
