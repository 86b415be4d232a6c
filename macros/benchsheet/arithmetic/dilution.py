"""Dilution: what to take of a stock (c1 V1 = c2 V2), a serial dilution tube by tube, and a mix for many reactions.

Concentrations may be of any kind as long as both are of one. Raises if something would have to be made stronger than its stock.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .._dataclass import dataclass
from ..errors import ProtocolError
from ..units import format_amount


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


def solvent_mass(total: Fraction, density: Fraction, stock_part: Fraction, stock_density: Fraction) -> Fraction:
    """Return the mass (ng) of solvent in *total* nL of a solution of *density* (g/mL) that is made from *stock_part* nL of *stock_density*.

    Masses add up where volumes do not: m = V d - v d'. A nanolitre at 1 g/mL is 1000 ng.
    """
    return (total * density - stock_part * stock_density) * 1000


def tube_volume(drawn: Fraction | int, factor: Fraction) -> Fraction:
    """Return the volume in which a tube keeps *drawn* after the next, as large, has been made from it: V with V (1 - 1/f) = *drawn*."""
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


@dataclass(frozen=True, kw_only=True)
class DilutionTube:
    """One tube, in nL: *take* from the stock or the tube before, *diluent*, and what is *remaining* once the next has been made."""

    take: Fraction
    diluent: Fraction
    remaining: Fraction

    @property
    def volume(self) -> Fraction:
        """Return what the tube holds before anything is carried on."""
        return self.take + self.diluent


def tubes_by_factor(
    stock: Fraction, top: Fraction, factor: Fraction, points: int, keep: Fraction, first: Fraction | None = None
) -> tuple[DilutionTube, ...]:
    """Return *points* tubes from *top* downwards by *factor*, all of one size, so that each keeps *keep* nL (the first: *first*).

    Equal tubes take equal volumes, so one pipette setting serves the series. From the last nothing is taken: it stays full.
    """
    _check_factor(factor, points)
    size = tube_volume(keep, factor) if points > 1 else keep
    transfer = size / factor if points > 1 else Fraction(0)
    return _build_tubes(stock, top, points, transfer, size - transfer, (first if first is not None else keep) + transfer)


def tubes_by_transfer(
    stock: Fraction, top: Fraction, points: int, transfer: Fraction, diluent: Fraction, first: Fraction | None = None
) -> tuple[DilutionTube, ...]:
    """Return *points* tubes of *diluent* nL each, into which *transfer* nL are carried from tube to tube.

    The first gets as much stock as brings its diluent to *top*, unless it is said how much it keeps (*first*).
    """
    onward = transfer if points > 1 else Fraction(0)
    if first is not None:
        size = first + onward
    elif top >= stock:
        size = transfer + diluent
    else:
        size = diluent + volume_to_add(stock, top, Fraction(0), diluent)
    if size < onward:
        raise ProtocolError(
            f"tube 1 holds {format_amount(Fraction(size // 1), 'volume')}, and {format_amount(transfer, 'volume')} are carried on from it",
            "carry less, use more diluent, or say what tube 1 keeps",
        )
    return _build_tubes(stock, top, points, onward, diluent, size)


def _build_tubes(stock: Fraction, top: Fraction, points: int, transfer: Fraction, diluent: Fraction, size: Fraction) -> tuple[DilutionTube, ...]:
    stock_part = stock_volume(stock, top, size)
    tubes = [DilutionTube(take=stock_part, diluent=size - stock_part, remaining=size - transfer)]
    for place in range(1, points):
        onward = transfer if place + 1 < points else 0
        tubes.append(DilutionTube(take=transfer, diluent=diluent, remaining=transfer + diluent - onward))
    return tuple(tubes)


def _check_factor(factor: Fraction, points: int) -> None:
    if points > 1 and factor <= 1:
        raise ProtocolError(
            f"a series needs a dilution factor above 1, not {format_amount(factor, 'dilution factor')}", "write half-log, '3 fold' or '2 fold'"
        )


def remaining_volume(volume: Fraction, parts: Sequence[Fraction]) -> Fraction:
    """Return what *parts* leave of *volume*; raise ProtocolError if they come to more."""
    total = sum(parts, Fraction(0))
    if total > volume:
        raise ProtocolError(
            f"the components come to {format_amount(total, 'volume')} a reaction, "
            f"{format_amount(total - volume, 'volume')} more than the {format_amount(volume, 'volume')} of it",
            "use stronger stocks, less of a component, or a larger reaction",
        )
    return volume - total


def master_mix_volume(volume_each: Fraction, reactions: int, overage: Fraction) -> Fraction:
    """Return the volume for *reactions* of *volume_each* with *overage* (a fraction of one) on top."""
    return volume_each * reactions * (1 + overage)
