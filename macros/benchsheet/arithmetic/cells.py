"""Cells: density and viability from a counting chamber, the volume that holds so many, and growth against a control and a start."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..errors import ProtocolError
from ..units import format_amount
from .exact import pow2


def percent_of_control(treated: Fraction, control: Fraction) -> Fraction:
    """Return 100 T/C, blanks subtracted from both."""
    return 100 * treated / control


def percent_growth(start: Fraction, control: Fraction, treated: Fraction) -> Fraction:
    """Return growth in percent of the control's: 100 (T - S)/(C - S), or 100 (T - S)/S where less is left than at the *start*.

    100 is growth as in the control, 0 is none, -100 is all lost. The rule is the one of the NCI-60 screen.
    Raise ProtocolError for a control that is not above the start: then there is no growth to be a percentage of.
    """
    if control <= start:
        raise ProtocolError(
            f"the control ({float(control):g}) is not above the start ({float(start):g}): nothing grew, so there is no percentage of growth",
            "look whether the readings are exchanged; else let the control double before it is read",
        )
    if treated >= start:
        return 100 * (treated - start) / (control - start)
    return 100 * (treated - start) / start


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
