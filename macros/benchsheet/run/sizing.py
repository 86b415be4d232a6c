"""The end of a run: how much of each recipe to make, now that the run has said what it takes.

Overage is added once, where liquid is dispensed from; the parts of a recipe are exact for the volume made. Raises ProtocolError for a
recipe whose stock is thinner than what is made of it, and a solution that does not reach.
"""

from __future__ import annotations

from fractions import Fraction

from .._dataclass import dataclass, replace
from ..arithmetic import dilution
from ..errors import ProtocolError
from ..lab import NO_REASON, OverageReason, batch_minimum
from ..units import Quantity, format_amount
from ..units.base_units import NanoGrams, NanoLitres
from .bench import Bench
from .events import Part, Preparation, RunWarning
from .label_strength import describe_off_label, find_off_label, larger_volumes, list_ways, show_at_steps, warn_off_label
from .mixtures import reject_mixture
from .reagent_uses import count_pours, find_largest_use, list_uses
from .reagents import Reagent, Recipe
from .recipe_parts import exact_amount, find_shared, list_coarse_parts, take_from_stocks
from .verb_result import format_volume


@dataclass(frozen=True, kw_only=True)
class ShelfAmount:
    """What to have ready of a reagent: *amount_used* in all, *amount* with overage for *overage_reason* (nL, or ng of a solid).

    *is_made* says whether it is made by a recipe.
    """

    amount_used: int | None
    amount: int | None
    overage: int = 0
    overage_reason: OverageReason = NO_REASON
    is_made: bool = False
    note: str = ""


def size_recipes(bench: Bench) -> dict[str, ShelfAmount]:
    """Size every recipe from what was taken, from the top down; return what to have ready of each reagent."""
    recipe_use: dict[str, int] = {}
    open_ended: set[str] = set()
    at_most: dict[str, int] = {}
    amounts: dict[str, ShelfAmount] = {}
    declared, order, uses = frozenset(bench.reagents), list(bench.reagents), list_uses(bench.journal.steps)
    for name in order:
        reagent = bench.reagents[name]
        if reagent.id not in open_ended and reagent.id not in bench.ledger.withdrawals and reagent.id not in at_most:
            continue
        if bench.substances and bench.exposures:
            reject_mixture(bench.substances, bench.exposures, reagent, bench.warn)
        if reagent.id in open_ended:
            amounts[reagent.id] = ShelfAmount(amount_used=None, amount=None, note="as the formula of the preparation says")
            continue
        amount_used = bench.ledger.withdrawals.get(reagent.id, 0)
        if reagent.solid:
            amounts[reagent.id] = ShelfAmount(amount_used=amount_used, amount=amount_used)
            continue
        used_in_recipes = recipe_use.get(reagent.id, 0) if name in declared else 0  # out of a stock between, each part is dispensed
        try:
            needed, least, reason = used_in_recipes, amount_used, NO_REASON
            if amount_used > used_in_recipes:
                own = uses.get(reagent.id, ())
                position_use, pours = find_largest_use(bench, reagent, own), count_pours(bench, reagent, own)
                overage = bench.lab.with_overage(amount_used - used_in_recipes, reagent.dispenser, reagent.overage_rule, position_use, pours)
                needed, least, reason = used_in_recipes + overage.amount, used_in_recipes + overage.least, overage.reason
            if reagent.recipe is None:
                extra, surplus = at_most.get(reagent.id, 0), needed - amount_used
                amounts[reagent.id] = ShelfAmount(
                    amount_used=None if extra else amount_used, amount=needed + extra, overage=surplus, overage_reason=reason
                )
                continue
            batch_volume, reason = _batch_size(reagent, NanoLitres(needed), reason)
            least = max(least, reagent.overage_rule.least if reagent.overage_rule else 0)
            preparation = _fit_preparation(bench, reagent, reagent.recipe, batch_volume, amount_used, least, reason)
            _place_stocks(bench, order)
        except ProtocolError as error:
            makers = [bench.find_reagent(name, reagent.owner) for name in reagent.recipe.sources] if reagent.recipe else []
            strengths = [strength for each in (reagent, *makers) for strength in each.contains.values()]
            error.parameters = tuple(dict.fromkeys((*error.parameters, *(s.origin for s in strengths if s and s.origin))))
            raise error.at(reagent.file or bench.inputs.protocol.file, reagent.line) from None
        bench.journal.preparations.append(preparation)
        volume, surplus = preparation.volume, preparation.volume - amount_used
        amounts[reagent.id] = ShelfAmount(
            amount_used=amount_used, amount=volume, overage=surplus, overage_reason=preparation.overage_reason, is_made=True
        )
        for part in preparation.parts:
            if part.amount is None and part.fill_to_mark:  # the worst case: all of it is what it is made up with
                at_most[part.source] = at_most.get(part.source, 0) + preparation.volume
            elif part.amount is None:
                open_ended.add(part.source)
            else:
                bench.ledger.withdraw(part.source, part.amount)
                recipe_use[part.source] = recipe_use.get(part.source, 0) + part.amount
    show_at_steps(bench)
    return amounts


def _place_stocks(bench: Bench, order: list[str]) -> None:
    """Put each stock that a recipe was given into *order*, above what it is made from: it is sized after all that takes it."""
    for reagent in list(bench.reagents.values())[len(order) :]:
        parts = (*reagent.recipe.sources, reagent.recipe.diluent) if reagent.recipe else ()
        order.insert(min((order.index(bench.find_reagent(part).id) for part in parts), default=len(order)), reagent.id)


def _batch_size(reagent: Reagent, whole: NanoLitres, reason: OverageReason) -> tuple[NanoLitres, OverageReason]:
    """Return how much to make where *whole* is needed, and why: what keeps is made by the batch, also for other recipes alone."""
    rule = reagent.overage_rule
    return (rule.least, batch_minimum(rule)) if rule and whole < rule.least else (whole, reason)


def _fit_preparation(
    bench: Bench, reagent: Reagent, recipe: Recipe, batch_volume: NanoLitres, amount_used: int, least: int, reason: OverageReason
) -> Preparation:
    """Return *batch_volume* of a recipe as it is made; where its parts could not be set closely enough, more of it, or from stocks.

    *least* of it has to be there once its parts are set: what is used, and the overage. What misses its label even then is made as asked,
    and warned of; what cannot be set even then is refused.
    """
    notes = list(bench.journal.warnings), dict(bench.journal.instruments)
    first: Preparation | None = None
    refusal: ProtocolError | None = None
    try:
        first = _build_preparation(bench, reagent, recipe, batch_volume, amount_used, least, reason)
        if not first.off_label and (first.volume >= least or recipe.whole_mass is not None):
            return first
    except ProtocolError as error:
        if not error.from_values or recipe.whole_mass is not None:
            raise
        refusal = error
    for volume in larger_volumes(batch_volume) if recipe.whole_mass is None else ():
        _restore_notes(bench, notes)
        try:
            larger = _build_preparation(bench, reagent, recipe, NanoLitres(volume), amount_used, least, reason)
        except ProtocolError:
            continue
        if not larger.off_label and larger.volume >= least:
            more = replace(reason, text=f"{reason.text}, and more, so that its parts can be measured") if reason.text else NO_REASON
            return replace(larger, overage_reason=more)
        first = first or larger
    _restore_notes(bench, notes)
    if preparation := _take_from_stocks(bench, reagent, recipe, batch_volume, amount_used, least, reason):
        return preparation
    if first is None:
        raise _name_coarse(bench, reagent, recipe, batch_volume, refusal) if refusal else AssertionError
    first = _build_preparation(bench, reagent, recipe, NanoLitres(first.volume), amount_used, least, reason) if recipe.whole_mass is None else first
    if not first.off_label:
        return first
    warn_off_label(bench, reagent, first)
    return replace(first, note="; ".join(filter(None, (describe_off_label(reagent, first), first.note))))


def _name_coarse(bench: Bench, reagent: Reagent, recipe: Recipe, batch_volume: NanoLitres, refusal: ProtocolError) -> ProtocolError:
    """Return *refusal* of a recipe with all that the lab cannot set of it; an instrument that helps is found by trial."""
    coarse = list(list_coarse_parts(bench, reagent, recipe, batch_volume))
    if not coarse:
        return refusal
    ways = list_ways(bench, reagent, batch_volume, with_devices=False)
    error = ProtocolError(f"{reagent.name}: {refusal.message}", f"make more; or {ways}" if ways else refusal.hint, from_values=True)
    error.volumes = refusal.volumes | {exact: None for source, exact in coarse if not source.solid}
    error.masses = refusal.masses | {exact: None for source, exact in coarse if source.solid}
    return error


def _take_from_stocks(
    bench: Bench, reagent: Reagent, recipe: Recipe, batch_volume: NanoLitres, amount_used: int, least: int, reason: OverageReason
) -> Preparation | None:
    """Return *batch_volume* of a recipe, with what is too little to be set taken from a stock; None where that does not come closer."""
    before, notes = dict(bench.reagents), (list(bench.journal.warnings), dict(bench.journal.instruments))
    for volume in (batch_volume, *larger_volumes(batch_volume)) if recipe.whole_mass is None else ():
        try:
            lighter, stocks = take_from_stocks(bench, reagent, recipe, volume)
            if not stocks:
                continue
            bench.reagents.update({stock.id: stock for stock in stocks})
            bench.reagents[reagent.id] = replace(reagent, recipe=lighter)
            preparation = _build_preparation(bench, reagent, lighter, NanoLitres(volume), amount_used, least, reason)
            if not preparation.off_label and preparation.volume >= least:
                return preparation
        except ProtocolError:
            pass
        bench.reagents.clear()
        bench.reagents.update(before)
        _restore_notes(bench, notes)
    return None


def _restore_notes(bench: Bench, notes: tuple[list[RunWarning], dict[str, str]]) -> None:
    """Forget what a trial of other volumes warned of, and which instruments it took."""
    bench.journal.warnings[:] = notes[0]
    bench.journal.instruments.clear()
    bench.journal.instruments.update(notes[1])


def _build_preparation(
    bench: Bench, reagent: Reagent, recipe: Recipe, batch_volume: NanoLitres, amount_used: int, least: int, reason: OverageReason
) -> Preparation:
    parts: list[Part] = []
    sources = [bench.find_reagent(name, reagent.owner) for name in recipe.sources]
    diluent = bench.find_reagent(recipe.diluent, reagent.owner)
    if recipe.whole_mass is not None:
        batch_volume = _solution_volume(bench, reagent, sources[0], recipe.whole_mass, amount_used)
        parts = [Part(source=sources[0].id, amount=NanoGrams(int(recipe.whole_mass.value)), kind="mass")]
        reason = OverageReason(kind="all", text="all of it")
    else:
        parts = [_source_part(bench, reagent, source, batch_volume) for source in sources]
    fixed_parts = [part for part in parts if part.amount is not None]
    liquid = sum(part.amount or 0 for part in fixed_parts if part.kind == "volume")
    if recipe.whole_mass is None and liquid > batch_volume * Fraction(51, 50):
        raise ProtocolError(
            f"the parts of {reagent.id!r} come to {format_volume(liquid)}, more than the {format_volume(batch_volume)} of it",
            "use stronger stocks",
            from_values=True,
        )
    if len(fixed_parts) < len(parts):
        parts.append(Part(source=diluent.id, amount=None, fill_to_mark=True, formula=f"make up to {format_volume(batch_volume)}"))
    elif recipe.fill_to_mark:
        parts.append(Part(source=diluent.id, amount=_round_to_two_figures(max(batch_volume - liquid, 0)), fill_to_mark=True))
    elif batch_volume > liquid:
        diluent_volume = bench.set_volume(batch_volume - liquid)
        if diluent_volume < least - liquid:  # all that is used has to be there, and its overage
            diluent_volume = bench.set_volume(least - liquid, up=True)
        parts.append(Part(source=diluent.id, amount=diluent_volume))
    if not recipe.fill_to_mark and len(fixed_parts) == len(parts) - 1 and parts[-1].amount is not None:
        batch_volume = NanoLitres(sum(int(part.amount or 0) for part in parts if part.kind == "volume"))
    if recipe.whole_mass is None and parts[-1].source == diluent.id and not parts[-1].fill_to_mark:
        parts.insert(0, parts.pop())  # in the order of doing: acid into water, an antibody into its diluent
    makers = {source.id: source for source in (*sources, diluent)}
    off_label = find_off_label(reagent, [(makers[part.source], part) for part in parts], batch_volume, bench.lab.tolerance)
    strength_text = ", ".join(str(strength) for strength in reagent.contains.values() if strength is not None and len(reagent.contains) == 1)
    name = reagent.container or bench.lab.find_container(batch_volume)[0]
    note = "; ".join(filter(None, (recipe.note, reagent.note)))
    return Preparation(
        id=reagent.id, name=reagent.name, volume=batch_volume, parts=tuple(parts), storage=reagent.storage, container=name,
        strength_text=strength_text, overage_reason=reason, note=note, off_label=off_label,
    )  # fmt: skip


def _source_part(bench: Bench, reagent: Reagent, source: Reagent, batch_volume: NanoLitres) -> Part:
    """Return how much of *source* gives *batch_volume* nL of *reagent* the component that both share."""
    exact = exact_amount(reagent, source, batch_volume)
    if exact is None:
        want = find_shared(reagent, source)[1]
        total = Quantity(value=want.value * batch_volume, kind="cells") if want.kind == "cell density" else None
        formula = f"{total} ÷ counted density" if total else f"{want} x {format_volume(batch_volume)} ÷ measured strength"
        return Part(source=source.id, amount=None, formula=formula)
    if not source.solid:
        return Part(source=source.id, amount=bench.set_volume(exact))
    setting = bench.lab.weigh(exact)
    bench.journal.instruments.setdefault(setting.instrument.name, f"to {format_amount(Fraction(setting.instrument.step), 'mass')}")
    return Part(source=source.id, amount=NanoGrams(setting.amount), kind="mass")


def _solution_volume(bench: Bench, reagent: Reagent, solid: Reagent, mass: Quantity, amount_used: int) -> NanoLitres:
    """Return the volume in which all of a weighed solid is dissolved; refuse one that does not reach."""
    want = reagent.contains[solid.solid]
    if want is None or want.kind == "molarity" and solid.molar_mass is None:
        raise ProtocolError(f"{solid.id!r} has no molar mass", "give the molar mass of what is weighed", from_values=True)
    molar_mass = solid.molar_mass.value if solid.molar_mass else None
    solution_volume = bench.set_volume(dilution.volume_at_concentration(mass.value, want.value, want.kind, molar_mass))
    if amount_used > solution_volume:
        raise ProtocolError(
            f"{mass} make {format_volume(solution_volume)} at {want}, and this run takes {format_volume(amount_used)}",
            "weigh in more, or ask for a lower top dose or fewer plates",
            from_values=True,
        )
    return solution_volume


def _round_to_two_figures(amount: int) -> NanoLitres:
    """Round a solvent's part to two figures: the mark decides, not this."""
    step = int(10 ** max(0, len(str(amount)) - 2))
    return NanoLitres((amount + step // 2) // step * step)
