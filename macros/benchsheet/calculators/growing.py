"""Growth: a treated culture against its control and its start, and how full a vessel becomes; refuses growth without a start."""

from __future__ import annotations

from ..arithmetic import cells as growth
from ..errors import ProtocolError, near
from .model import Answer, Asked, Calculator, Option, Result
from .results import number, said

VESSELS = "vessels"
NO_START = (
    "growth counts from what was there when the drug went on; end points alone do not tell slower growth from loss",
    "fix and read a plate when the drug goes on; without one only percent of control is known, 100 × treated ÷ control",
)


def _growth(asked: Asked) -> Answer:
    control, treated = asked.base("control"), asked.base("treated")
    share = growth.percent_of_control(treated, control)
    start = asked.base("t0")
    try:
        grown = growth.percent_growth(start, control, treated)
    except ProtocolError as error:
        raise error.at("--control") from None
    formula = "100 × (treated − t0) ÷ (control − t0)" if treated >= start else "100 × (treated − t0) ÷ t0"
    below = f"({number(control)} − {number(start)})" if treated >= start else number(start)
    why = "" if treated >= start else ", since less is left than at t0"
    return Answer(
        (
            Result("percent_growth", grown, "fraction", "100 as the control, 0 no growth, -100 all lost"),
            Result("percent_of_control", share, "fraction", "100 treated / control"),
        ),
        (
            f"percent growth = {formula} = 100 × ({number(treated)} − {number(start)}) ÷ {below} = {said(grown, 'fraction')}{why}",
            f"percent of control = 100 × treated ÷ control = 100 × {number(treated)} ÷ {number(control)} = {said(share, 'fraction')}",
        ),
        notes=("absorbances with their blank subtracted",),
    )


def _confluence(asked: Asked) -> Answer:
    table = asked.tables[VESSELS]
    vessel = str(asked.values["vessel"])
    known = {name.replace(" ", "").replace("-", "").casefold(): name for name in table.rows}
    name = known.get(vessel.replace(" ", "").replace("-", "").casefold())
    if name is None:
        raise ProtocolError(f"no vessel {vessel!r}", near(vessel, table.rows, "vessels"), "--vessel")
    full = table.cell(name, "confluent").value
    try:
        cells = growth.cells_after(asked.base("seeded"), asked.base("time"), asked.base("doubling"))
    except ProtocolError as error:
        raise error.at("--time") from None
    share = cells / full
    warnings = []
    if share > 1:
        warnings.append(f"that is more than a full {name} holds: growth slows long before, so seed fewer, or end sooner")
    seeded = said(asked.base("seeded"), "cells")
    return Answer(
        (Result("cells", cells, "cells", "at the end"), Result("fraction", share * 100, "fraction", f"of a confluent {name}")),
        (
            f"cells = seeded × 2^(time ÷ doubling) = {seeded} × 2^({asked.said('time')} ÷ {asked.said('doubling')}) = {said(cells, 'cells')}",
            f"fraction = cells ÷ confluent = {said(cells, 'cells')} ÷ {said(full, 'cells')} = {said(share * 100, 'fraction')}",
        ),
        tuple(warnings),
        ("the confluent number is for cells of HeLa size, and time counts from when the cells have attached",),
    )


CALCULATORS = (
    Calculator(
        "growth",
        "percent growth and percent of control from three readings",
        (
            Option("t0", "number", "absorbance when the drug went on", example="0.3", missing=NO_START),
            Option("control", "number", "absorbance of the control at the end", example="1.2"),
            Option("treated", "number", "absorbance of the treated wells at the end", example="0.75", zero=True),
        ),
        _growth,
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
        _confluence,
        needs=(VESSELS,),
    ),
)
