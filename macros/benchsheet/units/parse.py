"""Quantities as biologists write them, read strictly: a number, a unit, at most one count.

Raises ProtocolError for what can be read in two ways: a bare ``%``, a bare ratio, a comma, ``14000 g`` for a spin, ``37 C``.
"""

from __future__ import annotations

import functools
import re
from fractions import Fraction

from ..errors import ProtocolError
from ..patterns import compile_when_used
from .density import density_of_percent
from .display import HALF_LOG
from .kinds import BY_MASS, CONCENTRATIONS, KINDS, SPELLINGS, SUPERSCRIPTS
from .quantity import Quantity, by_mass, describe_value
from .table import UNIT_TABLE

_NUMBER = compile_when_used(r"([+-]?)([0-9]{1,18}(?:\.[0-9]{1,15})?)(?:[eE]([+-]?[0-9]{1,2}))?(?![\d.,]|[eE][+-]?\d)\s*")
_BARE_NUMBER = compile_when_used(r"^[+-]?[\d.]+(?:[eE][+-]?\d+)?\s*")
_RATIO = compile_when_used(r"([0-9]{1,9})\s*:\s*([0-9]{1,9})\s*(parts)?")
_UNIT_SPELLINGS = {"ul": "uL", "ml": "mL", "l": "L", "nl": "nL", "hr": "h", "hrs": "h", "hour": "h", "hours": "h", "sec": "s", "secs": "s",
          "mins": "min", "minute": "min", "minutes": "min", "second": "s", "seconds": "s"}  # fmt: skip
_PERCENT = compile_when_used(r"%\s*\(?([wv])\s*/\s*([wv])\)?")
_POWER = compile_when_used(r"(?<=[0-9])\s*[xX*·]\s*10(?:(?:\^|\*\*)(-?[0-9]{1,2})|(⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}))(?![0-9⁰¹²³⁴⁵⁶⁷⁸⁹])")
# Digits in threes, as the sheet prints them: between them any blank that people and programs put there.
_GROUPED = compile_when_used("(?<![\\w.,])([1-9][0-9]{0,2})((?:[ \u00a0\u2007\u2009\u202f][0-9]{3})+)(?![0-9])")
_BLANKS = compile_when_used("[ \u00a0\u2007\u2009\u202f]")
MOST_PARTS = 10**20  # of the base of a kind: what is less is next to nothing
_COUNT = compile_when_used(r"[a-z][a-z_ ]*[a-z]")
WORD_QUANTITIES = {"half-log": Quantity(value=HALF_LOG, kind="dilution factor")}


def normalize_spelling(text: str) -> str:
    """Return *text* with what differs only in how it is typed made one: ``µ``, ``℃``, ``850 000`` as ``850000``, ``1.2×10⁶`` as ``1.2e6``."""
    clean = _GROUPED.sub(_join_digits, text.strip())
    if clean.isascii() and "^" not in clean and "*" not in clean:
        return clean
    for typed, spelling in SPELLINGS.items():
        clean = clean.replace(typed, spelling)
    return _POWER.sub(lambda power: "e" + (power[1] or power[2]).translate(SUPERSCRIPTS), clean)


def _join_digits(number: re.Match[str]) -> str:
    """Return a number without the blanks between its digits; ``2 100`` stays, since it may be two times 100."""
    is_doubtful = len(number[1]) == 1 and len(number[2]) == 4 and number[2][0] == " "
    return number[0] if is_doubtful else _BLANKS.sub("", number[0])


@functools.lru_cache(maxsize=4096)
def parse_quantity(text: str) -> Quantity:
    """Read ``50 uL/well``, ``10 % w/v``, ``1.2e6 cells/mL``, ``4 fold`` or a sum of such; raise ProtocolError for anything else."""
    if "+" in text.replace("e+", "").replace("E+", "").lstrip().lstrip("+"):
        first, *rest = parse_terms(text)
        for term in rest:
            if term.per != first.per:
                raise ProtocolError(f"{text!r} adds what is once to what is per {term.per or first.per}", "give one of them")
            first += term
        return first
    return _parse_term(text)


@functools.lru_cache(maxsize=1024)
def parse_terms(text: str) -> tuple[Quantity, ...]:
    """Read a sum, ``20 min + 5 min/plate``, as its terms."""
    return tuple(_parse_term(part) for part in re.split(r"(?<![eE])\+", text))


def _parse_term(text: str) -> Quantity:
    if len(text) > 60:
        raise ProtocolError(f"{text[:20] + '...'!r} is too long for a quantity", "write a number, a space and a unit")
    if plain := WORD_QUANTITIES.get(text) or _read_plain(text.strip()):
        return plain
    clean = normalize_spelling(text)
    if clean in WORD_QUANTITIES:
        return WORD_QUANTITIES[clean]
    if ratio := _RATIO.fullmatch(clean):
        return _parse_ratio(text, ratio)
    number = _NUMBER.match(clean)
    if not number:
        raise _number_error(text, clean)
    sign, digits, power = number.groups()
    rest = clean[number.end() :]
    if rest.startswith(","):
        raise ProtocolError(f"{text!r}: a comma is a decimal sign to some and a thousands mark to others", "write 0.5 or 1000")
    if re.match(r"[0-9]{3}(?![0-9])", rest):
        raise ProtocolError(f"{text!r}: a space inside a number", f"write {(digits + rest[:3]).lstrip(chr(48))}")
    unit = _PERCENT.sub(r"% \1/\2", rest)
    if not unit:
        raise ProtocolError(f"{text!r} has no unit", "write a number, a space and a unit, like '50 uL'")
    kind, size, per = _resolve_unit(text, digits, unit)
    value = (int(digits) if digits.isdecimal() else Fraction(digits)) * size
    if power:
        value *= Fraction(10) ** int(power)
    if value.denominator > MOST_PARTS and 0 < value * MOST_PARTS < 1:
        raise ProtocolError(f"{text!r} is next to nothing", "write 0, or look at the power of ten")
    if sign == "-" and kind != "temperature" and value:
        raise ProtocolError(f"{text!r} is below zero: there is no such {kind}", "leave the minus sign out")
    return Quantity(value=-value if sign == "-" else value, kind=kind, per=per)


def _read_plain(text: str) -> Quantity | None:
    """Return what nearly every quantity is, a number, one blank and a unit of the table; None for any other, which `_parse_term` reads.

    It needs no pattern: those that are not compiled make a start shorter.
    """
    number, _, unit = text.partition(" ")
    digits, _, power = number.partition("e")
    whole, point, decimals = digits.partition(".")
    if not (number.isascii() and whole.isdecimal() and len(whole) <= 18 and (decimals.isdecimal() and len(decimals) <= 15 or not point)):
        return None
    if len(digits) < len(number) and not (power.isdecimal() and len(power) <= 2):
        return None
    entry, count = UNIT_TABLE.get(unit), ""
    if entry is None:
        numerator, _, count = unit.rpartition("/")
        if len(count) < 2 or not (count.isascii() and count.isalpha() and count.islower()) or _table_entry(count):
            return None
        entry = UNIT_TABLE.get(numerator)
    if entry is None:
        return None
    kind, top, bottom = entry
    value = Fraction(int(whole + decimals) * top * 10 ** int(power or 0), bottom * 10 ** len(decimals))
    return Quantity(value=value, kind=kind, per=count) if value.denominator <= MOST_PARTS else None


def _number_error(text: str, clean: str) -> ProtocolError:
    if re.match(r"[+-]?\d[\d.]*\s*,", clean):
        return ProtocolError(f"{text!r}: a comma is a decimal sign to some and a thousands mark to others", "write 0.5 or 1000")
    if not clean:
        return ProtocolError("'' is empty: a quantity is a number and a unit", "write it like '50 uL'")
    return ProtocolError(f"{text!r} is not a quantity", "write a number, a space and a unit, like '50 uL' or '10 % w/v'")


def _parse_ratio(text: str, ratio: re.Match[str]) -> Quantity:
    stock, other, parts = int(ratio[1]), int(ratio[2]), ratio[3]
    if not parts or not stock:
        fold = max(other, 1)
        raise ProtocolError(
            f"{text!r} is read in two ways", f"write '{fold} fold' (total / stock = {fold}) or '{stock or 1}:{other} parts' ({stock or 1} + {other})"
        )
    return Quantity(value=Fraction(stock + other, stock), kind="dilution factor")


def _resolve_unit(text: str, digits: str, unit: str) -> tuple[str, Fraction, str]:
    """Return the kind of *unit*, its size in the kind's base, and the count it is for."""
    if re.fullmatch(r"x\s*g", unit):
        unit = "x g"
    numerator, _, count = unit.rpartition("/")
    has_count = bool(numerator) and _COUNT.fullmatch(count) is not None and _table_entry(count) is None
    entry = _table_entry(unit) or (None if has_count else _find_unit(unit))
    if entry:
        return *entry, ""
    if has_count and (entry := _find_unit(numerator)):
        return *entry, count
    if unit.startswith("% w/w") and (density := density_of_percent(text, digits, unit)):
        return "percent w/v", density, ""
    if unit.startswith("/"):
        raise ProtocolError(f"{text!r} has no unit", "write a number, a space and a unit, like '50 uL/well'")
    if has_count:
        unit = numerator
    if unit in {"C", "c", "deg", "deg C", "° C"}:
        raise ProtocolError(f"{text!r}: {unit!r} is not a temperature (C is the coulomb)", f"write '{digits} degC'")
    units = ", ".join(unit_name for kind in KINDS.values() for unit_name in kind.units)
    raise ProtocolError(f"{text!r}: unknown unit {unit!r}", f"units: {units}")


@functools.lru_cache(maxsize=512)
def _table_entry(unit: str) -> tuple[str, Fraction] | None:
    name = "/".join(_UNIT_SPELLINGS.get(part, part) for part in unit.split("/"))
    if name not in UNIT_TABLE:
        return None
    kind, top, bottom = UNIT_TABLE[name]
    return kind, Fraction(top, bottom)


@functools.lru_cache(maxsize=512)
def _find_unit(unit: str) -> tuple[str, Fraction] | None:
    """Return what a unit is, from the table or, for one that it lacks, from pint."""
    entry = _table_entry(unit)
    if entry or not re.fullmatch(r"[A-Za-z]{1,12}(/[A-Za-z]{1,12})?", unit):
        return entry
    from .pint_registry import look_up_unit  # pint is slow to start, and nearly always the table knows

    return look_up_unit("/".join(_UNIT_SPELLINGS.get(part, part) for part in unit.split("/")))


def as_quantity(value: object, *kinds: str) -> Quantity:
    """Return *value* (text or quantity) as one of *kinds*; raise ProtocolError naming what it is instead."""
    quantity = value if isinstance(value, Quantity) else parse_quantity(value) if isinstance(value, str) else None
    if quantity is None:
        hint = _list_units(kinds) if kinds else "write it with its unit, like '50 uL'"
        raise ProtocolError(f"expected {_describe_kinds(kinds)}, got {describe_value(value)}", hint)
    if quantity.value.numerator < 0 and quantity.kind != "temperature":
        raise ProtocolError(f"expected {_describe_kinds(kinds)}, got less than nothing", "look at what is subtracted")
    if kinds and quantity.kind not in kinds:
        raise ProtocolError(*_kind_mismatch(value, quantity, kinds))
    return quantity


def _describe_kinds(kinds: tuple[str, ...]) -> str:
    if not kinds:
        return "a quantity"
    return "a concentration" if kinds == CONCENTRATIONS else " or ".join(f"{KINDS[kind].article} {kind}" for kind in kinds)


def _kind_mismatch(value: object, quantity: Quantity, kinds: tuple[str, ...]) -> tuple[str, str]:
    """Say what was expected and what came, and where two things are easily taken for each other, which one to write."""
    number = str(value).strip().partition(" ")[0].rstrip("%")
    if quantity.kind == "fraction" and any(kind.startswith("percent") for kind in kinds):
        return f"{str(value)!r}: percent of what?", f"write '{number} % w/v' (g per 100 mL) or '{number} % v/v' (mL per 100 mL)"
    if quantity.kind == BY_MASS and not set(kinds).isdisjoint(CONCENTRATIONS):
        return by_mass(str(value))
    expected = f"expected {_describe_kinds(kinds)}, got {str(value)!r} ({quantity.kind})"
    if "centrifugal force" in kinds and quantity.kind == "mass":
        return expected, f"'g' is the gram; write '{number.rstrip('g')} x g'"
    return expected, _list_units(kinds)


def _list_units(kinds: tuple[str, ...]) -> str:
    return f"{kinds[0] if len(kinds) == 1 else 'their'} units: {', '.join(unit for kind in kinds for unit in KINDS[kind].units)}"


def split_quantities(text: str) -> list[str]:
    """Return the quantities of a list as they are typed, split at ``;``: the last unit holds for each that is only a number."""
    parts = [part.strip() for part in text.split(";")]
    if len(parts) == 1:
        return parts
    clean = [normalize_spelling(part) for part in parts]
    unit = _BARE_NUMBER.sub("", clean[-1])
    return [f"{number} {unit}" if _BARE_NUMBER.fullmatch(number) else part for part, number in zip(parts, clean, strict=True)]


def whole_number(text: str) -> int | None:
    """Return the whole number that *text* spells: at most twelve digits, without plus, minus, point or mark of thousands; None if it spells none."""
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 12 else None


def plain_number(text: str) -> Fraction | None:
    """Return the number that *text* spells: at most twelve digits before the point and after it, without sign or power; None if it spells none."""
    whole, point, decimals = text.strip().partition(".")
    if not all(part.isascii() and part.isdigit() and len(part) <= 12 for part in ((whole, decimals) if point else (whole,))):
        return None
    return Fraction(int(whole + decimals), 10 ** len(decimals))


def parse_whole_number(text: str, low: int, high: int) -> int:
    """Return the whole number that *text* spells, from *low* to *high*; raise ProtocolError for anything else."""
    number = whole_number(text)
    if number is None:
        raise ProtocolError(f"{text!r} is not a whole number", f"write one from {low} to {high}")
    if not low <= number <= high:
        raise ProtocolError(f"{text!r} is not between {low} and {high}", f"write a whole number from {low} to {high}")
    return number


def as_concentration(value: object) -> Quantity:
    """Return *value* as a concentration of any kind."""
    return as_quantity(value, *CONCENTRATIONS)
