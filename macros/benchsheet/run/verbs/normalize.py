"""The words for what is measured at the bench: enter what an assay found, and bring samples to one mass in one volume.

What is not measured yet is a blank with its formula. Raises ProtocolError for a sample too dilute to give the mass in the volume that there is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from ..._dataclass import replace
from ...arithmetic import dilution
from ...arithmetic.exact import differs_by
from ...errors import ProtocolError
from ...lab import Lab, round_up_two_figures
from ...units import CONCENTRATIONS, Quantity, as_quantity, format_amount, parse_quantity
from ...units.base_units import NanoLitres
from ..bench import Bench
from ..events import Operation, Part
from ..label_strength import larger_volumes
from ..ledger import WellGroup, portion
from ..value_owners import sort_by_place
from ..verb_result import VerbResult, format_volume, markdown_table
from .dilute import make_tube, short_name, tube_name

BLANK_FIELD = "____"


def measured(bench: Bench, component: str, values: Sequence[Quantity | None] | None, *, in_: object) -> VerbResult:
    """Enter how strong *component* was found to be in each group of *in_*; None leaves a blank to write into.

    Values that are told for a list of names go to the groups of those names; all others go by number.
    """
    groups, step = bench.find_groups(in_), bench.current_step("measured")
    bench.journal.measured_components |= {(group.id, component): None for group in groups}
    if values and len(values) != len(groups):
        raise ProtocolError(f"{len(values)} values for {len(groups)} places", "give one for each, in their order", from_values=True)
    results = sort_by_place(bench.inputs, values, groups) if values else [None] * len(groups)
    rows = []
    for group, value in zip(groups, results, strict=True):
        text = BLANK_FIELD
        if value is not None:
            strength = as_quantity(value, *CONCENTRATIONS)
            text = format_amount(strength.value, strength.kind)
            exact = parse_quantity(text.replace("\u202f", "")).value  # what is printed is what counts
            group.contents[component] = portion(exact, group.volume)
            measurement = (component, strength.kind, exact)
            operation = Operation(
                op="measure", to=(group.id,), volume_each=NanoLitres(0), count=group.size, location=bench.location, measurement=measurement
            )
            step.operations.append(operation)
        rows.append((f"{group.number or 1}", group.role, text))
    return bench.add_result("measured", [], text=f"\n\n{markdown_table(('no.', 'sample', component), rows, 'rlr')}\n")


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
    component: str = "",
) -> VerbResult:
    """Bring each sample of the tubes *of* to *mass* of *component* in *per* (a volume a lane), enough for *lanes* lanes and *also* so much more.

    The *component* is what was measured in them, and has to be named where several were.

    The tube *into*/<sample> is one part in *strength* of *with_* (4 for a 4x buffer), the sample's own share, and *fill*. Without
    *with_* it is the sample's share and *fill* alone, exactly so much: what is precious is made without overage.
    """
    bench.current_step("level")
    sources = bench.find_groups(of)
    component = _measured_component(bench, sources, component)
    want, volume_each = as_quantity(mass, "mass"), as_quantity(per, "volume").value
    if with_ and strength < 2:
        raise ProtocolError(f"strength={strength!r} is not a whole number above 1", "write strength=4 for a 4x buffer")
    if lanes < 1:
        raise ProtocolError(f"lanes={lanes!r} is not a whole number above 0", "write lanes=2")
    enough = volume_each * lanes + (as_quantity(also, "volume").value if also is not None else 0)
    target = Fraction(want.value * 1000 / volume_each)  # ng in nL, as µg/mL
    if with_:
        strengths = [source.strength(component) for source in sources]
        tube_volume = _volume_with_spare(bench.lab, enough, strength, [target / found for found in strengths if found])
    else:
        tube_volume = bench.set_volume(enough)
    buffer, filler = bench.find_reagent(with_) if with_ else None, bench.find_reagent(fill)
    buffer_volume = bench.set_as_asked(Fraction(tube_volume, strength), f"of {with_!r}") if with_ else 0
    sample_room = tube_volume - buffer_volume
    rows, weak_sources = [], []
    for source in sources:
        source_strength = source.strength(component)
        if source_strength and source_strength * sample_room < target * tube_volume:
            weak_sources.append((source, source_strength))
            continue
        parts = (
            [(filler, sample_room)]
            if not source_strength
            else _tube_parts(
                bench, source, filler, dilution.stock_volume(source_strength, target, tube_volume), sample_room, with_overage=buffer is not None
            )
        )
        moves = [*parts, *([(buffer, buffer_volume)] if buffer else [])]
        label = f"{format_amount(want.value, 'mass')} in {format_amount(volume_each, 'volume')}"
        tube = make_tube(bench, into, source, moves, "samples for the gel" if buffer else "samples brought down", label)
        tube.role, tube.named = source.role, source.named
        if not source_strength:  # what the sample takes is not known yet: the filler is what is left up to that volume
            made, mass_text = bench.journal.preparations[-1], format_amount(target * tube_volume / 1000, "mass")
            open_parts = (
                Part(source=source.id, amount=None, formula=f"{mass_text} ÷ {component}"),
                replace(made.parts[0], fill_to_mark=True),
            )
            bench.journal.preparations[-1] = replace(made, parts=(*open_parts, *made.parts[1:]))
        if source_strength:
            bench.claim([tube], component, "mass concentration", target)
        sample_text = format_volume(moves[0][1]) if source_strength else BLANK_FIELD
        filler_text = (format_volume(parts[1][1]) if len(parts) > 1 else "") if source_strength else f"to {format_volume(sample_room)}"
        name_cells = () if all(one.role == one.name for one in sources) else (source.role,)
        rows.append(
            (
                tube_name(into, tube),
                *name_cells,
                label,
                sample_text,
                filler_text,
                *([format_volume(buffer_volume)] if buffer else []),
                format_volume(tube.volume),
            )
        )
    if weak_sources:
        raise _too_dilute_error(weak_sources, want, volume_each, Fraction(sample_room, tube_volume), component)
    lysate = sources[0].id.partition("/")[0]
    name_cells = () if all(one.role == one.name for one in sources) else ("sample",)
    head = ("tube", *name_cells, "holds", lysate, short_name(filler), *([short_name(buffer)] if buffer else []), "makes")
    open_ = any(not source.strength(component) for source in sources)
    formula = f"\n\n*{lysate}: {BLANK_FIELD} = {format_amount(target * tube_volume / 1000, 'mass')} ÷ {component}*" if open_ else ""
    align = "l" * (2 + len(name_cells)) + "r" * (len(head) - 2 - len(name_cells))
    return bench.add_result("level", [], text=f"{formula}\n\n{markdown_table(head, rows, align)}\n")


def _measured_component(bench: Bench, sources: Sequence[WellGroup], component: str) -> str:
    """Return what was measured in *sources*, or the *component* named; refuse one that is not known there, and a choice among several."""
    measured_here = list(dict.fromkeys(name for group in sources for place, name in bench.journal.measured_components if place == group.id))
    where = bench.scope.own_name(sources[0].id.partition("/")[0])
    if not component and len(measured_here) == 1:
        component = measured_here[0]
    if not component:
        several = f"{' and '.join(measured_here)} were measured in {where!r}" if measured_here else f"nothing was measured in {where!r}"
        name = measured_here[0] if measured_here else "protein"
        way = f'say which: level(..., component="{name}")' if measured_here else f'write measured("{name}", ..., in_="{where}") before it'
        raise ProtocolError(several, way)
    unknown = [group for group in sources if (group.id, component) not in bench.journal.measured_components and component not in group.contents]
    if unknown:
        raise ProtocolError(
            f"nobody knows how much {component} is in {bench.scope.own_name(unknown[0].id)}",
            f"measured there: {', '.join(measured_here)}" if measured_here else f'write measured("{component}", ..., in_="{where}") before it',
        )
    return component


def _volume_with_spare(lab: Lab, enough: Fraction, strength: int, shares: Sequence[Fraction]) -> NanoLitres:
    """Return how much of each tube to make, so that *enough* and the lab's overage are there and each holds its mass once its parts are set.

    *shares* are the parts of a tube that samples take. Where three times as much would not do either, it is what the overage asks for.
    """
    least = enough * (100 + lab.overage.percent) / 100
    whole = round_up_two_figures(lab.with_overage(math.ceil(enough), "tube").amount)
    for volume in (whole, *larger_volumes(whole)):
        try:
            buffer_volume = lab.set_volume(Fraction(volume, strength)).amount
            room = volume - buffer_volume
            tubes = []
            for share in shares:
                if share * volume <= room:  # what is too dilute is told by itself
                    sample = lab.set_volume(share * volume).amount
                    filler = lab.set_volume(room - sample).amount if room - sample >= lab.least else 0
                    tubes.append((sample, sample + filler + buffer_volume, share))
        except ProtocolError:
            continue
        if all(total >= least and not differs_by(Fraction(sample, total), share, lab.tolerance) for sample, total, share in tubes):
            return NanoLitres(volume)
    return whole


def _tube_parts(bench: Bench, source: WellGroup, filler: object, take: Fraction, room: int, *, with_overage: bool) -> list[tuple[object, int]]:
    """Return the sample's share and what fills up to *room*; without a *with_overage* never less than that: all of it will be asked for."""
    sample_volume = bench.set_volume(take, into=(source.id, []))
    remainder = room - sample_volume
    if remainder < bench.lab.least:
        return [(source, sample_volume)]
    return [(source, sample_volume), (filler, bench.set_volume(remainder, up=not with_overage))]


def _too_dilute_error(
    weak_sources: list[tuple[WellGroup, Fraction]], want: Quantity, volume_each: Fraction, sample_share: Fraction, component: str
) -> ProtocolError:
    """Refuse what does not fit into a lane or tube, with the most that the thinnest sample can give."""
    source, strength = min(weak_sources, key=lambda pair: pair[1])
    max_mass = Fraction(strength * volume_each * sample_share / 1000)
    floor = Fraction(max_mass // 100) * 100
    names = ", ".join(group.role for group, _ in weak_sources[:6]) + (" ..." if len(weak_sources) > 6 else "")
    error = ProtocolError(
        f"{names}: {format_amount(want.value, 'mass')} do not fit into {format_amount(volume_each, 'volume')} at "
        f"{format_amount(strength, 'mass concentration')}" + (f" ({source.role})" if len(weak_sources) > 1 else ""),
        f"load {format_amount(floor, 'mass')} at most, or more than {format_amount(volume_each, 'volume')} a lane where "
        f"its well holds that, or lyse in less"
        if component == "protein"
        else f"ask for {format_amount(floor, 'mass')} at most, or for more than {format_amount(volume_each, 'volume')}, or take a stronger sample",
        from_values=True,
    )
    if want.origin:
        error.parameters = (want.origin,)
    return error
