"""Doses that are told one by one, in place of a top dose and one factor.

Raises ProtocolError for a list of another length than the places, for a dose twice, and for a top that is not its strongest.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from fractions import Fraction

from ...errors import ProtocolError
from ...units import Quantity, as_quantity
from ..bench import Bench


def find_doses(top: Quantity, ratio: Fraction, doses: Iterable[object] | None, count: int) -> tuple[list[Fraction], Fraction]:
    """Return *count* doses from *top* downwards, and the smallest factor between neighbours.

    They are *doses*, strongest first whatever their order, or follow from *top* by *ratio*.
    """
    if doses is None:
        return [top.value / ratio**index for index in range(count)], ratio
    if isinstance(doses, str) or not isinstance(doses, Iterable):
        raise ProtocolError(f"doses={doses!r} is not a list of doses", 'write doses=["10 uM", "3 uM"], or a parameter with a list')
    told = sorted((as_quantity(dose, top.kind).value for dose in doses), reverse=True)
    texts = ", ".join(str(Quantity(value=dose, kind=top.kind)) for dose in told)
    if len(told) != count:
        raise ProtocolError(f"{len(told)} doses ({texts}) for {count} places", "give as many doses as there are places", from_values=True)
    if not told[-1]:
        raise ProtocolError(f"{texts}: a dose is nothing", "the vehicle wells have none; leave it out", from_values=True)
    if told[0] != top.value:
        raise ProtocolError(f"the strongest of {texts} is not the top dose, {top}", "write top=max(doses)")
    factors = [one / two for one, two in itertools.pairwise(told)]
    if 1 in factors:
        raise ProtocolError(f"{texts}: a dose is there twice", "give each once", from_values=True)
    return told, min(factors, default=ratio)


def warn_strong_tubes(bench: Bench, strongest: Quantity, limit: Quantity | None, diluent: str) -> None:
    """Warn where the *strongest* working solution in *diluent* holds more than the *limit* up to which a drug is known to stay dissolved."""
    if limit is not None and limit.kind == strongest.kind and strongest > limit:
        message = f"the strongest working solution holds {strongest} in {diluent}, and above {limit} a drug may come out: look for a haze"
        bench.warn("precipitate", message)
