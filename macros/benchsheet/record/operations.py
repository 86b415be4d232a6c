"""The steps of a run as data, with their operations and claims; and its reagents and preparations."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..markup import CITATION_MARK
from ..run.bench import Bench
from ..run.events import Claim, Operation, Part, Preparation, Step
from ..run.sizing import ShelfAmount
from .hazards import HazardList
from .quantities import Json, exact_time_data, optional_data, quantity_data


def record_steps(bench: Bench, hazards: HazardList) -> list[Json]:
    """Return the steps in their order."""
    display_paths = {part.scope.prefix: part.inputs.protocol.source.display_path for part in bench.parts()}
    return [_step(step, hazards, display_paths[step.within]) for step in bench.journal.steps]


def _step(step: Step, hazards: HazardList, display_path: Callable[[str], str]) -> Json:
    file_paths = {file: display_path(file) for file in {step.file, *(o.location[0] for o in step.operations)}}
    wait = step.wait
    return {
        "id": re.sub(r"[^a-z0-9]+", "-", step.title.lower()).strip("-"),
        "number": step.number,
        "title": step.title,
        "markdown": step.markdown,
        "said": step.terms,
        "place": {"file": file_paths[step.file], "line": step.line},
        "hands_on": exact_time_data(step.hands_on) | {"rule": step.hands_on_rule},
        "wait": wait and {key: optional_data(value, "time") for key, value in (("min", wait.least), ("planned", wait.plan), ("max", wait.most))},
        "at": optional_data(step.temperature, "temperature"),
        "equipment": step.equipment,
        "batches": len(step.batches) or 1,
        "batching": step.batches_text,
        "after": list(step.after),
        "pause_point": step.pause_point,
        "hazards": hazards.of_step(step),
        "citations": list(dict.fromkeys(CITATION_MARK.findall(step.markdown))),
        "operations": [_operation(o, file_paths[o.location[0]]) for o in step.operations],
        "claims": [_claim(claim) for claim in step.claims],
    }


def _operation(operation: Operation, file: str) -> Json:
    entry: Json = {"op": operation.op}
    if operation.reagent:
        entry["reagent"] = operation.reagent
    if operation.source:
        entry["from"] = operation.source
    entry["to"] = list(operation.to)
    entry["each"] = quantity_data(operation.volume_each, "volume")
    entry["count"], entry["times"] = operation.count, operation.times
    entry["total"] = quantity_data(operation.total, "volume")
    if operation.stream:
        entry["stream"] = operation.stream
    if operation.leave:
        entry["leave"] = quantity_data(operation.leave, "volume")
    if operation.measurement:
        component, kind, strength = operation.measurement
        entry["found"] = {"component": component, "strength": quantity_data(strength, kind)}
    entry["place"] = {"file": file, "line": operation.location[1]}
    return entry


def _claim(claim: Claim) -> Json:
    return {
        "at": list(claim.group_ids),
        "component": claim.component,
        "target": quantity_data(claim.target, claim.kind),
        "actual": quantity_data(claim.actual, claim.kind),
    }


def record_reagents(bench: Bench, amounts: dict[str, ShelfAmount], hazards: HazardList) -> list[Json]:
    """Return the reagents that the run takes, from the shelf or made, each with the amount to have ready."""
    entries = []
    for reagent in bench.reagents.values():
        if reagent.id not in amounts:
            continue
        amount, kind = amounts[reagent.id], "mass" if reagent.solid else "volume"
        item: Json = {
            "id": reagent.id,
            "name": reagent.name,
            "contains": {name: quantity_data(q.value if q else None, q.kind if q else "cell density") for name, q in reagent.contains.items()},
            "used": quantity_data(amount.amount_used, kind),
            "prepare": quantity_data(amount.amount, kind),
            "overage": {"rule": amount.overage_text, "amount": quantity_data(amount.overage, kind)},
            "made": amount.is_made,
            "hazards": list(dict.fromkeys(entry["name"] for entry in hazards.of_reagent(reagent.id))),
            "storage": reagent.storage,
            "note": amount.note or reagent.note,
        }
        if reagent.solid:
            mass = reagent.molar_mass
            item["solid"] = {"component": reagent.solid, "molar_mass": optional_data(mass.value if mass else None, "molar mass")}
        entries.append(item)
    return entries


def record_preparations(bench: Bench, hazards: HazardList) -> list[Json]:
    """Return what is made: recipes in the order of the protocol but each after those it is made from, then the tubes made in the steps."""
    recipes = {p.id: p for p in bench.journal.preparations if not p.step}
    in_order: dict[str, Preparation] = {}

    def take(preparation: Preparation) -> None:
        for part in preparation.parts:
            if part.source in recipes and part.source not in in_order:
                take(recipes[part.source])
        in_order[preparation.id] = preparation

    for preparation in recipes.values():
        if preparation.id not in in_order:
            take(preparation)
    return [_preparation(each, hazards) for each in (*in_order.values(), *(p for p in bench.journal.preparations if p.step))]


def _preparation(preparation: Preparation, hazards: HazardList) -> Json:
    off_label = {component: quantity_data(strength, kind) for component, kind, strength in preparation.off_label}
    return {
        "id": preparation.id,
        "name": preparation.name,
        "volume": quantity_data(preparation.volume, "volume"),
        "components": [_part(part) for part in preparation.parts],
        "step": preparation.step or None,
        "keeps": preparation.storage,
        "table": preparation.table_title,
        "holds": preparation.strength_text,
        "rule": preparation.overage_text,
        "note": preparation.note,
        "container": preparation.container,
        "hazards": hazards.of_preparation(preparation),
        **({"comes_to": off_label} if off_label else {}),
    }


def _part(part: Part) -> Json:
    entry: Json = {"from" if "/" in part.source else "reagent": part.source, "amount": quantity_data(part.amount, part.kind)}
    if part.fill_to_mark:
        entry["about"] = True
    if part.formula:
        entry["formula"] = part.formula
    return entry
