"""Control lysates and replicates of a western blot: grown, measured, mixed and laid out, against a calculator."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchsheet import library
from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.repipette import replay
from tests.records import step, wells_of

BLOT = library.load_source("western-blot")


def sheet(**values: str) -> Any:
    return render(BLOT, values)


def operations(record: Any) -> list[Any]:
    return [{"step": each["number"], **operation} for each in record["steps"] for operation in each["operations"]]


@pytest.mark.parametrize("lysis", ["A", "B", "C"])
def test_controls_go_through_all_that_samples_go_through(lysis: str) -> None:
    record = sheet(lysis=lysis, samples="3", cells_at_lysis="1000000 cells") if lysis == "C" else sheet(lysis=lysis, samples="3")
    for each in operations(record):
        if (
            lysis != "C"
            and each["op"] != "transfer"
            and any(place.startswith("dish/sample") for place in each["to"])
            and each.get("reagent") != "suspension"
        ):
            assert "control dish/control 2" in each["to"], each
    taken = "ready/" if lysis == "B" else "lysate/"
    for role in ("positive", "negative"):
        (loaded,) = [each for each in operations(record) if f"gel/{role}" in each["to"]]
        assert loaded["from"].startswith(f"control {taken}")
    assert replay(json.dumps(record)).wrong == []


@settings(max_examples=6, deadline=None)
@given(
    gel=st.sampled_from([None, "50 uL", "1 mL"]),
    vessel=st.sampled_from(["6-well", "60 mm", "100 mm"]),
    negative=st.sampled_from(["siRNA", "suspended cells", "inhibitor in another line"]),
    treated=st.sampled_from(["1 h", "72 h"]),
    ahead=st.booleans(),
)
def test_controls_of_a_3d_culture_are_flat_from_seeding_to_lysis(gel: str | None, vessel: str, negative: str, treated: str, ahead: bool) -> None:
    """No gel, no drug in a rinse, no spheroids; what they are given is taken off, and a lane has as much cell protein as one of a sample."""
    culture = {"culture": "in matrix", "gel_volume": gel} if gel else {}
    first = {"ahead": "2 h"} if ahead else {}
    record = sheet(
        lysis="C", samples="3", cells_at_lysis="6000000 cells", vessel=vessel, negative_control=negative, treated=treated, **culture, **first
    )
    steps = {each["number"]: each["title"] for each in record["steps"]}
    told_to: dict[str, set[str | None]] = {}
    for each in operations(record):
        if "control dish/control 2" in each["to"]:
            told_to.setdefault(steps[each["step"]], set()).add(each.get("reagent"))
    drugs = {"treatment", "first treatment"} if ahead else {"treatment"}
    renewed = {"Renew the drug": {"medium", *drugs}} if treated == "72 h" else {}
    told = {"Seed": {"control suspension"}, "Treat": {"treatment"}, **renewed, "Harvest": {"PBS with vanadate", "1x SDS sample buffer"}}
    assert {title: each - {None} for title, each in told_to.items()} == told | ({"First drug": {"first treatment"}} if ahead else {})
    found = {name: record["derived"][name]["value"] for name in ("control_lysis", "lane_protein")}
    lysed = Fraction(str(found["control_lysis"]["value"])) * {"uL": 1, "mL": 1000}[found["control_lysis"]["unit"]]
    full = {"6-well": 1_200_000, "60 mm": 3_200_000, "100 mm": 8_800_000}[vessel]
    sample = Fraction(str(found["lane_protein"]["value"])) * {"ug": 1, "mg": 1000}[found["lane_protein"]["unit"]]
    control = Fraction(full * 3, 4) * 150 / 10**6 * (10 if vessel == "100 mm" else 20) / lysed
    least = {"6-well": 100, "60 mm": 200, "100 mm": 500}[vessel]
    assert abs(control / sample - 1) < Fraction(1, 10) or lysed == least and control < sample
    assert replay(json.dumps(record)).wrong == []


@settings(max_examples=8, deadline=None)
@given(samples=st.integers(1, 40), controls=st.integers(1, 4), lysis=st.sampled_from("AB"), strip=st.booleans())
def test_a_control_has_as_many_dishes_as_its_lanes_take(samples: int, controls: int, lysis: str, strip: bool) -> None:
    record = sheet(samples=str(samples), controls=str(controls), lysis=lysis, strip="yes" if strip else "no")
    lanes = max(1, controls - 1) * record["counts"]["gel"]
    dishes = math.ceil((lanes * 20 * 1.1 + 5 + (20 if lysis == "B" else 0)) / 100)
    assert record["counts"]["tube"] == samples + dishes * min(controls, 2)
    assert replay(json.dumps(record)).wrong == []


def test_without_control_lanes_no_control_is_grown() -> None:
    record = sheet(controls="0", samples="3")
    assert record["counts"]["tube"] == 3
    assert "controls" not in step(record, "Seed")["markdown"]


@pytest.mark.parametrize(
    ("treated", "told"),
    # 48 h of growth and 60 min of drug: 72 - 49 = 23 h before. 24 h and 72 h: 96 - 72 = 24 h after; 24 h and 48 h: 72 h, with it
    [("60 min", "23 h before this step"), ("72 h", "24 h after this step"), ("48 h", "with this step")],
)
def test_silencing_takes_72_h_up_to_lysis(treated: str, told: str) -> None:
    assert told in step(sheet(treated=treated), "Seed")["markdown"].replace("\u202f", " ").replace("\u00a0", " ").replace("**", "")


@pytest.mark.parametrize("lysis", ["A", "B", "C"])
def test_phosphatase_is_refused_where_it_is_dead(lysis: str) -> None:
    with pytest.raises(ProtocolError, match="duplicate piece of the membrane"):
        sheet(lysis=lysis, negative_control="phosphatase")
    assert sheet(lysis=lysis, negative_control="phosphatase", controls="1")["counts"]["gel"] > 1  # no negative lane, nothing to be wrong


@settings(max_examples=6, deadline=None)
@given(hours=st.integers(1, 72), lysis=st.sampled_from("ABC"))
def test_drug_beyond_48_h_is_given_again(hours: int, lysis: str) -> None:
    record = sheet(treated=f"{hours} h", lysis=lysis, samples="4")
    given_to = [each for each in operations(record) if each.get("reagent") == "treatment"]
    titles = {"Treat", "Renew the drug"} | ({"Harvest"} if lysis == "C" else set())  # a 3D culture is rinsed with its drug
    assert {each["step"] for each in given_to} == {each["number"] for each in record["steps"] if each["title"] in titles}
    used = next(each["used"]["text"] for each in record["reagents"] if each["id"] == "treatment")
    assert used.split()[0] == str(
        2 * (6 * len({"Treat", "Renew the drug"} & {each["title"] for each in record["steps"]}) + (4 if lysis == "C" else 0))
    )  # 2 µL to 6 wells; flat controls are rinsed without


@settings(max_examples=8, deadline=None)
@given(samples=st.integers(2, 6), replicates=st.integers(2, 6))
def test_each_gel_has_whole_replicates_with_their_vehicle(samples: int, replicates: int) -> None:
    names = ["DMSO", *(f"drug {number}" for number in range(1, samples))]
    record = sheet(samples=",".join(names), replicates=str(replicates))
    for plate in (each for each in record["plates"] if each["vessel"] == "gel"):
        lanes = [lane["role"].rpartition(", ") for lane in wells_of(plate).values() if ", " in lane["role"]]
        for number in {number for _, _, number in lanes}:
            assert [name for name, _, which in lanes if which == number] == names
    assert not [each for each in record["warnings"] if each["code"] == "many-images"]


def test_what_parts_a_vehicle_from_its_drug_is_warned_of() -> None:
    # 7 samples and what stands on each of several gels (4) do not fit into 10 wells
    for values in ({"samples": "7"}, {"samples": "3", "together": "1"}, {"samples": "3", "together": "2"}):
        codes = [each["code"] for each in sheet(replicates="3", **values)["warnings"]]
        assert "many-images" in codes, values
    assert "many-images" not in [each["code"] for each in sheet(replicates="3", samples="3", together="6")["warnings"]]


NEEDED = ("HCl", "NaOH", "pH meter", "rocker", "in the cold", "blot boxes", "sponges", "ice block", "heat block", "power supply", "imager")
NEEDED_FOR = {
    # 12 wells of samples and 2 of controls: 2 plates and 1, 14 scrapers (2 for spheroids); lysis B 4 tubes for each of 14 and one for the bridge
    "A": ("3 6-well plates", "14 cell scrapers", "sonicator", "25G needles", "15 tubes of 1.5 mL"),
    "B": ("3 6-well plates", "14 cell scrapers", "57 tubes of 1.5 mL", "96-well plate", "plate reader", "incubator at 37 °C"),
    "C": ("3 6-well plates", "2 cell scrapers", "12 tubes of 15 mL", "sonicator", "15 tubes of 1.5 mL"),
}


@pytest.mark.parametrize("lysis", sorted(NEEDED_FOR))
def test_what_the_steps_use_stands_on_the_list(lysis: str) -> None:
    record = sheet(lysis=lysis)
    listed = "; ".join(each["name"] for each in record["equipment"])
    missing = [word for word in (*NEEDED, *NEEDED_FOR[lysis]) if word not in listed]
    assert not missing, listed
    assert ("rotator" in listed) == (lysis == "B")
    shelf = [each["id"] for each in record["reagents"]]
    assert ("BSA standard" in shelf) == (lysis == "B")


LOWERED = [
    ({}, "pFAK-Y397 is stronger in the positive lane, and the negative one (siRNA", "a quarter of pFAK-Y397 and FAK: else"),
    ({"negative_control": "suspended cells"}, "pFAK-Y397 is stronger", "(cells held in suspension) leaves at most a quarter of pFAK-Y397: else"),
    ({"targets": "FAK,GAPDH", "negative_control": "suspended cells"}, "FAK is there in the positive lane: else", "GAPDH 37 kDa"),
    ({"targets": "pFAK-Y397,FAK,pERK,ERK", "strip": "no", "load": "10 uL"}, "pFAK-Y397 is stronger", "a quarter of pFAK-Y397 and FAK: else"),
    ({"targets": "FAK,HER2,GAPDH", "controls": "1"}, "FAK is there in the positive lane: else", "HER2 185 kDa"),
]


@pytest.mark.parametrize(("values", "up", "down"), LOWERED)
def test_a_control_is_said_to_change_what_it_changes(values: dict[str, str], up: str, down: str) -> None:
    """siRNA of FAK takes FAK and its phosphate, cells in suspension lose the phosphate alone, and a loading control or ERK stays as it is."""
    words = " ".join(step(sheet(samples="3", **values), "Read")["markdown"].replace("**", "").split())
    assert up in words
    assert down in words
    told = [warning["message"] for warning in sheet(samples="3", **values)["warnings"]]
    assert any("the lane shows nothing" in each for each in told) == (values.get("targets") == "FAK,GAPDH")


def test_a_pair_is_called_as_its_targets_are() -> None:
    """The protein of the target ERK is ERK1/2 in the table; nobody probes for that."""
    assert "P pERK and T ERK;" in step(sheet(samples="3", targets="pERK,ERK,GAPDH"), "Read")["markdown"]


def test_a_figure_for_each_sample_is_shown_for_each() -> None:
    record = sheet(lysis="B", samples="4", protein="1.8; 2; 1.8; 2 mg/mL")
    assert record["parameters"]["protein"]["text"] == "1.8 mg/mL, 2 mg/mL, 1.8 mg/mL, 2 mg/mL"
    assert sheet(lysis="B", samples="2", protein="2; 2 mg/mL")["parameters"]["protein"]["text"] == "2 mg/mL"
