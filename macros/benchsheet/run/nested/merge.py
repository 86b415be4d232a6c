"""What protocols in one run share: the shelf, vessels that are handed over, and devices; all else of an inner one has its prefix.

Raises ProtocolError for a component given in two kinds, and for a vessel handed over whose places the inner protocol does not know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..._dataclass import replace
from ...errors import Collector, ProtocolError, suggest
from ...graph import sort_above_parts
from ..bench import Bench
from ..reagents import Reagent, reject_mixed_kinds
from .call import NestedCall
from .scope import Scope


def list_calls(bench: Bench) -> list[NestedCall]:
    """Return the calls of all protocols in this one, done or not, each before those in it."""
    return [each for entry in bench.nested_calls.values() for each in (entry, *list_calls(entry.bench))]


# --- vessels ------------------------------------------------------------------------------------------------------


def hand_over_vessel(nested_call: NestedCall, own_vessel: str, host_vessel: str) -> None:
    """Let the child's vessel *own_vessel* be the host's *host_vessel*.

    Each of its places has a namesake there, of the same size and for the same name.
    """
    own, host, child = nested_call.bench, nested_call.host, nested_call.declaration.child.id
    vessel = own.ledger.find_vessel(host.scope.find_place(host_vessel, own.ledger.vessels))
    layout = own.layouts.pop(own_vessel, None)
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
    own.scope.vessels[own_vessel] = vessel.id


def drop_untouched_vessels(bench: Bench) -> None:
    """Take away the vessels of the protocols in this one that no step has touched."""
    used_ids = {name for step in bench.journal.steps for operation in step.operations for name in (*operation.to, operation.source)}
    for own in (entry.bench for entry in list_calls(bench)):
        for name, layout in list(own.layouts.items()):
            vessel = bench.ledger.vessels.get(layout.id)  # none for a vessel of the host's, if the call is left out
            if vessel and used_ids.isdisjoint(group.id for group in vessel.groups.values()):
                del bench.ledger.vessels[layout.id], own.layouts[name]


# --- the shelf ----------------------------------------------------------------------------------------------------


def add_to_shelf(own: Bench) -> dict[str, Reagent]:
    """Put a child's reagents on the shelf of the whole, and return them as the child calls them, each with its id there.

    A shared recipe that stands there already is one with it.
    """
    top, prefix = own.lineage()[-1], own.scope.prefix
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
            shelf[scoped_ids[reagent.id]] = _name_for_whole(reagent, scoped_ids, own.scope)
    mistakes = Collector()
    reject_mixed_kinds(shelf.values(), mistakes)
    mistakes.raise_all()
    top.reagents = _sort_shelf(shelf)
    return {reagent.id: replace(reagent, id=scoped_ids[reagent.id]) for reagent in own_reagents}


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


def _name_for_whole(reagent: Reagent, scoped_ids: Mapping[str, str], scope: Scope) -> Reagent:
    """Return *reagent* as the whole calls it: its ids, and the parameters that its strengths come from."""
    contains = reagent.contains
    if any(q and q.origin for q in contains.values()):
        contains = {name: replace(q, origin=scope.root_parameter(q.origin)) if q and q.origin else q for name, q in contains.items()}
    recipe = reagent.recipe
    if recipe:
        recipe = replace(recipe, sources=tuple(scoped_ids[name] for name in recipe.sources), diluent=scoped_ids[recipe.diluent])
    return replace(reagent, id=scoped_ids[reagent.id], family=f"{scope.prefix}{reagent.family}", contains=contains, recipe=recipe)


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


def name_devices(own: Bench) -> dict[str, str]:
    """Return the ids of a child's devices in the whole.

    One of the same id and kind, as its name has it up to a comma, is the same device; another one of that id gets the prefix.
    """
    top = own.lineage()[-1]
    other_devices = {key: name for bench in (top, *(entry.bench for entry in list_calls(top))) for key, name in _list_devices(bench).items()}
    device_ids = {}
    for name, device in own.inputs.protocol.equipment.items():
        device_name = own.inputs.interpolate(device.name)
        is_same = _kind_of(other_devices.get(name, device_name)) == _kind_of(device_name)
        device_ids[name] = name if is_same else f"{own.scope.prefix}{name}"
    return device_ids


def _list_devices(bench: Bench) -> dict[str, str]:
    """Return the names of a protocol's own devices, by their ids in the whole."""
    devices = bench.inputs.protocol.equipment
    return {key: bench.inputs.interpolate(devices[name].name) for name, key in bench.scope.equipment.items()}


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
