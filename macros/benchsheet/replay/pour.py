"""Every operation done again, in wells of this module's own: nothing below empty, nothing over the brim, every claim held."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from .parse import GROUPING, PRINTED, TOLERANCE, Place, Replay, volume

POURED = {"add", "bring", "transfer", "wash"}
LIVING = 37  # degrees at which cells are kept


def set_out(run: Replay) -> None:
    """Set out every place, and hold the plate maps against the groups."""
    sizes: dict[str, int] = {}
    plates: dict[str, int] = {}
    for plate in run.record["plates"]:
        plates[plate["vessel"]] = plates.get(plate["vessel"], 0) + len(plate["names"])
        for well, spot in plate["wells"].items():
            inside = re.fullmatch(r"([A-Z])(\d+)", well)
            there = inside and ord(inside[1]) - 64 <= plate["rows"] and 1 <= int(inside[2]) <= plate["columns"]
            run.check(there, f"{plate['layout']}: there is no well {well} on this plate")
            sizes[spot["group"]] = sizes.get(spot["group"], 0) + len(plate["names"])
    for vessel in run.record["vessels"]:
        laid = plates.get(vessel["id"], vessel["count"])
        run.check(laid == vessel["count"], f"{vessel['id']}: {vessel['count']} of them, and {laid} are laid out")
        for group in vessel["groups"]:
            limits = {name: run.amount(group.get(name) or vessel[name]) for name in ("brim", "fixing") if group.get(name) or vessel.get(name)}
            working = tuple(run.amount(limit) for limit in vessel.get("working", ()))
            run.places[group["id"]] = Place(group["size"], limits["brim"], limits.get("fixing", limits["brim"]), working)
            if vessel["id"] in plates:
                size = sizes.get(group["id"], 0)
                run.check(group["size"] == size, f"{group['id']}: {group['size']} places, and the plates have {size}")
            else:
                shared = vessel["count"] > 1 and sum(other["size"] for other in vessel["groups"]) == vessel["count"]
                run.check(shared or group["size"] == vessel["count"], f"{group['id']}: {vessel['count']} of its kind, not {group['size']}")


def step(run: Replay, done: dict[str, Any]) -> None:
    """Do one step again."""
    run.where = f"step {done['number']} {done['title']!r}"
    for operation in done["operations"]:
        _do(run, operation, done)
    for claim in done["claims"]:
        _claimed(run, claim)
    if done["at"] and done["at"]["value"] == LIVING:
        _comfort(run, done)


def _do(run: Replay, o: dict[str, Any], done: dict[str, Any]) -> None:
    source = o.get("reagent") or o.get("from", "")
    what = f"{run.where}, {o['op']} {source}".rstrip()
    each, total = run.amount(o["each"]), run.amount(o["total"])
    targets = [run.places[name] for name in o["to"]]
    count = sum(place.size for place in targets)
    if o["op"] == "measure":
        _found(run, o["found"], targets)
        return
    run.check(each > 0, f"{what}: {o['each']['text']} is nothing")
    run.check(o["count"] == count, f"{what}: {o['count']} places, and there are {count}")
    run.check(each * o["count"] * o["times"] == total, f"{what}: {o['each']['text']} x {o['count']} x {o['times']} is not {o['total']['text']}")
    if o["op"] in POURED:
        said = re.search(rf"(?<![\d.{GROUPING}]){re.escape(o['each']['text'])}(?![\w.])", done["markdown"])
        run.check(said, f"{what}: {o['each']['text']} does not stand in the step's words")
        _pour(run, o, targets, each, total, what, done["number"])
        return
    for place in targets:
        run.check(each <= place.volume, f"{what}: {o['each']['text']} out of {volume(place.volume)}")
        if o["op"] == "remove":
            _empty(run, place, each, o["stream"], done["number"])
        else:
            run.waste["volume"] += place.volume * place.size
            place.volume = Fraction(0)


def _found(run: Replay, found: dict[str, Any], targets: list[Place]) -> None:
    """Take what was measured for what is there: the bench knows better than the sum of what was poured."""
    component, strength = found["component"], run.amount(found["strength"])
    for place in targets:
        run.given[component] += (strength * place.volume - place.holds[component]) * place.size
        place.holds[component] = strength * place.volume


def _pour(run: Replay, o: dict[str, Any], targets: list[Place], each: Fraction, total: Fraction, what: str, number: int) -> None:
    contains = _source(run, o, total, what)
    for place in targets:
        if o["op"] == "wash":
            run.check(place.volume == 0, f"{what}: the wells still hold {volume(place.volume)}")
            run.check(each <= place.brim, f"{what}: {o['each']['text']} into a place for {volume(place.brim)}")
            _gone(run, contains, each * place.size * o["times"], o["stream"], number)
            continue
        most = place.fixing if o["op"] == "bring" else place.brim
        run.check(place.volume + each <= most, f"{what}: {volume(place.volume + each)} in a place for {volume(most)}")
        place.volume += each
        for component, strength in contains.items():
            place.holds[component] += strength * each


def _source(run: Replay, o: dict[str, Any], total: Fraction, what: str) -> dict[str, Fraction]:
    """Draw *total* from a reagent or a tube; return its concentrations."""
    if "reagent" in o:
        run.taken[o["reagent"]] += total
        contains = run.shelf(o["reagent"])
        run.given["volume"] += total
        for component, strength in contains.items():
            run.given[component] += strength * total
        return contains
    tube = run.places[o["from"]]
    run.check(total <= tube.volume * tube.size, f"{what}: {volume(total)} out of {volume(tube.volume * tube.size)}")
    contains = {component: tube.strength(component) for component in tube.holds}
    for component, strength in contains.items():
        tube.holds[component] -= strength * total / tube.size
    tube.volume -= total / tube.size
    return contains


def _empty(run: Replay, place: Place, each: Fraction, stream: str, number: int) -> None:
    leaving = {component: place.strength(component) for component in place.holds if component not in run.stays}
    for component, strength in leaving.items():
        place.holds[component] -= strength * each
    place.volume -= each
    _gone(run, leaving, each * place.size, stream, number)


def _gone(run: Replay, contains: dict[str, Fraction], amount: Fraction, stream: str, number: int) -> None:
    held = run.streams[stream, number]
    for component, strength in {"volume": Fraction(1), **contains}.items():
        run.waste[component] += strength * amount
        held[component] += strength * amount


def _claimed(run: Replay, claim: dict[str, Any]) -> None:
    """Hold what a place contains against what the sheet says, and against what was asked."""
    target, said = run.amount(claim["target"]), run.amount(claim["actual"])
    for at in claim["at"]:
        run.targets.setdefault(at, []).append(claim["target"])
        real = run.places[at].strength(claim["component"])
        what = f"{run.where}: {claim['component']} in {at} comes to {float(real):.5g}"
        run.check(abs(real - said) <= said * PRINTED, f"{what}, the sheet says {claim['actual']['text']}")
        run.check(abs(real - target) <= target * TOLERANCE, f"{what}, too far from {claim['target']['text']}")


def _comfort(run: Replay, done: dict[str, Any]) -> None:
    """Living cells that a step leaves outside the working volume have to be warned of, and nothing else."""
    touched = {name for o in done["operations"] for name in o["to"]}
    outside = any(
        place.working and place.volume and any(place.holds[stay] for stay in run.stays) and not place.working[0] <= place.volume <= place.working[1]
        for name, place in run.places.items()
        if name in touched
    )
    warned = any(w["code"] == "working-volume" and w["step"] == done["number"] for w in run.record["warnings"])
    run.check(
        warned == outside, f"{run.where}: living cells {'outside' if outside else 'within'} their working volume, and the warnings say otherwise"
    )
