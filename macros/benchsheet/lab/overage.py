"""How much to prepare so that there is enough; the rule that was the largest is said with the amount."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from .._dataclass import dataclass
from ..units import Quantity, show


@dataclass(frozen=True)
class Rule:
    """Spare: the largest of *percent* of what is used, *places* more places, and *volume*; never make less than *least*."""

    percent: Fraction = Fraction(0)
    places: int = 0
    volume: int = 0
    least: int = 0


EXACT = Rule(percent=Fraction(-1))  # what is there is there: no overage, no dead volume, no rounding


@dataclass(frozen=True, slots=True)
class Spare:
    """What to have ready (*amount*, nL), the *spare* in it, and the *rule* that made it, in words."""

    amount: int
    spare: int
    rule: str


def two_figures_up(amount: Fraction | int) -> int:
    """Round *amount* up to two significant figures: 62.72 mL is 63 mL."""
    whole = int(-(-amount // 1))
    step = int(10 ** max(0, len(str(whole)) - 2))
    return -(-whole // step) * step


def spare(used: Fraction | int, rule: Rule, dead: int = 0, vessel: str = "", each: Fraction | int = 0) -> Spare:
    """Return what to have ready when *used* nL are dispensed in portions of *each* from a vessel that keeps *dead*.

    Largest rule wins; the dead volume is added; the sum is rounded up to two significant figures.
    """
    if rule == EXACT:
        return Spare(int(-(-used // 1)), 0, "")
    choices = {f"{decimal_text(rule.percent)} %": used * rule.percent / 100}
    if rule.places:
        choices[f"{rule.places} more {'place' if rule.places == 1 else 'places'}"] = Fraction(rule.places * each)
    if rule.volume:
        choices[show(Fraction(rule.volume), "volume")] = Fraction(rule.volume)
    name, extra = max(choices.items(), key=lambda choice: choice[1])
    amount = two_figures_up(used + extra + dead)
    words = name + (f" + {show(Fraction(dead), 'volume')} in the {vessel}" if dead else "")
    if amount < rule.least:
        amount, words = rule.least, f"at least {show(Fraction(rule.least), 'volume')}"
    return Spare(amount, amount - int(used), words)


def decimal_text(number: Fraction) -> str:
    """Write an exact percentage plainly."""
    return f"{float(number):g}"


def rule_of(values: Mapping[str, Quantity | int]) -> Rule:
    """Return the rule that *values* (percent, places, volume, least) spell."""

    def base(name: str) -> Fraction:
        value = values.get(name, 0)
        return value.value if isinstance(value, Quantity) else Fraction(value)

    return Rule(base("percent"), int(base("places")), int(base("volume")), int(base("least")))
