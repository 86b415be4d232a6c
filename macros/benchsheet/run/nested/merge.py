"""What two protocols on one bench share: their shelf, their vessels and their devices; all else of the inner one gets its prefix.

Refuses a component told in two kinds, and a vessel handed over whose places are not those that the inner protocol knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..._dataclass import replace
from ...errors import Collector, ProtocolError, near
from ..bench import Bench
from ..ledger import Group, Within
from ..racks import Vessel as Plates
from ..reagents import Reagent, refuse_mixed
from .call import Entry


def join(entry: Entry, plates: Mapping[str, Plates]) -> None:
    """Let the bench of *entry*, set out with *plates*, be a part of its host's."""
    own, host = entry.bench, entry.host
    own.prefix = entry.prefix
    _vessels(entry, plates)
    _reagents(entry)
    _devices(entry)
    host.warnings += [warned for warned in own.warnings if warned not in host.warnings]
    own.steps, own.preparations, own.warnings, own.used, own.targets = host.steps, host.preparations, host.warnings, host.used, host.targets
    for bench in _outwards(own):
        bench.owners = tuple(dict.fromkeys((*bench.owners, *own.owners)))
    top = _outwards(own)[-1]
    stays = top.stays | own.stays
    for bench in everyone(top):
        bench.stays = stays


def _outwards(bench: Bench) -> list[Bench]:
    """Return *bench* and all that it is in, the outermost last."""
    return [bench, *(_outwards(bench.entry.host) if bench.entry else ())]


def everyone(bench: Bench) -> list[Bench]:
    """Return *bench* and all that is in it, done or not."""
    return [bench, *(inner for entry in bench.entries.values() for inner in everyone(entry.bench))]


# --- vessels ------------------------------------------------------------------------------------------------------


def _vessels(entry: Entry, plates: Mapping[str, Plates]) -> None:
    own, whole, prefix = entry.bench, entry.host.ledger, entry.prefix
    names = {}
    for name, vessel in own.ledger.vessels.items():
        if name in entry.use.vessels:
            continue
        names[name] = vessel.id = f"{prefix}{name}"
        for group in vessel.groups.values():
            group.id = f"{prefix}{group.id}"
        whole.vessels[vessel.id] = vessel
        whole.by_id.update({group.id: group for group in vessel.groups.values()})
    own.ledger = Within(whole.vessels, whole.taken, whole.waste, whole.by_id, prefix, names)
    entry.declared = plates
    entry.plates = {name: replace(plates[name], id=called) for name, called in names.items()}


def hand_over(entry: Entry, mine: str, theirs: str) -> None:
    """Let the child's vessel *mine* be the host's *theirs*; each of its places has a namesake there, of the same size and for the same name."""
    vessel, child = entry.host.ledger.vessel(theirs), entry.use.child.id
    declared = entry.declared.get(mine)
    for name, place in declared.places.items() if declared else ():
        group = vessel.groups.get(name)
        if group is None:
            raise ProtocolError(f"{mine!r} of {child} has {name!r}, and {theirs!r} has none", near(name, vessel.groups, "it has"), answer=True)
        if group.size != place.size:
            raise ProtocolError(f"{theirs!r} has {group.size} of {name!r}, and {mine!r} of {child} {place.size}", "let both be as many", answer=True)
        if _named(group) and place.role not in (place.family, group.role):
            raise ProtocolError(
                f"{name!r} is for {place.role!r} in {mine!r} of {child}, and for {group.role!r} in {theirs!r}",
                "hand on the names of that vessel under 'values', in its order", answer=True,
            )  # fmt: skip
    assert isinstance(entry.bench.ledger, Within)  # noqa: S101 - a part of a ledger since it was joined
    entry.bench.ledger.names[mine] = vessel.id


def _named(group: Group) -> bool:
    return group.role not in ("", group.family)


def clear_away(bench: Bench) -> None:
    """Take away the vessels of the protocols in this one that no step has touched."""
    touched = {name for step in bench.steps for operation in step.operations for name in (*operation.to, operation.source)}
    for entry in (inner.entry for inner in everyone(bench)):
        if entry is None:
            continue
        for name, plates in list(entry.plates.items()):
            vessel = bench.ledger.vessels[plates.id]
            if touched.isdisjoint(group.id for group in vessel.groups.values()):
                del bench.ledger.vessels[plates.id], entry.plates[name]


# --- the shelf ----------------------------------------------------------------------------------------------------


def _reagents(entry: Entry) -> None:
    """Put the child's reagents on the shelf of the whole: a shared recipe that stands there already is one with it."""
    own, top, prefix = entry.bench, _outwards(entry.bench)[-1], entry.prefix
    mine = list(own.reagents.values())
    called = {reagent.id: f"{prefix}{reagent.id}" for reagent in mine} | {reagent.family: f"{prefix}{reagent.family}" for reagent in mine}
    for reagent in mine:
        twin = _twin(reagent, top.reagents.values())
        if twin:
            called[reagent.id] = twin.id
    shelf = dict(top.reagents)
    for reagent in mine:
        if called[reagent.id] not in shelf:
            shelf[called[reagent.id]] = _renamed(reagent, called, entry)
    own.reagents = {reagent.id: replace(reagent, id=called[reagent.id]) for reagent in mine}
    mistakes = Collector()
    refuse_mixed(shelf.values(), mistakes)
    mistakes.close()
    top.reagents = _ordered(shelf)


def _twin(reagent: Reagent, shelf: Iterable[Reagent]) -> Reagent | None:
    """Return what stands on the shelf from the same shared recipe, as strong."""
    if not reagent.recipe or reagent.of:
        return None
    return next((each for each in shelf if (each.recipe, each.of, each.contains) == (reagent.recipe, "", reagent.contains)), None)


def _renamed(reagent: Reagent, called: Mapping[str, str], entry: Entry) -> Reagent:
    """Return *reagent* as the whole calls it: its ids, and the parameters that its strengths come from."""
    contains = reagent.contains
    if any(q and q.origin for q in contains.values()):
        contains = {name: replace(q, origin=_origin(q.origin, entry)) if q and q.origin else q for name, q in contains.items()}
    make = reagent.make
    if make:
        make = replace(make, sources=tuple(called[name] for name in make.sources), rest=called[make.rest])
    return replace(reagent, id=called[reagent.id], family=f"{entry.prefix}{reagent.family}", contains=contains, make=make)


def _origin(name: str, entry: Entry) -> str:
    """Return the parameter of the whole that the child's parameter *name* comes from; nothing if there is none."""
    found, around = entry.outer((name,)), entry.host.entry
    while around:
        found, around = around.outer(found), around.host.entry
    return found[0] if found else ""


def _ordered(shelf: Mapping[str, Reagent]) -> dict[str, Reagent]:
    """Return the shelf with everything above what it is made from, otherwise in its order."""
    families: dict[str, list[str]] = {}
    for reagent in shelf.values():
        families.setdefault(reagent.family, []).append(reagent.id)
    users: dict[str, set[str]] = {name: set() for name in shelf}
    for reagent in shelf.values():
        for part in (*reagent.make.sources, reagent.make.rest) if reagent.make else ():
            for name in (part,) if part in shelf else families[part]:
                users[name].add(reagent.id)
    found: dict[str, Reagent] = {}
    left = list(shelf)
    while left:
        ready = next(name for name in left if users[name] <= found.keys())
        left.remove(ready)
        found[ready] = shelf[ready]
    return found


# --- devices ------------------------------------------------------------------------------------------------------


def _devices(entry: Entry) -> None:
    """Let a device of the same id and name be the same device; another one of that id gets the prefix."""
    known = {key: name for bench in everyone(_outwards(entry.bench)[-1]) if bench is not entry.bench for key, name in devices(bench).items()}
    own = entry.bench.run.protocol.tree.map("equipment")
    for name in own:
        called = entry.bench.run.fill(own.map(name).text("name", name))
        entry.devices[name] = name if known.get(name, called) == called else f"{entry.prefix}{name}"


def devices(bench: Bench) -> dict[str, str]:
    """Return the names of a protocol's own devices, by their ids in the whole."""
    tree = bench.run.protocol.tree.map("equipment")
    return {bench.entry.devices[key] if bench.entry else key: bench.run.fill(tree.map(key).text("name", key)) for key in tree}
