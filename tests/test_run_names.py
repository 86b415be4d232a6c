"""A run that has a name says it in the title of its sheet, on every face, and its command gives it again."""

from __future__ import annotations

import io
import json
import re
import shlex

import pytest

import benchsheet as bs
from benchsheet import library
from benchsheet.engine import render
from benchsheet.formats.pdf.sheet import format_pdf
from benchsheet.repipette import replay

NAME = "is it FAK at Y397?"
# What each protocol is called with a name, and how big its run is, counted by hand: two plates for each of two compounds are four.
GIVEN = {
    "western-blot": ({"samples": "a,b,c,d,e", "targets": "pFAK-Y397,FAK,GAPDH"}, f"Phospho-western blot: {NAME} (5 samples, 3 targets)"),
    "srb": ({"plates": "2", "compounds": "one; two"}, f"SRB viability assay: {NAME} (4 assay plates, 2 compounds)"),
    "co-ip": ({"samples": "vehicle,drug"}, f"Co-immunoprecipitation: {NAME} (2 conditions, 5 IP tubes)"),
}


@pytest.fixture(params=GIVEN)
def named(request):
    """Return a sheet that has a name, the same without one, and the title that is expected."""
    given, title = GIVEN[request.param]
    return bs.render(request.param, name=NAME, **given), bs.render(request.param, **given), title


def pdf_words(pdf: bytes) -> list[str]:
    from pypdf import PdfReader

    return [re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


def test_each_face_has_the_name_and_the_size_in_its_title(named):
    sheet, usual, title = named
    assert f"# {title}\n" in sheet.markdown()
    assert title in sheet.text()
    assert f"<h1>{title}</h1>" in sheet.html()
    assert f"<title>{title}, " in sheet.html()
    assert NAME not in usual.markdown() + usual.html()
    assert usual.markdown().count(title.partition(":")[0])  # the protocol's own title stands alone


def test_each_page_of_paper_has_the_name_at_its_head(named):
    sheet, _, _ = named
    pages = pdf_words(format_pdf(sheet.record))
    assert len(pages) > 3
    assert all(NAME in page.replace("\u00a0", " ").replace("\u2060", "") for page in pages)


def test_the_command_on_the_sheet_gives_the_name_again(named):
    sheet, usual, _ = named
    words = shlex.split(sheet.command)
    assert words[-2:] == ["--name", NAME]
    assert words[:-2] == shlex.split(usual.command)


def test_a_name_changes_the_run_and_neither_digest_nor_figures(named):
    sheet, usual, _ = named
    one, other = sheet.record, usual.record
    assert one["identity"]["inputs"] == other["identity"]["inputs"]
    assert one["identity"]["run"] != other["identity"]["run"], "two experiments would share what is filled in"
    assert one["identity"]["name"] == NAME
    for key in ("steps", "reagents", "preparations", "vessels", "totals", "warnings", "protocol"):
        assert one[key] == other[key]
    assert replay(json.dumps(one)).wrong == []


def test_two_names_are_two_runs():
    runs = {render(library.load_source("srb"), {}, name=name)["identity"]["run"] for name in ("", "a", "b")}
    assert len(runs) == 3


@pytest.mark.parametrize(
    ("name", "said"),
    [("two\nlines", "cannot be printed"), ("a\u202eb", "cannot be printed"), ("bell\a", "cannot be printed"), ("x" * 101, "has 101 letters")],
)
def test_a_name_that_does_not_fit_on_a_line_is_refused_with_what_is_wrong(name, said):
    with pytest.raises(bs.ProtocolError, match=said):
        bs.render("srb", name=name)
    assert bs.render("srb", name="x" * 100).record["identity"]["name"] == "x" * 100


def test_a_name_is_escaped_on_every_face():
    sheet = bs.render("srb", name="<b>*a*</b> & {{ 1 }}")
    assert "<b>*a*</b>" not in sheet.html()
    assert "&lt;b&gt;*a*&lt;/b&gt; &amp; {{ 1 }}" in sheet.html()
    assert "*a*</b>" not in sheet.markdown().partition("\n# ")[2].partition("\n")[0]
