"""Numbers as a bench reads them: the unit chosen after rounding, volumes and masses to the last digit that was set."""

from __future__ import annotations

import functools
import re
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Any

from .kinds import KINDS, UCUM_CODES
from .table import UNIT_TABLE

_PRECISE = Context(prec=40, rounding=ROUND_HALF_UP)
_FOUR = Context(prec=4, rounding=ROUND_HALF_UP)
_EXACT_KINDS = {"volume", "mass", "time", "temperature", "length", "tension", "speed", "centrifugal force", "molar mass"}
_UNIT_SYMBOLS = {"uL": "µL", "uM": "µM", "ug": "µg", "ug/mL": "µg/mL", "um": "µm", "degC": "°C", "x g": "× g"}
# What finds a unit as it is typed or shown, the longest first; to be put into a pattern that says what stands around it.
UNIT_PATTERN = "|".join(
    sorted(
        (re.escape(unit) for unit in {*_UNIT_SYMBOLS.values(), *(unit for kind in KINDS.values() for unit in kind.units)}),
        key=lambda unit: (-len(unit), unit),
    )
)
HALF_LOG = Fraction("3.1622776601683793319988935444")
EXACT_FIGURES = 6  # figures up to which a number is shown as it is
NARROW_SPACE = "\u202f"
LEAST_PLAIN = Decimal("0.0001")  # what is smaller is written with a power of ten
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def to_decimal(value: Fraction, exact: bool) -> Decimal:
    """Return *value* as it is written: to its last digit if it ends (an *exact* kind within nine decimals, else six figures), or to four."""
    return _divide(*value.as_integer_ratio(), exact)


def _divide(top: int, bottom: int, exact: bool) -> Decimal:
    number = _PRECISE.divide(Decimal(top), Decimal(bottom)).normalize(_PRECISE)
    shown: Any = number.as_tuple()
    ends = shown.exponent >= -9 and int(_PRECISE.scaleb(number, 9)) * bottom == top * 10**9
    if not ends or not exact and len(shown.digits) > EXACT_FIGURES:
        number = _FOUR.plus(number).normalize(_PRECISE)
    return number


# Texts are kept by numerator and denominator: whole numbers are found sooner than a fraction is.


def number_and_unit(value: Fraction | int, kind: str) -> tuple[Decimal, str]:
    """Return the number and the unit (as typed, ``uL``) in which *value*, in the base of *kind*, is shown."""
    return _number_and_unit(*value.as_integer_ratio(), kind)


@functools.lru_cache(maxsize=8192)
def _number_and_unit(top: int, bottom: int, kind: str) -> tuple[Decimal, str]:
    if kind == "time":
        return _time_number_and_unit(Fraction(top, bottom))
    if not top:  # zero in the commonest unit
        return Decimal(0), {"molarity": "uM", "mass": "mg", "mass concentration": "mg/mL"}.get(kind, KINDS[kind].units[0])
    exact, number, unit = kind in _EXACT_KINDS, Decimal(0), ""
    for unit in KINDS[kind].units:
        _, large, small = UNIT_TABLE[unit]
        if abs(top) * small >= 1000 * bottom * large and unit != KINDS[kind].units[-1]:
            continue
        number = _divide(top * small, bottom * large, exact)
        if abs(number) < 1000:  # also once it is rounded
            break
    return number, unit


def _time_number_and_unit(value: Fraction) -> tuple[Decimal, str]:
    """Seconds to 90 s, minutes to 120 min, then hours where they come out in quarters."""
    if value < 60 or value <= 90 and value % 60:
        return to_decimal(value, True), "s"
    if value >= 7200 and not value % 900:
        return to_decimal(value / 3600, True), "h"
    return to_decimal(value / 60, True), "min"


def format_amount(value: Fraction | int, kind: str) -> str:
    """Write a value for people: ``25 µL``, ``3.162 µM``, ``22 500 cells/mL``."""
    return _format_amount(*value.as_integer_ratio(), kind)


@functools.lru_cache(maxsize=8192)
def _format_amount(top: int, bottom: int, kind: str) -> str:
    if kind == "dilution factor" and Fraction(top, bottom) == HALF_LOG:
        return "half-log"
    number, unit = _number_and_unit(top, bottom, kind)
    return f"{format_number(number)} {_UNIT_SYMBOLS.get(unit, unit)}"


def format_input(value: Fraction | int, kind: str) -> str:
    """Write a value in full, as it may be typed on any keyboard and be read back: ``25 uL``; a third as ``1/3 uL``."""
    return _format_input(*value.as_integer_ratio(), kind)


@functools.lru_cache(maxsize=8192)
def _format_input(top: int, bottom: int, kind: str) -> str:
    if kind == "dilution factor" and Fraction(top, bottom) == HALF_LOG:
        return "half-log"
    _, unit = _number_and_unit(top, bottom, kind)
    _, large, small = UNIT_TABLE[unit]
    return f"{number_to_input(Fraction(top * small, bottom * large))} {unit}"


def number_to_input(value: Fraction) -> str:
    """Write a number in full, as it may be typed and be read back: ``0.9``; a third as ``1/3``."""
    number = _PRECISE.divide(Decimal(value.numerator), Decimal(value.denominator)).normalize(_PRECISE)
    if Fraction(number) != value:
        return str(value)
    return "{:f}e{}".format(*_split_power(number)) if 0 < abs(number) < LEAST_PLAIN else f"{number:f}"


def format_number(number: Decimal | int) -> str:
    """Write a number plainly, its digits in groups of three from 10 000 up; below 0.0001 with a power of ten: ``3.162×10⁻⁵``."""
    if isinstance(number, Decimal) and 0 < abs(number) < LEAST_PLAIN:
        figures, power = _split_power(number)
        return f"{figures:f}×10{str(power).translate(_RAISED)}"
    digits = f"{number:f}" if isinstance(number, Decimal) else str(number)
    whole, point, rest = digits.partition(".")
    if len(whole.lstrip("-")) > 4:
        whole = f"{int(whole):,}".replace(",", NARROW_SPACE)
    return whole + point + rest


def _split_power(number: Decimal) -> tuple[Decimal, int]:
    """Return a number as one from 1 to 10, and the power of ten that goes with it."""
    power = number.adjusted()
    return number.scaleb(-power).normalize(_PRECISE), power


def ucum_code(unit: str) -> str:
    """Return the UCUM code of a shown unit."""
    return UCUM_CODES.get(unit, unit)


def format_count(count: int, unit: str) -> str:
    """Return a count of things as words: ``1 dish``, ``2 dishes``, ``3 batches``, ``4 plates``."""
    return f"{count} {unit}{'' if count == 1 else 'es' if unit.endswith(('s', 'x', 'ch', 'sh')) else 's'}"
