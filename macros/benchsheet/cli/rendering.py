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
from ..errors import Collector, ProtocolError, near
from ..lab import Lab, default
from ..render import declared, render
from ..schedule import start as read_start
from ..spec import Protocol, run
from . import terminal
from .options import FORMATS, render_parser, strangers


def command(words: Sequence[str]) -> int:
    """Render one sheet; return the exit code."""
    name = next((word for word in words if not word.startswith("-")), "")
    if not name or words[0] in ("-h", "--help"):
        if any(word in ("-h", "--help") for word in words):
            terminal.write(
                render_parser(None).format_help()
                + f"\nprotocols: {', '.join(library.ids())}; 'benchsheet render ID --help' lists the parameters of one\n"
            )
            return 0
        raise ProtocolError("no protocol is named", f"'benchsheet render ID', with ID one of {', '.join(library.ids())}", "benchsheet render")
    source = library.source(name)
    protocol = declared(source)
    parser = render_parser(protocol)
    options, rest = parser.parse_known_args(list(words))
    if options.help:
        terminal.write(parser.format_help())
        return 0
    given = {
        key.removeprefix("parameter "): value for key, value in vars(options).items() if key.startswith("parameter ") and value is not None
    } | strangers(rest)
    lab, target, form = _checked(options, protocol, given)
    record = render(source, given, lab, options.start or "")
    words_out = _words(record, form, target)
    if target is None:
        terminal.write(words_out)
    else:
        _save(words_out, target, force=options.force)
    if not options.quiet and not (target is None and terminal.is_terminal(sys.stdout)):
        for warning in record["warnings"]:
            if warning["level"] == "W":
                terminal.complain(f"warning: {warning['message']}")
    return 0


def _checked(options: Any, protocol: Protocol, given: dict[str, str]) -> tuple[Lab, Path | None, str]:
    """Return lab, file and format; tell everything that is wrong with the command line at once."""
    mistakes = Collector()
    lab = default()
    file = options.lab if options.lab is not None else os.environ.get("BENCHSHEET_LAB", "")
    with mistakes.at("--lab"):
        if options.lab == "":
            raise ProtocolError("'' names no file", "give the lab's profile")
        if file:
            lab = library.lab(Path(file))
    with mistakes.at("--start"):
        if options.start is not None:
            read_start(options.start, lab.zone)
    target = Path(options.output) if options.output is not None else None
    form = ""
    with mistakes.at("--format"):
        form = _format(options.format, target)
    with mistakes.at("--output"):
        if target is not None:
            _writable(target, options.output, force=options.force)
    if mistakes.found:
        with mistakes.at("--" + "value"):
            run(protocol, given)
    mistakes.close()
    return lab, target, form


def _format(asked: str | None, target: Path | None) -> str:
    if asked is not None:
        if asked not in FORMATS:
            raise ProtocolError(f"unknown format {asked!r}", near(asked, FORMATS, "formats"))
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
        with tempfile.NamedTemporaryFile("wb", dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
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
