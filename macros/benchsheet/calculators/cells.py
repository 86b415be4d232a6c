"""Cells: how dense a counted suspension is, and how to seed from it; warns of low viability, refuses a suspension that is too thin."""

from __future__ import annotations

from fractions import Fraction

from ..arithmetic import counting
from ..errors import ProtocolError
from .model import Answer, Asked, Calculator, Option, Result, volume
from .results import number, said


def _count(asked: Asked) -> Answer:
    squares: tuple[Fraction, ...] = asked.values["squares"]
    fold = asked.base("dilution")
    if fold < 1:
        raise ProtocolError(
            f"{number(fold)} is below 1: a dilution is total / stock", "1 is undiluted, 2 is one part and one part of dye", "--dilution"
        )
    try:
        density = counting.density(squares, fold)
    except ProtocolError as error:
        raise error.at("--squares") from None
    mean, live = sum(squares, Fraction(0)) / len(squares), sum(squares, Fraction(0))
    results = [Result("density", density, "cell density", "living cells")]
    working = [
        f"mean = ({' + '.join(str(square) for square in squares)}) ÷ {len(squares)} = {number(mean)} a square",
        f"density = mean × dilution × 10000 = {number(mean)} × {number(fold)} × 10000 = {said(density, 'cell density')}",
    ]
    warnings = []
    if "dead" in asked:
        given: tuple[Fraction, ...] = asked.values["dead"]
        if len(given) not in (1, len(squares)):
            raise ProtocolError(
                f"{len(given)} squares of dead cells and {len(squares)} of living ones", "give one number a square, or their total alone", "--dead"
            )
        dead = sum(given, Fraction(0))
        viability = counting.viability(live, dead)
        results.append(Result("viability", viability * 100, "fraction", "living share"))
        working.append(f"viability = living ÷ (living + dead) = {live} ÷ ({live} + {dead}) = {said(viability * 100, 'fraction')}")
        if viability < asked.lab.viability:
            least = said(asked.lab.viability * 100, "fraction")
            warnings.append(
                f"viability {said(viability * 100, 'fraction')} is below {least}: dying cells attach and grow badly, and "
                "their debris reads as signal; use a healthier passage, or find out why"
            )
    return Answer(tuple(results), tuple(working), tuple(warnings))


def _seed(asked: Asked) -> Answer:
    wells, overage = int(asked.base("wells")), asked.base("overage") / 100
    scale = wells * (1 + overage)
    cells, total = asked.base("per_well") * scale, asked.base("volume") * scale
    try:
        needed = counting.suspension(cells, total, asked.base("counted"))
    except ProtocolError as error:
        raise error.at("--counted") from None
    each = said(asked.base("per_well"), "cells")
    times = f"{wells} × (1 + {asked.said('overage')})"
    return Answer(
        (
            Result("cells", needed, "volume", "of the counted suspension", settable=True),
            Result("medium", total - needed, "volume", "medium", settable=True),
            Result("total", total, "volume", "to seed from"),
        ),
        (
            f"total = volume × wells × (1 + overage) = {asked.said('volume')} × {times} = {said(total, 'volume')}",
            f"needed = cells a well × wells × (1 + overage) = {each} × {times} = {said(cells, 'cells')}",
            f"cells = needed ÷ counted = {said(cells, 'cells')} ÷ {asked.said('counted')} = {said(needed, 'volume')}",
            f"medium = total − cells = {said(total, 'volume')} − {said(needed, 'volume')} = {said(total - needed, 'volume')}",
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
        _count,
    ),
    Calculator(
        "seed",
        "how much of a counted suspension and medium to seed wells",
        (
            Option("counted", "quantity", "the density of the suspension", ("cell density",), "1.2e6 cells/mL"),
            Option("per_well", "number", "cells a well", ("cells",), "5000 cells"),
            Option("wells", "whole", "how many wells", example="60"),
            volume("volume", "what each well gets", "100 uL", per="well"),
            Option("overage", "quantity", "what is made on top; 0 % is none", ("fraction",), "10 %", zero=True),
        ),
        _seed,
    ),
)
