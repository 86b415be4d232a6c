"""Labware as it comes: plates, dishes, tubes, gels as rows and columns of places, with what a place holds."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from fractions import Fraction

from .._dataclass import dataclass
from ..errors import ProtocolError
from ..patterns import compile_when_used
from ..units import format_input
from ..units.base_units import NO_RANGE, NanoLitres
from ..yamltree import YamlMap
from .reader import EntryForm, ProfileEntry, ProfileReader

_REGION = compile_when_used(r"([A-Za-z])(\d{1,2})(?:\s*:\s*([A-Za-z])(\d{1,2}))?")

POSITIONS = ("well", "dish", "membrane", "tube", "lane")
_NO_WORKING_RANGE = ("tube", "lane")  # nothing rests in them with a need for little or much: what counts is what they hold
_LABWARE_FORM = EntryForm(
    noun="a labware", keys=("name", "rows", "columns", "place", "working", "fixing", "brim"), required_keys=("brim",),
    example="{rows: 8, columns: 12, working: [75 uL, 200 uL], fixing: 300 uL, brim: 360 uL}",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Labware:
    """A format of labware, with volumes in nL for each *position* (a well, a dish, a lane).

    *working_range* is what it holds at rest, *fixing_limit* what it holds once a fixing acid was brought to it, *capacity* what it holds full.
    """

    id: str
    name: str
    capacity: NanoLitres
    fixing_limit: NanoLitres
    working_range: tuple[NanoLitres, NanoLitres] = NO_RANGE
    rows: int = 1
    columns: int = 1
    position: str = "well"

    @property
    def last_well(self) -> str:
        """Return the name of the last well: H12."""
        return f"{chr(64 + self.rows)}{self.columns}"

    @property
    def noun(self) -> str:
        """Return what one of it is called on a sheet where the protocol gives it no name."""
        return "dish" if self.position == "dish" else "plate"

    @property
    def extent_text(self) -> str:
        """Return which places there are, in words."""
        plural = f"{self.position}es" if self.position.endswith("sh") else f"{self.position}s"
        return f"its {plural} are A1 to {self.last_well}" if self.last_well != "A1" else f"its one {self.position} is A1"

    def parse_region(self, text: str) -> tuple[tuple[int, int, int, int], ...]:
        """Read ``B2:G2, B5`` as rectangles of (row, column, row, column), counted from 0."""
        rectangles = []
        for part in text.split(","):
            match = _REGION.fullmatch(part.strip())
            if not match:
                raise ProtocolError(f"{part.strip()!r} is not a region of a plate", "write a well like 'A1' or a rectangle like 'B2:G2'")
            top, left = ord(match[1].upper()) - 65, int(match[2]) - 1
            bottom, right = ord((match[3] or match[1]).upper()) - 65, int(match[4] or match[2]) - 1
            if bottom < top or right < left:
                first, last = sorted((part.strip().split(":")[0].strip(), part.strip().split(":")[1].strip()))
                raise ProtocolError(f"{part.strip()!r} runs backwards", f"write '{first}:{last}'")
            if not (0 <= top <= bottom < self.rows and 0 <= left <= right < self.columns):
                raise ProtocolError(f"{part.strip()!r} is not on a {self.name}", self.extent_text)
            rectangles.append((top, left, bottom, right))
        return tuple(rectangles)

    @functools.lru_cache(maxsize=512)  # noqa: B019 - plates are few and live with their lab
    def wells_in(self, text: str) -> tuple[str, ...]:
        """Return the wells of a region, column by column."""
        names = [
            f"{chr(65 + row)}{column + 1}"
            for top, left, bottom, right in self.parse_region(text)
            for column in range(left, right + 1)
            for row in range(top, bottom + 1)
        ]
        if len(set(names)) < len(names):
            raise ProtocolError(f"{text!r} names a well twice", "let the rectangles not overlap")
        return tuple(names)

    @functools.lru_cache(maxsize=64)  # noqa: B019 - the same
    def all_wells(self) -> tuple[str, ...]:
        """Return every well, row by row."""
        return tuple(f"{chr(65 + row)}{column + 1}" for row in range(self.rows) for column in range(self.columns))


def load_labware(reader: ProfileReader, gels: Mapping[str, Labware]) -> dict[str, Labware]:
    """Return all labware by its id, the *gels* among it; raise nothing, every mistake is kept."""
    others = reader.load_mapping("labware", _LABWARE_FORM, _parse_labware)
    by_id = {**others, **gels}
    trees = [reader.profile[key] for key in ("labware", "gels") if isinstance(reader.profile.get(key), YamlMap)]
    lines = {name: tree.lines[name] for tree in trees for name in tree}
    for name in (name for name in others if name in gels):
        with reader.mistakes.at(reader.profile.file, lines.get(name)):
            raise ProtocolError(f"{name!r} is both a gel and other labware", "choose another name for one of them")
    id_of_name: dict[str, str] = {}
    for name, plate in by_id.items():
        other = id_of_name.setdefault(plate.name, name)
        if other != name:
            with reader.mistakes.at(reader.profile.file, lines.get(name, lines.get(other))):
                message = f"{other!r} and {name!r} are both called {plate.name!r}"
                raise ProtocolError(message, "a sheet calls labware by its name: give each its own 'name'")
    return by_id


def _parse_labware(name: str, entry: ProfileEntry) -> Labware:
    position = entry.choice("place", POSITIONS, "well")
    if position in POSITIONS and position not in _NO_WORKING_RANGE:
        entry.require_keys(("rows", "columns", "working", "fixing") if position == "well" else ("working", "fixing"))
    rows, columns = entry.whole_number("rows"), entry.whole_number("columns")
    if rows > 16 or columns > 24:
        entry.add_error("rows", f"{name!r} has more wells than a plate of 384", "16 rows and 24 columns at most")
    capacity = entry.volume("brim")
    fixing_limit = entry.volume("fixing") if "fixing" in entry else capacity
    low, high = entry.volume_pair("working", "[75 uL, 200 uL]") if "working" in entry else (NanoLitres(0), capacity)
    title = entry.text("name", name)
    entry.raise_all()
    if not low < high <= fixing_limit <= capacity:
        entry.add_error(
            "",
            f"{name!r}: working, fixing and brim do not rise",
            f"e.g. working: [75 uL, 200 uL], fixing: 300 uL, brim: 360 uL; got {format_input(Fraction(capacity), 'volume')} at the brim",
        )
    return Labware(
        id=name, name=title, rows=rows, columns=columns, working_range=(low, high), fixing_limit=fixing_limit, capacity=capacity, position=position
    )
