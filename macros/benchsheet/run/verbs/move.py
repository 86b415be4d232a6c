"""The verbs that move liquid: add, fill, top_up, bring, transfer, remove, wash, dry."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from ...arithmetic import dilution
from ...errors import Nothing, ProtocolError, near
from ...units import read, show
from ..bench import Bench
from ..events import Operation
from ..ledger import Group, short
from ..verb_result import Said

TIMES = 20
STEP = 50  # nL: half a step of a pipette for hundreds of microlitres


def add(bench: Bench, reagent: str, amount: object, *, to: object, compound: str = "") -> Said:
    """Add *amount* (a volume a place) of *reagent* to every group of *to*."""
    source, groups = bench.reagent(reagent, compound), bench.groups(to, compound)
    each = bench.each(amount, groups)
    return bench.say("add", bench.pour("add", source, [(group, each) for group in groups]), source.name)


def fill(bench: Bench, reagent: str, *, to: object, compound: str = "") -> Said:
    """Fill every tank of *to* with as much *reagent* as the lab profile says for what stands in it."""
    source, groups = bench.reagent(reagent, compound), bench.groups(to, compound)
    for group in groups:
        if not group.meant:
            raise ProtocolError(f"the lab does not say how much a {group.labware} takes", 'use add("...", "10 mL/...", to=...)')
    return bench.say("fill", bench.pour("add", source, [(group, bench.settle(group.meant)) for group in groups]), source.name)


def top_up(bench: Bench, reagent: str, *, to: object, in_: object, compound: str = "") -> Said:
    """Give each group of *in_* that holds less than *to* (a volume a place) what it lacks of *reagent*, so that all hold as much."""
    source, groups = bench.reagent(reagent, compound), bench.groups(in_, compound)
    full = bench.each(to, groups)
    moves = []
    for group in groups:
        if group.volume < full:
            amount = bench.settle(max(full - group.volume, bench.lab.least))
            while group.volume + amount < full:  # a pipette's step short: the next one that it can be set to
                amount = bench.settle(amount + STEP)
            moves.append((group, amount))
    if not moves:
        return bench.say("top_up", [], text="nothing")
    return bench.say("top_up", bench.pour("add", source, moves), source.name)


def bring(bench: Bench, reagent: str, *, to: object, in_: object, compound: str = "") -> Said:
    """Add as much *reagent* as brings what each group of *in_* already holds to the concentration *to*."""
    source, groups = bench.reagent(reagent, compound), bench.groups(in_, compound)
    want, component, stock = bench.component(source, to)
    if stock <= want.value:
        raise ProtocolError(f"{source.id!r} is {show(stock, want.kind)}: nothing can be brought to {want} with it", "use a stronger stock")
    for group in groups:
        if not group.volume:
            raise Nothing(group.id, f"{group.id} is empty: there is nothing to bring to {want}", "use add(...)")
        if component in group.holds and group.strength(component) >= want.value:
            raise ProtocolError(
                f"{group.id} holds {show(group.strength(component), want.kind)} {component} already: adding more cannot bring it to {want}",
                "leave it out, or ask for more than it holds",
                answer=True,
            )
    needs: dict[tuple[int, Fraction], int] = {}
    moves = []
    for group in groups:
        held = group.volume, group.strength(component)
        if held not in needs:
            needs[held] = bench.settle(dilution.bring(stock, want.value, held[1], group.volume))
        moves.append((group, needs[held]))
    said = bench.say("bring", bench.pour("bring", source, moves), source.name)
    bench.claim(groups, component, want.kind, want.value)
    return said


def transfer(
    bench: Bench, amount: object, *, from_: object, to: object, first: int = 0, every: int = 1, pool: bool = False, compound: str = ""
) -> Said:
    """Move *amount* a place from each group of *from_* to its namesake in *to*, from one to all, or from all into one.

    With *first* the groups of *from_* go, in their order, to the place of *to* with that number, and on in steps of *every*: into a
    row of other names. With *pool* the places of a group share alike: two dishes of a sample give half each to its one tube, or fill
    four tubes.
    """
    sources, groups = bench.groups(from_, compound), bench.groups(to, compound)
    each = bench.each(amount, groups)
    if first:
        groups = _numbered(groups, range(first, first + every * len(sources), every), to)
        pairs = list(zip(sources, groups, strict=True))
    elif len(groups) == 1 < len(sources) and groups[0].name not in {source.name for source in sources}:
        pairs = [(source, groups[0]) for source in sources]  # from all into one
    else:
        pairs = [(sources[0] if len(sources) == 1 else _namesake(sources, group, from_), group) for group in groups]
    shares = max(source.size // group.size for source, group in pairs) if pool else 1
    if shares > 1:  # what a pipette is set to is the share of one place
        each = bench.settle(read(amount, "volume").value / shares) * shares
    for source, group in pairs:
        if source.size > 1 and not source.volume:
            raise short(source.id, Fraction(0), Fraction(each))
        own = Fraction(each * group.size, source.size) if pool else each
        if source.size > 1 and own > source.volume:
            held, asked = show(source.volume, "volume"), show(own, "volume")
            raise ProtocolError(
                f"{source.id} holds {held} in each place, and {asked} are asked of it", "put more in first, or take less", answer=True
            )
        if source.size not in (1, group.size) and (not pool or source.size % group.size and group.size % source.size):
            raise ProtocolError(
                f"{source.id} is {source.size} places and {group.id} is {group.size}: who gives to whom is not clear",
                "transfer between groups of one size, or from a tube; pool=True where one size is a multiple of the other and all give alike",
            )
    operations: list[Operation] = []
    for source in {id(source): source for source, _ in pairs}.values():
        operations += bench.pour("transfer", source, [(group, each) for its, group in pairs if its is source])
    for group in groups:
        if group.id in bench.targets:
            bench.claim([group], *bench.targets[group.id])
    return bench.say("transfer", operations)


def _numbered(groups: list[Group], numbers: range, to: object) -> list[Group]:
    """Return the groups with these *numbers*; raise ProtocolError for one that is not there."""
    by_number = {group.number: group for group in groups}
    missing = [number for number in numbers if number not in by_number]
    if missing:
        raise ProtocolError(f"{to!r} has no place {missing[0]}", f"its {len(groups)} places are numbered 1 to {max(by_number)}")
    return [by_number[number] for number in numbers]


def _namesake(sources: list[Group], group: Group, from_: object) -> Group:
    for source in sources:
        if (source.family, source.number, source.of) == (group.family, group.number, group.of) or source.name == group.name:
            return source
    where = from_ if isinstance(from_, str) else ", ".join(str(each) for each in from_)  # type: ignore[attr-defined]
    raise ProtocolError(f"{where!r} has nothing for {group.id!r}", near(group.name, [source.name for source in sources], "it has"))


def remove(bench: Bench, *, from_: object, to: str = "drain", by: str = "", compound: str = "") -> Said:
    """Take all liquid off, into the waste stream *to*; ``by="tipping"`` inverts the plate, and so empties all of its wells."""
    groups = bench.groups(from_, compound)
    operations = bench.empty(_tipped(bench, groups, by), str(to))
    if not operations:
        raise Nothing(groups[0].id, f"{from_!r} is empty: there is nothing to remove", "leave it out")
    each = {operation.each for operation in operations}
    return bench.say("remove", operations, "", f"**{show(Fraction(each.pop()), 'volume')}**" if len(each) == 1 else "all liquid")


def wash(bench: Bench, reagent: str, amount: object, *, of: object, times: int = 1, to: str = "drain", by: str = "", compound: str = "") -> Said:
    """Empty the places, then fill and empty them *times* times with *amount* of *reagent*; what stays is not washed off."""
    source, groups = bench.reagent(reagent, compound), bench.groups(of, compound)
    if not isinstance(times, int) or not 1 <= times <= TIMES:
        raise ProtocolError(f"{times!r} is no number of washes", f"1 to {TIMES}")
    each = bench.each(amount, groups)
    for group in groups:
        if each > group.brim:
            full, most = show(each, "volume"), show(group.brim, "volume")
            raise ProtocolError(
                f"{group.id} would hold {full}, more than the {most} that a {group.labware} holds to the brim", "wash with less", answer=True
            )
    emptied = bench.empty(_tipped(bench, groups, by), str(to))
    operations = bench.pour("wash", source, [(group, each) for group in groups], times=times, stream=str(to))
    said = bench.say("wash", operations, source.name)
    if emptied:
        said.text, said.shown = f"{said} (with {_taken_off(bench, emptied)} taken off first)", False
    return said


def _taken_off(bench: Bench, emptied: list[Operation]) -> str:
    """Say how much is taken off; of several amounts also of what."""
    amounts = [f"**{show(operation.each, 'volume')}**" for operation in emptied]
    if len(amounts) == 1:
        return amounts[0]
    vessels = [" and ".join(dict.fromkeys(place.partition("/")[0].removeprefix(bench.prefix) for place in operation.to)) for operation in emptied]
    if len(set(vessels)) == len(vessels):
        amounts = [f"{amount} ({vessel})" for amount, vessel in zip(amounts, vessels, strict=True)]
    return f"{', '.join(amounts[:-1])} and {amounts[-1]}"


def dry(bench: Bench, *, of: object, compound: str = "") -> Said:
    """Let what liquid is left evaporate; all that was dissolved in it stays."""
    groups = bench.groups(of, compound)
    step = bench.now("dry")
    operations = [Operation("dry", (g.id,), g.volume, g.size, file=bench.place[0], line=bench.place[1]) for g in groups if g.volume]
    step.operations += operations
    for group in groups:
        group.dry()
    return bench.say("dry", operations, "", "dry")


def _tipped(bench: Bench, groups: list[Group], by: str) -> Iterable[Group]:
    """Return who is emptied: these groups, or every well of their plates where the plate is inverted."""
    if by not in ("", "tipping"):
        raise ProtocolError(f"'by={by}' is no way to empty a well", 'leave it out, or write by="tipping"')
    if not by:
        return groups
    vessels = dict.fromkeys(group.id.partition("/")[0] for group in groups)
    return [group for vessel in vessels for group in bench.ledger.vessels[vessel].groups.values()]
