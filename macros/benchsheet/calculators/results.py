"""How results are said: a number to six figures for machines, four for people, and what a pipette or balance can be set to.

Refuses nothing: what no device can be set to is told in words.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Any

from ..errors import ProtocolError
from ..lab import Lab, Setting
from ..units import format_amount, format_number, number_and_unit, to_decimal, ucum_code
from ..units.table import UNIT_TABLE
from .model import Calculation, Result

_SIX = Context(prec=6, rounding=ROUND_HALF_UP)


def round_figures(value: Fraction | int) -> Fraction:
    """Return *value* as people read it: in full up to six figures, else to four."""
    return Fraction(to_decimal(Fraction(value), exact=False))


def amount_text(value: Fraction | int, kind: str) -> str:
    """Return a value with its unit, for people."""
    return format_amount(round_figures(value), kind)


def number_text(value: Fraction | int) -> str:
    """Return a plain number, for people."""
    return format_number(to_decimal(Fraction(value), exact=False))


def value_and_code(value: Fraction | int, kind: str) -> tuple[int | float, str]:
    """Return the exact *value* to six figures in the unit in which people see it, and that unit's UCUM code."""
    _, unit = number_and_unit(round_figures(value), kind)
    _, large, small = UNIT_TABLE[unit]
    scaled = value * Fraction(small, large)
    six = _SIX.divide(Decimal(scaled.numerator), Decimal(scaled.denominator)) if scaled else Decimal(0)
    return int(six) if six == int(six) else float(six), ucum_code(unit)


def setting_of(result: Result, lab: Lab) -> Setting | None:
    """Return how the lab sets a result: nothing where it is not set, or comes to nothing; raise ProtocolError where it cannot be."""
    if not result.settable or not result.value:
        return None
    return lab.weigh(result.value) if result.kind == "mass" else lab.set_volume(result.value)


def collect_cautions(calculation: Calculation, lab: Lab) -> list[str]:
    """Return what is to be said of volumes and masses that are hard to set."""
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
            warnings.append(
                f"{result.name}: {amount} is below the {format_amount(lab.trust, 'volume')} that this lab trusts; make more, or "
                f"go through an intermediate"
            )
        if abs(setting.amount - result.value) > lab.tolerance * result.value:
            got, most = format_amount(setting.amount, result.kind), format_amount(lab.tolerance * 100, "fraction")
            warnings.append(f"{result.name}: {amount} would be set to {got}, more than {most} off; make more")
    return warnings


def results_data(calculation: Calculation, lab: Lab) -> list[dict[str, Any]]:
    """Return the results as data; ``set`` is there where something is set, and is null where the lab cannot."""
    return [_result_data(result, lab) for result in calculation.results]


def _result_data(result: Result, lab: Lab) -> dict[str, Any]:
    value, unit = value_and_code(result.value, result.kind)
    entry: dict[str, Any] = {"name": result.name, "value": value, "unit": unit, "text": amount_text(result.value, result.kind)}
    if result.settable and result.value:
        try:
            setting = setting_of(result, lab)
        except ProtocolError:
            setting = None
        entry["set"] = _setting_data(setting, result.kind) if setting else None
    return entry


def _setting_data(setting: Setting, kind: str) -> dict[str, Any]:
    exact, unit = number_and_unit(setting.amount, kind)
    return {"value": int(exact) if exact == int(exact) else float(exact), "unit": ucum_code(unit), "text": format_amount(setting.amount, kind)}


def setting_text(result: Result, lab: Lab) -> str:
    """Return what to set, on what and how often, in words: ``2.694 mL (3 x 898 µL, P1000)``."""
    try:
        setting = setting_of(result, lab)
    except ProtocolError:
        return "cannot be set"
    if setting is None:
        return ""
    amount = format_amount(setting.amount, result.kind)
    each = f"{setting.strokes} x {format_amount(setting.amount // setting.strokes, result.kind)}, " if setting.strokes > 1 else ""
    return f"{amount} ({each}{setting.instrument.name})"
