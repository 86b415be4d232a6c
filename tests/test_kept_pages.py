"""A page is converted once and then taken from what a build kept, unless something that decides it has changed."""

from __future__ import annotations

import logging
import shutil
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mkdocs", reason="MkDocs is not installed")

from mkdocs.config.base import load_config
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from benchsheet.site.kept_files import KeptFolder
from benchsheet.site.kept_pages import KeptPages

MAKER = "a program"
TEXTS = {
    "a.md": "# One\n\nSee [the other](b.md#two-and-more).\n\n## Part\n\n### Piece\n\n<a id='here'></a>500 µL\n",
    "b.md": "# Two and more\n\n[back](a.md#part)\n",
}


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A folder with settings of a site, and how often a page was converted."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").write_text("site_name: small\nmarkdown_extensions: [toc]\nplugins: []\n", "utf-8")
    converted: list[str] = []

    def convert(page, config, files, render=Page.render):
        converted.append(page.file.src_uri)
        render(page, config, files)

    monkeypatch.setattr(Page, "render", convert)
    return tmp_path, converted


def build(folder, texts=TEXTS, maker=MAKER, finish=str.strip, **settings):
    """Convert all pages; return them by their paths."""
    config = load_config(str(folder / "mkdocs.yml"), **deepcopy(settings))  # MkDocs empties what it is given
    for path, text in texts.items():
        (folder / "docs" / path).write_text(text, "utf-8")
    files = Files([File(path, config.docs_dir, config.site_dir, use_directory_urls=config.use_directory_urls) for path in texts])
    kept = KeptPages(KeptFolder(folder / "kept"), maker, finish)
    pages = {}
    for file in files:
        page = pages[file.src_uri] = Page(None, file, config)
        kept.take_over(page)
        page.read_source(config)
    for page in pages.values():
        page.render(config, files)
    for page in pages.values():
        page.validate_anchor_links(files=files, log_level=logging.WARNING)
    kept.tidy()
    return pages


def describe(pages):
    def entries(toc):
        return [(each.title, each.id, each.level, entries(each.children)) for each in toc]

    def links(page):
        return {file.src_uri: found for file, found in page.links_to_anchors.items()}

    return {path: (page.content, page.title, entries(page.toc), page.present_anchor_ids, links(page)) for path, page in pages.items()}


def test_what_was_kept_is_the_page_as_it_was_converted(site):
    folder, converted = site
    first = describe(build(folder))
    assert converted == ["a.md", "b.md"]
    assert describe(build(folder)) == first
    assert converted == ["a.md", "b.md"]
    content, title, toc, anchors, links = first["a.md"]
    assert '<a href="../b/#two-and-more">' in content
    assert (title, anchors, links) == ("One", {"one", "part", "piece", "here"}, {"b.md": {"two-and-more": "b.md#two-and-more"}})
    assert toc == [("One", "one", 1, [("Part", "part", 2, [("Piece", "piece", 3, [])])])]


CHANGES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "its words": ({"texts": TEXTS | {"a.md": "# One\n"}}, ["a.md"]),
    "another page": ({"texts": TEXTS | {"c.md": "# Three\n"}}, ["a.md", "b.md", "c.md"]),
    "the program": ({"maker": "another"}, ["a.md", "b.md"]),
    "an extension": ({"markdown_extensions": ["toc", "footnotes"]}, ["a.md", "b.md"]),
    "the setting of an extension": ({"markdown_extensions": [{"toc": {"permalink": True}}]}, ["a.md", "b.md"]),
    "how addresses are": ({"use_directory_urls": False}, ["a.md", "b.md"]),
    "what is warned of": ({"validation": {"links": {"not_found": "info"}}}, ["a.md", "b.md"]),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_page_is_converted_again_when_something_that_decides_it_has_changed(site, what):
    folder, converted = site
    changed, expected = CHANGES[what]
    build(folder)
    converted.clear()
    found = describe(build(folder, **changed))
    assert converted == expected
    shutil.rmtree(folder / "kept")
    assert found == describe(build(folder, **changed))


SPOILT = {
    "cut short": lambda content: content[:-20],
    "empty": lambda _: b"",
    "a changed figure": lambda content: content.replace(b"500", b"600"),
    "without its sum": lambda content: content.partition(b"\n")[2],
    "two at once": lambda content: content + content,
}


@pytest.mark.parametrize("how", SPOILT)
def test_what_is_spoilt_is_converted_again(site, how):
    folder, converted = site
    first = describe(build(folder))
    for file in (folder / "kept").iterdir():
        file.write_bytes(SPOILT[how](file.read_bytes()))
    converted.clear()
    assert describe(build(folder)) == first
    assert "a.md" in converted


@pytest.mark.parametrize("link", ["[no page](none.md)", "[no part](b.md#none)", "[nothing here](#none)"])
def test_what_was_warned_of_is_warned_of_again(site, link, caplog):
    folder, _ = site
    said = []
    for _ in range(2):
        caplog.clear()
        build(folder, TEXTS | {"a.md": f"# One\n\n{link}\n"})
        said.append([record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING])
    assert said[0]
    assert said[0] == said[1]


def test_what_is_done_to_each_page_is_done_once(site):
    folder, _ = site
    finished = []

    def finish(html):
        finished.append(html)
        return f"{html}<hr>"

    for _ in range(2):
        assert all(page.content.endswith("<hr>") and page.content.count("<hr>") == 1 for page in build(folder, finish=finish).values())
    assert len(finished) == len(TEXTS)


def test_a_page_that_no_build_asks_for_is_not_kept_on(site):
    folder, _ = site
    build(folder)
    build(folder, {"a.md": "# One\n"})
    assert len([*Path(folder / "kept").iterdir()]) == 1
