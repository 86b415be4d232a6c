"""What is taken from the shelf or made from it; refuses a recipe that names what is declared above it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .._dataclass import dataclass, field
from ..errors import Collector, ProtocolError, near
from ..lab import Rule, rule_of
from ..units import CONCENTRATIONS, Quantity, read
from ..yamltree import Map
from .checks import each_of

_MAKE = ("from", "rest", "to_volume_with", "all", "when", "note")
DISPENSED = ("reservoir", "tube", "poured")


@dataclass(frozen=True)
class Make:
    """How a reagent is made: *sources* give its components, *rest* is what it is made up with.

    *mark* says that *rest* fills up to the volume (its own amount is then "about"); *all_of* is a mass of the one source,
    all of which is dissolved.
    """

    sources: tuple[str, ...]
    rest: str
    mark: bool = False
    all_of: Quantity | None = None
    note: str = ""


@dataclass(frozen=True)
class Reagent:
    """One reagent: *contains* maps each component to its concentration, None where it is measured at the bench.

    *family* and *of* tell apart the same reagent of several compounds. A *solid* is weighed: the name of what it is. *recipe* names the
    shared recipe that it is.
    """

    id: str
    name: str
    line: int
    contains: Mapping[str, Quantity | None] = field(default_factory=dict)
    make: Make | None = None
    vessel: str = "poured"
    rule: Rule | None = None
    hazards: tuple[str, ...] = ()
    storage: str = ""
    note: str = ""
    solid: str = ""
    molar_mass: Quantity | None = None
    family: str = ""
    of: str = ""
    keep_in: str = ""
    file: str = ""
    cite: tuple[str, ...] = ()
    recipe: str = ""


def reagents(
    tree: Map, values: Mapping[str, Any], fill: Callable[[str, Mapping[str, Any]], str], work: Callable[[str, Mapping[str, Any]], Any]
) -> dict[str, Reagent]:
    """Return all reagents with this run's values; raise ProtocolError for each mistake.

    What is the same in every run is read, and looked at, in the first of them alone.
    """
    found: dict[str, Reagent] = {}
    fresh: list[Reagent] = []
    mistakes = Collector()
    static: _Static = tree.kept or _Static(
        {component for key in tree if isinstance(tree[key], Map) and "for" not in tree[key] for component in tree[key].map("contains")}, {}
    )
    for key in tree:
        with mistakes.at(tree[key].file if isinstance(tree[key], Map) else tree.file, tree.lines[key]):
            entry = tree.map(key)
            if isinstance(entry.kept, Reagent):
                found[key] = entry.kept
                continue
            for of, scope in _each(entry, values):
                made = _reagent(key, entry, of, scope, tree.lines[key], fill, work, static.shared)
                found[made.id] = made
                fresh.append(made)
            if _same_in_every_run(entry):
                entry.kept = found[key]
    mistakes.close()
    order = {name: place for place, name in enumerate(found)}
    families = dict.fromkeys(reagent.family for reagent in found.values())
    for reagent in fresh:
        for part in (*reagent.make.sources, reagent.make.rest) if reagent.make else ():
            with mistakes.at(reagent.file, reagent.line):
                if part not in found and part not in families:
                    raise ProtocolError(f"{reagent.family!r} is made from {part!r}, which is no reagent", near(part, families))
                if part == reagent.family:
                    raise ProtocolError(f"{part!r} is made from itself", "declare what is made first, what it is made from below")
                if part in order and order[part] < order[reagent.id]:
                    raise ProtocolError(
                        f"{reagent.family!r} is made from {part!r}, which stands above it", "declare what is made first, what it is made from below"
                    )
    refuse_mixed(fresh, mistakes, static.kinds)
    mistakes.close()
    if tree.kept is None:
        kept = [reagent for key, reagent in found.items() if key in tree and tree[key].kept is reagent]
        tree.kept = _Static(static.shared, refuse_mixed(kept, mistakes))
    return found


@dataclass(frozen=True)
class _Static:
    """What is so in every run: the components that are not of one compound, and of what kind those are that follow from no value."""

    shared: set[str]
    kinds: dict[str, tuple[str, Quantity, str]]


def refuse_mixed(
    found: Iterable[Reagent], mistakes: Collector, known: Mapping[str, tuple[str, Quantity, str]] | None = None
) -> dict[str, tuple[str, Quantity, str]]:
    """Refuse a component told in two kinds, also in another than is *known*: where the two meet, nobody could add them up.

    Return for each component the reagent that was first to tell it, its strength and its kind.
    """
    first = dict(known or {})
    for reagent in found:
        for component, strength in reagent.contains.items():
            if strength is None:
                continue
            name, other, kind = first.setdefault(component, (reagent.id, strength, strength.kind))
            if strength.kind != kind:
                with mistakes.at(reagent.file, reagent.line):
                    raise ProtocolError(
                        f"{component} is {strength} in {reagent.id!r} and {other} in {name!r}",
                        f"tell both as {kind}: they may meet, in a vessel or in the waste",
                    )
    return first


def _same_in_every_run(entry: Map) -> bool:
    """Return whether nothing in *entry* follows from a run's values, so that it need be read but once."""
    amounts = [entry.map("contains").text(name) for name in entry.map("contains")] + ([entry.text("mw")] if "mw" in entry else [])
    make = entry.map("make")
    words = [*(entry.text(key) for key in ("name", "storage", "note")), *entry.items_of("hazards")]
    words += [*make.items_of("from"), make.text("rest"), make.text("to_volume_with"), make.text("note")]
    return (
        "for" not in entry
        and not make.keys() & {"when", "all"}
        and not any("{" in word for word in words)
        and all(amount[:1].isdigit() for amount in amounts)
    )


def _each(entry: Map, values: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Return (compound, values) for each run of ``for: compounds``, the lists cut to that compound's own value."""
    over = entry.text("for")
    if not over:
        return [("", values)]
    scopes = each_of(over, values)
    return [(str(name) if len(scopes) > 1 else "", scope) for name, scope in zip(values[over], scopes, strict=True)]


def _reagent(key: str, entry: Map, of: str, scope: Mapping[str, Any], line: int, fill: Any, work: Any, shared: set[str]) -> Reagent:
    contains = entry.map("contains")
    holds: dict[str, Quantity | None] = {}
    for component in contains:
        strength = _amount(contains.text(component), scope, work)
        if strength is not None:
            strength = read(strength, *CONCENTRATIONS)
        name = f"{component} ({of})" if of and component not in shared else component  # each compound is a component of its own
        holds[name] = strength
    vessel = entry.text("dispensed", "poured")
    if vessel not in DISPENSED:
        raise ProtocolError(f"{vessel!r} is nothing that liquid is dispensed from", f"one of {', '.join(DISPENSED)}")
    solid = entry.text("solid")
    mw = _amount(entry.text("mw"), scope, work) if "mw" in entry else None
    return Reagent(
        f"{key} ({of})" if of else key,
        fill(entry.text("name", key), scope),
        line,
        holds,
        _make(entry.map("make"), scope, fill, work, of),
        vessel,
        _rule(entry.map("overage")),
        tuple(fill(hazard, scope) for hazard in entry.items_of("hazards")),
        fill(entry.text("storage"), scope),
        fill(entry.text("note"), scope),
        f"{solid} ({of})" if of and solid else solid,
        read(mw, "molar mass") if mw is not None else None,
        key,
        of,
        entry.text("keep_in"),
        entry.file,
        tuple(entry.items_of("cite")),
        entry.recipe,
    )


def _amount(text: str, scope: Mapping[str, Any], work: Any) -> Any:
    """Return a named value, or the quantity that *text* spells."""
    if text in scope:
        return scope[text]
    if text[:1].isdigit():
        return read(text)
    return work(text, scope)


def _make(entry: Map, scope: Mapping[str, Any], fill: Any, work: Any, of: str) -> Make | None:
    if not entry:
        return None
    entry.only(_MAKE, "'make'")
    if "when" in entry and work(entry.text("when"), scope) is not True:
        return None
    mark = "to_volume_with" in entry
    if mark == ("rest" in entry):
        raise ProtocolError(
            "a recipe is made up with one thing", "write 'rest: medium' (so much of it) or 'to_volume_with: water' (up to the mark)"
        ).at(entry.file, entry.line)
    if "from" not in entry:
        raise ProtocolError("a recipe is made from something", "write 'from: stock'").at(entry.file, entry.line)
    whole = read(_amount(entry.text("all"), scope, work), "mass") if "all" in entry else None
    own = f" ({of})" if of else ""
    sources = tuple(f"{fill(name, scope)}{own}" if whole else str(fill(name, scope)) for name in entry.items_of("from"))
    rest = fill(entry.text("to_volume_with") if mark else entry.text("rest"), scope)
    return Make(sources, rest, mark, whole, fill(entry.text("note"), scope))


def _rule(entry: Map) -> Rule | None:
    if not entry:
        return None
    entry.only(("percent", "places", "volume", "least"), "'overage'")
    kinds = {"percent": "fraction", "volume": "volume", "least": "volume"}
    for key, text in entry.items():
        if key not in kinds and not (str(text).isascii() and str(text).isdigit()):
            raise ProtocolError(f"{key} {text!r} is not a whole number", "write it in digits").at(entry.file, entry.lines[key])
    return rule_of({key: read(text, kinds[key]) if key in kinds else int(text) for key, text in entry.items()})
