"""The bench before the first step: reagents on the shelf, empty plates, devices with their places."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from .._dataclass import replace
from ..errors import Collector, ProtocolError, locate_errors, suggest
from ..lab import Lab
from ..protocol import citations
from ..protocol.reader import HAZARDS_TABLE
from ..protocol.substances import index_substances
from ..units import CONCENTRATIONS, as_quantity
from .bench import Bench, VehicleLimit
from .device_fit import read_takes
from .events import RunWarning
from .inputs import RunInputs
from .ledger import Ledger, Vessel, WellGroup
from .plates import lay_out_vessels
from .racks import VesselLayout
from .reagents import build_reagents


def set_up_bench(inputs: RunInputs, lab: Lab) -> tuple[Mapping[str, VesselLayout], Bench]:
    """Return the bench before the first step: reagents on the shelf, empty plates."""
    protocol, tree = inputs.protocol, inputs.protocol.tree
    mistakes = Collector()
    shelf: dict[str, Any] = {}
    layouts: dict[str, VesselLayout] = {}
    with mistakes.at(protocol.file):
        shelf = build_reagents(tree.mapping("reagents"), inputs)
    with mistakes.at(protocol.file):
        layouts = lay_out_vessels(tree.mapping("vessels"), inputs, lab)
    mistakes.raise_all()
    for name, reagent in shelf.items():
        if name in lab.shelf_names or reagent.recipe_name and reagent.recipe_name in lab.shelf_names:
            shelf[name] = replace(reagent, recipe=None)  # it stands there: nobody makes it
    ledger = Ledger(vessels={name: _empty_vessel(vessel) for name, vessel in layouts.items()})
    retained, vehicle = frozenset(tree.word_list("stays")), _read_vehicle_limit(inputs, shelf)
    bench = Bench(inputs=inputs, lab=lab, reagents=shelf, ledger=ledger, retained_components=retained, vehicle=vehicle)
    bench.bibliography = citations.parse_bibtex(protocol.source.shared_files.get(citations.REFERENCES_FILE, ""))
    if HAZARDS_TABLE in protocol.tables:
        bench.substances = index_substances(protocol.tables[HAZARDS_TABLE])
    bench.equipment, bench.takes = _device_places(inputs), read_takes(inputs)
    vessels, reagents = tree.mapping("vessels"), tree.mapping("reagents")
    list_name = next((vessels.mapping(name).text("for") for name in layouts if "for" in vessels.mapping(name)), "")
    bench.compounds = tuple(str(name) for name in inputs.values[list_name]) if list_name else ()
    lists = dict.fromkeys(entry.text("for") for entry in map(reagents.mapping, reagents) if "for" in entry)
    bench.owners = tuple(dict.fromkeys([*bench.compounds, *(str(name) for list_key in lists for name in inputs.values[list_key])]))
    bench.warnings += [
        RunWarning(code=finding.code, level=finding.level, message=finding.message, step=0, cite=finding.cite) for finding in inputs.findings
    ]
    return layouts, bench


def _device_places(inputs: RunInputs) -> dict[str, tuple[int, str]]:
    """Return for each device how many it takes at a time, 0 if that is not said, and what balances an odd batch."""
    tree = inputs.protocol.tree.mapping("equipment")
    places_by_device = dict.fromkeys(tree, (0, ""))
    for name in tree:
        entry = tree.mapping(name)
        if "places" not in entry:
            continue
        with locate_errors(entry.file, entry.lines["places"]):
            places = inputs.evaluate(entry.text("places"))
            if not isinstance(places, int | Fraction) or isinstance(places, bool) or places != int(places) or places < 1:
                raise ProtocolError(
                    f"places {entry.text('places')!r} is not a whole number from 1 up", "write a number, or an expression over the run's values"
                )
            places_by_device[name] = int(places), inputs.interpolate(entry.text("balanced"))
    return places_by_device


def _empty_vessel(layout: VesselLayout) -> Vessel:
    labware = layout.labware
    groups = {
        name: WellGroup(
            id=f"{layout.id}/{name}", size=group.size, capacity=labware.capacity, labware=labware.name, role=group.role,
            family=group.family, number=group.number, owner=group.owner, fixing_limit=labware.fixing_limit, working_range=labware.working_range,
            position=labware.position, fill_volume=group.fill_volume, named=group.named,
        )
        for name, group in layout.groups.items()
    }  # fmt: skip
    return Vessel(id=layout.id, labware=labware.name, count=layout.count, groups=groups, sets=layout.sets, unused_group=layout.unused_group)


def _read_vehicle_limit(inputs: RunInputs, shelf: Mapping[str, Any]) -> VehicleLimit | None:
    entry = inputs.protocol.tree.mapping("vehicle")
    if not entry:
        return None
    entry.check_keys(("component", "limit", "in", "when"), "'vehicle'", required=("component", "limit", "in"))
    if "when" in entry and inputs.condition_holds(entry.text("when"), entry) is not True:
        return None
    with locate_errors(entry.file, entry.lines["limit"]):
        limit = as_quantity(inputs.resolve_amount(entry.text("limit")), *CONCENTRATIONS)
    components = {name for reagent in shelf.values() for name in reagent.contains}
    if entry.text("component") not in components:
        refusal = ProtocolError(f"no reagent contains {entry.text('component')!r}", suggest(entry.text("component"), components, "components"))
        raise refusal.at(entry.file, entry.lines["component"])
    return VehicleLimit(component=entry.text("component"), limit=limit, where=entry.text("in"))
