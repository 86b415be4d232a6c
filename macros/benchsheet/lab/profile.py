"""One lab's means: what it pipettes and weighs with, how much spare it makes, what its plates, gels, tanks and rotors hold, what it has.

Refuses a profile that it does not understand, all mistakes at once and each at its line.
"""

from __future__ import annotations

import functools
import pkgutil
from collections.abc import Mapping
from fractions import Fraction

from .._dataclass import dataclass
from ..errors import ProtocolError, near
from ..units import Quantity, show
from ..units import read as quantity
from ..yamltree import Map, read
from .equipment import Equipment, equipment
from .gel_tanks import Filled, Tank, runs, tanks, transfer_tanks
from .gels import Gel, formats, gels
from .labware import Plate, labware
from .overage import Rule, Spare, rule_of, spare
from .pipettes import Device, Set, devices, settle
from .printing import paper, site
from .reader import Reading, whole
from .shelf import called, stocks
from .stocks import Antibody, antibodies
from .working_hours import USUAL, Hours, hours, people

KEYS = (
    "name", "pipettes", "balances", "trust", "least", "tolerance", "overage", "dead", "viability", "containers", "labware", "gels", "tanks",
    "transfer_tanks", "equipment", "stocks", "antibodies", "zone", "hours", "people", "paper", "site",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Lab:
    """A lab profile as parsed, defaults filled in; volumes in nL, masses in ng, *tolerance* and *viability* fractions of one."""

    name: str
    pipettes: tuple[Device, ...]
    balances: tuple[Device, ...]
    trust: int
    least: int
    tolerance: Fraction
    overage: Rule
    dead: Mapping[str, int]
    viability: Fraction
    containers: tuple[tuple[str, int], ...]
    labware: Mapping[str, Plate]
    gels: Mapping[str, Gel]
    tanks: tuple[Tank, ...]
    transfer_tanks: tuple[Tank, ...]
    equipment: Mapping[str, Equipment]
    stocks: Mapping[str, Quantity]
    antibodies: tuple[Antibody, ...]
    zone: str
    paper: str
    site: str
    file: str = ""
    hours: Hours = USUAL
    people: int = 1

    @functools.lru_cache(maxsize=4096)  # noqa: B019 - a lab lives as long as the process
    def settle(self, volume: Fraction | int) -> Set:
        """Return *volume* (nL) as the lab's pipettes or cylinders can be set to it; raise ProtocolError if they cannot."""
        return settle(volume, self.pipettes, "volume", self.least)

    @functools.cached_property
    def shelf(self) -> frozenset[str]:
        """Return what recipes call the stocks that stand on the shelf."""
        return called(self.stocks)

    @functools.lru_cache(maxsize=4096)  # noqa: B019 - the same
    def weigh(self, mass: Fraction | int) -> Set:
        """Return *mass* (ng) as the lab's balances show it; raise ProtocolError if it is too little."""
        return settle(mass, self.balances, "mass")

    @functools.lru_cache(maxsize=4096)  # noqa: B019 - the same
    def spare(self, used: Fraction | int, vessel: str, rule: Rule | None = None, each: Fraction | int = 0) -> Spare:
        """Return what to have ready for *used* nL dispensed from a *vessel* (reservoir, tube, poured)."""
        return spare(used, rule or self.overage, self.dead[vessel], vessel, each)

    def container(self, volume: Fraction | int) -> tuple[str, int]:
        """Return the smallest tube or bottle that holds *volume* nL with room to mix, and its capacity; raise ProtocolError if none does."""
        for name, capacity in self.containers:
            if volume * 10 <= capacity * 9:  # room to mix
                return name, capacity
        raise ProtocolError(
            f"nothing in this lab holds {show(Fraction(volume), 'volume')} with room to mix", "add a larger container to the lab profile", answer=True
        )

    @functools.lru_cache(maxsize=64)  # noqa: B019 - the same
    def place_of(self, labware: str) -> str:
        """Return what a place of what a sheet calls *labware* is: well, lane; tube for any other vessel."""
        return next((plate.place for plate in self.labware.values() if plate.name == labware), "tube")

    def runs(self, form: str, gels: int) -> tuple[tuple[Filled, ...], ...]:
        """Return the runs that *gels* gels of a format take in this lab's tanks; raise ProtocolError where none takes it."""
        return runs(self.tanks, form, gels)

    def transfers(self, form: str, gels: int) -> tuple[tuple[Filled, ...], ...]:
        """Return the transfers that *gels* gels of a format take, likewise."""
        return runs(self.transfer_tanks, form, gels, "transfer tank")

    @functools.lru_cache(maxsize=64)  # noqa: B019 - the same
    def canonical(self) -> str:
        """Return the profile as text in which equal profiles are equal; part of the digest. Its name and its file's are not."""
        found = [f"{d.name} {d.least} {d.most} {d.step} {d.strokes} {d.channels}" for d in (*self.pipettes, *self.balances)]
        for table in (self.labware, self.gels, self.equipment, self.stocks, self.dead):
            found += [f"{name}: {value!r}" for name, value in sorted(table.items())]
        found += [repr(each) for each in (self.tanks, self.transfer_tanks, self.antibodies, self.containers, self.overage, self.tolerance)]
        return "\n".join(
            [*found, f"{self.trust} {self.least} {self.viability}", self.zone, repr(self.hours.days), str(self.people), self.paper, self.site]
        )


@functools.cache
def default() -> Lab:
    """Return the lab that is assumed where no profile is given."""
    return _profile(_defaults(), read("", ""))


@functools.cache
def example() -> str:
    """Return the default lab as a profile, with what each key means: what somebody begins a profile of their own with."""
    text = pkgutil.get_data(__package__, "default.yml") or b""  # what importlib.resources loads beside takes a tenth of a render
    return text.decode("utf-8")


@functools.cache
def _defaults() -> Map:
    return read(example(), "lab/default.yml")


def profile(text: str, file: str) -> Lab:
    """Read a lab profile; what it does not say is as in the default lab. Raise ProtocolError for each mistake."""
    return _profile(_defaults(), read(text, file, "name: my lab"))


def _profile(base: Map, given: Map) -> Lab:
    reading = Reading(given, base)
    mistakes = reading.mistakes
    with mistakes.at(given.file):
        given.only(KEYS, "a lab profile")
    trust, least, tolerance = reading.amount("trust", "volume"), reading.amount("least", "volume"), reading.amount("tolerance", "fraction")
    viability = reading.amount("viability", "fraction")
    if least.value > trust.value > 0:
        reading.wrong(("least", "trust"), f"least ({least}) is above trust ({trust})", "below 'least' nothing is pipetted; 'trust' is above it")
    if tolerance.value >= 100:
        reading.wrong(("tolerance",), f"tolerance {reading.text('tolerance')!r} is not below 100 %", "2 % is usual")
    if viability.value > 100:
        reading.wrong(("viability",), f"viability {reading.text('viability')!r} is above 100 %", "90 % is usual")
    overage = _mapping(reading, "overage", {"percent": "fraction", "volume": "volume", "least": "volume", "places": ""})
    dead = _mapping(reading, "dead", dict.fromkeys(base.map("dead"), "volume"))
    cast = gels(reading)
    known = formats(reading)
    found = Lab(
        name=reading.text("name"),
        pipettes=devices(reading, "pipettes"),
        balances=devices(reading, "balances"),
        trust=int(trust.value),
        least=int(least.value),
        tolerance=tolerance.value / 100,
        overage=rule_of(overage),
        dead={key: int(value.value) for key, value in dead.items() if isinstance(value, Quantity)},
        viability=viability.value / 100,
        containers=_containers(reading),
        labware=labware(reading, {name: gel.plate for name, gel in cast.items()}),
        gels=cast,
        tanks=tanks(reading, known),
        transfer_tanks=transfer_tanks(reading, known),
        equipment=equipment(reading),
        stocks=stocks(reading),
        antibodies=antibodies(reading),
        zone=_zone(reading),
        hours=hours(reading.source("hours").get("hours"), mistakes, reading.source("hours").file, reading.source("hours").lines.get("hours")),
        people=_people(reading),
        paper=paper(reading),
        site=site(reading),
        file=given.file,
    )
    mistakes.close()
    return found


def _people(reading: Reading) -> int:
    source = reading.source("people")
    with reading.mistakes.at(source.file, source.lines.get("people")):
        return people(source.text("people"))
    return 1


def _containers(reading: Reading) -> tuple[tuple[str, int], ...]:
    source, sizes = reading.source("containers"), []
    with reading.mistakes.at(source.file, source.lines.get("containers")):
        tree = source.map("containers")
        for name, text in tree.items():
            with reading.mistakes.at(tree.file, tree.lines[name]):
                sizes.append((name, int(quantity(text, "volume").value)))
    return tuple(sorted(sizes, key=lambda size: size[1]))


def _mapping(reading: Reading, key: str, kinds: dict[str, str]) -> dict[str, Quantity | int]:
    found: dict[str, Quantity | int] = {}
    for source in (reading.base, reading.given) if key in reading.given else (reading.base,):
        with reading.mistakes.at(source.file, source.lines.get(key)):
            entries = source.map(key)
            for name, text in entries.items():
                with reading.mistakes.at(entries.file, entries.lines[name]):
                    if name not in kinds:
                        raise ProtocolError(f"{key} has no {name!r}", near(name, kinds))
                    found[name] = quantity(text, kinds[name]) if kinds[name] else whole(entries, name)
    return found


def _zone(reading: Reading) -> str:
    name = reading.text("zone")
    if not name:
        return ""
    import zoneinfo

    try:
        zoneinfo.ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        reading.wrong(("zone",), f"unknown time zone {name!r}", "write it like 'Europe/Vienna', or leave it empty")
    return name
