"""The forms whose values are words: choices, a user's own words, names or their number, and rows that a table does not have."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ...errors import Collector, ProtocolError, suggest
from ...spelling import find_word, fold_own_name
from ...units import whole_number
from ...yamltree import YamlMap
from ..shapes import TEXT, TEXTS, WORDS, KeyTable, either, keys
from ..tables import RowNames
from .form import LIMIT_KEYS, LIST_KEY, OTHER_KEY, Form
from .labels import Label, NumberedLabel, parse_label
from .lists import split_names
from .number_forms import check_whole_limits
from .parameter import Parameter

_FROM_TABLE = KeyTable(what="'choices'", keys=keys(("from", TEXT, "table.column")), required=("from",))


class ChoicesForm(Form):
    """One of some words, of the protocol or of a table's column."""

    key, words, declared_as, example = "choices", "one of some words", "`choices: [add, replace]`, or `choices: {from: table.column}`", "add"
    own_keys = (("choices", either(WORDS, _FROM_TABLE, "words, or {from: table.column}"), "the words, or where they stand"), LIST_KEY, OTHER_KEY)
    list_separator = ","
    has_choices = can_be_told = True

    def declare(self, name: str, entry: YamlMap, default: str | None) -> dict[str, Any]:
        """Return the words, or the column that has them."""
        if isinstance(entry["choices"], YamlMap):
            return {"choices_from": entry.mapping("choices").text("from")}
        if not (choices := tuple(map(str, entry.word_list("choices")))):
            raise ProtocolError(f"{name!r} has no choices", "write choices: [one, two]")
        return {"choices": choices}

    def parse(self, parameter: Parameter, text: str, choices: tuple[str, ...]) -> str:
        """Return the word that *text* is, by any of its names; raise ProtocolError if it is none."""
        if text in choices:
            return choices[choices.index(text)]
        match = choices.find(text) if isinstance(choices, RowNames) else find_word(text, choices)
        if match:
            return match
        message = f"{text!r} is not one of {', '.join(choices)}" if len(choices) < 8 else f"{text!r} is not among its {len(choices)} choices"
        hint = choices.suggest(text, "one of") if isinstance(choices, RowNames) else suggest(text, choices, "one of")
        raise ProtocolError(message, f"{hint.removesuffix('?')}; for one that is not there: {parameter.other}" if parameter.other else hint)

    def twin_way_out(self, parameter: Parameter) -> str:
        """Return the way out where a word is there twice, unless each item of a list has its own."""
        return "" if parameter.follows_list else "name each once"

    def fold(self, text: str) -> str:
        """Return *text* without its capitals."""
        return text.casefold()

    def branch_values(self, parameter: Parameter, choices: tuple[str, ...]) -> list[str]:
        """Return each word."""
        return list(choices)


class TextForm(Form):
    """A user's own words."""

    key, words, declared_as, example = "text", "words of the user", "`text: yes`", "defactinib"
    own_keys = (LIST_KEY,)
    metavar_word, list_separator = "NAME", ","
    can_be_told = takes_semicolons = splits_commas = True

    def parse(self, parameter: Parameter, text: str, choices: tuple[str, ...]) -> Label:
        """Return the words; raise ProtocolError for none, for too many, and for a sign that is not seen."""
        return parse_label(_spell_as_rows(parameter, text) if parameter.told_of else text)

    def is_told_by_name(self, heads: list[str], find: Callable[[str], int | None]) -> bool:
        """Return whether all *heads* name items of a list: words may have a colon too."""
        return bool(heads) and all(find(head) is not None for head in heads)

    def twin_way_out(self, parameter: Parameter) -> str:
        """Return the way out where two of a list are called alike."""
        return "give each its own name"

    def branch_values(self, parameter: Parameter, choices: tuple[str, ...]) -> list[str]:
        """Return as many names as a list takes."""
        most = parameter.list_bounds[1]
        return [",".join(f"name {number}" for number in range(1, most + 1))] if most > 1 else []


class NamesForm(Form):
    """Names, or how many there are."""

    key, words, declared_as = "names", "names, or their number", "`names: sample` (what they are: `/sample` then means their number)"
    example = "`12`, `ctrl,low,high`, or a CSV file"
    own_keys = LIMIT_KEYS
    metavar_word = "N|NAME,..."
    is_list_itself = takes_table_file = takes_semicolons = splits_commas = True
    is_one_for_all = False

    def declare(self, name: str, entry: YamlMap, default: str | None) -> dict[str, Any]:
        """Return what they are names of."""
        return {"unit": entry.text("names")}

    def check_limits(self, parameter: Parameter) -> None:
        """Raise ProtocolError for limits that are not whole numbers, or that fall."""
        check_whole_limits(parameter)

    def parse_value(self, parameter: Parameter, text: str, choices: tuple[str, ...]) -> tuple[Label, ...]:
        """Return the names in *text*, separated by ``,`` or ``;``, or numbered names if it is a number.

        Raise ProtocolError for too many, for one twice, and for commas that may belong to a name.
        """
        low, high = int(parameter.low or 1), int(parameter.high or 99)
        if (count := whole_number(text)) is not None:
            if not low <= count <= high:
                raise ProtocolError(
                    f"{text!r} is not between {low} and {high}", f"write a whole number from {low} to {high}, or names separated by ';'"
                )
            return tuple(NumberedLabel(f"{parameter.unit} {number}") for number in range(1, count + 1))
        if re.fullmatch(r"[+-]?[0-9.]+", text.strip()):
            raise ProtocolError(f"{text!r} is not a whole number", f"write one from {low} to {high}, or names separated by ';'")
        if not text.replace(",", "").replace(";", "").strip():
            raise ProtocolError(f"{text!r} names none", f"{low} to {high} names separated by ';', or just their number")
        mistakes = Collector()
        names: list[Label] = []
        folded_names: dict[str, Label] = {}
        for part in split_names(text):
            with mistakes.at(parameter.option):
                name = parse_label(part)
                if (other := folded_names.setdefault(fold_own_name(name), name)) is not name:
                    as_other = "" if other == name else f", as {str(other)!r}"
                    raise ProtocolError(f"{str(name)!r} is there twice{as_other}", "give each its own name")
                names.append(name)
        mistakes.raise_all()
        if not low <= len(names) <= high:
            raise ProtocolError(f"{len(names)} {parameter.label} are not between {low} and {high}", f"{low} to {high} names, or just their number")
        return tuple(names)

    def count(self, parameter: Parameter, value: Any) -> int | None:
        """Return how many names there are."""
        return len(value)

    def metavar(self, parameter: Parameter) -> str:
        """Return what stands behind its option in ``--help``."""
        return self.metavar_word


class AddsForm(Form):
    """Rows that a table does not have, for one run."""

    key, words, declared_as = "adds", "rows of one's own, for one run", "`adds: a table`"
    own_keys = (("hands", TEXTS, "a word of a row, with the parameter that is told it"),)
    metavar_word = "ROW[; ...]"
    is_one_for_all = False
    takes_semicolons = True

    def declare(self, name: str, entry: YamlMap, default: str | None) -> dict[str, Any]:
        """Return the table, and what is handed on; such a parameter needs no value."""
        hands = entry.mapping("hands")
        return {"adds": entry.text("adds"), "hands": tuple((word, hands.text(word)) for word in hands), "optional": True}

    def parse(self, parameter: Parameter, text: str, choices: tuple[str, ...]) -> Label:
        """Return the rows as they are told, which another module reads."""
        return Label(" ".join(text.split()))


def _spell_as_rows(parameter: Parameter, text: str) -> str:
    """Return *text*, which another protocol parses, with each row and word that it names called as there: ``ERBB2:Rabbit`` is HER2: rabbit."""
    parts = []
    for part in text.split(";"):
        who, colon, what = (piece.strip() for piece in part.partition(":"))
        row = parameter.told_of.find(who) if isinstance(parameter.told_of, RowNames) else find_word(who, parameter.told_of)
        word = parameter.told_as.find(what) if isinstance(parameter.told_as, RowNames) else find_word(what, parameter.told_as)
        parts.append(f"{row or who}{colon} {word or what}".strip())
    return "; ".join(part for part in parts if part)
