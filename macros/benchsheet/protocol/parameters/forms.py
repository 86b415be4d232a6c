"""The text typed for a parameter, parsed into its value: of the declared form and kind, and within the limits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

from ...errors import Collector, ProtocolError, parse_each, suggest
from ...patterns import compile_when_used
from ...spelling import find_word, fold_name, fold_own_name
from ...units import (
    CONCENTRATIONS,
    Quantity,
    as_quantity,
    format_amount,
    format_input,
    parse_quantity,
    parse_whole_number,
    split_quantities,
    whole_number,
)
from ..tables import RowNames
from .lists import split_names
from .parameter import FALSE_WORDS, TRUE_WORDS, Parameter

_NUMBER = compile_when_used(r"[0-9.]+")  # what stands before the colon of a ratio, 1:4


class Label(str):
    """A user's own words: printed with the characters of Markdown escaped, never computed with."""

    __slots__ = ()


class NumberedLabel(Label):
    """A name made from a number, ``sample 3``, because the user gave only how many there are."""

    __slots__ = ()


def parse_value(parameter: Parameter, text: str, choices: tuple[str, ...]) -> Any:
    """Return the value of *text* for *parameter*, whose words to choose from are *choices*; raise ProtocolError if it has none."""
    if parameter.form == "names":
        return parse_names(parameter, text)
    if not parameter.is_list or parameter.form == "pairs":
        return _parse_single(parameter, text, choices)
    if parameter.form in ("count", "number"):
        parts = [part.strip() for part in text.replace(";", ",").split(",")]
    else:
        parts = split_quantities(text) if parameter.form == "quantity" else split_names(text)
    low, high = parameter.list_bounds if parameter.list_bounds[1] else (1, 99)
    if not low <= len(parts) <= high:
        raise ProtocolError(
            f"{text!r} is {len(parts)} values: {low} to {high} are allowed", "separate them with ';', or words and whole numbers with ','"
        )
    return parse_each(lambda part: _parse_single(parameter, part, choices), parts, parameter.option)


def is_told_by_name(parameter: Parameter, text: str, owners: tuple[Any, ...], names: tuple[str, ...] = ()) -> bool:
    """Return whether *text* gives the values of a list that follows *owners* by name: ``a: VS-4718; b: lapatinib``."""
    heads = [part.partition(":")[0].strip() for part in text.split(";") if ":" in part]
    if parameter.form in ("pairs", "text"):
        return parameter.form == "text" and bool(heads) and all(find_owner(head, owners, names) is not None for head in heads)
    return any(not _NUMBER.fullmatch(head) or find_owner(head, owners, names) is not None for head in heads)


def reject_values_for_each(parameter: Parameter, text: str, lists: Iterable[tuple[Parameter, tuple[Any, ...]]]) -> None:
    """Raise ProtocolError if *text* gives each item of one of *lists* a value of its own, where *parameter* has one for the whole run."""
    if parameter.form in ("names", "pairs", "adds") or parameter.told_of:
        return
    pairs = [[piece.strip() for piece in part.rpartition(":")] for part in split_names(text, ";")]
    for owner, items in lists:
        found = [find_owner(who, items) for who, _, _ in pairs]
        is_listed = not (parameter.is_list or parameter.form == "text") and 1 < len(pairs) == len(items) and not any(who for who, _, _ in pairs)
        if is_listed or None not in found:
            whose, what = items[0 if is_listed else found[0] or 0], pairs[0][2]
            why = f": {parameter.note}" if parameter.note else ""
            raise ProtocolError(
                f"{text!r} has a value for each of the {owner.label}, and {parameter.label} is one for all of them{why}",
                f"one value, or a run of its own for each: {owner.option} '{whose}' {parameter.option} '{what}'",
            )


def parse_per_item(
    parameter: Parameter, text: str, choices: tuple[str, ...], owners: tuple[Any, ...], names: tuple[str, ...] = ()
) -> tuple[Any, ...]:
    """Return the value that *text* (``FAK: rabbit; GAPDH: mouse IgG1``) gives to each of *owners*, None for one that it does not name.

    *names* are the rows of the table in which the owners may be. Raise ProtocolError for a name that is not among the owners, or that is
    there twice.
    """
    values: list[Any] = [None] * len(owners)
    mistakes = Collector()
    for part in split_names(text, ";"):
        with mistakes.at(parameter.option):
            pairs = [(part[:at].strip(), part[at + 1 :].strip()) for at, sign in enumerate(part) if sign == ":"]
            known = [(find_owner(who, owners, names), who, what) for who, what in pairs]
            index, who, what = next((pair for pair in known if pair[0] is not None), known[0] if known else (None, part, ""))
            if not what:
                raise ProtocolError(f"{part!r} does not say whose {parameter.label} it is", f"write '{owners[0]}: ...', separated by ';'")
            if index is None:
                hint = suggest(who, [str(one) for one in owners])
                raise ProtocolError(f"{who!r} is not among the {parameter.follows_list}", hint)
            if values[index] is not None:
                raise ProtocolError(f"{who!r} is told twice", "once is enough")
            values[index] = _parse_single(parameter, what, choices)
    mistakes.raise_all()
    return tuple(values)


def find_owner(who: str, owners: tuple[Any, ...], names: tuple[str, ...] = ()) -> int | None:
    """Return the position of the owner called *who*, as it is written, folded, or by any name of its row; None if that is none or several."""
    for fold in (fold_own_name, fold_name, *((names.find,) if isinstance(names, RowNames) else ())):
        found = [index for index, owner in enumerate(owners) if fold(str(owner)) == fold(who)] if fold(who) else []
        if found:
            return found[0] if len(found) == 1 else None
    return None


def parse_names(parameter: Parameter, text: str) -> tuple[Label, ...]:
    """Return the names in *text*, separated by ``,`` or ``;``, or numbered names if it is a number.

    Raise ProtocolError for too many, for one twice, and for commas that may belong to a name.
    """
    low, high = int(parameter.low or 1), int(parameter.high or 99)
    if (count := whole_number(text)) is not None:
        if not low <= count <= high:
            raise ProtocolError(f"{text!r} is not between {low} and {high}", f"write a whole number from {low} to {high}, or names separated by ';'")
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


def _parse_single(parameter: Parameter, text: str, choices: tuple[str, ...]) -> Any:
    match parameter.form:
        case "count":
            with _hint_at_other(parameter):
                return Fraction(parse_whole_number(text, int(parameter.low or 1), int(parameter.high or 10**6)))
        case "number":
            return _parse_number(parameter, text)
        case "choices":
            return _parse_choice(parameter, text, choices)
        case "flag":
            if text.casefold() not in TRUE_WORDS + FALSE_WORDS:
                raise ProtocolError(f"{text!r} is neither yes nor no", "write yes or no")
            return text.casefold() in TRUE_WORDS
        case "text":
            return parse_label(_spell_as_rows(parameter, text) if parameter.told_of else text)
        case "pairs":
            return _parse_pairs(text)
        case "adds":
            return Label(" ".join(text.split()))
    try:
        with _hint_at_other(parameter):
            return _parse_quantity(parameter, text)
    except ProtocolError as first:
        if parameter.alternative is None:
            raise
        try:
            return _parse_single(parameter.alternative, text, parameter.alternative.choices)
        except ProtocolError as second:
            raise (second if _is_of_kind(parameter.alternative, text) else first) from None


@contextmanager
def _hint_at_other(parameter: Parameter) -> Iterator[None]:
    """Add to a mistake what the protocol says to write in other cases."""
    try:
        yield
    except ProtocolError as error:
        error.hint = "; ".join(filter(None, (error.hint, parameter.other)))
        raise


def _spell_as_rows(parameter: Parameter, text: str) -> str:
    """Return *text*, which another protocol parses, with each row and word that it names called as there: ``ERBB2:Rabbit`` is HER2: rabbit."""
    parts = []
    for part in text.split(";"):
        who, colon, what = (piece.strip() for piece in part.partition(":"))
        row = parameter.told_of.find(who) if isinstance(parameter.told_of, RowNames) else find_word(who, parameter.told_of)
        word = parameter.told_as.find(what) if isinstance(parameter.told_as, RowNames) else find_word(what, parameter.told_as)
        parts.append(f"{row or who}{colon} {word or what}".strip())
    return "; ".join(part for part in parts if part)


def _is_of_kind(parameter: Parameter, text: str) -> bool:
    """Return whether *text* is a quantity of the alternative's kind, so that the mistake is told of the alternative."""
    try:
        return parameter.form == "quantity" and parse_quantity(text).kind == parameter.kind
    except ProtocolError:
        return False


def _parse_number(parameter: Parameter, text: str) -> Fraction:
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,12})?", text.strip()):
        raise ProtocolError(f"{text!r} is not a number", "write it plainly, like 7.5")
    number = Fraction(text.strip())
    if parameter.low and number < Fraction(parameter.low) or parameter.high and number > Fraction(parameter.high):
        raise ProtocolError(f"{text!r} is not between {parameter.low or 0} and {parameter.high or 'any'}", "stay within its limits")
    return number


def _parse_choice(parameter: Parameter, text: str, choices: tuple[str, ...]) -> str:
    if text in choices:
        return choices[choices.index(text)]
    match = choices.find(text) if isinstance(choices, RowNames) else find_word(text, choices)
    if match:
        return match
    message = f"{text!r} is not one of {', '.join(choices)}" if len(choices) < 8 else f"{text!r} is not among its {len(choices)} choices"
    hint = choices.suggest(text, "one of") if isinstance(choices, RowNames) else suggest(text, choices, "one of")
    raise ProtocolError(message, f"{hint.removesuffix('?')}; for one that is not there: {parameter.other}" if parameter.other else hint)


def parse_label(text: str) -> Label:
    """Return *text* as a user's label; raise ProtocolError if it is empty, too long, or holds an invisible character."""
    label_text = " ".join(text.split())
    if not label_text or len(label_text) > 80:
        raise ProtocolError(f"{text[:40]!r} is {'empty' if not label_text else 'too long'} for a label", "1 to 80 characters")
    if not label_text.isprintable():
        raise ProtocolError(f"{text!r} holds a sign that is not seen", "letters, digits and common signs only")
    return Label(label_text)


def _parse_quantity(parameter: Parameter, text: str) -> Quantity:
    kinds = CONCENTRATIONS if parameter.kind == "concentration" else (parameter.kind,)
    quantity = as_quantity(text, *kinds)
    if quantity.per and quantity.per != parameter.per:
        other = f"it is per {parameter.per}" if parameter.per else "it stands for itself"
        raise ProtocolError(f"{text!r} is per {quantity.per}; {other}", f"write {format_amount(quantity.value, quantity.kind)!r}")
    limits = parameter.limits()
    limits_of_kind = [pair for pair in limits if quantity.kind in {limit.kind for limit in pair if limit}]
    if limits and not limits_of_kind:
        wanted = " or ".join(dict.fromkeys(limit.kind for pair in limits for limit in pair if limit))
        raise ProtocolError(f"expected a {wanted}, got {text!r} ({quantity.kind})", f"write {' or '.join(map(_describe_limits, limits))}")
    low, high = limits_of_kind[0] if limits_of_kind else (None, None)
    is_none = not quantity.value and quantity.kind != "temperature" and not (low is not None and low.value == 0)  # unless 0 is declared
    below = low is not None and quantity.value < low.value or is_none
    if below or high is not None and quantity.value > high.value:
        way = f"write {_describe_limits((low, high))}"
        if low is not None and high is not None:
            raise ProtocolError(f"{text!r} is not between {low} and {high}", way)
        raise ProtocolError(f"{text!r} is {'too little' if below else 'too much'}", way)
    return Quantity(value=quantity.value, kind=quantity.kind, per=parameter.per, origin=parameter.name)


def _describe_limits(limits: tuple[Quantity | None, Quantity | None]) -> str:
    """Return what may be written, as it is typed: ``36 h to 168 h``, ``1 uM at least``."""
    low, high = (format_input(limit.value, limit.kind) if limit else "" for limit in limits)
    if low and high:
        return f"{low} to {high}"
    return f"{low} at least" if low else f"more than nothing, {high} at most" if high else "more than nothing"


def _parse_pairs(text: str) -> tuple[tuple[str, Quantity, Quantity], ...]:
    """Read ``10 mM: 50 uL; drug 1 mM: 40 uL`` as (whose, concentration, volume)."""
    pairs = []
    for part in text.split(";"):
        first, colon, second = part.rpartition(":")
        match = re.fullmatch(r"(.*:|.*?)\s*([0-9.]+(?:[eE][+-]?[0-9]+)?\s*[^\d\s].*)", first.strip())
        if not colon or not match:
            raise ProtocolError(f"{part.strip()!r} is not a stock and its volume", "write '10 mM: 50 uL; 1 mM: 40 uL'")
        concentration, amount = as_quantity(match[2], *CONCENTRATIONS), as_quantity(second.strip(), "volume")
        if not concentration.value or not amount.value:
            raise ProtocolError(f"{part.strip()!r} is nothing", "leave it out")
        pairs.append((match[1].strip(" :"), concentration, amount))
    return tuple(pairs)
