"""The words that make something at the bench: dilute and mix; a table where they stand, and tubes to take from.

Refuses a dilution stronger than its stock, and, where even an intermediate does not help, what no pipette can set.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from ...errors import ProtocolError
from ...lab import Planned
from ...lab import dilution_plan as planning
from ...units import Quantity, parse, read, show
from ..bench import Bench
from ..events import Operation, Part, Preparation
from ..ledger import Group
from ..reagents import Reagent
from ..verb_result import Said, table, volume


def plan(bench: Bench, made: Fraction | int, fold: Fraction, least: int = 0) -> Planned:
    """Return how *made* nL of a *fold* dilution are set with what the bench has; it notes the pipettes."""
    return planning.plan(bench.lab, bench.settle, made, fold, least)


def filled(
    bench: Bench, source: Reagent | Group, diluent: Reagent, planned: Planned, vessel: str, group: Group, holds: Quantity, title: str
) -> list[tuple[str, ...]]:
    """Fill the tube *vessel*/<group> as *planned*, to hold *holds*; note it as a preparation and return its rows of the table.

    An intermediate is a tube, and a row, of its own.
    """
    rows: list[tuple[str, ...]] = []
    if planned.intermediate is not None:
        between = Quantity(holds.value * planned.made / planned.take, holds.kind)
        on_the_way = f"{vessel} intermediate"
        rows = filled(bench, source, diluent, planned.intermediate, on_the_way, group, between, title)
        source = bench.groups(f"{on_the_way}/{group.name}")[0]
    tube = bench.tube(vessel, group.name, planned.made, group)
    _pour_into(bench, source, planned.take, tube)
    if planned.diluent:
        _pour_into(bench, diluent, planned.diluent, tube)
    parts = [Part(source.id, planned.take)] + ([Part(diluent.id, planned.diluent)] if planned.diluent else [])
    own = f"{title}, {group.of}" if group.of else title
    step, label = bench.now("series").number, str(holds)
    bench.preparations.append(
        Preparation(tube.id, tube_name(vessel, group), planned.made, tuple(parts), step, "", own, label, container=tube.labware)
    )
    name = source.name if isinstance(source, Reagent) else tube_name(source.id.removeprefix(bench.prefix).partition("/")[0], source)
    rest = volume(planned.diluent) if planned.diluent else ""
    return [*rows, (tube_name(vessel, group), label, f"{volume(planned.take)} {name}", rest, volume(planned.made))]


def strokes(bench: Bench, amounts: Iterable[int]) -> str:
    """Say how an amount is set that takes several strokes of one pipette."""
    said = []
    for amount in dict.fromkeys(amounts):
        done = bench.lab.settle(amount) if amount else None
        if done and done.strokes > 1:
            said.append(f"{volume(amount)} is {done.strokes} × {volume(done.amount // done.strokes)}")
            bench.now("strokes").said.append(said[-1])
    return f"*{'; '.join(said)}.*\n" if said else ""


def _pour_into(bench: Bench, source: Reagent | Group, amount: int, tube: Group) -> list[Operation]:
    return bench.pour("add" if isinstance(source, Reagent) else "transfer", source, [(tube, amount)])


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
) -> Said:
    """Make up *reagent* to the concentration *to* with fresh diluent, in the tube *into*: *volume*, or enough for *add* a place of *for_*."""
    bench.now("dilute")
    source = bench.reagent(reagent, compound)
    want, component, stock = bench.component(source, to)
    if not want.value:
        raise ProtocolError(f"nothing is diluted to {want}", "ask for more than that")
    if not into.strip("/ "):
        raise ProtocolError(f"into={into!r} names no tube", "write it like 'tube/a'")
    if stock < want.value:
        raise ProtocolError(f"{source.id!r} is {show(stock, want.kind)}: it cannot be diluted to {want}", "use a stronger stock", answer=True)
    if volume is not None:
        enough = read(parse(volume) if isinstance(volume, str) else volume, "volume").value
    elif add is not None and for_:
        groups = [group for where in for_ for group in bench.groups(where, compound)]
        each = bench.each(add, groups)
        enough = Fraction(bench.lab.spare(sum(g.size for g in groups) * each, "tube", each=each).amount)
    else:
        raise ProtocolError("dilute(...) does not say how much", 'give volume="1 mL", or add=... and for_=[...]')
    vessel, _, name = into.partition("/")
    like = Group(f"x/{name or vessel}", 1, 0, "", family=name or vessel)
    diluent = bench.reagent(with_, compound)
    planned = plan(bench, enough, stock / want.value)
    rows = filled(bench, source, diluent, planned, vessel, like, want, f"dilutions in {diluent.name}")
    bench.claim(bench.groups(f"{vessel}/{name or vessel}"), component, want.kind, want.value)
    text = table(("tube", "strength", "take", short_name(diluent), "makes"), rows, "lrlrr")
    return bench.say("dilute", [], text=f"\n\n{text}\n\n{strokes(bench, [planned.diluent, planned.take])}")


def mix(bench: Bench, name: str, parts: dict[str, object], *, add: object, to: object, compound: str = "") -> Said:
    """Make a master mix *name* of *parts* (reagent to volume a place), enough for every place of *to*, each to get *add* of it."""
    groups = bench.groups(to, compound)
    step, count = bench.now("mix"), sum(group.size for group in groups)
    if not isinstance(parts, dict) or not parts:
        raise ProtocolError("a mix has parts", 'write mix("name", {"buffer": "2 uL/well", "water": "8 uL/well"}, ...)')
    place = bench.place_of(groups)
    amounts = {}
    for part, amount in parts.items():
        quantity = read(parse(amount) if isinstance(amount, str) else amount, "volume")
        if quantity.per.rstrip("s") != place:
            raise ProtocolError(
                f"'{show(quantity.value, 'volume')}' of {part!r} is not per {place}", f"write '{show(quantity.value, 'volume')}/{place}'"
            )
        amounts[part] = quantity.value
    each = bench.each(add, groups)
    if each != sum(amounts.values()):
        raise ProtocolError(
            f"the parts of {name!r} come to {show(Fraction(sum(amounts.values())), 'volume')} a {place}, and {volume(each)} are given",
            "let them be the same",
        )
    spare = bench.lab.spare(each * count, "tube", each=each)
    factor = Fraction(spare.amount, each)
    planned = [(bench.reagent(part, compound), bench.settle(amount * factor)) for part, amount in amounts.items()]
    made = sum(amount for _, amount in planned)
    tube = bench.tube(name, name, made)
    for source, amount in planned:
        _pour_into(bench, source, amount, tube)
    bench.preparations.append(
        Preparation(tube.id, name, made, tuple(Part(s.id, a) for s, a in planned), step.number, "", name, "", spare.rule, container=tube.labware)
    )
    rows = [(source.name, show(amounts[part], "volume"), volume(amount)) for part, (source, amount) in zip(amounts, planned, strict=True)]
    rows.append(("total", volume(each), volume(made)))
    return bench.say("mix", [], text=f"\n\n{table(('part', f'a {place}', 'for all'), rows, 'lrr', strong='total')}\n")


def short_name(reagent: Reagent) -> str:
    """Return a reagent's name without what follows its comma."""
    return reagent.name.split(",")[0]


def tube_name(vessel: str, group: Group) -> str:
    """Return how a tube is called on the sheet: ``working dose 3``; of which compound, its table says."""
    number = f" {group.number}" if group.number else ""
    return f"{vessel} {group.family or group.name}{number}"
