"""What keeps the doses of a series apart and enough of each: how near 1 its factor may be, and how large its tubes have to be.

Raises ProtocolError for doses that could not be told apart, and for a series in which rounding would use up the spare of a tube.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Collection, Sequence
from fractions import Fraction

from ...arithmetic.exact import differs_by
from ...errors import ProtocolError
from ...lab import Lab, dilution_plan, round_up_two_figures
from ...units import Quantity, format_amount
from ...units.base_units import NanoLitres
from ..label_strength import larger_volumes


def reject_close_doses(lab: Lab, top: Quantity, ratio: Fraction, count: int) -> None:
    """Refuse a factor so near 1 that two neighbours, each off by what the lab tolerates, may be one dose, or are printed alike."""
    least = 1 + 2 * lab.tolerance
    doses = [format_amount(top.value / ratio**index, top.kind) for index in range(count)]
    alike = next((one for one, two in itertools.pairwise(doses) if one == two), "")
    if ratio < least or alike:
        factor, floor = format_amount(ratio, "dilution factor"), format_amount(least, "dilution factor")
        tolerance = format_amount(lab.tolerance * 100, "fraction")
        why = f"two of them are {alike}" if alike else f"each dose may be {tolerance} off, so neighbours cannot be told apart"
        way = f"a dilution factor of {floor} at least; half-log, 3 fold or 2 fold are usual"
        raise ProtocolError(f"{count} doses by {factor} are too close: {why}", way, from_values=True)


def _enlarge_for_stroke(lab: Lab, tube: NanoLitres, fold: Fraction) -> NanoLitres:
    """Return *tube* (nL), or up to twice as much: all doses hang on the stroke of stock in the first, which is not to be at the limit."""
    safe_stroke = dilution_plan.SAFE_STROKE * lab.trust
    return round_up_two_figures(safe_stroke * fold) if lab.trust <= tube / fold < safe_stroke else tube


@functools.lru_cache(maxsize=512)
def find_tube_volume(
    lab: Lab, tube: NanoLitres, stock: Fraction, strengths: tuple[Fraction, ...], uses: tuple[int, ...], ready: frozenset[int] = frozenset()
) -> NanoLitres:
    """Return how much (nL) of each tube of a serial dilution from *stock* to make: *tube*, or more where rounding uses up the spare.

    *uses* is what is taken of each tube beside what goes on to the next, and *ready* are the places of tubes that need not be made.
    Raises ProtocolError where three times as much is not enough, or two tubes come out alike.
    """
    if len(strengths) - len(ready) < 2 and ready:
        return tube
    tube = tube if 0 in ready else _enlarge_for_stroke(lab, tube, stock / strengths[0])
    for volume in itertools.chain((tube,), larger_volumes(tube)):
        if _holds(lab, NanoLitres(volume), stock, strengths, uses, ready):
            return NanoLitres(volume)
    spare = format_amount(lab.overage.percent, "fraction")
    message = f"{len(strengths)} tubes of {format_amount(tube, 'volume')} so close in strength do not keep {spare} to spare, or come out alike"
    parts = [part for one, two in itertools.pairwise((stock, *strengths)) for part in (tube * two / one, tube - tube * two / one)]
    error = ProtocolError(message, "a larger dilution factor", from_values=True)
    error.volumes = dict.fromkeys(parts)
    raise error


def _holds(lab: Lab, volume: NanoLitres, stock: Fraction, strengths: Sequence[Fraction], uses: Sequence[int], ready: Collection[int]) -> bool:
    """Return whether each tube keeps what is used of it and the spare, holds its dose, and is told from the next."""
    before, left = stock, 0
    for index, strength in enumerate(strengths):
        if index in ready:
            before, left = strength, 0
            continue
        if index == 0 and strength == stock:  # it is the stock as it is
            left = lab.settle_up(volume).amount
            continue
        try:
            plan = dilution_plan.plan_dilution(lab, lambda each: NanoLitres(lab.set_volume(each).amount), volume, before / strength)
        except ProtocolError:
            return index == 0 and len(strengths) == 1  # what refuses it says it better
        made = before * plan.take / plan.volume
        if plan.intermediate:
            made = made * plan.intermediate.take / plan.intermediate.volume
        if differs_by(made, strength, lab.tolerance):
            return False
        if index and index - 1 not in ready:
            spare = uses[index - 1] * (100 + lab.overage.percent)
            if (left - plan.source_volume) * 100 < spare or before < made * (1 + lab.tolerance):
                return False
        before, left = made, plan.volume
    return left * 100 >= uses[-1] * (100 + lab.overage.percent) or len(strengths) - 1 in ready
