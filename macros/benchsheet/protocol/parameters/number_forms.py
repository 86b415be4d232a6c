"""The forms whose values are numbers, or yes and no: whole numbers that count something, plain numbers, and flags."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ...errors import ProtocolError, option_flag
from ...units import parse_whole_number, plain_number, whole_number
from ...yamltree import YamlMap
from ..shapes import FALSE_WORDS, TRUE_WORDS
from .form import LIMIT_KEYS, LIST_KEY, OTHER_KEY, Form, hint_at_other
from .parameter import Parameter


def reject_falling(parameter: Parameter) -> None:
    """Raise ProtocolError if the minimum, a number, is above the maximum."""
    if parameter.low and parameter.high and Fraction(parameter.low) > Fraction(parameter.high):
        raise ProtocolError(f"'min' ({parameter.low}) is above 'max' ({parameter.high})", "let them rise")


def check_whole_limits(parameter: Parameter) -> None:
    """Raise ProtocolError for limits that are not whole numbers, or that fall."""
    for word, text in (("min", parameter.low), ("max", parameter.high)):
        if text and whole_number(text) is None:
            raise ProtocolError(f"{word} {text!r} is not a whole number", "write it in digits")
    reject_falling(parameter)


def split_numbers(text: str) -> list[str]:
    """Return the numbers of a list, with semicolons or commas between them."""
    return [part.strip() for part in text.replace(";", ",").split(",")]


class CountForm(Form):
    """A whole number of what it counts."""

    key, words, declared_as, example = "count", "whole number", "`count: plate` (what it counts: `/plate` then means it)", "4"
    own_keys = (*LIMIT_KEYS, LIST_KEY, OTHER_KEY)
    metavar_word, list_separator = "N", ","

    def declare(self, name: str, entry: YamlMap, default: str | None) -> dict[str, Any]:
        """Return what it counts."""
        return {"unit": entry.text("count")}

    def check_limits(self, parameter: Parameter) -> None:
        """Raise ProtocolError for limits that are not whole numbers, or that fall."""
        check_whole_limits(parameter)

    def split(self, text: str) -> list[str]:
        """Return the numbers of a list as they are typed."""
        return split_numbers(text)

    def parse(self, parameter: Parameter, text: str, choices: tuple[str, ...]) -> Fraction:
        """Return the number; raise ProtocolError for another text, and for one beyond the limits."""
        with hint_at_other(parameter):
            return Fraction(parse_whole_number(text, int(parameter.low or 1), int(parameter.high or 10**6)))

    def count(self, parameter: Parameter, value: Any) -> int | None:
        """Return the number, None for a list, and where a protocol in this one works it out."""
        return None if parameter.is_list or value is None else int(value)


class NumberForm(Form):
    """A bare number."""

    key, words, declared_as, example = "number", "number", "`number: yes`", "7.5"
    own_keys = (*LIMIT_KEYS, LIST_KEY)
    metavar_word = "NUMBER"
    can_be_told = takes_floats = True

    def split(self, text: str) -> list[str]:
        """Return the numbers of a list as they are typed."""
        return split_numbers(text)

    def check_limits(self, parameter: Parameter) -> None:
        """Raise ProtocolError for limits that are not numbers, or that fall."""
        if any(text and plain_number(text) is None for text in (parameter.low, parameter.high)):
            raise ProtocolError(f"the limits of {parameter.name!r} are not numbers", "write them in digits")
        reject_falling(parameter)

    def parse(self, parameter: Parameter, text: str, choices: tuple[str, ...]) -> Fraction:
        """Return the number; raise ProtocolError for another text, and for one beyond the limits."""
        number = plain_number(text)
        if number is None:
            raise ProtocolError(f"{text!r} is not a number", "write it plainly, like 7.5")
        if parameter.low and number < Fraction(parameter.low) or parameter.high and number > Fraction(parameter.high):
            raise ProtocolError(f"{text!r} is not between {parameter.low or 0} and {parameter.high or 'any'}", "stay within its limits")
        return number


class FlagForm(Form):
    """Yes or no."""

    key, words, declared_as, example = "flag", "yes or no", "`flag: yes`", "yes"
    has_opposite = True
    metavar_word = "yes|no"

    def parse(self, parameter: Parameter, text: str, choices: tuple[str, ...]) -> bool:
        """Return whether it is yes; raise ProtocolError for another word."""
        if text.casefold() not in TRUE_WORDS + FALSE_WORDS:
            raise ProtocolError(f"{text!r} is neither yes nor no", "write yes or no")
        return text.casefold() in TRUE_WORDS

    def to_arguments(self, name: str, text: str) -> list[str]:
        """Return ``--x`` or ``--no-x``."""
        return [option_flag(name if text == "yes" else f"no_{name}")]

    def branch_values(self, parameter: Parameter, choices: tuple[str, ...]) -> list[str]:
        """Return both."""
        return ["yes", "no"]
