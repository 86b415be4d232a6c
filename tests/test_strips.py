"""The strips of a run's days: all work and all devices of the schedule, each where its hour is, on paper by Typst and by a browser."""

from __future__ import annotations

import copy
import io
import re
from datetime import datetime
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchsheet import lab, library
from benchsheet.engine import render
from benchsheet.formats.day_strips import build_strips, hour_marks, place_numbers, step_starts
from benchsheet.formats.html.page import format_html
from benchsheet.formats.html.strips import MOST_DEVICES, NAME_PIXELS, STRIP_PIXELS, strips_html
from benchsheet.formats.outline.times import split_second, to_seconds
from benchsheet.formats.pdf.metrics import text_width
from benchsheet.formats.pdf.strips import column_timeline, page_timeline
from benchsheet.record.protocol_words import shorten_devices
from tests.records import LONG, SHEETS, moment_of, record_named, record_of, when

parametrized = pytest.mark.parametrize("name", SHEETS)
BAR = re.compile(r"\(([\d.]+)pt, ([\d.]+)pt\)")


def people(record):
    return [strip for strip in build_strips(record) if not strip.is_device]


def devices(record):
    return [strip for strip in build_strips(record) if strip.is_device]


def markup(pieces):
    (made,) = [piece.markup for piece in pieces if piece.markup.startswith("strips(")]
    return made


def midnight_of(day):
    return day.begin // 86400 * 86400


# --- what is shown ---------------------------------------------------------------------------------------------------------------


def test_a_strip_shows_the_work_of_a_day_and_what_lies_around_it():
    record = record_of("srb", (("plates", "4"),), "2026-11-23T09:00")
    work = [row for row in record["schedule"] if row["kind"] == "hands_on"]
    days = people(record)
    assert [day.name for day in days] == ["Mon 2026-11-23", "Tue 2026-11-24", "Fri 2026-11-27", "Mon 2026-11-30"]
    midnight = datetime.fromisoformat("2026-11-23")
    for day in days:
        mine = [row for row in work if when(row["begin"]).startswith(day.name[4:])]
        rows = list({id(stretch.row): stretch.row for stretch in day.work}.values())
        assert rows == sorted(mine, key=lambda row: (when(row["begin"]), when(row["end"])))
        assert step_starts(day) == [(to_seconds(row["begin"], "2026-11-23"), row["step"]) for row in rows]
        for row in rows:
            units = [each for each in day.work if each.row is row]
            assert (datetime.fromisoformat(when(row["begin"])) - midnight).total_seconds() == units[0].begin
            assert (datetime.fromisoformat(when(row["end"])) - midnight).total_seconds() == units[-1].end
        assert day.times == f"{min(when(row['begin']) for row in mine)[11:]} to {max(when(row['end']) for row in mine)[11:]}"
        assert (day.begin % 86400 // 3600, (day.end - day.begin) % 3600) == (8, 0)
        assert day.begin <= day.work[0].begin
        assert max(each.end for each in day.work) <= day.end
        assert all(low >= midnight_of(day) + 18 * 3600 or high <= midnight_of(day) + 8 * 3600 for low, high in day.closed_hours)
    last = people(record_named("srb"))[1]
    assert (last.name, last.times) == ("Hours 72 to 96", "+91:50 to +94:00")
    # treated from +19:30 on, 20 min a plate: fixed 72 h after, 5 min, from +91:50 on; the last from +92:50, rinsed after 60 min, 5 min
    over_the_weekend = [(low, high) for low, high in days[1].waits if high > days[1].end]
    assert over_the_weekend  # 72 h with the drug


def test_work_that_goes_on_after_midnight_is_shown_on_both_days():
    record = copy.deepcopy(record_named("srb"))
    record["schedule"] = [
        {**row, "begin": moment_of("P1DT22H00M"), "end": moment_of("P2DT3H30M")} if row["step"] == 1 else row for row in record["schedule"]
    ]
    spans = [(each.begin / 3600, each.end / 3600) for day in people(record) for each in day.work if each.row["step"] == 1]
    assert spans == [(46, 48), (48, 51.5)]
    days = {day.name: day.times for day in people(record)}
    assert days["Hours 24 to 48"] == "+46:00 to +51:30"
    assert days["Hours 48 to 72"] == "+48:00 to +51:30"


@parametrized
def test_every_minute_of_work_is_on_a_strip_once(name):
    record = record_named(name)
    shown: dict[tuple[int, str], float] = {}
    for day in people(record):
        for each in day.work:
            assert day.begin <= each.begin <= each.end <= day.end
            shown[each.row["step"], when(each.row["begin"])] = shown.get((each.row["step"], when(each.row["begin"])), 0) + each.end - each.begin
    first = record["clock"]["first_day"]
    work = [row for row in record["schedule"] if row["kind"] == "hands_on"]
    minutes = {"s": 1, "min": 60, "h": 3600}
    apart = {id(row): float(row["every"]["value"]) * minutes[row["every"]["unit"]] for row in work}
    whole = {id(row): to_seconds(row["end"], first) - to_seconds(row["begin"], first) for row in work}
    # The last unit is in hand till the end; where those before come closer than it is long, they are one.
    last = {id(row): whole[id(row)] - apart[id(row)] * (row["times"] - 1) for row in work}
    asked = {(r["step"], when(r["begin"])): last[id(r)] * r["times"] if 0 < last[id(r)] < apart[id(r)] else whole[id(r)] for r in work}
    assert shown == pytest.approx(asked)


@parametrized
def test_every_device_is_under_the_days_on_which_it_is_used(name):
    record = record_named(name)
    names = {item["id"]: item["name"] for item in record["equipment"]}
    first = record["clock"]["first_day"]
    expected = []
    for day in {strip.begin: strip for strip in people(record)}.values():
        used: dict[str, set[int]] = {}
        for row in sorted(record["schedule"], key=lambda row: to_seconds(row["begin"], first)):
            if row["equipment"] and to_seconds(row["begin"], first) < day.end and to_seconds(row["end"], first) > day.begin:
                used.setdefault(names[row["equipment"]], set()).add(row["step"])
        expected += [(day.begin, device, steps) for device, steps in used.items()]
    found = devices(record)
    assert [strip.begin for strip in found] == [begin for begin, _, _ in expected]
    for strip, (_, device, steps) in zip(found, expected, strict=True):
        ((told, name),) = re.findall(r"^([\d, –]+) (.+)$", strip.name)
        assert name in (device, device.partition(",")[0])
        assert {int(number) for number in re.findall(r"\d+", told)} <= steps
        assert {each.row["step"] for each in strip.work} <= steps
    assert bool(found) == any(row["equipment"] for row in record["schedule"])


def test_a_device_is_named_after_its_steps():
    # The gel runs in step 6, and the transfer in step 7: 25 min and 20 min at the bench, then up to 75 min and 2 h alone.
    blot = {strip.name: strip for strip in devices(record_named("western with times"))}
    assert list(blot) == ["5 heat block", "6 gel tanks and power supply", "7 tanks for wet transfer"]
    (work,), ((begins, ends),) = blot["6 gel tanks and power supply"].work, blot["6 gel tanks and power supply"].waits
    assert (work.end - work.begin, begins, ends - begins) == (25 * 60, work.end, 60 * 60)


@pytest.mark.parametrize(
    ("moment", "first_day", "said"),
    [
        ("P0DT0H00M", None, ("hours 0 to 24", "+0:00")),
        ("P11DT23H59M", None, ("hours 264 to 288", "+287:59")),
        ("2026-11-24T23:05", "2026-11-23", ("Tue 2026-11-24", "23:05")),
    ],
)
def test_a_second_of_the_run_is_a_day_and_a_time(moment, first_day, said):
    assert split_second(to_seconds(moment_of(moment), first_day), first_day) == said


def test_the_strips_mark_where_work_may_rest():
    for name in ("srb", "srb with times", "western with times", "co-ip", "co-ip with times"):
        record = record_named(name)
        days = people(record)
        assert {each.row["step"] for day in days for each in day.work} == {row["step"] for row in record["schedule"] if row["kind"] == "hands_on"}
        assert len([rest for day in days for rest in day.pause_points]) == sum(bool(step["pause_point"]) for step in record["steps"])


def test_two_people_have_a_strip_each():
    record = copy.deepcopy(record_of("srb", (("plates", "4"),), "2026-11-23T09:00"))
    record["schedule"][0]["person"] = 2
    assert [day.name for day in people(record)][:2] == ["Mon 2026-11-23, person 2", "Tue 2026-11-24, person 1"]


def test_a_run_without_work_has_no_strips():
    record = copy.deepcopy(record_named("srb"))
    record["schedule"] = [row for row in record["schedule"] if row["kind"] == "wait"]
    assert page_timeline(record, 540) == column_timeline(record, 170) == ()
    assert strips_html(record) == ""


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([(0, 1), (50, 2)], [(0, "1"), (50, "2")]),
        ([(0, 1), (2, 2), (4, 3)], [(0, "1–3")]),
        ([(0, 2), (2, 5)], [(0, "2, 5")]),
        ([(0, 5), (2, 4), (40, 6)], [(0, "4–5"), (40, "6")]),
        ([(0, 10), (11.3, 11)], [(0, "10–11")]),  # a figure is 0.465 of 9 points wide, and 3 points are kept free: 11.37
        ([(0, 10), (11.4, 11)], [(0, "10"), (11.4, "11")]),
    ],
)
def test_numbers_without_room_are_told_together(steps, told):
    assert place_numbers(steps, text_width, 540) == told


@given(steps=st.lists(st.tuples(st.floats(0, 175), st.integers(1, 40)), max_size=30), edge=st.floats(60, 175))
def test_no_number_lies_over_another_or_beyond_the_edge_and_none_is_lost(steps, edge):
    steps = sorted((min(left, edge), number) for left, number in steps)
    found = place_numbers(steps, text_width, edge)
    assert all(left + text_width(words) <= edge + 0.01 for left, words in found)
    assert all(left + text_width(words) <= after for (left, words), (after, _) in pairwise(found))
    shown = set()
    for _, words in found:
        for part in words.split(", "):
            low, _, high = part.partition("–")
            shown |= set(range(int(low), int(high or low) + 1))
    assert shown >= {number for _, number in steps}


# --- where it is drawn -------------------------------------------------------------------------------------------------------------


def test_the_names_of_strips_stand_before_their_hours():
    record = copy.deepcopy(record_of("srb", (("plates", "4"),), "2026-11-23T09:00"))
    for row in record["schedule"]:
        row["person"] = row["person"] and 12
    record["schedule"][0]["person"] = 1
    made = markup(page_timeline(record, 540))
    first = float(made.partition("(")[2].partition("(")[2].partition("pt")[0])
    assert first > max(text_width(f"{day.name}", bold=True) for day in people(record))


@pytest.mark.parametrize(("draw", "width"), [(page_timeline, 540), (column_timeline, 175)])
@pytest.mark.parametrize("name", ["srb with times", "co-ip with times"])
def test_an_hour_of_work_is_as_wide_as_an_hour(name, draw, width):
    record = record_named(name)
    made = markup(draw(record, width))
    hours = [float(place) for place in re.findall(r"([\d.]+)pt", made.partition("), ")[0])]
    assert hours[-1] == pytest.approx(width)
    assert {round(right - left, 1) for left, right in pairwise(hours)} <= {
        round((hours[-1] - hours[0]) / (len(hours) - 1), 1) + x for x in (0, 0.1, -0.1)
    }
    bars = [tuple(map(float, bar)) for bar in BAR.findall(made)]
    scale = (hours[-1] - hours[0]) / (len(hours) - 1)
    for day in build_strips(record):
        for each in day.work:  # 40 min from 09:00 are two thirds of the way from the second line to the third
            left = hours[0] + (each.begin - day.begin) / 3600 * scale
            wide = max((each.end - each.begin) / 3600 * scale, 0.8)
            assert any(abs(left - at) < 0.05 and abs(wide - long) < 0.05 for at, long in bars), each.row


def test_no_number_of_a_step_stands_beyond_its_strip():
    record = record_of("srb", (("plates", "1"),), "2026-11-23T09:00")
    for made, width in ((markup(page_timeline(record, 540)), 540), (markup(column_timeline(record, 175)), 175)):
        places = [(float(left), words) for left, words in re.findall(r'\(([\d.]+)pt, "([^"]+)"\)', made)]
        assert places[-1][1].endswith("11")  # in the last minutes of the longest day
        assert max(left + 9 * (0.465 * len(words.replace("–", "")) + 0.55 * words.count("–")) for left, words in places) <= width + 0.1


def test_the_name_of_a_device_is_cut_where_it_has_no_room():
    record = copy.deepcopy(record_named("western with times"))
    tank = next(item for item in record["equipment"] if item["id"] == "tank")
    tank["name"] = tank["short_name"] = "W" * 60
    (cut,) = re.findall(r'"(6 W[W\u200b]+…)"', markup(page_timeline(record, 540)))
    assert text_width(cut) <= 128 < text_width(cut + "W" * 2)


@parametrized
def test_a_browser_prints_every_strip_to_one_scale(name):
    record = record_named(name)
    section = strips_html(record)
    every = [strip for strip in build_strips(record) if not strip.is_device or len(devices(record)) <= MOST_DEVICES]
    drawn = ET.fromstring(section).findall("svg")  # noqa: S314 - made here
    hours, *drawn = drawn
    assert [each.text for each in hours] == [hour for _, hour in hour_marks(every[0], (STRIP_PIXELS - NAME_PIXELS) / 22)]
    assert [root.get("aria-label") for root in drawn] == [", ".join(filter(None, (strip.name, strip.times))) for strip in every]
    for strip, root in zip(every, drawn, strict=True):
        scale = (STRIP_PIXELS - NAME_PIXELS) / (strip.end - strip.begin)
        boxes = [(float(each.attrib["x"]), float(each.attrib["width"])) for each in root.iter("rect")]
        for each in strip.work:
            left = min(NAME_PIXELS + (each.begin - strip.begin) * scale, STRIP_PIXELS - 1)
            assert any(abs(left - x) < 0.02 and abs(max((each.end - each.begin) * scale, 1) - width) < 1.02 for x, width in boxes), each.row
        assert all(x >= 0 and x + width <= STRIP_PIXELS + 2 for x, width in boxes)
    assert section in format_html(record)
    assert all(strip.name in section for strip in build_strips(record))  # more devices than few are told in words


def test_waits_of_a_strip_do_not_overlap():
    """Each of four plates waits 72 h from its own drug on: on the day between, that is one wait to the eye."""
    for name in SHEETS:
        for strip in build_strips(record_named(name)):
            assert all(before[1] < after[0] for before, after in pairwise(strip.waits))
    record = record_named("srb with times")
    first = record["clock"]["first_day"]
    for strip in people(record):
        for row in record["schedule"]:
            begin, end = to_seconds(row["begin"], first), to_seconds(row["end"], first)
            if row["kind"] == "wait" and end > strip.begin and begin < strip.end:
                assert any(low <= begin and end <= high for low, high in strip.waits)


@pytest.mark.parametrize("name", ["צנטריפוגה מקוררת עם רוטור", "W" * 60, "e\u0301" * 40, "微量离心机" * 8])
def test_a_name_of_a_device_stays_on_its_line_whatever_its_signs(name):
    record = copy.deepcopy(record_named("western with times"))
    next(item for item in record["equipment"] if item["id"] == "tank")["name"] = name
    for draw, width in ((page_timeline, 540), (column_timeline, 175)):
        made = markup(draw(record, width))
        (shown,) = re.findall(r'\("(6[^"]*)", \(', made)
        (before,) = map(float, re.findall(r"^strips\(\(([\d.]+)pt", made))
        assert text_width(shown) <= (before or width)


def test_names_are_cut_at_a_comma_only_where_they_stay_apart():
    record = copy.deepcopy(record_named("western with times"))
    names = {
        "tank": "water bath, 37 °C, for thawing the medium",
        "cell": "water bath, 95 °C, for boiling samples",
        "heat_block": ", whatever comes after it here",
    }
    given = [{**item, "name": names.get(item["id"], item["name"])} for item in record["equipment"]]
    record["equipment"] = shorten_devices(given)
    assert [strip.name for strip in devices(record)] == [f"5 {names['heat_block']}", f"6 {names['tank']}", f"7 {names['cell']}"]


def test_whose_strip_it_is_is_told_in_a_browser_too():
    record = render(library.load_source("srb"), {"plates": "8"}, lab.parse_profile("people: 2\n", "lab.yml"), "2026-11-23T09:00")
    section = strips_html(record)
    assert section.count("person 1</text>") + section.count("person 2</text>") == len(people(record)) > 4


BEGUN = [(protocol, tuple(given.items()), start) for protocol, given, start, _ in SHEETS.values()]
BEGUN += [(protocol, tuple(given.items()), "") for protocol, given in LONG.values()]
BEGUN += [("srb", plates, start) for plates in ((), (("plates", "6"),)) for start in ("", "2026-11-23T09:00")]
BEGUN += [("western-blot", (given,), start) for given in (("lysis", "B"), ("samples", "8"), ("samples", "1")) for start in ("", "2026-11-23T09:00")]


@pytest.mark.parametrize(("protocol", "values", "start"), BEGUN)
@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_timeline_makes_no_sheet_longer(monkeypatch, protocol, values, start, paper):
    pypdf = pytest.importorskip("pypdf", reason="pypdf reads the text of a PDF")
    pytest.importorskip("typst", reason="typst sets the PDF")
    from benchsheet.formats.pdf import sheet

    record = record_of(protocol, values, start)
    count = len(pypdf.PdfReader(io.BytesIO(sheet.format_pdf(record, paper))).pages)
    monkeypatch.setattr(sheet, "page_timeline", lambda *_: ())
    assert count <= len(pypdf.PdfReader(io.BytesIO(sheet.format_pdf(record, paper))).pages)


@parametrized
def test_the_sheet_on_paper_has_one_timeline(name):
    pypdf = pytest.importorskip("pypdf", reason="pypdf reads the text of a PDF")
    pytest.importorskip("typst", reason="typst sets the PDF")
    from benchsheet.formats.pdf.sheet import format_pdf

    for paper in ("A4", "Letter"):
        pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(format_pdf(record_named(name), paper))).pages]
        found = [page.count("\nTimeline\n") for page in pages if "Timeline" in page]
        assert found == [1]


def test_plates_that_wait_for_each_other_are_shown_one_by_one():
    # Four plates are fixed 72 h after their own drug: 5 min each, one every 20 min.
    (day,) = [strip for strip in people(record_named("srb")) if strip.name == "Hours 72 to 96"]
    fixed = [each for each in day.work if each.row["step"] == 6]
    assert len(fixed) == 4
    assert {each.end - each.begin for each in fixed} == {5 * 60}
    assert [after.begin - before.begin for before, after in pairwise(fixed)] == [20 * 60] * 3


@pytest.mark.parametrize(("most", "named"), [(99, ["8", "9", "10", "11", "12", "13", "14", "15"]), (5, ["8", "10", "12", "14"]), (2, ["8", "12"])])
def test_hours_are_named_as_there_is_room(most, named):
    strip = people(record_named("western with times"))[0]  # open from 8 to 18, the last work ends before 16
    marks = hour_marks(strip, most)
    assert strip.end - midnight_of(strip) == 16 * 3600
    assert [hour for _, hour in marks] == named
    assert all(strip.begin % 86400 + past == int(hour) * 3600 for past, hour in marks)
