"""The bench of one run: who holds what, what was done so far, and the one way in which liquid moves.

Every movement is settled, recorded and poured here; what cannot be done is refused here, with the place of the verb.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction

from .._dataclass import dataclass, field
from ..arithmetic.exact import apart
from ..errors import ProtocolError, near
from ..lab import Lab
from ..units import CONCENTRATIONS, Quantity, read, said, show
from .events import Claim, Operation, Preparation, Step, Warned
from .inputs import Run
from .ledger import Exact, Group, Ledger, portion
from .nested.call import Entry
from .reagents import Reagent
from .verb_result import Said


@dataclass(frozen=True)
class Rule:
    """The vehicle of a run: *component* is equal and at most *limit* over the groups *where*."""

    component: str
    limit: Quantity
    where: str


@dataclass
class Bench:
    """One run while its template renders."""

    run: Run
    lab: Lab
    reagents: dict[str, Reagent]
    ledger: Ledger
    stays: frozenset[str]
    vehicle: Rule | None = None
    step: Step | None = None
    steps: list[Step] = field(default_factory=list)
    preparations: list[Preparation] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    pending: list[Said] = field(default_factory=list)
    targets: dict[str, tuple[str, str, Fraction]] = field(default_factory=dict)
    used: dict[str, str] = field(default_factory=dict)
    compounds: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()  # whose a reagent or a group may be: compounds, targets, samples
    works: Collection[str] = ()
    equipment: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    place: tuple[str, int] = ("", 0)
    prefix: str = ""  # of the ids of a protocol in another; nothing for one by itself
    entry: Entry | None = None
    entries: dict[str, Entry] = field(default_factory=dict)

    # --- protocols in one another ---------------------------------------------------------------------------------

    def parts(self) -> list[Bench]:
        """Return the benches of the protocols in this one that were done, each before those in it."""
        return [bench for entry in self.entries.values() if entry.done for bench in (entry.bench, *entry.bench.parts())]

    def enlist(self, reagent: Reagent) -> None:
        """Put one more reagent on the shelf, here and in all that this protocol is in."""
        self.reagents[reagent.id] = reagent
        if self.entry:
            self.entry.host.enlist(reagent)

    # --- looking up -----------------------------------------------------------------------------------------------

    def now(self, verb: str) -> Step:
        """Return the step that is being written; raise ProtocolError outside any."""
        if self.step is None:
            raise ProtocolError(f"{verb}(...) is outside any step", "put it between {% step %} and {% endstep %}")
        return self.step

    def reagent(self, name: object, of: str = "") -> Reagent:
        """Return the reagent *name*, the one *of* a compound if there are several."""
        if not isinstance(name, str):
            raise ProtocolError(f"expected a reagent's name, got {said(name)}", 'quote it, as in add("water", ...)')
        if of and of not in self.owners:
            raise ProtocolError(f"{of!r} is no compound of this run", f"it has {', '.join(self.owners)}" if self.owners else "leave compound=... out")
        for key in (f"{name} ({of})", name) if of else (name,):
            if key in self.reagents:
                return self.reagents[key]
        families = dict.fromkeys(reagent.family for reagent in self.reagents.values())
        if name in families:
            raise ProtocolError(f"there is a {name!r} for each compound", "say whose: compound=...")
        raise ProtocolError(f"no reagent {name!r} in protocol.yml", near(name, families, "reagents"))

    def groups(self, where: object, of: str = "") -> list[Group]:
        """Return the groups that *where* names; raise ProtocolError if it is no place or an empty one."""
        if not isinstance(where, str) and not (isinstance(where, list | tuple) and all(isinstance(each, str) for each in where)):
            raise ProtocolError(f"expected a place, got {where!r}", "write it like 'culture/read'")
        found = self.ledger.find(where, of)
        if not found:
            raise ProtocolError(f"{where!r} names no place", "look at the vessel's groups")
        return found

    def component(self, reagent: Reagent, to: object) -> tuple[Quantity, str, Fraction]:
        """Return the concentration *to*, the one component of *reagent* whose kind it is, and its strength there."""
        want = read(to, *CONCENTRATIONS)
        fits = [(name, strength) for name, strength in reagent.contains.items() if strength is not None and strength.kind == want.kind]
        if len(fits) != 1:
            holds = (
                ", ".join(f"{name} {'not yet measured' if q is None else q}" for name, q in reagent.contains.items())
                or "nothing with a concentration"
            )
            raise ProtocolError(
                f"{reagent.id!r} holds {holds}: none of it can be {want} ({want.kind})", "use the reagent's own kind of concentration"
            )
        return want, fits[0][0], fits[0][1].value

    def each(self, amount: object, groups: Iterable[Group]) -> int:
        """Return the volume a place (nL) that *amount* asks for, settled; it has to say of which place."""
        quantity = read(amount, "volume")
        place = self.place_of(groups)
        if quantity.per.rstrip("s") != place:
            shown = show(quantity.value, "volume")
            how = f"is per {quantity.per}" if quantity.per else f"is not per {place}"
            typed = amount if isinstance(amount, str) else shown
            raise ProtocolError(f"{typed!r} {how}, and the places are {place}s", f"write '{shown}/{place}'")
        return self.settle(quantity.value.numerator if quantity.value.denominator == 1 else quantity.value)

    def place_of(self, groups: Iterable[Group]) -> str:
        """Return what a place of *groups* is called: well, lane, dish or tube."""
        return next((group.place for group in groups), "tube")

    def settle(self, volume: Fraction | int, floor: bool = True) -> int:
        """Return *volume* as the lab can set it; note a warning where it is below what the lab trusts."""
        done = self.lab.settle(volume.numerator if volume.denominator == 1 else volume)
        if done.device.name not in self.used:
            self.used[done.device.name] = f"in steps of {show(Fraction(done.device.step), 'volume')}"
        if floor and done.amount < self.lab.trust:
            small, trusted = (show(Fraction(amount), "volume") for amount in (done.amount, self.lab.trust))
            self.warn(
                "small-volume",
                f"{small} is below the {trusted} that this lab trusts: pre-wet the tip, touch it to the liquid, check by weight",
            )
        return done.amount

    # --- moving ---------------------------------------------------------------------------------------------------

    def pour(self, op: str, source: Reagent | Group, moves: list[tuple[Group, int]], *, times: int = 1, stream: str = "") -> list[Operation]:
        """Move *moves* from a reagent or a tube; one operation for all groups that receive the same."""
        step = self.now(op)
        made = []
        alike: dict[int, list[Group]] = {}
        for group, each in moves:
            alike.setdefault(each, []).append(group)
        reagent, tube = (source.id, "") if isinstance(source, Reagent) else ("", source.id)
        for each, groups in alike.items():
            count = sum([group.size for group in groups])
            names = tuple([group.id for group in groups])
            operation = Operation(op, names, each, count, reagent, tube, times, stream, *self.place)
            amounts = self.draw(source, operation.total, each)
            if op == "wash":
                self.ledger.discard(stream, step.number, operation.total, amounts, count * times)
            else:
                for group in groups:
                    group.fill(each, amounts, group.fixing if op == "bring" else 0)
            made.append(operation)
        step.operations += made
        return made

    def draw(self, source: Reagent | Group, total: int, each: int) -> dict[str, Exact]:
        """Take *total* nL of a reagent or from a tube; return the amounts that come with each *each* nL of it."""
        if isinstance(source, Group):
            return source.draw(total, each)
        self.ledger.take(source.id, total)
        return {name: portion(strength.value, each) for name, strength in source.contains.items() if strength is not None}

    def empty(self, groups: Iterable[Group], stream: str, op: str = "remove") -> list[Operation]:
        """Let all liquid go to *stream*; what stays, stays."""
        step = self.now(op)
        made = []
        holding = [group for group in groups if group.volume]
        for each in dict.fromkeys(group.volume for group in holding):
            same = [group for group in holding if group.volume == each]
            made.append(
                Operation(op, tuple(g.id for g in same), each, sum(g.size for g in same), stream=stream, file=self.place[0], line=self.place[1])
            )
            for group in same:
                self.ledger.discard(stream, step.number, each * group.size, group.tip(self.stays), group.size)
        step.operations += made
        return made

    def tube(self, vessel: str, name: str, volume: int, like: Group | None = None) -> Group:
        """Set out a new tube *vessel*/*name* for *volume* nL, the smallest that holds it."""
        labware, capacity = self.lab.container(volume)
        home = self.ledger.home(vessel)
        if f"{home}/{name}" in self.ledger.by_id:
            raise ProtocolError(f"{home}/{name} is made twice", "give the second another name")
        group = Group(f"{home}/{name}", 1, capacity, labware, vessel)
        if like is not None:
            group.family, group.number, group.of = like.family, like.number, like.of
        self.ledger.set_out(home, group)
        return group

    # --- saying ---------------------------------------------------------------------------------------------------

    def claim(self, groups: Iterable[Group], component: str, kind: str, target: Fraction) -> None:
        """Say what *groups* hold; raise ProtocolError where that is further from *target* than the lab tolerates."""
        actual: dict[Fraction, list[str]] = {}
        for group in groups:
            actual.setdefault(group.strength(component), []).append(group.id)
        claims = self.now("claim").claims
        for got, ids in actual.items():
            if apart(got, target, self.lab.tolerance):
                held, asked = show(got, kind), show(target, kind)
                raise ProtocolError(
                    f"{component} in {ids[0]} would be {held}, not {asked}",
                    "the amounts do not fit together, or one is too small to be set exactly: make more",
                    answer=True,
                )
            claims.append(Claim(tuple(ids), component, kind, target, got))

    def warn(self, code: str, message: str, level: str = "W", cite: tuple[str, ...] = ()) -> None:
        """Keep a warning for the sheet, once."""
        found = Warned(code, level, message, self.step.number if self.step else 0, cite)
        if found not in self.warnings:
            self.warnings.append(found)

    def say(self, verb: str, operations: list[Operation], what: str = "", text: str = "") -> Said:
        """Return the words of a verb, and expect them to be printed."""
        groups = {name: self.ledger.by_id[name] for o in operations for name in o.to}
        words = Said(verb, *self.place, operations, groups, what, text)
        self.pending.append(words)
        return words
