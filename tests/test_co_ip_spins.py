"""Every spin of a co-IP says how fast, in x g, how long and in what; it counts in the hands-on time; and what it takes fits the rotor."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from benchsheet import library
from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.lab import parse_profile
from tests.records import step

CO_IP = library.load_source("co-ip")
PLANS: list[dict[str, str]] = [{"samples": "1"}, {"vessel": "150 mm", "reciprocal": "yes"}, {"matrix": "magnetic"}]


def sheet(**plan: str) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(json.dumps(render(CO_IP, plan)))
    return record


def minutes(record: dict[str, Any], title: str) -> float:
    return float(step(record, title)["hands_on"]["total"]["value"])


@pytest.mark.parametrize("plan", PLANS, ids=str)
def test_every_spin_says_how_long(plan: dict[str, str]) -> None:
    """A speed stands in one sentence with a time; "never above" is a limit of the same spin."""
    record = sheet(**plan)
    spins = [
        sentence
        for each in record["steps"]
        for sentence in re.split(r"(?<=[.;])\s", each["markdown"].replace("\xa0", " ").replace("\u202f", ""))
        if "× g" in sentence
    ]
    assert len(spins) == (1 if plan.get("matrix") == "magnetic" else 5)
    for sentence in spins:
        assert re.search(r"for \W*(1|15) min\W* at \W*\d+", sentence), sentence


def test_a_spin_beside_the_work_of_a_step_is_counted() -> None:
    """3 min a load before the lysates are split, and before the eluates are taken: 5 + 3 + 2 and 5 + 3 + 2 x 2; 27 IP tubes are two loads of 24."""
    record = sheet()
    assert (minutes(record, "Set aside input and split"), minutes(record, "Line up the lanes")) == (10, 12)
    large = sheet(samples="13")
    assert (minutes(large, "Set aside input and split"), minutes(large, "Line up the lanes")) == (5 + 3 + 13, 5 + 2 * 3 + 26)
    assert "in 2 loads of the rotor" in step(large, "Line up the lanes")["markdown"]


@pytest.mark.parametrize("washes", [3, 5])
def test_the_time_of_the_washes_grows_with_their_number(washes: int) -> None:
    """5 min each: 3 to 5 of rotation and the spin; half a minute a tube and wash: 5 tubes."""
    washed = step(sheet(washes=str(washes)), "Wash the beads")
    assert washed["wait"]["planned"]["text"] == f"{5 * washes} min"
    assert washed["hands_on"]["total"]["value"] == 5 + 2.5 * washes


def test_a_tube_that_the_rotor_does_not_take_is_not_spun_by_the_way() -> None:
    """1.35 mL to pre-clear: in a lab without tubes of 1.5 mL they stand in one of 2 mL, which a rotor for 1.5 mL does not take."""
    words = "containers: {2 mL tube: 2 mL, 15 mL tube: 15 mL}\nequipment:\n  rotor: {name: small rotor, places: 24, radius: 8.4 cm, takes: 1.5 mL}\n"
    with pytest.raises(ProtocolError, match=r"precleared/condition 1 .* takes tubes of at most 1\.5"):
        render(CO_IP, {}, parse_profile(words, "lab.yml"))
