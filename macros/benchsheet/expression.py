"""The small language of derived values and checks: names, numbers, quoted quantities and words, arithmetic, comparison.

Parsed once with ``ast`` and walked, never evaluated as Python. Refuses everything that the guide's table does not list.
A value that is only measured at the bench is None, and so is all that is worked out from it.
"""

from __future__ import annotations

import ast
import functools
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from typing import Any

from .calculator.functions import alike, as_amount, called, truth
from .errors import ProtocolError, near
from .units import Quantity, parse, said

Value = Any  # Fraction, Quantity, str, bool, None, or a tuple of them
Table = Callable[[str, str, str], Value]

_ARITHMETIC: dict[type, Callable[[Any, Any], Any]] = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
_COMPARE: dict[type, Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_SAME: dict[type, bool] = {ast.Eq: True, ast.NotEq: False}
_ALLOWED = (
    "names, numbers, quoted quantities and words, + - * / < <= > >= == != and or not in if else, "
    "ceil floor min max sum len any all log2 pow2 table kind known"
)
_FUNCTIONS = ("ceil", "floor", "min", "max", "sum", "len", "any", "all", "log2", "pow2", "table", "kind", "known")


@functools.lru_cache(maxsize=2048)
def compiled(text: str) -> ast.expr:
    """Return the tree of *text*; raise ProtocolError if it is not an expression of this language."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ProtocolError(f"{text!r} is not an expression", f"allowed are {_ALLOWED}") from None
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
            written = ast.get_source_segment(text.strip(), node) or ""
            if not re.fullmatch(r"[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?", written):
                raise ProtocolError(f"{written!r} is not a number here", "write it plainly, like 7.5")
            node.exact = Fraction(written)  # type: ignore[attr-defined]
        if not isinstance(node, _NODES):
            part = ast.unparse(node) if isinstance(node, ast.expr) else text
            raise ProtocolError(f"{part!r} is not allowed in an expression", f"allowed are {_ALLOWED}")
    return tree


_NODES = (
    ast.Constant,
    ast.Name,
    ast.BinOp,
    ast.UnaryOp,
    ast.BoolOp,
    ast.Compare,
    ast.IfExp,
    ast.Call,
    ast.Tuple,
    ast.Load,
    ast.Not,
    ast.USub,
    ast.And,
    ast.Or,
    ast.In,
    ast.NotIn,
    *_ARITHMETIC,
    *_COMPARE,
)


@functools.lru_cache(maxsize=2048)
def names(text: str) -> tuple[str, ...]:
    """Return the names that *text* uses, functions left out, in order."""
    called = {id(node.func) for node in ast.walk(compiled(text)) if isinstance(node, ast.Call)}
    return tuple(dict.fromkeys(node.id for node in ast.walk(compiled(text)) if isinstance(node, ast.Name) and id(node) not in called))


def evaluate(text: str, values: Mapping[str, Value], table: Table | None = None) -> Value:
    """Return the value of *text* with *values* for its names; raise ProtocolError quoting the part that cannot be worked out."""
    tree = compiled(text)
    try:
        return _value(tree, values, table)
    except (RecursionError, OverflowError, ValueError) as error:
        raise ProtocolError(f"{text!r} cannot be worked out: {error}", "look at what it is given") from None


def _value(node: ast.expr, values: Mapping[str, Value], table: Table | None) -> Value:
    """Return the value of a node; the commonest forms first."""
    kind = type(node)
    if kind is ast.Name:
        if node.id not in values:  # type: ignore[attr-defined]
            raise ProtocolError(f"{node.id!r} is not known here", near(node.id, values))  # type: ignore[attr-defined]
        return values[node.id]  # type: ignore[attr-defined]
    if kind is ast.Constant and isinstance(node.value, bool | str | int | float):  # type: ignore[attr-defined]
        return getattr(node, "exact", node.value)  # type: ignore[attr-defined]  # as written: a float keeps 17 digits
    return _FORMS.get(kind, _refused)(node, values, table)


def _refused(node: Any, _values: Mapping[str, Value], _table: Table | None) -> Value:
    if isinstance(node, ast.UnaryOp):
        raise ProtocolError(f"{ast.unparse(node)!r}: nothing here is below zero", "subtract instead")
    raise ProtocolError(f"{ast.unparse(node)!r} is not allowed in an expression", f"allowed are {_ALLOWED}")


def _tuple(node: Any, values: Mapping[str, Value], table: Table | None) -> Value:
    return tuple(_value(item, values, table) for item in node.elts)


def _not(node: Any, values: Mapping[str, Value], table: Table | None) -> Value:
    if not isinstance(node.op, ast.Not):
        return _refused(node, values, table)
    inner = _value(node.operand, values, table)
    return None if inner is None else not truth(inner, node.operand)


def _if(node: Any, values: Mapping[str, Value], table: Table | None) -> Value:
    sure = _value(node.test, values, table)
    return None if sure is None else _value(node.body if truth(sure, node.test) else node.orelse, values, table)


def _binary(node: Any, values: Mapping[str, Value], table: Table | None) -> Value:
    one, two = _value(node.left, values, table), _value(node.right, values, table)
    if type(one) is type(two) is Quantity:
        return _ARITHMETIC[type(node.op)](one, two)
    if type(one) is Fraction and type(two) is Quantity and isinstance(node.op, ast.Mult):
        return two * one
    one, two = alike(one, two)
    return None if one is None or two is None else _reckon(node.op, one, two, node)


def _call(node: Any, values: Mapping[str, Value], table: Table | None) -> Value:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name not in _FUNCTIONS or node.keywords:
        return _refused(node, values, table)
    if name == "table":
        return _looked_up(node.args, values, table)
    if name == "known":
        return all(_value(argument, values, table) is not None for argument in node.args)
    return called(name, [_value(argument, values, table) for argument in node.args], node)


_FORMS: dict[type, Callable[[Any, Mapping[str, Value], Table | None], Value]] = {
    ast.Tuple: _tuple,
    ast.UnaryOp: _not,
    ast.BoolOp: lambda node, values, table: _both(node.values, isinstance(node.op, ast.And), values, table),
    ast.IfExp: _if,
    ast.BinOp: _binary,
    ast.Compare: lambda node, values, table: _compared(node.left, node.ops, node.comparators, values, table),
    ast.Call: _call,
}


def _both(parts: list[ast.expr], both: bool, values: Mapping[str, Value], table: Table | None) -> bool | None:
    unknown = False
    for part in parts:
        value = _value(part, values, table)
        if value is None:
            unknown = True
        elif truth(value, part) is not both:
            return not both
    return None if unknown else both


def _reckon(op: ast.operator, one: Value, two: Value, node: ast.expr) -> Value:
    if isinstance(one, str) and isinstance(two, str) and isinstance(op, ast.Add):
        amounts = as_amount(one), as_amount(two)
        return one + two if None in amounts else amounts[0] + amounts[1]  # type: ignore[operator]
    one, two = (parse(side) if isinstance(side, str) else side for side in (one, two))
    numbers = (int, Fraction, Quantity)
    if isinstance(one, bool) or isinstance(two, bool) or not isinstance(one, numbers) or not isinstance(two, numbers):
        raise ProtocolError(f"{ast.unparse(node)!r}: cannot reckon with {said(one)} and {said(two)}", "both have to be numbers or quantities")
    if isinstance(two, Quantity) and not isinstance(one, Quantity):
        if isinstance(op, ast.Mult):
            return two * one
        raise ProtocolError(f"{ast.unparse(node)!r}: {said(one)} and {said(two)} do not go together", "give the number its unit")
    if isinstance(op, ast.Div) and not isinstance(two, Quantity) and not two:
        raise ProtocolError(f"{ast.unparse(node)!r} divides by zero", "look at what comes to zero")
    if isinstance(one, int) and isinstance(two, int):
        one = Fraction(one)
    return _ARITHMETIC[type(op)](one, two)


def _without_count(one: Value, two: Value) -> tuple[Value, Value]:
    """Compare ``100 uL/well`` and ``100 uL`` by their amounts, as < and > do."""
    if isinstance(one, Quantity) and isinstance(two, Quantity) and one.per != two.per and one.kind == two.kind and not (one.per and two.per):
        return replace(one, per=""), replace(two, per="")
    return one, two


def _compared(left: ast.expr, ops: list[ast.cmpop], others: list[ast.expr], values: Mapping[str, Value], table: Table | None) -> bool | None:
    one = _value(left, values, table)
    for op, other in zip(ops, others, strict=True):
        two = _value(other, values, table)
        if type(one) is str and type(two) is str and type(op) in _SAME:
            holds = (one == two) is _SAME[type(op)]
        elif type(one) is type(two) is Fraction:
            holds = _COMPARE[type(op)](one, two) if type(op) in _COMPARE else (one == two) is (type(op) is ast.In)
        elif isinstance(op, ast.In | ast.NotIn):
            if one is None or two is None:
                return None
            inside = one in two if isinstance(two, tuple | str) else one == two
            holds = inside is isinstance(op, ast.In)
        else:
            first, second = alike(one, two)
            if first is None or second is None:
                return None
            if type(first) is type(second) is Quantity:
                if not _COMPARE[type(op)](*_without_count(first, second)):
                    return False
                one = two
                continue
            ordered = not isinstance(op, ast.Eq | ast.NotEq)
            if (
                isinstance(first, str) is not isinstance(second, str)
                and not isinstance(first, bool)
                and (ordered or isinstance(first, Quantity | Fraction))
            ):
                raise ProtocolError(f"cannot compare {said(first)} and {said(second)}", "both have to be of one kind")
            if ordered and isinstance(first, Quantity) is not isinstance(second, Quantity) or ordered and isinstance(first, str):
                raise ProtocolError(f"cannot compare {said(first)} and {said(second)}", "both have to be of one kind")
            holds = bool(_COMPARE[type(op)](first, second))
        if not holds:
            return False
        one = two
    return True


def _looked_up(arguments: list[ast.expr], values: Mapping[str, Value], table: Table | None) -> Value:
    if table is None or len(arguments) != 3:
        raise ProtocolError("table(...) takes a table's name, a row and a column", "write table(lines, line, doubling)")
    name, row, column = arguments
    words = [argument.id if isinstance(argument, ast.Name) else _value(argument, values, table) for argument in (name, column)]
    key = _value(row, values, table)
    if isinstance(key, tuple):
        return tuple(table(str(words[0]), str(one), str(words[1])) for one in key)
    return None if key is None else table(str(words[0]), str(key), str(words[1]))


def pairs(values: tuple[Value, ...]) -> list[tuple[Value, Value]]:
    """Return each two of *values*, for a check that compares them."""
    return list(combinations(values, 2))
