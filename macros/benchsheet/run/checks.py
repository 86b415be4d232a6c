"""What a protocol's own checks say of a run: notes and warnings for the sheet, or a refusal that names what may be changed."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any

from .._dataclass import dataclass
from ..errors import Collector, ProtocolError, locate_errors
from ..expressions.evaluate import all_pairs, evaluate
from ..expressions.grammar import expression_names
from ..expressions.interpolate import interpolate
from ..protocol import citations
from ..protocol.derived import Check
from ..protocol.reader import Protocol
from ..units import describe_value


@dataclass(frozen=True, kw_only=True)
class CheckFinding:
    """What a check said of this run: *level* N or W, with its reason and references."""

    code: str
    level: str
    message: str
    cite: tuple[str, ...] = ()


def require_truth(expression: str, value: Any) -> bool | None:
    """Return *value* if it is true, false or unknown; raise ProtocolError if it is an amount."""
    if value is None or isinstance(value, bool):
        return value
    raise ProtocolError(f"{expression!r} is neither true nor false, but {describe_value(value)}", "compare it with something")


def item_scopes(list_name: str, values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the values of each item of the list *list_name*: every list as long as it is cut to that item's own value."""
    items = values.get(list_name)
    if not isinstance(items, tuple):
        raise ProtocolError(f"'for: {list_name}' is not a list", "name a parameter that takes several values")
    many = len(items)
    names = [key for key, value in values.items() if type(value) is tuple and len(value) == many]
    return [{**values, **dict(zip(names, own, strict=True))} for own in zip(*map(values.__getitem__, names), strict=True)]


def attribute_error(protocol: Protocol, error: ProtocolError, value_names: Iterable[str], arguments: Mapping[str, str], line: int) -> ProtocolError:
    """Blame what was typed on the command line, where a value that follows from it cannot be worked out; else the file."""
    root_names = tuple(root_parameters(protocol, value_names, arguments))
    options = [protocol.parameters[name].option for name in root_names if name in arguments]
    error.parameters, error.from_values = root_names, bool(options) or error.from_values
    return error.at(", ".join(options)) if options else error.at(protocol.file, line)


def find_unused(protocol: Protocol, values: Mapping[str, Any]) -> set[str]:
    """Return the parameters that this run does not use, by their ``when``."""
    unused_names = set()
    for parameter in protocol.parameters.values():
        if parameter.when:
            with locate_errors(protocol.file, parameter.line):
                if require_truth(parameter.when, evaluate(parameter.when, values, protocol.look_up)) is False:
                    unused_names.add(parameter.name)
    return unused_names


def run_checks(protocol: Protocol, values: Mapping[str, Any], arguments: Mapping[str, str], mistakes: Collector) -> tuple[CheckFinding, ...]:
    """Return what the checks note and warn of; keep each refusal in *mistakes*."""
    findings = []
    for check in protocol.checks:
        scopes: list[Mapping[str, Any]] = [] if check.loop else [values]
        if check.loop:
            with mistakes.at(protocol.file, check.line):
                scopes = _loop_scopes(check, values)
        for scope in scopes:
            with mistakes.at(protocol.file, check.line):
                if require_truth(check.condition, evaluate(check.condition, scope, protocol.look_up)) is not True:
                    continue
                message = interpolate(check.message, scope, protocol.look_up)
                if check.level != "E":
                    findings.append(CheckFinding(code=check.code, level=check.level, message=message, cite=check.cite))
                    continue
                what, _, way = message.partition(" | ")
                if check.cite:
                    what += f" [{'; '.join(_format_works(protocol, check.cite))}]"
                names = [check.loop.partition(" in ")[2].removeprefix("pairs(").removesuffix(")").strip(), *expression_names(check.condition)]
                raise attribute_error(protocol, ProtocolError(what, way, from_values=True), names, arguments, check.line)
    return tuple(dict.fromkeys(findings))


def _format_works(protocol: Protocol, keys: tuple[str, ...]) -> list[str]:
    """Return works as a refusal tells them, which has no list of references below it."""
    entries = citations.build_citations(protocol.source.shared_files.get(citations.REFERENCES_FILE, ""), keys)
    return [f"{work['text']} {citations.work_address(work)[0]}".strip() for work in entries]


def _loop_scopes(check: Check, values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the values with which a check is asked for each item of its list."""
    targets, _, list_expression = check.loop.partition(" in ")
    items = evaluate(list_expression.removeprefix("pairs(").removesuffix(")"), values)
    if not isinstance(items, tuple):
        raise ProtocolError(f"'for: {check.loop}' is not a list", "name a parameter that takes several values")
    loop_names = [word.strip() for word in targets.split(",")]
    rows: Iterable[tuple[Any, ...]] = all_pairs(items) if list_expression.startswith("pairs(") else zip(items, strict=True)
    if len(loop_names) > 1 and not list_expression.startswith("pairs("):
        raise ProtocolError(f"'for: {check.loop}' takes two at a time from one list", "write 'for: a, b in pairs(list)'")
    return [{**values, **dict(zip(loop_names, item, strict=True))} for item in rows]


def root_parameters(protocol: Protocol, value_names: Iterable[str], arguments: Container[str]) -> list[str]:
    """Return the parameters that *value_names* rest on, through what is derived and through defaults that follow others."""
    root_names: dict[str, None] = {}
    seen: set[str] = set()  # a table's column may be called as what is looked up in it

    def visit(name: str) -> None:
        if name in protocol.derived and name not in seen:
            seen.add(name)
            for part in expression_names(protocol.derived[name].expression):
                visit(part)
        elif name in protocol.parameters and name not in root_names:
            root_names[name] = None
            if name not in arguments:
                for part in expression_names(protocol.parameters[name].default_from or "0"):
                    visit(part)

    for word in value_names:
        visit(word)
    return list(root_names)
