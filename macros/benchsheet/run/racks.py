"""Places in a row, one for each name: wells, lanes and tubes filled in order; refuses a row that its fixed places fill alone.

Three forms: ``tubes: samples`` (a rack), ``holds: 1 L`` with ``count`` (so many alike), ``each: samples`` on a labware, where
``every`` names what stands first on each gel or plate: ladder, controls, bridge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from .._dataclass import dataclass, field
from ..errors import ProtocolError, suggest
from ..expressions.grammar import expression_names
from ..lab import Lab, Labware
from ..lab.gel_tanks import plan_runs
from ..units import as_quantity
from ..yamltree import YamlMap

Evaluate = Callable[[str, Mapping[str, Any]], Any]


@dataclass(frozen=True)
class GroupLayout:
    """One group of like wells: *size* wells in the whole run, at *wells* on each plate of each layout that has it.

    *family* and *number* split ``dose 3``; *owner* is the compound, where several share the run. *fill_volume* is what a place is
    filled with (nL), where the lab says so: a tank.
    """

    name: str
    size: int
    role: str
    family: str
    number: int = 0
    owner: str = ""
    fill_volume: int = 0


@dataclass(frozen=True)
class PlateLayout:
    """The plates (*names*) that are laid out alike: *wells* maps well to the name of its group."""

    id: str
    names: tuple[str, ...]
    wells: Mapping[str, str]
    compound: str = ""


@dataclass(frozen=True)
class VesselLayout:
    """A kind of plate, *count* of them in the run, as groups in order and sets of groups; *unused_group* is the group of unused wells."""

    id: str
    labware: Labware
    count: int
    groups: Mapping[str, GroupLayout]
    layouts: tuple[PlateLayout, ...]
    sets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unused_group: str = ""


def check_count(expression: str, value: Any, what: str, least: int = 1) -> int:
    """Return how many there are; raise ProtocolError for what is no whole number from *least* up."""
    from ..units import describe_value

    if not isinstance(value, int | Fraction) or isinstance(value, bool):
        raise ProtocolError(f"{expression!r} is {describe_value(value)}, not a whole number of {what}s", "name a count")
    if value != int(value):
        raise ProtocolError(f"{expression!r} comes to {float(value):g}, which is not a whole number", "use ceil(...) or floor(...)")
    if value < least:
        raise ProtocolError(f"{expression!r} comes to no {what} at all", "let it be 1 at least")
    return int(value)


def lay_out_containers(key: str, entry: YamlMap, values: Mapping[str, Any], evaluate: Evaluate) -> VesselLayout:
    """Return *count* like containers, each of which ``holds`` so much: tanks, trays, membranes in their boxes; shared out to ``each`` name."""
    entry.check_keys(("holds", "place", "count", "each", "times", "role", "name", "when", "note"), "a container")
    position = entry.text("place", key)
    family = entry.text("role", position)
    count = check_count(entry.text("count", "1"), evaluate(entry.text("count", "1"), values), position)
    capacity = _capacity(entry, values)
    labware = Labware(key, entry.text("name", key), 1, 1, (0, 0), capacity, capacity, position)
    if "each" not in entry:
        return VesselLayout(key, labware, count, {position: GroupLayout(position, count, position, position)}, ())
    names = _list_names(entry, "each", values, evaluate)
    if count % len(names):
        raise ProtocolError(f"{count} {position}s are not as many for each of {len(names)}", "let the count be a multiple")
    groups = {
        f"{family} {number}": GroupLayout(f"{family} {number}", count // len(names), who, family, number) for number, who in enumerate(names, 1)
    }
    return VesselLayout(key, labware, count, groups, ())


def lay_out_rack(key: str, entry: YamlMap, values: Mapping[str, Any], evaluate: Evaluate, lab: Lab) -> VesselLayout:
    """Return a rack of tubes, one for each name of the list ``tubes``, ``times`` over."""
    entry.check_keys(("tubes", "times", "role", "holds", "note", "when"), "a rack")
    names = _list_names(entry, "tubes", values, evaluate)
    family = entry.text("role", "sample")
    name, capacity = lab.find_container(_capacity(entry, values))
    labware = Labware(key, name, 1, 1, (0, 0), capacity, capacity, "tube")
    groups = {f"{family} {number}": GroupLayout(f"{family} {number}", 1, who, family, number) for number, who in enumerate(names, 1)}
    return VesselLayout(key, labware, 1, groups, ())


def lay_out_tanks(key: str, entry: YamlMap, values: Mapping[str, Any], evaluate: Evaluate, lab: Lab) -> VesselLayout:
    """Return the lab's tanks for so many gels of a kind, ``tanks: gels`` and ``gel: gel``; those filled alike are one group.

    With ``use: transfer`` the tanks that gels are transferred in. Where they do not fit at once, a tank is filled again.
    """
    entry.check_keys(("tanks", "gel", "use", "note", "when"), "tanks")
    count = check_count(entry.text("tanks"), evaluate(entry.text("tanks"), values), "gel")
    kind = str(values.get(entry.text("gel"), entry.text("gel")))
    if kind not in lab.gels:
        raise ProtocolError(f"no gel {kind!r} in this lab", suggest(kind, lab.gels, "its gels"))
    lab_tanks, what = (lab.transfer_tanks, "transfer tank") if entry.text("use") == "transfer" else (lab.tanks, "tank")
    alike: dict[tuple[str, int], int] = {}
    for run in plan_runs(lab_tanks, lab.gels[kind].format, count, what):
        for tank_fill in run:
            alike[tank_fill.tank.name, tank_fill.buffer] = alike.get((tank_fill.tank.name, tank_fill.buffer), 0) + 1
    largest_fill = max(buffer for _, buffer in alike)
    labware = Labware(key, what, 1, 1, (0, 0), largest_fill, largest_fill, "tank")
    groups = {
        f"tank {number}": GroupLayout(f"tank {number}", size, name, "tank", number, fill_volume=buffer)
        for number, ((name, buffer), size) in enumerate(alike.items(), 1)
    }
    return VesselLayout(key, labware, sum(alike.values()), groups, ())


def lay_out_row(key: str, entry: YamlMap, values: Mapping[str, Any], evaluate: Evaluate, labware: Labware) -> VesselLayout:
    """Return plates, dishes or gels with one place for each name, evenly over as few as hold them; ``copies`` of each.

    ``together`` is how many names in a row stay on one plate or gel, since only they are compared.
    """
    entry.check_keys(
        ("labware", "each", "times", "role", "every", "together", "copies", "rest", "count", "name", "sets", "note", "when"), "a row of places"
    )
    names = _list_names(entry, "each", values, evaluate)
    family, base, unused_group = entry.text("role", "sample"), entry.text("name", "plate"), entry.text("rest")
    copies = check_count(entry.text("copies", "1"), evaluate(entry.text("copies", "1"), values), "copy")
    fixed_positions: list[tuple[str, int]] = []
    for role in entry.mapping("every"):
        text = entry.mapping("every").text(role)
        many = check_count(text, evaluate(text, values), role, least=0)
        fixed_positions += [(role, number if many > 1 else 0) for number in range(1, many + 1)]
    wells = labware.all_wells()
    room = len(wells) - len(fixed_positions)
    if room < 1:
        error = ProtocolError(
            f"{len(fixed_positions)} places of each {base} are taken by "
            f"{', '.join(dict.fromkeys(role for role, _ in fixed_positions))}, and it has {len(wells)}",
            f"leave one out, or take a {base} with more places",
            from_values=True,
        )
        error.parameters = tuple(name for role in entry.mapping("every") for name in expression_names(entry.mapping("every").text(role)))
        raise error
    block = check_count(entry.text("together", "1"), evaluate(entry.text("together", "1"), values), "place")
    if block > room:
        raise ProtocolError(
            f"{block} places that stay together do not fit into the {room} that a {base} has for them",
            f"take a {base} with more places",
            from_values=True,
        )
    shares = _split_over_plates(len(names), room, block)
    plates = len(shares)
    if "count" in entry and check_count(entry.text("count"), evaluate(entry.text("count"), values), base) != plates * copies:
        raise ProtocolError(f"{entry.text('count')!r} is not the {plates * copies} that {len(names)} names need", "let both follow from one rule")
    groups: dict[str, GroupLayout] = {}
    for role, number in fixed_positions:
        name = f"{role} {number}" if number else role
        groups[name] = GroupLayout(name, plates * copies, role, role, number)
    layouts, offset = [], 0
    for plate_index, share in enumerate(shares):
        group_names = [f"{role} {number}" if number else role for role, number in fixed_positions]
        group_names += [f"{family} {number}" for number in range(offset + 1, offset + share + 1)]
        offset += share
        groups_by_well = dict(zip(wells, group_names, strict=False))
        if unused_group and len(group_names) < len(wells):
            groups_by_well |= dict.fromkeys(wells[len(group_names) :], unused_group)
            empty = (groups[unused_group].size if unused_group in groups else 0) + (len(wells) - len(group_names)) * copies
            groups[unused_group] = GroupLayout(unused_group, empty, unused_group, unused_group)
        plate_names = tuple(f"{base} {plate_index + 1 + plates * copy}" if plates * copies > 1 else base for copy in range(copies))
        layouts.append(PlateLayout(plate_names[0], plate_names, groups_by_well))
    for number, who in enumerate(names, 1):
        groups[f"{family} {number}"] = GroupLayout(f"{family} {number}", copies, who, family, number)
    sets = {name: tuple(entry.mapping("sets").word_list(name)) for name in entry.mapping("sets")}
    return VesselLayout(key, labware, plates * copies, groups, tuple(layouts), sets, unused_group if unused_group in groups else "")


def _capacity(entry: YamlMap, values: Mapping[str, Any]) -> int:
    """Return what one of it ``holds`` (nL): a volume, or the name of one."""
    text = entry.text("holds", "1 mL")
    return int(as_quantity(values.get(text, text), "volume").value)


def _split_over_plates(names: int, room: int, block: int) -> list[int]:
    """Return how many names each plate takes: as few plates as hold them, evenly, blocks of *block* unbroken, what is over on the last."""
    blocks, remainder = divmod(names, block)
    if not blocks:
        return [remainder]
    plates = -(-blocks // (room // block))
    if blocks // plates * block + remainder > room:
        plates += 1
    shares = [(blocks // plates + (index < blocks % plates)) * block for index in range(plates)]
    shares[-1] += remainder
    return [share for share in shares if share]


def _list_names(entry: YamlMap, key: str, values: Mapping[str, Any], evaluate: Evaluate) -> list[str]:
    """Return the names of the list under *key*, ``times`` over: ``treated, 2`` is the second replicate."""
    list_name = entry.text(key)
    if not isinstance(values.get(list_name), tuple):
        raise ProtocolError(
            f"'{key}: {list_name}' is no list", suggest(list_name, [name for name, value in values.items() if isinstance(value, tuple)], "lists")
        )
    times = check_count(entry.text("times", "1"), evaluate(entry.text("times", "1"), values), "replicate")
    return [str(name) if times == 1 else f"{name}, {number}" for name in values[list_name] for number in range(1, times + 1)]
