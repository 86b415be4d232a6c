"""What must not come together in one place: in a vessel at the bench, and in what is made or comes in one bottle."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..errors import ProtocolError
from ..protocol.substances import Pair, Substances
from .exposure import Exposures
from .reagents import Reagent

Warn = Callable[[str, str], None]


def reject_meeting(substances: Substances, components: Iterable[str], place: str, warn: Warn) -> None:
    """Raise ProtocolError for two of *components* in *place* that must never meet; call *warn* for two that may only with care."""
    way = "keep them apart: take one off before the other, or take another substance"
    _report(substances.meet(frozenset(components)), place, way, warn)


def reject_mixture(substances: Substances, exposures: Exposures, reagent: Reagent, warn: Warn) -> None:
    """Do as `reject_meeting` for what *reagent* has in it and is made from; what meets in one of its parts already is told of the part."""

    def list_meetings(each: Reagent) -> tuple[tuple[Pair, str, str], ...]:
        return substances.meet(frozenset((*each.contains, *exposures.traces(each))))

    meetings = list_meetings(reagent)
    known = {pair for part in (exposures.list_parts(reagent) if meetings else ()) for pair, _, _ in list_meetings(part)}
    try:
        _report([each for each in meetings if each[0] not in known], reagent.name, "leave one of them out, or take another substance", warn)
    except ProtocolError as error:
        raise error.at(reagent.file, reagent.line) from None


def _report(meetings: Iterable[tuple[Pair, str, str]], place: str, way: str, warn: Warn) -> None:
    for pair, one, two in meetings:
        message = f"{one} and {two} meet in {place}: {pair.why}"
        if pair.level == "refuse":
            raise ProtocolError(message, way, from_values=True)
        if pair.level == "warn":
            warn("meeting", f"{message}; keep them apart, or add little at a time")
