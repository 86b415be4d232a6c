"""Words that rest on hours: a plan with other hours than they were made for is told with both figures, with and without a start."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchsheet import library
from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.protocol.source import Source

SAY = '"meant for {meant}; the plan has {planned}"'


def source(hours: str, wait: str = "24 h") -> Source:
    """Return a protocol that seeds for an hour, waits, and harvests 10 min a dish."""
    spec = f"title: Toy\nversion: 1.0.0\nparameters: {{dishes: {{count: dish, default: 3, min: 1, max: 9}}}}\nhours:\n  growth: {{{hours}}}\n"
    steps = (
        f'{{% step "Seed", hands_on="60 min", wait="{wait}" %}}\nSeed.\n{{% endstep %}}\n'
        '{% step "Harvest", hands_on="10 min/dish", per="dish" %}\nHarvest.\n{% endstep %}\n'
    )
    files = {"protocol.yml": spec, "protocol.md.j2": steps}
    return Source(id="toy", folder="protocols/toy", files=files, shared_files={}, load_sibling=library.load_source)


def warnings_of(made: Source, start: str = "", **values: str) -> list[Any]:
    return [one for one in render(made, values, start=start)["warnings"] if one["code"] == "growth"]


def test_other_hours_are_told_with_both_figures_at_the_later_step():
    made = source(f"from: Seed, to: Harvest, meant: 49 h, say: {SAY}")
    (warning,) = warnings_of(made, dishes="1")
    assert warning["message"] == "meant for 49 h; the plan has 24 h"
    assert (warning["step"], warning["level"]) == (2, "W")


def test_units_that_wait_longer_are_counted_too():
    # three dishes, one after another: the last is taken up 2 x 10 min after the first, 24 h 20 min after seeding
    made = source(f"from: Seed, to: Harvest, meant: 24 h, tolerance: 15 min, say: {SAY}")
    (warning,) = warnings_of(made, dishes="3")
    assert warning["message"] == "meant for 24 h; the plan has 24 h to 24.5 h"
    assert warnings_of(made, dishes="2") == []  # 10 min is within the quarter of an hour


def test_a_start_that_makes_the_wait_longer_is_told():
    # Friday 09:00, an hour of seeding: 24 h to 72 h end on a weekend; Monday 08:00 is 70 h after Friday 10:00
    made = source(f"from: Seed, to: Harvest, meant: 48 h, say: {SAY}", wait="24 h to 72 h")
    assert warnings_of(made) == []
    (warning,) = warnings_of(made, start="2026-11-27T09:00", dishes="1")
    assert warning["message"] == "meant for 48 h; the plan has 70 h"


@settings(max_examples=30, deadline=None)
@given(wait=st.integers(2, 200), meant=st.integers(1, 250), percent=st.integers(0, 60))
def test_it_is_told_just_beyond_the_tolerance(wait: int, meant: int, percent: int):
    made = source(f"from: Seed, to: Harvest, meant: {meant} h, tolerance: {percent} %, say: {SAY}", wait=f"{wait} h")
    assert bool(warnings_of(made, dishes="1")) is (abs(wait - meant) * 100 > meant * percent)


def test_expressions_levels_and_times_to_calculate_with():
    say = "{planned}, not {meant}: {longest - meant} late"
    hours = f"""meant: {{from: "dishes * '10 h'"}}, tolerance: 1 h, level: note, say: "{say}" """
    made = source(f"from: Seed, to: Harvest, {hours}")
    (warning,) = warnings_of(made, dishes="2")  # 24 h 10 min for the second dish
    assert (warning["message"], warning["level"]) == ("24 h to 24.25 h, not 20 h: 4.25 h late", "N")


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (f"from: Sead, to: Harvest, meant: 49 h, say: {SAY}", "no step 'Sead'"),
        (f"from: Harvest, to: Seed, meant: 49 h, say: {SAY}", "does not come after"),
        (f"from: Seed, to: Harvest, meant: 49 mL, say: {SAY}", "'meant' is not a time"),
        (f"from: Seed, to: Harvest, meant: {{from: dishes}}, say: {SAY}", "'meant' is not a time"),
        (f"from: Seed, to: Harvest, meant: 49 h, tolerance: 1 mL, say: {SAY}", "'tolerance' is not a time or a percentage"),
        ("from: Seed, to: Harvest, meant: 49 h, say: '{meant}'", "the words do not say {planned}"),
        ("from: Seed, to: Harvest, meant: 49 h, say: '{planned}'", "the words do not say {meant}"),
        (f"from: Seed, to: Harvest, say: {SAY}", "meant"),
        (f"from: Seed, to: Harvest, meant: 49 h, level: never, say: {SAY}", "note, warn or refuse"),
        ("from: Seed, to: Harvest, meant: 49 h, level: refuse, say: '{planned}, not {meant} | wait'", "24 h to 24.5 h, not 49 h"),
        ("from: Seed, to: Harvest, meant: 49 h, say: '{planned} {meant} {nothing}'", "'nothing'"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(hours: str, words: str):
    with pytest.raises(ProtocolError) as caught:
        render(source(hours))
    assert words in str(caught.value)
    assert "protocol.yml:5" in str(caught.value)


def test_a_protocol_within_another_tells_of_its_own_steps_and_not_of_those_left_out():
    child = source(f"from: Seed, to: Harvest, meant: 49 h, say: {SAY}")
    for begin, told in (("", ["meant for 49 h; the plan has 24 h"]), ("start: Harvest, ", [])):
        spec = (
            "title: Host\nversion: 1.0.0\nparameters: {dishes: {count: dish, default: 1}}\n"
            f"uses:\n  toy: {{protocol: toy, {begin}values: {{dishes: dishes}}}}\n"
        )
        steps = '{% step "Seed", hands_on="5 min" %}\nWarm the medium.\n{% endstep %}\n{{ protocol("toy") }}\n'
        files = {"protocol.yml": spec, "protocol.md.j2": steps}
        host = Source(id="host", folder="protocols/host", files=files, shared_files={}, load_sibling=lambda _: child)
        assert [one["message"] for one in warnings_of(host)] == told
