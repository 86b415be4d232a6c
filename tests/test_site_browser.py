"""The built site in a browser, opened from its folder: it navigates, searches and prints, is read by all, and asks no other host for anything."""

from __future__ import annotations

import json
import re
from pathlib import Path
from uuid import uuid4

import pytest
import yaml

from benchsheet import library
from benchsheet.engine import load_protocol
from tests.accessible import faults, load_axe
from tests.conftest import HOST, serve
from tests.search_worker import ASK
from tests.site_build import ROOT, built, presets

KINDS = {
    "home": "index.html",
    "answer": "faq/acquired.html",
    "index": "faq/index.html",
    "scenario": "scenarios/no-effect-in-3d.html",
    "symptoms": "symptoms/plate.html",
    "mechanism": "mechanisms/rtk-bypass.html",
    "workflow": "workflow.html",
    "protocol": "protocols/srb.html",
    "set sheet": "protocols/western-blot/no-effect-in-3d-engagement.html",
    "notebook": "analysis/srb.html",
    "table": "tables/antibodies.html",
    "references": "references.html",
    "guide": "guide/verbs.html",
    "glossary": "guide/words.html",
}
SYMPTOMS = {
    "Little effect in 3D": "no-effect-in-3d",
    "Sensitive at first, resistant now": "lost-sensitivity",
    "pFAK Y397 stays up": "persistent-py397",
    "No synergy with a second drug": "no-synergy",
}
CLICKS = {"no-effect-in-3d": 2, "lost-sensitivity": 4, "persistent-py397": 2, "no-synergy": 2}
NARROW, WIDE = {"width": 360, "height": 800}, {"width": 1440, "height": 900}
# Of what comes many times alike, only the first few are looked at: of the words of code from the start, of all else after one look at the whole.
THIN = """(some) => {
    const met = new Map();
    const lists = Array.from(document.querySelectorAll("article :is(table, dl, ol)"));
    for (const part of document.querySelectorAll(some)) {
        const kind = part.matches("pre *") ? part.className : part.tagName + lists.indexOf(part.closest("table, dl, ol"));
        met.set(kind, (met.get(kind) || 0) + 1);
        if (met.get(kind) > 6) part.matches("pre *") ? part.replaceWith(part.textContent) : part.remove();
    }
}"""
WORDS, PARTS = "article :is(pre span[class], .jp-OutputArea svg *)", ".md-sidebar li, article > *, .jp-Cell, article :is(tr, dt, dd, li)"
FOCUSED = """() => {
    const at = document.activeElement, drawing = at.matches(".md-option") ? at.nextElementSibling : at;
    const style = getComputedStyle(drawing), box = drawing.getBoundingClientRect();
    const drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    return {tag: at.tagName, text: (at.textContent || "").trim().replace(/\\s+/g, " "), href: at.href || "", drawn,
            seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth};
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return built(tmp_path_factory)


@pytest.fixture
def opened(browser, site):
    """A page of the site in a window; whatever a test does, nothing may be asked of another host, and no script may fail."""
    contexts, asked, failed = [], [], []

    def open_(path, *, served=False, **settings):
        context = browser.new_context(**({"viewport": WIDE, "reduced_motion": "reduce"} | settings))
        contexts.append(context)
        if served:
            serve(context, site)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: failed.append(f"{page.url}: {error}"))
        page.goto(HOST + path if served else address(site, path))
        return page

    yield open_
    for context in contexts:
        context.close()
    assert asked
    assert [url for url in asked if not url.startswith(("file:", HOST, "data:", "blob:"))] == []
    assert failed == []


def address(site, path):
    return (site / path).as_uri()


def path_of(page, site):
    return str(Path(page.url.removeprefix("file://").partition("#")[0].partition("?")[0]).relative_to(site))


# --- from a folder, without a server ------------------------------------------------------------------------------------------


def test_every_kind_of_page_opens_from_its_folder_asks_no_other_host_and_is_not_wider_than_its_window(opened, site):
    page = opened("index.html")
    for path in KINDS.values():
        page.goto(address(site, path))
        assert page.locator("h1").first.is_visible()
        for viewport in (WIDE, NARROW):
            page.set_viewport_size(viewport)
            assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], path
        page.evaluate("scrollTo(0, document.body.scrollHeight)")


def test_no_page_of_a_sheet_is_wider_than_a_phone_without_scripts(browser, site):
    context = browser.new_context(viewport=NARROW, java_script_enabled=False)
    page, wide = context.new_page(), {}
    for path in presets(site):
        page.goto(address(site, path))
        if (width := page.evaluate("document.documentElement.scrollWidth")) > NARROW["width"]:
            wide[path] = width
    context.close()
    assert wide == {}
    assert len(presets(site)) > 30


def test_every_kind_of_page_prints(opened, site):
    page = opened("index.html")
    for path in ("index.html", KINDS["mechanism"], KINDS["set sheet"]):
        page.goto(address(site, path))
        assert page.pdf().startswith(b"%PDF"), path


# --- search -------------------------------------------------------------------------------------------------------------------

ALIKE = [("µL", "μL", "uL"), ("IC50", "IC₅₀"), ("beta-catenin", "β-catenin"), ("VS-6063", "defactinib"), ("pY397", "Y397"), ("µM", "μM", "uM")]
FOUND = ["HER2-high", "pY397", "Y397", "VS-6063", "PF-562271", "AKT"]


@pytest.fixture(scope="module")
def answers(browser, site):
    """The pages that each question finds, by the question."""
    page = browser.new_page()
    page.goto(address(site, "index.html"))
    worker = next((site / "assets" / "javascripts" / "workers").glob("search*.js"))
    asked = [*(each for alike in ALIKE for each in alike), *FOUND, "µmol/L", "VS6063"]
    found = page.evaluate(ASK, [worker.as_uri(), asked])
    page.close()
    return {words: {place.partition("#")[0] for place in places} for words, places in found.items()}


@pytest.mark.parametrize("alike", ALIKE, ids=" ".join)
def test_each_spelling_finds_the_same_pages(answers, alike):
    assert answers[alike[0]]
    for other in alike[1:]:
        # letters alone begin other words too: uL is in ultrapure
        assert answers[other] >= answers[alike[0]] if other == "uL" else answers[other] == answers[alike[0]]


@pytest.mark.parametrize("words", FOUND)
def test_what_readers_type_is_found(answers, words):
    assert answers[words]


def test_no_word_with_a_digit_is_lost(browser, site):
    """The library of the search lost some of many such words: all of them are asked for."""
    index = json.loads((site / "search" / "search_index.json").read_text("utf-8"))
    said = " ".join(re.sub("<[^>]*>", " ", entry["text"]) for entry in index["docs"])
    words = sorted({word for word in re.findall(r"(?<![\w-])[A-Za-z]+[0-9]+(?![\w.-])", said) if len(word) > 3})
    assert {"VS6063", "IC50"} <= set(words)
    page = browser.new_page()
    page.goto(address(site, "index.html"))
    worker = next((site / "assets" / "javascripts" / "workers").glob("search*.js"))
    found = page.evaluate(ASK, [worker.as_uri(), words])
    page.close()
    assert [word for word in words if not found[word]] == []


def test_a_drug_with_its_number_is_one_word(answers, site):
    assert answers["VS6063"] == answers["VS-6063"]
    text = texts(site)
    other = {path for path, words in text.items() if "VS-4718" in words and not re.search(r"VS-?6063|defactinib|PF-04554878", words, re.IGNORECASE)}
    assert other, "no page tells the two apart"
    assert not answers["VS-6063"] & other


def test_a_unit_with_a_slash_finds_only_the_pages_that_have_it(answers, site):
    assert answers["µmol/L"] == {path for path, words in texts(site).items() if re.search("[uµμ]mol/L", words)}


def texts(site):
    """Return the text of each page as the search has it, without the spellings that were added."""
    found: dict[str, str] = {}
    for entry in json.loads((site / "search" / "search_index.json").read_text("utf-8"))["docs"]:
        path = entry["location"].partition("#")[0]
        words = re.sub(r"<span hidden>.*?</span>", "", entry["text"])
        found[path] = f"{found.get(path, '')} {entry['title']} {re.sub('<[^>]*>', '', words)}"
    return found


def test_the_search_box_answers_and_shows_no_spelling_that_was_added(opened, answers):
    page = opened("index.html")
    box, told, shown = page.locator(".md-search__input"), page.locator(".md-search-result__meta"), page.locator(".md-search-result__list")
    for words in ("μL", "VS-6063", "IC₅₀"):
        box.fill("")
        box.press_sequentially(words)
        box.press("End")  # what no key of the keyboard writes comes without the release of a key, which the search waits for
        page.wait_for_function(f"document.querySelector('.md-search-result__meta').textContent.trim().startsWith('{len(answers[words])} ')")
        assert "matching" in told.inner_text()
        assert shown.locator("span[hidden]").count() > 0, "nothing was added here"
        assert not re.search("μ|VS6063|PF04554878", shown.inner_text())
        assert shown.locator("article p:visible, article li:visible, article code:visible").count() > 2, "the hits show none of their text"
    shown.locator("a").first.click()
    page.wait_for_url("**.html?h=*")
    assert page.locator("article.md-content__inner h1").first.is_visible()


# --- for everybody ------------------------------------------------------------------------------------------------------------


# Each scheme and each width is looked at on every kind of page, and every pair of them on half of the kinds.
LOOKS = [[("default", NARROW), ("slate", WIDE)], [("slate", NARROW), ("default", WIDE)]]


@pytest.mark.parametrize(("path", "looks"), [(path, LOOKS[place % 2]) for place, path in enumerate(KINDS.values())], ids=KINDS)
def test_axe_finds_nothing_light_and_dark_narrow_and_wide(opened, path, looks):
    page = opened(path, viewport=NARROW, color_scheme="light")
    load_axe(page)
    page.evaluate(THIN, WORDS)
    found = {}
    for scheme, viewport in looks:
        page.set_viewport_size(viewport)
        page.evaluate("scheme => document.body.setAttribute('data-md-color-scheme', scheme)", scheme)
        if wrong := faults(page):
            found[scheme, viewport["width"]] = wrong
        page.evaluate(THIN, PARTS)
    assert found == {}


SHEETS = {"sheet to fill in": "protocols/srb/lost-sensitivity-curve.sheet.html", "page not found": "404.html"}


@pytest.mark.parametrize(("path", "looks"), [(path, LOOKS[place % 2]) for place, path in enumerate((KINDS | SHEETS).values())], ids=KINDS | SHEETS)
def test_axe_finds_nothing_where_no_script_runs(opened, site, path, looks):
    """With scripts switched off axe does not run either: so they are taken out of the page, and what is meant for their absence is shown."""
    text = re.sub(r"<script\b.*?</script>|</?noscript>", "", (site / path).read_text("utf-8"), flags=re.DOTALL)
    bare = (site / path).with_name(f"bare-{uuid4().hex}.html")
    bare.write_text(text, "utf-8")
    try:
        page = opened(bare.relative_to(site).as_posix(), served=True, viewport=NARROW, color_scheme="light")
    finally:
        bare.unlink()
    load_axe(page)
    page.evaluate(THIN, WORDS)
    found = {}
    for _, viewport in looks:
        page.set_viewport_size(viewport)
        if wrong := faults(page):
            found[viewport["width"]] = wrong
        page.evaluate(THIN, PARTS)
    assert found == {}


@pytest.mark.parametrize(("wish", "scheme"), [("light", "default"), ("dark", "slate")])
def test_a_page_opens_in_the_colours_that_the_reader_wishes_and_takes_others(opened, wish, scheme):
    page = opened("index.html", color_scheme=wish)
    shown = "document.body.getAttribute('data-md-color-scheme')"
    assert page.evaluate(shown) == scheme
    page.locator(".md-header__option label:visible").click()
    assert page.evaluate(shown) != scheme


def stops(page, wanted, most=60):
    """Go on by Tab to what *wanted* says, and return what was stopped at; each stop is seen."""
    passed = []
    for _ in range(most):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        passed.append(at)
        assert at["drawn"], at
        assert at["seen"], at
        if wanted(at):
            return passed
    raise AssertionError([at["text"][:40] for at in passed])


def test_the_keyboard_goes_from_home_to_a_sheet_that_is_set(opened):
    page = opened("index.html")
    stops(page, lambda at: at["text"] == "Little effect in 3D")
    page.keyboard.press("Enter")
    page.wait_for_url("**/scenarios/no-effect-in-3d.html")
    stops(page, lambda at: at["text"] == "Skip to content", most=1)
    page.keyboard.press("Enter")
    stops(page, lambda at: "#engagement" in at["href"], most=10)  # the first test
    stops(page, lambda at: at["tag"] == "A" and at["href"].endswith("#partial"))
    page.keyboard.press("Enter")
    page.wait_for_url("**#partial")
    stops(page, lambda at: "/protocols/western-blot/no-effect-in-3d-partial.html" in at["href"], most=12)
    page.keyboard.press("Enter")
    page.wait_for_url("**/protocols/western-blot/no-effect-in-3d-partial.html")
    stops(page, lambda at: at["text"] == "Skip to content", most=1)
    page.keyboard.press("Enter")
    stops(page, lambda at: "read the result there" in at["text"], most=4)
    page.keyboard.press("Enter")
    page.wait_for_url("**/scenarios/no-effect-in-3d.html#partial")
    assert page.locator("#partial").is_visible()


@pytest.mark.parametrize(("symptom", "name"), SYMPTOMS.items(), ids=SYMPTOMS.values())
def test_a_few_clicks_lead_from_a_symptom_to_its_first_sheet_and_one_back_to_the_reading(opened, site, symptom, name):
    page = opened("index.html")
    page.get_by_role("link", name=symptom, exact=True).click()
    page.wait_for_url(f"**/scenarios/{name}.html")
    clicks = 1
    while not page.locator("a.sheet:visible").count():
        page.locator("a.answer:visible").first.click()
        clicks += 1
    page.locator("a.sheet:visible").first.click()
    page.wait_for_url("**/protocols/**")
    clicks += 1
    assert clicks <= CLICKS[name], "more than it took"
    preset = path_of(page, site)
    ((protocol, node),) = re.findall(rf"^protocols/([\w-]+)/{name}-([\w-]+)\.html$", preset)
    values = yaml.safe_load((ROOT / "docs" / "scenarios" / f"{name}.yml").read_text("utf-8"))["nodes"][node]["values"]
    usual = load_protocol(library.load_source(protocol)).parameters
    text = " ".join(page.locator("article").inner_text().split())
    for option, value in values.items():
        parts = str(value).split(",") if str(value) != usual[option.replace("-", "_")].default else ()
        for part in parts:
            assert " ".join(part.split()) in text, part
    page.get_by_role("link", name="read the result there").click()
    page.wait_for_url(f"**/scenarios/{name}.html#{node}")
    assert path_of(page, site) == f"scenarios/{name}.html"
    assert page.locator(f"#{node}").is_visible()
    top = page.locator(f"#{node}").evaluate("each => each.getBoundingClientRect().top")
    assert 0 <= top < WIDE["height"] / 2


@pytest.mark.parametrize("path", ["protocols/srb.html", "protocols/western-blot/no-synergy-targets.html"])
def test_a_page_of_a_protocol_leads_to_its_sheet_which_is_filled_in_there(opened, path):
    page = opened(path, served=True)
    title = page.locator("h1").first.inner_text()
    page.get_by_role("link", name="Fill in or print this sheet").click()
    page.wait_for_url("**/*.sheet.html")
    assert title.startswith(page.locator("h1").inner_text())
    box = page.get_by_role("checkbox").first
    box.check()
    page.reload()
    assert page.get_by_role("checkbox").first.is_checked()
    page.evaluate("localStorage.clear()")


def test_home_shows_its_search_box_and_four_doors_in_one_window(opened):
    page = opened("index.html")
    assert page.locator(".md-search__input").is_visible()
    doors = page.locator(".doors > ul > li")
    assert doors.count() == 4
    for place in range(4):
        assert doors.nth(place).locator("h2, h3").is_visible()
        assert doors.nth(place).locator("a:not(.headerlink)").count() >= 4
        box = doors.nth(place).bounding_box()
        assert box["y"] + box["height"] <= WIDE["height"]


@pytest.mark.parametrize("width", [360, 720, 768, 1220, 1440])
@pytest.mark.parametrize("path", [KINDS["protocol"], KINDS["set sheet"], "protocols/co-ip.html"])
def test_the_times_of_a_run_are_drawn_once_and_in_letters_that_can_be_read(opened, path, width):
    page = opened(path, viewport={"width": width, "height": 800})
    assert [page.locator(kind).first.is_visible() for kind in (".timeline", ".strips")].count(True) == 1
    sizes = page.evaluate("""() => Array.from(document.querySelectorAll(":is(.timeline, .strips) text"))
        .filter((text) => text.getClientRects().length)
        .map((text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a)""")
    assert len(sizes) > 8
    assert min(sizes) >= 10.5
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", [KINDS[kind] for kind in ("mechanism", "table", "symptoms")])
def test_a_page_is_complete_without_scripts(opened, path):
    plain = opened(path, java_script_enabled=False).locator("article.md-content__inner")
    full = opened(path).locator("article.md-content__inner")
    assert plain.locator("h2:visible").count() == full.locator("h2:visible").count()
    assert plain.locator("tr:visible").count() == full.locator("tr:visible").count()
    assert plain.locator("svg:visible").count() >= full.locator("figure svg:visible").count()
