"""What must not come together in one reagent: in what it holds, and in what it is made from."""

from __future__ import annotations

from ..errors import ProtocolError
from ..protocol.meetings import Warn, report_meetings
from ..protocol.substances import Pair, Substances
from .exposure import Exposures
from .reagents import Reagent


def reject_mixture(substances: Substances, exposures: Exposures, reagent: Reagent, warn: Warn) -> None:
    """Do as `reject_meeting` for what *reagent* has in it and is made from; what meets in one of its parts already is told of the part."""

    def list_meetings(each: Reagent) -> tuple[tuple[Pair, str, str], ...]:
        return substances.meet(frozenset((*each.contains, *exposures.traces(each))))

    meetings = list_meetings(reagent)
    known = {pair for part in (exposures.list_parts(reagent) if meetings else ()) for pair, _, _ in list_meetings(part)}
    try:
        report_meetings([each for each in meetings if each[0] not in known], reagent.name, "leave one of them out, or take another substance", warn)
    except ProtocolError as error:
        raise error.at(reagent.file, reagent.line) from None
