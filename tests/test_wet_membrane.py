"""Between its first block and its last image a membrane never dries: whatever day a blot begins, each strip follows its image within two days.

An antibody that dries on is not stripped off, and at one mass what is left of it is read as the next target.
"""

from __future__ import annotations

import functools
import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from benchsheet import library
from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.lab.profile import parse_profile
from benchsheet.repipette import replay
from tests.records import when

RUNS: dict[str, tuple[str, dict[str, str]]] = {
    "blot": ("western-blot", {"samples": "6"}),
    "several membranes": ("western-blot", {"samples": "30"}),
    "nitrocellulose": ("western-blot", {"samples": "6", "membrane": "nitrocellulose"}),
    "same day": ("western-blot", {"samples": "6", "incubation": "same day"}),
    "two days of drug": ("western-blot", {"samples": "6", "treated": "48 h"}),
    "two targets": ("western-blot", {"samples": "6", "targets": "pFAK-Y397,FAK", "loading_control": "total protein"}),
    "co-ip": ("co-ip", {"beads_only": "no"}),
}
STARTS = [f"2026-11-{day}T09:00" for day in range(23, 28)]  # Monday to Friday
HOURS = {"usual": "", "four days": 'hours: {Mon-Thu: "08:00-18:00"}\n'}
TWO_DAYS = timedelta(days=2)


@functools.cache
def sheet(run: str, start: str = "", hours: str = "usual") -> Any | None:
    """Return the record of a run, or nothing where it is refused for its times."""
    protocol, given = RUNS[run]
    lab = parse_profile(HOURS[hours], "my-lab.yml") if HOURS[hours] else None
    try:
        return render(library.load_source(protocol), given, lab, start=start)
    except ProtocolError as error:
        assert "working hours" in str(error) or "would have to begin" in str(error)  # noqa: PT017 - for its times, and for nothing else
        return None


def times(record: Any, title: str) -> tuple[datetime, datetime]:
    """Return when work on a step begins, and when it ends."""
    number = next(step["number"] for step in record["steps"] if step["title"] == title)
    rows = [row for row in record["schedule"] if row["step"] == number and row["kind"] == "hands_on"]
    return min(datetime.fromisoformat(when(row["begin"])) for row in rows), max(datetime.fromisoformat(when(row["end"])) for row in rows)


@pytest.mark.parametrize("hours", HOURS)
@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("run", RUNS)
def test_each_strip_follows_its_image_within_two_days(run: str, start: str, hours: str):
    record = sheet(run, start, hours)
    if record is None:
        return
    for strip in [step["title"] for step in record["steps"] if step["title"].startswith("Strip ")]:
        _, image = times(record, strip.replace("Strip ", "Develop: "))
        begins, _ = times(record, strip)
        assert timedelta(0) < begins - image <= TWO_DAYS, strip
        assert begins.weekday() >= image.weekday(), strip  # no weekend between


@pytest.mark.parametrize("run", RUNS)
def test_some_start_works(run: str):
    assert any(sheet(run, start) for start in STARTS)


@pytest.mark.parametrize("run", RUNS)
def test_nothing_rests_without_an_end_between_the_first_block_and_the_last_image(run: str):
    record = sheet(run)
    assert record is not None
    titles = [step["title"] for step in record["steps"]]
    last = max(place for place, title in enumerate(titles) if title.startswith("Develop"))
    for step in record["steps"][titles.index("Block") : last]:
        assert step["pause_point"] == "", step["title"]
        assert step["wait"] is None or step["wait"]["max"] is not None, step["title"]


@pytest.mark.parametrize("run", RUNS)
def test_a_membrane_that_waits_lies_in_buffer(run: str):
    """What the image is taken of is rinsed, then covered; the strip begins with that buffer poured off, and replay holds it."""
    record = sheet(run)
    assert record is not None
    assert replay(json.dumps(record)).wrong == []
    strips = [step for step in record["steps"] if step["title"].startswith("Strip ")]
    assert len(strips) == len([step for step in record["steps"] if step["title"].startswith("Develop: ")]) - 1
    for strip in strips:
        image = record["steps"][strip["number"] - 2]
        assert image["title"] == strip["title"].replace("Strip ", "Develop: ")
        *_, rinse, cover = image["operations"]
        assert [rinse["op"], cover["op"], strip["operations"][0]["op"]] == ["wash", "add", "remove"]
        assert rinse["reagent"] == cover["reagent"]
        assert rinse["reagent"].endswith("TBST")
        assert strip["operations"][0]["each"] == cover["each"]
        assert strip["operations"][0]["stream"].endswith("drain")  # and not into the acid of the strip


def test_only_before_the_first_block_pvdf_may_dry():
    for run in RUNS:
        record = sheet(run)
        assert record is not None
        dry = [step["title"] for step in record["steps"] if "dried PVDF" in step["pause_point"]]
        waits = [
            step["title"] for step in record["steps"] if step["title"] == "Transfer" and step["batches"] and len(step["batches"]["sizes"]) > 1
        ]  # for the next transfer
        assert dry == ([] if run == "nitrocellulose" else [*waits, "Stain total protein"])
