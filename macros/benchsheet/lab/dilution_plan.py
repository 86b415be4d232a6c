"""How a dilution is set with what the lab has: straight from the stock, or through an intermediate where its part is too small.

Raises ProtocolError for a dilution stronger than its stock, and where no intermediate makes the volume settable.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from .._dataclass import dataclass
from ..errors import ProtocolError
from ..units import format_amount
from ..units.base_units import NanoLitres
from .overage import round_up_two_figures
from .pipettes import suggest_device
from .profile import Lab

MAX_TENFOLD_STEPS = 8
SAFE_STROKE = 2  # times what is trusted: all that follows hangs on the one stroke of an intermediate, 2 µL into 18 µL and not 1 into 9


@dataclass(frozen=True, kw_only=True)
class DilutionPlan:
    """How one tube is filled: *take* nL of the source and *diluent* nL, or first an *intermediate*.

    *target_volume* nL of it were wanted, and *exact_take* nL of the source before that was settled.
    """

    take: NanoLitres
    diluent: NanoLitres
    intermediate: DilutionPlan | None = None
    exact_take: Fraction | int = 0
    target_volume: Fraction | int = 0

    @property
    def volume(self) -> int:
        """Return the volume made: the sum of what is set."""
        return self.take + self.diluent

    @property
    def source_volume(self) -> int:
        """Return what leaves the source."""
        return self.intermediate.take if self.intermediate else self.take


def plan_dilution(
    lab: Lab, set_volume: Callable[[Fraction | int], NanoLitres], volume: Fraction | int, fold: Fraction, least: int = 0
) -> DilutionPlan:
    """Return how *volume* nL of a *fold* dilution are set; through an intermediate where the stock's part is below what is trusted.

    *set_volume* brings a volume to what a pipette can be set to, and may note with what.
    """
    if fold < 1:
        raise ProtocolError("a dilution cannot be stronger than its stock", "use a stronger stock")
    take = volume / fold
    floor = max(lab.trust, least)
    if take >= floor:
        part = set_volume(take)
        rest = volume - part if fold > 1 else 0
        return DilutionPlan(take=part, diluent=set_volume(rest) if rest else NanoLitres(0), intermediate=None, exact_take=take, target_volume=volume)
    for power in range(1, MAX_TENFOLD_STEPS + 1):
        first = Fraction(10) ** power
        if first < fold and take * first >= floor:
            between = max(round_up_two_figures(lab.with_overage(take * first, "tube").amount), int(first * SAFE_STROKE * lab.trust))
            later = plan_dilution(lab, set_volume, volume, fold / first)
            return DilutionPlan(
                take=later.take,
                diluent=later.diluent,
                intermediate=plan_dilution(lab, set_volume, between, first),
                exact_take=later.exact_take,
                target_volume=volume,
            )
    suggestion = suggest_device(take, "volume", lab.pipettes, trust=lab.trust, least=lab.least)
    way = f"make more{f', or {suggestion}' if suggestion else ''}"
    error = ProtocolError(f"{format_amount(Fraction(take), 'volume')} cannot be set, and no intermediate makes it settable", way, from_values=True)
    error.volumes = {take: None}
    raise error
