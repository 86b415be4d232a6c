"""How a dilution is set with what the lab has: straight from the stock, or through an intermediate where its part is too small.

Refuses a dilution stronger than its stock, and what no intermediate makes settable.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from .._dataclass import dataclass
from ..errors import ProtocolError
from ..units import show
from .overage import two_figures_up
from .profile import Lab

TEN_FOLDS = 8


@dataclass(frozen=True)
class Planned:
    """How one tube is filled: *take* nL of the source and *diluent* nL, or first an *intermediate*.

    *asked* nL of it were wanted, and *exact* nL of the source before that was settled.
    """

    take: int
    diluent: int
    intermediate: Planned | None = None
    exact: Fraction | int = 0
    asked: Fraction | int = 0

    @property
    def made(self) -> int:
        """Return the volume made: the sum of what is set."""
        return self.take + self.diluent

    @property
    def drawn(self) -> int:
        """Return what leaves the source."""
        return self.intermediate.take if self.intermediate else self.take


def plan(lab: Lab, settle: Callable[[Fraction | int], int], made: Fraction | int, fold: Fraction, least: int = 0) -> Planned:
    """Return how *made* nL of a *fold* dilution are set; through an intermediate where the stock's part is below what is trusted.

    *settle* brings a volume to what a pipette can be set to, and may note with what.
    """
    if fold < 1:
        raise ProtocolError("a dilution cannot be stronger than its stock", "use a stronger stock")
    take = made / fold
    floor = max(lab.trust, least)
    if take >= floor:
        part = settle(take)
        rest = made - part if fold > 1 else 0
        return Planned(part, settle(rest) if rest else 0, None, take, made)
    for power in range(1, TEN_FOLDS + 1):
        first = Fraction(10) ** power
        if first < fold and take * first >= floor:
            between = max(two_figures_up(lab.spare(take * first, "tube").amount), int(first * lab.trust))
            later = plan(lab, settle, made, fold / first)
            return Planned(later.take, later.diluent, plan(lab, settle, between, first), later.exact, made)
    raise ProtocolError(f"{show(Fraction(take), 'volume')} cannot be set, and no intermediate makes it settable", "make more", answer=True)
