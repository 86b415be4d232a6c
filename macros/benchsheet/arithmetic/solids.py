"""Solids in solution: how much there is room for, and what part of the volume the solid takes."""

from __future__ import annotations

import math
from fractions import Fraction

from ..errors import ProtocolError
from ..units import format_amount

MAX_IN_LITRE = 2000  # g: more than a litre of sodium chloride (2.16 g/mL) weighs with all the air out of it
LOOK_UP_SOLUBILITY = 300_000  # µg/mL: sodium chloride stops at 359 g/L of water
SPECIFIC_VOLUME = Fraction("0.8")  # mL that a gram of dissolved solid takes at most; salts take 0.3, sugars 0.6, proteins 0.73
MIN_MOLAR_MASS = 7  # g/mol: lithium hydride, the lightest solid that is weighed, has 7.95


def check_molar_mass(molar_mass: Fraction) -> Fraction:
    """Return *molar_mass* (g/mol); raise ProtocolError for one that no solid has."""
    if molar_mass < MIN_MOLAR_MASS:
        raise ProtocolError(
            f"no solid has a molar mass of {format_amount(molar_mass, 'molar mass')}",
            f"in g/mol it may be {format_amount(molar_mass * 1000, 'molar mass')}; the label has it",
        )
    return molar_mass


def check_room(density: Fraction) -> None:
    """Raise ProtocolError where a volume would have to hold more solid than it has room for; *density* in µg/mL."""
    if density > MAX_IN_LITRE * 1000:
        raise ProtocolError(
            f"that is {format_amount(Fraction(round(density)) * 10**6, 'mass')} of solid in each litre: there is no room for it",
            "look at the unit and at the molar mass; a solution holds less than 2000 g in a litre, and most hold much less",
        )


def volume_share(density: Fraction) -> Fraction:
    """Return what part of the volume (of one) the solid takes at most; *density* in µg/mL."""
    return density * SPECIFIC_VOLUME / 10**6


def round_share(share: Fraction) -> Fraction:
    """Return *share* rounded up to a hundredth, and 1 at most."""
    return min(Fraction(math.ceil(share * 100), 100), Fraction(1))
