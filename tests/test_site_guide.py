"""Troubleshooting in a browser: one question at a time with its trail, wide enough on a phone, whole without scripts; symptoms by their words."""

from __future__ import annotations

import pytest
import yaml

from tests.search_worker import ASK
from tests.site_build import ROOT, built

DOCS = ROOT / "docs"
SCENARIOS = {file.stem: yaml.safe_load(file.read_text("utf-8")) for file in sorted((DOCS / "scenarios").glob("*.yml"))}
EACH = pytest.mark.parametrize("name", SCENARIOS)
WORDS = {
    word: f"symptoms/{file.parent.name}.html#{file.stem}"
    for file in sorted((DOCS / "symptoms").glob("*/*.yml"))
    for word in yaml.safe_load(file.read_text("utf-8"))["words"]
}
PHONE = {"width": 360, "height": 740}
NARROWEST = """() => Math.min(...Array.from(document.querySelectorAll(".guide .card p, .guide .card li, .guide .card :is(h3, h4)"))
    .filter((part) => part.offsetParent && !part.closest("li li") && !part.matches("p.sheet"))
    .map((part) => part.matches("li") ? part.parentElement.getBoundingClientRect().width : part.getBoundingClientRect().width))"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return built(tmp_path_factory)


@pytest.fixture
def opened(browser, site):
    """A page of the site in a window of its own; no script may fail."""
    contexts, failed = [], []

    def open_(path, **settings):
        context = browser.new_context(**({"viewport": PHONE, "reduced_motion": "reduce"} | settings))
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: failed.append(str(error)))
        page.goto((site / path.partition("#")[0]).as_uri() + "".join(path.partition("#")[1:]))
        return page

    yield open_
    for context in contexts:
        context.close()
    assert failed == []


def following(name, node):
    ways = SCENARIOS[name]["nodes"][node].get("next", [])
    return [ways] if isinstance(ways, str) else ways


def shown(page):
    return page.eval_on_selector_all(
        ".guide .card", "cards => cards.filter((card) => card.offsetParent).map((card) => card.querySelector('h3, h4').id)"
    )


@EACH
def test_each_card_of_each_path_is_shown_alone_with_its_trail_and_280_px_of_text_on_a_phone(opened, name):
    page, start = opened(f"scenarios/{name}.html"), SCENARIOS[name]["start"]
    assert shown(page) == [start]
    assert not page.locator(".trail").is_visible()
    ways: list[tuple[str, ...]] = [(start,)]
    nodes = SCENARIOS[name]["nodes"]
    for way in ways:
        node = way[-1]
        ways += [(*way, other) for other in following(name, node)]
        page.evaluate("id => { location.hash = id }", node)
        wanted = [node, *(following(name, node) if "if" in nodes[node] else [])]
        page.wait_for_function("id => document.getElementById(id).offsetParent && document.activeElement.id === id", arg=node)
        assert sorted(shown(page)) == sorted(wanted)
        assert page.evaluate(NARROWEST) >= 280, node
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        tests = [each for each in way if "test" in nodes[each] and each != node]
        trail = page.eval_on_selector_all(".trail li > a:first-child", "links => links.map((link) => link.hash.slice(1))")
        assert trail[:1] == ([start] if tests else [])
        assert node not in trail
    assert {way[-1] for way in ways} == set(nodes)


@EACH
def test_an_address_of_today_opens_at_its_card_with_its_trail_and_leads_back(opened, name):
    last = list(SCENARIOS[name]["nodes"])[-1]
    page = opened(f"scenarios/{name}.html#{last}")
    page.wait_for_load_state()
    heading = page.locator(f"#{last}")
    assert heading.is_visible()
    assert 0 <= heading.evaluate("each => each.getBoundingClientRect().top") < PHONE["height"]
    assert page.locator(".trail li").count() >= 1
    page.locator(".trail a", has_text="Start again").click()
    page.wait_for_function("() => !document.querySelector('.trail').offsetParent")
    assert shown(page) == [SCENARIOS[name]["start"]]
    page.get_by_role("button", name="Show all questions").click()
    assert sorted(shown(page)) == sorted(SCENARIOS[name]["nodes"])


@EACH
def test_without_scripts_every_card_is_there_and_each_question_is_an_anchor(opened, name):
    page = opened(f"scenarios/{name}.html", java_script_enabled=False)
    nodes = SCENARIOS[name]["nodes"]
    for node in nodes:
        assert page.locator(f"#{node}").is_visible()
        for other in following(name, node):
            assert page.locator(f'.card a:is(.answer, .onward)[href="#{other}"]').first.is_visible()
    contents = {each.get_attribute("href") for each in page.locator('.md-nav--secondary a[href^="#"]').all()}
    assert {f"#{node}" for node, entry in nodes.items() if "test" in entry} <= contents


@EACH
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_first_test_is_within_ten_stops_of_the_keyboard_and_stops_come_as_they_are_read(opened, name, script):
    page, start = opened(f"scenarios/{name}.html", viewport={"width": 1440, "height": 900}, java_script_enabled=script), SCENARIOS[name]["start"]
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the link to the content
    stops: list[str] = []
    while len(stops) < 12 and not page.evaluate(f"!!document.activeElement.closest('.card') || document.activeElement.hash === '#{start}'"):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.textContent.slice(0, 30)"))
    assert len(stops) <= 9, stops
    assert page.locator("a.node:not([tabindex='-1'])").count() == 0, "a drawing adds stops"
    assert page.locator('.guide [tabindex]:not([tabindex="-1"])').count() == 0


@EACH
def test_a_scenario_prints_as_a_list_of_all_its_questions(opened, name):
    page = opened(f"scenarios/{name}.html")
    assert page.pdf().startswith(b"%PDF")
    page.emulate_media(media="print")
    assert sorted(shown(page)) == sorted(SCENARIOS[name]["nodes"])
    for part in (".md-header", ".trail", ".whole", ".whole-tree", ".answer", ".sheet"):
        assert not page.locator(part).first.is_visible(), part


@pytest.mark.parametrize("width", [360, 719, 720, 768, 1440])
@EACH
def test_the_whole_tree_is_drawn_where_it_fits_or_a_sentence_says_where(opened, name, width):
    page = opened(f"scenarios/{name}.html", viewport={"width": width, "height": 900})
    drawn, said = (page.locator(f".whole-tree {part}").is_visible() for part in (".picture.tree > svg", ".no-room"))
    assert (drawn, said) == (width >= 720, width < 720)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [360, 768, 1440])
@pytest.mark.parametrize("name", ["blot", "plate"])
def test_each_picture_of_a_symptom_fits_and_leads_to_its_text(opened, name, width):
    page = opened(f"symptoms/{name}.html", viewport={"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    cards = page.locator(".symptom-list a")
    assert cards.count() == len(list((DOCS / "symptoms" / name).glob("*.yml")))
    edges = page.eval_on_selector_all(
        ".symptom-picture", "all => all.map((each) => each.getBoundingClientRect()).map((box) => [box.left, box.right])"
    )
    assert all(0 <= left < right <= width for left, right in edges)
    letters = page.eval_on_selector_all(
        ".symptom-picture text",
        "all => all.filter((each) => each.getBoundingClientRect().width)"
        ".map((each) => parseFloat(getComputedStyle(each).fontSize) * Math.hypot(each.getScreenCTM().a, each.getScreenCTM().b))",
    )
    assert min(letters) >= 9
    cards.last.click()
    assert page.locator(f"h3{cards.last.get_attribute('href')}").evaluate("each => each.getBoundingClientRect().top") < 900


def test_what_a_tired_person_types_finds_the_symptom(browser, site):
    page = browser.new_page()
    page.goto((site / "index.html").as_uri())
    worker = next((site / "assets" / "javascripts" / "workers").glob("search*.js"))
    found = page.evaluate(ASK, [worker.as_uri(), [*WORDS]])
    page.close()
    pages = {word: list(dict.fromkeys(place.partition("#")[0] for place in places)) for word, places in found.items()}
    assert [word for word, place in WORDS.items() if place.partition("#")[0] not in pages[word][:3]] == []
    first = [word for word, place in WORDS.items() if found[word][0] == place]
    assert len(first) >= 0.85 * len(WORDS), sorted({*WORDS} - {*first})
