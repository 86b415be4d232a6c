"""General knowledge is told once in a section, and no statement looks better founded than it is."""

from __future__ import annotations

import pytest

from benchsheet.site.evidence_notes import GENERAL_NOTE, gather_general_marks
from tests.site_build import built

GENERAL = ' <abbr class="evidence" title="confirm it">general</abbr>'
COMPUTED = ' <abbr class="evidence" title="worked out">computed</abbr>'
CITED = '<sup class="cite"><a href="#ref-x" aria-label="reference 1">1</a></sup>'
NOTE = f'<p class="evidence-note" data-search-exclude>{GENERAL_NOTE}</p>\n'


def test_a_section_with_several_statements_has_one_note_at_its_head():
    html = f"<h2>A</h2><p>One{GENERAL}.</p><ul><li>Two{GENERAL}; three{GENERAL}.</li><li>Four{CITED}.</li></ul>"
    assert gather_general_marks(html) == f"<h2>A</h2>\n{NOTE}<p>One.</p><ul><li>Two; three.</li><li>Four{CITED}.</li></ul>"


def test_each_section_has_a_note_of_its_own_or_none():
    one, two = f"<h2>A</h2><p>One{GENERAL}.</p>", f"<h2>B</h2><p>One{GENERAL}.</p><p>Two{GENERAL}.</p>"
    assert gather_general_marks(one + two) == f"{one}<h2>B</h2>\n{NOTE}<p>One.</p><p>Two.</p>"


@pytest.mark.parametrize("other", [CITED, COMPUTED])
@pytest.mark.parametrize("block", ["<p>{}</p>", "<table><tr><td>{}</td></tr></table>", "<ul><li>{}</li></ul>"])
def test_a_mark_beside_another_stays(other, block):
    mixed = block.format(f"One{GENERAL}; two{other}.")
    html = f"<h2>A</h2>{mixed}<p>Three{GENERAL}.</p><p>Four{GENERAL}.</p>"
    assert gather_general_marks(html) == f"<h2>A</h2>\n{NOTE}{mixed}<p>Three.</p><p>Four.</p>"


def test_a_statement_alone_keeps_its_mark_once():
    assert gather_general_marks(f"<p>One{GENERAL}. Two{GENERAL}.</p>") == f"<p>One. Two{GENERAL}.</p>"


def test_the_answer_comes_before_the_note():
    html = f"<h1>Is it?</h1><p>One{GENERAL}.</p><p>Two{GENERAL}.</p>"
    assert gather_general_marks(html) == f"<h1>Is it?</h1><p>One.</p><p>Two.</p>{NOTE}"


def test_the_site_has_few_marks_left(tmp_path_factory):
    texts = [file.read_text("utf-8") for file in built(tmp_path_factory).rglob("*.html")]
    assert sum(text.count(">general</abbr>") for text in texts) < 200
    assert sum(text.count(GENERAL_NOTE) for text in texts) > 40
