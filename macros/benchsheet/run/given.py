"""What a run makes is given: a mix, a series and a dilution reach the places that they are for.

Raises ProtocolError, all mistakes at once, at the end of a run.
"""

from __future__ import annotations

from ..errors import Collector, ProtocolError
from .bench import Bench, Promise
from .verb_result import describe_groups


def reject_ungiven(bench: Bench) -> None:
    """Refuse what was made for places and never given to them."""
    given: dict[str, set[str]] = {}
    for step in bench.steps:
        for operation in step.operations:
            if operation.source:
                given.setdefault(operation.source, set()).update(operation.to)
    missing: dict[tuple[tuple[str, int], str, str], list[tuple[Promise, list[str]]]] = {}
    for promise in bench.promises:
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
