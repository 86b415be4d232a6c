"""``benchsheet calc``: one calculation with its working, for people or as JSON; every mistake of the command line is told at once."""

from __future__ import annotations

import json
import os
import re
import sys
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

from .. import library
from .._dataclass import dataclass, field
from ..calculators import CALCULATORS, Answer, Asked, Calculator, Option, cautions, data, said, set_to, values
from ..errors import Collector, ProtocolError, near
from ..lab import Lab, default
from ..protocol.tables import Table, table
from ..yamltree import read
from . import terminal

WIDTH = 80
HELP = ("-h", "--help")
_TOGETHER = re.compile(r"(?<=\d) (?=[A-Za-zµ%°])|(?<=%) (?=[wv]/)")


@dataclass
class Typed:
    """The words after a calculator's name: what was *typed* for each option, the *lab* file, and whether JSON or help is asked."""

    typed: dict[str, list[str]] = field(default_factory=dict)
    lab: list[str] = field(default_factory=list)
    json: bool = False
    help: bool = False


def command(words: Sequence[str]) -> int:
    """Answer one question; return the exit code."""
    if not words or words[0] in (*HELP, "help"):
        terminal.write(_listed())
        return 0
    if words[0] not in CALCULATORS:
        raise ProtocolError(f"no calculator {words[0]!r}", near(words[0], CALCULATORS, "calculators"), "benchsheet calc")
    calculator = CALCULATORS[words[0]]
    mistakes = Collector()
    found = _scanned(calculator, words[1:], mistakes)
    if found.help:
        terminal.write(_help(calculator))
        return 0
    lab = default()
    with mistakes.at("--lab"):
        lab = _lab(found)
    given = values(calculator, found.typed, mistakes)
    mistakes.close()
    try:
        answer = calculator.work(Asked(given, lab, _tables(calculator)))
    except ProtocolError as error:
        raise error.at(f"benchsheet calc {calculator.name}") from None
    told = cautions(answer, lab)
    if found.json:
        terminal.write(json.dumps(data(answer, lab), ensure_ascii=False, indent=1) + "\n")
    else:
        terminal.write(_text(calculator, answer, told, lab))
    if found.json or not terminal.is_terminal(sys.stdout):
        for warning in told:
            terminal.complain(f"warning: {warning}")
    return 0


def _scanned(calculator: Calculator, words: Sequence[str], mistakes: Collector) -> Typed:
    """Sort the words; every fault in their form is kept."""
    found = Typed()
    options = {option.flag: option for option in calculator.options}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        flag, equals, value = word.partition("=") if word.startswith("--") else (word, "", "")
        if flag in HELP:
            found.help = True
            continue
        with mistakes.at(flag if word.startswith("-") else f"benchsheet calc {calculator.name}"):
            if not word.startswith("-") or word in ("-", "--"):
                raise ProtocolError(f"{word!r} belongs to no option", 'quote a value that holds spaces: --volume "1 mL"')
            if flag not in options and flag not in ("--lab", "--json"):
                hint = (
                    f"write {flag.replace('_', '-')}" if flag.replace("_", "-") in options else near(flag, [*options, "--lab", "--json"], "options")
                )
                _skip(rest, equals)
                raise ProtocolError("there is no such option", hint)
            if flag == "--json" or options.get(flag, _NONE).form == "flag":
                if equals:
                    raise ProtocolError(f"it takes no value, and {value!r} was given", f"write {flag} alone")
                found.json = found.json or flag == "--json"
                if flag != "--json":
                    found.typed[options[flag].name] = ["yes"]
                continue
            if not equals:
                if not rest or rest[0].startswith("--") or rest[0] == "-h":
                    if flag in options:
                        found.typed.setdefault(options[flag].name, [])
                    raise ProtocolError("it has no value", f"write {flag} {options[flag].metavar if flag in options else 'FILE'}")
                value = rest.pop(0)
            _keep(found.lab if flag == "--lab" else found.typed.setdefault(options[flag].name, []), value, options.get(flag, _NONE))
    return found


_NONE = Option("lab", "word", "")


def _skip(rest: list[str], equals: str) -> None:
    """Let the value of an option that is not there go with it, so that it is not told again."""
    if not equals and rest and not rest[0].startswith("-"):
        rest.pop(0)


def _keep(where: list[str], value: str, option: Option) -> None:
    if where and option.form != "component":
        raise ProtocolError(f"{value!r} is the second value given, after {where[0]!r}", "give the option once")
    where.append(value)


def _lab(found: Typed) -> Lab:
    file = found.lab[0] if found.lab else os.environ.get("BENCHSHEET_LAB", "")
    if found.lab and not file:
        raise ProtocolError("'' names no file", "give the lab's profile")
    return library.lab(Path(file)) if file else default()


def _tables(calculator: Calculator) -> Mapping[str, Table]:
    """Return the shared tables that a calculator reads."""
    found = {}
    for name in calculator.needs:
        called = f"protocols/{library.SHARED}/{name}.yml"
        found[name] = table(name, read(library.text(library.home() / library.SHARED / f"{name}.yml"), called))
    return found


# --- words for people ------------------------------------------------------------------------------------------------------


def _wrapped(words: str, first: str = "", later: str = "") -> list[str]:
    """Return *words* in lines of at most 80 columns; a number stays with its unit."""
    return textwrap.wrap(
        _TOGETHER.sub("\u00a0", words), WIDTH, initial_indent=first, subsequent_indent=later, break_on_hyphens=False, break_long_words=True
    )


def _listed() -> str:
    wide = max(map(len, CALCULATORS))
    lines = [f"  {name:<{wide}}  {calculator.answers}" for name, calculator in CALCULATORS.items()]
    return "\n".join(
        [
            "usage: benchsheet calc NAME --OPTION VALUE ... [--lab FILE] [--json]",
            "",
            "One calculation of the bench, with its working.",
            "",
            *lines,
            "",
            *_wrapped("Quantities are typed with their unit: --volume \"1 mL\". 'benchsheet calc NAME --help' tells the options of one."),
            "",
        ]
    )


def _help(calculator: Calculator) -> str:
    """Return the options of one calculator with their units and an example."""
    lines = _wrapped(f"usage: benchsheet calc {calculator.name} {' '.join(map(_usage, calculator.options))} [--lab FILE] [--json]", "", "    ")
    lines += ["", *_wrapped(f"{calculator.answers[0].upper()}{calculator.answers[1:]}."), "", "options:"]
    every = [(f"{option.flag} {option.metavar}" if option.form != "flag" else option.flag, _meant(option)) for option in calculator.options]
    every += [
        ("--lab FILE", "the lab's profile (or set BENCHSHEET_LAB)"),
        ("--json", "the results as a list of name, value, unit and text"),
        ("-h, --help", "show this and stop"),
    ]
    for typed, meant in every:
        first = f"  {typed:<22}  " if len(typed) <= 22 else ""
        lines += [] if first else [f"  {typed}"]
        lines += _wrapped(meant, first or " " * 26, " " * 26)
    example = " ".join(_tried(option) for option in calculator.options if _in_example(option, calculator))
    return "\n".join([*lines, "", "example:", *_wrapped(f"benchsheet calc {calculator.name} {example}", "  ", "    "), ""]).replace("\u00a0", " ")


def _usage(option: Option) -> str:
    word = option.flag if option.form == "flag" else f"{option.flag}\u00a0{option.metavar}".replace(" ", "\u00a0")
    return f"[{word}]" if option.optional or option.default or option.form == "flag" or option.waived else word


def _meant(option: Option) -> str:
    facts = [option.units] if option.units else []
    if option.default:
        facts.append(f"default {option.default}")
    elif option.optional:
        facts.append("optional")
    return f"{option.help} ({'; '.join(facts)})" if facts else option.help


def _in_example(option: Option, calculator: Calculator) -> bool:
    return not (option.optional or option.form == "flag" or option.name in calculator.either[1:])


def _tried(option: Option) -> str:
    quoted = f'"{option.example}"' if any(sign in option.example for sign in " ;%") else option.example
    return f"{option.flag} {quoted}".replace(" ", "\u00a0")


def _text(calculator: Calculator, answer: Answer, told: Sequence[str], lab: Lab) -> str:
    """Return results, working, warnings and notes as plain text of at most 80 columns."""
    from ..formats.text import grid

    encoding = terminal.encoding(sys.stdout)
    rows = [(result.name, said(result.value, result.kind), set_to(result, lab), result.label) for result in answer.results]
    if encoding.lower().replace("-", "") != "utf8":
        rows = [tuple(terminal.fallen_back(cell, encoding) for cell in row) for row in rows]  # type: ignore[misc]
    settable = any(row[2] for row in rows)
    head = ("result", "exact", "set to", "what") if settable else ("result", "value", "what")
    table = grid(head, tuple(row if settable else (row[0], row[1], row[3]) for row in rows), "lrll" if settable else "lrl")
    lines = [*_wrapped(f"{calculator.name}: {calculator.answers}"), "", *table, "", "working:"]
    for line in answer.working:
        lines += _wrapped(line, "  ", "      ")
    for words, mark in ((told, "! "), (answer.notes, "- ")):
        lines += [""] if words else []
        for line in words:
            lines += _wrapped(line, mark, "  ")
    return "\n".join(lines).replace("\u00a0", " ") + "\n"
