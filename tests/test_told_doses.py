"""Doses told one by one, another volume on top than one to one, a top dose in µg/mL beside a stock in mM: the sheet, and replay."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.expressions.evaluate import evaluate
from benchsheet.protocol.source import Source
from benchsheet.repipette import replay
from benchsheet.units import parse_quantity

SPEC = """\
title: Doses
version: 1.0.0
parameters:
  told: {kind: concentration, default: "10; 5; 1 uM", list: {max: 8}}
  top: {kind: concentration, default: 10 uM}
reagents:
  drug: {name: drug, contains: {drug: 10 mM, DMSO: 100 % v/v}, dispensed: tube}
  antibody: {name: antibody, contains: {antibody: 5 mg/mL}, dispensed: tube}
  dmso: {name: DMSO, contains: {DMSO: 100 % v/v}, dispensed: tube}
  medium: {name: medium}
derived:
  strongest: {from: max(told)}
  on_more: {from: "'250 uL' / '100 uL'"}
  molar: {from: "top if kind(top) == 'molarity' else top / '500 g/mol'"}
vehicle: {component: DMSO, limit: 0.1 % v/v, in: plate/dose}
vessels:
  plate: {labware: plate-96, groups: {dose: {at: "B3:G5", by: column}}}
"""
VEHICLE = 'vehicle="dmso", limit="0.1 % v/v", diluent="medium"'


def sheet(call: str, on_top: str = "100", under: str = "100", **values: str) -> dict[str, Any]:
    template = (
        f'{{% step "A" %}}\n{{{{ add("medium", "{under} uL/well", to="plate/dose") }}}}\n{{{{ series({call}, to="plate/dose", '
        f'add="{on_top} uL/well") }}}}\n{{{{ transfer("{on_top} uL/well", from_="working/dose", to="plate/dose") }}}}\n{{% endstep %}}\n'
    )
    files = {"protocol.yml": SPEC, "protocol.md.j2": template}
    record: dict[str, Any] = json.loads(json.dumps(render(Source(id="doses", folder="protocols/doses", files=files, shared_files={}), values, None)))
    return record


def doses_of(record: dict[str, Any]) -> list[str]:
    assert replay(json.dumps(record)).wrong == []
    return [each["strength"].partition(" (")[0] for each in record["preparations"] if each["id"].startswith("working/")]


@pytest.mark.parametrize("order", ["10; 0.5; 0.05 uM", "0.05; 10; 0.5 uM"])
def test_doses_are_made_as_they_are_told_strongest_first(order):
    """At 2 X, since one volume goes on as much: 20, 1 and 0.1 µM."""
    found = sheet(f'"drug", top=strongest, doses=told, strength=2, {VEHICLE}', told=order)
    assert doses_of(found) == ["20 µM", "1 µM", "100 nM"]


def test_told_doses_without_a_vehicle():
    found = sheet('"antibody", top=strongest, doses=told, diluent="medium", strength=2', told="10; 8; 0.1 ug/mL").copy()
    assert doses_of(found) == ["20 µg/mL", "16 µg/mL", "200 ng/mL"]


@settings(max_examples=15, deadline=None)
@given(told=st.lists(st.integers(5, 9000), min_size=3, max_size=3, unique=True).filter(lambda many: max(many) < 50 * min(many)))
def test_replay_holds_whatever_the_doses_are(told):
    told = [Fraction(each) for each in told]
    if min(one / two for one, two in zip(sorted(told, reverse=True), sorted(told, reverse=True)[1:], strict=False)) < Fraction(6, 5):
        return
    texts = "; ".join(str(int(each)) for each in told) + " nM"
    found = doses_of(sheet(f'"drug", top=strongest, doses=told, strength=2, {VEHICLE}', told=texts))
    assert [parse_quantity(text.replace("µ", "u")).value * 1000 / 2 for text in found] == sorted(told, reverse=True)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("10; 5 uM", "2 doses (10 µM, 5 µM) for 3 places"),
        ("10; 5; 5 uM", "10 µM, 5 µM, 5 µM: a dose is there twice"),
        ("10; 5; 1 ug/mL", "expected a molarity"),
    ],
)
def test_a_list_that_cannot_be_is_refused(told, words):
    with pytest.raises(ProtocolError) as caught:
        sheet(f'"drug", top="10 uM", doses=told, strength=2, {VEHICLE}', told=told)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("on_top", "under", "strength", "tubes"),
    [
        ("15", "150", "11", ["110 µM", "55 µM", "11 µM"]),  # (15 + 150)/15
        ("100", "150", "on_more", ["25 µM", "12.5 µM", "2.5 µM"]),
        ("50", "100", "3", ["30 µM", "15 µM", "3 µM"]),
    ],
)
def test_another_volume_on_top_than_one_to_one(on_top, under, strength, tubes):
    record = sheet(f'"antibody", top=strongest, doses=told, diluent="medium", strength={strength}', on_top, under, told="10; 5; 1 ug/mL")
    assert doses_of(record) == [text.replace("µM", "µg/mL") for text in tubes]


def test_a_working_solution_above_what_dissolves_is_warned_of():
    """50 µM in medium: 11 X of 10 µM is 110 µM, 2 X is 20."""
    call = f'"drug", top=strongest, doses=told, {VEHICLE}, soluble="50 uM", strength='
    told = [warning["message"] for warning in sheet(call + "11", "15", "150")["warnings"]]
    assert any("the strongest working solution holds 110 µM in medium, and above 50 µM" in text for text in told)
    told = [warning["message"] for warning in sheet(call + "2")["warnings"]]
    assert not any("working solution holds" in text for text in told)


def test_a_top_dose_in_micrograms_beside_a_stock_in_millimoles():
    """5 µg/mL over 500 g/mol is 10 µM."""
    record = sheet(f'"drug", top=molar, factor="2 fold", strength=2, {VEHICLE}', top="5 ug/mL")
    assert doses_of(record) == ["20 µM", "10 µM", "5 µM"]


@given(micromolar=st.integers(1, 10**6), mw=st.integers(10, 10**6))
def test_moles_grams_and_molar_mass_go_three_ways(micromolar, mw):
    values = {"c": parse_quantity(f"{micromolar} uM"), "mw": parse_quantity(f"{mw} g/mol")}
    mass = evaluate("c * mw", values)
    assert (mass.kind, mass.value) == ("mass concentration", Fraction(micromolar * mw, 1000))
    values["m"] = mass
    assert evaluate("m / mw", values) == values["c"]
    assert evaluate("m / c", values) == values["mw"]
