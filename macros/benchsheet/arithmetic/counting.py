"""Cells counted under the microscope: density, viability, and the volume that holds so many; refuses a count of nothing."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..errors import ProtocolError
from ..units import show

SQUARE = 100  # nL over one large square of a counting chamber: 1 mm x 1 mm x 0.1 mm


def density(squares: Sequence[Fraction], dilution: Fraction) -> Fraction:
    """Return the density (cells/nL) of a suspension counted after *dilution* (total / stock): mean x dilution x 10^4 cells/mL."""
    total = sum(squares, Fraction(0))
    if not total:
        raise ProtocolError("no cells were counted", "count a denser suspension")
    return total / len(squares) * dilution / SQUARE


def viability(live: Fraction, dead: Fraction) -> Fraction:
    """Return the living share (a fraction of one) of all cells counted."""
    if not live + dead:
        raise ProtocolError("no cells were counted", "count a denser suspension")
    return live / (live + dead)


def suspension(cells: Fraction, volume: Fraction, counted: Fraction) -> Fraction:
    """Return the volume (nL) of a suspension of *counted* cells/nL that brings *cells* into *volume* (nL); raise ProtocolError if it is too thin."""
    needed = cells / counted
    if needed > volume:
        raise ProtocolError(
            f"{show(counted, 'cell density')} is too thin: {show(volume, 'volume')} have to hold {show(cells / volume, 'cell density')}",
            f"spin the cells down and take them up in less, at {show(cells / volume, 'cell density')} or more; or ask for fewer cells a well",
        )
    return needed
