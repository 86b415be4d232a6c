"""``list`` prints the protocols, ``show`` the parameters of one, and ``new`` makes the folder of another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .. import library
from ..api.finding import known_ids, list_heads, load_declaration
from ..errors import ProtocolError, refuse_os_errors
from . import terminal

SCHEMA_FILE = "protocol.schema.json"  # beside protocol.yml, whose first line names it: an editor finds it without a network, and wherever it goes
LIST_USAGE = """\
usage: benchsheet list [--json]

List the protocols.

options:
  -h, --help  show this and stop
  --json      as JSON
"""


def list_protocols(argv: Sequence[str]) -> int:
    """Print every protocol's name and title."""
    unknown = [word for word in argv if word not in ("--json", "-h", "--help")]
    if unknown:
        raise ProtocolError(f"{unknown[0]!r} is nothing that it takes", "see 'benchsheet list --help'", "benchsheet list")
    if {"-h", "--help"} & set(argv):
        terminal.write_output(LIST_USAGE)
        return 0
    protocols = list_heads()
    if "--json" in argv:
        terminal.write_json(protocols)
        return 0
    width = max((len(item["id"]) for item in protocols), default=0)
    lines = (f"{item['id']:<{width}}  {item['title']} ({item['version']}){_format_folder(item)}\n" for item in protocols)
    terminal.write_lines("".join(lines), later=" " * (width + 2))
    return 0


def _format_folder(item: dict[str, str]) -> str:
    return f", yours: {item['folder']}" if "folder" in item else ""


def show_protocol(argv: Sequence[str]) -> int:
    """Print a protocol's parameters with default, limits and help."""
    from .help import CommandParser

    parser = CommandParser(prog="benchsheet show", description="Show what a protocol takes.")
    parser.add_argument("id", nargs="?", help="the protocol")
    parser.add_argument("--json", action="store_true", help="as JSON: its parameters")
    parser.add_argument("--schema", action="store_true", help="the JSON schema of protocol.yml, for an editor")
    options = parser.parse_args(argv)
    if options.schema:
        terminal.write_output(library.protocol_schema())
        return 0
    from .which import take_protocol

    if options.id is None:
        raise ProtocolError("no protocol is named", f"one of {', '.join(known_ids())}", "benchsheet show")
    protocol = load_declaration(take_protocol(options.id))
    if options.json:
        from ..api.declarations import list_parameters

        terminal.write_json(list_parameters(protocol))
        return 0
    terminal.write_output("\n".join(_format_parameters(protocol)) + "\n")
    return 0


def _format_parameters(protocol: Any) -> list[str]:
    import textwrap

    from ..api.declarations import parameter_facts
    from ..api.sheet_files import LINE_WIDTH

    lines = [protocol.title, "", *textwrap.wrap(protocol.summary, LINE_WIDTH), ""]
    for number, parameter in enumerate(protocol.parameters_to_read):
        if protocol.ask and number in (0, len(protocol.ask)):
            lines += ["Asked for first:" if not number else "\nAll else:", ""]
        lines.append(f"{parameter.option}")
        choices = protocol.choices(parameter)
        is_long = len(choices) > 12
        facts = [fact for fact in parameter_facts(parameter, protocol) if not (is_long and fact.startswith("one of"))]
        for words in (parameter.help or parameter.label, "; ".join(facts), ", ".join(choices) if is_long else ""):
            lines += textwrap.wrap(words, LINE_WIDTH - 4, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)
    return lines


def create_protocol(argv: Sequence[str]) -> int:
    """Make the folder of a new protocol from the template."""
    from .help import CommandParser

    parser = CommandParser(prog="benchsheet new", description="Begin a protocol: a folder that renders as it is.")
    parser.add_argument("id", nargs="?", help="its name: small letters, digits, hyphens")
    options = parser.parse_args(argv)
    name = options.id or ""
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,40}", name):
        raise ProtocolError(f"{name!r} is not a name for a protocol", "small letters, digits and hyphens, like 'cell-lysis'", "benchsheet new")
    import shutil

    folder = Path("protocols") / name if Path("protocols").is_dir() else Path(name)
    if folder.exists():
        raise ProtocolError(f"{folder.as_posix()!r} is there already", "choose another name, or change that one", "benchsheet new")
    with refuse_os_errors(f"{folder.as_posix()!r} cannot be made", "look at the folder's rights", "benchsheet new"):
        shutil.copytree(f"{library.protocols_folder()}/_template", folder)
        (folder / SCHEMA_FILE).write_text(library.protocol_schema(), "utf-8", newline="\n")
        for file in folder.rglob("*"):
            if file.is_file():
                file.write_text(file.read_text("utf-8").replace("NEW-PROTOCOL", name), "utf-8", newline="\n")
    terminal.write_lines(f"{folder.as_posix()}/ is ready: protocol.yml, protocol.md.j2 and cases/\nbenchsheet check {folder.as_posix()}\n")
    return 0
