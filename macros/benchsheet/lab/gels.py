"""Gels as they are cast or bought: a format, so many wells, and what each holds; refuses more wells than a sheet can draw."""

from __future__ import annotations

from .._dataclass import dataclass
from ..yamltree import Map
from .labware import Plate
from .reader import Entry, Form, Reading

MOST = 40  # lanes that a lane map can draw
_FORM = Form("a gel", ("name", "format", "wells", "capacity"), ("format", "wells", "capacity"), "{format: mini, wells: 10, capacity: 30 uL}")


@dataclass(frozen=True)
class Gel:
    """A gel of a *format* (``mini``, ``midi``: what tanks and cassettes are made for) with *wells* that hold *capacity* nL each."""

    id: str
    name: str
    format: str
    wells: int
    capacity: int

    @property
    def plate(self) -> Plate:
        """Return the gel as labware: one row of lanes, each of which holds what its well holds."""
        return Plate(self.id, self.name, 1, self.wells, (0, self.capacity), self.capacity, self.capacity, "lane")


def gels(reading: Reading) -> dict[str, Gel]:
    """Return the gels that this lab runs, by id; raise nothing, every mistake is kept."""
    return reading.named("gels", _FORM, _gel)


def formats(reading: Reading) -> list[str]:
    """Return the formats that gels have, also those of an entry with a mistake: one mistake is enough."""
    written = (tree for source in (reading.base, reading.given) if isinstance(tree := source.get("gels"), Map))
    return sorted({str(gel["format"]) for tree in written for gel in tree.values() if isinstance(gel, Map) and "format" in gel})


def _gel(name: str, entry: Entry) -> Gel:
    form, wells, capacity = entry.text("format"), entry.whole("wells", most=MOST), entry.base("capacity", "volume")
    return Gel(name, entry.text("name", f"{wells}-well {form} gel"), form, wells, capacity)
