"""Gels as they are cast or bought, and the tanks in which they run or are transferred."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from .._dataclass import dataclass
from ..errors import Collector, ProtocolError, suggest
from ..units import Quantity, parse_quantity, whole_number
from ..units.base_units import NanoLitres
from ..yamltree import YamlMap
from .labware import Labware
from .reader import EntryForm, ProfileEntry, ProfileReader, parse_positive

_TANK_FORM = EntryForm(
    noun="a tank", keys=("name", "format", "gels", "count", "buffer"), required_keys=("name", "format", "gels", "buffer"),
    example="{name: mini tank, format: mini, gels: 4, count: 1, buffer: {2: 700 mL, 4: 1 L}}",
)  # fmt: skip
_TRANSFER_TANK_FORM = EntryForm(
    noun="a transfer tank", keys=("name", "format", "cassettes", "count", "buffer"), required_keys=("name", "format", "cassettes", "buffer"),
    example="{name: mini transfer tank, format: mini, cassettes: 2, count: 1, buffer: 1 L}",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Tank:
    """*count* like tanks, each for up to *gels* gels of a *format*; *buffer* pairs a number of gels with the nL for up to so many.

    A transfer tank counts a gel for each cassette, and has one volume.
    """

    name: str
    format: str
    gels: int
    count: int
    buffer: tuple[tuple[int, NanoLitres], ...]

    def buffer_volume(self, gels: int) -> NanoLitres:
        """Return the nL of buffer that one tank takes with *gels* gels in it."""
        return next(volume for most, volume in self.buffer if gels <= most)


@dataclass(frozen=True, kw_only=True)
class TankLoad:
    """One *tank* of a run with *gels* gels in it and *buffer* nL around them."""

    tank: Tank
    gels: int
    buffer: NanoLitres


def load_tanks(reader: ProfileReader, formats: Iterable[str]) -> tuple[Tank, ...]:
    """Return the tanks that gels run in; every mistake is kept, also a format that is not *formats* from a gel."""
    return reader.load_list("tanks", _TANK_FORM, lambda entry: _parse_tank(entry, "gels", formats))


def load_transfer_tanks(reader: ProfileReader, formats: Iterable[str]) -> tuple[Tank, ...]:
    """Return the tanks that gels are transferred in; every mistake is kept, also a format that is not *formats* from a gel."""
    return reader.load_list("transfer_tanks", _TRANSFER_TANK_FORM, lambda entry: _parse_tank(entry, "cassettes", formats))


def _parse_tank(entry: ProfileEntry, count_key: str, formats: Iterable[str]) -> Tank:
    name, form, gels, count = (
        entry.text("name"),
        entry.choice("format", formats),
        entry.whole_number(count_key, most=24),
        entry.whole_number("count", most=100),
    )
    if count_key == "cassettes":
        return Tank(name=name, format=form, gels=gels, count=count, buffer=((gels, entry.volume("buffer")),))
    buffer = entry.build("buffer", _parse_buffer) or ()
    entry.raise_all()
    if buffer and buffer[-1][0] != gels:
        entry.add_error(
            "buffer", f"{name!r} takes {gels} gels, and its buffer is told for up to {buffer[-1][0]}", f"write the volume for {gels}: {gels}: 1 L"
        )
    if not buffer:
        entry.add_error("buffer", f"{name!r} has no buffer", f"write buffer: {{{gels}: 1 L}}")
    if [volume for _, volume in buffer] != sorted(volume for _, volume in buffer):
        entry.add_error("buffer", f"{name!r}: more gels take less buffer", "let the volumes rise with the gels")
    return Tank(name=name, format=form, gels=gels, count=count, buffer=buffer)


def _parse_buffer(tree: YamlMap) -> tuple[tuple[int, NanoLitres], ...]:
    volumes = []
    mistakes = Collector()
    for key in tree:
        with mistakes.at(tree.file, tree.lines[key]):
            if not (whole_number(key) and key == str(whole_number(key)) and int(key) <= 24):
                raise ProtocolError(f"{key!r} is not a number of gels", "write buffer: {2: 700 mL, 4: 1 L}, for up to 2 and for up to 4 gels")
            volumes.append((int(key), NanoLitres(int(parse_positive(tree.text(key), "buffer", "volume").value))))
    mistakes.raise_all()
    return tuple(sorted(volumes))


def plan_runs(lab_tanks: Iterable[Tank], form: str, gels: int, what: str = "tank", at_once: int = 0) -> tuple[tuple[TankLoad, ...], ...]:
    """Return the runs, one after another, that *gels* gels of a format take: as few as can be, as like as can be, the largest tanks first.

    With *at_once* no more than so many gels are in a run, though the tanks take more. Raise ProtocolError where no tank is for this format.
    """
    lab_tanks = tuple(lab_tanks)
    candidates = sorted((tank for tank in lab_tanks for _ in range(tank.count) if tank.format == form), key=lambda tank: -tank.gels)
    if not candidates:
        formats = sorted({tank.format for tank in lab_tanks})
        raise ProtocolError(f"no {what} of this lab takes a {form} gel", suggest(form, formats, f"its {what}s take"), from_values=True)
    room = sum(tank.gels for tank in candidates)
    many = -(-gels // min(room, at_once or room))
    return tuple(_fill_tanks(candidates, gels // many + (number < gels % many)) for number in range(many))


def _fill_tanks(candidates: Iterable[Tank], gels: int) -> tuple[TankLoad, ...]:
    loads = []
    for tank in candidates:
        in_tank = min(tank.gels, gels)
        if in_tank:
            loads.append(TankLoad(tank=tank, gels=in_tank, buffer=tank.buffer_volume(in_tank)))
        gels -= in_tank
    return tuple(loads)


# What gels are buffered with: each runs in a buffer of its own.
CHEMISTRIES = ("Tris-glycine", "Bis-Tris", "Tris-acetate")
MIN_THICKNESS, MAX_THICKNESS = Fraction(500_000), Fraction(3_000_000)  # nm: 0.5 mm and 3 mm
USUAL_THICKNESS = parse_quantity("1 mm")
MAX_LANES = 40  # lanes that a lane map can draw
_GEL_FORM = EntryForm(
    noun="a gel",
    keys=("name", "format", "wells", "capacity", "thickness", "chemistry"),
    required_keys=("format", "wells", "capacity"),
    example="{format: mini, wells: 10, capacity: 30 uL}",
)


@dataclass(frozen=True, kw_only=True)
class Gel:
    """A gel of a *format* (``mini``, ``midi``: what tanks and cassettes are made for) with *wells* that hold *capacity* nL each.

    *thickness* is a length, *chemistry* one of `CHEMISTRIES`.
    """

    id: str
    name: str
    format: str
    wells: int
    capacity: NanoLitres
    thickness: Quantity = USUAL_THICKNESS
    chemistry: str = CHEMISTRIES[0]

    @property
    def labware(self) -> Labware:
        """Return the gel as labware: one row of lanes, each of which holds what its well holds."""
        size, working_range = self.capacity, (NanoLitres(0), self.capacity)
        return Labware(id=self.id, name=self.name, columns=self.wells, capacity=size, fixing_limit=size, working_range=working_range, position="lane")


def load_gels(reader: ProfileReader) -> dict[str, Gel]:
    """Return the gels that this lab runs, by id; raise nothing, every mistake is kept."""
    return reader.load_mapping("gels", _GEL_FORM, _parse_gel)


def gel_formats(reader: ProfileReader) -> list[str]:
    """Return the formats that gels have, also those of an entry with a mistake: one mistake is enough."""
    trees = (tree for source in (reader.defaults, reader.profile) if isinstance(tree := source.get("gels"), YamlMap))
    return sorted({str(gel["format"]) for tree in trees for gel in tree.values() if isinstance(gel, YamlMap) and "format" in gel})


def _parse_gel(name: str, entry: ProfileEntry) -> Gel:
    form, wells, capacity = entry.text("format"), entry.whole_number("wells", most=MAX_LANES), entry.volume("capacity")
    thickness = entry.quantity("thickness", "length") or USUAL_THICKNESS
    if not MIN_THICKNESS <= thickness.value <= MAX_THICKNESS:
        entry.add_error(
            "thickness", f"thickness {entry.text('thickness')!r} of {name!r} is not from 0.5 mm to 3 mm", "0.75 mm, 1 mm and 1.5 mm are usual"
        )
    chemistry = entry.choice("chemistry", CHEMISTRIES, CHEMISTRIES[0])
    gel_name = entry.text("name", f"{wells}-well {form} gel")
    return Gel(id=name, name=gel_name, format=form, wells=wells, capacity=capacity, thickness=thickness, chemistry=chemistry)
