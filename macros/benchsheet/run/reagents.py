"""What is taken from the shelf or made from it, as the protocol declares it and the run fills it in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from .._dataclass import dataclass, field
from ..errors import Collector, ProtocolError, locate_errors, suggest
from ..lab import OverageRule, build_overage_rule
from ..protocol.recipes import is_formula
from ..protocol.sections import DISPENSERS
from ..units import CONCENTRATIONS, Quantity, as_quantity, whole_number
from ..yamltree import YamlMap
from .checks import item_scopes
from .inputs import RunInputs
from .strength_names import reject_false_strengths, rewrite_strengths


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How a reagent is made: *sources* give its components, *diluent* is what it is made up with.

    *fill_to_mark* says that *diluent* fills up to the volume (its own amount is then "about"); *whole_mass* is a mass of the one source,
    all of which is dissolved.
    """

    sources: tuple[str, ...]
    diluent: str
    fill_to_mark: bool = False
    whole_mass: Quantity | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Reagent:
    """One reagent: *contains* maps each component to its concentration, None where it is measured at the bench.

    *adjust* maps what its pH is adjusted with, as much as it takes, to that pH. *hazards* are what its author says of it beside its
    components; *names_hazards* tells "none" from nothing said. *family* and *owner* tell apart the same reagent of several compounds.
    A *solid* is weighed: the name of what it is; *stock* is a strength at which it is known to dissolve. *recipe_name*
    names the shared recipe that it is.
    """

    id: str
    name: str
    line: int = 0
    contains: Mapping[str, Quantity | None] = field(default_factory=dict)
    adjust: Mapping[str, Fraction] = field(default_factory=dict)
    recipe: Recipe | None = None
    dispenser: str = "poured"
    overage_rule: OverageRule | None = None
    hazards: tuple[str, ...] = ()
    names_hazards: bool = False
    storage: str = ""
    note: str = ""
    solid: str = ""
    molar_mass: Quantity | None = None
    stock: Quantity | None = None
    family: str = ""
    owner: str = ""
    container: str = ""
    file: str = ""
    cite: tuple[str, ...] = ()
    recipe_name: str = ""

    def match_component(self, to: object) -> tuple[Quantity, str, Fraction]:
        """Return the concentration *to*, the one component whose kind it is, and its strength there."""
        want = as_quantity(to, *CONCENTRATIONS)
        fits = [(name, strength) for name, strength in self.contains.items() if strength is not None and strength.kind == want.kind]
        if len(fits) != 1:
            contents_text = (
                ", ".join(f"{name} {'not yet measured' if q is None else q}" for name, q in self.contains.items()) or "nothing with a concentration"
            )
            raise ProtocolError(
                f"{self.id!r} holds {contents_text}: none of it can be {want} ({want.kind})", "use the reagent's own kind of concentration"
            )
        return want, fits[0][0], fits[0][1].value


def build_reagents(tree: YamlMap, inputs: RunInputs) -> dict[str, Reagent]:
    """Return all reagents with this run's values; raise ProtocolError for each mistake.

    What is the same in every run is read, and looked at, in the first of them alone.
    """
    result: dict[str, Reagent] = {}
    new_reagents: list[Reagent] = []
    mistakes = Collector()
    static: _StaticReagents = tree.cache or _StaticReagents(
        shared_components={
            component for key in tree if isinstance(tree[key], YamlMap) and "for" not in tree[key] for component in tree[key].mapping("contains")
        },
        component_kinds={},
    )
    for key in tree:
        if isinstance(tree[key], YamlMap) and isinstance(tree[key].cache, Reagent):
            result[key] = tree[key].cache
            continue
        with mistakes.at(tree[key].file if isinstance(tree[key], YamlMap) else tree.file, tree.lines[key]):
            entry = tree.mapping(key)
            for owner, scope in _owner_scopes(entry, inputs.values):
                item = _build_reagent(key, entry, owner, scope, tree.lines[key], inputs, static.shared_components)
                result[item.id] = item
                new_reagents.append(item)
            if entry.cache is None:
                entry.cache = result[key] if _is_static(entry) else False
    mistakes.raise_all()
    order = {name: index for index, name in enumerate(result)}
    families = dict.fromkeys(reagent.family for reagent in result.values())
    for reagent in new_reagents:
        for part in (*reagent.recipe.sources, reagent.recipe.diluent) if reagent.recipe else ():
            with mistakes.at(reagent.file, reagent.line):
                if part not in result and part not in families:
                    raise ProtocolError(f"{reagent.family!r} is made from {part!r}, which is not a reagent", suggest(part, families))
                if part == reagent.family:
                    raise ProtocolError(f"{part!r} is made from itself", "declare what is made first, what it is made from below")
                if part in order and order[part] < order[reagent.id]:
                    raise ProtocolError(
                        f"{reagent.family!r} is made from {part!r}, which stands above it", "declare what is made first, what it is made from below"
                    )
    reject_mixed_kinds(new_reagents, mistakes, static.component_kinds)
    reject_false_strengths(new_reagents, mistakes)
    mistakes.raise_all()
    if tree.cache is None:
        static_reagents = [reagent for key, reagent in result.items() if key in tree and tree[key].cache is reagent]
        tree.cache = _StaticReagents(shared_components=static.shared_components, component_kinds=reject_mixed_kinds(static_reagents, mistakes))
    return result


@dataclass(frozen=True, kw_only=True)
class _StaticReagents:
    """What is so in every run: the components that are not of one compound, and of what kind those are that follow from no value."""

    shared_components: set[str]
    component_kinds: dict[str, tuple[str, Quantity, str]]


def reject_mixed_kinds(
    reagents: Iterable[Reagent], mistakes: Collector, known_kinds: Mapping[str, tuple[str, Quantity, str]] | None = None
) -> dict[str, tuple[str, Quantity, str]]:
    """Reject a component given in two kinds, or in another than *known_kinds* has: where the two meet, nobody could add them up.

    Return for each component the reagent that was first to tell it, its strength and its kind.
    """
    first = dict(known_kinds or {})
    for reagent in reagents:
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


def _is_static(entry: YamlMap) -> bool:
    """Return whether nothing in *entry* follows from a run's values, so that it need be read but once."""
    amounts = [entry.mapping("contains").text(name) for name in entry.mapping("contains")] + [
        entry.text(key) for key in ("mw", "stock") if key in entry
    ]
    make = entry.mapping("make")
    texts = [*(entry.text(key) for key in ("name", "storage", "note")), *entry.word_list("hazards")]
    texts += [*make.word_list("from"), make.text("rest"), make.text("to_volume_with"), make.text("note")]
    return (
        "for" not in entry
        and not make.keys() & {"when", "all"}
        and not any("{" in word for word in texts)
        and all(amount[:1].isdigit() for amount in amounts)
    )


def _owner_scopes(entry: YamlMap, values: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Return (compound, values) for each run of ``for: compounds``, the lists cut to that compound's own value."""
    list_name = entry.text("for")
    if not list_name:
        return [("", values)]
    scopes = item_scopes(list_name, values)
    return [(str(name) if len(scopes) > 1 else "", scope) for name, scope in zip(values[list_name], scopes, strict=True)]


def _build_reagent(
    key: str, entry: YamlMap, owner: str, scope: Mapping[str, Any], line: int, inputs: RunInputs, shared_components: set[str]
) -> Reagent:
    contains = entry.mapping("contains")
    contents: dict[str, Quantity | None] = {}
    for component in contains:
        text = contains.text(component)
        is_of_recipe = is_formula(text) and contains.file != inputs.protocol.file
        strength = inputs.resolve_amount(text, {**scope, **contents} if is_of_recipe else scope)
        if strength is not None:
            strength = as_quantity(strength, *CONCENTRATIONS)
        name = f"{component} ({owner})" if owner and component not in shared_components else component  # each compound is a component of its own
        contents[name] = strength
    dispenser = entry.text("dispensed", "poured")
    if dispenser not in DISPENSERS:
        raise ProtocolError(f"{dispenser!r} is nothing that liquid is dispensed from", f"one of {', '.join(DISPENSERS)}")
    solid = entry.text("solid")
    molar_mass, stock = (inputs.resolve_amount(entry.text(key), scope) if key in entry else None for key in ("mw", "stock"))
    return Reagent(
        id=f"{key} ({owner})" if owner else key,
        name=_build_name(entry, inputs.interpolate(entry.text("name", key), scope), contents),
        line=line,
        contains=contents,
        adjust=_read_adjustment(entry.mapping("adjust")) if "adjust" in entry else {},
        recipe=_build_recipe(entry.mapping("make"), scope, inputs, owner),
        dispenser=dispenser,
        overage_rule=_read_overage(entry.mapping("overage")),
        names_hazards="hazards" in entry,
        hazards=tuple(inputs.interpolate(hazard, scope) for hazard in entry.word_list("hazards")),
        storage=inputs.interpolate(entry.text("storage"), scope),
        note=inputs.interpolate(entry.text("note"), scope),
        solid=f"{solid} ({owner})" if owner and solid else solid,
        molar_mass=as_quantity(molar_mass, "molar mass") if molar_mass is not None else None,
        stock=as_quantity(stock, *CONCENTRATIONS) if stock is not None else None,
        family=key,
        owner=owner,
        container=entry.text("keep_in"),
        file=entry.file,
        cite=tuple(entry.word_list("cite")),
        recipe_name=entry.recipe,
    )


def _build_name(entry: YamlMap, name: str, contents: Mapping[str, Quantity | None]) -> str:
    """Return the *name* of a reagent, with the strengths that the entry changed in place of its recipe's."""
    if not entry.recipe_strengths:
        return name
    old = {component: as_quantity(text, *CONCENTRATIONS) for component, text in entry.recipe_strengths.items()}
    return rewrite_strengths(name, old, contents)


def _build_recipe(entry: YamlMap, scope: Mapping[str, Any], inputs: RunInputs, owner: str) -> Recipe | None:
    if not entry:
        return None
    if "when" in entry and inputs.condition_holds(entry.text("when"), entry, scope) is not True:
        return None
    fill_to_mark = "to_volume_with" in entry
    if fill_to_mark == ("rest" in entry):
        raise ProtocolError(
            "a recipe is made up with one thing", "write 'rest: medium' (so much of it) or 'to_volume_with: water' (up to the mark)"
        ).at(entry.file, entry.line)
    if "from" not in entry:
        raise ProtocolError("a recipe is made from something", "write 'from: stock'").at(entry.file, entry.line)
    whole_mass = as_quantity(inputs.resolve_amount(entry.text("all"), scope), "mass") if "all" in entry else None
    owner_suffix = f" ({owner})" if owner else ""
    sources = tuple(
        f"{inputs.interpolate(name, scope)}{owner_suffix}" if whole_mass else str(inputs.interpolate(name, scope)) for name in entry.word_list("from")
    )
    diluent = inputs.interpolate(entry.text("to_volume_with") if fill_to_mark else entry.text("rest"), scope)
    return Recipe(
        sources=sources, diluent=diluent, fill_to_mark=fill_to_mark, whole_mass=whole_mass, note=inputs.interpolate(entry.text("note"), scope)
    )


def _read_adjustment(entry: YamlMap) -> dict[str, Fraction]:
    """Return the pH that each acid or base brings a reagent to; raise ProtocolError for what is not a pH."""
    result = {}
    for substance in entry:
        text = entry.text(substance)
        with locate_errors(entry.file, entry.lines[substance]):
            found = re.fullmatch(r"pH ([0-9]{1,2}(?:\.[0-9]+)?)", text)
            if found is None or Fraction(found[1]) > 14:
                raise ProtocolError(f"{text!r} is not a pH", "write it like 'HCl: pH 6.8'")
            result[substance] = Fraction(found[1])
    return result


def _read_overage(entry: YamlMap) -> OverageRule | None:
    if not entry:
        return None
    kinds = {"percent": "fraction", "volume": "volume", "least": "volume"}
    for key, text in entry.items():
        if key not in kinds and whole_number(str(text)) is None:
            raise ProtocolError(f"{key} {text!r} is not a whole number", "write it in digits").at(entry.file, entry.lines[key])
    return build_overage_rule({key: as_quantity(text, kinds[key]) if key in kinds else int(text) for key, text in entry.items()})
