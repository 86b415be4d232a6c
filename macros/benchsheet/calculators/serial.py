"""The calculator of a serial dilution: tubes of one size, what is carried on, and what the pipettes make of it."""

from __future__ import annotations

from fractions import Fraction

from ..arithmetic import dilution, exact
from ..arithmetic.dilution import DilutionTube
from ..arithmetic.tenfold import TenfoldPlan, plan_intermediates
from ..errors import ProtocolError, locate_errors
from ..lab import Lab
from .dilution import MW, STRONG_NOTE, stock_and_final
from .intermediates import enough_of, intermediate_rows, total_rows
from .model import Calculation, Calculator, CalculatorInputs, Option, Result, concentration_option, volume_option
from .results import amount_text, number_text

MAX_FOLD = 10**12  # from the first dose of a series to the last


def _dilute_series(inputs: CalculatorInputs) -> Calculation:
    stock, top, lines = stock_and_final(inputs, "top")
    kind, points, keeps = inputs.kind("top"), int(inputs.base_value("points")), inputs.base_value("volume")
    first = inputs.base_value("first") if "first" in inputs else None
    if first is not None and first < keeps and "transfer" not in inputs:
        raise ProtocolError(
            f"tube 1 would keep {inputs.text('first')}, less than the {inputs.text('volume')} of the others", "give more, or leave it out", "--first"
        )
    factor, how = _find_factor(inputs)
    if factor ** (points - 1) > MAX_FOLD:
        raise ProtocolError(f"the last of {points} doses is next to nothing", "fewer doses, or a smaller dilution factor", "--points")
    with locate_errors("--first" if "transfer" in inputs else "--factor"):
        if "transfer" in inputs:
            tubes = dilution.tubes_by_transfer(stock, top, points, inputs.base_value("transfer"), keeps, first)
        else:
            tubes = dilution.tubes_by_factor(stock, top, factor, points, keeps, first)
    with locate_errors("--volume"):
        plan = plan_intermediates([tubes[0].take], [tubes[0].volume], inputs.lab.trust, enough_of(inputs.lab))
    results, working = intermediate_rows(plan, inputs.values["stock"])
    working = [*lines, how, *working]
    tubes = (_taken_below(tubes[0], len(plan.volumes)), *tubes[1:])
    for place, tube in enumerate(tubes, 1):
        dose = inputs.base_value("top") / factor ** (place - 1)
        source = f"tube {place - 1}" if place > 1 else f"intermediate {len(plan.volumes)}" if plan.volumes else "the stock"
        results += [
            Result(name=f"dose_{place}", value=dose, kind=kind, label=f"tube {place}"),
            Result(name=f"take_{place}", value=tube.take, kind="volume", label=f"from {source}", settable=True),
            Result(name=f"diluent_{place}", value=tube.diluent, kind="volume", label="diluent", settable=True),
            Result(name=f"left_{place}", value=tube.remaining, kind="volume", label="left in it"),
        ]
        working.append(
            f"tube {place}: {amount_text(tube.take, 'volume')} of {source} + {amount_text(tube.diluent, 'volume')} diluent = "
            f"{amount_text(tube.volume, 'volume')} at {amount_text(dose, kind)}"
        )
    results += total_rows(plan, tubes[0].take, sum((tube.diluent for tube in tubes), Fraction(0)))
    return Calculation(
        results=tuple(results),
        working=tuple(working),
        warnings=tuple(_series_warnings(inputs.lab, tubes, plan)),
        notes=(*_series_notes(tubes, plan), *((STRONG_NOTE,) if inputs.densities else ())),
    )


def _taken_below(tube: DilutionTube, level: int) -> DilutionTube:
    """Return *tube* made from an intermediate that is *level* tenfold steps below its stock."""
    take = tube.take * 10**level
    return DilutionTube(take=take, diluent=tube.volume - take, remaining=tube.remaining)


def _series_notes(tubes: tuple[DilutionTube, ...], plan: TenfoldPlan) -> tuple[str, ...]:
    if len(tubes) == 1:
        return ()
    share, last = tubes[0].take / tubes[0].volume / 10 ** len(plan.volumes), tubes[-1].take / tubes[-1].volume
    for tube in tubes[1:-1]:
        last *= tube.take / tube.volume
    shares = amount_text(share * 100, "fraction"), amount_text(share * last * 100, "fraction")
    vehicle = (
        f"what the stock is dissolved in falls with the dose, from {shares[0]} of tube 1 to {shares[1]} of tube {len(tubes)}: a vehicle that acts "
        "on cells is the diluent of the series, and every dose then goes into medium by the same factor"
    )
    return ("nothing is taken from the last tube, so it stays full", vehicle)


def _series_warnings(lab: Lab, tubes: tuple[DilutionTube, ...], plan: TenfoldPlan) -> list[str]:
    """Return what is told of tubes that a transfer nearly empties, and of doses that drift as the pipettes are set."""
    warnings = [
        f"tube {place}: {amount_text(tube.volume - tube.remaining, 'volume')} of its {amount_text(tube.volume, 'volume')} are carried on, and "
        f"{amount_text(tube.remaining, 'volume')} stay: a wet wall or a bad stroke empties it; make more of it with --first"
        for place, tube in enumerate(tubes, 1)
        if tube.remaining * 10 < tube.volume
    ]
    drift, farthest, at = Fraction(1), Fraction(0), 0
    for level in range(len(plan.volumes)):
        volume = plan.volumes[level]
        drift *= _set_share(lab, volume / 10, volume * Fraction(9, 10)) * 10
    for place, tube in enumerate(tubes, 1):
        drift *= _set_share(lab, tube.take, tube.diluent) / (tube.take / tube.volume)
        if abs(drift - 1) > farthest:
            farthest, at = abs(drift - 1), place
            way = "stronger" if drift > 1 else "weaker"
    if farthest > lab.tolerance:
        warnings.append(
            f"as the volumes can be set, doses drift: tube {at} comes out {amount_text(farthest * 100, 'fraction')} {way} than it is called; "
            "use a --volume whose parts can be set exactly, or a larger one"
        )
    return warnings


def _set_share(lab: Lab, take: Fraction, diluent: Fraction) -> Fraction:
    """Return the share of *take* in a tube as the lab sets both; what it cannot set counts as it is, since that is told with the result."""
    one, two = _set_amount(lab, take), _set_amount(lab, diluent)
    return one / (one + two)


def _set_amount(lab: Lab, amount: Fraction) -> Fraction:
    try:
        return Fraction(lab.set_volume(amount).amount) if amount else amount
    except ProtocolError:
        return amount


def _find_factor(inputs: CalculatorInputs) -> tuple[Fraction, str]:
    """Return the dilution factor and its line of the working; it follows from ``--transfer`` if that is given, and has to agree with it."""
    keeps, factor = inputs.base_value("volume"), inputs.base_value("factor") if "factor" in inputs else None
    if "transfer" in inputs:
        transfer = inputs.base_value("transfer")
        follows = 1 + keeps / transfer
        words = f"{inputs.text('transfer')} into {inputs.text('volume')}"
        if factor is not None and exact.differs_by(follows, factor, inputs.lab.tolerance):
            into = amount_text(transfer * (factor - 1), "volume") if factor > 1 else ""
            raise ProtocolError(
                f"{words} is {number_text(follows)} fold, not {number_text(factor)} fold",
                f"carry it into {into} of diluent, or leave --factor out" if into else "a factor is above 1",
                "--transfer",
            )
        return factor or follows, f"factor = 1 + volume ÷ transfer = 1 + {inputs.text('volume')} ÷ {inputs.text('transfer')} = {number_text(follows)}"
    if factor is None:
        raise ProtocolError("it is missing", "give the dilution factor from tube to tube", "--factor")
    if inputs.base_value("points") == 1:
        return factor, f"one tube of {inputs.text('volume')}"
    if factor <= 1:
        raise ProtocolError(
            f"a series needs a dilution factor above 1, not {number_text(factor)} fold",
            "write half-log, '3 fold' or '2 fold' (total / stock)",
            "--factor",
        )
    size = amount_text(dilution.tube_volume(keeps, factor), "volume")
    return factor, f"each tube = volume ÷ (1 − 1 ÷ factor) = {inputs.text('volume')} ÷ (1 − 1 ÷ {number_text(factor)}) = {size}"


CALCULATORS = (
    Calculator(
        name="series",
        summary="a serial dilution, tube by tube",
        options=(
            concentration_option("stock", "what tube 1 is made from", "10 mM"),
            concentration_option("top", "the strength of tube 1", "1 mM"),
            Option(
                name="factor", form="quantity", help="from tube to tube, total / stock; with --transfer it may be left out",
                kinds=("dilution factor",), example="half-log", optional_if=lambda found: "transfer" in found,
            ),
            Option(name="points", form="whole", help="how many tubes", example="8"),
            volume_option("volume", "what each tube keeps after the next is taken from it; with --transfer the diluent in each tube", "100 uL"),
            volume_option("first", "what tube 1 keeps, if it is more", "200 uL", optional=True),
            volume_option("transfer", "what is carried on from tube to tube", "50 uL", optional=True),
            MW,
        ),
        calculate=_dilute_series,
    ),
)  # fmt: skip
