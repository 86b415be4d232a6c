"""Who gives to whom in a transfer: by name where both sides have names, else by number.

Raises ProtocolError where a place has nothing that belongs to it, or would get what is for another.
"""

from __future__ import annotations

from ...errors import ProtocolError, suggest
from ..bench import Bench
from ..ledger import WellGroup


def find_by_numbers(groups: list[WellGroup], numbers: range, to: object) -> list[WellGroup]:
    """Return the groups with these *numbers*; raise ProtocolError for one that is not there."""
    by_number = {group.number: group for group in groups}
    missing = [number for number in numbers if number not in by_number]
    if missing:
        raise ProtocolError(f"{to!r} has no place {missing[0]}", f"its {len(groups)} places are numbered 1 to {max(by_number)}")
    return [by_number[number] for number in numbers]


def has_namesake(sources: list[WellGroup], group: WellGroup) -> bool:
    """Return whether one of *sources* is called as *group* is: by its place, or by its name."""
    return any(source.name == group.name or source.named and group.named and source.role == group.role for source in sources)


def pair_namesakes(sources: list[WellGroup], groups: list[WellGroup], from_: object) -> list[tuple[WellGroup, WellGroup]]:
    """Return who gives to each of *groups*: the source of its name where both have names, else of its number."""
    by_name = {source.role: source for source in sources if source.named}
    wanted = {group.role for group in groups if group.named}
    if len(by_name) < sum(source.named for source in sources):
        by_name = {}  # a name that stands there twice does not say which of them
    if by_name.keys().isdisjoint(wanted) and any(_are_numbered(side) for side in (sources, groups)):
        by_name = {}  # names that only count their places are not names
    pairs = []
    for group in groups:
        is_by_name = group.named and bool(by_name)
        source = by_name.get(group.role) if is_by_name else _find_by_number(sources, group)
        if source is None:
            place_text = from_ if isinstance(from_, str) else ", ".join(str(each) for each in from_)  # type: ignore[attr-defined]
            if is_by_name:
                raise ProtocolError(
                    f"{place_text!r} has no {group.role!r}, and {group.id!r} is for {group.role!r}",
                    f"{suggest(group.role, by_name, 'it has')}; where both sides have names, names decide who gives to whom", from_values=True,
                )  # fmt: skip
            raise ProtocolError(f"{place_text!r} has nothing for {group.id!r}", suggest(group.name, [source.name for source in sources], "it has"))
        pairs.append((source, group))
    return pairs


def _are_numbered(groups: list[WellGroup]) -> bool:
    return all(not group.named or group.role.endswith(f" {group.number}") for group in groups)


def _find_by_number(sources: list[WellGroup], group: WellGroup) -> WellGroup | None:
    for source in sources:
        if (source.family, source.number, source.owner) == (group.family, group.number, group.owner) or source.name == group.name:
            return source
    return None


def reject_other_name(bench: Bench, source: WellGroup, group: WellGroup) -> None:
    """Refuse to give *source* to a place of another name, if the vessel of either has a place for the right one."""
    if not (source.named and group.named) or source.role == group.role:
        return
    vessels = [bench.ledger.vessels[place.id.partition("/")[0]] for place in (source, group)]
    if vessels[0] is vessels[1]:
        return  # one sample into another one, in a rack of both
    if any(sum(each.role == place.role for each in vessel.groups.values()) > 1 for vessel, place in zip(vessels, (source, group), strict=True)):
        return  # a name that stands there twice does not say which of them
    for vessel, role in zip(vessels, (group.role, source.role), strict=True):
        right = next((place for place in vessel.groups.values() if place.named and place.role == role), None)
        if right:
            raise ProtocolError(
                f"{source.id!r} is {source.role!r}, and {group.id!r} is for {group.role!r}",
                f"{right.id!r} is {role!r}: let both sides be laid out by one list, or name the places that belong together", from_values=True,
            )  # fmt: skip
