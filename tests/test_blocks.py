"""A sheet is one outline: every format writes each section once, in one order, and drops no block in silence."""

from __future__ import annotations

import html
import re
import typing

import pytest

from benchsheet._dataclass import replace
from benchsheet.formats.html import body
from benchsheet.formats.html.page import format_html
from benchsheet.formats.markdown import format_markdown
from benchsheet.formats.outline import sections
from benchsheet.formats.outline.blocks import BulletList, Cited, Command, Definitions, Heading, Paragraph, PlainBlock, PlateMap, StepText, Table
from benchsheet.formats.outline.sections import SECTIONS, Section
from benchsheet.formats.pdf import blocks as paper
from benchsheet.formats.pdf.placement import PLACEMENT
from benchsheet.formats.pdf.sheet import typst_markup
from benchsheet.formats.text import format_text
from benchsheet.site import sheet_body
from tests.records import record_named

EXAMPLES: tuple[PlainBlock, ...] = (
    Heading(text="zebra one", level=3),
    Paragraph(text="zebra two", lead="Lead: "),
    Command(text="zebra three"),
    Definitions(rows=(("zebra four", "value"),)),
    Table(head=("head", "more"), rows=(("zebra five", Cited(text="zebra six", numbers=(1,))),), align="ll"),
    BulletList(items=("zebra seven",)),
    StepText(markdown="- zebra eight\n\n| a |\n|---|\n| zebra nine |", notes={}),
    PlateMap(columns=1, rows=(("A", ("zebra ten",)),)),
)
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
DOING = ["Warnings", "Steps", "Preparations", "From the shelf", "Controls", "Quality gates", "Waste", "Numbers", "Schedule", "Notes"]
FORMATS = {"text": format_text, "markdown": format_markdown, "html": format_html, "pdf": typst_markup, "site": sheet_body.format_body}
RUNS = ("srb", "western with times", "co-ip")


def test_there_is_an_example_of_each_plain_block():
    assert [type(example) for example in EXAMPLES] == [*typing.get_args(PlainBlock)]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("after", ["warnings", "waste"])
def test_a_new_section_is_a_row_of_one_table(form, after, monkeypatch):
    toy = Section(id="toy", title="Giraffe", build=lambda _: iter(EXAMPLES))
    place = [section.id for section in SECTIONS].index(after) + 1
    monkeypatch.setattr(sections, "SECTIONS", (*SECTIONS[:place], toy, *SECTIONS[place:]))
    sheet = FORMATS[form](record_named("srb"))
    found = re.search("giraffe", sheet, re.IGNORECASE)
    assert found
    places = [found.start(), *(sheet.index(f"zebra {number}".replace(" ", gap)) for number in NUMBERS for gap in [_gap(sheet, number)])]
    assert places == sorted(places)


def _gap(sheet, number):
    return next(gap for gap in (" ", "\u00a0", "\u202f", "&nbsp;") if f"zebra{gap}{number}" in sheet)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", RUNS)
def test_no_format_goes_by_the_english_of_a_title(form, name, monkeypatch):
    record = record_named(name)
    before = FORMATS[form](record)
    named = {section.id: f"Qq{place:02}qq" for place, section in enumerate(SECTIONS) if section.title}
    monkeypatch.setattr(sections, "SECTIONS", tuple(replace(section, title=named.get(section.id, "")) for section in SECTIONS))
    after = FORMATS[form](record)
    for section in SECTIONS:
        title = named.get(section.id, "")
        for this, new in ((title, section.title), (title.upper(), section.title.upper())) if title else ():
            after = after.replace(f"{this}\n{'-' * len(this)}", f"{new}\n{'-' * len(new)}").replace(this, new)
    assert after == before


@pytest.mark.parametrize("name", RUNS)
def test_every_format_has_the_sections_in_one_order(name):
    record = record_named(name)
    outline = [section.title for section, blocks in sections.build_outline(record, names_hazards=True) if section.title and blocks]
    heads = {
        "text": [line for line in outline if f"\n{line.upper()}\n---" in format_text(record)],
        "markdown": re.findall(r"^## (.*)$", format_markdown(record), re.MULTILINE),
        "html": [*re.findall(r"<h2>(.*?)</h2>", format_html(record))],
        "pdf": [*dict.fromkeys(re.findall(r'section\("(.*?)"\)', typst_markup(record)))],
        "site": re.findall(r"^## (.*)$", sheet_body.format_body(record), re.MULTILINE),
    }
    without = {
        "text": {"Hazards"},
        "markdown": {"Hazards"},
        "html": {"Schedule"},
        "pdf": {"Schedule"},
        "site": {"Hazards", "References", "Plate maps", "Lane maps"},
    }
    for form, found in heads.items():
        shown = [title for title in found if title in outline]
        expected = [title for title in outline if title not in without[form]]
        if form == "site":  # the page has them in the order of doing, and each map at its step
            assert shown == sorted(expected, key=DOING.index)
        else:
            assert shown == expected, form


@pytest.mark.parametrize("name", RUNS)
def test_what_has_no_form_of_its_own_is_told_in_plain_blocks(name, monkeypatch):
    monkeypatch.setattr(body, "_ENTRIES", {})
    monkeypatch.setattr(paper, "_ENTRIES", {})
    record = record_named(name)
    for sheet in (format_html(record).partition("<script")[0], typst_markup(record)):
        flat = html.unescape(re.sub(r"<[^>]*>|[\u2060\u200b]", "", sheet))
        assert [gate["name"] for gate in record["gates"] if gate["name"].split(" ")[0] not in flat] == []
        assert [each["name"] for each in record["leftovers"] if each["name"].split(" ")[0] not in flat] == []


def test_each_section_has_an_id_and_paper_places_no_other():
    ids = [section.id for section in SECTIONS]
    assert len(ids) == len(set(ids))
    assert set(PLACEMENT) <= set(ids)
