"""What a form of parameters is: how one is declared, parsed, written, shown and tried. A form is one class, and one row in `FORMS`."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ...errors import ProtocolError, option_flag, parse_each
from ...expressions.interpolate import format_value
from ...patterns import compile_when_used
from ...units import Quantity, format_input, number_to_input
from ...yamltree import YamlMap
from ..evidence import EVIDENCE
from ..shapes import TEXT, WORDS, YES_NO, KeyTable, Schema, Shape, entry, keys, one_of, text_or_from
from .labels import NumberedLabel
from .lists import join_names, split_names

if TYPE_CHECKING:  # a parameter has its form
    from .parameter import Parameter

_NUMBER = compile_when_used(r"[0-9.]+")  # what stands before the colon of a ratio, 1:4
KeyRow = tuple[str, Shape, str]
LIST = KeyTable(
    what="'list'",
    keys=keys(("min", TEXT, "the fewest values"), ("max", TEXT, "the most values"), ("as", TEXT, "the list that it has a value for each of")),
)
COMMON_KEYS: tuple[KeyRow, ...] = (
    ("default", text_or_from("default"), "its value, or `{from: an expression over parameters above it}`"),
    ("label", TEXT, "what it is called"),
    ("help", TEXT, "what the command line says of it"),
    ("optional", YES_NO, "it needs no value"),
    ("measured", YES_NO, "it is known only at the bench"),
    ("when", TEXT, "in which runs it matters: an expression"),
    ("told", TEXT, "the list above it, for any item of which it is given by name"),
    ("else", TEXT, "`table.column` where it is looked up for the items that are not told"),
    ("note", TEXT, "why it is one for all, where it is"),
    ("evidence", one_of(*EVIDENCE), "how its default is known"),
    ("cite", WORDS, "keys of the works that it rests on"),
)
LIST_KEY: KeyRow = ("list", entry(LIST), "it takes several values: `{min: 1, max: 4}`, or `{as: a list}`")
OTHER_KEY: KeyRow = ("other", TEXT, "what a refusal says to write in other cases")
LIMIT_KEYS: tuple[KeyRow, ...] = (("min", TEXT, "its lowest value"), ("max", TEXT, "its highest value"))


@contextmanager
def hint_at_other(parameter: Parameter) -> Iterator[None]:
    """Add to a mistake what the protocol says to write in other cases."""
    try:
        yield
    except ProtocolError as error:
        error.hint = "; ".join(filter(None, (error.hint, parameter.other)))
        raise


class Form:
    """One form of parameters. A value is text, a number, a Quantity, a tuple of them, or what *value_type* is.

    *key* declares it in protocol.yml, *own_keys* are the keys that only some forms have. For the guide: *words* name it, *declared_as* is how
    it is written there, and *example* a value as it is typed.
    """

    key = ""
    words = ""
    declared_as = ""
    example = ""
    own_keys: tuple[KeyRow, ...] = ()
    value_type: type | None = None
    metavar_word = "WORD"
    list_separator = ";"
    # What kind of form it is.
    has_choices = False
    has_opposite = False  # --no-x beside --x
    is_list_itself = False
    can_be_told = False
    takes_table_file = False
    holds_frozen_stocks = False
    is_one_for_all = True  # a value for each item of a list is a mistake
    takes_semicolons = False
    parses_worked_out_text = False
    # How a value of Python is typed for it.
    needs_unit = False
    takes_floats = False
    splits_commas = False

    @property
    def name(self) -> str:
        """Return how programs call it: its key, or ``quantity``."""
        return self.key or "quantity"

    @functools.cached_property
    def table(self) -> KeyTable:
        """Return the keys of an entry of this form."""
        own = () if not self.key or self.key in dict.fromkeys(name for name, _, _ in self.own_keys) else ((self.key, TEXT, self.declared_as),)
        return KeyTable(what=f"a parameter with {self.key!r}" if self.key else "a quantity", keys=keys(*own, *self.own_keys, *COMMON_KEYS))

    def json_schema(self) -> Schema:
        """Return the JSON schema of an entry of this form."""
        schema = self.table.schema()
        return schema | ({"required": [self.key]} if self.key else {})

    def declare(self, name: str, entry: YamlMap, default: str | None) -> dict[str, Any]:
        """Return the fields of a Parameter that *entry* gives in this form; raise ProtocolError for a mistake."""
        return {}

    def check_limits(self, parameter: Parameter) -> None:
        """Raise ProtocolError for limits of another kind than the parameter, or for a minimum above the maximum."""

    def limits(self, parameter: Parameter) -> list[tuple[str, str]]:
        """Return the lowest and highest value as they are shown, one pair for each kind that it may be of."""
        return [(parameter.low, parameter.high)] if parameter.low and parameter.high else []

    def parse_value(self, parameter: Parameter, text: str, choices: tuple[str, ...]) -> Any:
        """Return the value of *text*, of all of a list; raise ProtocolError if it has none."""
        if not parameter.is_list:
            try:
                return self.parse(parameter, text, choices)
            except ProtocolError as error:
                if ";" in text.strip(" ;") and not self.takes_semicolons:
                    many = len([part for part in text.split(";") if part.strip()])
                    raise ProtocolError(f"{text!r} is {many} values, and {parameter.label} is one for the run", f"one value: {error.hint}") from None
                raise
        parts = self.split(text)
        low, high = parameter.list_bounds if parameter.list_bounds[1] else (1, 99)
        if not low <= len(parts) <= high:
            raise ProtocolError(
                f"{text!r} is {len(parts)} values: {low} to {high} are allowed", "separate them with ';', or words and whole numbers with ','"
            )
        return parse_each(lambda part: self.parse(parameter, part, choices), parts, parameter.option)

    def split(self, text: str) -> list[str]:
        """Return the items of a list as they are typed."""
        return split_names(text)

    def parse(self, parameter: Parameter, text: str, choices: tuple[str, ...]) -> Any:
        """Return the value of *text*, one value, whose words to choose from are *choices*; raise ProtocolError if it has none."""
        raise NotImplementedError

    def is_meant(self, parameter: Parameter, text: str) -> bool:
        """Return whether *text* is so like this form that its mistake is told of it, where the parameter has another form beside it."""
        return False

    def is_told_by_name(self, heads: list[str], find: Callable[[str], int | None]) -> bool:
        """Return whether *heads*, what stands before each colon, name items of a list, which *find* finds."""
        return any(not _NUMBER.fullmatch(head) or find(head) is not None for head in heads)

    def twin_way_out(self, parameter: Parameter) -> str:
        """Return the way out where a list has the same value twice; nothing if it may."""
        return ""

    def count(self, parameter: Parameter, value: Any) -> int | None:
        """Return how many of its unit a run has by *value*; None if it counts nothing."""
        return None

    def to_text(self, value: Any) -> str:
        """Return *value* as text that can be typed, in which equal values are equal."""
        return value_to_text(value)

    def format(self, value: Any) -> str:
        """Return one *value* as a sheet shows it."""
        return str(value) if isinstance(value, Quantity) else format_value(value)

    def data(self, value: Any) -> Any:
        """Return one *value* as what a Record can hold: a Quantity, a number, a text, yes or no, or a tuple of them."""
        return value

    def fold(self, text: str) -> str:
        """Return *text*, as it is typed, as one in which texts that mean the same are the same."""
        return text

    def to_arguments(self, name: str, text: str) -> list[str]:
        """Return the words of a command line that give *text* to the parameter *name*."""
        option = option_flag(name)
        return [f"{option}={text}"] if text.startswith("-") else [option, text]

    def branch_values(self, parameter: Parameter, choices: tuple[str, ...]) -> list[str]:
        """Return the texts with which `check` tries each branch of a sheet: both ends of what it may be."""
        forms = [parameter, *([parameter.alternative] if parameter.alternative else [])]
        return [part.strip() for one in forms for end in (one.low, one.high) if end for part in end.split(" or ")]

    def metavar(self, parameter: Parameter) -> str:
        """Return what stands behind its option in ``--help``."""
        word = self.metavar_word
        if parameter.per_item:
            return f"NAME: {word}[; ...]"
        return f"{word}[{self.list_separator} ...]" if parameter.is_list else word


def value_to_text(value: Any) -> str:
    """Return a value as text that can be typed, in which equal values are equal: part of the command and of both identities."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Quantity):
        return format_input(value.value, value.kind)
    if isinstance(value, tuple):
        if value and all(isinstance(item, NumberedLabel) for item in value):
            return str(len(value))
        if value and isinstance(value[0], tuple):
            return "; ".join(f"{who} {value_to_text(strength)}: {value_to_text(volume)}".strip() for who, strength, volume in value)
        texts = [value_to_text(item) for item in (value[:1] if len(set(value)) == 1 else value)]
        return join_names(texts) if isinstance(value[0], str) else ("; " if isinstance(value[0], Quantity) else ",").join(texts)
    if isinstance(value, Fraction):
        return number_to_input(value)
    return str(value)
