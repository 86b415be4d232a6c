"""Tubes that are pooled, split and brought down: the shares by hand, and what is left where they came from."""

from __future__ import annotations

import json
from typing import Any

import pytest

from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.protocol.source import Source
from benchsheet.repipette import replay

SPEC = """\
title: Toy
version: 1.0.0
parameters:
  samples: {names: sample, default: "a,b,c", min: 1, max: 9, help: "cultures"}
  dishes: {count: copy, default: 2, min: 1, max: 4, help: "of each"}
  protein: {kind: mass concentration, measured: "yes", list: {as: samples}, min: 0.1 mg/mL, max: 20 mg/mL, help: "found"}
derived:
  all_dishes: {from: "len(samples) * dishes"}
  room: {from: "'1.2 mL'"}
reagents:
  buffer: {name: lysis buffer, dispensed: tube}
vessels:
  dish: {holds: 20 mL, place: dish, role: culture, count: all_dishes, each: samples}
  pool: {tubes: samples, role: culture, holds: room}
  four: {holds: 1 mL, place: tube, role: culture, count: 12, each: samples}
  one: {holds: 2 mL, place: tube}
"""
LYSED = '{{ add("buffer", "0.5 mL/dish", to="dish/culture") }}\n'
POOLED = LYSED + '{{ transfer("0.9 mL/tube", from_="dish/culture", to="pool/culture", pool=True) }}\n'
FOUND = POOLED + '{{ measured("protein", protein, in_="pool/culture") }}\n'
DOWN = FOUND + '{{ level("0.8 mg", of="pool/culture", per="0.8 mL", fill="buffer", into="even") }}\n'


def source(steps: str) -> Source:
    return Source(
        id="toy",
        folder="protocols/toy",
        files={"protocol.yml": SPEC, "protocol.md.j2": f'{{% step "Do" %}}\n{steps}{{% endstep %}}\n'},
        shared_files={},
    )


def done(steps: str, **given: str) -> dict[str, Any]:
    """Return the only step, replayed."""
    record = json.loads(json.dumps(render(source(steps), given)))
    assert replay(json.dumps(record)).wrong == []
    step: dict[str, Any] = record["steps"][0]
    return {**step, "record": record}


def told(steps: str, **given: str) -> str:
    with pytest.raises(ProtocolError) as error:
        render(source(steps), given)
    return str(error.value)


def test_two_dishes_of_a_culture_go_into_its_one_tube():
    """Two dishes of 0.5 mL hold 1 mL: 0.9 mL of it are 450 µL of each, and another 100 µL can be had, not 101."""
    step = done(POOLED)
    moved = [o for o in step["operations"] if o["op"] == "transfer"]
    assert [(o["from"], o["to"], o["total"]["text"]) for o in moved] == [(f"dish/culture {n}", [f"pool/culture {n}"], "900 µL") for n in (1, 2, 3)]
    assert done(POOLED + '{{ transfer("100 uL/tube", from_="dish/culture", to="pool/culture", pool=True) }}\n')
    assert "dish/culture 1 holds 50 µL in each place, and 50.5 µL are asked of it" in told(
        POOLED + '{{ transfer("101 uL/tube", from_="dish/culture", to="pool/culture", pool=True) }}\n'
    )


def test_what_is_set_is_the_share_of_one_dish():
    """Three dishes: 1 mL in all would be 333.33 µL of each; a P1000 is set to 333 µL, so it is 999 µL."""
    (moved, *_) = [
        o
        for o in done(LYSED + '{{ transfer("1 mL/tube", from_="dish/culture", to="pool/culture", pool=True) }}\n', dishes="3")["operations"]
        if o["op"] == "transfer"
    ]
    assert moved["total"]["text"] == "999 µL"


def test_two_dishes_fill_four_tubes():
    """12 tubes for 3 cultures are 4 each: 4 x 250 µL are the 1 mL of two dishes."""
    step = done(LYSED + '{{ transfer("250 uL/tube", from_="dish/culture", to="four/culture", pool=True) }}\n')
    assert [o["total"]["text"] for o in step["operations"] if o["op"] == "transfer"] == ["1 mL"] * 3
    assert "251 µL" not in told(LYSED + '{{ transfer("251 uL/tube", from_="dish/culture", to="four/culture", pool=True) }}\n').split("hint")[1]


def test_three_dishes_and_four_tubes_do_not_share_alike():
    message = told(LYSED + '{{ transfer("250 uL/tube", from_="dish/culture", to="four/culture", pool=True) }}\n', dishes="3")
    assert "dish/culture 1 is 3 places and four/culture 1 is 4: who gives to whom is not clear" in message


def test_nothing_is_pooled_unless_it_is_said():
    message = told(LYSED + '{{ transfer("0.4 mL/tube", from_="dish/culture", to="pool/culture") }}\n')
    assert "dish/culture 1 is 2 places and pool/culture 1 is 1: who gives to whom is not clear" in message
    assert "pool=True" in message


def test_all_cultures_give_a_share_to_one_tube():
    """3 cultures x 300 µL are 900 µL in one tube."""
    shared = POOLED + '{{ transfer("300 uL/tube", from_="pool/culture", to="one/tube") }}\n'
    step = done(shared + '{{ transfer("450 uL/dish", from_="one/tube", to="dish/culture 1") }}\n')
    moved = [o for o in step["operations"] if o["to"] == ["one/tube"]]
    assert [(o["from"], o["each"]["text"]) for o in moved] == [(f"pool/culture {n}", "300 µL") for n in (1, 2, 3)]


def test_a_sample_is_brought_down_without_a_spare():
    """0.8 mg at 2, 1.6 and 1 mg/mL are 400, 500 and 800 µL; buffer makes it 800 µL, exactly."""
    step = done(DOWN, protein="2; 1.6; 1 mg/mL")
    made = [p for p in step["record"]["preparations"] if p["id"].startswith("even/")]
    assert [[(part["amount"]["text"]) for part in p["components"]] for p in made] == [["400 µL", "400 µL"], ["500 µL", "300 µL"], ["800 µL"]]
    assert {p["volume"]["text"] for p in made} == {"800 µL"}
    assert all(claim["target"]["text"] == "1 mg/mL" for claim in step["claims"])


def test_what_is_not_measured_yet_is_a_blank_with_its_formula():
    words = done(DOWN)["markdown"].replace("\\", "")
    assert "pool: ____ = 800 µg ÷ protein" in words
    assert "| ____ | to 800 µL |" in words


def test_a_sample_that_is_too_thin_names_the_most_that_there_is():
    """0.9 mg/mL x 0.8 mL are 0.72 mg."""
    message = told(DOWN, protein="2; 0.9; 1 mg/mL")
    assert "b: 800 µg do not fit into 800 µL at 900 µg/mL" in message
    assert "load 720 µg at most" in message


def test_what_was_measured_is_told_in_the_waste():
    """Half of a tube of 2 mg/mL and half of nothing else: the waste holds what the assay found."""
    step = done(FOUND + '{{ remove(from_="pool/culture 1", to="chemical waste") }}\n', protein="2; 1.6; 1 mg/mL")
    (stream,) = step["record"]["waste"]
    assert stream["components"]["protein"]["text"] == "2 mg/mL"


def test_a_rack_holds_what_a_value_says():
    """1.2 mL go into a 1.5 mL tube, and 1.6 mL do not."""
    assert "holds to the brim" in told('{{ add("buffer", "1.6 mL/tube", to="pool/culture") }}\n')


@pytest.mark.parametrize(("dishes", "share"), [("2", "450 µL from each of 2"), ("3", "300 µL from each of 3"), ("1", "")])
def test_the_share_of_each_dish_is_said_and_read_again(dishes, share):
    """900 µL of two dishes are 450 µL of each, of three 300 µL; of one there is no share."""
    given = {"dishes": dishes} if share else {"dishes": dishes, "samples": "a"}
    words = POOLED if share else POOLED.replace("0.9 mL", "0.4 mL")
    step = done(words, **given)
    assert f"**{'900' if share else '400'} µL**{f' ({share})' if share else ''}" in step["markdown"]
    for other in ("451 µL", "each of 4", "") if share else ():
        record = step["record"]
        altered = share.replace("450 µL", other).replace("300 µL", other) if "µL" in other else f"{share[:-1]}4" if other else ""
        record["steps"][0]["markdown"] = step["markdown"].replace(share, altered)
        assert any("each" in wrong for wrong in replay(json.dumps(record)).wrong), other


def test_three_tubes_into_one_give_a_share_each_and_a_row_each():
    """3 x 100 µL: 0.3 mL in the pot, three operations; another share in the words is noticed."""
    step = done(POOLED + '{{ transfer("100 uL/tube", from_="pool/culture", to="one") }}\n')
    assert "**100 µL** (from each of 3, 300 µL in all)" in step["markdown"]
    assert [(o["from"], o["total"]["text"]) for o in step["operations"][-3:]] == [(f"pool/culture {n}", "100 µL") for n in (1, 2, 3)]
    record = step["record"]
    record["steps"][0]["markdown"] = step["markdown"].replace("from each of 3", "from each of 2")
    assert any("from each of 2" in wrong for wrong in replay(json.dumps(record)).wrong)
