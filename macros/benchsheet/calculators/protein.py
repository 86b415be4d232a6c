"""The calculator of a protein assay: readings of standards and samples to mg/mL, with the gates of the assay."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from ..arithmetic import standard_curve
from ..errors import ProtocolError, locate_errors
from ..units import Quantity
from .model import Calculation, Calculator, CalculatorInputs, Option, Result
from .results import PLAIN, amount_text, number_text

LEAST_R_SQUARED, MAX_VARIATION = Fraction("0.99"), Fraction("0.1")
LOW, HIGH = Fraction(125), Fraction(1500)  # µg/mL: where the assay is read best
FITS = ("quadratic", "point")
Groups = tuple[tuple[Fraction, ...], ...]
Solve = Callable[[Fraction], Fraction]


def _find_protein(inputs: CalculatorInputs) -> Calculation:
    standards: tuple[Quantity, ...] = inputs.values["standards"]
    readings: Groups = inputs.values["readings"]
    samples: Groups = inputs.values["samples"]
    fit = str(inputs.values["fit"])
    if fit not in FITS:
        raise ProtocolError(f"no fit {fit!r}", f"one of {', '.join(FITS)}", "--fit")
    if len(readings) != len(standards):
        raise ProtocolError(
            f"readings of {len(readings)} standards, and {len(standards)} standards", "give each its readings, in the same order", "--readings"
        )
    fold = inputs.base_value("dilution")
    if fold < 1:
        raise ProtocolError(f"{number_text(fold)} is below 1: a dilution is total / stock", "1 is undiluted, 5 is one part in five", "--dilution")
    blank = _find_blank(standards, readings)
    points = [(standard.value, reading - blank) for standard, group in zip(standards, readings, strict=True) for reading in group]
    with locate_errors("--readings"):
        solve, line, results = _fit_curve(points, fit)
    lines = [f"blank = mean of the 0 standard = {number_text(blank)}, subtracted from all readings", line]
    warnings = _variations("standard", [group if standard.value else group[:1] for standard, group in zip(standards, readings, strict=True)])
    if results and results[0].value < LEAST_R_SQUARED:
        warnings.append(f"R² {number_text(results[0].value)} is below 0.99: look for a standard that is wrong before a sample is believed")
    lowest, highest = min(value for standard in standards if (value := standard.value)), max(standard.value for standard in standards)
    for place, group in enumerate(samples, 1):
        absorbance = sum(group, Fraction(0)) / len(group) - blank
        with locate_errors("--samples"):
            found = _solve_sample(place, absorbance, solve, points, highest)
        value = found * fold
        results.append(
            Result(
                name=f"sample_{place}",
                value=value,
                kind="mass concentration",
                label="the sample, before it was diluted" if fold > 1 else "the sample",
            )
        )
        text = amount_text(found, "mass concentration")
        times = f"; × {number_text(fold)} = {amount_text(value, 'mass concentration')}" if fold > 1 else ""
        lines.append(f"sample {place}: mean − blank = {number_text(absorbance)}, on the curve {text}{times}")
        if found < lowest:
            warnings.append(
                f"sample {place}: {text} is below the lowest standard ({amount_text(lowest, 'mass concentration')}): "
                f"all that is known is that it holds less than {amount_text(lowest * fold, 'mass concentration')}"
            )
        elif not LOW <= found <= HIGH:
            ends = amount_text(LOW, "mass concentration"), amount_text(HIGH, "mass concentration")
            warnings.append(f"sample {place}: {text} in the well is outside {ends[0]} to {ends[1]}, where the assay is read best")
    return Calculation(
        results=tuple(results),
        working=tuple(lines),
        warnings=(*warnings, *_variations("sample", samples)),
        notes=("standards and samples have to be in the same buffer, diluted alike",),
    )


def _find_blank(standards: Sequence[Quantity], readings: Groups) -> Fraction:
    """Return the mean reading of the standards of 0; raise ProtocolError where there is none."""
    blanks = [reading for standard, group in zip(standards, readings, strict=True) if not standard.value for reading in group]
    if not blanks:
        raise ProtocolError("no standard is 0: there is no blank to subtract", "read the buffer alone, and give it as the standard 0", "--standards")
    if len(blanks) == sum(map(len, readings)):
        raise ProtocolError("all standards are 0", "give their concentrations", "--standards")
    return sum(blanks, Fraction(0)) / len(blanks)


def _fit_curve(points: standard_curve.Points, fit: str) -> tuple[Solve, str, list[Result]]:
    """Return what finds a concentration, the line of the working, and R² where there is one."""
    if fit == "point":
        standard_curve.interpolate(points, Fraction(0))
        return (
            lambda absorbance: standard_curve.interpolate(points, absorbance),
            "curve: straight lines between the means of neighbouring standards",
            [],
        )
    curve = standard_curve.fit_quadratic(points)
    highest = max(concentration for concentration, _ in points)
    if curve.slope <= 0 or curve.slope + 2 * curve.bend * highest <= 0:
        raise ProtocolError("the curve does not rise over all standards", "look at their order, leave out the highest, or use --fit point")
    constants = [number_text(value) for value in (curve.constant, curve.slope * 1000, abs(curve.bend) * 10**6)]
    line = f"curve: A = {constants[0]} + {constants[1]} c {'−' if curve.bend < 0 else '+'} {constants[2]} c², c in mg/mL, by least squares"
    return (
        lambda absorbance: standard_curve.solve_quadratic(curve, absorbance),
        line,
        [Result(name="r_squared", value=curve.r_squared, kind=PLAIN, label="of the fit, 0.99 or more")],
    )


def _solve_sample(place: int, absorbance: Fraction, solve: Solve, points: standard_curve.Points, highest: Fraction) -> Fraction:
    """Return the concentration of one sample; raise ProtocolError for one that reads above the standards."""
    means = standard_curve.mean_points(points)
    top = max(mean for _, mean in means)
    if absorbance <= min(mean for _, mean in means):
        return Fraction(0)
    if absorbance > top:
        raise ProtocolError(
            f"sample {place} reads {number_text(absorbance)}, above the highest standard ({number_text(top)})",
            "dilute it in the buffer of the standards, read again, and give --dilution",
        )
    return min(max(Fraction(solve(absorbance)), Fraction(0)), highest)


def _variations(what: str, groups: Sequence[tuple[Fraction, ...]]) -> list[str]:
    """Return what is told of replicates that differ by more than the assay allows."""
    warnings = []
    for place, group in enumerate(groups, 1):
        spread = standard_curve.variation(group)
        if spread > MAX_VARIATION:
            texts = " and ".join(map(number_text, group))
            warnings.append(
                f"{what} {place}: {texts} differ by a CV of {amount_text(round(spread * 100), 'fraction')}, more than 10 %: pipette it again"
            )
    return warnings


CALCULATORS = (
    Calculator(
        name="bca",
        summary="readings of a protein assay to mg/mL, by its standards",
        options=(
            Option(name="standards", form="quantities", help="their concentrations; 0 is the blank", kinds=("mass concentration",),
                   example="2000; 1500; 1000; 750; 500; 250; 125; 0 ug/mL", allow_zero=True),
            Option(name="readings", form="groups", help="of each standard; a space between replicates",
                   example="1.90 1.92; 1.50 1.52; 1.09 1.11; 0.88 0.90; 0.65 0.67; 0.39 0.41; 0.25 0.27; 0.10 0.12", allow_zero=True),
            Option(name="samples", form="groups", help="readings of each sample", example="0.70 0.72; 0.98 1.00", allow_zero=True),
            Option(name="dilution", form="number", help="total / stock of the samples", kinds=("dilution factor",), example="5", default="1"),
            Option(name="fit", form="word", help="quadratic, or point to point", example="quadratic", default="quadratic"),
        ),
        calculate=_find_protein,
    ),
)  # fmt: skip
