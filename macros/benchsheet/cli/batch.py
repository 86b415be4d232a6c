"""Many sheets from one table, a row a file; refuses, before the first is made, a column, a name or a file that cannot be."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import sys
import unicodedata
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from .. import library
from .._dataclass import dataclass, field
from ..engine import declared, render
from ..errors import Collector, Mistakes, ProtocolError, near
from ..lab import Lab, default
from ..protocol.reader import Protocol
from ..run.inputs import run
from ..run.lab_tables import in_lab
from ..schedule import start as read_start
from . import table_files as sample_files
from . import terminal
from .options import Scanned
from .output import FORMATS, SEALED, face, known
from .saving import place, save

OWN = ("name", "start", "lab")  # columns that are no parameter
BARRED = frozenset('/\\:*?"<>|')
DEVICES = frozenset(("con", "prn", "aux", "nul", "conin$", "conout$", *(port + number for port in ("com", "lpt") for number in "0123456789¹²³")))
LONGEST, BAR = 255, 24  # bytes of a file's name; signs of the progress bar


@dataclass(frozen=True)
class Row:
    """One sheet to make: its *number* below the head, the *line* it begins in, its protocol, its file's *name*, its filled *cells* by column."""

    number: int
    line: int
    protocol: str
    name: str
    cells: dict[str, str]


@dataclass
class Batch:
    """What holds for every row: the *table* it stands in, what was *typed* for those that say nothing else, the *form*, the labs read so far."""

    table: Path
    typed: Scanned
    form: str = "markdown"
    labs: dict[str, Lab] = field(default_factory=dict)

    def record(self, row: Row) -> dict[str, Any]:
        """Return the Record of *row*; raise ProtocolError for all that is wrong with it."""
        protocol, mistakes, lab = declared(library.source(row.protocol)), Collector(), default()
        values = {**self.typed.values, **{column: cell for column, cell in row.cells.items() if column not in OWN}}
        for name, parameter in protocol.parameters.items():
            if parameter.form == "names" and row.cells.get(name, "").lower().endswith(".csv"):
                values[name] = str(self.table.parent / values[name])
        begin = row.cells.get("start", self.typed.options.get("start", ""))
        with mistakes.at("--lab"):
            lab = self.lab(row.cells.get("lab", ""))
        with mistakes.at("--start"):
            if begin:
                read_start(begin, lab.zone)
        with mistakes.at(""):
            values = sample_files.read(values, protocol)
            if mistakes.found:
                run(in_lab(protocol, lab), values)
        mistakes.close()
        return render(protocol.source, values, lab, begin, sealed=self.form in SEALED)

    def lab(self, own: str = "") -> Lab:
        """Return the lab of a row's *own* profile, looked for beside the table, or else the one for all; each is read once."""
        file = str(self.table.parent / own) if own else self.typed.options.get("lab", os.environ.get("BENCHSHEET_LAB", ""))
        if file not in self.labs:
            self.labs[file] = library.lab(Path(file)) if file else default()
        return self.labs[file]


def command(typed: Scanned, protocol: Protocol | None) -> int:
    """Make a sheet of each row; return 1 if one could not be made."""
    options, mistakes = typed.options, typed.mistakes
    batch, folder, rows = Batch(Path(options.get("batch", "")), typed), Path(), list[Row]()
    with mistakes.at("--format"):
        batch.form = known(options.get("format", batch.form))
    with mistakes.at("--name"):
        if "name" in options:
            raise ProtocolError("it names one run, and a table has many", "give each its name in the table's column 'name'")
    with mistakes.at("--lab"):
        if options.get("lab") == "":
            raise ProtocolError("'' names no file", "give the lab's profile")
        lab = batch.lab()
        if "start" in options:
            read_start(options["start"], lab.zone)
    for name in typed.values:
        with mistakes.at("--" + name.replace("_", "-")):
            if protocol is None:
                raise ProtocolError("no protocol is named that takes it", "make it a column of the table, or name the protocol")
            if name not in protocol.parameters:
                known_here = [parameter.option for parameter in protocol.parameters.values()]
                raise ProtocolError(f"{protocol.id} has no such parameter", near("--" + name.replace("_", "-"), known_here, "options"))
    with mistakes.at("--output"):
        folder = _folder(options.get("output"))
    with mistakes.at("--batch"):
        if not options.get("batch", "?").strip():
            raise ProtocolError("'' names no file", "give the table, a CSV file")
        rows = _rows(batch.table, protocol, FORMATS[batch.form]) if "batch" in options else []
    mistakes.close()
    return _all(batch, rows, _targets(rows, folder, FORMATS[batch.form], force="force" in options))


def _all(batch: Batch, rows: Sequence[Row], targets: Sequence[Path]) -> int:
    """Make the sheets, going on after a row that makes none; then tell what was warned of, and how many there are."""
    options, missed, warned, row = batch.typed.options, 0, dict[str, list[int]](), rows[0]
    try:
        for row, target in zip(rows, targets, strict=True):
            _bar(row.number - 1, len(rows))
            try:
                record = batch.record(row)
                lab = batch.lab(row.cells.get("lab", ""))
                save(face(record, batch.form, target, lab, row.cells.get("name", "")), target, force="force" in options)
            except ProtocolError as error:
                missed += 1
                _bar()
                for mistake in error.found if isinstance(error, Mistakes) else (error,):
                    message, _, hint = str(mistake).partition("\n  hint: ")
                    terminal.complain(str(ProtocolError(f"row {row.number} ({row.name!r}): {message}", hint, str(batch.table), row.line)))
            else:
                for message in {warning["message"]: None for warning in record["warnings"] if warning["level"] == "W"}:
                    warned.setdefault(message, []).append(row.number)
    except KeyboardInterrupt:
        _bar()
        terminal.complain(f"stopped in row {row.number} of {len(rows)}; every file in {options['output']!r} is whole")
        raise
    _bar()
    for message, numbers in warned.items() if "quiet" not in options else ():
        terminal.complain(f"warning: {message} ({_ranges(numbers)})")
    terminal.write(f"{f'{len(rows) - missed} of ' if missed else ''}{len(rows)} sheet{'' if len(rows) == 1 else 's'} in {options['output']}\n")
    return 1 if missed else 0


def _bar(done: int = 0, of: int = 0) -> None:
    """Show where somebody watches how far it is; of nothing, wipe it away."""
    if sys.stderr is None or not terminal.is_terminal(sys.stderr) or os.environ.get("TERM") == "dumb":
        return
    full = BAR * done // max(of, 1)
    words = f"[{'#' * full}{'.' * (BAR - full)}] {done} of {of}" if of else ""
    with contextlib.suppress(ProtocolError, BrokenPipeError):
        terminal.write(f"\r{words:<{BAR + 24}}\r", sys.stderr)


def _ranges(numbers: Sequence[int]) -> str:
    runs = [[number for _, number in each] for _, each in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])]
    return ("row " if len(numbers) == 1 else "rows ") + ", ".join(f"{each[0]} to {each[-1]}" if len(each) > 1 else f"{each[0]}" for each in runs)


def _rows(table: Path, protocol: Protocol | None, suffix: str) -> list[Row]:
    """Return the rows; raise ProtocolError for all that is wrong with the table itself."""
    mistakes, where, found, ids = Collector(), str(table), list[Row](), library.ids()
    (top, head), *below = _cells(table)
    columns = [cell.lower().removeprefix("--").replace("-", "_").replace(" ", "_") for cell in head]
    if protocol is None and "protocol" not in columns:
        raise ProtocolError("no protocol is named", "name one, 'benchsheet render ID --batch FILE', or add a column 'protocol'", where, top)
    for number, (line, cells) in enumerate(below, 1):
        with mistakes.at(where, line):
            if any(cells[len(columns) :]):
                raise ProtocolError(f"{len(cells)} cells under {len(columns)} columns", "quote a cell that holds a comma or a semicolon")
        filled = {column: cell for column, cell in zip(columns, cells, strict=False) if cell}
        whose = protocol.id if protocol else filled.pop("protocol", "")
        name = filled.get("name", f"{whose if whose in ids else 'row'}-{number:0{len(str(len(below)))}}")
        found.append(Row(number, line, whose, name[: -len(suffix)] if name[1:].lower().endswith(suffix) else name, filled))
    named = {row.protocol for row in found}
    makers = sorted(named) if named <= set(ids) else ids  # a row with another name tells it by itself
    taken = [*(() if protocol else ("protocol",)), *OWN]
    taken += [name for name in dict.fromkeys(name for each in makers for name in declared(library.source(each)).parameters) if name not in taken]
    for position, column in enumerate(columns):
        with mistakes.at(where, top):
            if column and column in columns[:position]:
                raise ProtocolError(f"the column {head[position]!r} is there twice", "give each its own name")
            if column == "protocol" and protocol:
                raise ProtocolError(f"a column 'protocol', and {protocol.id!r} is named already", "leave one of them out")
            if column not in taken and (column or any("" in row.cells for row in found)):
                raise ProtocolError(f"nothing takes the column {head[position]!r}", near(column, taken, "columns"))
    _check_names(found, suffix, where, mistakes)
    mistakes.close()
    return found


def _cells(table: Path) -> list[tuple[int, list[str]]]:
    """Return the head and the rows of a table as spreadsheets write it, each with the line it begins in."""
    words = library.text(table).removeprefix("\ufeff")
    found, line = list[tuple[int, list[str]]](), 1
    try:
        reader = csv.reader(io.StringIO(words), delimiter=max(",;\t", key=words.lstrip().partition("\n")[0].count), strict=True)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append((line, [cell.strip() for cell in cells]))
            line = reader.line_num + 1
    except csv.Error as error:
        raise ProtocolError(f"this is no table: {error}", "save it as CSV, UTF-8", str(table), line) from None
    if len(found) < 2:
        raise ProtocolError("there is no row in it", "a line with the columns, then a line for each sheet", str(table))
    return found


def _check_names(rows: Sequence[Row], suffix: str, where: str, mistakes: Collector) -> None:
    """Keep it as a mistake if a name is none of a file on every system, or that of two rows."""
    first: dict[str, Row] = {}
    for row in rows:
        with mistakes.at(where, row.line):
            name, plain = row.name if len(row.name) <= 60 else f"{row.name[:57]}...", "use letters, numbers, spaces and hyphens"
            if not row.name.isprintable() or BARRED & set(row.name) or row.name.startswith("."):
                raise ProtocolError(f"{name!r} is no name for a file", plain)
            if row.name.partition(".")[0].rstrip().casefold() in DEVICES:
                raise ProtocolError(f"{name!r} is a device on Windows, not a name for a file", "choose another")
            if len((row.name + suffix).encode()) > LONGEST:
                raise ProtocolError(f"{name!r} is too long for a file's name", f"at most {LONGEST - len(suffix)} bytes")
            other = first.setdefault(unicodedata.normalize("NFC", row.name).casefold(), row)
            if other is not row:
                raise ProtocolError(f"{name!r} names the file of line {other.line} too", "give each row its own; capitals make no difference")


def _folder(typed: str | None) -> Path:
    """Return the folder that ``--output`` names; raise ProtocolError if it can be none."""
    if typed is None or not typed.strip() or "\0" in typed:
        raise ProtocolError("no folder is named" if typed is None else f"{typed!r} is no folder", "-o FOLDER says where the sheets go")
    folder = Path(typed)
    try:
        if not folder.is_dir() and (folder.exists() or folder.suffix.lower() in FORMATS.values()):
            raise ProtocolError(f"{typed!r} names a file", "name a folder, and the format with --format")
        if not folder.absolute().parent.is_dir():
            raise ProtocolError(f"there is no folder {folder.parent.as_posix()!r}", "make it first")
    except OSError as error:
        raise ProtocolError(f"{typed!r} cannot be used: {(error.strerror or 'unknown reason').lower()}", "choose another name") from None
    return folder


def _targets(rows: Sequence[Row], folder: Path, suffix: str, *, force: bool) -> list[Path]:
    """Make the folder and return the file of each row; raise ProtocolError, once for all, for those that may not be written."""
    mistakes, found = Collector(), list[Path]()
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise ProtocolError(f"{str(folder)!r} cannot be made: {(error.strerror or 'unknown reason').lower()}", "choose another", "--output") from None
    for row in rows:
        with mistakes.at("--output"):
            found.append(place(str(folder / f"{row.name}{suffix}"), force=force))
    if mistakes.found:
        first, more = mistakes.found[0], len(mistakes.found) - 1
        raise ProtocolError(first.message + (f", and {more} more" if more else ""), first.hint, first.file)
    return found
