"""Cells: how dense a counted suspension is, and how to seed from it; warns of low viability, refuses a suspension that is too thin."""

from __future__ import annotations

from fractions import Fraction

from ..arithmetic import counting
from ..errors import ProtocolError
from .model import Calculation, Calculator, CalculatorInputs, Option, Result, volume_option
from .results import amount_text, number_text


def _count_cells(inputs: CalculatorInputs) -> Calculation:
    squares: tuple[Fraction, ...] = inputs.values["squares"]
    fold = inputs.base_value("dilution")
    if fold < 1:
        raise ProtocolError(
            f"{number_text(fold)} is below 1: a dilution is total / stock", "1 is undiluted, 2 is one part and one part of dye", "--dilution"
        )
    try:
        density = counting.cell_density(squares, fold)
    except ProtocolError as error:
        raise error.at("--squares") from None
    mean, live = sum(squares, Fraction(0)) / len(squares), sum(squares, Fraction(0))
    results = [Result("density", density, "cell density", "living cells")]
    working = [
        f"mean = ({' + '.join(str(square) for square in squares)}) ÷ {len(squares)} = {number_text(mean)} a square",
        f"density = mean × dilution × 10000 = {number_text(mean)} × {number_text(fold)} × 10000 = {amount_text(density, 'cell density')}",
    ]
    warnings = []
    if "dead" in inputs:
        dead_counts: tuple[Fraction, ...] = inputs.values["dead"]
        if len(dead_counts) not in (1, len(squares)):
            raise ProtocolError(
                f"{len(dead_counts)} squares of dead cells and {len(squares)} of living ones",
                "give one number a square, or their total alone",
                "--dead",
            )
        dead = sum(dead_counts, Fraction(0))
        viability = counting.viability(live, dead)
        results.append(Result("viability", viability * 100, "fraction", "living share"))
        working.append(f"viability = living ÷ (living + dead) = {live} ÷ ({live} + {dead}) = {amount_text(viability * 100, 'fraction')}")
        if viability < inputs.lab.viability:
            least = amount_text(inputs.lab.viability * 100, "fraction")
            warnings.append(
                f"viability {amount_text(viability * 100, 'fraction')} is below {least}: dying cells attach and grow badly, and "
                "their debris reads as signal; use a healthier passage, or find out why"
            )
    return Calculation(tuple(results), tuple(working), tuple(warnings))


def _seed_wells(inputs: CalculatorInputs) -> Calculation:
    wells, overage = int(inputs.base_value("wells")), inputs.base_value("overage") / 100
    scale = wells * (1 + overage)
    cells, total = inputs.base_value("per_well") * scale, inputs.base_value("volume") * scale
    try:
        needed = counting.suspension_volume(cells, total, inputs.base_value("counted"))
    except ProtocolError as error:
        raise error.at("--counted") from None
    per_well = amount_text(inputs.base_value("per_well"), "cells")
    times = f"{wells} × (1 + {inputs.text('overage')})"
    return Calculation(
        (
            Result("cells", needed, "volume", "of the counted suspension", settable=True),
            Result("medium", total - needed, "volume", "medium", settable=True),
            Result("total", total, "volume", "to seed from"),
        ),
        (
            f"total = volume × wells × (1 + overage) = {inputs.text('volume')} × {times} = {amount_text(total, 'volume')}",
            f"needed = cells a well × wells × (1 + overage) = {per_well} × {times} = {amount_text(cells, 'cells')}",
            f"cells = needed ÷ counted = {amount_text(cells, 'cells')} ÷ {inputs.text('counted')} = {amount_text(needed, 'volume')}",
            f"medium = total − cells = {amount_text(total, 'volume')} − {amount_text(needed, 'volume')} = {amount_text(total - needed, 'volume')}",
        ),
    )


CALCULATORS = (
    Calculator(
        "count",
        "cell density and viability from a counting chamber",
        (
            Option("squares", "wholes", "living cells in each large square", example="20,30,25,28"),
            Option("dilution", "number", "total / stock: 2 for one part and one part of dye", ("dilution factor",), "2"),
            Option("dead", "wholes", "dead cells in each of these squares, or their total", example="3", optional=True),
        ),
        _count_cells,
    ),
    Calculator(
        "seed",
        "how much of a counted suspension and medium to seed wells",
        (
            Option("counted", "quantity", "the density of the suspension", ("cell density",), "1.2e6 cells/mL"),
            Option("per_well", "number", "cells a well", ("cells",), "5000 cells"),
            Option("wells", "whole", "how many wells", example="60"),
            volume_option("volume", "what each well gets", "100 uL", per="well"),
            Option("overage", "quantity", "what is made on top; 0 % is none", ("fraction",), "10 %", allow_zero=True),
        ),
        _seed_wells,
    ),
)
