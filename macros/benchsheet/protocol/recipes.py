"""Recipes that protocols share: a stock or a buffer is written down once, with all that it is made from.

Refuses a recipe that nobody wrote down, one that leads back to itself, and a change of how a shared one is made.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping

from ..errors import Collector, ProtocolError, near
from ..yamltree import Items, Map, Text, read
from .tables import EVIDENCE

FILE = "recipes.yml"
OWN = ("name", "contains", "dispensed", "overage", "storage", "hazards", "note", "keep_in")
_ROW = (*OWN, "make", "solid", "mw", "evidence", "cite", "confidence")
_SAID = ("evidence", "cite", "confidence")


@functools.lru_cache(maxsize=8)
def recipes(text: str, file: str) -> Map:
    """Return the rows of the shared recipes by name; raise ProtocolError for each mistake in their form."""
    tree = read(text, file)
    mistakes = Collector()
    with mistakes.at(file):
        tree.only(("title", "about", "defaults", "rows"), "the file of recipes")
    defaults = tree.map("defaults")
    with mistakes.at(file):
        defaults.only(_SAID, "'defaults'")
    rows = tree.map("rows")
    for name in rows:
        with mistakes.at(file, rows.lines[name]):
            row = rows.map(name)
            row.only(_ROW, "a recipe")
            row.recipe = name
            for key in _SAID:
                if key not in row and key in defaults:
                    row[key], row.lines[key] = defaults[key], rows.lines[name]
            if row.get("evidence") not in EVIDENCE:
                raise ProtocolError(f"{row.get('evidence', '')!r} is no evidence", f"one of {', '.join(EVIDENCE)}")
            for part in parts(row):
                if part not in rows:
                    raise ProtocolError(f"{name!r} is made from {part!r}, which is no recipe", near(part, rows, "recipes"))
    mistakes.close()
    _refuse_circles(rows, mistakes)
    mistakes.close()
    return rows


def parts(entry: Map) -> Iterator[str]:
    """Return what *entry* is made from, and what it is made up with."""
    make = entry.map("make")
    yield from make.items_of("from")
    yield from (make.text(key) for key in ("rest", "to_volume_with") if key in make)


def expanded(own: Map, shared: Mapping[str, str], file: str) -> tuple[Map, bool]:
    """Return the reagents of a protocol with every shared recipe in its place, and whether there is any.

    *own* are the reagents as declared, *shared* the texts of what protocols share, *file* how messages call the recipes.
    What a recipe is made from follows below it, once, down to the shelf; a reagent that the protocol declares under
    the same name is taken instead.
    """
    declared = {name: entry for name, entry in own.items() if isinstance(entry, Map)}
    wanted = {part for entry in declared.values() for part in parts(entry)} - own.keys()
    if not wanted and not any("recipe" in entry for entry in declared.values()):
        return own, False
    rows = recipes(shared.get(FILE, ""), file)
    if wanted.isdisjoint(rows) and not any("recipe" in entry for entry in declared.values()):
        return own, False
    found = Map()
    found.file, found.line, found.lines = own.file, own.line, dict(own.lines)
    mistakes = Collector()
    for name, entry in own.items():
        found[name] = entry
        if name in declared and "recipe" in entry:
            with mistakes.at(own.file, own.lines[name]):
                found[name] = _taken(entry, rows)
                if len(entry) == 1:
                    found.lines[name] = rows.lines[entry.text("recipe")]
    mistakes.close()
    for name, row in _below(found, rows, _stands_for(declared)):
        found[name], found.lines[name] = row, rows.lines[name]
    return _ordered(found), True


def _taken(entry: Map, rows: Map) -> Map:
    """Return the shared row that *entry* names, with the entry's own words in place of the row's."""
    entry.only(("recipe", *OWN), "an entry that takes a shared recipe")
    name = entry.text("recipe")
    if name not in rows:
        raise ProtocolError(f"no recipe {name!r}", near(name, rows, "recipes")).at(entry.file, entry.lines["recipe"])
    row = rows.map(name)
    made = Map({key: value for key, value in row.items() if key != "confidence"})
    made.file, made.line, made.lines = (entry if len(entry) > 1 else row).file, entry.line, row.lines | entry.lines
    made.recipe = name
    made.setdefault("name", _text(name, entry.line))
    strengths = entry.map("contains")
    with_new = _copy(row.map("contains"))
    for component in strengths:
        if component not in with_new:
            raise ProtocolError(f"{name!r} contains no {component!r}", near(component, with_new, "it contains")).at(
                entry.file, strengths.lines[component]
            )
        with_new[component], with_new.lines[component] = strengths[component], strengths.lines[component]
    made |= {key: value for key, value in entry.items() if key != "recipe"}
    if strengths:
        made["contains"] = with_new
    return made


def _stands_for(declared: Mapping[str, Map]) -> dict[str, str]:
    """Return, for each recipe, the one reagent of the protocol that is it under a name of its own, as strong as written."""
    found: dict[str, list[str]] = {}
    for name, entry in declared.items():
        if "recipe" in entry and "contains" not in entry:
            found.setdefault(entry.text("recipe"), []).append(name)
    return {recipe: names[0] for recipe, names in found.items() if len(names) == 1}


def _below(found: Map, rows: Map, called: Mapping[str, str]) -> Iterator[tuple[str, Map]]:
    """Return each shared row that what is in *found* is made from, and change what is made from one the protocol has."""
    below: dict[str, Map] = {}
    waiting = list(found)
    while waiting:
        name = waiting.pop(0)
        entry = below.get(name, found.get(name))
        if not isinstance(entry, Map):
            continue
        from_row = name in below or entry.map("make").file == rows.file
        if from_row and any(part in called and part not in found for part in parts(entry)):
            entry = _renamed(entry, {old: new for old, new in called.items() if old not in found})
            (below if name in below else found)[name] = entry
        for part in parts(entry):
            if part not in found and part not in below and part in rows:
                below[part] = rows.map(part)
                waiting.append(part)
    yield from below.items()


def _renamed(entry: Map, names: Mapping[str, str]) -> Map:
    made, make = _copy(entry), _copy(entry.map("make"))
    make["from"] = Items(names.get(part, part) for part in make.items_of("from"))
    for key in ("rest", "to_volume_with"):
        if key in make:
            make[key] = names.get(make.text(key), make.text(key))
    made["make"] = make
    return made


def _copy(tree: Map) -> Map:
    made = Map(tree)
    made.file, made.line, made.lines, made.recipe = tree.file, tree.line, dict(tree.lines), tree.recipe
    return made


def _text(word: str, line: int) -> Text:
    made = Text(word)
    made.line = line
    return made


def _ordered(found: Map) -> Map:
    """Return *found* with everything above what it is made from, otherwise as declared; refuse a circle."""
    mistakes = Collector()
    _refuse_circles(found, mistakes)
    mistakes.close()
    users: dict[str, set[str]] = {name: set() for name in found}
    for name, entry in found.items():
        for part in parts(entry) if isinstance(entry, Map) else ():
            users.get(part, set()).add(name)
    made = _copy(found)
    made.clear()
    left = list(found)
    while left:
        ready = next(name for name in left if users[name] <= made.keys())
        left.remove(ready)
        made[ready] = found[ready]
    return made


def _refuse_circles(entries: Map, mistakes: Collector) -> None:
    """Refuse each way that leads from an entry down and back to it; say the way, once."""
    over: set[str] = set()

    def place(name: str) -> tuple[str, int]:
        entry = entries[name]
        return entry.file if isinstance(entry, Map) else entries.file, entries.lines[name]

    def follow(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            circle = (*path[path.index(name) :], name)
            way = f"{name!r} is made from {', which is made from '.join(repr(part) for part in circle[1:])}"
            raise ProtocolError(way, "end with what is bought").at(*place(name))
        entry = entries.get(name)
        if isinstance(entry, Map) and name not in over:
            over.add(name)
            for part in parts(entry):
                follow(part, (*path, name))

    for name in entries:
        with mistakes.at(*place(name)):
            follow(name, ())
