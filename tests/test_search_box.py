"""The search box in a browser: what it loads and when, what it offers for a slip, and the row that a result leads to."""

from __future__ import annotations

import gzip
import re
from urllib.parse import unquote, urlsplit

import pytest

from benchsheet import library
from benchsheet.errors import ProtocolError
from benchsheet.protocol.tables import parse_table
from benchsheet.site.search_index import delay_index
from benchsheet.spelling import find_nearest
from tests.accessible import faults, load_axe
from tests.conftest import HOST, serve
from tests.site_build import built

FIRST_LOAD = 500_000  # bytes, packed as a server sends them
NAMES = [
    name
    for table in ("drugs", "cell_lines", "antibodies")
    for row, cells in parse_table(table, library.load_shared_files()[f"{table}.yml"], table).rows.items()
    for name in (row, *cells.get("synonyms", ()))
]
SLIPS = [
    "defactinb", "defactanib", "lapatinb", "osimertinb", "trastuzumb", "paxilin", "vinculn", "VS-6064", "VS-4719", "PF-562217", "MDA-MB-213",
    "MDA-MB-321", "H1299", "HCC1955", "A594", "pFAK-Y379", "pFAK-Y398", "FGFR", "VEGFR", "pPaxillin", "ERK2", "AKT2", "narmafotinb", "capmatinb",
    "erlotnib", "erlotniib",
    "gefitnib", "MCF", "tubuiln", "β catenin", "panitumumabb", "conteltinib", "stat5", "T47D",
]  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return built(tmp_path_factory)


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()


def type_words(page, words):
    box = page.locator(".md-search__input")
    box.fill("")
    box.press_sequentially(words)
    box.press("End")


@pytest.mark.parametrize("path", ["index.html", "tables/drugs.html", "protocols/western-blot.html"])
def test_a_first_page_is_light_and_loads_the_index_only_when_the_search_is_used(browser, site, path):
    context = browser.new_context()
    serve(context, site)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(unquote(urlsplit(request.url).path)[1:]))
    page.goto(HOST + path)
    page.wait_for_load_state("networkidle")
    assert all((site / name).is_file() for name in asked)
    assert [name for name in asked if "search_index" in name] == []
    assert sum(len(gzip.compress((site / name).read_bytes(), 6)) for name in asked) <= FIRST_LOAD
    if path == "index.html":
        assert sum((site / name).stat().st_size for name in asked) <= FIRST_LOAD  # a server that does not pack
    type_words(page, "defactinib")
    page.locator(".md-search-result__link").first.wait_for()
    assert [name for name in asked if "search_index" in name] == ["search/search_index.json"]
    context.close()


def test_a_folder_loads_the_index_only_when_the_search_is_used(page, site):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((site / "index.html").as_uri())
    page.wait_for_load_state("networkidle")
    assert not any("search_index" in url for url in asked)
    type_words(page, "VS-6063")
    page.locator('.md-search-result__link[href*="drugs.html"][href$="#defactinib"]').wait_for()
    assert any(url.endswith("search/search_index.js") for url in asked)


def test_a_theme_that_fetches_its_index_otherwise_ends_the_build():
    known = 'var a=document.forms.namedItem("search")?ks():tt,b'
    assert "new Promise" in delay_index(known, "bundle.js")
    assert "ks().subscribe(done)" in delay_index(known, "bundle.js")
    with pytest.raises(ProtocolError, match="does not fetch the index"):
        delay_index(known.replace("forms", "form"), "bundle.js")


def test_a_drug_by_its_number_shows_its_row_and_no_sign_of_how_it_was_found(page, site):
    page.goto((site / "index.html").as_uri())
    type_words(page, "VS-6063 dose")
    first = page.locator(".md-search-result__item").first
    first.get_by_text("510.5 g/mol").first.wait_for()
    assert not any("@" in told for told in page.locator(".md-search-result__terms").all_inner_texts())
    links = page.locator(".md-search-result__link").evaluate_all("all => all.map((each) => each.href)")
    assert [link for link in links if "@" in unquote(link)] == []


def test_the_search_finds_and_leads_under_a_path_of_its_address(browser, site):
    context, above = browser.new_context(), "group/site/"

    def answer(route):
        route.fulfill(path=site / unquote(urlsplit(route.request.url).path).removeprefix(f"/{above}"))

    context.route(f"{HOST}{above}**", answer)
    page = context.new_page()
    page.goto(f"{HOST}{above}protocols/western-blot/persistent-py397-band.html")
    type_words(page, "molar mass of VS-6063")
    result = page.locator('.md-search-result__link[href$="#defactinib"]').first
    result.click()
    page.wait_for_url(re.compile(f"^{HOST}{above}tables/drugs.html.*#defactinib$"))
    page.locator("tr#defactinib").wait_for()
    context.close()


@pytest.mark.parametrize("width", [1440, 360])
def test_the_row_that_a_result_leads_to_is_in_sight_and_marked(page, site, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto((site / "tables" / "antibodies.html").as_uri() + "?h=paxillin#paxillin")
    page.wait_for_load_state("load")
    row = page.locator("tr#paxillin")
    page.wait_for_function(
        "(() => { const box = document.querySelector('tr#paxillin').getBoundingClientRect(); return box.top > 0 && box.top < 700; })()"
    )
    assert row.evaluate("row => getComputedStyle(row).outlineStyle") == "solid"
    assert row.evaluate("row => getComputedStyle(row.previousElementSibling).outlineStyle") == "none"


def test_a_row_that_the_filter_hides_is_shown_again_by_a_link(page, site):
    page.goto((site / "tables" / "drugs.html").as_uri())
    page.locator(".table-filter input").first.fill("trastuzumab")
    assert not page.locator("tr#defactinib").is_visible()
    page.evaluate("location.hash = '#defactinib'")
    page.locator("tr#defactinib").wait_for()


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("defactanib", "defactinib"), ("defactinb molar mass", "defactinib molar mass"), ("trastuzumb", "trastuzumab"), ("flourescence", None)],
)
def test_a_slip_of_a_letter_is_offered_and_asked_for_by_a_click(page, site, typed, offered):
    page.goto((site / "index.html").as_uri())
    type_words(page, typed)
    if offered is None:
        page.locator(".search-hint a").first.wait_for()
        return
    button = page.locator(".search-hint button")
    assert button.inner_text() == offered
    button.click()
    assert page.locator(".md-search__input").input_value() == offered
    page.locator('.md-search-result__link[href*="tables/drugs.html"]').first.wait_for()
    assert page.locator(".search-hint button").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_what_is_offered(browser, site, scheme):
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto((site / "cite.html").as_uri())
    type_words(page, "defactanib")
    page.locator(".search-hint button").wait_for()
    load_axe(page)
    assert faults(page) == []
    context.close()


@pytest.mark.parametrize("typed", ["VS-6064", "H1299", "pFAK-Y398", "MDA-MB-232", "VEGFR", "conteltinib"])
def test_another_drug_line_or_site_is_not_offered(page, site, typed):
    page.goto((site / "index.html").as_uri())
    type_words(page, typed)
    page.locator(".md-search-result__meta").filter(has_text=re.compile("matching|No")).wait_for()
    assert page.locator(".search-hint button").count() == 0


def test_the_rule_of_a_slip_is_that_of_the_program(page, site):
    page.goto((site / "index.html").as_uri())
    names = [name for name in dict.fromkeys(NAMES) if name != "other"]
    slips = [*SLIPS, *(name[:place] + name[place + 1 :] for name in names for place in (1, len(name) // 2, len(name) - 1) if len(name) > 3)]
    told = page.evaluate("([slips, names]) => slips.map((slip) => window.benchsheetNames.nearest(slip, names) || null)", [slips, names])
    rule = {slip: find_nearest(slip, dict(zip(names, names, strict=True)), others_exist=True) for slip in slips}
    assert dict(zip(slips, told, strict=True)) == rule


@pytest.mark.parametrize(
    ("table", "typed", "row"),
    [
        ("drugs", "vs6063", "defactinib"), ("drugs", "PF562271", "pf-562271"), ("drugs", "bi853520", "ifebemtinib"),
        ("cell_lines", "MDAMB231", "mda-mb-231"), ("cell_lines", "ovcar-8", "ovcar8"), ("cell_lines", "panc1", "panc-1"),
    ],
)  # fmt: skip
def test_a_filter_finds_a_name_in_each_way_to_write_it(page, site, table, typed, row):
    page.goto((site / "tables" / f"{table}.html").as_uri())
    page.locator(".table-filter input").first.fill(typed)
    assert page.locator(f"tr#{row}").is_visible()
    assert page.locator(".table-figures tbody").first.locator("tr:visible").count() < 8
