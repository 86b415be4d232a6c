"""Tables from CSV files, as spreadsheets write them: one reader for all, and the samples of a run."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from .. import library
from .._dataclass import dataclass
from ..errors import Collector, ProtocolError, check_known
from ..protocol.parameters.lists import join_names
from ..protocol.reader import Protocol

NAME_COLUMNS, CONDITION_COLUMN = ("name", "sample"), "condition"


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """One row that is not empty: the *line* of the file in which it begins, and what stands in each column that it fills."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class TableFile:
    """A table as it was typed: the *line* of the head, its *columns* as options are named, each with its name as typed, and its *rows*."""

    line: int
    columns: Mapping[str, str]
    rows: tuple[TableRow, ...]


def read_table_file(path: Path, each: str, mistakes: Collector) -> TableFile:
    """Return the table in a file with commas, semicolons or tabs; *each* is the word for what a row means, such as ``sheet``.

    Columns are named as options are, whatever their capitals: ``Top dose``, ``top-dose`` and ``--top-dose`` are ``top_dose``. Record a
    mistake for a column that is there twice, and for a cell outside the columns. Raise ProtocolError if the file is not a table.
    """
    (top, head), *below = _read_cells(path, each)
    names = [name.lower().removeprefix("--").replace("-", "_").replace(" ", "_") for name in head]
    for position, name in enumerate(names):
        with mistakes.at(str(path), top):
            if name and name in names[:position]:
                raise ProtocolError(f"the column {head[position]!r} is there twice", "give each its own name")
            if not name and any("".join(cells[position : position + 1]) for _, cells in below):
                raise ProtocolError("nothing takes the column ''", "give it a name, or empty it")
    for line, cells in below:
        with mistakes.at(str(path), line):
            if any(cells[len(names) :]):
                raise ProtocolError(f"{len(cells)} cells under {len(names)} columns", "quote a cell that holds a comma or a semicolon")
    rows = [TableRow(line=line, cells={name: cell for name, cell in zip(names, cells, strict=False) if name and cell}) for line, cells in below]
    return TableFile(line=top, columns={name: typed for name, typed in zip(names, head, strict=True) if name}, rows=tuple(rows))


def _read_cells(path: Path, each: str) -> list[tuple[int, list[str]]]:
    """Return the head and every row that is not empty, each with the line in which it begins."""
    text = library.load_text(path).removeprefix("\ufeff")
    lines, line = list[tuple[int, list[str]]](), 1
    try:
        reader = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=text.lstrip().partition("\n")[0].count), strict=True)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append((line, [cell.strip() for cell in cells]))
            line = reader.line_num + 1
    except csv.Error as error:
        raise ProtocolError(f"this is not a table: {error}", "save it as CSV, UTF-8", str(path), line) from None
    if len(lines) < 2:
        raise ProtocolError("there is no row in it", f"a line with the columns, then a line for each {each}", str(path))
    return lines


def expand_samples(values: Mapping[str, str], protocol: Protocol) -> dict[str, str]:
    """Return *values* with the names from the file in place of each value such as ``samples.csv``.

    The column ``name`` (and ``condition`` behind it) gives the names; a column called as a parameter that takes a value for each
    name gives those, unless *values* has them. Raise ProtocolError for each mistake of such a table.
    """
    expanded_values = dict(values)
    for parameter in protocol.parameters.values():
        file = expanded_values.get(parameter.name, "").strip()
        if not parameter.form.takes_table_file or not file.lower().endswith(".csv"):
            continue
        mistakes = Collector()
        table = read_table_file(Path(file), "sample", mistakes)
        followers = [other.name for other in protocol.parameters.values() if other.follows_list == parameter.name and not other.per_item]
        name_column = _check_columns(table, followers, file, mistakes)
        wanted = [column for column in followers if column not in values and any(column in row.cells for row in table.rows)]
        names = []
        for row in table.rows:
            with mistakes.at(file, row.line):
                names.append(_sample_name(row.cells, name_column, wanted))
        mistakes.raise_all()
        expanded_values[parameter.name] = join_names(names)
        expanded_values |= {column: "; ".join(row.cells[column] for row in table.rows) for column in wanted}
    return expanded_values


def _check_columns(table: TableFile, followers: list[str], file: str, mistakes: Collector) -> str:
    """Return the column with the samples' names; raise ProtocolError if there is none; record a mistake for each unknown column."""
    name_column = next((column for column in NAME_COLUMNS if column in table.columns), None)
    if name_column is None:
        hint = "the first line says what the columns are: name, condition, ..."
        raise ProtocolError(f"no column 'name' in {', '.join(table.columns.values())}", hint, file)
    allowed = [name_column, CONDITION_COLUMN, *followers]
    for column, typed in table.columns.items():
        with mistakes.at(file, table.line):
            check_known(column, allowed, f"nothing takes the column {typed!r}", "columns")
    return name_column


def _sample_name(cells: Mapping[str, str], name_column: str, wanted: list[str]) -> str:
    """Return the name of one sample; raise ProtocolError if it is missing, or if a cell of the columns *wanted* is empty."""
    name = " ".join(cells[column] for column in (name_column, CONDITION_COLUMN) if column in cells)
    if not name:
        raise ProtocolError("a sample without a name", "name each, or leave the line out")
    if ";" in name:
        raise ProtocolError(f"{name!r} holds a semicolon", "semicolons stand between names: leave it out")
    for column in wanted:
        if column not in cells:
            raise ProtocolError(f"{column} is empty for {name!r}", "give all of them, or none")
    return name
