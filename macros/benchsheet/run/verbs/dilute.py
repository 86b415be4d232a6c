"""The words that make something at the bench: dilute and mix; a table where they stand, and tubes to take from.

Raises ProtocolError for a dilution stronger than its stock, and for a volume that no pipette can set even with an intermediate.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterable, Sequence
from fractions import Fraction

from ...arithmetic.exact import differs_by
from ...errors import ProtocolError
from ...lab import NO_REASON, DilutionPlan, Lab, OverageReason, dilution_plan
from ...units import Quantity, as_quantity, format_amount, format_number, parse_quantity, to_decimal
from ...units.base_units import NanoLitres
from ..bench import Bench
from ..events import Part, Preparation
from ..label_strength import larger_volumes
from ..ledger import WellGroup
from ..reagents import Reagent
from ..verb_result import VerbResult, format_volume, markdown_table


def plan_tube(bench: Bench, total: Fraction | int, fold: Fraction, least: int = 0) -> DilutionPlan:
    """Return how *total* nL of a *fold* dilution are set with what the bench has; it notes the pipettes."""
    return dilution_plan.plan_dilution(bench.lab, bench.set_volume, total, fold, least)


def plan_enough(bench: Bench, total: Fraction | int, used: Fraction | int, fold: Fraction, *, alone: bool = False) -> DilutionPlan:
    """Return how *total* nL of a *fold* dilution are set, or up to three times as much where rounding would cost its strength or its spare.

    *used* is what will be taken of it; the lab's overage is left beyond that. A tube that is *alone*, as a control is, is made larger
    as well, rather than to hang on one stroke at the limit of what is trusted.
    """
    return plan_tube(bench, _find_enough(bench.lab, total, used, fold, alone=alone), fold)


@functools.lru_cache(maxsize=1024)
def _find_enough(lab: Lab, total: Fraction | int, used: Fraction | int, fold: Fraction, *, alone: bool) -> Fraction | int:
    """Return how much of a dilution `plan_enough` plans for (nL)."""
    stroke = dilution_plan.SAFE_STROKE * lab.trust if alone and lab.trust <= total / fold < dilution_plan.SAFE_STROKE * lab.trust else 0
    least = used * (100 + lab.overage.percent) / 100
    for volume in itertools.chain((total,), larger_volumes(math.ceil(total))):
        try:
            trial = dilution_plan.plan_dilution(lab, lambda each: NanoLitres(lab.set_volume(each).amount), volume, fold)
        except ProtocolError:
            break  # what refuses it says it better
        whole_fold = Fraction(trial.volume, trial.take)
        if trial.intermediate:
            whole_fold *= Fraction(trial.intermediate.volume, trial.intermediate.take)
        if trial.take >= stroke and trial.volume >= least and not differs_by(1 / whole_fold, 1 / fold, lab.tolerance):
            return volume
    return _find_enough(lab, total, used, fold, alone=False) if stroke else total


def fill_tube(
    bench: Bench,
    source: Reagent | WellGroup,
    diluent: Reagent,
    tube_plan: DilutionPlan,
    vessel: str,
    group: WellGroup,
    strength: Quantity,
    title: str,
    times_dose: Fraction | int = 1,
) -> list[tuple[str, ...]]:
    """Fill the tube *vessel*/<group> as *tube_plan*, to hold *strength*; note it as a preparation and return its rows of the table.

    An intermediate is a tube, and a row, of its own. A tube that holds *times_dose* what its wells will hold says so.
    """
    rows: list[tuple[str, ...]] = []
    if tube_plan.intermediate is not None:
        intermediate_strength = Quantity(value=strength.value * tube_plan.volume / tube_plan.take, kind=strength.kind)
        intermediate_vessel = f"{vessel} intermediate"
        rows = fill_tube(bench, source, diluent, tube_plan.intermediate, intermediate_vessel, group, intermediate_strength, title)
        source = bench.select_groups(f"{intermediate_vessel}/{group.name}")[0]
    parts = [(source, tube_plan.take), *([(diluent, tube_plan.diluent)] if tube_plan.diluent else [])]
    strength_text = f"{strength} ({format_number(to_decimal(Fraction(times_dose), exact=True))}x)" if times_dose > 1 else str(strength)
    make_tube(bench, vessel, group, parts, f"{title}, {group.owner}" if group.owner else title, strength_text)
    name = source.name if isinstance(source, Reagent) else tube_name(bench.scope.own_name(source.id).partition("/")[0], source)
    diluent_text = format_volume(tube_plan.diluent) if tube_plan.diluent else ""
    return [
        *rows,
        (tube_name(vessel, group), strength_text, f"{format_volume(tube_plan.take)} {name}", diluent_text, format_volume(tube_plan.volume)),
    ]


def describe_strokes(bench: Bench, amounts: Iterable[int]) -> str:
    """Say how an amount is set that takes several strokes of one pipette."""
    texts = []
    for amount in dict.fromkeys(amounts):
        setting = bench.lab.set_volume(amount) if amount else None
        if setting and setting.strokes > 1:
            texts.append(f"{format_volume(amount)} is {setting.strokes} × {format_volume(setting.amount // setting.strokes)}")
            bench.current_step("strokes").terms.append(texts[-1])
    return f"*{'; '.join(texts)}.*\n" if texts else ""


def make_tube(
    bench: Bench,
    vessel: str,
    namesake: WellGroup,
    parts: Sequence[tuple[Reagent | WellGroup, NanoLitres]],
    title: str,
    strength_text: str = "",
    overage_reason: OverageReason = NO_REASON,
    name: str = "",
) -> WellGroup:
    """Return the new tube *vessel*/<namesake> with *parts* (what, nL) poured into it in their order; note it as a preparation under *title*.

    The sheet calls it *name*, or by its vessel and its namesake.
    """
    total = NanoLitres(sum(amount for _, amount in parts))
    tube = bench.new_tube(vessel, namesake.name, total, namesake)
    for source, amount in parts:
        bench.pour("add" if isinstance(source, Reagent) else "transfer", source, [(tube, amount)])
    amounts = tuple(Part(source=source.id, amount=amount) for source, amount in parts)
    name, step = name or tube_name(vessel, tube), bench.current_step("make_tube").number
    preparation = Preparation(
        id=tube.id, name=name, volume=total, parts=amounts, step=step, table_title=title, container=tube.labware,
        strength_text=strength_text, overage_reason=overage_reason,
    )  # fmt: skip
    bench.journal.preparations.append(preparation)
    return tube


def dilute(
    bench: Bench,
    reagent: str,
    *,
    to: object,
    with_: str,
    into: str,
    volume: object = None,
    add: object = None,
    for_: Iterable[str] = (),
    compound: str = "",
) -> VerbResult:
    """Make up *reagent* to the concentration *to* with fresh diluent, in the tube *into*: *volume*, or enough for *add* a place of *for_*."""
    bench.current_step("dilute")
    source = bench.find_reagent(reagent, compound)
    want, component, stock = source.match_component(to)
    if not want.value:
        raise ProtocolError(f"nothing is diluted to {want}", "ask for more than that")
    if not into.strip("/ "):
        raise ProtocolError(f"into={into!r} names no tube", "write it like 'tube/a'")
    if stock < want.value:
        raise ProtocolError(
            f"{source.id!r} is {format_amount(stock, want.kind)}: it cannot be diluted to {want}", "use a stronger stock", from_values=True
        )
    if volume is not None:
        enough = as_quantity(parse_quantity(volume) if isinstance(volume, str) else volume, "volume").value
        used = Fraction(0)
    elif add is not None and for_:
        groups = [group for where in for_ for group in bench.find_groups(where, compound)]
        volume_each = bench.volume_each(add, groups)
        used = Fraction(sum(g.size for g in groups) * volume_each)
        enough = Fraction(bench.lab.with_overage(used, "tube", volume_each=volume_each).amount)
    else:
        raise ProtocolError("dilute(...) does not say how much", 'give volume="1 mL", or add=... and for_=[...]')
    vessel, _, name = into.partition("/")
    namesake = WellGroup(id=f"x/{name or vessel}", size=1, capacity=NanoLitres(0), labware="", family=name or vessel)
    diluent = bench.find_reagent(with_, compound)
    tube_plan = plan_enough(bench, enough, used, stock / want.value, alone=volume is None)
    rows = fill_tube(bench, source, diluent, tube_plan, vessel, namesake, want, f"dilutions in {diluent.name}")
    made = bench.select_groups(f"{vessel}/{name or vessel}")
    bench.claim(made, component, want.kind, want.value)
    if volume is None:
        bench.promise("dilute", made[0].id, groups)
    text = markdown_table(("tube", "strength", "take", short_name(diluent), "makes"), rows, "lrlrr")
    return bench.add_result("dilute", [], text=f"\n\n{text}\n\n{describe_strokes(bench, [tube_plan.diluent, tube_plan.take])}")


def mix(bench: Bench, name: str, parts: dict[str, object], *, add: object, to: object, spare: bool = False, compound: str = "") -> VerbResult:
    """Make a master mix *name* of *parts* (reagent to volume a place), enough for every place of *to*, each to get *add* of it.

    It has to be given to them by a `transfer`, unless it is *spare*: kept for another day.
    """
    groups = bench.find_groups(to, compound)
    bench.current_step("mix")
    count = sum(group.size for group in groups)
    if not isinstance(parts, dict) or not parts:
        raise ProtocolError("a mix has parts", 'write mix("name", {"buffer": "2 uL/well", "water": "8 uL/well"}, ...)')
    position = bench.position_of(groups)
    amounts = {}
    for part, amount in parts.items():
        quantity = as_quantity(parse_quantity(amount) if isinstance(amount, str) else amount, "volume")
        if quantity.per.rstrip("s") != position:
            raise ProtocolError(
                f"'{format_amount(quantity.value, 'volume')}' of {part!r} is not per {position}",
                f"write '{format_amount(quantity.value, 'volume')}/{position}'",
            )
        amounts[part] = quantity.value
    volume_each = bench.volume_each(add, groups)
    if as_quantity(parse_quantity(add) if isinstance(add, str) else add, "volume").value != sum(amounts.values()):
        raise ProtocolError(
            f"the parts of {name!r} come to {format_amount(Fraction(sum(amounts.values())), 'volume')} a {position}, and "
            f"{format_volume(volume_each)} are given",
            "let them be the same",
        )
    overage = bench.lab.with_overage(volume_each * count, "tube", volume_each=volume_each)
    factor = _mix_volume(bench, list(amounts.values()), overage.amount, volume_each * count) / Fraction(sum(amounts.values()))
    components = [(bench.find_reagent(part, compound), bench.set_as_asked(amount * factor, f"of {part!r}")) for part, amount in amounts.items()]
    tube = make_tube(
        bench,
        name,
        WellGroup(id=f"{name}/{name}", size=1, capacity=NanoLitres(0), labware=""),
        components,
        name,
        overage_reason=overage.reason,
        name=name,
    )
    if not spare:
        bench.promise("mix", tube.id, groups)
    rows = [
        (source.name, format_amount(amounts[part], "volume"), format_volume(amount))
        for part, (source, amount) in zip(amounts, components, strict=True)
    ]
    rows.append(("total", format_volume(volume_each), format_volume(tube.volume)))
    return bench.add_result("mix", [], text=f"\n\n{markdown_table(('part', f'a {position}', 'for all'), rows, 'lrr', strong='total')}\n")


def _mix_volume(bench: Bench, amounts: Sequence[Fraction], whole: NanoLitres, used: int) -> int:
    """Return how much of a mix of *amounts* to make: *whole*, or up to three times as much where rounding costs a part or the spare.

    *used* is what is taken of it; the lab's overage is left beyond that.
    """
    lab = bench.lab
    least = used * (100 + lab.overage.percent)
    for volume in (whole, *larger_volumes(whole)):
        shares = [amount * volume / sum(amounts) for amount in amounts]
        try:
            parts = [lab.set_volume(share).amount for share in shares]
        except ProtocolError:
            continue
        if sum(parts) * 100 >= least and not any(differs_by(Fraction(part), share, lab.tolerance) for part, share in zip(parts, shares, strict=True)):
            return volume
    return whole


def short_name(reagent: Reagent) -> str:
    """Return a reagent's name without what follows its comma."""
    return reagent.name.split(",")[0]


def tube_name(vessel: str, group: WellGroup) -> str:
    """Return how a tube is called on the sheet: ``working dose 3``; of several compounds ``working dose 3 (alpha)``."""
    number = f" {group.number}" if group.number else ""
    return f"{vessel} {group.family or group.name}{number}" + (f" ({group.owner})" if group.owner and group.family else "")
