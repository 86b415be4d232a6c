"""The words of the command line: what each command takes; refuses a word twice, and an unknown one with the nearest."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

from ..errors import ProtocolError
from ..spec import Parameter, Protocol
from ..units import parse

FORMATS = {"text": ".txt", "markdown": ".md", "json": ".json"}


class Parser(argparse.ArgumentParser):
    """argparse that refuses in our words, abbreviates nothing, and never ends the process."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, formatter_class=Help, add_help=False, **settings)
        self.add_argument("-h", "--help", action="store_true", help="show this and stop")

    def error(self, message: str) -> NoReturn:
        """Raise what argparse would end the process with."""
        what, _, rest = message.removeprefix("argument ").partition(": ")
        place = what.rpartition("/")[2] if rest and what.startswith("-") else ""
        message = rest.replace("expected one argument", "it has no value") if place else message
        raise ProtocolError(message, f"see '{self.prog} --help'", place or self.prog)


class Help(argparse.HelpFormatter):
    """Help of at most 80 columns, whatever the terminal."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=26, width=79)


class Once(argparse.Action):
    """An option that may be given once: the second of two would hide the first."""

    def __call__(
        self, parser: argparse.ArgumentParser, space: argparse.Namespace, value: str | Sequence[Any] | None, option: str | None = None
    ) -> None:
        """Keep the value; refuse a second one."""
        if getattr(space, self.dest, None) is not None:
            raise ProtocolError(f"{value!r} is the second value given", "give the option once", option or self.dest)
        setattr(space, self.dest, value)


def render_parser(protocol: Protocol | None) -> Parser:
    """Return the parser of ``render``, with the protocol's own parameters if it is known."""
    parser = Parser(
        prog=f"benchsheet render {protocol.id if protocol else 'ID'}",
        description=protocol.title if protocol else "Render a protocol for one run.",
        usage="%(prog)s [--PARAMETER VALUE ...] [options]",
    )
    parser.add_argument("id", nargs="?", help=argparse.SUPPRESS)
    if protocol:
        group = parser.add_argument_group("parameters")
        for parameter in protocol.parameters.values():
            _parameter(group, parameter, protocol)
    options = parser.add_argument_group("options")
    options.add_argument("--lab", metavar="FILE", action=Once, help="the lab's profile (or set BENCHSHEET_LAB)")
    options.add_argument("--start", metavar="TIME", action=Once, help="when the first step begins: 2026-11-23T09:00")
    options.add_argument("--format", metavar="FORMAT", action=Once, help=f"{', '.join(FORMATS)}; by default text on a terminal, else markdown")
    options.add_argument("-o", "--output", metavar="FILE", action=Once, help="write to FILE; its suffix gives the format")
    options.add_argument("--force", action="store_true", help="overwrite FILE")
    options.add_argument("--quiet", action="store_true", help="do not repeat warnings on standard error")
    return parser


def _parameter(group: Any, parameter: Parameter, protocol: Protocol) -> None:
    words = described(parameter, protocol).replace("%", "%%")
    if parameter.form == "flag":
        group.add_argument(parameter.option, dest=f"parameter {parameter.name}", nargs="?", const="yes", action=Once, metavar="YES", help=words)
        group.add_argument(
            "--no-" + parameter.option[2:], dest=f"parameter {parameter.name}", nargs=0, const="no", action=_No, help=argparse.SUPPRESS
        )
        return
    group.add_argument(parameter.option, dest=f"parameter {parameter.name}", metavar=_metavar(parameter), action=Once, help=words)


class _No(Once):
    """``--no-flag``."""

    def __call__(
        self, parser: argparse.ArgumentParser, space: argparse.Namespace, value: str | Sequence[Any] | None, option: str | None = None
    ) -> None:
        """Keep "no"."""
        super().__call__(parser, space, "no", option)


def _metavar(parameter: Parameter) -> str:
    names = {"count": "N", "number": "NUMBER", "choices": "WORD", "text": "NAME", "pairs": "STOCKS"}
    word = names.get(parameter.form, parameter.kind.upper().replace(" ", "-").replace("/", ""))
    return f"{word}[{',' if parameter.form in {'count', 'text', 'choices'} else ';'} ...]" if parameter.is_list else word


def described(parameter: Parameter, protocol: Protocol) -> str:
    """Return a parameter's help with its default, its limits and its words."""
    return f"{parameter.help or parameter.label} ({'; '.join(facts(parameter, protocol))})"


def facts(parameter: Parameter, protocol: Protocol) -> list[str]:
    """Return default, limits and words of a parameter."""
    found = []
    choices = protocol.choices(parameter) if parameter.form == "choices" else ()
    if choices:
        found.append(f"one of {', '.join(choices)}" if len(choices) <= 12 else f"one of {len(choices)}: see 'benchsheet show {protocol.id}'")
    if parameter.low and parameter.high:
        low, high = (str(parse(end)) if parameter.form == "quantity" else end for end in (parameter.low, parameter.high))
        found.append(f"{low} to {high}")
    if parameter.default is not None:
        found.append(f"default {parameter.default}")
    elif parameter.default_from:
        found.append("default follows from other values")
    else:
        found.append("measured at the bench" if parameter.measured else "optional")
    if parameter.is_list:
        found.append(f"one for each of {parameter.like}" if parameter.like else f"up to {parameter.several[1]}")
    return found


def strangers(words: list[str]) -> dict[str, str]:
    """Return what a parser did not know as name to value, so that all of it can be told at once."""
    found: dict[str, str] = {}
    name = ""
    for word in words:
        if word.startswith("--") and len(word) > 2:
            name, _, value = word[2:].partition("=")
            found[name.replace("-", "_")] = value
        elif name:
            found[name.replace("-", "_")] = word
            name = ""
        else:
            raise ProtocolError(f"{word!r} belongs to no option", 'quote a value that holds spaces: --medium "100 uL"', "benchsheet render")
    return found
