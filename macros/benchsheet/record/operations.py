"""The steps of a run as data, with their operations and claims; and its reagents and preparations."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, cast

from ..lab import OverageReason
from ..markup import CITATION_MARK
from ..run.bench import Bench
from ..run.events import Claim, Operation, Part, Preparation, Step, Wait
from ..run.sizing import ShelfAmount
from .hazards import HazardList
from .quantities import exact_time_data, optional_data, quantity_data

if TYPE_CHECKING:
    from . import material_types as materials
    from . import step_types as types


def record_steps(bench: Bench, hazards: HazardList) -> list[types.Step]:
    """Return the steps in their order."""
    display_paths = {part.scope.prefix: part.inputs.protocol.source.display_path for part in bench.parts()}
    ids = name_steps(bench)
    return [_step(step, ids, hazards, display_paths[step.within]) for step in bench.journal.steps]


_ID_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")


def name_steps(bench: Bench) -> dict[str, str]:
    """Return the id of each step by its title: that in small letters, with a number behind it where another step has the same."""
    ids: dict[str, str] = {}
    for step in bench.journal.steps:
        name = "-".join("".join(char if char in _ID_LETTERS else " " for char in step.title.lower()).split()) or "step"
        taken = {*ids.values()}
        ids[step.title] = next(each for number in itertools.count(1) if (each := f"{name}-{number}" if number > 1 else name) not in taken)
    return ids


def _step(step: Step, ids: Mapping[str, str], hazards: HazardList, display_path: Callable[[str], str]) -> types.Step:
    file_paths = {file: display_path(file) for file in {step.file, *(o.location[0] for o in step.operations)}}
    return {
        "id": ids[step.title],
        "number": step.number,
        "title": step.title,
        "markdown": step.markdown,
        "terms": step.terms,
        "location": {"file": file_paths[step.file], "line": step.line},
        "hands_on": {
            "total": exact_time_data(step.hands_on),
            "terms": [{"time": exact_time_data(time), "unit": unit, "count": count or 0} for time, unit, count in step.hands_on_terms],
            "unit": step.unit,
            "text": step.hands_on_rule,
        },
        "wait": _wait(step.wait) if step.wait else None,
        "at": optional_data(step.temperature, "temperature"),
        "equipment": step.equipment,
        "batches": {"sizes": list(step.batches), "text": step.batches_text} if step.batches else None,
        "follows": [ids[title] for title in step.after],
        "pause_point": step.pause_point,
        "hazards": hazards.of_step(step),
        "citations": list(dict.fromkeys(CITATION_MARK.findall(step.markdown))),
        "operations": [_operation(o, file_paths[o.location[0]]) for o in step.operations],
        "claims": [_claim(claim) for claim in step.claims],
    }


def _wait(wait: Wait) -> types.Wait:
    return {"min": quantity_data(wait.least, "time"), "planned": quantity_data(wait.plan, "time"), "max": optional_data(wait.most, "time")}


def _operation(operation: Operation, file: str) -> types.Operation:
    entry: types.Operation = {
        "op": cast("types.Act", operation.op),
        "to": list(operation.to),
        "each": quantity_data(operation.volume_each, "volume"),
        "count": operation.count,
        "times": operation.times,
        "total": quantity_data(operation.total, "volume"),
        "location": {"file": file, "line": operation.location[1]},
    }
    if operation.reagent:
        entry["reagent"] = operation.reagent
    if operation.source:
        entry["from"] = operation.source
    if operation.stream:
        entry["stream"] = operation.stream
    if operation.leave:
        entry["leave"] = quantity_data(operation.leave, "volume")
    if operation.measurement:
        component, kind, strength = operation.measurement
        entry["measured"] = {"component": component, "strength": quantity_data(strength, kind)}
    return entry


def _claim(claim: Claim) -> types.Claim:
    return {
        "at": list(claim.group_ids),
        "component": claim.component,
        "target": quantity_data(claim.target, claim.kind),
        "actual": quantity_data(claim.actual, claim.kind),
    }


def record_reagents(bench: Bench, amounts: dict[str, ShelfAmount], hazards: HazardList) -> list[materials.Reagent]:
    """Return the reagents that the run takes, from the shelf or made, each with the amount to have ready."""
    entries: list[materials.Reagent] = []
    for reagent in bench.reagents.values():
        if reagent.id not in amounts:
            continue
        amount, kind = amounts[reagent.id], "mass" if reagent.solid else "volume"
        item: materials.Reagent = {
            "id": reagent.id,
            "name": reagent.name,
            "contains": {name: quantity_data(q.value if q else None, q.kind if q else "cell density") for name, q in reagent.contains.items()},
            "used": quantity_data(amount.amount_used, kind),
            "prepare": quantity_data(amount.amount, kind),
            "overage": {**_overage(amount.overage_reason), "amount": quantity_data(amount.overage, kind)},
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


def record_preparations(bench: Bench, hazards: HazardList) -> list[materials.Preparation]:
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


def _preparation(preparation: Preparation, hazards: HazardList) -> materials.Preparation:
    entry: materials.Preparation = {
        "id": preparation.id,
        "name": preparation.name,
        "volume": quantity_data(preparation.volume, "volume"),
        "components": [_part(part) for part in preparation.parts],
        "step": preparation.step or None,
        "storage": preparation.storage,
        "table": preparation.table_title,
        "strength": preparation.strength_text,
        "overage": _overage(preparation.overage_reason),
        "note": preparation.note,
        "container": preparation.container,
        "hazards": hazards.of_preparation(preparation),
    }
    if preparation.off_label:
        entry["off_label"] = {component: quantity_data(strength, kind) for component, kind, strength in preparation.off_label}
    return entry


def _overage(reason: OverageReason) -> materials.OverageRule:
    return {"kind": reason.kind, "text": reason.text}


def _part(part: Part) -> materials.Part:
    entry: materials.Part = {"amount": quantity_data(part.amount, part.kind)}
    if "/" in part.source:
        entry["from"] = part.source
    else:
        entry["reagent"] = part.source
    if part.fill_to_mark:
        entry["fill_to_mark"] = True
    if part.formula:
        entry["formula"] = part.formula
    return entry
