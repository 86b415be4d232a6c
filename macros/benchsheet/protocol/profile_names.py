"""The names in a lab profile against the shared tables: a stock that no recipe takes, an antibody that is looked for under another name.

What is kept under a name that nothing asks for would be made, or taken from the table, all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ..errors import Collector, ProtocolError, suggest
from ..lab import Lab
from ..lab.stocks import ANTIBODIES, STOCK_NOUN, sees_primaries, stock_names
from ..spelling import find_nearest
from ..yamltree import YamlMap, parse_yaml_map
from .recipes import ingredients
from .tables import parse_table

_HOSTS, _RECIPES = "hosts", "recipes.yml"


def reject_unknown_names(lab: Lab, text: str, shared_files: Mapping[str, str], own_reagents: Callable[[], Iterable[YamlMap]]) -> None:
    """Raise ProtocolError, all at once, for each name in the profile *text* of *lab* that nothing here asks for.

    *own_reagents* returns the reagents of each protocol here as declared; it is asked only if a stock is not a shared recipe.
    """
    mistakes = Collector()
    tree = parse_yaml_map(text, lab.file) if lab.stocks or lab.antibodies else None
    if lab.stocks and tree is not None:
        _check_stocks(lab, tree.mapping("stocks").lines, shared_files, own_reagents, mistakes)
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


def _check_stocks(
    lab: Lab, lines: Mapping[str, int], shared_files: Mapping[str, str], own_reagents: Callable[[], Iterable[YamlMap]], mistakes: Collector
) -> None:
    rows = parse_yaml_map(shared_files[_RECIPES], _RECIPES).mapping("rows")
    names, solids = set(rows), _name_solids(rows)
    parts = {part for row in rows.values() if isinstance(row, YamlMap) for part in ingredients(row)}
    unknown = [stock for stock, strength in lab.stocks.items() if names.isdisjoint(stock_names(stock, strength))]
    for reagents in own_reagents() if unknown else ():
        names.update(reagents)
        solids |= _name_solids(reagents)
    for stock in unknown:
        strength = lab.stocks[stock]
        kept = sorted(name for name in names if name == stock or name.endswith(f" {stock}"))
        is_of_solid = stock in solids and parts.isdisjoint(set(kept) - {stock})  # taken where so little of it cannot be weighed
        if is_of_solid or not names.isdisjoint(stock_names(stock, strength)):
            continue
        with mistakes.at(lab.file, lines[stock]):
            bare_names = sorted(names | {name.partition("x ")[2] for name in names} - {""})
            way = f"it is known as {', '.join(kept[:4])}" if kept else suggest(stock, bare_names)
            raise ProtocolError(f"no recipe takes {stock!r} at {strength}, so it would be made all the same", f"{way}; or leave it out")


def _name_solids(reagents: YamlMap) -> set[str]:
    """Return what a lab may call a stock of each of *reagents* that is weighed: its name in the list, or in words up to a comma."""
    weighed = {name: entry for name, entry in reagents.items() if isinstance(entry, YamlMap) and "solid" in entry}
    return {word for name, entry in weighed.items() for word in (name, entry.text("name", name).partition(",")[0])}
