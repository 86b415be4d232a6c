"""Vessels and waste as data, and the warnings of wastes that must not be mixed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from ..errors import locate_errors
from ..protocol.substances import Substances, index_substances
from ..protocol.tables import DataTable
from ..run.bench import Bench
from ..run.events import RunWarning
from ..run.inputs import RunInputs
from ..run.ledger import Vessel, WellGroup, portion
from ..units import format_amount
from ..yamltree import YamlMap
from .plate_wells import group_dose
from .quantities import Json, quantity_data
from .sentences import fill_sentence

WASTE_ROUTE = "waste-route"  # the code of a warning
ROUTE_IT = "take it off into another stream, or say the route under waste"


def record_vessels(bench: Bench) -> list[Json]:
    """Return every vessel with its groups and what they hold at the end."""
    return [_vessel(vessel, bench) for vessel in bench.ledger.vessels.values() if vessel.groups]


def _vessel(vessel: Vessel, bench: Bench) -> Json:
    first = next(iter(vessel.groups.values()))
    owner = next(part for part in reversed(bench.parts()) if vessel.id.startswith(part.scope.prefix))  # whose protocol has the vessel
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
    kinds, disposal = _find_kinds(bench), _find_disposals(bench)
    return [
        {
            "stream": stream,
            "components": {name: quantity_data(portion(amount, 1, volume), kinds[name]) for name, amount in contents.items() if amount},
            "volume": quantity_data(volume, "volume"),
            "step": step,
            "disposal": disposal[bench.journal.steps[step - 1].within].get(stream, ""),
        }
        for (stream, step), (volume, contents) in bench.ledger.waste.items()
    ]


def _find_kinds(bench: Bench) -> dict[str, str]:
    kinds = {name: q.kind for reagent in bench.reagents.values() for name, q in reagent.contains.items() if q is not None}
    return kinds | {
        operation.measurement[0]: operation.measurement[1] for step in bench.journal.steps for operation in step.operations if operation.measurement
    }


def _find_disposals(bench: Bench) -> dict[str, dict[str, str]]:
    return {part.scope.prefix: _disposal(part.inputs) for part in bench.parts()}


def _disposal(inputs: RunInputs) -> dict[str, str]:
    tree = inputs.protocol.tree.mapping("waste")
    return _fill_sentences(inputs, tree, "the disposal of a waste")


def record_leftovers(inputs: RunInputs) -> list[Json]:
    """Return what else is left at the end and has a disposal in this run."""
    tree = inputs.protocol.tree.mapping("leftovers")
    return [{"name": name, "disposal": text} for name, text in _fill_sentences(inputs, tree, "the disposal of what is left").items() if text]


def count_containers(bench: Bench) -> str:
    """Return what all that is made is made in, by kind and number, the smallest first: ``16 × 1.5 mL tube, 2 × 15 mL tube``."""
    made = sorted((made for made in bench.journal.preparations if made.container), key=lambda made: made.volume or 0)
    return ", ".join(f"{number} × {kind}" for kind, number in Counter(made.container for made in made).items())


def _fill_sentences(inputs: RunInputs, tree: YamlMap, what: str) -> dict[str, str]:
    texts = {}
    for name in tree:
        with locate_errors(tree.file, tree.lines[name]):
            texts[name] = fill_sentence(inputs, tree[name], what)
    return texts


def find_incompatible(table: DataTable, waste: Mapping[tuple[str, int], tuple[int, Mapping[str, object]]]) -> list[RunWarning]:
    """Return a warning for each pair of substances in one waste stream that must not meet."""
    substances = index_substances(table)
    streams: dict[str, set[str]] = {}
    for (stream, _), (_, holds) in waste.items():
        streams.setdefault(stream, set()).update(holds)
    return [
        RunWarning(code="waste", level="W", message=f"{one} and {two} meet in the {_waste_name(stream)}: {pair.why}; keep them apart")
        for stream, components in streams.items()
        for pair, one, two in substances.meet(frozenset(components))
    ]


def find_misrouted(bench: Bench, substances: Substances) -> list[RunWarning]:
    """Return a warning for each substance in a waste stream whose words do not say the route that the table of hazards gives it."""
    kinds, disposals = _find_kinds(bench), _find_disposals(bench)
    found: dict[tuple[str, str], RunWarning] = {}
    for (stream, number), (volume, holds) in bench.ledger.waste.items():
        disposal = disposals[bench.journal.steps[number - 1].within].get(stream, "")
        for component, amount in holds.items():
            row = substances.find(component) or substances.find(component.partition(" (")[0])
            if not row or substances.is_routed(row, stream, disposal) or (stream, row) in found:
                continue
            least, strength = substances.limit(row, "least"), portion(amount, 1, volume)
            if least and (least.kind != kinds[component] or strength < least.value if amount else not _is_poured(bench, row)):
                continue
            held = f"{row if component == row else component}{f' ({format_amount(strength, kinds[component])})' if amount else ''}"
            route = substances.cell(row, "waste").partition(";")[0]
            message = f"{held} goes into the {_waste_name(stream)}, whose words do not say where it has to go: {route}"
            found[stream, row] = RunWarning(code=WASTE_ROUTE, level="W", message=f"{message}; {ROUTE_IT}", step=number)
    return list(found.values())


def _is_poured(bench: Bench, row: str) -> bool:
    """Return whether a liquid that a step pours has so much of the substance of *row*, or an unknown amount, that it is told."""
    used = {operation.reagent for step in bench.journal.steps for operation in step.operations if operation.reagent}
    exposures = bench.exposures
    return exposures is not None and any(
        each.row == row and not exposures.is_thin(each) for name in used for each in exposures.of(bench.reagents[name])
    )


def _waste_name(stream: str) -> str:
    return stream if stream.endswith("waste") else f"{stream} waste"
