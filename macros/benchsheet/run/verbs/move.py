"""The verbs that move liquid: add, fill, top_up, bring, transfer, remove, wash, dry."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from ...arithmetic import dilution
from ...errors import EmptyPlaceError, ProtocolError
from ...units import as_quantity, format_amount
from ...units.base_units import NanoLitres
from ..bench import Bench
from ..events import Operation
from ..ledger import Exact, WellGroup, shortage_error
from ..verb_result import VerbResult
from .pairing import find_by_numbers, has_namesake, pair_namesakes, reject_other_name

MAX_WASHES = 20


def add(bench: Bench, reagent: str, amount: object, *, to: object, compound: str = "") -> VerbResult:
    """Add *amount* (a volume a place) of *reagent* to every group of *to*."""
    source, groups = bench.find_reagent(reagent, compound), bench.find_groups(to, compound)
    volume_each = bench.volume_each(amount, groups, source.name)
    return bench.add_result("add", bench.pour("add", source, [(group, volume_each) for group in groups]), source.name)


def fill(bench: Bench, reagent: str, *, to: object, compound: str = "") -> VerbResult:
    """Fill every tank of *to* with as much *reagent* as the lab profile says for what stands in it."""
    source, groups = bench.find_reagent(reagent, compound), bench.find_groups(to, compound)
    for group in groups:
        if not group.fill_volume:
            raise ProtocolError(f"the lab does not say how much a {group.labware} takes", 'use add("...", "10 mL/...", to=...)')
    moves = [(group, bench.set_as_asked(group.fill_volume, into=(source.name, [group]))) for group in groups]
    return bench.add_result("fill", bench.pour("add", source, moves), source.name)


def top_up(bench: Bench, reagent: str, *, to: object, in_: object, compound: str = "") -> VerbResult:
    """Give each group of *in_* that holds less than *to* (a volume a place) what it lacks of *reagent*, so that all hold as much."""
    source, groups = bench.find_reagent(reagent, compound), bench.find_groups(in_, compound)
    full_volume = bench.volume_each(to, groups)
    lacking = [(group, max(full_volume - group.volume, bench.lab.least)) for group in groups if group.volume < full_volume]
    moves = [(group, bench.set_volume(amount, up=True, into=(source.name, [group]))) for group, amount in lacking]
    for group, amount in moves:
        bench.compare_with_asked(group.volume + amount, full_volume, f"in {group.id}", full_volume - group.volume)
    if not moves:
        return bench.add_result("top_up", [], text="nothing")
    return bench.add_result("top_up", bench.pour("add", source, moves), source.name)


def bring(bench: Bench, reagent: str, *, to: object, in_: object, compound: str = "") -> VerbResult:
    """Add as much *reagent* as brings what each group of *in_* already holds to the concentration *to*."""
    source, groups = bench.find_reagent(reagent, compound), bench.find_groups(in_, compound)
    want, component, stock = source.match_component(to)
    if stock <= want.value:
        raise ProtocolError(f"{source.id!r} is {format_amount(stock, want.kind)}: nothing can be brought to {want} with it", "use a stronger stock")
    for group in groups:
        if not group.volume:
            raise EmptyPlaceError(group.id, f"{group.id} is empty: there is nothing to bring to {want}", "use add(...)")
        if component in group.contents and group.strength(component) >= want.value:
            raise ProtocolError(
                f"{group.id} holds {format_amount(group.strength(component), want.kind)} {component} already: adding more cannot bring it to {want}",
                "leave it out, or ask for more than it holds",
                from_values=True,
            )
    needs: dict[tuple[NanoLitres, Exact], NanoLitres] = {}
    moves = []
    for group in groups:
        state = group.volume, group.contents.get(component, 0)
        if state not in needs:
            exact = dilution.volume_to_add(stock, want.value, group.strength(component), group.volume)
            needs[state] = bench.set_volume(exact, into=(source.name, [group]))
        moves.append((group, needs[state]))
    result = bench.add_result("bring", bench.pour("bring", source, moves), source.name)
    bench.claim(groups, component, want.kind, want.value)
    return result


def transfer(
    bench: Bench, amount: object, *, from_: object, to: object, first: int = 0, every: int = 1, pool: bool = False, compound: str = ""
) -> VerbResult:
    """Move *amount* a place from each group of *from_* to its namesake in *to*, from one to all, or from all into one.

    Where both sides have names, the namesake is who has the same name; numbers decide where one side has none. What would give one
    name the place of another one is refused.

    With *first* the groups of *from_* go, in their order, to the place of *to* with that number, and on in steps of *every*: into a
    row of other names. With *pool* the places of a group share alike: two dishes of a sample give half each to its one tube, or fill
    four tubes.
    """
    sources, groups = bench.find_groups(from_, compound), bench.find_groups(to, compound)
    volume_each = bench.volume_each(amount, groups, sources[0].id.partition("/")[0])
    if first:
        groups = find_by_numbers(groups, range(first, first + every * len(sources), every), to)
        pairs = list(zip(sources, groups, strict=True))
    elif len(groups) == 1 < len(sources) and not has_namesake(sources, groups[0]):
        pairs = [(source, groups[0]) for source in sources]  # from all into one
    elif len(sources) == 1:
        pairs = [(sources[0], group) for group in groups]
    else:
        pairs = pair_namesakes(sources, groups, from_)
    if first or len(sources) == len(groups) == 1:
        for source, group in pairs:
            reject_other_name(bench, source, group)
    shares = max(source.size // group.size for source, group in pairs) if pool else 1
    if shares > 1:  # what a pipette is set to is the share of one place
        volume_each = NanoLitres(bench.set_as_asked(as_quantity(amount, "volume").value / shares) * shares)
    for source, group in pairs:
        if source.size > 1 and not source.volume:
            raise shortage_error(source.id, Fraction(0), Fraction(volume_each))
        drawn_volume = Fraction(volume_each * group.size, source.size) if pool else volume_each
        if source.size > 1 and drawn_volume > source.volume:
            volume_text, amount_text = format_amount(source.volume, "volume"), format_amount(drawn_volume, "volume")
            raise ProtocolError(
                f"{source.id} holds {volume_text} in each place, and {amount_text} are asked of it",
                "put more in first, or take less",
                from_values=True,
            )
        if source.size not in (1, group.size) and (not pool or source.size % group.size and group.size % source.size):
            raise ProtocolError(
                f"{source.id} is {source.size} places and {group.id} is {group.size}: who gives to whom is not clear",
                "transfer between groups of one size, or from a tube; pool=True where one size is a multiple of the other and all give alike",
            )
    operations: list[Operation] = []
    for source in {id(source): source for source, _ in pairs}.values():
        operations += bench.pour("transfer", source, [(group, volume_each) for its, group in pairs if its is source])
    for group in groups:
        if group.id in bench.journal.targets:
            bench.journal.due_claims[group.id] = bench.location
    result = bench.add_result("transfer", operations)
    result.note = _describe_shares(pairs, volume_each, pool=pool)
    return result


def _describe_shares(pairs: list[tuple[WellGroup, WellGroup]], volume_each: NanoLitres, *, pool: bool) -> str:
    """Say what each of several places gives to one: ``450 µL from each of 2``; nothing where one gives to each.

    Where all give into one, each as much as is printed before: ``from each of 3, 300 µL in all``.
    """
    is_one = len(pairs) > len({group.id for _, group in pairs})  # all into one
    if not is_one and not pool:
        return ""
    givers: dict[Fraction, int] = {}
    for source, group in pairs:
        count = max(1, source.size // group.size) if pool else 1
        share = Fraction(volume_each, count)
        givers[share] = count + (givers.get(share, 0) if is_one else 0)
    if is_one and givers.keys() == {volume_each}:
        return f"from each of {givers[Fraction(volume_each)]}, {format_amount(volume_each * len(pairs), 'volume')} in all"
    return ", ".join(f"{format_amount(share, 'volume')} from each of {count}" for share, count in givers.items() if is_one or count > 1)


def remove(bench: Bench, *, from_: object, to: str = "drain", by: str = "", leave: object = None, compound: str = "") -> VerbResult:
    """Take all liquid off, into the waste stream *to*; ``by="tipping"`` inverts the plate, and so empties all of its wells.

    With *leave* (a volume a place) so much stays, and is like what goes: a gel, under medium that has soaked into it.
    """
    groups = bench.find_groups(from_, compound)
    if by and leave is not None:
        raise ProtocolError("a plate that is inverted leaves nothing", 'leave out by="tipping", or leave=...')
    kept = 0 if leave is None else bench.volume_each(leave, groups, stays=True)
    operations = bench.remove_all(_groups_to_empty(bench, groups, by), str(to), leave=kept)
    emptied = {place.partition("/")[0] for operation in operations for place in operation.to}
    for group in groups:
        if group.id.partition("/")[0] not in emptied:
            place = group.id if operations else repr(from_)
            raise EmptyPlaceError(group.id, f"{place} is empty: there is nothing to remove", "leave it out")
    volumes_each = {operation.volume_each for operation in operations}
    return bench.add_result(
        "remove", operations, "", f"**{format_amount(Fraction(volumes_each.pop()), 'volume')}**" if len(volumes_each) == 1 else "all liquid"
    )


def wash(
    bench: Bench,
    reagent: str,
    amount: object,
    *,
    of: object,
    times: int = 1,
    to: str = "drain",
    by: str = "",
    leave: object = None,
    compound: str = "",
) -> VerbResult:
    """Empty the places, then fill and empty them *times* times with *amount* of *reagent*; what stays is not washed off.

    With *leave* (a volume a place) so much stays each time, and is mixed with what comes: beads, and the liquid on them.
    """
    source, groups = bench.find_reagent(reagent, compound), bench.find_groups(of, compound)
    if not isinstance(times, int) or not 1 <= times <= MAX_WASHES:
        raise ProtocolError(f"{times!r} is not a number of washes", f"1 to {MAX_WASHES}")
    volume_each = bench.volume_each(amount, groups, source.name)
    for group in groups:
        if volume_each > group.capacity:
            volume_text, capacity_text = format_amount(volume_each, "volume"), format_amount(group.capacity, "volume")
            raise ProtocolError(
                f"{group.id} would hold {volume_text}, more than the {capacity_text} that a {group.labware} holds to the brim",
                "wash with less",
                from_values=True,
            )
    if by and leave is not None:
        raise ProtocolError("a plate that is inverted leaves nothing", 'leave out by="tipping", or leave=...')
    kept = 0 if leave is None else bench.volume_each(leave, groups, stays=True)
    short = next((group for group in groups if group.volume < kept), None)
    if short:
        raise ProtocolError(f"{short.id} holds less than the {format_amount(kept, 'volume')} that it is left with", "leave no more than there is")
    removals = bench.remove_all(_groups_to_empty(bench, groups, by), str(to), leave=kept)
    operations = bench.pour("wash", source, [(group, volume_each) for group in groups], times=times, stream=str(to), leave=kept)
    result = bench.add_result("wash", operations, source.name)
    if removals:
        result.note = f"with {_describe_removal(bench, removals)} taken off first"
    return result


def _describe_removal(bench: Bench, operations: list[Operation]) -> str:
    """Say how much is taken off; of several amounts also of what."""
    amounts = [f"**{format_amount(operation.volume_each, 'volume')}**" for operation in operations]
    if len(amounts) == 1:
        return amounts[0]
    vessels = [" and ".join(dict.fromkeys(bench.scope.own_name(place.partition("/")[0]) for place in operation.to)) for operation in operations]
    if len(set(vessels)) == len(vessels):
        amounts = [f"{amount} ({vessel})" for amount, vessel in zip(amounts, vessels, strict=True)]
    return f"{', '.join(amounts[:-1])} and {amounts[-1]}"


def dry(bench: Bench, *, of: object, compound: str = "") -> VerbResult:
    """Let what liquid is left evaporate; all that was dissolved in it stays."""
    groups = bench.find_groups(of, compound)
    step = bench.current_step("dry")
    operations = [Operation(op="dry", to=(g.id,), volume_each=g.volume, count=g.size, location=bench.location) for g in groups if g.volume]
    step.operations += operations
    for group in groups:
        group.dry()
    return bench.add_result("dry", operations, "", "dry")


def _groups_to_empty(bench: Bench, groups: list[WellGroup], by: str) -> Iterable[WellGroup]:
    """Return who is emptied: these groups, or every well of their plates where the plate is inverted."""
    if by not in ("", "tipping"):
        raise ProtocolError(f"'by={by}' is not a way to empty a well", 'leave it out, or write by="tipping"')
    if not by:
        return groups
    vessels = dict.fromkeys(group.id.partition("/")[0] for group in groups)
    return [group for vessel in vessels for group in bench.ledger.vessels[vessel].groups.values()]
