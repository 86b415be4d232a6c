"""What must not come together in one place: in a vessel at the bench, in what is made or comes in one bottle, and in a calculator's mix."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..errors import ProtocolError
from .substances import Pair, Substances

Warn = Callable[[str, str], None]


def reject_meeting(substances: Substances, components: Iterable[str], place: str, warn: Warn) -> None:
    """Raise ProtocolError for two of *components* in *place* that must never meet; call *warn* for two that may only with care."""
    way = "keep them apart: take one off before the other, or take another substance"
    report_meetings(substances.meet(frozenset(components)), place, way, warn)


def report_meetings(meetings: Iterable[tuple[Pair, str, str]], place: str, way: str, warn: Warn) -> None:
    """Raise ProtocolError, with *way* out, for the first of *meetings* in *place* that must never be; call *warn* for those before it."""
    for pair, one, two in meetings:
        message = f"{one} and {two} meet in {place}: {pair.why}"
        if pair.level == "refuse":
            raise ProtocolError(message, way, from_values=True)
        if pair.level == "warn":
            warn("meeting", f"{message}; keep them apart, or add little at a time")
