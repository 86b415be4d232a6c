"""A standard curve of absorbance over concentration: a quadratic by least squares, or straight lines from point to point. In whole numbers.

Concentrations and absorbances are Fractions; the unit of a concentration is the one that the curve was given.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction

from .._dataclass import dataclass
from ..errors import ProtocolError
from .exact import square_root

Points = Sequence[tuple[Fraction, Fraction]]


@dataclass(frozen=True, kw_only=True)
class Quadratic:
    """A = *constant* + *slope* c + *bend* c², with *r_squared* of the points that it was fitted to."""

    constant: Fraction
    slope: Fraction
    bend: Fraction
    r_squared: Fraction

    def absorbance(self, concentration: Fraction) -> Fraction:
        """Return the absorbance at a concentration."""
        return self.constant + self.slope * concentration + self.bend * concentration**2


def fit_quadratic(points: Points) -> Quadratic:
    """Return the quadratic through *points* (concentration, absorbance) with the least sum of squares.

    Raise ProtocolError for fewer than four concentrations: three have a quadratic through them whatever they are.
    """
    if len({concentration for concentration, _ in points}) < 4:
        raise ProtocolError("a quadratic takes four standards at least", "read more of them, or use --fit point")
    sums = [sum((c**power for c, _ in points), Fraction(0)) for power in range(5)]
    rights = [sum((a * c**power for c, a in points), Fraction(0)) for power in range(3)]
    rows = [[sums[row + column] for column in range(3)] + [rights[row]] for row in range(3)]
    for pivot in range(3):
        for row in range(3):
            if row != pivot:
                times = rows[row][pivot] / rows[pivot][pivot]
                rows[row] = [one - times * two for one, two in zip(rows[row], rows[pivot], strict=True)]
    constant, slope, bend = (rows[row][3] / rows[row][row] for row in range(3))
    mean = rights[0] / len(points)
    total = sum(((a - mean) ** 2 for _, a in points), Fraction(0))
    left = sum(((a - constant - slope * c - bend * c**2) ** 2 for c, a in points), Fraction(0))
    if not total:
        raise ProtocolError("all standards read alike: there is no curve", "look at the reader, and at the standards")
    return Quadratic(constant=constant, slope=slope, bend=bend, r_squared=1 - left / total)


def solve_quadratic(curve: Quadratic, absorbance: Fraction) -> Fraction:
    """Return the concentration at *absorbance* on the rising part of *curve*; raise ProtocolError where the curve does not get there."""
    if not curve.bend:
        if not curve.slope:
            raise ProtocolError("the standards do not rise", "look at their order")
        return (absorbance - curve.constant) / curve.slope
    inside = curve.slope**2 - 4 * curve.bend * (curve.constant - absorbance)
    if inside < 0:
        raise ProtocolError(f"the curve does not reach {float(absorbance):g}", "dilute the sample, and measure again")
    return (square_root(inside) - curve.slope) / (2 * curve.bend)


def interpolate(points: Points, absorbance: Fraction) -> Fraction:
    """Return the concentration at *absorbance* on the straight line between the two means that enclose it.

    Raise ProtocolError unless absorbances rise with concentrations and enclose it.
    """
    means = mean_points(points)
    for (c1, a1), (c2, a2) in itertools.pairwise(means):
        if a2 <= a1:
            raise ProtocolError(f"the standard {float(c2):g} reads no more than {float(c1):g}", "look whether two are exchanged, or leave one out")
    for (c1, a1), (c2, a2) in itertools.pairwise(means):
        if a1 <= absorbance <= a2:
            return c1 + (absorbance - a1) * (c2 - c1) / (a2 - a1)
    raise ProtocolError(f"{float(absorbance):g} is outside the standards", "dilute the sample, or use lower standards")


def mean_points(points: Points) -> list[tuple[Fraction, Fraction]]:
    """Return the mean absorbance of each concentration, the lowest first."""
    reads: dict[Fraction, list[Fraction]] = {}
    for concentration, absorbance in points:
        reads.setdefault(concentration, []).append(absorbance)
    return [(concentration, sum(each, Fraction(0)) / len(each)) for concentration, each in sorted(reads.items())]


def variation(readings: Sequence[Fraction]) -> Fraction:
    """Return the coefficient of variation (of one), s / mean with n - 1; 0 for a single reading or a mean of 0."""
    mean = sum(readings, Fraction(0)) / len(readings)
    if len(readings) < 2 or not mean:
        return Fraction(0)
    return square_root(sum(((each - mean) ** 2 for each in readings), Fraction(0)) / (len(readings) - 1)) / abs(mean)
