"""Every shared recipe against arithmetic of its own: masses from molar masses, volumes from c1 V1 = c2 V2; nothing lacks its evidence."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml

from benchsheet import library
from benchsheet.calculators import CALCULATORS, CalculatorInputs, parse_options
from benchsheet.engine import render
from benchsheet.errors import Collector
from benchsheet.lab import default_lab
from benchsheet.protocol.source import Source
from benchsheet.protocol.tables import parse_table
from benchsheet.repipette import replay

SHARED = {name: library.load_source("srb").shared_files[name] for name in ("recipes.yml", "hazards.yml", "hand_cast_gels.yml", "references.bib")}
GELS = parse_table("hand_cast_gels", SHARED["hand_cast_gels.yml"], "hand_cast_gels.yml")
ROWS = yaml.safe_load(SHARED["recipes.yml"])["rows"]
UNITS = {"µL": 1e-6, "mL": 1e-3, "L": 1.0, "mg": 1e-3, "g": 1.0, "kg": 1e3}


def made(recipe: str, volume: str, contains: str = "") -> dict[str, float]:
    """Return the parts of exactly *volume* of a recipe in litres and grams, as the sheet of a tiny protocol prints them."""
    own = {
        "protocol.yml": "title: One\nversion: 1.0.0\nparameters: {plates: {count: plate, default: 1, min: 1, max: 1}}\n"
        f'reagents: {{it: {{recipe: "{recipe}", {contains}dispensed: poured, overage: {{least: {volume}}}}}}}\n'
        "vessels: {plate: {labware: plate-96, count: plates, groups: {a: A1, edge: rest}}}\n",
        "protocol.md.j2": '{% step "Take" %}\n{{ add("it", "50 uL/well", to="plate/a") }}\n{% endstep %}\n',
    }
    record = json.dumps(render(Source(id="one", folder="protocols/one", files=own, shared_files=SHARED)))
    assert replay(record).wrong == []
    (found,) = (each for each in json.loads(record)["preparations"] if each["id"] == "it")
    return {part["reagent"]: amount(part["amount"]["text"]) for part in found["components"]}


def amount(text: str) -> float:
    number, unit = re.fullmatch(r"(?:about )?([\d.\s\u202f\u00a0]+) ?(\S+)", text).groups()  # type: ignore[union-attr]
    return float(re.sub(r"\s", "", number)) * UNITS[unit]


# g/mol, from atomic masses, not from the file.
H, B, C, N, O, F, NA, MG, P, S, CL, K, V = 1.008, 10.81, 12.011, 14.007, 15.999, 18.998, 22.990, 24.305, 30.974, 32.06, 35.45, 39.098, 50.942  # noqa: E741
WATER = 2 * H + O
MASS = {
    "Tris base": 4 * C + 11 * H + N + 3 * O,
    "NaCl": NA + CL,
    "KCl": K + CL,
    "Na2HPO4": 2 * NA + H + P + 4 * O,
    "KH2PO4": K + 2 * H + P + 4 * O,
    "MgCl2 hexahydrate": MG + 2 * CL + 6 * WATER,
    "glycine": 2 * C + 5 * H + N + 2 * O,
    "HEPES": 8 * C + 18 * H + 2 * N + 4 * O + S,
    "EDTA disodium dihydrate": 10 * C + 14 * H + 2 * N + 8 * O + 2 * NA + 2 * WATER,
    "EGTA": 14 * C + 24 * H + 2 * N + 10 * O,
    "SDS": 12 * C + 25 * H + NA + 4 * O + S,
    "DTT": 4 * C + 10 * H + 2 * O + 2 * S,
    "PMSF": 7 * C + 7 * H + F + 2 * O + S,
    "Na3VO4": 3 * NA + V + 4 * O,
    "NaF": NA + F,
    "beta-glycerophosphate": 3 * C + 7 * H + 2 * NA + 6 * O + P,
    "beta-glycerophosphate pentahydrate": 3 * C + 7 * H + 2 * NA + 6 * O + P + 5 * WATER,
    "sodium pyrophosphate decahydrate": 4 * NA + 2 * P + 7 * O + 10 * WATER,
    "TCA": 2 * C + H + 3 * CL + 2 * O,
    "SRB": 27 * C + 29 * H + 2 * N + NA + 7 * O + 2 * S,
}


@pytest.mark.parametrize("solid", [name for name, row in ROWS.items() if "mw" in row])
def test_a_molar_mass_is_the_sum_of_its_atoms(solid: str) -> None:
    assert float(ROWS[solid]["mw"].split()[0]) == pytest.approx(MASS[solid], abs=0.05)


# Volume made; litres of each liquid and grams of each solid, from the composition with a calculator. Water only where it is exact.
BY_HAND: dict[tuple[str, str], dict[str, float]] = {
    ("1 M Tris pH 8.0", "1 L"): {"Tris base": 121.14},
    ("1 M Tris pH 7.4", "1 L"): {"Tris base": 121.14},
    ("1 M Tris pH 6.8", "1 L"): {"Tris base": 121.14},
    ("1.5 M Tris pH 8.8", "1 L"): {"Tris base": 181.7},
    ("0.5 M Tris pH 6.8", "1 L"): {"Tris base": 60.57},
    ("5 M NaCl", "1 L"): {"NaCl": 292.2},
    ("0.5 M EDTA", "1 L"): {"EDTA disodium dihydrate": 186.1},
    ("10 % SDS", "100 mL"): {"SDS": 10},
    ("10 % NP-40", "100 mL"): {"NP-40": 0.010},
    ("10 % Triton X-100", "100 mL"): {"Triton X-100": 0.010},
    ("10 % deoxycholate", "50 mL"): {"sodium deoxycholate": 5},
    ("1 M DTT", "10 mL"): {"DTT": 1.543},
    ("100 mM PMSF", "10 mL"): {"PMSF": 0.1742},
    ("200 mM Na3VO4", "100 mL"): {"Na3VO4": 3.678},
    ("1 M NaF", "100 mL"): {"NaF": 4.199},
    ("0.5 M beta-glycerophosphate", "10 mL"): {"beta-glycerophosphate": 1.080},
    ("0.5 M beta-glycerophosphate pentahydrate", "10 mL"): {"beta-glycerophosphate pentahydrate": 1.531},
    ("100 mM pyrophosphate", "10 mL"): {"sodium pyrophosphate decahydrate": 0.446},
    ("10 % APS", "1 mL"): {"APS": 0.1},
    ("1 % bromophenol blue", "10 mL"): {"bromophenol blue": 0.1},
    ("50 % TCA", "100 mL"): {"TCA": 50},
    ("10 % TCA", "100 mL"): {"50 % TCA": 0.020, "water": 0.080},
    ("0.4 % SRB", "100 mL"): {"SRB": 0.40, "glacial acetic acid": 0.001},
    ("0.057 % SRB", "100 mL"): {"SRB": 0.057, "glacial acetic acid": 0.001},
    ("1 % acetic acid", "1 L"): {"glacial acetic acid": 0.010},
    ("10 mM Tris base", "1 L"): {"Tris base": 1.211},
    ("1 M HEPES pH 7.5", "100 mL"): {"HEPES": 23.83},
    ("0.5 M EGTA", "100 mL"): {"EGTA": 19.02},
    ("1 M MgCl2", "100 mL"): {"MgCl2 hexahydrate": 20.33},
    ("PBS", "1 L"): {"NaCl": 8.00, "KCl": 0.2013, "Na2HPO4": 1.42, "KH2PO4": 0.245},
    ("10x TBS", "1 L"): {"Tris base": 24.2, "NaCl": 80.0},
    ("TBS", "1 L"): {"10x TBS": 0.100, "water": 0.900},
    ("TBST", "1 L"): {"10x TBS": 0.100, "Tween-20": 0.001, "water": 0.899},
    ("10x running buffer", "1 L"): {"Tris base": 30.3, "glycine": 144, "SDS": 10},
    ("running buffer", "1 L"): {"10x running buffer": 0.100, "water": 0.900},
    ("transfer buffer", "1 L"): {"Tris base": 3.03, "glycine": 14.4, "methanol": 0.200},
    ("transfer buffer high mass", "1 L"): {"Tris base": 3.03, "glycine": 14.4, "methanol": 0.100, "10 % SDS": 0.005},
    ("RIPA", "100 mL"): {
        "1 M Tris pH 8.0": 0.005, "5 M NaCl": 0.003, "10 % NP-40": 0.010, "10 % deoxycholate": 0.005, "10 % SDS": 0.001, "water": 0.076,
    },
    ("IP buffer", "100 mL"): {"1 M Tris pH 8.0": 0.002, "5 M NaCl": 0.00274, "10 % NP-40": 0.010, "0.5 M EDTA": 0.0004, "water": 0.08486},
    ("IP buffer EDTA-free", "100 mL"): {
        "1 M HEPES pH 7.5": 0.005, "5 M NaCl": 0.003, "10 % Triton X-100": 0.010, "glycerol": 0.010, "1 M MgCl2": 0.00015, "water": 0.07185,
    },
    ("IP buffer EDTA-free EGTA", "100 mL"): {
        "1 M HEPES pH 7.5": 0.005, "5 M NaCl": 0.003, "10 % Triton X-100": 0.010, "glycerol": 0.010, "1 M MgCl2": 0.00015, "0.5 M EGTA": 0.0002,
        "water": 0.07165,
    },
    ("RIPA with inhibitors", "10 mL"): {
        "100 mM PMSF": 100e-6, "200 mM Na3VO4": 50e-6, "1 M NaF": 100e-6, "0.5 M beta-glycerophosphate": 200e-6, "100x protease inhibitors": 100e-6,
        "RIPA": 9.45e-3,
    },
    ("IP buffer EDTA-free with inhibitors", "10 mL"): {
        "100 mM PMSF": 100e-6, "200 mM Na3VO4": 50e-6, "1 M NaF": 100e-6, "0.5 M beta-glycerophosphate": 200e-6, "100x protease inhibitors": 100e-6,
        "IP buffer EDTA-free": 9.45e-3,
    },
    ("IP buffer with inhibitors", "10 mL"): {
        "100 mM PMSF": 100e-6, "1 M NaF": 100e-6, "0.5 M beta-glycerophosphate": 200e-6, "100x protease inhibitors": 100e-6, "IP buffer": 9.5e-3,
    },
    ("1x SDS sample buffer", "10 mL"): {
        "1 M Tris pH 6.8": 0.625e-3, "10 % SDS": 2e-3, "glycerol": 1e-3, "1 M DTT": 0.5e-3, "1 % bromophenol blue": 0.1e-3, "water": 5.775e-3,
    },
    ("2x SDS sample buffer", "10 mL"): {
        "1 M Tris pH 6.8": 1.25e-3, "10 % SDS": 4e-3, "glycerol": 2e-3, "1 M DTT": 2e-3, "1 % bromophenol blue": 0.2e-3, "water": 0.55e-3,
    },
    ("2x SDS sample buffer BME", "10 mL"): {
        "1 M Tris pH 6.8": 1.25e-3, "10 % SDS": 4e-3, "glycerol": 2e-3, "2-mercaptoethanol": 1e-3, "1 % bromophenol blue": 0.2e-3, "water": 1.55e-3,
    },
    ("4x SDS sample buffer", "10 mL"): {"1 M Tris pH 6.8": 2e-3, "SDS": 0.8, "glycerol": 4e-3, "1 % bromophenol blue": 0.4e-3, "DTT": 0.62},
    ("5 % BSA", "100 mL"): {"BSA": 5},
    ("5 % milk", "100 mL"): {"skim milk powder": 5},
    ("mild strip", "1 L"): {"glycine": 15, "10 % SDS": 0.010, "Tween-20": 0.010},
    ("10 % resolving gel", "10 mL"): {
        "30 % acrylamide": 3.333e-3, "1.5 M Tris pH 8.8": 2.5e-3, "10 % SDS": 0.1e-3, "10 % APS": 0.05e-3, "TEMED": 5e-6, "water": 4.012e-3,
    },
    ("4 % stacking gel", "10 mL"): {
        "30 % acrylamide": 1.333e-3, "0.5 M Tris pH 6.8": 2.5e-3, "10 % SDS": 0.1e-3, "10 % APS": 0.05e-3, "TEMED": 10e-6, "water": 6.007e-3,
    },
}  # fmt: skip


def test_every_recipe_is_worked_out_by_hand() -> None:
    assert {name for name, row in ROWS.items() if "make" in row} == {name for name, _ in BY_HAND}


@pytest.mark.parametrize("case", BY_HAND, ids=" of ".join)
def test_masses_and_volumes_are_those_of_the_calculator(case: tuple[str, str]) -> None:
    """Within 0.6 %: what printed recipes round away (0.62 g for 617 mg), and what a cylinder can be set to."""
    recipe, volume = case
    found = made(recipe, volume)
    for part, by_hand in BY_HAND[case].items():
        least_step = 1e-4 if part == "water" else 0  # of a cylinder: what fills up is rather more than too little
        assert found[part] == pytest.approx(by_hand, rel=6e-3, abs=least_step), part
    exact = "rest" in ROWS[recipe]["make"]
    assert set(found) - set(BY_HAND[case]) == (set() if exact else {ROWS[recipe]["make"]["to_volume_with"]})
    if exact:
        assert sum(found.values()) == pytest.approx(amount(volume.replace("uL", "µL")), rel=5e-3, abs=1e-4)


@pytest.mark.parametrize(("percent", "temed"), [("8", 5e-6), ("14.9", 5e-6), ("15", 2.5e-6), ("18", 2.5e-6)])
def test_the_recipe_of_a_gel_and_the_calculator_have_one_rule_for_temed(percent: str, temed: float) -> None:
    """0.05 % of 10 mL, and half of it from 15 % acrylamide on; a strength of one's own is kept."""
    found = made("10 % resolving gel", "10 mL", f"contains: {{acrylamide: {percent} % w/v}}, ")
    gel = CALCULATORS["gel"]
    options = {"percent": [percent], "volume": ["10 mL"]}
    inputs = CalculatorInputs(values=parse_options(gel, options, Collector()), lab=default_lab(), tables={GELS.name: GELS})
    answer = {result.name: float(result.value) * 1e-9 for result in gel.calculate(inputs).results}
    assert found["TEMED"] == pytest.approx(answer["temed"]) == pytest.approx(temed)
    assert found["10 % APS"] == pytest.approx(answer["aps"])
    assert made("10 % resolving gel", "10 mL", f"contains: {{acrylamide: {percent} % w/v, TEMED: 0.2 % v/v}}, ")["TEMED"] == pytest.approx(20e-6)


@pytest.mark.parametrize("recipe", [name for name, row in ROWS.items() if "make" in row and re.search(r"pH|buffer|TBS|strip", name)])
def test_the_ph_travels_with_the_recipe(recipe: str) -> None:
    note = ROWS[recipe]["make"]["note"]
    for value in re.findall(r"pH ([\d.]+)", recipe):
        assert f"pH {value}" in note
    assert "pH" in note or "with inhibitors" in recipe


def test_strengths_of_one_batch_are_those_of_the_buffer() -> None:
    """10x TBS at 1x is 20 mM Tris and 137 mM salt; 4x sample buffer at 1x 50 mM Tris, 2 % SDS, 10 % glycerol, 100 mM DTT, 0.01 % dye."""
    four = ROWS["4x SDS sample buffer"]["contains"]
    assert {name: float(text.split()[0]) / 4 for name, text in four.items()} == {
        "SDS sample buffer": 1, "Tris": 50, "SDS": 2, "glycerol": 10, "DTT": 100, "bromophenol blue": 0.01,
    }  # fmt: skip
    one, two = ROWS["1x SDS sample buffer"]["contains"], ROWS["2x SDS sample buffer"]["contains"]
    for name in ("Tris", "SDS", "glycerol", "bromophenol blue"):
        assert float(two[name].split()[0]) == 2 * float(one[name].split()[0])


def test_a_stock_is_made_by_the_batch_and_says_so() -> None:
    """9 mL of RIPA are made by 10 mL, which take 0.5 mL of 1 M Tris; the sheet makes the litre that keeps for a year, of 121.14 g."""
    own = {
        "protocol.yml": "title: One\nversion: 1.0.0\nparameters: {plates: {count: plate, default: 1, min: 1, max: 1}}\n"
        "reagents: {RIPA: {recipe: RIPA}}\n"
        "vessels: {plate: {labware: plate-6, count: plates, groups: {all: rest}}}\n",
        "protocol.md.j2": '{% step "Take" %}\n{{ add("RIPA", "1.5 mL/well", to="plate/all") }}\n{% endstep %}\n',
    }
    record: Any = render(Source(id="one", folder="protocols/one", files=own, shared_files=SHARED))
    listed = {reagent["id"]: reagent for reagent in record["reagents"]}
    tris = listed["1 M Tris pH 8.0"]
    assert (tris["used"]["text"], tris["prepare"]["text"], tris["overage"]["text"]) == ("500 µL", "1 L", "at least 1 L")
    assert listed["Tris base"]["used"]["text"] == "121.14 g"


def test_no_note_has_a_figure_that_follows_from_strengths_which_may_be_changed() -> None:
    """1/100 + 1/200 + 10/1000 + 10/500 + 1/100 of RIPA are inhibitors, 5.5 %, and other strengths leave another share of the buffer."""
    text = library.load_source("co-ip").shared_files["recipes.yml"] + library.load_source("co-ip").files["protocol.yml"]
    assert len(re.findall("thin it by their share", text)) == 6
    assert not re.search(r"of its written strength|\d % (left|remains)", text)
    for strength, words in (
        ("5 M", "near saturation"),
        ("1 M", "near saturation"),
        ("10 mM", "pH about 10.0"),
        ("4x", "one part to three"),
        ("10 %", "10 g for 100 mL"),
    ):
        assert re.search(f"at {strength} {re.escape(words)}", text, re.IGNORECASE), words
