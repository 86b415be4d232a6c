"""One run's values: what was typed, what follows from it, and what the protocol's own checks say to it.

All mistakes of the values are told at once; a check that refuses is an answer, and names what may be changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..errors import Collector, ProtocolError, near
from ..expression import evaluate, names, pairs
from ..tree import Map
from ..units import Quantity, read, said, typed
from .fill import fill
from .parameters import Parameter, value
from .protocol import Check, Derived, Protocol


@dataclass(frozen=True)
class Finding:
    """What a check said of this run: *level* N or W, with its reason and references."""

    code: str
    level: str
    message: str
    cite: tuple[str, ...] = ()


@dataclass(frozen=True)
class Run:
    """A protocol with one run's values; *given* are the names that differ from their default, *counts* what ``/count`` means."""

    protocol: Protocol
    values: Mapping[str, Any]
    given: tuple[str, ...]
    counts: Mapping[str, int]
    findings: tuple[Finding, ...]
    unused: frozenset[str] = frozenset()

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


def truth(expression: str, found: Any) -> bool | None:
    """Return *found* if it is true, false or unknown; raise ProtocolError if it is an amount."""
    if found is None or isinstance(found, bool):
        return found
    raise ProtocolError(f"{expression!r} is neither true nor false, but {said(found)}", "compare it with something")


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
    unused = _unused(protocol, values)
    findings = _checked(protocol, values, given, mistakes)
    for name in differs:
        if name in unused:
            option = protocol.parameters[name].option
            findings += (Finding("unused", "W", f"{option} {canonical(values[name])} is given, and nothing here uses it"),)
    mistakes.close()
    return Run(protocol, values, tuple(differs), counts, findings, frozenset(unused))


def _nearest(name: str, protocol: Protocol) -> str:
    hint = near(name, protocol.parameters)
    word = hint.split("'")[1].replace("_", "-") if hint.startswith("did you mean") else ""
    return f"did you mean '--{word}'?" if word else f"'benchsheet show {protocol.id}' lists its parameters"


def _value(protocol: Protocol, parameter: Parameter, given: Mapping[str, str], values: Mapping[str, Any]) -> tuple[Any, bool]:
    """Return the value, and whether it is another than the default."""
    choices = protocol.choices(parameter)
    usual: Any = None
    problem: ProtocolError | None = None
    try:
        if parameter.default_from:
            usual = evaluate(parameter.default_from, values, protocol.look_up)
            usual = _as_default(parameter, usual, choices)
        elif parameter.default is not None:
            usual = value(parameter, parameter.default, choices)
    except ProtocolError as error:
        problem = error
    if parameter.name not in given:
        if problem and parameter.default_from:
            refusal = ProtocolError(f"{problem.message}, so {parameter.label} has no default", f"give {parameter.option}", answer=True)
            raise _blamed(protocol, refusal, names(parameter.default_from), given, parameter.line)
        if problem:
            raise problem
        return usual, False
    found = value(parameter, given[parameter.name].strip(), choices)
    return found, found != usual


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
    for name in (parameter.name for parameter in protocol.parameters.values() if parameter.form == "text" and parameter.is_list):
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
            raise _blamed(protocol, error, names(derived.expression), given, derived.line) from None
    return counts


def _is_negative(found: Any) -> bool:
    if isinstance(found, Quantity):
        return found.value < 0 and found.kind != "temperature"
    return isinstance(found, int | Fraction) and found < 0


def _worked_out(protocol: Protocol, derived: Derived, values: Mapping[str, Any]) -> Any:
    if not derived.over:
        return evaluate(derived.expression, values, protocol.look_up)
    return tuple(evaluate(derived.expression, scope, protocol.look_up) for scope in each_of(derived.over, values))


def each_of(over: str, values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the values of each item of the list *over*: every list as long as it is cut to that item's own value."""
    items = values.get(over)
    if not isinstance(items, tuple):
        raise ProtocolError(f"'for: {over}' is no list", "name a parameter that takes several values")
    return [
        {key: value[place] if isinstance(value, tuple) and len(value) == len(items) else value for key, value in values.items()}
        for place in range(len(items))
    ]


def _blamed(protocol: Protocol, error: ProtocolError, words: Iterable[str], given: Mapping[str, str], line: int) -> ProtocolError:
    """Blame what was typed on the command line, where a value that follows from it cannot be worked out; else the file."""
    roots = tuple(_roots(protocol, words, given))
    options = [protocol.parameters[name].option for name in roots if name in given]
    error.parameters, error.answer = roots, bool(options) or error.answer
    return error.at(", ".join(options)) if options else error.at(protocol.file, line)


def _unused(protocol: Protocol, values: Mapping[str, Any]) -> set[str]:
    """Return the parameters that this run does not use, by their ``when``."""
    found = set()
    for parameter in protocol.parameters.values():
        if parameter.when:
            try:
                if truth(parameter.when, evaluate(parameter.when, values, protocol.look_up)) is False:
                    found.add(parameter.name)
            except ProtocolError as error:
                raise error.at(protocol.file, parameter.line) from None
    return found


def _checked(protocol: Protocol, values: Mapping[str, Any], given: Mapping[str, str], mistakes: Collector) -> tuple[Finding, ...]:
    found = []
    for check in protocol.checks:
        scopes: list[Mapping[str, Any]] = []
        with mistakes.at(protocol.file, check.line):
            scopes = _scopes(check, values)
        for scope in scopes:
            with mistakes.at(protocol.file, check.line):
                if truth(check.condition, evaluate(check.condition, scope, protocol.look_up)) is not True:
                    continue
                message = fill(check.say, scope, protocol.look_up)
                if check.level != "E":
                    found.append(Finding(check.code, check.level, message, check.cite))
                    continue
                what, _, way = message.partition(" | ")
                raise _blamed(protocol, ProtocolError(what, way, answer=True), names(check.condition), given, check.line)
    return tuple(dict.fromkeys(found))


def _scopes(check: Check, values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the values with which a check is asked: once, or once for each item of its list."""
    if not check.over:
        return [values]
    who, _, where = check.over.partition(" in ")
    items = evaluate(where.removeprefix("pairs(").removesuffix(")"), values)
    if not isinstance(items, tuple):
        raise ProtocolError(f"'for: {check.over}' is no list", "name a parameter that takes several values")
    words = [word.strip() for word in who.split(",")]
    each: Iterable[tuple[Any, ...]] = pairs(items) if where.startswith("pairs(") else zip(items, strict=True)
    if len(words) > 1 and not where.startswith("pairs("):
        raise ProtocolError(f"'for: {check.over}' takes two at a time from one list", "write 'for: a, b in pairs(list)'")
    return [{**values, **dict(zip(words, item, strict=True))} for item in each]


def _roots(protocol: Protocol, words: Iterable[str], given: Mapping[str, str]) -> list[str]:
    """Return the parameters that *words* rest on, through what is derived and through defaults that follow others."""
    found: dict[str, None] = {}

    def visit(name: str) -> None:
        if name in protocol.derived:
            for part in names(protocol.derived[name].expression):
                visit(part)
        elif name in protocol.parameters and name not in found:
            found[name] = None
            if name not in given:
                for part in names(protocol.parameters[name].default_from or "0"):
                    visit(part)

    for word in words:
        visit(word)
    return list(found)


def canonical(value: Any) -> str:
    """Return a value as text that can be typed, in which equal values are equal: part of the command and of the digest."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Quantity):
        return typed(value.value, value.kind)
    if isinstance(value, tuple):
        if value and isinstance(value[0], tuple):
            return "; ".join(f"{who} {canonical(strength)}: {canonical(volume)}".strip() for who, strength, volume in value)
        same = value[:1] if len(set(value)) == 1 else value
        return ("; " if isinstance(value[0], Quantity) else ",").join(canonical(item) for item in same)
    return str(value)
