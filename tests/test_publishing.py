"""A site with an address below another one: its head, its map, its cards, its page of what was not found; and no host that it asks."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
import yaml

from benchsheet.site.descriptions import MOST_CHARS, describe_page
from tests.accessible import faults, load_axe
from tests.benchmark.site import NEEDED, files, settings
from tests.conftest import serve
from tests.site_build import ROOT, built

SITE, REPOSITORY = "https://us.github.io/benchsheet", "https://github.com/us/benchsheet"
ANSWER = """---
title: Is "it" so & not?
area: bench
order: 10
direction: neither
evidence: verified
references: [hu2024]
authors: [A. Writer]
checked: {B. Reader: 2026-11-29}
---
It is, at 5 µM & above [@hu2024]. And more.

<!-- more -->

More.
"""
HOME = "---\ntitle: All of it\n---\nIt is here.\n"
DOCS = NEEDED | {"index.md": HOME, "faq/so.md": ANSWER, "plain.md": "# Plain\n\n{answer: so}\n\nSays **little** ; in words.\n"}
META = re.compile(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">')


def build(folder, cited):
    """Return the built site of a small project with *cited* in its CITATION.cff."""
    pytest.importorskip("mkdocs", reason="MkDocs is not installed")
    shutil.copytree(ROOT / "docs" / "assets", folder / "docs" / "assets")
    files(folder / "docs", DOCS)
    plain = settings(plugins=["search", {"benchsheet": {"downloads": False}}, "offline"])  # files to take away are made slowly
    files(folder, {"mkdocs.yml": plain, "CHANGELOG.md": "# What changed\n\nNothing.\n", "CITATION.cff": f"version: 0.1.0\n{cited}"})
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"],
        cwd=folder, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder / "site"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return build(tmp_path_factory.mktemp("published"), f"url: {SITE}\nrepository-code: {REPOSITORY}\n")


@pytest.fixture(scope="module")
def nowhere(tmp_path_factory):
    return build(tmp_path_factory.mktemp("nowhere"), "")


def head(folder, path):
    return (folder / path).read_text("utf-8").partition("</head>")[0]


def test_a_page_tells_others_what_it_is_and_where(site):
    found = dict(META.findall(head(site, "faq/so.html")))
    address = f"{SITE}/faq/so.html"
    assert f'<link rel="canonical" href="{address}">' in head(site, "faq/so.html")
    assert (found["og:url"], found["og:type"], found["og:site_name"]) == (address, "article", "benchsheet")
    assert found["og:title"] == "Is &#34;it&#34; so &amp; not?"
    assert found["og:description"] == found["description"] == "It is, at 5 µM &amp; above. And more."
    assert found["og:image"] == f"{SITE}/assets/cards/faq-so.png"
    assert found["twitter:card"] == "summary_large_image"


def test_home_is_called_by_its_own_title_and_not_as_in_the_navigation(site):
    page = (site / "index.html").read_text("utf-8")
    (heading,) = re.findall(r"<h1[^>]*>([^<]*)", page)
    assert dict(META.findall(head(site, "index.html")))["og:title"] == heading == "All of it"


def test_a_card_is_a_picture_of_the_size_that_it_says(site):
    pictures = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
    found = dict(META.findall(head(site, "faq/so.html")))
    with pictures.open(site / "assets" / "cards" / "faq-so.png") as card, pictures.open(site / "assets" / "cards" / "plain.png") as other:
        assert card.format == "PNG"
        assert list(map(str, card.size)) == [found["og:image:width"], found["og:image:height"]]
        assert card.tobytes() != other.tobytes()


def test_the_map_has_the_address_of_each_page_and_the_days_are_not_those_of_the_build(site):
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    tree = ET.parse(site / "sitemap.xml")  # noqa: S314 - made here
    found = {(entry.text or "").strip() for entry in tree.iter(f"{space}loc")}
    assert {f"{SITE}/index.html", f"{SITE}/faq/so.html", f"{SITE}/plain.html"} <= found
    assert list(tree.iter(f"{space}lastmod")) == []  # this folder has no history


def test_a_site_without_an_address_names_none(nowhere):
    found = dict(META.findall(head(nowhere, "faq/so.html")))
    assert not [name for name in found if name.startswith(("og:", "twitter:"))]
    assert "canonical" not in head(nowhere, "faq/so.html")
    assert not (nowhere / "assets" / "cards").exists()
    assert found["description"]


def test_below_a_page_stands_who_it_names_and_where_to_report(site, nowhere):
    def facts(folder, path):
        found = re.search(r'<p class="page-facts">(.*?)</p>', (folder / path).read_text("utf-8"))
        return found and re.sub("<[^>]+>", "", found[1])

    names = "Written by A. Writer. Checked by B. Reader on 2026-11-29."
    assert facts(site, "faq/so.html") == f"{names} Report a mistake on this page"
    assert f'<a href="{REPOSITORY}/issues">' in (site / "plain.html").read_text("utf-8")
    assert facts(nowhere, "faq/so.html") == names
    assert facts(nowhere, "plain.html") is None


def test_a_page_has_the_projects_own_icons(site):
    icons = re.findall(r'<link rel="icon"[^>]* href="\.\./([^"]+)"', head(site, "faq/so.html"))
    assert sorted(icons) == ["assets/favicon.png", "assets/favicon.svg"]
    for icon in icons:
        assert (site / icon).read_bytes() == (ROOT / "docs" / icon).read_bytes()


@pytest.fixture
def published(browser, site, tmp_path):
    """A page of the site at an address below another one, where every missing page is that of what was not found."""
    folder = tmp_path / "root"
    shutil.copytree(site, folder / "benchsheet")
    context, asked = browser.new_context(viewport={"width": 360, "height": 800}), []

    def open_(path, found=True):
        serve(context, folder)
        if not found:
            context.route(f"http://localhost/benchsheet/{path}", lambda route: route.fulfill(status=404, path=folder / "benchsheet" / "404.html"))
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"http://localhost/benchsheet/{path}")
        page.wait_for_load_state("networkidle")
        return page

    yield open_
    context.close()
    assert {urlsplit(url).hostname for url in asked if not url.startswith(("data:", "blob:"))} == {"localhost"}


def test_what_is_not_there_is_told_with_the_styles_the_search_and_a_way_on(published):
    page = published("faq/deep/gone.html", found=False)
    assert page.locator("h1").inner_text() == "There is no page at this address"
    assert page.locator("label[for=__search].md-header__button").first.is_visible()
    assert page.locator(".md-header").evaluate("part => getComputedStyle(part).position") == "sticky"  # the theme's style arrived
    links = page.locator("article li a")
    assert links.count() >= 8
    for place in range(links.count()):
        address = links.nth(place).evaluate("link => link.href")
        assert page.evaluate("address => fetch(address).then((answer) => answer.ok)", address), address
    load_axe(page)
    assert faults(page) == []


def test_a_page_of_a_repository_on_a_host_with_an_interface_does_not_ask_it(published):
    page = published("faq/so.html")
    assert page.locator(f'a[href="{REPOSITORY}"]').count() > 0


# --- the description of a page --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<h1>T</h1><p>One is. Two too.</p><p>Three.</p>", "One is. Two too."),
        ('<p>At 5 µM<sup class="cite"><a href="#r">1</a></sup>, &amp; so <abbr class="evidence" title="x">general</abbr>.</p>', "At 5 µM, & so."),
        ('<p class="admonition-title">What you see</p><p>A band.</p>', "A band."),
        ('<p>Also: <a href="#a">one thing</a>, <a href="#b">another thing</a>.</p><p>The rows are wells.</p>', "The rows are wells."),
        ('<p class="evidence-note" data-search-exclude>Two words.</p><p>A band.</p>', "A band."),
        ("<p>A folder holds:</p>", "A folder holds."),
        (f"<p>First one. A {'long ' * 40}.</p>", "First one."),
        (f"<p>{'long ' * 40}.</p>", "long " * 31 + "long…"),
        ("<p>Word</p><table><tr><td>x</td></tr></table>", ""),
    ],
)
def test_a_page_is_described_by_its_first_sentences(html, words):
    assert describe_page(html) == words


def test_each_page_of_the_site_has_a_description_of_its_own(tmp_path_factory):
    folder = built(tmp_path_factory)
    found: dict[str, list[str]] = {}
    for file in folder.rglob("*.html"):
        if file.name == "404.html" or file.name.endswith(".sheet.html"):
            continue
        words = dict(META.findall(file.read_text("utf-8").partition("</head>")[0])).get("description", "")
        assert len(words) > 10, file
        assert len(words.replace("&#x27;", "'").replace("&amp;", "&").replace("&quot;", '"')) <= MOST_CHARS + 1, file
        found.setdefault(words, []).append(file.name)
    assert [names for names in found.values() if len(names) > 1] == []


def test_the_workflow_tells_the_build_where_the_site_will_be_and_brings_its_history():
    file = ROOT / ".github" / "workflows" / "publish.yml"
    if not file.is_file():
        pytest.skip("a source archive has no workflow")
    workflow = yaml.safe_load(file.read_text("utf-8"))
    steps = workflow["jobs"]["build"]["steps"]
    names = [step.get("id") or step.get("uses", "").partition("@")[0] or step.get("run", "") for step in steps]
    told = next(place for place, step in enumerate(steps) if "url: $SITE" in step.get("run", ""))
    assert names.index("pages") < told < names.index(".venv/bin/mkdocs build --strict")
    assert steps[told]["env"] == {"SITE": "${{ steps.pages.outputs.base_url }}"}
    assert steps[0]["with"]["fetch-depth"] == 0
