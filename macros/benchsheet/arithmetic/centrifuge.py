"""Centrifugal force from speed and radius, and back.

RCF = 4 pi^2 r n^2 / (3600 g) with g = 9.80665 m/s^2, which is 1.11824e-5 r n^2 for r in cm and n in rpm.
"""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction

from ..errors import ProtocolError
from ..units import format_amount

RCF_PER_CM = Fraction("1.11824e-5")
NM_PER_CM = 10_000_000  # nm
MIN_RADIUS, MAX_RADIUS = 2 * NM_PER_CM, 30 * NM_PER_CM  # r_max of a microtube rotor is 5 to 10 cm, of a floor centrifuge 25 cm at most
MAX_FORCE, MAX_SPEED = 1_000_000, 150_000  # x g and rpm: what the fastest ultracentrifuges reach
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


def check_speed(speed: Fraction, force: Fraction) -> None:
    """Raise ProtocolError for a *speed* (rpm) or a *force* (x g) that no centrifuge reaches."""
    if speed > MAX_SPEED or force > MAX_FORCE:
        raise ProtocolError(
            f"{format_amount(Fraction(round(speed)), 'speed')} and {format_amount(Fraction(round(force)), 'centrifugal force')} are more than any "
            f"centrifuge reaches ({format_amount(Fraction(MAX_SPEED), 'speed')}, {format_amount(Fraction(MAX_FORCE), 'centrifugal force')})",
            "look for a digit too many, and at the unit of the radius",
        )


def _check_radius(radius: Fraction) -> None:
    if radius < MIN_RADIUS:
        raise ProtocolError(
            f"{float(radius / NM_PER_CM):g} cm is less than any rotor's radius ({MIN_RADIUS // NM_PER_CM} cm)",
            "give r_max from the rotor's sheet, in cm: 8.4 cm is 84 mm",
        )
    if radius > MAX_RADIUS:
        raise ProtocolError(
            f"{float(radius / NM_PER_CM):g} cm is more than any rotor's radius ({MAX_RADIUS // NM_PER_CM} cm)",
            "give r_max from the rotor's sheet, in cm: 8.4 cm, not 84",
        )
