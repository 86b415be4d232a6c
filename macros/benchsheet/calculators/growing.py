"""Growth: a treated culture against its control and its start, and how full a vessel becomes; refuses growth without a start."""

from __future__ import annotations

from ..arithmetic import cells as growth
from ..errors import ProtocolError, suggest
from .model import Calculation, Calculator, CalculatorInputs, Option, Result
from .results import amount_text, number_text

VESSEL_TABLE = "vessels"
MISSING_START = (
    "growth counts from what was there when the drug went on; end points alone do not tell slower growth from loss",
    "fix and read a plate when the drug goes on; without one only percent of control is known, 100 × treated ÷ control",
)


def _compare_growth(inputs: CalculatorInputs) -> Calculation:
    control, treated = inputs.base_value("control"), inputs.base_value("treated")
    share = growth.percent_of_control(treated, control)
    start = inputs.base_value("t0")
    try:
        percent = growth.percent_growth(start, control, treated)
    except ProtocolError as error:
        raise error.at("--control") from None
    formula = "100 × (treated − t0) ÷ (control − t0)" if treated >= start else "100 × (treated − t0) ÷ t0"
    below = f"({number_text(control)} − {number_text(start)})" if treated >= start else number_text(start)
    quotient = f"100 × {number_text(treated)} ÷ {number_text(control)}"
    why = "" if treated >= start else ", since less is left than at t0"
    return Calculation(
        (
            Result("percent_growth", percent, "fraction", "100 as the control, 0 no growth, -100 all lost"),
            Result("percent_of_control", share, "fraction", "100 treated / control"),
        ),
        (
            f"percent growth = {formula} = 100 × ({number_text(treated)} − {number_text(start)}) ÷ {below} = {amount_text(percent, 'fraction')}{why}",
            f"percent of control = 100 × treated ÷ control = {quotient} = {amount_text(share, 'fraction')}",
        ),
        notes=("absorbances with their blank subtracted",),
    )


def _predict_confluence(inputs: CalculatorInputs) -> Calculation:
    table = inputs.tables[VESSEL_TABLE]
    vessel = str(inputs.values["vessel"])
    names = {name.replace(" ", "").replace("-", "").casefold(): name for name in table.rows}
    name = names.get(vessel.replace(" ", "").replace("-", "").casefold())
    if name is None:
        raise ProtocolError(f"no vessel {vessel!r}", suggest(vessel, table.rows, "vessels"), "--vessel")
    full = table.cell(name, "confluent").value
    try:
        cells = growth.cells_after(inputs.base_value("seeded"), inputs.base_value("time"), inputs.base_value("doubling"))
    except ProtocolError as error:
        raise error.at("--time") from None
    share = cells / full
    warnings = []
    if share > 1:
        warnings.append(f"that is more than a full {name} holds: growth slows long before, so seed fewer, or end sooner")
    seeded = amount_text(inputs.base_value("seeded"), "cells")
    doublings = f"{inputs.text('time')} ÷ {inputs.text('doubling')}"
    return Calculation(
        (Result("cells", cells, "cells", "at the end"), Result("fraction", share * 100, "fraction", f"of a confluent {name}")),
        (
            f"cells = seeded × 2^(time ÷ doubling) = {seeded} × 2^({doublings}) = {amount_text(cells, 'cells')}",
            f"fraction = cells ÷ confluent = {amount_text(cells, 'cells')} ÷ {amount_text(full, 'cells')} = {amount_text(share * 100, 'fraction')}",
        ),
        tuple(warnings),
        ("the confluent number is for cells of HeLa size, and time counts from when the cells have attached",),
    )


CALCULATORS = (
    Calculator(
        "growth",
        "percent growth and percent of control from three readings",
        (
            Option("t0", "number", "absorbance when the drug went on", example="0.3", missing=MISSING_START),
            Option("control", "number", "absorbance of the control at the end", example="1.2"),
            Option("treated", "number", "absorbance of the treated wells at the end", example="0.75", allow_zero=True),
        ),
        _compare_growth,
    ),
    Calculator(
        "confluence",
        "how many cells there will be, and how full the vessel",
        (
            Option("seeded", "number", "cells in one well or dish", ("cells",), "3000 cells"),
            Option("doubling", "quantity", "doubling time", ("time",), "22 h"),
            Option("time", "quantity", "time to grow", ("time",), "72 h"),
            Option("vessel", "word", "as in the table of vessels: 96-well to 6-well, 35 mm to 150 mm", example="96-well"),
        ),
        _predict_confluence,
        table_names=(VESSEL_TABLE,),
    ),
)
