"""``benchsheet render``: values from the command line, a sheet to the screen or into a file; refuses all that is wrong at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from .. import library
from ..engine import declared, render
from ..errors import ProtocolError
from ..lab import Lab, default
from ..protocol.reader import Protocol
from ..run.inputs import run
from ..run.lab_tables import in_lab
from ..schedule import start as read_start
from . import terminal
from .options import VALUED, Scanned, render_parser, scan
from .output import SEALED, chosen, face
from .saving import place, save


def command(words: Sequence[str]) -> int:
    """Render one sheet; return the exit code."""
    asks = any(word in ("-h", "--help") for word in words)
    batch = any(word.partition("=")[0] == "--batch" for word in words)
    name = words[0] if words and not words[0].startswith("-") else _name(words)
    if not name and asks:
        names = ", ".join(library.ids())
        terminal.write(render_parser(None).format_help() + f"\nprotocols: {names}\n'benchsheet render ID --help' lists the parameters of one\n")
        return 0
    if not name and batch:
        from .batch import command as each_row

        return each_row(scan(words, "", None), None)
    if not name:
        raise ProtocolError("no protocol is named", f"'benchsheet render ID ...', with ID one of {', '.join(library.ids())}", "benchsheet render")
    protocol = declared(library.named(name))
    if asks:
        terminal.write(render_parser(protocol).format_help())
        return 0
    found = scan(words, name, protocol)
    if any(
        parameter.form == "names" and found.values.get(parameter.name, "").lower().strip().endswith(".csv")
        for parameter in protocol.parameters.values()
    ):
        from .table_files import read

        with found.mistakes.at("benchsheet render"):
            found.values = read(found.values, protocol)
    if batch:
        from .batch import command as each_row

        return each_row(found, protocol)
    lab, target, form = _checked(found, protocol)
    record = render(protocol.source, found.values, lab, found.options.get("start", ""), sealed=form in SEALED)
    sheet = face(record, form, target, lab, found.options.get("name", ""))
    if target is None:
        terminal.write(sheet if isinstance(sheet, str) else sheet.decode())
    else:
        save(sheet, target, force="force" in found.options)
    if "quiet" not in found.options and not (target is None and terminal.is_terminal(sys.stdout)):
        for warning in record["warnings"]:
            if warning["level"] == "W":
                terminal.complain(f"warning: {warning['message']}")
    return 0


def _name(words: Sequence[str]) -> str:
    """Return the protocol that stands among the options, not as the value of one."""
    return next((word for before, word in pairwise(("", *words)) if word in library.ids() and before not in VALUED), "")


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
            target = place(options["output"], force="force" in options)
    with mistakes.at("--format"):
        if "format" in options or not any(mistake.file == "--output" for mistake in mistakes.found):
            form = chosen(options.get("format"), target)
    with mistakes.at("--name"):
        if not options.get("name", "?").strip():
            raise ProtocolError("'' names no run", "give it a name, or leave the option out")
        if any("\ud800" <= sign <= "\udfff" for sign in options.get("name", "")):
            raise ProtocolError(f"{options['name']!r} holds bytes that are no letters", "write it in UTF-8")
        if "name" in options and form not in ("", "ics"):
            raise ProtocolError(f"it names a run in a calendar, and this is {form}", "write a calendar: -o run.ics; or leave the option out")
    if mistakes.found:
        with mistakes.at("benchsheet render"):
            run(in_lab(protocol, lab), found.values)
    mistakes.close()
    return lab, target, form
