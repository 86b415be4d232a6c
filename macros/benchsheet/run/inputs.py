"""One run's values: what was typed, what follows from it, and what the protocol's own checks say to it.

All mistakes of the values are told at once; a check that refuses is an answer, and names what may be changed.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from .._dataclass import dataclass, field
from ..errors import Collector, ProtocolError, near
from ..expressions.evaluate import evaluate, flat
from ..expressions.grammar import names
from ..expressions.interpolate import fill
from ..protocol.derived import Derived
from ..protocol.parameters.forms import Numbered, told, value
from ..protocol.parameters.parameter import Parameter
from ..protocol.reader import Protocol
from ..units import Quantity, read, typed
from ..yamltree import Map
from .checks import Finding, blamed, checked, each_of, truth, unused


@dataclass(frozen=True)
class Run:
    """A protocol with one run's values; *given* are the names that differ from their default, *counts* what ``/count`` means.

    *user_values* has what a person gave for this run, as text in which equal values are equal, whether or not it is the default too.
    """

    protocol: Protocol
    values: Mapping[str, Any]
    given: tuple[str, ...]
    counts: Mapping[str, int]
    findings: tuple[Finding, ...]
    unused: frozenset[str] = frozenset()
    user_values: Mapping[str, str] = field(default_factory=dict)

    def work(self, expression: str, scope: Mapping[str, Any] | None = None) -> Any:
        """Return the value of *expression* for this run."""
        return evaluate(expression, self.values if scope is None else scope, self.protocol.look_up)

    def amount(self, text: str, scope: Mapping[str, Any] | None = None) -> Any:
        """Return what *text* names or spells: a value, a quantity as it is typed, or an expression."""
        values = self.values if scope is None else scope
        if text in values:
            return values[text]
        return read(text) if text[:1].isdigit() else self.work(text, scope)

    def holds(self, expression: str, where: Map, scope: Mapping[str, Any] | None = None) -> bool | None:
        """Return whether a condition holds; raise ProtocolError, placed at its ``when``, if it is none."""
        try:
            return truth(expression, self.work(expression, scope))
        except ProtocolError as error:
            raise error.at(where.file, where.lines.get("when", where.line)) from None

    def fill(self, text: str, scope: Mapping[str, Any] | None = None) -> str:
        """Return *text* with its ``{expression}`` filled in."""
        return fill(text, self.values if scope is None else scope, self.protocol.look_up)


def run(protocol: Protocol, given: Mapping[str, str]) -> Run:
    """Return the run that *given* (parameter name to text) asks for; raise ProtocolError for all that is wrong with it."""
    mistakes = Collector()
    for name in given:
        with mistakes.at("--" + name.replace("_", "-")):
            if name not in protocol.parameters:
                raise ProtocolError(f"{protocol.id} has no such parameter", _nearest(name, protocol))
    values: dict[str, Any] = {}
    differs: list[str] = []
    failed: set[str] = set()
    for parameter in protocol.parameters.values():
        if parameter.name not in given and failed.intersection(names(parameter.default_from or "0")):
            failed.add(parameter.name)  # what it follows was told already
            continue
        if parameter.told and parameter.like in failed:
            failed.add(parameter.name)
            continue
        before = len(mistakes.found)
        place = (parameter.option, None) if parameter.name in given else (protocol.file, parameter.line)
        with mistakes.at(*place):
            values[parameter.name], other = _value(protocol, parameter, given, values)
            if other:
                differs.append(parameter.name)
        if len(mistakes.found) > before:
            failed.add(parameter.name)
    mistakes.close()
    _follow(protocol, values, given, mistakes)
    mistakes.close()
    counts = _derive(protocol, values, given)
    idle = unused(protocol, values)
    findings = checked(protocol, values, given, mistakes)
    for name in differs:
        if name in idle:
            option = protocol.parameters[name].option
            findings += (Finding("unused", "W", f"{option} {typed_again(protocol, values, name)} is given, and nothing here uses it"),)
    mistakes.close()
    return Run(protocol, values, tuple(differs), counts, findings, frozenset(idle), _user_values(protocol, values, given))


def _user_values(protocol: Protocol, values: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, str]:
    """Return what was *given*, in declared order, as text in which equal values are equal; what a table would add to it is not in it."""
    found = {}
    for name, parameter in protocol.parameters.items():
        if name in given and parameter.told:
            whose = values[parameter.like]
            found[name] = _pairs_text(whose, told(parameter, given[name].strip(), protocol.choices(parameter), whose))
        elif name in given:
            found[name] = canonical(values[name])
    return found


def _nearest(name: str, protocol: Protocol) -> str:
    hint = near(name, protocol.parameters)
    word = hint.split("'")[1].replace("_", "-") if hint.startswith("did you mean") else ""
    return f"did you mean '--{word}'?" if word else f"'benchsheet show {protocol.id}' lists its parameters"


def _value(protocol: Protocol, parameter: Parameter, given: Mapping[str, str], values: Mapping[str, Any]) -> tuple[Any, bool]:
    """Return the value, and whether it is another than the default."""
    choices = protocol.choices(parameter)
    if parameter.told:
        return _told(protocol, parameter, given.get(parameter.name), values[parameter.like])
    usual: Any = None
    problem: ProtocolError | None = None
    try:
        if parameter.default_from:
            usual = evaluate(parameter.default_from, values, protocol.look_up)
            usual = _as_default(parameter, usual, choices)
        elif parameter.default is not None:
            usual = _written(protocol, parameter.name)
    except ProtocolError as error:
        problem = error
    if parameter.name not in given:
        if problem and parameter.default_from:
            refusal = ProtocolError(f"{problem.message}, so {parameter.label} has no default", f"give {parameter.option}", answer=True)
            raise blamed(protocol, refusal, names(parameter.default_from), given, parameter.line)
        if problem:
            raise problem
        return usual, False
    found = value(parameter, given[parameter.name].strip(), choices)
    return found, found != usual


def _told(protocol: Protocol, parameter: Parameter, text: str | None, whose: tuple[Any, ...]) -> tuple[tuple[Any, ...], bool]:
    """Return what was told of each of *whose*, or stands in the table that has it otherwise; and whether anything was told."""
    name, _, column = parameter.otherwise.partition(".")
    rows: Mapping[str, Mapping[str, Any]] = {}
    if name:
        if name not in protocol.tables or column not in protocol.tables[name].columns:
            raise ProtocolError(f"no table has {parameter.otherwise!r}", near(name, protocol.tables, "tables")).at(protocol.file, parameter.line)
        rows = protocol.tables[name].rows
    usual = tuple(rows.get(str(who), {}).get(column) for who in whose)
    own = told(parameter, text.strip(), protocol.choices(parameter), whose) if text is not None else (None,) * len(whose)
    found = tuple(other if one is None else one for one, other in zip(own, usual, strict=True))
    return found, found != usual


@functools.lru_cache(maxsize=512)
def _written(protocol: Protocol, name: str) -> Any:
    """Return a default that stands in protocol.yml as a value; it is the same in every run."""
    parameter = protocol.parameters[name]
    return value(parameter, parameter.default or "", protocol.choices(parameter))


def _as_default(parameter: Parameter, found: Any, choices: tuple[str, ...]) -> Any:
    """Return a default that was worked out as a value of *parameter*: text is read, a single value makes a list of one."""
    if isinstance(found, str) and parameter.form == "quantity":
        found = value(parameter, found, choices)
    if isinstance(found, Quantity):
        found = Quantity(found.value, found.kind, parameter.per, parameter.name)
    return (found,) if parameter.is_list and not isinstance(found, tuple) else found


def _follow(protocol: Protocol, values: dict[str, Any], given: Mapping[str, str], mistakes: Collector) -> None:
    """Give each list that follows another as many values as that one has: one value holds for all."""
    for parameter in protocol.parameters.values():
        if not parameter.like:
            continue
        leader = values[parameter.like]
        own = values[parameter.name]
        if own is None:
            values[parameter.name] = (None,) * len(leader)
        elif len(own) == 1 or parameter.name not in given and len(set(own)) == 1:
            values[parameter.name] = (own[0],) * len(leader)
        elif len(own) != len(leader):
            with mistakes.at(parameter.option if parameter.name in given else protocol.file):
                text = given.get(parameter.name, "")
                raise ProtocolError(
                    f"{text!r} is {len(own)} values for {len(leader)} {parameter.like}", "give one for each, in the same order, or one for all"
                )
    for name in (
        parameter.name for parameter in protocol.parameters.values() if parameter.form == "text" and parameter.is_list and not parameter.told
    ):
        words = [word.casefold() for word in values[name] or ()]
        with mistakes.at(protocol.parameters[name].option):
            if len(set(words)) < len(words):
                raise ProtocolError(f"{given.get(name, '')!r} names the same twice", "give each its own name")


def _derive(protocol: Protocol, values: dict[str, Any], given: Mapping[str, str]) -> dict[str, int]:
    counts = {
        parameter.unit: int(values[parameter.name])
        for parameter in protocol.parameters.values()
        if parameter.form == "count" and not parameter.is_list
    }
    counts |= {parameter.unit: len(values[parameter.name]) for parameter in protocol.parameters.values() if parameter.form == "names"}
    for derived in protocol.derived.values():
        try:
            found = _worked_out(protocol, derived, values)
            if derived.unit:
                if not isinstance(found, int | Fraction) or found != int(found):
                    raise ProtocolError(
                        f"{derived.name!r} comes to {fill('{x}', {'x': found})}, which is not a whole number", "use ceil(...) or floor(...)"
                    )
                counts[derived.unit] = int(found)
            if any(_is_negative(one) for one in (found if isinstance(found, tuple) else (found,))):
                raise ProtocolError(f"{derived.name!r} comes to less than nothing", "look at what is subtracted")
            values[derived.name] = found
        except ProtocolError as error:
            raise blamed(protocol, error, names(derived.expression), given, derived.line) from None
    return counts


def _is_negative(found: Any) -> bool:
    if isinstance(found, Quantity):
        return found.value < 0 and found.kind != "temperature"
    return isinstance(found, int | Fraction) and found < 0


def _worked_out(protocol: Protocol, derived: Derived, values: Mapping[str, Any]) -> Any:
    if not derived.over:
        return evaluate(derived.expression, values, protocol.look_up)
    return tuple(flat(evaluate(derived.expression, scope, protocol.look_up) for scope in each_of(derived.over, values)))


def typed_again(protocol: Protocol, values: Mapping[str, Any], name: str) -> str:
    """Return the value of the parameter *name* as text that can be typed: ``FAK: rabbit; GAPDH: mouse IgG1`` where it is told of each."""
    parameter = protocol.parameters[name]
    if not parameter.told:
        return canonical(values[name])
    return _pairs_text(values[parameter.like], values[name])


def _pairs_text(whose: Iterable[Any], what: Iterable[Any]) -> str:
    """Return what is told of each, as it is typed; of whom nothing is told is left out."""
    return "; ".join(f"{who}: {canonical(one)}" for who, one in zip(whose, what, strict=True) if one is not None)


def canonical(value: Any) -> str:
    """Return a value as text that can be typed, in which equal values are equal: part of the command and of both identities."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Quantity):
        return typed(value.value, value.kind)
    if isinstance(value, tuple):
        if value and all(isinstance(item, Numbered) for item in value):
            return str(len(value))
        if value and isinstance(value[0], tuple):
            return "; ".join(f"{who} {canonical(strength)}: {canonical(volume)}".strip() for who, strength, volume in value)
        same = value[:1] if len(set(value)) == 1 else value
        return ("; " if isinstance(value[0], Quantity) else ",").join(canonical(item) for item in same)
    return str(value)
