"""The functions of the small language: rounding, estimates, extremes, sums, powers of two; arguments of different kinds raise ProtocolError."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from decimal import ROUND_DOWN, Context, Decimal
from fractions import Fraction
from typing import Any

from .._dataclass import replace
from ..arithmetic.exact import log2, pow2
from ..errors import ProtocolError
from ..units import Quantity, describe_value, parse_quantity
from .grammar import Tree

_THREE_FIGURES = Context(prec=3, rounding=ROUND_DOWN)
Value = Any  # Fraction, Quantity, str, bool, None, or a tuple of them


def quote_part(tree: Tree) -> str:
    """Return a part of an expression in quotes, for a message."""
    from .syntax import write_tree  # only for what is refused

    return repr(write_tree(tree))


def require_bool(value: Value, tree: Tree) -> bool:
    """Return *value* if it is a bool; raise ProtocolError if not."""
    if isinstance(value, bool):
        return value
    raise ProtocolError(f"{quote_part(tree)} is neither true nor false, but {describe_value(value)}", "compare it with something")


def coerce_pair(one: Value, two: Value) -> tuple[Value, Value]:
    """Read a quoted text as a quantity where the other side is one."""
    if isinstance(one, Quantity) and isinstance(two, str):
        return one, parse_quantity(two)
    if isinstance(two, Quantity) and isinstance(one, str):
        return parse_quantity(one), two
    return one, two


def call_function(name: str, arguments: list[Value], tree: Tree) -> Value:
    """Return the value of a function of *arguments* values; None if one is not known yet. *tree* is the call."""
    items = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], tuple) else tuple(arguments)
    if name == "len":
        return Fraction(len(items))
    if name in {"any", "all"}:
        decisive = name == "any"
        truths = [require_bool(value, tree) for value in items if value is not None]
        return decisive if decisive in truths else None if len(truths) < len(items) else not decisive
    if None in items:
        return None
    if not items:
        raise ProtocolError(f"{quote_part(tree)} is of nothing", "give it a value")
    if name == "per":
        amount = try_quantity(items[0]) if isinstance(items[0], str) else items[0]
        if len(items) != 2 or not isinstance(amount, Quantity) or not isinstance(items[1], str):
            raise ProtocolError(f"{quote_part(tree)}: per is of an amount and what it is for", "write per(volume, 'well')")
        return replace(amount, per=items[1])
    if name == "kind":
        return items[0].kind if isinstance(items[0], Quantity) else "text" if isinstance(items[0], str) else "number"
    if name in {"min", "max"}:
        return functools.reduce(lambda one, two: _pick_extreme(name, one, two), items)
    if name == "sum":
        return functools.reduce(_add_values, items)
    value = (try_quantity(items[0]) if name == "about" and isinstance(items[0], str) else None) or items[0]
    if name == "about" and len(items) == 1 and isinstance(value, Quantity) and value.kind != "time":
        return replace(value, value=_shorten(Fraction(value.value)))
    if isinstance(value, Quantity | bool | str) or len(items) != 1:
        raise ProtocolError(
            f"{quote_part(tree)}: {name} is of one number, not of {describe_value(value)}", "divide it by a quantity of its kind first"
        )
    return Fraction(_UNARY[name](Fraction(value)))


def _pick_extreme(name: str, one: Value, two: Value) -> Value:
    amounts = [try_quantity(side) if isinstance(side, str) else side for side in (one, two)]
    comparable = all(isinstance(side, Quantity) for side in amounts) or all(
        isinstance(side, int | Fraction) and not isinstance(side, bool) for side in amounts
    )
    if not comparable:
        raise ProtocolError(f"cannot compare {describe_value(one)} and {describe_value(two)}", "both have to be of one kind")
    first, second = amounts
    return first if (first <= second if name == "min" else first >= second) else second  # type: ignore[operator]


def _add_values(one: Value, two: Value) -> Value:
    first, second = coerce_pair(one, two)
    if isinstance(first, Quantity) is not isinstance(second, Quantity) or isinstance(first, str | bool) or isinstance(second, str | bool):
        raise ProtocolError(f"cannot add {describe_value(one)} and {describe_value(two)}", "both have to be of one kind")
    return first + second


def _shorten(value: Fraction) -> Fraction:
    """Return the first three figures of *value*, as an estimate is told. The rest is cut off: what is below a round limit stays below it."""
    return Fraction(_THREE_FIGURES.divide(Decimal(value.numerator), Decimal(value.denominator)))


_UNARY: dict[str, Callable[[Fraction], Fraction | int]] = {"ceil": math.ceil, "floor": math.floor, "pow2": pow2, "log2": log2, "about": _shorten}


def try_quantity(text: str) -> Quantity | None:
    """Return the quantity that *text* spells; None if it is just a word."""
    try:
        return parse_quantity(text)
    except ProtocolError:
        return None


def find_beside(values: list[Value], tree: Tree) -> Value:
    """Return what stands in the second list where an item stands in the first: ``beside(target, targets, hosts)``.

    An amount is sought among amounts, and the nearest one of its kind is it: ``beside(mass, masses, forms)``.
    """
    if len(values) != 3 or not isinstance(values[1], tuple) or not isinstance(values[2], tuple) or len(values[1]) != len(values[2]):
        raise ProtocolError(f"{quote_part(tree)} is not an item and two lists of one length", "write beside(target, targets, hosts)")
    item, items, others = values
    if isinstance(item, Quantity) and items and {item.kind} == {getattr(one, "kind", "") for one in items}:
        item = min(items, key=lambda one: abs(one.value - item.value))
    if item not in items:
        raise ProtocolError(f"{quote_part(tree)}: {describe_value(item)} is not in the list", "name an item of the first list")
    return others[items.index(item)]
