"""One lab's means: what its pipettes can be set to, how much spare it makes, what its plates hold, where its clock stands.

Refuses a profile that it does not understand, all mistakes at once and each at its line.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from importlib import resources

from ..errors import Collector, ProtocolError, near
from ..tree import Items, Map, read
from ..units import Quantity, show, typed
from ..units import read as quantity
from .labware import Plate
from .overage import Rule, Spare, rule_of, spare
from .pipettes import Device, Set, settle

_KEYS = ("name", "pipettes", "balances", "trust", "least", "tolerance", "overage", "dead", "containers", "labware", "zone")


@dataclass(frozen=True, eq=False)
class Lab:
    """A lab profile as parsed, defaults filled in; volumes in nL, masses in ng, *tolerance* a fraction of one."""

    name: str
    pipettes: tuple[Device, ...]
    balances: tuple[Device, ...]
    trust: int
    least: int
    tolerance: Fraction
    overage: Rule
    dead: Mapping[str, int]
    containers: tuple[tuple[str, int], ...]
    labware: Mapping[str, Plate]
    zone: str
    file: str = ""

    @functools.lru_cache(maxsize=4096)  # noqa: B019 - a lab lives as long as the process
    def settle(self, volume: Fraction | int) -> Set:
        """Return *volume* (nL) as the lab's pipettes or cylinders can be set to it; raise ProtocolError if they cannot."""
        return settle(volume, self.pipettes, "volume", self.least)

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
    def canonical(self) -> str:
        """Return the profile as text in which equal profiles are equal; part of the digest. Its name is not."""
        devices = [f"{d.name} {d.least} {d.most} {d.step} {d.strokes} {d.channels}" for d in (*self.pipettes, *self.balances)]
        plates = [repr(plate) for _, plate in sorted(self.labware.items())]
        rest = [
            str(self.trust),
            str(self.least),
            str(self.tolerance),
            repr(self.overage),
            repr(sorted(self.dead.items())),
            repr(self.containers),
            self.zone,
        ]
        return "\n".join([*devices, *plates, *rest])


@functools.cache
def default() -> Lab:
    """Return the lab that is assumed where no profile is given."""
    return _profile(_defaults(), read("", ""))


@functools.cache
def _defaults() -> Map:
    return read(resources.files(__package__).joinpath("default.yml").read_text("utf-8"), "lab/default.yml")


def profile(text: str, file: str) -> Lab:
    """Read a lab profile; what it does not say is as in the default lab. Raise ProtocolError for each mistake."""
    return _profile(_defaults(), read(text, file))


def _profile(base: Map, given: Map) -> Lab:
    mistakes = Collector()
    with mistakes.at(given.file):
        given.only(_KEYS, "a lab profile")

    def entry(key: str) -> object:
        return given[key] if key in given else base[key]

    def amount(key: str, kind: str) -> Quantity:
        with mistakes.at(given.file if key in given else base.file, (given if key in given else base).lines[key]):
            return quantity(entry(key), kind)
        return Quantity(Fraction(0), kind)

    pipettes, balances = (_devices(entry(key), mistakes, given if key in given else base, key) for key in ("pipettes", "balances"))
    trust, least = amount("trust", "volume"), amount("least", "volume")
    tolerance = amount("tolerance", "fraction")
    overage = _mapping("overage", given, base, {"percent": "fraction", "volume": "volume", "least": "volume", "places": ""}, mistakes)
    dead = _mapping("dead", given, base, dict.fromkeys(base.map("dead"), "volume"), mistakes)
    containers = (given if "containers" in given else base).map("containers")
    sizes = []
    for name, text in containers.items():
        with mistakes.at(containers.file, containers.lines[name]):
            sizes.append((name, int(quantity(text, "volume").value)))
    labware = {}
    for source in (base, given) if "labware" in given else (base,):
        plates = source.map("labware")
        for name in plates:
            with mistakes.at(plates.file, plates.lines[name]):
                labware[name] = _plate(name, plates.map(name))
    zone = str(entry("zone"))
    if zone:
        with mistakes.at(given.file, given.lines.get("zone")):
            _zone(zone)
    for key in ("name", "zone"):
        with mistakes.at(given.file, given.lines.get(key)):
            given.text(key)
    with mistakes.at(given.file, given.lines.get("least", given.lines.get("trust"))):
        if least.value > trust.value > 0:
            raise ProtocolError(f"least ({least}) is above trust ({trust})", "below 'least' nothing is pipetted; 'trust' is above it")
    with mistakes.at(given.file, given.lines.get("tolerance")):
        if tolerance.value >= 100:
            raise ProtocolError(f"tolerance {str(entry('tolerance'))!r} is not below 100 %", "2 % is usual")
    mistakes.close()
    dead_volumes = {key: int(value.value) for key, value in dead.items() if isinstance(value, Quantity)}
    rule = rule_of(overage)
    return Lab(
        str(entry("name")), pipettes, balances, int(trust.value), int(least.value), tolerance.value / 100, rule,
        dead_volumes, tuple(sorted(sizes, key=lambda size: size[1])), labware, zone, getattr(given, "file", ""),
    )  # fmt: skip


def _devices(entries: object, mistakes: Collector, source: Map, key: str) -> tuple[Device, ...]:
    kind = "volume" if key == "pipettes" else "mass"
    found = []
    with mistakes.at(source.file, source.lines[key]):
        if not isinstance(entries, Items) or not entries:
            raise ProtocolError(f"{key!r} is a list", "write - {name: P20, from: 2 uL, to: 20 uL, step: 0.02 uL}")
        for each in entries:
            with mistakes.at(source.file, getattr(each, "line", source.lines[key])):
                if not isinstance(each, Map):
                    raise ProtocolError(f"{each!r} is not a device", "write {name: P20, from: 2 uL, to: 20 uL, step: 0.02 uL}")
                each.only(("name", "from", "to", "step", "strokes", "channels"), "a pipette")
                each.need(("name", "from", "to", "step"), "a pipette")
                exact = [quantity(each[word], kind).value for word in ("from", "to", "step")]
                if any(value != int(value) for value in exact):
                    raise ProtocolError(
                        f"{each['name']!r} is set finer than {'a nanolitre' if kind == 'volume' else 'a nanogram'}", "give whole ones"
                    )
                least, most, step = (int(value) for value in exact)
                if not 0 < step <= least < most:
                    raise ProtocolError(f"{each['name']!r}: step, from and to do not rise", "the step is at most 'from', and 'from' is below 'to'")
                found.append(Device(each["name"], least, most, step, _whole(each, "strokes"), _whole(each, "channels")))
    single = [device for device in found if device.channels == 1]
    if found and not single:
        with mistakes.at(source.file, source.lines[key]):
            raise ProtocolError("no pipette with one channel", "add one with 'channels: 1'")
    return tuple(sorted(single, key=lambda device: device.reach))


def _whole(entry: Map, key: str) -> int:
    text = entry.text(key, "1")
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 1000:
        raise ProtocolError(f"{key} {text!r} is not a whole number from 1 to 1000", "write it in digits").at(entry.file, entry.lines[key])
    return int(text)


def _mapping(key: str, given: Map, base: Map, kinds: dict[str, str], mistakes: Collector) -> dict[str, Quantity | int]:
    found: dict[str, Quantity | int] = {}
    for source in (base, given) if key in given else (base,):
        entries = source.map(key)
        for name, text in entries.items():
            with mistakes.at(entries.file, entries.lines[name]):
                if name not in kinds:
                    raise ProtocolError(f"{key} has no {name!r}", near(name, kinds))
                found[name] = quantity(text, kinds[name]) if kinds[name] else _whole(entries, name)
    return found


def _plate(name: str, entry: Map) -> Plate:
    entry.only(("name", "rows", "columns", "place", "working", "fixing", "brim"), "a labware")
    entry.need(("rows", "columns", "working", "fixing", "brim"), "a labware")
    if len(entry.items_of("working")) != 2:
        raise ProtocolError("'working' is two volumes", "write working: [75 uL, 200 uL]")
    low, high = (int(quantity(text, "volume").value) for text in entry.items_of("working"))
    fixing, brim = (int(quantity(entry[word], "volume").value) for word in ("fixing", "brim"))
    if _whole(entry, "rows") > 16 or _whole(entry, "columns") > 24:
        raise ProtocolError(f"{name!r} has more wells than a plate of 384", "16 rows and 24 columns at most")
    if not low < high <= fixing <= brim:
        raise ProtocolError(
            f"{name!r}: working, fixing and brim do not rise",
            f"e.g. working: [75 uL, 200 uL], fixing: 300 uL, brim: 360 uL; got {typed(Fraction(brim), 'volume')} at the brim",
        )
    return Plate(
        name, entry.text("name", name), _whole(entry, "rows"), _whole(entry, "columns"), (low, high), fixing, brim, entry.text("place", "well")
    )


def _zone(name: str) -> None:
    import zoneinfo

    try:
        zoneinfo.ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ProtocolError(f"unknown time zone {name!r}", "write it like 'Europe/Vienna', or leave it empty") from None
