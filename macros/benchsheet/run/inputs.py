"""One run's values: what was typed, what follows from it, and what the protocol's own checks say to it.

All mistakes of the values are raised together; a check that refuses names the options that may be changed.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from .._dataclass import dataclass, field
from ..errors import Collector, ProtocolError, locate_errors, option_flag, suggest
from ..expressions.evaluate import evaluate
from ..expressions.grammar import expression_names
from ..expressions.interpolate import interpolate
from ..protocol.entries import Condition
from ..protocol.parameters.parameter import Parameter
from ..protocol.parameters.told import is_told_by_name, parse_per_item, reject_values_for_each
from ..protocol.reader import Protocol
from ..spelling import find_nearest, fold_name, fold_own_name
from ..units import Quantity, as_quantity
from ..yamltree import YamlMap
from .checks import CheckFinding, attribute_error, find_unused, require_truth, run_checks
from .derived_values import compute_derived
from .known_rows import (
    as_choice,
    describe_spellings,
    find_owner_rows,
    find_row,
    merge_rows,
    read_ahead,
    reject_other_rows,
    take_rows,
    warn_of_near_rows,
    warn_of_other_figures,
)
from .same_values import SameValues
from .sheet_steps import SheetSteps
from .value_texts import pairs_to_text, parameter_to_text

MAX_NAMED = 4  # options that a hint names


@dataclass(frozen=True, kw_only=True)
class RunInputs:
    """A protocol with one run's values; *changed_names* are the names that differ from their default, *counts* what ``/count`` means.

    *user_values* has what a person gave for this run, as text in which equal values are equal, whether or not it is the default too;
    *typed_texts* has it as it was typed where a row of a table was called by another of its names, of which the sheet speaks.
    """

    protocol: Protocol
    values: Mapping[str, Any]
    changed_names: tuple[str, ...]
    counts: Mapping[str, int]
    findings: tuple[CheckFinding, ...]
    unused_names: frozenset[str] = frozenset()
    user_values: Mapping[str, str] = field(default_factory=dict)
    typed_texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def sheet_steps(self) -> SheetSteps:
        """Return which steps are on the sheet; it stands among the values, where expressions ask it."""
        steps: SheetSteps = self.values["in_sheet"]
        return steps

    def evaluate(self, expression: str, scope: Mapping[str, Any] | None = None) -> Any:
        """Return the value of *expression* for this run."""
        return evaluate(expression, self.values if scope is None else scope, self.protocol.look_up)

    def resolve_amount(self, text: str, scope: Mapping[str, Any] | None = None) -> Any:
        """Return what *text* names or spells: a value, a quantity as it is typed, or an expression."""
        values = self.values if scope is None else scope
        if text in values:
            return values[text]
        return as_quantity(text) if text[:1].isdigit() else self.evaluate(text, scope)

    def condition_holds(self, expression: str, where: YamlMap, scope: Mapping[str, Any] | None = None) -> bool | None:
        """Return whether a condition holds; raise ProtocolError, placed at its ``when``, if it is none."""
        with locate_errors(where.file, where.lines.get("when", where.line)):
            return require_truth(expression, self.evaluate(expression, scope))

    def holds(self, when: Condition | None) -> bool:
        """Return whether what has the condition *when*, or none, is there in this run."""
        with locate_errors(when.file if when else "", when.line if when else None):
            return when is None or require_truth(when.expression, self.evaluate(when.expression)) is True

    def interpolate(self, text: str, scope: Mapping[str, Any] | None = None) -> str:
        """Return *text* with its ``{expression}`` filled in."""
        return interpolate(text, self.values if scope is None else scope, self.protocol.look_up)


def resolve_inputs(protocol: Protocol, arguments: Mapping[str, str], start: str = "") -> RunInputs:
    """Return the run that *arguments* (parameter name to text) asks for; raise ProtocolError for all that is wrong with it.

    *start* is the title of the step with which a host begins.
    """
    mistakes = Collector()
    for name in arguments:
        with mistakes.at(option_flag(name)):
            check_declared(name, protocol)
    values: dict[str, Any] = {"in_sheet": SheetSteps(source=protocol.source, start=start)}
    changed_names: list[str] = []
    failures: set[str] = set()
    same = SameValues(protocol.source)
    if takes_rows := any(parameter.adds for parameter in protocol.parameters.values()):
        from . import own_rows  # few protocols take rows of one's own
    typed = arguments  # what is told of rows of one's own is handed on to other parameters
    for parameter in protocol.parameters.values():
        if failures and (
            parameter.name not in arguments and failures.intersection(expression_names(parameter.default_from or "0"))
            or parameter.choices_from and f"rows of {parameter.choices_from}" in failures
            or parameter.follows_list in failures and (parameter.per_item or ":" in arguments.get(parameter.name, ""))
        ):  # fmt: skip
            failures.add(parameter.name)  # the mistake in what it follows was reported
            continue
        mistake_count = len(mistakes.errors)
        location = (parameter.option, None) if parameter.name in arguments else (protocol.file, parameter.line)
        with mistakes.at(*location):
            if parameter.adds and parameter.name in arguments:
                protocol, arguments = own_rows.add_own_rows(protocol, parameter, arguments)
            value, is_changed = _resolve_value(protocol, parameter, arguments, values)
            values[parameter.name] = same.find(parameter.name, value)
            if is_changed:
                changed_names.append(parameter.name)
        if len(mistakes.errors) > mistake_count:
            failures |= {parameter.name, f"rows of {parameter.adds}"}
    mistakes.raise_all()
    if takes_rows:
        own_rows.reject_unused_rows(protocol, values, mistakes)
    _extend_lists(protocol, values, arguments, mistakes, same)
    mistakes.raise_all()
    reject_other_rows(protocol, values, mistakes)
    mistakes.raise_all()
    counts = compute_derived(protocol, values, arguments, same)
    unused_names = find_unused(protocol, values)
    findings = run_checks(protocol, values, arguments, mistakes)
    for name in changed_names:
        if name in unused_names:
            given = f"{protocol.parameters[name].option} {parameter_to_text(protocol, values, name)}"
            findings += (CheckFinding(code="unused", level="W", message=f"{given} is given, and nothing here uses it"),)
    mistakes.raise_all()
    spellings = describe_spellings(protocol, typed, values)
    findings += tuple(dict.fromkeys(note for notes in spellings.values() for note in notes)) + warn_of_near_rows(protocol, typed, values)
    findings += warn_of_other_figures(protocol, typed, values)
    return RunInputs(
        protocol=protocol,
        values=values,
        changed_names=tuple(changed_names),
        counts=counts,
        findings=findings,
        unused_names=frozenset(unused_names),
        user_values=_user_values(protocol, values, typed),
        typed_texts={name: " ".join(typed[name].split()) for name in spellings if name in typed},
    )


def _user_values(protocol: Protocol, values: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, str]:
    """Return what was *given*, in declared order, as text in which equal values are equal; what a table would add to it is not in it."""
    found = {}
    for name, parameter in protocol.parameters.items():
        if name in given and parameter.per_item:
            whose = values[parameter.follows_list]
            names = find_owner_rows(protocol, parameter)
            found[name] = pairs_to_text(parameter, whose, parse_per_item(parameter, given[name].strip(), protocol.choices(parameter), whose, names))
        elif name in given:
            found[name] = parameter_to_text(protocol, values, name)
    return found


def check_declared(name: str, protocol: Protocol) -> None:
    """Raise ProtocolError with the nearest option if no parameter is called *name*."""
    if name not in protocol.parameters:
        raise ProtocolError(f"{protocol.id} has no such parameter", _suggest_option(name, protocol))


def _suggest_option(name: str, protocol: Protocol) -> str:
    """Return the way out for *name*: the option that is nearest, one that ends with it, as that of a protocol in another does, or where all are."""
    parameters = protocol.parameters.values()
    options = {each.name: each.option for each in parameters}
    options |= {f"no_{each.name}": option_flag(f"no_{each.name}") for each in parameters if each.form.has_opposite}
    stem = name.removeprefix("no_")
    ends = [each for each in parameters if stem and (each.name == stem or stem not in protocol.parameters and each.name.endswith(f"_{stem}"))]
    nearest = find_nearest(name, options)
    longer = [option_flag(f"no_{each.name}") if stem != name else each.option for each in ends if stem == name or each.form.has_opposite]
    if nearest or 0 < len(longer) <= MAX_NAMED:
        return f"did you mean {nearest!r}?" if nearest else f"did you mean {' or '.join(map(repr, longer))}?"
    if len(ends) == 1:
        return f"leave {ends[0].option} out, or give it a value"
    return f"'benchsheet show {protocol.id}' lists its parameters"


def _resolve_value(protocol: Protocol, parameter: Parameter, arguments: Mapping[str, str], values: Mapping[str, Any]) -> tuple[Any, bool]:
    """Return the value, and whether it is another than the default."""
    choices = protocol.choices(parameter)
    if parameter.per_item:
        return _resolve_per_item(protocol, parameter, arguments.get(parameter.name), values[parameter.follows_list])
    owners = values.get(parameter.follows_list)
    default: Any = None
    problem: ProtocolError | None = None
    try:
        if parameter.default_from:
            default = evaluate(parameter.default_from, values, protocol.look_up)
            default = _coerce_default(parameter, default, choices)
        elif parameter.default is not None:
            default = _parse_default(protocol, parameter.name)
        default = take_rows(owners, default, choices, protocol)
    except ProtocolError as error:
        problem = error
    if parameter.name not in arguments:
        if problem and parameter.default_from:
            refusal = ProtocolError(f"{problem.message}, so {parameter.label} has no default", f"give {parameter.option}", from_values=True)
            raise attribute_error(protocol, refusal, expression_names(parameter.default_from), arguments, parameter.line)
        if problem:
            raise problem
        return default, False
    text = arguments[parameter.name].strip()
    names = find_owner_rows(protocol, parameter) if owners and ":" in text else ()
    if owners and is_told_by_name(parameter, text, owners, names):
        result = _complete_list(parameter, parse_per_item(parameter, text, choices, owners, names), default, owners)
    else:
        if not owners and (":" in text or ";" in text):
            followed = dict.fromkeys(each.follows_list for each in protocol.parameters.values() if each.follows_list not in ("", parameter.name))
            lists = [(protocol.parameters[name], values[name] if name in values else read_ahead(protocol, name, arguments)) for name in followed]
            reject_values_for_each(parameter, text, lists)
        result = parameter.parse(as_choice(protocol, parameter, text, choices), choices)
    return result, result != default


def _complete_list(parameter: Parameter, told: tuple[Any, ...], default: Any, owners: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the values *told* by name, with the default of each item that was not named; raise ProtocolError if it has none."""
    usual = default if isinstance(default, tuple) and len(default) == len(owners) else (default or (None,))[:1] * len(owners)
    missing = [str(who) for who, one, other in zip(owners, told, usual, strict=True) if one is None and other is None]
    if missing and not parameter.optional:
        raise ProtocolError(f"it is told for some, and not for {', '.join(missing)}", "tell it for each")
    return tuple(other if one is None else one for one, other in zip(told, usual, strict=True))


def _resolve_per_item(protocol: Protocol, parameter: Parameter, text: str | None, owners: tuple[Any, ...]) -> tuple[tuple[Any, ...], bool]:
    """Return the value given for each of *owners*, or else that of the table; and whether any was given."""
    name, _, column = parameter.fallback_column.partition(".")
    names = find_owner_rows(protocol, parameter)
    rows: Mapping[str, Mapping[str, Any]] = {}
    if name:
        if name not in protocol.tables or column not in protocol.tables[name].columns:
            raise ProtocolError(f"no table has {parameter.fallback_column!r}", suggest(name, protocol.tables, "tables")).at(
                protocol.file, parameter.line
            )
        rows = merge_rows(protocol.tables[name].rows, names)
    folded_rows = {fold_name(row): cells for row, cells in rows.items()}
    defaults = tuple(folded_rows.get(fold_name(find_row(who, names) or str(who)), {}).get(column) for who in owners)
    own_values = parse_per_item(parameter, text.strip(), protocol.choices(parameter), owners, names) if text is not None else (None,) * len(owners)
    result = tuple(other if one is None else one for one, other in zip(own_values, defaults, strict=True))
    return result, result != defaults


@functools.lru_cache(maxsize=512)
def _parse_default(protocol: Protocol, name: str) -> Any:
    """Return a default that stands in protocol.yml as a value; it is the same in every run."""
    parameter = protocol.parameters[name]
    return parameter.parse(parameter.default or "", protocol.choices(parameter))


def _coerce_default(parameter: Parameter, default: Any, choices: tuple[str, ...]) -> Any:
    """Return a default that was worked out as a value of *parameter*: text is read, a single value makes a list of one."""
    if isinstance(default, str) and parameter.form.parses_worked_out_text:
        default = parameter.parse(default, choices)
    if isinstance(default, Quantity):
        default = Quantity(value=default.value, kind=default.kind, per=parameter.per, origin=parameter.name)
    return (default,) if parameter.is_list and not isinstance(default, tuple) else default


def _extend_lists(protocol: Protocol, values: dict[str, Any], arguments: Mapping[str, str], mistakes: Collector, same: SameValues) -> None:
    """Give each list that follows another as many values as that one has: one value holds for all."""
    for parameter in protocol.parameters.values():
        if not parameter.follows_list:
            continue
        leading_list = values[parameter.follows_list]
        own_values = (None,) if values[parameter.name] is None else values[parameter.name]
        if values[parameter.name] is not None and len(own_values) == len(leading_list):
            continue
        if len(own_values) == 1 or parameter.name not in arguments and len(set(own_values)) == 1:
            values[parameter.name] = same.find(f"{parameter.name} for each", (own_values[0],) * len(leading_list))
        else:
            with mistakes.at(parameter.option if parameter.name in arguments else protocol.file):
                text = arguments.get(parameter.name, "")
                raise ProtocolError(
                    f"{text!r} is {len(own_values)} values for {len(leading_list)} {parameter.follows_list}",
                    "give one for each, in the same order, or one for all",
                )
    for parameter in protocol.parameters.values():
        way_out = parameter.form.twin_way_out(parameter)
        if not way_out or not parameter.is_list or parameter.per_item:
            continue
        folded_names = [fold_own_name(word) for word in values[parameter.name] or ()]
        with mistakes.at(parameter.option):
            if len(set(folded_names)) < len(folded_names):
                raise ProtocolError(f"{arguments.get(parameter.name, '')!r} names the same twice", way_out)
