"""The small language of derived values and checks: names, numbers, quoted quantities and words, arithmetic, comparison.

Each tree of `syntax` is built once into small functions of our own; only what the guide's table lists is allowed.
A value that is only measured at the bench is None, and so is everything calculated from it.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

from .._dataclass import replace
from ..errors import ProtocolError, suggest
from ..patterns import compile_when_used
from ..units import Quantity, describe_value, parse_quantity
from .functions import call_function, coerce_pair, find_beside, quote_part, require_bool, try_quantity
from .grammar import Tree, expression_names, parse_expression
from .last_result import LastResult, TableLookup

Value = Any  # Fraction, Quantity, str, bool, None, or a tuple of them
Evaluator = Callable[[Mapping[str, Value], TableLookup | None], Value]
_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
_ORDERINGS: dict[str, Callable[[Any, Any], Any]] = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {**_ORDERINGS, "==": operator.eq, "!=": operator.ne}
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


def _build(tree: Tree) -> Evaluator:
    return _BUILDERS[tree[0]](tree)


def _build_name(tree: Tree) -> Evaluator:
    name = tree[1]

    def compute(values: Mapping[str, Value], _table: TableLookup | None) -> Value:
        if name not in values:
            raise ProtocolError(f"{name!r} is not known here", suggest(name, values))
        return values[name]

    return compute


def _build_constant(tree: Tree) -> Evaluator:
    value = Fraction(tree[1]) if tree[0] == "number" else tree[1]
    return lambda _values, _table: value


def _build_refusal(tree: Tree) -> Evaluator:
    def compute(_values: Mapping[str, Value], _table: TableLookup | None) -> Value:
        raise ProtocolError(*tree[1:])

    return compute


def flatten(values: Iterable[Value]) -> Iterator[Value]:
    """Return lists one after the other, and lists of lists, as one list."""
    for value in values:
        if isinstance(value, tuple):
            yield from flatten(value)
        else:
            yield value


def _build_tuple(tree: Tree) -> Evaluator:
    items = [_build(item) for item in tree[1:]]

    return lambda values, table: tuple(flatten([item(values, table) for item in items]))


def _build_not(tree: Tree) -> Evaluator:
    operand = _build(tree[1])

    def compute(values: Mapping[str, Value], table: TableLookup | None) -> Value:
        inner = operand(values, table)
        return None if inner is None else not require_bool(inner, tree[1])

    return compute


class _Parts(dict[int, Evaluator]):
    """The functions of *trees* by place, each built when it is first reached: half of them never are."""

    def __init__(self, trees: Sequence[Tree]) -> None:
        super().__init__()
        self._trees = trees

    def __missing__(self, place: int) -> Evaluator:
        built = self[place] = _build(self._trees[place])
        return built


def _build_if(tree: Tree) -> Evaluator:
    test, parts = _build(tree[1]), _Parts(tree[2:])

    def compute(values: Mapping[str, Value], table: TableLookup | None) -> Value:
        condition = test(values, table)
        return None if condition is None else parts[0 if require_bool(condition, tree[1]) else 1](values, table)

    return compute


def _build_and_or(tree: Tree) -> Evaluator:
    sources, both = tree[1:], tree[0] == "and"
    parts = _Parts(sources)

    def compute(values: Mapping[str, Value], table: TableLookup | None) -> bool | None:
        unknown = False
        for place, source in enumerate(sources):
            value = parts[place](values, table)
            if value is None:
                unknown = True
            elif require_bool(value, source) is not both:
                return not both
        return None if unknown else both

    return compute


def _build_arithmetic(tree: Tree) -> Evaluator:
    left, right, op, times = _build(tree[1]), _build(tree[2]), _ARITHMETIC[tree[0]], tree[0] == "*"

    def compute(values: Mapping[str, Value], table: TableLookup | None) -> Value:
        one, two = left(values, table), right(values, table)
        if type(one) is type(two) is Quantity:
            return op(one, two)
        if times and type(one) is Fraction and type(two) is Quantity:
            return two * one
        one, two = coerce_pair(one, two)
        return None if one is None or two is None else _calculate(one, two, tree)

    return compute


def _build_call(tree: Tree) -> Evaluator:
    name = tree[1]
    if name == "table":
        return _build_lookup(tree[2:])
    arguments = [_build(argument) for argument in tree[2:]]
    if name == "known":
        return lambda values, table: all(argument(values, table) is not None for argument in arguments)
    if name == "beside":
        return lambda values, table: find_beside([argument(values, table) for argument in arguments], tree)
    if name == _SHEET:
        return lambda values, table: _ask_sheet(values, [argument(values, table) for argument in arguments], tree)
    return lambda values, table: call_function(name, [argument(values, table) for argument in arguments], tree)


def _ask_sheet(values: Mapping[str, Value], titles: list[Value], tree: Tree) -> Value:
    """Return whether the run does the one step of *titles*; only the values of a run can tell."""
    if _SHEET not in values or len(titles) != 1:
        raise ProtocolError(f"{quote_part(tree)} cannot be told here", "ask in a check or under 'when', as in in_sheet('Treat')")
    return values[_SHEET](titles[0])


def _calculate(one: Value, two: Value, tree: Tree) -> Value:
    sign = tree[0]
    if isinstance(one, str) and isinstance(two, tuple) and sign == "+" and all(isinstance(each, str) for each in two):
        return tuple(one + each for each in two)
    if isinstance(one, str) and isinstance(two, str) and sign == "+":
        amounts = try_quantity(one), try_quantity(two)
        return one + two if None in amounts else amounts[0] + amounts[1]  # type: ignore[operator]
    one, two = (parse_quantity(side) if isinstance(side, str) else side for side in (one, two))
    numbers = (int, Fraction, Quantity)
    if isinstance(one, bool) or isinstance(two, bool) or not isinstance(one, numbers) or not isinstance(two, numbers):
        raise ProtocolError(
            f"{quote_part(tree)}: cannot reckon with {describe_value(one)} and {describe_value(two)}", "both have to be numbers or quantities"
        )
    if isinstance(two, Quantity) and not isinstance(one, Quantity):
        if sign == "*":
            return two * one
        raise ProtocolError(f"{quote_part(tree)}: {describe_value(one)} and {describe_value(two)} do not go together", "give the number its unit")
    if sign == "/" and not isinstance(two, Quantity) and not two:
        raise ProtocolError(f"{quote_part(tree)} divides by zero", "look at what comes to zero")
    if isinstance(one, int) and isinstance(two, int):
        one = Fraction(one)
    return _ARITHMETIC[sign](one, two)


def _build_comparison(tree: Tree) -> Evaluator:
    left = _build(tree[1])
    links = [(sign, _build(other)) for sign, other in zip(tree[2::2], tree[3::2], strict=True)]

    def compute(values: Mapping[str, Value], table: TableLookup | None) -> bool | None:
        one = left(values, table)
        for sign, other in links:
            two = other(values, table)
            result = _compare_values(sign, one, two)
            if not result:
                return result
            one = two
        return True

    return compute


def _compare_values(sign: str, one: Value, two: Value) -> bool | None:
    """Return whether *one* is related to *two* as *sign* says; None if either is unknown."""
    if one is None or two is None:
        return None
    if sign in ("in", "not in"):
        inside = one in two if isinstance(two, tuple | str) else one == two
        return inside is (sign == "in")
    first, second = (one, two) if type(one) is type(two) else coerce_pair(one, two)
    amounts = isinstance(first, Quantity), isinstance(second, Quantity)
    if all(amounts):
        return bool(_COMPARISONS[sign](*_strip_count(first, second)))
    words = isinstance(first, str), isinstance(second, str)
    if sign in _ORDERINGS and any(words + amounts) or words[1] and isinstance(first, Quantity | Fraction):
        raise ProtocolError(f"cannot compare {describe_value(first)} and {describe_value(second)}", "both have to be of one kind")
    return bool(_COMPARISONS[sign](first, second))


def _strip_count(one: Quantity, two: Quantity) -> tuple[Quantity, Quantity]:
    """Compare ``100 uL/well`` and ``100 uL`` by their amounts, as < and > do."""
    if one.per != two.per and one.kind == two.kind and not (one.per and two.per):
        return replace(one, per=""), replace(two, per="")
    return one, two


_BUILDERS: dict[str, Callable[[Tree], Evaluator]] = {
    "name": _build_name,
    **dict.fromkeys(("word", "number", "truth"), _build_constant),
    "refuse": _build_refusal,
    "tuple": _build_tuple,
    "not": _build_not,
    **dict.fromkeys(("and", "or"), _build_and_or),
    "if": _build_if,
    **dict.fromkeys(_ARITHMETIC, _build_arithmetic),
    "compare": _build_comparison,
    "call": _build_call,
}


def _build_lookup(arguments: Sequence[Tree]) -> Evaluator:
    """Return the look-up of ``table(lines, line, doubling)``: a table and a column are named as they are, or worked out."""
    if len(arguments) != 3:
        return lambda _values, _table: _reject_lookup()
    name, row, column = [
        (lambda _values, _table, word=argument[1]: word) if argument[0] == "name" and place != 1 else _build(argument)
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
