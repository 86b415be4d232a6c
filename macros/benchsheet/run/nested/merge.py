"""What two protocols on one bench share: their shelf, their vessels and their devices; all else of the inner one gets its prefix.

Raises ProtocolError for a component given in two kinds, and for a vessel handed over whose places the inner protocol does not know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..._dataclass import replace
from ...errors import Collector, ProtocolError, suggest
from ...graph import sort_above_parts
from ..bench import Bench
from ..ledger import ScopedLedger
from ..racks import VesselLayout
from ..reagents import Reagent, reject_mixed_kinds
from .call import NestedCall


def merge_into_host(nested_call: NestedCall, layouts: Mapping[str, VesselLayout]) -> None:
    """Let the bench of *nested_call*, set out with *layouts*, be a part of its host's."""
    own, host = nested_call.bench, nested_call.host
    own.prefix = nested_call.prefix
    _merge_vessels(nested_call, layouts)
    _merge_reagents(nested_call)
    _merge_devices(nested_call)
    host.warnings += [warning for warning in own.warnings if warning not in host.warnings]
    own.steps, own.preparations, own.warnings, own.instruments, own.targets = (
        host.steps,
        host.preparations,
        host.warnings,
        host.instruments,
        host.targets,
    )
    own.promises, own.measured_components, own.settings = host.promises, host.measured_components, host.settings
    for bench in _ancestors(own):
        bench.owners = tuple(dict.fromkeys((*bench.owners, *own.owners)))
    top = _ancestors(own)[-1]
    retained_components = top.retained_components | own.retained_components
    for bench in descendants(top):
        bench.retained_components = retained_components


def _ancestors(bench: Bench) -> list[Bench]:
    """Return *bench* and all that it is in, the outermost last."""
    return [bench, *(_ancestors(bench.nested_call.host) if bench.nested_call else ())]


def descendants(bench: Bench) -> list[Bench]:
    """Return *bench* and all that is in it, done or not."""
    return [bench, *(inner for nested_call in bench.nested_calls.values() for inner in descendants(nested_call.bench))]


# --- vessels ------------------------------------------------------------------------------------------------------


def _merge_vessels(nested_call: NestedCall, layouts: Mapping[str, VesselLayout]) -> None:
    own, host_ledger, prefix = nested_call.bench, nested_call.host.ledger, nested_call.prefix
    names = {}
    for name, vessel in own.ledger.vessels.items():
        if name in nested_call.declaration.vessels:
            continue
        names[name] = vessel.id = f"{prefix}{name}"
        for group in vessel.groups.values():
            group.id = f"{prefix}{group.id}"
        host_ledger.vessels[vessel.id] = vessel
        host_ledger.groups_by_id.update({group.id: group for group in vessel.groups.values()})
    own.ledger = ScopedLedger(
        vessels=host_ledger.vessels,
        withdrawals=host_ledger.withdrawals,
        waste=host_ledger.waste,
        groups_by_id=host_ledger.groups_by_id,
        prefix=prefix,
        vessel_ids=names,
    )
    nested_call.layouts = layouts
    nested_call.new_layouts = {name: replace(layouts[name], id=vessel_id) for name, vessel_id in names.items()}


def alias_vessel(nested_call: NestedCall, own_vessel: str, host_vessel: str) -> None:
    """Let the child's vessel *own_vessel* be the host's *host_vessel*.

    Each of its places has a namesake there, of the same size and for the same name.
    """
    vessel, child = nested_call.host.ledger.find_vessel(host_vessel), nested_call.declaration.child.id
    layout = nested_call.layouts.get(own_vessel)
    for name, group_layout in layout.groups.items() if layout else ():
        group = vessel.groups.get(name)
        if group is None:
            raise ProtocolError(
                f"{own_vessel!r} of {child} has {name!r}, and {host_vessel!r} has none", suggest(name, vessel.groups, "it has"), from_values=True
            )
        if group.size != group_layout.size:
            raise ProtocolError(
                f"{host_vessel!r} has {group.size} of {name!r}, and {own_vessel!r} of {child} {group_layout.size}",
                "let both be as many",
                from_values=True,
            )
        if group.role not in ("", group.family) and group_layout.role not in (group_layout.family, group.role):
            raise ProtocolError(
                f"{name!r} is for {group_layout.role!r} in {own_vessel!r} of {child}, and for {group.role!r} in {host_vessel!r}",
                "hand on the names of that vessel under 'values', in its order", from_values=True,
            )  # fmt: skip
    assert isinstance(nested_call.bench.ledger, ScopedLedger)  # noqa: S101 - a part of a ledger since it was joined
    nested_call.bench.ledger.vessel_ids[own_vessel] = vessel.id


def drop_untouched_vessels(bench: Bench) -> None:
    """Take away the vessels of the protocols in this one that no step has touched."""
    used_ids = {name for step in bench.steps for operation in step.operations for name in (*operation.to, operation.source)}
    for nested_call in (inner.nested_call for inner in descendants(bench)):
        if nested_call is None:
            continue
        for name, layout in list(nested_call.new_layouts.items()):
            vessel = bench.ledger.vessels[layout.id]
            if used_ids.isdisjoint(group.id for group in vessel.groups.values()):
                del bench.ledger.vessels[layout.id], nested_call.new_layouts[name]


# --- the shelf ----------------------------------------------------------------------------------------------------


def _merge_reagents(nested_call: NestedCall) -> None:
    """Put the child's reagents on the shelf of the whole: a shared recipe that stands there already is one with it."""
    own, top, prefix = nested_call.bench, _ancestors(nested_call.bench)[-1], nested_call.prefix
    own_reagents = list(own.reagents.values())
    scoped_ids = {reagent.id: f"{prefix}{reagent.id}" for reagent in own_reagents} | {
        reagent.family: f"{prefix}{reagent.family}" for reagent in own_reagents
    }
    for reagent in own_reagents:
        same = _same_recipe(reagent, top.reagents.values())
        if same:
            scoped_ids[reagent.id] = same.id
    shelf = dict(top.reagents)
    for reagent in own_reagents:
        if scoped_ids[reagent.id] not in shelf:
            shelf[scoped_ids[reagent.id]] = _prefix_reagent(reagent, scoped_ids, nested_call)
    own.reagents = {reagent.id: replace(reagent, id=scoped_ids[reagent.id]) for reagent in own_reagents}
    mistakes = Collector()
    reject_mixed_kinds(shelf.values(), mistakes)
    mistakes.raise_all()
    top.reagents = _sort_shelf(shelf)


def _same_recipe(reagent: Reagent, shelf: Iterable[Reagent]) -> Reagent | None:
    """Return what stands on the shelf from the same shared recipe, as strong."""
    if not reagent.recipe_name or reagent.owner:
        return None
    return next(
        (
            candidate
            for candidate in shelf
            if (candidate.recipe_name, candidate.owner, candidate.contains) == (reagent.recipe_name, "", reagent.contains)
        ),
        None,
    )


def _prefix_reagent(reagent: Reagent, scoped_ids: Mapping[str, str], nested_call: NestedCall) -> Reagent:
    """Return *reagent* as the whole calls it: its ids, and the parameters that its strengths come from."""
    contains = reagent.contains
    if any(q and q.origin for q in contains.values()):
        contains = {name: replace(q, origin=_outermost_origin(q.origin, nested_call)) if q and q.origin else q for name, q in contains.items()}
    recipe = reagent.recipe
    if recipe:
        recipe = replace(recipe, sources=tuple(scoped_ids[name] for name in recipe.sources), diluent=scoped_ids[recipe.diluent])
    return replace(reagent, id=scoped_ids[reagent.id], family=f"{nested_call.prefix}{reagent.family}", contains=contains, recipe=recipe)


def _outermost_origin(name: str, nested_call: NestedCall) -> str:
    """Return the parameter of the whole that the child's parameter *name* comes from; nothing if there is none."""
    host_names, outer_call = nested_call.host_parameters((name,)), nested_call.host.nested_call
    while outer_call:
        host_names, outer_call = outer_call.host_parameters(host_names), outer_call.host.nested_call
    return host_names[0] if host_names else ""


def _sort_shelf(shelf: Mapping[str, Reagent]) -> dict[str, Reagent]:
    """Return the shelf with everything above what it is made from, otherwise in its order."""
    families: dict[str, list[str]] = {}
    for reagent in shelf.values():
        families.setdefault(reagent.family, []).append(reagent.id)
    parts = {
        reagent.id: [
            name
            for part in ((*reagent.recipe.sources, reagent.recipe.diluent) if reagent.recipe else ())
            for name in ((part,) if part in shelf else families[part])
        ]
        for reagent in shelf.values()
    }
    return {name: shelf[name] for name in sort_above_parts(parts)}


# --- devices ------------------------------------------------------------------------------------------------------


def _merge_devices(nested_call: NestedCall) -> None:
    """Let a device of the same id and kind, as its name has it up to a comma, be the same device; another one of that id gets the prefix."""
    other_devices = {
        key: name
        for bench in descendants(_ancestors(nested_call.bench)[-1])
        if bench is not nested_call.bench
        for key, name in device_names(bench).items()
    }
    own = nested_call.bench.inputs.protocol.tree.mapping("equipment")
    for name in own:
        device_name = nested_call.bench.inputs.interpolate(own.mapping(name).text("name", name))
        is_same = _kind_of(other_devices.get(name, device_name)) == _kind_of(device_name)
        nested_call.device_ids[name] = name if is_same else f"{nested_call.prefix}{name}"


def _kind_of(device_name: str) -> str:
    return device_name.partition(",")[0]


def join_devices(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return each device once, by its id, with all that the protocols that share it say of it: ``microfuge, 24 places, cooled``."""
    joined: dict[str, dict[str, Any]] = {}
    for entry in entries:
        known = joined.setdefault(entry["id"], entry)
        if known is entry:
            continue
        pieces = dict.fromkeys([*known["name"].split(", "), *entry["name"].split(", ")])
        told = [piece for piece in pieces if not any(other.startswith(f"{piece} ") for other in pieces)]
        joined[entry["id"]] = {**known, "name": ", ".join(told), "batches": max(known["batches"], entry["batches"])}
    return list(joined.values())


def device_names(bench: Bench) -> dict[str, str]:
    """Return the names of a protocol's own devices, by their ids in the whole."""
    tree = bench.inputs.protocol.tree.mapping("equipment")
    return {
        bench.nested_call.device_ids[key] if bench.nested_call else key: bench.inputs.interpolate(tree.mapping(key).text("name", key)) for key in tree
    }
