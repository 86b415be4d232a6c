"""Gels: what a hand-cast gel is poured from, and what goes into one lane.

A lane takes lysate for a mass of protein, one Nth of its volume as N-fold buffer, and water for the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from .._dataclass import dataclass
from ..errors import ProtocolError
from ..units import format_amount
from . import dilution


def gel_volumes(volume: Fraction, parts: Mapping[str, tuple[Fraction, Fraction]]) -> dict[str, Fraction]:
    """Return the volume of each part of a gel of *volume*, and of ``water``, which is the rest.

    *parts* maps a name to (stock, final), both in one unit. Raise ProtocolError if they come to more than the gel.
    """
    volumes = {name: dilution.stock_volume(stock, final, volume) for name, (stock, final) in parts.items()}
    rest = volume - sum(volumes.values())
    if rest < 0:
        raise ProtocolError("the parts come to more than the gel", "use a stronger stock, or ask for less")
    return {**volumes, "water": rest}


def max_concentration(stock: Fraction, parts: Mapping[str, tuple[Fraction, Fraction]]) -> Fraction:
    """Return the highest final concentration of a component at *stock* that leaves room for the other *parts*."""
    return stock * (1 - sum(final / strength for strength, final in parts.values()))


@dataclass(frozen=True, kw_only=True)
class LaneVolumes:
    """The volumes of one lane, in nL."""

    lysate: Fraction
    buffer: Fraction
    water: Fraction


def lane_volumes(protein: Fraction, mass: Fraction, volume: Fraction, strength: Fraction) -> LaneVolumes:
    """Return what to load: *mass* (ng) from a lysate of *protein* (ng/nL, which is mg/mL) in *volume* (nL) with a buffer of *strength* X."""
    if strength <= 1:
        raise ProtocolError(f"a buffer of {float(strength):g} X leaves no room for lysate", "use a stronger one, like 4 X")
    buffer = volume / strength
    lysate = mass / protein
    room = volume - buffer
    if lysate > room:
        most = room * protein
        raise ProtocolError(
            f"{format_amount(mass, 'mass')} does not fit: the lane has room for {format_amount(_round_down(room), 'volume')} of lysate, "
            f"which holds {format_amount(_round_down(most), 'mass')} at most",
            "load less, load more volume, use a stronger buffer, or concentrate the lysate",
        )
    return LaneVolumes(lysate=lysate, buffer=buffer, water=room - lysate)


def _round_down(amount: Fraction) -> Fraction:
    """Round down to a nanolitre or a nanogram, or below one of them to a single figure: what is said to fit has to fit."""
    step = Fraction(1)
    while amount and amount < step:
        step /= 10
    return amount // step * step
