"""What must not come together in one place at the bench."""

from __future__ import annotations

from collections.abc import Callable

from ..errors import ProtocolError
from ..protocol.substances import Substances
from .ledger import WellGroup


def reject_meeting(substances: Substances, group: WellGroup, warn: Callable[[str, str], None]) -> None:
    """Raise ProtocolError for two substances of *group* that must never meet; call *warn* for two that may only with care."""
    for pair, one, two in substances.meet(frozenset(group.contents)):
        message = f"{one} and {two} meet in {group.id}: {pair.why}"
        if pair.level == "refuse":
            raise ProtocolError(message, "keep them apart: take one off before the other, or take another substance", from_values=True)
        if pair.level == "warn":
            warn("meeting", f"{message}; keep them apart, or add little at a time")
