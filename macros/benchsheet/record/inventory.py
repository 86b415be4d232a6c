"""Who holds what, as data: vessels, plate maps and waste, hazards, and what must not meet in one waste bottle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import check_known
from ..protocol.tables import DataTable
from ..run.bench import Bench
from ..run.events import RunWarning
from ..run.inputs import RunInputs
from ..run.ledger import Vessel, WellGroup, portion
from ..run.racks import VesselLayout
from ..yamltree import YamlList
from .quantities import Json, quantity_data


def record_vessels(bench: Bench) -> list[Json]:
    """Return every vessel with its groups and what they hold at the end."""
    return [_vessel(vessel, bench) for vessel in bench.ledger.vessels.values() if vessel.groups]


def _vessel(vessel: Vessel, bench: Bench) -> Json:
    first = next(iter(vessel.groups.values()))
    compounds = _bench_of(vessel, bench).compounds
    entry: Json = {"id": vessel.id, "labware": vessel.labware, "count": vessel.count}
    if first.working_range[1]:
        entry |= {
            "working": [quantity_data(limit, "volume") for limit in first.working_range],
            "fixing": quantity_data(first.fixing_limit, "volume"),
            "brim": quantity_data(first.capacity, "volume"),
        }
    entry["groups"] = [_group(group, bench, compounds, tube=not first.working_range[1]) for group in vessel.groups.values()]
    return entry


def _bench_of(vessel: Vessel, bench: Bench) -> Bench:
    """Return the bench of the protocol that brought a vessel: this one, or one in it."""
    return next((part for part in reversed(bench.nested_benches()) if vessel.id.startswith(part.prefix)), bench)


def _group(group: WellGroup, bench: Bench, compounds: tuple[str, ...], *, tube: bool) -> Json:
    entry: Json = {
        "id": group.id,
        "size": group.size,
        "role": group.role or group.family,
        "dose": _dose(group, bench),
        "compound": group.owner or (compounds[0] if len(compounds) == 1 and group.number else None),
        "volume": quantity_data(group.volume, "volume"),
    }
    return entry | ({"labware": group.labware, "brim": quantity_data(group.capacity, "volume")} if tube else {})


def _dose(group: WellGroup, bench: Bench) -> Json | None:
    if group.id not in bench.targets or not group.number:
        return None
    _, kind, target = bench.targets[group.id]
    return quantity_data(target, kind)


def record_plates(bench: Bench, layouts: Iterable[VesselLayout]) -> list[Json]:
    """Return one entry a layout, with the plates that are laid out so."""
    maps = []
    for vessel in layouts:
        groups = bench.ledger.vessels[vessel.id].groups
        short = _group_marks(groups.values(), vessel.unused_group)
        marks = {name: {"mark": short[name], "group": g.id, "role": g.role, "dose": _dose(g, bench)} for name, g in groups.items()}
        for layout in vessel.layouts:
            own_marks = {name: mark | {"compound": layout.compound or None} for name, mark in marks.items()}
            wells = {well: own_marks[name] for well, name in layout.wells.items()}
            maps.append(
                {
                    "layout": f"{vessel.id}, {layout.id}" if layout.id != vessel.id else vessel.id,
                    "vessel": vessel.id,
                    "labware": vessel.labware.name,
                    "rows": vessel.labware.rows,
                    "columns": vessel.labware.columns,
                    "names": list(layout.names),
                    "wells": wells,
                }
            )
    return maps


def _group_marks(groups: Iterable[WellGroup], unused_group: str) -> dict[str, str]:
    """Return a mark of at most three signs for each group: D3 for dose 3, V for vehicle, a dot for unused wells."""
    marks: dict[str, str] = {}
    for group in groups:
        if group.name == unused_group:
            marks[group.name] = "."
            continue
        role = (group.family if group.number else group.role) or group.role or group.family
        lengths = [role[:length].capitalize() for length in (1, 2, 3)]
        used_marks = {mark for name, mark in marks.items() if not group.number}
        mark = lengths[0] if group.number else next((word for word in lengths if word not in used_marks), lengths[-1])
        marks[group.name] = f"{mark}{group.number}" if group.number else mark
    return marks


def record_waste(bench: Bench) -> list[Json]:
    """Return what leaves, by stream and step, with the concentration of each component in it."""
    kinds = {name: q.kind for reagent in bench.reagents.values() for name, q in reagent.contains.items() if q is not None}
    kinds |= {operation.measurement[0]: operation.measurement[1] for step in bench.steps for operation in step.operations if operation.measurement}
    disposal = {part.prefix: _disposal(part.inputs) for part in (bench, *bench.nested_benches())}
    streams: list[Json] = []
    for (stream, step), (volume, contents) in bench.ledger.waste.items():
        strengths = {name: quantity_data(portion(amount, 1, volume), kinds[name]) for name, amount in contents.items() if amount}
        streams.append(
            {
                "stream": stream,
                "components": strengths,
                "volume": quantity_data(volume, "volume"),
                "step": step,
                "disposal": disposal[bench.steps[step - 1].within].get(stream, ""),
            }
        )
    return streams


def _disposal(inputs: RunInputs) -> dict[str, str]:
    tree = inputs.protocol.tree.mapping("waste")
    return {stream: inputs.interpolate(tree.text(stream)) for stream in tree}


def record_leftovers(inputs: RunInputs) -> list[Json]:
    """Return what else is left at the end, and where it goes; what goes nowhere in this run is left out."""
    tree = inputs.protocol.tree.mapping("leftovers")
    items = [{"name": name, "disposal": inputs.interpolate(tree.text(name))} for name in tree]
    return [item for item in items if item["disposal"]]


def hazard_entry(table: DataTable, name: str) -> dict[str, Any]:
    """Return one row as it stands on a sheet, under its name; raise ProtocolError if there is none.

    ``doxorubicin else drug`` is what a run's value names, however it is spelled, and the row whose words hold where it has none of its own.
    """
    own, _, instead = name.rpartition(" else ")
    rows = {_plainly(row): row for row in table.rows} if own else {}
    name, found = (rows[_plainly(own)],) * 2 if _plainly(own) in rows else (own or instead, instead)
    check_known(found, table.rows, f"no hazard {found!r}", "hazards")
    row = table.rows[found]
    texts = {"name": name} | {key: row.get(key, "") for key in ("signal", "handling", "waste")}
    return {**texts, "pictograms": list(row.get("pictograms", ())), "codes": list(row.get("codes", ()))}


def select_hazards(names: Iterable[str], rows: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the *rows* of hazards that are called *names*, each once."""
    return list({rows[name]["name"]: rows[name] for name in names if name in rows}.values())


def _plainly(name: str) -> str:
    """Return a substance's name without what people spell differently: capitals, spaces, hyphens."""
    return name.casefold().replace(" ", "").replace("-", "")


def find_incompatible(table: DataTable, waste: Mapping[tuple[str, int], tuple[int, Mapping[str, object]]]) -> list[RunWarning]:
    """Return a warning for each pair of classes that must not meet and does in one stream."""
    pairs = table.tree.get("incompatible", YamlList())
    streams: dict[str, dict[str, str]] = {}
    for (stream, _), (_, holds) in waste.items():
        for component, amount in holds.items():
            for kind in table.rows.get(component, {}).get("classes", ()) if amount else ():
                streams.setdefault(stream, {}).setdefault(kind, component)
    warnings = []
    for stream, classes in streams.items():
        for pair in pairs:
            one, two = pair.word_list("between")
            if one in classes and two in classes and classes[one] != classes[two]:
                warnings.append(
                    RunWarning(
                        code="waste",
                        level="W",
                        message=f"{classes[one]} and {classes[two]} meet in the {stream} waste: {pair.text('why')}; keep them apart",
                    )
                )
    return warnings
