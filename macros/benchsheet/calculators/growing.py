"""Calculators of plate readings: growth against a start, and what percentages a treated well has."""

from __future__ import annotations

from fractions import Fraction

from ..arithmetic import growth
from ..errors import ProtocolError, locate_errors
from .model import Calculation, Calculator, CalculatorInputs, Option, Result
from .results import PLAIN, amount_text, number_text

MISSING_START = (
    "growth counts from what was there when the drug went on; end points alone do not tell slower growth from loss",
    "fix and read a plate when the drug goes on; without one only percent of control is known, 100 × treated ÷ control",
)
BLANKED = "absorbances with their blank subtracted"


def _compare_growth(inputs: CalculatorInputs) -> Calculation:
    start, control, treated = (inputs.base_value(name) for name in ("t0", "control", "treated"))
    _check_readings(start, control, treated)
    with locate_errors("--control"):
        percent, line = _percent_growth(start, control, treated)
    share, share_line = _percent_of_control(control, treated)
    return Calculation(
        results=(
            Result(name="percent_growth", value=percent, kind="fraction", label="100 as the control, 0 no growth, -100 all lost"),
            Result(name="percent_of_control", value=share, kind="fraction", label="100 treated / control"),
        ),
        working=(line, share_line),
        warnings=_reading_warnings(start, control, treated),
        notes=(BLANKED,),
    )


def _percent_growth(start: Fraction, control: Fraction, treated: Fraction) -> tuple[Fraction, str]:
    """Return percent growth, and its line of the working."""
    percent = growth.percent_growth(start, control, treated)
    lost = treated < start
    formula = "100 × (treated − t0) ÷ t0" if lost else "100 × (treated − t0) ÷ (control − t0)"
    below = number_text(start) if lost else f"({number_text(control)} − {number_text(start)})"
    why = ", since less is left than at t0" if lost else ""
    numbers = f"100 × ({number_text(treated)} − {number_text(start)}) ÷ {below}"
    return percent, f"percent growth = {formula} = {numbers} = {amount_text(percent, 'fraction')}{why}"


def _percent_of_control(control: Fraction, treated: Fraction) -> tuple[Fraction, str]:
    share = growth.percent_of_control(treated, control)
    numbers = f"100 × {number_text(treated)} ÷ {number_text(control)}"
    return share, f"percent of control = 100 × treated ÷ control = {numbers} = {amount_text(share, 'fraction')}"


def _check_readings(start: Fraction | None, control: Fraction, treated: Fraction) -> None:
    """Raise ProtocolError for readings that no plate gives once the blank is subtracted."""
    for flag, value in (("--t0", start), ("--control", control)):
        if value is not None and value <= 0:
            raise ProtocolError(
                f"{number_text(value)} is not above the blank: no cells were there, so nothing can be compared with it",
                "look whether the blank was subtracted twice, and read cells that show above it",
                flag,
            )
    if treated < -growth.NOISE:
        raise ProtocolError(
            f"{number_text(treated)} is further below the blank than its noise ({number_text(growth.NOISE)}): no well reads so little",
            "look whether the blank was subtracted twice, or belongs to another plate",
            "--treated",
        )


def _reading_warnings(start: Fraction | None, control: Fraction, treated: Fraction) -> tuple[str, ...]:
    """Return what the gates of the SRB sheet say of these readings."""
    warnings = []
    if treated < 0:
        warnings.append(f"{number_text(treated)} is within the noise of the blank: nothing is left in these wells; report it as all lost")
    high = [number_text(value) for value in (start, control, treated) if value is not None and value > growth.MOST_ABSORBANCE]
    if high:
        most = amount_text(growth.MOST_ABSORBANCE, PLAIN)
        warnings.append(f"{' and '.join(high)}: above {most} a reader is not linear, so the control is read too low; read at 565 nm, or seed fewer")
    if start is not None and control / start < growth.LEAST_DOUBLING:
        warnings.append(
            f"control ÷ t0 = {amount_text(control / start, PLAIN)}, below {growth.LEAST_DOUBLING}: the control hardly grew, so percent growth is "
            "mostly noise; look for wells too full or badly attached, or give it longer"
        )
    return tuple(warnings)


def _compare_readings(inputs: CalculatorInputs) -> Calculation:
    blank = inputs.base_value("blank") if "blank" in inputs else Fraction(0)
    lines = []
    values: dict[str, Fraction] = {}
    for name in ("t0", "control", "treated"):
        if name in inputs:
            values[name] = inputs.base_value(name) - blank
            if blank:
                lines.append(f"{name} = {number_text(inputs.base_value(name))} − {number_text(blank)} = {number_text(values[name])}")
    start, control, treated = values.get("t0"), values["control"], values["treated"]
    _check_readings(start, control, treated)
    share, line = _percent_of_control(control, treated)
    lines.append(line)
    results = [Result(name="percent_of_control", value=share, kind="fraction", label="mass against the control's")]
    notes = [] if blank else [BLANKED]
    if start is None:
        notes.append("percent growth and GR need --t0, a reading from when the drug went on")
    else:
        with locate_errors("--control"):
            percent, line = _percent_growth(start, control, treated)
            rate = growth.growth_rate(start, control, treated)
        lines.append(line)
        logs = f"log2({number_text(treated)} ÷ {number_text(start)}) ÷ log2({number_text(control)} ÷ {number_text(start)})"
        formula = f"2^({logs}) − 1 = {number_text(rate)}" if treated > 0 else "-1, since nothing is left"
        lines.append(f"GR = 2^(log2(treated ÷ t0) ÷ log2(control ÷ t0)) − 1 = {formula}")
        results += [
            Result(name="percent_growth", value=percent, kind="fraction", label="growth against the control's"),
            Result(name="gr", value=rate, kind=PLAIN, label="growth rate against the control's: 1, 0 none, -1 all lost"),
        ]
    warnings = list(_reading_warnings(start, control, treated))
    if blank > Fraction("0.1"):
        warnings.append(f"a blank of {number_text(blank)} is above 0.1: dye is left in empty wells; rinse better")
    return Calculation(results=tuple(results), working=tuple(lines), warnings=tuple(warnings), notes=tuple(notes))


def _reading(name: str, what: str, example: str, **more: object) -> Option:
    return Option(name=name, form="number", help=f"absorbance {what}", example=example, allow_zero=True, signed=True, **more)  # type: ignore[arg-type]


CALCULATORS = (
    Calculator(
        name="growth",
        summary="percent growth and percent of control from three readings",
        options=(
            _reading("t0", "when the drug went on", "0.3", missing=MISSING_START),
            _reading("control", "of the control at the end", "1.2"),
            _reading("treated", "of the treated wells at the end", "0.75"),
        ),
        calculate=_compare_growth,
    ),
    Calculator(
        name="percent",
        summary="percent of the vehicle, percent growth and GR",
        options=(
            _reading("control", "of the vehicle wells at the end", "1.2"),
            _reading("treated", "of the treated wells at the end", "0.7"),
            _reading("t0", "when the drug went on; growth needs it", "0.2", optional=True),
            Option(name="blank", form="number", help="absorbance of the blanks, if it is not subtracted yet", example="0.05", optional=True),
        ),
        calculate=_compare_readings,
    ),
)
