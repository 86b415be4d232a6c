"""The timeline of a run: every row of the schedule is drawn where it belongs, said in words, and in no colour of its own."""

from __future__ import annotations

import copy
import functools
import re
from collections import Counter
from datetime import datetime
from typing import Any, cast
from xml.etree import ElementTree as ET

import pytest

from benchsheet import lab, library
from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.formats.timeline import format_timeline
from tests.records import when, who_does

MONDAY = "2026-11-23T09:00"
RUNS = {
    "srb": ("srb", {"plates": "4"}, MONDAY),
    "srb, no start": ("srb", {"plates": "4"}, ""),
    "one plate": ("srb", {"plates": "1"}, MONDAY),
    "100 plates": ("srb", {"plates": "100"}, ""),
    "western": ("western-blot", {"samples": "12"}, MONDAY),
    "co-ip": ("co-ip", {}, MONDAY),
    "co-ip, no start": ("co-ip", {}, ""),
}
HOSTILE = ("<b>x</b>", "]]>", "&amp;", '"', "\u202eleft", "日本" * 40, "💊", "a\x00b\x1bc", "a\r\nb", "w" * 10_000)
SVG = "{http://www.w3.org/2000/svg}"
every_run = pytest.mark.parametrize(("name", "given", "start"), RUNS.values(), ids=RUNS)


def run(name, given, start, profile=""):
    return _run(name, tuple(given.items()), start, profile)


@functools.cache
def _run(name, values, start, profile):
    given = dict(values)
    return render(library.load_source(name), given, lab.parse_profile(profile, "lab.yml") if profile else None, start)


def drawn(record):
    return ET.fromstring(format_timeline(record))  # noqa: S314 - made here


def spans(group):
    """Return the bars of a group as (left, right)."""
    boxes = group.findall(f"{SVG}rect")
    return [(float(box.get("x")), float(box.get("x")) + float(box.get("width"))) for box in boxes]


def lines(root):
    """Return the lines of the chart: name, bars of work, bars of waiting, pause points."""
    found = []
    for group in root.findall(f"{SVG}g"):
        work, wait = ([part for part in group.findall(f"{SVG}g") if part.get("class") == kind] for kind in ("work", "wait"))
        found.append((group.find(f"{SVG}text").text, work, wait, group.findall(f"{SVG}polygon")))
    return found


@every_run
def test_every_step_person_and_device_has_a_line_with_its_rows(name, given, start):
    record = run(name, given, start)
    rows = record["schedule"]
    wanted = [[row for row in rows if row["step"] == step["number"]] for step in record["steps"]]
    wanted += [[row for row in rows if who_does(row) == who] for who in sorted({who_does(row) for row in rows} - {""})]
    wanted += [[row for row in rows if row["equipment"] == device] for device in dict.fromkeys(row["equipment"] for row in rows) if device]
    found = lines(drawn(record))
    assert [(len(work), len(wait)) for _, work, wait, _ in found] == [
        tuple(sum(row["kind"] == kind for row in line) for kind in ("hands_on", "wait")) for line in wanted if line
    ]
    heads = [text.text for text in drawn(record).findall(f"{SVG}text") if text.get("font-weight")]
    assert [head for head in heads if head in ("Steps", "People", "Equipment")] == ["Steps", "People", "Equipment"]


@every_run
def test_pause_points_are_marked_where_the_step_is_done(name, given, start):
    record = run(name, given, start)
    marks = {line[0].partition(" ")[0]: line[3] for line in lines(drawn(record))[: len(record["steps"])]}
    for step in record["steps"]:
        marked = marks[str(step["number"])]
        assert [mark.find(f"{SVG}title").text for mark in marked] == ([f"Pause point: {step['pause_point']}"] if step["pause_point"] else [])


@pytest.mark.parametrize("name", ["western", "co-ip"])
def test_time_runs_to_the_right_and_a_stretch_of_work_is_to_one_scale(name):
    record = run(*RUNS[name])
    found = []
    for step, (_, work, _, _) in zip(record["steps"], lines(drawn(record)), strict=False):
        rows = [row for row in record["schedule"] if row["step"] == step["number"] and row["kind"] == "hands_on"]
        for row, group in zip(rows, work, strict=True):
            found.append((when(row["begin"]), when(row["end"]), spans(group)[0][0], spans(group)[-1][1]))
    found.sort()
    lefts = [left for _, _, left, _ in found]
    assert lefts == sorted(lefts)
    assert len(set(lefts)) == len({begin for begin, *_ in found})
    day = Counter(begin[:10] for begin, *_ in found).most_common(1)[0][0]
    hours = [(datetime.fromisoformat(end) - datetime.fromisoformat(begin), right - left) for begin, end, left, right in found if begin[:10] == day]
    scales = [wide / long.total_seconds() for long, wide in hours if wide > 4]
    assert max(scales) == pytest.approx(min(scales), rel=0.02)


def test_an_hour_of_a_night_is_drawn_shorter_than_an_hour_of_work():
    record = run(*RUNS["srb"])
    root = drawn(record)
    treat = next(line for line in lines(root) if line[0].endswith("Treat"))
    rows = [row for row in record["schedule"] if row["step"] == int(treat[0].split()[0])]
    work, wait = (next(row for row in rows if row["kind"] == kind) for kind in ("hands_on", "wait"))

    def an_hour(row, group):
        ((left, *_), (*_, right)) = spans(group)[0], spans(group)[-1]
        return (right - left) / (datetime.fromisoformat(when(row["end"])) - datetime.fromisoformat(when(row["begin"]))).total_seconds() * 3600

    assert an_hour(work, treat[1][0]) > 3 * an_hour(wait, treat[2][0])


def stretches(record):
    """Return the spans of time, in seconds of the run, between which nobody works for two hours."""
    rows = sorted((row["begin"]["seconds"], row["end"]["seconds"]) for row in record["schedule"] if row["kind"] == "hands_on")
    found = [list(rows[0])]
    for begin, end in rows[1:]:
        if begin - found[-1][1] > 7200:
            found.append([begin, end])
        else:
            found[-1][1] = max(found[-1][1], end)
    return found


@every_run
def test_all_bars_of_all_days_have_one_scale_and_each_cut_is_marked(name, given, start):
    record = run(name, given, start)
    root = drawn(record)
    widths = []
    for step, (_, work, wait, _) in zip(record["steps"], lines(root), strict=False):
        for kind, groups in (("hands_on", work), ("wait", wait)):
            rows = [row for row in record["schedule"] if row["step"] == step["number"] and row["kind"] == kind]
            for row, group in zip(rows, groups, strict=True):
                begin, end = row["begin"]["seconds"], row["end"]["seconds"]
                if any(low <= begin and end <= high for low, high in stretches(record)) and end - begin >= 600:
                    widths.append((spans(group)[-1][1] - spans(group)[0][0]) / (end - begin))
    assert len(widths) > 5
    assert max(widths) == pytest.approx(min(widths), rel=0.02)
    last = max(row["end"]["seconds"] for row in record["schedule"])
    between = len(stretches(record)) - 1 + (last > stretches(record)[-1][1])
    marks = [part for part in root.findall(f"{SVG}path") if part.get("class") == "cut"]
    assert len(marks) == between + (between > 0)  # one more in the legend, which says what it is
    assert any("time cut out" in text.text for text in root.iter(f"{SVG}text")) == (between > 0)


def test_units_that_come_apart_are_drawn_apart():
    record = run(*RUNS["srb"])
    for step, (_, work, _, _) in zip(record["steps"], lines(drawn(record)), strict=False):
        rows = [row for row in record["schedule"] if row["step"] == step["number"] and row["kind"] == "hands_on"]
        for row, group in zip(rows, work, strict=True):
            apart = step["title"] in ("Fix", "Wash and dry") and row["times"] > 1
            assert len(spans(group)) == (row["times"] if apart else 1)


def test_nights_and_days_off_are_shaded_as_the_lab_works():
    def nights(start, profile=""):
        return [box for box in drawn(run("srb", {"plates": "4"}, start, profile)).findall(f"{SVG}rect") if box.get("class") == "night"]

    assert len(nights(MONDAY)) == 5  # Mon, Tue, Wed, Thu, and Fri to Mon
    assert len(nights(MONDAY, 'hours: {Mon-Sat: "08:00-18:00"}\n')) >= 5
    assert nights(MONDAY, 'hours: {Mon-Sun: "00:00-24:00"}\n') == []
    assert nights("") == []
    assert "outside working hours" not in format_timeline(run("srb", {}, ""))


@every_run
def test_what_is_drawn_is_inside_the_drawing(name, given, start):
    root = drawn(run(name, given, start))
    *_, wide, high = map(float, root.get("viewBox").split())
    assert (root.get("width"), root.get("height")) == tuple(root.get("viewBox").split()[2:])
    assert wide < 2200
    for box in root.iter(f"{SVG}rect"):
        left, top, across, down = (float(box.get(key)) for key in ("x", "y", "width", "height"))
        assert left >= 0 <= top
        assert left + across <= wide
        assert top + down <= high
        assert across > 0 < down


# --- for every reader ------------------------------------------------------------------------------------------------------


@every_run
def test_the_description_says_every_row_and_no_figure_is_its_own(name, given, start):
    record = run(name, given, start)
    root = drawn(record)
    words = root.find(f"{SVG}desc").text
    assert root.find(f"{SVG}title").text == f"Timeline: {record['protocol']['title']}"
    assert root.get("role") == "img"
    ids = {part.get("id") for part in root if part.get("id")}
    assert ids == {root.get("aria-labelledby"), root.get("aria-describedby")}
    assert all(record["identity"]["inputs"] in each for each in ids)
    titles = {step["number"]: step["title"] for step in record["steps"]}
    assert words.count("; ") >= len(record["schedule"]) - 1
    for row in record["schedule"]:
        assert f", {row['step']} {titles[row['step']]}, {row['kind'].replace('_', '-')}" in words
        if start:
            assert f"{when(row['begin'])[:10]} {when(row['begin'])[11:]} to " in words
    known = words + " ".join(titles.values()) + " ".join(step["pause_point"] for step in record["steps"])
    known += " ".join(item["name"] for item in record["equipment"])
    shown = [text.text for text in root.iter(f"{SVG}text")] + [title.text for title in root.iter(f"{SVG}title")]
    for figure in re.findall(r"\d[\d:.-]*", " ".join(shown)):
        assert figure in known


@every_run
def test_all_is_in_the_colour_of_the_words_around_it(name, given, start):
    words = format_timeline(run(name, given, start))
    assert set(re.findall(r'(?:fill|stroke)="([^"]*)"', words)) <= {"currentColor", "none"}
    assert not re.search(r"#[0-9a-f]{3}|rgb|style=|<script|href|http(?!://www\.w3\.org/2000/svg)", words)


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_words_from_outside_are_words(words):
    plain = run(*RUNS["western"])
    record = copy.deepcopy(plain)
    for step in record["steps"]:
        step["title"] = step["pause_point"] = words
    for item in record["equipment"] + record["lab"]["settings"]:
        item["name"] = words
    root, usual = drawn(record), drawn(plain)
    kinds = [[part.tag for part in each.iter() if part.get("class") != "night"] for each in (root, usual)]
    assert kinds[0].count(f"{SVG}g") == kinds[1].count(f"{SVG}g")
    assert {*kinds[0]} == {*kinds[1]}
    flat = re.sub("[\x00\x1b\u202a-\u202e\u2066-\u2069]", "\ufffd", words.replace("\r\n", "\n"))  # and what would turn words round
    assert f"1 {flat}, hands-on" in root.find(f"{SVG}desc").text
    assert all(len(text.text) < 120 for text in root.iter(f"{SVG}text"))


def test_a_run_without_times_is_refused(sheet):
    with pytest.raises(ProtocolError, match="no step of this run takes time"):
        format_timeline(cast("Any", {**sheet(), "schedule": []}))


def test_the_same_run_gives_the_same_drawing():
    assert format_timeline(run(*RUNS["co-ip"])) == format_timeline(run(*RUNS["co-ip"]))
