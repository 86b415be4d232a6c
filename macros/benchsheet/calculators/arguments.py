"""The command-line texts of a calculator's options, parsed into values; all mistakes are raised at once."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from ..errors import Collector, ProtocolError, parse_each
from ..patterns import compile_when_used
from ..units import CONCENTRATIONS, KINDS, Quantity, as_quantity, normalize_spelling, parse_whole_number, split_quantities, whole_number
from ..units.density import find_density
from .model import Calculator, Option
from .spellings import clarify, parse_amount, tell_exchanged

_BARE = compile_when_used(r"[+]?[0-9]{1,15}(\.[0-9]{1,12})?([eE][+]?[0-9]{1,2})?")
_BELOW_ZERO = compile_when_used(r"[-−]([0-9]{1,15}(\.[0-9]{1,12})?)")
MAX_COUNT = 1_000_000  # of anything that is counted
MAX_VALUES = 96  # tubes in one rack


def parse_options(calculator: Calculator, words: Mapping[str, list[str]], mistakes: Collector) -> dict[str, Any]:
    """Return the value of each option of *calculator* from the *words* typed for it; each mistake is kept with its option as the place."""
    parsed_values: dict[str, Any] = {}
    for option in calculator.options:
        texts = words.get(option.name) or ([option.default] if option.default else [])
        with mistakes.at(option.flag):
            if option.name in words and not texts:
                parsed_values[option.name] = None  # the missing value is a mistake already
            elif option.form == "flag":
                parsed_values[option.name] = bool(texts)
            elif texts:
                parsed_values[option.name] = None  # a value that cannot be read is not missing
                is_component = option.form == "component"
                parsed_values[option.name] = parse_each(parse_component, texts, option.flag) if is_component else parse_option(option, texts[0])
                if density := next(filter(None, map(find_density, texts)), None):
                    parsed_values.setdefault("densities", {})[option.name] = density
    refused = {
        option.flag: (option, words[option.name][0])
        for option in calculator.options
        if parsed_values.get(option.name, 0) is None and option.form != "component" and words.get(option.name)
    }
    tell_exchanged(refused, parse_option, mistakes)
    for option in calculator.options:
        is_optional = option.optional or option.name in calculator.one_of or option.optional_if and option.optional_if(parsed_values)
        with mistakes.at(option.flag):
            if option.name not in parsed_values and not is_optional:
                message, hint = option.missing
                raise ProtocolError(f"it is missing: {message or option.help}", hint or f"like {option.flag} {_quote(option.example)}")
    if calculator.one_of:
        names = [name for name in calculator.one_of if name in words]
        one_of = " or ".join(calculator.option(name).flag for name in calculator.one_of)
        with mistakes.at(one_of if not names else calculator.option(names[-1]).flag):
            if not names:
                first = calculator.option(calculator.one_of[0])
                raise ProtocolError("one of them is missing", f"like {first.flag} {_quote(first.example)}")
            if len(names) > 1:
                given = [calculator.option(name).flag for name in names]
                raise ProtocolError(f"only one of {', '.join(given[:-1])} and {given[-1]} can be given", "give one of them")
    return parsed_values


def _quote(text: str) -> str:
    return f'"{text}"' if re.search(r"[ ;%]", text) else text


def parse_option(option: Option, text: str) -> Any:
    """Return the value that *text* spells for *option*."""
    readers: dict[str, Callable[[Option, str], Any]] = {
        "quantity": _parse_quantity, "quantities": _parse_quantities, "number": _parse_number, "whole": _parse_whole, "wholes": _parse_wholes,
        "numbers": _parse_numbers, "groups": _parse_groups, "word": _parse_word, "name": _parse_name,
    }  # fmt: skip
    return clarify(readers[option.form])(option, text)


def _parse_quantity(option: Option, text: str) -> Quantity:
    if option.kinds == ("dilution factor",) and _BARE.fullmatch(text.strip()):
        raise ProtocolError(f"{text!r} has no unit", f"write '{text.strip()} fold' (total / stock)")
    quantity = as_quantity(text, *option.kinds)
    if quantity.per and quantity.per.rstrip("s") != option.per:
        raise ProtocolError(f"{text!r} is per {quantity.per}", f"write '{Quantity(value=quantity.value, kind=quantity.kind)}'")
    if not quantity.value and not option.allow_zero:
        raise ProtocolError(f"{text!r} is nothing", "give more than that")
    if quantity.kind == "percent v/v" and quantity.value > 100:
        raise ProtocolError(f"{text!r} is more than the whole", "a share is 100 % at most")
    return Quantity(value=quantity.value, kind=quantity.kind)


def _parse_quantities(option: Option, text: str) -> tuple[Quantity, ...]:
    """Parse quantities separated by semicolons; a number without a unit has the last one's."""
    parts = split_quantities(text)
    if len(parts) > MAX_VALUES:
        raise ProtocolError(f"{len(parts)} values are too many", f"give at most {MAX_VALUES}")
    if "" in parts:
        raise ProtocolError(f"{text!r}: a value is empty", f"separate quantities with semicolons, like {_quote(option.example)}")
    if parts[-1].endswith(" "):  # a number, and nothing that could be its unit
        raise ProtocolError(f"{text!r} has no unit", f"the last unit holds for all, like {_quote(option.example)}")
    amounts = parse_each(functools.partial(_parse_quantity, option), parts, option.flag)
    if {quantity.kind for quantity in amounts} != {amounts[0].kind}:
        raise ProtocolError(f"{text!r} is of several kinds", "give all in one unit")
    return amounts


def _parse_number(option: Option, text: str) -> Fraction:
    """Parse a number, with or without the unit of its kind; a ratio such as ``1:10`` is refused, since it has two meanings."""
    clean = normalize_spelling(text)
    kind = option.kinds[0] if option.kinds else ""
    if _BARE.fullmatch(clean):
        value = Fraction(clean)
    elif option.signed and (below := _BELOW_ZERO.fullmatch(clean)):
        value = -Fraction(below[1])
    elif kind and clean and not re.fullmatch(r"[-+]?[\d.]+|[\d.]+\s*,.*", clean) and clean[0] in "+-.0123456789":
        value = _parse_with_unit(kind, text)
    else:
        raise _bare_number_error(text, clean)
    if not value and not option.allow_zero:
        raise ProtocolError(f"{text!r} is nothing", "give more than that")
    return value


def _parse_numbers(option: Option, text: str) -> tuple[Fraction, ...]:
    """Parse bare numbers separated by semicolons; a comma is refused, since to some it is a decimal sign."""
    parts = [part.strip() for part in text.split(";")]
    if len(parts) > MAX_VALUES:
        raise ProtocolError(f"{len(parts)} values are too many", f"give at most {MAX_VALUES}")
    if "" in parts:
        raise ProtocolError(f"{text!r}: a value is empty", f"separate numbers with semicolons, like {_quote(option.example)}")
    return parse_each(functools.partial(_parse_number, option), parts, option.flag)


def _parse_groups(option: Option, text: str) -> tuple[tuple[Fraction, ...], ...]:
    """Parse readings of several things with semicolons between them, and spaces between replicates of one."""
    parts = text.split(";")
    if len(parts) > MAX_VALUES or any(len(part.split()) > MAX_VALUES for part in parts):
        raise ProtocolError(f"{text[:20]!r}...: too many values", f"give at most {MAX_VALUES}")
    if any(not part.strip() for part in parts):
        raise ProtocolError(f"{text!r}: a value is empty", f"separate them with semicolons, like {_quote(option.example)}")
    return parse_each(lambda part: tuple(_parse_number(option, each) for each in part.split()), parts, option.flag)


def _parse_with_unit(kind: str, text: str) -> Fraction:
    if kind == "dilution factor" and re.fullmatch(r"\s*\d+\s*:\s*\d+\s*", text):
        stock, other = (int(part) for part in text.split(":"))
        raise ProtocolError(
            f"{text!r} is read in two ways",
            f"write {max(other, 1)} (total / stock), '{max(other, 1)} fold', or '{stock or 1}:{other} parts' ({stock or 1} + {other})",
        )
    quantity = as_quantity(text, kind)
    if quantity.per and not (kind == "cells" and quantity.per.rstrip("s") == "well"):
        raise ProtocolError(f"{text!r} is per {quantity.per}", "write the number alone")
    return quantity.value


def _bare_number_error(text: str, clean: str) -> ProtocolError:
    if not clean:
        return ProtocolError("'' is empty", "write a number")
    if re.match(r"[+-]?[\d.]+\s*,", clean):
        return ProtocolError(f"{text!r}: a comma is a decimal sign to some and a thousands mark to others", "write 0.5 or 1000")
    if re.fullmatch(r"-[\d.]+([eE][+-]?\d+)?", clean):
        return ProtocolError(f"{text!r} is below zero", "look where it comes from: what is measured here is zero or more")
    return ProtocolError(f"{text!r} is not a number", "write it plainly, like 7.5")


def _parse_whole(option: Option, text: str) -> Fraction:
    most = MAX_VALUES if option.name == "points" else MAX_COUNT
    return Fraction(parse_whole_number(text, 1, most))


def _parse_wholes(option: Option, text: str) -> tuple[Fraction, ...]:
    parts = [part.strip() for part in text.split(",")]
    odd = [part for part in parts if (number := whole_number(part)) is None or number >= MAX_COUNT]
    if odd:
        raise ProtocolError(f"{text!r}: {odd[0]!r} is not a whole number", f"separate whole numbers with commas, like {option.example}")
    if len(parts) > MAX_VALUES:
        raise ProtocolError(f"{len(parts)} values are too many", f"give at most {MAX_VALUES}")
    return tuple(Fraction(int(part)) for part in parts)


def _parse_word(option: Option, text: str) -> str:
    if not text.strip():
        raise ProtocolError("'' is empty", f"like {_quote(option.example)}")
    return text.strip()


def _parse_name(option: Option, text: str) -> str:
    name = " ".join(_parse_word(option, text).split())
    if not name.isprintable() or len(name) > 60:
        raise ProtocolError(f"{text[:40]!r} is not a name", f"at most 60 letters, like {_quote(option.example)}")
    return name


def parse_component(text: str) -> tuple[str, Quantity | None, Quantity]:
    """Parse ``NAME:STOCK:FINAL`` as (name, stock, final), ``NAME:VOLUME`` as (name, None, volume)."""
    name, _, rest = text.partition(":")
    name = name.strip()
    if not name or not name.isprintable() or len(name) > 60:
        raise ProtocolError(f"{text!r} names no component", "write 'NAME:STOCK:FINAL' or 'NAME:VOLUME', like 'buffer:10 X:1 X'")
    parts = [part.strip() for part in rest.split(":")] if rest else []
    if len(parts) not in (1, 2):
        raise ProtocolError(f"{text!r} is not a component", "write 'NAME:STOCK:FINAL' or 'NAME:VOLUME', like 'buffer:10 X:1 X'")
    kinds = CONCENTRATIONS if len(parts) == 2 else ("volume",)
    read_parts = []
    for part in parts:
        try:
            quantity = parse_amount(part, kinds, "10 uM" if len(parts) == 2 else "5 uL")
        except ProtocolError as error:
            raise ProtocolError(f"{name}: {error.message}", error.hint) from None
        if not quantity.value:
            raise ProtocolError(f"{name}: {part!r} is nothing", "give more than that, or leave it out")
        if quantity.per.rstrip("s") not in ("", "reaction"):
            raise ProtocolError(f"{name}: {part!r} is per {quantity.per}", "amounts are per reaction")
        read_parts.append(Quantity(value=quantity.value, kind=quantity.kind))
    return name, read_parts[0] if len(parts) == 2 else None, read_parts[-1]


def check_same_kind(stock: Quantity, final: Quantity, flag: str) -> None:
    """Raise ProtocolError, placed at *flag*, unless both concentrations are of one kind."""
    if stock.kind != final.kind:
        raise ProtocolError(
            f"{final} ({final.kind}) cannot be compared with the stock's {stock} ({stock.kind})",
            f"write both in one kind of concentration; units of the stock's: {', '.join(KINDS[stock.kind].units)}",
            flag,
        )
