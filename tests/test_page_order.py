"""A page of a protocol is in the order of doing, in a real browser: steps first, hazards before the act, maps at their step, options last."""

from __future__ import annotations

import re

import pytest

from benchsheet import library
from benchsheet.engine import render
from benchsheet.site.sheet_body import format_body
from benchsheet.site.sheet_places import heading_anchor
from tests.accessible import faults, load_axe
from tests.site_build import built

PAGES = [*library.protocol_ids(), "western-blot/persistent-py397-band", "co-ip/persistent-py397-complex"]
TOPS = """() => Object.fromEntries([...document.querySelectorAll(".md-content h1, .md-content h2, .md-content h3, .md-content h4")]
    .map((each) => [each.id, each.getBoundingClientRect().top + scrollY]))"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return built(tmp_path_factory)


@pytest.fixture(params=[(360, 740), (1440, 900)], ids=["phone", "desk"])
def opened(request, browser, site):
    """Return a function that opens a page of a protocol, and the height of the window."""
    page = browser.new_page(viewport=dict(zip(("width", "height"), request.param, strict=True)))
    yield lambda name: page.goto((site / "protocols" / f"{name}.html").as_uri()) and page, request.param[1]
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_the_first_step_begins_within_three_screens(opened, name):
    open_page, height = opened
    tops = open_page(name).evaluate(TOPS)
    first = next(top for anchor, top in tops.items() if anchor.startswith("1-"))
    assert first < 3 * height - 48  # one line is left for a form that is folded


@pytest.mark.parametrize("name", PAGES)
def test_steps_come_first_then_recipes_then_gates_and_options_last(opened, name):
    anchors = list(opened[0](name).evaluate(TOPS))
    order = ["steps", "preparations", "quality-gates", "notes", "what-a-run-may-set", "versions"]
    assert [each for each in anchors if each in order] == [each for each in order if each in anchors]
    assert anchors.index("steps") <= 3  # after the title, warnings and the times


@pytest.mark.parametrize("name", PAGES)
def test_a_hazard_is_a_box_between_the_title_of_its_step_or_recipe_and_the_act(opened, name):
    boxes = opened[0](name).evaluate(
        """() => [...document.querySelectorAll("h3[id]")].map((each) => {
            const kinds = [];
            for (let next = each.nextElementSibling; next && !/^H[23]$/.test(next.tagName); next = next.nextElementSibling) {
                kinds.push(next.className === "hazard" ? getComputedStyle(next).borderLeftWidth : next.tagName);
            }
            return kinds;
        })"""
    )
    found = [[place for place, kind in enumerate(kinds) if kind.endswith("px")] for kinds in boxes]
    assert len(found) > 16
    assert {places[0] for places in found if places} == {0, 1}  # under the name of a recipe; behind the line of times of a step
    assert [places for places in found if places != [*range(min(places, default=0), min(places, default=0) + len(places))]] == []
    assert all("TABLE" not in kinds[: places[0]] for kinds, places in zip(boxes, found, strict=True) if places)


@pytest.mark.parametrize("name", library.protocol_ids())
def test_a_map_stands_at_the_first_step_that_gives_something_to_its_places(opened, name):
    """The step is worked out here from the Record: the first with an operation into a group of that plate."""
    record = render(library.load_source(name), {})
    found = opened[0](name).evaluate(
        """() => { const places = {}; let step = "";
            for (const each of document.querySelectorAll("h2[id], h3[id], h4[id]")) {
                if (each.tagName === "H4") (places[step] ??= []).push(each.id); else step = each.id;
            }
            return places; }"""
    )
    expected: dict[int, int] = {}
    for plate in record["plates"]:
        (first, *_) = [step["number"] for step in record["steps"] if any({*operation["to"]} & {*plate["groups"]} for operation in step["operations"])]
        expected[first] = expected.get(first, 0) + 1
    assert {int(anchor.partition("-")[0]): len(maps) for anchor, maps in found.items() if anchor[:1].isdigit()} == expected


@pytest.mark.parametrize("name", PAGES[:3])
def test_the_bar_of_parts_stays_in_sight_and_hides_no_heading_that_it_leads_to(opened, name):
    page = opened[0](name)
    for link in page.locator('nav.parts a[href^="#"]').all():
        link.evaluate("each => each.click()")
        page.wait_for_timeout(80)
        bar, target = page.evaluate(
            """() => [document.querySelector("nav.parts"), document.querySelector(location.hash)].map((each) => {
                const box = each.getBoundingClientRect(); return [box.top, box.bottom]; })"""
        )
        assert 0 <= bar[0] < 100
        assert target[1] > bar[1]
        assert target[0] >= bar[1] - 24 or page.evaluate("scrollY + innerHeight >= document.documentElement.scrollHeight - 2")


@pytest.mark.parametrize("name", library.protocol_ids())
def test_the_bar_of_a_sheet_to_fill_in_leads_to_each_of_its_sections(browser, site, name):
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto((site / "protocols" / f"{name}.sheet.html").as_uri())
    links = page.locator("#parts a")
    assert links.count() == page.locator("main > [id]").count() > 8
    for number in range(links.count()):
        links.nth(number).click()
        page.wait_for_timeout(60)
        bar, target = page.evaluate(
            """() => [
                document.querySelector("#parts"),
                [...document.querySelector(location.hash).querySelectorAll("h2")].find((each) => each.offsetParent),
            ].map((each) => {
                const box = each.getBoundingClientRect(); return [box.top, box.bottom]; })"""
        )
        assert bar[0] == 0
        assert target[0] >= bar[1] - 1
    load_axe(page)
    assert faults(page) == []
    page.emulate_media(media="print")
    assert page.locator("#parts").evaluate("each => getComputedStyle(each).display") == "none"
    page.close()


@pytest.mark.parametrize("name", library.protocol_ids())
def test_a_later_step_leads_back_to_the_map_that_it_needs(name):
    record = render(library.load_source(name), {})
    parts = re.split(r"^### ", format_body(record), flags=re.MULTILINE)
    anchors = {heading_anchor(title) for part in parts for title in re.findall(r"^#### (.+)$", part, re.MULTILINE)}
    links = {part.split(".")[0]: re.findall(r"\]\(#([\w-]+)\)", "".join(re.findall(r"^Map: .+$", part, re.MULTILINE))) for part in parts}
    assert {anchor for each in links.values() for anchor in each} <= anchors
    shown: dict[str, int] = {}
    for plate in record["plates"]:
        if len(plate["groups"]) > 1:
            steps = [step["number"] for step in record["steps"] if any({*operation["to"]} & {*plate["groups"]} for operation in step["operations"])]
            for number in steps[1:]:
                shown[str(number)] = shown.get(str(number), 0) + 1
    assert {number: len(each) for number, each in links.items() if each} == shown
