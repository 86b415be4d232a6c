"""The table of sections: where each page is listed, what goes along with the pages, and which files are refused."""

from __future__ import annotations

import pytest

from benchsheet.site import site_map
from benchsheet.site.build import build_pages
from benchsheet.site.site_map import SITE_SECTIONS, Section, static_files
from tests.small_site import BASE, CHANGES, PLACES, flat, listed, refused, small_library

__all__ = ["small_library"]


# --- where it is listed ------------------------------------------------------------------------------------------------------


def test_every_page_is_listed_once_wherever_it_is():
    docs = {path: f"# Page {path}\n" for path in PLACES}
    paths = flat(listed(docs, ["analysis/x.ipynb"]))
    found = build_pages(BASE | docs, CHANGES)
    assert sorted(paths) == sorted([*(page.path for page in found if page.is_listed), "analysis/x.ipynb"])
    assert set(docs) <= set(paths)


def test_a_page_in_the_folder_of_a_section_is_listed_in_it_behind_what_the_section_makes():
    shown = {title: part for each in listed(dict.fromkeys(PLACES, "# Stray\n")) if isinstance(each, dict) for title, part in each.items()}
    assert shown["Questions"] == ["faq/index.md", {"Bench": ["faq/so.md"]}, {"Deep": ["faq/deep/stray.md"]}]
    assert shown["Protocols"] == ["protocols/index.md", "protocols/fill.md", "protocols/stray.md", {"Fill": ["protocols/fill/stray.md"]}]
    assert shown["Troubleshooting"] == ["scenarios/index.md", "scenarios/stray.md"]
    assert shown["Analysis"] == ["analysis/stray.md"]


def test_other_pages_stand_before_the_last_section_as_in_their_folders():
    docs = {
        "zebra.md": "# Zebra\n",
        "bench-notes/b.md": "# B\n",
        "bench-notes/a.md": "# A\n",
        "bench-notes/old/c.md": "# C\n",
        "hints/index.md": "---\ntitle: Hints for the hood\n---\nWords.\n",
        "hints/a.md": "# A\n",
        "more/README.md": "# More of it\n",
        "more/a.md": "# A\n",
    }
    shown = listed(dict(sorted(docs.items())))
    tables = [page.path for page in build_pages(BASE, CHANGES) if page.path.startswith("tables/")]
    assert shown[-6] == {"Look up": [*tables, "guide/words.md", "references.md"]}
    assert shown[-5:] == [
        "zebra.md",
        {"Bench notes": ["bench-notes/a.md", "bench-notes/b.md", {"Old": ["bench-notes/old/c.md"]}]},
        {"Hints for the hood": ["hints/index.md", "hints/a.md"]},
        {"More of it": ["more/README.md", "more/a.md"]},
        {"About": ["cite.md", "changes.md"]},
    ]


def test_a_section_leaves_to_others_the_pages_that_they_name():
    shown = {title: part for each in listed({"guide/lab.md": "# Lab\n", "guide/verbs.md": "# Verbs\n"}) for title, part in each.items()}
    assert (shown["Use"], shown["Write"]) == (["guide/lab.md"], ["guide/verbs.md"])


def test_a_section_of_documents_is_one_row(monkeypatch):
    monkeypatch.setattr(site_map, "SITE_SECTIONS", (*SITE_SECTIONS[:1], Section(title="Hand-outs", folder="sheets"), *SITE_SECTIONS[1:]))
    shown = listed({"sheets/b.md": "# B\n", "sheets/index.md": "# All\n", "sheets/deep/c.md": "# C\n"})
    assert shown[1] == {"Hand-outs": ["sheets/index.md", "sheets/b.md", {"Deep": ["sheets/deep/c.md"]}]}


def test_what_is_for_those_who_work_on_the_project_is_no_page():
    docs = {"decisions/README.md": "No title, and [@nobody].\n", "decisions/drawing.svg": "", "decisions/deep/x.md": ""}
    assert set(flat(listed(docs))) == set(flat(listed({})))
    assert static_files(docs) == []


# --- what is refused ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("protocols/fill.md", "protocols/fill.html"),
        ("protocols/fill.sheet.html", "protocols/fill.sheet.html"),
        ("protocols/fill.html", "protocols/fill.html"),
        ("tables/index.md", "tables/index.html"),
        ("tables/README.md", "tables/index.html"),
        ("README.md", "index.html"),
        ("cite.ipynb", "cite.html"),
        ("faq/so.html", "faq/so.html"),
    ],
)
def test_a_file_with_the_name_of_a_page_that_is_made_is_refused(path, place):
    """Of the two, the one that is told is never the one that the site needs."""
    text = "# Stray\n" if path.endswith(".md") else ""
    said = refused({path: text})
    assert said.startswith(f"docs/{path}: ")
    assert said.endswith(f" becomes {place!r} too\n  hint: give this file another name")


def test_an_index_and_a_readme_of_one_folder_are_refused():
    said = refused({"notes/README.md": "# A\n", "notes/index.md": "# B\n"})
    assert said.startswith("docs/notes/README.md: docs/notes/index.md becomes 'notes/index.html' too")


@pytest.mark.parametrize("suffix", ["markdown", "mdown", "mkdn", "mkd", "MD", "Md"])
def test_a_page_by_another_suffix_is_refused(suffix):
    assert refused({f"notes/x.{suffix}": ""}) == f"docs/notes/x.{suffix}: a page ends in '.md', not in '.{suffix}'\n  hint: call it x.md"


@pytest.mark.parametrize("path", ["x.yml", "notes/x.yml", "scenarios/deep/x.yml", "scenario/x.yml"])
def test_data_that_nothing_reads_is_refused(path):
    assert refused({path: "a: 1\n"}) == (
        f"docs/{path}: nothing reads this file\n"
        "  hint: data of pages are in docs/scenarios/, docs/mechanisms/; a file to download goes into docs/assets/"
    )


def test_all_mistakes_of_strays_are_told_at_once():
    said = refused({"a.md": "Words.\n", "b.mkd": "", "c/x.yml": "", "protocols/fill.html": ""})
    assert [line.partition(": ")[0] for line in said.splitlines() if line.startswith("docs/")] == [
        "docs/b.mkd",
        "docs/c/x.yml",
        "docs/a.md:1",
        "docs/protocols/fill.html",
    ]
