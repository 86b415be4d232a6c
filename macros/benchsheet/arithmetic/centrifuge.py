"""Centrifugal force from speed and radius, and back.

RCF = 4 pi^2 r n^2 / (3600 g) with g = 9.80665 m/s^2, which is 1.11824e-5 r n^2 for r in cm and n in rpm.
"""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction

from ..errors import ProtocolError

RCF_PER_CM = Fraction("1.11824e-5")
NM_PER_CM = 10_000_000  # nm
MAX_RADIUS = 30 * NM_PER_CM  # rotors of a bench or floor centrifuge reach 25 cm at most
_DIGITS = Context(prec=28)


def centrifugal_force(speed: Fraction, radius: Fraction) -> Fraction:
    """Return the force (x g) at *speed* (rpm) and *radius* (nm): 12 000 rpm at 8.4 cm is 13 526 x g."""
    _check_radius(radius)
    return RCF_PER_CM * (radius / NM_PER_CM) * speed**2


def rotor_speed(force: Fraction, radius: Fraction) -> Fraction:
    """Return the speed (rpm) that gives *force* (x g) at *radius* (nm), in 28 decimal digits: the inverse of `force`."""
    _check_radius(radius)
    square = force / (RCF_PER_CM * (radius / NM_PER_CM))
    return Fraction(_DIGITS.sqrt(_DIGITS.divide(Decimal(square.numerator), Decimal(square.denominator))))


def _check_radius(radius: Fraction) -> None:
    if radius > MAX_RADIUS:
        raise ProtocolError(
            f"{float(radius / NM_PER_CM):g} cm is more than any rotor's radius ({MAX_RADIUS // NM_PER_CM} cm)",
            "give r_max from the rotor's sheet, in cm: 8.4 cm, not 84",
        )
