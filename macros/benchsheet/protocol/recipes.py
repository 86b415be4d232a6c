"""Recipes that protocols share: a stock or a buffer is written down once, with all that it is made from.

A recipe that is not in the file, a cycle of recipes, and an entry that changes how a shared recipe is made raise ProtocolError.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterator, Mapping

from ..errors import Collector, ProtocolError, check_known, suggest
from ..graph import find_cycle, sort_above_parts
from ..yamltree import YamlList, YamlMap, parse_yaml_map, place_text
from .evidence import EVIDENCE_KEYS, check_evidence
from .sections import OVERRIDE, RECIPE

RECIPES_FILE = "recipes.yml"


@functools.lru_cache(maxsize=8)
def read_recipes(text: str, file: str) -> YamlMap:
    """Return the rows of the shared recipes by name; raise ProtocolError for each mistake in their form."""
    tree = parse_yaml_map(text, file)
    mistakes = Collector()
    with mistakes.at(file):
        tree.check_keys(("title", "about", "defaults", "rows"), "the file of recipes")
    defaults = tree.mapping("defaults")
    with mistakes.at(file):
        defaults.check_keys(EVIDENCE_KEYS, "'defaults'")
    rows = tree.mapping("rows")
    for name in rows:
        with mistakes.at(file, rows.lines[name]):
            row = rows.mapping(name)
            RECIPE.check(row)
            row.recipe = name
            for key in EVIDENCE_KEYS:
                if key not in row and key in defaults:
                    row[key], row.lines[key] = defaults[key], rows.lines[name]
            check_evidence(row)
            for part in ingredients(row):
                check_known(part, rows, f"{name!r} is made from {part!r}, which is not a recipe", "recipes")
    mistakes.raise_all()
    _reject_cycles(rows)
    return rows


def ingredients(entry: YamlMap) -> Iterator[str]:
    """Return what *entry* is made from, and what it is made up with."""
    make = entry.mapping("make")
    yield from make.word_list("from")
    yield from (make.text(key) for key in ("rest", "to_volume_with") if key in make)


def list_formulas(reagents: YamlMap) -> list[str]:
    """Return the strengths among *reagents* that shared recipes work out from others: ``... if acrylamide < ... else ...``."""
    held = [entry.mapping("contains") for entry in reagents.values() if isinstance(entry, YamlMap) and "contains" in entry]
    return [text for contains in held if contains.file != reagents.file for text in contains.values() if isinstance(text, str) and is_formula(text)]


def is_formula(strength: str) -> bool:
    """Return whether the *strength* of a recipe's component is worked out from those before it, not written."""
    return not strength[:1].isdigit()


def expand_recipes(own: YamlMap, shared_files: Mapping[str, str], file: str) -> tuple[YamlMap, bool]:
    """Return the reagents of a protocol with every shared recipe in its place, and whether there is any.

    *own* are the reagents as declared, *shared_files* the texts of what protocols share, *file* how messages call the recipes.
    What a recipe is made from follows below it, once, down to the shelf; a reagent that the protocol declares under
    the same name is taken instead.
    """
    own_entries = {name: entry for name, entry in own.items() if isinstance(entry, YamlMap)}
    needs = {part for entry in own_entries.values() for part in ingredients(entry)} - own.keys()
    named = {name: entry for name, entry in own_entries.items() if "recipe" in entry}
    rows = read_recipes(shared_files.get(RECIPES_FILE, ""), file) if needs or named else YamlMap()
    if not named and needs.isdisjoint(rows):
        return own, False
    reagents, mistakes = own.copy(), Collector()
    for name, entry in named.items():
        with mistakes.at(own.file, own.lines[name]):
            reagents[name] = _override_recipe(entry, rows)
            if len(entry) == 1:
                reagents.lines[name] = rows.lines[entry.text("recipe")]
    mistakes.raise_all()
    for name, row in _missing_ingredients(reagents, rows, _names_by_recipe(named)):
        reagents[name], reagents.lines[name] = row, rows.lines[name]
    return _sort_reagents(reagents), True


def _override_recipe(entry: YamlMap, rows: YamlMap) -> YamlMap:
    """Return the shared row that *entry* names, with the entry's own words in place of the row's."""
    OVERRIDE.check(entry)
    name = entry.text("recipe")
    if name not in rows:
        raise ProtocolError(f"no recipe {name!r}", suggest(name, rows, "recipes")).at(entry.file, entry.lines["recipe"])
    row = rows.mapping(name)
    recipe = YamlMap({key: value for key, value in row.items() if key != "confidence"})
    recipe.file, recipe.line, recipe.lines = (entry if len(entry) > 1 else row).file, entry.line, row.lines | entry.lines
    recipe.recipe = name
    recipe.setdefault("name", place_text(name, entry.line))
    strengths = entry.mapping("contains")
    contents = row.mapping("contains").copy()
    for component in strengths:
        if component not in contents:
            raise ProtocolError(f"{name!r} contains no {component!r}", suggest(component, contents, "it contains")).at(
                entry.file, strengths.lines[component]
            )
        contents[component], contents.lines[component] = strengths[component], strengths.lines[component]
    if _is_mixture(row, strengths, rows):
        recipe.pop("note", None)  # which may say how much is taken at the strength that it had
        mixture, new = next((one, strengths.text(one)) for one in strengths)
        share = f"{repr(new) if new[:1].isdigit() else f'({new})'} / '{row.mapping('contains').text(mixture)}'"
        for component in contents.keys() - strengths.keys():
            contents[component] = place_text(f"'{contents.text(component)}' * ({share})", contents.lines[component])
    recipe |= {key: value for key, value in entry.items() if key != "recipe"}
    if strengths:
        recipe["contains"] = contents
        if "name" not in entry:  # which may tell the strength that was changed
            written = {component: row.mapping("contains").text(component) for component in strengths}
            recipe.recipe_strengths = {component: text for component, text in written.items() if not is_formula(text)}
    return recipe


def _is_mixture(row: YamlMap, strengths: YamlMap, rows: YamlMap) -> bool:
    """Return whether the one of *strengths* says how strong all of *row* is, as 10 X of TBS does: nothing that it is made from has that component."""
    old = [row.mapping("contains").text(component) for component in strengths]
    if len(old) != 1 or not old[0].endswith(" X") or not row.mapping("make"):
        return False
    return not any(component in rows.mapping(part).mapping("contains") for part in ingredients(row) if part in rows for component in strengths)


def _names_by_recipe(named: Mapping[str, YamlMap]) -> dict[str, str]:
    """Return, for each recipe, the name of the one reagent of the protocol that takes it at the strength written there."""
    unchanged = [(entry.text("recipe"), name) for name, entry in named.items() if "contains" not in entry]
    counts = Counter(recipe for recipe, _ in unchanged)
    return {recipe: name for recipe, name in unchanged if counts[recipe] == 1}


def _missing_ingredients(reagents: YamlMap, rows: YamlMap, aliases: Mapping[str, str]) -> Iterator[tuple[str, YamlMap]]:
    """Return each shared row that what is in *reagents* is made from, and change what is made from one the protocol has."""
    below: dict[str, YamlMap] = {}
    waiting = list(reagents)
    while waiting:
        name = waiting.pop(0)
        entry = below.get(name, reagents.get(name))
        if not isinstance(entry, YamlMap):
            continue
        from_row = name in below or entry.mapping("make").file == rows.file
        if from_row and any(part in aliases and part not in reagents for part in ingredients(entry)):
            entry = _rename_ingredients(entry, {old: new for old, new in aliases.items() if old not in reagents})
            (below if name in below else reagents)[name] = entry
        for part in ingredients(entry):
            if part not in reagents and part not in below and part in rows:
                below[part] = rows.mapping(part)
                waiting.append(part)
    yield from below.items()


def _rename_ingredients(entry: YamlMap, names: Mapping[str, str]) -> YamlMap:
    copy, make = entry.copy(), entry.mapping("make").copy()
    make["from"] = YamlList(names.get(part, part) for part in make.word_list("from"))
    for key in ("rest", "to_volume_with"):
        if key in make:
            make[key] = names.get(make.text(key), make.text(key))
    copy["make"] = make
    return copy


def _sort_reagents(reagents: YamlMap) -> YamlMap:
    """Return *reagents* with everything above what it is made from, otherwise as declared; raise ProtocolError for a cycle."""
    _reject_cycles(reagents)
    parts = {name: tuple(ingredients(entry)) if isinstance(entry, YamlMap) else () for name, entry in reagents.items()}
    result = reagents.copy()
    result.clear()
    result.update((name, reagents[name]) for name in sort_above_parts(parts))
    return result


def _reject_cycles(entries: YamlMap) -> None:
    """Raise ProtocolError for each cycle, an entry that is made from itself in the end, with the way around it."""
    visited: set[str] = set()
    mistakes = Collector()

    def parts(name: str) -> Iterator[str]:
        entry = entries.get(name)
        return ingredients(entry) if isinstance(entry, YamlMap) else iter(())

    for name in entries:
        if cycle := find_cycle(name, parts, visited):
            entry = entries[cycle[0]]
            with mistakes.at(entry.file, entries.lines[cycle[0]]):
                message = f"{cycle[0]!r} is made from {', which is made from '.join(repr(part) for part in cycle[1:])}"
                raise ProtocolError(message, "end with what is bought")
    mistakes.raise_all()
