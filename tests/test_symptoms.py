"""Each symptom of a blot or a plate is complete, drawn, linked from its steps and found by its words; a mistake in one is told with its line."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml

from benchsheet import library
from benchsheet.errors import ProtocolError
from benchsheet.protocol import citations
from benchsheet.site.definitions import keep_first_definitions
from benchsheet.site.evidence_notes import GENERAL_NOTE
from benchsheet.site.membrane_svg import BAND_KEYS, MEMBRANE_KEYS
from benchsheet.site.page import Page
from benchsheet.site.plate_svg import PLATE_KEYS, WELL_KEYS
from benchsheet.site.search_index import add_spellings
from benchsheet.site.sheet_places import SheetPlaces, add_links, parse_places
from benchsheet.site.sheets import SheetCache
from benchsheet.site.symptom_pages import build_symptom_pages, link_symptoms
from benchsheet.site.symptom_svg import PANELS
from benchsheet.site.symptoms import parse_symptoms

DOCS = library.load_documents(Path(__file__).parent.parent / "docs")
FILES = {path: yaml.safe_load(text) for path, text in DOCS.items() if re.fullmatch(r"symptoms/[^/]*/[^/]*\.yml", path)}
EACH = pytest.mark.parametrize("path", FILES)
WORKS = citations.parse_bibtex(library.load_shared_files()[citations.REFERENCES_FILE])


@pytest.fixture(scope="module")
def sheets():
    return SheetCache()


@pytest.fixture(scope="module")
def places(sheets):
    found = {name: parse_places(sheets.sheet(name).body) for name in sheets.names}
    return found.__getitem__


@pytest.fixture(scope="module")
def groups(sheets, places):
    return {group.id: group for group in parse_symptoms(DOCS, sheets.names, places, WORKS)}


@pytest.fixture(scope="module")
def pages(groups, sheets, places) -> dict[str, Page]:
    return {page.path: page for page in build_symptom_pages(groups.values(), sheets.titles(), places)}


def plain(text):
    return " ".join(text.split())


def section(pages, path):
    """The part of a page that is about the symptom in *path*."""
    _, group, file = path.split("/")
    _, _, rest = pages[f"symptoms/{group}.md"].body.partition(f" {{#{file.removesuffix('.yml')}}}\n")
    assert rest
    return re.split(r"^##", rest, maxsplit=1, flags=re.MULTILINE)[0]


# --- the symptoms that are there -----------------------------------------------------------------------------------------------


def test_all_symptoms_of_blots_and_plates_are_there(groups):
    assert {name: len(group.symptoms) for name, group in groups.items()} == {"blot": 24, "plate": 21}


@EACH
def test_a_symptom_says_what_one_sees_why_where_and_what_to_do(pages, places, path):
    given, said = FILES[path], section(pages, path)
    for words in (given["see"], *given["causes"], *given["now"], *given["next"]):
        assert plain(words) in said
    assert [said.index(plain(cause)) for cause in given["causes"]] == sorted(said.index(plain(cause)) for cause in given["causes"])
    for protocol, titles in given.get("steps", {}).items():
        for title in titles:
            numbers = [number for step, (number, _) in places(protocol).steps.items() if step == title or re.match(f"{re.escape(title)}[: ]", step)]
            assert re.search(rf"step (?:{'|'.join(numbers)}), {re.escape(title)}", said)
    assert given.get("steps") or given["elsewhere"] in said


@EACH
def test_a_picture_is_drawn_and_told_to_those_who_do_not_see_it(pages, path):
    drawn = re.findall(r'<figure class="symptom">(<svg.*?</svg>)</figure>', section(pages, path))
    (root,) = [ET.fromstring(svg) for svg in drawn]  # noqa: S314 - of this tree
    assert (root.get("role"), root.get("aria-label")) == ("img", plain(FILES[path]["picture"]["shows"]))
    assert len(list(root.iter())) > 2


def test_no_two_symptoms_look_alike(groups):
    pictures = [re.sub(r'aria-label="[^"]*"', "", each.picture) for group in groups.values() for each in group.symptoms]
    assert len(set(pictures)) == len(pictures)


def test_general_knowledge_is_said_once_on_a_page(pages):
    for page in pages.values():
        assert page.body.count(GENERAL_NOTE) == 1
        assert "[@general]" not in page.body


def test_a_word_that_finds_one_symptom_finds_no_other():
    words = [word.casefold() for given in FILES.values() for word in given["words"]]
    assert sorted(word for word in words if words.count(word) > 1) == []
    assert min(len(given["words"]) for given in FILES.values()) >= 5


def test_the_words_of_a_section_are_hidden_in_its_title():
    entry = {"location": "symptoms/blot.html#one", "title": "One", "text": "Said."}
    other = entry | {"location": "other.html"}
    found = add_spellings({"docs": [entry, other]}, [], {"symptoms/blot.html#one": ("high background",)})["docs"]
    assert found == [entry | {"title": "One <span><span hidden> high background</span> </span>"}, other]


# --- from protocols ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("protocol", "nested"), [("srb", ()), ("western-blot", ()), ("co-ip", ("western-blot",))])
def test_the_page_of_a_protocol_has_a_link_at_each_step_and_gate_that_a_symptom_names(groups, sheets, protocol, nested):
    body = sheets.sheet(protocol).body
    linked = link_symptoms(body, parse_places(body), protocol, nested, groups.values())
    assert re.sub(r"^If .*\n\{: \.here\}$", "", linked, flags=re.MULTILINE).split() == body.split(), "only links were added"
    for group in groups.values():
        for symptom in group.symptoms:
            place = f"(../symptoms/{group.id}.md#{symptom.id})"
            for title in symptom.steps.get(protocol, ()):
                step = re.split(r"^#{2,3} ", linked.partition(f". {title}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
                assert place in step, (title, symptom.id)
            for gate in symptom.gates.get(protocol, ()):
                assert re.search(rf"^If \*\*{re.escape(gate)}\*\* fails: .*{re.escape(place)}", linked, re.MULTILINE), (gate, symptom.id)
    if nested:
        step = re.split(r"^### ", linked.partition(". Secondary antibody: HER2\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
        assert "(../symptoms/blot.md#no-band)" in step, "a step of the protocol within, for another target"


# --- what an author writes -----------------------------------------------------------------------------------------------------

GROUP = "---\ntitle: My dish\norder: 1\nsummary: A dish.\nareas: [One, Two]\n---\nLook.\n"
SYMPTOM = """\
title: It is blue
area: One
order: 1
words: [blue dish]
see: A blue dish.
picture:
  shows: A blot.
  panels: [{membrane: {lanes: 2, bands: [{at: 0.5, dark: 1}]}}]
causes: [Ink.]
steps: {srb: [Develop]}
gates: {srb: [blank]}
now: [Wait.]
next: [Use no ink.]
references: []
"""
PLACES = SheetPlaces(steps={"Develop: GAPDH": ("3", "3-develop-gapdh")}, gates=("blank",))


def read(text, group=GROUP):
    docs = {"symptoms/dish.md": group, "symptoms/dish/blue.yml": text}
    return parse_symptoms(docs, ("srb",), {"srb": PLACES}.__getitem__, {"smith2020"})


def test_a_file_of_its_own_makes_a_symptom():
    (page,) = build_symptom_pages(read(SYMPTOM), {"srb": "SRB"}, {"srb": PLACES}.__getitem__)
    assert "### It is blue {#blue}" in page.body
    assert "[SRB, step 3, Develop: GAPDH](../protocols/srb.md#3-develop-gapdh); [SRB, gate blank](../protocols/srb.md#quality-gates)." in page.body
    assert page.search_words == {"blue": ("blue dish",)}


def test_the_guide_writes_a_symptom_as_it_is_read_and_names_every_panel():
    guide = DOCS["guide/symptoms.md"]
    (example,) = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    known = {"western-blot": SheetPlaces(steps={"Transfer": ("7", "7-transfer")}, gates=("background",))}
    docs = {"symptoms/dish.md": GROUP.replace("One", "The shape of the bands"), "symptoms/dish/holes.yml": example}
    (group,) = parse_symptoms(docs, tuple(known), known.__getitem__, ())
    assert group.symptoms[0].picture.count("<circle") == 2
    assert [panel for panel in PANELS if f"| `{panel}` |" not in guide] == []
    assert [key for key in (*MEMBRANE_KEYS, *BAND_KEYS, *PLATE_KEYS, *WELL_KEYS) if f"`{key}" not in guide] == []


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("[Develop]", "[Devlop]", 10, "the sheet has no step 'Devlop'"),
        ("[blank]", "[blnk]", 11, "the sheet has no gate 'blnk'"),
        ("{srb: [Dev", "{sbr: [Dev", 10, "there is no protocol 'sbr'"),
        ("steps: {srb: [Develop]}\n", "", 1, "the symptom arises at no step"),
        ("area: One", "area: Three", 2, "'Three' is not an area of this group"),
        ("order: 1", "order: first", 3, "order 'first' is not a whole number"),
        ("see: A blue dish.", "see: ''", 5, "the symptom does not say what one sees"),
        ("causes: [Ink.]", "causes: []", 9, "'causes' is empty"),
        ("next: [Use no ink.]\n", "", 1, "a symptom needs a 'next'"),
        ("words:", "wrds:", 4, "a symptom has no 'wrds'"),
        ("references: []", "references: [smith2020]", 14, "'smith2020' is among the references and cited nowhere"),
        ("Ink.", "'Ink [@smth].'", 14, "'smth' is cited and not among the references"),
        ("{membrane:", "{membrne:", 8, "a panel is one of membrane, plate, well, curve, bars"),
        ("{lanes: 2", "{lnes: 2", 8, "a membrane has no 'lnes'"),
        ("lanes: 2", "lanes: two", 8, "lanes 'two' is not a number from 1 to 12"),
        ("at: 0.5", "at: 5", 8, "at '5' is not a number from 0 to 1"),
        ("{at: 0.5, dark: 1}", "{at: 0.5}", 8, "a band needs a 'dark'"),
        ("[{membrane: {lanes: 2, bands: [{at: 0.5, dark: 1}]}}]", "[{well: {lie: flat}}]", 8, "cells cannot lie 'flat'"),
        (
            "[{membrane: {lanes: 2, bands: [{at: 0.5, dark: 1}]}}]",
            "[{plate: {wells: [{in: R1, dark: 1}]}}]",
            8,
            "'R1' is not a well or a block of wells",
        ),
        ("[{membrane: {lanes: 2, bands: [{at: 0.5, dark: 1}]}}]", "[{curve: {points: [[1]]}}]", 8, "'points' is a list of points, each of 2 numbers"),
    ],
)
def test_a_mistake_in_a_symptom_is_told_with_its_line(old, new, line, message):
    assert SYMPTOM.count(old) == 1
    with pytest.raises(ProtocolError) as mistake:
        read(SYMPTOM.replace(old, new))
    assert str(mistake.value).startswith(f"docs/symptoms/dish/blue.yml:{line}: {message}\n")


def test_a_symptom_of_no_group_and_a_group_of_no_symptom_are_told():
    with pytest.raises(ProtocolError, match=r"docs/symptoms/dish/blue\.yml: there is no page for the symptoms of 'dish'"):
        parse_symptoms({"symptoms/dish/blue.yml": SYMPTOM}, ("srb",), {"srb": PLACES}.__getitem__, ())
    with pytest.raises(ProtocolError, match=r"docs/symptoms/dish\.md:1: the group has no symptoms"):
        parse_symptoms({"symptoms/dish.md": GROUP}, ("srb",), {"srb": PLACES}.__getitem__, ())


def test_links_stand_at_the_end_of_their_step():
    body = "## Steps\n\n### 1. Fix\n\nOne.\n\n### 2. Fix well\n\nTwo.\n\n## Quality gates\n\n| gate |\n|---|\n| blank |\n"
    assert add_links(body, {"Fix": ["[a](b)", "[c](d)"]}, {"blank": ["[e](f)"]}) == (
        "## Steps\n\n### 1. Fix\n\nOne.\n\nIf it goes wrong: [a](b); [c](d)\n{: .here}\n\n### 2. Fix well\n\nTwo.\n\n"
        "## Quality gates\n\nIf **blank** fails: [e](f)\n{: .here}\n\n| gate |\n|---|\n| blank |\n"
    )
    assert add_links(body, {}, {}) == body


# --- abbreviations -------------------------------------------------------------------------------------------------------------

A, B = '<abbr title="one">A</abbr>', '<abbr title="two">B</abbr>'


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        (f"<p>{A} {B} {A}</p>", f"<p>{A} {B} A</p>"),
        (f"<p>{A}</p><h2>{A}</h2><p>{A} {A}</p>", f"<p>{A}</p><h2>A</h2><p>{A} A</p>"),
        (f'<p><a href="x">{A}</a> {A} {A}</p>', f'<p><a href="x">A</a> {A} A</p>'),
        (f"<p>{A}</p><p>{A}</p><h4>x</h4><p>{A}</p>", f"<p>{A}</p><p>A</p><h4>x</h4><p>{A}</p>"),
        ('<abbr class="evidence" title="e">general</abbr>' * 2, '<abbr class="evidence" title="e">general</abbr>' * 2),
    ],
)
def test_an_abbreviation_is_explained_at_its_first_use_in_a_section(html, kept):
    assert keep_first_definitions(html) == kept
