"""The words by which the search finds a protocol's page, its steps and its sections: each leads to its anchor, an unknown title is refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from benchsheet import library
from benchsheet.errors import ProtocolError
from benchsheet.site.build import build_pages, search_words
from tests.benchmark.site import NEEDED

HOME = Path(library.protocols_folder())
DOCS = {path: text for path, text in NEEDED.items() if path.endswith((".md", ".yml"))}


@pytest.fixture
def told(tmp_path, monkeypatch):
    """A function that gives the words of the pages of a library whose one protocol has these *words*."""
    folder = tmp_path / "library"
    shutil.copytree(HOME / "_shared", folder / "_shared")
    shutil.copytree(HOME / "_template", folder / "fill")
    monkeypatch.setattr(library, "protocols_folder", lambda: folder)
    file = folder / "fill" / "protocol.yml"
    text = file.read_text("utf-8")

    def tell(words):
        file.write_text(f"{text}words: {words}\n", "utf-8")
        return search_words(build_pages(DOCS, "# What changed\n"))

    return tell


def test_words_lead_to_the_page_a_step_and_a_section(told):
    step = next(line for line in (HOME / "_template" / "protocol.md.j2").read_text("utf-8").splitlines() if "{% step" in line).split('"')[1]
    found = told(f"{{page: [well filling], {step}: [pour it], Preparations: [bin]}}")
    assert found["protocols/fill.html"] == ("NEW-PROTOCOL", "fill", "well filling")
    anchor = f"1-{step.lower().replace(' ', '-')}"
    assert found[f"protocols/fill.html#{anchor}"] == ("pour it",)


def test_all_unknown_titles_are_told_at_once_with_the_nearest(told):
    with pytest.raises(ProtocolError) as caught:
        told("{\n  Stepp: [a],\n  Preparatons: [b]}")
    said = str(caught.value)
    assert "protocols/fill/protocol.yml:" in said
    assert "the page has no step or section 'Stepp'" in said
    assert "the page has no step or section 'Preparatons'\n  hint: did you mean 'Preparations'?" in said
