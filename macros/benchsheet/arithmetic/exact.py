"""Exact arithmetic where floats of Python are not: tolerances, powers of two, logarithms, with the same digits on every machine."""

from __future__ import annotations

import functools
import math
from decimal import Context, Decimal
from fractions import Fraction

_DIGITS = Context(prec=28)
_LN2 = _DIGITS.ln(Decimal(2))


def differs_by(one: Fraction, two: Fraction, tolerance: Fraction) -> bool:
    """Return whether *one* differs from *two* by more than *tolerance* of *two*: 103 from 100 by more than a fiftieth. In whole numbers."""
    first, second = one.numerator * two.denominator, two.numerator * one.denominator
    return abs(first - second) * tolerance.denominator > second * tolerance.numerator


@functools.lru_cache(maxsize=1024)
def pow2(exponent: Fraction) -> Fraction:
    """Return two to the power of *exponent*, in 28 decimal digits: the growth of cells in *exponent* doublings.

    Raise ValueError beyond 1000 doublings either way: no culture does that, and the number would fill the machine.
    """
    if abs(exponent) > 1000:
        raise ValueError("more than 1000 doublings")
    whole = math.floor(exponent)
    rest = Fraction(exponent) - whole
    if not rest:
        return Fraction(2) ** whole
    part = _DIGITS.divide(Decimal(rest.numerator), Decimal(rest.denominator))
    return Fraction(_DIGITS.exp(_DIGITS.multiply(part, _LN2))) * Fraction(2) ** whole


@functools.lru_cache(maxsize=1024)
def log2(value: Fraction) -> Fraction:
    """Return the logarithm of *value* to base two, in 28 decimal digits; raise ValueError unless *value* is above 0."""
    if value <= 0:
        raise ValueError("a logarithm is of a number above 0")
    if not Fraction(2) ** -4000 < value < Fraction(2) ** 4000:
        raise ValueError("more than 4000 doublings")
    whole, rest = 0, Fraction(value)  # the whole power of two first: log2(8) is 3, not a hair less
    while rest >= 2:
        whole, rest = whole + 1, rest / 2
    while rest < 1:
        whole, rest = whole - 1, rest * 2
    number = _DIGITS.divide(Decimal(rest.numerator), Decimal(rest.denominator))
    return whole + Fraction(_DIGITS.divide(_DIGITS.ln(number), _LN2))


def square_root(value: Fraction) -> Fraction:
    """Return the square root of *value*, in 28 decimal digits; raise ValueError below 0."""
    if value < 0:
        raise ValueError("a square root is of 0 or more")
    return Fraction(_DIGITS.sqrt(_DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator))))
