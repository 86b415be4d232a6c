"""The words of the command line: what each command takes; refuses a word twice, and an unknown one with the nearest."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

from .._dataclass import dataclass, field
from ..errors import Collector, ProtocolError
from ..protocol.parameters.parameter import FALSE_WORDS, TRUE_WORDS, Parameter
from ..protocol.parameters.telling import describe_parameter
from ..protocol.reader import Protocol
from . import terminal
from .output import FORMATS


class CommandParser(argparse.ArgumentParser):
    """argparse that refuses in our words, abbreviates nothing, and never ends the process."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, formatter_class=PlainHelpFormatter, add_help=False, **settings)
        self.add_argument("-h", "--help", action="store_true", help="show this and stop")

    def parse_options(self, argv: Sequence[str]) -> argparse.Namespace | None:
        """Return what *argv* say; None where they asked for help, which is printed."""
        options = self.parse_args(list(argv))
        if not options.help:
            return options
        terminal.write_output(self.format_help())
        return None

    def error(self, message: str) -> NoReturn:
        """Raise what argparse would end the process with."""
        subject, _, rest = message.removeprefix("argument ").partition(": ")
        option = subject.rpartition("/")[2] if rest and subject.startswith("-") else ""
        message = rest.replace("expected one argument", "it has no value") if option else message
        raise ProtocolError(message, f"see '{self.prog} --help'", option or self.prog)


class PlainHelpFormatter(argparse.HelpFormatter):
    """Help of at most 80 columns, whatever the terminal."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=26, width=79)

    def _split_lines(self, text: str, width: int) -> list[str]:
        import textwrap  # for help alone

        return textwrap.wrap(text, width, break_on_hyphens=False)


def build_render_parser(protocol: Protocol | None) -> CommandParser:
    """Return the parser of ``render``, with the protocol's own parameters if it is known."""
    parser = CommandParser(
        prog=f"benchsheet render {protocol.id if protocol else 'ID'}",
        description=protocol.title if protocol else "Render a protocol for one run.",
        usage="%(prog)s [--PARAMETER VALUE ...] [options]",
    )
    parser.add_argument("id", nargs="?", help=argparse.SUPPRESS)
    if protocol:
        group = parser.add_argument_group("parameters")
        for parameter in protocol.parameters.values():
            _add_parameter(group, parameter, protocol)
    options = parser.add_argument_group("options")
    options.add_argument("--lab", metavar="FILE", help="the lab's profile (or set BENCHSHEET_LAB)")
    options.add_argument("--start", metavar="TIME", help="when the first step begins: 2026-11-23T09:00")
    options.add_argument("--format", metavar="FORMAT", help=f"{', '.join(FORMATS)}; by default text on a terminal, else markdown")
    options.add_argument("-o", "--output", metavar="FILE", help="write to FILE; its suffix gives the format")
    options.add_argument(
        "--batch",
        metavar="FILE",
        help="a sheet for each row of a CSV table, into the folder -o (markdown, or --format); its columns: parameters, start, lab, "
        f"name (of the file){'' if protocol else ', protocol (where no ID is given)'}; an option holds for each row that leaves it empty",
    )
    options.add_argument("--name", metavar="NAME", help="names the run, so that its calendar, imported again, moves what is there to another day")
    options.add_argument("--force", action="store_true", help="overwrite FILE")
    options.add_argument("--quiet", action="store_true", help="do not repeat warnings on standard error")
    return parser


def _add_parameter(group: Any, parameter: Parameter, protocol: Protocol) -> None:
    text = describe_parameter(parameter, protocol).replace("%", "%%")
    metavar = "yes|no" if parameter.form == "flag" else _metavar(parameter)
    group.add_argument(parameter.option, dest=parameter.name, metavar=metavar, help=text)


def _metavar(parameter: Parameter) -> str:
    names = {"count": "N", "number": "NUMBER", "choices": "WORD", "text": "NAME", "pairs": "STOCKS", "names": "N|NAME,..."}
    word = names.get(parameter.form, parameter.kind.upper().replace(" ", "-").replace("/", ""))
    if parameter.form == "names":
        return word
    if parameter.per_item:
        return f"NAME: {word}[; ...]"
    return f"{word}[{',' if parameter.form in {'count', 'text', 'choices'} else ';'} ...]" if parameter.is_list else word


@dataclass
class RenderArguments:
    """The words of ``render``, sorted: fixed *options* and the protocol's *values* by name, as typed; *mistakes* in their form."""

    options: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    mistakes: Collector = field(default_factory=Collector)


VALUE_OPTIONS = {"--lab": "lab", "--start": "start", "--format": "format", "--output": "output", "-o": "output", "--batch": "batch", "--name": "name"}
SWITCHES = {"--force": "force", "--quiet": "quiet", "--help": "help", "-h": "help"}


def scan_arguments(argv: Sequence[str], name: str, protocol: Protocol | None) -> RenderArguments:
    """Sort the words after ``render``; every fault in their form is kept, so that all are told at once."""
    arguments = RenderArguments()
    flags = {parameter.option: parameter.name for parameter in protocol.parameters.values() if parameter.form == "flag"} if protocol else {}
    rest = list(argv)
    skipped_name = False
    while rest:
        word = rest.pop(0)
        if name and word == name and not skipped_name:
            skipped_name = True
            continue
        option, equals, value = word.partition("=") if word.startswith("--") else (word, "", "")
        if option in SWITCHES and not equals:
            arguments.options[SWITCHES[option]] = "yes"
            continue
        with arguments.mistakes.at(option if word.startswith("-") else "benchsheet render"):
            if not word.startswith("-") or word in ("-", "--"):
                raise ProtocolError(f"{word!r} belongs to no option", 'quote a value that holds spaces: --medium "100 uL"')
            if word.startswith("-") and option not in VALUE_OPTIONS and not option.startswith("--"):
                raise ProtocolError("there is no such option", "see 'benchsheet render ID --help'")
            if option in flags and not equals:
                _store_value(arguments.values, flags[option], rest.pop(0) if rest and rest[0].casefold() in (*TRUE_WORDS, *FALSE_WORDS) else "yes")
                continue
            if option.startswith("--no-") and "--" + option[5:] in flags:
                _store_value(arguments.values, flags["--" + option[5:]], "no")
                continue
            if not equals:
                if not rest or rest[0].startswith("--") or rest[0] in {"-o", "-h"}:
                    raise ProtocolError("it has no value", f"write {option} VALUE")
                value = rest.pop(0)
            if option in VALUE_OPTIONS:
                _store_value(arguments.options, VALUE_OPTIONS[option], value)
            elif "_" in option:
                raise ProtocolError("an option is written with hyphens", f"write {option.replace('_', '-')}")
            else:
                _store_value(arguments.values, option[2:].replace("-", "_"), value)
    return arguments


def _store_value(target: dict[str, str], name: str, value: str) -> None:
    if name in target:
        raise ProtocolError(f"{value!r} is the second value given, after {target[name]!r}", "give the option once")
    target[name] = value
