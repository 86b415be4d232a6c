"""How results are written: to six figures for machines, to four for people, and what a pipette or balance can be set to.

A result that no device can be set to is told in words.
"""

from __future__ import annotations

import contextlib
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Any

from ..errors import ProtocolError
from ..lab import Lab, Setting
from ..units import format_amount, format_number, number_and_unit, to_decimal, ucum_code
from ..units.table import UNIT_TABLE
from .model import Calculation, Result

PLAIN = "number"  # the kind of a result without a unit: a ratio, R², a logarithm
_SIX = Context(prec=6, rounding=ROUND_HALF_UP)


def round_figures(value: Fraction | int) -> Fraction:
    """Return *value* rounded for people: in full up to six figures, else to four."""
    return Fraction(to_decimal(Fraction(value), exact=False))


def amount_text(value: Fraction | int, kind: str) -> str:
    """Return a value with its unit, for people; a plain number has none."""
    if kind == PLAIN:
        return number_text(value)
    return format_amount(round_figures(value), kind)


def number_text(value: Fraction | int) -> str:
    """Return a plain number, for people."""
    return format_number(to_decimal(Fraction(value), exact=False))


def value_and_code(value: Fraction | int, kind: str) -> tuple[int | float, str]:
    """Return the exact *value* to six figures in the unit in which people see it, and that unit's UCUM code, ``1`` of a plain number."""
    if kind == PLAIN:
        return _six_figures(Fraction(value)), "1"
    _, unit = number_and_unit(round_figures(value), kind)
    _, large, small = UNIT_TABLE[unit]
    return _six_figures(value * Fraction(small, large)), ucum_code(unit)


def _six_figures(value: Fraction) -> int | float:
    return _plain_number(_SIX.divide(Decimal(value.numerator), Decimal(value.denominator)))


def _plain_number(value: Decimal) -> int | float:
    return int(value) if value == int(value) else float(value)


def setting_of(result: Result, lab: Lab) -> Setting | None:
    """Return how the lab sets a result, None for one that is zero or is not set; raise ProtocolError if the lab cannot set it."""
    if not result.settable or not result.value:
        return None
    return lab.weigh(result.value) if result.kind == "mass" else lab.set_volume(result.value)


def collect_cautions(calculation: Calculation, lab: Lab) -> list[str]:
    """Return the warnings of *calculation*, and those of volumes and masses that the lab cannot set, or sets badly."""
    warnings = list(calculation.warnings)
    for result in calculation.results:
        amount = amount_text(result.value, result.kind)
        try:
            setting = setting_of(result, lab)
        except ProtocolError as error:
            warnings.append(f"{result.name}: {error.message}; {error.hint}")
            continue
        if setting is None:
            continue
        if result.kind == "volume" and result.value < lab.trust:
            least = format_amount(lab.trust, "volume")
            warnings.append(f"{result.name}: {amount} is below the {least} that this lab trusts; make more, or go through an intermediate")
        if abs(setting.amount - result.value) > lab.tolerance * result.value:
            got, most = format_amount(setting.amount, result.kind), format_amount(lab.tolerance * 100, "fraction")
            warnings.append(f"{result.name}: {amount} would be set to {got}, more than {most} off; make more")
    return warnings


def results_data(calculation: Calculation, lab: Lab) -> list[dict[str, Any]]:
    """Return the results as data; ``set`` is there for a result that is set on a device, and is null if the lab has none that can."""
    rows: list[dict[str, Any]] = []
    for result in calculation.results:
        value, unit = value_and_code(result.value, result.kind)
        rows.append({"name": result.name, "value": value, "unit": unit, "text": amount_text(result.value, result.kind)})
        with contextlib.suppress(ProtocolError):
            if result.settable and result.value:
                rows[-1]["set"] = None
            if setting := setting_of(result, lab):
                exact, unit = number_and_unit(setting.amount, result.kind)
                rows[-1]["set"] = {"value": _plain_number(exact), "unit": ucum_code(unit), "text": format_amount(setting.amount, result.kind)}
    return rows


def setting_text(result: Result, lab: Lab) -> str:
    """Return the setting, the strokes and the device of a result as text: ``2.694 mL (3 x 898 µL, P1000)``."""
    try:
        setting = setting_of(result, lab)
    except ProtocolError:
        return "cannot be set"
    if setting is None:
        return ""
    amount = format_amount(setting.amount, result.kind)
    each = f"{setting.strokes} x {format_amount(setting.amount // setting.strokes, result.kind)}, " if setting.strokes > 1 else ""
    return f"{amount} ({each}{setting.instrument.name})"
