"""Plate maps as data: the mark, the group and the dose of each well, doses as numbers in one unit of the run."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from ..run.bench import Bench
from ..run.ledger import WellGroup
from ..run.racks import VesselLayout
from ..spelling import fold_name
from ..units import KINDS, number_and_unit, parse_quantity, ucum_code
from .quantities import quantity_data

if TYPE_CHECKING:
    from .material_types import Dose, Plate, PlateGroup
    from .type_words import UcumCode

_LEAST_PLAIN = 1e-4  # below this JSON would need an exponent
_COMMON_UNITS = {"molarity": "uM", "mass concentration": "ug/mL"}


def list_doses(group: WellGroup, bench: Bench) -> list[Dose]:
    """Return what *group* is to hold in the end, empty where nothing is dosed."""
    if group.id not in bench.journal.targets or not group.number:
        return []
    component, kind, target = bench.journal.targets[group.id]
    return [{"component": component, "target": quantity_data(target, kind)}]


def label_place(group: WellGroup) -> dict[str, str]:
    """Return the name that a user gave to this place alone, by what it is: sample; empty where it has none."""
    return {group.family: group.replicate_of or group.role} if group.named else {}


def record_plates(bench: Bench, layouts: Iterable[VesselLayout]) -> list[Plate]:
    """Return one entry for each layout, with the names of the plates that have it.

    ``dose_value`` of a group is its dose in the ``dose_unit`` of the plate, zero for the vehicle; both are left out where no well has a dose.
    """
    layouts = [vessel for vessel in layouts if vessel.layouts]
    columns = _dose_columns(bench, layouts)
    maps: list[Plate] = []
    for vessel in layouts:
        groups = bench.ledger.vessels[vessel.id].groups
        marks = mark_groups(groups.values(), vessel.unused_group)
        for layout in vessel.layouts:
            values, unit = columns.get((vessel.id, "")) or columns.get((vessel.id, layout.compound or "")) or ({}, "")
            names = dict.fromkeys(layout.wells.values())
            entry: Plate = {
                "layout": f"{vessel.id}, {layout.id}" if layout.id != vessel.id else vessel.id,
                "vessel": vessel.id,
                "labware": vessel.labware.name,
                "rows": vessel.labware.rows,
                "columns": vessel.labware.columns,
                "names": list(layout.names),
                "groups": {
                    groups[name].id: _plate_group(groups[name], marks[name], layout.compound, bench, unused=name == vessel.unused_group)
                    for name in names
                },
                "wells": {well: groups[name].id for well, name in layout.wells.items()},
            }
            if unit:
                entry["dose_unit"] = cast("UcumCode", ucum_code(unit))
                for name in names:
                    entry["groups"][groups[name].id]["dose_value"] = values.get(name)
            maps.append(entry)
    return maps


def _plate_group(group: WellGroup, mark: str, compound: str, bench: Bench, *, unused: bool) -> PlateGroup:
    doses = list_doses(group, bench)
    whose = (compound or None) if doses else None
    return {"mark": mark, "role": group.role, "unused": unused, "doses": doses, "compound": whose, "labels": label_place(group)}


# --- marks ----------------------------------------------------------------------------------------------------------------


def mark_groups(groups: Iterable[WellGroup], unused_group: str) -> dict[str, str]:
    """Return a short mark for each group: D3 for dose 3, V for vehicle, a dot for unused wells.

    No two groups of one plate have one mark: a second family that begins with S has two letters, St and Sa. Only the doses of one number
    of several compounds, which never share a plate, do. And no mark is the name that a user gave to another place: of samples S1, S3 and S4 the
    second is not S2.
    """
    marks: dict[str, str] = {}
    used_marks: set[str] = set()
    groups = list(groups)
    names = {fold_name(group.role): group for group in groups if group.named}
    families: dict[tuple[str, str], list[WellGroup]] = {}
    for group in groups:
        if group.name == unused_group:
            marks[group.name] = "."
        else:
            families.setdefault((group.family, group.owner) if group.number else (group.name, group.owner), []).append(group)
    prefixes: dict[str, str] = {}
    for (family, owner), members in families.items():
        numbers = {str(group.number) if group.number else "" for group in members}
        if owner and family in prefixes:
            prefix = prefixes[family]
        else:
            words = (members[0].role if not members[0].number and members[0].role else members[0].family, members[0].name)
            prefix = next(
                prefix
                for prefix in _prefixes(words)
                if used_marks.isdisjoint({(prefix + number).casefold() for number in numbers})
                and all(names.get(fold_name(_mark(prefix, group)), group) is group for group in members)
            )
            prefixes[family] = prefix
        for group in members:
            marks[group.name] = _mark(prefix, group)
        used_marks |= {(prefix + number).casefold() for number in numbers}
    return marks


def _mark(prefix: str, group: WellGroup) -> str:
    return prefix + (str(group.number) if group.number else "")


def _prefixes(words: Iterable[str]) -> Iterator[str]:
    """Yield ever longer beginnings of each of *words*, then the first letter with a letter behind it."""
    first = ""
    for word in words:
        letters = "".join(char for char in word if char.isalpha()) or "x"
        first = first or letters[0].upper()
        yield from (letters[:length].capitalize() for length in range(1, min(len(letters), 4) + 1))
    yield from (f"{first}{one}{two}" for one in "abcdefghijklmnopqrstuvwxyz" for two in "abcdefghijklmnopqrstuvwxyz")


# --- doses in one unit ----------------------------------------------------------------------------------------------------


def _dose_columns(bench: Bench, layouts: Iterable[VesselLayout]) -> dict[tuple[str, str], tuple[Mapping[str, float | int], str]]:
    """Return, for each vessel with doses, the dose of each group as a number and the unit of all of them; the vessel stands with "".

    One kind has one unit in the whole run: µM, µg/mL, or that in which the highest dose is shown; a smaller one, where the least dose would
    be below 0.0001 in it. A vessel with doses of two kinds stands with each compound that has doses of one.
    """
    targets: dict[tuple[str, str], dict[str, tuple[str, str, Fraction]]] = {}
    for vessel in layouts:
        groups = bench.ledger.vessels[vessel.id].groups
        own_targets = {name: bench.journal.targets[group.id] for name, group in groups.items() if group.number and group.id in bench.journal.targets}
        owners = {""} if len({kind for _, kind, _ in own_targets.values()}) < 2 else {groups[name].owner for name in own_targets} - {""}
        for owner in owners:
            mine = {name: target for name, target in own_targets.items() if groups[name].owner == owner or not owner}
            if mine and len({kind for _, kind, _ in mine.values()}) == 1:
                targets[vessel.id, owner] = mine
    if not targets:
        return {}
    doses_by_kind: dict[str, list[Fraction]] = {}
    for own_targets in targets.values():
        for _, kind, dose in own_targets.values():
            doses_by_kind.setdefault(kind, []).append(Fraction(dose))
    units = {kind: _common_unit(kind, doses) for kind, doses in doses_by_kind.items()}
    received = _Received(bench)
    columns: dict[tuple[str, str], tuple[Mapping[str, float | int], str]] = {}
    for (vessel_id, owner), own_targets in targets.items():
        groups = bench.ledger.vessels[vessel_id].groups
        unit = units[next(iter(own_targets.values()))[1]]
        values: dict[str, float | int] = {name: _number_in(dose, kind, unit) for name, (_, kind, dose) in own_targets.items()}
        dosed = {received.components(groups[name].id) for name in own_targets}  # most doses got the same
        for name, group in groups.items():
            is_named_so = "vehicle" in (group.role.casefold(), group.name.casefold())  # an isotype control is another liquid
            if name not in own_targets and (is_named_so or _is_vehicle(received.components(group.id), dosed)):
                values[name] = 0
        columns[vessel_id, owner] = values, unit
    return columns


def _common_unit(kind: str, doses: list[Fraction]) -> str:
    units = KINDS[kind].units
    unit = _COMMON_UNITS.get(kind) or number_and_unit(max(doses), kind)[1]
    smaller = [unit, *reversed(units[: units.index(unit)])]
    return next((each for each in smaller if all(_number_in(dose, kind, each) >= _LEAST_PLAIN for dose in doses if dose)), smaller[-1])


def _number_in(dose: Fraction, kind: str, unit: str) -> float | int:
    """Return a dose as the number that its text shows, in *unit*."""
    return _convert(dose.numerator, dose.denominator, kind, unit)


@functools.lru_cache(maxsize=1024)
def _convert(top: int, bottom: int, kind: str, unit: str) -> float | int:
    number, shown_unit = number_and_unit(Fraction(top, bottom), kind)
    value = Fraction(number) * parse_quantity(f"1 {shown_unit}").value / parse_quantity(f"1 {unit}").value
    return value.numerator if value.denominator == 1 else float(value)


def _is_vehicle(components: frozenset[str], dosed: Iterable[frozenset[str]]) -> bool:
    """Return whether a well was given all that a dosed well was given but one component: the compound."""
    return any(components < other and len(other - components) == 1 for other in dosed)


class _Received:
    """What came into each group over the run, by component; a reagent that declares none is one by itself."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.sources: defaultdict[str, set[str]] = defaultdict(set)
        self.known: dict[str, frozenset[str]] = {}
        for preparation in bench.journal.preparations:
            self.sources[preparation.id].update([part.source for part in preparation.parts])
        for step in bench.journal.steps:
            for operation in step.operations:
                source = operation.reagent or operation.source
                if source:
                    for place in operation.to:
                        self.sources[place].add(source)

    def components(self, place: str) -> frozenset[str]:
        """Return the components that came into *place*, directly or from where its liquid came from."""
        if place not in self.known:
            self.known[place] = frozenset()  # of two places that give to each other, each has what the other had from elsewhere
            reagent = self.bench.reagents.get(place)
            if reagent is not None:
                self.known[place] = frozenset(reagent.contains) or frozenset((place,))
            else:
                self.known[place] = frozenset().union(*map(self.components, self.sources[place]))
        return self.known[place]
