"""What a browser keeps of a run when its sheet is made anew: shown where the figures are the same, offered where they differ, never lost."""

from __future__ import annotations

import copy
import functools
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import benchsheet
from benchsheet import library
from benchsheet.engine import render
from benchsheet.formats.html.page import format_html
from benchsheet.lab import parse_profile
from benchsheet.protocol.source import Source
from tests.accessible import faults, load_axe
from tests.conftest import HOST, serve
from tests.records import record_named

SRB = library.load_source("srb")
TEMPLATE = SRB.files["protocol.md.j2"]
FIRST = '{% step "Seed"'
STEP = '{% step "Look", hands_on="2 min" %}\nLook at the cells.\n{% endstep %}\n\n'
LINE = "- PBS: fill every well"
CHANGES = {
    "another lab": ("overage: {percent: 20 %}\n", None),
    "a step put in": ("", (FIRST, STEP + FIRST)),
    "an action put in": ("", (LINE, f"- Wipe the hood.\n{LINE}")),
    "other words": ("", ("Label each plate", "Mark each plate")),
}


@functools.cache
def version(change="", plates="4"):
    """Return the Record of one run as another lab, or another text of the protocol, makes it."""
    lab, words = CHANGES.get(change, ("", None))
    files = dict(SRB.files)
    if words:
        assert words[0] in TEMPLATE
        files["protocol.md.j2"] = TEMPLATE.replace(*words)
    source = Source(id=SRB.id, folder=SRB.folder, files=files, shared_files=SRB.shared_files, shared_folder=SRB.shared_folder)
    return render(source, {"plates": plates}, parse_profile(lab, "lab.yml") if lab else None)


WRITTEN: list[tuple[dict[str, Any], str]] = []


def words_of(record):
    """Return the sheet of a Record that nobody changes, made once."""
    for known, words in WRITTEN:
        if known is record:
            return words
    WRITTEN.append((record, format_html(record)))
    return WRITTEN[-1][1]


class Place:
    """One address, at which one version of a sheet after the other is found."""

    def __init__(self, browser, file, **settings):
        self.file, self.faults = file, []
        self.context = browser.new_context(accept_downloads=True, **settings)
        serve(self.context, file.parent)
        self.page = self.tab()

    def tab(self):
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("dialog", lambda dialog: dialog.accept())
        return page

    def show(self, record, page=None):
        page = page or self.page
        self.file.write_text(record if isinstance(record, str) else words_of(record), "utf-8")
        page.goto(HOST + self.file.name)
        return page


@pytest.fixture
def place(browser, tmp_path):
    made = Place(browser, tmp_path / "sheet.html")
    yield made
    made.context.close()
    assert made.faults == []


def band(page):
    return page.get_by_role("region", name="filled in before")


def ticked(page):
    """Return the words of each line that has a tick, with its step: as they are seen, without references."""
    script = """[...document.querySelectorAll('input[type=checkbox]:checked')].map((box) => [
        box.closest('.step')?.querySelector('h3').textContent.replace(/^[0-9]+[.] /, '') || '',
        [...box.closest('tr, li').querySelectorAll('th, td, span')].map((part) => part.className === 'copy' ? '' : part.textContent).join(' ')])"""
    return [(step, re.sub(r" ?\[[\d, ]+\]", "", words)) for step, words in page.evaluate(script)]


def tick_all(page):
    page.evaluate("document.querySelectorAll('input[type=checkbox]').forEach((box) => box.click())")


def press(page, button):
    band(page).get_by_role("button", name=button).first.click()


# --- another build, the same figures ------------------------------------------------------------------------------------------


@pytest.fixture
def engine(tmp_path):
    """The program as a folder of its own, to be changed."""
    root, package = tmp_path / "engine", Path(benchsheet.__file__).parent
    shutil.copytree(package, root / "macros" / "benchsheet")
    shutil.copytree(library.protocols_folder(), root / "protocols")
    return root


def rendered(engine, out, *words):
    env = os.environ | {"PYTHONPATH": str(engine / "macros"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "benchsheet", "render", "srb", *words, "--force", "-o", str(out)]
    subprocess.run(command, check=True, env=env, cwd=engine, capture_output=True, timeout=120)
    found = out.read_text("utf-8")
    return found, json.loads(found.partition('id="record">')[2].partition("</script>")[0])


def test_a_rebuilt_site_loses_no_tick(place, engine, tmp_path):
    """A remark in the program and one in the protocol: another build, another digest, another line of the file, and no other figure."""
    first, before = rendered(engine, tmp_path / "one.html", "--plates", "4")
    page = place.show(first)
    page.locator("#step-3 ~ .acts input").first.check()
    page.get_by_label("operator").fill("A. N. Other")
    page.get_by_label("lot of DMSO").fill("SZ1")
    seen = ticked(page)
    for name, remark in (("macros/benchsheet/site/scenario_pages.py", "# a remark\n"), ("protocols/srb/protocol.md.j2", "{# a remark #}\n")):
        text = (engine / name).read_text("utf-8")
        (engine / name).write_text(text + remark if name.endswith("py") else remark + text, "utf-8")
        again, after = rendered(engine, tmp_path / "two.html", "--plates", "4")
        assert after["identity"] != before["identity"]
        assert (after["identity"]["run"], after["seal"]) == (before["identity"]["run"], before["seal"])
        page = place.show(again)
        assert ticked(page) == seen != []
        assert (page.get_by_label("operator").input_value(), page.get_by_label("lot of DMSO").input_value()) == ("A. N. Other", "SZ1")
        assert band(page).count() == 0
        words = re.sub(r" Begun on [\d -]+:\d\d\.", "", page.locator("#state").inner_text())
        assert words == f"1 of {page.locator('input[type=checkbox]').count()} boxes ticked. Kept in this browser only."
    assert after["identity"]["inputs"] != before["identity"]["inputs"]


# --- other figures ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", CHANGES)
def test_other_figures_show_nothing_until_it_is_carried_over_to_the_very_same_words_and_figures(place, change):
    assert version()["identity"]["run"] == version(change)["identity"]["run"]
    page = place.show(version())
    tick_all(page)
    page.get_by_label("lot of DMSO").fill("SZ1")
    before = ticked(page)
    page = place.show(version(change))
    assert ticked(page) == []
    assert page.get_by_label("lot of DMSO").input_value() == ""
    assert band(page).is_visible()
    assert page.locator("#state").inner_text().endswith("More was filled in before: see the top of the page.")
    assert set(band(page).get_by_role("button").all_inner_texts()) == {"Carry over", "Keep both", "Begin anew"}
    every = page.locator("input[type=checkbox]").count()
    press(page, "Carry over")
    after = ticked(page)
    assert 20 < len(after) < every  # what differs, or is new, has no tick
    assert Counter(after) - Counter(before) == Counter()
    assert page.get_by_label("lot of DMSO").input_value() == "SZ1"
    lost = [words for _, words in Counter(before) - Counter(after)]
    shown = band(page).locator("li").all_text_contents()
    for words in lost:
        assert any(all(part in item for part in re.findall(r"[\w.]+ (?:µL|mL)", words)) for item in shown), words
    page.reload()
    assert ticked(page) == after


def test_a_figure_that_differs_is_told_beside_the_one_here(place):
    page = place.show(version())
    page.get_by_label("growth medium is ready").check()
    page = place.show(version("another lab"))
    was, now = ({r["name"]: r["prepare"]["text"] for r in record["reagents"]}["growth medium"] for record in (version(), version("another lab")))
    assert was != now
    text = " ".join(band(page).text_content().split())
    assert "0 read the same here, and 1 differs or is not on this sheet" in text
    assert f"growth medium, {was}" in text
    assert f"here: growth medium, {now}" in text
    assert band(page).get_by_role("button", name="Carry over").count() == 0


def test_a_step_that_is_put_in_takes_no_tick_and_no_time_of_another(place):
    page = place.show(version())
    titles = [step["title"] for step in version()["steps"]]
    for number, title in enumerate(titles, 1):
        page.get_by_label(f"start of step {number}, {title}", exact=True).fill(f"{number}:00")
        page.locator(f"#step-{number} ~ .acts input[type=checkbox]").first.check()
    before = ticked(page)
    page = place.show(version("a step put in"))
    press(page, "Carry over")
    assert ticked(page) == before
    assert [step for step, _ in before] == titles
    assert page.get_by_label("start of step 1, Look", exact=True).input_value() == ""
    for number, title in enumerate(titles, 1):
        assert page.get_by_label(f"start of step {number + 1}, {title}", exact=True).input_value() == f"{number}:00"


def test_kept_beside_each_other_both_are_found_again(place):
    page = place.show(version())
    page.get_by_label("lot of DMSO").fill("SZ1")
    page = place.show(version("another lab"))
    press(page, "Keep both")
    page.get_by_label("lot of DMSO").fill("SZ2")
    page.reload()
    assert page.get_by_label("lot of DMSO").input_value() == "SZ2"
    assert "More was" not in page.locator("#state").inner_text()
    assert band(page).locator("summary").first.inner_text() == "1 other version of this run kept in this browser"
    band(page).locator("summary").first.click()
    assert band(page).get_by_text("lot of DMSO (SZ1,").last.is_visible() is False
    band(page).get_by_text("All that was filled in there: 1").click()
    assert band(page).get_by_text("lot of DMSO (SZ1,").last.is_visible()


def test_begun_anew_the_other_is_gone_and_this_one_is_empty(place):
    page = place.show(version())
    page.get_by_label("lot of DMSO").fill("SZ1")
    page = place.show(version("another lab"))
    press(page, "Begin anew")
    assert page.get_by_label("lot of DMSO").input_value() == ""
    assert page.evaluate("localStorage.length") == 0
    assert band(page).count() == 0


def test_back_and_forth_each_version_has_its_own_and_hears_of_the_other(place):
    """Published, taken back, and published again."""
    old, new = version(), version("another lab")
    page = place.show(old)
    page.get_by_label("lot of DMSO").fill("SZ1")
    page = place.show(new)
    press(page, "Carry over")
    page.get_by_label("lot of PBS").fill("P1")
    page = place.show(old)
    assert (page.get_by_label("lot of DMSO").input_value(), page.get_by_label("lot of PBS").input_value()) == ("SZ1", "")
    assert "More was" in page.locator("#state").inner_text()
    press(page, "Carry over")
    assert page.get_by_label("lot of PBS").input_value() == "P1"
    page.get_by_label("lot of DMSO").fill("SZ3")
    page = place.show(new)
    assert page.get_by_label("lot of DMSO").input_value() == "SZ1"
    assert "Filled in here with something else, which stays: 1" in band(page).text_content()
    assert band(page).get_by_text("lot of DMSO (SZ3,").count() == 2


def test_three_versions_stand_in_one_list(place):
    for change in list(CHANGES)[:3]:
        page = place.show(version(change))
        page.get_by_label("lot of DMSO").fill(change)
    page = place.show(version())
    assert band(page).locator("article").count() == 3
    band(page).locator("article").nth(1).get_by_role("button", name="Carry over").click()
    chosen = page.get_by_label("lot of DMSO").input_value()
    assert chosen in CHANGES


def test_another_run_is_not_offered(place):
    page = place.show(version())
    page.get_by_label("lot of DMSO").fill("SZ1")
    page = place.show(version(plates="5"))
    assert band(page).count() == 0
    assert page.get_by_label("lot of DMSO").input_value() == ""
    page = place.show(version())
    assert page.get_by_label("lot of DMSO").input_value() == "SZ1"


def test_words_that_the_program_says_otherwise_under_one_seal_take_no_tick(place):
    page = place.show(version())
    page.locator("#step-1 ~ .acts input").nth(1).check()
    words = words_of(version())
    body = words.index("<body>")
    page = place.show(words[:body] + words[body:].replace("Label each plate", "Mark each plate", 1))
    assert ticked(page) == []
    assert "1 line that you filled in on this sheet has other words now." in band(page).text_content()
    assert "Label each plate" in band(page).text_content()
    page = place.show(version())
    assert len(ticked(page)) == 1


@pytest.mark.parametrize("before", ["7. ", "[3, 4] ", "See steps 4 and 5: "])
def test_a_number_that_only_points_somewhere_is_no_figure_of_a_line(place, before):
    words = words_of(version())
    at = words.index("<span>Label each plate") + len("<span>")
    other = before.replace("4 and 5", "6 and 7").replace("4", "5").replace("12", "11")
    page = place.show(words[:at] + before + words[at:])
    page.locator("#step-1 ~ .acts input").nth(1).check()
    page = place.show(words[:at] + other.replace("7. ", "8. ") + words[at:])
    assert page.locator("#step-1 ~ .acts input").nth(1).is_checked()
    assert band(page).count() == 0


@pytest.mark.parametrize("before", ["7 mL ", "pH 7.5, ", "4 °C: ", "1.5 "])
def test_a_number_that_is_a_figure_is(place, before):
    words = words_of(version())
    at = words.index("<span>Label each plate") + len("<span>")
    page = place.show(words[:at] + before + words[at:])
    page.locator("#step-1 ~ .acts input").nth(1).check()
    page = place.show(words[:at] + before.replace("7", "8").replace("4", "5").replace("1", "2") + words[at:])
    assert ticked(page) == []
    assert band(page).is_visible()


# --- what a browser may do -----------------------------------------------------------------------------------------------------


def test_two_tabs_write_into_one_sheet(place):
    one = place.show(version())
    two = place.show(version(), place.tab())
    one.get_by_label("lot of DMSO").fill("SZ1")
    two.get_by_label("lot of PBS").fill("P1")
    one.wait_for_function("document.querySelector('[aria-label=\"lot of PBS\"]').value === 'P1'")
    for page in (one, two):
        page.reload()
        assert (page.get_by_label("lot of DMSO").input_value(), page.get_by_label("lot of PBS").input_value()) == ("SZ1", "P1")


def test_two_tabs_with_two_versions_do_not_write_over_each_other(place):
    one = place.show(version())
    two = place.show(version("another lab"), place.tab())
    one.get_by_label("lot of DMSO").fill("SZ1")
    two.get_by_label("lot of DMSO").fill("SZ2")
    two.wait_for_function("document.getElementById('earlier').textContent.includes('SZ1')")
    one.wait_for_function("document.getElementById('earlier').textContent.includes('SZ2')")
    one.reload()
    assert one.get_by_label("lot of DMSO").input_value() == "SZ2"  # the file is the other version by now
    place.show(version(), one)
    assert one.get_by_label("lot of DMSO").input_value() == "SZ1"


def test_where_the_store_is_refused_as_a_whole_the_sheet_works_and_says_so(place):
    page = place.page
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('refused', 'SecurityError'); } })")
    page = place.show(version())
    page.get_by_label("lot of DMSO").fill("SZ1")
    page.get_by_label("lot of PBS").fill("P1")
    assert page.get_by_label("lot of DMSO").input_value() == "SZ1"
    assert page.locator("#state").inner_text().endswith("This browser keeps nothing: export before you close the page.")
    assert band(page).count() == 0


SPOILT = [
    "{",
    "null",
    "7",
    '{"fields": 3}',
    '{"fields": {"[]": 1}}',
    '{"seal": "x", "inputs": "x", "version": "1", "fields": {"x": {}}}',
]


@pytest.mark.parametrize("words", SPOILT)
def test_what_cannot_be_read_is_put_aside_and_shown(place, words):
    page = place.show(version())
    page.get_by_label("lot of DMSO").fill("SZ1")
    page.evaluate("(words) => localStorage.setItem(Object.keys(localStorage)[0], words)", words)
    page.reload()
    assert page.get_by_label("lot of DMSO").input_value() == ""
    page.get_by_label("lot of PBS").fill("P1")
    page.reload()
    assert page.get_by_label("lot of PBS").input_value() == "P1"
    assert band(page).locator("code").text_content() == words
    press(page, "Remove")
    assert band(page).count() == 0
    assert page.get_by_label("lot of PBS").input_value() == "P1"


OLD = {
    '["reagents","dmso","lot"]': ["SZ1", "2026-11-20T09:00:00+01:00"],
    '["reagents","dmso","ready"]': [True, "2026-11-20T09:01:00+01:00"],
    '["steps","3","started"]': ["14:05", "2026-11-20T14:05:00+01:00"],
    '["operator"]': ["A. N. Other", "2026-11-20T09:02:00+01:00"],
}


def test_what_an_older_sheet_kept_is_offered_until_it_is_answered_once(place):
    page = place.show(version())
    page.evaluate("(words) => localStorage.setItem('benchsheet 9f5011007027f99f', words)", json.dumps(OLD))
    page.evaluate('localStorage.setItem(\'benchsheet 0000000000000000\', \'{"[\\\\"elsewhere\\\\"]": [true, "x"]}\')')
    page.reload()
    assert page.get_by_role("heading", name="Filled in before").count() == 1
    text = band(page).text_content()
    assert "2 blanks" not in text
    for words in ("reagents, dmso, ready (ticked", "steps, 3, started (14:05", "operator (A. N. Other"):
        assert words in text
    press(page, "Carry over")
    assert page.get_by_label("operator").input_value() == "A. N. Other"
    assert page.get_by_label("lot of DMSO").input_value() == "SZ1"
    assert ticked(page) == []
    page.reload()
    assert band(page).count() == 0
    assert page.evaluate("localStorage.getItem('benchsheet 9f5011007027f99f')") == json.dumps(OLD)


def test_the_export_names_what_it_is_of_and_holds_the_other_versions(place, tmp_path):
    page = place.show(version())
    page.get_by_label("growth medium is ready").check()
    page = place.show(version("another lab"))
    page.get_by_label("lot of PBS").fill("P1")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Export as JSON").click()
    waiting.value.save_as(tmp_path / "out.json")
    found, record = json.loads((tmp_path / "out.json").read_text("utf-8")), version("another lab")
    assert (found["digest"], found["identity"], found["seal"]) == (record["identity"]["inputs"], record["identity"], record["seal"])
    (other,) = found["earlier"]
    assert (other["inputs"], other["seal"]) == (version()["identity"]["inputs"], version()["seal"])
    assert [(each["value"], each["what"].partition(",")[0]) for each in other["filled"]] == [(True, "growth medium")]


# --- every sheet --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["srb", "western", "co-ip with times"])
def test_every_box_and_blank_of_every_sheet_is_known_by_itself_and_found_again(place, name):
    page = place.show(record_named(name))
    tick_all(page)
    fill = """document.querySelectorAll('input[type=text]').forEach((field, place) => {
        field.value = 'v' + place; field.dispatchEvent(new Event('input', {bubbles: true})); })"""
    page.evaluate(fill)
    kept = "JSON.parse(localStorage.getItem(Object.keys(localStorage)[0])).fields"
    assert page.evaluate(f"Object.keys({kept}).length") == page.locator("input").count()
    rebuilt = copy.deepcopy(record_named(name))
    rebuilt["identity"] |= {"engine": {"version": "9.9.9", "build": "0" * 16}}
    page = place.show(rebuilt)
    assert page.locator("input[type=checkbox]:not(:checked)").count() == 0
    assert page.evaluate("[...document.querySelectorAll('input[type=text]')].every((field, place) => field.value === 'v' + place)")
    assert page.evaluate("Object.values(localStorage).join('').length") < 150_000  # of the five million that a browser keeps
    assert band(page).count() == 0


LOOKS = {"phone, light": (360, "light"), "desk, dark": (1440, "dark")}
# The sheet under the band is tried by test_browser_sheet.py: of its lists and tables only the beginning is left here.
SHORT = """document.querySelectorAll('section :is(tr, li, p, dt, dd):not(#earlier *)').forEach((part, place) => place > 40 && part.remove())"""


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_every_reader_can_use_the_band(browser, tmp_path, look):
    place = Place(browser, tmp_path / "sheet.html", viewport={"width": look[0], "height": 900}, color_scheme=look[1])
    page = place.show(version())
    tick_all(page)
    page = place.show(version("another lab"))
    band(page).locator("summary").first.click()
    folder = os.environ.get("BENCHSHEET_LOOKS")
    if folder:
        page.screenshot(path=Path(folder, f"band-{look[0]}-{look[1]}.png"))
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert min(page.evaluate("[...document.querySelectorAll('#earlier button, #earlier summary')].map((each) => each.offsetHeight)")) >= 24
    page.evaluate(SHORT)
    load_axe(page)
    assert faults(page) == []
    page.emulate_media(media="print")
    assert not page.locator("#earlier").is_visible()
    place.context.close()
