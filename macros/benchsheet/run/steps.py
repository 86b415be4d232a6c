"""How a step begins, with its number, times and device, and how it ends: with every amount shown, equal vehicle, cells in a fitting volume.

Raises ProtocolError for an option that cannot be read, an amount that is recorded and never shown, and an unequal or too high vehicle.
"""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from typing import Any

from ..arithmetic.exact import differs_by
from ..errors import ProtocolError, locate_errors, suggest
from ..units import as_quantity, format_amount, format_count
from . import step_times
from .bench import Bench
from .device_fit import read_inside, reject_misfits
from .devices import Device
from .events import RunWarning, Step
from .ledger import WellGroup
from .unit_order import tell_order
from .verb_result import describe_groups


def begin_step(bench: Bench, title: object, file: str, line: int, options: dict[str, Any]) -> Step:
    """Return a new step with its times; raise ProtocolError for an option that cannot be read."""
    if not isinstance(title, str) or not title.strip():
        raise ProtocolError("a step has a title", 'write {% step "Title" %}')
    if bench.step is not None:
        raise ProtocolError(f"step {title!r} opens inside step {bench.step.title!r}", "close it with {% endstep %}")
    whole_title = bench.scope.add_title(title)
    bench.inputs.sheet_steps.done.add(title)
    step = Step(title=whole_title, number=len(bench.journal.steps) + 1, file=file, line=line, within=bench.scope.prefix)
    per, device = str(options.get("per", "")), str(options.get("equipment", ""))
    if device and device not in bench.equipment:
        raise ProtocolError(f"no equipment {device!r} in protocol.yml", suggest(device, bench.equipment, "equipment"))
    here = bench.equipment[device] if device else Device()
    places = here.places if per else 0
    blank = here.balanced if places > 1 else ""  # a device of one place has no room for it
    step.single_place, step.occupied = places == 1, bool(here.places)
    if options.get("wait") is not None:
        step.wait = step_times.parse_wait(options["wait"], options.get("plan"))
    is_batched = places > 1 or places == 1 and step.wait is not None  # by hand, one at a time is unit by unit
    hands_on = step_times.parse_hands_on(options.get("hands_on", "0 min"), bench.inputs.counts, per, batched=is_batched)
    step.hands_on_terms = hands_on.terms
    step.fixed, step.per_unit, step.unit, step.unit_count, step.hands_on_rule = (
        hands_on.fixed,
        hands_on.per_unit,
        per,
        hands_on.unit_count,
        hands_on.rule_text,
    )
    if not step.unit:
        step.scaling, step.scaling_unit = (hands_on.fixed, hands_on.per_unit, hands_on.unit_count), hands_on.unit
        step.fixed, step.per_unit, step.unit_count = hands_on.fixed + hands_on.per_unit * hands_on.unit_count, hands_on.per_unit * 0, 1
    if options.get("at") is not None:
        step.temperature = as_quantity(options["at"], "temperature").value
    step.equipment = bench.scope.equipment[device] if device else ""
    if is_batched:
        step.batch_room, step.per_batch = step_times.find_room(places, balanced=bool(blank)), hands_on.per_batch
        step.family = _find_family(bench, step, options.get("together"))
        step.batches = step_times.split_batches(step.unit_count, step.batch_room, family=step.family)
        together = str(options["together"]) if step.family > 1 and len(step.batches) > 1 else ""
        step.hands_on_terms = tuple((time, unit, len(step.batches) if count is None else count) for time, unit, count in step.hands_on_terms)
        step.batches_text = step_times.format_batches(step.batches, blank if places > 1 else "", together=together)
    elif options.get("together") is not None:
        raise ProtocolError("'together' is for a step that is done in batches", 'give equipment="..." with places, and per="..."')
    if here.takes or options.get("inside") is not None:
        step.inside = read_inside(bench, device, options.get("inside"))
    step.after = _resolve_after(bench, options.get("after"))
    step.pause_point, step.act_hazard = str(options.get("pause_point") or ""), str(options.get("hazards") or "")
    return step


def _find_family(bench: Bench, step: Step, together: object) -> int:
    """Return how many units belong to one of what *together* counts and share a batch; 1 if nothing is asked, or a device is too small."""
    if together is None:
        return 1
    counts = bench.inputs.counts
    if not isinstance(together, str) or together not in counts:
        raise ProtocolError(f"together={together!r} is not counted in this protocol", suggest(str(together), counts, "it counts"))
    family = step.unit_count // counts[together] if counts[together] else 1
    if family > step.batch_room:
        words = f"{format_count(family, step.unit)} of one {together} belong together, and {step.batch_room} at a time fit: they are parted"
        bench.journal.warnings.append(RunWarning(code="parted", level="W", message=words, step=step.number))
        return 1
    return max(family, 1)


def _resolve_after(bench: Bench, value: object) -> tuple[str, ...]:
    """Return the titles that have to be over first: by default the step before."""
    titles = [step.title for step in bench.journal.steps]
    if value is None:
        return (titles[-1],) if titles else ()
    known_titles = bench.scope.prerequisite_titles(titles)
    requested_titles = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list | tuple) else ()
    for title in requested_titles:
        if title not in known_titles:
            raise ProtocolError(f"after={title!r} is not a step above", suggest(str(title), known_titles, "steps"))
    return tuple(dict.fromkeys(title for each in requested_titles for title in known_titles[each]))


def finish_step(bench: Bench, step: Step) -> None:
    """Check what only a finished step can show: every amount shown, vehicle equal, living cells in a fitting volume."""
    for result in bench.pending:
        if not result.is_shown:
            raise ProtocolError(f"{result.verb}(...) is recorded but never shown", "put it in the prose with {{ }}").at(*result.location)
    bench.pending.clear()
    for name, location in bench.journal.due_claims.items():
        with locate_errors(*location):
            bench.claim([bench.ledger.groups_by_id[name]], *bench.journal.targets[name])
    bench.journal.due_claims.clear()
    if step.inside:
        reject_misfits(bench, step)
    if step.unit:
        tell_order(bench, step)
    if bench.vehicle and step.title == bench.vehicle.until:
        bench.vehicle = None
    if step.operations:
        for each in bench.lineage():  # what it pours may be its host's
            _check_vehicle(each, step)
    if step.temperature == 37:
        _check_working_volume(bench, {name for operation in step.operations for name in operation.to})


def _check_vehicle(bench: Bench, step: Step) -> None:
    if bench.vehicle is None:
        return
    component, limit = bench.vehicle.component, bench.vehicle.limit
    holding = [group for group in bench.select_groups(bench.vehicle.where) if group.volume]
    if not any(component in group.contents for group in holding):
        return
    target_ids = {name for operation in step.operations for name in operation.to}
    if target_ids.isdisjoint(group.id for group in holding):
        return
    alike: dict[tuple[object, int], WellGroup] = {}
    for group in holding:
        alike.setdefault((group.contents.get(component), group.volume), group)
    strengths = {group.id: group.strength(component) for group in alike.values()}
    low, high = min(strengths.values()), max(strengths.values())
    if high > limit.value * (1 + bench.lab.tolerance):
        worst = max(strengths, key=lambda name: strengths[name])
        raise ProtocolError(
            f"{worst} holds {format_amount(high, limit.kind)} {component}, more than the {limit} allowed",
            "use a stronger stock, a lower top dose, or a higher vehicle limit",
            step.file,
            step.line,
            from_values=True,
        )
    if differs_by(low, high, bench.lab.tolerance):
        one, two = min(strengths, key=lambda name: strengths[name]), max(strengths, key=lambda name: strengths[name])
        is_rounding = not differs_by(low, high, 2 * bench.lab.tolerance)  # two tubes, each as close as this lab sets it
        way = "make more" if is_rounding else "dilute in the vehicle first, then each dose at one fold into medium"
        raise ProtocolError(
            f"unequal {component} after step {step.title!r}: {one} {format_amount(low, limit.kind)}, {two} {format_amount(high, limit.kind)}",
            f"give every well the same vehicle: {way}", step.file, step.line, from_values=is_rounding,
        )  # fmt: skip


def _check_working_volume(bench: Bench, target_ids: Collection[str]) -> None:
    for vessel in bench.ledger.vessels.values():
        outside = [
            g
            for g in vessel.groups.values()
            if g.id in target_ids
            and g.working_range[1]
            and g.volume
            and any(g.contents.get(name) for name in bench.journal.retained_components)
            and not g.working_range[0] <= g.volume <= g.working_range[1]
        ]
        for volume in dict.fromkeys(group.volume for group in outside):
            same = [group for group in outside if group.volume == volume]
            volume_text, low, high = (format_amount(Fraction(amount), "volume") for amount in (volume, *same[0].working_range))
            bench.warn(
                "working-volume",
                f"{vessel.id}: cells rest in {volume_text} ({describe_groups(same)}); {low} to {high} is what a {same[0].labware} is made for",
            )
