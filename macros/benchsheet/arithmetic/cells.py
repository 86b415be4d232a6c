"""Cells: density and viability from a counting chamber, how even it is, and the volume that holds so many."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..errors import ProtocolError
from ..units import format_amount
from .exact import pow2, square_root


def cells_after(seeded: Fraction, time: Fraction, doubling: Fraction) -> Fraction:
    """Return how many cells *seeded* become in *time* at a *doubling* time, both in seconds: N 2^(t/d)."""
    try:
        return seeded * pow2(time / doubling)
    except ValueError:
        raise ProtocolError("the time is more than 1000 doublings", "look at the units of time and doubling time") from None


SQUARE_VOLUME = 100  # nL over one large square of a counting chamber: 1 mm x 1 mm x 0.1 mm


def cell_density(squares: Sequence[Fraction], dilution: Fraction) -> Fraction:
    """Return the density (cells/nL) of a suspension counted after *dilution* (total / stock): mean x dilution x 10^4 cells/mL."""
    total = sum(squares, Fraction(0))
    if not total:
        raise ProtocolError("no cells were counted", "count a denser suspension")
    return total / len(squares) * dilution / SQUARE_VOLUME


MOST_IN_SQUARE = 100  # above it cells are missed and counted twice; 20 to 50 are usual
LEAST_COUNTED = 50  # counting alone then errs by 1 / sqrt(50), 14 %
# The chi-square that one of a hundred even fillings exceeds, by degrees of freedom (squares less one); for more squares see spread_limit.
_CHI_SQUARE = ("6.63", "9.21", "11.34", "13.28", "15.09", "16.81", "18.48", "20.09", "21.67", "23.21", "24.72")


def square_spread(squares: Sequence[Fraction]) -> Fraction:
    """Return how far *squares* lie apart: the sum of (n - mean)^2 / mean, which is chi-square where cells fall at random."""
    mean = sum(squares, Fraction(0)) / len(squares)
    return sum(((square - mean) ** 2 for square in squares), Fraction(0)) / mean


def spread_limit(freedom: int) -> Fraction:
    """Return the spread that chance passes once in a hundred, for *freedom* squares less one; 0 for a single square.

    Beyond the table it is d (1 - 2/9d + 2.326 sqrt(2/9d))^3, the approximation of Wilson and Hilferty.
    """
    if freedom < 1:
        return Fraction(0)
    if freedom <= len(_CHI_SQUARE):
        return Fraction(_CHI_SQUARE[freedom - 1])
    part = Fraction(2, 9 * freedom)
    return freedom * (1 - part + Fraction("2.326") * square_root(part)) ** 3


def counting_error(counted: Fraction) -> Fraction:
    """Return the error (of one) that counting *counted* cells has by chance: 1 / sqrt(n)."""
    return 1 / square_root(counted)


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
