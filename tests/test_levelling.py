"""What is measured at the bench, and samples brought to one mass in one volume: by hand, at random, and with what is wrong."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.lab.profile import parse_profile
from benchsheet.protocol.source import Source
from benchsheet.repipette import replay
from tests.records import volume

SPEC = """\
title: Levels
version: 1.0.0
parameters:
  samples: {names: sample, default: 2, min: 1, max: 24}
  protein: {kind: mass concentration, measured: "yes", list: {as: samples}, min: 0.01 mg/mL, max: 40 mg/mL}
  want: {kind: mass, default: 20 ug, min: 1 ug, max: 100 ug}
  room: {kind: volume, default: 20 uL, min: 5 uL, max: 50 uL}
  lanes: {count: lane, default: 1, min: 1, max: 6}
reagents:
  ripa: {name: RIPA}
  buffer: {name: 4x buffer}
  water: {name: water}
vessels:
  lysate: {tubes: samples, holds: 1 mL}
  tank: {tanks: lanes, gel: mini-10}
  cell: {tanks: lanes, gel: mini-10, use: transfer}
"""
FILLED = '{{ add("ripa", "900 uL/tube", to="lysate/sample") }}'
MEASURED = '{{ measured("protein", protein, in_="lysate/sample") }}'
LEVEL = '{{ level(want, of="lysate/sample", per=room, lanes=lanes, with_="buffer", strength=4, fill="ripa", into="ready") }}'


def source(*words: str, spec: str = SPEC) -> Source:
    body = "\n".join(words)
    return Source(
        id="levels",
        folder="protocols/levels",
        files={"protocol.yml": spec, "protocol.md.j2": f'{{% step "Level" %}}\n{body}\n{{% endstep %}}\n'},
        shared_files={},
    )


def sheet(*words: str, lab: str = "", spec: str = SPEC, **values: str) -> dict[str, Any]:
    made = render(source(*words, spec=spec), values, parse_profile(lab, "my-lab.yml") if lab else None)
    found: dict[str, Any] = json.loads(json.dumps(made))
    return found


def told(*words: str, **values: str) -> str:
    with pytest.raises(ProtocolError) as caught:
        render(source(*words), values)
    return str(caught.value)


def microlitres(quantity: dict[str, Any]) -> Fraction:
    return volume(quantity) / 1000


def tubes(record: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return what each levelled tube was made of, by who gave it, and what it makes."""
    found = []
    for made in record["preparations"]:
        if made["id"].startswith("ready/"):
            known = [part for part in made["components"] if part["amount"]["value"] is not None]
            parts = {(part.get("reagent") or part["from"]).partition("/")[0]: microlitres(part["amount"]) for part in known}
            found.append((parts, microlitres(made["volume"])))
    return found


# --- by hand --------------------------------------------------------------------------------------------------------------


def test_a_sample_a_quarter_of_buffer_and_the_rest():
    """20 x 1.1 + 2 = 24 µL hold 24 µg; 24 / 2 = 12 µL of lysate, 6 of buffer, 6 of RIPA; 24 / 4 = 6 µL, so 12 of RIPA."""
    record = sheet(FILLED, MEASURED, LEVEL, protein="2; 4 mg/mL")
    assert tubes(record) == [({"lysate": 12, "ripa": 6, "buffer": 6}, 24), ({"lysate": 6, "ripa": 12, "buffer": 6}, 24)]
    assert replay(json.dumps(record)).wrong == []


def test_three_lanes_take_three_times_as_much():
    """60 x 1.1 + 2 = 68 µL and 68 µg; 68 / 4 = 17 µL of buffer and of lysate."""
    assert tubes(sheet(FILLED, MEASURED, LEVEL, samples="1", protein="4 mg/mL", lanes="3")) == [({"lysate": 17, "ripa": 34, "buffer": 17}, 68)]


def test_a_twofold_buffer_is_half_of_it():
    words = LEVEL.replace("strength=4", "strength=2")
    assert tubes(sheet(FILLED, MEASURED, words, samples="1", protein="4 mg/mL")) == [({"lysate": 6, "ripa": 6, "buffer": 12}, 24)]


def test_what_just_fits_has_no_filler():
    """18 µL of 1.3333 mg/mL are 24 µg."""
    ((parts, whole),) = tubes(sheet(FILLED, MEASURED, LEVEL, samples="1", protein="1.3334 mg/mL"))
    assert parts == {"lysate": 18, "buffer": 6}
    assert whole == 24


def test_what_is_not_measured_is_a_blank_with_its_formula():
    record = sheet(FILLED, MEASURED, LEVEL)
    markdown = record["steps"][0]["markdown"].replace("\\", "")
    assert "lysate: ____ = 24 µg ÷ protein" in markdown
    assert "| ready sample 1 | 20 µg in 20 µL | ____ | to 18 µL | 6 µL | 24 µL |" in markdown
    assert tubes(record) == [({"ripa": 18, "buffer": 6}, 24)] * 2
    tube = next(made for made in record["preparations"] if made["id"] == "ready/sample 1")
    keys = ("formula", "fill_to_mark")
    said = [(part.get("from") or part["reagent"], part["amount"]["text"], *(part.get(key) for key in keys)) for part in tube["components"]]
    # 18 µL are of sample and filler together: the filler alone is what goes up to them
    assert said == [("lysate/sample 1", "____", "24 µg ÷ protein", None), ("ripa", "18 µL", None, True), ("buffer", "6 µL", None, None)]
    assert record["steps"][0]["claims"] == []


def test_a_value_that_is_left_out_among_others_is_told():
    assert told(FILLED, MEASURED, LEVEL, protein="2 mg/mL; ").startswith("--protein: '' is empty")


def test_named_samples_stand_in_the_table():
    markdown = sheet(FILLED, MEASURED, LEVEL, samples="ctrl,drug", protein="2; 4 mg/mL")["steps"][0]["markdown"]
    assert "| ready sample 1 | ctrl | 20 µg in 20 µL | 12 µL | 6 µL | 6 µL | 24 µL |" in markdown
    assert "| 2 | drug | 4 mg/mL |" in markdown


def test_what_is_printed_is_what_counts():
    """2.34567 mg/mL is printed as 2.346, and 24 µg of that are 10.23 µL: set to 10.24 or 10.22."""
    ((parts, _),) = tubes(sheet(FILLED, MEASURED, LEVEL, samples="1", protein="2.34567 mg/mL"))
    assert abs(parts["lysate"] - Fraction(24000, 2346)) <= Fraction(2, 100)


# --- at random ------------------------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(
    found=st.lists(st.integers(5, 3000), min_size=1, max_size=6),
    want=st.integers(2, 60),
    room=st.integers(8, 45),
    lanes=st.integers(1, 4),
    strength=st.integers(2, 6),
)
def test_each_tube_holds_the_mass_that_was_asked(found, want, room, lanes, strength):
    """Protein in hundredths of mg/mL, mass in µg, room in µL."""
    proteins = [Fraction(one, 100) for one in found]
    words = LEVEL.replace("strength=4", f"strength={strength}")
    values = {
        "samples": str(len(found)),
        "protein": "; ".join(f"{float(one):.2f} mg/mL" for one in proteins),
        "want": f"{want} ug",
        "room": f"{room} uL",
        "lanes": str(lanes),
    }
    taken = [Fraction(want) * lanes / one for one in proteins]
    assume(min(taken) >= 1)  # below 1 µL the sheet warns, below 0.2 µL there is none
    assume(sum(taken) * 2 < 900)
    most = min(proteins) * room * (strength - 1) / strength  # in a lane of the thinnest
    assume(abs(most - want) > want * Fraction(1, 20))  # at the border the setting of the pipette decides
    if most < want:
        with pytest.raises(ProtocolError, match="do not fit into"):
            render(source(FILLED, MEASURED, words), values)
        return
    record = sheet(FILLED, MEASURED, words, **values)
    assert replay(json.dumps(record)).wrong == []
    made = tubes(record)
    assert len(made) == len(found)
    for protein, (parts, whole) in zip(proteins, made, strict=True):
        assert sum(parts.values()) == whole
        assert whole >= room * lanes
        assert abs(parts["buffer"] / whole - Fraction(1, strength)) <= Fraction(1, strength) * Fraction(2, 100)
        mass_a_lane = parts["lysate"] * protein / whole * room
        assert abs(mass_a_lane - want) <= want * Fraction(2, 100)


# --- what is wrong --------------------------------------------------------------------------------------------------------

AT = "protocols/levels/protocol.md.j2:4: "


def test_a_sample_too_thin_is_refused_with_the_most_that_fits():
    """Three quarters of 20 µL at 1 mg/mL are 15 µg."""
    assert told(FILLED, MEASURED, LEVEL, protein="2; 1 mg/mL", want="16 ug") == (
        "--want: sample 2: 16 µg do not fit into 20 µL at 1 mg/mL\n"
        "  hint: load 15 µg at most, or more than 20 µL a lane where its well holds that, or lyse in less"
    )  # fmt: skip


def test_of_many_thin_samples_the_thinnest_decides():
    """0.5 x 15 = 7.5 µg; more than six are not all named."""
    message = told(FILLED, MEASURED, LEVEL, samples="8", protein="1.1; 1; 0.9; 0.8; 0.7; 0.6; 0.5; 4 mg/mL")
    assert "sample 1, sample 2, sample 3, sample 4, sample 5, sample 6 ...: 20 µg do not fit into 20 µL at 500 µg/mL (sample 7)" in message
    assert "load 7.5 µg at most" in message


@pytest.mark.parametrize("strength", ["1", "0", "'4'", "2.5"])
def test_a_buffer_has_a_whole_strength_above_one(strength):
    message = told(FILLED, MEASURED, LEVEL.replace("strength=4", f"strength={strength}"), protein="2; 2 mg/mL")
    above, write = (" above 1", "strength=4 for a 4x buffer") if strength.isdigit() else ("", "strength=2")
    assert message == f"{AT}strength={strength} is not a whole number{above}\n  hint: write {write}"


def test_a_reagent_that_is_not_there_is_told():
    message = told(FILLED, MEASURED, LEVEL.replace('"buffer"', '"bufer"'), protein="2; 2 mg/mL")
    assert message == f"{AT}no reagent 'bufer' in protocol.yml\n  hint: did you mean 'buffer'?"


def test_values_and_places_are_as_many():
    message = told(FILLED, '{{ measured("protein", protein, in_="lysate/sample 1") }}', protein="2; 4 mg/mL")
    assert message == "protocols/levels/protocol.md.j2:3: 2 values for 1 places\n  hint: give one for each, in their order"


def test_more_than_there_is_cannot_be_taken():
    """100 µg in 50 µL for six lanes are 340 µL with 680 µg: 170 µL of 4 mg/mL, and there are 100."""
    words = FILLED.replace("900", "100"), MEASURED, LEVEL
    message = told(*words, samples="1", protein="4 mg/mL", want="100 ug", room="50 uL", lanes="6")
    assert message == "--want, --room: lysate/sample 1 holds 100 µL, and 170 µL are asked of it\n  hint: put more in first, or take less"


# --- tanks ----------------------------------------------------------------------------------------------------------------

TWO = "name: two\ntanks:\n  - {name: small, format: mini, gels: 2, count: 2, buffer: {2: 700 mL}}\n"


@pytest.mark.parametrize(
    ("gels", "lab", "used"),
    [
        ("1", "", "700 mL"),  # the default tank: 700 mL up to 2 gels, 1 L up to 4
        ("2", "", "700 mL"),
        ("3", "", "1 L"),
        ("4", "", "1 L"),
        ("5", "", "1.7 L"),  # 3 and 2, one after the other
        ("6", "", "2 L"),  # 3 and 3
        ("1", TWO, "700 mL"),
        ("3", TWO, "1.4 L"),  # 2 in one tank and 1 in the other
        ("5", TWO, "2.1 L"),  # 2 and 1, then 2
        ("6", TWO, "2.8 L"),  # 2 and 1, twice
    ],
)
def test_a_tank_is_filled_as_the_lab_says(gels, lab, used):
    record = sheet('{{ fill("water", to="tank") }}', lab=lab, lanes=gels)
    (water,) = [reagent for reagent in record["reagents"] if reagent["id"] == "water"]
    assert water["used"]["text"] == used


def test_tanks_for_transfer_are_others():
    """Two cassettes a tank and 1 L: five gels are three fillings."""
    record = sheet('{{ fill("water", to="cell") }}', lanes="5")
    assert [reagent["used"]["text"] for reagent in record["reagents"] if reagent["id"] == "water"] == ["3 L"]


def test_only_what_the_lab_speaks_of_can_be_filled():
    assert told('{{ fill("water", to="lysate/sample") }}') == (
        "protocols/levels/protocol.md.j2:2: the lab does not say how much a 1.5 mL tube takes\n"
        '  hint: use add("...", "10 mL/...", to=...)'
    )  # fmt: skip
