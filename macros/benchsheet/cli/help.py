"""The parser of a command with its help, by argparse, which takes memory: a render does without."""

from __future__ import annotations

import argparse
import textwrap
from typing import TYPE_CHECKING, Any, NoReturn

from ..errors import ProtocolError
from . import terminal
from .options import parameter_options, run_options
from .scanner import HELP_FLAGS

if TYPE_CHECKING:
    from ..api.declarations import Protocol


class CommandParser(argparse.ArgumentParser):
    """argparse with this project's messages: a mistake is a ProtocolError, help ends in SystemExit, and no option may be abbreviated."""

    def __init__(self, *, has_help_option: bool = True, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, formatter_class=PlainHelpFormatter, add_help=False, **settings)
        if has_help_option:
            self.add_argument(*HELP_FLAGS, action="help", help="show this and stop")

    def print_help(self, _file: object = None) -> None:
        """Print the help in the encoding of the terminal."""
        terminal.write_output(self.format_help())

    def error(self, message: str) -> NoReturn:
        """Raise what argparse would end the process with."""
        subject, _, rest = message.removeprefix("argument ").partition(": ")
        option = subject.rpartition("/")[2] if rest and subject.startswith("-") else ""
        message = rest.replace("expected one argument", "it has no value") if option else message
        raise ProtocolError(message, f"see '{self.prog} --help'", option or self.prog)


class PlainHelpFormatter(argparse.HelpFormatter):
    """Help of one width, whatever the terminal."""

    def __init__(self, prog: str) -> None:
        from ..api.sheet_files import LINE_WIDTH

        super().__init__(prog, max_help_position=26, width=LINE_WIDTH - 1)

    def _split_lines(self, text: str, width: int) -> list[str]:
        return textwrap.wrap(text, width, break_on_hyphens=False)


def build_render_parser(protocol: Protocol | None) -> CommandParser:
    """Return the parser of ``render``, with the protocol's own parameters if it is known."""
    from ..api.declarations import describe_parameter

    parser = CommandParser(
        prog=f"benchsheet render {protocol.id if protocol else 'ID'}",
        description=protocol.title if protocol else "Render a protocol for one run.",
        usage="%(prog)s [--PARAMETER VALUE ...] [options]",
        has_help_option=False,  # it stands with the other options, under one heading
    )
    parser.add_argument("id", nargs="?", help=argparse.SUPPRESS)
    for title, options in (("parameters", parameter_options(protocol)), ("options", run_options(protocol))):
        group = parser.add_argument_group(title)
        for option in options:
            text = option.help or (describe_parameter(protocol.parameters[option.name], protocol) if protocol else "")
            kind = {"metavar": option.metavar} if option.metavar else {"action": "store_true"}
            group.add_argument(*option.flags, dest=option.name, help=text.replace("%", "%%"), **kind)  # type: ignore[arg-type]
    group.add_argument(*HELP_FLAGS, action="help", help="show this and stop")
    return parser
