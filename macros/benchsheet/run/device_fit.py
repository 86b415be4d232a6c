"""Whether the tubes of a step fit the places of its device: a rotor for tubes of 2 mL does not spin one of 15 mL.

A device says with ``takes`` what a tube in it holds at most. Which places go into it, a step says with ``inside``; by default all
tubes that its operations name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import ProtocolError, suggest
from ..units import format_amount
from .bench import Bench
from .events import Step
from .ledger import WellGroup


def read_inside(bench: Bench, device: str, value: object) -> dict[str, Any]:
    """Return the places that go into each device of a step, None for all of its tubes; raise ProtocolError for what is not a device."""
    if value is None:
        return {device: None} if device and bench.equipment[device].takes else {}
    inside = dict(value) if isinstance(value, Mapping) else {device: value}
    for name in inside:
        if not name:
            raise ProtocolError("'inside' is for a step with a device", 'give equipment="...", or inside={"rotor": "lysate/sample"}')
        if name not in bench.equipment:
            raise ProtocolError(f"inside: no equipment {name!r} in protocol.yml", suggest(str(name), bench.equipment, "equipment"))
        if inside[name] and not bench.equipment[name].takes:
            raise ProtocolError(f"inside: equipment {name!r} does not say what a tube in it holds", "add it in protocol.yml, like 'takes: 2 mL'")
    return inside


def reject_misfits(bench: Bench, step: Step) -> None:
    """Raise ProtocolError if what goes into a device in *step* is larger than its places, or is not a tube."""
    for device, places in step.inside.items():
        if places is None:
            names = dict.fromkeys(name for operation in step.operations for name in (*operation.to, operation.source) if name)
            groups = [group for name in names if (group := bench.ledger.groups_by_id[name]).position == "tube"]
        else:
            groups = bench.find_groups(places) if places else []
        for group in groups:
            if group.position != "tube":
                raise ProtocolError(f"{group.id} is a {group.labware}, which does not go into {device!r}", "name tubes under 'inside'")
        misfits = [group for group in groups if group.capacity > bench.equipment[device].takes]
        if misfits:
            raise _misfit_error(bench, step, device, max(misfits, key=lambda group: _most_held(group, step)))


def _misfit_error(bench: Bench, step: Step, device: str, group: WellGroup) -> ProtocolError:
    """Return the refusal of a tube, with how many that fit would hold what it has."""
    takes, held = bench.equipment[device].takes, _most_held(group, step)
    limit, needed = format_amount(takes, "volume"), -(-held * 10 // (takes * 9))  # room to mix, as the lab's tubes are chosen
    name = bench.inputs.interpolate(bench.inputs.protocol.equipment[device].name)
    kind = group.labware if "tube" in group.labware else f"{group.labware} (a tube)"
    text = f"{group.id} is a {kind} of {format_amount(group.capacity, 'volume')}" if "mL" not in group.labware else f"{group.id} is a {kind}"
    split = f"split its {format_amount(held, 'volume')} over {needed} tubes of at most {limit}" if needed > 1 else f"take a tube of at most {limit}"
    return ProtocolError(
        f"{text}, and {name} takes tubes of at most {limit}",
        f"{split}; or name a device for larger tubes: 'takes' of the equipment, in the lab profile or the protocol. "
        "If this tube does not go in, say with 'inside' which do",
        step.file,
        step.line,
        from_values=True,
    )


def _most_held(group: WellGroup, step: Step) -> int:
    """Return the most (nL) that a place of *group* holds during *step*, counted back from what it holds now."""
    volume = most = int(group.volume)
    for operation in reversed(step.operations):
        if operation.source == group.id:
            volume += operation.total // group.size
        if group.id in operation.to:
            if operation.op == "wash":
                most = max(most, volume + operation.volume_each)
            elif operation.op in ("remove", "dry"):
                volume += operation.volume_each
            else:
                volume -= operation.volume_each * operation.times
        most = max(most, volume)
    return most
