"""Hands-on times that are printed rounded add up exactly in the Record, and replay finds those that do not."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchsheet.engine import render
from benchsheet.protocol.source import Source
from benchsheet.repipette import replay

RULES = ["20 s/tube", "7 s + 13 s/tube", "0.5 s/tube", "61 s", "1.1 min/tube", "2 h"]


def record_of(*rules: str, tubes: int = 7):
    spec = f"title: Toy\nversion: 1.0.0\nparameters:\n  tubes: {{count: tube, default: {tubes}, min: 1, max: 999}}\n"
    steps = "".join(f'{{% step "Do {number}", hands_on="{rule}" %}}\nDo.\n{{% endstep %}}\n' for number, rule in enumerate(rules))
    return render(Source(id="toy", folder="protocols/toy", files={"protocol.yml": spec, "protocol.md.j2": steps}, shared_files={}), {})


def test_20_s_for_each_of_7_tubes_are_140_s():
    record = record_of("20 s/tube", "20 s/tube", "1 min")  # 140 s, 140 s and 60 s: 340 s
    first, _, last = (step["hands_on"] for step in record["steps"])
    assert (first["total"]["text"], first["total"]["seconds"]) == ("2.333 min", 140)
    assert (record["hands_on"]["text"], record["hands_on"]["seconds"]) == ("5.667 min", 340)
    assert "seconds" not in last["total"]  # printed as it is
    assert replay(json.dumps(record)).wrong == []


@settings(deadline=None, max_examples=30)
@given(
    rules=st.lists(st.sampled_from(["20 s/tube", "7 s + 13 s/tube", "0.5 s/tube", "61 s", "1.1 min/tube", "2 h"]), min_size=1),
    tubes=st.integers(1, 999),
)
def test_every_sum_of_times_replays(rules: list[str], tubes: int):
    record = record_of(*rules, tubes=tubes)
    assert replay(json.dumps(record)).wrong == []


@pytest.mark.parametrize(("key", "seconds"), [("step", 141), ("step", 160), ("all", 281), ("all", 300)])
def test_a_second_that_is_missing_is_found(key: str, seconds: int):
    record = record_of("20 s/tube", "20 s/tube")
    (record["steps"][0]["hands_on"]["total"] if key == "step" else record["hands_on"])["seconds"] = seconds
    assert any("is not the sum" in wrong or "is printed for" in wrong for wrong in replay(json.dumps(record)).wrong)
