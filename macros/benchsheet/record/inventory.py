"""Vessels, waste and hazards as data, and the warnings of wastes that must not be mixed."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import check_known
from ..protocol.tables import DataTable
from ..run.bench import Bench
from ..run.events import RunWarning
from ..run.inputs import RunInputs
from ..run.ledger import Vessel, WellGroup, portion
from ..yamltree import YamlList
from .plate_wells import group_dose
from .quantities import Json, quantity_data


def record_vessels(bench: Bench) -> list[Json]:
    """Return every vessel with its groups and what they hold at the end."""
    return [_vessel(vessel, bench) for vessel in bench.ledger.vessels.values() if vessel.groups]


def _vessel(vessel: Vessel, bench: Bench) -> Json:
    first = next(iter(vessel.groups.values()))
    owner = next((part for part in reversed(bench.nested_benches()) if vessel.id.startswith(part.prefix)), bench)  # whose protocol has the vessel
    entry: Json = {"id": vessel.id, "labware": vessel.labware, "count": vessel.count}
    if first.working_range[1]:
        entry |= {
            "working": [quantity_data(limit, "volume") for limit in first.working_range],
            "fixing": quantity_data(first.fixing_limit, "volume"),
            "brim": quantity_data(first.capacity, "volume"),
        }
    entry["groups"] = [_group(group, bench, owner.compounds, tube=not first.working_range[1]) for group in vessel.groups.values()]
    return entry


def _group(group: WellGroup, bench: Bench, compounds: tuple[str, ...], *, tube: bool) -> Json:
    dose = group_dose(group, bench)
    entry: Json = {
        "id": group.id,
        "size": group.size,
        "role": group.role or group.family,
        "dose": dose,
        "compound": (group.owner or (compounds[0] if len(compounds) == 1 and group.number else None)) if tube or dose else None,
        "volume": quantity_data(group.volume, "volume"),
    }
    return entry | ({"labware": group.labware, "brim": quantity_data(group.capacity, "volume")} if tube else {})


def record_waste(bench: Bench) -> list[Json]:
    """Return the waste by stream and step, with the concentration of each component in it."""
    kinds = {name: q.kind for reagent in bench.reagents.values() for name, q in reagent.contains.items() if q is not None}
    kinds |= {operation.measurement[0]: operation.measurement[1] for step in bench.steps for operation in step.operations if operation.measurement}
    disposal = {part.prefix: _disposal(part.inputs) for part in (bench, *bench.nested_benches())}
    return [
        {
            "stream": stream,
            "components": {name: quantity_data(portion(amount, 1, volume), kinds[name]) for name, amount in contents.items() if amount},
            "volume": quantity_data(volume, "volume"),
            "step": step,
            "disposal": disposal[bench.steps[step - 1].within].get(stream, ""),
        }
        for (stream, step), (volume, contents) in bench.ledger.waste.items()
    ]


def _disposal(inputs: RunInputs) -> dict[str, str]:
    tree = inputs.protocol.tree.mapping("waste")
    return {stream: inputs.interpolate(tree.text(stream)) for stream in tree}


def record_leftovers(inputs: RunInputs) -> list[Json]:
    """Return what else is left at the end and has a disposal in this run."""
    tree = inputs.protocol.tree.mapping("leftovers")
    items = [{"name": name, "disposal": inputs.interpolate(tree.text(name))} for name in tree]
    return [item for item in items if item["disposal"]]


def hazard_entry(table: DataTable, name: str) -> dict[str, Any]:
    """Return the row of a hazard for a sheet; raise ProtocolError if there is no such row.

    A name ``doxorubicin else drug`` asks for the row of doxorubicin, however it is spelled, or else for the words of the row ``drug``.
    """
    own, _, instead = name.rpartition(" else ")
    rows = _fold_names(tuple(table.rows)) if own else {}
    name, found = (rows[_fold_name(own)],) * 2 if _fold_name(own) in rows else (own or instead, instead)
    check_known(found, table.rows, f"no hazard {found!r}", "hazards")
    row = table.rows[found]
    texts = {"name": name} | {key: row.get(key, "") for key in ("signal", "handling", "waste")}
    return {**texts, "pictograms": list(row.get("pictograms", ())), "codes": list(row.get("codes", ()))}


def select_hazards(names: Iterable[str], rows: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the *rows* of hazards with these *names*, each once."""
    return list({rows[name]["name"]: rows[name] for name in names if name in rows}.values())


@functools.lru_cache(maxsize=4)
def _fold_names(names: tuple[str, ...]) -> dict[str, str]:
    return {_fold_name(name): name for name in names}


def _fold_name(name: str) -> str:
    """Return the name of a substance without capitals, spaces and hyphens, which people write differently."""
    return name.casefold().replace(" ", "").replace("-", "")


def find_incompatible(table: DataTable, waste: Mapping[tuple[str, int], tuple[int, Mapping[str, object]]]) -> list[RunWarning]:
    """Return a warning for each pair of incompatible classes in one waste stream."""
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
                message = f"{classes[one]} and {classes[two]} meet in the {stream} waste: {pair.text('why')}; keep them apart"
                warnings.append(RunWarning(code="waste", level="W", message=message))
    return warnings
