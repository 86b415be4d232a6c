"""A protocol that another one uses, done on the same bench: one ledger, one shelf, one row of steps.

Raises ProtocolError for a nested protocol that is never called, a first step that does not exist, and a step that needs one left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import partial
from typing import Any

from ..._dataclass import replace
from ...errors import Collector, EmptyPlaceError, ProtocolError, suggest
from ...expressions.grammar import expression_names
from ...lab import Lab
from ...protocol.lab_tables import with_lab_tables
from ...protocol.nested import NestedDecl
from ...protocol.parameters.form import value_to_text
from ...protocol.parameters.lists import join_names
from ...units import to_decimal
from ..bench import Bench
from ..checks import CheckFinding, root_parameters
from ..inputs import RunInputs, resolve_inputs
from ..setup import set_up_bench
from .call import NestedCall
from .scope import Scope


def set_up_nested(bench: Bench, fill: Callable[[RunInputs, Bench], None]) -> None:
    """Set out, on the same bench, all protocols that this one uses, and those that they use.

    *fill* renders the template of a run for what its verbs do on a bench; it is called where the host calls the protocol.
    """
    for declaration in bench.inputs.protocol.nested_protocols.values():
        try:
            inputs = _translate_findings(resolve_child(declaration, bench.inputs, bench.lab), declaration, bench.inputs)
            own = set_up_bench(inputs, bench.lab, bench, _make_scope(declaration, bench))
        except ProtocolError as error:
            _raise_as_host(error, declaration, bench.inputs)
        bench.nested_calls[declaration.key] = NestedCall(declaration=declaration, bench=own, host=bench, perform=partial(_perform, fill))
        set_up_nested(own, fill)


def _make_scope(declaration: NestedDecl, host: Bench) -> Scope:
    """Return the names of a child before it is called: what vessels of its host are called is known then."""
    return Scope(
        prefix=f"{host.scope.prefix}{declaration.key}.",
        parent=host.scope,
        host_parameters=partial(_host_parameters, declaration, host.inputs),
        vessels=dict.fromkeys(declaration.vessels, ""),
        start=declaration.start,
        is_waiting=bool(declaration.start),
        unsaid=declaration.unsaid,
    )


def resolve_child(declaration: NestedDecl, host: RunInputs, lab: Lab) -> RunInputs:
    """Return the child's run as *host* asks for it."""
    return resolve_inputs(with_lab_tables(declaration.child, lab), child_arguments(declaration, host), declaration.start)


def child_arguments(declaration: NestedDecl, host: RunInputs) -> dict[str, str]:
    """Return the child's parameters as text: what is handed on to it, and what the host's run sets of its options."""
    arguments = {
        name: value_to_text(host.values[declaration.host_name(name)])
        for name in declaration.options
        if declaration.host_name(name) in host.changed_names
    }
    mistakes = Collector()
    for name, expression in declaration.values.items():
        with mistakes.at(declaration.file, declaration.lines[f"values {name}"]):
            value = host.evaluate(expression)
            if value is not None:
                arguments[name] = _argument_text(value)
    mistakes.raise_all()
    return arguments


def _argument_text(value: Any) -> str:
    """Return a value as it would be typed; names one by one, so that they are called alike in both protocols."""
    if isinstance(value, tuple) and all(isinstance(item, str) for item in value):
        return join_names(value)
    if isinstance(value, Fraction) and value.denominator != 1:
        return str(to_decimal(value, exact=True))
    return value_to_text(value)


def _host_parameters(declaration: NestedDecl, host: RunInputs, child_names: Iterable[str]) -> tuple[str, ...]:
    """Return the host's parameters that the child's parameters *child_names* rest on."""
    host_names: dict[str, None] = {}
    for name in child_names:
        if name in declaration.options:
            host_names[declaration.host_name(name)] = None
        elif name in declaration.values:
            host_names |= dict.fromkeys(root_parameters(host.protocol, expression_names(declaration.values[name]), host.changed_names))
    return tuple(host_names)


def _translate_findings(child: RunInputs, declaration: NestedDecl, host: RunInputs) -> RunInputs:
    """Return the child's run with its findings in the host's words."""
    findings = [replace(finding, message=declaration.translate_options(finding.message)) for finding in child.findings if finding.code != "unused"]
    for name in child.unused_names:
        if name in declaration.options and declaration.host_name(name) in host.changed_names:
            option = host.protocol.parameters[declaration.host_name(name)].option
            findings.append(
                CheckFinding(code="unused", level="W", message=f"{option} {value_to_text(child.values[name])} is given, and nothing here uses it")
            )
    return replace(child, findings=tuple(findings))


def _raise_as_host(error: ProtocolError, declaration: NestedDecl, host: RunInputs) -> None:
    """Raise what went wrong in the child, with the host's parameters, and at the host's line where that handed on a value."""
    mistakes = Collector()
    for mistake in error.parts:
        mistake.message, hint = declaration.translate_options(mistake.message), declaration.translate_options(mistake.hint)
        mistake.hint = declaration.translate_hint(mistake.hint, host.protocol.parameters) or hint
        options = [option[2:].replace("-", "_") for option in mistake.file.split(", ")] if mistake.file.startswith("--") else []
        value_names = [name for name in options if name in declaration.values]
        if value_names:
            expression = declaration.values[value_names[0]]
            mistake.file, mistake.line = declaration.file, declaration.lines[f"values {value_names[0]}"]
            if mistake.from_values:
                mistake.message = f"{declaration.child.id}: {mistake.message}"
            else:
                mistake.message = f"{expression!r} does not fit {value_names[0]!r} of {declaration.child.id}: {mistake.message}"
                mistake.parameters, mistake.from_values = tuple(value_names), True
        elif options:
            mistake.file, mistake.parameters = declaration.translate_options(mistake.file), (*options, *mistake.parameters)
        mistake.parameters = _host_parameters(declaration, host, mistake.parameters)
        mistakes.errors.append(mistake)
    mistakes.raise_all()


def _perform(fill: Callable[[RunInputs, Bench], None], nested_call: NestedCall) -> None:
    """Do the child's steps, from its first one on; nothing where the host leaves out the place that calls it."""
    declaration, host, own = nested_call.declaration, nested_call.host, nested_call.bench
    if host.scope.is_waiting:
        return
    nested_call.is_performed = True
    own.scope.preceding_titles = tuple(step.title for step in own.journal.steps[-1:])
    mistakes = Collector()
    from . import merge

    for own_vessel, host_vessel in declaration.vessels.items():
        with mistakes.at(declaration.file, declaration.lines[f"vessels {own_vessel}"]):
            merge.hand_over_vessel(nested_call, own_vessel, host_vessel)
    mistakes.raise_all()
    try:
        fill(own.inputs, own)
    except EmptyPlaceError as error:
        raise _unfilled_error(error, nested_call) from None
    except ProtocolError as error:
        _raise_as_host(error, declaration, host.inputs)
    if own.scope.is_waiting:
        raise ProtocolError(
            f"{declaration.child.id} has no step {declaration.start!r}",
            suggest(declaration.start, own.scope.left_out, "its steps"),
            declaration.file,
            declaration.lines["start"],
        )
    reject_uncalled(own)


def _unfilled_error(error: EmptyPlaceError, nested_call: NestedCall) -> ProtocolError:
    """Return the refusal of a step that needs what nothing has filled: a step that is left out, or the host."""
    declaration = nested_call.declaration
    vessel = error.position.partition("/")[0]
    own_vessel = nested_call.bench.scope.own_name(vessel)
    if vessel in declaration.vessels.values() or own_vessel in declaration.vessels:
        hint = f"fill {declaration.vessels.get(own_vessel, vessel)!r} before {{{{ protocol({declaration.key!r}) }}}}".replace("'", '"')
    elif nested_call.bench.scope.left_out:
        hint = f"{declaration.child.id} begins at {declaration.start!r} here, and what fills {own_vessel!r} is left out: "
        hint += "begin earlier, or name whose it is under 'vessels'"
    else:
        hint = error.hint
    return ProtocolError(error.message, hint, error.file, error.line)


def reject_uncalled(bench: Bench) -> None:
    """Refuse a protocol under ``uses`` that the template never calls."""
    mistakes = Collector()
    for key, nested_call in bench.nested_calls.items():
        with mistakes.at(nested_call.declaration.file, nested_call.declaration.line):
            if not nested_call.is_called:
                raise ProtocolError(f"{key!r} stands under 'uses' and is never called", f'write {{{{ protocol("{key}") }}}} between two steps')
    mistakes.raise_all()


def finish_nested(bench: Bench, fill: Callable[[RunInputs, Bench], None]) -> None:
    """Refuse what needs steps that were left out, and take away what stood ready for them; *fill* as in `set_up_nested`."""
    reject_uncalled(bench)
    if bench.nested_calls:
        from . import left_out, merge

        left_out.reject_unfilled(bench, fill)
        merge.drop_untouched_vessels(bench)
