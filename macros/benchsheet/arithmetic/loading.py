"""What goes into one lane: lysate for a mass of protein, N-fold buffer for one Nth of the lane, water for the rest.

Refuses a lane that is too small for the mass, and says the most that fits.
"""

from __future__ import annotations

from fractions import Fraction

from .._dataclass import dataclass
from ..errors import ProtocolError
from ..units import format_amount


@dataclass(frozen=True)
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
    return LaneVolumes(lysate, buffer, room - lysate)


def _round_down(amount: Fraction) -> Fraction:
    """Round down to a nanolitre or a nanogram: what is said to fit has to fit."""
    return Fraction(amount // 1)
