"""Times of a run: what a person can do with two hands, plate after plate, and what the clock on the wall then shows.

The expectations come from a simulation of single plates made here, from the steps' own words, never from the scheduler.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchsheet import lab, library
from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.run.events import Step, Wait
from benchsheet.run.step_times import parse_hands_on
from benchsheet.schedule import describe_extension, schedule_elapsed
from tests.records import titles_before, when, who_does

SECONDS = {"s": 1, "min": 60, "h": 3600}
GROWN = "the wait after '"


def seconds(words):
    """Return ``5 min`` as seconds."""
    number, unit = words.replace("\u202f", "").split(" ")
    return Fraction(number) * SECONDS[unit]


def since(moment):
    """Return ``P1DT2H05M`` as seconds."""
    parts = re.fullmatch(r"P(\d+)DT(1?\d|2[0-3])H([0-5]\d)M(?:([0-5]\d)S)?", moment)
    assert parts, moment
    days, hours, minutes, rest = map(int, parts.groups(default="0"))
    return ((days * 24 + hours) * 60 + minutes) * 60 + rest


def work_of(step, counts, unit):
    """Return the hands-on time of a step as its rule says it: once, and for each *unit*."""
    once = each = Fraction(0)
    for term in step["hands_on"]["text"].split(" + "):
        amount, _, per = term.partition("/")
        if per and per == unit:
            each += seconds(amount)
        else:
            once += seconds(amount) * (counts[per] if per else 1)
    return once, each


class Plate:
    """What happens to one unit in one step: it is in hand from *taken* to *put*, and then waits until *ready*."""

    def __init__(self, taken, put, ready):
        self.taken, self.put, self.ready = taken, put, ready


def plates_of(times, each, hands, wait):
    """Return the units of a step from its rows: (start, end, every) in seconds of the work and of the wait, either may be None."""
    found = []
    for place in range(times):
        before = times - 1 - place
        put = hands[1] - before * hands[2] if hands else wait[0] + place * wait[2]
        found.append(Plate(put - each, put, wait[1] - before * wait[2] if wait else put))
        if wait:
            assert wait[0] + place * wait[2] == put, "a wait begins when the work on its unit is over"
    return found


def run_of(record):
    """Return title to (unit, units) for every step of a Record without a start."""
    found = {}
    for step in record["steps"]:
        rows = {row["kind"]: row for row in record["schedule"] if row["step"] == step["number"]}
        any_row = next(iter(rows.values()))
        hands, wait = (
            (since(when(r["begin"])), since(when(r["end"])), seconds(r["every"]["text"])) if (r := rows.get(kind)) else None
            for kind in ("hands_on", "wait")
        )
        once, each = work_of(step, record["counts"], any_row["unit"])
        units = plates_of(any_row["times"], each if any_row["unit"] else once, hands, wait)
        if hands and any_row["unit"]:
            assert hands[0] + once <= units[0].taken + 0 * each
        found[step["title"]] = (any_row["unit"], units)
    return found


def grown(record):
    """Return number of a step to how long its unit that waits longest waits, for each wait that is passed."""
    run, found = run_of(record), {}
    steps = {step["title"]: step for step in record["steps"]}
    for step in record["steps"]:
        for before in titles_before(record, step):
            wait = steps[before]["wait"]
            if wait and wait["max"] and run[before][0] == run[step["title"]][0]:
                longest = max(now.taken - then.put for then, now in zip(run[before][1], run[step["title"]][1], strict=True))
                if longest > seconds(wait["max"]["text"]):
                    found[steps[before]["number"]] = longest
    return found


@pytest.fixture(scope="module")
def runs(sheet, many_sheets):
    return [sheet(plates=str(number)) for number in (*range(1, 31), 60, 99, 100)] + [record for _, record in many_sheets]


def test_hands_on_time_is_the_sum_of_its_terms(runs):
    for record in runs:
        total = Fraction(0)
        for step in record["steps"]:
            said = sum(work_of(step, record["counts"], ""))
            assert seconds(step["hands_on"]["total"]["text"]) == said
            total += said
        assert seconds(record["hands_on"]["text"]) == total


def test_four_plates_take_275_minutes_in_hand(sheet):
    # 20 + 4 x 5 seeding, 40 dose series, 10 + 5 T0 plate, 4 x 20 treating, 4 x (5 + 5), and with the T0 plate 5 x (3 + 4 + 2 + 3)
    assert sheet(plates="4")["hands_on"]["text"] == f"{40 + 40 + 15 + 80 + 4 * 10 + 5 * 12} min" == "275 min"


def test_a_term_for_something_else_than_the_unit_counts_once_for_each_of_those():
    work = parse_hands_on("10 min + 5 min/plate + 30 s/tube", {"plate": 4, "tube": 3}, "plate")
    assert [work.fixed, work.per_unit, work.unit_count] == [10 * 60 + 3 * 30, 5 * 60, 4]
    work = parse_hands_on("30 s/tube + 10 min", {"plate": 4, "tube": 3}, "")
    assert work.fixed + work.per_unit * work.unit_count == 10 * 60 + 3 * 30


def test_no_wait_is_planned_or_laid_out_shorter_than_it_has_to_be(runs):
    for record in runs:
        run = run_of(record)
        for step in record["steps"]:
            for unit in run[step["title"]][1]:
                assert unit.ready - unit.put == (seconds(step["wait"]["planned"]["text"]) if step["wait"] else 0)
            if step["wait"]:
                assert seconds(step["wait"]["planned"]["text"]) >= seconds(step["wait"]["min"]["text"])


def test_no_plate_is_picked_up_before_its_wait_is_over(runs):
    for record in runs:
        run = run_of(record)
        for step in record["steps"]:
            unit, units = run[step["title"]]
            for before in titles_before(record, step):
                other, its = run[before]
                pairs = zip(its, units, strict=True) if other == unit else [(its[-1], units[0])]
                assert all(now.taken >= then.ready for then, now in pairs), (record["invocation"]["command"], before, step["title"])


def test_one_person_is_never_in_two_places(runs):
    for record in runs:
        held = sorted((plate.taken, plate.put) for _, units in run_of(record).values() for plate in units if plate.put > plate.taken)
        assert all(next_taken >= put for (_, put), (next_taken, _) in pairwise(held)), record["invocation"]["command"]
        assert all(who_does(row) == ("person 1" if row["kind"] == "hands_on" else "") for row in record["schedule"])


def test_every_wait_that_is_passed_is_told_with_its_step_and_no_other_is(runs):
    for record in runs:
        told = {warning["step"] for warning in record["warnings"] if warning["message"].startswith(GROWN) and " grows from " in warning["message"]}
        assert told == set(grown(record)), record["invocation"]["command"]


def test_16_plates_keep_the_night_after_seeding_and_17_do_not(sheet):
    # The last plate is seeded and 18 h later begin 40 min of dose series and 10 min with the T0 plate; the last of n plates is
    # treated (n - 1) x 20 min after that. So it waits 18 h + 50 min + (n - 1) x 20 min: at most 24 h for n - 1 <= 310 / 20.
    fits = ((24 - 18) * 60 - 50) // 20 + 1
    assert fits == 16
    assert 1 not in grown(sheet(plates=str(fits)))
    assert 1 in grown(sheet(plates=str(fits + 1)))
    for number in (17, 30, 60, 100):
        (message,) = [w["message"] for w in sheet(plates=str(number))["warnings"] if w["message"].startswith(GROWN + "Seed' ")]
        assert re.search(r"\b16 plates\b", message)
        longest = 18 * 60 + 50 + (number - 1) * 20
        shown = re.search(r"grows from 18 h to ([\d.]+ (?:min|h)) ", message)
        assert shown
        assert 0 <= seconds(shown[1]) - longest * 60 < 900


def test_the_count_that_fits_fits_and_one_more_does_not(sheet):
    warnings = [w for w in sheet(plates="100")["warnings"] if w["message"].startswith(GROWN)]
    assert warnings
    for warning in warnings:
        fits = re.search(r"\b(\d+) plates? at a time", warning["message"])
        number = int(fits[1]) if fits else 0
        assert number == 0 or warning["step"] not in grown(sheet(plates=str(number))), warning
        assert warning["step"] in grown(sheet(plates=str(number + 1))), warning


MINUTES = st.integers(0, 40).map(lambda number: Fraction(number * 60))
WAITS = st.one_of(
    st.none(),
    st.integers(1, 300).map(lambda number: Wait(least=Fraction(number * 60), plan=Fraction(number * 60), most=Fraction(number * 60))),
    st.tuples(st.integers(1, 100), st.integers(0, 50), st.integers(1, 90)).map(
        lambda w: Wait(least=Fraction(w[0] * 60), plan=Fraction((w[0] + min(w[1], w[2])) * 60), most=Fraction((w[0] + w[2]) * 60))
    ),
    st.integers(1, 100).map(lambda number: Wait(least=Fraction(number * 60), plan=Fraction(number * 90), most=None)),
)


@st.composite
def protocols(draw):
    """Steps at random: for plates, for tubes, or for all at once; each after one or two of those before."""
    counts = {"plate": draw(st.integers(1, 9)), "tube": draw(st.integers(1, 9)), "": 1}
    steps: list[Step] = []
    for number in range(1, draw(st.integers(2, 7)) + 1):
        unit = draw(st.sampled_from(["plate", "plate", "tube", ""]))
        after = tuple(draw(st.sets(st.sampled_from([step.title for step in steps]), min_size=1, max_size=2))) if steps else ()
        each = draw(MINUTES) if unit else Fraction(0)
        steps.append(
            Step(
                title=f"step {number}",
                number=number,
                file="",
                line=1,
                fixed=draw(MINUTES),
                per_unit=each,
                unit=unit,
                unit_count=counts[unit],
                wait=draw(WAITS),
                after=after,
            )
        )
    return steps


@settings(max_examples=150, deadline=None)
@given(protocols())
def test_of_any_protocol_no_unit_is_early_nobody_is_doubled_and_what_grows_is_told(steps):
    rows, told = schedule_elapsed(steps)
    run = {}
    for step in steps:
        hands, wait = (
            next(((row.start, row.end, row.every) for row in rows if row.step == step.number and row.kind == kind), None)
            for kind in ("hands_on", "wait")
        )
        run[step.title] = plates_of(step.unit_count, step.per_unit if step.unit else step.fixed, hands, wait)
        assert hands is None or hands[0] + step.fixed <= run[step.title][0].taken or not step.unit
    by_title = {step.title: step for step in steps}
    late = {}
    for step in steps:
        for before in step.after:
            other, its, mine = by_title[before], run[before], run[step.title]
            if other.unit != step.unit:
                assert mine[0].taken >= its[-1].ready
                if any(before in one.after and one.unit == other.unit for one in steps):
                    continue  # that one takes them up
                share = Fraction(max(len(its), len(mine)))
                longest = max(mine[int(n / share * len(mine))].taken - its[int(n / share * len(its))].put for n in range(int(share)))
                longest = longest if other.unit or other.wait is None or longest * 20 > (other.wait.most or 0) * 21 else 0
                if other.wait and other.wait.most is not None and longest > other.wait.most:
                    late[other.number, step.number] = longest
                continue
            assert all(now.taken >= then.ready for then, now in zip(its, mine, strict=True))
            longest = max(now.taken - then.put for then, now in zip(its, mine, strict=True))
            if other.wait and other.wait.most is not None and longest > other.wait.most:
                late[other.number, step.number] = longest
    held = sorted((plate.taken, plate.put) for units in run.values() for plate in units if plate.put > plate.taken)
    assert all(next_taken >= put for (_, put), (next_taken, _) in pairwise(held))
    assert {(found.step.number, found.following.number): found.longest for found in told} == late
    for found in told:
        assert f"after '{found.step.title}' grows from " in describe_extension(found)


def test_a_step_once_for_all_follows_the_last_unit_and_one_for_tubes_does_not_follow_a_first_plate():
    fix = Step(
        title="Fix",
        number=1,
        file="",
        line=1,
        fixed=Fraction(0),
        per_unit=Fraction(300),
        unit="plate",
        unit_count=4,
        wait=Wait(least=Fraction(3600), plan=Fraction(3600), most=Fraction(3600)),
    )
    for following in (
        Step(title="Read", number=2, file="", line=1, fixed=Fraction(600), after=("Fix",)),
        Step(title="Spin", number=2, file="", line=1, fixed=Fraction(0), per_unit=Fraction(60), unit="tube", unit_count=2, after=("Fix",)),
    ):
        rows, _ = schedule_elapsed([fix, following])
        assert next(row.start for row in rows if row.step == 2) == 4 * 300 + 3600


def timed(start, zone="", **values):
    """Return the schedule of a lab that works around the clock."""
    profile = lab.parse_profile(f'zone: {zone}\nhours: {{Mon-Sun: "00:00-24:00"}}\n' if zone else 'hours: {Mon-Sun: "00:00-24:00"}\n', "lab.yml")
    return render(library.load_source("srb"), values, profile, start)["schedule"]


@pytest.mark.parametrize(("start", "hours"), [("2026-03-27T09:00", 73), ("2026-10-23T09:00", 71), ("2026-06-05T09:00", 72)])
def test_72_hours_of_exposure_are_elapsed_time_across_a_clock_change(sheet, start, hours):
    vienna = ZoneInfo("Europe/Vienna")
    (treat,) = [step["number"] for step in sheet()["steps"] if step["title"] == "Treat"]
    (exposure,) = [row for row in timed(start, "Europe/Vienna") if row["step"] == treat and row["kind"] == "wait"]
    begin, end = (datetime.fromisoformat(when(exposure[key])) for key in ("begin", "end"))
    assert end - begin == timedelta(hours=hours)
    begin, end = (moment.replace(tzinfo=vienna).astimezone(UTC) for moment in (begin, end))
    assert end - begin == timedelta(hours=72)


def test_seconds_are_kept_with_and_without_a_start():
    source = library.load_folder(Path(library.protocols_folder()) / "_template")
    (row,) = render(source, {"samples": "3"})["schedule"]
    assert (since(when(row["begin"])), since(when(row["end"]))) == (0, 5 * 60 + 3 * 30)
    (row,) = render(source, {"samples": "3"}, start="2026-11-23T09:00")["schedule"]
    assert (when(row["begin"]), when(row["end"])) == ("2026-11-23T09:00", "2026-11-23T09:06:30")


def test_a_start_in_the_hour_that_the_clocks_skip_is_refused():
    with pytest.raises(ProtocolError, match="does not exist in Europe/Vienna"):
        timed("2026-03-29T02:30", "Europe/Vienna")
    assert when(timed("2026-03-29T02:30")[0]["begin"]) == "2026-03-29T02:30"
    assert when(timed("2026-03-29T03:00", "Europe/Vienna")[0]["begin"]) == "2026-03-29T03:00"
