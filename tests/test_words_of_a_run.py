"""What the packaged sheets say about this run: its own targets, drugs, gels and buffers, and nothing that belongs to another one."""

from __future__ import annotations

import json
import re
import shlex

import pytest

from benchsheet import library
from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.formats.text import format_text
from benchsheet.repipette import replay
from tests.records import record_of, step


def words(protocol: str, **values: str) -> str:
    """Return the sheet as text on one line, without its command and the works that it cites."""
    sheet = " ".join(format_text(record_of(protocol, tuple(values.items()))).split())
    return re.sub(r" REFERENCES .*?(?= (PLATE|LANE) MAPS |$)", "", sheet.split(" Version ")[1])


RUNS: list[tuple[str, dict[str, str]]] = [
    ("western-blot", {"targets": "pERK,ERK,GAPDH"}),
    ("western-blot", {"targets": "pAKT-S473,AKT", "loading_control": "total protein", "lysis": "B"}),
    ("western-blot", {"targets": "EGFR,GAPDH", "lysis": "C", "culture": "in matrix", "gel_volume": "50 uL"}),
    ("co-ip", {"bait": "EGFR", "partner": "MET"}),
    ("co-ip", {"bait": "HER2", "partner": "AXL", "known_partner": "EGFR", "reciprocal": "yes"}),
    ("srb", {"compounds": "lapatinib"}),
    ("srb", {"compounds": "trametinib; osimertinib"}),
]


@pytest.mark.parametrize(("protocol", "values"), RUNS)
def test_a_run_without_fak_reads_nothing_about_fak(protocol: str, values: dict[str, str]) -> None:
    assert re.search(r"FAK|Y397|paxillin|p130Cas", words(protocol, **values)) is None


@pytest.mark.parametrize(("protocol", "values"), [*RUNS, ("co-ip", {"matrix": "magnetic"}), ("co-ip", {"ip_buffer": "CHAPS", "ahead": "1 h"})])
def test_no_quantity_is_printed_as_its_author_typed_it(protocol: str, values: dict[str, str]) -> None:
    """As `2 uL` in place of `2 µL`."""
    assert re.search(r"\d (u[LgM]|deg[CF])\b", words(protocol, **values)) is None


@pytest.mark.parametrize(
    ("gel", "more", "strength"),  # 2x beside 100 of 100 + 100 µL, 80 of 80 + 50 µL; 4x beside 340 of 340 + 1000 µL
    [("100 uL", {}, "1x"), ("50 uL", {"lysis_volume": "80 uL"}, "1.23x"), ("1 mL", {}, "1.01x")],
)
def test_gel_and_buffer_are_called_what_they_come_to(gel: str, more: dict[str, str], strength: str) -> None:
    sheet = words("western-blot", lysis="C", culture="in matrix", gel_volume=gel, cells_at_lysis="5e6 cells", **more)
    assert f"and mix: together they are {strength}." in sheet


def test_gels_are_compared_set_by_set_where_each_target_has_its_own() -> None:
    """12 samples on 2 gels a target: r is not on one gel, and gel 2 has no total protein."""
    apart, one, many = (words("western-blot", **values) for values in ({"strip": "no"}, {}, {"samples": "37"}))
    assert "multiply r of the second set by r of the bridge on the first" in apart
    assert "gel 2 by" not in apart
    assert "multiply r of gel 2 by r of the bridge on gel 1 ÷ r of the bridge on gel 2" in one
    assert "multiply r of another gel by r of the bridge on gel 1 ÷ r of the bridge on that gel" in many


def test_a_target_without_a_pair_is_read_too() -> None:
    sheet = words("western-blot", targets="pFAK-Y397,FAK,HER2", loading_control="total protein")
    assert "Of HER2, without a pair: r = signal ÷ total protein stain of the same membrane." in sheet
    assert "without a pair" not in words("western-blot")


@pytest.mark.parametrize(
    "values",
    [
        {"strip": "no", "targets": "pFAK-Y397,FAK,HER2,pERK,GAPDH"},
        {"lysis_volume": "20 uL"},
        {"lysis": "C", "lysis_volume": "30 uL", "strip": "no"},
        {"lysis": "B", "samples": "2", "strip": "no", "targets": "pFAK-Y397,FAK,HER2,pERK,ERK,GAPDH", "protein": "1.2; 1.3 mg/mL"},
    ],
)
def test_a_lysate_that_runs_out_is_told_with_a_way_out_that_works(values: dict[str, str]) -> None:
    with pytest.raises(ProtocolError) as caught:
        render(library.load_source("western-blot"), values)
    assert "of each lysate" in str(caught.value)
    option, amount = shlex.split(str(caught.value.hint).split(" at most")[0])
    eased = {**values, option.removeprefix("--").replace("-", "_"): amount}
    assert replay(json.dumps(render(library.load_source("western-blot"), eased))).wrong == []


def test_three_probes_on_membranes_of_their_own_take_a_third_of_each_eluate() -> None:
    """40 µL and the 12 of the bed are 52: 13.33 µL are 25.6 %, and 4 % ÷ 25.6 % is 0.156."""
    record = record_of("co-ip", (("known_partner", "paxillin"), ("blot_strip", "no")))
    assert replay(json.dumps(record)).wrong == []
    assert record["counts"]["blot.gel"] == 3
    read = step(record, "Read the co-IP")["markdown"]
    assert "25.6 %" in read
    assert "× 0.156" in read
    assert "for each of 3 blots" in step(record, "Set aside input and split")["markdown"]


def test_a_control_that_carries_hrp_needs_no_secondary() -> None:
    """Neither its host nor the lab's secondaries against it matter: nothing is said of them."""
    hosts = {"hosts": "pFAK-Y397: rabbit; FAK: rabbit", "control_by": "its own label"}
    assert "not every primary's host" not in words("western-blot", **hosts)
    mouse = {**hosts, "hosts": "pFAK-Y397: rabbit; FAK: rabbit; GAPDH: mouse IgG2b"}
    assert "GAPDH is from mouse" not in words("western-blot", **mouse)
    assert "GAPDH is from mouse" in words("western-blot", hosts=mouse["hosts"])


@pytest.mark.parametrize(("seeded", "cells"), [("2250 cells", "67 500 cells"), ("1000 cells", "30 000 cells")])
def test_a_sister_plate_is_seeded_as_densely(seeded: str, cells: str) -> None:
    """A 6-well has 9.6 cm², a 96-well 0.32: thirty times as much."""
    assert f"({cells} a well)" in words("srb", seeded=seeded).replace("\u202f", " ")


def test_the_lower_pieces_take_hands_too() -> None:
    """2 membranes and 2 lower pieces, 5 min each."""
    record = record_of("western-blot", (("control_by", "cutting"),))
    assert [each["hands_on"]["total"]["value"] for each in record["steps"] if each["title"] == "Primary antibody"] == [20]


def test_a_dish_is_not_a_lane_of_a_gel() -> None:
    """Two samples and two controls in dishes, and one gel: its map alone has lanes."""
    sheet = words("western-blot", vessel="100 mm", samples="veh,drug")
    dishes, lanes = sheet.split(" LANE MAPS ")
    for name in ("dish 1", "dish 2", "control 1", "control 2"):
        assert f"100 mm dish: {name} " in dishes.split(" PLATE MAPS ")[1]
    assert "100 mm dish" not in lanes
    assert "6-well plate: plate 1 " in words("western-blot")


def test_a_co_ip_on_other_days_says_how_many_to_seed() -> None:
    """72.5 to 72.75 h at 24 h: 8.8e6 × 0.85 ÷ 0.85 ÷ 2^((72.625 − 12) ÷ 24) = 1.527e6, told with three figures; no dish is more than full."""
    warned = " ".join(format_text(render(library.load_source("co-ip"), {}, start="2026-12-04T08:00")).split())
    assert "would be 100 % full: seed about 1 520 000 cells for these hours" in warned.replace("\u202f", " ")


@pytest.mark.parametrize(
    ("name", "values", "start"),
    [
        ("co-ip", {}, "2026-12-04T08:00"),
        ("western-blot", {"doubling": "31 h"}, "2026-11-26T09:00"),
        ("western-blot", {"lysis": "C", "samples": "5", "load": "7 uL", "cells_at_lysis": "3000000 cells"}, ""),
        ("srb", {"exposure": "168 h", "seeded": "1234 cells"}, ""),
        ("srb", {"cell_line": "KP", "seeded": "1011 cells"}, ""),
    ],
)
def test_an_estimate_of_cells_has_three_figures_at_most(name: str, values: dict[str, str], start: str) -> None:
    text = " ".join(format_text(render(library.load_source(name), values, start=start)).replace("\u202f", "").replace("\u00a0", " ").split())
    told = re.findall(r"about (\d[\d ]*\d) (?:cells|a well)", text)
    assert told
    assert [each for each in told if len(each.replace(" ", "").rstrip("0")) > 3] == []
