"""``benchsheet render``: values from the command line, a sheet to the screen or into a file; whole files or none."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .. import library
from ..errors import ProtocolError, near
from ..lab import Lab, default
from ..render import declared, render
from ..schedule import start as read_start
from ..spec import Protocol, run
from ..spec.lab_tables import in_lab
from . import terminal
from .options import FORMATS, Scanned, render_parser, scan


def command(words: Sequence[str]) -> int:
    """Render one sheet; return the exit code."""
    asks = any(word in ("-h", "--help") for word in words)
    name = words[0] if words and not words[0].startswith("-") else next((word for word in words if word in library.ids()), "")
    if not name and asks:
        names = ", ".join(library.ids())
        terminal.write(render_parser(None).format_help() + f"\nprotocols: {names}; 'benchsheet render ID --help' lists the parameters of one\n")
        return 0
    if not name:
        raise ProtocolError("no protocol is named", f"'benchsheet render ID ...', with ID one of {', '.join(library.ids())}", "benchsheet render")
    protocol = declared(library.source(name))
    if asks:
        terminal.write(render_parser(protocol).format_help())
        return 0
    found = scan(words, name, protocol)
    lab, target, form = _checked(found, protocol)
    record = render(protocol.source, found.values, lab, found.options.get("start", ""), sealed=form == "json")
    sheet = _words(record, form, target)
    if target is None:
        terminal.write(sheet)
    else:
        _save(sheet, target, force="force" in found.options)
    if "quiet" not in found.options and not (target is None and terminal.is_terminal(sys.stdout)):
        for warning in record["warnings"]:
            if warning["level"] == "W":
                terminal.complain(f"warning: {warning['message']}")
    return 0


def _checked(found: Scanned, protocol: Protocol) -> tuple[Lab, Path | None, str]:
    """Return lab, file and format; tell everything that is wrong with the command line at once."""
    mistakes, options = found.mistakes, found.options
    lab = default()
    file = options.get("lab", os.environ.get("BENCHSHEET_LAB", ""))
    with mistakes.at("--lab"):
        if "lab" in options and not file:
            raise ProtocolError("'' names no file", "give the lab's profile")
        if file:
            lab = library.lab(Path(file))
    with mistakes.at("--start"):
        if "start" in options:
            read_start(options["start"], lab.zone)
    target, form = None, ""
    with mistakes.at("--output"):
        if "output" in options:
            target = Path(options["output"])
            _writable(target, options["output"], force="force" in options)
            target = target.resolve() if target.is_symlink() else target
    with mistakes.at("--format"):
        if "format" in options or not any(mistake.file == "--output" for mistake in mistakes.found):
            form = _format(options.get("format"), target)
    if mistakes.found:
        with mistakes.at("benchsheet render"):
            run(in_lab(protocol, lab), found.values)
    mistakes.close()
    return lab, target, form


def _format(asked: str | None, target: Path | None) -> str:
    if asked is not None:
        if asked not in FORMATS:
            raise ProtocolError(f"unknown format {asked!r}", near(asked, FORMATS, "formats"), "--format")
        return asked
    if target is None:
        return "text" if terminal.is_terminal(sys.stdout) else "markdown"
    for name, suffix in FORMATS.items():
        if target.suffix.lower() == suffix:
            return name
    raise ProtocolError(
        f"the suffix {target.suffix!r} of {target.name!r} is of no format", f"one of {', '.join(FORMATS.values())}, or give --format", "--output"
    )


def _writable(target: Path, typed: str, *, force: bool) -> None:
    """Refuse a place that cannot be written to, before anything is made."""
    if not typed.strip() or "\0" in typed:
        raise ProtocolError(f"{typed!r} is no file name", "name the file to write")
    try:
        if target.is_dir():
            raise ProtocolError(f"{typed!r} is a folder", "name a file in it")
        if target.exists() and not target.is_file():
            raise ProtocolError(f"{typed!r} is no file", "name one")
        if target.exists() and not force:
            raise ProtocolError(f"{typed!r} is there already", "--force overwrites it")
        if not target.parent.is_dir():
            raise ProtocolError(f"there is no folder {target.parent.as_posix()!r}", "make it first")
    except OSError as error:
        raise ProtocolError(f"{typed!r} cannot be written: {(error.strerror or 'unknown reason').lower()}", "choose another name") from None


def _words(record: dict[str, Any], form: str, target: Path | None) -> str:
    if form == "json":
        return json.dumps(record, ensure_ascii=False, indent=1) + "\n"
    if form == "markdown":
        from ..faces.markdown import markdown

        return markdown(record)
    from ..faces.text import text

    if target is None:
        stream = sys.stdout
        encoding = terminal.encoding(stream)
        if encoding.lower().replace("-", "") != "utf8":
            record = terminal.plain_data(record, encoding)
        return text(record, bold=terminal.coloured(stream))
    return text(record)


def _save(words: str, target: Path, *, force: bool) -> None:
    """Write the whole file or none; another's file that appeared meanwhile is not overwritten either."""
    made = ""
    try:
        with tempfile.NamedTemporaryFile("wb", dir=target.parent, prefix=".benchsheet.", delete=False) as file:
            made = file.name
            file.write(words.encode())
        os.chmod(made, 0o666 & ~_umask())
        if force:
            os.replace(made, target)
        else:
            _claim(made, target)
    except OSError as error:
        raise ProtocolError(
            f"{str(target)!r} cannot be written: {(error.strerror or 'unknown reason').lower()}", "look at its folder's rights and space", "--output"
        ) from None
    finally:
        with contextlib.suppress(OSError):
            os.unlink(made)


def _claim(made: str, target: Path) -> None:
    """Give the finished file its name if nobody has it."""
    try:
        os.link(made, target)
    except FileExistsError:
        raise ProtocolError(f"{str(target)!r} is there already", "--force overwrites it", "--output") from None
    except OSError:  # a file system without links
        os.replace(made, target)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
