"""The calendar of a run: one appointment a block of work, at the very times of the Record in the lab's zone, known again when it is imported anew."""

from __future__ import annotations

import copy
import functools
import io
import re
import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from benchsheet import lab, library
from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.formats.calendar import format_calendar
from tests.records import moment_of, when, who_does

icalendar = pytest.importorskip("icalendar", reason="calendars are an extra")

MONDAY = "2026-11-23T09:00"
RUNS = {
    "srb": ("srb", {"plates": "4"}),
    "western": ("western-blot", {"samples": "12"}),
    "co-ip": ("co-ip", {}),
}
HOSTILE = (
    *("a;b,c", "x\\", "x\\n", '"', "=1+1", "\u202eleft", "日本", "💊", "BEGIN:VEVENT"),
    *("x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:1", "a\nb", "TZID=x:y", "w" * 10_000),
)  # fmt: skip


def run(name="srb", start=MONDAY, profile="", **given):
    """Return the Record of a run."""
    return copy.deepcopy(_run(name, tuple(given.items()), start, profile))


@functools.cache
def _run(name, values, start, profile):
    return render(library.load_source(name), dict(values), lab.parse_profile(profile, "lab.yml") if profile else None, start)


def events(made):
    return icalendar.Calendar.from_ical(made).events


def blocks(record):
    """Return the blocks of work in the order of the clock."""
    return sorted((row for row in record["schedule"] if row["kind"] == "hands_on"), key=lambda row: (when(row["begin"]), row["step"], who_does(row)))


@pytest.mark.parametrize(("name", "given"), RUNS.values(), ids=RUNS)
def test_there_is_one_appointment_for_each_block_of_work_at_its_time(name, given):
    record = run(name, **given)
    titles = {step["number"]: f"{step['number']} {step['title']}: {record['protocol']['title']}" for step in record["steps"]}
    made = [(event["summary"], event.start.replace(tzinfo=None), event.end.replace(tzinfo=None)) for event in events(format_calendar(record))]
    assert made == [
        (titles[row["step"]], datetime.fromisoformat(when(row["begin"])), datetime.fromisoformat(when(row["end"]))) for row in blocks(record)
    ]
    assert len(made) > 10


def test_two_people_have_their_names_on_their_appointments():
    record = run(plates="8", profile="people: 2\n")
    assert [re.findall(r"\((person \d)\):", event["summary"]) for event in events(format_calendar(record))] == [
        [who_does(row)] for row in blocks(record)
    ]
    assert {who_does(row) for row in blocks(record)} == {"person 1", "person 2"}


def test_a_run_without_a_start_is_refused_with_the_way_out(sheet):
    with pytest.raises(ProtocolError, match="needs to know when the run begins") as refused:
        format_calendar(sheet())
    assert (refused.value.file, refused.value.hint) == ("--start", "give it: --start 2026-11-23T09:00")


def test_a_missing_package_is_said_with_the_way_out(monkeypatch):
    record = run()
    monkeypatch.setitem(sys.modules, "icalendar", None)
    with pytest.raises(ProtocolError, match="a package that is not here") as refused:
        format_calendar(record)
    assert refused.value.hint == "pip install 'benchsheet[calendar]'"


# --- what to have ready ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "given"), RUNS.values(), ids=RUNS)
def test_an_appointment_says_what_to_have_ready(name, given):
    record = run(name, **given)
    steps = {step["number"]: step for step in record["steps"]}
    reagents = {reagent["id"]: reagent for reagent in record["reagents"]}
    made = {item["id"]: item for item in record["preparations"]}
    devices = {item["id"]: item["name"] for item in record["equipment"]}
    for row, event in zip(blocks(record), events(format_calendar(record)), strict=True):
        step, words = steps[row["step"]], str(event["description"])
        for operation in step["operations"]:
            if "reagent" in operation:
                reagent = reagents[operation["reagent"]]
                assert f"\n- {reagent['name']}, {reagent['prepare']['text']}" in words
            elif "from" in operation and (made.get(operation["from"], {}).get("step") or step["number"]) < step["number"]:
                assert f"\n- {made[operation['from']]['name']}" in words
        for hazard in step["hazards"]:
            assert hazard["handling"] in words
        assert (f"Equipment: {devices.get(step['equipment'])}." in words) == bool(step["equipment"])
        assert (f"\nPause point: {step['pause_point']}." in words) == bool(step["pause_point"])
        assert ("\nThen wait " in words) == bool(step["wait"])
        assert words.endswith(f"\nSheet {record['identity']['inputs']}: {record['invocation']['command']}")
        if row["times"] > 1:
            assert f"{row['times']} {row['unit']}" in words.partition("\n")[0]
            assert f"one every {row['every']['text']}" in words.partition("\n")[0]


def strings(data):
    if isinstance(data, dict):
        for item in data.values():
            yield from strings(item)
    elif isinstance(data, list):
        for item in data:
            yield from strings(item)
    elif isinstance(data, str):
        yield data


@pytest.mark.parametrize(("name", "given"), RUNS.values(), ids=RUNS)
def test_no_figure_of_the_calendar_is_its_own(name, given):
    record = run(name, **given)
    known = "\n".join(strings({key: value for key, value in record.items() if key not in ("seal", "identity")})) + f"\n{record['identity']['inputs']}"
    known += "".join(f"\n{row['times']} {row['unit']}" for row in record["schedule"])
    known += "".join(f"\n{step['number']} {step['title']}" for step in record["steps"])
    known += "".join(f"\n{size}" for step in record["steps"] for size in (step["batches"] or {}).get("sizes", ()))
    known += "".join(f"\n{row['number']}" for row in record["citations"]) + "".join(
        f"\n{term['count']}" for step in record["steps"] for term in step["hands_on"]["terms"]
    )
    for event in events(format_calendar(record)):
        for figure in re.findall(r"\d[\d.\u202f]*\d|\d", f"{event['summary']}\n{event['description']}"):
            assert re.search(rf"(?<![\d.]){re.escape(figure)}(?![\d.\u202f]*\d)", known), figure


# --- the zone ------------------------------------------------------------------------------------------------------------

CHANGES = {
    "Vienna, back": ("Europe/Vienna", "2026-10-22T09:00"),
    "Vienna, forward": ("Europe/Vienna", "2027-03-25T09:00"),
    "Vienna, none": ("Europe/Vienna", MONDAY),
    "New York, back": ("America/New_York", "2026-10-30T09:00"),
    "Lord Howe, half an hour": ("Australia/Lord_Howe", "2026-10-01T09:00"),
    "Dublin, whose winter is the exception": ("Europe/Dublin", "2026-10-22T09:00"),
    "Tokyo, never": ("Asia/Tokyo", MONDAY),
}
ROUND_THE_CLOCK = 'hours: {Mon-Sun: "00:00-24:00"}\n'


@pytest.mark.parametrize(("zone", "start"), CHANGES.values(), ids=CHANGES)
def test_the_times_are_those_of_the_zone_by_its_own_rules_in_the_file(zone, start):
    """Read by another package, which knows of the zone only what the file says."""
    tz = pytest.importorskip("dateutil.tz")
    record = run(start=start, profile=f"zone: {zone}\n{ROUND_THE_CLOCK}", plates="3")
    made = format_calendar(record)
    there = tz.tzical(io.StringIO(made.decode())).get(zone)
    for row, event in zip(blocks(record), events(made), strict=True):
        for key, moment in (("begin", event.start), ("end", event.end)):
            local = datetime.fromisoformat(when(row[key])).replace(fold=row[key]["fold"])
            assert moment.astimezone(UTC) == local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
            if row["begin"]["fold"] or row["end"]["fold"]:
                continue  # it stands there in UTC
            assert moment.replace(tzinfo=None) == local
            assert local.replace(tzinfo=there).astimezone(UTC) == moment.astimezone(UTC)


def test_the_clocks_change_in_the_file_when_they_do_and_are_told_as_they_stood():
    for start, line in (("2026-10-22T09:00", "20261025T030000"), ("2027-03-25T09:00", "20270328T020000")):
        made = format_calendar(run(start=start, profile="zone: Europe/Vienna\n")).decode()
        offsets = ("+0200", "+0100") if "1025" in line else ("+0100", "+0200")
        assert f"DTSTART:{line}\r\nTZOFFSETFROM:{offsets[0]}\r\nTZOFFSETTO:{offsets[1]}\r\n" in made


def test_a_block_that_ends_in_the_hour_that_comes_twice_ends_after_it_begins():
    record = run(profile="zone: Europe/Vienna\n")
    row = next(row for row in record["schedule"] if row["kind"] == "hands_on")
    row |= {"begin": moment_of("2026-10-25T02:40"), "end": {**moment_of("2026-10-25T02:10"), "fold": 1}}
    (event,) = [event for event in events(format_calendar(record)) if event.start.astimezone(UTC).month == 10]
    assert event.end - event.start == timedelta(minutes=30)
    assert event.start.astimezone(UTC) == datetime(2026, 10, 25, 0, 40, tzinfo=UTC)


def test_without_a_zone_the_times_are_those_of_the_clock_on_the_wall():
    made = format_calendar(run())
    assert b"VTIMEZONE" not in made
    assert b"TZID" not in made
    assert all(event.start.tzinfo is None for event in events(made))


def test_a_zone_that_this_computer_does_not_know_is_refused():
    record = run()
    record["clock"]["zone"] = "Europe/Atlantis"
    with pytest.raises(ProtocolError, match="does not know the time zone 'Europe/Atlantis'"):
        format_calendar(record)


# --- imported again --------------------------------------------------------------------------------------------------------


def known(record, name=""):
    return [str(event["uid"]) for event in events(format_calendar(record, name))]


def test_the_same_run_gives_the_same_bytes_and_every_appointment_a_name_of_its_own():
    first, again = run(plates="4"), run(plates="4")
    assert format_calendar(first) == format_calendar(again)
    assert len(set(known(first))) == len(known(first))


def test_another_hour_or_lab_moves_the_appointments_that_are_there():
    usual = known(run(plates="2"))
    assert known(run(plates="2", start="2026-11-23T10:30")) == usual
    assert known(run(plates="2", profile='name: upstairs\nzone: Europe/Vienna\nhours: "08:00-19:00"\n')) == usual
    stamps = {event["dtstamp"].dt for event in events(format_calendar(run(plates="2", start="2026-11-23T10:30")))}
    assert stamps == {datetime(2026, 11, 23, tzinfo=UTC)}
    assert {event["sequence"] for event in events(format_calendar(run(plates="2")))} == {0}


@pytest.mark.parametrize("other", [{"plates": "3"}, {"plates": "2", "compounds": "VS-4718"}, {"plates": "2", "start": "2026-11-30T09:00"}])
def test_another_run_has_other_appointments(other):
    assert not set(known(run(plates="2"))) & set(known(run(**other)))


def test_a_run_that_has_a_name_may_move_to_another_day():
    moved = run(plates="2", start="2026-12-07T09:00")
    assert known(moved, "n = 2") == known(run(plates="2"), "n = 2") != known(moved, "n = 3")


# --- words from outside --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_words_from_outside_are_words(words):
    plain = run("western-blot", samples="2")
    record = copy.deepcopy(plain)
    for step in record["steps"]:
        step["title"] = words
        step["pause_point"] = words
    for reagent in record["reagents"]:
        reagent["name"] = words
    record["invocation"]["command"] = record["protocol"]["title"] = words
    made = format_calendar(record)
    assert max(map(len, made.split(b"\r\n"))) <= 75
    assert b"\n" not in made.replace(b"\r\n", b"")
    assert made.count(b"\r\nBEGIN:VEVENT\r\n") == len(blocks(plain))
    flat = words.replace("\r\n", "\n")
    for event, usual in zip(events(made), events(format_calendar(plain)), strict=True):
        assert set(event) == set(usual)
        assert str(event["summary"]).endswith(f" {flat}: {flat}")
        assert f"Pause point: {flat}." in str(event["description"])
        assert event.start == usual.start


def test_signs_that_no_calendar_may_hold_are_left_out():
    record = run()
    record["steps"][0]["title"] = "a\x00b\x1bc\x7f"
    assert str(events(format_calendar(record))[0]["summary"]).startswith("1 a\ufffdb\ufffdc\ufffd:")
