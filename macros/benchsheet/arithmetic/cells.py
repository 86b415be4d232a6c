"""How cells grew: against the control, and against what was there at the start; refuses a control that did not grow."""

from __future__ import annotations

from fractions import Fraction

from ..errors import ProtocolError
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
