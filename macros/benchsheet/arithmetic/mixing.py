"""A mix for many reactions: each part as given, or by its stock, and water for the rest; refuses parts that overfill the reaction."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..errors import ProtocolError
from ..units import format_amount


def remaining_volume(volume: Fraction, parts: Sequence[Fraction]) -> Fraction:
    """Return what *parts* leave of *volume*; raise ProtocolError if they come to more."""
    total = sum(parts, Fraction(0))
    if total > volume:
        raise ProtocolError(
            f"the components come to {format_amount(total, 'volume')} a reaction, "
            f"{format_amount(total - volume, 'volume')} more than the {format_amount(volume, 'volume')} of it",
            "use stronger stocks, less of a component, or a larger reaction",
        )
    return volume - total


def master_mix_volume(volume_each: Fraction, reactions: int, overage: Fraction) -> Fraction:
    """Return the volume for *reactions* of *volume_each* with *overage* (a fraction of one) on top."""
    return volume_each * reactions * (1 + overage)
