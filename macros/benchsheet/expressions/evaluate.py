"""The small language of derived values and checks: names, numbers, quoted quantities and words, arithmetic, comparison.

Parsed once with ``ast`` into small functions of our own, never evaluated as Python. Refuses everything that the guide's table does not list.
A value that is only measured at the bench is None, and so is all that is worked out from it.
"""

from __future__ import annotations

import ast
import functools
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import combinations
from typing import Any

from .._dataclass import replace
from ..errors import ProtocolError, near
from ..units import Quantity, parse, said
from .functions import alike, as_amount, called, truth
from .grammar import ALLOWED, FUNCTIONS, parsed

Value = Any  # Fraction, Quantity, str, bool, None, or a tuple of them
Table = Callable[[str, str, str], Value]
Form = Callable[[Mapping[str, Value], Table | None], Value]

_ARITHMETIC: dict[type, Callable[[Any, Any], Any]] = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
_COMPARE: dict[type, Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


@functools.lru_cache(maxsize=2048)
def compiled(text: str) -> Form:
    """Return *text* as a function of values and tables, made once: nothing is looked at twice that the text alone decides."""
    return _form(parsed(text))


def evaluate(text: str, values: Mapping[str, Value], table: Table | None = None) -> Value:
    """Return the value of *text* with *values* for its names; raise ProtocolError quoting the part that cannot be worked out."""
    try:
        return compiled(text)(values, table)
    except (RecursionError, OverflowError, ValueError) as error:
        raise ProtocolError(f"{text!r} cannot be worked out: {error}", "look at what it is given") from None


def _form(node: ast.expr) -> Form:
    return _FORMS.get(type(node), _refused)(node)


def _name(node: Any) -> Form:
    name = node.id

    def form(values: Mapping[str, Value], _table: Table | None) -> Value:
        if name not in values:
            raise ProtocolError(f"{name!r} is not known here", near(name, values))
        return values[name]

    return form


def _constant(node: Any) -> Form:
    if not isinstance(node.value, bool | str | int | float):
        return _refused(node)
    value = getattr(node, "exact", node.value)  # as written: a float keeps 17 digits
    return lambda _values, _table: value


def _refused(node: Any) -> Form:
    def form(_values: Mapping[str, Value], _table: Table | None) -> Value:
        if isinstance(node, ast.UnaryOp):
            raise ProtocolError(f"{ast.unparse(node)!r}: nothing here is below zero", "subtract instead")
        raise ProtocolError(f"{ast.unparse(node)!r} is not allowed in an expression", f"allowed are {ALLOWED}")

    return form


def flat(values: Iterable[Value]) -> Iterator[Value]:
    """Return lists one after the other, and lists of lists, as one list."""
    for value in values:
        if isinstance(value, tuple):
            yield from flat(value)
        else:
            yield value


def _tuple(node: Any) -> Form:
    items = [_form(item) for item in node.elts]

    return lambda values, table: tuple(flat([item(values, table) for item in items]))


def _not(node: Any) -> Form:
    if not isinstance(node.op, ast.Not):
        return _refused(node)
    operand = _form(node.operand)

    def form(values: Mapping[str, Value], table: Table | None) -> Value:
        inner = operand(values, table)
        return None if inner is None else not truth(inner, node.operand)

    return form


def _if(node: Any) -> Form:
    test, body, other = _form(node.test), _form(node.body), _form(node.orelse)

    def form(values: Mapping[str, Value], table: Table | None) -> Value:
        sure = test(values, table)
        return None if sure is None else (body if truth(sure, node.test) else other)(values, table)

    return form


def _both(node: Any) -> Form:
    parts, both = [(_form(part), part) for part in node.values], isinstance(node.op, ast.And)

    def form(values: Mapping[str, Value], table: Table | None) -> bool | None:
        unknown = False
        for part, written in parts:
            value = part(values, table)
            if value is None:
                unknown = True
            elif truth(value, written) is not both:
                return not both
        return None if unknown else both

    return form


def _binary(node: Any) -> Form:
    left, right, op, times = _form(node.left), _form(node.right), _ARITHMETIC[type(node.op)], isinstance(node.op, ast.Mult)

    def form(values: Mapping[str, Value], table: Table | None) -> Value:
        one, two = left(values, table), right(values, table)
        if type(one) is type(two) is Quantity:
            return op(one, two)
        if times and type(one) is Fraction and type(two) is Quantity:
            return two * one
        one, two = alike(one, two)
        return None if one is None or two is None else _reckon(node.op, one, two, node)

    return form


def _call(node: Any) -> Form:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name not in FUNCTIONS or node.keywords:
        return _refused(node)
    if name == "table":
        return _table_form(node.args)
    given = [_form(argument) for argument in node.args]
    if name == "known":
        return lambda values, table: all(argument(values, table) is not None for argument in given)
    if name == "beside":
        return lambda values, table: _beside([argument(values, table) for argument in given], node)
    return lambda values, table: called(name, [argument(values, table) for argument in given], node)


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


def _compare(node: Any) -> Form:
    left = _form(node.left)
    links = [(type(op), _form(other)) for op, other in zip(node.ops, node.comparators, strict=True)]

    def form(values: Mapping[str, Value], table: Table | None) -> bool | None:
        one = left(values, table)
        for op, other in links:
            two = other(values, table)
            holds = _holds(op, one, two)
            if not holds:
                return holds
            one = two
        return True

    return form


def _holds(op: type, one: Value, two: Value) -> bool | None:
    """Return whether *one* op *two*; None if either is unknown."""
    if one is None or two is None:
        return None
    if op in (ast.In, ast.NotIn):
        inside = one in two if isinstance(two, tuple | str) else one == two
        return inside is (op is ast.In)
    first, second = alike(one, two)
    amounts = isinstance(first, Quantity), isinstance(second, Quantity)
    if all(amounts):
        return bool(_COMPARE[op](*_without_count(first, second)))
    words = isinstance(first, str), isinstance(second, str)
    ordered = op not in (ast.Eq, ast.NotEq)
    if ordered and any(words + amounts) or words[1] and isinstance(first, Quantity | Fraction):
        raise ProtocolError(f"cannot compare {said(first)} and {said(second)}", "both have to be of one kind")
    return bool(_COMPARE[op](first, second))


def _without_count(one: Quantity, two: Quantity) -> tuple[Quantity, Quantity]:
    """Compare ``100 uL/well`` and ``100 uL`` by their amounts, as < and > do."""
    if one.per != two.per and one.kind == two.kind and not (one.per and two.per):
        return replace(one, per=""), replace(two, per="")
    return one, two


_FORMS: dict[type, Callable[[Any], Form]] = {
    ast.Name: _name,
    ast.Constant: _constant,
    ast.Tuple: _tuple,
    ast.UnaryOp: _not,
    ast.BoolOp: _both,
    ast.IfExp: _if,
    ast.BinOp: _binary,
    ast.Compare: _compare,
    ast.Call: _call,
}


def _table_form(arguments: list[ast.expr]) -> Form:
    """Return the look-up of ``table(lines, line, doubling)``: a table and a column are named as they are, or worked out."""
    if len(arguments) != 3:
        return lambda _values, _table: _no_look_up()
    name, row, column = [
        (lambda _values, _table, word=argument.id: word) if isinstance(argument, ast.Name) and place != 1 else _form(argument)
        for place, argument in enumerate(arguments)
    ]

    def form(values: Mapping[str, Value], table: Table | None) -> Value:
        if table is None:
            return _no_look_up()
        key = row(values, table)
        if key is None:
            return None
        words = str(name(values, table)), str(column(values, table))
        if isinstance(key, tuple):
            return tuple(table(words[0], str(one), words[1]) for one in key)
        return table(words[0], str(key), words[1])

    return form


def _no_look_up() -> Value:
    raise ProtocolError("table(...) takes a table's name, a row and a column", "write table(lines, line, doubling)")


def _beside(given: list[Value], node: ast.expr) -> Value:
    """Return what stands in the second list where an item stands in the first: ``beside(target, targets, hosts)``."""
    if len(given) != 3 or not isinstance(given[1], tuple) or not isinstance(given[2], tuple) or len(given[1]) != len(given[2]):
        raise ProtocolError(f"{ast.unparse(node)!r} is no item and two lists of one length", "write beside(target, targets, hosts)")
    item, items, others = given
    if item not in items:
        raise ProtocolError(f"{ast.unparse(node)!r}: {said(item)} is not in the list", "name an item of the first list")
    return others[items.index(item)]


def pairs(values: tuple[Value, ...]) -> list[tuple[Value, Value]]:
    """Return each two of *values*, for a check that compares them."""
    return list(combinations(values, 2))
