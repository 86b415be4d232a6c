"""Tables that protocols share: lines, drugs, hazards; every value with its kind, its evidence and its reference.

Refuses a value without a unit where its column has one, and a row without evidence.
"""

from __future__ import annotations

import functools
import re
from fractions import Fraction
from typing import Any

from .._dataclass import dataclass
from ..errors import Collector, ProtocolError, near
from ..units import KINDS
from ..units import read as quantity
from ..yamltree import Items, Map, read

EVIDENCE = ("verified", "general", "computed", "source-only", "house")
_COLUMN = ("kind", "label", "help")
_PLAIN = ("text", "words", "number")


@dataclass(frozen=True, eq=False)
class Table:
    """One shared table: *columns* are name to kind, *rows* name to column to value; a missing cell is absent."""

    name: str
    file: str
    columns: dict[str, str]
    rows: dict[str, dict[str, Any]]
    lines: dict[str, int]
    tree: Map

    def cell(self, row: str, column: str) -> Any:
        """Return one value; raise ProtocolError naming what rows and columns there are."""
        if column not in self.columns:
            raise ProtocolError(f"table {self.name!r} has no column {column!r}", near(column, self.columns, "columns"))
        if row not in self.rows:
            raise ProtocolError(f"table {self.name!r} has no row {row!r}", near(row, self.rows, "rows"))
        if column not in self.rows[row]:
            raise ProtocolError(f"table {self.name!r} has no {column!r} for {row!r}", "give the value yourself")
        return self.rows[row][column]

    @functools.lru_cache(maxsize=64)  # noqa: B019 - tables live with their protocol
    def column(self, column: str) -> tuple[str, ...]:
        """Return the words of *column*, each once, in order; the rows' own names for the column ``name``."""
        if column in ("", "name"):
            return tuple(self.rows)
        if column not in self.columns:
            raise ProtocolError(f"table {self.name!r} has no column {column!r}", near(column, self.columns, "columns"))
        return tuple(dict.fromkeys(str(row[column]) for row in self.rows.values() if column in row))


@functools.lru_cache(maxsize=32)  # many protocols look things up in the same few tables
def written_table(name: str, text: str, file: str) -> Table:
    """Return the table that the *text* of a *file* holds, read once; raise ProtocolError for each mistake in it."""
    return table(name, read(text, file))


def table(name: str, tree: Map) -> Table:
    """Read one table; raise ProtocolError for each mistake in it."""
    mistakes = Collector()
    tree.only(("title", "about", "columns", "defaults", "rows", "incompatible"), "a table")
    columns: dict[str, str] = {}
    declared = tree.map("columns")
    for column in declared:
        with mistakes.at(tree.file, declared.lines[column]):
            declared.map(column).only(_COLUMN, "a column")
            kind = declared.map(column).text("kind", "text")
            if kind not in _PLAIN and kind not in KINDS:
                columns[column] = "text"  # so that its cells are not blamed too
                raise ProtocolError(f"{kind!r} is not a kind of a column", near(kind, [*_PLAIN, *KINDS]))
            columns[column] = kind
    defaults = tree.map("defaults")
    rows: dict[str, dict[str, Any]] = {}
    entries = tree.map("rows")
    for row in entries:
        with mistakes.at(tree.file, entries.lines[row]):
            rows[row] = _row(entries.map(row), defaults, columns, mistakes)
    mistakes.close()
    return Table(name, tree.file, columns, rows, entries.lines, tree)


def _row(entry: Map, defaults: Map, columns: dict[str, str], mistakes: Collector) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for source in (defaults, entry):
        for key, value in source.items():
            with mistakes.at(entry.file, entry.lines.get(key, entry.line)):
                if key in ("evidence", "confidence", "cite"):
                    found[key] = tuple(value) if isinstance(value, Items) else value
                elif key not in columns:
                    raise ProtocolError(f"the table has no column {key!r}", near(key, columns, "columns"))
                else:
                    found[key] = _cell(value, columns[key])
    if found.get("evidence") not in EVIDENCE:
        raise ProtocolError(f"{found.get('evidence', '')!r} is no evidence", f"one of {', '.join(EVIDENCE)}")
    return found


def _cell(value: Any, kind: str) -> Any:
    if kind == "words":
        return tuple(value) if isinstance(value, Items) else (str(value),)
    if kind == "text":
        return str(value)
    if kind == "number":
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]+(\.[0-9]+)?", value):
            raise ProtocolError(f"{str(value)!r} is not a number", "write it plainly, like 7.5")
        return Fraction(value)
    return quantity(value, kind)
