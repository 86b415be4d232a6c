"""``benchsheet render``: a sheet from the values on the command line, to the screen or into a file; all mistakes are raised at once."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from ..api.finding import PACKAGED, is_protocol, known_ids, load_declaration
from ..api.labs import Lab
from ..api.rendering import render_typed
from ..api.sheet_files import FORMATS, NAMED_FORMATS, check_output_path, write_atomically
from ..errors import ProtocolError
from . import terminal
from .options import RenderArguments, run_options, scan_arguments
from .output import choose_format, format_for_output
from .scanner import asks_for_help, load_lab_option
from .which import take_protocol

if TYPE_CHECKING:
    from pathlib import Path


def render_sheet(argv: Sequence[str]) -> int:
    """Render one sheet; return the exit code."""
    wants_help = asks_for_help(argv)
    is_batch = any(word.partition("=")[0] == "--batch" for word in argv)
    name = argv[0] if argv and not argv[0].startswith("-") else _find_protocol(argv)
    if not name and wants_help:
        names = f"protocols: {', '.join(known_ids())}\n'benchsheet render ID --help' lists the parameters of one\n"
        from .help import build_render_parser

        terminal.write_output(f"{build_render_parser(None).format_help()}\n{names}")
        return 0
    if not name and is_batch:
        from .batch import render_batch

        return render_batch(scan_arguments(argv, "", None), None)
    if not name:
        hint = f"'benchsheet render ID ...', with ID one of {', '.join(known_ids())}"
        raise ProtocolError("no protocol is named", hint, "benchsheet render")
    protocol = take_protocol(name)
    declaration = load_declaration(protocol)
    if wants_help:
        from .help import build_render_parser

        terminal.write_output(build_render_parser(declaration).format_help())
        return 0
    arguments = scan_arguments(argv, name, declaration)
    if is_batch:
        from ..api.table_files import expand_samples
        from .batch import render_batch

        with arguments.mistakes.at("benchsheet render"):
            arguments.values = expand_samples(arguments.values, declaration)
        return render_batch(arguments, protocol)
    lab, target, format_name = _check_arguments(arguments)
    is_sealed, start = FORMATS[format_name].is_sealed if format_name else True, arguments.options.get("start")
    run_name = arguments.options.get("name", "").strip()
    sheet = render_typed(protocol, arguments.values, lab, start, arguments.mistakes, place="benchsheet render", name=run_name, sealed=is_sealed)
    if target is None:
        terminal.write_output(format_for_output(sheet, format_name, run_name))
    else:
        write_atomically(sheet.format(format_name, name=run_name), target, force="force" in arguments.options)
    if "quiet" not in arguments.options and not (target is None and terminal.is_terminal(sys.stdout)):
        for warning in sheet.warnings:
            terminal.write_error(f"warning: {warning}")
    return 0


def _find_protocol(argv: Sequence[str]) -> str:
    """Return the first word among the options that is a protocol's name and not an option's value; empty if there is none."""
    ids = known_ids()
    value_flags = {flag for option in run_options(None) if option.metavar for flag in option.flags}
    words = (word for before, word in pairwise(("", *argv)) if before not in value_flags)
    return next((word for word in words if word.removesuffix(PACKAGED) in ids or "/" in word and is_protocol(word)), "")


def _check_arguments(arguments: RenderArguments) -> tuple[Lab, Path | None, str]:
    """Return lab, file and format, which is empty where one of them is a mistake; keep each mistake."""
    mistakes, options = arguments.mistakes, arguments.options
    lab = Lab.default()
    with mistakes.at("--lab"):
        lab = load_lab_option(options.get("lab"))
    target, format_name = None, ""
    with mistakes.at("--output"):
        if "output" in options:
            target = check_output_path(options["output"], force="force" in options)
    with mistakes.at("--format"):
        if "format" in options or not any(mistake.file == "--output" for mistake in mistakes.errors):
            format_name = choose_format(options.get("format"), target)
    with mistakes.at("--name"):
        if not options.get("name", "?").strip():
            raise ProtocolError("'' names no run", "give it a name, or leave the option out")
        if any("\ud800" <= character <= "\udfff" for character in options.get("name", "")):
            raise ProtocolError(f"{options['name']!r} holds bytes that are not letters", "write it in UTF-8")
        if "name" in options and format_name and not FORMATS[format_name].has_name:
            raise ProtocolError(
                f"{format_name} has no title, and would not show it", f"it stands in {', '.join(NAMED_FORMATS)}; or leave the option out"
            )
    return lab, target, format_name
