"""Many sheets from one table, a file for each row; the whole table is checked before the first sheet is made."""

from __future__ import annotations

import contextlib
import os
import sys
import unicodedata
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from .._dataclass import dataclass, field
from ..api import table_files
from ..api.catalogue import Protocol
from ..api.declarations import check_declared
from ..api.finding import known_ids, load_declaration
from ..api.labs import Lab
from ..api.rendering import Sheet, check_start, render_typed
from ..api.sheet_files import FORMATS, check_format, check_output_path, write_atomically
from ..errors import Collector, ProtocolError, check_known, option_flag, refuse_os_errors
from . import terminal
from .options import RenderArguments
from .scanner import load_lab_option
from .which import take_protocol

RUN_COLUMNS = ("name", "start", "lab")  # columns that are not parameters
UNSAFE_CHARACTERS = frozenset('/\\:*?"<>|')
WINDOWS_DEVICES = frozenset(
    ("con", "prn", "aux", "nul", "conin$", "conout$", *(port + number for port in ("com", "lpt") for number in "0123456789¹²³"))
)
MAX_NAME_BYTES, BAR_LENGTH = 255, 24  # bytes of a file's name; characters of the progress bar


@dataclass(frozen=True, kw_only=True)
class BatchRow:
    """One sheet to make: the *number* of its row, the *line* where that begins, its *protocol*, its file's *name*, its filled *cells* by column."""

    number: int
    line: int
    protocol: str
    name: str
    cells: dict[str, str]


@dataclass(kw_only=True)
class BatchJob:
    """The settings for every row of *table*: *arguments* for the columns that a row leaves empty, and the *format_name*.

    *protocol* is that of all rows, if one is named; *protocols* and *labs* are caches of what rows name.
    """

    table: Path
    arguments: RenderArguments
    format_name: str = "markdown"
    labs: dict[str, Lab] = field(default_factory=dict)
    protocol: Protocol | None = None
    protocols: dict[str, Protocol] = field(default_factory=dict)

    def build_sheet(self, row: BatchRow) -> Sheet:
        """Return the sheet of *row*; raise ProtocolError for all its mistakes."""
        protocol, mistakes, lab = self.find_protocol(row.protocol), Collector(), Lab.default()
        values = {**self.arguments.values, **{column: cell for column, cell in row.cells.items() if column not in RUN_COLUMNS}}
        for name, parameter in load_declaration(protocol).parameters.items():
            if parameter.form.takes_table_file and row.cells.get(name, "").lower().endswith(".csv"):
                values[name] = str(self.table.parent / values[name])
        begin = row.cells.get("start", self.arguments.options.get("start")) or None
        with mistakes.at("--lab"):
            lab = self.load_lab(row.cells.get("lab", ""))
        return render_typed(protocol, values, lab, begin, mistakes, sealed=FORMATS[self.format_name].is_sealed)

    def find_protocol(self, name: str) -> Protocol:
        """Return the protocol of all rows, or else the one called *name*; each is looked for, and told of, once."""
        if self.protocol:
            return self.protocol
        if name not in self.protocols:
            self.protocols[name] = take_protocol(name)
        return self.protocols[name]

    def load_lab(self, profile: str = "") -> Lab:
        """Return the lab of *profile*, a path relative to the table, or else the one of ``--lab``; each is read once."""
        if profile not in self.labs:
            self.labs[profile] = load_lab_option(str(self.table.parent / profile) if profile else self.arguments.options.get("lab"))
        return self.labs[profile]


def render_batch(arguments: RenderArguments, protocol: Protocol | None) -> int:
    """Make a sheet of each row; return 1 if one could not be made."""
    options, mistakes = arguments.options, arguments.mistakes
    batch, folder, rows = BatchJob(table=Path(options.get("batch", "")), arguments=arguments, protocol=protocol), Path(), list[BatchRow]()
    with mistakes.at("--format"):
        batch.format_name = check_format(options.get("format", batch.format_name))
    with mistakes.at("--name"):
        if "name" in options:
            raise ProtocolError("it names one run, and a table has many", "give each its name in the table's column 'name'")
    with mistakes.at("--lab"):
        lab = batch.load_lab()
        if "start" in options:
            check_start(options["start"], lab)
    for name in arguments.values:
        with mistakes.at(option_flag(name)):
            if protocol is None:
                raise ProtocolError("no protocol is named that takes it", "make it a column of the table, or name the protocol")
            check_declared(name, load_declaration(protocol))
    with mistakes.at("--output"):
        folder = _check_folder(options.get("output"))
    with mistakes.at("--batch"):
        if not options.get("batch", "?").strip():
            raise ProtocolError("'' names no file", "give the table, a CSV file")
        rows = _read_rows(batch, FORMATS[batch.format_name].suffix) if "batch" in options else []
    mistakes.raise_all()
    return _render_rows(batch, rows, _prepare_targets(rows, folder, FORMATS[batch.format_name].suffix, force="force" in options))


def _render_rows(batch: BatchJob, rows: Sequence[BatchRow], targets: Sequence[Path]) -> int:
    """Make the sheet of each row, also after one that failed; then print the warnings and the number of sheets; return the exit code."""
    options, failures, warnings, row = batch.arguments.options, 0, dict[str, list[int]](), rows[0]
    try:
        for row, target in zip(rows, targets, strict=True):
            _show_progress(row.number - 1, len(rows))
            try:
                sheet = batch.build_sheet(row)
                write_atomically(sheet.format(batch.format_name, name=row.cells.get("name", "")), target, force="force" in options)
            except ProtocolError as error:
                failures += 1
                _show_progress()
                for mistake in error.parts:
                    message, _, hint = str(mistake).partition("\n  hint: ")
                    terminal.write_error(str(ProtocolError(f"row {row.number} ({row.name!r}): {message}", hint, str(batch.table), row.line)))
            else:
                for message in dict.fromkeys(sheet.warnings):
                    warnings.setdefault(message, []).append(row.number)
    except KeyboardInterrupt:
        _show_progress()
        terminal.write_error(f"stopped in row {row.number} of {len(rows)}; every file in {options['output']!r} is whole")
        raise
    _show_progress()
    for message, numbers in warnings.items() if "quiet" not in options else ():
        terminal.write_error(f"warning: {message} ({_format_ranges(numbers)})")
    terminal.write_lines(
        f"{f'{len(rows) - failures} of ' if failures else ''}{len(rows)} sheet{'' if len(rows) == 1 else 's'} in {options['output']}\n"
    )
    return 1 if failures else 0


def _show_progress(count: int = 0, total: int = 0) -> None:
    """Show a progress bar on a terminal; without a *total*, clear it."""
    if sys.stderr is None or not terminal.is_terminal(sys.stderr) or os.environ.get("TERM") == "dumb":
        return
    full = BAR_LENGTH * count // max(total, 1)
    text = f"[{'#' * full}{'.' * (BAR_LENGTH - full)}] {count} of {total}" if total else ""
    with contextlib.suppress(ProtocolError, BrokenPipeError):
        terminal.write_output(f"\r{text:<{BAR_LENGTH + 24}}\r", sys.stderr)


def _format_ranges(numbers: Sequence[int]) -> str:
    runs = [[number for _, number in each] for _, each in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])]
    return ("row " if len(numbers) == 1 else "rows ") + ", ".join(f"{each[0]} to {each[-1]}" if len(each) > 1 else f"{each[0]}" for each in runs)


def _read_rows(batch: BatchJob, suffix: str) -> list[BatchRow]:
    """Return the rows; raise ProtocolError for all mistakes of the table itself."""
    table_path, protocol = batch.table, batch.protocol
    mistakes, file, rows, ids = Collector(), str(table_path), list[BatchRow](), known_ids()
    table = table_files.read_table_file(table_path, "sheet", mistakes)
    if protocol is None and "protocol" not in table.columns:
        raise ProtocolError("no protocol is named", "name one, 'benchsheet render ID --batch FILE', or add a column 'protocol'", file, table.line)
    for number, row in enumerate(table.rows, 1):
        cells = dict(row.cells)
        protocol_id = protocol.id if protocol else cells.pop("protocol", "")
        name = cells.get("name", f"{protocol_id if protocol_id in ids else 'row'}-{number:0{len(str(len(table.rows)))}}")
        rows.append(
            BatchRow(
                number=number,
                line=row.line,
                protocol=protocol_id,
                name=name[: -len(suffix)] if name[1:].lower().endswith(suffix) else name,
                cells=cells,
            )
        )
    protocol_ids = {row.protocol for row in rows}
    candidates = sorted(protocol_ids) if protocol_ids <= set(ids) else ids  # a row with an unknown protocol has a mistake of its own
    parameters = [name for each in ([protocol] if protocol else map(batch.find_protocol, candidates)) for name in load_declaration(each).parameters]
    allowed = list(dict.fromkeys([*(() if protocol else ("protocol",)), *RUN_COLUMNS, *parameters]))
    for column, typed in table.columns.items():
        with mistakes.at(file, table.line):
            if column == "protocol" and protocol:
                raise ProtocolError(f"a column 'protocol', and {protocol.id!r} is named already", "leave one of them out")
            check_known(column, allowed, f"nothing takes the column {typed!r}", "columns")
    _check_names(rows, suffix, file, mistakes)
    mistakes.raise_all()
    return rows


def _check_names(rows: Sequence[BatchRow], suffix: str, table_path: str, mistakes: Collector) -> None:
    """Record a mistake for a name that is not a valid file name on every system, or that two rows share."""
    first: dict[str, BatchRow] = {}
    for row in rows:
        with mistakes.at(table_path, row.line):
            name, advice = row.name if len(row.name) <= 60 else f"{row.name[:57]}...", "use letters, numbers, spaces and hyphens"
            if not row.name.isprintable() or UNSAFE_CHARACTERS & set(row.name) or row.name.startswith("."):
                raise ProtocolError(f"{name!r} is not a name for a file", advice)
            if row.name.partition(".")[0].rstrip().casefold() in WINDOWS_DEVICES:
                raise ProtocolError(f"{name!r} is a device on Windows, not a name for a file", "choose another")
            if len((row.name + suffix).encode()) > MAX_NAME_BYTES:
                raise ProtocolError(f"{name!r} is too long for a file's name", f"at most {MAX_NAME_BYTES - len(suffix)} bytes")
            other = first.setdefault(unicodedata.normalize("NFC", row.name).casefold(), row)
            if other is not row:
                raise ProtocolError(f"{name!r} names the file of line {other.line} too", "give each row its own; capitals make no difference")


def _check_folder(output: str | None) -> Path:
    """Return the folder that ``--output`` names; raise ProtocolError if it is not a folder and cannot be made."""
    if output is None or not output.strip() or "\0" in output:
        raise ProtocolError("no folder is named" if output is None else f"{output!r} is not a folder", "-o FOLDER says where the sheets go")
    folder = Path(output)
    with refuse_os_errors(f"{output!r} cannot be used", "choose another name"):
        if not folder.is_dir() and (folder.exists() or folder.suffix.lower() in {row.suffix for row in FORMATS.values()}):
            raise ProtocolError(f"{output!r} names a file", "name a folder, and the format with --format")
        if not folder.absolute().parent.is_dir():
            raise ProtocolError(f"there is no folder {folder.parent.as_posix()!r}", "make it first")
    return folder


def _prepare_targets(rows: Sequence[BatchRow], folder: Path, suffix: str, *, force: bool) -> list[Path]:
    """Make the folder and return the file of each row; raise ProtocolError, once for all, for those that may not be written."""
    mistakes, targets = Collector(), list[Path]()
    with refuse_os_errors(f"{str(folder)!r} cannot be made", "choose another", "--output"):
        folder.mkdir(exist_ok=True)
    for row in rows:
        with mistakes.at("--output"):
            targets.append(check_output_path(str(folder / f"{row.name}{suffix}"), force=force))
    if mistakes.errors:
        first, more = mistakes.errors[0], len(mistakes.errors) - 1
        raise ProtocolError(first.message + (f", and {more} more" if more else ""), first.hint, first.file)
    return targets
