"""The western blot against a calculator: lanes counted by hand, each check provoked by its parameter, hosts and labs."""

from __future__ import annotations

import functools
import json
import math
import re
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchsheet import library
from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.lab.profile import parse_profile
from benchsheet.lab.stocks import HOST_SUBCLASSES
from benchsheet.protocol.lab_tables import build_lab_tables
from benchsheet.protocol.tables import read_table
from benchsheet.repipette import replay
from benchsheet.yamltree import parse_yaml_map
from tests.records import batch_count, step, volume, wells_of, when

BLOT = library.load_source("western-blot")
# Wells and capacity of each format (general knowledge, tables of equipment).
GELS = {"mini-10": (10, 30), "mini-12": (12, 20), "mini-15": (15, 15), "midi-14": (14, 45), "midi-18": (18, 30), "midi-26": (26, 15)}
TWO_SMALL = """\
name: two small tanks
tanks:
  - {name: small mini tank, format: mini, gels: 2, count: 2, buffer: {2: 700 mL}}
"""
ONE_LARGE = """\
name: one tank
tanks:
  - {name: mini tank, format: mini, gels: 4, count: 1, buffer: {2: 700 mL, 4: 1 L}}
"""
FREEZER = """\
name: with antibodies
antibodies:
  - {target: pFAK-Y397, host: rabbit, clone: 4A7, dilution: 500 fold}
  - {target: FAK, host: mouse, subclass: IgG1, dilution: 1000 fold}
  - {target: GAPDH, host: rabbit}
  - {target: AKT, host: rabbit, dilution: 1000 fold}
  - {target: AKT, host: mouse, subclass: IgG2b, dilution: 1000 fold}
"""


@functools.lru_cache(maxsize=256)
def _sheet(values: tuple[tuple[str, str], ...], lab: str, start: str) -> str:
    return json.dumps(render(BLOT, dict(values), parse_profile(lab, "my-lab.yml") if lab else None, start))


def sheet(lab: str = "", start: str = "", **values: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_sheet(tuple(values.items()), lab, start))
    return found


def refused(**values: str) -> str:
    with pytest.raises(ProtocolError) as caught:
        render(BLOT, values)
    return str(caught.value)


def used(record: dict[str, Any], reagent: str) -> str:
    return str(next(each["used"]["text"] for each in record["reagents"] if each["id"] == reagent))


def said(record: dict[str, Any], code: str) -> list[str]:
    return [warning["message"] for warning in record["warnings"] if warning["code"] == code]


def lane_maps(record: dict[str, Any]) -> list[list[str]]:
    """Return who is on each lane of each gel, by role."""
    laid = [plate for plate in record["plates"] if plate["vessel"] == "gel"]
    return [[lane["role"] for lane in wells_of(plate).values()] for plate in laid for _ in plate["names"]]


# --- lanes --------------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(
    samples=st.integers(1, 48),
    gel=st.sampled_from(sorted(GELS)),
    controls=st.integers(1, 4),
    targets=st.sampled_from(["pFAK-Y397,FAK,GAPDH", "pFAK-Y397,GAPDH"]),
    strip=st.booleans(),
)
def test_lanes_and_gels_are_counted(samples, gel, controls, targets, strip):
    wells, _ = GELS[gel]
    alone = wells - 1 - controls
    gels = 1 if samples <= alone else math.ceil(samples / (alone - 1))
    bridge = 0 if gels == 1 else 1
    copies = 1 if strip else targets.count(",") + 1
    record = sheet(samples=str(samples), gel=gel, controls=str(controls), targets=targets, strip="yes" if strip else "no")
    counts = record["counts"]
    assert (counts["gel"], counts["membrane"]) == (gels * copies, gels * copies)
    assert counts["lane"] == (samples + gels * (1 + controls + bridge)) * copies
    maps = lane_maps(record)
    assert len(maps) == gels * copies
    for lanes in maps:
        assert len(lanes) == wells
        assert lanes[:2] == ["ladder", "positive"]
        assert lanes.count("negative") == controls - 1
        assert lanes.count("bridge") == bridge
    seen = [lane for lanes in maps for lane in lanes if lane.startswith("sample")]
    assert sorted(seen) == sorted([f"sample {number}" for number in range(1, samples + 1)] * copies)
    assert replay(json.dumps(record)).wrong == []


FIRST = ["ladder", "positive", "negative", "bridge"]


def test_twelve_samples_lie_on_two_gels_of_six():
    assert lane_maps(sheet()) == [
        [*FIRST, *(f"sample {number}" for number in range(1, 7))],
        [*FIRST, *(f"sample {number}" for number in range(7, 13))],
    ]


def test_thirteen_samples_lie_on_three_gels_as_evenly_as_can_be():
    first, second, third = lane_maps(sheet(samples="13"))
    assert first == [*FIRST, "sample 1", "sample 2", "sample 3", "sample 4", "sample 5", "empty"]
    assert second == [*FIRST, "sample 6", "sample 7", "sample 8", "sample 9", "empty", "empty"]
    assert third == [*FIRST, "sample 10", "sample 11", "sample 12", "sample 13", "empty", "empty"]


def test_the_lane_map_has_the_users_names():
    (lanes,) = lane_maps(sheet(samples="DMSO,FAKi 1 µM,lapatinib", replicates="2"))
    assert lanes == ["ladder", "positive", "negative", "DMSO, 1", "FAKi 1 µM, 1", "lapatinib, 1", "DMSO, 2", "FAKi 1 µM, 2", "lapatinib, 2", "empty"]


# --- labs ---------------------------------------------------------------------------------------------------------------


FOUR_CASSETTES = "transfer_tanks:\n  - {name: mini transfer tank, format: mini, cassettes: 4, buffer: 1 L}\n"


@pytest.mark.parametrize(
    ("samples", "two_small", "one_large"),
    [
        ("12", "700 mL", "700 mL"),  # 2 gels: one tank of two
        ("13", "1.4 L", "1 L"),  # 3 gels: two tanks of 700 mL, or one of 1 L
        ("24", "1.4 L", "1 L"),  # 4 gels
        ("30", "2.1 L", "1.7 L"),  # 5 gels: 3 (2 + 1) and 2 (in one tank); 3 in 1 L and 2 in 700 mL
        ("48", "2.8 L", "2 L"),  # 8 gels: twice four
    ],
)
def test_running_buffer_follows_the_tanks_of_the_lab(samples, two_small, one_large):
    assert used(sheet(TWO_SMALL, samples=samples), "running buffer") == two_small
    assert used(sheet(ONE_LARGE, samples=samples), "running buffer") == two_small  # 2 cassettes: no more than 2 gels run at a time
    assert used(sheet(ONE_LARGE + FOUR_CASSETTES, samples=samples), "running buffer") == one_large


def test_the_lane_map_does_not_depend_on_the_tanks():
    assert lane_maps(sheet(TWO_SMALL, samples="13")) == lane_maps(sheet(ONE_LARGE, samples="13"))


def test_a_lab_without_a_tank_for_the_gel_is_told():
    with pytest.raises(ProtocolError, match="no tank of this lab takes a midi gel"):
        render(BLOT, {"gel": "midi-18"}, parse_profile(ONE_LARGE, "my-lab.yml"))


def test_devices_take_as_many_tubes_as_the_lab_says():
    record = sheet("name: small\nequipment:\n  rotor: {name: small rotor, places: 18, radius: 7 cm}\n", lysis="B", samples="40")
    assert {device["id"]: device["places"] for device in record["equipment"] if device["places"]} == {
        "rotator": 20, "rotor": 18, "heat_block": 24, "tank": 2, "cell": 2,
    }  # fmt: skip
    assert batch_count(step(record, "Clear")) == 3  # 40 tubes in 18 places
    assert batch_count(step(record, "Heat")) == 2


def test_five_gels_run_and_are_transferred_in_three_batches_as_the_cassettes_take_them():
    record = sheet(samples="30")
    assert (batch_count(step(record, "Load and run the gel")), batch_count(step(record, "Transfer"))) == (3, 3)


# --- what a colleague would say -------------------------------------------------------------------------------------------

REFUSALS = {
    "BCA after sample buffer": (
        {"assay": "BCA"},
        ("--assay: BCA after SDS sample buffer: detergent and reductant spoil it, and the figure would mean nothing\n"
        "  hint: --lysis B, or load by volume and set each lane against its total protein stain"),
    ),
    "Bradford after sample buffer": (
        {"assay": "Bradford", "lysis": "C"},
        ("--lysis, --assay: Bradford after SDS sample buffer: detergent and reductant spoil it, and the figure would mean nothing\n"
        "  hint: --lysis B, or load by volume and set each lane against its total protein stain"),
    ),
    "Bradford in RIPA": (
        {"assay": "Bradford", "lysis": "B"},
        "--lysis, --assay: Bradford does not bear the detergents of RIPA\n  hint: --assay BCA",
    ),
    "no assay": (
        {"assay": "none", "lysis": "B"},
        "--lysis, --assay: a mass is loaded, and no assay is planned to know it\n  hint: --assay BCA, or --lysis A to load by volume",
    ),
    "over capacity": (
        {"load": "20 uL", "gel": "mini-15"},
        ("--load, --gel: 20 µL do not fit into a lane of a 15-well mini gel, which holds 15 µL\n"
        "  hint: --load '15 µL' at most, or a gel with larger wells"),
    ),
    "replicates with an assay": (
        {"lysis": "B", "replicates": "2"},
        ("--lysis, --replicates: each lysate has a protein of its own, so each replicate is a sample of its own\n"
        "  hint: name them: --samples 'ctrl 1,ctrl 2'"),
    ),
    "trypsin": (
        {"detach": "trypsin"},
        "--detach: cells taken off by trypsin lose pY397 and other adhesion signals before they are lysed\n  hint: --detach scrape: lyse in the dish",
    ),
    "spun cold": (
        {"spin_at": "4 degC"},
        "--spin-at: a spin of SDS samples at 4 °C brings SDS out, and protein with it\n  hint: --spin-at '22 degC'",
    ),
    "too many rounds": (
        {"targets": "pFAK-Y397,FAK,AKT,GAPDH"},
        "--targets: 4 targets on one membrane need 3 rounds of stripping, and it bears 2\n  hint: 3 targets, or --no-strip: a blot for each",
    ),
    "control lost": (
        {"gel_percent": "7.5"},
        ("--gel-percent: a gel of 7.5 % loses what is below about 50 kDa, GAPDH with it\n"
        "  hint: --gel-percent 4-15, or --loading-control 'total protein'"),
    ),
    "target lost": (
        {"targets": "gH2AX,GAPDH"},
        "--targets: a gel of 4-15 % loses what is below about 20 kDa, gH2AX (15 kDa) with it\n  hint: --gel-percent 4-20 keeps 10 to 250 kDa",
    ),
    "circular control": (
        {"negative_control": "inhibitor in this line"},
        ("--negative-control: the inhibitor in the line under test cannot be its own negative control: whether it lowers pY397 "
         "there is the question [Marlowe et al. 2016. Oncogenic Receptor Tyrosine Kinases Directly Phosphorylate Focal Adhesion Kinase (FAK) "
         "as a Resistance Mechanism to FAK-Kinase Inhibitors. Mol Cancer Ther 15(12):3028–3039. doi:10.1158/1535-7163.MCT-16-0366]\n"
        "  hint: siRNA, suspended cells, or the inhibitor in a line low in receptor kinases"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSALS)
def test_what_cannot_work_is_refused_with_the_way_out(case):
    values, message = REFUSALS[case]
    assert refused(**values) == message


def test_a_lysate_too_thin_for_its_lane_is_told_with_the_most_that_fits():
    """Three quarters of 20 µL at 0.9 mg/mL are 13.5 µg; in 30 µL they would be 20.25 µg, which fits."""
    values = {"lysis": "B", "samples": "ctrl,thin", "protein": "2; 0.9 mg/mL", "load_mass": "20 ug"}
    message = refused(**values)
    assert "thin: 20 µg do not fit into 20 µL at 900 µg/mL\n" in message
    assert "load 13.5 µg at most, or more than 20 µL a lane" in message
    assert sheet(load="30 uL", **values)["counts"]["gel"] == 1


WARNINGS = {
    "vinculin-with-fak": (
        {"loading_control": "vinculin"},
        [("vinculin (116 to 125 kDa) runs with FAK (125 kDa), and is a focal adhesion protein itself: no loading control beside FAK; "
         "take GAPDH, or total protein")],
    ),
    "close-in-mass": (
        {"loading_control": "actin", "targets": "ERK,actin"},
        ["ERK and actin are closer than about 10 % in mass: what is left of one looks like the other; put them on blots of their own (--no-strip)"],
    ),
    "hosts-clash": (
        {"targets": "AKT,pPaxillin-Y118,GAPDH", "hosts": "AKT: rabbit; pPaxillin-Y118: rabbit"},
        [("AKT and pPaxillin-Y118 are both from rabbit and less than 25 % apart in mass: the secondary of one sees what stripping leaves of the "
         "other. Take an antibody of another host, or blots of their own (--no-strip)")],
    ),
    "hosts-bovine": (
        {"hosts": "FAK: goat"},
        ["FAK is from goat, and its secondary binds the bovine IgG of milk and of impure BSA: block with donkey serum, or with BSA free of IgG"],
    ),
    "hosts-same": (
        {"hosts": "pFAK-Y397: rabbit; FAK: rabbit"},
        [("pFAK-Y397 and FAK are both from rabbit and of one mass: FAK counts only if secondary and ECL alone show nothing after pFAK-Y397 was "
         "stripped; else duplicate blots (--no-strip), or two hosts in two colours")],
    ),
    "hosts-mouse": (
        {"hosts": "FAK: mouse IgG1"},
        [("FAK is from mouse: on mouse tumours or tissue its secondary lights endogenous IgG at 50 and 25 kDa; washed human and mouse cell "
          "lines are fine")],
    ),
    "hosts-unknown": (
        {},
        [("not every primary's host is told, so whether two clash on one strip could not be checked: write host and subclass into the blanks, "
         "or give --hosts")],
    ),
    "control-not-probed": (
        {"targets": "pFAK-Y397,FAK"},
        [("GAPDH is the loading control, and it is not among the targets: nobody would see it. Add it to --targets, or choose "
         "--loading-control 'total protein'")],
    ),
    "target-stuck": (
        {"gel_percent": "10", "targets": "HER2,GAPDH"},
        ["a gel of 10 % holds what is above about 100 kDa near its top, HER2 (185 kDa) with it: --gel-percent 4-15 keeps 20 to 250 kDa"],
    ),
    "small-and-large": (
        {"gel_percent": "4-20", "targets": "FAK,gH2AX,GAPDH"},
        [("small proteins pass the membrane in the time that 125 kDa need to reach it: run what is below 30 kDa on a gel of its own, "
          "0.2 µm and 60 min")],
    ),
    "matrix": (
        {"lysis": "C", "culture": "in matrix", "gel_volume": "100 uL", "cells_at_lysis": "1000000 cells"},
        [("matrix protein swamps an assay and a total-protein stain: load as many cells of each, set phospho against its total (pFAK against FAK), "
         "take GAPDH as a check of the load, and run a lane of matrix alone: name one "
         "of the samples so. Slow digestion of the matrix, or cold recovery, changes pY397")],
    ),
    "milk": (
        {"diluent": "milk"},
        [("milk holds phosphoproteins; it is accepted for many phospho-antibodies if fresh, but dilute the primary as its data sheet says, and use "
         "BSA where the background is high")],
    ),
    "edta": (
        {"lysis": "B"},
        ["EDTA undoes vanadate: take protease inhibitors free of EDTA. EGTA disturbs the BCA assay: none in the buffer"],
    ),
    "thin-lysate": (
        {"lysis": "B", "vessel": "12-well"},
        # 150 000 x 0.85 x 2^(37/24) cells hold 55.7 µg, in 120 µL 0.464 mg/mL; 15 µg in the 15 µL of 20 that are not sample buffer need 1 mg/mL
        [("a well of a 12-well plate in 100 µL of RIPA gives about 460 µg/mL (74 % full, 150 µg from 10^6 cells, a fifth of PBS left), and 15 µg "
          "in 20 µL need 1.01 mg/mL: load less (--load-mass), take a well that holds more (--load), lyse in less, or a larger vessel")],
    ),
    "no-vehicle": (
        {"samples": "1"},
        ["one lysate has no vehicle beside it, and nothing to be compared with: give the vehicle a sample of its own"],
    ),
    "no-total": (
        {"targets": "pFAK-Y397,GAPDH"},
        [("pFAK-Y397 is probed without its total protein: a fall may be less protein as well as less phosphate. Add FAK, or claim nothing about "
          "the share that is phosphorylated")],
    ),
    "control-before-phospho": (
        {"targets": "GAPDH,pFAK-Y397,FAK"},
        ["GAPDH, the loading control, is probed before pFAK-Y397, and its strip takes phospho-protein off: probe GAPDH last"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("code", WARNINGS)
def test_what_may_go_wrong_stands_on_the_sheet(code):
    values, messages = WARNINGS[code]
    assert said(sheet(**values), code) == messages


QUIET = {
    "vinculin-with-fak": {"loading_control": "vinculin", "targets": "AKT,vinculin"},
    "close-in-mass": {"loading_control": "actin", "targets": "ERK,actin", "strip": "no"},
    "hosts-clash": {"hosts": "pFAK-Y397: rabbit; FAK: rabbit; GAPDH: rabbit"},  # 37 and 125 kDa are far apart
    "hosts-same": {"hosts": "pFAK-Y397: rabbit; FAK: mouse IgG1"},
    "hosts-bovine": {"hosts": "FAK: rabbit"},
    "hosts-mouse": {"hosts": "FAK: rat IgG2a"},
    "hosts-unknown": {"hosts": "pFAK-Y397: rabbit; FAK: mouse IgG1; GAPDH: rabbit"},
    "control-not-probed": {"targets": "pFAK-Y397,FAK", "loading_control": "total protein"},
    "target-stuck": {},
    "small-and-large": {"gel_percent": "15", "targets": "gH2AX,GAPDH"},
    "matrix": {"lysis": "C"},
    "milk": {"diluent": "milk", "targets": "FAK,GAPDH"},
    "edta": {},
    "thin-lysate": {"lysis": "B"},
    "no-vehicle": {"samples": "2"},
    "no-total": {},
    "control-before-phospho": {"targets": "GAPDH,pFAK-Y397,FAK", "control_by": "cutting"},
}


@pytest.mark.parametrize("code", QUIET)
def test_and_it_is_quiet_where_all_is_well(code):
    assert said(sheet(**QUIET[code]), code) == []


# --- hosts ----------------------------------------------------------------------------------------------------------------


def test_the_hosts_of_the_shared_table_are_those_that_a_lab_profile_knows():
    found = read_table("hosts", parse_yaml_map(BLOT.shared_files["hosts.yml"], "hosts.yml"))
    pairs = {(host, subclass if host in ("mouse", "rat") else "") for host, subclasses in HOST_SUBCLASSES.items() for subclass in subclasses}
    assert set(found.rows) == {f"{host} {subclass}".strip() for host, subclass in pairs}
    assert all(row.split()[0] == found.cell(row, "animal") for row in found.rows)


def test_without_hosts_the_sheet_has_blanks():
    record = sheet()
    assert "host ____" in step(record, "Primary antibody: FAK")["markdown"].replace("\\", "")
    assert "against its host, ____" in step(record, "Secondary antibody: FAK")["markdown"].replace("\\", "")


def test_hosts_come_from_the_freezer_and_the_command_line_goes_before_it():
    record = sheet(FREEZER)
    assert "host rabbit" in step(record, "Primary antibody: pFAK-Y397")["markdown"]
    assert "anti-mouse" in step(record, "Secondary antibody: FAK")["markdown"]
    assert said(record, "hosts-unknown") == []
    assert used(record, "antibody (pFAK-Y397)") == "44 µL"  # 22 mL at 1:500
    assert used(record, "antibody (FAK)") == "22 µL"
    other = sheet(FREEZER, hosts="FAK: rat IgG2a", primary_dilution="FAK: 2000 fold")
    assert "anti-rat" in step(other, "Secondary antibody: FAK")["markdown"]
    assert used(other, "antibody (FAK)") == "11 µL"
    told = "--hosts 'FAK: rat IgG2a' --primary-dilution 'FAK: 2000 fold'"  # what is in the freezer the lab says again
    assert other["invocation"]["command"] == f"benchsheet render western-blot {told} --lab my-lab.yml"


def test_of_two_antibodies_of_one_target_the_lab_has_only_what_both_agree_on():
    freezer = build_lab_tables(parse_profile(FREEZER, "my-lab.yml"))["freezer"]
    assert freezer.rows["FAK"]["host"] == "mouse IgG1"
    assert freezer.rows["GAPDH"] == {"host": "rabbit"}
    assert set(freezer.rows["AKT"]) == {"dilution"}
    assert "host ____" in step(sheet(FREEZER, targets="AKT,GAPDH"), "Primary antibody: AKT")["markdown"].replace("\\", "")


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("FAK: horse", "'horse' is not among its 19 choices", "did you mean 'mouse'"),
        ("FACK: rabbit", "'FACK' is not among the targets", "did you mean 'FAK'?"),
        ("rabbit", "'rabbit' does not say whose host it is", "write 'pFAK-Y397: ...', separated by ';'"),
        ("FAK: rabbit; fak: goat", "'fak' is told twice", "once is enough"),
        ("FAK:", "'FAK:' does not say whose host it is", "write 'pFAK-Y397: ...', separated by ';'"),
    ],
)
def test_a_host_that_cannot_be_read_is_told(text, message, hint):
    found = refused(hosts=text)
    assert found.startswith(f"--hosts: {message}\n")
    assert "hint" in found
    assert hint in found or message.endswith("choices")


# --- the sheet ------------------------------------------------------------------------------------------------------------


def test_only_pvdf_meets_methanol():
    assert any(o.get("reagent") == "methanol" for o in step(sheet(), "Transfer")["operations"])
    record = sheet(membrane="nitrocellulose")
    assert not any(o.get("reagent") == "methanol" for o in step(record, "Transfer")["operations"])
    assert "methanol would spoil nitrocellulose" in step(record, "Transfer")["markdown"]


@pytest.mark.parametrize(
    ("values", "least", "planned", "most"),
    [
        ({}, "75 min", "90 min", "2 h"),  # FAK, 125 kDa
        ({"targets": "pAKT-S473,AKT,GAPDH"}, "60 min", "75 min", "90 min"),
        ({"targets": "gH2AX,GAPDH", "gel_percent": "4-20"}, "60 min", "60 min", "60 min"),
        ({"blotting": "overnight"}, "15 h", "16 h", "17 h"),
    ],
)
def test_transfer_lasts_as_long_as_the_largest_target_needs(values, least, planned, most):
    wait = step(sheet(**values), "Transfer")["wait"]
    assert (wait["min"]["text"], wait["planned"]["text"]) == (least, planned)
    assert (wait["max"] or wait["planned"])["text"] == most


@pytest.mark.parametrize("target", ["HER2", "pHER2", "EGFR", "pEGFR-Y1068"])
def test_receptors_are_not_boiled(target):
    assert step(sheet(targets=f"{target},GAPDH"), "Heat")["at"]["text"] == "70 °C"
    assert step(sheet(), "Heat")["at"]["text"] == "95 °C"


def test_phospho_is_probed_in_the_order_given_and_each_blot_is_blocked_again():
    titles = [each["title"] for each in sheet()["steps"]]
    primaries = [title for title in titles if title.startswith("Primary")]
    assert primaries == ["Primary antibody: pFAK-Y397", "Primary antibody: FAK", "Primary antibody: GAPDH"]
    for target in ("pFAK-Y397", "FAK"):
        place = titles.index(f"Strip {target}")
        assert titles[place + 1] == f"Block again after {target}"
        assert titles[place + 2] == f"Check the strip of {target}"
        assert titles[place + 3].startswith("Primary antibody")


def test_a_treatment_is_in_the_same_dmso_everywhere():
    """2 µL of 1000x in 2.002 mL: 0.0999 % v/v, not more than the 0.1 % that is allowed."""
    (amount,) = {volume(o["each"]) for o in step(sheet(), "Treat")["operations"]}
    assert amount == 2000
    assert amount / (2_000_000 + amount) <= Fraction(1, 1000)


@pytest.mark.parametrize("vessel", ["6-well", "12-well", "60 mm", "100 mm"])
@pytest.mark.parametrize("lysis", ["A", "B", "C"])
def test_every_vessel_and_lysis_replays(vessel, lysis):
    assert replay(json.dumps(sheet(vessel=vessel, lysis=lysis))).wrong == []


def test_the_working_day_of_twelve_samples_rests_over_the_weekend():
    """Cells on Monday; three nights in a row, each strip on the day of its image, need the week after: the stained membrane rests dry till then."""
    record = sheet(start="2026-11-23T09:00")
    assert when(record["schedule"][0]["begin"]).startswith("2026-11-23T09:00")
    steps = {step["title"]: step["number"] for step in record["steps"]}
    begins = {number: min(when(row["begin"])[:10] for row in record["schedule"] if row["step"] == number) for number in steps.values()}
    assert begins[steps["Stain total protein"]] < "2026-11-28"
    assert begins[steps["Block"]] == "2026-11-30"
    assert when(record["schedule"][-1]["end"]).startswith("2026-12-03T11:18")
    for row in record["schedule"]:
        if row["kind"] == "hands_on":
            assert "08:00" <= when(row["begin"])[11:16] <= when(row["end"])[11:16] <= "18:00", row


def test_the_number_to_seed_follows_from_the_hours_and_the_doubling_time():
    """75 % of 1.2 million, 85 % of which attach, and grow from 12 h on: 1.0588 million / 2^((hours - 12) / doubling), rounded down."""
    for treated, doubling, hours in (("1 h", 24, 49), ("24 h", 24, 72), ("48 h", 24, 72), ("72 h", 24, 96), ("1 h", 50, 49), ("1 h", 90, 49)):
        record = sheet(treated=treated, doubling=f"{doubling} h")
        exact = 1_200_000 * 0.75 / 0.85 / 2 ** ((hours - 12) / doubling)
        step_size = 10_000 if exact >= 100_000 else 100
        assert record["parameters"]["seeded"]["value"]["value"] == math.floor(exact / step_size) * step_size
        words = step(record, "Seed")["markdown"]
        assert f"meant for {hours} h from seeding to lysis: a line that doubles in {doubling} h is then 7" in words


@pytest.mark.parametrize(
    ("values", "meant", "full", "planned_full"),
    [  # 12 h + doubling x log2(1.0588 million / seeded); then full is seeded x 0.85 x 2^((hours - 12) / doubling) / 1.2 million
        ({"seeded": "300000 cells"}, 56, 76, 63),
        ({"seeded": "150000 cells", "treated": "24 h", "doubling": "36 h"}, 113, 74, 34),
        ({"seeded": "100000 cells", "vessel": "12-well", "doubling": "30 h"}, 76, 75, 41),  # of 0.5 million
        ({"seeded": "900000 cells"}, 18, 76, 100),
    ],
)
def test_a_number_of_ones_own_says_its_hours_and_how_full_the_plan_makes_it(values, meant, full, planned_full):
    record = sheet(**values)
    assert f"meant for {meant} h from seeding to lysis: a line that doubles in {values.get('doubling', '24 h')} is then {full} % full" in (
        step(record, "Seed")["markdown"].replace("**", "")
    )
    (warning,) = said(record, "growth")
    assert f"are meant for {meant} h" in warning
    assert f"a well would be {planned_full} % full" in warning


def test_no_number_is_seeded_that_is_nothing_or_full_at_once():
    """12 h doubling over 96 h leaves 0.441 million / 2^7 = 3446 of a 12-well; 1.42 million x 0.85 are more than 1.2 million."""
    assert sheet(treated="72 h", doubling="12 h", vessel="12-well")["parameters"]["seeded"]["value"]["value"] == 3400
    with pytest.raises(ProtocolError, match="none could grow"):
        sheet(seeded="1420000 cells")


def test_a_plan_with_other_hours_than_the_cells_were_seeded_for_is_warned_of():
    """From Thursday, lysis cannot be on Saturday: it is on Friday, a day after seeding, or after the weekend."""
    (warning,) = said(sheet(start="2026-11-26T09:00"), "growth")
    assert "are meant for 49 h from seeding to lysis at a doubling time of 24 h; the plan has 25 h" in warning
    assert "a well would be 38 % full" in warning  # 360 000 x 0.85 x 2^((25.75 - 12) / 24) = 455 000 of 1.2 million
    assert said(sheet(), "growth") == said(sheet(start="2026-11-23T09:00"), "growth") == []


# --- reading ----------------------------------------------------------------------------------------------------------------------


def test_a_blot_ends_in_how_it_is_read():
    """(3000 - 400) / (9600 - 600) = 0.289, over 1.20 of the vehicle 0.24: a fall of 76 %. 5, 10, 20 and 30 µL are within a well of 30 µL."""
    words = step(sheet(), "Read")["markdown"].replace("\u202f", " ")
    assert sheet()["steps"][-1]["title"] == "Read"
    assert round((3000 - 400) / (9600 - 600), 3) == 0.289
    assert round(1 - 0.289 / 1.2, 2) == 0.76
    for each in (
        "5 µL, 10 µL, 20 µL and 30 µL",
        "P pFAK-Y397 and T FAK",
        "0.289",
        "a fall of 76 %",
        "r of the bridge on gel 1",
        "does not mean absent",
    ):
        assert each in words, each
    assert "bridge" not in step(sheet(samples="6"), "Read")["markdown"]
    assert "P and T are on two membranes" in step(sheet(strip="no"), "Read")["markdown"]


TARGETS = read_table("antibodies", parse_yaml_map(BLOT.shared_files["antibodies.yml"], "antibodies.yml"))


@pytest.mark.parametrize("target", list(TARGETS.rows))
def test_each_target_is_named_with_its_mass(target: str):
    low, high = (str(TARGETS.cell(target, column)) for column in ("mass_low", "mass_high"))
    mass = f"{low} kDa" if low == high else f"{low} to {high} kDa"
    record = sheet(targets=target, loading_control="total protein", gel_percent="4-20")
    assert f"{target} ({mass})" in step(record, f"Primary antibody: {target}")["markdown"]
    assert f"{target} {mass}" in step(record, "Read")["markdown"]


def test_a_strip_is_checked_after_blocking_with_all_that_it_takes():
    """One membrane: 10 mL of secondary, 7 mL of ECL, 3 x 15 mL and 15 mL of TBST, and 10 mL to leave it in; 60 + 30 min."""
    record = sheet(samples="6")
    check = step(record, "Check the strip of pFAK-Y397")
    amounts = [
        (each["op"], each["each"]["text"], each.get("times", 1))
        for each in check["operations"]
        if each["op"] != "remove" and each["to"] == ["membrane/membrane 1"]
    ]
    assert amounts == [("add", "10 mL", 1), ("wash", "15 mL", 3), ("transfer", "7 mL", 1), ("wash", "15 mL", 1), ("add", "10 mL", 1)]
    assert check["wait"]["planned"]["text"] == "90 min"
    assert not [each for each in sheet(strip="no")["steps"] if "strip" in each["title"].casefold()]


def test_gates_of_a_blot_of_lysates_do_not_reach_a_co_ip():
    names = {gate["name"] for gate in render(library.load_source("co-ip"), {})["gates"]}
    assert names.isdisjoint({"loading control", "vehicle", "expected mass"})
    assert {"loading control", "vehicle", "expected mass", "strip"} <= {gate["name"] for gate in sheet()["gates"]}


@pytest.mark.parametrize(("way", "nights", "strips"), [("stripping", 3, 2), ("cutting", 2, 1), ("its own label", 2, 1)])
def test_a_loading_control_can_do_without_a_night_of_its_own(way: str, nights: int, strips: int):
    record = sheet(control_by=way)
    overnight = [each for each in record["steps"] if each["title"].startswith("Primary") and each["wait"]["planned"]["text"] == "16 h"]
    assert (len(overnight), len([each for each in record["steps"] if each["title"].startswith("Strip")])) == (nights, strips)
    assert replay(json.dumps(record)).wrong == []


# --- cells in a gel of matrix -----------------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(volume=st.integers(20, 3000))
def test_sample_buffer_is_at_least_1x_in_gel_and_buffer_together(volume: int):
    """As much of 2x, or a third of 4x above 500 µL."""
    record = sheet(lysis="C", culture="in matrix", gel_volume=f"{volume} uL", cells_at_lysis="20000000 cells", load="20 uL")
    buffer = next(each for each in step(record, "Harvest")["operations"] if each["op"] == "add" and "SDS" in each["reagent"])  # not of the controls
    fold, amount = int(buffer["reagent"][0]), Fraction(str(buffer["each"]["value"])) * (1000 if buffer["each"]["unit"] == "mL" else 1)
    assert 1 <= fold * amount / (volume + amount) < Fraction(13, 10)


# --- the lab's secondaries, gels and stocks ---------------------------------------------------------------------------------------

SECONDARIES = """\
antibodies:
  - {target: rabbit IgG, host: goat, dilution: 20000 fold, label: HRP}
  - {target: anti-mouse IgG (H+L), host: donkey, dilution: 10000 fold, label: HRP}
  - {target: mouse IgG1, host: goat, dilution: 8000 fold, label: HRP}
  - {target: rat, host: goat, dilution: 3000 fold}
  - {target: rabbit IgG, host: goat, dilution: 15000 fold, label: IRDye 800CW}
  - {target: goat IgG, host: donkey, dilution: 15000 fold, label: IRDye 800CW}
"""
SEEN = {"rabbit": 20_000, "mouse IgG1": 8_000, "mouse IgG2a": 10_000, "rat IgG1": 3_000, "rat IgM": 3_000, "mouse IgM": 5_000, "sheep": 5_000}


@pytest.mark.parametrize("host", SEEN)
def test_a_secondary_is_diluted_as_the_lab_says(host: str):
    """The one made against the subclass before anti-IgG, anti-IgG for none but IgG, HRP before a dye; 1:5000 where the lab has none."""
    record = sheet(SECONDARIES, targets="AKT,GAPDH", hosts=f"GAPDH: {host}")
    names = [each["name"] for each in record["reagents"] if each["id"] == "secondary (GAPDH)"]
    assert names[0].replace("\u202f", "").endswith(f"1:{SEEN[host]}")


def test_a_secondary_that_ecl_cannot_show_or_that_differs_is_refused():
    lab = parse_profile(SECONDARIES, "lab.yml")
    with pytest.raises(ProtocolError, match="carries IRDye 800CW, and ECL shows HRP alone"):
        render(BLOT, {"hosts": "FAK: goat"}, lab)
    two = parse_profile(SECONDARIES + "  - {target: rabbit IgG, host: donkey, dilution: 9000 fold, label: HRP}\n", "lab.yml")
    with pytest.raises(ProtocolError, match="more than one secondary against rabbit"):
        render(BLOT, {"hosts": "FAK: rabbit"}, two)


THICK = """\
gels:
  mini-10-thick: {name: 10-well thick mini gel, format: mini, wells: 10, capacity: 50 uL, thickness: 1.5 mm}
  bis: {name: 10-well Bis-Tris mini gel, format: mini, wells: 10, capacity: 30 uL, chemistry: Bis-Tris}
"""


def test_a_gel_of_the_lab_can_be_chosen_with_its_thickness_and_its_buffer():
    thick = sheet(THICK, gel="mini-10-thick", load="45 uL")
    assert "10-well thick mini gel, 4-15 %, Tris-glycine, 1.5 mm" in " ".join([line["text"] for line in thick["totals"]])
    other = sheet(THICK, gel="bis")
    assert "running buffer" not in {each["id"] for each in other["reagents"]}
    assert used(other, "running buffer of the gel") == "700 mL"
    assert said(other, "other-gel")
    with pytest.raises(ProtocolError, match="'mini-9' is not among its 8 choices"):
        render(BLOT, {"gel": "mini-9"}, parse_profile(THICK, "lab.yml"))


def test_beyond_21_dishes_no_step_says_that_each_is_lysed_its_time_after_its_drug():
    """3 min a dish: the 22nd is treated 63 min after the first, which would be lysed after 60 min. Two dishes are controls."""
    for samples, late in (("19", False), ("20", True), ("96", True)):
        harvest = next(step for step in sheet(samples=samples)["steps"] if step["title"] == "Harvest")
        assert ("or as much later as the times of this sheet say" in harvest["markdown"]) == late


def test_the_clone_of_the_freezer_stands_on_the_sheet():
    lab = parse_profile("antibodies:\n  - {target: pFAK-Y397, host: rabbit, clone: 4A7, dilution: 700 fold}\n", "lab.yml")
    notes = {reagent["name"]: reagent["note"] for reagent in render(BLOT, {}, lab)["reagents"]}
    assert "host rabbit, clone 4A7, lot ____" in notes["antibody against pFAK-Y397"]
    assert "clone ____" in notes["antibody against FAK"]


def test_nobody_comes_on_a_weekend():
    """From Wednesday, the third night would end on Saturday."""
    record = sheet(start="2026-11-25T09:00")
    days = {when(row["begin"])[:10] for row in record["schedule"] if row["kind"] == "hands_on"}
    assert not days & {"2026-11-28", "2026-11-29"}


def test_what_is_read_needs_no_figure_that_was_typed():
    for each in BLOT.files["protocol.md.j2"].splitlines():
        assert not re.search(r"\d\s?(µL|uL|mL)\b", re.sub(r"\{[{%].*?[%}]\}", "", each)), each


def test_a_plate_of_an_assay_is_left_over_only_where_there_was_one() -> None:
    assert ["BCA plate" in {item["name"] for item in sheet(lysis=branch)["leftovers"]} for branch in "ABC"] == [False, True, False]


# --- times ------------------------------------------------------------------------------------------------------------------------


def rows_of(record: dict[str, Any], title: str, kind: str = "hands_on") -> list[dict[str, Any]]:
    number = step(record, title)["number"]
    return [row for row in record["schedule"] if (row["step"], row["kind"]) == (number, kind)]


def test_each_dish_is_lysed_an_hour_after_its_own_drug() -> None:
    """3 min a dish, then 60 min: the first is treated at 9:00 to 9:03 and lysed from 10:03 on, and each 3 min after the one before."""
    for lysis in ("A", "B", "C"):
        record = sheet(samples="12", lysis=lysis)
        (treat,), (harvest,) = rows_of(record, "Treat"), rows_of(record, "Harvest")
        assert [(row["times"], row["every"]["text"]) for row in (treat, harvest)] == [(14, "3 min"), (14, "3 min")]  # 12 and 2 controls
        begun = [re.fullmatch(r"P(\d+)DT(\d+)H(\d+)M", when(row["begin"])) for row in (treat, harvest)]
        minutes = [int(found[1]) * 1440 + int(found[2]) * 60 + int(found[3]) for found in begun if found]
        assert minutes[1] - minutes[0] == 63
        assert "each 60 min after its own drug" in step(record, "Harvest")["markdown"]
    grown = {n: [w["message"] for w in sheet(samples=n)["warnings"] if "the wait after 'Treat' grows" in w["message"]] for n in ("19", "20", "96")}
    assert (len(grown["19"]), len(grown["20"]), len(grown["96"])) == (0, 1, 1)  # with 2 controls 20 x 3 min are the 60 min until the first is lysed
    assert "up to 21 tubes at a time keep it" in grown["96"][0]


@pytest.mark.parametrize("begin", ["2026-11-23T09:00", "2026-11-25T13:00", "2026-11-26T08:00"])
@pytest.mark.parametrize("samples", ["1", "12"])
def test_no_membrane_lies_longer_in_its_antibody_than_the_protocol_says(begin: str, samples: str) -> None:
    record = sheet(samples=samples, start=begin)
    for target in ("pFAK-Y397", "FAK", "GAPDH"):
        put = datetime.fromisoformat(when(rows_of(record, f"Primary antibody: {target}")[-1]["end"]))
        off = datetime.fromisoformat(when(rows_of(record, f"Wash off the primary: {target}")[0]["begin"]))
        assert timedelta(hours=12) <= off - put <= timedelta(hours=18), target


@pytest.mark.parametrize("day", [23, 24, 25, 26])
@pytest.mark.parametrize("samples", ["1", "6"])
def test_a_transfer_overnight_ends_on_a_working_morning(day, samples):
    """Monday to Thursday; 15 h to 17 h from an afternoon end in the night or at 08:00 of the next day: never over a weekend."""
    record = sheet(start=f"2026-11-{day}T09:00", blotting="overnight", samples=samples)
    step = {each["title"]: each["number"] for each in record["steps"]}
    begin = {title: next(row for row in record["schedule"] if row["step"] == step[title]) for title in ("Transfer", "Stain total protein")}
    put_in = datetime.fromisoformat(when(begin["Transfer"]["end"]))
    taken_out = datetime.fromisoformat(when(begin["Stain total protein"]["begin"]))
    assert (taken_out.date() - put_in.date()).days == 1
    assert timedelta(hours=15) <= taken_out - put_in <= timedelta(hours=18)
    assert taken_out.hour == 8
