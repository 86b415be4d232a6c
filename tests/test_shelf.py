"""A stock that stands on the lab's shelf is taken from it; what is not there is made down to what is bought."""

from __future__ import annotations

import json
from typing import Any

import pytest

from benchsheet import library
from benchsheet.lab import profile
from benchsheet.render import render
from benchsheet.replay import replay
from benchsheet.spec import Source

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
    source = Source("toy", "protocols/toy", {"protocol.yml": SPEC, "protocol.md.j2": STEPS}, library.source("srb").shared)
    record = render(source, {}, profile(text, "my-lab.yml"))
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
