"""Dilutions: one, a spike into what is there, a series, and a set of standards; each refuses what would be stronger than its stock."""

from __future__ import annotations

import functools
from fractions import Fraction

from ..arithmetic import dilution, exact, serial
from ..errors import ProtocolError
from ..lab import Lab, Planned
from ..lab import dilution_plan as planning
from ..units import Quantity
from .arguments import same_kind
from .model import Answer, Asked, Calculator, Option, Result, concentration, volume
from .results import number, said

FAINTEST = 10**12  # a last dose below this part of the first is next to nothing


def weaker(asked: Asked, stock: str, final: str) -> tuple[Fraction, Fraction]:
    """Return the base values of a stock and what is made of it; raise ProtocolError where they differ in kind or the stock is weaker."""
    held, wanted = asked.values[stock], asked.values[final]
    flag = "--" + final.replace("_", "-")
    same_kind(held, wanted, flag)
    if wanted > held:
        raise ProtocolError(
            f"{wanted} is stronger than the stock ({held}): diluting only makes weaker",
            "use a stronger stock, or look whether they are exchanged",
            flag,
        )
    return held.value, wanted.value


def _dilute(asked: Asked) -> Answer:
    held, wanted = weaker(asked, "stock", "final")
    total = asked.base("volume")
    part, fold = dilution.part(held, wanted, total), held / wanted
    return Answer(
        (
            Result("stock", part, "volume", "stock", settable=True),
            Result("diluent", total - part, "volume", "diluent", settable=True),
            Result("factor", fold, "dilution factor", "dilution factor, total / stock"),
        ),
        (
            f"factor = stock ÷ final = {asked.said('stock')} ÷ {asked.said('final')} = {number(fold)}",
            f"stock = volume ÷ factor = {asked.said('volume')} ÷ {number(fold)} = {said(part, 'volume')}",
            f"diluent = volume − stock = {asked.said('volume')} − {said(part, 'volume')} = {said(total - part, 'volume')}",
        ),
    )


def _bring(asked: Asked) -> Answer:
    held, wanted = weaker(asked, "stock", "final")
    with_what = asked.base("onto")
    try:
        added = dilution.bring(held, wanted, Fraction(0), with_what)
    except ProtocolError as error:
        raise error.at("--final") from None
    gap = said(held - wanted, asked.kind("stock"))
    return Answer(
        (Result("add", added, "volume", "stock to add", settable=True),),
        (
            f"add = onto × final ÷ (stock − final) = {asked.said('onto')} × {asked.said('final')} ÷ {gap} = {said(added, 'volume')}",
            f"check: {asked.said('stock')} × {said(added, 'volume')} ÷ {said(with_what + added, 'volume')} = {asked.said('final')}",
        ),
    )


def _series(asked: Asked) -> Answer:
    held, top = weaker(asked, "stock", "top")
    kind, points, keeps = asked.kind("top"), int(asked.base("points")), asked.base("volume")
    first = asked.base("first") if "first" in asked else None
    if first is not None and first < keeps and "transfer" not in asked:
        raise ProtocolError(
            f"tube 1 would keep {asked.said('first')}, less than the {asked.said('volume')} of the others", "give more, or leave it out", "--first"
        )
    factor, how = _factor(asked)
    if factor ** (points - 1) > FAINTEST:
        raise ProtocolError(f"the last of {points} doses is next to nothing", "fewer doses, or a smaller dilution factor", "--points")
    try:
        if "transfer" in asked:
            made = serial.carried_on(held, top, points, asked.base("transfer"), keeps, first)
        else:
            made = serial.tubes(held, top, factor, points, keeps, first)
    except ProtocolError as error:
        raise error.at("--first" if "transfer" in asked else "--factor") from None
    results: list[Result] = []
    working = [how]
    for place, tube in enumerate(made, 1):
        dose = top / factor ** (place - 1)
        source = "the stock" if place == 1 else f"tube {place - 1}"
        results += [
            Result(f"dose_{place}", dose, kind, f"tube {place}"),
            Result(f"take_{place}", tube.take, "volume", f"from {source}", settable=True),
            Result(f"diluent_{place}", tube.diluent, "volume", "diluent", settable=True),
            Result(f"left_{place}", tube.left, "volume", "left in it"),
        ]
        working.append(
            f"tube {place}: {said(tube.take, 'volume')} of {source} + {said(tube.diluent, 'volume')} diluent = "
            f"{said(tube.made, 'volume')} at {said(dose, kind)}"
        )
    results += [
        Result("stock", made[0].take, "volume", "stock in all"),
        Result("diluent", sum((tube.diluent for tube in made), Fraction(0)), "volume", "diluent in all"),
    ]
    notes = ("nothing is taken from the last tube, so it stays full",) if points > 1 else ()
    return Answer(tuple(results), tuple(working), notes=notes)


def _factor(asked: Asked) -> tuple[Fraction, str]:
    """Return the dilution factor and how volumes follow from it, in words; what is carried on decides it, or has to agree with it."""
    keeps, given = asked.base("volume"), asked.base("factor") if "factor" in asked else None
    if "transfer" in asked:
        carried = asked.base("transfer")
        follows = 1 + keeps / carried
        words = f"{asked.said('transfer')} into {asked.said('volume')}"
        if given is not None and exact.apart(follows, given, asked.lab.tolerance):
            into = said(carried * (given - 1), "volume") if given > 1 else ""
            raise ProtocolError(
                f"{words} is {number(follows)} fold, not {number(given)} fold",
                f"carry it into {into} of diluent, or leave --factor out" if into else "a factor is above 1",
                "--transfer",
            )
        return given or follows, f"factor = 1 + volume ÷ transfer = 1 + {asked.said('volume')} ÷ {asked.said('transfer')} = {number(follows)}"
    if given is None:
        raise ProtocolError("it is missing", "give the dilution factor from tube to tube", "--factor")
    if asked.base("points") == 1:
        return given, f"one tube of {asked.said('volume')}"
    if given <= 1:
        raise ProtocolError(
            f"a series needs a dilution factor above 1, not {number(given)} fold", "write half-log, '3 fold' or '2 fold' (total / stock)", "--factor"
        )
    size = dilution.tube(keeps, given)
    return given, f"each tube = volume ÷ (1 − 1 ÷ factor) = {asked.said('volume')} ÷ (1 − 1 ÷ {number(given)}) = {said(size, 'volume')}"


def _standards(asked: Asked) -> Answer:
    stock, total = asked.values["stock"], asked.base("volume")
    results: list[Result] = []
    working: list[str] = []
    notes: list[str] = []
    for place, point in enumerate(asked.values["points"], 1):
        same_kind(stock, point, "--points")
        if point > stock:
            raise ProtocolError(f"{point} is stronger than the stock ({stock}): diluting only makes weaker", "use a stronger stock", "--points")
        try:
            planned = planning.plan(asked.lab, functools.partial(_set, asked.lab), total, stock.value / point.value) if point.value else None
        except ProtocolError as error:
            raise error.at("--volume") from None
        taken = Fraction(planned.exact) if planned else Fraction(0)
        source = "stock"
        if planned and planned.intermediate:
            source = f"intermediate {place}"
            found, lines = _intermediate(place, planned, stock)
            results += found
            working += lines
            notes.append(f"vial {place} goes through an intermediate: its part of the stock is below {said(asked.lab.trust, 'volume')}")
        results += [
            Result(f"dose_{place}", point.value, point.kind, f"vial {place}"),
            Result(f"take_{place}", taken, "volume", f"from the {source}", settable=True),
            Result(f"diluent_{place}", total - taken, "volume", "diluent", settable=True),
        ]
        held = _between(planned, stock) if planned and planned.intermediate else stock
        formula = f"{asked.said('volume')} × {point} ÷ {held} = {said(taken, 'volume')} {source}" if planned else "diluent alone"
        working.append(f"vial {place}: {formula}" + (f" + {said(total - taken, 'volume')} diluent" if planned else f", {said(total, 'volume')}"))
    return Answer(tuple(results), tuple(working), notes=tuple(notes))


def _set(lab: Lab, part: Fraction | int) -> int:
    """Return what *part* is set to, or itself where the lab cannot set it: that is told with the result."""
    try:
        return lab.settle(part).amount
    except ProtocolError:
        return int(part)


def _between(planned: Planned, stock: Quantity) -> Quantity:
    """Return the strength of the intermediate that a vial is made from."""
    on_the_way = planned.intermediate
    if on_the_way is None:
        return stock
    return _between(on_the_way, stock) * Fraction(on_the_way.exact, on_the_way.asked)


def _intermediate(place: int, planned: Planned, stock: Quantity) -> tuple[list[Result], list[str]]:
    """Return the results and lines of the intermediate of one vial, and of those before it."""
    on_the_way = planned.intermediate
    if on_the_way is None:
        return [], []
    before, lines = _intermediate(place, on_the_way, stock)
    depth, strength = len(before) // 3, _between(planned, stock)
    name = f"intermediate_{place}" + (f"_{depth + 1}" if depth else "")
    taken, rest = Fraction(on_the_way.exact), Fraction(on_the_way.asked - on_the_way.exact)
    own = [
        Result(name, strength.value, strength.kind, f"intermediate {place}"),
        Result(f"{name}_take", taken, "volume", "from the one before" if depth else "from the stock", settable=True),
        Result(f"{name}_diluent", rest, "volume", "diluent", settable=True),
    ]
    line = f"intermediate {place}: {said(taken, 'volume')} + {said(rest, 'volume')} diluent = {said(on_the_way.asked, 'volume')} at {strength}"
    return [*before, *own], [*lines, line]


CALCULATORS = (
    Calculator(
        "dilute",
        "how much stock and diluent make a final concentration",
        (
            concentration("stock", "what there is", "10 mM"),
            concentration("final", "what is wanted", "10 uM"),
            volume("volume", "how much of it, in all", "1 mL"),
        ),
        _dilute,
    ),
    Calculator(
        "bring",
        "how much stock brings a volume that holds none to a concentration",
        (
            concentration("stock", "what is added", "50 % w/v"),
            concentration("final", "what is wanted in the whole", "10 % w/v"),
            volume("onto", "what is there", "100 uL", per="well"),
        ),
        _bring,
    ),
    Calculator(
        "series",
        "a serial dilution, tube by tube",
        (
            concentration("stock", "what tube 1 is made from", "10 mM"),
            concentration("top", "the strength of tube 1", "1 mM"),
            Option("factor", "quantity", "from tube to tube, total / stock; with --transfer it may be left out", ("dilution factor",), "half-log",
                   waived=lambda found: "transfer" in found),
            Option("points", "whole", "how many tubes", example="8"),
            volume("volume", "what each tube keeps after the next is taken from it; with --transfer the diluent in each tube", "100 uL"),
            volume("first", "what tube 1 keeps, if it is more", "200 uL", optional=True),
            volume("transfer", "what is carried on from tube to tube", "50 uL", optional=True),
        ),
        _series,
    ),
    Calculator(
        "standards",
        "a set of standards, each vial from the stock",
        (
            concentration("stock", "the standard", "2 mg/mL"),
            Option("points", "quantities", "the concentrations; 0 is diluent alone", concentration("", "", "").kinds,
                   "2000; 1000; 500; 250; 125; 25; 0 ug/mL", zero=True),
            volume("volume", "of each vial", "100 uL"),
        ),
        _standards,
    ),
)  # fmt: skip
