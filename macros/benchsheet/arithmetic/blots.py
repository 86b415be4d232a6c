"""Bands of a blot: a phosphorylated protein over its total, gels brought to one scale, and the shares of an immunoprecipitation."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..errors import ProtocolError
from .exact import log2, pow2


def band_ratio(phospho: Fraction, total: Fraction, phospho_background: Fraction, total_background: Fraction) -> Fraction:
    """Return (P - bP) / (T - bT), each lane over its own; raise ProtocolError where the total is not above its background."""
    if total <= total_background:
        raise ProtocolError(
            f"the total ({float(total):g}) is not above its background ({float(total_background):g}): there is no band to divide by",
            "look whether the two are exchanged; a lane without total has no ratio",
        )
    return (phospho - phospho_background) / (total - total_background)


def bridge_factor(here: Sequence[Fraction], there: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    """Return what the ratios of this gel are multiplied by so that its bridging lanes read as on the other one, and how far the lanes differ.

    *here* and *there* are the ratios of the same samples on both gels. Of several, the mean of the logarithms counts; the spread is the
    largest factor over the smallest.
    """
    factors = [other / one for one, other in zip(here, there, strict=True)]
    mean = sum((log2(factor) for factor in factors), Fraction(0)) / len(factors)
    return (factors[0] if len(factors) == 1 else pow2(mean)), max(factors) / min(factors)


def per_share(signal: Fraction, share: Fraction) -> Fraction:
    """Return what a lane's *signal* comes to for one whole immunoprecipitation, when the lane holds *share* (of one) of it."""
    return signal / share
