"""Growth against a control and a start: percent of control, percent growth, and the growth rate.

Blanks are subtracted from all readings. A well that was killed reads as the blank does, so it may come out a little below zero.
"""

from __future__ import annotations

from fractions import Fraction

from ..errors import ProtocolError
from .exact import log2, pow2

NOISE = Fraction("0.05")  # absorbance: wells that hold nothing differ from the mean of the blanks by less
MOST_ABSORBANCE = Fraction(2)  # a plate reader is linear up to about this
LEAST_DOUBLING = 2  # C/T0: less than one doubling is too little growth to lose


def percent_of_control(treated: Fraction, control: Fraction) -> Fraction:
    """Return 100 T/C, blanks subtracted from both."""
    return 100 * treated / control


def percent_growth(start: Fraction, control: Fraction, treated: Fraction) -> Fraction:
    """Return growth in percent of the control's: 100 (T - S)/(C - S), or 100 (T - S)/S where less is left than at the *start*.

    100 is growth as in the control, 0 is none, -100 is all lost. The rule is the one of the NCI-60 screen.
    Raise ProtocolError for a control that is not above the start: then there is no growth to be a percentage of.
    """
    check_growth(start, control)
    if treated >= start:
        return 100 * (treated - start) / (control - start)
    return 100 * (treated - start) / start


def growth_rate(start: Fraction, control: Fraction, treated: Fraction) -> Fraction:
    """Return the growth rate against the control's, GR = 2^(log2(T/S) / log2(C/S)) - 1, and -1 where nothing is left.

    1 is growth as in the control, 0 is none, below 0 cells are lost (Hafner and others 2016). It does not depend on how often the control divided.
    """
    check_growth(start, control)
    if treated <= 0:
        return Fraction(-1)
    exponent = log2(treated / start) / log2(control / start)
    return Fraction(-1) if exponent < -1000 else pow2(exponent) - 1


def check_growth(start: Fraction, control: Fraction) -> None:
    """Raise ProtocolError for a *control* that is not above the *start*."""
    if control <= start:
        raise ProtocolError(
            f"the control ({float(control):g}) is not above the start ({float(start):g}): nothing grew, so there is no percentage of growth",
            "look whether the readings are exchanged; else let the control double before it is read",
        )
