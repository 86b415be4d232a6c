"""What can be calculated but should be thought about is told: each warning at its limit, and nothing where all is well."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchsheet import library
from benchsheet.arithmetic import growth, solids, standard_curve
from benchsheet.arithmetic.tenfold import plan_intermediates
from benchsheet.calculators import CALCULATORS, CalculatorInputs, collect_cautions, parse_options
from benchsheet.errors import Collector
from benchsheet.lab import default_lab
from benchsheet.protocol.tables import read_table
from benchsheet.yamltree import parse_yaml_map

TABLES = {
    name: read_table(name, parse_yaml_map(library.load_text(Path(library.protocols_folder()) / library.SHARED_FOLDER / f"{name}.yml"), f"{name}.yml"))
    for name in ("hand_cast_gels", "hazards")
}


def answered(name, **options):
    mistakes = Collector()
    found = parse_options(CALCULATORS[name], {option: [text] for option, text in options.items()}, mistakes)
    mistakes.raise_all()
    return CALCULATORS[name].calculate(CalculatorInputs(values=found, lab=default_lab(), tables=TABLES))


GROWTH = {"t0": "0.3", "control": "1.2", "treated": "0.6"}
SERIES = {"stock": "10 mM", "top": "1 mM", "factor": "3 fold", "points": "3", "volume": "1 mL"}
RECOVERY = {"input": "1000", "unbound": "500", "ip": "5000", "input_share": "5 %", "unbound_share": "5 %", "ip_share": "50 %"}
BCA = {"standards": "2000; 1000; 500; 250; 0 ug/mL", "readings": "1.7; 1; 0.575; 0.34375; 0.1", "samples": "0.575"}
PLAIN = {
    "count": {"squares": "20,30,25,28", "dilution": "2", "dead": "3"},
    "growth": GROWTH,
    "percent": GROWTH,
    "series": SERIES,
    "recovery": RECOVERY,
    "bca": BCA,
    "ratio": {"phospho": "1000; 500", "total": "1000; 900", "phospho_background": "10", "total_background": "10"},
    "seed": {"counted": "1e6 cells/mL", "per_well": "5000", "wells": "60", "volume": "100 uL", "overage": "10 %"},
    "mix": {"component": "buffer:10 X:1 X", "volume": "20 uL", "reactions": "24", "overage": "10 %"},
    "gel": {"percent": "10", "volume": "10 mL"},
    "weigh": {"mw": "121.14 g/mol", "concentration": "1 M", "volume": "1 L"},
}
# A calculator, what is typed otherwise than where all is well, and words of the one warning.
TOLD = {
    "a total for a square": ("count", {"squares": "450", "dead": "10"}, "450 cells in one square .* 450 over 4 are 112.5 a square"),
    "a crowded square": ("count", {"squares": "110,105,112,108"}, "112 cells in one square are more than can be counted well"),
    # mean 51.75: 26.1 + 186.5 + 19.5 + 17.1 = 249 and chance gives 11.34 at most
    "a typed nought": ("count", {"squares": "15,99,20,22"}, "differ more than counting alone makes them"),
    "few cells": ("count", {"squares": "2,0,3,1", "dead": "0"}, "6 cells are too few: counting alone errs by ±40 %"),
    "dead without a dye": ("count", {"dilution": "1"}, "dead cells are told by a dye, and a dilution of 1 has none"),
    "dying cells": ("count", {"dead": "20"}, "viability 83.74 % is below 90 %"),  # 103/123
    "a killed well": ("growth", {"treated": "-0.005"}, "-0.005 is within the noise of the blank"),
    "a control above the reader": ("growth", {"control": "3.9"}, "3.9: above 2 a reader is not linear"),
    "a control that hardly grew": ("growth", {"t0": "1.1"}, "control ÷ t0 = 1.091, below 2"),
    "percent: a killed well": ("percent", {"treated": "-0.02"}, "within the noise of the blank"),
    "percent: a control above the reader": ("percent", {"control": "2.01"}, "2.01: above 2"),
    "a stained blank": ("percent", {"blank": "0.11"}, "a blank of 0.11 is above 0.1"),
    # 50 / (1 - 1/1.05) = 1050
    "a tube that is nearly emptied": ("series", {"factor": "1.05 fold", "volume": "50 uL"}, "tube 1: 1 mL of its 1.05 mL are carried on"),
    # (5.1/15.2 x 3)^9 is 1.061; tube 1 adds 0.2 %: 1.516 of 15.116 mL
    "doses that drift": ("series", {"points": "10", "volume": "10.1 mL"}, "doses drift: tube 10 comes out 6.3.* % stronger than it is called"),
    "no bait": ("recovery", {"ip": "100"}, "less than 20 % of the bait came down"),
    "a bait that stays": ("recovery", {"unbound": "900", "ip": "1500"}, "less than 30 % of the bait is gone"),
    "a balance that is open": ("recovery", {"ip": "9000"}, "90 % recovered and 50 % depleted do not close within 25 points"),
    "a sticky isotype": ("recovery", {"partner_input": "100", "partner_ip": "100", "partner_isotype": "11"}, "the isotype has 11 %"),
    "a partner not seen": ("recovery", {"partner_input": "100", "partner_ip": "0", "partner_isotype": "0"},
                           "below 1 % of its input's, so less than 0.1 % of its input came down"),  # 1 % x 5 % / 50 %
    "below the standards": ("bca", {"samples": "0.1", "dilution": "5"}, "all that is known is that it holds less than 1.25 mg/mL"),  # 5 x 250 µg/mL
    "no isotype": ("recovery", {"partner_input": "100", "partner_ip": "100"}, "without the isotype lane"),
    "replicates that differ": ("bca", {"samples": "0.5 0.65"}, "sample 1: 0.5 and 0.65 differ by a CV of 18 %"),  # 0.10607/0.575
    "a thin sample": ("bca", {"samples": "0.2"}, "µg/mL in the well is outside 125 µg/mL to 1.5 mg/mL|below the lowest standard"),
    "a poor fit": ("bca", {"readings": "1.7; 1; 0.9; 0.2; 0.1"}, r"R² 0.9\d+ is below 0.99"),
    "no background": ("ratio", {"phospho_background": "0", "total_background": None}, "without the background of each lane"),
    "no phospho": ("ratio", {"phospho": "1000; 5"}, "lane 2: the phospho band is not above its background"),
    "bridges that differ": ("ratio", {"bridge_here": "1; 1", "bridge_there": "1; 1.3"}, "the bridging lanes differ by 30 %"),
    "ten times the overage, seeds": ("seed", {"overage": "110 %"}, "an overage of 110 % makes 2.1 times what is used: for a tenth more write 10 %"),
    "ten times the overage, mixes": ("mix", {"overage": "110 %"}, "an overage of 110 % makes 2.1 times what is used"),
    "a soft gel": ("gel", {"percent": "4"}, "a resolving gel of 4 % is so soft"),
    "a brittle gel": ("gel", {"percent": "21"}, "a gel of 21 % is brittle"),
    "more than dissolves": ("weigh", {"concentration": "3 M"}, "look up the solubility"),  # 363 g/L
}  # fmt: skip


def words_of(name, changed):
    options = {**PLAIN[name], **changed}
    if name == "count" and "dead" in changed and changed["dead"] == "0":
        options.pop("dead")
    return answered(name, **{option: text for option, text in options.items() if text is not None})


def test_a_lane_without_a_phospho_band_has_no_change_of_more_than_all_of_it():
    names = [result.name for result in answered("ratio", **PLAIN["ratio"] | {"phospho": "1000; 5; 500", "total": "1000; 900; 900"}).results]
    assert names == ["ratio_1", "ratio_2", "ratio_3", "relative_3", "change_3", "log2_3"]


@pytest.mark.parametrize("name", PLAIN)
def test_where_all_is_well_nothing_is_told(name):
    answer = answered(name, **PLAIN[name])
    assert answer.warnings == ()


@pytest.mark.parametrize("reason", TOLD)
def test_what_should_be_thought_about_is_told(reason):
    name, changed, words = TOLD[reason]
    assert re.search(words, "\n".join(words_of(name, changed).warnings))


# --- kinds ---------------------------------------------------------------------------------------------------------------


@given(grams=st.integers(1, 4000), volume=st.integers(1, 2000))
def test_a_solid_is_made_up_to_its_volume_or_refused(grams, volume):
    """Up to 2000 g/L; above 25 g/L (0.8 mL/g of 2 %) the solid's part of the volume is told."""
    options = {"concentration": f"{grams} mg/mL", "volume": f"{volume} mL"}
    if grams > 2000:
        with pytest.raises(Exception, match="no room"):
            answered("weigh", **options)
        return
    answer = answered("weigh", **options)
    assert answer.results[0].value == grams * volume * 10**6  # ng
    assert "make up to" in answer.results[0].label
    assert ("takes up to" in "".join(answer.notes)) is (grams > 25)
    assert ("solubility" in "".join(answer.warnings)) is (grams > 300)
    dissolved = answered("dissolve", mass=f"{grams * volume} mg", concentration=f"{grams} mg/mL")
    assert dissolved.results[0].label == "to make up to, solid included"
    assert dissolved.results[0].value == volume * 10**6  # nL
    assert dissolved.results[0].settable is (grams <= 25)


@given(start=st.integers(1, 200), times=st.integers(101, 900), treated=st.integers(-4, 400))
def test_growth_and_rate_agree_on_their_three_points(start, times, treated):
    first, control, value = Fraction(start, 100), Fraction(start * times, 10_000), Fraction(treated, 100)
    percent, rate = growth.percent_growth(first, control, value), growth.growth_rate(first, control, value)
    assert (percent > 0) == (rate > 0) or value == first
    assert growth.growth_rate(first, control, control) == pytest.approx(1)
    assert growth.growth_rate(first, control, first) == 0
    assert rate >= -1


@given(parts=st.lists(st.integers(1, 10**6), min_size=1, max_size=8))
def test_no_part_of_an_intermediate_is_below_what_is_trusted(parts):
    wanted = [Fraction(part, 100) for part in parts]
    plan = plan_intermediates(wanted, [Fraction(10**7)] * len(wanted), 1000, lambda taken: taken)
    for part, level in zip(wanted, plan.levels, strict=True):
        assert part * 10**level >= 1000
        assert level == 0 or part * 10 ** (level - 1) < 1000
    for level, volume in enumerate(plan.volumes, 1):
        taken = sum(part * 10**level for part, own in zip(wanted, plan.levels, strict=True) if own == level)
        onward = plan.volumes[level] / 10 if level < len(plan.volumes) else 0
        assert volume >= taken + onward
        assert volume / 10 >= 1000


@given(
    constant=st.integers(0, 20), slope=st.integers(50, 200), bend=st.integers(-10, 10),
    concentration=st.fractions(min_value=0, max_value=2, max_denominator=50),
)  # fmt: skip
def test_a_curve_gives_back_what_lies_on_it(constant, slope, bend, concentration):
    def absorbance(c):
        return Fraction(constant, 100) + Fraction(slope, 100) * c + Fraction(bend, 100) * c * c

    points = [(Fraction(c, 4), absorbance(Fraction(c, 4))) for c in range(9)]
    curve = standard_curve.fit_quadratic(points)
    assert (curve.constant, curve.slope, curve.bend) == (Fraction(constant, 100), Fraction(slope, 100), Fraction(bend, 100))
    assert curve.r_squared == 1
    assert abs(standard_curve.solve_quadratic(curve, absorbance(concentration)) - concentration) < Fraction(1, 10**15)
    low, high = concentration * 4 // 1, -(-concentration * 4 // 1)
    straight = standard_curve.interpolate(points, absorbance(concentration))
    assert Fraction(low, 4) <= straight <= Fraction(high, 4)


@given(one=st.integers(1, 1000), mw=st.integers(10, 1000))
def test_moles_and_grams_are_one_solution(one, mw):
    found = {result.name: result.value for result in answered("convert", concentration=f"{one} uM", mw=f"{mw} g/mol").results}
    assert found["mass_concentration"] == Fraction(one * mw, 1000)  # µg/mL
    back = answered("convert", concentration=f"{one * mw} ng/mL", mw=f"{mw} g/mol")
    assert {result.name: result.value for result in back.results} == found
    assert found["molarity"] == one
    assert found["percent_w_v"] * 10_000 == found["mass_concentration"]


def test_a_volume_that_is_made_up_to_is_not_pipetted():
    answer = answered("dissolve", mass="500 g", concentration="50 % w/v")
    assert answer.results[0].settable is False
    assert "the solid takes up to 40 % of the volume" in answer.notes[0]  # 500 mL of 0.8 mL/g: 400 of 1000
    assert solids.volume_share(Fraction(500_000)) == Fraction(2, 5)
    assert collect_cautions(answer, default_lab()) == ["500 mg/mL is more than most solids dissolve to: look up the solubility of this one first"]


def test_the_rule_for_temed_is_told_on_both_sides_of_its_limit():
    below, above = answered("gel", percent="14.9", volume="10 mL"), answered("gel", percent="15", volume="10 mL")
    assert {r.name: r.value for r in below.results}["temed"] == 2 * {r.name: r.value for r in above.results}["temed"] == 5000
    assert "0.05 % v/v here" in below.notes[1]
    assert "0.025 % v/v here" in above.notes[1]
