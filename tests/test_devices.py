"""What a device has in it keeps its place for the whole wait, what belongs together shares a batch, and contact before a batch is told."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.protocol.source import Source
from benchsheet.run.step_times import split_batches
from tests.records import batch_count, batching, when

STARTS = ("", "2026-11-23T09:00")


def source(steps: str, places: object = 1, more: str = "") -> Source:
    spec = (
        "title: Toy\nversion: 1.0.0\n"
        "parameters:\n  plates: {count: plate, default: 3, min: 1, max: 60}\n  samples: {count: sample, default: 1, min: 1, max: 60}\n"
        f"derived:\n  halves: {{count: cup, from: 2 * plates}}\nequipment:\n  cycler: {{name: cycler, places: {places}{more}}}\n"
    )
    return Source(id="toy", folder="protocols/toy", files={"protocol.yml": spec, "protocol.md.j2": steps}, shared_files={})


def step(title: str, options: str) -> str:
    return f'{{% step "{title}", {options} %}}\n{title}.\n{{% endstep %}}\n'


def minutes(moment: str) -> int:
    if moment.startswith("P"):
        days, hours, rest = map(int, re.findall(r"(\d+)[DHM]", moment)[:3])
        return (days * 24 + hours) * 60 + rest
    return (int(moment[8:10]) * 24 + int(moment[11:13])) * 60 + int(moment[14:16])


def rows_of(record: Any, title: str, kind: str) -> list[tuple[int, int]]:
    """Return begin and end of each unit or batch of a step, in minutes since the run began."""
    number = next(one["number"] for one in record["steps"] if one["title"] == title)
    first = min(minutes(when(row["begin"])) for row in record["schedule"])
    found = []
    for row in record["schedule"]:
        if (row["step"], row["kind"]) == (number, kind):
            every = int(row["every"]["value"]) * (60 if row["every"]["unit"] == "h" else 1) if row["times"] > 1 else 0
            length = minutes(when(row["end"])) - minutes(when(row["begin"])) - every * (row["times"] - 1)
            begin = minutes(when(row["begin"])) - first
            found += [(begin + every * on, begin + every * on + length) for on in range(row["times"])]
    return sorted(found)


# --- one place ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", STARTS)
def test_three_plates_are_run_one_after_another_in_a_cycler_of_one_place(start: str):
    # put in 5 min and run 62 min, three times: 201 min, the runs at 5, 72 and 139 min
    run = step("Run", 'hands_on="5 min/plate", wait="62 min", per="plate", equipment="cycler"') + step("Next", 'hands_on="1 min/plate", per="plate"')
    record = render(source(run), {}, start=start)
    assert rows_of(record, "Run", "wait") == [(5, 67), (72, 134), (139, 201)]
    taken_up = sorted(rows_of(record, "Next", "hands_on"))
    assert taken_up[0][0] >= (67 if start else 201)  # without a start all are taken up when the last is over
    assert taken_up[-1][1] >= 202
    assert (batch_count(record["steps"][0]), batching(record["steps"][0])) == (3, "one at a time")


@pytest.mark.parametrize("start", STARTS)
def test_a_step_that_is_not_unit_by_unit_fills_its_device_too(start: str):
    two = step("Run A", 'hands_on="5 min", wait="60 min", equipment="cycler"') + step(
        "Run B", 'hands_on="5 min", wait="60 min", equipment="cycler", after=[]'
    )
    record = render(source(two), {}, start=start)
    assert rows_of(record, "Run A", "wait") == [(5, 65)]
    assert rows_of(record, "Run B", "hands_on")[0][0] >= 65


def test_one_place_without_a_wait_is_done_by_hand_unit_by_unit():
    record = render(source(step("Read", 'hands_on="3 min/plate", per="plate", equipment="cycler"')), {})
    assert rows_of(record, "Read", "hands_on") == [(0, 9)] or rows_of(record, "Read", "hands_on") == [(0, 3), (3, 6), (6, 9)]
    assert batching(record["steps"][0]) == ""


@settings(max_examples=20, deadline=None)
@given(
    places=st.integers(1, 4), units=st.integers(1, 7), lengths=st.lists(st.tuples(st.integers(1, 4), st.integers(1, 20)), min_size=1, max_size=3),
    parallel=st.booleans(), ranged=st.booleans(), start=st.sampled_from(STARTS),
)  # fmt: skip
def test_a_device_never_holds_more_than_it_has_places(
    places: int, units: int, lengths: list[tuple[int, int]], parallel: bool, ranged: bool, start: str
):
    steps = step("Seed", 'hands_on="1 min"')
    for number, (work, wait) in enumerate(lengths):
        after, to = ', after="Seed"' if parallel else "", f" to {wait + 4} min" if ranged else ""
        steps += step(f"Run {number}", f'hands_on="{work} min/plate", wait="{wait} min{to}", per="plate", equipment="cycler"{after}')
    record = render(source(steps, places), {"plates": str(units)}, start=start)
    held = [span for number in range(len(lengths)) for span in rows_of(record, f"Run {number}", "wait")]
    assert len(held) == len(lengths) * -(-units // places)
    assert all(end <= begin for (_, end), (begin, _) in zip(sorted(held), sorted(held)[1:], strict=False))


# --- contact before a batch -----------------------------------------------------------------------------------------------------

LYSE = step("Lyse", 'hands_on="1 min/plate", wait="3 min to 5 min", plan="4 min", per="plate"')


@pytest.mark.parametrize("start", STARTS)
def test_contact_before_a_batch_grows_and_is_told_with_how_many_keep_it(start: str):
    # the last of n is put down n - 1 min after the first: 4 + n - 1 <= 5 for n of 2; 16 wait 4 + 15 = 19 min
    made = source(LYSE + step("Spin", 'hands_on="1 min/batch", wait="5 min", per="plate", equipment="cycler"'), 24)
    for units, longest in ((2, 0), (3, 6), (16, 19)):
        told = [one for one in render(made, {"plates": str(units)}, start=start)["warnings"] if one["code"] == "wait-grows"]
        if not longest or start and units == 3:  # by the clock the last may wait the least of the range, 3 min: the first then waits 5
            assert told == []
            continue
        (one,) = told
        found = re.search(
            r"grows from (\d+) min to (\d+) min for the plate that waits longest, since step 2 \(Spin\) takes them in one batch", one["message"]
        )
        assert found, one["message"]
        if not start:  # by the clock a shorter wait within the range is planned for the last
            assert found.groups() == ("4", str(longest))
            assert "up to 2 plates at a time keep it" in one["message"]
        assert (one["step"], one["level"]) == (1, "W")


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("follower", ['per="cup", equipment="cycler"', 'per="cup"', ""])
def test_contact_is_told_whatever_the_next_step_counts(start: str, follower: str):
    made = source(LYSE + step("Spin", f'hands_on="1 min", wait="5 min"{follower and ", "}{follower}'), 60)
    assert "wait-grows" in [one["code"] for one in render(made, {"plates": "16"}, start=start)["warnings"]]
    assert "wait-grows" not in [one["code"] for one in render(made, {"plates": "1"}, start=start)["warnings"]]


def test_what_waited_as_one_and_is_taken_up_one_by_one_is_told():
    # trypsin on 10 plates at once, washed off 2 min each: the last has it for 5 + 9 x 2 min
    made = source(step("Detach", 'hands_on="2 min", wait="5 min"') + step("Stop", 'hands_on="2 min/plate", per="plate"'))
    (one,) = [one for one in render(made, {"plates": "10"})["warnings"] if one["code"] == "wait-grows"]
    assert "grows from 5 min to 23 min for the plate that waits longest" in one["message"]


FOLLOWERS = {
    "all at once": step("Spin", 'hands_on="1 min", wait="5 min", equipment="cycler"'),
    "one place": step("Spin", 'hands_on="1 min/plate", wait="5 min", per="plate", equipment="cycler"'),
    "others between": step("Note", 'hands_on="30 min", after=[]') + step("Spin", 'hands_on="1 min", wait="5 min", equipment="cycler", after="Lyse"'),
    "one by one": step("Spin", 'hands_on="4 min/plate", per="plate"'),
}


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("follower", FOLLOWERS)
@pytest.mark.parametrize("lyse", [LYSE, step("Lyse", 'hands_on="2 min", wait="3 min to 5 min", plan="4 min"')], ids=["one by one", "as one"])
def test_what_a_grown_wait_says_of_its_reason_and_of_fewer_at_a_time_is_so(start: str, follower: str, lyse: str):
    made = source(lyse + FOLLOWERS[follower])

    def told(plates: int) -> list[str]:
        return [one["message"] for one in render(made, {"plates": str(plates)}, start=start)["warnings"] if one["code"] == "wait-grows"]

    (message,) = told(8) or [""]
    assert message or follower in ("all at once", "one by one")
    assert start or "working hours" not in message
    assert ("takes all at once, when the last is ready" in message) == bool(message and follower == "all at once")
    keep = re.search(r"up to (\d+) plates? at a time", message)
    if keep:
        assert told(int(keep[1])) == []
    if "fewer at a time" in message:
        assert told(1)


# --- together -------------------------------------------------------------------------------------------------------------------


def test_what_belongs_together_is_never_parted():
    # 12 samples with an IP and an isotype, and one tube alone: 25 tubes in 24 places are 12 and 13, not 13 and 12 that part a pair
    assert split_batches(25, 24, family=2) == (13, 12)
    assert split_batches(26, 24) == (13, 13)
    assert split_batches(26, 24, family=2) == (14, 12)
    steps = step("Spin", 'hands_on="1 min/batch", wait="5 min", per="cup", equipment="cycler", together="plate"')
    record = render(source(steps, 24), {"plates": "13"})
    assert batching(record["steps"][0]) == "in 2 batches: 1 of 14, 1 of 12, all of one plate in the same batch"


@given(families=st.integers(1, 40), family=st.integers(1, 6), rest=st.integers(0, 5), room=st.integers(6, 30))
def test_every_batch_fits_and_holds_whole_families(families: int, family: int, rest: int, room: int):
    sizes = split_batches(families * family + rest, room, family=family)
    whole = families + rest // family
    assert sum(sizes) == families * family + rest
    assert max(sizes) <= room
    assert sum(size // family for size in sizes) >= whole  # what is beyond whole families fills up
    assert len(sizes) <= -(-families // (room // family)) + 1


def test_a_device_too_small_for_a_family_is_told_and_an_unknown_word_refused():
    steps = step("Spin", 'hands_on="1 min/batch", wait="5 min", per="cup", equipment="cycler", together="sample"')
    (one,) = render(source(steps, 4), {"plates": "3"})["warnings"]
    assert one["message"] == "6 cups of one sample belong together, and 4 at a time fit: they are parted"
    for wrong in (steps.replace('"sample"', '"tube"'), step("Mix", 'hands_on="1 min", together="sample"')):
        with pytest.raises(ProtocolError, match="together"):
            render(source(wrong, 4))
