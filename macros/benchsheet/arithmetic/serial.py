"""A serial dilution in tubes: what each takes from the one before, what dilutes it, and what is left in it.

Refuses a series that does not fall, a top stronger than its stock, and a tube that is carried on with more than it holds.
"""

from __future__ import annotations

from fractions import Fraction

from .._dataclass import dataclass
from ..errors import ProtocolError
from ..units import show
from . import dilution


@dataclass(frozen=True)
class Tube:
    """One tube, in nL: *take* from the stock or the tube before, *diluent*, and what is *left* once the next has been made."""

    take: Fraction
    diluent: Fraction
    left: Fraction

    @property
    def made(self) -> Fraction:
        """Return what the tube holds before anything is carried on."""
        return self.take + self.diluent


def tubes(stock: Fraction, top: Fraction, factor: Fraction, points: int, keeps: Fraction, first: Fraction | None = None) -> tuple[Tube, ...]:
    """Return *points* tubes from *top* downwards by *factor*, all of one size, so that each keeps *keeps* nL (the first: *first*).

    Equal tubes take equal volumes, so one pipette setting serves the series. From the last nothing is taken: it stays full.
    """
    _falls(factor, points)
    size = dilution.tube(keeps, factor) if points > 1 else keeps
    carried = size / factor if points > 1 else Fraction(0)
    return _series(stock, top, points, carried, size - carried, (first if first is not None else keeps) + carried)


def carried_on(stock: Fraction, top: Fraction, points: int, transfer: Fraction, diluent: Fraction, first: Fraction | None = None) -> tuple[Tube, ...]:
    """Return *points* tubes of *diluent* nL each, into which *transfer* nL are carried from tube to tube.

    The first gets as much stock as brings its diluent to *top*, unless it is said how much it keeps (*first*).
    """
    onward = transfer if points > 1 else Fraction(0)
    if first is not None:
        size = first + onward
    elif top >= stock:
        size = transfer + diluent
    else:
        size = diluent + dilution.bring(stock, top, Fraction(0), diluent)
    if size < onward:
        raise ProtocolError(
            f"tube 1 holds {show(Fraction(size // 1), 'volume')}, and {show(transfer, 'volume')} are carried on from it",
            "carry less, use more diluent, or say what tube 1 keeps",
        )
    return _series(stock, top, points, onward, diluent, size)


def _series(stock: Fraction, top: Fraction, points: int, carried: Fraction, diluent: Fraction, size: Fraction) -> tuple[Tube, ...]:
    begins = dilution.part(stock, top, size)
    found = [Tube(begins, size - begins, size - carried)]
    for place in range(1, points):
        onward = carried if place + 1 < points else 0
        found.append(Tube(carried, diluent, carried + diluent - onward))
    return tuple(found)


def _falls(factor: Fraction, points: int) -> None:
    if points > 1 and factor <= 1:
        raise ProtocolError(
            f"a series needs a dilution factor above 1, not {show(factor, 'dilution factor')}", "write half-log, '3 fold' or '2 fold'"
        )
