"""Who holds what: every vessel as groups of like places, and every component in them, in exact numbers.

All places of a group are alike, so one entry stands for all of them: a hundred plates cost what one costs. Raises
ProtocolError where more leaves a place than it holds, where it would overflow, and for a group that does not exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from .._dataclass import dataclass, field
from ..errors import EmptyPlaceError, ProtocolError, suggest
from ..units import format_amount
from ..units.base_units import NO_RANGE, NanoGrams, NanoLitres

NO_AMOUNT = Fraction(0)
Exact = Fraction | int  # an int where an amount is whole, which is quicker; never divided but by `portion`


def portion(amount: Exact, part: int, whole: int = 1) -> Exact:
    """Return *amount* x *part* / *whole*, exact; as an int where it is whole."""
    top, bottom = amount.numerator * part, amount.denominator * whole
    return Fraction(top, bottom) if top % bottom else top // bottom


@dataclass(slots=True, kw_only=True)
class WellGroup:
    """*size* like places, each holding *volume* nL in which *contents* maps component to concentration x nL; 0 where it is unknown how much.

    *working_range*, *fixing_limit* and *capacity* are the limits of one place in nL; *labware* says what holds the places, *position* what one is,
    *fill_volume* what the lab fills it with. *named* says that *role* is a name that somebody gave to this place alone, as a sample has one.
    """

    id: str
    size: int
    capacity: NanoLitres
    labware: str
    role: str = ""
    family: str = ""
    number: int = 0
    owner: str = ""
    fixing_limit: NanoLitres = NanoLitres(0)
    working_range: tuple[NanoLitres, NanoLitres] = NO_RANGE
    volume: NanoLitres = NanoLitres(0)
    contents: dict[str, Exact] = field(default_factory=dict)
    position: str = "tube"
    fill_volume: NanoLitres = NanoLitres(0)
    named: bool = False

    @property
    def name(self) -> str:
        """Return the group's own name: ``dose 1`` of ``culture/dose 1``."""
        return self.id.partition("/")[2]

    @property
    def replicate_of(self) -> str:
        """Return the name of which this place is one replicate: ``treated`` for the place of ``treated, 2``; "" if it is not one of several."""
        name, _, number = self.role.rpartition(", ")
        return name if self.named and number.isdecimal() else ""

    def strength(self, component: str) -> Fraction:
        """Return the concentration of *component*; zero if the place is empty or holds none of it."""
        amount = self.contents.get(component)
        return Fraction(amount.numerator, amount.denominator * self.volume) if amount and self.volume else NO_AMOUNT

    def receive(self, volume: NanoLitres, amounts: Mapping[str, Exact], limit: int = 0) -> None:
        """Receive *volume* nL a place with *amounts* (concentration x nL) in it; at most to *limit*, else until it is full."""
        maximum = limit or self.capacity
        if self.volume + volume > maximum:
            full, can = format_amount(Fraction(self.volume + volume), "volume"), format_amount(Fraction(maximum), "volume")
            what = "may hold with what is brought to it" if limit and limit < self.capacity else "holds to the brim"
            raise ProtocolError(
                f"{self.id} would hold {full}, more than the {can} that a {self.labware} {what}", "add less, or remove liquid first", from_values=True
            )
        self.volume = NanoLitres(self.volume + volume)
        _add_amounts(self.contents, amounts)

    def draw(self, total: NanoLitres, volume_each: NanoLitres) -> dict[str, Exact]:
        """Give *total* nL from a single tube; return the amounts that leave with each *volume_each* nL of it."""
        if total > self.volume * self.size:
            raise shortage_error(self.id, Fraction(self.volume * self.size), Fraction(total))
        if total % self.size:
            raise ProtocolError(
                f"{self.id} is {self.size} places, and {format_amount(total, 'volume')} cannot be taken alike from each",
                "take as much from each place",
            )
        before, self.volume = self.volume, NanoLitres(self.volume - total // self.size)
        leaving = {component: portion(amount, volume_each, before) for component, amount in self.contents.items()}
        if not self.volume:
            self.contents.clear()
            return leaving
        for component in leaving:
            self.contents[component] = portion(self.contents[component], self.volume, before)
        return leaving

    def pour_off(self, retained_components: Iterable[str] = (), leave: int = 0) -> dict[str, Exact]:
        """Lose all liquid but *leave* nL, which are like the rest; return what went with it, each component as concentration x nL a place.

        What is retained is attached or fixed.
        """
        lost_amounts = {component: amount for component, amount in self.contents.items() if component not in retained_components}
        for component, amount in lost_amounts.items():
            if leave:
                self.contents[component] = portion(amount, leave, self.volume)
                lost_amounts[component] = portion(amount, self.volume - leave, self.volume)
            else:
                del self.contents[component]
        self.volume = NanoLitres(leave)
        return lost_amounts

    def rinse(self, volume_each: NanoLitres, amounts: Mapping[str, Exact], times: int, retained_components: Iterable[str]) -> dict[str, Exact]:
        """Mix *volume_each* nL with what stays, and lose as much, *times* over; return what went with it, as concentration x nL a place."""
        kept, lost = int(self.volume), dict[str, Exact]()
        for _ in range(times):
            self.receive(volume_each, amounts)
            _add_amounts(lost, self.pour_off(retained_components, kept))
        return lost

    def dry(self) -> None:
        """Lose the liquid and keep all that was in it."""
        self.volume = NanoLitres(0)


def _add_amounts(contents: dict[str, Exact], amounts: Mapping[str, Exact], times: int = 1) -> None:
    for component, amount in amounts.items():
        current = contents.get(component)
        more = amount if times == 1 else amount * times
        contents[component] = current + more if current else more


def shortage_error(where: str, stock: Fraction, demand: Fraction) -> ProtocolError:
    """Return the refusal of more out than in."""
    way = "put more in first, or take less"
    if not stock:
        return EmptyPlaceError(where, f"{where} is empty, and {format_amount(demand, 'volume')} are asked of it", way, from_values=True)
    return ProtocolError(
        f"{where} holds {format_amount(stock, 'volume')}, and {format_amount(demand, 'volume')} are asked of it", way, from_values=True
    )


@dataclass(kw_only=True)
class Vessel:
    """A kind of plate or tube as groups in order; *sets* name several groups at once, *unused_group* is the group of unused places."""

    id: str
    labware: str
    count: int
    groups: dict[str, WellGroup]
    sets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unused_group: str = ""
    group_cache: dict[tuple[str, str], list[WellGroup]] = field(default_factory=dict)

    def add_group(self, group: WellGroup) -> None:
        """Set out a new place."""
        self.groups[group.name] = group
        self.group_cache.clear()

    def select(self, name: str, owner: str = "") -> list[WellGroup]:
        """Return the groups called *name*: a group, a family (``dose``), a user's name, a set, or all; only those of *owner* if given."""
        groups = self.group_cache.get((name, owner))
        if groups is None:
            groups = self.group_cache[name, owner] = self._select(name, owner)
        return groups

    def _select(self, name: str, owner: str) -> list[WellGroup]:
        if not name:
            if self.unused_group:
                names = ", ".join(f"{self.id}/{group}" for group in (*self.sets, *self.groups) if group != self.unused_group)
                raise ProtocolError(f"{self.id!r} names every well, and {self.unused_group!r} too", f"name whom you mean: {names}")
            return list(self.groups.values())
        exact = f"{name} ({owner})" if owner else name
        if exact in self.groups:
            return [self.groups[exact]]
        if name in self.groups:
            return [self.groups[name]]
        family = [group for group in self.groups.values() if group.family == name and (not owner or group.owner in ("", owner))]
        if family:
            return family
        named = [group for group in self.groups.values() if group.named and name in (group.role, group.replicate_of)]
        if named:
            return [group for group in named if group.role == name] or named
        if name not in self.sets:
            raise ProtocolError(f"{self.id!r} has no group {name!r}", suggest(name, [*self.groups, *self.sets], "groups"))
        members = {group.id: group for member in self.sets[name] for group in self.select(member, owner)}
        return list(members.values())


@dataclass(kw_only=True)
class Ledger:
    """All vessels, what was taken of each reagent (nL, or ng of a solid), and what went to which waste."""

    vessels: dict[str, Vessel] = field(default_factory=dict)
    withdrawals: dict[str, int] = field(default_factory=dict)
    waste: dict[tuple[str, int], tuple[int, dict[str, Exact]]] = field(default_factory=dict)
    groups_by_id: dict[str, WellGroup] = field(default_factory=dict)

    def add_vessel(self, vessel: Vessel) -> None:
        """Set out a vessel, empty."""
        self.vessels[vessel.id] = vessel
        self.groups_by_id |= {group.id: group for group in vessel.groups.values()}

    def add_tube(self, vessel: str, group: WellGroup) -> None:
        """Set out a new tube."""
        if vessel not in self.vessels:
            self.vessels[vessel] = Vessel(id=vessel, labware="tube", count=1, groups={})
        self.vessels[vessel].add_group(group)
        self.groups_by_id[group.id] = group

    def find_groups(self, where: str | Iterable[str], owner: str = "") -> list[WellGroup]:
        """Return the groups of ``vessel``, ``vessel/group`` or several such."""
        if not isinstance(where, str):
            groups = {group.id: group for each in where for group in self.find_groups(each, owner)}
            return list(groups.values())
        if where in self.groups_by_id:
            return (
                [self.groups_by_id[where]]
                if not owner or f"{where} ({owner})" not in self.groups_by_id
                else [self.groups_by_id[f"{where} ({owner})"]]
            )
        vessel, _, group = where.partition("/")
        if vessel not in self.vessels:
            self.find_vessel(vessel)
        return self.vessels[vessel].select(group, owner)

    def find_vessel(self, name: str) -> Vessel:
        """Return a vessel; raise ProtocolError if there is none."""
        if name not in self.vessels:
            raise EmptyPlaceError(name, f"no vessel {name!r}", suggest(name, self.vessels, "vessels"))
        return self.vessels[name]

    def withdraw(self, reagent: str, amount: NanoLitres | NanoGrams) -> None:
        """Note what leaves the shelf."""
        self.withdrawals[reagent] = self.withdrawals.get(reagent, 0) + amount

    def discard(self, stream: str, step: int, volume: NanoLitres, amounts: Mapping[str, Exact], times: int = 1) -> None:
        """Note what goes to a waste stream: *volume* nL in all, with *amounts* (concentration x nL), *times* over."""
        before, contents = self.waste.get((stream, step), (0, {}))
        _add_amounts(contents, amounts, times)
        self.waste[stream, step] = before + volume, contents
