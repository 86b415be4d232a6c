"""The replay of every operation in wells of its own: checks that no place is overdrawn or overfilled, and that every claim holds."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from .parse import GROUP_SPACE, POUR_OPERATIONS, PRINT_TOLERANCE, Replay, ReplayGroup, microlitre_text
from .words import check_shares, check_washes

INCUBATOR_DEGREES = 37  # °C at which cells are kept


def set_up_groups(run: Replay) -> None:
    """Create every group of places, and compare the plate maps with the groups."""
    sizes: dict[str, int] = {}
    plates: dict[str, int] = {}
    for plate in run.record["plates"]:
        plates[plate["vessel"]] = plates.get(plate["vessel"], 0) + len(plate["names"])
        for well, group in plate["wells"].items():
            inside = re.fullmatch(r"([A-Z])(\d+)", well)
            there = inside and ord(inside[1]) - 64 <= plate["rows"] and 1 <= int(inside[2]) <= plate["columns"]
            run.check(there, f"{plate['layout']}: there is no well {well} on this plate")
            sizes[group] = sizes.get(group, 0) + len(plate["names"])
    for vessel in run.record["vessels"]:
        on_plates = plates.get(vessel["id"], vessel["count"])
        run.check(on_plates == vessel["count"], f"{vessel['id']}: {vessel['count']} of them, and {on_plates} are laid out")
        for group in vessel["groups"]:
            limits = {
                name: run.read_amount(group.get(name) or vessel[name]) for name in ("capacity", "fixing_limit") if group.get(name) or vessel.get(name)
            }
            working = tuple(run.read_amount(limit) for limit in vessel.get("working_range", ()))
            run.groups[group["id"]] = ReplayGroup(
                size=group["size"], capacity=limits["capacity"], fixing_limit=limits.get("fixing_limit", limits["capacity"]), working_range=working
            )
            if vessel["id"] in plates:
                size = sizes.get(group["id"], 0)
                run.check(group["size"] == size, f"{group['id']}: {group['size']} places, and the plates have {size}")
            else:
                one_of_each = vessel["count"] > 1 and sum(other["size"] for other in vessel["groups"]) == vessel["count"]
                run.check(one_of_each or group["size"] == vessel["count"], f"{group['id']}: {vessel['count']} of its kind, not {group['size']}")


def replay_step(run: Replay, record_step: dict[str, Any]) -> None:
    """Repeat the operations of one step, and check its claims."""
    run.location = f"step {record_step['number']} {record_step['title']!r}"
    for operation in record_step["operations"]:
        _replay_operation(run, operation, record_step)
    check_shares(run, record_step, run.location)
    for claim in record_step["claims"]:
        _check_claim(run, claim)
    if record_step["at"] and record_step["at"]["value"] == INCUBATOR_DEGREES:
        _check_working_range(run, record_step)


def _replay_operation(run: Replay, operation: dict[str, Any], record_step: dict[str, Any]) -> None:
    source = operation.get("reagent") or operation.get("from", "")
    what = f"{run.location}, {operation['op']} {source}".rstrip()
    volume_each, total = run.read_amount(operation["each"]), run.read_amount(operation["total"])
    targets = [run.groups[name] for name in operation["to"]]
    count = sum(place.size for place in targets)
    if operation["op"] == "measure":
        _apply_measurement(run, operation["measured"], targets)
        return
    run.check(volume_each > 0, f"{what}: {operation['each']['text']} is nothing")
    run.check(operation["count"] == count, f"{what}: {operation['count']} places, and there are {count}")
    run.check(
        volume_each * operation["count"] * operation["times"] == total,
        f"{what}: {operation['each']['text']} x {operation['count']} x {operation['times']} is not {operation['total']['text']}",
    )
    if operation["op"] in POUR_OPERATIONS:
        mention = re.search(rf"(?<![\d.{GROUP_SPACE}]){re.escape(operation['each']['text'])}(?![\w.])", record_step["markdown"])
        run.check(mention, f"{what}: {operation['each']['text']} does not stand in the step's words")
        if operation["op"] == "wash":
            check_washes(run, operation, record_step, what)
        _pour_into(run, operation, targets, volume_each, total, what, record_step["number"])
        return
    for place in targets:
        run.check(volume_each <= place.volume, f"{what}: {operation['each']['text']} out of {microlitre_text(place.volume)}")
        if operation["op"] == "remove":
            _remove_liquid(run, place, volume_each, operation["stream"], record_step["number"])
        else:
            run.waste["volume"] += place.volume * place.size
            place.volume = Fraction(0)


def _apply_measurement(run: Replay, measurement: dict[str, Any], targets: list[ReplayGroup]) -> None:
    """Set the component in *targets* to its measured strength, in place of the sum of what was added."""
    component, strength = measurement["component"], run.read_amount(measurement["strength"])
    for place in targets:
        run.inputs[component] += (strength * place.volume - place.contents[component]) * place.size
        place.contents[component] = strength * place.volume


def _pour_into(
    run: Replay, operation: dict[str, Any], targets: list[ReplayGroup], volume_each: Fraction, total: Fraction, what: str, number: int
) -> None:
    contains = _draw_source(run, operation, total, what)
    for place in targets:
        if operation["op"] == "wash":
            left = run.read_amount(operation["leave"]) if "leave" in operation else Fraction(0)
            run.check(place.volume == left, f"{what}: the places still hold {microlitre_text(place.volume)}, and not {microlitre_text(left)}")
            most = volume_each + left
            run.check(most <= place.capacity, f"{what}: {microlitre_text(most)} in a place for {microlitre_text(place.capacity)}")
            if left:
                _rinse(run, place, contains, volume_each, operation, number)
            else:
                _add_waste(run, contains, volume_each * place.size * operation["times"], operation["stream"], number)
            continue
        most = place.fixing_limit if operation["op"] == "bring" else place.capacity
        run.check(place.volume + volume_each <= most, f"{what}: {microlitre_text(place.volume + volume_each)} in a place for {microlitre_text(most)}")
        place.volume += volume_each
        for component, strength in contains.items():
            place.contents[component] += strength * volume_each


def _draw_source(run: Replay, operation: dict[str, Any], total: Fraction, what: str) -> dict[str, Fraction]:
    """Draw *total* from a reagent or a tube; return its concentrations."""
    if "reagent" in operation:
        run.withdrawals[operation["reagent"]] += total
        contains = run.concentrations(operation["reagent"])
        run.inputs["volume"] += total
        for component, strength in contains.items():
            run.inputs[component] += strength * total
        return contains
    tube = run.groups[operation["from"]]
    run.check(total <= tube.volume * tube.size, f"{what}: {microlitre_text(total)} out of {microlitre_text(tube.volume * tube.size)}")
    contains = {component: tube.concentration(component) for component in tube.contents}
    for component, strength in contains.items():
        tube.contents[component] -= strength * total / tube.size
    tube.volume -= total / tube.size
    return contains


def _rinse(run: Replay, place: ReplayGroup, contains: dict[str, Fraction], volume_each: Fraction, operation: dict[str, Any], number: int) -> None:
    """Mix each wash with what stays, and take as much off."""
    for _ in range(operation["times"]):
        place.volume += volume_each
        for component, strength in contains.items():
            place.contents[component] += strength * volume_each
        _remove_liquid(run, place, volume_each, operation["stream"], number)


def _remove_liquid(run: Replay, place: ReplayGroup, volume_each: Fraction, stream: str, number: int) -> None:
    leaving = {component: place.concentration(component) for component in place.contents if component not in run.retained_components}
    for component, strength in leaving.items():
        place.contents[component] -= strength * volume_each
    place.volume -= volume_each
    _add_waste(run, leaving, volume_each * place.size, stream, number)


def _add_waste(run: Replay, contains: dict[str, Fraction], amount: Fraction, stream: str, number: int) -> None:
    stream_totals = run.streams[stream, number]
    for component, strength in {"volume": Fraction(1), **contains}.items():
        run.waste[component] += strength * amount
        stream_totals[component] += strength * amount


def _check_claim(run: Replay, claim: dict[str, Any]) -> None:
    """Compare what a place contains with the strength on the sheet and with the target."""
    target, actual = run.read_amount(claim["target"]), run.read_amount(claim["actual"])
    for at in claim["at"]:
        run.targets.setdefault(at, []).append(claim["target"])
        real = run.groups[at].concentration(claim["component"])
        what = f"{run.location}: {claim['component']} in {at} comes to {float(real):.5g}"
        run.check(abs(real - actual) <= actual * PRINT_TOLERANCE, f"{what}, the sheet says {claim['actual']['text']}")
        run.check(abs(real - target) <= target * run.tolerance, f"{what}, too far from {claim['target']['text']}")


def _check_working_range(run: Replay, record_step: dict[str, Any]) -> None:
    """Check that there is a warning exactly if a step leaves living cells outside their working volume."""
    targets = {name for operation in record_step["operations"] for name in operation["to"]}
    outside = any(
        place.working_range
        and place.volume
        and any(place.contents[stay] for stay in run.retained_components)
        and not place.working_range[0] <= place.volume <= place.working_range[1]
        for name, place in run.groups.items()
        if name in targets
    )
    has_warning = any(w["code"] == "working-volume" and w["step"] == record_step["number"] for w in run.record["warnings"])
    where = "outside" if outside else "within"
    run.check(has_warning == outside, f"{run.location}: living cells {where} their working volume, and the warnings say otherwise")
