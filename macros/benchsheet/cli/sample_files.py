"""Samples from a table: a CSV file with a name a row, and what was measured; refuses a column that nobody asked for."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from .. import library
from ..errors import ProtocolError, near
from ..spec import Protocol

NAMES, CONDITION = ("name", "sample"), "condition"


def read(values: Mapping[str, str], protocol: Protocol) -> dict[str, str]:
    """Return *values* with every ``--samples table.csv`` as what stands in the file.

    The column ``name`` (and ``condition`` behind it) gives the names; a column called as a parameter that takes a value for each
    name gives those. Raise ProtocolError for a file that is no such table.
    """
    found = dict(values)
    for parameter in protocol.parameters.values():
        text = found.get(parameter.name, "").strip()
        if parameter.form != "names" or not text.lower().endswith(".csv"):
            continue
        rows = _rows(Path(text))
        beside = {other.name: other for other in protocol.parameters.values() if other.like == parameter.name and not other.told}
        head = list(rows[0])
        names = next((column for column in NAMES if column in head), None)
        if names is None:
            raise ProtocolError(f"no column 'name' in {', '.join(head)}", "the first line says what the columns are: name, condition, ...", text)
        for column in head:
            if column not in (names, CONDITION, *beside):
                raise ProtocolError(f"nothing takes the column {column!r}", near(column, [names, CONDITION, *beside], "columns"), text, 1)
        found[parameter.name] = ",".join(_named(row, names, text, line) for line, row in enumerate(rows, 2))
        for column in beside:
            if column in head and column not in values and any(row[column] for row in rows):
                blank = [line for line, row in enumerate(rows, 2) if not row[column]]
                if blank:
                    raise ProtocolError(f"{column} is empty for {rows[blank[0] - 2][names]!r}", "give all of them, or none", text, blank[0])
                found[column] = "; ".join(row[column] for row in rows)
    return found


def _named(row: Mapping[str, str], names: str, file: str, line: int) -> str:
    name = " ".join(filter(None, (row[names], row.get(CONDITION, ""))))
    if not name:
        raise ProtocolError("a sample without a name", "name each, or leave the line out", file, line)
    if "," in name:
        raise ProtocolError(f"{name!r} holds a comma", "commas stand between names: leave it out", file, line)
    return name


def _rows(path: Path) -> list[dict[str, str]]:
    lines = library.text(path).removeprefix("\ufeff")
    mark = ";" if lines.partition("\n")[0].count(";") > lines.partition("\n")[0].count(",") else ","
    try:
        rows = [row for row in csv.reader(io.StringIO(lines), delimiter=mark, strict=True) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise ProtocolError(f"this is no table: {error}", "save it as CSV, UTF-8", str(path)) from None
    if len(rows) < 2:
        raise ProtocolError("there is no sample in it", "a line with the columns, then a line for each sample", str(path))
    head = [cell.strip().lower() for cell in rows[0]]
    if len(set(head)) < len(head):
        raise ProtocolError(f"a column is there twice: {', '.join(head)}", "give each its own name", str(path), 1)
    for line, row in enumerate(rows[1:], 2):
        if len(row) > len(head):
            raise ProtocolError(f"{len(row)} cells under {len(head)} columns", "quote a cell that holds a comma", str(path), line)
    return [dict(zip(head, [*(cell.strip() for cell in row), *[""] * (len(head) - len(row))], strict=True)) for row in rows[1:]]
