"""Stocks that stand on the lab's shelf, so that a sheet begins from them; refuses a stock whose concentration is no concentration."""

from __future__ import annotations

from ..units import CONCENTRATIONS, Quantity
from .reading import Reading, some


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
