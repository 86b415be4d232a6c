"""Places that a nested protocol pours into as its steps that are left out would have filled them; here they are empty.

Taking from an empty place is refused where it is done. Pouring into one and washing one are not amiss by themselves: only the nested
protocol done alone tells. It is done so where its text before its first step here names such a vessel. Raises ProtocolError.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from ...errors import Collector, ProtocolError
from ...protocol.lab_tables import with_lab_tables
from ...protocol.source import TEMPLATE_FILE
from ..bench import Bench
from ..inputs import RunInputs, resolve_inputs
from ..setup import set_up_bench
from .call import NestedCall
from .enter import child_arguments, set_up_nested
from .merge import list_calls

_POURED = ("add", "bring", "transfer")


def reject_unfilled(bench: Bench, fill: Callable[[RunInputs, Bench], None]) -> None:
    """Refuse a nested protocol that pours into what a step that is left out would have filled; *fill* is as in `set_up_nested`."""
    mistakes = Collector()
    for nested_call in list_calls(bench):
        own = nested_call.bench
        if not nested_call.is_performed or not own.scope.left_out:
            continue
        text = _read_left_out(nested_call)
        vessels = {name for name in own.layouts if any(f"{mark}{name}{end}" in text for mark in "\"'" for end in "/\"'")}
        poured = _find_first_pours(own, vessels) if vessels else {}
        filled = _fill_alone(nested_call, fill) if poured else {}
        declaration = nested_call.declaration
        for name in [name for name in poured if name in filled][:1]:
            with mistakes.at(declaration.file, declaration.lines["start"]):
                vessel = name.partition("/")[0]
                raise ProtocolError(
                    f"{declaration.child.id} needs {vessel!r} in {poured[name]!r} as it is after {filled[name]!r}, which is left out",
                    "begin earlier, or name whose it is under 'vessels'",
                )
    mistakes.raise_all()


def _find_first_pours(own: Bench, vessels: Collection[str]) -> dict[str, str]:
    """Return each place of *vessels*, by its name in the nested protocol, and the title of the step that gives it something first."""
    found: dict[str, str] = {}
    own_titles = {whole: title for title, whole in own.scope.step_titles.items()}
    for step in own.journal.steps:
        for name in (name for operation in step.operations for name in operation.to if name.startswith(own.scope.prefix)):
            if (place := own.scope.own_name(name)).partition("/")[0] in vessels:
                found.setdefault(place, own_titles.get(step.title, step.title))
    return found


def _read_left_out(nested_call: NestedCall) -> str:
    """Return the text of the nested protocol before the first step that is done here, with the files that it names."""
    files = nested_call.declaration.child.source.files
    texts = [re.split(rf"\bstep\s+[\"']{re.escape(nested_call.declaration.start)}[\"']", files[TEMPLATE_FILE])[0]]
    for text in texts:
        texts += [files[name] for name in files if name.endswith(".j2") and name in text and files[name] not in texts]
    return "\n".join(texts)


def _fill_alone(nested_call: NestedCall, fill: Callable[[RunInputs, Bench], None]) -> dict[str, str]:
    """Return what the steps that are left out would fill, if the nested protocol were done alone, and in which of them."""
    declaration, host = nested_call.declaration, nested_call.host
    try:
        inputs = resolve_inputs(with_lab_tables(declaration.child, host.lab), child_arguments(declaration, host.inputs))
        alone = set_up_bench(inputs, host.lab)
        set_up_nested(alone, fill)
        fill(inputs, alone)
    except ProtocolError:
        return {}  # it cannot be done by itself with these values, and need not be
    filled: dict[str, str] = {}
    with_cells: set[str] = set()
    steps = alone.journal.steps
    for step in steps[: next((place for place, step in enumerate(steps) if step.title == declaration.start), 0)]:
        for operation in step.operations:
            living = operation.reagent and not alone.journal.retained_components.isdisjoint(alone.reagents[operation.reagent].contains)
            with_cells |= set(operation.to) if living and operation.op in _POURED else set()
            for name in operation.to:
                if operation.op in _POURED:
                    filled[name] = step.title
                elif operation.op in ("remove", "dry") and name not in with_cells:
                    filled.pop(name, None)
    return filled
