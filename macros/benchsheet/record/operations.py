"""What is done and what is made, as data: steps, operations, claims, reagents, preparations. Computes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..run.bench import Bench
from ..run.events import Claim, Operation, Part, Preparation, Step
from ..run.sizing import Ready
from .hazards import told
from .quantities import Json, quantity

_CITED = re.compile(r"\[@([\w-]+)\]")


def steps(bench: Bench, hazards: dict[str, Json]) -> list[Json]:
    """Return the steps; a step's hazards are those of the reagents it takes, with the act's own."""
    named = {part.prefix: part.run.protocol.source.name for part in (bench, *bench.parts())}
    return [_step(step, bench, hazards, named[step.within]) for step in bench.steps]


def _step(step: Step, bench: Bench, hazards: dict[str, Json], called: Callable[[str], str]) -> Json:
    named = dict.fromkeys(h for o in step.operations if o.reagent for h in bench.reagents[o.reagent].hazards)
    places = {file: called(file) for file in {step.file, *(o.file for o in step.operations)}}
    found: Json = {
        "id": re.sub(r"[^a-z0-9]+", "-", step.title.lower()).strip("-"),
        "number": step.number,
        "title": step.title,
        "markdown": step.markdown,
        "said": step.said,
        "place": {"file": places[step.file], "line": step.line},
        "hands_on": quantity(step.hands_on, "time") | {"rule": step.hands_on_rule},
        "wait": None,
        "at": None,
    }
    if step.wait:
        wait = step.wait
        found["wait"] = {
            "min": quantity(wait.least, "time"),
            "planned": quantity(wait.planned, "time"),
            "max": None if wait.most is None else quantity(wait.most, "time"),
        }
    if step.at_value is not None:
        found["at"] = quantity(step.at_value, "temperature")
    found |= {
        "equipment": step.equipment,
        "batches": len(step.lots) or 1,
        "batching": step.batching,
        "after": list(step.after),
        "pause_point": step.pause_point,
        "hazards": told(named, hazards) + ([{"name": "act", "handling": step.act_hazard}] if step.act_hazard else []),
        "citations": list(dict.fromkeys(_CITED.findall(step.markdown))),
        "operations": [_operation(o, places[o.file]) for o in step.operations],
        "claims": [_claim(claim) for claim in step.claims],
    }
    return found


def _operation(o: Operation, file: str) -> Json:
    found: Json = {"op": o.op}
    if o.reagent:
        found["reagent"] = o.reagent
    if o.source:
        found["from"] = o.source
    found["to"], found["each"], found["count"], found["times"] = list(o.to), quantity(o.each, "volume"), o.count, o.times
    found["total"] = quantity(o.total, "volume")
    if o.stream:
        found["stream"] = o.stream
    if o.found:
        found["found"] = {"component": o.found[0], "strength": quantity(o.found[2], o.found[1])}
    found["place"] = {"file": file, "line": o.line}
    return found


def _claim(claim: Claim) -> Json:
    return {
        "at": list(claim.at),
        "component": claim.component,
        "target": quantity(claim.target, claim.kind),
        "actual": quantity(claim.actual, claim.kind),
    }


def reagents(bench: Bench, ready: dict[str, Ready], hazards: dict[str, Json]) -> list[Json]:
    """Return what the run takes, from the shelf or made, with what to have ready."""
    found = []
    for reagent in bench.reagents.values():
        if reagent.id not in ready:
            continue
        need, kind = ready[reagent.id], "mass" if reagent.solid else "volume"
        item: Json = {
            "id": reagent.id,
            "name": reagent.name,
            "contains": {name: quantity(None if q is None else q.value, q.kind if q else "cell density") for name, q in reagent.contains.items()},
            "used": quantity(need.used, kind),
            "prepare": quantity(need.amount, kind),
            "overage": {"rule": need.rule, "amount": quantity(need.spare, kind)},
            "made": need.made,
            "hazards": list(dict.fromkeys(hazards[name]["name"] if name in hazards else name for name in reagent.hazards)),
            "storage": reagent.storage,
            "note": need.note or reagent.note,
        }
        if reagent.solid:
            mass = reagent.molar_mass
            item["solid"] = {"component": reagent.solid, "molar_mass": quantity(mass.value, "molar mass") if mass else None}
        found.append(item)
    return found


def preparations(bench: Bench, hazards: dict[str, Json]) -> list[Json]:
    """Return what is made: recipes first, as declared and each below what it is made from, then the tubes made at the bench."""
    recipes = {p.id: p for p in bench.preparations if not p.step}
    ordered: dict[str, Preparation] = {}

    def take(made: Preparation) -> None:
        for part in made.parts:
            if part.source in recipes and part.source not in ordered:
                take(recipes[part.source])
        ordered[made.id] = made

    for made in recipes.values():
        if made.id not in ordered:
            take(made)
    return [_preparation(each, hazards) for each in (*ordered.values(), *(p for p in bench.preparations if p.step))]


def _preparation(made: Preparation, hazards: dict[str, Json]) -> Json:
    return {
        "id": made.id,
        "name": made.name,
        "volume": quantity(made.volume, "volume"),
        "components": [_part(part) for part in made.parts],
        "step": made.step or None,
        "keeps": made.keeps,
        "table": made.table,
        "holds": made.holds,
        "rule": made.rule,
        "note": made.note,
        "container": made.container,
        "hazards": told(made.hazards, hazards),
    }


def _part(part: Part) -> Json:
    found: Json = {"from" if "/" in part.source else "reagent": part.source, "amount": quantity(part.amount, part.kind)}
    if part.about:
        found["about"] = True
    if part.formula:
        found["formula"] = part.formula
    return found
