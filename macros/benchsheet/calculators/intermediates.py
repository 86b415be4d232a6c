"""The rows of intermediates and of what is taken in all, for calculators whose stock is too strong to be measured straight."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from ..arithmetic.tenfold import TenfoldPlan
from ..lab import Lab
from ..units import Quantity
from .model import Result
from .results import amount_text


def enough_of(lab: Lab) -> Callable[[Fraction], Fraction | int]:
    """Return how the lab makes ready for a volume that is taken from a tube."""
    return lambda taken: lab.with_overage(taken, "tube").amount


def intermediate_rows(plan: TenfoldPlan, stock: Quantity) -> tuple[list[Result], list[str]]:
    """Return the results and the lines of the intermediates, the strongest first."""
    results: list[Result] = []
    lines: list[str] = []
    for level, volume in enumerate(plan.volumes, 1):
        name, strength, take = f"intermediate_{level}", stock * Fraction(1, 10**level), volume / 10
        source = f"intermediate {level - 1}" if level > 1 else "the stock"
        results += [
            Result(name=name, value=strength.value, kind=strength.kind, label=f"intermediate {level}"),
            Result(name=f"{name}_take", value=take, kind="volume", label=f"from {source}", settable=True),
            Result(name=f"{name}_diluent", value=volume - take, kind="volume", label="diluent", settable=True),
        ]
        parts = f"{amount_text(take, 'volume')} of {source} + {amount_text(volume - take, 'volume')} diluent"
        lines.append(f"intermediate {level}: {parts} = {amount_text(volume, 'volume')} at {strength}")
    return results, lines


def total_rows(plan: TenfoldPlan, from_stock: Fraction, diluent: Fraction) -> list[Result]:
    """Return what is taken of the stock in all, and of the diluent; *from_stock* is what tubes take where there is no intermediate."""
    if plan.volumes:
        from_stock = plan.volumes[0] / 10
        diluent += sum(plan.volumes, Fraction(0)) * Fraction(9, 10)
    return [
        Result(name="stock", value=from_stock, kind="volume", label="stock in all"),
        Result(name="diluent", value=diluent, kind="volume", label="diluent in all"),
    ]
