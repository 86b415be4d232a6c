"""How much to prepare so that there is enough; the rule that was the largest is said with the amount."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from .._dataclass import dataclass
from ..units import Quantity, format_amount
from ..units.base_units import NanoLitres


@dataclass(frozen=True, kw_only=True)
class OverageRule:
    """Spare: the largest of *percent* of what is used, *places* more places, and *volume*; never make less than *least*."""

    percent: Fraction = Fraction(0)
    places: int = 0
    volume: NanoLitres = NanoLitres(0)
    least: NanoLitres = NanoLitres(0)


NO_OVERAGE = OverageRule(percent=Fraction(-1))  # what is there is there: no overage, no dead volume, no rounding


OverageKind = Literal["percent", "places", "volume", "batch_minimum", "all", "none"]


@dataclass(frozen=True, kw_only=True)
class OverageReason:
    """Which rule decided how much is spare: its *kind*, and the rule in words; neither where nothing is."""

    kind: OverageKind = "none"
    text: str = ""


NO_REASON = OverageReason()


@dataclass(frozen=True, kw_only=True)
class Overage:
    """What to have ready (*amount*, nL), at the very *least* what is used and the spare, and the *reason* for it."""

    amount: NanoLitres
    reason: OverageReason
    least: NanoLitres


def round_up_two_figures(volume: Fraction | int) -> NanoLitres:
    """Round *volume* (nL) up to two significant figures: 62.72 mL is 63 mL."""
    whole = math.ceil(volume)
    step = int(10 ** max(0, len(str(whole)) - 2))
    return NanoLitres(-(-whole // step) * step)


def with_overage(
    used: Fraction | int, rule: OverageRule, dead: int = 0, vessel: str = "", volume_each: Fraction | int = 0, pours: int = 1
) -> Overage:
    """Return what to have ready when *used* nL are dispensed in portions of *volume_each* from a vessel that keeps *dead*.

    Largest rule wins; the dead volume of each of so many *pours* is added; the sum is rounded up to two significant figures.
    """
    if rule == NO_OVERAGE:
        return Overage(amount=NanoLitres(math.ceil(used)), reason=NO_REASON, least=NanoLitres(math.ceil(used)))
    kind: OverageKind = "percent"
    name, margin = f"{format_percent(rule.percent)} %", used * rule.percent / 100
    if rule.places and rule.places * volume_each > margin:
        name, kind, margin = f"{rule.places} more {'place' if rule.places == 1 else 'places'}", "places", Fraction(rule.places * volume_each)
    if rule.volume > margin:
        name, kind, margin = format_amount(Fraction(rule.volume), "volume"), "volume", Fraction(rule.volume)
    least = math.ceil(used + margin + dead * pours)
    amount: int = round_up_two_figures(least)
    times = f"{pours} × " if pours > 1 else ""
    reason = OverageReason(kind=kind, text=name + (f" + {times}{format_amount(Fraction(dead), 'volume')} in the {vessel}" if dead else ""))
    if amount < rule.least:
        amount, reason = rule.least, batch_minimum(rule)
    return Overage(amount=NanoLitres(amount), reason=reason, least=NanoLitres(least))


def batch_minimum(rule: OverageRule) -> OverageReason:
    """Return the reason of what keeps: it is made by the batch, so much at least."""
    return OverageReason(kind="batch_minimum", text=f"at least {format_amount(Fraction(rule.least), 'volume')}")


def format_percent(number: Fraction) -> str:
    """Write an exact percentage plainly."""
    return f"{float(number):g}"


def build_overage_rule(values: Mapping[str, Quantity | int]) -> OverageRule:
    """Return the rule that *values* (percent, places, volume, least) spell."""

    def base(name: str) -> Fraction:
        value = values.get(name, 0)
        return value.value if isinstance(value, Quantity) else Fraction(value)

    volume, least = NanoLitres(int(base("volume"))), NanoLitres(int(base("least")))
    return OverageRule(percent=base("percent"), places=int(base("places")), volume=volume, least=least)
