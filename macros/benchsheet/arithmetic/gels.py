"""What a hand-cast gel is poured from: each part by the balance of what is dissolved; refuses what leaves no room for water."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ..errors import ProtocolError
from . import dilution


def gel_volumes(volume: Fraction, parts: Mapping[str, tuple[Fraction, Fraction]]) -> dict[str, Fraction]:
    """Return the volume of each part of a gel of *volume*, and of ``water``, which is the rest.

    *parts* maps a name to (stock, final), both in one unit. Raise ProtocolError if they come to more than the gel.
    """
    volumes = {name: dilution.stock_volume(stock, final, volume) for name, (stock, final) in parts.items()}
    rest = volume - sum(volumes.values())
    if rest < 0:
        raise ProtocolError("the parts come to more than the gel", "use a stronger stock, or ask for less")
    return {**volumes, "water": rest}


def max_concentration(stock: Fraction, parts: Mapping[str, tuple[Fraction, Fraction]]) -> Fraction:
    """Return the highest final concentration of a component at *stock* that leaves room for the other *parts*."""
    return stock * (1 - sum(final / strength for strength, final in parts.values()))
