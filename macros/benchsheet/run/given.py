"""What a run makes is given: a mix, a series and a dilution reach the places that they are for; a declared place that gets nothing is told.

Raises ProtocolError, all mistakes at once, at the end of a run.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from ..errors import Collector, ProtocolError
from ..yamltree import YamlMap
from .bench import Bench
from .events import Promise, RunWarning
from .verb_result import describe_groups

EMPTY_PLACE = "empty-place"  # the code of a warning
FILL_IT = "fill it in a step, or leave it out (for unused wells write 'at: rest')"


def reject_ungiven(bench: Bench) -> None:
    """Refuse what was made for places and never given to them."""
    given: dict[str, set[str]] = {}
    for step in bench.journal.steps:
        for operation in step.operations:
            if operation.source:
                given.setdefault(operation.source, set()).update(operation.to)
    missing: dict[tuple[tuple[str, int], str, str], list[tuple[Promise, list[str]]]] = {}
    for promise in bench.journal.promises:
        lacking = [name for name in promise.group_ids if name not in given.get(promise.tube, ())]
        if lacking:
            missing.setdefault((promise.location, promise.verb, promise.tube.partition("/")[0]), []).append((promise, lacking))
    mistakes = Collector()
    for (location, verb, vessel), found in missing.items():
        with mistakes.at(*location):
            groups = [bench.ledger.groups_by_id[name] for _, lacking in found for name in lacking]
            targets = list(dict.fromkeys(group.id.partition("/")[0] for group in groups))
            tubes = found[0][0].tube if len(found) == 1 else f"{vessel}/{bench.ledger.groups_by_id[found[0][0].tube].family}"
            to = " and ".join(targets)
            where = [f'"{name}"' for name in dict.fromkeys(f"{group.id.partition('/')[0]}/{group.family or group.name}" for group in groups)]
            place = where[0] if len(where) == 1 else f"[{', '.join(where)}]"
            raise ProtocolError(
                f"{tubes!r}, which {verb}(...) makes for {describe_groups(groups)} of {to}, is never given there",
                f'write {{{{ transfer(".../{groups[0].position}", from_="{tubes}", to={place}) }}}}',
            )
    mistakes.raise_all()


def warn_empty_places(bench: Bench) -> None:
    """Warn of each declared place that no step touches; the rest of a plate may stay empty, and what left-out steps would fill."""
    operations = list(chain.from_iterable([step.operations for step in bench.journal.steps]))
    touched = {*chain.from_iterable([operation.to for operation in operations]), *[operation.source for operation in operations]}
    if not touched:
        return
    for part in bench.parts():
        if part.scope.left_out:
            continue
        tree = part.inputs.protocol.vessels
        for name in tree:
            vessel = part.ledger.vessels.get(part.scope.vessels.get(name, ""))
            empty = [group for group in vessel.groups.values() if group.size and group.id not in touched] if vessel else []
            unused_names = set(_rest_groups(tree.mapping(name))) if empty else ()
            ids = [group.id for group in empty if group.name not in unused_names and group.family not in unused_names]
            if ids:
                message = f"{', '.join(ids[:3])}{' ...' if ids[3:] else ''}: declared, and no step gives it anything; {FILL_IT}"
                bench.journal.warnings.append(RunWarning(code=EMPTY_PLACE, level="W", message=message, step=0))


def _rest_groups(entry: YamlMap) -> Iterator[str]:
    """Return the groups of a vessel, in all its layouts, that take the rest of its wells."""
    layouts = entry.get("layouts", ())
    for layout in (entry, *(each for each in layouts if isinstance(each, YamlMap))):
        groups = layout.mapping("groups")
        for name in groups:
            own = groups[name]
            if own == "rest" or isinstance(own, YamlMap) and own.get("at") == "rest":
                yield name
