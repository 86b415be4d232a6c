"""The Record: one run as plain data, which every face and the replay read and nothing else. Computes nothing."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from . import __version__
from .calculator.timing import quantity as time_quantity
from .errors import ProtocolError
from .ledger import Group, Vessel
from .record.model import Claim, Operation, Part, Preparation, Step
from .schedule import Row, Start, duration
from .spec import Run, canonical
from .spec.fill import shown
from .spec.vessels import Vessel as Plates
from .units import Quantity, printed, show, ucum
from .verbs import Bench, Ready

SCHEMA = "benchsheet-record/1"
_CITED = re.compile(r"\[@([\w-]+)\]")
Json = dict[str, Any]


def quantity(value: Fraction | int | None, kind: str) -> Json:
    """Return a quantity as data: *value* is the very number in *text*; None is a blank to be filled in at the bench."""
    if value is None:
        return {"value": None, "unit": ucum(printed(Fraction(0), kind)[1]), "text": "____"}
    number, unit, text = _said(value, kind)
    return {"value": number, "unit": unit, "text": text}


@functools.lru_cache(maxsize=16384)
def _said(value: Fraction | int, kind: str) -> tuple[int | float, str, str]:
    number, unit = printed(Fraction(value), kind)
    whole = int(number)
    plain = whole if number == whole else float(number)
    if plain and abs(plain) < 1e-4:  # below this JSON would need an exponent
        raise ProtocolError(f"{show(Fraction(value), kind)} is too small to be written plainly", "use a unit in which it is larger")
    return plain, ucum(unit), show(Fraction(value), kind)


def data(value: Any) -> Any:
    """Return a parameter's or a derived value as data."""
    if isinstance(value, Quantity):
        text = show(value.value, value.kind)
        return text if text == "half-log" else quantity(value.value, value.kind) | ({"per": value.per} if value.per else {})
    if isinstance(value, tuple):
        return [data(item) for item in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | Fraction):
        return int(value) if value == int(value) else float(value)
    return str(value)


def command(run: Run, lab_file: str, start: str) -> str:
    """Return the command that makes this sheet again: values that differ, in declared order, quoted where a shell needs it."""
    import shlex

    words = ["benchsheet", "render", run.protocol.id]
    for name in run.given:
        option, text = run.protocol.parameters[name].option, canonical(run.values[name])
        words += [f"{option}={text}"] if text.startswith("-") else [option, text]
    if lab_file:
        words += ["--lab", re.split(r"[\\/]", lab_file)[-1]]
    if start:
        words += ["--start", start]
    return shlex.join(words)


def steps(bench: Bench, hazards: dict[str, Json]) -> list[Json]:
    """Return the steps; a step's hazards are those of the reagents it takes, with the act's own."""
    return [_step(step, bench, hazards) for step in bench.steps]


def _step(step: Step, bench: Bench, hazards: dict[str, Json]) -> Json:
    named = dict.fromkeys(h for o in step.operations if o.reagent for h in bench.reagents[o.reagent].hazards)
    found: Json = {
        "id": re.sub(r"[^a-z0-9]+", "-", step.title.lower()).strip("-"), "number": step.number, "title": step.title, "markdown": step.markdown, "said": step.said,
        "place": {"file": bench.run.protocol.source.name(step.file), "line": step.line},
        "hands_on": quantity(step.hands_on, "time") | {"rule": step.hands_on_rule}, "wait": None, "at": None,
    }  # fmt: skip
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
        "equipment": step.equipment, "batches": 1, "after": list(step.after), "pause_point": step.pause_point,
        "hazards": [{"name": name, **hazards[name]} for name in named if name in hazards] + ([{"name": "act", "handling": step.act_hazard}] if step.act_hazard else []),
        "citations": list(dict.fromkeys(_CITED.findall(step.markdown))),
        "operations": [_operation(o, bench) for o in step.operations], "claims": [_claim(claim) for claim in step.claims],
    }  # fmt: skip
    return found


def _operation(o: Operation, bench: Bench) -> Json:
    found: Json = {"op": o.op}
    if o.reagent:
        found["reagent"] = o.reagent
    if o.source:
        found["from"] = o.source
    found |= {"to": list(o.to), "each": quantity(o.each, "volume"), "count": o.count, "times": o.times, "total": quantity(o.total, "volume")}
    if o.stream:
        found["stream"] = o.stream
    return found | {"place": {"file": bench.run.protocol.source.name(o.file), "line": o.line}}


def _claim(claim: Claim) -> Json:
    return {
        "at": list(claim.at),
        "component": claim.component,
        "target": quantity(claim.target, claim.kind),
        "actual": quantity(claim.actual, claim.kind),
    }


def reagents(bench: Bench, ready: dict[str, Ready]) -> list[Json]:
    """Return what the run takes, from the shelf or made, with what to have ready."""
    found = []
    for reagent in bench.reagents.values():
        if reagent.id not in ready:
            continue
        need, kind = ready[reagent.id], "mass" if reagent.solid else "volume"
        item: Json = {
            "id": reagent.id, "name": reagent.name, "contains": {name: quantity(None if q is None else q.value, q.kind if q else "cell density") for name, q in reagent.contains.items()},
            "used": quantity(need.used, kind), "prepare": quantity(need.amount, kind), "overage": {"rule": need.rule, "amount": quantity(need.spare, kind)}, "made": need.made,
            "hazards": list(reagent.hazards), "storage": reagent.storage, "note": need.note or reagent.note,
        }  # fmt: skip
        if reagent.solid:
            mass = reagent.molar_mass
            item["solid"] = {"component": reagent.solid, "molar_mass": quantity(mass.value, "molar mass") if mass else None}
        found.append(item)
    return found


def preparations(bench: Bench, hazards: dict[str, Json]) -> list[Json]:
    """Return what is made: recipes first, in the order in which they are needed, then the tubes made at the bench."""
    ordered = [p for p in bench.preparations if not p.step] + [p for p in bench.preparations if p.step]
    return [_preparation(preparation, hazards) for preparation in ordered]


def _preparation(made: Preparation, hazards: dict[str, Json]) -> Json:
    return {
        "id": made.id, "name": made.name, "volume": quantity(made.volume, "volume"), "components": [_part(part) for part in made.parts], "step": made.step or None,
        "keeps": made.keeps, "table": made.table, "holds": made.holds, "rule": made.rule, "note": made.note, "container": made.container, "hazards": [{"name": name, **hazards[name]} for name in made.hazards if name in hazards],
    }  # fmt: skip


def _part(part: Part) -> Json:
    found: Json = {"from" if "/" in part.source else "reagent": part.source, "amount": quantity(part.amount, part.kind)}
    if part.about:
        found["about"] = True
    if part.formula:
        found["formula"] = part.formula
    return found


def vessels(bench: Bench) -> list[Json]:
    """Return every vessel with its groups and what they hold at the end."""
    return [_vessel(vessel, bench) for vessel in bench.ledger.vessels.values() if vessel.groups]


def _vessel(vessel: Vessel, bench: Bench) -> Json:
    first = next(iter(vessel.groups.values()))
    found: Json = {"id": vessel.id, "labware": vessel.labware, "count": vessel.count}
    if first.working[1]:
        found |= {
            "working": [quantity(limit, "volume") for limit in first.working],
            "fixing": quantity(first.fixing, "volume"),
            "brim": quantity(first.brim, "volume"),
        }
    found["groups"] = [_group(group, bench, tube=not first.working[1]) for group in vessel.groups.values()]
    return found


def _group(group: Group, bench: Bench, *, tube: bool) -> Json:
    found: Json = {
        "id": group.id,
        "size": group.size,
        "role": group.role or group.family,
        "dose": _dose(group, bench),
        "compound": group.of or (bench.compounds[0] if len(bench.compounds) == 1 and group.number else None),
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
            found.append({"layout": f"{vessel.id}, {layout.id}" if layout.id != vessel.id else vessel.id, "vessel": vessel.id, "labware": vessel.plate.name,
                          "rows": vessel.plate.rows, "columns": vessel.plate.columns, "names": list(layout.names), "wells": wells})  # fmt: skip
    return found


def _marks(groups: Iterable[Group], rest: str) -> dict[str, str]:
    """Return a mark of at most three signs for each group: D3 for dose 3, V for vehicle, a dot for unused wells."""
    found: dict[str, str] = {}
    for group in groups:
        if group.name == rest:
            found[group.name] = "."
            continue
        role = group.role or group.family
        lengths = [role[:length].capitalize() for length in (1, 2, 3)]
        taken = {mark for name, mark in found.items() if not group.number}
        mark = lengths[0] if group.number else next((word for word in lengths if word not in taken), lengths[-1])
        found[group.name] = f"{mark}{group.number}" if group.number else mark
    return found


def timetable(rows: Iterable[Row], start: Start | None) -> list[Json]:
    """Return the schedule: clock times with a start, else durations from the first step."""
    tell = start.at if start else duration
    return [
        {"step": row.step, "kind": row.kind, "start": tell(row.start), "end": tell(row.end), "every": quantity(row.every, "time"), "times": row.times,
         "who": "person 1" if row.kind == "hands_on" else "", "equipment": row.equipment, "units": row.units}
        for row in rows
    ]  # fmt: skip


def parameters(run: Run) -> Json:
    """Return every parameter with its value as data and as text, and whether it differs from the default."""
    return {
        name: {
            "label": parameter.label,
            "value": data(run.values[name]),
            "text": _text(run.values[name]),
            "changed": name in run.given,
            "used": name not in run.unused,
            "evidence": parameter.evidence,
            "citations": list(parameter.cite),
        }
        for name, parameter in run.protocol.parameters.items()
    }


def _text(value: Any) -> str:
    """Return a parameter's value as text, nothing where it was left open."""
    if value is None or isinstance(value, tuple) and set(value) == {None}:
        return ""
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return canonical(value)
    return str(value) if isinstance(value, Quantity) else shown(value)


def derived(run: Run) -> Json:
    """Return every derived value."""
    return {
        name: {"label": item.label, "value": data(run.values[name]), "text": shown(run.values[name])} for name, item in run.protocol.derived.items()
    }


def waste(bench: Bench) -> list[Json]:
    """Return what leaves, by stream and step, with the concentration of each component in it."""
    kinds = {name: q.kind for reagent in bench.reagents.values() for name, q in reagent.contains.items() if q is not None}
    tree = bench.run.protocol.tree.map("waste")
    disposal = {stream: bench.run.fill(tree.text(stream)) for stream in tree}
    found: list[Json] = []
    for (stream, step), (volume, holds) in bench.ledger.waste.items():
        strengths = {name: quantity(amount / volume, kinds[name]) for name, amount in holds.items() if amount}
        found.append(
            {"stream": stream, "components": strengths, "volume": quantity(volume, "volume"), "step": step, "disposal": disposal.get(stream, "")}
        )
    return found


def leftovers(run: Run) -> list[Json]:
    """Return what else is left at the end, and where it goes."""
    tree = run.protocol.tree.map("leftovers")
    return [{"name": name, "disposal": run.fill(tree.text(name))} for name in tree]


def lab(bench: Bench) -> list[Json]:
    """Return the lab's settings that mattered: the small instruments first."""
    order = [device.name for device in (*bench.lab.pipettes, *bench.lab.balances)]
    used = sorted(bench.used.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order))
    return [{"name": "profile", "value": bench.lab.name}, *({"name": name, "value": text} for name, text in used)]


def head(run: Run, bench: Bench, start: Start | None) -> Json:
    """Return what the sheet is: protocol, engine, command, counts."""
    protocol = run.protocol
    return {
        "schema": SCHEMA, "engine": __version__, "protocol": {"id": protocol.id, "title": protocol.title, "version": protocol.version, "summary": protocol.summary},
        "command": command(run, bench.lab.file, start.local.isoformat(timespec="minutes") if start else ""), "parameters": parameters(run), "counts": dict(run.counts), "stays": sorted(bench.stays),
    }  # fmt: skip


def total_time(bench: Bench) -> Json:
    """Return the hands-on time of the whole run."""
    return quantity(sum((step.hands_on for step in bench.steps), time_quantity(Fraction(0)).value), "time")
