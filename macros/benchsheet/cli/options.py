"""The options of ``render``, its own and those that follow from the protocol, and their values as they are typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .._dataclass import dataclass
from ..api.sheet_files import FORMATS
from ..errors import Collector
from .scanner import CommandOption, scan_words

if TYPE_CHECKING:
    from ..api.declarations import Protocol


def parameter_options(protocol: Protocol | None) -> list[CommandOption]:
    """Return the options of a protocol's parameters; without their help, which takes longer to write than the options to read."""
    parameters = protocol.parameters.values() if protocol else ()
    return [CommandOption(name=each.name, metavar=each.form.metavar(each), is_yes_no=each.form.has_opposite) for each in parameters]


def run_options(protocol: Protocol | None) -> tuple[CommandOption, ...]:
    """Return the options that ``render`` has for every protocol."""
    columns = f"parameters, start, lab, name (of the file){'' if protocol else ', protocol (where no ID is given)'}"
    return (
        CommandOption(name="lab", metavar="FILE", help="the lab's profile (or set BENCHSHEET_LAB)"),
        CommandOption(name="start", metavar="TIME", help="when the first step begins: 2026-11-23T09:00"),
        CommandOption(name="format", metavar="FORMAT", help=f"{', '.join(FORMATS)}; by default text on a terminal, else markdown"),
        CommandOption(name="output", metavar="FILE", help="write to FILE; its suffix gives the format", short="-o"),
        CommandOption(
            name="batch",
            metavar="FILE",
            help=f"a sheet for each row of a CSV table, into the folder -o (markdown, or --format); its columns: {columns}; an option holds for "
            "each row that leaves it empty",
        ),
        CommandOption(
            name="name",
            metavar="NAME",
            help="what the run is called: in the title of its sheet, and for its calendar, which then moves what was imported before",
        ),
        CommandOption(name="force", help="overwrite FILE"),
        CommandOption(name="quiet", help="do not repeat warnings on standard error"),
    )


@dataclass(kw_only=True)
class RenderArguments:
    """The words of ``render``: its own *options* and the protocol's *values*, by name and as typed; the *mistakes* in how they are typed."""

    options: dict[str, str]
    values: dict[str, str]
    mistakes: Collector


def scan_arguments(argv: Sequence[str], name: str, protocol: Protocol | None) -> RenderArguments:
    """Sort the words after ``render`` for the protocol *name*; an unknown option is kept as a value, for the check of the values to refuse."""
    fixed = run_options(protocol)
    mistakes = Collector()
    words = scan_words(argv, [*parameter_options(protocol), *fixed], "benchsheet render", mistakes, subject=name, takes_others=True)
    values = {name: texts[0] for name, texts in words.items() if texts}
    options = {option.name: values.pop(option.name) for option in fixed if option.name in values}
    return RenderArguments(options=options, values=values, mistakes=mistakes)
