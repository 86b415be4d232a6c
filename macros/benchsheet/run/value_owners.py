"""Whose each value of a list is: where values are told for the names of one list, and places have names too, names decide who gets which.

Raises ProtocolError for a place of which nothing is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import ProtocolError, suggest
from ..expressions.grammar import expression_names
from ..protocol.parameters.labels import NumberedLabel
from ..protocol.reader import Protocol
from .inputs import RunInputs
from .ledger import WellGroup


def sort_by_place(inputs: RunInputs, values: Sequence[Any], groups: Sequence[WellGroup]) -> list[Any]:
    """Return *values*, one for each of *groups*, in the order of the groups: by name, or by number where either side has no names."""
    list_name = _find_leading_list(inputs, values)
    if not list_name or not all(group.named for group in groups):
        return list(values)
    owners = inputs.values[list_name]
    by_name = {str(who): value for who, value in zip(owners, values, strict=True)}
    if len(by_name) < len(owners):
        return list(values)  # a name that stands there twice does not say which of them
    is_numbered = all(isinstance(who, NumberedLabel) for who in owners) or all(group.role.endswith(f" {group.number}") for group in groups)
    if is_numbered and by_name.keys().isdisjoint(group.role for group in groups):
        return list(values)  # names that only count their places are not names
    for group in groups:
        if group.role not in by_name:
            raise ProtocolError(
                f"the values are told for {list_name!r}, which has no {group.role!r}, and {group.id!r} is for {group.role!r}",
                f"{suggest(group.role, by_name, 'it has')}; where both sides have names, names decide whose a value is",
                from_values=True,
            )
    return [by_name[group.role] for group in groups]


def _find_leading_list(inputs: RunInputs, values: Sequence[Any]) -> str:
    """Return the list whose items *values* are told for; nothing if they come from no parameter, or follow several lists."""
    names = [name for name, value in inputs.values.items() if value is values]
    leaders = {leader for name in names for leader in _leading_lists(inputs.protocol, name, frozenset())}
    (leader, *others) = sorted(leaders) or [""]
    return leader if leader and not others and len(inputs.values[leader] or ()) == len(values) else ""


def _leading_lists(protocol: Protocol, name: str, seen: frozenset[str]) -> set[str]:
    """Return the lists that the value *name* has an item for each of, through what it is derived from."""
    if name in seen:
        return set()
    if name in protocol.parameters:
        parameter = protocol.parameters[name]
        return {parameter.follows_list or name} if parameter.is_list else set()
    if name not in protocol.derived:
        return set()
    derived = protocol.derived[name]
    parts = [derived.loop] if derived.loop else expression_names(derived.expression)
    return {leader for part in parts for leader in _leading_lists(protocol, part, seen | {name})}
