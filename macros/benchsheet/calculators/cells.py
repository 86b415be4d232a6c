"""Calculators of cells: counting, seeding and confluence."""

from __future__ import annotations

from fractions import Fraction

from ..arithmetic import cells as cell_arithmetic
from ..errors import ProtocolError, locate_errors, suggest
from .mixing import overage_warnings
from .model import Calculation, Calculator, CalculatorInputs, Option, Result, volume_option
from .results import amount_text, number_text


def _count_cells(inputs: CalculatorInputs) -> Calculation:
    squares: tuple[Fraction, ...] = inputs.values["squares"]
    fold = inputs.base_value("dilution")
    if fold < 1:
        raise ProtocolError(
            f"{number_text(fold)} is below 1: a dilution is total / stock", "1 is undiluted, 2 is one part and one part of dye", "--dilution"
        )
    with locate_errors("--squares"):
        density = cell_arithmetic.cell_density(squares, fold)
    mean, live = sum(squares, Fraction(0)) / len(squares), sum(squares, Fraction(0))
    results = [Result(name="density", value=density, kind="cell density", label="living cells")]
    working = [
        f"mean = ({' + '.join(str(square) for square in squares)}) ÷ {len(squares)} = {number_text(mean)} a square",
        f"density = mean × dilution × 10000 = {number_text(mean)} × {number_text(fold)} × 10000 = {amount_text(density, 'cell density')}",
    ]
    warnings = _count_warnings(squares, live)
    if "dead" in inputs:
        if fold == 1:
            warnings.append(
                "dead cells are told by a dye, and a dilution of 1 has none in it: one part of cells and one of dye is 2, and twice the density"
            )
        dead_counts: tuple[Fraction, ...] = inputs.values["dead"]
        if len(dead_counts) not in (1, len(squares)):
            raise ProtocolError(
                f"{len(dead_counts)} squares of dead cells and {len(squares)} of living ones",
                "give one number a square, or their total alone",
                "--dead",
            )
        dead = sum(dead_counts, Fraction(0))
        viability = cell_arithmetic.viability(live, dead)
        results.append(Result(name="viability", value=viability * 100, kind="fraction", label="living share"))
        working.append(f"viability = living ÷ (living + dead) = {live} ÷ ({live} + {dead}) = {amount_text(viability * 100, 'fraction')}")
        if viability < inputs.lab.viability:
            least = amount_text(inputs.lab.viability * 100, "fraction")
            warnings.append(
                f"viability {amount_text(viability * 100, 'fraction')} is below {least}: dying cells attach and grow badly, and "
                "their debris reads as signal; use a healthier passage, or find out why"
            )
    return Calculation(results=tuple(results), working=tuple(working), warnings=tuple(warnings))


def _count_warnings(squares: tuple[Fraction, ...], live: Fraction) -> list[str]:
    """Return what is told of counts: a total in place of squares, squares that differ, too few cells."""
    warnings = []
    most = max(squares)
    if most > cell_arithmetic.MOST_IN_SQUARE:
        total = f"; if it is the total of several squares, give each of them: {number_text(most)} over 4 are {number_text(most / 4)} a square"
        warnings.append(
            f"{most} cells in one square are more than can be counted well ({cell_arithmetic.MOST_IN_SQUARE} at most): dilute further"
            + (total if len(squares) == 1 else "")
        )
    spread, limit = cell_arithmetic.square_spread(squares), cell_arithmetic.spread_limit(len(squares) - 1)
    if limit and spread > limit:
        warnings.append(
            f"the squares differ more than counting alone makes them ({', '.join(map(str, squares))}): a typing mistake, clumps, or a chamber that "
            "was filled badly; look, resuspend and count again"
        )
    if live < cell_arithmetic.LEAST_COUNTED:
        error = amount_text(cell_arithmetic.counting_error(live) * 100 // 1, "fraction")
        warnings.append(f"{live} cells are too few: counting alone errs by ±{error}; count {cell_arithmetic.LEAST_COUNTED} or more, in more squares")
    return warnings


def _seed_wells(inputs: CalculatorInputs) -> Calculation:
    wells, overage = int(inputs.base_value("wells")), inputs.base_value("overage") / 100
    scale = wells * (1 + overage)
    cells, total = inputs.base_value("per_well") * scale, inputs.base_value("volume") * scale
    with locate_errors("--counted"):
        needed = cell_arithmetic.suspension_volume(cells, total, inputs.base_value("counted"))
    per_well = amount_text(inputs.base_value("per_well"), "cells")
    times = f"{wells} × (1 + {inputs.text('overage')})"
    return Calculation(
        results=(
            Result(name="cells", value=needed, kind="volume", label="of the counted suspension", settable=True),
            Result(name="medium", value=total - needed, kind="volume", label="medium", settable=True),
            Result(name="total", value=total, kind="volume", label="to seed from"),
        ),
        working=(
            f"total = volume × wells × (1 + overage) = {inputs.text('volume')} × {times} = {amount_text(total, 'volume')}",
            f"needed = cells a well × wells × (1 + overage) = {per_well} × {times} = {amount_text(cells, 'cells')}",
            f"cells = needed ÷ counted = {amount_text(cells, 'cells')} ÷ {inputs.text('counted')} = {amount_text(needed, 'volume')}",
            f"medium = total − cells = {amount_text(total, 'volume')} − {amount_text(needed, 'volume')} = {amount_text(total - needed, 'volume')}",
        ),
        warnings=overage_warnings(inputs),
    )


VESSEL_TABLE = "vessels"


def _predict_confluence(inputs: CalculatorInputs) -> Calculation:
    table = inputs.tables[VESSEL_TABLE]
    vessel = str(inputs.values["vessel"])
    names = {name.replace(" ", "").replace("-", "").casefold(): name for name in table.rows}
    name = names.get(vessel.replace(" ", "").replace("-", "").casefold())
    if name is None:
        raise ProtocolError(f"no vessel {vessel!r}", suggest(vessel, table.rows, "vessels"), "--vessel")
    full = table.cell(name, "confluent").value
    with locate_errors("--time"):
        cells = cell_arithmetic.cells_after(inputs.base_value("seeded"), inputs.base_value("time"), inputs.base_value("doubling"))
    share = cells / full
    warnings = []
    if share > 1:
        warnings.append(f"that is more than a full {name} holds: growth slows long before, so seed fewer, or end sooner")
    seeded = amount_text(inputs.base_value("seeded"), "cells")
    doublings = f"{inputs.text('time')} ÷ {inputs.text('doubling')}"
    return Calculation(
        results=(
            Result(name="cells", value=cells, kind="cells", label="at the end"),
            Result(name="fraction", value=share * 100, kind="fraction", label=f"of a confluent {name}"),
        ),
        working=(
            f"cells = seeded × 2^(time ÷ doubling) = {seeded} × 2^({doublings}) = {amount_text(cells, 'cells')}",
            f"fraction = cells ÷ confluent = {amount_text(cells, 'cells')} ÷ {amount_text(full, 'cells')} = {amount_text(share * 100, 'fraction')}",
        ),
        warnings=tuple(warnings),
        notes=("the confluent number is for cells of HeLa size, and time counts from when the cells have attached",),
    )


CALCULATORS = (
    Calculator(
        name="count",
        summary="cell density and viability from a counting chamber",
        options=(
            Option(name="squares", form="wholes", help="living cells in each large square", example="20,30,25,28"),
            Option(name="dilution", form="number", help="total / stock: 2 for one part and one part of dye", kinds=("dilution factor",), example="2"),
            Option(name="dead", form="wholes", help="dead cells in each of these squares, or their total", example="3", optional=True),
        ),
        calculate=_count_cells,
    ),
    Calculator(
        name="seed",
        summary="how much of a counted suspension and medium to seed wells",
        options=(
            Option(name="counted", form="quantity", help="the density of the suspension", kinds=("cell density",), example="1.2e6 cells/mL"),
            Option(name="per_well", form="number", help="cells a well", kinds=("cells",), example="5000 cells"),
            Option(name="wells", form="whole", help="how many wells", example="60"),
            volume_option("volume", "what each well gets", "100 uL", per="well"),
            Option(name="overage", form="quantity", help="what is made on top; 0 % is none", kinds=("fraction",), example="10 %", allow_zero=True),
        ),
        calculate=_seed_wells,
    ),
    Calculator(
        name="confluence",
        summary="how many cells there will be, and how full the vessel",
        options=(
            Option(name="seeded", form="number", help="cells in one well or dish", kinds=("cells",), example="3000 cells"),
            Option(name="doubling", form="quantity", help="doubling time", kinds=("time",), example="22 h"),
            Option(name="time", form="quantity", help="time to grow", kinds=("time",), example="72 h"),
            Option(name="vessel", form="word", help="as in the table of vessels: 96-well to 6-well, 35 mm to 150 mm", example="96-well"),
        ),
        calculate=_predict_confluence,
        table_names=(VESSEL_TABLE,),
    ),
)
