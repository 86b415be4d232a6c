"""The words for what is measured at the bench: enter what an assay found, and bring samples to one mass in one volume.

What is not measured yet is a blank with its formula. Refuses a sample too thin to give the mass in the room that it has.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from ...arithmetic import dilution
from ...errors import ProtocolError
from ...lab import two_figures_up
from ...units import CONCENTRATIONS, Quantity, parse, read, show
from ..bench import Bench
from ..events import Operation, Part, Preparation
from ..ledger import Group, portion
from ..verb_result import Said, table, volume
from .dilute import short_name, tube_name

BLANK = "____"


def measured(bench: Bench, component: str, values: Sequence[Quantity | None] | None, *, in_: object) -> Said:
    """Enter how strong *component* was found to be in each group of *in_*, in their order; None leaves a blank to write into."""
    groups, step = bench.groups(in_), bench.now("measured")
    found = list(values) if values else [None] * len(groups)
    if len(found) != len(groups):
        raise ProtocolError(f"{len(found)} values for {len(groups)} places", "give one for each, in their order", answer=True)
    rows = []
    for group, value in zip(groups, found, strict=True):
        text = BLANK
        if value is not None:
            strength = read(value, *CONCENTRATIONS)
            text = show(strength.value, strength.kind)
            exact = parse(text.replace("\u202f", "")).value  # what is printed is what counts
            group.holds[component] = portion(exact, group.volume)
            said = (component, strength.kind, exact)
            operation = Operation("measure", (group.id,), 0, group.size, file=bench.place[0], line=bench.place[1], found=said)
            step.operations.append(operation)
        rows.append((f"{group.number or 1}", group.role, text))
    return bench.say("measured", [], text=f"\n\n{table(('no.', 'sample', component), rows, 'rlr')}\n")


def level(
    bench: Bench,
    mass: object,
    *,
    of: object,
    per: object,
    fill: str,
    into: str,
    lanes: int = 1,
    also: object = None,
    with_: str = "",
    strength: int = 0,
    component: str = "protein",
) -> Said:
    """Bring each sample of the tubes *of* to *mass* of *component* in *per* (a volume a lane), enough for *lanes* lanes and *also* so much more.

    The tube *into*/<sample> is one part in *strength* of *with_* (4 for a 4x buffer), the sample's own share, and *fill*. Without
    *with_* it is the sample's share and *fill* alone, exactly so much: what is precious is not made with a spare.
    """
    step, sources = bench.now("level"), bench.groups(of)
    want, each = read(mass, "mass"), read(per, "volume").value
    if with_ and strength < 2:
        raise ProtocolError(f"strength={strength!r} is not a whole number above 1", "write strength=4 for a 4x buffer")
    if lanes < 1:
        raise ProtocolError(f"lanes={lanes!r} is not a whole number above 0", "write lanes=2")
    enough = each * lanes + (read(also, "volume").value if also is not None else 0)
    whole = two_figures_up(bench.lab.spare(math.ceil(enough), "tube").amount) if with_ else bench.settle(enough)
    buffer, filler = bench.reagent(with_) if with_ else None, bench.reagent(fill)
    share = bench.settle(Fraction(whole, strength)) if with_ else 0
    room = whole - share
    target = Fraction(want.value * 1000 / each)  # ng in nL, as µg/mL
    rows, weak = [], []
    for source in sources:
        held = source.strength(component)
        if held and held * room < target * whole:
            weak.append((source, held))
            continue
        parts = [(filler, room)] if not held else _parts(bench, source, filler, dilution.part(held, target, whole), room, spare=buffer is not None)
        made = [*parts, *([(buffer, share)] if buffer else [])]
        total = sum(amount for _, amount in made)
        tube = bench.tube(into, source.name, total, source)
        tube.role = source.role
        for what, amount in made:
            bench.pour("transfer" if isinstance(what, Group) else "add", what, [(tube, amount)])
        label = f"{show(want.value, 'mass')} in {show(each, 'volume')}"
        bench.preparations.append(
            Preparation(
                tube.id,
                tube_name(into, tube),
                total,
                tuple(Part(what.id, amount) for what, amount in made),
                step.number,
                "",
                "samples for the gel" if buffer else "samples brought down",
                label,
                container=tube.labware,
            )
        )
        if held:
            bench.claim([tube], component, "mass concentration", target)
        own = volume(made[0][1]) if held else BLANK
        rest = (volume(parts[1][1]) if len(parts) > 1 else "") if held else f"to {volume(room)}"
        named = () if all(one.role == one.name for one in sources) else (source.role,)
        rows.append((tube_name(into, tube), *named, label, own, rest, *([volume(share)] if buffer else []), volume(total)))
    if weak:
        raise _too_thin(weak, want, each, Fraction(room, whole))
    lysate = sources[0].id.partition("/")[0]
    named = () if all(one.role == one.name for one in sources) else ("sample",)
    head = ("tube", *named, "holds", lysate, short_name(filler), *([short_name(buffer)] if buffer else []), "makes")
    open_ = any(not source.strength(component) for source in sources)
    formula = f"\n\n*{lysate}: {BLANK} = {show(target * whole / 1000, 'mass')} ÷ {component}*" if open_ else ""
    align = "l" * (2 + len(named)) + "r" * (len(head) - 2 - len(named))
    return bench.say("level", [], text=f"{formula}\n\n{table(head, rows, align)}\n")


def _parts(bench: Bench, source: Group, filler: object, take: Fraction, room: int, *, spare: bool) -> list[tuple[object, int]]:
    """Return the sample's share and what fills up to *room*; without a *spare* never less than that: all of it will be asked for."""
    own = bench.settle(take)
    rest = room - own
    if rest < bench.lab.least:
        return [(source, own)]
    done = bench.lab.settle(rest)
    if done.amount < rest and not spare:
        rest = done.amount + done.device.step * done.strokes
    return [(source, own), (filler, bench.settle(rest))]


def _too_thin(weak: list[tuple[Group, Fraction]], want: Quantity, each: Fraction, room: Fraction) -> ProtocolError:
    """Refuse what does not fit into a lane, with the most that the thinnest sample can give."""
    source, held = min(weak, key=lambda pair: pair[1])
    most = Fraction(held * each * room / 1000)
    floor = Fraction(most // 100) * 100
    names = ", ".join(group.role for group, _ in weak[:6]) + (" ..." if len(weak) > 6 else "")
    error = ProtocolError(
        f"{names}: {show(want.value, 'mass')} do not fit into {show(each, 'volume')} at {show(held, 'mass concentration')}"
        + (f" ({source.role})" if len(weak) > 1 else ""),
        f"load {show(floor, 'mass')} at most, or more than {show(each, 'volume')} a lane where its well holds that, or lyse in less",
        answer=True,
    )
    if want.origin:
        error.parameters = (want.origin,)
    return error
