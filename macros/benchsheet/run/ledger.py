"""Who holds what: every vessel as groups of like places, and every component in them, in exact numbers.

All places of a group are alike, so one entry stands for all of them: a hundred plates cost what one costs. Refuses more
out than in, over the brim, and a group that is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from .._dataclass import dataclass, field
from ..errors import Nothing, ProtocolError, near
from ..units import show

NOTHING = Fraction(0)
Exact = Fraction | int  # an int where an amount is whole, which is quicker; never divided but by `portion`


def portion(amount: Exact, part: int, whole: int = 1) -> Exact:
    """Return *amount* x *part* / *whole*, exact; as an int where it is whole."""
    top, bottom = amount.numerator * part, amount.denominator * whole
    return Fraction(top, bottom) if top % bottom else top // bottom


@dataclass(slots=True)
class Group:
    """*size* like places, each holding *volume* nL in which *holds* maps component to concentration x nL.

    *working*, *fixing* and *brim* are the limits of one place in nL; *labware* says what holds the places, *place* what one is,
    *meant* what the lab fills it with.
    """

    id: str
    size: int
    brim: int
    labware: str
    role: str = ""
    family: str = ""
    number: int = 0
    of: str = ""
    fixing: int = 0
    working: tuple[int, int] = (0, 0)
    volume: int = 0
    holds: dict[str, Exact] = field(default_factory=dict)
    place: str = "tube"
    meant: int = 0

    @property
    def name(self) -> str:
        """Return the group's own name: ``dose 1`` of ``culture/dose 1``."""
        return self.id.partition("/")[2]

    def strength(self, component: str) -> Fraction:
        """Return the concentration of *component*; zero in an empty or innocent place."""
        amount = self.holds.get(component)
        return Fraction(amount.numerator, amount.denominator * self.volume) if amount and self.volume else NOTHING

    def fill(self, volume: int, amounts: Mapping[str, Exact], limit: int = 0) -> None:
        """Receive *volume* nL a place with *amounts* (concentration x nL) in it; at most to *limit*, else to the brim."""
        most = limit or self.brim
        if self.volume + volume > most:
            full, can = show(Fraction(self.volume + volume), "volume"), show(Fraction(most), "volume")
            what = "may hold with what is brought to it" if limit and limit < self.brim else "holds to the brim"
            raise ProtocolError(
                f"{self.id} would hold {full}, more than the {can} that a {self.labware} {what}", "add less, or remove liquid first", answer=True
            )
        self.volume += volume
        _gather(self.holds, amounts)

    def draw(self, total: int, each: int) -> dict[str, Exact]:
        """Give *total* nL from a single tube; return the amounts that leave with each *each* nL of it."""
        if total > self.volume * self.size:
            raise short(self.id, Fraction(self.volume * self.size), Fraction(total))
        if total % self.size:
            raise ProtocolError(
                f"{self.id} is {self.size} places, and {show(total, 'volume')} cannot be taken alike from each", "take as much from each place"
            )
        before, self.volume = self.volume, self.volume - total // self.size
        leaving = {component: portion(amount, each, before) for component, amount in self.holds.items() if amount}
        for component in leaving:
            self.holds[component] = portion(self.holds[component], self.volume, before)
        return leaving

    def tip(self, stays: Iterable[str] = ()) -> dict[str, Exact]:
        """Lose all liquid; return what went with it, each component as concentration x nL a place. What stays is attached or fixed."""
        gone = {component: amount for component, amount in self.holds.items() if component not in stays and amount}
        for component in gone:
            del self.holds[component]
        self.volume = 0
        return gone

    def dry(self) -> None:
        """Lose the liquid and keep all that was in it."""
        self.volume = 0


def _gather(holds: dict[str, Exact], amounts: Mapping[str, Exact], times: int = 1) -> None:
    for component, amount in amounts.items():
        held = holds.get(component)
        more = amount if times == 1 else amount * times
        holds[component] = held + more if held else more


def short(where: str, has: Fraction, asked: Fraction) -> ProtocolError:
    """Return the refusal of more out than in."""
    way = "put more in first, or take less"
    if not has:
        return Nothing(where, f"{where} is empty, and {show(asked, 'volume')} are asked of it", way, answer=True)
    return ProtocolError(f"{where} holds {show(has, 'volume')}, and {show(asked, 'volume')} are asked of it", way, answer=True)


@dataclass(slots=True)
class Vessel:
    """A kind of plate or tube as groups in order; *sets* name several groups at once, *rest* is the group of unused places."""

    id: str
    labware: str
    count: int
    groups: dict[str, Group]
    sets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rest: str = ""
    picked: dict[tuple[str, str], list[Group]] = field(default_factory=dict)

    def set_out(self, group: Group) -> None:
        """Set out a new place."""
        self.groups[group.name] = group
        self.picked.clear()

    def pick(self, name: str, of: str = "") -> list[Group]:
        """Return the groups called *name*: a group, a family (``dose``), a set, or all; only those *of* one compound if given."""
        found = self.picked.get((name, of))
        if found is None:
            found = self.picked[name, of] = self._pick(name, of)
        return found

    def _pick(self, name: str, of: str) -> list[Group]:
        if not name:
            if self.rest:
                names = ", ".join(f"{self.id}/{group}" for group in (*self.sets, *self.groups) if group != self.rest)
                raise ProtocolError(f"{self.id!r} names every well, and {self.rest!r} too", f"name whom you mean: {names}")
            return list(self.groups.values())
        exact = f"{name} ({of})" if of else name
        if exact in self.groups:
            return [self.groups[exact]]
        if name in self.groups:
            return [self.groups[name]]
        family = [group for group in self.groups.values() if group.family == name and (not of or group.of in ("", of))]
        if family:
            return family
        if name not in self.sets:
            raise ProtocolError(f"{self.id!r} has no group {name!r}", near(name, [*self.groups, *self.sets], "groups"))
        found = {group.id: group for member in self.sets[name] for group in self.pick(member, of)}
        return list(found.values())


@dataclass(slots=True)
class Ledger:
    """All vessels, what was taken of each reagent (nL, or ng of a solid), and what went to which waste."""

    vessels: dict[str, Vessel] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)
    waste: dict[tuple[str, int], tuple[int, dict[str, Exact]]] = field(default_factory=dict)
    by_id: dict[str, Group] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_id |= {group.id: group for vessel in self.vessels.values() for group in vessel.groups.values()}

    def set_out(self, vessel: str, group: Group) -> None:
        """Set out a new tube."""
        self.vessels.setdefault(vessel, Vessel(vessel, "tube", 1, {})).set_out(group)
        self.by_id[group.id] = group

    def find(self, where: str | Iterable[str], of: str = "") -> list[Group]:
        """Return the groups of ``vessel``, ``vessel/group`` or several such."""
        if not isinstance(where, str):
            found = {group.id: group for each in where for group in self.find(each, of)}
            return list(found.values())
        if where in self.by_id:
            return [self.by_id[where]] if not of or f"{where} ({of})" not in self.by_id else [self.by_id[f"{where} ({of})"]]
        vessel, _, group = where.partition("/")
        if vessel not in self.vessels:
            self.vessel(vessel)
        return self.vessels[vessel].pick(group, of)

    def vessel(self, name: str) -> Vessel:
        """Return a vessel; raise ProtocolError if there is none."""
        if name not in self.vessels:
            raise Nothing(name, f"no vessel {name!r}", near(name, self.vessels, "vessels"))
        return self.vessels[name]

    def home(self, vessel: str) -> str:
        """Return the id of the vessel that new tubes called *vessel* stand in."""
        return vessel

    def take(self, reagent: str, amount: int) -> None:
        """Note what leaves the shelf."""
        self.taken[reagent] = self.taken.get(reagent, 0) + amount

    def discard(self, stream: str, step: int, volume: int, amounts: Mapping[str, Exact], times: int = 1) -> None:
        """Note what goes to a waste stream: *volume* nL in all, with *amounts* (concentration x nL), *times* over."""
        before, holds = self.waste.get((stream, step), (0, {}))
        _gather(holds, amounts, times)
        self.waste[stream, step] = before + volume, holds


@dataclass(slots=True)
class Within(Ledger):
    """The part of a ledger that a protocol in another one sees: all is kept in one place, and *names* maps its own names to ids."""

    prefix: str = ""
    names: dict[str, str] = field(default_factory=dict)

    def find(self, where: str | Iterable[str], of: str = "") -> list[Group]:
        """Return the groups of a place by the name that it has here."""
        if not isinstance(where, str):
            return Ledger.find(self, where, of)
        name, slash, group = where.partition("/")
        vessel = self.vessel(name)
        whole = f"{vessel.id}{slash}{group}"
        return Ledger.find(self, whole, of) if whole in self.by_id else vessel.pick(group, of)

    def vessel(self, name: str) -> Vessel:
        """Return a vessel by the name that it has here."""
        if self.names.get(name) not in self.vessels:
            known = [each for each, its in self.names.items() if its in self.vessels]
            raise Nothing(name, f"no vessel {name!r}", near(name, known, "vessels"))
        return self.vessels[self.names[name]]

    def home(self, vessel: str) -> str:
        """Return the id of the vessel that new tubes called *vessel* stand in."""
        return self.names.setdefault(vessel, f"{self.prefix}{vessel}")
