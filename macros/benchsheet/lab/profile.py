"""One lab's means: what it pipettes and weighs with, how much overage it makes, what its plates, gels, tanks and rotors hold, what it has.

All mistakes of a profile are raised together, each with its line.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import is_dataclass
from fractions import Fraction

from .._dataclass import dataclass, fields
from ..errors import ProtocolError, check_known
from ..generated import read_data
from ..units import Quantity, as_quantity, format_amount
from ..units.base_units import NanoLitres
from ..yamltree import YamlMap, parse_yaml_map
from .equipment import Equipment, load_equipment, load_paper, load_site
from .gel_tanks import Gel, Tank, gel_formats, load_gels, load_tanks, load_transfer_tanks
from .labware import Labware, load_labware
from .overage import Overage, OverageRule, build_overage_rule, with_overage
from .pipettes import Instrument, Setting, find_setting, load_instruments, name_device, suggest_device
from .reader import ProfileReader, parse_whole
from .stocks import Antibody, load_antibodies, load_stocks, shelf_names
from .working_hours import DEFAULT_HOURS, WorkingHours, parse_hours

PROFILE_KEYS = (
    "name", "pipettes", "balances", "trust", "least", "tolerance", "overage", "dead", "viability", "containers", "labware", "gels", "tanks",
    "transfer_tanks", "equipment", "stocks", "antibodies", "zone", "hours", "people", "paper", "site",
)  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class Lab:
    """A lab profile as parsed, defaults filled in; volumes in nL, masses in ng, *tolerance* and *viability* fractions of one."""

    name: str
    pipettes: tuple[Instrument, ...]
    balances: tuple[Instrument, ...]
    trust: NanoLitres
    least: NanoLitres
    tolerance: Fraction
    overage: OverageRule
    dead: Mapping[str, NanoLitres]
    viability: Fraction
    containers: tuple[tuple[str, NanoLitres], ...]
    labware: Mapping[str, Labware]
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
    hours: WorkingHours = DEFAULT_HOURS
    people: int = 1

    @functools.lru_cache(maxsize=4096)  # noqa: B019 - a lab lives as long as the process
    def set_volume(self, volume: Fraction | int) -> Setting:
        """Return *volume* (nL) as the lab's pipettes or cylinders can be set to it; raise ProtocolError if they cannot."""
        return find_setting(volume, self.pipettes, "volume", self.least)

    @functools.lru_cache(maxsize=4096)  # noqa: B019 - the same
    def settle_up(self, volume: Fraction | int) -> Setting:
        """Return the smallest volume (nL) that is not below *volume* and to which a pipette can be set; raise as `set_volume` does.

        Each pipette gives it in the strokes that `set_volume` takes, so a smaller one would be a step less in each of them.
        """
        return find_setting(volume, self.pipettes, "volume", self.least, up=True)

    def suggest_finer(self, volume: Fraction | int) -> str:
        """Return what would set *volume* (nL) within the tolerance, to end a sentence: ``; a pipette from 20 µL in steps of 1 µL would do``."""
        if volume < self.least:
            way = suggest_device(volume, "volume", self.pipettes, least=self.least)
        else:
            way = f"{device} would do" if (device := name_device(volume, "volume", self.tolerance)) else ""
        return f"; {way}" if way else ""

    @functools.cached_property
    def shelf_names(self) -> frozenset[str]:
        """Return what recipes call the stocks that stand on the shelf."""
        return shelf_names(self.stocks)

    @functools.lru_cache(maxsize=4096)  # noqa: B019 - the same
    def weigh(self, mass: Fraction | int) -> Setting:
        """Return *mass* (ng) as the lab's balances show it; raise ProtocolError if it is too little."""
        return find_setting(mass, self.balances, "mass")

    @functools.lru_cache(maxsize=4096)  # noqa: B019 - the same
    def with_overage(
        self, used: Fraction | int, vessel: str, rule: OverageRule | None = None, volume_each: Fraction | int = 0, pours: int = 1
    ) -> Overage:
        """Return what to have ready for *used* nL dispensed from a *vessel* (reservoir, tube, poured), which is filled so many times (*pours*)."""
        return with_overage(used, rule or self.overage, self.dead[vessel], vessel, volume_each, pours)

    def find_container(self, volume: Fraction | int) -> tuple[str, NanoLitres]:
        """Return the smallest tube or bottle that holds *volume* nL with room to mix, and its capacity; raise ProtocolError if none does."""
        for name, capacity in self.containers:
            if volume * 10 <= capacity * 9:  # room to mix
                return name, capacity
        raise ProtocolError(
            f"nothing in this lab holds {format_amount(Fraction(volume), 'volume')} with room to mix",
            "add a larger container to the lab profile",
            from_values=True,
        )

    @functools.lru_cache(maxsize=64)  # noqa: B019 - the same
    def position_of(self, labware: str) -> str:
        """Return what a place of what a sheet calls *labware* is: well, lane; tube for any other vessel."""
        return next((plate.position for plate in self.labware.values() if plate.name == labware), "tube")

    @functools.lru_cache(maxsize=64)  # noqa: B019 - the same
    def to_text(self) -> str:
        """Return the profile as text in which equal profiles are equal; part of the digest. Its name and its file's are not.

        It has values alone: no word of the engine, whose names may change while what somebody asks for stays.
        """
        values = [getattr(self, each.name) for each in fields(self) if each.name not in ("name", "file", "hours")]
        return json.dumps(_list_values([*values, self.hours.days]), ensure_ascii=False)


def _list_values(value: object) -> object:
    """Return a dataclass, a table or a row as lists of its values in words; a table in the order of its keys."""
    if isinstance(value, str | int | Fraction):  # most are
        return str(value)
    if isinstance(value, Mapping):
        return [[str(key), _list_values(each)] for key, each in sorted(value.items())]
    if isinstance(value, (tuple, list)):
        return [_list_values(each) for each in value]
    return [_list_values(getattr(value, each.name)) for each in fields(value)] if is_dataclass(value) else str(value)


@functools.cache
def default_lab() -> Lab:
    """Return the lab that is assumed where no profile is given."""
    return _build_lab(_default_tree(), parse_yaml_map("", ""))


@functools.cache
def example_profile() -> str:
    """Return the default lab as a profile, with what each key means: what somebody begins a profile of their own with."""
    return read_data(__package__, "default.yml").decode("utf-8")  # what importlib.resources loads beside takes a tenth of a render


@functools.cache
def _default_tree() -> YamlMap:
    return parse_yaml_map(example_profile(), "lab/default.yml")


def parse_profile(text: str, file: str) -> Lab:
    """Read a lab profile; what it does not say is as in the default lab. Raise ProtocolError for each mistake."""
    return _build_lab(_default_tree(), parse_yaml_map(text, file, "name: my lab"))


def _build_lab(base: YamlMap, tree: YamlMap) -> Lab:
    reader = ProfileReader(profile=tree, defaults=base)
    mistakes = reader.mistakes
    with mistakes.at(tree.file):
        tree.check_keys(PROFILE_KEYS, "a lab profile")
    trust, least, tolerance = reader.quantity("trust", "volume"), reader.quantity("least", "volume"), reader.quantity("tolerance", "fraction")
    viability = reader.quantity("viability", "fraction")
    if least.value > trust.value > 0:
        reader.add_error(("least", "trust"), f"least ({least}) is above trust ({trust})", "below 'least' nothing is pipetted; 'trust' is above it")
    if tolerance.value >= 100:
        reader.add_error(("tolerance",), f"tolerance {reader.text('tolerance')!r} is not below 100 %", "2 % is usual")
    if viability.value > 100:
        reader.add_error(("viability",), f"viability {reader.text('viability')!r} is above 100 %", "90 % is usual")
    overage = _load_mapping(reader, "overage", {"percent": "fraction", "volume": "volume", "least": "volume", "places": ""})
    dead = _load_mapping(reader, "dead", dict.fromkeys(base.mapping("dead"), "volume"))
    gel_types = load_gels(reader)
    format_names = gel_formats(reader)
    lab = Lab(
        name=reader.text("name"),
        pipettes=load_instruments(reader, "pipettes"),
        balances=load_instruments(reader, "balances"),
        trust=NanoLitres(int(trust.value)),
        least=NanoLitres(int(least.value)),
        tolerance=tolerance.value / 100,
        overage=build_overage_rule(overage),
        dead={key: NanoLitres(int(value.value)) for key, value in dead.items() if isinstance(value, Quantity)},
        viability=viability.value / 100,
        containers=_load_containers(reader),
        labware=load_labware(reader, {name: gel.labware for name, gel in gel_types.items()}),
        gels=gel_types,
        tanks=load_tanks(reader, format_names),
        transfer_tanks=load_transfer_tanks(reader, format_names),
        equipment=load_equipment(reader),
        stocks=load_stocks(reader),
        antibodies=load_antibodies(reader),
        zone=_load_zone(reader),
        hours=parse_hours((source := reader.source_of("hours")).get("hours"), mistakes, source.file, source.lines.get("hours")),
        people=_load_people(reader),
        paper=load_paper(reader),
        site=load_site(reader),
        file=tree.file,
    )
    mistakes.raise_all()
    return lab


def _load_people(reader: ProfileReader) -> int:
    source = reader.source_of("people")
    with reader.mistakes.at(source.file, source.lines.get("people")):
        return parse_whole(source, "people", most=9, hint="write how many work on one run side by side")
    return 1


def _load_containers(reader: ProfileReader) -> tuple[tuple[str, NanoLitres], ...]:
    sizes = reader.load_values("containers", lambda tree, name: NanoLitres(int(as_quantity(tree[name], "volume").value)))
    return tuple(sorted(sizes.items(), key=lambda size: size[1]))


def _load_mapping(reader: ProfileReader, key: str, kinds: dict[str, str]) -> dict[str, Quantity | int]:
    def make(tree: YamlMap, name: str) -> Quantity | int:
        check_known(name, kinds, f"{key} has no {name!r}")
        return as_quantity(tree[name], kinds[name]) if kinds[name] else parse_whole(tree, name)

    return reader.load_values(key, make, keep_defaults=True)


def _load_zone(reader: ProfileReader) -> str:
    name = reader.text("zone")
    if not name:
        return ""
    import zoneinfo

    try:
        zoneinfo.ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        reader.add_error(("zone",), f"unknown time zone {name!r}", "write it like 'Europe/Vienna', or leave it empty")
    return name
