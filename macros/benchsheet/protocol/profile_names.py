"""The names in a lab profile against the shared tables and protocols: a stock or a device that nothing takes, an antibody under another name.

What is kept under a name that nothing asks for would be made, or taken from the table, all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ..errors import Collector, ProtocolError, suggest
from ..expressions.grammar import Tree, parse_expression
from ..expressions.interpolate import expressions_in
from ..lab import Lab, default_lab
from ..lab.stocks import ANTIBODIES, STOCK_NOUN, sees_primaries, stock_names
from ..spelling import find_nearest
from ..yamltree import YamlMap, parse_yaml_map
from .recipes import ingredients
from .tables import parse_table

_HOSTS, _RECIPES = "hosts", "recipes.yml"
_DEVICES = "devices"  # the lab's own table that has a row a device
ProtocolTexts = Callable[[], Iterable[tuple[str, str]]]


def reject_unknown_names(lab: Lab, text: str, shared_files: Mapping[str, str], protocol_texts: ProtocolTexts) -> None:
    """Raise ProtocolError, all at once, for each name in the profile *text* of *lab* that nothing here asks for.

    *protocol_texts* returns the name and text of each protocol here; it is asked only for a stock that is not a shared recipe, and for a
    device that the default lab does not have.
    """
    mistakes = Collector()
    tree = parse_yaml_map(text, lab.file) if lab.stocks or lab.antibodies or lab.equipment.keys() - default_lab().equipment else None
    if lab.stocks and tree is not None:
        _check_stocks(lab, tree.mapping("stocks").lines, shared_files, protocol_texts, mistakes)
    if tree is not None and "equipment" in tree:
        _check_equipment(lab, tree.mapping("equipment").lines, protocol_texts, mistakes)
    if lab.antibodies and tree is not None:
        _check_targets(lab, {entry["target"]: entry.lines["target"] for entry in tree[ANTIBODIES]}, shared_files, mistakes)
    mistakes.raise_all()


def _check_targets(lab: Lab, lines: Mapping[str, int], shared_files: Mapping[str, str], mistakes: Collector) -> None:
    rows, hosts = (parse_table(name, shared_files[f"{name}.yml"], f"{name}.yml") for name in (ANTIBODIES, _HOSTS))
    secondaries = {spelling: spelling for name in hosts.rows for spelling in (name, f"{name.partition(' ')[0]} IgG")}
    for stock in lab.antibodies:
        if stock.target in rows.rows or sees_primaries(stock.target):
            continue
        name = find_nearest(stock.target, rows.row_names.spellings, others_exist=True) or find_nearest(stock.target, secondaries)
        with mistakes.at(lab.file, lines[stock.target]):
            if name and name != stock.target:
                raise ProtocolError(f"no protocol looks for {STOCK_NOUN} against {stock.target!r}", f"it is known as {name!r}")


def _check_equipment(lab: Lab, lines: Mapping[str, int], protocol_texts: ProtocolTexts, mistakes: Collector) -> None:
    known = dict(default_lab().equipment)
    unknown = [name for name in lab.equipment if name not in known]
    asked: dict[str, None] = dict.fromkeys(known)
    for file, text in protocol_texts() if unknown else ():
        asked |= dict.fromkeys(_list_asked_devices(parse_yaml_map(text, file)))
    spellings = {spelling: name for name in asked for spelling in (name, known[name].name if name in known else name)}
    for name in unknown:
        if name not in asked:
            with mistakes.at(lab.file, lines[name]):
                way = suggest(name, asked, "equipment", spellings=spellings)
                raise ProtocolError(f"no protocol asks for the equipment {name!r}", f"{way}; or leave it out")


def _list_asked_devices(tree: YamlMap) -> Iterator[str]:
    """Yield the ids of the devices that a protocol asks for: the rows of ``table(devices, ...)`` in its expressions.

    Where an expression works out the row, each whole value of the protocol (a choice, a default) and each quoted word may be the id.
    """
    texts = list(_list_texts(tree))
    rows = [tree[3] for tree in _parse_expressions(text for text in texts if _DEVICES in text) if _is_device_lookup(tree)]
    while rows:
        row = rows.pop()
        if row[0] == "if":
            rows += row[2:]
        elif row[0] == "word":
            yield row[1]
        else:
            yield from texts
            yield from (tree[1] for tree in _parse_expressions(texts) if tree[0] == "word")
            return


def _is_device_lookup(tree: Tree) -> bool:
    return tree[:2] == ("call", "table") and len(tree) > 3 and tree[2] == ("name", _DEVICES)


def _parse_expressions(texts: Iterable[str]) -> Iterator[Tree]:
    """Yield each part of each of *texts* that is an expression, and of the expressions in those that are words."""
    for part in (part for text in texts for part in (text, *expressions_in(text))):
        try:
            trees = [parse_expression(part)]
        except ProtocolError:
            continue  # words
        while trees:
            tree = trees.pop()
            trees += [each for each in tree if isinstance(each, tuple)]
            yield tree


def _list_texts(value: Any) -> Iterator[str]:
    """Yield every scalar of a YAML tree."""
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, YamlMap) else value if isinstance(value, list) else ():
        yield from _list_texts(part)


def _check_stocks(lab: Lab, lines: Mapping[str, int], shared_files: Mapping[str, str], protocol_texts: ProtocolTexts, mistakes: Collector) -> None:
    rows = parse_yaml_map(shared_files[_RECIPES], _RECIPES).mapping("rows")
    names, solids = set(rows), _name_solids(rows)
    parts = {part for row in rows.values() if isinstance(row, YamlMap) for part in ingredients(row)}
    unknown = [stock for stock, strength in lab.stocks.items() if names.isdisjoint(stock_names(stock, strength))]
    printed = _printed_names(rows) if unknown else {}
    for file, text in protocol_texts() if unknown else ():
        reagents = parse_yaml_map(text, file).mapping("reagents")
        names.update(reagents)
        printed = _printed_names(reagents) | printed
        solids |= _name_solids(reagents)
    for stock in unknown:
        strength = lab.stocks[stock]
        kept = sorted(name for name in names if name == stock or name.endswith(f" {stock}"))
        is_of_solid = stock in solids and parts.isdisjoint(set(kept) - {stock})  # taken where so little of it cannot be weighed
        if is_of_solid or not names.isdisjoint(stock_names(stock, strength)):
            continue
        with mistakes.at(lab.file, lines[stock]):
            bare_names = sorted(names | {name.partition("x ")[2] for name in names} - {""})
            spellings = dict(zip(bare_names, bare_names, strict=True))
            way = f"it is known as {', '.join(kept[:4])}" if kept else suggest(stock, bare_names, spellings=spellings | printed | spellings)
            raise ProtocolError(f"no recipe takes {stock!r} at {strength}, so it would be made all the same", f"{way}; or leave it out")


def _name_solids(reagents: YamlMap) -> set[str]:
    """Return what a lab may call a stock of each of *reagents* that is weighed: its name in the list, or in words up to a comma."""
    weighed = {name: entry for name, entry in reagents.items() if isinstance(entry, YamlMap) and "solid" in entry}
    return {word for name, entry in weighed.items() for word in (name, entry.text("name", name).partition(",")[0])}


def _printed_names(reagents: YamlMap) -> dict[str, str]:
    """Return the names in the list of *reagents* by those that a sheet prints: ``10x running buffer`` for ``10x SDS running buffer``.

    Both also without their strength: ``running buffer`` for ``SDS running buffer``.
    """
    pairs = [(entry.text("name"), name) for name, entry in reagents.items() if isinstance(entry, YamlMap) and isinstance(entry.get("name"), str)]
    bare = {printed.partition("x ")[2]: name.partition("x ")[2] for printed, name in pairs if printed.split("x ")[0] == name.split("x ")[0]}
    return bare | dict(pairs)
