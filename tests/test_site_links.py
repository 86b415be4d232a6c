"""Every link of the built site arrives, those of pictures and those within a page too; nothing comes from another host; no page is heavy."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.site_build import built, presets

ELSEWHERE = re.compile(r"(?:https?:)?//")
OTHER = ("mailto:", "data:", "blob:")
FETCHED = re.compile(r"""(?:@import\s+(?:url\()?|url\()\s*["']?((?:https?:)?//[^"')\s]+)""")
LINKS = ("href", "src", "xlink:href", "poster", "action", "data", "srcset")
TO_READ = ("a", "form")  # what these name is not fetched with the page
THEME = ("assets/stylesheets/", "assets/javascripts/")
MOST = 250_000


@dataclass(kw_only=True)
class Page(HTMLParser):
    """What a page links to, as (element, link, whether it stands in a navigation), and the places in it that a link may name."""

    links: list[tuple[str, str, bool]] = field(default_factory=list)
    places: set[str] = field(default_factory=set)
    fetched: list[str] = field(default_factory=list)
    navigations: int = 0
    in_style: bool = False

    def __post_init__(self):
        super().__init__()

    def handle_starttag(self, tag, attrs):
        self.navigations += tag == "nav"
        self.in_style = tag == "style"
        if ("rel", "canonical") in attrs:  # an address of the page itself, which no browser fetches
            return
        for name, value in attrs:
            if name == "id" or (name == "name" and tag == "a"):
                self.places.add(value or "")
            elif name in LINKS and value is not None:
                self.links.append((tag, value, self.navigations > 0))
            elif name == "style" and value:
                self.fetched += FETCHED.findall(value)

    def handle_endtag(self, tag):
        self.navigations -= tag == "nav"
        self.in_style = False

    def handle_data(self, data):
        if self.in_style:
            self.fetched += FETCHED.findall(data)


@cache
def read(file):
    page = Page()
    page.feed(file.read_text("utf-8"))
    return page


def faults(folder):
    """Return what is wrong with the links of the pages in *folder*, a line each."""
    found = []
    for file in sorted(folder.rglob("*.html")):
        name = file.relative_to(folder)
        found += [f"{name}: a style fetches {link}" for link in read(file).fetched]
        for tag, link, _ in dict.fromkeys(read(file).links):
            if ELSEWHERE.match(link):
                if tag not in TO_READ:
                    found.append(f"{name}: <{tag}> fetches {link}")
            elif not link.startswith(OTHER) and not arrives(folder, file, link):
                found.append(f"{name}: <{tag}> leads nowhere: {link}")
    for file in sorted(folder.rglob("*.css")):
        found += [f"{file.relative_to(folder)}: fetches {link}" for link in FETCHED.findall(file.read_text("utf-8"))]
    return found


@cache
def root_of(folder):
    """Return the path at which the site will be published, as its page of what was not found says it; "" where it has no address."""
    page = folder / "404.html"
    found = re.search(r'"base": ?"(/[^"]*)"', page.read_text("utf-8")) if page.is_file() else None
    return found[1].rstrip("/") if found else ""


def arrives(folder, file, link):
    parts = urlsplit(link)
    start = folder if parts.path.startswith("/") else file.parent  # only the page of what was not found begins at the root
    path = parts.path.removeprefix(root_of(folder)) if start == folder else parts.path
    aim = (start / unquote(path).lstrip("/")).resolve() if parts.path else file
    if not aim.is_file():
        return (aim / "index.html").is_file() if file.name == "404.html" else False
    return not parts.fragment or aim.suffix != ".html" or unquote(parts.fragment) in read(aim).places


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return built(tmp_path_factory)


def test_every_link_arrives_and_nothing_is_fetched_from_another_host(site):
    assert faults(site) == []


def test_there_is_something_to_check(site):
    pages = list(site.rglob("*.html"))
    assert len(pages) > 80
    assert sum(len(read(page).links) for page in pages) > 5000
    drawn = [link for tag, link, _ in read(site / "mechanisms" / "rtk-bypass.html").links if tag == "a" and link.startswith("../faq/")]
    assert drawn, "the picture of the mechanism has no links"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ('<a href="gone.html">x</a>', "<a> leads nowhere: gone.html"),
        ('<a href="there.html#gone">x</a>', "<a> leads nowhere: there.html#gone"),
        ('<a href="#gone">x</a>', "<a> leads nowhere: #gone"),
        ('<a href="folder">x</a>', "<a> leads nowhere: folder"),
        ('<img src="gone.png" alt="">', "<img> leads nowhere: gone.png"),
        ('<svg><a href="../there.html"><text>x</text></a></svg>', "<a> leads nowhere: ../there.html"),
        ('<svg><a xlink:href="gone.html"><text>x</text></a></svg>', "<a> leads nowhere: gone.html"),
        ('<svg><use xlink:href="#gone"/></svg>', "<use> leads nowhere: #gone"),
        ('<script src="https://unpkg.com/x.js"></script>', "<script> fetches https://unpkg.com/x.js"),
        ('<link rel="stylesheet" href="//fonts.example/x.css">', "<link> fetches //fonts.example/x.css"),
        ('<img src="https://example.org/x.png" alt="">', "<img> fetches https://example.org/x.png"),
        ("<style>@import 'https://example.org/x.css';</style>", "a style fetches https://example.org/x.css"),
        ('<p style="background: url(http://example.org/x.png)">x</p>', "a style fetches http://example.org/x.png"),
    ],
)
def test_a_wrong_link_is_told(tmp_path, wrong, told):
    good = '<a href="there.html#place">x</a><a href="https://doi.org/x">x</a><a href="#here" id="here">x</a><a href="mailto:a@b.c">x</a>'
    (tmp_path / "folder").mkdir()
    (tmp_path / "there.html").write_text('<h1 id="place">x</h1>', "utf-8")
    (tmp_path / "page.html").write_text(good, "utf-8")
    assert faults(tmp_path) == []
    (tmp_path / "wrong.html").write_text(good + wrong, "utf-8")
    assert faults(tmp_path) == [f"wrong.html: {told}"]


def test_a_sheet_that_is_set_is_neither_in_the_navigation_nor_in_the_search(site):
    sheets = {(site / path).resolve() for path in presets(site)}
    assert len(sheets) > 20
    for file in site.rglob("*.html"):
        if file.name == "404.html":
            continue
        listed = {(file.parent / unquote(urlsplit(link).path)).resolve() for _, link, navigates in read(file).links if navigates}
        assert not listed & (sheets - {file.resolve()}), file
    found = {entry["location"].partition("#")[0] for entry in index(site)["docs"]}
    assert "protocols/srb.html" in found
    assert not found & set(presets(site))


def test_each_sheet_that_is_set_is_reached_from_its_scenario(site):
    linked = {(file.parent / unquote(urlsplit(link).path)).resolve() for file in site.glob("scenarios/*.html") for _, link, _ in read(file).links}
    assert {(site / path).resolve() for path in presets(site)} <= linked


def index(site):
    return json.loads((site / "search" / "search_index.json").read_text("utf-8"))


def packed(file):
    return len(gzip.compress(file.read_bytes(), 9))


def weight(site, file):
    """Return how much of a page crosses the wire: its HTML, and what it fetches beside the theme's own."""
    own = {(file.parent / urlsplit(link).path).resolve() for tag, link, _ in read(file).links if tag not in TO_READ and not link.startswith(OTHER)}
    parts = [part for part in own if part.is_file() and part.suffix != ".html" and not str(part.relative_to(site.resolve())).startswith(THEME)]
    return packed(file) + sum(packed(part) for part in parts)


def test_no_page_is_heavy(site):
    pages = [file for file in site.rglob("*.html") if file.name != "404.html"]
    heavy = {str(file.relative_to(site)): weight(site, file) for file in pages}
    assert {name: size for name, size in heavy.items() if size > MOST} == {}


def test_what_the_search_fetches_is_no_heavier_than_a_page(site):
    assert packed(Path(site, "search", "search_index.json")) <= MOST
