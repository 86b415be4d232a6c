"""Labware as it comes: plates, dishes, tubes, gels as rows and columns of places that hold so much; refuses a place that is not on it."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from fractions import Fraction

from .._dataclass import dataclass
from ..errors import ProtocolError
from ..units import typed
from ..yamltree import Map
from .reader import Entry, Form, Reading

_REGION = re.compile(r"([A-Za-z])(\d{1,2})(?:\s*:\s*([A-Za-z])(\d{1,2}))?")

PLACES = ("well", "dish", "membrane", "tube", "lane")
_HOLDS_ONLY = ("tube", "lane")  # nothing rests in them with a need for little or much: what counts is what they hold
_FORM = Form(
    "a labware", ("name", "rows", "columns", "place", "working", "fixing", "brim"), ("brim",),
    "{rows: 8, columns: 12, working: [75 uL, 200 uL], fixing: 300 uL, brim: 360 uL}",
)  # fmt: skip


@dataclass(frozen=True)
class Plate:
    """A format of labware; volumes in nL a *place* (a well, a dish, a lane): *working* at rest, with *fixing* brought to it, to the *brim*."""

    id: str
    name: str
    rows: int
    columns: int
    working: tuple[int, int]
    fixing: int
    brim: int
    place: str = "well"

    @property
    def last(self) -> str:
        """Return the name of the last well: H12."""
        return f"{chr(64 + self.rows)}{self.columns}"

    @property
    def extent(self) -> str:
        """Return which places there are, in words."""
        several = f"{self.place}es" if self.place.endswith("sh") else f"{self.place}s"
        return f"its {several} are A1 to {self.last}" if self.last != "A1" else f"its one {self.place} is A1"

    def region(self, text: str) -> tuple[tuple[int, int, int, int], ...]:
        """Read ``B2:G2, B5`` as rectangles of (row, column, row, column), counted from 0."""
        found = []
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
                raise ProtocolError(f"{part.strip()!r} is not on a {self.name}", self.extent)
            found.append((top, left, bottom, right))
        return tuple(found)

    @functools.lru_cache(maxsize=512)  # noqa: B019 - plates are few and live with their lab
    def wells(self, text: str) -> tuple[str, ...]:
        """Return the wells of a region, column by column."""
        found = [
            f"{chr(65 + row)}{column + 1}"
            for top, left, bottom, right in self.region(text)
            for column in range(left, right + 1)
            for row in range(top, bottom + 1)
        ]
        if len(set(found)) < len(found):
            raise ProtocolError(f"{text!r} names a well twice", "let the rectangles not overlap")
        return tuple(found)

    @functools.lru_cache(maxsize=64)  # noqa: B019 - the same
    def all(self) -> tuple[str, ...]:
        """Return every well, row by row."""
        return tuple(f"{chr(65 + row)}{column + 1}" for row in range(self.rows) for column in range(self.columns))


def labware(reading: Reading, gels: Mapping[str, Plate]) -> dict[str, Plate]:
    """Return all labware by its id, the *gels* among it; raise nothing, every mistake is kept."""
    others = reading.named("labware", _FORM, _plate)
    found = {**others, **gels}
    given = [reading.given[key] for key in ("labware", "gels") if isinstance(reading.given.get(key), Map)]
    lines = {name: tree.lines[name] for tree in given for name in tree}
    for name in (name for name in others if name in gels):
        with reading.mistakes.at(reading.given.file, lines.get(name)):
            raise ProtocolError(f"{name!r} is both a gel and other labware", "choose another name for one of them")
    called: dict[str, str] = {}
    for name, plate in found.items():
        other = called.setdefault(plate.name, name)
        if other != name:
            with reading.mistakes.at(reading.given.file, lines.get(name, lines.get(other))):
                message = f"{other!r} and {name!r} are both called {plate.name!r}"
                raise ProtocolError(message, "a sheet calls labware by its name: give each its own 'name'")
    return found


def _plate(name: str, entry: Entry) -> Plate:
    place = entry.word("place", PLACES, "well")
    if place in PLACES and place not in _HOLDS_ONLY:
        entry.need(("rows", "columns", "working", "fixing") if place == "well" else ("working", "fixing"))
    rows, columns = entry.whole("rows"), entry.whole("columns")
    if rows > 16 or columns > 24:
        entry.wrong("rows", f"{name!r} has more wells than a plate of 384", "16 rows and 24 columns at most")
    brim = entry.base("brim", "volume")
    fixing = entry.base("fixing", "volume") if "fixing" in entry else brim
    low, high = entry.pair("working", "volume", "[75 uL, 200 uL]") if "working" in entry else (0, brim)
    called = entry.text("name", name)
    entry.close()
    if not low < high <= fixing <= brim:
        entry.wrong(
            "",
            f"{name!r}: working, fixing and brim do not rise",
            f"e.g. working: [75 uL, 200 uL], fixing: 300 uL, brim: 360 uL; got {typed(Fraction(brim), 'volume')} at the brim",
        )
    return Plate(name, called, rows, columns, (low, high), fixing, brim, place)
