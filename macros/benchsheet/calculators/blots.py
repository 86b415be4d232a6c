"""Calculators of blots: phospho over total lane by lane, and what an immunoprecipitation brought down."""

from __future__ import annotations

from fractions import Fraction

from ..arithmetic import blots, exact
from ..errors import ProtocolError, locate_errors
from .model import Calculation, Calculator, CalculatorInputs, Option, Result
from .results import PLAIN, amount_text, number_text

MAX_BRIDGE_SPREAD = Fraction("1.2")
LEAST_RECOVERED, LEAST_DEPLETED, MAX_GAP = 20, 30, 25  # percent of one immunoprecipitation; points
LEAST_SEEN = Fraction(1, 100)  # the faintest band that is seen, of the input's


def _divide_bands(inputs: CalculatorInputs) -> Calculation:
    phospho, total = inputs.values["phospho"], inputs.values["total"]
    if len(phospho) != len(total):
        raise ProtocolError(f"{len(total)} lanes of total and {len(phospho)} of phospho", "give one number a lane, in the same order", "--total")
    below_p, below_t = (_backgrounds(inputs, name, len(phospho)) for name in ("phospho_background", "total_background"))
    factor, lines, warnings = _bridge(inputs)
    results: list[Result] = []
    ratios: list[Fraction] = []
    for lane, (p, t, bp, bt) in enumerate(zip(phospho, total, below_p, below_t, strict=True), 1):
        with locate_errors("--total"):
            ratio = blots.band_ratio(p, t, bp, bt) * factor
        if ratio <= 0:
            warnings.append(f"lane {lane}: the phospho band is not above its background, so it is below what can be seen, which is not zero")
        ratios.append(ratio)
        times = f" × {number_text(factor)}" if factor != 1 else ""
        numbers = f"({number_text(p)} − {number_text(bp)}) ÷ ({number_text(t)} − {number_text(bt)}){times}"
        lines.append(f"lane {lane}: (phospho − background) ÷ (total − background) = {numbers} = {number_text(ratio)}")
        results.append(Result(name=f"ratio_{lane}", value=ratio, kind=PLAIN, label=f"lane {lane}" + (", the reference" if lane == 1 else "")))
        if lane == 1:
            if ratio <= 0:
                raise ProtocolError("lane 1 has no phospho band, so nothing can be compared with it", "put the vehicle first", "--phospho")
            continue
        if ratio <= 0:
            continue  # nothing was seen, and a logarithm needs something
        relative = ratio / ratios[0]
        lines.append(f"lane {lane} ÷ lane 1 = {number_text(ratio)} ÷ {number_text(ratios[0])} = {number_text(relative)}")
        results += [
            Result(name=f"relative_{lane}", value=relative, kind=PLAIN, label="to lane 1"),
            Result(name=f"change_{lane}", value=(relative - 1) * 100, kind="fraction", label="against lane 1"),
            Result(name=f"log2_{lane}", value=exact.log2(relative), kind=PLAIN, label="logarithm to base two of the relative"),
        ]
    if not ("phospho_background" in inputs and "total_background" in inputs):
        warnings.append("without the background of each lane a fall looks smaller than it is; give --phospho-background and --total-background")
    notes = (
        "signals count only where the antibody is linear: within the linear lanes of a dilution series of the pool, on the same gel",
        "one passage is one value: average lanes of one lysate first, and the logarithms of passages after that",
    )
    return Calculation(results=tuple(results), working=tuple(lines), warnings=tuple(warnings), notes=notes)


def _backgrounds(inputs: CalculatorInputs, name: str, lanes: int) -> tuple[Fraction, ...]:
    """Return the background of each lane: one for all, or one a lane."""
    values: tuple[Fraction, ...] = inputs.values[name] if name in inputs else (Fraction(0),)
    if len(values) not in (1, lanes):
        raise ProtocolError(f"{len(values)} backgrounds of {lanes} lanes", "give one a lane, or one for all", f"--{name.replace('_', '-')}")
    return values * lanes if len(values) == 1 else values


def _bridge(inputs: CalculatorInputs) -> tuple[Fraction, list[str], list[str]]:
    """Return the factor that brings this gel to the scale of another one, its line of the working, and what is told of it."""
    if ("bridge_here" in inputs) != ("bridge_there" in inputs):
        raise ProtocolError("a bridging lane has a ratio on both gels", "give --bridge-here and --bridge-there", "--bridge-here")
    if "bridge_here" not in inputs:
        return Fraction(1), [], []
    here, there = inputs.values["bridge_here"], inputs.values["bridge_there"]
    if len(here) != len(there):
        raise ProtocolError(f"{len(there)} bridging lanes there and {len(here)} here", "give each of them on both gels", "--bridge-there")
    factor, spread = blots.bridge_factor(here, there)
    pairs = "; ".join(f"{number_text(other)} ÷ {number_text(one)}" for one, other in zip(here, there, strict=True))
    warnings = []
    if spread > MAX_BRIDGE_SPREAD:
        warnings.append(f"the bridging lanes differ by {amount_text((spread - 1) * 100, 'fraction')}, more than 20 %: these two gels do not compare")
    return factor, [f"bridge = there ÷ here{', mean of the logarithms' if len(here) > 1 else ''} = {pairs} = {number_text(factor)}"], warnings


def _find_recovery(inputs: CalculatorInputs) -> Calculation:
    lane = {name: _whole_signal(inputs, name) for name in ("input", "unbound", "ip")}
    recovered, depleted = lane["ip"] / lane["input"] * 100, (1 - lane["unbound"] / lane["input"]) * 100
    lines = [_share_line(inputs, name) for name in ("input", "unbound", "ip")]
    lines.append(f"recovered = IP ÷ input = {number_text(lane['ip'])} ÷ {number_text(lane['input'])} = {amount_text(recovered, 'fraction')}")
    lines.append(
        f"depleted = 1 − unbound ÷ input = 1 − {number_text(lane['unbound'])} ÷ {number_text(lane['input'])} = {amount_text(depleted, 'fraction')}"
    )
    results = [
        Result(name="bait_recovered", value=recovered, kind="fraction", label="of the bait, in the IP"),
        Result(name="bait_depleted", value=depleted, kind="fraction", label="of the bait, gone from the unbound"),
    ]
    warnings = _recovery_warnings(recovered, depleted)
    seen = LEAST_SEEN * inputs.base_value("input_share") / inputs.base_value("ip_share") * 100
    if "partner_input" in inputs or "partner_ip" in inputs:
        found = _partner_results(inputs, recovered, lines, warnings)
        results += found
    results.append(Result(name="least_seen", value=seen, kind="fraction", label="of a partner, if a band of 1 % of the input's is seen"))
    numbers = f"1 % × {inputs.text('input_share')} ÷ {inputs.text('ip_share')}"
    lines.append(f"least seen = 1 % × input share ÷ IP share = {numbers} = {amount_text(seen, 'fraction')}")
    notes = ("signals with their background subtracted; a negative is 'below the least seen', not 'absent'",)
    return Calculation(results=tuple(results), working=tuple(lines), warnings=tuple(warnings), notes=notes)


def _whole_signal(inputs: CalculatorInputs, name: str) -> Fraction:
    """Return a lane's signal for one whole immunoprecipitation."""
    share = inputs.base_value(f"{name}_share") / 100
    if share > 1:
        raise ProtocolError(
            f"{inputs.text(f'{name}_share')} is more than the whole", "a lane holds a share of one immunoprecipitation", f"--{name}-share"
        )
    return blots.per_share(inputs.base_value(name), share)


def _share_line(inputs: CalculatorInputs, name: str) -> str:
    label = "IP" if name == "ip" else name
    whole = number_text(_whole_signal(inputs, name))
    return f"{label} = {number_text(inputs.base_value(name))} ÷ {inputs.text(f'{name}_share')} = {whole}, of one whole IP"


def _recovery_warnings(recovered: Fraction, depleted: Fraction) -> list[str]:
    warnings = []
    if recovered < LEAST_RECOVERED:
        warnings.append(f"less than {LEAST_RECOVERED} % of the bait came down: nothing follows for a partner that is not seen")
    if depleted < LEAST_DEPLETED:
        warnings.append(f"less than {LEAST_DEPLETED} % of the bait is gone from the unbound: the antibody hardly pulled")
    if abs(recovered - depleted) > MAX_GAP:
        one, other = amount_text(recovered, "fraction"), amount_text(depleted, "fraction")
        warnings.append(
            f"{one} recovered and {other} depleted do not close within {MAX_GAP} points: a saturated IP lane, an input outside the linear range, or "
            "bait lost in the washes"
        )
    if recovered > 100 + MAX_GAP:
        warnings.append(f"more came down than went in ({amount_text(recovered, 'fraction')}): look at the shares, and for chains of the antibody")
    return warnings


def _partner_results(inputs: CalculatorInputs, recovered: Fraction, lines: list[str], warnings: list[str]) -> list[Result]:
    """Return how much of the partner came down with the bait; its lines and warnings are added."""
    for name in ("partner_input", "partner_ip"):
        if name not in inputs:
            raise ProtocolError(
                "it is missing: a partner has an input and an IP lane", "give --partner-input and --partner-ip", f"--{name.replace('_', '-')}"
            )
    signal, isotype = inputs.base_value("partner_ip"), inputs.base_value("partner_isotype") if "partner_isotype" in inputs else Fraction(0)
    if not recovered:
        raise ProtocolError("no bait came down, so a partner has nothing to hold it", "look at the antibody and the lysis first", "--ip")
    ip_share, input_share = inputs.base_value("ip_share") / 100, inputs.base_value("input_share") / 100
    if isotype >= signal and isotype:
        raise ProtocolError(
            f"the isotype ({number_text(isotype)}) binds as much as the antibody ({number_text(signal)}): nothing is shown",
            "more salt, pre-clear, or other beads; then again",
            "--partner-isotype",
        )
    came_down = blots.per_share(signal - isotype, ip_share) / blots.per_share(inputs.base_value("partner_input"), input_share) * 100
    per_bait = came_down / recovered
    formula = "partner = ((IP − isotype) ÷ IP share) ÷ (input ÷ input share)"
    lines.append(
        f"{formula} = (({number_text(signal)} − {number_text(isotype)}) ÷ {inputs.text('ip_share')}) ÷ "
        f"({number_text(inputs.base_value('partner_input'))} ÷ {inputs.text('input_share')}) = {amount_text(came_down, 'fraction')}"
    )
    lines.append(
        f"per bait = partner ÷ recovered = {amount_text(came_down, 'fraction')} ÷ {amount_text(recovered, 'fraction')} = {number_text(per_bait)}"
    )
    if signal - isotype < LEAST_SEEN * inputs.base_value("partner_input"):
        seen = amount_text(LEAST_SEEN * input_share / ip_share * 100, "fraction")
        warnings.append(f"the partner is not seen for certain: its band is below 1 % of its input's, so less than {seen} of its input came down")
    if "partner_isotype" not in inputs:
        warnings.append("without the isotype lane what sticks to beads counts as partner: give --partner-isotype")
    elif isotype * 10 > signal:
        warnings.append(
            f"the isotype has {amount_text(isotype / signal * 100, 'fraction')} of the IP's partner, more than 10 %: no association is shown"
        )
    return [
        Result(name="partner", value=came_down, kind="fraction", label="of the partner's input came down"),
        Result(name="partner_per_bait", value=per_bait, kind=PLAIN, label="to compare with another condition on this blot"),
    ]


def _signal(name: str, what: str, example: str, *, optional: bool = False, allow_zero: bool = False) -> Option:
    return Option(name=name, form="number", help=what, example=example, optional=optional, allow_zero=allow_zero)


def _share(name: str, what: str, example: str) -> Option:
    return Option(name=name, form="quantity", help=what, kinds=("fraction",), example=example)


CALCULATORS = (
    Calculator(
        name="ratio",
        summary="phospho over total, lane by lane, against the first lane",
        options=(
            Option(name="phospho", form="numbers", help="signals of the phospho antibody, the vehicle first", example="12400; 3000"),
            Option(name="total", form="numbers", help="signals of the total, in the same lanes", example="10600; 9600"),
            Option(name="phospho_background", form="numbers", help="beside each phospho band, or one for all", example="400; 400",
                   optional=True, allow_zero=True),
            Option(name="total_background", form="numbers", help="beside each total band, or one for all", example="600; 600",
                   optional=True, allow_zero=True),
            Option(name="bridge_here", form="numbers", help="ratios of the bridging lanes on this gel", example="0.80", optional=True),
            Option(name="bridge_there", form="numbers", help="and of the same samples on the other gel", example="1.20", optional=True),
        ),
        calculate=_divide_bands,
    ),
    Calculator(
        name="recovery",
        summary="what an IP brought down, from the shares of its lanes",
        options=(
            _signal("input", "bait in the input lane", "1200"),
            _signal("unbound", "bait in the unbound lane", "700", allow_zero=True),
            _signal("ip", "bait in the IP lane", "9000", allow_zero=True),
            _share("input_share", "share of one IP in the input lane", "4 %"),
            _share("unbound_share", "share of one IP in the unbound lane", "3.83 %"),
            _share("ip_share", "share of one IP in its own lane", "38.5 %"),
            _signal("partner_input", "partner in the input lane", "2500", optional=True),
            _signal("partner_ip", "partner in the IP lane", "600", optional=True, allow_zero=True),
            _signal("partner_isotype", "partner in the isotype lane", "40", optional=True, allow_zero=True),
        ),
        calculate=_find_recovery,
    ),
)  # fmt: skip
