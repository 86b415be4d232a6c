"""``list``, ``show`` and ``new``: which protocols there are, what one takes, and a folder to begin with."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .. import library
from ..errors import ProtocolError
from . import terminal

USAGE_OF_LIST = """\
usage: benchsheet list [--json]

List the protocols.

options:
  -h, --help  show this and stop
  --json      as JSON
"""


def list_protocols(words: Sequence[str]) -> int:
    """Print every protocol's name and title."""
    odd = [word for word in words if word not in ("--json", "-h", "--help")]
    if odd:
        raise ProtocolError(f"{odd[0]!r} is nothing that it takes", "see 'benchsheet list --help'", "benchsheet list")
    if {"-h", "--help"} & set(words):
        terminal.write(USAGE_OF_LIST)
        return 0
    from ..yamltree import read

    found = []
    for name in library.ids():
        file = library.home() / name / "protocol.yml"
        tree = read(library.head(library.text(file)), f"protocols/{name}/protocol.yml")
        found.append({"id": name, "title": tree.text("title"), "version": tree.text("version"), "summary": tree.text("summary")})
    if "--json" in words:
        terminal.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
        return 0
    wide = max((len(item["id"]) for item in found), default=0)
    terminal.write("".join(f"{item['id']:<{wide}}  {item['title']} ({item['version']})\n" for item in found))
    return 0


def show(words: Sequence[str]) -> int:
    """Print a protocol's parameters with default, limits and help."""
    from .options import Parser

    parser = Parser(prog="benchsheet show", description="Show what a protocol takes.")
    parser.add_argument("id", nargs="?", help="the protocol")
    parser.add_argument("--json", action="store_true", help="as JSON")
    options = parser.read(words)
    if options is None:
        return 0
    from ..engine import declared

    if options.id is None:
        raise ProtocolError("no protocol is named", f"one of {', '.join(library.ids())}", "benchsheet show")
    protocol = declared(library.named(options.id))
    if options.json:
        terminal.write(json.dumps([_data(protocol, parameter) for parameter in protocol.parameters.values()], ensure_ascii=False, indent=1) + "\n")
        return 0
    terminal.write("\n".join(_shown(protocol)) + "\n")
    return 0


def _shown(protocol: Any) -> list[str]:
    import textwrap

    from ..protocol.parameters.telling import facts

    lines = [protocol.title, "", *textwrap.wrap(protocol.summary, 80), ""]
    for parameter in protocol.parameters.values():
        lines.append(f"{parameter.option}")
        choices = protocol.choices(parameter) if parameter.form == "choices" else ()
        long = len(choices) > 12
        said = [parameter.help or parameter.label, "; ".join(fact for fact in facts(parameter, protocol) if not (long and fact.startswith("one of")))]
        if long:
            said.append(", ".join(choices))
        for words in said:
            lines += textwrap.wrap(words, 76, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)
    return lines


def _data(protocol: Any, parameter: Any) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "option": parameter.option,
        "form": parameter.form,
        "kind": parameter.kind or None,
        "label": parameter.label,
        "help": parameter.help,
        "default": parameter.default,
        "min": parameter.low or None,
        "max": parameter.high or None,
        "choices": list(protocol.choices(parameter)) if parameter.form == "choices" else None,
        "list": parameter.is_list,
        "evidence": parameter.evidence or None,
        "citations": list(parameter.cite),
    }


def new(words: Sequence[str]) -> int:
    """Make the folder of a new protocol from the template."""
    from .options import Parser

    parser = Parser(prog="benchsheet new", description="Begin a protocol: a folder that renders as it is.")
    parser.add_argument("id", nargs="?", help="its name: small letters, digits, hyphens")
    options = parser.read(words)
    if options is None:
        return 0
    name = options.id or ""
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,40}", name):
        raise ProtocolError(f"{name!r} is no name for a protocol", "small letters, digits and hyphens, like 'cell-lysis'", "benchsheet new")
    import shutil

    folder = Path("protocols") / name if Path("protocols").is_dir() else Path(name)
    if folder.exists():
        raise ProtocolError(f"{folder.as_posix()!r} is there already", "choose another name, or change that one", "benchsheet new")
    try:
        shutil.copytree(library.home() / "_template", folder)
        for file in folder.rglob("*"):
            if file.is_file():
                file.write_text(file.read_text("utf-8").replace("NEW-PROTOCOL", name), "utf-8", newline="\n")
    except OSError as error:
        raise ProtocolError(
            f"{folder.as_posix()!r} cannot be made: {(error.strerror or 'unknown reason').lower()}", "look at the folder's rights", "benchsheet new"
        ) from None
    terminal.write(f"{folder.as_posix()}/ is ready: protocol.yml, protocol.md.j2 and cases/\nbenchsheet check {folder.as_posix()}\n")
    return 0
