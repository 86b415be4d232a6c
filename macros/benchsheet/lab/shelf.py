"""Stocks that stand on the lab's shelf, so that a sheet begins from them; refuses a stock whose concentration is no concentration."""

from __future__ import annotations

from collections.abc import Mapping

from ..units import CONCENTRATIONS, Quantity
from .reader import Reading, some


def stocks(reading: Reading) -> dict[str, Quantity]:
    """Return the concentration of each stock by its name; raise nothing, every mistake is kept."""
    found: dict[str, Quantity] = {}
    source = reading.source("stocks")
    with reading.mistakes.at(source.file, source.lines.get("stocks")):
        tree = source.map("stocks")
        for name in tree:
            with reading.mistakes.at(tree.file, tree.lines[name]):
                found[name] = some(tree.text(name), name, *CONCENTRATIONS)
    return found


def called(stocks: Mapping[str, Quantity]) -> frozenset[str]:
    """Return what recipes call these stocks: ``5 M NaCl`` for NaCl at 5 M, ``10x TBS`` for TBS at 10 X, ``10 % SDS`` for SDS at 10 % w/v."""
    found = set()
    for name, strength in stocks.items():
        text = str(strength)
        found |= {f"{text} {name}", f"{text.removesuffix(' X')}x {name}", f"{text.partition(' %')[0]} % {name}"}
    return frozenset(found)
