"""Gels as they are cast or bought: a format, so many wells, and what each holds; refuses more wells than a sheet can draw."""

from __future__ import annotations

from .._dataclass import dataclass
from ..yamltree import YamlMap
from .labware import Labware
from .reader import EntryForm, ProfileEntry, ProfileReader

MAX_LANES = 40  # lanes that a lane map can draw
_GEL_FORM = EntryForm("a gel", ("name", "format", "wells", "capacity"), ("format", "wells", "capacity"), "{format: mini, wells: 10, capacity: 30 uL}")


@dataclass(frozen=True)
class Gel:
    """A gel of a *format* (``mini``, ``midi``: what tanks and cassettes are made for) with *wells* that hold *capacity* nL each."""

    id: str
    name: str
    format: str
    wells: int
    capacity: int

    @property
    def labware(self) -> Labware:
        """Return the gel as labware: one row of lanes, each of which holds what its well holds."""
        return Labware(self.id, self.name, 1, self.wells, (0, self.capacity), self.capacity, self.capacity, "lane")


def load_gels(reader: ProfileReader) -> dict[str, Gel]:
    """Return the gels that this lab runs, by id; raise nothing, every mistake is kept."""
    return reader.load_mapping("gels", _GEL_FORM, _parse_gel)


def gel_formats(reader: ProfileReader) -> list[str]:
    """Return the formats that gels have, also those of an entry with a mistake: one mistake is enough."""
    trees = (tree for source in (reader.defaults, reader.profile) if isinstance(tree := source.get("gels"), YamlMap))
    return sorted({str(gel["format"]) for tree in trees for gel in tree.values() if isinstance(gel, YamlMap) and "format" in gel})


def _parse_gel(name: str, entry: ProfileEntry) -> Gel:
    form, wells, capacity = entry.text("format"), entry.whole_number("wells", most=MAX_LANES), entry.base_amount("capacity", "volume")
    return Gel(name, entry.text("name", f"{wells}-well {form} gel"), form, wells, capacity)
