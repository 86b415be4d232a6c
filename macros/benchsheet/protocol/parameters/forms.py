"""What somebody typed, read as the value of a parameter; refuses another form, another kind, and what is beyond the limits."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from ...errors import Collector, ProtocolError, near
from ...units import CONCENTRATIONS, Quantity, parse, read, show
from .parameter import FALSE, TRUE, Parameter


class Label(str):
    """A user's own words: printed with its signs escaped, never computed with."""

    __slots__ = ()


class Numbered(Label):
    """A name that nobody chose: ``sample 3``, since only their number was given."""

    __slots__ = ()


def value(parameter: Parameter, text: str, choices: tuple[str, ...]) -> Any:
    """Return the value that *text* spells for *parameter*; *choices* are its words. Raise ProtocolError if it spells none."""
    if parameter.form == "names":
        return named(parameter, text)
    if not parameter.is_list or parameter.form == "pairs":
        return _single(parameter, text, choices)
    parts = _split(parameter, text)
    low, high = parameter.several if parameter.several[1] else (1, 99)
    if not low <= len(parts) <= high:
        raise ProtocolError(
            f"{text!r} is {len(parts)} values: {low} to {high} are allowed", "separate quantities with ';', names and whole numbers with ','"
        )
    mistakes = Collector()
    found = []
    for part in parts:
        with mistakes.at(parameter.option):
            found.append(_single(parameter, part, choices))
    mistakes.close()
    return tuple(found)


def told(parameter: Parameter, text: str, choices: tuple[str, ...], whose: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return what *text* (``FAK: rabbit; GAPDH: mouse IgG1``) tells of each of *whose*, None where it tells nothing of it.

    Raise ProtocolError for somebody who is not among them, or who is there twice.
    """
    known = {str(who).casefold(): place for place, who in enumerate(whose)}
    found: list[Any] = [None] * len(whose)
    mistakes = Collector()
    for part in text.split(";"):
        with mistakes.at(parameter.option):
            who, colon, what = (word.strip() for word in part.partition(":"))
            if not colon or not what:
                raise ProtocolError(f"{part.strip()!r} does not say whose {parameter.label} it is", f"write '{whose[0]}: ...', separated by ';'")
            place = known.get(who.casefold())
            if place is None:
                raise ProtocolError(f"{who!r} is not among the {parameter.like}", near(who, [str(one) for one in whose]))
            if found[place] is not None:
                raise ProtocolError(f"{who!r} is told twice", "once is enough")
            found[place] = _single(parameter, what, choices)
    mistakes.close()
    return tuple(found)


def named(parameter: Parameter, text: str) -> tuple[Label, ...]:
    """Return the names that *text* spells: ``12`` is twelve numbered ones; raise ProtocolError for too many, or one twice."""
    low, high = int(parameter.low or 1), int(parameter.high or 99)
    if re.fullmatch(r"[0-9]{1,12}", text.strip()):
        if not low <= int(text) <= high:
            raise ProtocolError(f"{text!r} is not between {low} and {high}", f"write a whole number from {low} to {high}, or names separated by ','")
        return tuple(Numbered(f"{parameter.unit} {number}") for number in range(1, int(text) + 1))
    if re.fullmatch(r"[+-]?[0-9.]+", text.strip()):
        raise ProtocolError(f"{text!r} is no whole number", f"write one from {low} to {high}, or names separated by ','")
    if not text.replace(",", "").strip():
        raise ProtocolError(f"{text!r} names none", f"{low} to {high} names separated by ',', or just their number")
    if ";" in text and "," not in text:
        raise ProtocolError(f"{text!r} is one name with a ';' in it", "separate names by ','")
    mistakes = Collector()
    found: list[Label] = []
    for part in text.split(","):
        with mistakes.at(parameter.option):
            name = label(part)
            if name.casefold() in {other.casefold() for other in found}:
                raise ProtocolError(f"{str(name)!r} is there twice", "give each its own name")
            found.append(name)
    mistakes.close()
    if not low <= len(found) <= high:
        raise ProtocolError(f"{len(found)} {parameter.label} are not between {low} and {high}", f"{low} to {high} names, or just their number")
    return tuple(found)


def _split(parameter: Parameter, text: str) -> list[str]:
    """Split a list: quantities at ``;`` with the last unit holding for all, names and whole numbers at ``,``."""
    if parameter.form != "quantity":
        return [part.strip() for part in text.split(",")]
    parts = [part.strip() for part in text.split(";")]
    unit = re.sub(r"^[+-]?[\d.]+(?:[eE][+-]?\d+)?\s*", "", parts[-1])
    return [f"{part} {unit}" if re.fullmatch(r"[+-]?[\d.]+(?:[eE][+-]?\d+)?", part) else part for part in parts]


def _single(parameter: Parameter, text: str, choices: tuple[str, ...]) -> Any:
    match parameter.form:
        case "count":
            return _count(parameter, text)
        case "number":
            return _number(parameter, text)
        case "choices":
            return _choice(text, choices)
        case "flag":
            if text.casefold() not in TRUE + FALSE:
                raise ProtocolError(f"{text!r} is neither yes nor no", "write yes or no")
            return text.casefold() in TRUE
        case "text":
            return label(text)
        case "pairs":
            return _pairs(text)
    try:
        return _quantity(parameter, text)
    except ProtocolError as first:
        if parameter.other is None:
            raise
        try:
            return _single(parameter.other, text, parameter.other.choices)
        except ProtocolError as second:
            raise (second if _fits(parameter.other, text) else first) from None


def _fits(parameter: Parameter, text: str) -> bool:
    """Return whether *text* is at least of the alternative's kind, so that its message is the one to give."""
    try:
        return parameter.form == "quantity" and parse(text).kind == parameter.kind
    except ProtocolError:
        return False


def _count(parameter: Parameter, text: str) -> Fraction:
    low, high = int(parameter.low or 1), int(parameter.high or 10**6)
    if not re.fullmatch(r"[0-9]{1,12}", text.strip()):
        raise ProtocolError(f"{text!r} is not a whole number", f"write one from {low} to {high}")
    number = int(text)
    if not low <= number <= high:
        raise ProtocolError(f"{text!r} is not between {low} and {high}", f"write a whole number from {low} to {high}")
    return Fraction(number)


def _number(parameter: Parameter, text: str) -> Fraction:
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,12})?", text.strip()):
        raise ProtocolError(f"{text!r} is not a number", "write it plainly, like 7.5")
    number = Fraction(text.strip())
    if parameter.low and number < Fraction(parameter.low) or parameter.high and number > Fraction(parameter.high):
        raise ProtocolError(f"{text!r} is not between {parameter.low or 0} and {parameter.high or 'any'}", "stay within its limits")
    return number


def _choice(text: str, choices: tuple[str, ...]) -> str:
    if text in choices:
        return text
    same = [choice for choice in choices if choice.casefold() == text.strip().casefold()]
    if same:
        return same[0]
    hint = near(text, choices, "one of")
    raise ProtocolError(
        f"{text!r} is not one of {', '.join(choices)}" if len(choices) < 8 else f"{text!r} is not among its {len(choices)} choices", hint
    )


def label(text: str) -> Label:
    """Return *text* as a user's label; raise ProtocolError if it is empty, too long, or holds what is not seen."""
    words = " ".join(text.split())
    if not words or len(words) > 80:
        raise ProtocolError(f"{text[:40]!r} is {'empty' if not words else 'too long'} for a label", "1 to 80 characters")
    if not words.isprintable():
        raise ProtocolError(f"{text!r} holds a sign that is not seen", "letters, digits and common signs only")
    return Label(words)


def _quantity(parameter: Parameter, text: str) -> Quantity:
    kinds = CONCENTRATIONS if parameter.kind == "concentration" else (parameter.kind,)
    found = read(text, *kinds)
    if found.per and found.per != parameter.per:
        other = f"it is per {parameter.per}" if parameter.per else "it stands for itself"
        raise ProtocolError(f"{text!r} is per {found.per}; {other}", f"write {show(found.value, found.kind)!r}")
    limits = parameter.limits()
    mine = [pair for pair in limits if found.kind in {limit.kind for limit in pair if limit}]
    if limits and not mine:
        wanted = " or ".join(dict.fromkeys(limit.kind for pair in limits for limit in pair if limit))
        raise ProtocolError(f"expected a {wanted}, got {text!r} ({found.kind})", f"stay within the limits of {parameter.label}")
    low, high = mine[0] if mine else (None, None)
    below = low is not None and found.value < low.value or not found.value and found.kind != "temperature"
    if below or high is not None and found.value > high.value:
        if low is not None and high is not None:
            raise ProtocolError(f"{text!r} is not between {low} and {high}", f"stay within the limits of {parameter.label}")
        raise ProtocolError(f"{text!r} is {'too little' if below else 'too much'}", f"stay within the limits of {parameter.label}")
    return Quantity(found.value, found.kind, parameter.per, parameter.name)


def _pairs(text: str) -> tuple[tuple[str, Quantity, Quantity], ...]:
    """Read ``10 mM: 50 uL; drug 1 mM: 40 uL`` as (whose, concentration, volume)."""
    found = []
    for part in text.split(";"):
        first, colon, second = part.rpartition(":")
        match = re.fullmatch(r"(.*?)\s*([0-9.]+(?:[eE][+-]?[0-9]+)?\s*[^\d\s].*)", first.strip())
        if not colon or not match:
            raise ProtocolError(f"{part.strip()!r} is not a stock and its volume", "write '10 mM: 50 uL; 1 mM: 40 uL'")
        concentration, amount = read(match[2], *CONCENTRATIONS), read(second.strip(), "volume")
        if not concentration.value or not amount.value:
            raise ProtocolError(f"{part.strip()!r} is nothing", "leave it out")
        found.append((match[1].strip(), concentration, amount))
    return tuple(found)
