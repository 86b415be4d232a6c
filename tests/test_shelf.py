"""A stock that stands on the lab's shelf is taken from it; what is not there is made down to what is bought."""

from __future__ import annotations

import json
from typing import Any

import pytest

from benchsheet import library
from benchsheet.engine import render
from benchsheet.lab import parse_profile
from benchsheet.protocol.source import Source
from benchsheet.repipette import replay

SPEC = """\
title: Toy
version: 1.0.0
parameters: {dishes: {count: plate, default: 4, min: 1, max: 9}}
reagents: {lysis: {recipe: RIPA}, rinse: {recipe: TBST}}
vessels: {dish: {labware: plate-6, count: dishes, groups: {wells: rest}}}
"""
STEPS = """\
{% step "Rinse and lyse" %}
{{ wash("rinse", "2 mL/well", of="dish/wells", times=1, to="drain") }}, then {{ add("lysis", "1 mL/well", to="dish/wells") }}
{% endstep %}
"""


def sheet(text: str) -> dict[str, Any]:
    source = Source(
        id="toy", folder="protocols/toy", files={"protocol.yml": SPEC, "protocol.md.j2": STEPS}, shared_files=library.load_source("srb").shared_files
    )
    record = render(source, {}, parse_profile(text, "my-lab.yml"))
    assert replay(json.dumps(record)).wrong == []
    return {reagent["id"]: reagent for reagent in record["reagents"]}


@pytest.mark.parametrize(
    ("stock", "recipe", "solid", "used"),
    [
        # 24 wells x 1 mL and a tenth are 26.4 mL, 27 mL in two figures: 150 mM of 5 M is 3/100 of it
        ("NaCl: 5 M", "5 M NaCl", "NaCl", "810 µL"),
        ("SDS: 10 % w/v", "10 % SDS", "SDS", "270 µL"),  # 0.1 % of 10 % is a hundredth
        ("Tris pH 8.0: 1 M", "1 M Tris pH 8.0", "", "1.35 mL"),  # 50 mM of 1 M is a twentieth
        ("TBS: 10 X", "10x TBS", "", "50 mL"),  # TBST is made by the half litre: a tenth of it
    ],
)
def test_a_stock_on_the_shelf_is_taken_and_its_salt_is_not(stock, recipe, solid, used):
    made, taken = sheet("name: mine\n"), sheet(f"name: mine\nstocks: {{{stock}}}\n")
    assert made[recipe]["made"]
    assert not taken[recipe]["made"]
    assert taken[recipe]["used"]["text"] == used
    assert recipe == "5 M NaCl" or not solid or (solid in made and solid not in taken)


def test_a_stock_of_another_strength_is_no_help():
    assert sheet("name: mine\nstocks: {NaCl: 4 M}\n")["5 M NaCl"]["made"]


def test_a_stock_on_the_shelf_is_taken_whatever_a_protocol_calls_its_recipe(monkeypatch):
    """24 wells x 2 mL of salt are 48 mL, and 27 mL of RIPA take 0.81 mL: from one bottle, under the protocol's own word for it."""
    monkeypatch.setattr(f"{__name__}.SPEC", SPEC.replace("rinse: {recipe: TBST}", "rinse: {recipe: 5 M NaCl}"))
    assert sheet("name: mine\n")["rinse"]["made"]
    taken = sheet("name: mine\nstocks: {NaCl: 5 M}\n")["rinse"]
    assert (taken["made"], taken["used"]["text"]) == (False, "48.81 mL")


@pytest.mark.parametrize(
    ("rule", "ready"),
    [
        # TBST goes 24 x 2 mL = 48 mL, two washes each: a place takes 4 mL, 3 more are 12 mL: 108 mL, up to 110
        ("{percent: 0 %, places: 3}", "110 mL"),
        ("{percent: 10 %, places: 1}", "110 mL"),  # a tenth of 96 is 9.6 mL, more than 4
        ("{percent: 0 %, places: 1}", "100 mL"),  # 96 + 4
    ],
)
def test_so_many_more_places_are_each_as_much_as_a_place_takes(monkeypatch, rule, ready):
    spec = SPEC.replace("rinse: {recipe: TBST}", "rinse: {name: buffer, dispensed: poured}")
    monkeypatch.setattr(f"{__name__}.SPEC", spec)
    monkeypatch.setattr(f"{__name__}.STEPS", STEPS.replace("times=1", "times=2"))
    assert sheet(f"name: mine\noverage: {rule}\n")["rinse"]["prepare"]["text"] == ready
