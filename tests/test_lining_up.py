"""Samples lined up for a gel: in the order of the lanes, all of one volume, and those that are compared on one gel."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.protocol.source import Source
from benchsheet.repipette import replay
from benchsheet.run.racks import _split_over_plates

SPEC = """\
title: Toy
version: 1.0.0
parameters: {samples: {names: sample, default: "a,b,c", min: 1, max: 40}}
derived:
  sets: {from: "('in ' + samples, 'out ' + samples)", for: samples}
  lanes: {from: "(sets, 'alone')"}
reagents: {buffer: {name: buffer}}
vessels:
  in: {tubes: samples}
  out: {tubes: samples}
  lane: {tubes: lanes}
"""
FILLED = """\
{% step "Fill" %}
{{ add("buffer", "30 uL/tube", to="in") }} and {{ add("buffer", "20 uL/tube", to="out") }}
{% endstep %}
"""
LINED = """\
{% step "Line up" %}
- {{ transfer("15 uL/tube", from_="in", to="lane/sample", first=1, every=2) }}
- {{ transfer("12 uL/tube", from_="out", to="lane/sample", first=2, every=2) }}
- {{ top_up("buffer", to="15 uL/tube", in_="lane") }}
{% endstep %}
"""


def sheet(steps: str = FILLED + LINED, **plan: str) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(
        json.dumps(render(Source(id="toy", folder="protocols/toy", files={"protocol.yml": SPEC, "protocol.md.j2": steps}, shared_files={}), plan))
    )
    assert replay(json.dumps(record)).wrong == []
    return record


def told(line: str) -> str:
    with pytest.raises(ProtocolError) as error:
        sheet(f'{FILLED}{{% step "Line up" %}}\n{line}\n{{% endstep %}}\n')
    return str(error.value)


def test_each_goes_to_its_own_lane_and_all_lanes_hold_as_much():
    """15 and 12 µL by turns; the 12 get 3 µL more, and the lane that nothing came to gets 15."""
    record = sheet()
    (lanes,) = (vessel for vessel in record["vessels"] if vessel["id"] == "lane")
    assert [group["role"] for group in lanes["groups"]] == ["in a", "out a", "in b", "out b", "in c", "out c", "alone"]
    assert {group["volume"]["text"] for group in lanes["groups"]} == {"15 µL"}
    moved = [(o["op"], o.get("from", o.get("reagent")), o["to"], o["each"]["text"]) for o in record["steps"][1]["operations"]]
    assert moved[:3] == [("transfer", f"in/sample {n}", [f"lane/sample {2 * n - 1}"], "15 µL") for n in (1, 2, 3)]
    assert moved[3:6] == [("transfer", f"out/sample {n}", [f"lane/sample {2 * n}"], "12 µL") for n in (1, 2, 3)]
    assert moved[6:] == [
        ("add", "buffer", ["lane/sample 2", "lane/sample 4", "lane/sample 6"], "3 µL"),
        ("add", "buffer", ["lane/sample 7"], "15 µL"),
    ]


def test_a_full_row_needs_nothing():
    done = sheet(FILLED + '{% step "Top" %}\nThen {{ top_up("buffer", to="20 uL/tube", in_="out") }}.\n{% endstep %}\n')["steps"][1]
    assert done["operations"] == []
    assert done["markdown"] == "Then nothing."


def test_what_a_pipette_cannot_set_is_made_up_to_the_next_step_and_never_less():
    """From 30 to 57.77 µL are 27.77; a P200 is set to 27.8."""
    done = sheet(FILLED + '{% step "Top" %}\n{{ top_up("buffer", to="57.77 uL/tube", in_="in") }}\n{% endstep %}\n')
    (act,) = done["steps"][1]["operations"]
    assert act["each"]["text"] == "27.8 µL"


@pytest.mark.parametrize(
    ("before", "full", "more"), [("100.6 uL", "900 uL", "800 µL"), ("150.7 uL", "400 uL", "250 µL"), ("19.02 uL", "25 uL", "5.98 µL")]
)
def test_a_place_is_made_up_in_the_steps_of_the_pipette_that_its_rest_takes(before, full, more):
    """A P1000 has steps of 1 µL: 799.4 are 800, 249.3 are 250; a P20 has steps of 0.02: 5.98."""
    fill = f'{{% step "Fill" %}}\n{{{{ add("buffer", "{before}/tube", to="in") }}}}\n{{% endstep %}}\n'
    done = sheet(fill + f'{{% step "Top" %}}\n{{{{ top_up("buffer", to="{full}/tube", in_="in") }}}}\n{{% endstep %}}\n')
    assert [act["each"]["text"] for act in done["steps"][1]["operations"]] == [more]


def test_a_lane_that_is_not_there_is_named():
    message = told('{{ transfer("5 uL/tube", from_="in", to="lane/sample", first=6) }}')
    assert message == "protocols/toy/protocol.md.j2:5: 'lane/sample' has no place 8\n  hint: its 7 places are numbered 1 to 7"


@given(st.integers(1, 200), st.integers(1, 40), st.integers(1, 14))
def test_names_that_stay_together_are_never_parted(names, room, block):
    """Every gel holds whole blocks; what is over is on the last that has any; nothing is lost, and no gel is too full."""
    if block > room:
        return
    shares = _split_over_plates(names, room, block)
    assert sum(shares) == names
    assert all(0 < share <= room for share in shares)
    assert all(share % block == 0 for share in shares[:-1])
    assert len(shares) <= -(-names // block)


@given(st.integers(1, 200), st.integers(1, 40))
def test_names_by_themselves_are_shared_out_evenly_over_as_few_gels_as_hold_them(names, room):
    shares = _split_over_plates(names, room, 1)
    assert len(shares) == -(-names // room)
    assert max(shares) - min(shares) <= 1
