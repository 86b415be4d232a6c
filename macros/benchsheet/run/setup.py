"""The bench before the first step: reagents on the shelf, empty plates, devices with their places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._dataclass import replace
from ..errors import Collector, ProtocolError, locate_errors, suggest
from ..lab import Lab
from ..units import CONCENTRATIONS, as_quantity
from .bench import Bench, VehicleLimit
from .devices import resolve_devices
from .events import RunWarning
from .inputs import RunInputs
from .journal import Journal
from .ledger import Ledger, Vessel, WellGroup
from .nested.scope import Scope
from .plates import lay_out_vessels
from .racks import VesselLayout
from .reagents import build_reagents


def set_up_bench(inputs: RunInputs, lab: Lab, host: Bench | None = None, scope: Scope | None = None) -> Bench:
    """Return the bench before the first step: reagents on the shelf, empty plates.

    A protocol in another is set up with the *host*'s ledger and journal; *scope* makes the ids of what it brings.
    """
    protocol, scope = inputs.protocol, scope or Scope()
    mistakes = Collector()
    shelf: dict[str, Any] = {}
    layouts: dict[str, VesselLayout] = {}
    with mistakes.at(protocol.file):
        shelf = build_reagents(protocol.reagents, inputs)
    with mistakes.at(protocol.file):
        layouts = lay_out_vessels(protocol.vessels, inputs, lab, scope.prefix)
    mistakes.raise_all()
    for name, reagent in shelf.items():
        if name in lab.shelf_names or reagent.recipe_name and reagent.recipe_name in lab.shelf_names:
            shelf[name] = replace(reagent, recipe=None)  # it stands there: nobody makes it
    vehicle, equipment = _read_vehicle_limit(inputs, shelf), resolve_devices(inputs)
    vessels, reagents = protocol.vessels, protocol.reagents
    list_name = next((vessels.mapping(name).text("for") for name in layouts if "for" in vessels.mapping(name)), "")
    compounds = tuple(str(name) for name in inputs.values[list_name]) if list_name else ()
    lists = dict.fromkeys(entry.text("for") for entry in map(reagents.mapping, reagents) if "for" in entry)
    ledger, journal = (host.ledger, host.journal) if host else (Ledger(), Journal())
    bench = Bench(
        inputs=inputs, lab=lab, reagents=shelf, ledger=ledger, journal=journal, scope=scope, layouts=layouts, equipment=equipment,
        compounds=compounds, vehicle=vehicle, host=host,
    )  # fmt: skip
    for name, layout in layouts.items():
        if name not in scope.vessels:  # or it is one of the host's
            scope.vessels[name] = layout.id
            ledger.add_vessel(_empty_vessel(layout))
    if host:
        from .nested import merge  # a protocol by itself does without

        bench.reagents = merge.add_to_shelf(bench)
        scope.equipment = merge.name_devices(bench)
    else:
        scope.equipment = {name: name for name in equipment}
    journal.retained_components.update(protocol.stays)
    journal.owners |= dict.fromkeys([*compounds, *(str(name) for list_key in lists for name in inputs.values[list_key])])
    journal.warnings += [
        warning
        for finding in inputs.findings
        if (warning := RunWarning(code=finding.code, level=finding.level, message=finding.message, step=0, cite=finding.cite)) not in journal.warnings
    ]
    return bench


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
    vehicle = inputs.protocol.vehicle
    if vehicle is None or not inputs.holds(vehicle.when):
        return None
    with locate_errors(vehicle.file, vehicle.lines["limit"]):
        limit = as_quantity(inputs.resolve_amount(vehicle.limit), *CONCENTRATIONS)
    components = {name for reagent in shelf.values() for name in reagent.contains}
    if vehicle.component not in components:
        refusal = ProtocolError(f"no reagent contains {vehicle.component!r}", suggest(vehicle.component, components, "components"))
        raise refusal.at(vehicle.file, vehicle.lines["component"])
    return VehicleLimit(component=vehicle.component, limit=limit, where=vehicle.groups, until=vehicle.until)
