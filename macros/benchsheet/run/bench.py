"""The bench of one run: who holds what, what was done so far, and the one way in which liquid moves.

Every movement is settled, recorded and poured here; what cannot be done is refused here, with the place of the verb.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from fractions import Fraction

from .._dataclass import dataclass, field
from ..arithmetic.exact import differs_by
from ..errors import ProtocolError, suggest
from ..lab import Lab
from ..protocol.meetings import reject_meeting
from ..protocol.reader import HAZARDS_TABLE
from ..protocol.substances import Substances, index_substances
from ..units import Quantity, as_quantity, describe_value, format_amount
from ..units.base_units import NanoLitres
from .devices import Device
from .events import Claim, Operation, Promise, RunWarning, Step
from .exposure import Exposures
from .inputs import RunInputs
from .journal import Journal
from .ledger import Exact, Ledger, WellGroup, portion
from .nested.call import NestedCall
from .nested.scope import Scope
from .place_names import reject_lone_replicate
from .racks import VesselLayout
from .reagents import Reagent
from .verb_result import VerbResult, describe_move


@dataclass(frozen=True, kw_only=True)
class VehicleLimit:
    """The vehicle of a run: *component* is equal and at most *limit* over the groups *where*, up to the step whose title is *until*."""

    component: str
    limit: Quantity
    where: str
    until: str = ""


@dataclass(kw_only=True)
class Bench:
    """One run while its template renders."""

    inputs: RunInputs
    lab: Lab
    reagents: dict[str, Reagent]  # by the protocol's own names; on the outermost bench all of the run, by their ids
    ledger: Ledger
    journal: Journal
    scope: Scope
    layouts: dict[str, VesselLayout]  # of the vessels that the protocol sets out itself, by its own names
    equipment: Mapping[str, Device]
    compounds: tuple[str, ...] = ()
    vehicle: VehicleLimit | None = None
    step: Step | None = None
    location: tuple[str, int] = ("", 0)
    pending: list[VerbResult] = field(default_factory=list)
    host: Bench | None = None
    nested_calls: dict[str, NestedCall] = field(default_factory=dict)

    @functools.cached_property
    def substances(self) -> Substances | None:
        """Return the substances that the protocol's table of hazards knows; None where there is no table."""
        tables = self.inputs.protocol.tables
        return index_substances(tables[HAZARDS_TABLE]) if HAZARDS_TABLE in tables else None

    @functools.cached_property
    def exposures(self) -> Exposures | None:
        """Return what is in each reagent; None where there is no table of hazards."""
        return Exposures(self.reagents, self.substances) if self.substances else None

    # --- protocols in one another ---------------------------------------------------------------------------------

    def parts(self) -> list[Bench]:
        """Return this bench and those of the protocols in this one that were done, each before those in it."""
        return [self, *(part for entry in self.nested_calls.values() if entry.is_performed for part in entry.bench.parts())]

    def lineage(self) -> list[Bench]:
        """Return this bench and those of all that this protocol is in, the outermost last."""
        return [self, *(self.host.lineage() if self.host else ())]

    def add_reagent(self, reagent: Reagent) -> None:
        """Put one more reagent on the shelf, here and in all that this protocol is in."""
        for bench in self.lineage():
            bench.reagents[reagent.id] = reagent

    # --- looking up -----------------------------------------------------------------------------------------------

    def current_step(self, verb: str) -> Step:
        """Return the step that is being written; raise ProtocolError outside any."""
        if self.step is None:
            raise ProtocolError(f"{verb}(...) is outside any step", "put it between {% step %} and {% endstep %}")
        return self.step

    def find_reagent(self, name: object, owner: str = "") -> Reagent:
        """Return the reagent *name*, the one *owner* a compound if there are several."""
        if not isinstance(name, str):
            raise ProtocolError(f"expected a reagent's name, got {describe_value(name)}", 'quote it, as in add("water", ...)')
        owners = self.journal.owners
        if owner and owner not in owners:
            raise ProtocolError(f"{owner!r} is not a compound of this run", f"it has {', '.join(owners)}" if owners else "leave compound=... out")
        for key in (f"{name} ({owner})", name) if owner else (name,):
            if key in self.reagents:
                return self.reagents[key]
        families = dict.fromkeys(reagent.family for reagent in self.reagents.values())
        if name in families:
            raise ProtocolError(f"there is a {name!r} for each compound", "say whose: compound=...")
        raise ProtocolError(f"no reagent {name!r} in protocol.yml", suggest(name, families, "reagents"))

    def find_groups(self, where: object, owner: str = "") -> list[WellGroup]:
        """Return the groups that *where* names; raise ProtocolError if it is not a place or an empty one."""
        if not isinstance(where, str) and not (isinstance(where, list | tuple) and all(isinstance(each, str) for each in where)):
            raise ProtocolError(f"expected a place, got {where!r}", "write it like 'culture/read'")
        groups = self.select_groups(where, owner)
        if not groups:
            raise ProtocolError(f"{where!r} names no place", "look at the vessel's groups")
        for each in (where,) if isinstance(where, str) else where:
            reject_lone_replicate(each, self.select_groups(each, owner)[0])
        return groups

    def select_groups(self, where: str | Iterable[str], owner: str = "") -> list[WellGroup]:
        """Return the groups of ``vessel``, ``vessel/group`` or several such, as this protocol calls them."""
        known_ids = self.ledger.vessels
        if isinstance(where, str):
            return self.ledger.find_groups(self.scope.find_place(where, known_ids), owner)
        return self.ledger.find_groups([self.scope.find_place(each, known_ids) for each in where], owner)

    def volume_each(self, amount: object, groups: list[WellGroup], liquid: str = "", *, stays: bool = False) -> NanoLitres:
        """Return the volume a place (nL) of *liquid* that *amount* asks for, settled unless it *stays*; it has to say of which place."""
        quantity = as_quantity(amount, "volume")
        position = self.position_of(groups)
        if quantity.per.rstrip("s") != position:
            volume_text = format_amount(quantity.value, "volume")
            how = f"is per {quantity.per}" if quantity.per else f"is not per {position}"
            amount_text = amount if isinstance(amount, str) else volume_text
            raise ProtocolError(f"{amount_text!r} {how}, and the places are {position}s", f"write '{volume_text}/{position}'")
        return NanoLitres(round(quantity.value)) if stays else self.set_as_asked(quantity.value, into=(liquid, groups))

    def set_as_asked(self, volume: Fraction | int, what: str = "", into: tuple[str, list[WellGroup]] | None = None) -> NanoLitres:
        """Return *volume* (of *what*, in words) as the lab can set it; warn where that is not what the protocol asks for."""
        amount = self.set_volume(volume, into=into)
        if amount != volume:
            self.compare_with_asked(amount, volume, what or (describe_move(*into) if into else ""))
        return amount

    def compare_with_asked(self, amount: Fraction | int, volume: Fraction | int, what: str, lacking: Fraction | int = 0) -> None:
        """Warn where *amount* nL of *what* is further from the *volume* that is asked for than the lab tolerates.

        Where a place is filled up to it, *lacking* nL are to be added.
        """
        if amount != volume and differs_by(Fraction(amount), Fraction(volume), self.lab.tolerance):
            exact = lacking or volume
            instrument, way = self.lab.set_volume(max(exact, self.lab.least)).instrument.name, self.lab.suggest_finer(exact)
            asked, given = (f"{format_amount(each, 'volume')}" for each in (volume, amount))
            self.warn("off-label", f"{given}{f' {what}' if what else ''} and not {asked}: the {instrument} of this lab can be set no closer{way}")

    def position_of(self, groups: Iterable[WellGroup]) -> str:
        """Return what a place of *groups* is called: well, lane, dish or tube."""
        return next((group.position for group in groups), "tube")

    def set_volume(self, volume: Fraction | int, *, up: bool = False, into: tuple[str, list[WellGroup]] | None = None) -> NanoLitres:
        """Return *volume* as the lab can set it, with *up* never less; note a warning where it is below what the lab trusts.

        *into* says which liquid goes to whom.
        """
        exact = volume.numerator if volume.denominator == 1 else volume
        try:
            setting = self.lab.settle_up(exact) if up else self.lab.set_volume(exact)
        except ProtocolError as error:
            what = describe_move(*into).removeprefix("of ") if into else ""
            error.message = f"{what}: {error.message}" if what else error.message
            raise
        if setting.amount != exact:
            self.journal.settings[exact] = setting
        if setting.instrument.name not in self.journal.instruments:
            self.journal.instruments[setting.instrument.name] = f"in steps of {format_amount(Fraction(setting.instrument.step), 'volume')}"
        if setting.amount < self.lab.trust:
            amount_text, trust_text = (format_amount(Fraction(amount), "volume") for amount in (setting.amount, self.lab.trust))
            self.warn(
                "small-volume",
                f"{amount_text}{f' {describe_move(*into)}' if into else ''} is below the {trust_text} that this lab trusts: "
                "pre-wet the tip, touch it to the liquid, check by weight",
            )
        return NanoLitres(setting.amount)

    # --- moving ---------------------------------------------------------------------------------------------------

    def pour(
        self, op: str, source: Reagent | WellGroup, moves: list[tuple[WellGroup, NanoLitres]], *, times: int = 1, stream: str = "", leave: int = 0
    ) -> list[Operation]:
        """Move *moves* from a reagent or a tube; one operation for all groups that receive the same."""
        step = self.current_step(op)
        operations = []
        alike: dict[NanoLitres, list[WellGroup]] = {}
        for group, volume_each in moves:
            alike.setdefault(volume_each, []).append(group)
        reagent, tube = (source.id, "") if isinstance(source, Reagent) else ("", source.id)
        for volume_each, groups in alike.items():
            count = sum([group.size for group in groups])
            names = tuple([group.id for group in groups])
            operation = Operation(
                op=op, to=names, volume_each=volume_each, count=count, reagent=reagent, source=tube, times=times, stream=stream,
                leave=leave, location=self.location,
            )  # fmt: skip
            amounts = self.draw(source, operation.total, volume_each)
            for group in groups:
                if self.substances and group.contents and not amounts.keys() <= group.contents.keys():
                    reject_meeting(self.substances, (*group.contents, *amounts), group.id, self.warn)
            if op == "wash" and leave:
                for group in groups:
                    lost = group.rinse(volume_each, amounts, times, self.journal.retained_components)
                    self.ledger.discard(stream, step.number, NanoLitres(volume_each * times * group.size), lost, group.size)
            elif op == "wash":
                self.ledger.discard(stream, step.number, operation.total, amounts, count * times)
            else:
                for group in groups:
                    group.receive(volume_each, amounts, group.fixing_limit if op == "bring" else 0)
            operations.append(operation)
        step.operations += operations
        return operations

    def draw(self, source: Reagent | WellGroup, total: NanoLitres, volume_each: NanoLitres) -> dict[str, Exact]:
        """Take *total* nL of a reagent or from a tube; return the amounts that come with each *volume_each* nL of it."""
        if isinstance(source, WellGroup):
            return source.draw(total, volume_each)
        self.ledger.withdraw(source.id, total)
        amounts = {name: portion(strength.value, volume_each) for name, strength in source.contains.items() if strength is not None}
        if self.exposures:
            amounts.update(self.exposures.traces(source))
        return amounts

    def remove_all(self, groups: Iterable[WellGroup], stream: str, op: str = "remove", leave: int = 0) -> list[Operation]:
        """Let all liquid but *leave* nL a place go to *stream*; what stays, stays."""
        step = self.current_step(op)
        operations = []
        holding = [group for group in groups if group.volume > leave]
        for volume_each in dict.fromkeys([NanoLitres(group.volume - leave) for group in holding]):
            same = [group for group in holding if group.volume == volume_each + leave]
            names, count = tuple([g.id for g in same]), sum([g.size for g in same])
            operations.append(Operation(op=op, to=names, volume_each=volume_each, count=count, stream=stream, location=self.location))
            for group in same:
                lost_amounts = group.pour_off(self.journal.retained_components, leave)
                self.ledger.discard(stream, step.number, NanoLitres(volume_each * group.size), lost_amounts, group.size)
        step.operations += operations
        return operations

    def new_tube(self, vessel: str, name: str, volume: NanoLitres, namesake: WellGroup | None = None) -> WellGroup:
        """Set out a new tube *vessel*/*name* for *volume* nL, the smallest that holds it."""
        labware, capacity = self.lab.find_container(volume)
        vessel_id = self.scope.new_vessel_id(vessel)
        if f"{vessel_id}/{name}" in self.ledger.groups_by_id:
            raise ProtocolError(f"{vessel_id}/{name} is made twice", "give the second another name")
        group = WellGroup(id=f"{vessel_id}/{name}", size=1, capacity=capacity, labware=labware, role=vessel)
        if namesake is not None:
            group.family, group.number, group.owner = namesake.family, namesake.number, namesake.owner
        self.ledger.add_tube(vessel_id, group)
        return group

    # --- saying ---------------------------------------------------------------------------------------------------

    def promise(self, verb: str, tube: str, groups: Iterable[WellGroup]) -> None:
        """Say that *tube* is made for *groups*: by the end of the run they have to be given something of it."""
        location = self.inputs.protocol.source.display_path(self.location[0]), self.location[1]
        self.journal.promises.append(Promise(verb=verb, tube=tube, group_ids=tuple(group.id for group in groups), location=location))

    def claim(self, groups: Iterable[WellGroup], component: str, kind: str, target: Fraction) -> None:
        """Say what *groups* hold; raise ProtocolError where that is further from *target* than the lab tolerates."""
        alike: dict[tuple[Exact, NanoLitres], list[WellGroup]] = {}
        for group in groups:
            alike.setdefault((group.contents.get(component, 0), group.volume), []).append(group)
        actual: dict[Fraction, list[str]] = {}
        for same in alike.values():
            actual.setdefault(same[0].strength(component), []).extend([group.id for group in same])
        claims = self.current_step("claim").claims
        for strength, ids in actual.items():
            if differs_by(strength, target, self.lab.tolerance):
                actual_text, target_text = format_amount(strength, kind), format_amount(target, kind)
                raise ProtocolError(
                    f"{component} in {ids[0]} would be {actual_text}, not {target_text}",
                    "the amounts do not fit together, or one is too small to be set exactly: make more",
                    from_values=True,
                )
            claims.append(Claim(group_ids=tuple(ids), component=component, kind=kind, target=target, actual=strength))

    def warn(self, code: str, message: str, level: str = "W", cite: tuple[str, ...] = ()) -> None:
        """Keep a warning for the sheet, once."""
        warning = RunWarning(code=code, level=level, message=message, step=self.step.number if self.step else 0, cite=cite)
        if warning not in self.journal.warnings:
            self.journal.warnings.append(warning)

    def add_result(self, verb: str, operations: list[Operation], liquid_name: str = "", text: str = "") -> VerbResult:
        """Return the words of a verb, and expect them to be printed."""
        places = self.ledger.groups_by_id
        result = VerbResult(verb=verb, location=self.location, operations=operations, groups=places, liquid_name=liquid_name, text=text)
        self.pending.append(result)
        return result
