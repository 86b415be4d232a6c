"""The co-IP sheet against a calculator: tubes, lysate and lanes by hand, all tubes alike, and every check provoked."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchsheet import library
from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.formats.text import format_text
from benchsheet.lab import parse_profile
from benchsheet.protocol.source import Source
from benchsheet.repipette import replay
from tests.records import batching, step, volume, wells_of, when

CO_IP = library.load_source("co-ip")
FOUR = {"samples": "4", "protein": "1.8; 2.1; 2.4; 1.9 mg/mL"}


def sheet(source: Source = CO_IP, /, **plan: str) -> Any:
    """Return the record as data read from its JSON, replayed."""
    written = json.dumps(render(source, plan))
    assert replay(written).wrong == []
    record: Any = json.loads(written)
    return record


def told(**plan: str) -> str:
    with pytest.raises(ProtocolError) as error:
        render(CO_IP, plan)
    return str(error.value)


def got(record: Any, where: str, component: str) -> list[Fraction]:
    """Return the nL of *component*'s reagent that each place of the vessel *where* got, in their order."""
    found = {}
    for each in record["steps"]:
        for o in each["operations"]:
            if o.get("reagent") == component:
                for place in o["to"]:
                    if place.startswith(where + "/"):
                        found[place] = volume(o["each"])
    return list(found.values())


def codes(record: Any, level: str) -> set[str]:
    return {warning["code"] for warning in record["warnings"] if warning["level"] == level}


def altered(file: str, pattern: str, by: str) -> Source:
    """Return the protocol as an author would have changed it."""
    words, changed = re.subn(pattern, lambda _: by, CO_IP.files[file], count=1)
    assert changed, pattern
    return replace(CO_IP, files={**CO_IP.files, file: words})


# --- tubes, lysate, lanes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("samples", [1, 2, 3, 4, 7, 12, 24])
@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize("reciprocal", [True, False])
def test_tubes_lanes_and_lysate_follow_from_the_conditions(samples: int, alone: bool, reciprocal: bool) -> None:
    """Tubes: conditions x (IPs + isotypes) + beads alone. Lanes: these, an input each, an unbound an IP."""
    record = sheet(samples=str(samples), beads_only="yes" if alone else "no", reciprocal="yes" if reciprocal else "no")
    derived = {name: item["text"] for name, item in record["derived"].items()}
    ips = 2 if reciprocal else 1
    tubes = samples * ips * 2 + alone
    assert record["counts"]["tube"] == tubes
    assert derived["lanes"] == str(tubes + samples * (1 + ips))
    assert derived["loads"] == str(math.ceil(tubes / 24))
    need = Fraction(500 * 2 * ips + 51 + Fraction(500 * alone, samples)) * 103 / 100
    made = volume(step(record, "Pre-clear")["operations"][-1]["each"])
    assert math.ceil(need / 10) * 10**4 - made == pytest.approx(5000, abs=1000)  # 5 µL stay in the tube
    shared = [o for o in step(record, "Set aside input and split")["operations"] if "alone/tube" in o["to"]]
    assert len(shared) == (samples if alone else 0)
    assert all(abs(volume(o["total"]) - Fraction(500_000, samples)) <= 500 for o in shared)


def test_every_ip_and_isotype_gets_the_same_lysate_beads_and_buffer() -> None:
    record = sheet(**FOUR, reciprocal="yes", ip_mass="400 ug")
    moved: dict[str, Fraction] = {}
    for o in step(record, "Set aside input and split")["operations"]:
        for place in o["to"]:
            if o["op"] == "transfer" and place.partition("/")[0] in {"IP", "isotype", "reciprocal", "reciprocal-isotype"}:
                moved[place] = volume(o["each"])
    assert len(moved) == 16
    assert set(moved.values()) == {400_000}
    tubes = ["IP", "isotype", "reciprocal", "reciprocal-isotype", "alone"]
    assert [{*got(record, where, "slurry")} for where in tubes] == [{40_000}] * 5
    assert [{*got(record, where, "2x SDS sample buffer")} for where in tubes] == [{40_000}] * 5
    assert got(record, "alone", "antibody") == got(record, "alone", "isotype") == []


def test_antibody_and_isotype_are_the_same_mass_from_stocks_of_their_own() -> None:
    """3 µg: 6 µL of 0.5 mg/mL, 1.2 µL of 2.5 mg/mL, 15 µL of 0.2 mg/mL."""
    record = sheet(antibody_mass="3 ug", antibody_stock="0.5 mg/mL", isotype_stock="2.5 mg/mL", reciprocal="yes", reciprocal_stock="0.2 mg/mL")
    assert got(record, "IP", "antibody") == [6000, 6000]
    assert got(record, "isotype", "isotype") == [1200, 1200]
    assert got(record, "reciprocal", "reciprocal") == [15000, 15000]
    assert got(record, "reciprocal-isotype", "reciprocal isotype") == [1200, 1200]


@pytest.mark.parametrize("found", ["1.8; 2.1; 2.4; 1.9 mg/mL", "1; 1; 1; 1 mg/mL", "0.66; 5; 1.1; 12 mg/mL"])
def test_all_lysates_hold_the_same_protein_after_they_were_brought_down(found: str) -> None:
    """V x c of each lysate is the mass of the thinnest, or 1 mg/mL of all, within 2 %."""
    record = sheet(samples="4", protein=found)
    strengths = [float(word) for word in found.removesuffix(" mg/mL").split("; ")]
    even = min(1, *strengths)
    work = step(record, "Bring to one concentration")
    taken = [volume(o["each"]) for o in work["operations"] if o["op"] == "transfer"]
    aside = math.ceil(500 / even * 0.1 + 1 - 1e-9)  # 5 % for each of two blots
    whole = math.ceil((500 / even * 2.25 + aside) * 1.03 / 10 - 1e-9) * 10**4
    assert [float(amount) * c / whole for amount, c in zip(taken, strengths, strict=True)] == pytest.approx([even] * 4, rel=0.02)
    assert {claim["component"] for claim in work["claims"]} == {"protein"}


def test_what_is_not_measured_is_a_blank_and_the_formula() -> None:
    record = sheet(samples="4")
    words = step(record, "Bring to one concentration")["markdown"].replace("\\", "")
    assert words.count("____ = 1.22 mg ÷ protein") == 1
    assert words.count("| ____ | to 1.22 mL |") == 4
    assert step(record, "Measure protein")["markdown"].count("\\_\\_\\_\\_") == 4


def test_the_input_is_set_aside_after_the_pre_clear_and_before_the_antibody() -> None:
    titles = [each["title"] for each in sheet()["steps"]]
    assert titles.index("Pre-clear") < titles.index("Set aside input and split") < titles.index("Antibody") < titles.index("Beads")


@pytest.mark.parametrize(
    ("gel", "percent", "loaded"), [("mini-10", "4 %", "27.8 µL"), ("midi-14", "5 %", "34.8 µL"), ("mini-12", "2.5 %", "17.4 µL")]
)
def test_the_input_says_what_of_it_is_loaded(gel: str, percent: str, loaded: str) -> None:
    """An IP is 522 µL: 4 % and a third are 27.84 in 30 µL, 5 % are 34.8 in 45 µL, 2.5 % are 17.4 in 20 µL."""
    words = step(sheet(gel=gel), "Line up the lanes")["markdown"].replace("\u202f", " ").replace("\xa0", " ")
    assert f"- input: **{loaded}**, {percent} of an IP" in words


def test_input_and_unbound_of_one_share_have_one_volume() -> None:
    """For two blots 51 µL of 500 and 43 µL of 522: 51 x (522 / 500 x 4 / 3 - 1) = 19.99 µL of 4x buffer, and 43 / 3 = 14.33 µL; P20 steps of 0.02."""
    record = sheet(**FOUR)
    assert got(record, "input", "4x SDS sample buffer") == [20_000] * 4
    assert got(record, "unbound", "4x SDS sample buffer") == [14_340] * 4


def gels(record: Any) -> list[list[str]]:
    """Return what the lanes of each gel hold, in their order."""
    return [[spot["role"] for spot in wells_of(plate).values()] for plate in record["plates"] if plate["vessel"] == "blot.gel"]


def test_the_lanes_of_a_condition_stand_side_by_side_under_their_names() -> None:
    """17 lanes and a ladder are the 18 wells of a midi gel."""
    (lanes,) = gels(sheet(samples="a,b,c,d", partner="EGFR"))
    each = [f"{what} {name}" for name in "abcd" for what in ("input", "unbound", "isotype", "FAK IP")]
    assert lanes == ["ladder", *each, "beads alone"]


@pytest.mark.parametrize(
    ("plan", "lanes", "gel"),
    [
        ({}, 9, "mini-10"),
        ({"samples": "3", "beads_only": "no"}, 12, "midi-18"),
        ({"samples": "4"}, 17, "midi-18"),
        ({"samples": "2", "reciprocal": "yes"}, 15, "midi-18"),
    ],
)
def test_the_gel_is_one_that_holds_every_lane_and_a_ladder(plan: dict[str, str], lanes: int, gel: str) -> None:
    """Four lanes a condition, seven with the reciprocal IP, one of beads alone; on one membrane, since only that compares."""
    record = sheet(**plan)
    assert record["parameters"]["gel"]["text"] == gel
    (found,) = gels(record)
    assert len([lane for lane in found if lane not in ("ladder", "empty")]) == lanes
    assert "one-membrane" not in codes(record, "W")


def test_a_lab_without_a_midi_tank_gets_minis_and_is_told_that_membranes_do_not_compare() -> None:
    lab = parse_profile("tanks:\n  - {name: mini tank, format: mini, gels: 4, count: 1, buffer: {2: 700 mL, 4: 1 L}}\n", "my-lab.yml")
    record = render(CO_IP, {"samples": "4"}, lab)
    assert record["parameters"]["gel"]["text"] == "mini-10"
    assert "one-membrane" in codes(record, "W")


def test_the_hosts_of_the_probes_are_told_to_the_blot() -> None:
    """HER2 (185 kDa) and FAK (125 kDa), both of a rabbit, on a strip that is probed twice; and with hosts apart nothing is said."""
    assert "hosts-unknown" in codes(sheet(), "N")
    told_of = sheet(blot_hosts="HER2: rabbit; FAK: mouse IgG1", blot_primary_dilution="FAK: 500 fold")
    assert "hosts-unknown" not in codes(told_of, "N")
    names = [reagent["name"] for reagent in told_of["reagents"]]
    assert {"secondary antibody for HER2, anti-rabbit, HRP 1:5000", "secondary antibody for FAK, anti-mouse, HRP 1:5000"} <= set(names)
    assert "primary antibody, FAK 1:500" in names
    assert told(blot_hosts="HER2: rabit").startswith("--blot-hosts: 'rabit'")
    assert "'AKT' is not among the targets" in told(blot_hosts="AKT: rabbit")


@pytest.mark.parametrize("plan", [{"samples": "12"}, {"samples": "5", "beads_only": "no"}, {"samples": "3", "reciprocal": "yes", "gel": "midi-14"}])
def test_no_gel_parts_a_condition(plan: dict[str, str]) -> None:
    found = gels(sheet(**plan))
    assert len(found) > 1
    for lanes in found:
        names = [lane.rpartition("sample ")[2] for lane in lanes if "sample " in lane]
        assert all(names.count(name) == (7 if "reciprocal" in plan else 4) for name in names)
        assert lanes.count("bridge") == 0  # between membranes of precipitates nothing is compared


@pytest.mark.parametrize("plan", [{}, {"elution": "60 uL"}, {"elution": "20 uL"}, {"input_percent": "1 %"}, {"gel": "mini-12"}])
def test_every_lane_gets_as_much(plan: dict[str, str]) -> None:
    """What is less is made up with sample buffer, and no tube has to give what it does not hold."""
    record = sheet(**plan)
    (load,) = (o for o in step(record, "Load and run the gel")["operations"] if o["to"] == ["blot.gel/sample 1"])
    for vessel in record["vessels"]:
        if vessel["id"] == "ready":
            assert all(volume(group["volume"]) < 500 for group in vessel["groups"])  # half a microlitre is left at most
    assert volume(load["each"]) >= 13_300


def test_partner_is_probed_before_bait() -> None:
    titles = [each["title"] for each in sheet(partner="EGFR")["steps"]]
    assert titles.index("Primary antibody: EGFR") < titles.index("Primary antibody: FAK")
    assert titles.index("Elute") < titles.index("Line up the lanes") < titles.index("Load and run the gel")


# --- the bench --------------------------------------------------------------------------------------------------------


def test_an_odd_load_is_balanced_and_loads_are_even_in_size() -> None:
    """5 tubes are one load with a balance tube; 25 are 13 and 12; 8 lysates need none."""
    assert batching(step(sheet(), "Wash the beads")) == "in one batch, balanced with a tube of as much water"
    assert (
        batching(step(sheet(samples="12"), "Wash the beads"))
        == "in 2 batches: 1 of 13, 1 of 12, all of one sample in the same batch, each odd one balanced with a tube of as much water"
    )
    assert batching(step(sheet(samples="4"), "Clear")) == "in one batch"


def test_the_rotor_is_that_of_the_lab() -> None:
    """9 tubes in 7 places, of which 6 can be balanced, are 5 and 4; 8 lysates are 4 and 4."""
    lab = parse_profile("equipment:\n  rotor: {name: small rotor, places: 7, radius: 7 cm}\n", "lab.yml")
    record = json.loads(json.dumps(render(CO_IP, {"samples": "4"}, lab)))
    assert record["derived"]["loads"]["text"] == "2"
    words = "in 2 batches: 1 of 5, 1 of 4, all of one sample in the same batch, each odd one balanced with a tube of as much water"
    assert batching(step(record, "Wash the beads")) == words
    assert batching(step(record, "Clear")) == "in 2 batches of 4"


def test_magnetic_beads_are_not_spun() -> None:
    record = sheet(matrix="magnetic")
    for title in ("Pre-clear", "Pellet and keep unbound", "Wash the beads"):
        assert "× g" not in step(record, title)["markdown"]
        assert step(record, title)["equipment"] in ("", "rotator")
    assert "2500 × g" in step(sheet(), "Pellet and keep unbound")["markdown"]


def test_a_day_is_enough_with_two_hours_of_antibody() -> None:
    """One condition, no beads alone, from lysis to eluate: the sheet of the field says 6.5 h, and 8 h allowed."""
    record = sheet(samples="1", beads_only="no", incubation="same day")
    number = step(record, "Wash and lyse")["number"]
    last = step(record, "Elute")["number"]
    rows = [row for row in record["schedule"] if number <= row["step"] <= last]

    def minutes(moment: str) -> int:
        days, hours, rest = (int(part) for part in re.fullmatch(r"P(\d+)DT(\d+)H(\d+)M(?:\d+S)?", moment).groups())  # type: ignore[union-attr]
        return days * 1440 + hours * 60 + rest

    assert 6 * 60 <= max(minutes(when(row["end"])) for row in rows) - min(minutes(when(row["begin"])) for row in rows) <= 8 * 60


def test_fluoride_and_acid_in_one_stream_are_told() -> None:
    """An author who rinses beads with acetic acid into the lysate waste would set hydrogen fluoride free."""
    acid = altered("protocol.yml", "  PBS: {recipe: PBS", "  rinse: {recipe: 1 % acetic acid}\n  PBS: {recipe: PBS").files["protocol.yml"]
    rinse = '{{ wash("rinse", "300 uL/tube", of="precleared/condition", to="lysate waste") }} and take off all liquid. Give the lysate onto'
    steps = altered("protocol.md.j2", "Give the lysate onto", rinse).files["protocol.md.j2"]
    record = sheet(replace(CO_IP, files={**CO_IP.files, "protocol.yml": acid, "protocol.md.j2": steps}))
    assert any("hydrogen fluoride" in warning["message"] for warning in record["warnings"])
    assert not any("hydrogen fluoride" in warning["message"] for warning in sheet()["warnings"])


def test_lysate_waste_holds_fluoride_and_is_kept_from_acid_and_bleach() -> None:
    streams = [stream for stream in sheet()["waste"] if stream["stream"] == "lysate waste"]
    assert any("NaF" in stream["components"] for stream in streams)
    assert all("never acid, never bleach" in stream["disposal"] for stream in streams)


@pytest.mark.parametrize("buffer", ["EDTA-free", "NP-40", "CHAPS"])
def test_vanadate_is_in_no_buffer_with_edta(buffer: str) -> None:
    record = sheet(ip_buffer=buffer)
    taken = {reagent["id"] for reagent in record["reagents"]}
    assert ("0.5 M EDTA" in taken) == (buffer == "NP-40")
    assert ("200 mM Na3VO4" in taken) == (buffer != "NP-40")
    assert not taken & {"10 % deoxycholate", "0.5 M EGTA"}


def test_chaps_is_three_per_mille() -> None:
    """A tenth of x mL holds 0.3 % of x: 3 parts in 100 of a 10 % stock."""
    record = sheet(ip_buffer="CHAPS")
    (plain,) = (made for made in record["preparations"] if made["id"] == "CHAPS plain")
    parts = {part["reagent"]: volume(part["amount"]) for part in plain["components"]}
    assert parts["10 % CHAPS"] / volume(plain["volume"]) == pytest.approx(0.03, rel=0.01)


# --- checks, each provoked --------------------------------------------------------------------------------------------

REFUSED = {
    "no-isotype": ({"isotype": "no"}, "--isotype", "a plan without an isotype control"),
    "antibody-drug": ({"treatment": "trastuzumab"}, "--treatment", "small-molecule inhibitor"),
    "ferm": ({"ip_epitope": "FERM"}, "--ip-epitope", "C-terminal half or the kinase domain"),
    "phospho-ip": ({"ip_epitope": "pY397"}, "--ip-epitope", "total protein"),
    "antibody-amount": ({"antibody_strength": "20 ug/mL"}, "--antibody-strength", "10 µg of antibody an IP"),
    "two-amounts": ({"antibody_strength": "4 ug/mL", "antibody_mass": "3 ug"}, "--antibody-mass", "are 2 µg, and 3 µg an IP are told"),
    "same-protein": ({"bait": "HER2"}, "--bait", "one protein"),
    "same-known": ({"known_partner": "pFAK-S910"}, "--known-partner", "another protein"),
    "no-such-epitope": ({"bait": "STAT3", "ip_epitope": "kinase domain"}, "--ip-epitope", "STAT3 has no kinase domain"),
    "antibody-in-name": ({"samples": "vehicle,trastuzumab"}, "--samples", "small-molecule inhibitor"),
    "deoxycholate": ({"ip_buffer": "RIPA"}, "--ip-buffer", "deoxycholate"),
    "chicken": ({"ip_host": "chicken"}, "--ip-host", "IgY"),
    "a-rat-goat": ({"ip_host": "rat", "beads": "A"}, "--ip-host", "rat IgG"),
    "a-mouse-one": ({"ip_host": "mouse IgG1", "beads": "A"}, "--ip-host", "weakly"),
    "masked-same-host": ({"partner": "AKT", "probe_host": "same host"}, "--partner", "50 and 25 kDa"),
    "azide-hrp": ({"quench": "azide"}, "--quench", "peroxide"),
    "one-large-dish": ({"vessel": "150 mm", "dishes": "3"}, "--vessel", "--dishes 1"),
    "too-thin": ({"protein": "0.3; 2 mg/mL"}, "--protein", "0.5 mg/mL"),
    "too-little": ({"protein": "1; 2 mg/mL", "beads_only": "no"}, "--protein", "420 µg an IP at most"),
    "too-large": ({"ip_mass": "1000 ug", "normalise_to": "0.6 mg/mL"}, "--ip-mass", "720 µg"),
    "lane-too-small": ({"gel": "mini-15"}, "--gel", "15 µL"),
}
SAID = {
    "ferm-other": ("W", {"ip_epitope": "FERM", "partner": "EGFR"}),
    "edta-vanadate": ("W", {"ip_buffer": "NP-40"}),
    "egta-bca": ("N", {}),
    "weak-detergent": ("W", {"ip_buffer": "CHAPS"}),
    "g-rabbit": ("N", {"beads": "G"}),
    "igg-chains": ("W", {"partner": "pAKT-S473"}),
    "chain-rim": ("W", {"partner": "ERK"}),
    "receptor-tail": ("W", {"bait": "EGFR", "partner": "FAK", "ip_epitope": "C-terminal"}),
    "focal-targeting": ("W", {"partner": "paxillin"}),
    "above-expected": ("W", {"normalise_to": "1.5 mg/mL"}),
    "bead-dose": ("W", {"matrix": "magnetic", "slurry": "100 uL"}),
    "no-known-complex": ("N", {}),
    "no-complex-named": ("N", {"bait": "EGFR"}),
    "same-host": ("N", {"probe_host": "same host"}),
    "brought-down": ("W", {"protein": "0.75; 2 mg/mL"}),
    "tight-dishes": ("N", {"beads_only": "no"}),
    "short-dishes": ("W", {"beads_only": "no", "ip_mass": "800 ug"}),
    "rotator-full": ("W", {"samples": "10"}),
    "one-membrane": ("W", {"samples": "3", "gel": "mini-10"}),
    "many-beads": ("N", {"slurry": "61 uL"}),
    "input-cut": ("N", {}),
    "one-blot": ("N", {}),
    "smears": ("W", {"elute_at": "95 °C"}),
    "one-condition": ("N", {"samples": "1"}),
    "two-blots": ("W", {"blot_strip": "no"}),
    "late-lysis": ("W", {"samples": "9"}),
}
QUIET = {"known_partner": "beta-catenin", "beads": "G", "ip_host": "mouse IgG1", "gel": "midi-14", "ip_buffer": "CHAPS"}


def test_every_check_of_the_protocol_is_provoked_here() -> None:
    spec = CO_IP.files["protocol.yml"].split("\nchecks:\n")[1].split("\ntotals:")[0]
    assert set(re.findall(r"^  ([a-z-]+): \{", spec, re.MULTILINE)) == set(REFUSED) | set(SAID)


@pytest.mark.parametrize("code", list(REFUSED))
def test_a_plan_is_refused_with_its_reason_and_a_way_out(code: str) -> None:
    plan, option, words = REFUSED[code]
    message = told(**plan)
    assert option in message
    assert words in message
    assert "hint: " in message


@pytest.mark.parametrize("code", list(SAID))
def test_a_plan_is_told_of_and_not_where_it_does_not_hold(code: str) -> None:
    level, plan = SAID[code]
    assert code in codes(sheet(**plan), level)
    if code not in {"one-blot", "weak-detergent"}:
        assert code not in codes(sheet(**QUIET), level)


def test_the_most_that_a_thin_lysate_gives_is_taken() -> None:
    """1 mg/mL: 930 µL less 10 µL of rounding over (2 + 51 / 500) x 1.03 is 424.9 µg an IP: 420 is made a sheet for, and 460 is not."""
    plan = {"protein": "1; 2 mg/mL", "beads_only": "no"}
    assert sheet(**plan, ip_mass="420 ug")
    assert "420 µg an IP at most" in told(**plan, ip_mass="460 ug")


def test_the_works_behind_a_refusal_are_named_on_the_sheet_that_keeps_to_them() -> None:
    references = {each["key"] for each in sheet()["citations"]}
    assert {"cst_ip", "fisher_vessels"} <= references


@settings(max_examples=30, deadline=None)
@given(
    samples=st.integers(1, 6),
    dishes=st.integers(1, 4),
    mass=st.integers(20, 100),
    even=st.integers(50, 200),
    percent=st.integers(1, 10),
    lysis=st.integers(50, 200),
    alone=st.booleans(),
    reciprocal=st.booleans(),
    strip=st.booleans(),
    found=st.lists(st.integers(50, 900), min_size=6, max_size=6) | st.none(),
)
def test_any_plan_replays_or_is_refused_by_what_the_user_typed(samples, dishes, mass, even, percent, lysis, alone, reciprocal, strip, found) -> None:
    """Never at a line of the protocol: whoever renders it cannot mend that."""
    plan = {
        "samples": str(samples),
        "dishes": str(dishes),
        "ip_mass": f"{mass * 10} ug",
        "normalise_to": f"{even / 100} mg/mL",
        "input_percent": f"{percent} %",
        "lysis_volume": f"{lysis * 10} uL",
        "beads_only": "yes" if alone else "no",
        "reciprocal": "yes" if reciprocal else "no",
        "blot_strip": "yes" if strip else "no",
    }
    if found:
        plan["protein"] = "; ".join(str(each / 100) for each in found[:samples]) + " mg/mL"
    try:
        sheet(**plan)
        answer = ""
    except ProtocolError as error:
        answer = str(error)
    assert "protocols/co-ip" not in answer


@pytest.mark.parametrize("plan", [{"samples": "1"}, FOUR, {"samples": "12"}, {"samples": "24", "reciprocal": "yes", "matrix": "magnetic"}], ids=str)
def test_the_sheet_is_no_wider_than_eighty(plan: dict[str, str]) -> None:
    lines = format_text(render(CO_IP, plan)).splitlines()
    assert max(map(len, lines)) <= 80
    assert not any("-0" in line or re.search("− [0-9]", line) for line in lines)


@pytest.mark.parametrize("begin", ["2026-11-23T09:00", "2026-11-27T08:00"])
def test_no_lysate_and_no_membrane_lies_longer_in_an_antibody_than_the_protocol_says(begin: str) -> None:
    record = json.loads(json.dumps(render(CO_IP, {}, None, begin)))
    ends = {row["step"]: when(row["end"]) for row in record["schedule"] if row["kind"] == "hands_on"}
    starts: dict[int, str] = {}
    for row in record["schedule"]:
        starts.setdefault(row["step"], when(row["begin"]))
    overnight = [each["number"] for each in record["steps"] if each["title"].startswith(("Antibody", "Primary antibody"))]
    assert len(overnight) == 3
    for number in overnight:
        assert datetime.fromisoformat(starts[number + 1]) - datetime.fromisoformat(ends[number]) <= timedelta(hours=18)


def test_what_is_taken_off_the_beads_leaves_the_beads() -> None:
    """500 + 2 + 40 - 43 µL in an IP, 542 in an isotype, which gives no unbound, 540 in beads alone: each less 20 µL of beads."""
    work = step(sheet(reciprocal="yes"), "Wash the beads")
    words = work["markdown"].replace("\u202f", " ").replace("\xa0", " ")
    assert [line for line in words.splitlines() if line.startswith("- ")] == [
        "- IP: about **479 µL**",
        "- isotype: about **522 µL**",
        "- reciprocal IP: about **479 µL**",
        "- its isotype: about **522 µL**",
        "- beads alone: about **520 µL**",
    ]
    assert [volume(o["each"]) for o in work["operations"] if o["op"] == "remove"] == [479_000, 522_000, 479_000, 522_000, 520_000]


@pytest.mark.parametrize("buffer", ["EDTA-free", "NP-40", "CHAPS"])
def test_samples_and_standards_of_the_assay_hold_as_much_buffer(buffer: str) -> None:
    """20 µL of lysate and 80 µL of water, 240 µL of IP buffer and 960 µL of water: a fifth of the buffer in both."""
    held: dict[str, dict[str, Fraction]] = {}
    for o in step(sheet(samples="3", ip_buffer=buffer), "Measure protein")["operations"]:
        for place in o["to"]:
            held.setdefault(place, {})[o.get("reagent", o.get("from"))] = volume(o["each"])
    assert held["standards/tube"] == {f"{buffer} lysis": 240_000, "water": 960_000}
    assays = [list(parts.values()) for place, parts in held.items() if place.startswith("assay/")]
    assert assays == [[20_000, 80_000]] * 3
    # µg/mL of BSA in each standard, by what was put together
    strength = {"BSA standard": Fraction(2000), "standards/tube": Fraction(0)}
    for number in range(1, 10):
        parts = held[f"standard/standard {number}"]
        strength[f"standard/standard {number}"] = sum((strength[what] * amount for what, amount in parts.items()), Fraction()) / sum(parts.values())
    assert list(strength.values())[2:] == [2000, 1500, 1000, 750, 500, 250, 125, 25, 0]


@pytest.mark.parametrize(
    ("plan", "heat"),
    [
        ({}, "70 °C"),
        ({"bait": "EGFR", "partner": "FAK"}, "70 °C"),
        ({"partner": "paxillin"}, "95 °C"),
        ({"partner": "Src", "known_partner": "EGFR"}, "70 °C"),
        ({"partner": "pEGFR-Y1068"}, "70 °C"),
    ],
)
def test_receptors_that_smear_when_boiled_are_eluted_at_70_degrees(plan: dict[str, str], heat: str) -> None:
    assert f"at {heat}" in step(sheet(**plan), "Elute")["markdown"].replace("\u202f", " ").replace("\xa0", " ")


@pytest.mark.parametrize("told_of", [True, False])
def test_a_known_complex_is_a_control_and_a_gate_only_where_it_is_probed(told_of: bool) -> None:
    record = sheet(**({"known_partner": "paxillin"} if told_of else {}))
    assert ["known complex" in {each["name"] for each in record[part]} for part in ("controls", "gates")] == [told_of] * 2


def test_the_buffer_that_brings_lysates_down_is_made_with_fresh_pmsf() -> None:
    """1.35 mg of 1.8 and 2.1 mg/mL are 750 and 643 µL; 600 and 707 µL of buffer bring them to 1.35 mL."""
    record = sheet(protein="1.8; 2.1 mg/mL")
    assert got(record, "normalised", "EDTA-free renewed") == [600_000, 707_000]
    (made,) = [each for each in record["reagents"] if each["id"] == "EDTA-free renewed"]
    assert "PMSF does not last" in made["note"]


def test_each_dish_is_lysed_at_the_pace_at_which_it_was_treated() -> None:
    """4 min a dish, then 60 min: each is lysed 64 min after its treatment began; 15 x 4 min are the hour, so 16 dishes keep it."""
    for samples in ("1", "2", "8"):
        record = sheet(samples=samples)
        rows = [row for row in record["schedule"] if row["kind"] == "hands_on" and row["step"] in (2, 3)]
        assert [(row["times"], row["unit"]) for row in rows] == [(record["counts"]["dish"], "dish")] * 2
        assert {row["every"]["text"] for row in rows} == {"4 min"}
        minutes = [int(d) * 1440 + int(h) * 60 + int(m) for d, h, m in (re.findall(r"\d+", when(row["begin"])) for row in rows)]
        assert minutes[1] - minutes[0] == 64
        assert "late-lysis" not in codes(record, "W")
    assert "late-lysis" in codes(sheet(samples="9"), "W")


def test_a_lysate_rotates_no_longer_than_half_an_hour_or_the_sheet_says_why() -> None:
    """The last 15 min, each before it 4 min more: 27 min for the first of 4 dishes, 31 of 5."""
    assert "wait-grows" not in codes(sheet(), "W")
    (found,) = (w["message"] for w in sheet(samples="5", dishes="1", beads_only="no")["warnings"] if w["code"] == "wait-grows")
    assert "grows from 15 min to 31 min for the dish that waits longest" in found
    assert "up to 4 dishes at a time keep it" in found


def test_partner_and_bait_may_have_blots_of_their_own() -> None:
    """HER2 and EGFR are close in mass: the sheet says which option parts them, and with it there is enough for two lanes of each."""
    words = [warning["message"] for warning in sheet(bait="EGFR")["warnings"]]
    assert any("(--no-blot-strip)" in each for each in words)
    assert not any("--no-strip" in each for each in words)
    record = sheet(bait="EGFR", blot_strip="no")
    assert not any("closer than about" in each["message"] for each in record["warnings"])
    assert (record["counts"]["blot.gel"], record["counts"]["blot.membrane"]) == (2, 2)
    assert not any(each["title"].startswith("Strip") for each in record["steps"])
    for plan in ({}, {"reciprocal": "yes"}, {"elution": "60 uL"}, {"gel": "mini-12"}, {"samples": "5", "ip_mass": "800 ug", "dishes": "4"}):
        record = sheet(blot_strip="no", **plan)
        for vessel in record["vessels"]:
            if vessel["id"] == "ready":
                assert all(volume(group["volume"]) < 500 for group in vessel["groups"])


def test_hosts_that_are_told_count_against_the_ip_antibody() -> None:
    """AKT (60 kDa) runs under the heavy chain of the IP antibody, a rabbit's unless another is given."""
    assert "lights its chains" in told(bait="AKT", blot_hosts="AKT: rabbit")
    assert "lights its chains" in told(bait="AKT", blot_hosts="HER2: goat; AKT:rabbit")
    assert "lights its chains" in told(bait="AKT", ip_host="rat", blot_hosts="AKT: rat IgG2a")
    apart = sheet(bait="AKT", blot_hosts="AKT: mouse IgG1; HER2: rabbit")
    assert "igg-chains" not in codes(apart, "W")
    assert "igg-chains" in codes(sheet(bait="AKT", blot_hosts="HER2: goat"), "W")
    assert "igg-chains" in codes(sheet(bait="AKT"), "W")
    assert "same-host" in codes(sheet(blot_hosts="HER2: rabbit"), "N")
    assert "host of a probe that is not told" not in format_text(apart).replace("\n", " ")
    assert sheet(bait="AKT", blot_hosts="AKT: mouse IgG1", probe_host="same host")  # what is told comes first


def test_a_lysate_is_brought_down_to_no_less_than_is_taken_of_it() -> None:
    """5.2 mL at 0.55 mg/mL of 3.33 mg/mL are 859 µL and 4.341 mL, which no pipette of 1 µL steps gives in five strokes: 5 x 869 µL are enough."""
    plan = {"samples": "3", "dishes": "3", "ip_mass": "640 ug", "normalise_to": "0.55 mg/mL", "input_percent": "1 %", "lysis_volume": "1230 uL"}
    record = sheet(**plan, reciprocal="yes", protein="0.86; 0.86; 3.33 mg/mL")
    made = [each for each in record["preparations"] if each["table"] == "samples brought down"]
    taken = [o for o in step(record, "Pre-clear")["operations"] if o.get("from", "").startswith("normalised/")]
    assert len(made) == 3
    assert all(volume(each["volume"]) >= volume(o["each"]) for each in made for o in taken)
