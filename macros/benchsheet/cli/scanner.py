"""The words of a command line, each with the option that it belongs to; all mistakes in how they are typed are collected."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .._dataclass import dataclass
from ..errors import Collector, ProtocolError, option_flag, suggest

if TYPE_CHECKING:
    from ..api.labs import Lab

HELP_FLAGS = ("-h", "--help")


@dataclass(frozen=True, kw_only=True)
class CommandOption:
    """One option: its *name* among the values, the *metavar* for its value in help (a switch has none), its *help*, and a *short* form.

    With *is_yes_no* it takes yes or no, stands for yes alone, and has a form with ``--no-``; with *repeats* it may be given several times.
    """

    name: str
    metavar: str = ""
    help: str = ""
    short: str = ""
    is_yes_no: bool = False
    repeats: bool = False

    @property
    def flags(self) -> tuple[str, ...]:
        """Return how it is typed: ``-o`` and ``--output``."""
        return (*filter(None, (self.short,)), option_flag(self.name))


def asks_for_help(argv: Sequence[str]) -> bool:
    """Return whether ``--help`` is among the words."""
    return any(word in HELP_FLAGS for word in argv)


def load_lab_option(file: str | None) -> Lab:
    """Return the lab that ``--lab`` or else BENCHSHEET_LAB names, or the default one; raise ProtocolError for each mistake of its profile."""
    if file == "":
        raise ProtocolError("'' names no file", "give the lab's profile")
    from ..api.labs import Lab

    file = file or os.environ.get("BENCHSHEET_LAB", "")
    return Lab.load(file) if file else Lab.default()


def scan_words(
    argv: Sequence[str], options: Sequence[CommandOption], command: str, mistakes: Collector, *, subject: str = "", takes_others: bool = False
) -> dict[str, list[str]]:
    """Return the texts typed for each option by its name, an empty list if its value is missing; keep every mistake.

    *argv* are the words after *command*, of which *subject* may be one without an option. With *takes_others* an option that is not among
    *options* takes a value too, or is empty: whoever knows what it might be refuses it.
    """
    values: dict[str, list[str]] = {}
    by_flag = {flag: option for option in options for flag in option.flags}
    negations = {f"--no-{flag[2:]}": option for flag, option in by_flag.items() if option.is_yes_no}
    rest = list(argv)
    while rest:
        word = rest.pop(0)
        if word == subject:
            subject = ""
            continue
        flag, equals, typed = word.partition("=") if word.startswith("--") else (word, "", "")
        value = typed if equals else None
        with mistakes.at(flag if word.startswith("-") else command):
            if not word.startswith("-") or word in ("-", "--"):
                raise ProtocolError(f"{word!r} belongs to no option", 'quote a value that holds spaces, like "1 mL"')
            option = by_flag.get(flag) or negations.get(flag)
            if option is None and takes_others and flag.startswith("--") and "_" not in flag:
                option = CommandOption(name=flag[2:].replace("-", "_"), metavar="VALUE")
            if option is None:
                if value is None and rest and not rest[0].startswith("-"):
                    rest.pop(0)  # its value too, which would be a second mistake
                hyphenated = flag.replace("_", "-")
                is_known = hyphenated in by_flag or takes_others and hyphenated != flag
                raise ProtocolError("there is no such option", f"write {hyphenated}" if is_known else suggest(flag, by_flag, "options"))
            if flag in negations or not option.metavar:
                if value is not None:
                    raise ProtocolError(f"it takes no value, and {value!r} was given", f"write {flag} alone")
                value = "no" if flag in negations else "yes"
            elif option.is_yes_no and value is None:
                from ..api.declarations import FALSE_WORDS, TRUE_WORDS

                value = rest.pop(0) if rest and rest[0].casefold() in (*TRUE_WORDS, *FALSE_WORDS) else "yes"
            earlier_values = values.setdefault(option.name, [])
            if value is None and (not rest or rest[0].startswith("--") or rest[0] in (*by_flag, *HELP_FLAGS)):
                if flag in by_flag:
                    raise ProtocolError("it has no value", f"write {flag} {option.metavar}")
                value = ""
            elif value is None:
                value = rest.pop(0)
            if earlier_values and option.metavar and not option.repeats:
                raise ProtocolError(f"{value!r} is the second value given, after {earlier_values[0]!r}", "give the option once")
            earlier_values.append(value)
    return values
