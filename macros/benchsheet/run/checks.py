"""What a protocol's own checks say of a run: notes and warnings for the sheet, or a refusal that names what may be changed."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any

from .._dataclass import dataclass
from ..errors import Collector, ProtocolError
from ..expressions.evaluate import evaluate, pairs
from ..expressions.grammar import names
from ..expressions.interpolate import fill
from ..protocol import citations as references
from ..protocol.derived import Check
from ..protocol.reader import Protocol
from ..units import said


@dataclass(frozen=True)
class Finding:
    """What a check said of this run: *level* N or W, with its reason and references."""

    code: str
    level: str
    message: str
    cite: tuple[str, ...] = ()


def truth(expression: str, found: Any) -> bool | None:
    """Return *found* if it is true, false or unknown; raise ProtocolError if it is an amount."""
    if found is None or isinstance(found, bool):
        return found
    raise ProtocolError(f"{expression!r} is neither true nor false, but {said(found)}", "compare it with something")


def each_of(over: str, values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the values of each item of the list *over*: every list as long as it is cut to that item's own value."""
    items = values.get(over)
    if not isinstance(items, tuple):
        raise ProtocolError(f"'for: {over}' is no list", "name a parameter that takes several values")
    lists = {key: value for key, value in values.items() if type(value) is tuple and len(value) == len(items)}
    return [{**values, **{key: value[place] for key, value in lists.items()}} for place in range(len(items))]


def blamed(protocol: Protocol, error: ProtocolError, words: Iterable[str], given: Mapping[str, str], line: int) -> ProtocolError:
    """Blame what was typed on the command line, where a value that follows from it cannot be worked out; else the file."""
    found = tuple(roots(protocol, words, given))
    options = [protocol.parameters[name].option for name in found if name in given]
    error.parameters, error.answer = found, bool(options) or error.answer
    return error.at(", ".join(options)) if options else error.at(protocol.file, line)


def unused(protocol: Protocol, values: Mapping[str, Any]) -> set[str]:
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


def checked(protocol: Protocol, values: Mapping[str, Any], given: Mapping[str, str], mistakes: Collector) -> tuple[Finding, ...]:
    """Return what the checks note and warn of; keep each refusal in *mistakes*."""
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
                if check.cite:
                    what += f" [{'; '.join(_works(protocol, check.cite))}]"
                raise blamed(protocol, ProtocolError(what, way, answer=True), [*_listed(check), *names(check.condition)], given, check.line)
    return tuple(dict.fromkeys(found))


def _works(protocol: Protocol, keys: tuple[str, ...]) -> list[str]:
    """Return works as a refusal tells them, which has no list of references below it."""
    found = references.cited(protocol.source.shared.get(references.FILE, ""), keys)
    return [f"{work['text']} {references.found_at(work)[0]}".strip() for work in found]


def _listed(check: Check) -> list[str]:
    """Return the list that a check runs over, if it does: ``targets`` of ``a, b in pairs(targets)``."""
    return [check.over.partition(" in ")[2].removeprefix("pairs(").removesuffix(")").strip()] if check.over else []


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


def roots(protocol: Protocol, words: Iterable[str], given: Container[str]) -> list[str]:
    """Return the parameters that *words* rest on, through what is derived and through defaults that follow others."""
    found: dict[str, None] = {}
    seen: set[str] = set()  # a table's column may be called as what is looked up in it

    def visit(name: str) -> None:
        if name in protocol.derived and name not in seen:
            seen.add(name)
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
