"""What to take of a stock: exact volumes by the balance of what is dissolved, c1 V1 = c2 V2.

Refuses to make anything stronger than its stock. Concentrations may be of any kind as long as both are of the same.
"""

from __future__ import annotations

from fractions import Fraction

from ..errors import ProtocolError


def stock_volume(stock: Fraction, final: Fraction, volume: Fraction | int) -> Fraction:
    """Return the volume of *stock* in *volume* (total) of a dilution to *final*: V1 = V2 c2 / c1."""
    if final > stock:
        raise ProtocolError("a dilution cannot be stronger than its stock", "use a stronger stock")
    return volume * final / stock


def volume_to_add(stock: Fraction, final: Fraction, initial: Fraction, volume: Fraction | int) -> Fraction:
    """Return how much *stock* brings *volume*, which already *initial* some, to *final*.

    From V holds + v stock = (V + v) final follows v = V (final - holds) / (stock - final): 25 µL of 50 % onto 100 µL for 10 %.
    """
    if final >= stock:
        raise ProtocolError("nothing can be brought to the strength of its stock", "use a stronger stock")
    if final < initial:
        raise ProtocolError("adding stock cannot make it weaker", "dilute it with diluent instead")
    return volume * (final - initial) / (stock - final)


def volume_left(volume: Fraction | int, factor: Fraction) -> Fraction:
    """Return what a tube of a serial dilution keeps after the next is made from it in the same volume: V (1 - 1/f)."""
    return volume * (1 - 1 / factor)


def tube_volume(drawn: Fraction | int, factor: Fraction) -> Fraction:
    """Return the volume in which a tube keeps *drawn* after the next has been made from it: the inverse of `kept`."""
    return drawn / (1 - 1 / factor)


def volume_at_molarity(mass: Fraction | int, molar_mass: Fraction, molarity: Fraction) -> Fraction:
    """Return the volume (nL) in which *mass* (ng) of *molar_mass* (g/mol) has *molarity* (µM): V = m / (M c).

    ng over g/mol is nmol, and 1 nmol in 1 nL is 1 M = 10^6 µM.
    """
    return mass / molar_mass * 10**6 / molarity


def solid_mass(concentration: Fraction, volume: Fraction | int, kind: str, molar_mass: Fraction | None = None) -> Fraction:
    """Return the mass (ng) that gives *volume* (nL) a *concentration* of *kind*: % w/v, mass concentration, or molarity with its molar mass.

    1 % w/v is 10 mg/mL, and 1 mg/mL is 1 ng/nL; 1 µM of 1 g/mol is 10^-6 ng/nL.
    """
    if kind == "percent w/v":
        return concentration * volume * 10
    if kind == "mass concentration":
        return concentration * volume / 1000
    if kind == "molarity" and molar_mass is not None:
        return concentration * volume * molar_mass / 10**6
    raise ProtocolError(f"no mass follows from a {kind}", "give the solid's molar mass ('mw: 121.14 g/mol') for a molarity")


def volume_at_concentration(mass: Fraction | int, concentration: Fraction, kind: str, molar_mass: Fraction | None = None) -> Fraction:
    """Return the volume (nL) in which *mass* (ng) has a *concentration* of *kind*: the inverse of `solid`."""
    if kind == "molarity" and molar_mass is not None:
        return volume_at_molarity(mass, molar_mass, concentration)
    return mass / solid_mass(concentration, 1, kind, molar_mass)
