"""Who holds what, as data: vessels, plate maps, waste. Computes nothing but the strength of a waste stream."""

from __future__ import annotations

from collections.abc import Iterable

from ..run.bench import Bench
from ..run.inputs import Run
from ..run.ledger import Group, Vessel, portion
from ..run.racks import Vessel as Plates
from .quantities import Json, quantity


def vessels(bench: Bench) -> list[Json]:
    """Return every vessel with its groups and what they hold at the end."""
    return [_vessel(vessel, bench) for vessel in bench.ledger.vessels.values() if vessel.groups]


def _vessel(vessel: Vessel, bench: Bench) -> Json:
    first = next(iter(vessel.groups.values()))
    compounds = _whose(vessel, bench).compounds
    found: Json = {"id": vessel.id, "labware": vessel.labware, "count": vessel.count}
    if first.working[1]:
        found |= {
            "working": [quantity(limit, "volume") for limit in first.working],
            "fixing": quantity(first.fixing, "volume"),
            "brim": quantity(first.brim, "volume"),
        }
    found["groups"] = [_group(group, bench, compounds, tube=not first.working[1]) for group in vessel.groups.values()]
    return found


def _whose(vessel: Vessel, bench: Bench) -> Bench:
    """Return the bench of the protocol that brought a vessel: this one, or one in it."""
    return next((part for part in reversed(bench.parts()) if vessel.id.startswith(part.prefix)), bench)


def _group(group: Group, bench: Bench, compounds: tuple[str, ...], *, tube: bool) -> Json:
    found: Json = {
        "id": group.id,
        "size": group.size,
        "role": group.role or group.family,
        "dose": _dose(group, bench),
        "compound": group.of or (compounds[0] if len(compounds) == 1 and group.number else None),
        "volume": quantity(group.volume, "volume"),
    }
    return found | ({"labware": group.labware, "brim": quantity(group.brim, "volume")} if tube else {})


def _dose(group: Group, bench: Bench) -> Json | None:
    if group.id not in bench.targets or not group.number:
        return None
    _, kind, target = bench.targets[group.id]
    return quantity(target, kind)


def plates(bench: Bench, declared: Iterable[Plates]) -> list[Json]:
    """Return one entry a layout, with the plates that are laid out so."""
    found = []
    for vessel in declared:
        groups = bench.ledger.vessels[vessel.id].groups
        short = _marks(groups.values(), vessel.rest)
        marks = {name: {"mark": short[name], "group": g.id, "role": g.role, "dose": _dose(g, bench)} for name, g in groups.items()}
        for layout in vessel.layouts:
            mine = {name: mark | {"compound": layout.compound or None} for name, mark in marks.items()}
            wells = {well: mine[name] for well, name in layout.wells.items()}
            found.append(
                {
                    "layout": f"{vessel.id}, {layout.id}" if layout.id != vessel.id else vessel.id,
                    "vessel": vessel.id,
                    "labware": vessel.plate.name,
                    "rows": vessel.plate.rows,
                    "columns": vessel.plate.columns,
                    "names": list(layout.names),
                    "wells": wells,
                }
            )
    return found


def _marks(groups: Iterable[Group], rest: str) -> dict[str, str]:
    """Return a mark of at most three signs for each group: D3 for dose 3, V for vehicle, a dot for unused wells."""
    found: dict[str, str] = {}
    for group in groups:
        if group.name == rest:
            found[group.name] = "."
            continue
        role = (group.family if group.number else group.role) or group.role or group.family
        lengths = [role[:length].capitalize() for length in (1, 2, 3)]
        taken = {mark for name, mark in found.items() if not group.number}
        mark = lengths[0] if group.number else next((word for word in lengths if word not in taken), lengths[-1])
        found[group.name] = f"{mark}{group.number}" if group.number else mark
    return found


def waste(bench: Bench) -> list[Json]:
    """Return what leaves, by stream and step, with the concentration of each component in it."""
    kinds = {name: q.kind for reagent in bench.reagents.values() for name, q in reagent.contains.items() if q is not None}
    kinds |= {operation.found[0]: operation.found[1] for step in bench.steps for operation in step.operations if operation.found}
    disposal = {part.prefix: _disposal(part.run) for part in (bench, *bench.parts())}
    found: list[Json] = []
    for (stream, step), (volume, holds) in bench.ledger.waste.items():
        strengths = {name: quantity(portion(amount, 1, volume), kinds[name]) for name, amount in holds.items() if amount}
        found.append(
            {
                "stream": stream,
                "components": strengths,
                "volume": quantity(volume, "volume"),
                "step": step,
                "disposal": disposal[bench.steps[step - 1].within].get(stream, ""),
            }
        )
    return found


def _disposal(run: Run) -> dict[str, str]:
    tree = run.protocol.tree.map("waste")
    return {stream: run.fill(tree.text(stream)) for stream in tree}


def leftovers(run: Run) -> list[Json]:
    """Return what else is left at the end, and where it goes; what goes nowhere in this run is left out."""
    tree = run.protocol.tree.map("leftovers")
    found = [{"name": name, "disposal": run.fill(tree.text(name))} for name in tree]
    return [item for item in found if item["disposal"]]
