"""The small language of derived values and checks: names, numbers, quoted quantities and words, arithmetic, comparison.

Parsed once with ``ast`` into small functions of our own, never evaluated as Python; only what the guide's table lists is allowed.
A value that is only measured at the bench is None, and so is everything calculated from it.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

from .._dataclass import replace
from ..errors import ProtocolError, suggest
from ..patterns import compile_when_used
from ..units import Quantity, describe_value, parse_quantity
from .functions import call_function, coerce_pair, find_beside, require_bool, try_quantity
from .grammar import ALLOWED_SYNTAX, ARITHMETIC, COMPARISONS, FUNCTION_NAMES, ORDERINGS, expression_names, parse_expression
from .last_result import LastResult, TableLookup

Value = Any  # Fraction, Quantity, str, bool, None, or a tuple of them
Evaluator = Callable[[Mapping[str, Value], TableLookup | None], Value]
_SHEET = "in_sheet"  # the value that tells which steps a run does
_ASKS_SHEET = compile_when_used(rf"\b{_SHEET}\b")


@functools.lru_cache(maxsize=2048)
def compile_expression(text: str) -> Evaluator:
    """Return *text* compiled to a function of values and a look-up of tables; cached, since it depends on the text alone."""
    return LastResult(_build(parse_expression(text)), value_names(text))


def value_names(text: str) -> tuple[str, ...]:
    """Return the names of all values on which the result of *text* rests."""
    return (*expression_names(text), _SHEET) if _SHEET in text and _ASKS_SHEET.search(text) else expression_names(text)


def evaluate(text: str, values: Mapping[str, Value], table: TableLookup | None = None) -> Value:
    """Return the value of *text* with *values* for its names; raise ProtocolError quoting the part that cannot be calculated."""
    try:
        return compile_expression(text)(values, table)
    except (RecursionError, OverflowError, ValueError) as error:
        raise ProtocolError(f"{text!r} cannot be worked out: {error}", "look at what it is given") from None


def _build(node: ast.expr) -> Evaluator:
    return _BUILDERS.get(type(node), _build_refusal)(node)


def _build_name(node: Any) -> Evaluator:
    name = node.id

    def compute(values: Mapping[str, Value], _table: TableLookup | None) -> Value:
        if name not in values:
            raise ProtocolError(f"{name!r} is not known here", suggest(name, values))
        return values[name]

    return compute


def _build_constant(node: Any) -> Evaluator:
    if not isinstance(node.value, bool | str | int | float):
        return _build_refusal(node)
    value = getattr(node, "exact", node.value)  # as written: a float keeps 17 digits
    return lambda _values, _table: value


def _build_refusal(node: Any) -> Evaluator:
    def compute(_values: Mapping[str, Value], _table: TableLookup | None) -> Value:
        if isinstance(node, ast.UnaryOp):
            raise ProtocolError(f"{ast.unparse(node)!r}: nothing here is below zero", "subtract instead")
        raise ProtocolError(f"{ast.unparse(node)!r} is not allowed in an expression", f"allowed are {ALLOWED_SYNTAX}")

    return compute


def flatten(values: Iterable[Value]) -> Iterator[Value]:
    """Return lists one after the other, and lists of lists, as one list."""
    for value in values:
        if isinstance(value, tuple):
            yield from flatten(value)
        else:
            yield value


def _build_tuple(node: Any) -> Evaluator:
    items = [_build(item) for item in node.elts]

    return lambda values, table: tuple(flatten([item(values, table) for item in items]))


def _build_not(node: Any) -> Evaluator:
    if not isinstance(node.op, ast.Not):
        return _build_refusal(node)
    operand = _build(node.operand)

    def compute(values: Mapping[str, Value], table: TableLookup | None) -> Value:
        inner = operand(values, table)
        return None if inner is None else not require_bool(inner, node.operand)

    return compute


class _Parts(dict[int, Evaluator]):
    """The functions of *nodes* by place, each built when it is first reached: half of them never are."""

    def __init__(self, nodes: Sequence[ast.expr]) -> None:
        super().__init__()
        self._nodes = nodes

    def __missing__(self, place: int) -> Evaluator:
        built = self[place] = _build(self._nodes[place])
        return built


def _build_if(node: Any) -> Evaluator:
    test, parts = _build(node.test), _Parts((node.body, node.orelse))

    def compute(values: Mapping[str, Value], table: TableLookup | None) -> Value:
        condition = test(values, table)
        return None if condition is None else parts[0 if require_bool(condition, node.test) else 1](values, table)

    return compute


def _build_and_or(node: Any) -> Evaluator:
    parts, both = _Parts(node.values), isinstance(node.op, ast.And)

    def compute(values: Mapping[str, Value], table: TableLookup | None) -> bool | None:
        unknown = False
        for place, source in enumerate(node.values):
            value = parts[place](values, table)
            if value is None:
                unknown = True
            elif require_bool(value, source) is not both:
                return not both
        return None if unknown else both

    return compute


def _build_arithmetic(node: Any) -> Evaluator:
    left, right, op, times = _build(node.left), _build(node.right), ARITHMETIC[type(node.op)], isinstance(node.op, ast.Mult)

    def compute(values: Mapping[str, Value], table: TableLookup | None) -> Value:
        one, two = left(values, table), right(values, table)
        if type(one) is type(two) is Quantity:
            return op(one, two)
        if times and type(one) is Fraction and type(two) is Quantity:
            return two * one
        one, two = coerce_pair(one, two)
        return None if one is None or two is None else _calculate(node.op, one, two, node)

    return compute


def _build_call(node: Any) -> Evaluator:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name not in FUNCTION_NAMES or node.keywords:
        return _build_refusal(node)
    if name == "table":
        return _build_lookup(node.args)
    arguments = [_build(argument) for argument in node.args]
    if name == "known":
        return lambda values, table: all(argument(values, table) is not None for argument in arguments)
    if name == "beside":
        return lambda values, table: find_beside([argument(values, table) for argument in arguments], node)
    if name == "in_sheet":
        return lambda values, table: _ask_sheet(values, [argument(values, table) for argument in arguments], node)
    return lambda values, table: call_function(name, [argument(values, table) for argument in arguments], node)


def _ask_sheet(values: Mapping[str, Value], titles: list[Value], node: ast.expr) -> Value:
    """Return whether the run does the one step of *titles*; only the values of a run can tell."""
    if _SHEET not in values or len(titles) != 1:
        raise ProtocolError(f"{ast.unparse(node)!r} cannot be told here", "ask in a check or under 'when', as in in_sheet('Treat')")
    return values[_SHEET](titles[0])


def _calculate(op: ast.operator, one: Value, two: Value, node: ast.expr) -> Value:
    if isinstance(one, str) and isinstance(two, tuple) and isinstance(op, ast.Add) and all(isinstance(each, str) for each in two):
        return tuple(one + each for each in two)
    if isinstance(one, str) and isinstance(two, str) and isinstance(op, ast.Add):
        amounts = try_quantity(one), try_quantity(two)
        return one + two if None in amounts else amounts[0] + amounts[1]  # type: ignore[operator]
    one, two = (parse_quantity(side) if isinstance(side, str) else side for side in (one, two))
    numbers = (int, Fraction, Quantity)
    if isinstance(one, bool) or isinstance(two, bool) or not isinstance(one, numbers) or not isinstance(two, numbers):
        raise ProtocolError(
            f"{ast.unparse(node)!r}: cannot reckon with {describe_value(one)} and {describe_value(two)}", "both have to be numbers or quantities"
        )
    if isinstance(two, Quantity) and not isinstance(one, Quantity):
        if isinstance(op, ast.Mult):
            return two * one
        raise ProtocolError(f"{ast.unparse(node)!r}: {describe_value(one)} and {describe_value(two)} do not go together", "give the number its unit")
    if isinstance(op, ast.Div) and not isinstance(two, Quantity) and not two:
        raise ProtocolError(f"{ast.unparse(node)!r} divides by zero", "look at what comes to zero")
    if isinstance(one, int) and isinstance(two, int):
        one = Fraction(one)
    return ARITHMETIC[type(op)](one, two)


def _build_comparison(node: Any) -> Evaluator:
    left = _build(node.left)
    links = [(type(op), _build(other)) for op, other in zip(node.ops, node.comparators, strict=True)]

    def compute(values: Mapping[str, Value], table: TableLookup | None) -> bool | None:
        one = left(values, table)
        for op, other in links:
            two = other(values, table)
            result = _compare_values(op, one, two)
            if not result:
                return result
            one = two
        return True

    return compute


def _compare_values(op: type, one: Value, two: Value) -> bool | None:
    """Return whether *one* op *two*; None if either is unknown."""
    if one is None or two is None:
        return None
    if op in (ast.In, ast.NotIn):
        inside = one in two if isinstance(two, tuple | str) else one == two
        return inside is (op is ast.In)
    first, second = (one, two) if type(one) is type(two) else coerce_pair(one, two)
    amounts = isinstance(first, Quantity), isinstance(second, Quantity)
    if all(amounts):
        return bool(COMPARISONS[op](*_strip_count(first, second)))
    words = isinstance(first, str), isinstance(second, str)
    if op in ORDERINGS and any(words + amounts) or words[1] and isinstance(first, Quantity | Fraction):
        raise ProtocolError(f"cannot compare {describe_value(first)} and {describe_value(second)}", "both have to be of one kind")
    return bool(COMPARISONS[op](first, second))


def _strip_count(one: Quantity, two: Quantity) -> tuple[Quantity, Quantity]:
    """Compare ``100 uL/well`` and ``100 uL`` by their amounts, as < and > do."""
    if one.per != two.per and one.kind == two.kind and not (one.per and two.per):
        return replace(one, per=""), replace(two, per="")
    return one, two


_BUILDERS: dict[type, Callable[[Any], Evaluator]] = {
    ast.Name: _build_name,
    ast.Constant: _build_constant,
    ast.Tuple: _build_tuple,
    ast.UnaryOp: _build_not,
    ast.BoolOp: _build_and_or,
    ast.IfExp: _build_if,
    ast.BinOp: _build_arithmetic,
    ast.Compare: _build_comparison,
    ast.Call: _build_call,
}


def _build_lookup(arguments: list[ast.expr]) -> Evaluator:
    """Return the look-up of ``table(lines, line, doubling)``: a table and a column are named as they are, or worked out."""
    if len(arguments) != 3:
        return lambda _values, _table: _reject_lookup()
    name, row, column = [
        (lambda _values, _table, word=argument.id: word) if isinstance(argument, ast.Name) and place != 1 else _build(argument)
        for place, argument in enumerate(arguments)
    ]

    def compute(values: Mapping[str, Value], table: TableLookup | None) -> Value:
        if table is None:
            return _reject_lookup()
        key = row(values, table)
        if key is None:
            return None
        words = str(name(values, table)), str(column(values, table))
        if isinstance(key, tuple):
            return tuple(table(words[0], str(one), words[1]) for one in key)
        return table(words[0], str(key), words[1])

    return compute


def _reject_lookup() -> Value:
    raise ProtocolError("table(...) takes a table's name, a row and a column", "write table(lines, line, doubling)")


def all_pairs(values: tuple[Value, ...]) -> list[tuple[Value, Value]]:
    """Return each two of *values*, for a check that compares them."""
    return list(combinations(values, 2))
