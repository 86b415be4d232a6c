"""Stocks that stand on the lab's shelf, so that a sheet begins from them; refuses a stock whose concentration is no concentration."""

from __future__ import annotations

from collections.abc import Mapping

from ..units import CONCENTRATIONS, Quantity
from .reader import ProfileReader, parse_positive


def load_stocks(reader: ProfileReader) -> dict[str, Quantity]:
    """Return the concentration of each stock by its name; raise nothing, every mistake is kept."""
    strengths: dict[str, Quantity] = {}
    source = reader.source_of("stocks")
    with reader.mistakes.at(source.file, source.lines.get("stocks")):
        tree = source.mapping("stocks")
        for name in tree:
            with reader.mistakes.at(tree.file, tree.lines[name]):
                strengths[name] = parse_positive(tree.text(name), name, *CONCENTRATIONS)
    return strengths


def shelf_names(stocks: Mapping[str, Quantity]) -> frozenset[str]:
    """Return what recipes call these stocks: ``5 M NaCl`` for NaCl at 5 M, ``10x TBS`` for TBS at 10 X, ``10 % SDS`` for SDS at 10 % w/v."""
    names = set()
    for name, strength in stocks.items():
        text = str(strength)
        names |= {f"{text} {name}", f"{text.removesuffix(' X')}x {name}", f"{text.partition(' %')[0]} % {name}"}
    return frozenset(names)
