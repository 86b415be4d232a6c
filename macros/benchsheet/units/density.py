"""A percent by mass with its density, which makes it a mass in a volume: ``98 % w/w at 1.836 g/mL`` is 179.928 % w/v.

A solution of p % w/w and density d (g/mL) has p d g in 100 mL.
"""

from __future__ import annotations

import re
from fractions import Fraction

from ..errors import ProtocolError
from ..patterns import compile_when_used

_WITH_DENSITY = compile_when_used(
    r"%\s*\(?w\s*/\s*w\)?\s*(?:,|at|\(|with)?\s*(?:d\s*=?\s*)?([0-9]{1,4}(?:\.[0-9]{1,9})?)\s*(g/m[lL]|kg/[lL]|g/cm3|g/cm³|g/[lL])\s*\)?"
)
WRITTEN = "write a percent by mass with its density like '37 % w/w at 1.19 g/mL'"
LOW, HIGH = Fraction(1, 2), Fraction(4)  # g/mL: liquid ammonia has 0.68, heavy salt solutions 3


def density_of_percent(text: str, digits: str, unit: str) -> Fraction | None:
    """Return the density (g/mL) that stands in *unit*, as in ``% w/w at 1.836 g/mL``; None for another unit.

    Raise ProtocolError, naming the *text* typed, for what is not a density, for one that no solution has, and for *digits* above 100 %.
    """
    found = _WITH_DENSITY.fullmatch(unit)
    if not found:
        rest = unit.removeprefix("% w/w").strip()
        if not rest or rest.startswith("/"):
            return None
        raise ProtocolError(f"{text!r}: {rest!r} is not a density", WRITTEN)
    density = _in_g_per_ml(found)
    if not LOW <= density <= HIGH:
        raise ProtocolError(f"{text!r}: no solution has a density of {float(density):g} g/mL", WRITTEN)
    if Fraction(digits) > 100:
        raise ProtocolError(f"{text!r} is more than the whole", "a share is 100 % at most")
    return density


def find_density(text: str) -> Fraction | None:
    """Return the density (g/mL) in a concentration that was read: 1.19 of ``37 % w/w at 1.19 g/mL``; None where there is none."""
    found = _WITH_DENSITY.search(text)
    return _in_g_per_ml(found) if found else None


def _in_g_per_ml(found: re.Match[str]) -> Fraction:
    return Fraction(found[1]) / (1000 if found[2] in ("g/L", "g/l") else 1)
