"""In which order units of different names go through a run: by a rule that the sheet tells, so that no name goes with the time of day.

Plates of several compounds are numbered compound by compound. Done in that order, the first compound would have the morning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..patterns import compile_when_used
from ..units import format_count
from .bench import Bench
from .events import Step
from .ledger import Vessel

# Not "in order to", the lot of a reagent, or random primers.
_SPEAKS_OF_ORDER = compile_when_used(
    r"(?<!\bin )\border\b(?! (?:a|more|new)\b)|\border (?:of|drawn)\b|\b(?:draw\w*|by) lots?\b|\bof the lots\b|\brandomi[sz]\w+", re.IGNORECASE
)
_MOST_NUMBERS = 24


def tell_order(bench: Bench, step: Step) -> None:
    """Add the order of its units to the words of *step*, if it is the first that takes units of several names one by one and times them.

    A step whose own words speak of the order is left as it is.
    """
    if not step.unit or step.unit_count < 2 or step.batches or step.wait is None or step.wait.most is None:
        return
    unit = (bench.scope.prefix, step.unit)
    if unit in bench.journal.told_orders:
        return
    names = dict.fromkeys(name.partition("/")[0] for operation in step.operations for name in operation.to)
    for vessel in (bench.ledger.vessels[name] for name in names):
        words = _describe_order(vessel, step)
        if words:
            bench.journal.told_orders.add(unit)
            if not _SPEAKS_OF_ORDER.search(step.markdown):
                step.markdown = f"{step.markdown}\n\n{words}".strip()
            return


def _describe_order(vessel: Vessel, step: Step) -> str:
    """Return the order in which the units in *vessel* are done; nothing if they are not the units of *step*, or all alike."""
    unit = step.unit
    owners = dict.fromkeys(group.owner for group in vessel.groups.values() if group.owner)
    if len(owners) > 1 and vessel.count == step.unit_count:
        each = vessel.count // len(owners)
        if each > 1:
            numbers = [str(number) for number in take_in_turn(len(owners), each)]
            more = f" and so on, to all {len(numbers)}" if len(numbers) > _MOST_NUMBERS else ""
            return (
                f"Order, here and in every step {unit} by {unit}: {unit}s {', '.join(numbers[:_MOST_NUMBERS])}{more}. One {unit} of each compound "
                "in turn, then one of each backwards: so no compound goes with the time of day."
            )
        return _draw_lots(unit, "compound")
    groups = list(vessel.groups.values())
    if len(groups) > 1 and all(group.named for group in groups) and sum(group.size for group in groups) == step.unit_count:
        return _draw_lots(unit, groups[0].family)
    return ""


def _draw_lots(unit: str, item: str) -> str:
    whose = f"no {item}" if item != unit else "none"
    return f"Draw lots for the order of the {format_count(2, unit)[2:]}, and keep to it in every step: so {whose} goes with the time of day."


def take_in_turn(owners: int, each: int) -> Sequence[int]:
    """Return the numbers, from 1, of units that are numbered owner by owner, *each* an owner: the first of each, the second of each backwards.

    Over two rounds, and so over every even number of them, the mean place of all owners is the same.
    """
    rounds = [[owner * each + turn + 1 for owner in range(owners)] for turn in range(each)]
    return [number for turn, found in enumerate(rounds) for number in (found if turn % 2 == 0 else found[::-1])]
