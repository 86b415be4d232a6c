"""A protocol that another one uses, done on the same bench: one ledger, one shelf, one row of steps.

Refuses what is never called, a step to begin at that is not there, and steps that need what is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import partial
from typing import Any

from ..._dataclass import replace
from ...errors import Collector, Mistakes, Nothing, ProtocolError, near
from ...expressions.grammar import names
from ...protocol.nested import Use
from ...units import decimal
from ..bench import Bench
from ..checks import Finding, roots
from ..inputs import Run, canonical, run
from ..lab_tables import in_lab
from ..setup import set_out
from . import merge as joining
from .call import Entry

_OPTION = re.compile(r"--(no-)?([a-z][a-z0-9-]*)")


def enter(bench: Bench, fill: Callable[[Run, Bench], None]) -> None:
    """Set out, on the same bench, all protocols that this one uses, and those that they use.

    *fill* renders the template of a run for what its verbs do on a bench; it is called where the host calls the protocol.
    """
    for use in bench.run.protocol.uses.values():
        try:
            this = _translated(run(in_lab(use.child, bench.lab), given(use, bench.run)), use, bench.run)
            plates, own = set_out(this, bench.lab)
        except ProtocolError as error:
            _tell(error, use, bench.run)
        own.entry = bench.entries[use.key] = Entry(
            use, own, bench, f"{bench.prefix}{use.key}.", partial(_perform, fill), partial(_hosts, use, bench.run), waiting=bool(use.start)
        )
        joining.join(own.entry, plates)
        enter(own, fill)


def given(use: Use, host: Run) -> dict[str, str]:
    """Return the child's parameters as text: what is handed on to it, and what the host's run sets of its options."""
    found = {name: canonical(host.values[use.lifted(name)]) for name in use.options if use.lifted(name) in host.given}
    mistakes = Collector()
    for name, expression in use.values.items():
        with mistakes.at(use.file, use.lines[f"values {name}"]):
            value = host.work(expression)
            if value is not None:
                found[name] = _typed(value)
    mistakes.close()
    return found


def _typed(value: Any) -> str:
    """Return a value as it would be typed; names one by one, so that they are called alike in both protocols."""
    if isinstance(value, tuple) and all(isinstance(item, str) for item in value):
        for item in value:
            if "," in item:
                raise ProtocolError(f"{str(item)!r} holds a comma", "commas stand between names: hand on names without")
        return ",".join(value)
    if isinstance(value, Fraction) and value.denominator != 1:
        return str(decimal(value, exact=True))
    return canonical(value)


def _hosts(use: Use, host: Run, asked: Iterable[str]) -> tuple[str, ...]:
    """Return the host's parameters that the child's parameters *asked* rest on."""
    found: dict[str, None] = {}
    for name in asked:
        if name in use.options:
            found[use.lifted(name)] = None
        elif name in use.values:
            found |= dict.fromkeys(roots(host.protocol, names(use.values[name]), host.given))
    return tuple(found)


def _translated(child: Run, use: Use, host: Run) -> Run:
    """Return the child's run with its findings in the host's words."""
    told = [replace(each, message=_said(each.message, use)) for each in child.findings if each.code != "unused"]
    for name in child.unused:
        if name in use.options and use.lifted(name) in host.given:
            option = host.protocol.parameters[use.lifted(name)].option
            told.append(Finding("unused", "W", f"{option} {canonical(child.values[name])} is given, and nothing here uses it"))
    return replace(child, findings=tuple(told))


def _said(text: str, use: Use) -> str:
    """Return words about the child's options as words about the host's."""

    def called(option: re.Match[str]) -> str:
        name = option[2].replace("-", "_")
        return f"--{option[1] or ''}{use.lifted(name).replace('_', '-')}" if name in use.options else option[0]

    return _OPTION.sub(called, text)


def _tell(error: ProtocolError, use: Use, host: Run) -> None:
    """Raise what went wrong in the child, with the host's parameters, and at the host's line where that handed on a value."""
    mistakes = Collector()
    for each in error.found if isinstance(error, Mistakes) else [error]:
        each.message, each.hint = _said(each.message, use), _said(each.hint, use)
        options = [option[2:].replace("-", "_") for option in each.file.split(", ")] if each.file.startswith("--") else []
        handed = [name for name in options if name in use.values]
        if handed:
            expression = use.values[handed[0]]
            each.file, each.line = use.file, use.lines[f"values {handed[0]}"]
            if each.answer:
                each.message = f"{use.child.id}: {each.message}"
            else:
                each.message = f"{expression!r} does not fit {handed[0]!r} of {use.child.id}: {each.message}"
                each.parameters, each.answer = tuple(handed), True
        elif options:
            each.file = _said(each.file, use)
        each.parameters = _hosts(use, host, each.parameters)
        mistakes.found.append(each)
    mistakes.close()


def _perform(fill: Callable[[Run, Bench], None], entry: Entry) -> None:
    """Do the child's steps, from its first one on; nothing where the host leaves out the place that calls it."""
    use, host, own = entry.use, entry.host, entry.bench
    if host.entry and host.entry.waiting:
        return
    entry.done = True
    entry.before = tuple(step.title for step in host.steps[-1:])
    mistakes = Collector()
    for mine, theirs in use.vessels.items():
        with mistakes.at(use.file, use.lines[f"vessels {mine}"]):
            joining.hand_over(entry, mine, theirs)
    mistakes.close()
    try:
        fill(own.run, own)
    except Nothing as error:
        raise _lacking(error, entry) from None
    except ProtocolError as error:
        _tell(error, use, host.run)
    if entry.waiting:
        raise ProtocolError(f"{use.child.id} has no step {use.start!r}", near(use.start, entry.left_out, "its steps"), use.file, use.lines["start"])
    refuse_uncalled(own)


def _lacking(error: Nothing, entry: Entry) -> ProtocolError:
    """Return the refusal of a step that needs what nothing has filled: a step that is left out, or the host."""
    use = entry.use
    vessel = error.place.partition("/")[0]
    mine = vessel.removeprefix(entry.prefix)
    if vessel in use.vessels.values() or mine in use.vessels:
        hint = f"fill {use.vessels.get(mine, vessel)!r} before {{{{ protocol({use.key!r}) }}}}".replace("'", '"')
    elif entry.left_out:
        hint = f"{use.child.id} begins at {use.start!r} here, and what fills {mine!r} is left out: begin earlier, or name whose it is under 'vessels'"
    else:
        hint = error.hint
    return ProtocolError(error.message, hint, error.file, error.line)


def refuse_uncalled(bench: Bench) -> None:
    """Refuse a protocol under ``uses`` that the template never calls."""
    mistakes = Collector()
    for key, entry in bench.entries.items():
        with mistakes.at(entry.use.file, entry.use.line):
            if not entry.called:
                raise ProtocolError(f"{key!r} stands under 'uses' and is never called", f'write {{{{ protocol("{key}") }}}} between two steps')
    mistakes.close()


def close(bench: Bench) -> None:
    """Take away what stood ready for steps that were left out."""
    refuse_uncalled(bench)
    if bench.entries:
        joining.clear_away(bench)
