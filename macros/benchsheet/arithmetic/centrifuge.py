"""Centrifugal force from speed and radius, and back; refuses a radius that no bench rotor has.

RCF = 4 pi^2 r n^2 / (3600 g) with g = 9.80665 m/s^2, which is 1.11824e-5 r n^2 for r in cm and n in rpm.
"""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction

from ..errors import ProtocolError

PER_CM = Fraction("1.11824e-5")
CM = 10_000_000  # nm
LONGEST = 30 * CM  # rotors of a bench or floor centrifuge reach 25 cm at most
_DIGITS = Context(prec=28)


def force(speed: Fraction, radius: Fraction) -> Fraction:
    """Return the force (x g) at *speed* (rpm) and *radius* (nm): 12 000 rpm at 8.4 cm is 13 526 x g."""
    _reachable(radius)
    return PER_CM * (radius / CM) * speed**2


def speed(force: Fraction, radius: Fraction) -> Fraction:
    """Return the speed (rpm) that gives *force* (x g) at *radius* (nm), in 28 decimal digits: the inverse of `force`."""
    _reachable(radius)
    square = force / (PER_CM * (radius / CM))
    return Fraction(_DIGITS.sqrt(_DIGITS.divide(Decimal(square.numerator), Decimal(square.denominator))))


def _reachable(radius: Fraction) -> None:
    if radius > LONGEST:
        raise ProtocolError(
            f"{float(radius / CM):g} cm is more than any rotor's radius ({LONGEST // CM} cm)",
            "give r_max from the rotor's sheet, in cm: 8.4 cm, not 84",
        )
