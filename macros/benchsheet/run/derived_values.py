"""The derived values of a run, worked out in the order in which they follow from each other, and its counts."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ..errors import ProtocolError
from ..expressions.evaluate import evaluate, flatten, value_names
from ..expressions.grammar import expression_names
from ..expressions.interpolate import format_value
from ..expressions.last_result import LastResult, TableLookup
from ..protocol.derived import Derived
from ..protocol.reader import Protocol
from ..units import is_negative
from .checks import attribute_error, item_scopes
from .same_values import SameValues


def compute_derived(protocol: Protocol, values: dict[str, Any], arguments: Mapping[str, str], same: SameValues) -> dict[str, int]:
    """Add the derived values of *protocol* to *values*, and return the counts of the run: what ``/well`` and the like are multiplied by.

    Raise ProtocolError at the line of a value that cannot be worked out, is below zero, or counts what is not whole.
    """
    declared = sorted(protocol.parameters.values(), key=lambda parameter: parameter.form.is_list_itself)
    counted = [(parameter.unit, parameter.form.count(parameter, values[parameter.name])) for parameter in declared]
    counts = {unit: count for unit, count in counted if count is not None}
    for derived in protocol.derived.values():
        try:
            result = _evaluate_derived(protocol, derived, values)
            if same.has(derived.name, result) and not derived.unit:
                values[derived.name] = result
                continue
            if derived.unit:
                if not isinstance(result, int | Fraction) or result != int(result):
                    comes_to = format_value(result)
                    raise ProtocolError(f"{derived.name!r} comes to {comes_to}, which is not a whole number", "use ceil(...) or floor(...)")
                counts[derived.unit] = int(result)
            if any(map(is_negative, result)) if isinstance(result, tuple) else is_negative(result):
                raise ProtocolError(f"{derived.name!r} comes to less than nothing", "look at what is subtracted")
            values[derived.name] = same.find(derived.name, result)
        except ProtocolError as error:
            raise attribute_error(protocol, error, expression_names(derived.expression), arguments, derived.line) from None
    return counts


def _evaluate_derived(protocol: Protocol, derived: Derived, values: Mapping[str, Any]) -> Any:
    if not derived.loop:
        return evaluate(derived.expression, values, protocol.look_up)
    return compile_loop(derived.expression, derived.loop)(values, protocol.look_up)


@functools.lru_cache(maxsize=1024)
def compile_loop(expression: str, list_name: str) -> LastResult:
    """Return *expression* for each item of the list *list_name* as one function of the values; cached, since it depends on the two texts alone."""

    def compute(values: Mapping[str, Any], table: TableLookup | None) -> tuple[Any, ...]:
        return tuple(flatten([evaluate(expression, scope, table) for scope in item_scopes(list_name, values)]))

    return LastResult(compute, (list_name, *value_names(expression)))
