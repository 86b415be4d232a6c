"""``benchsheet calc``: one calculation with its working, for people or as JSON; all mistakes of the command line are raised at once."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from ..api.calculation import CALCULATORS, Answer, Calculator, Option, answer_typed
from ..api.labs import Lab
from ..errors import Collector, ProtocolError, suggest
from . import terminal
from .scanner import HELP_FLAGS, CommandOption, asks_for_help, load_lab_option, scan_words

_OR = " | "  # between options of which one is given


def run_calculator(argv: Sequence[str]) -> int:
    """Run one calculator; return the exit code."""
    if not argv or argv[0] in (*HELP_FLAGS, "help"):
        terminal.write_output(_format_list())
        return 0
    if argv[0] not in CALCULATORS:
        raise ProtocolError(f"no calculator {argv[0]!r}", suggest(argv[0], CALCULATORS, "calculators"), "benchsheet calc")
    calculator = CALCULATORS[argv[0]]
    if asks_for_help(argv):
        terminal.write_output(_format_help(calculator))
        return 0
    mistakes, lab = Collector(), Lab.default()
    words = scan_words(argv[1:], _command_options(calculator), f"benchsheet calc {calculator.name}", mistakes)
    with mistakes.at("--lab"):
        lab = load_lab_option(next(iter(words.get("lab", [])), None))
    answer = answer_typed(calculator, words, lab, mistakes)
    if "json" in words:
        terminal.write_json(answer.data)
    else:
        terminal.write_output(_format_answer(calculator, answer))
    if "json" in words or not terminal.is_terminal(sys.stdout):
        for warning in answer.warnings:
            terminal.write_error(f"warning: {warning}")
    return 0


def _command_options(calculator: Calculator) -> list[CommandOption]:
    """Return the options of *calculator*, and those of all calculators."""
    return [
        *(
            CommandOption(name=option.name, metavar=option.metavar, help=_format_option_help(option), repeats=option.form == "component")
            for option in calculator.options
        ),
        CommandOption(name="lab", metavar="FILE", help="the lab's profile (or set BENCHSHEET_LAB)"),
        CommandOption(name="json", help="the results as a list of name, value, unit and text"),
    ]


def _format_list() -> str:
    width = max(map(len, CALCULATORS))
    lines = ["usage: benchsheet calc NAME --OPTION VALUE ... [--lab FILE] [--json]", "", "One calculation of the bench, with its working.", ""]
    lines += [f"  {name:<{width}}  {calculator.summary}" for name, calculator in CALCULATORS.items()]
    last = "Quantities are typed with their unit: --volume \"1 mL\". 'benchsheet calc NAME --help' tells the options of one."
    lines += ["", *terminal.wrap_lines(last)]
    return "\n".join(lines) + "\n"


def _format_help(calculator: Calculator) -> str:
    """Return the options of one calculator with their units and an example."""
    lines = terminal.wrap_lines(f"usage: benchsheet calc {calculator.name} {_format_usages(calculator)} [--lab FILE] [--json]", "", "    ")
    lines += ["", *terminal.wrap_lines(f"{calculator.summary[0].upper()}{calculator.summary[1:]}."), "", "options:"]
    entries = [(" ".join(filter(None, (*option.flags, option.metavar))), option.help) for option in _command_options(calculator)]
    for option_text, help_text in (*entries, (", ".join(HELP_FLAGS), "show this and stop")):
        first = f"  {option_text:<22}  " if len(option_text) <= 22 else ""
        lines += [] if first else [f"  {option_text}"]
        lines += terminal.wrap_lines(help_text, first or " " * 26, " " * 26)
    example = " ".join(_format_example(option) for option in calculator.options if _is_in_example(option, calculator))
    return "\n".join([*lines, "", "example:", *terminal.wrap_lines(f"benchsheet calc {calculator.name} {example}", "  ", "    "), ""])


def _format_usages(calculator: Calculator) -> str:
    """Return all options as typed; those of which one is given stand side by side in brackets."""
    choice = [_format_usage(option) for option in calculator.options if option.name in calculator.one_of]
    others = [_format_usage(option) for option in calculator.options if option.name not in calculator.one_of]
    return " ".join([*([f"({_OR.join(choice)})"] if choice else []), *others])


def _format_usage(option: Option) -> str:
    word = option.flag if option.form == "flag" else f"{option.flag}\u00a0{option.metavar}".replace(" ", "\u00a0")
    return f"[{word}]" if option.optional or option.default or option.form == "flag" or option.optional_if else word


def _format_option_help(option: Option) -> str:
    default = f"default {option.default}" if option.default else "optional" if option.optional else ""
    facts = "; ".join(filter(None, (option.unit_hint, default)))
    return f"{option.help} ({facts})" if facts else option.help


def _is_in_example(option: Option, calculator: Calculator) -> bool:
    return not (option.optional or option.form == "flag" or option.name in calculator.one_of[1:])


def _format_example(option: Option) -> str:
    value = f'"{option.example}"' if any(character in option.example for character in " ;%") else option.example
    return f"{option.flag} {value}".replace(" ", "\u00a0" if len(value) < 50 else " ")


def _format_answer(calculator: Calculator, answer: Answer) -> str:
    """Return results, working, warnings and notes as plain text for a terminal."""
    encoding = terminal.stream_encoding(sys.stdout)
    grid_lines = answer.format_table(lambda text: terminal.transliterate(text, encoding))
    lines = [*terminal.wrap_lines(f"{calculator.name}: {calculator.summary}"), "", *grid_lines, "", "working:"]
    for line in answer.working.splitlines():
        lines += terminal.wrap_lines(line, "  ", "      ")
    for words, mark in ((answer.warnings, "! "), (answer.notes, "- ")):
        lines += [""] if words else []
        for line in words:
            lines += terminal.wrap_lines(line, mark, "  ")
    return "\n".join(lines) + "\n"
