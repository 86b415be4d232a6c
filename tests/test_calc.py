"""Each calculator gives what a pocket calculator gives; amounts balance, units do not matter, and what is said is what is meant."""

from __future__ import annotations

import itertools
import json
import math
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from benchsheet import library
from benchsheet.arithmetic import cells as counting
from benchsheet.arithmetic import centrifuge, dilution, gels, growth
from benchsheet.arithmetic import gels as loading
from benchsheet.calculators import CALCULATORS, CalculatorInputs, collect_cautions, parse_options, results_data
from benchsheet.errors import Collector
from benchsheet.lab import default_lab, parse_profile
from benchsheet.protocol.tables import read_table
from benchsheet.yamltree import parse_yaml_map

UCUM = {"uL": "uL", "mL": "mL", "mM": "mmol/L", "uM": "umol/L", "nM": "nmol/L", "x g": "[g]", "rpm": "{rpm}", "fold": "{fold}", "%": "%"}


def shared(name):
    return read_table(
        name, parse_yaml_map(library.load_text(Path(library.protocols_folder()) / library.SHARED_FOLDER / f"{name}.yml"), f"{name}.yml")
    )


TABLES = {name: shared(name) for name in ("vessels", "hand_cast_gels", "hazards")}


def answered(name, lab=None, **options):
    """Return a calculator's answer to options as typed."""
    mistakes = Collector()
    typed = {option: list(text) if isinstance(text, list) else [text] for option, text in options.items()}
    found = parse_options(CALCULATORS[name], typed, mistakes)
    mistakes.raise_all()
    return CALCULATORS[name].calculate(CalculatorInputs(values=found, lab=lab or default_lab(), tables=TABLES))


def exact(name, **options):
    """Return the exact results by name, in the base of their kind."""
    return {result.name: result.value for result in answered(name, **options).results}


# Each row: the calculator, its options, and what each result is by hand, with the arithmetic.
ROWS = [
    # 10 mM : 10 µM = 1000; 1 mL / 1000 = 1 µL; the rest 999 µL
    ("dilute", {"stock": "10 mM", "final": "10 uM", "volume": "1 mL"}, {"stock": (1, "uL"), "diluent": (999, "uL"), "factor": (1000, "fold")}),
    # 10 X : 1 X = 10; 500 mL / 10 = 50 mL
    ("dilute", {"stock": "10 X", "final": "1 X", "volume": "500 mL"}, {"stock": (50, "mL"), "diluent": (450, "mL"), "factor": (10, "fold")}),
    # a third of 100 µL, to six figures
    ("dilute", {"stock": "3 mg/mL", "final": "1 mg/mL", "volume": "100 uL"},
     {"stock": (33.3333, "uL"), "diluent": (66.6667, "uL"), "factor": (3, "fold")}),
    # 100 x 10 / (50 - 10) = 25: (25 x 50) / 125 = 10
    ("bring", {"stock": "50 % w/v", "final": "10 % w/v", "onto": "100 uL"}, {"add": (25, "uL")}),
    # onto twice as much, twice as much
    ("bring", {"stock": "50 % w/v", "final": "10 % w/v", "onto": "200 uL/well"}, {"add": (50, "uL")}),
    # a tube that keeps 90 and gives a tenth of itself on: 100; 100 x 1/10 = 10 of the stock; the last keeps all
    ("series", {"stock": "10 mM", "top": "1 mM", "factor": "10 fold", "points": "3", "volume": "90 uL"}, {
        "dose_1": (1, "mM"), "take_1": (10, "uL"), "diluent_1": (90, "uL"), "left_1": (90, "uL"),
        "dose_2": (100, "uM"), "take_2": (10, "uL"), "diluent_2": (90, "uL"), "left_2": (90, "uL"),
        "dose_3": (10, "uM"), "take_3": (10, "uL"), "diluent_3": (90, "uL"), "left_3": (100, "uL"),
        "stock": (10, "uL"), "diluent": (270, "uL")}),
    # tube 1 keeps 190 and gives 10: 200, of which a tenth is stock
    ("series", {"stock": "10 mM", "top": "1 mM", "factor": "10 fold", "points": "2", "volume": "90 uL", "first": "190 uL"}, {
        "dose_1": (1, "mM"), "take_1": (20, "uL"), "diluent_1": (180, "uL"), "left_1": (190, "uL"),
        "dose_2": (100, "uM"), "take_2": (10, "uL"), "diluent_2": (90, "uL"), "left_2": (100, "uL"),
        "stock": (20, "uL"), "diluent": (270, "uL")}),
    # 100 into 200 is 3 fold; tube 1: 200 x 1 / (5 - 1) = 50 of the stock on 200; 250 - 100 are left
    ("series", {"stock": "5 mM", "top": "1 mM", "factor": "3 fold", "points": "3", "volume": "200 uL", "transfer": "100 uL"}, {
        "dose_1": (1, "mM"), "take_1": (50, "uL"), "diluent_1": (200, "uL"), "left_1": (150, "uL"),
        "dose_2": (333.333, "uM"), "take_2": (100, "uL"), "diluent_2": (200, "uL"), "left_2": (200, "uL"),
        "dose_3": (111.111, "uM"), "take_3": (100, "uL"), "diluent_3": (200, "uL"), "left_3": (300, "uL"),
        "stock": (50, "uL"), "diluent": (600, "uL")}),
    # the same with 300 kept in tube 1: 400 in all, a fifth of it stock; the factor follows from the volumes
    ("series", {"stock": "5 mM", "top": "1 mM", "points": "2", "volume": "200 uL", "transfer": "100 uL", "first": "300 uL"}, {
        "dose_1": (1, "mM"), "take_1": (80, "uL"), "diluent_1": (320, "uL"), "left_1": (300, "uL"),
        "dose_2": (333.333, "uM"), "take_2": (100, "uL"), "diluent_2": (200, "uL"), "left_2": (300, "uL"),
        "stock": (80, "uL"), "diluent": (520, "uL")}),
    # a top that is the stock: no diluent in tube 1
    ("series", {"stock": "1 mM", "top": "1 mM", "factor": "2 fold", "points": "2", "volume": "50 uL"}, {
        "dose_1": (1, "mM"), "take_1": (100, "uL"), "diluent_1": (0, "uL"), "left_1": (50, "uL"),
        "dose_2": (500, "uM"), "take_2": (50, "uL"), "diluent_2": (50, "uL"), "left_2": (100, "uL"),
        "stock": (100, "uL"), "diluent": (50, "uL")}),
    # a reaction: 2 + 0.5 + 17.5 = 20; 24 x 1.1 = 26.4 of them
    ("mix", {"component": ["buffer:10 X:1 X", "enzyme:0.5 uL"], "volume": "20 uL", "reactions": "24", "overage": "10 %"}, {
        "buffer": (52.8, "uL"), "enzyme": (13.2, "uL"), "water": (462, "uL"), "total": (528, "uL"), "per_reaction": (20, "uL")}),
    # water given: what is left over has a name of its own
    ("mix", {"component": ["water:12 uL", "dye:4 uL"], "volume": "20 uL", "reactions": "10", "overage": "0 %"}, {
        "water": (120, "uL"), "dye": (40, "uL"), "rest": (40, "uL"), "total": (200, "uL"), "per_reaction": (20, "uL")}),
    # all of it given, water among it: nothing is left to name
    ("mix", {"component": ["water:16 uL", "dye:4 uL"], "volume": "20 uL", "reactions": "10", "overage": "0 %"}, {
        "water": (160, "uL"), "dye": (40, "uL"), "total": (200, "uL"), "per_reaction": (20, "uL")}),
    # 5 mg / 510.50 g/mol = 9.79432 µmol; / 10 µmol/mL = 0.979432 mL
    ("dissolve", {"mass": "5 mg", "mw": "510.50 g/mol", "concentration": "10 mM"}, {"volume": (979.432, "uL")}),
    # 5 mg at 2 mg/mL
    ("dissolve", {"mass": "5 mg", "concentration": "2 mg/mL"}, {"volume": (2.5, "mL")}),
    # 121.14 g/mol x 1 mol/L x 1 L
    ("weigh", {"mw": "121.14 g/mol", "concentration": "1 M", "volume": "1 L"}, {"mass": (121.14, "g")}),
    # 154.25 x 1 x 0.010 = 1.5425 g
    ("weigh", {"mw": "154.25 g/mol", "concentration": "1 M", "volume": "10 mL"}, {"mass": (1.5425, "g")}),
    # 10 % w/v is 10 g in 100 mL
    ("weigh", {"concentration": "10 % w/v", "volume": "1 mL"}, {"mass": (100, "mg")}),
    # 1.11824e-5 x 8.4 x 15000^2 = 1.11824e-5 x 8.4 x 2.25e8 = 21134.736
    ("spin", {"rpm": "15000", "radius": "8.4 cm"}, {"rcf": (21134.7, "x g"), "rpm": (15000, "rpm")}),
    # sqrt(14000 / (1.11824e-5 x 8.4)) = sqrt(149042650.6) = 12208.3
    ("spin", {"rcf": "14000 x g", "radius": "84 mm"}, {"rcf": (14000, "x g"), "rpm": (12208.3, "rpm")}),
    # 103 / 4 = 25.75; x 2 x 10^4 = 515000
    ("count", {"squares": "20,30,25,28", "dilution": "2"}, {"density": (515000, "{cells}/mL")}),
    # 97 / (97 + 3) = 97 %; a ratio of parts says 1 + 1
    ("count", {"squares": "50,47", "dilution": "1:1 parts", "dead": "1,2"}, {"density": (970000, "{cells}/mL"), "viability": (97, "%")}),
    # the total of the dead is as good as their squares
    ("count", {"squares": "50,47", "dilution": "2 fold", "dead": "3"}, {"density": (970000, "{cells}/mL"), "viability": (97, "%")}),
    # 60 x 1.1 = 66 wells: 330000 cells are 275 µL of 1.2e6 cells/mL, in 6.6 mL
    ("seed", {"counted": "1.2e6 cells/mL", "per_well": "5000 cells", "wells": "60", "volume": "100 uL", "overage": "10 %"},
     {"cells": (275, "uL"), "medium": (6.325, "mL"), "total": (6.6, "mL")}),
    ("seed", {"counted": "1e6 cells/mL", "per_well": "10000", "wells": "10", "volume": "100 uL/well", "overage": "0 %"},
     {"cells": (100, "uL"), "medium": (900, "uL"), "total": (1, "mL")}),
    # 10 x 10/30; 10 x 0.375/1.5; 10 x 0.1/10; 10 x 0.05/10; 10 x 0.05/100; the rest
    ("gel", {"percent": "10", "volume": "10 mL"}, {
        "acrylamide": (3.33333, "mL"), "water": (4.01167, "mL"), "tris": (2.5, "mL"), "sds": (100, "uL"), "aps": (50, "uL"), "temed": (5, "uL")}),
    # at 15 % half the TEMED: 2.5; water 10 - 5 - 2.5 - 0.1 - 0.05 - 0.0025
    ("gel", {"percent": "15", "volume": "10 mL", "acrylamide": "30"}, {
        "acrylamide": (5, "mL"), "water": (2.3475, "mL"), "tris": (2.5, "mL"), "sds": (100, "uL"), "aps": (50, "uL"), "temed": (2.5, "uL")}),
    # 4 % from 30 %: 5 x 4/30; 5 x 0.125/0.5; TEMED 0.1 %: 5 µL; water 5 - 0.666667 - 1.25 - 0.05 - 0.025 - 0.005
    ("gel", {"stacking": "yes", "volume": "5 mL"}, {
        "acrylamide": (666.667, "uL"), "water": (3.00333, "mL"), "tris": (1.25, "mL"), "sds": (50, "uL"), "aps": (25, "uL"), "temed": (5, "uL")}),
    # 5 % from 40 %: 0.5; water 4 - 0.5 - 1 - 0.04 - 0.02 - 0.004
    ("gel", {"stacking": "yes", "volume": "4 mL", "percent": "5", "acrylamide": "40"}, {
        "acrylamide": (500, "uL"), "water": (2.436, "mL"), "tris": (1, "mL"), "sds": (40, "uL"), "aps": (20, "uL"), "temed": (4, "uL")}),
    # 20 µg / 2 µg/µL; 20 / 4; the rest
    ("load", {"protein": "2 mg/mL", "mass": "20 ug", "volume": "20 uL", "buffer": "4"},
     {"lysate": (10, "uL"), "buffer": (5, "uL"), "water": (5, "uL")}),
    # the lane just full: 20 - 20/5 = 16 µL hold 16 µg
    ("load", {"protein": "1 mg/mL", "mass": "16 ug", "volume": "20 uL", "buffer": "5"},
     {"lysate": (16, "uL"), "buffer": (4, "uL"), "water": (0, "uL")}),
    # 100 x 2000/2000, x 500/2000, x 25/2000; 0 is diluent alone
    ("standards", {"stock": "2 mg/mL", "points": "2000; 500; 25; 0 ug/mL", "volume": "100 uL"}, {
        "dose_1": (2, "mg/mL"), "take_1": (100, "uL"), "diluent_1": (0, "uL"),
        "dose_2": (500, "ug/mL"), "take_2": (25, "uL"), "diluent_2": (75, "uL"),
        "dose_3": (25, "ug/mL"), "take_3": (1.25, "uL"), "diluent_3": (98.75, "uL"),
        "dose_4": (0, "mg/mL"), "take_4": (0, "uL"), "diluent_4": (100, "uL"), "stock": (126.25, "uL"), "diluent": (273.75, "uL")}),
    # 50 x 25/2000 = 0.625 µL is below 1 µL: 1 µL into 10 µL is 200 µg/mL; 50 x 25/200 = 6.25
    ("standards", {"stock": "2 mg/mL", "points": "25 ug/mL", "volume": "50 uL"}, {
        "intermediate_1": (200, "ug/mL"), "intermediate_1_take": (1, "uL"), "intermediate_1_diluent": (9, "uL"),
        "dose_1": (25, "ug/mL"), "take_1": (6.25, "uL"), "diluent_1": (43.75, "uL"), "stock": (1, "uL"), "diluent": (52.75, "uL")}),
    # each from the one before: 100 + 50 of vial 1, 100 of vial 2 with 50 from vial 1
    ("standards", {"stock": "2 mg/mL", "points": "1000; 500; 0 ug/mL", "volume": "100 uL", "serial": "yes"}, {
        "dose_1": (1, "mg/mL"), "take_1": (75, "uL"), "diluent_1": (75, "uL"),
        "dose_2": (500, "ug/mL"), "take_2": (50, "uL"), "diluent_2": (50, "uL"),
        "dose_3": (0, "mg/mL"), "take_3": (0, "uL"), "diluent_3": (100, "uL"), "stock": (75, "uL"), "diluent": (225, "uL")}),
    # 0.1 µL of stock in 100 µL is 1 µL of a tenfold intermediate, of which 10 µL are made
    ("series", {"stock": "10 mM", "top": "10 uM", "factor": "2 fold", "points": "1", "volume": "100 uL"}, {
        "intermediate_1": (1, "mM"), "intermediate_1_take": (1, "uL"), "intermediate_1_diluent": (9, "uL"),
        "dose_1": (10, "uM"), "take_1": (1, "uL"), "diluent_1": (99, "uL"), "left_1": (100, "uL"), "stock": (1, "uL"), "diluent": (108, "uL")}),
    # 2 x 10 / 25
    ("strength", {"stock": "2 X", "taken": "10 uL", "into": "25 uL"}, {"strength": (0.8, "{X}"), "factor": (2.5, "fold")}),
    # 100 x 50 / 1050
    ("strength", {"stock": "100 % v/v", "taken": "50 uL", "onto": "1 mL"}, {"strength": (4.7619, "%{vol}"), "factor": (21, "fold")}),
    # 50 mg/mL x 2 / 1002
    ("strength", {"stock": "50 mg/mL", "taken": "2 mL", "onto": "1 L"}, {"strength": (99.8004, "ug/mL"), "factor": (501, "fold")}),
    # 5 mg in 1 mL; 5 g/L over 500 g/mol
    ("strength", {"mass": "5 mg", "into": "1 mL", "mw": "500 g/mol"}, {"strength": (5, "mg/mL"), "molarity": (10, "mM")}),
    ("strength", {"reading": "0.5 mg/mL", "dilution": "10"}, {"strength": (5, "mg/mL")}),
    # 1 g/L over 150 kg/mol
    ("convert", {"concentration": "1 mg/mL", "mw": "150 kDa"},
     {"molarity": (6.66667, "uM"), "mass_concentration": (1, "mg/mL"), "percent_w_v": (0.1, "g/dL")}),
    # 10 mmol/L x 510.5 g/mol
    ("convert", {"concentration": "10 mM", "mw": "510.5 g/mol"},
     {"molarity": (10, "mM"), "mass_concentration": (5.105, "mg/mL"), "percent_w_v": (0.5105, "g/dL")}),
    # T0 0.20, C 1.20, T 0.70: 0.7/1.2; 0.5/1.0; 2^(log2(3.5)/log2(6)) - 1 = 2^0.699180 - 1
    ("percent", {"control": "1.2", "treated": "0.7", "t0": "0.2"},
     {"percent_of_control": (58.3333, "%"), "percent_growth": (50, "%"), "gr": (0.623582, "1")}),
    # raw readings: 1.25 - 0.05 and 0.35 - 0.05
    ("percent", {"control": "1.25", "treated": "0.35", "blank": "0.05"}, {"percent_of_control": (25, "%")}),
    # A = 0.1 + c - 0.1 c², c in mg/mL, exactly; 0.575 - 0.1 is that of 0.5
    ("bca", {"standards": "2000; 1000; 500; 250; 0 ug/mL", "readings": "1.7; 1; 0.575; 0.34375; 0.1", "samples": "0.575 0.575", "dilution": "4"},
     {"r_squared": (1, "1"), "sample_1": (2, "mg/mL")}),
    # half way between the means of 250 (0.3) and 500 (0.5), blanks off
    ("bca", {"standards": "500; 250; 0 ug/mL", "readings": "0.59 0.61; 0.39 0.41; 0.1", "samples": "0.5", "fit": "point"},
     {"sample_1": (375, "ug/mL")}),
    # 12000/10000; 2600/9000; 0.288889/1.2, a fall of 76 %, log2 -2.05
    ("ratio", {"phospho": "12400; 3000", "total": "10600; 9600", "phospho_background": "400", "total_background": "600; 600"},
     {"ratio_1": (1.2, "1"), "ratio_2": (0.288889, "1"), "relative_2": (0.240741, "1"), "change_2": (-75.9259, "%"), "log2_2": (-2.05445, "1")}),
    # the bridge is 1.20/0.80 = 1.5: 0.50 becomes 0.75
    ("ratio", {"phospho": "50", "total": "100", "bridge_here": "0.80", "bridge_there": "1.20"}, {"ratio_1": (0.75, "1")}),
    # 9000/0.385 over 1200/0.04; 1 - (700/0.0383)/30000; (560/0.385)/(2500/0.04); 0.0232727/0.779221; 0.01 x 0.04/0.385
    ("recovery", {"input": "1200", "unbound": "700", "ip": "9000", "input_share": "4 %", "unbound_share": "3.83 %", "ip_share": "38.5 %",
                  "partner_input": "2500", "partner_ip": "600", "partner_isotype": "40"},
     {"bait_recovered": (77.9221, "%"), "bait_depleted": (39.0775, "%"), "partner": (2.32727, "%"), "partner_per_bait": (0.0298667, "1"),
      "least_seen": (0.103896, "%")}),
    # killed: 100 x (-0.005 - 0.3)/0.3
    ("growth", {"t0": "0.3", "control": "1.2", "treated": "-0.005"}, {"percent_growth": (-101.667, "%"), "percent_of_control": (-0.416667, "%")}),
    # 100 x (0.75 - 0.3) / (1.2 - 0.3) = 50; 100 x 0.75 / 1.2 = 62.5
    ("growth", {"t0": "0.3", "control": "1.2", "treated": "0.75"}, {"percent_growth": (50, "%"), "percent_of_control": (62.5, "%")}),
    # less than at the start: 100 x (0.2 - 0.3) / 0.3
    ("growth", {"t0": "0.3", "control": "1.2", "treated": "0.2"}, {"percent_growth": (-33.3333, "%"), "percent_of_control": (16.6667, "%")}),
    # 72 / 24 = 3 doublings: x 8; 24000 of 40000
    ("confluence", {"seeded": "3000", "doubling": "24 h", "time": "72 h", "vessel": "96-well"}, {"cells": (24000, "{cells}"), "fraction": (60, "%")}),
    # 2 days at 48 h: x 2; 600000 of 1.2 million
    ("confluence", {"seeded": "300000 cells", "doubling": "48 h", "time": "2 days", "vessel": "6 well"},
     {"cells": (600000, "{cells}"), "fraction": (50, "%")}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "options", "expected"), ROWS, ids=[f"{name}-{n}" for n, (name, _, _) in enumerate(ROWS)])
def test_every_result_is_what_a_pocket_calculator_gives(cli, name, options, expected):
    words = []
    for option, text in options.items():
        flag = "--" + option.replace("_", "-")
        words += (
            [flag] if option in ("stacking", "serial") else [word for each in (text if isinstance(text, list) else [text]) for word in (flag, each)]
        )
    found = json.loads(cli("calc", name, *words, "--json").out)
    assert [entry["name"] for entry in found] == list(expected)
    assert {entry["name"]: (entry["value"], entry["unit"]) for entry in found} == {
        result: (value, UCUM.get(unit, unit)) for result, (value, unit) in expected.items()
    }


def test_every_calculator_has_a_row():
    assert [name for name in CALCULATORS if name not in {name for name, _, _ in ROWS}] == []


def test_the_hand_cast_gel_is_the_recipe_of_the_table():
    """10 % in 1 L: 375 mmol Tris, 1 g SDS, 0.5 g APS, 0.5 mL TEMED; whatever is put in is in there."""
    parts = exact("gel", percent="10", volume="1 L")
    litre = 1_000_000_000
    assert parts["acrylamide"] * 30 == 10 * litre
    assert parts["tris"] * 1500 == 375 * litre
    assert parts["sds"] * 10 == Fraction("0.1") * litre
    assert parts["aps"] * 10 == Fraction("0.05") * litre
    assert parts["temed"] * 100 == Fraction("0.05") * litre
    assert sum(parts.values()) == litre


# --- what is set -------------------------------------------------------------------------------------------------------------


def test_what_is_set_is_what_the_first_pipette_that_reaches_it_can_be_set_to():
    """P200 in steps of 0.1 µL, P1000 in steps of 1 µL."""
    found = {
        entry["name"]: entry.get("set")
        for entry in results_data(answered("dilute", stock="3 mg/mL", final="1 mg/mL", volume="300.1 uL"), default_lab())
    }
    assert found["stock"] == {"value": 100, "unit": "uL", "text": "100 µL"}  # 100.03
    assert found["diluent"] == {"value": 200, "unit": "uL", "text": "200 µL"}  # 200.07
    assert found["factor"] is None


def test_a_mass_is_set_on_the_balance():
    found = results_data(answered("weigh", mw="121.14 g/mol", concentration="1 mM", volume="333 mL"), default_lab())
    # 0.333 mmol x 121.14 = 40.33962 mg; the analytical balance shows 0.1 mg
    assert found == [{"name": "mass", "value": 40.3396, "unit": "mg", "text": "40.34 mg", "set": {"value": 40.3, "unit": "mg", "text": "40.3 mg"}}]


def test_another_lab_sets_otherwise(cli, tmp_path, monkeypatch):
    (tmp_path / "lab.yml").write_text("pipettes:\n  - {name: P1000, from: 5 uL, to: 1 mL, step: 5 uL, strokes: 5}\n", "utf-8")
    words = ["calc", "bring", "--stock", "50 % w/v", "--final", "10 % w/v", "--onto", "130 uL", "--json"]  # 32.5 µL

    def set_to():
        return json.loads(cli(*words).out)[0]["set"]["text"]

    assert set_to() == "32.5 µL"
    monkeypatch.setenv("BENCHSHEET_LAB", "lab.yml")
    assert set_to() == "35 µL"
    words += ["--lab", "lab.yml"]
    monkeypatch.delenv("BENCHSHEET_LAB")
    assert set_to() == "35 µL"


def test_what_no_pipette_gives_is_null_and_said(cli):
    answer = cli("calc", "dilute", "--stock", "10 mM", "--final", "1 nM", "--volume", "1 mL", "--json")
    assert answer.code == 0
    assert json.loads(answer.out)[0]["set"] is None  # 0.1 nL
    assert "warning: stock: 0.0001 µL cannot be pipetted: the least is 0.2 µL" in answer.err


def test_a_volume_that_the_lab_does_not_trust_is_warned_of():
    answer = answered("dilute", stock="10 mM", final="5 uM", volume="1 mL")  # 0.5 µL
    assert collect_cautions(answer, default_lab()) == [
        "stock: 0.5 µL is below the 1 µL that this lab trusts; make more, or go through an intermediate"
    ]
    assert collect_cautions(answer, parse_profile("trust: 0.4 uL\n", "lab.yml")) == []


def test_a_setting_that_is_too_coarse_is_warned_of():
    """0.2075 µL is set to 0.21 µL, 1.2 % off; with a pipette of 0.05 µL steps it is 0.2 µL, 3.6 % off."""
    coarse = parse_profile("trust: 0.1 uL\nleast: 0.1 uL\npipettes:\n  - {name: P2, from: 0.1 uL, to: 2 uL, step: 0.05 uL}\n", "lab.yml")
    answer = answered("bring", stock="50 % w/v", final="10 % w/v", onto="0.83 uL")
    assert collect_cautions(answer, coarse) == ["add: 0.2075 µL would be set to 0.2 µL, more than 2 % off; make more"]


# --- viability ---------------------------------------------------------------------------------------------------------------


def test_low_viability_is_warned_of_with_its_reason(cli):
    answer = cli("calc", "count", "--squares", "89", "--dead", "11", "--dilution", "2")
    assert answer.code == 0
    assert "! viability 89 % is below 90 %: dying cells attach and grow badly" in answer.out
    assert answer.err.startswith("warning: viability 89 % is below 90 %")


def test_at_the_limit_nothing_is_said_and_the_limit_is_the_labs():
    answer = answered("count", squares="90", dead="10", dilution="2")
    assert answer.warnings == ()
    strict = parse_profile("viability: 95 %\n", "lab.yml")
    assert len(answered("count", lab=strict, squares="90", dead="10", dilution="2").warnings) == 1


def test_an_overgrown_vessel_is_warned_of():
    assert "more than a full 96-well" in answered("confluence", seeded="5000", doubling="24 h", time="74 h", vessel="96-well").warnings[0]
    assert answered("confluence", seeded="5000", doubling="24 h", time="72 h", vessel="96-well").warnings == ()  # 40000, just full


# --- what holds for all numbers ----------------------------------------------------------------------------------------------

amounts = st.fractions(min_value=Fraction(1, 100), max_value=10**6, max_denominator=1000)


@given(stock=amounts, share=st.fractions(min_value=Fraction(1, 1000), max_value=1, max_denominator=1000),
       factor=st.fractions(min_value=Fraction(11, 10), max_value=20, max_denominator=100), points=st.integers(1, 8), keeps=amounts)  # fmt: skip
def test_a_series_balances_in_volume_and_in_what_is_dissolved(stock, share, factor, points, keeps):
    made = dilution.tubes_by_factor(stock, stock * share, factor, points, keeps)
    held = stock
    for place, tube in enumerate(made):
        onward = made[place + 1].take if place + 1 < points else 0
        assert tube.take + tube.diluent == tube.remaining + onward
        held = held * tube.take / tube.volume
        assert held == stock * share / factor**place
        assert min(tube.take, tube.remaining) > 0
        assert tube.diluent >= 0
    assert all(tube.remaining == keeps for tube in made[:-1])


@given(transfer=st.integers(1, 300), volume=st.integers(1, 300), first=st.integers(1, 300), points=st.integers(2, 8))
def test_what_is_carried_on_fixes_the_series(transfer, volume, first, points):
    made = dilution.tubes_by_transfer(Fraction(1000), Fraction(10), points, Fraction(transfer), Fraction(volume), Fraction(first))
    held, factor = Fraction(1000), 1 + Fraction(volume, transfer)
    assert made[0].remaining == first
    for place, tube in enumerate(made):
        held = held * tube.take / tube.volume
        assert held == 10 / factor**place
        assert place == 0 or (tube.take, tube.diluent) == (transfer, volume)


@given(points=st.lists(st.integers(0, 2000), min_size=1, max_size=6), volume=st.integers(20, 5000))
def test_every_standard_holds_what_it_is_called(points, volume):
    """Followed from the stock, through intermediates where there are any; these hold what is taken from them."""
    found = exact("standards", stock="2 mg/mL", points="; ".join(map(str, points)) + " ug/mL", volume=f"{volume} uL")
    held_by, left = {0: Fraction(2000)}, {0: found["stock"]}
    for depth in itertools.count(1):
        if f"intermediate_{depth}" not in found:
            break
        taken, rest = found[f"intermediate_{depth}_take"], found[f"intermediate_{depth}_diluent"]
        held_by[depth], left[depth] = held_by[depth - 1] * taken / (taken + rest), taken + rest
        left[depth - 1] -= taken
        assert found[f"intermediate_{depth}"] == held_by[depth]
        assert taken >= 1000  # nL, which the lab trusts
    for place, point in enumerate(points, 1):
        taken = found[f"take_{place}"]
        depth = next(depth for depth, held in held_by.items() if taken * held == point * volume * 1000)
        held = held_by[depth]
        left[depth] -= taken
        assert taken + found[f"diluent_{place}"] == volume * 1000
        assert taken * held == point * volume * 1000
        assert not point or taken >= 1000
    assert left[0] == 0
    assert min(left.values()) >= 0


def test_a_standard_that_is_nearly_its_stock_is_warned_of_and_made():
    """20 µL of 1981 µg/mL from 2000: 19.81 µL and 0.19 µL, which is below 0.2 µL."""
    answer = answered("standards", stock="2 mg/mL", points="1981 ug/mL", volume="20 uL")
    assert {result.name: result.value for result in answer.results} == {
        "dose_1": 1981,
        "take_1": 19810,
        "diluent_1": 190,
        "stock": 19810,
        "diluent": 190,
    }
    assert collect_cautions(answer, default_lab()) == [
        "diluent_1: 0.19 µL cannot be pipetted: the least is 0.2 µL; make more, or go through an intermediate dilution"
    ]


@given(stock=st.integers(2, 999), final=st.integers(1, 999), volume=st.integers(1, 999))
def test_units_do_not_matter(stock, final, volume):
    final = min(final, stock)
    one = exact("dilute", stock=f"{stock} mM", final=f"{final} mM", volume=f"{volume} mL")
    other = exact("dilute", stock=f"{stock}000 uM", final=f"{final}e6 nM", volume=f"{volume}e-3 L")
    assert one == other
    assert one["stock"] + one["diluent"] == volume * 1_000_000


@given(rcf=st.integers(1, 200_000), radius=st.integers(20, 300))
def test_a_spin_there_and_back_is_the_same_force(rcf, radius):
    millimetres = Fraction(radius) * 1_000_000
    speed = centrifuge.rotor_speed(Fraction(rcf), millimetres)
    assert abs(centrifuge.centrifugal_force(speed, millimetres) - rcf) < Fraction(1, 10**15)
    assert math.isclose(float(speed), math.sqrt(rcf / (1.11824e-5 * radius / 10)), rel_tol=1e-12)


def test_the_constant_of_a_spin_is_what_gravity_and_the_circle_make_it():
    """4 pi^2 / (3600 x 9.80665 m/s^2), for a radius in cm."""
    assert math.isclose(float(centrifuge.RCF_PER_CM), 4 * math.pi**2 / 3600 / 9.80665 / 100, rel_tol=1e-5)


@given(protein=amounts, mass=amounts, strength=st.integers(2, 10))
def test_a_lane_is_full_to_its_volume(protein, mass, strength):
    volume = mass / protein * Fraction(strength, strength - 1) * Fraction(3, 2)
    lane = loading.lane_volumes(protein, mass, volume, Fraction(strength))
    assert lane.lysate + lane.buffer + lane.water == volume
    assert lane.lysate * protein == mass
    assert lane.buffer * strength == volume
    assert lane.water >= 0


@given(start=amounts, gain=amounts, share=st.fractions(min_value=0, max_value=3, max_denominator=100))
def test_percent_growth_is_100_for_the_control_0_at_the_start_and_minus_100_for_nothing(start, gain, share):
    control = start + gain
    assert growth.percent_growth(start, control, control) == 100
    assert growth.percent_growth(start, control, start) == 0
    assert growth.percent_growth(start, control, Fraction(0)) == -100
    assert growth.percent_growth(start, control, start + share * gain) == 100 * share


@given(squares=st.lists(st.integers(0, 300), min_size=1, max_size=9).filter(any), fold=st.integers(1, 20))
def test_a_square_is_a_ten_thousandth_of_a_millilitre(squares, fold):
    density = counting.cell_density([Fraction(square) for square in squares], Fraction(fold))
    assert density * 1_000_000 == Fraction(sum(squares), len(squares)) * fold * 10_000  # cells/nL


def test_the_strongest_gel_leaves_no_water():
    """Tris takes a quarter, SDS a hundredth: 30 x (1 - 0.25 - 0.01) = 22.2."""
    others = {"tris": (Fraction(1500), Fraction(375)), "sds": (Fraction(10), Fraction(1, 10))}
    assert gels.max_concentration(Fraction(30), others) == Fraction("22.2")
    assert gels.gel_volumes(Fraction(1000), {"acrylamide": (Fraction(30), Fraction("22.2")), **others})["water"] == 0


# --- the words ---------------------------------------------------------------------------------------------------------------


def example(name):
    calculator = CALCULATORS[name]
    return [
        word
        for option in calculator.options
        if not (option.optional or option.form == "flag" or option.name in calculator.one_of[1:])
        for word in (option.flag, option.example)
    ]


@pytest.mark.parametrize("name", CALCULATORS)
def test_the_example_of_every_help_works_and_its_text_has_results_and_working_in_80_columns(cli, name):
    answer = cli("calc", name, *example(name))
    assert answer.code == 0, answer.err
    assert "\nworking:\n  " in answer.out
    assert max(map(len, answer.out.splitlines())) <= 80
    found = json.loads(cli("calc", name, *example(name), "--json").out)
    shown = answer.out.partition("working:")[0]
    for entry in found:
        assert set(entry) - {"set"} == {"name", "value", "unit", "text"}
        assert any(line.startswith(entry["name"]) and entry["text"] in line for line in shown.splitlines())
    assert "\u00a0" not in answer.out


@pytest.mark.parametrize("name", CALCULATORS)
def test_help_names_every_option_with_its_units(cli, name):
    words = cli("calc", name, "--help").out
    assert words.startswith(f"usage: benchsheet calc {name} ")
    assert max(map(len, words.splitlines())) <= 80
    assert words.split("options:")[0].count("|") == max(len(CALCULATORS[name].one_of) - 1, 0)  # one of these: (--rpm N | --rcf N)
    flat = " ".join(words.split())
    for option in CALCULATORS[name].options:
        assert f" {option.flag}" in words
        assert not option.unit_hint or option.unit_hint in flat


@pytest.mark.parametrize("words", [(), ("--help",), ("-h",)])
def test_the_list_has_every_calculator_on_a_line_of_its_own(cli, words):
    answer = cli("calc", *words)
    assert answer.code == 0
    for name, calculator in CALCULATORS.items():
        assert f"\n  {name:<{max(map(len, CALCULATORS))}}  {calculator.summary}\n" in answer.out
    assert max(map(len, answer.out.splitlines())) <= 80


def test_the_working_has_the_numbers_put_in(cli):
    words = cli("calc", "bring", "--stock", "50 % w/v", "--final", "10 % w/v", "--onto", "100 uL").out
    assert "\n  add = onto × final ÷ (stock − final) = 100 µL × 10 % w/v ÷ 40 % w/v = 25 µL\n" in words


def test_a_terminal_without_greek_letters_gets_plain_ones(terminal):
    answer = terminal("calc", "bring", "--stock", "50 % w/v", "--final", "10 % w/v", "--onto", "100 uL", encoding="ascii", PYTHONIOENCODING="ascii")
    assert "add     25 uL  25 uL (P200)  stock to add" in answer.out
    assert answer.code == 0


def test_no_sign_of_the_working_is_lost_on_a_terminal_that_lacks_it(terminal):
    for name in ("spin", "load", "series"):
        words = ("--rcf", "14000 x g", "--radius", "8.4 cm") if name == "spin" else example(name)
        assert "?" not in terminal("calc", name, *words, encoding="ascii", PYTHONIOENCODING="ascii").out


# --- the tables --------------------------------------------------------------------------------------------------------------

# Area (cm2), cells to seed and when confluent (millions), brim (mL): the maker's table and general figures, typed anew.
VESSELS = {
    "96-well": ("0.32", "0.01", "0.04", "0.36"), "48-well": ("1.1", "0.03", "0.12", "1.6"), "24-well": ("1.9", "0.05", "0.24", "3.4"),
    "12-well": ("3.5", "0.1", "0.5", "6.9"), "6-well": ("9.6", "0.3", "1.2", "16.8"), "35 mm": ("8.8", "0.3", "1.2", ""),
    "60 mm": ("21.5", "0.8", "3.2", ""), "100 mm": ("56.7", "2.2", "8.8", ""), "150 mm": ("145", "5", "20", ""),
}  # fmt: skip


def test_the_vessels_are_those_of_the_makers_table():
    rows = TABLES["vessels"].rows
    assert list(rows) == list(VESSELS)
    for name, (area, seed, confluent, brim) in VESSELS.items():
        row = rows[name]
        assert (row["area"], row["seed"].value, row["confluent"].value) == (Fraction(area), Fraction(seed) * 10**6, Fraction(confluent) * 10**6)
        assert ("brim" in row) == bool(brim)
        assert not brim or row["brim"].value == Fraction(brim) * 1_000_000


def test_a_vessels_volumes_rise_and_fit_and_agree_with_the_labs_plates():
    for name, row in TABLES["vessels"].rows.items():
        for low, high in (("medium_low", "medium_high"), ("sds_low", "sds_high"), ("ripa_low", "ripa_high")):
            assert (low in row) == (high in row)
            assert low not in row or row[low] <= row[high]
        plate = default_lab().labware.get(f"plate-{name.removesuffix('-well')}")
        if plate:
            assert plate.working_range == (row["medium_low"].value, row["medium_high"].value)
            assert plate.capacity == row["brim"].value


def test_every_column_of_the_calculators_tables_says_what_it_is():
    for name in TABLES:
        columns = yaml.safe_load((Path(library.protocols_folder()) / library.SHARED_FOLDER / f"{name}.yml").read_text("utf-8"))["columns"]
        assert all(column["label"] for column in columns.values())
