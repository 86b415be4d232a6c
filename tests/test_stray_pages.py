"""A document that no section takes is a page as it stands: it is read, cited and explained like any other, or refused with its line."""

from __future__ import annotations

import pytest
import yaml

from benchsheet.site.build import build_pages, format_pages
from benchsheet.site.marks import MARKS, split_code
from tests.site_build import ROOT
from tests.small_site import BASE, CHANGES, PLACES, made, refused, small_library

__all__ = ["small_library"]


# --- it goes the way of every page -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PLACES)
def test_a_citation_becomes_a_number_and_the_work_stands_below(path):
    page = made(path, "# Stray\n\nSaid before [@hu2024].\n")
    assert '<sup class="cite"><a href="#ref-hu2024" aria-label="reference 1">1</a></sup>' in page
    assert '<li id="ref-hu2024">' in page
    assert "[@" not in page


@pytest.mark.parametrize("path", PLACES)
def test_an_unknown_citation_is_told_with_file_and_line(path):
    assert refused({path: "# Stray\n\nSaid\nbefore [@nonsense2099].\n"}).startswith(f"docs/{path}:4: no reference 'nonsense2099'\n  hint: ")


@pytest.mark.parametrize("path", PLACES)
def test_a_short_answer_stands_on_the_page_with_the_way_to_the_rest(path):
    page = made(path, "# Stray\n\n{answer: so}\n")
    assert '<p class="admonition-title">Is it so?</p>\n\nIt is<sup class="cite">' in page
    assert f"[More]({'../' * path.count('/')}faq/so.md)" in page


def test_a_word_of_the_glossary_is_explained():
    assert made("notes/stray.md", "# Stray\n\nFix the T0 plate.\n").endswith("*[T0 plate]: fixed as the drug goes on\n")


def test_a_page_that_cites_a_work_is_named_beside_it_even_with_a_blank_in_its_name():
    found = format_pages(build_pages(BASE | {"my notes (2).md": "# Stray\n\nSaid [@hu2024].\n"}, CHANGES))
    assert "Cited in [Is it so?](faq/so.md), [Stray](<my notes (2).md>)" in found["references.md"]


@pytest.mark.parametrize("mark", sorted(MARKS))
def test_a_mark_that_is_not_filled_in_is_refused(mark):
    """All but the changelog are filled in elsewhere alone."""
    text = f"# Stray\n\nWords.\n\n{{{mark}}}\n"
    if mark == "changes":
        assert "Nothing yet." in made("notes/stray.md", text)
    elif mark in ("picture", "edges", "states"):
        assert refused({"notes/stray.md": text}).startswith("docs/notes/stray.md: the page asks for a picture, and there is no mechanisms/stray.yml")
    else:
        assert refused({"notes/stray.md": text}).startswith(f"docs/notes/stray.md:5: '{{{mark}}}' is not filled in here\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{answr: so}", "docs/stray.md:3: there is no mark '{answr}'\n  hint: did you mean 'answer'?"),
        ("{answer so}", "docs/stray.md:3: '{answer so}' is not filled in here"),
        ("{answer: sow}", "docs/stray.md:3: there is no answer 'sow'\n  hint: did you mean 'so'?"),
    ],
)
def test_a_mark_that_is_misspelt_is_refused(text, message):
    assert refused({"stray.md": f"# Stray\n\n{text}\n"}).startswith(message)


@pytest.mark.parametrize("text", ["`{answer: so}`", "```\n{answr}\n```", "    {answr}", "{: .notice }", "{#here}", "a {word} b"])
def test_code_and_attributes_are_not_marks(text):
    assert text.splitlines()[0] in made("stray.md", f"# Stray\n\nWords.\n\n{text}\n")


# --- what a citation is ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", ["[@hu2024; @chen2018]", "[@ hu2024]", "[@hu2024, p. 3]", "[@hu2024"])
def test_what_begins_like_a_citation_and_is_not_one_is_refused(wrong):
    shown = wrong if wrong.endswith("]") else "[@hu2024"
    assert refused({"stray.md": f"# Stray\n\nSaid {wrong}\n"}) == (
        f"docs/stray.md:3: {shown!r} is not a citation\n  hint: write one key in each pair of brackets: [@one] [@two]"
    )


DEEP = [  # prose that stands four spaces deep because it belongs to something
    "- point\n\n    more [@nobody]\n",
    "1. point\n\n    more [@nobody]\n",
    "- point\n    - inner\n\n        more [@nobody]\n",
    "!!! note\n    said [@nobody]\n",
    '!!! note "Title"\n\n    said [@nobody]\n',
    "word\n:   means [@nobody]\n\n    more\n",
    "A line\n    that goes on [@nobody]\n",
]
CODE = [
    "Words:\n\n    [@nobody]\n\n    [@nobody]\n",
    "\t[@nobody]\n",
    "```\n[@nobody]\n```\n",
    "~~~ text\n\n[@nobody]\n```\n~~~\n",
    "- point\n\n    ```\n    [@nobody]\n    ```\n",
    "- point\n\n        [@nobody]\n",
    "!!! note\n\n        [@nobody]\n",
    "`[@nobody]` and ``a ` [@nobody]``",
]


@pytest.mark.parametrize("text", DEEP)
def test_a_citation_deep_in_a_list_or_a_note_is_a_citation(text):
    line = 2 + text[: text.index("[@")].count("\n") + 1
    assert refused({"stray.md": f"# Stray\n\n{text}"}).startswith(f"docs/stray.md:{line}: no reference 'nobody'\n")


@pytest.mark.parametrize("text", CODE)
def test_what_is_shown_as_code_is_not_a_citation(text):
    assert made("stray.md", f"# Stray\n\n{text}").count("[@nobody]") == text.count("[@nobody]")


@pytest.mark.parametrize("text", [*DEEP, *CODE])
def test_code_is_what_the_builder_shows_as_code(text):
    """Python-Markdown with the site's settings decides; what is in <code> there is what `split_code` takes for code."""
    markdown = pytest.importorskip("markdown", reason="Markdown comes with the extra 'site'")
    given = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))["markdown_extensions"]
    html = markdown.Markdown(extensions=[each if isinstance(each, str) else next(iter(each)) for each in given]).convert(text)
    inside = sum(part.partition("</code>")[0].count("[@nobody]") for part in html.split("<code")[1:])
    parts = split_code(text)
    assert "".join(parts) == text
    assert sum(part.count("[@nobody]") for part in parts[1::2]) == inside


# --- its title ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# A stray\n\nWords.\n", "A stray"),
        ("\n\n# A stray\nWords.\n", "A stray"),
        ("---\ntitle: A stray\n---\nWords.\n", "A stray"),
        ("---\ntitle: A stray\n---\n\n# A stray\n\nWords.\n", "A stray"),
        ("---\nhide: [toc]\n---\n# A stray\n\nWords.\n", "A stray"),
    ],
)
def test_the_title_is_at_the_head_or_the_first_heading_and_stands_once(text, title):
    page = made("stray.md", text)
    assert page.startswith(f'---\ntitle: "{title}"\n')
    assert page.count(f"# {title}") == 1
    assert page.rstrip().endswith("Words.")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Words.\n", "docs/stray.md:1: the page has no title"),
        ("# \n\nWords.\n", "docs/stray.md:1: the page has no title"),
        ("", "docs/stray.md:1: the page has no title"),
        ("---\ntitle: One\n---\n# Two\n", "docs/stray.md:4: the page has two titles, 'One' and 'Two'"),
        ("---\ntitle: One\ndescripton: x\n---\nWords.\n", "docs/stray.md:3: a page has no 'descripton'"),
        ("# Said [@hu2024]\n", "docs/stray.md:1: a title has no citations"),
        ("---\nhide: [toc]\ntitle: Said [@hu2024]\n---\nWords.\n", "docs/stray.md:3: a title has no citations"),
    ],
)
def test_a_head_that_nothing_reads_is_refused(text, message):
    assert refused({"stray.md": text}).startswith(message)


def test_the_line_of_a_citation_is_right_below_a_head_and_blank_lines():
    text = "---\ntitle: Stray\n---\n\n\n# Stray\n\nSaid [@nobody].\n"
    assert text.splitlines()[7] == "Said [@nobody]."
    assert refused({"stray.md": text}).startswith("docs/stray.md:8: ")
