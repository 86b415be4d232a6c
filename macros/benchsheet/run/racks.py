"""Places in a row, one for each name: wells, lanes and tubes filled in order.

Three forms: ``tubes: samples`` (a rack), ``holds: 1 L`` with ``count`` (so many alike), ``each: samples`` on a labware, where
``every`` names what stands first on each gel or plate: ladder, controls, bridge.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from .._dataclass import dataclass, field
from ..errors import ProtocolError, suggest
from ..expressions.grammar import expression_names
from ..lab import Lab, Labware
from ..lab.gel_tanks import plan_runs
from ..units import as_quantity, describe_value
from ..units.base_units import NanoLitres
from ..yamltree import YamlMap
from .inputs import RunInputs
from .place_names import reject_vessel_words


@dataclass(frozen=True, kw_only=True)
class GroupLayout:
    """One group of like wells: *size* wells in the whole run.

    *family* and *number* split ``dose 3``; *owner* is the compound, where several share the run. *fill_volume* is what a place is
    filled with (nL), where the lab says so: a tank. *named* says that *role* is a name of a list, which this place alone has.
    """

    name: str
    size: int
    role: str
    family: str
    number: int = 0
    owner: str = ""
    fill_volume: NanoLitres = NanoLitres(0)
    named: bool = False


@dataclass(frozen=True, kw_only=True)
class PlateLayout:
    """The plates (*names*) that are laid out alike: *wells* maps well to the name of its group."""

    id: str
    names: tuple[str, ...]
    wells: Mapping[str, str]
    compound: str = ""


@dataclass(frozen=True, kw_only=True)
class VesselLayout:
    """A kind of plate, *count* of them in the run, as groups in order and sets of groups; *unused_group* is the group of unused wells."""

    id: str
    labware: Labware
    count: int
    groups: Mapping[str, GroupLayout]
    layouts: tuple[PlateLayout, ...] = ()
    sets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unused_group: str = ""


def read_count(entry: YamlMap, key: str, inputs: RunInputs, what: str, least: int = 1) -> int:
    """Return how many of *what* the expression under *key* comes to, 1 without one; raise ProtocolError for no whole number from *least* up."""
    expression = entry.text(key, "1")
    value = inputs.evaluate(expression)
    if not isinstance(value, int | Fraction) or isinstance(value, bool):
        raise ProtocolError(f"{expression!r} is {describe_value(value)}, not a whole number of {what}s", "name a count")
    if value != int(value):
        raise ProtocolError(f"{expression!r} comes to {float(value):g}, which is not a whole number", "use ceil(...) or floor(...)")
    if value < least:
        raise ProtocolError(f"{expression!r} comes to no {what} at all", "let it be 1 at least")
    return int(value)


def lay_out_containers(key: str, entry: YamlMap, inputs: RunInputs) -> VesselLayout:
    """Return the containers of *entry*, ``count`` alike, each of which ``holds`` so much: tanks, trays, boxes; shared out to ``each`` name."""
    position = entry.text("place", key)
    family = entry.text("role", position)
    count = read_count(entry, "count", inputs, position)
    capacity = _capacity(entry, inputs)
    labware = Labware(id=key, name=entry.text("name", key), capacity=capacity, fixing_limit=capacity, position=position)
    if "each" not in entry:
        group = GroupLayout(name=position, size=count, role=position, family=position)
        return VesselLayout(id=key, labware=labware, count=count, groups={position: group})
    names = _list_names(entry, "each", inputs)
    reject_vessel_words(key, entry.text("each"), (), inputs, family=family)
    if count % len(names):
        raise ProtocolError(f"{count} {position}s are not as many for each of {len(names)}", "let the count be a multiple")
    return VesselLayout(id=key, labware=labware, count=count, groups=_number_groups(family, names, count // len(names)))


def lay_out_rack(key: str, entry: YamlMap, inputs: RunInputs, lab: Lab) -> VesselLayout:
    """Return a rack of tubes, one for each name of the list ``tubes``, ``times`` over."""
    names = _list_names(entry, "tubes", inputs)
    family = entry.text("role", "sample")
    reject_vessel_words(key, entry.text("tubes"), (), inputs, family=family)
    name, capacity = lab.find_container(_capacity(entry, inputs))
    labware = Labware(id=key, name=name, capacity=capacity, fixing_limit=capacity, position="tube")
    return VesselLayout(id=key, labware=labware, count=1, groups=_number_groups(family, names, 1))


def lay_out_tanks(key: str, entry: YamlMap, inputs: RunInputs, lab: Lab) -> VesselLayout:
    """Return the lab's tanks for so many gels of a kind, ``tanks: gels`` and ``gel: gel``; those filled alike are one group.

    With ``use: transfer`` the tanks that gels are transferred in. Where they do not fit at once, a tank is filled again; ``at_once`` is
    the most in a run where something else takes fewer than the tanks.
    """
    count = read_count(entry, "tanks", inputs, "gel")
    kind = str(inputs.values.get(entry.text("gel"), entry.text("gel")))
    if kind not in lab.gels:
        raise ProtocolError(f"no gel {kind!r} in this lab", suggest(kind, lab.gels, "its gels"))
    lab_tanks, what = (lab.transfer_tanks, "transfer tank") if entry.text("use") == "transfer" else (lab.tanks, "tank")
    alike: dict[tuple[str, NanoLitres], int] = {}
    most = read_count(entry, "at_once", inputs, "gel") if "at_once" in entry else 0
    for run in plan_runs(lab_tanks, lab.gels[kind].format, count, what, most):
        for tank_fill in run:
            alike[tank_fill.tank.name, tank_fill.buffer] = alike.get((tank_fill.tank.name, tank_fill.buffer), 0) + 1
    largest_fill = max(buffer for _, buffer in alike)
    labware = Labware(id=key, name=what, capacity=largest_fill, fixing_limit=largest_fill, position="tank")
    groups = {
        f"tank {number}": GroupLayout(name=f"tank {number}", size=size, role=name, family="tank", number=number, fill_volume=buffer)
        for number, ((name, buffer), size) in enumerate(alike.items(), 1)
    }
    return VesselLayout(id=key, labware=labware, count=sum(alike.values()), groups=groups)


def lay_out_row(key: str, entry: YamlMap, inputs: RunInputs, labware: Labware) -> VesselLayout:
    """Return plates, dishes or gels with one place for each name, evenly over as few as hold them; ``copies`` of each.

    ``together`` is how many names in a row stay on one plate or gel, since only they are compared.
    """
    names = _list_names(entry, "each", inputs)
    family, base, unused_group = entry.text("role", "sample"), entry.text("name", labware.noun), entry.text("rest")
    sets = {name: tuple(entry.mapping("sets").word_list(name)) for name in entry.mapping("sets")}
    reject_vessel_words(key, entry.text("each"), (*entry.mapping("every"), unused_group, *sets), inputs, family=family)
    copies = read_count(entry, "copies", inputs, "copy")
    fixed_positions: list[tuple[str, int]] = []
    for role in entry.mapping("every"):
        many = read_count(entry.mapping("every"), role, inputs, role, least=0)
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
    block = read_count(entry, "together", inputs, "place")
    if block > room:
        raise ProtocolError(
            f"{block} places that stay together do not fit into the {room} that a {base} has for them",
            f"take a {base} with more places",
            from_values=True,
        )
    shares = _split_over_plates(len(names), room, block)
    plates = len(shares)
    if "count" in entry and read_count(entry, "count", inputs, base) != plates * copies:
        raise ProtocolError(f"{entry.text('count')!r} is not the {plates * copies} that {len(names)} names need", "let both follow from one rule")
    fixed_groups = [
        GroupLayout(name=f"{role} {number}" if number else role, size=plates * copies, role=role, family=role, number=number)
        for role, number in fixed_positions
    ]
    groups = {group.name: group for group in fixed_groups}
    layouts, offset = [], 0
    for plate_index, share in enumerate(shares):
        group_names = [group.name for group in fixed_groups] + [f"{family} {number}" for number in range(offset + 1, offset + share + 1)]
        offset += share
        groups_by_well = dict(zip(wells, group_names, strict=False))
        if unused_group and len(group_names) < len(wells):
            groups_by_well |= dict.fromkeys(wells[len(group_names) :], unused_group)
            empty = (groups[unused_group].size if unused_group in groups else 0) + (len(wells) - len(group_names)) * copies
            groups[unused_group] = GroupLayout(name=unused_group, size=empty, role=unused_group, family=unused_group)
        plate_names = tuple(f"{base} {plate_index + 1 + plates * copy}" if plates * copies > 1 else base for copy in range(copies))
        layouts.append(PlateLayout(id=plate_names[0], names=plate_names, wells=groups_by_well))
    groups |= _number_groups(family, names, copies)
    return VesselLayout(
        id=key,
        labware=labware,
        count=plates * copies,
        groups=groups,
        layouts=tuple(layouts),
        sets=sets,
        unused_group=unused_group if unused_group in groups else "",
    )


def _number_groups(family: str, names: list[str], size: int) -> dict[str, GroupLayout]:
    """Return one group of *size* places for each of *names*: ``sample 1`` and so on."""
    return {
        f"{family} {number}": GroupLayout(name=f"{family} {number}", size=size, role=who, family=family, number=number, named=True)
        for number, who in enumerate(names, 1)
    }


def _capacity(entry: YamlMap, inputs: RunInputs) -> NanoLitres:
    """Return what one of it ``holds`` (nL): a volume, or the name of one."""
    text = entry.text("holds", "1 mL")
    return NanoLitres(int(as_quantity(inputs.values.get(text, text), "volume").value))


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


def _list_names(entry: YamlMap, key: str, inputs: RunInputs) -> list[str]:
    """Return the names of the list under *key*, ``times`` over: ``treated, 2`` is the second replicate.

    The replicates of one name follow each other; with ``by: replicate`` each replicate of all names does, as whole blocks: what is
    compared stands side by side.
    """
    list_name, values = entry.text(key), inputs.values
    if not isinstance(values.get(list_name), tuple):
        raise ProtocolError(
            f"'{key}: {list_name}' is not a list", suggest(list_name, [name for name, value in values.items() if isinstance(value, tuple)], "lists")
        )
    times = read_count(entry, "times", inputs, "replicate")
    order = entry.text("by", "name")
    if order not in ("name", "replicate"):
        raise ProtocolError(f"'by: {order}' is not an order of names", "by: name puts the replicates of a name side by side, by: replicate the names")
    if times == 1:
        return [str(name) for name in values[list_name]]
    if order == "replicate":
        return [f"{name}, {number}" for number in range(1, times + 1) for name in values[list_name]]
    return [f"{name}, {number}" for name in values[list_name] for number in range(1, times + 1)]
