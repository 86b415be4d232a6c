"""What was measured goes to the tube of its name, whatever the order of the rack; by hand: 20 µg at 4 mg/mL are 5 µL, at 2 mg/mL 10 µL."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.protocol.source import Source
from benchsheet.repipette import replay

SPEC = """\
title: Names
version: 1.0.0
parameters:
  samples: {names: sample, default: "a,b,c", min: 1, max: 12, help: "as they were measured"}
  racked: {names: sample, default: "c,a,b", min: 1, max: 12, help: "as they stand in the rack"}
  protein: {kind: mass concentration, measured: "yes", list: {as: samples}, min: 1 mg/mL, max: 20 mg/mL, help: "found"}
derived:
  half: {from: protein / 2, for: samples, label: after one part of buffer}
  same: {from: half * 2, for: half, label: before it}
reagents: {buffer: {name: buffer}}
vessels:
  tube: {tubes: racked, holds: 1 mL}
"""


def found(line: str, **values: str) -> dict[str, str]:
    """Return what the sheet says was found in each place, by the name of the place."""
    steps = f'{{% step "Fill" %}}\n{{{{ add("buffer", "500 uL/tube", to="tube") }}}}\n{{{{ {line} }}}}\n{{% endstep %}}\n'
    files = {"protocol.yml": SPEC, "protocol.md.j2": steps}
    record: dict[str, Any] = json.loads(json.dumps(render(Source(id="names", folder="protocols/names", files=files, shared_files={}), values)))
    assert replay(json.dumps(record)).wrong == []
    names = {group["id"]: group["role"] for vessel in record["vessels"] for group in vessel["groups"]}
    measured = [act for step in record["steps"] for act in step["operations"] if act["op"] == "measure"]
    return {names[act["to"][0]]: act["measured"]["strength"]["text"].replace("\u202f", " ") for act in measured}


DIRECT = 'measured("protein", protein, in_="tube")'


def test_a_rack_in_another_order_has_each_value_at_its_name():
    assert found(DIRECT, protein="2; 4; 8 mg/mL") == {"a": "2 mg/mL", "b": "4 mg/mL", "c": "8 mg/mL"}


@pytest.mark.parametrize(("name", "part"), [("half", 2), ("same", 1)])
def test_what_follows_from_a_list_is_told_for_the_same_names(name, part):
    assert found(f'measured("protein", {name}, in_="tube")', protein="2; 4; 8 mg/mL") == {
        who: f"{strength // part} mg/mL" for who, strength in (("a", 2), ("b", 4), ("c", 8))
    }


@settings(max_examples=25, deadline=None)
@given(st.permutations(["ctl", "PF 1", "siRNA", "2", "drug 3"]), st.permutations(["ctl", "PF 1", "siRNA", "2", "drug 3"]))
def test_any_two_orders(measured, racked):
    strengths = {name: f"{number + 2} mg/mL" for number, name in enumerate(measured)}
    assert found(DIRECT, samples="; ".join(measured), racked="; ".join(racked), protein="; ".join(strengths.values())) == strengths


def test_a_place_of_which_nothing_is_told_is_refused():
    with pytest.raises(ProtocolError) as caught:
        found(DIRECT, racked="a,b,d", protein="2; 4; 8 mg/mL")
    assert "told for 'samples', which has no 'd', and 'tube/sample 3' is for 'd'" in str(caught.value)


@pytest.mark.parametrize(("samples", "racked"), [("3", "x,y,z"), ("x,y,z", "3")])
def test_numbers_decide_where_one_side_only_counts(samples, racked):
    assert list(found(DIRECT, samples=samples, racked=racked, protein="2; 4; 8 mg/mL").values()) == ["2 mg/mL", "4 mg/mL", "8 mg/mL"]


def test_a_list_that_the_author_writes_goes_by_number():
    line = 'measured("protein", [protein[2], protein[0], protein[1]], in_="tube")'
    assert found(line, protein="2; 4; 8 mg/mL") == {"c": "8 mg/mL", "a": "2 mg/mL", "b": "4 mg/mL"}
