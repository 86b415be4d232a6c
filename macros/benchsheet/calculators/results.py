"""How results are said: a number to six figures for machines, four for people, and what a pipette or balance can be set to.

Refuses nothing: what no device can be set to is told in words.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Any

from ..errors import ProtocolError
from ..lab import Lab, Set
from ..units import decimal, grouped, printed, show, ucum
from ..units.table import TABLE
from .model import Answer, Result

_SIX = Context(prec=6, rounding=ROUND_HALF_UP)


def rounded(value: Fraction | int) -> Fraction:
    """Return *value* as people read it: in full up to six figures, else to four."""
    return Fraction(decimal(Fraction(value), exact=False))


def said(value: Fraction | int, kind: str) -> str:
    """Return a value with its unit, for people."""
    return show(rounded(value), kind)


def number(value: Fraction | int) -> str:
    """Return a plain number, for people."""
    return grouped(decimal(Fraction(value), exact=False))


def in_unit(value: Fraction | int, kind: str) -> tuple[int | float, str]:
    """Return the exact *value* to six figures in the unit in which people see it, and that unit's UCUM code."""
    _, unit = printed(rounded(value), kind)
    _, large, small = TABLE[unit]
    scaled = value * Fraction(small, large)
    six = _SIX.divide(Decimal(scaled.numerator), Decimal(scaled.denominator)) if scaled else Decimal(0)
    return int(six) if six == int(six) else float(six), ucum(unit)


def device(result: Result, lab: Lab) -> Set | None:
    """Return how the lab sets a result: nothing where it is not set, or comes to nothing; raise ProtocolError where it cannot be."""
    if not result.settable or not result.value:
        return None
    return lab.weigh(result.value) if result.kind == "mass" else lab.settle(result.value)


def cautions(answer: Answer, lab: Lab) -> list[str]:
    """Return what is to be said of volumes and masses that are hard to set."""
    found = list(answer.warnings)
    for result in answer.results:
        amount = said(result.value, result.kind)
        try:
            done = device(result, lab)
        except ProtocolError as error:
            found.append(f"{result.name}: {error.message}; {error.hint}")
            continue
        if done is None:
            continue
        if result.kind == "volume" and result.value < lab.trust:
            found.append(
                f"{result.name}: {amount} is below the {show(lab.trust, 'volume')} that this lab trusts; make more, or go through an intermediate"
            )
        if abs(done.amount - result.value) > lab.tolerance * result.value:
            got, most = show(done.amount, result.kind), show(lab.tolerance * 100, "fraction")
            found.append(f"{result.name}: {amount} would be set to {got}, more than {most} off; make more")
    return found


def data(answer: Answer, lab: Lab) -> list[dict[str, Any]]:
    """Return the results as data; ``set`` is there where something is set, and is null where the lab cannot."""
    return [_entry(result, lab) for result in answer.results]


def _entry(result: Result, lab: Lab) -> dict[str, Any]:
    value, unit = in_unit(result.value, result.kind)
    found: dict[str, Any] = {"name": result.name, "value": value, "unit": unit, "text": said(result.value, result.kind)}
    if result.settable and result.value:
        try:
            done = device(result, lab)
        except ProtocolError:
            done = None
        found["set"] = _set(done, result.kind) if done else None
    return found


def _set(done: Set, kind: str) -> dict[str, Any]:
    exact, unit = printed(done.amount, kind)
    return {"value": int(exact) if exact == int(exact) else float(exact), "unit": ucum(unit), "text": show(done.amount, kind)}


def set_to(result: Result, lab: Lab) -> str:
    """Return what to set, on what and how often, in words: ``2.694 mL (3 x 898 µL, P1000)``."""
    try:
        done = device(result, lab)
    except ProtocolError:
        return "cannot be set"
    if done is None:
        return ""
    amount = show(done.amount, result.kind)
    each = f"{done.strokes} x {show(done.amount // done.strokes, result.kind)}, " if done.strokes > 1 else ""
    return f"{amount} ({each}{done.device.name})"
