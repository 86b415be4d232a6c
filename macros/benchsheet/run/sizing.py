"""The end of a run: how much of each recipe to make, now that the run has said what it takes.

Overage is added once, where liquid is dispensed from; the parts of a recipe are exact for the volume made. Refuses a
recipe whose stock is thinner than what is made of it, and a solution that does not reach.
"""

from __future__ import annotations

from fractions import Fraction

from .._dataclass import dataclass
from ..arithmetic import dilution
from ..errors import ProtocolError
from ..lab import Spare
from ..units import Quantity, show
from .bench import Bench
from .events import Part, Preparation
from .reagents import Make, Reagent
from .verb_result import volume


@dataclass(frozen=True)
class Ready:
    """What to have ready of a reagent: *used* in all, *amount* with overage by *rule* (nL, or ng of a solid), whether it is *made*."""

    used: int | None
    amount: int | None
    spare: int
    rule: str
    made: bool
    note: str = ""


def settle_up(bench: Bench) -> dict[str, Ready]:
    """Size every recipe from what was taken, from the top down; return what to have ready of each reagent."""
    inside: dict[str, int] = {}
    open_ended: set[str] = set()
    at_most: dict[str, int] = {}
    ready: dict[str, Ready] = {}
    for reagent in list(bench.reagents.values()):
        if reagent.id in open_ended:
            ready[reagent.id] = Ready(None, None, 0, "", made=False, note="as the formula of the preparation says")
            continue
        if reagent.id not in bench.ledger.taken and reagent.id not in at_most:
            continue
        used = bench.ledger.taken.get(reagent.id, 0)
        if reagent.solid:
            ready[reagent.id] = Ready(used, used, 0, "", made=False)
            continue
        within = inside.get(reagent.id, 0)
        try:
            spare = bench.lab.spare(used - within, reagent.vessel, reagent.rule, _a_place(bench, reagent)) if used > within else Spare(0, 0, "")
            if reagent.make is None:
                extra = at_most.get(reagent.id, 0)
                whole = within + extra + spare.amount
                ready[reagent.id] = Ready(None if extra else used, whole, whole - used - extra, spare.rule, made=False)
                continue
            whole, words = _batch(reagent, within + spare.amount, spare.rule)
            preparation = _prepared(bench, reagent, reagent.make, whole, used, words)
        except ProtocolError as error:
            makers = [bench.reagent(name, reagent.of) for name in reagent.make.sources] if reagent.make else []
            strengths = [strength for each in (reagent, *makers) for strength in each.contains.values()]
            error.parameters = tuple(dict.fromkeys((*error.parameters, *(s.origin for s in strengths if s and s.origin))))
            raise error.at(reagent.file or bench.run.protocol.file, reagent.line) from None
        bench.preparations.append(preparation)
        ready[reagent.id] = Ready(used, preparation.volume, preparation.volume - used, preparation.rule, made=True)
        for part in preparation.parts:
            if part.amount is None and part.about:  # the worst case: all of it is what it is made up with
                at_most[part.source] = at_most.get(part.source, 0) + preparation.volume
            elif part.amount is None:
                open_ended.add(part.source)
            else:
                bench.ledger.take(part.source, part.amount)
                inside[part.source] = inside.get(part.source, 0) + part.amount
    return ready


def _a_place(bench: Bench, reagent: Reagent) -> int:
    """Return how much of *reagent* one place takes in the whole run, the one that takes most; asked only where a rule counts places."""
    if not (reagent.rule or bench.lab.overage).places:
        return 0
    taken: dict[str, int] = {}
    for operation in (operation for step in bench.steps for operation in step.operations if operation.reagent == reagent.id):
        for name in operation.to:
            taken[name] = taken.get(name, 0) + operation.each * operation.times
    return max(taken.values(), default=0)


def _batch(reagent: Reagent, whole: int, words: str) -> tuple[int, str]:
    """Return how much to make where *whole* is needed, and why: what keeps is made by the batch, also for other recipes alone."""
    least = reagent.rule.least if reagent.rule else 0
    return (least, f"at least {show(Fraction(least), 'volume')}") if whole < least else (whole, words)


def _prepared(bench: Bench, reagent: Reagent, make: Make, made: int, used: int, rule: str) -> Preparation:
    parts: list[Part] = []
    sources = [bench.reagent(name, reagent.of) for name in make.sources]
    rest = bench.reagent(make.rest, reagent.of)
    if make.all_of is not None:
        made = _dissolved(bench, reagent, sources[0], make.all_of, used)
        parts = [Part(sources[0].id, int(make.all_of.value), "mass")]
        rule = "all of it"
    else:
        parts = [_part(bench, reagent, source, made) for source in sources]
    known = [part for part in parts if part.amount is not None]
    if make.all_of is None and sum(part.amount or 0 for part in known if part.kind == "volume") > made * Fraction(51, 50):
        whole = sum(part.amount or 0 for part in known if part.kind == "volume")
        raise ProtocolError(
            f"the parts of {reagent.id!r} come to {volume(whole)}, more than the {volume(made)} of it", "use stronger stocks", answer=True
        )
    liquid = sum(part.amount or 0 for part in known if part.kind == "volume")
    if len(known) < len(parts):
        parts.append(Part(rest.id, None, about=True, formula=f"make up to {volume(made)}"))
    elif make.mark:
        parts.append(Part(rest.id, _about(max(made - liquid, 0)), about=True))
    elif made > liquid:
        parts.append(Part(rest.id, _enough(bench, made - liquid, used - liquid)))
    if not make.mark and len(known) == len(parts) - 1 and parts[-1].amount is not None:
        made = sum(part.amount or 0 for part in parts if part.kind == "volume")
    if make.all_of is None and parts[-1].source == rest.id and not parts[-1].about:
        parts.insert(0, parts.pop())  # in the order of doing: acid into water, an antibody into its diluent
    holds = ", ".join(str(strength) for strength in reagent.contains.values() if strength is not None and len(reagent.contains) == 1)
    hazards = tuple(dict.fromkeys(hazard for part in (*sources, rest) for hazard in part.hazards))
    name = reagent.keep_in or bench.lab.container(made)[0]
    note = "; ".join(filter(None, (make.note, reagent.note)))
    return Preparation(reagent.id, reagent.name, made, tuple(parts), 0, reagent.storage, "", holds, rule, note, name, hazards)


def _part(bench: Bench, reagent: Reagent, source: Reagent, made: int) -> Part:
    """Return how much of *source* gives *made* nL of *reagent* the component that both share."""
    if source.solid:
        want = reagent.contains.get(source.solid)
        if want is None:
            raise ProtocolError(f"{reagent.id!r} does not say how much {source.solid} it contains", f"add contains: {{{source.solid}: ...}}")
        exact = dilution.solid(want.value, made, want.kind, source.molar_mass.value if source.molar_mass else None)
        done = bench.lab.weigh(exact)
        bench.used.setdefault(done.device.name, f"to {show(Fraction(done.device.step), 'mass')}")
        return Part(source.id, done.amount, "mass")
    shared = [name for name in reagent.contains if name in source.contains]
    if len(shared) != 1:
        many = "no component" if not shared else f"{len(shared)} components"
        raise ProtocolError(f"{reagent.id!r} and {source.id!r} share {many}", "a recipe takes each source for one component that both contain")
    want, stock = reagent.contains[shared[0]], source.contains[shared[0]]
    if want is None:
        raise ProtocolError(f"{reagent.id!r} does not say how much {shared[0]} it contains", "give a concentration")
    if stock is None:
        total = Quantity(want.value * made, "cells") if want.kind == "cell density" else None
        need = f"{total} ÷ counted density" if total else f"{want} x {volume(made)} ÷ measured strength"
        return Part(source.id, None, formula=need)
    if want.kind != stock.kind:
        raise ProtocolError(f"{reagent.id!r} holds {shared[0]} as {want} and {source.id!r} as {stock}", "write both in one kind of concentration")
    if stock.value < want.value:
        raise _thin(reagent, source, want, stock, made)
    return Part(source.id, bench.settle(dilution.part(stock.value, want.value, made)))


def _thin(reagent: Reagent, source: Reagent, want: Quantity, stock: Quantity, made: int) -> ProtocolError:
    """Refuse a stock weaker than what is made of it; say what is missing."""
    if want.kind != "cell density":
        return ProtocolError(f"{source.id!r} at {stock} is weaker than the {want} of {reagent.id!r}", "use a stronger stock", answer=True)
    needed = Fraction(want.value * made / stock.value)
    missing = show(Fraction(-(-(needed - made) // 100_000) * 100_000), "volume")
    whole = show(Fraction(-(-needed // 100_000) * 100_000), "volume")
    error = ProtocolError(
        f"{source.name} at {stock} is thinner than the {want} of the {reagent.name}: "
        f"{volume(made)} would need {whole} of it, {missing} more than fits",
        f"spin down {whole} and take the pellet up in {volume(made)}, or ask for less",
        answer=True,
    )
    error.parameters = tuple(filter(None, (want.origin, stock.origin)))
    return error


def _dissolved(bench: Bench, reagent: Reagent, solid: Reagent, mass: Quantity, used: int) -> int:
    """Return the volume in which all of a weighed solid is dissolved; refuse one that does not reach."""
    want = reagent.contains[solid.solid]
    if want is None or solid.molar_mass is None:
        raise ProtocolError(f"{solid.id!r} has no molar mass", "give the molar mass of what is weighed", answer=True)
    made = bench.settle(dilution.dissolved(mass.value, solid.molar_mass.value, want.value))
    if used > made:
        raise ProtocolError(
            f"{mass} make {volume(made)} at {want}, and this run takes {volume(used)}",
            "weigh in more, or ask for a lower top dose or fewer plates",
            answer=True,
        )
    return made


def _enough(bench: Bench, amount: Fraction | int, least: int) -> int:
    """Return *amount* as it can be set, a step more where that would be less than *least*, which is all used."""
    done = bench.settle(amount)
    while done < least:
        amount += bench.lab.settle(amount).device.step
        done = bench.settle(amount)
    return done


def _about(amount: int) -> int:
    """Round a solvent's part to two figures: the mark decides, not this."""
    step = int(10 ** max(0, len(str(amount)) - 2))
    return (amount + step // 2) // step * step
