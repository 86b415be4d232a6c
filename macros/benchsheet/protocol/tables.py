"""Tables that protocols share: lines, drugs, hazards; every value with its kind, its evidence and its reference.

A value without the unit of its column, and a row without evidence raise ProtocolError.
"""

from __future__ import annotations

import functools
import re
from fractions import Fraction
from typing import Any

from .._dataclass import dataclass
from ..errors import Collector, ProtocolError, check_known, suggest
from ..units import KINDS, as_quantity
from ..yamltree import YamlList, YamlMap, parse_yaml_map
from .evidence import EVIDENCE_KEYS, check_evidence

_COLUMN_KEYS = ("kind", "label", "help")
_PLAIN_KINDS = ("text", "words", "number")


@dataclass(frozen=True, eq=False, kw_only=True)
class DataTable:
    """One shared table: *columns* are name to kind, *rows* name to column to value; a missing cell is absent."""

    name: str
    file: str
    columns: dict[str, str]
    rows: dict[str, dict[str, Any]]
    lines: dict[str, int]
    tree: YamlMap

    def cell(self, row: str, column: str) -> Any:
        """Return one value; raise ProtocolError naming what rows and columns there are."""
        check_known(column, self.columns, f"table {self.name!r} has no column {column!r}", "columns")
        check_known(row, self.rows, f"table {self.name!r} has no row {row!r}", "rows")
        if column not in self.rows[row]:
            raise ProtocolError(f"table {self.name!r} has no {column!r} for {row!r}", "give the value yourself")
        return self.rows[row][column]

    @functools.lru_cache(maxsize=64)  # noqa: B019 - tables live with their protocol
    def column_words(self, column: str) -> tuple[str, ...]:
        """Return the words of *column*, each once, in order; the rows' own names for the column ``name``."""
        if column in ("", "name"):
            return tuple(self.rows)
        check_known(column, self.columns, f"table {self.name!r} has no column {column!r}", "columns")
        return tuple(dict.fromkeys(str(row[column]) for row in self.rows.values() if column in row))


@functools.lru_cache(maxsize=32)  # many protocols look things up in the same few tables
def parse_table(name: str, text: str, file: str) -> DataTable:
    """Return the table that the *text* of a *file* holds, read once; raise ProtocolError for each mistake in it."""
    return read_table(name, parse_yaml_map(text, file))


def read_table(name: str, tree: YamlMap) -> DataTable:
    """Read one table; raise ProtocolError for each mistake in it."""
    mistakes = Collector()
    tree.check_keys(("title", "about", "columns", "defaults", "rows", "incompatible"), "a table")
    columns: dict[str, str] = {}
    column_entries = tree.mapping("columns")
    for column in column_entries:
        with mistakes.at(tree.file, column_entries.lines[column]):
            column_entries.mapping(column).check_keys(_COLUMN_KEYS, "a column")
            kind = column_entries.mapping(column).text("kind", "text")
            if kind not in _PLAIN_KINDS and kind not in KINDS:
                columns[column] = "text"  # so that its cells are not blamed too
                raise ProtocolError(f"{kind!r} is not a kind of a column", suggest(kind, [*_PLAIN_KINDS, *KINDS]))
            columns[column] = kind
    defaults = tree.mapping("defaults")
    rows: dict[str, dict[str, Any]] = {}
    entries = tree.mapping("rows")
    for row in entries:
        with mistakes.at(tree.file, entries.lines[row]):
            rows[row] = _read_row(entries.mapping(row), defaults, columns, mistakes)
    mistakes.raise_all()
    return DataTable(name=name, file=tree.file, columns=columns, rows=rows, lines=entries.lines, tree=tree)


def _read_row(entry: YamlMap, defaults: YamlMap, columns: dict[str, str], mistakes: Collector) -> dict[str, Any]:
    cells: dict[str, Any] = {}
    for source in (defaults, entry):
        for key, value in source.items():
            with mistakes.at(entry.file, entry.lines.get(key, entry.line)):
                if key in EVIDENCE_KEYS:
                    cells[key] = tuple(value) if isinstance(value, YamlList) else value
                elif key not in columns:
                    raise ProtocolError(f"the table has no column {key!r}", suggest(key, columns, "columns"))
                else:
                    cells[key] = _read_cell(value, columns[key])
    check_evidence(cells)
    return cells


def _read_cell(value: Any, kind: str) -> Any:
    if kind == "words":
        return tuple(value) if isinstance(value, YamlList) else (str(value),)
    if kind == "text":
        return str(value)
    if kind == "number":
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]+(\.[0-9]+)?", value):
            raise ProtocolError(f"{str(value)!r} is not a number", "write it plainly, like 7.5")
        return Fraction(value)
    return as_quantity(value, kind)
