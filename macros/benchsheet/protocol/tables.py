"""Tables that protocols share: lines, drugs, hazards; every value with its kind, its evidence and its reference.

A value without the unit of its column, and a row without evidence raise ProtocolError.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .._dataclass import dataclass, field
from ..errors import Collector, ProtocolError, check_known, suggest
from ..spelling import fold_name
from ..units import CONCENTRATIONS, KINDS, as_quantity, plain_number
from ..yamltree import LatePart, YamlMap, parse_yaml_map
from .evidence import EVIDENCE_KEYS, check_evidence
from .row_form import RowForm, read_row_form

_COLUMN_KEYS = ("kind", "label", "help")
_PLAIN_KINDS = ("text", "words", "number", "concentration")
SYNONYMS = "synonyms"


class RowNames(tuple[str, ...]):  # noqa: SLOT001 - a tuple has no room for slots
    """The rows of a table as words to choose from; each is found by any of its names, however that is spelled.

    *spellings* has the rows and their synonyms, each with its row, and *rows_by_name* the same by the folded name; *elsewhere* has names of
    things that are not in the table. *within* says that a name of something else may have them in it, as a drug's name has that of its salt.
    """

    spellings: Mapping[str, str]
    rows_by_name: Mapping[str, str]
    elsewhere: tuple[str, ...]
    near: dict[str, str | None]  # rows that were found by a word that is but for a slip theirs
    within: bool = False

    def find(self, text: str) -> str | None:
        """Return the row that *text* names, None if there is none; ``defactinib (VS-6063)`` is two names of one row."""
        row = self[self.index(text)] if text in self else self.rows_by_name.get(fold_name(text))
        if row is None and any(sign in text for sign in "(/="):
            rows = {self.rows_by_name.get(fold_name(name)) for name in re.split("[()/=]", text) if name.strip()}
            row = rows.pop() if len(rows) == 1 else None
        return row

    def suggest(self, text: str, what: str) -> str:
        """Return the row that *text* is but for one slip, as a question, or the rows there are."""
        if fold_name(text) in {fold_name(name) for name in self.elsewhere}:
            return suggest("", self, what)
        return suggest(text, self, what, spellings=self.spellings, others_exist=True)


def name_rows(rows: Mapping[str, Mapping[str, Any]], elsewhere: Iterable[str] = ()) -> RowNames:
    """Return the names of *rows*; raise ProtocolError if two of them share one."""
    names, rows_by_name = RowNames(rows), dict[str, str]()
    names.spellings = {name: row for row, cells in rows.items() for name in (row, *cells.get(SYNONYMS, ()))}
    names.rows_by_name, names.elsewhere, names.near = rows_by_name, tuple(elsewhere), {}
    for name, row in names.spellings.items():
        other = rows_by_name.setdefault(fold_name(name), row)
        if other != row:
            message = f"{name!r} names {other!r} and {row!r}"
            raise ProtocolError(message, "a name belongs to one row; capitals, spaces and hyphens make no difference")
    return names


class TableRow(Mapping[str, Any]):
    """One row of a table: each cell is read when it is first asked for."""

    __slots__ = ("_cells", "_columns", "_defaults", "_words")

    def __init__(self, words: Mapping[str, Any], defaults: Mapping[str, Any], columns: Mapping[str, str]) -> None:
        """Hold what the file says under each of *columns* or of the keys of evidence, as it is written; *defaults* where it says nothing."""
        self._words, self._defaults, self._columns = words, defaults, columns
        self._cells: dict[str, Any] = {}

    def __getitem__(self, column: str) -> Any:
        cells = self._cells
        if column not in cells:
            value = self._words[column] if column in self._words else self._defaults[column]
            if column in EVIDENCE_KEYS:
                cells[column] = tuple(value) if isinstance(value, list) else value
            else:
                cells[column] = read_cell(value, self._columns[column])
        return cells[column]

    def get(self, column: str, default: Any = None) -> Any:
        """Return a cell, *default* where it is empty."""
        return self[column] if column in self._words or column in self._defaults else default

    def __contains__(self, column: object) -> bool:
        return column in self._words or column in self._defaults

    def __iter__(self) -> Iterator[str]:
        return iter({**self._defaults, **self._words})

    def __len__(self) -> int:
        return len(self._defaults.keys() | self._words.keys())


@dataclass(frozen=True, eq=False, kw_only=True)
class DataTable:
    """One shared table: *columns* are name to kind, *rows* name to column to value; a missing cell is absent.

    The column ``synonyms`` has other names of a row; *elsewhere* names things that are not in the table, and near to one that is.
    *tree* is the file without its rows, whose lines *line_source* gives. *own* says how a row of one's own is told, and *defaults* has the
    cells that it has without being told.
    """

    name: str
    file: str
    columns: dict[str, str]
    rows: Mapping[str, Mapping[str, Any]]
    line_source: Mapping[str, int] | LatePart
    tree: YamlMap
    elsewhere: tuple[str, ...] = ()
    own: RowForm | None = None
    defaults: Mapping[str, Any] = field(default_factory=dict)

    @property
    def lines(self) -> Mapping[str, int]:
        """Return the line of each row."""
        return self.line_source.lines if isinstance(self.line_source, LatePart) else self.line_source

    @functools.cached_property
    def row_names(self) -> RowNames:
        """Return the rows as words to choose from."""
        return name_rows(self.rows, self.elsewhere)

    @property
    def row_form(self) -> RowForm:
        """Return how a row of one's own is told; raise ProtocolError if the table does not say it."""
        if self.own is None:
            raise ProtocolError(f"table {self.name!r} does not say how a row is told", "write 'own: {example: ..., cells: {...}}' in its file")
        return self.own

    def cell(self, row: str, column: str) -> Any:
        """Return one value; raise ProtocolError naming what rows and columns there are."""
        check_known(column, self.columns, f"table {self.name!r} has no column {column!r}", "columns")
        if row not in self.rows:
            raise ProtocolError(f"table {self.name!r} has no row {row!r}", self.row_names.suggest(row, "rows"))
        if column not in self.rows[row]:
            raise ProtocolError(f"table {self.name!r} has no {column!r} for {row!r}", "give the value yourself")
        return self.rows[row][column]

    @functools.lru_cache(maxsize=64)  # noqa: B019 - tables live with their protocol
    def column_words(self, column: str) -> tuple[str, ...]:
        """Return the words of *column*, each once, in order; the rows' own names for the column ``name``.

        Where a column ``form_synonyms`` stands beside the column ``form``, each word is found by its synonyms too.
        """
        if column in ("", "name"):
            return self.row_names
        check_known(column, self.columns, f"table {self.name!r} has no column {column!r}", "columns")
        words: dict[str, dict[str, tuple[str, ...]]] = {}
        for row in self.rows.values():
            if column in row:
                cells = words.setdefault(str(row[column]), {SYNONYMS: ()})
                cells[SYNONYMS] += row.get(f"{column}_{SYNONYMS}", ())
        if f"{column}_{SYNONYMS}" not in self.columns:
            return tuple(words)
        names = name_rows(words, self.elsewhere)
        names.within = True
        return names


@functools.lru_cache(maxsize=32)  # many protocols look things up in the same few tables
def parse_table(name: str, text: str, file: str) -> DataTable:
    """Return the table that the *text* of a *file* holds, read once; raise ProtocolError for each mistake in it.

    Of a table that the build of the wheel has read, only the cells are read that somebody asks for.
    """
    return read_table(name, parse_yaml_map(text, file, late="rows"))


def read_table(name: str, tree: YamlMap) -> DataTable:
    """Read one table; raise ProtocolError for each mistake in it."""
    mistakes = Collector()
    tree.check_keys(("title", "about", "columns", "defaults", "rows", "incompatible", "routes", "elsewhere", "own"), "a table")
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
    entries: YamlMap | LatePart = tree["rows"] if isinstance(tree.get("rows"), LatePart) else tree.mapping("rows")
    if isinstance(entries, LatePart):
        rows = {row: TableRow(words, defaults, columns) for row, words in entries.data.items()}
    else:
        rows = _read_rows(entries, defaults, columns, mistakes)
    tree.pop("rows", None)
    own = read_row_form(tree.mapping("own"), columns, mistakes) if "own" in tree else None
    mistakes.raise_all()
    return DataTable(
        name=name,
        file=tree.file,
        columns=columns,
        rows=rows,
        line_source=entries if isinstance(entries, LatePart) else entries.lines,
        tree=tree,
        elsewhere=tuple(tree.word_list("elsewhere")),
        own=own,
        defaults={column: read_cell(value, columns[column]) for column, value in defaults.items() if column in columns} if own else {},
    )


def _read_rows(entries: YamlMap, defaults: YamlMap, columns: Mapping[str, str], mistakes: Collector) -> dict[str, TableRow]:
    """Read every cell of every row; record each mistake."""
    rows: dict[str, TableRow] = {}
    for name in entries:
        with mistakes.at(entries.file, entries.lines[name]):
            entry = entries.mapping(name)
            row = rows[name] = TableRow(entry, defaults, columns)
            for key in row:
                with mistakes.at(entry.file, entry.lines.get(key, entry.line)):
                    if key not in EVIDENCE_KEYS and key not in columns:
                        raise ProtocolError(f"the table has no column {key!r}", suggest(key, columns, "columns"))
                    row[key]
            check_evidence(row)
    with mistakes.at(entries.file, entries.line):
        if SYNONYMS in columns:
            name_rows(rows)
    return rows


def read_cell(value: Any, kind: str) -> Any:
    """Return the cell that *value*, as it is written, is in a column of this *kind*; raise ProtocolError if it is none."""
    if kind == "words":
        return tuple(value) if isinstance(value, list) else (str(value),)
    if kind == "text":
        return str(value)
    if kind == "number":
        number = plain_number(value) if isinstance(value, str) else None
        if number is None:
            raise ProtocolError(f"{str(value)!r} is not a number", "write it plainly, like 7.5")
        return number
    return as_quantity(value, *(CONCENTRATIONS if kind == "concentration" else (kind,)))
