"""What was typed for a calculator, read as values; refuses what is missing, of another kind, zero, or not a number, all at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from ..errors import Collector, ProtocolError
from ..units import CONCENTRATIONS, KINDS, Quantity, read
from .model import Calculator, Option

_BARE = re.compile(r"[+]?[0-9]{1,15}(\.[0-9]{1,12})?([eE][+]?[0-9]{1,2})?")
_NUMBER = re.compile(r"[+-]?[\d.]+(?:[eE][+-]?\d+)?")
MOST = 1_000_000  # of anything that is counted
LIST = 96  # tubes in one rack


def values(calculator: Calculator, typed: Mapping[str, list[str]], mistakes: Collector) -> dict[str, Any]:
    """Return the value of each option of *calculator*; mistakes are kept with the option that they belong to."""
    found: dict[str, Any] = {}
    for option in calculator.options:
        given = typed.get(option.name) or ([option.default] if option.default else [])
        with mistakes.at(option.flag):
            if option.name in typed and not given:
                found[option.name] = None  # without its value, which is told already
            elif option.form == "flag":
                found[option.name] = bool(given)
            elif given:
                found[option.name] = None  # typed, so that nobody calls it missing
                found[option.name] = _components(option, given) if option.form == "component" else one(option, given[0])
    for option in calculator.options:
        if option.name in found or option.optional or option.name in calculator.either or option.waived and option.waived(found):
            continue
        with mistakes.at(option.flag):
            message, hint = option.missing
            raise ProtocolError(f"it is missing: {message or option.help}", hint or f"like {option.flag} {_quoted(option.example)}")
    if calculator.either:
        given_of = [name for name in calculator.either if name in typed]
        one_of = " or ".join(calculator.option(name).flag for name in calculator.either)
        with mistakes.at(one_of if not given_of else calculator.option(given_of[-1]).flag):
            if not given_of:
                first = calculator.option(calculator.either[0])
                raise ProtocolError("one of them is missing", f"like {first.flag} {_quoted(first.example)}")
            if len(given_of) > 1:
                raise ProtocolError(f"one of {one_of} follows from the other", "give one of them")
    return found


def _quoted(text: str) -> str:
    return f'"{text}"' if re.search(r"[ ;%]", text) else text


def one(option: Option, text: str) -> Any:
    """Return the value that *text* spells for *option*."""
    readers: dict[str, Callable[[Option, str], Any]] = {
        "quantity": _quantity, "quantities": _quantities, "number": _number, "whole": _whole, "wholes": _wholes, "word": _word,
    }  # fmt: skip
    return readers[option.form](option, text)


def _quantity(option: Option, text: str) -> Quantity:
    if option.kinds == ("dilution factor",) and _BARE.fullmatch(text.strip()):
        raise ProtocolError(f"{text!r} has no unit", f"write '{text.strip()} fold' (total / stock)")
    quantity = read(text, *option.kinds)
    if quantity.per and quantity.per.rstrip("s") != option.per:
        raise ProtocolError(f"{text!r} is per {quantity.per}", f"write '{Quantity(quantity.value, quantity.kind)}'")
    if not quantity.value and not option.zero:
        raise ProtocolError(f"{text!r} is nothing", "give more than that")
    if quantity.kind == "percent v/v" and quantity.value > 100:
        raise ProtocolError(f"{text!r} is more than the whole", "a share is 100 % at most")
    return Quantity(quantity.value, quantity.kind)


def _quantities(option: Option, text: str) -> tuple[Quantity, ...]:
    """Split at semicolons; the last unit holds for all."""
    parts = [part.strip() for part in text.split(";")]
    if len(parts) > LIST:
        raise ProtocolError(f"{len(parts)} values are too many", f"give at most {LIST}")
    if "" in parts:
        raise ProtocolError(f"{text!r}: a value is empty", f"separate quantities with semicolons, like {_quoted(option.example)}")
    unit = _NUMBER.sub("", parts[-1], count=1).strip()
    if not unit and _NUMBER.fullmatch(parts[-1]):
        raise ProtocolError(f"{text!r} has no unit", f"the last unit holds for all, like {_quoted(option.example)}")
    mistakes = Collector()
    found = []
    for part in parts:
        with mistakes.at(option.flag):
            found.append(_quantity(option, f"{part} {unit}" if unit and _NUMBER.fullmatch(part) else part))
    mistakes.close()
    if {quantity.kind for quantity in found} != {found[0].kind}:
        raise ProtocolError(f"{text!r} is of several kinds", "give all in one unit")
    return tuple(found)


def _number(option: Option, text: str) -> Fraction:
    """Read a bare number; its own unit may stand with it, and a ratio says which of its two meanings is meant."""
    written = text.strip()
    kind = option.kinds[0] if option.kinds else ""
    if _BARE.fullmatch(written):
        value = Fraction(written)
    elif kind and written and not re.fullmatch(r"[-+]?[\d.]+|[\d.]+\s*,.*", written) and written[0] in "+-.0123456789":
        value = _with_unit(kind, text)
    else:
        raise _no_number(text, written)
    if not value and not option.zero:
        raise ProtocolError(f"{text!r} is nothing", "give more than that")
    return value


def _with_unit(kind: str, text: str) -> Fraction:
    if kind == "dilution factor" and re.fullmatch(r"\s*\d+\s*:\s*\d+\s*", text):
        stock, other = (int(part) for part in text.split(":"))
        raise ProtocolError(
            f"{text!r} is read in two ways",
            f"write {max(other, 1)} (total / stock), '{max(other, 1)} fold', or '{stock or 1}:{other} parts' ({stock or 1} + {other})",
        )
    quantity = read(text, kind)
    if quantity.per and not (kind == "cells" and quantity.per.rstrip("s") == "well"):
        raise ProtocolError(f"{text!r} is per {quantity.per}", "write the number alone")
    return quantity.value


def _no_number(text: str, written: str) -> ProtocolError:
    if not written:
        return ProtocolError("'' is empty", "write a number")
    if re.match(r"[+-]?[\d.]+\s*,", written):
        return ProtocolError(f"{text!r}: a comma is a decimal sign to some and a thousands mark to others", "write 0.5 or 1000")
    if re.fullmatch(r"-[\d.]+([eE][+-]?\d+)?", written):
        return ProtocolError(f"{text!r} is below zero", "leave the minus sign out")
    return ProtocolError(f"{text!r} is not a number", "write it plainly, like 7.5")


def _whole(option: Option, text: str) -> Fraction:
    most = LIST if option.name == "points" else MOST
    if not re.fullmatch(r"[0-9]{1,12}", text.strip()):
        raise ProtocolError(f"{text!r} is not a whole number", f"write one from 1 to {most}")
    if not 1 <= int(text) <= most:
        raise ProtocolError(f"{text!r} is not between 1 and {most}", f"write a whole number from 1 to {most}")
    return Fraction(int(text))


def _wholes(option: Option, text: str) -> tuple[Fraction, ...]:
    parts = [part.strip() for part in text.split(",")]
    odd = [part for part in parts if not re.fullmatch(r"[0-9]{1,6}", part)]
    if odd:
        raise ProtocolError(f"{text!r}: {odd[0]!r} is not a whole number", f"separate whole numbers with commas, like {option.example}")
    if len(parts) > LIST:
        raise ProtocolError(f"{len(parts)} values are too many", f"give at most {LIST}")
    return tuple(Fraction(int(part)) for part in parts)


def _word(option: Option, text: str) -> str:
    if not text.strip():
        raise ProtocolError("'' is empty", f"like {_quoted(option.example)}")
    return text.strip()


def _components(option: Option, given: list[str]) -> tuple[tuple[str, Quantity | None, Quantity], ...]:
    mistakes = Collector()
    found = []
    for text in given:
        with mistakes.at(option.flag):
            found.append(component(text))
    mistakes.close()
    return tuple(found)


def component(text: str) -> tuple[str, Quantity | None, Quantity]:
    """Read ``NAME:STOCK:FINAL`` as (name, stock, final), ``NAME:VOLUME`` as (name, nothing, volume)."""
    name, _, rest = text.partition(":")
    name = name.strip()
    if not name or not name.isprintable() or len(name) > 40:
        raise ProtocolError(f"{text!r} names no component", "write 'NAME:STOCK:FINAL' or 'NAME:VOLUME', like 'buffer:10 X:1 X'")
    parts = [part.strip() for part in rest.split(":")] if rest else []
    if len(parts) not in (1, 2):
        raise ProtocolError(f"{text!r} is not a component", "write 'NAME:STOCK:FINAL' or 'NAME:VOLUME', like 'buffer:10 X:1 X'")
    kinds = CONCENTRATIONS if len(parts) == 2 else ("volume",)
    read_parts = []
    for part in parts:
        try:
            quantity = read(part, *kinds)
        except ProtocolError as error:
            raise ProtocolError(f"{name}: {error.message}", error.hint) from None
        if not quantity.value:
            raise ProtocolError(f"{name}: {part!r} is nothing", "give more than that, or leave it out")
        if quantity.per.rstrip("s") not in ("", "reaction"):
            raise ProtocolError(f"{name}: {part!r} is per {quantity.per}", "amounts are per reaction")
        read_parts.append(Quantity(quantity.value, quantity.kind))
    return name, read_parts[0] if len(parts) == 2 else None, read_parts[-1]


def same_kind(stock: Quantity, final: Quantity, flag: str) -> None:
    """Raise ProtocolError, placed at *flag*, unless both concentrations are of one kind."""
    if stock.kind != final.kind:
        raise ProtocolError(
            f"{final} ({final.kind}) cannot be compared with the stock's {stock} ({stock.kind})",
            f"write both in one kind of concentration; units of the stock's: {', '.join(KINDS[stock.kind].units)}",
            flag,
        )
