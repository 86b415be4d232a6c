"""Samples from a table: a CSV file with a name a row, and what was measured; refuses a column that nobody asked for."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from .. import library
from ..errors import ProtocolError, suggest
from ..protocol.reader import Protocol

NAME_COLUMNS, CONDITION_COLUMN = ("name", "sample"), "condition"


def expand_samples(values: Mapping[str, str], protocol: Protocol) -> dict[str, str]:
    """Return *values* with every ``--samples table.csv`` as what stands in the file.

    The column ``name`` (and ``condition`` behind it) gives the names; a column called as a parameter that takes a value for each
    name gives those. Raise ProtocolError for a file that is no such table.
    """
    expanded_values = dict(values)
    for parameter in protocol.parameters.values():
        text = expanded_values.get(parameter.name, "").strip()
        if parameter.form != "names" or not text.lower().endswith(".csv"):
            continue
        rows = _read_samples(Path(text))
        value_columns = {other.name: other for other in protocol.parameters.values() if other.follows_list == parameter.name and not other.per_item}
        head = list(rows[0][1])
        names = next((column for column in NAME_COLUMNS if column in head), None)
        if names is None:
            raise ProtocolError(f"no column 'name' in {', '.join(head)}", "the first line says what the columns are: name, condition, ...", text)
        for column in head:
            if column not in (names, CONDITION_COLUMN, *value_columns):
                raise ProtocolError(
                    f"nothing takes the column {column!r}", suggest(column, [names, CONDITION_COLUMN, *value_columns], "columns"), text, 1
                )
        expanded_values[parameter.name] = ",".join(_sample_name(row, names, text, line) for line, row in rows)
        for column in value_columns:
            if column in head and column not in values and any(row[column] for _, row in rows):
                for line, row in rows:
                    if not row[column]:
                        raise ProtocolError(f"{column} is empty for {row[names]!r}", "give all of them, or none", text, line)
                expanded_values[column] = "; ".join(row[column] for _, row in rows)
    return expanded_values


def _sample_name(row: Mapping[str, str], names: str, file: str, line: int) -> str:
    name = " ".join(filter(None, (row[names], row.get(CONDITION_COLUMN, ""))))
    if not name:
        raise ProtocolError("a sample without a name", "name each, or leave the line out", file, line)
    if "," in name:
        raise ProtocolError(f"{name!r} holds a comma", "commas stand between names: leave it out", file, line)
    return name


def _read_samples(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Return each row with the line it ends in."""
    text = library.load_text(path).removeprefix("\ufeff")
    delimiter = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    try:
        reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise ProtocolError(f"this is no table: {error}", "save it as CSV, UTF-8", str(path)) from None
    if len(rows) < 2:
        raise ProtocolError("there is no sample in it", "a line with the columns, then a line for each sample", str(path))
    head = [cell.strip().lower() for cell in rows[0][1]]
    if len(set(head)) < len(head):
        raise ProtocolError(f"a column is there twice: {', '.join(head)}", "give each its own name", str(path), rows[0][0])
    for line, row in rows[1:]:
        if len(row) > len(head):
            raise ProtocolError(f"{len(row)} cells under {len(head)} columns", "quote a cell that holds a comma", str(path), line)
    return [(line, dict(zip(head, [*(cell.strip() for cell in row), *[""] * (len(head) - len(row))], strict=True))) for line, row in rows[1:]]
