"""A serial dilution in tubes: what each takes from the one before, what dilutes it, and what is left in it.

Refuses a series that does not fall, a top stronger than its stock, and a tube that is carried on with more than it holds.
"""

from __future__ import annotations

from fractions import Fraction

from .._dataclass import dataclass
from ..errors import ProtocolError
from ..units import format_amount
from . import dilution


@dataclass(frozen=True)
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
    size = dilution.tube_volume(keep, factor) if points > 1 else keep
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
        size = diluent + dilution.volume_to_add(stock, top, Fraction(0), diluent)
    if size < onward:
        raise ProtocolError(
            f"tube 1 holds {format_amount(Fraction(size // 1), 'volume')}, and {format_amount(transfer, 'volume')} are carried on from it",
            "carry less, use more diluent, or say what tube 1 keeps",
        )
    return _build_tubes(stock, top, points, onward, diluent, size)


def _build_tubes(stock: Fraction, top: Fraction, points: int, transfer: Fraction, diluent: Fraction, size: Fraction) -> tuple[DilutionTube, ...]:
    stock_part = dilution.stock_volume(stock, top, size)
    tubes = [DilutionTube(stock_part, size - stock_part, size - transfer)]
    for place in range(1, points):
        onward = transfer if place + 1 < points else 0
        tubes.append(DilutionTube(transfer, diluent, transfer + diluent - onward))
    return tuple(tubes)


def _check_factor(factor: Fraction, points: int) -> None:
    if points > 1 and factor <= 1:
        raise ProtocolError(
            f"a series needs a dilution factor above 1, not {format_amount(factor, 'dilution factor')}", "write half-log, '3 fold' or '2 fold'"
        )
