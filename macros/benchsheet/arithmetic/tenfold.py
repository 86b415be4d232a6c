"""Tenfold intermediates between a stock and what is too small a part of it: each is made once, for all that take from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from .._dataclass import dataclass
from ..errors import ProtocolError
from ..units import format_amount


@dataclass(frozen=True, kw_only=True)
class TenfoldPlan:
    """*levels* has for each part how many tenfold steps below the stock it is taken (0 from the stock itself).

    *volumes* are those (nL) of the intermediates, the first of them one step below the stock.
    """

    levels: tuple[int, ...]
    volumes: tuple[Fraction, ...]


def plan_intermediates(
    parts: Sequence[Fraction], wholes: Sequence[Fraction], trust: int, enough: Callable[[Fraction], Fraction | int]
) -> TenfoldPlan:
    """Plan how each of *parts* (nL of stock in the *wholes*) is taken so that nothing below *trust* nL is.

    *enough* says what to make ready for a volume that is taken. A part of 0 takes nothing. Raise ProtocolError where even the weakest
    intermediate would be too weak for its tube.
    """
    levels: list[int] = []
    for part, whole in zip(parts, wholes, strict=True):
        level = 0
        while part and part * 10**level < trust:
            level += 1
            if part * 10**level > whole:
                raise ProtocolError(f"{format_amount(part, 'volume')} cannot be set, and no intermediate makes it settable", "make more")
        levels.append(level)
    volumes: list[Fraction] = []
    for level in range(max(levels, default=0), 0, -1):
        taken = sum((part * 10**level for part, own in zip(parts, levels, strict=True) if own == level), Fraction(0))
        onward = volumes[0] / 10 if volumes else Fraction(0)
        volumes.insert(0, max(Fraction(enough(taken + onward)), Fraction(10 * trust)))
    return TenfoldPlan(levels=tuple(levels), volumes=tuple(volumes))
