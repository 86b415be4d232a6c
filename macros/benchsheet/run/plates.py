"""What a run is done in: plates laid out as groups of like wells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from .._dataclass import replace
from ..errors import Collector, ProtocolError, locate_errors, suggest
from ..graph import find_reachable
from ..lab import Lab, Labware
from ..units import describe_value, whole_number
from ..yamltree import YamlList, YamlMap
from .inputs import RunInputs
from .place_names import reject_vessel_words
from .racks import GroupLayout, PlateLayout, VesselLayout, lay_out_containers, lay_out_rack, lay_out_row, lay_out_tanks, read_count


def lay_out_vessels(tree: YamlMap, inputs: RunInputs, lab: Lab, prefix: str = "") -> dict[str, VesselLayout]:
    """Return all vessels with this run's values, their ids with *prefix*; raise ProtocolError for each mistake."""
    mistakes = Collector()
    layouts = {}
    for key in tree:
        with mistakes.at(tree.file, tree.lines[key]):
            entry = tree.mapping(key)
            if "when" not in entry or inputs.condition_holds(entry.text("when"), entry):
                layout = _lay_out_vessel(key, entry, inputs, lab)
                layouts[key] = replace(layout, id=f"{prefix}{key}") if prefix else layout
    mistakes.raise_all()
    return layouts


def _lay_out_vessel(key: str, entry: YamlMap, inputs: RunInputs, lab: Lab) -> VesselLayout:
    if "tanks" in entry:
        return lay_out_tanks(key, entry, inputs, lab)
    if "tubes" in entry:
        return lay_out_rack(key, entry, inputs, lab)
    if "holds" in entry:
        return lay_out_containers(key, entry, inputs)
    if "labware" not in entry:
        raise ProtocolError("a vessel needs a 'labware'", "add a line 'labware: ...'")
    labware = entry.text("labware")
    if labware not in lab.labware and isinstance(inputs.values.get(labware), str):
        labware = inputs.values[labware]
    if labware not in lab.labware:
        raise ProtocolError(f"no labware {labware!r} in this lab", suggest(labware, lab.labware))
    labware_spec = lab.labware[labware]
    if "each" in entry:
        return lay_out_row(key, entry, inputs, labware_spec)
    return _lay_out_grid(key, entry, inputs, labware_spec)


def _lay_out_grid(key: str, entry: YamlMap, inputs: RunInputs, labware: Labware) -> VesselLayout:
    """Return plates laid out by regions: columns, rows and rectangles of wells."""
    count, values = read_count(entry, "count", inputs, "plate"), inputs.values
    list_name = entry.text("for")
    if list_name and not isinstance(values.get(list_name), tuple):
        raise ProtocolError(f"'for: {list_name}' is not a list", "name a parameter that takes several values")
    compounds = tuple(str(name) for name in values[list_name]) if list_name else ("",)
    sides = _active_layouts(entry, inputs)
    base = entry.text("name", labware.noun)
    names = [base if count == 1 and not list_name else f"{base} {number}" for number in range(1, count + 1)]
    plates_per_compound = count // len(compounds)
    layouts: list[PlateLayout] = []
    groups_by_name: dict[str, GroupLayout] = {}
    sizes: dict[str, int] = {}
    per_plate: list[tuple[str, Counter[str]]] = []
    unused_group = ""
    for compound_index, compound in enumerate(compounds):
        owner = compound if len(compounds) > 1 else ""
        for side, (which, groups) in enumerate(sides):
            numbers = [
                n for n in range(compound_index * plates_per_compound, (compound_index + 1) * plates_per_compound) if which == "all" or n % 2 == side
            ]
            if not numbers:
                continue
            wells, plate_groups, unused_group = _lay_out_once(groups, labware, values, owner)
            layouts.append(
                PlateLayout(
                    id=" ".join(filter(None, ("" if which == "all" else which, owner))) or key,
                    names=tuple(names[n] for n in numbers),
                    wells=wells,
                    compound=compound,
                )
            )
            groups_by_name |= plate_groups
            well_counts = Counter(wells.values())
            per_plate.append((owner, well_counts))
            for name in plate_groups:
                sizes[name] = sizes.get(name, 0) + well_counts[name] * len(numbers)
    for name, group in groups_by_name.items():
        group_sizes = {well_counts[name] for owner, well_counts in per_plate if group.owner in ("", owner)}
        if len(group_sizes) > 1:
            raise ProtocolError(
                f"{name!r} has {min(group_sizes)} wells on one layout and {max(group_sizes)} on another",
                "a group has the same size on each plate",
            )
    nonempty_groups = {
        name: GroupLayout(name=name, size=sizes[name], role=p.role, family=p.family, number=p.number, owner=p.owner, named=p.named)
        for name, p in groups_by_name.items()
        if sizes[name]
    }
    sets = {name: tuple(entry.mapping("sets").word_list(name)) for name in entry.mapping("sets")}
    _reject_group_words(key, list_name, sides, nonempty_groups, sets, inputs)
    for name, members in sets.items():
        if name in nonempty_groups:
            raise ProtocolError(f"{name!r} is a group already", "choose another name for the set").at(entry.file, entry.mapping("sets").lines[name])
        if name in find_reachable(members, lambda member: sets.get(member, ())):
            raise ProtocolError(f"set {name!r} names itself", "name groups").at(entry.file, entry.mapping("sets").lines[name])
        for member in members:
            if member not in nonempty_groups and member not in sets and not any(p.family == member for p in nonempty_groups.values()):
                raise ProtocolError(f"set {name!r} names {member!r}, which is not a group", suggest(member, [*nonempty_groups, *sets])).at(
                    entry.file, entry.mapping("sets").lines[name]
                )
    return VesselLayout(id=key, labware=labware, count=count, groups=nonempty_groups, layouts=tuple(layouts), sets=sets, unused_group=unused_group)


def _reject_group_words(
    key: str,
    list_name: str,
    sides: list[tuple[str, YamlMap]],
    own_groups: Mapping[str, GroupLayout],
    sets: Mapping[str, tuple[str, ...]],
    inputs: RunInputs,
) -> None:
    """Refuse a compound's name, or a name of a group's own list, that is a word of this vessel."""
    words = (*sets, *(word for group in own_groups.values() for word in (group.family, "" if group.named else group.role)))
    if list_name:
        reject_vessel_words(key, list_name, words, inputs)
    for _, groups in sides:
        for family, where in groups.items():
            if isinstance(where, YamlMap) and _names_of(where, inputs.values):
                reject_vessel_words(key, where.text("first"), words, inputs, family=family)


def _active_layouts(entry: YamlMap, inputs: RunInputs) -> list[tuple[str, YamlMap]]:
    """Return (which plates, groups) of the layouts whose condition holds: one for all, or one for odd and one for even plates."""
    if "layouts" not in entry:
        return [("all", entry.mapping("groups"))]
    items = entry["layouts"]
    if not isinstance(items, YamlList) or any(not isinstance(item, YamlMap) for item in items):
        raise ProtocolError("'layouts' is a list", "write - {plates: odd, groups: {...}}").at(entry.file, entry.lines["layouts"])
    chosen: dict[str, YamlMap] = {}
    for item in items:
        if "when" not in item or inputs.condition_holds(item.text("when"), item):
            chosen.setdefault(item.text("plates", "all"), item.mapping("groups"))
    if set(chosen) not in ({"all"}, {"odd", "even"}):
        raise ProtocolError(
            f"the layouts that hold here are for {', '.join(chosen) or 'no'} plates", "give one for all plates, or one for odd and one for even"
        ).at(entry.file, entry.lines["layouts"])
    return [("all", chosen["all"])] if "all" in chosen else [("odd", chosen["odd"]), ("even", chosen["even"])]


def _lay_out_once(groups: YamlMap, labware: Labware, values: Mapping[str, Any], owner: str) -> tuple[dict[str, str], dict[str, GroupLayout], str]:
    """Return what `_lay_out` does, from the last time that the counts in it were the same."""
    regions = [where for where in groups.values() if isinstance(where, YamlMap)]
    counts = [values.get(where[key]) for where in regions for key in ("first", "wells") if key in where]
    has_list = [where["for"] in values for where in regions if "for" in where]
    case = (labware, owner, *counts, *has_list)
    if groups.cache is None or groups.cache[0] != case:
        groups.cache = case, _lay_out_groups(groups, labware, values, owner)
    wells, plate_groups, unused_group = groups.cache[1]
    return wells, plate_groups, unused_group


def _lay_out_groups(groups: YamlMap, labware: Labware, values: Mapping[str, Any], owner: str) -> tuple[dict[str, str], dict[str, GroupLayout], str]:
    """Return well -> group, the groups without their sizes, and the name of the group of all other wells."""
    wells: dict[str, str] = {}
    plate_groups: dict[str, GroupLayout] = {}
    unused_group = ""
    for key, where in groups.items():
        role = where.text("role", key) if isinstance(where, YamlMap) else key
        if where == "rest" or isinstance(where, YamlMap) and where.get("at") == "rest":
            if unused_group:
                raise ProtocolError(f"both {unused_group!r} and {key!r} are the rest", "only one group takes all other wells").at(
                    groups.file, groups.lines[key]
                )
            unused_group = key
            plate_groups[key] = GroupLayout(name=key, size=0, role=role, family=key)
            continue
        names = _names_of(where, values)
        with locate_errors(groups.file, groups.lines[key]):
            for number, region in _regions(key, where, labware, values):
                group_owner = owner if isinstance(where, YamlMap) and "for" in where else ""
                name = (f"{key} {number}" if number else key) + (f" ({group_owner})" if group_owner else "")
                member = names[number - 1] if names else role
                plate_groups[name] = GroupLayout(name=name, size=0, role=member, family=key, number=number, owner=group_owner, named=bool(names))
                for well in region:
                    if well in wells:
                        raise ProtocolError(f"well {well} is in both {wells[well]!r} and {name!r}", "give each well to one group")
                    wells[well] = name
    if unused_group:
        wells |= {well: unused_group for well in labware.all_wells() if well not in wells}
    return {well: wells[well] for well in labware.all_wells() if well in wells}, plate_groups, unused_group


def _regions(key: str, where: object, labware: Labware, values: Mapping[str, Any]) -> list[tuple[int, tuple[str, ...]]]:
    """Return (number, wells) of each member of a group: one without a number, or the first so many of a family."""
    if isinstance(where, str):
        return [(0, labware.wells_in(where))]
    if not isinstance(where, YamlMap):
        raise ProtocolError(f"{key!r} has no place", "write a region, 'B2:G2', or {at: B3:G10, by: column, first: doses}")
    if "at" not in where:
        raise ProtocolError(f"{key!r} has no place", "write a region, 'B2:G2', or {at: B3:G10, by: column, first: doses}")
    if "for" in where and where.text("for") not in values:
        raise ProtocolError(f"{where.text('for')!r} is not known here", suggest(where.text("for"), values))
    parts = _split_regions(where, labware)
    member_count = _resolve_count(where.text("first"), values) if "first" in where else len(parts)
    if member_count > len(parts):
        raise ProtocolError(f"{member_count} x {key!r} do not fit into {len(parts)} places of the plate", f"{len(parts)} at most")
    well_count = _resolve_count(where.text("wells"), values) if "wells" in where else 0
    if well_count and any(len(part) < well_count for part in parts[:member_count]):
        raise ProtocolError(f"{well_count} wells do not fit into the {min(map(len, parts))} of a {key!r}", f"{min(map(len, parts))} at most")
    first = 1 if "first" in where or len(parts) > 1 else 0  # one place alone is not a family
    return [(number, part[:well_count] if well_count else part) for number, part in enumerate(parts[:member_count], first)]


def _names_of(where: object, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the list under ``first``, one for each member of a group; none where it is a count."""
    names = values.get(where.text("first")) if isinstance(where, YamlMap) and "first" in where else ()
    return tuple(map(str, names or ())) if _is_names(names) else ()


def _is_names(value: object) -> bool:
    return isinstance(value, tuple) and bool(value) and all(isinstance(name, str) for name in value)


def _resolve_count(text: str, values: Mapping[str, Any]) -> int:
    """Return a count that is named, or written."""
    if (number := whole_number(text)) is not None:
        return number
    if text not in values:
        raise ProtocolError(f"{text!r} is not known here", suggest(text, values))
    value = len(values[text]) if _is_names(values[text]) else values[text]
    if not isinstance(value, int | Fraction) or isinstance(value, bool) or value != int(value):
        raise ProtocolError(f"{text!r} is {describe_value(value)}, not a whole number", "name a count")
    return int(value)


def _split_regions(where: YamlMap, labware: Labware) -> list[tuple[str, ...]]:
    by = where.text("by", "region")
    regions = [labware.wells_in(text) for text in where.word_list("at")]
    if by == "region":
        return regions
    if by not in ("column", "row"):
        raise ProtocolError(f"'by: {by}' is not a way to split a region", "by column or by row")
    parts: dict[str, list[str]] = {}
    for well in (well for region in regions for well in region):
        parts.setdefault(well[1:] if by == "column" else well[0], []).append(well)
    return [tuple(wells) for wells in parts.values()]
