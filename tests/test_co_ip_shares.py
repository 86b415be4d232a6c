"""What each lane of the co-IP holds of one IP, by a tracer of our own: it pours the Record's operations, and knows what beads hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchsheet import library
from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.lab import parse_profile
from tests.records import volume

CO_IP = library.load_source("co-ip")
PULLED = ("IP/", "isotype/", "reciprocal/", "reciprocal-isotype/", "alone/")
NO_P2 = parse_profile(
    "pipettes:\n  - {name: P20, from: 2 uL, to: 20 uL, step: 0.1 uL}\n  - {name: P200, from: 20 uL, to: 200 uL, step: 1 uL}\n"
    "  - {name: P1000, from: 200 uL, to: 1 mL, step: 5 uL, strokes: 5}\n"
    "  - {name: serological pipette, from: 5 mL, to: 50 mL, step: 0.1 mL}\n"
    "  - {name: cylinder, from: 50 mL, to: 1 L, step: 5 mL, strokes: 100}\ntrust: 2 uL\nleast: 2 uL\n",
    "lab.yml",
)


def record_of(lab: Any = None, **plan: str) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(json.dumps(render(CO_IP, plan, lab)))
    return record


def acts(record: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for each in record["steps"]:
        for act in each["operations"]:
            yield each["title"], act


def lane_shares(record: dict[str, Any], *, agarose: bool = True) -> dict[str, Fraction]:
    """Return what each tube for the lanes holds, as a part of the lysate of one IP.

    Of agarose slurry half is beads: no liquid that lysate mixes with, but it keeps 12 µL of each 20 of what is put onto it. A bed of magnetic
    beads is 2 µL, and keeps 2 µL.
    """
    held: dict[str, Fraction] = {}  # nL
    lysate: dict[str, Fraction] = {}  # parts of an IP
    shares: dict[str, Fraction] = {}
    whole = Fraction(0)
    for title, act in acts(record):
        if title == "Set aside input and split" and act["op"] == "transfer":
            each = volume(act["each"])
            for place in act["to"]:
                held[place] = held.get(place, Fraction(0)) + each
                lysate[place] = lysate.get(place, Fraction(0)) + each
                whole = each if place.startswith("IP/") else whole
        elif title == "Beads" and act.get("reagent") == "slurry":
            for place in act["to"]:
                beads = volume(act["each"]) / 2 if agarose else Fraction(2000)
                held[place] += volume(act["each"]) - beads
        elif title == "Elute" and act["op"] == "add":
            for place in act["to"]:
                held[place] = volume(act["each"]) + bed_liquid(record, place, agarose=agarose)
                lysate[place] = whole
        elif act["op"] == "add":
            for place in act["to"]:
                if place in held:
                    held[place] += volume(act["each"])
        elif act["op"] == "transfer" and act["from"] in held and title in ("Pellet and keep unbound", "Line up the lanes"):
            (place,) = act["to"]
            part = volume(act["each"]) / held[act["from"]]
            if title == "Line up the lanes":
                shares[place] = part * lysate[act["from"]] / whole
            else:
                held[place], lysate[place] = volume(act["each"]), part * lysate[act["from"]]
    return shares


def bed_liquid(record: dict[str, Any], place: str, *, agarose: bool) -> Fraction:
    """Return the nL that the beads of a tube keep: 12 µL of 20 µL settled."""
    (slurry,) = (volume(act["each"]) for title, act in acts(record) if title == "Beads" and act.get("reagent") == "slurry" and place in act["to"])
    return slurry / 2 * 12 / 20 if agarose else Fraction(2000)


def said(record: dict[str, Any], name: str) -> float:
    return float(record["derived"][name]["text"].removesuffix("%").replace("\u202f", "").replace("\xa0", "").strip()) / 100


def check(record: dict[str, Any], *, blots: int = 1, agarose: bool = True, within: float = 0.02) -> None:
    """Each lane holds what the sheet says, within *within* of it, and input and unbound hold the same."""
    shares = {name: float(part) / blots for name, part in lane_shares(record, agarose=agarose).items()}
    names = [spot["role"] for spot in sorted_lanes(record)]
    assert len(shares) == len(names)
    lanes, eluates = said(record, "loaded_percent"), said(record, "eluate_percent")
    for (place, share), name in zip(shares.items(), names, strict=True):
        expected = lanes if name.startswith("input") or " unbound " in f" {name}" else eluates
        assert share == pytest.approx(expected, rel=within + 0.0014), (place, name)


def sorted_lanes(record: dict[str, Any]) -> list[dict[str, str]]:
    """Return the lanes as the shares come: in the order in which tubes are filled."""
    order = [place for title, act in acts(record) if title == "Line up the lanes" and act["op"] == "transfer" for place in act["to"]]
    names = dict(zip(sorted(order, key=lambda each: int(each.rsplit(" ", 1)[1])), lane_names(record), strict=True))
    return [{"role": names[place]} for place in order]


def lane_names(record: dict[str, Any]) -> list[str]:
    text = record["derived"]["lane_names"]["text"]
    return [name.strip() for name in text.replace(";", ",").split(",")]


PLANS = [
    {},
    {"gel": "midi-14"},
    {"gel": "midi-14", "input_percent": "10 %"},
    {"normalise_to": "2 mg/mL"},
    {"ip_mass": "200 ug"},
    {"input_percent": "2 %"},
    {"input_percent": "1 %"},
    {"reciprocal": "yes", "reciprocal_stock": "0.1 mg/mL"},
    {"antibody_stock": "0.05 mg/mL"},
    {"slurry": "60 uL", "elution": "60 uL"},
    {"gel": "mini-12", "elution": "30 uL"},
]


@pytest.mark.parametrize("plan", PLANS, ids=str)
def test_each_lane_holds_the_share_of_an_ip_that_the_sheet_says(plan: dict[str, str]) -> None:
    check(record_of(**plan))


def test_two_blots_take_the_same_share_each() -> None:
    check(record_of(blot_strip="no"), blots=2)


def test_magnetic_beads_keep_two_microlitres() -> None:
    """20 of 42 µL are 47.6 %."""
    record = record_of(matrix="magnetic")
    check(record, agarose=False)
    assert record["derived"]["eluate_percent"]["text"].replace("\xa0", " ") == "47.6 %"


def test_a_lab_with_coarse_pipettes_loads_what_it_kept() -> None:
    """Steps of 1 µL: 27.84 µL are 28, and 29.3 µL are there; 28 over 27.84 is within the lab's 2 %."""
    record = record_of(NO_P2)
    check(record, within=0.04)
    places = {act["from"]: volume(act["each"]) for title, act in acts(record) if title == "Line up the lanes" and act["op"] == "transfer"}
    assert places["input/condition 1"] == places["unbound/condition 1"] == 28_000


@settings(max_examples=25, deadline=None)
@given(
    mass=st.integers(20, 100),
    percent=st.integers(1, 10),
    slurry=st.integers(20, 120),
    elution=st.integers(20, 60),
    stock=st.sampled_from(["0.2 mg/mL", "1 mg/mL", "2 mg/mL"]),
    gel=st.sampled_from(["mini-10", "mini-12", "midi-14", "midi-18"]),
    reciprocal=st.booleans(),
)
def test_any_plan_has_lanes_of_the_shares_that_it_says(mass, percent, slurry, elution, stock, gel, reciprocal) -> None:
    plan = {"ip_mass": f"{mass * 10} ug", "input_percent": f"{percent} %", "slurry": f"{slurry} uL", "elution": f"{elution} uL", "gel": gel}
    try:
        record = record_of(**plan, antibody_stock=stock, reciprocal="yes" if reciprocal else "no")
    except ProtocolError:
        return
    check(record)


def test_the_gate_of_depletion_fails_where_nothing_is_pulled_down() -> None:
    """With equal shares unbound over input is 1 if nothing is bound: 1 - 1 is below 30 % at every setting."""
    for plan in PLANS:
        record = record_of(**plan)
        shares = lane_shares(record)
        first, second = (float(shares[f"ready/sample {number}"]) for number in (1, 2))
        assert abs(1 - second / first) < 0.03


@pytest.mark.parametrize(("plan", "share"), [({}, "4 %"), ({"gel": "midi-26", "elution": "30 uL"}, "2 %"), ({"input_percent": "2 %"}, "2 %")])
def test_the_controls_say_what_a_lane_of_input_holds(plan: dict[str, str], share: str) -> None:
    """Three quarters of a lane are lysate, of the 522 µL of an IP: 22.5 of 30 µL are 4.3 %, 11.25 of 15 µL 2.2 %; halves of a percent are loaded."""
    record = record_of(**plan)
    (control,) = [each for each in record["controls"] if each["name"] == "input"]
    assert control["why"].startswith(f"{share} of an IP in a lane")
    assert f"| input | {share} |" in next(each for each in record["steps"] if each["title"] == "Read the co-IP")["markdown"].replace("\u202f", " ")
    assert not [each["name"] for each in record["controls"] if each["name"] != each["name"].strip()]
