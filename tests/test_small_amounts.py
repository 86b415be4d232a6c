"""Amounts below 0.0001 of their unit: shown with a power of ten, typed back, replayed; what is next to nothing has its place."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.protocol.source import Source
from benchsheet.repipette import replay
from benchsheet.units import KINDS, format_amount, format_input, parse_quantity
from tests.records import dose_of

HEAD = "title: One\nversion: 1.0.0\nparameters: {plates: {count: plate, default: 1, min: 1, max: 1}}\n"
SHELF = "reagents: {pool: {name: pool, contains: {cDNA: POOL}}, water: {name: water}}\n"
PLATE = "vessels: {plate: {labware: plate-96, count: 1, groups: {dose: {at: B3:G10, by: column, first: 8}}}}\n"
SERIES = '{{ series("pool", top="TOP", factor="FACTOR", to="plate/dose", add="4 uL/well", diluent="water") }}'
GIVE = '{{ transfer("4 uL/well", from_="working/dose", to="plate/dose") }}'


def run(pool="1 X", top="0.1 X", factor="10 fold", more=""):
    words = SERIES.replace("TOP", top).replace("FACTOR", factor) + GIVE
    files = {"protocol.yml": HEAD + more + SHELF.replace("POOL", pool) + PLATE, "protocol.md.j2": f'{{% step "Dose" %}}\n{words}\n{{% endstep %}}\n'}
    return json.loads(json.dumps(render(Source(id="one", folder="protocols/one", files=files, shared_files={}))))


def test_eight_tenfold_points_from_a_tenth():
    """0.1, 0.01, ... 0.00000001: the fifth is 10⁻⁵."""
    record = run()
    doses = {group["id"]: dose_of(group) for vessel in record["vessels"] for group in vessel["groups"] if group["doses"]}
    assert doses["plate/dose 4"]["text"] == "0.0001 X"
    assert doses["plate/dose 5"] == {"value": 1e-05, "unit": "{X}", "text": "1×10⁻⁵ X"}
    assert doses["plate/dose 8"]["text"] == "1×10⁻⁸ X"
    assert replay(json.dumps(record)).wrong == []
    doses["plate/dose 8"]["text"] = "1×10⁻⁷ X"
    assert any("1×10⁻⁷ X" in wrong for wrong in replay(json.dumps(record)).wrong)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "temperature"])
@pytest.mark.parametrize("value", [Fraction(3, 10**5), Fraction(1234, 10**12), Fraction(1, 10**14)])
def test_a_small_amount_of_any_kind_is_never_zero_and_can_be_typed_back(kind, value):
    """In the smallest unit of the kind, so that no smaller one helps."""
    amount = parse_quantity(f"1 {KINDS[kind].units[0]}").value * value
    printed = format_amount(amount, kind)
    assert "×10⁻" in printed
    assert parse_quantity(printed).value == amount
    assert parse_quantity(format_input(amount, kind)).value == amount
    assert "e-" in format_input(amount, kind)


@pytest.mark.parametrize(
    ("given", "place", "said"),
    [
        ({"pool": "1e-30 X"}, "protocols/one/protocol.yml:4", "'1e-30 X' is next to nothing"),
        ({"factor": "10000 fold"}, "protocols/one/protocol.md.j2:2", "the last of 8 doses from 0.1 X by 10\u202f000 fold is next to nothing"),
        ({"more": "derived: {bare: {from: \"'1e-15 X' / 1000000000000000\"}}\n"}, "protocols/one/protocol.yml:4", "1×10⁻³⁰ X is next to nothing"),
    ],
    ids=["typed", "a series", "worked out"],
)
def test_what_is_next_to_nothing_is_refused_where_it_stands(given, place, said):
    with pytest.raises(ProtocolError) as refusal:
        run(**given)
    assert (f"{refusal.value.file}:{refusal.value.line}", refusal.value.message) == (place, said)
