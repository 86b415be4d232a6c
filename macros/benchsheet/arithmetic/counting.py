"""Cells counted under the microscope: density, viability, and the volume that holds so many; refuses a count of nothing."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..errors import ProtocolError
from ..units import format_amount

SQUARE_VOLUME = 100  # nL over one large square of a counting chamber: 1 mm x 1 mm x 0.1 mm


def cell_density(squares: Sequence[Fraction], dilution: Fraction) -> Fraction:
    """Return the density (cells/nL) of a suspension counted after *dilution* (total / stock): mean x dilution x 10^4 cells/mL."""
    total = sum(squares, Fraction(0))
    if not total:
        raise ProtocolError("no cells were counted", "count a denser suspension")
    return total / len(squares) * dilution / SQUARE_VOLUME


def viability(live: Fraction, dead: Fraction) -> Fraction:
    """Return the living share (a fraction of one) of all cells counted."""
    if not live + dead:
        raise ProtocolError("no cells were counted", "count a denser suspension")
    return live / (live + dead)


def suspension_volume(cells: Fraction, volume: Fraction, density: Fraction) -> Fraction:
    """Return the volume (nL) of a suspension of *density* cells/nL that brings *cells* into *volume* (nL); raise ProtocolError if it is too thin."""
    needed = cells / density
    if needed > volume:
        raise ProtocolError(
            f"{format_amount(density, 'cell density')} is too thin: {format_amount(volume, 'volume')} have to hold "
            f"{format_amount(cells / volume, 'cell density')}",
            f"spin the cells down and take them up in less, at {format_amount(cells / volume, 'cell density')} or more; or "
            f"ask for fewer cells a well",
        )
    return needed
