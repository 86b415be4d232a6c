"""What a run is done in: plates laid out as groups of like wells; refuses a well that two groups claim, or that is not there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from ..errors import Collector, ProtocolError, near
from ..lab import Lab, Plate
from ..units import said
from ..yamltree import Items, Map
from .checks import truth
from .racks import Layout, Place, Vessel, container, rack, row, tanks, whole

_GROUP = ("at", "by", "first", "wells", "for", "role", "note")


def vessels(tree: Map, values: Mapping[str, Any], lab: Lab, work: Callable[[str, Mapping[str, Any]], Any]) -> dict[str, Vessel]:
    """Return all vessels with this run's values; raise ProtocolError for each mistake."""
    mistakes = Collector()
    found = {}
    for key in tree:
        with mistakes.at(tree.file, tree.lines[key]):
            entry = tree.map(key)
            if "when" in entry and not _holds(entry, work, values):
                continue
            found[key] = _vessel(key, entry, values, lab, work)
    mistakes.close()
    return found


def _vessel(key: str, entry: Map, values: Mapping[str, Any], lab: Lab, work: Any) -> Vessel:
    if "tanks" in entry:
        return tanks(key, entry, values, work, lab)
    if "tubes" in entry:
        return rack(key, entry, values, work, lab)
    if "holds" in entry:
        return container(key, entry, values, work)
    if "labware" not in entry:
        raise ProtocolError("a vessel needs a 'labware'", "add a line 'labware: ...'")
    labware = entry.text("labware")
    if labware not in lab.labware and isinstance(values.get(labware), str):
        labware = values[labware]
    if labware not in lab.labware:
        raise ProtocolError(f"no labware {labware!r} in this lab", near(labware, lab.labware))
    plate = lab.labware[labware]
    if "each" in entry:
        return row(key, entry, values, work, plate)
    return _grid(key, entry, values, plate, work)


def _grid(key: str, entry: Map, values: Mapping[str, Any], plate: Plate, work: Any) -> Vessel:
    """Return plates laid out by regions: columns, rows and rectangles of wells."""
    count = whole(entry.text("count", "1"), work(entry.text("count", "1"), values), "plate")
    over = entry.text("for")
    if over and not isinstance(values.get(over), tuple):
        raise ProtocolError(f"'for: {over}' is no list", "name a parameter that takes several values")
    compounds = tuple(str(name) for name in values[over]) if over else ("",)
    sides = _layouts(entry, values, work)
    base = entry.text("name", "plate")
    names = [base if count == 1 and not over else f"{base} {number}" for number in range(1, count + 1)]
    each = count // len(compounds)
    layouts: list[Layout] = []
    places: dict[str, Place] = {}
    sizes: dict[str, int] = {}
    per_plate: list[tuple[str, Counter[str]]] = []
    rest = ""
    for place, compound in enumerate(compounds):
        of = compound if len(compounds) > 1 else ""
        for side, (which, groups) in enumerate(sides):
            numbers = [n for n in range(place * each, (place + 1) * each) if which == "all" or n % 2 == side]
            if not numbers:
                continue
            wells, laid, rest = _laid_out(groups, plate, values, of)
            layouts.append(
                Layout(" ".join(filter(None, ("" if which == "all" else which, of))) or key, tuple(names[n] for n in numbers), wells, compound)
            )
            places |= laid
            counted = Counter(wells.values())
            per_plate.append((of, counted))
            for name in laid:
                sizes[name] = sizes.get(name, 0) + counted[name] * len(numbers)
    for name, laid_out in places.items():
        found = {counted[name] for of, counted in per_plate if laid_out.of in ("", of)}
        if len(found) > 1:
            raise ProtocolError(
                f"{name!r} has {min(found)} wells on one layout and {max(found)} on another",
                "a group has the same size on each plate",
            )
    sized = {name: Place(name, sizes[name], p.role, p.family, p.number, p.of) for name, p in places.items() if sizes[name]}
    sets = {name: tuple(entry.map("sets").items_of(name)) for name in entry.map("sets")}
    for name, members in sets.items():
        if name in sized:
            raise ProtocolError(f"{name!r} is a group already", "choose another name for the set").at(entry.file, entry.map("sets").lines[name])
        if _names_itself(name, sets):
            raise ProtocolError(f"set {name!r} names itself", "name groups").at(entry.file, entry.map("sets").lines[name])
        for member in members:
            if member not in sized and member not in sets and not any(p.family == member for p in sized.values()):
                raise ProtocolError(f"set {name!r} names {member!r}, which is no group", near(member, [*sized, *sets])).at(
                    entry.file, entry.map("sets").lines[name]
                )
    return Vessel(key, plate, count, sized, tuple(layouts), sets, rest)


def _names_itself(name: str, sets: Mapping[str, tuple[str, ...]]) -> bool:
    reached, waiting = set(), list(sets[name])
    while waiting:
        member = waiting.pop()
        if member == name:
            return True
        if member in sets and member not in reached:
            reached.add(member)
            waiting += sets[member]
    return False


def _layouts(entry: Map, values: Mapping[str, Any], work: Any) -> list[tuple[str, Map]]:
    """Return (which plates, groups) of the layouts whose condition holds: one for all, or one for odd and one for even plates."""
    if "layouts" not in entry:
        return [("all", entry.map("groups"))]
    items = entry["layouts"]
    if not isinstance(items, Items) or any(not isinstance(item, Map) for item in items):
        raise ProtocolError("'layouts' is a list", "write - {plates: odd, groups: {...}}").at(entry.file, entry.lines["layouts"])
    chosen: dict[str, Map] = {}
    for item in items:
        item.only(("when", "plates", "groups"), "a layout")
        if "when" not in item or _holds(item, work, values):
            chosen.setdefault(item.text("plates", "all"), item.map("groups"))
    if set(chosen) not in ({"all"}, {"odd", "even"}):
        raise ProtocolError(
            f"the layouts that hold here are for {', '.join(chosen) or 'no'} plates", "give one for all plates, or one for odd and one for even"
        ).at(entry.file, entry.lines["layouts"])
    return [("all", chosen["all"])] if "all" in chosen else [("odd", chosen["odd"]), ("even", chosen["even"])]


def _holds(item: Map, work: Any, values: Mapping[str, Any]) -> bool:
    try:
        return truth(item.text("when"), work(item.text("when"), values)) is True
    except ProtocolError as error:
        raise error.at(item.file, item.lines["when"]) from None


def _laid_out(groups: Map, plate: Plate, values: Mapping[str, Any], of: str) -> tuple[dict[str, str], dict[str, Place], str]:
    """Return what `_lay_out` does, from the last time that the counts in it were the same."""
    regions = [where for where in groups.values() if isinstance(where, Map)]
    counts = [values.get(where[key]) for where in regions for key in ("first", "wells") if key in where]
    known = [where["for"] in values for where in regions if "for" in where]
    case = (plate, of, *counts, *known)
    if groups.kept is None or groups.kept[0] != case:
        groups.kept = case, _lay_out(groups, plate, values, of)
    wells, laid, rest = groups.kept[1]
    return wells, laid, rest


def _lay_out(groups: Map, plate: Plate, values: Mapping[str, Any], of: str) -> tuple[dict[str, str], dict[str, Place], str]:
    """Return well -> group, the groups without their sizes, and the name of the group of all other wells."""
    wells: dict[str, str] = {}
    laid: dict[str, Place] = {}
    rest = ""
    for key, where in groups.items():
        if where == "rest" or isinstance(where, Map) and where.get("at") == "rest":
            if rest:
                raise ProtocolError(f"both {rest!r} and {key!r} are the rest", "only one group takes all other wells").at(
                    groups.file, groups.lines[key]
                )
            rest = key
            laid[key] = Place(key, 0, where.text("role", key) if isinstance(where, Map) else key, key)
            continue
        try:
            for number, region in _regions(key, where, plate, values):
                own = of if isinstance(where, Map) and "for" in where else ""
                name = (f"{key} {number}" if number else key) + (f" ({own})" if own else "")
                role = where.text("role", key) if isinstance(where, Map) else key
                laid[name] = Place(name, 0, role, key, number, own)
                for well in region:
                    if well in wells:
                        raise ProtocolError(f"well {well} is in both {wells[well]!r} and {name!r}", "give each well to one group")
                    wells[well] = name
        except ProtocolError as mistake:
            raise mistake.at(groups.file, groups.lines[key]) from None
    if rest:
        wells |= {well: rest for well in plate.all() if well not in wells}
    return {well: wells[well] for well in plate.all() if well in wells}, laid, rest


def _regions(key: str, where: object, plate: Plate, values: Mapping[str, Any]) -> list[tuple[int, tuple[str, ...]]]:
    """Return (number, wells) of each member of a group: one without a number, or the first so many of a family."""
    if isinstance(where, str):
        return [(0, plate.wells(where))]
    if not isinstance(where, Map):
        raise ProtocolError(f"{key!r} has no place", "write a region, 'B2:G2', or {at: B3:G10, by: column, first: doses}")
    where.only(_GROUP, "a group")
    if "at" not in where:
        raise ProtocolError(f"{key!r} has no place", "write a region, 'B2:G2', or {at: B3:G10, by: column, first: doses}")
    if "for" in where and where.text("for") not in values:
        raise ProtocolError(f"{where.text('for')!r} is not known here", near(where.text("for"), values))
    parts = _parts(where, plate)
    wanted = _number(where.text("first"), values) if "first" in where else len(parts)
    if wanted > len(parts):
        raise ProtocolError(f"{wanted} x {key!r} do not fit into {len(parts)} places of the plate", f"{len(parts)} at most")
    take = _number(where.text("wells"), values) if "wells" in where else 0
    if take and any(len(part) < take for part in parts[:wanted]):
        raise ProtocolError(f"{take} wells do not fit into the {min(map(len, parts))} of a {key!r}", f"{min(map(len, parts))} at most")
    first = 1 if "first" in where or len(parts) > 1 else 0  # one place alone is no family
    return [(number, part[:take] if take else part) for number, part in enumerate(parts[:wanted], first)]


def _number(text: str, values: Mapping[str, Any]) -> int:
    """Return a count that is named, or written."""
    if text.isascii() and text.isdigit():
        return int(text)
    if text not in values:
        raise ProtocolError(f"{text!r} is not known here", near(text, values))
    found = values[text]
    if not isinstance(found, int | Fraction) or isinstance(found, bool) or found != int(found):
        raise ProtocolError(f"{text!r} is {said(found)}, not a whole number", "name a count")
    return int(found)


def _parts(where: Map, plate: Plate) -> list[tuple[str, ...]]:
    by = where.text("by", "region")
    regions = [plate.wells(text) for text in where.items_of("at")]
    if by == "region":
        return regions
    if by not in ("column", "row"):
        raise ProtocolError(f"'by: {by}' is not a way to split a region", "by column or by row")
    parts: dict[str, list[str]] = {}
    for well in (well for region in regions for well in region):
        parts.setdefault(well[1:] if by == "column" else well[0], []).append(well)
    return [tuple(wells) for wells in parts.values()]
