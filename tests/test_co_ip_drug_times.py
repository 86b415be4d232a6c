"""How old a drug gets on the cells of a co-IP: renewed after 48 h at most, counted, timed, and in step with two drugs."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from benchsheet import library
from benchsheet.engine import render
from benchsheet.repipette import replay
from tests.records import step, volume, when

CO_IP = library.load_source("co-ip")


def sheet(start: str = "", **plan: str) -> dict[str, Any]:
    written = json.dumps(render(CO_IP, plan, None, start))
    assert replay(written).wrong == []
    record: dict[str, Any] = json.loads(written)
    return record


def begins(record: dict[str, Any], title: str) -> datetime:
    """Return when the work of a step begins, from its first row of the schedule."""
    number = step(record, title)["number"]
    return next(datetime.fromisoformat(when(row["begin"])) for row in record["schedule"] if row["step"] == number and row["kind"] == "hands_on")


def test_the_third_day_has_fresh_medium_and_drug_that_are_counted() -> None:
    """72 h from Monday 08:00: renewed on Wednesday. 4 dishes get 10 mL and 10 µL twice: 80 mL of medium leave, 80 µL of drug are used."""
    record = sheet("2026-11-27T08:00", treated="72 h")
    assert begins(record, "Renew the drug") - begins(record, "Treat") == timedelta(hours=48, minutes=4)
    assert begins(record, "Wash and lyse") - begins(record, "Treat") == timedelta(hours=72, minutes=8)
    shelf = {each["id"]: each for each in record["reagents"]}
    assert volume(shelf["treatment"]["used"]) == 80_000
    removed = [
        volume(o["total"]) for each in record["steps"] for o in each["operations"] if o["op"] == "remove" and each["title"] != "Wash the beads"
    ]
    assert removed[:2] == [40_040_000, 40_040_000]


@pytest.mark.parametrize(("ahead", "treated"), [(0, 48), (0, 49), (0, 60), (1, 47), (1, 48), (24, 24.5), (24, 72)])
def test_no_drug_is_older_than_48_hours_and_none_comes_shortly_before_lysis(ahead: float, treated: float) -> None:
    """Hours of the steps, as the sheet has them: up to the renewal, and from it to lysis, the first of two drugs too."""
    record = sheet(treated=f"{treated} h", **({"ahead": f"{ahead} h"} if ahead else {}))
    waits = {each["title"]: each["wait"]["min"] for each in record["steps"][1:4] if each["title"] in ("First drug", "Treat", "Renew the drug")}
    hours = {title: wait["value"] * {"h": 1, "min": 1 / 60}[wait["unit"]] for title, wait in waits.items()}
    assert hours.get("First drug", 0) == ahead
    if ahead + treated <= 48:
        assert "Renew the drug" not in hours
        return
    assert hours["Treat"] + hours["Renew the drug"] == treated
    assert ahead + hours["Treat"] <= 48
    assert 12 <= hours["Renew the drug"] <= 48
    given = [o["reagent"] for o in step(record, "Renew the drug")["operations"] if o["op"] == "add"]
    assert given == ["medium", *(["first treatment"] if ahead else []), "treatment"]


@pytest.mark.parametrize(("plan", "in_time"), [({"ahead": "15 min"}, 4), ({"ahead": "2 h"}, 16), ({"treated": "72 h"}, 361)])
def test_the_first_dish_is_due_again_after_the_shortest_of_the_times(plan: dict[str, str], in_time: int) -> None:
    """At 4 min a dish: 15 / 4 + 1 = 4 dishes, an hour of treatment 16, and 24 h after a renewal 361."""
    record = sheet(samples="3", **plan)
    assert record["derived"]["in_time"]["text"] == str(in_time)
    assert any(each["code"] == "late-lysis" for each in record["warnings"]) == (in_time < 6)
