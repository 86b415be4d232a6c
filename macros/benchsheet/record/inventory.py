"""Vessels and waste as data, and the warnings of wastes that must not be mixed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ..patterns import compile_when_used
from ..protocol.entries import Sentence
from ..protocol.substances import Substances, index_substances
from ..protocol.tables import DataTable
from ..run.bench import Bench
from ..run.events import RunWarning
from ..run.inputs import RunInputs
from ..run.ledger import Exact, Vessel, WellGroup, portion
from ..units import format_amount
from .plate_wells import label_place, list_doses
from .quantities import quantity_data
from .sentences import fill_sentence

if TYPE_CHECKING:
    from . import material_types as types

WASTE_ROUTE = "waste-route"  # the code of a warning
ROUTE_IT, ROUTE_LEFTOVER = "take it off into another stream, or say the route under waste", "say the route under leftovers"
_WORD = compile_when_used(r"[^\W_][^\s,;:()]*")
_NO_ROUTE = "whose words do not say where it has to go"


def record_vessels(bench: Bench) -> list[types.Vessel]:
    """Return every vessel with its groups and what they hold at the end."""
    return [_vessel(vessel, bench) for vessel in bench.ledger.vessels.values() if vessel.groups]


def _vessel(vessel: Vessel, bench: Bench) -> types.Vessel:
    first = next(iter(vessel.groups.values()))
    owner = next(part for part in reversed(bench.parts()) if vessel.id.startswith(part.scope.prefix))  # whose protocol has the vessel
    groups = [_group(group, bench, owner.compounds, tube=not first.working_range[1]) for group in vessel.groups.values()]
    entry: types.Vessel = {"id": vessel.id, "labware": vessel.labware, "count": vessel.count, "groups": groups}
    if first.working_range[1]:
        entry["working_range"] = [quantity_data(limit, "volume") for limit in first.working_range]
        entry["fixing_limit"] = quantity_data(first.fixing_limit, "volume")
        entry["capacity"] = quantity_data(first.capacity, "volume")
    return entry


def _group(group: WellGroup, bench: Bench, compounds: tuple[str, ...], *, tube: bool) -> types.Group:
    doses = list_doses(group, bench)
    entry: types.Group = {
        "id": group.id,
        "name": group.name,
        "size": group.size,
        "role": group.role or group.family,
        "doses": doses,
        "compound": (group.owner or (compounds[0] if len(compounds) == 1 and group.number else None)) if tube or doses else None,
        "labels": label_place(group),
        "volume": quantity_data(group.volume, "volume"),
        "is_tube": group.position == "tube",
    }
    if tube:
        entry["labware"], entry["capacity"] = group.labware, quantity_data(group.capacity, "volume")
    return entry


def record_waste(bench: Bench) -> list[types.Waste]:
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
    return _fill_sentences(inputs, inputs.protocol.waste)


def record_leftovers(inputs: RunInputs) -> list[types.Leftover]:
    """Return what else is left at the end and has a disposal in this run."""
    return [{"name": name, "disposal": text} for name, text in _fill_sentences(inputs, inputs.protocol.leftovers).items() if text]


def count_containers(bench: Bench) -> str:
    """Return what all that is made is made in, by kind and number, the smallest first: ``16 × 1.5 mL tube, 2 × 15 mL tube``."""
    made = sorted((made for made in bench.journal.preparations if made.container), key=lambda made: made.volume or 0)
    return ", ".join(f"{number} × {kind}" for kind, number in Counter(made.container for made in made).items())


def _fill_sentences(inputs: RunInputs, sentences: Mapping[str, Sentence]) -> dict[str, str]:
    return {name: fill_sentence(inputs, sentence) for name, sentence in sentences.items()}


def find_incompatible(table: DataTable, waste: Mapping[tuple[str, int], tuple[int, Mapping[str, object]]]) -> list[RunWarning]:
    """Return a warning for each pair of substances in one waste stream that must not meet."""
    substances = index_substances(table)
    streams: dict[str, set[str]] = {}
    for (stream, _), (_, holds) in waste.items():
        streams.setdefault(stream, set()).update(holds)
    return [
        RunWarning(code="waste", level="W", message=f"{one} and {two} meet in the {waste_name(stream)}: {pair.why}; keep them apart")
        for stream, components in streams.items()
        for pair, one, two in substances.meet(frozenset(components))
    ]


def find_misrouted(bench: Bench, substances: Substances) -> list[RunWarning]:
    """Return a warning for each substance in a waste stream, or in what is left over, whose words do not say the route that its row gives it."""
    kinds, disposals = _find_kinds(bench), _find_disposals(bench)
    found: dict[tuple[str, str], RunWarning] = {}
    for (stream, number), (volume, holds) in bench.ledger.waste.items():
        disposal = disposals[bench.journal.steps[number - 1].within].get(stream, "")
        for row, held in _list_held(bench, substances, kinds, volume, holds):
            if substances.is_routed(row, stream, disposal) or (stream, row) in found:
                continue
            message = f"{held} goes into the {waste_name(stream)}, {_NO_ROUTE}: {substances.route_text(row)}"
            found[stream, row] = RunWarning(code=WASTE_ROUTE, level="W", message=f"{message}; {ROUTE_IT}", step=number)
    leftovers = []
    for part in bench.parts():
        for entry in record_leftovers(part.inputs):
            name, disposal = entry["name"], entry["disposal"]
            for row, held in _list_left(part, bench, substances, kinds, name).items():
                if not substances.is_routed(row, "", disposal):  # its name says what it is, and not where it goes
                    message = f"{held} is in what is left over as {name!r}, {_NO_ROUTE}: {substances.route_text(row)}"
                    leftovers.append(RunWarning(code=WASTE_ROUTE, level="W", message=f"{message}; {ROUTE_LEFTOVER}", step=0))
    return [*found.values(), *leftovers]


def _list_held(bench: Bench, substances: Substances, kinds: Mapping[str, str], volume: int, holds: Mapping[str, Exact]) -> Iterator[tuple[str, str]]:
    """Yield each substance, by its row, of which *volume* nL hold as much as is told of, and how it is called."""
    for component, amount in holds.items():
        row = substances.find(component) or substances.find(component.partition(" (")[0])
        if not row or not substances.routes_of(row):
            continue
        least, strength = substances.limit(row, "least"), portion(amount, 1, volume)
        if least and (least.kind != kinds[component] or strength < least.value if amount else not _is_poured(bench, row)):
            continue
        yield row, f"{row if component == row else component}{f' ({format_amount(strength, kinds[component])})' if amount else ''}"


def _list_left(part: Bench, bench: Bench, substances: Substances, kinds: Mapping[str, str], name: str) -> dict[str, str]:
    """Return the substances in what *part* leaves over as *name*: those that it names, of the reagents and in the places that are called so.

    What stays in a place is no liquid, and what a lane was loaded with has run out of it.
    """
    held = {row: row for row in substances.rows_within(name)}
    pieces = [piece.casefold() for piece in _WORD.findall(name)]
    words = f" {' '.join([*pieces, ''])}{' '.join([piece.removesuffix('s') for piece in pieces])} "
    for reagent in part.reagents.values() if part.exposures else ():
        if part.exposures and any(f" {each.casefold()} " in words for each in (reagent.name, reagent.family)):
            exposures = [each for each in part.exposures.of(reagent) if each.row and not part.exposures.is_thin(each)]
            held |= {each.row: f"{each.row}{f' ({each.strength})' if each.strength and each.is_own else ''}" for each in exposures}
    for own, vessel_id in part.scope.vessels.items():
        vessel = part.ledger.vessels.get(vessel_id)
        for group in vessel.groups.values() if vessel and f" {own.casefold()} " in words else ():
            if group.volume and group.position != "lane":
                liquid = {each: amount for each, amount in group.contents.items() if each not in part.journal.retained_components}
                held |= dict(_list_held(bench, substances, kinds, group.volume, liquid))
    return {row: text for row, text in held.items() if substances.routes_of(row)}


def _is_poured(bench: Bench, row: str) -> bool:
    """Return whether a liquid that a step pours has so much of the substance of *row*, or an unknown amount, that it is told."""
    used = {operation.reagent for step in bench.journal.steps for operation in step.operations if operation.reagent}
    exposures = bench.exposures
    return exposures is not None and any(
        each.row == row and not exposures.is_thin(each) for name in used for each in exposures.of(bench.reagents[name])
    )


def waste_name(stream: str) -> str:
    """Return what a sheet calls a waste stream: ``drain waste``."""
    return stream if stream.endswith("waste") else f"{stream} waste"
