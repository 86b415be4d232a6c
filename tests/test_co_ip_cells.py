"""How many cells a co-IP seeds: for the planned hours and the doubling time, and a warning where the schedule has other hours."""

from __future__ import annotations

import json
import math
from datetime import datetime
from typing import Any

import pytest

from benchsheet import library
from benchsheet.engine import render
from tests.records import step, when

CO_IP = library.load_source("co-ip")
FULL = {"100 mm": 8.8e6, "150 mm": 20e6}  # fisher_vessels, cells of HeLa size


def record_of(start: str = "", **plan: str) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(json.dumps(render(CO_IP, plan, None, start)))
    return record


def cells(record: dict[str, Any]) -> float:
    return float("".join(each for each in record["parameters"]["seeded"]["text"] if each.isdigit()))


@pytest.mark.parametrize("doubling", [22, 24, 40, 60, 90])
@pytest.mark.parametrize(("treated", "hours"), [("1 h", 49), ("12 h", 60), ("24 h", 72), ("48 h", 72), ("72 h", 96)])
def test_the_number_to_seed_is_for_the_hours_and_the_doubling_time(doubling: int, treated: str, hours: int) -> None:
    """85 % full, of which 85 % attach, and 12 h without a division: full / 2^((hours - 12) / doubling)."""
    record = record_of(doubling=f"{doubling} h", treated=treated)
    expected = FULL["100 mm"] / 2 ** ((hours - 12) / doubling)
    assert cells(record) == pytest.approx(expected, abs=10_000)
    words = step(record, "Seed")["markdown"].replace("\xa0", " ")
    assert f"meant for {hours} h from here to lysis: a line that doubles in {doubling} h" in words


@pytest.mark.parametrize(("doubling", "millions"), [("24 h", 3.0), ("40 h", 4.6), ("60 h", 5.7), ("90 h", 6.6)])
def test_the_numbers_are_those_of_the_field_at_49_hours(doubling: str, millions: float) -> None:
    assert cells(record_of(doubling=doubling)) / 1e6 == pytest.approx(millions, abs=0.06)


@pytest.mark.parametrize("seeded", [1.5e6, 2.2e6, 3.02e6, 5e6])
def test_a_number_of_ones_own_is_told_the_hours_that_it_is_for(seeded: float) -> None:
    record = record_of(seeded=f"{seeded:.0f} cells")
    hours = 12 + 24 * math.log2(FULL["100 mm"] / seeded)
    assert float(record["derived"]["to_lysis"]["text"].split("\xa0")[0].split()[0]) == pytest.approx(hours, abs=0.51)
    warned = any(warning["code"] == "growth" for warning in record["warnings"])
    assert warned == (abs(hours - 49) > 3)


# Begun Monday to Friday (23 to 27 November), without the days from which a treatment, or the night with the antibody, meets a weekend.
FITTING = [
    *(("1 h", day) for day in (23, 24, 25, 27)),
    *(("24 h", day) for day in (23, 24, 27)),
    *(("48 h", day) for day in (23, 27)),
    ("72 h", 27),
]


@pytest.mark.parametrize(("treated", "day"), FITTING)
def test_a_schedule_with_other_hours_says_both_figures(treated: str, day: int) -> None:
    """From the end of seeding to the first and the last lysis; 3 h either way are an eighth of a doubling."""
    record = record_of(f"2026-11-{day}T08:00", treated=treated)
    rows = [row for row in record["schedule"] if row["kind"] == "hands_on"]
    seeded = next(datetime.fromisoformat(when(row["end"])) for row in rows if row["step"] == 1)
    lysis = step(record, "Wash and lyse")["number"]
    lysed = [datetime.fromisoformat(when(row["begin"])) for row in rows if row["step"] == lysis]
    meant = int(record["derived"]["to_lysis"]["text"].replace("\xa0", " ").split()[0])
    apart = max(abs((each - seeded).total_seconds() / 3600 - meant) for each in lysed)
    said = [warning["message"].replace("\xa0", " ") for warning in record["warnings"] if warning["code"] == "growth"]
    assert bool(said) == (apart > 3)
    for message in said:
        assert f"meant for {meant} h" in message
        assert "the plan has" in message


@pytest.mark.parametrize("treated", ["1 h", "24 h", "72 h"])
def test_a_pre_cleared_lysate_waits_an_hour_at_most(treated: str) -> None:
    record = record_of("2026-11-27T08:00", treated=treated)
    rows = {row["step"]: row for row in record["schedule"] if row["kind"] == "hands_on"}
    split, antibody = (
        next(each["number"] for each in record["steps"] if each["title"] == title) for title in ("Set aside input and split", "Antibody")
    )
    waits = datetime.fromisoformat(when(rows[antibody]["begin"])) - datetime.fromisoformat(when(rows[split]["end"]))
    assert waits.total_seconds() <= 3600
    assert "60 min at most" in step(record, "Set aside input and split")["markdown"].replace("\xa0", " ")


@pytest.mark.parametrize("protocol", library.protocol_ids())
def test_what_seeding_takes_is_in_the_equipment_once(protocol: str) -> None:
    record = render(library.load_source(protocol))
    assert "Seed" in {each["title"] for each in record["steps"]}
    told = "; ".join(device["name"] for device in record["equipment"])
    for each in ("trypsin", "a counting chamber", "growth medium warmed to 37 °C"):
        assert told.count(each) == 1, each
