"""Plates as they come: rows, columns, and what a well holds; refuses a well that is not on the plate."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from ..errors import ProtocolError

_REGION = re.compile(r"([A-Za-z])(\d{1,2})(?:\s*:\s*([A-Za-z])(\d{1,2}))?")


@dataclass(frozen=True)
class Plate:
    """A plate format; volumes in nL a *place* (a well): *working* at rest with living cells, *fixing*, *brim*."""

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
                raise ProtocolError(f"{part.strip()!r} is not on a {self.name}", f"its wells are A1 to {self.last}")
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
