"""Two drugs one after the other on a blot: each half as much, in time, renewed together, and told with their hazards."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from benchsheet import library
from benchsheet.engine import render
from benchsheet.repipette import replay
from tests.records import step, volume, when

BLOT = library.load_source("western-blot")
IN_MATRIX = {"lysis": "C", "culture": "in matrix", "gel_volume": "100 uL", "cells_at_lysis": "1000000 cells"}


def sheet(start: str = "", **plan: str) -> dict[str, Any]:
    written = json.dumps(render(BLOT, plan, None, start))
    assert replay(written).wrong == []
    record: dict[str, Any] = json.loads(written)
    return record


def given(record: dict[str, Any], title: str) -> dict[str, Fraction]:
    return {o["reagent"]: volume(o["each"]) for o in step(record, title)["operations"] if o["op"] == "add" and "treatment" in o["reagent"]}


def test_the_first_drug_comes_an_hour_before_the_second_and_both_make_a_thousandth():
    """2 mL of medium: 1 µL of each 2000x drug, 0.1 % DMSO together; 6 wells and 2 controls take 8 µL of each."""
    record = sheet("2026-11-30T08:00", samples="6", ahead="1 h", treated="2 h")
    assert given(record, "First drug") == {"first treatment": 1_000}
    assert given(record, "Treat") == {"treatment": 1_000}
    used = {each["id"]: volume(each["used"]) for each in record["reagents"] if "treatment" in each["id"]}
    assert used == {"first treatment": 8_000, "treatment": 8_000}
    begins: dict[int, datetime] = {}
    for row in record["schedule"]:
        if row["kind"] == "hands_on":
            begins.setdefault(row["step"], datetime.fromisoformat(when(row["begin"])))
    first, second, lysis = (begins[step(record, title)["number"]] for title in ("First drug", "Treat", "Harvest"))
    # a dish takes 3 min before its wait begins
    assert (second - first, lysis - second) == (timedelta(minutes=63), timedelta(minutes=123))
    assert [hazard["name"] for hazard in step(record, "First drug")["hazards"]] == ["DMSO", "drug"]


@pytest.mark.parametrize(
    ("ahead", "treated", "culture"),
    [("", 48, {}), ("", 49, {}), ("", 60, IN_MATRIX), ("1 h", 47, IN_MATRIX), ("1 h", 48, {}), ("24 h", 24.5, {}), ("24 h", 72, IN_MATRIX)],
)
def test_no_drug_is_older_than_48_hours_and_none_comes_shortly_before_lysis(ahead: str, treated: float, culture: dict[str, str]):
    record = sheet(treated=f"{treated} h", **({"ahead": ahead} if ahead else {}), **culture)
    waits = {each["title"]: each["wait"] and each["wait"]["planned"] for each in record["steps"][:5]}
    hours = {title: wait["value"] * {"h": 1, "min": 1 / 60}[wait["unit"]] for title, wait in waits.items() if wait}
    head_start = float(ahead.partition(" ")[0] or 0)
    both = ["first treatment", "treatment"] if ahead else ["treatment"]
    assert hours.get("First drug", 0) == head_start
    if head_start + treated <= 48:
        assert "Renew the drug" not in waits
    else:
        assert hours["Treat"] + hours["Renew the drug"] == treated
        assert head_start + hours["Treat"] <= 48
        assert 12 <= hours["Renew the drug"] <= 48
        assert list(given(record, "Renew the drug")) == both
    if culture:
        assert given(record, "Harvest") == dict.fromkeys(both, Fraction(2_000, len(both)))  # in 2 mL of rinse, as strong as in the medium


@pytest.mark.parametrize("hours", [1, 2, 24])
def test_the_number_to_seed_is_for_the_hours_of_both_drugs(hours: int):
    """48 h of growth, the first drug, and 1 h: the line doubles in 24 h from 12 h on, and 75 % of 1.2 million are wanted of 85 % that attach."""
    seeded = 1_200_000 * 0.75 / 0.85 / 2 ** ((48 + hours + 1 - 12) / 24)
    assert sheet(ahead=f"{hours} h")["parameters"]["seeded"]["value"]["value"] == seeded // 10_000 * 10_000
