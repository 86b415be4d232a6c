"""What is wrong in a page's source is told with file, line, what is wrong and the way out; all of it at once, and nothing is built."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from benchsheet import library
from benchsheet.errors import ProtocolError
from benchsheet.protocol.citations import REFERENCES_FILE, parse_bibtex
from benchsheet.site import citations, faq, protocol_pages, scenario_pages, search_index
from benchsheet.site.build import build_pages, format_pages
from benchsheet.site.page import build_index, parse_document
from benchsheet.site.scenarios import parse_scenarios
from benchsheet.site.sheets import SheetCache

ROOT = Path(__file__).parent.parent
CHANGES = "# What changed\n\nNothing.\n"
WORKS = parse_bibtex(library.load_source("srb").shared_files[REFERENCES_FILE])

# The lines are numbered here because the messages name them.
INDEX = "---\ntitle: Questions\nareas: [bench, clinic]\ndirections: [to, from]\n---\n{index}\n"
ANSWER = """\
---
title: Is it so?
area: bench
order: 10
direction: to
evidence: general
references: [marlowe2016]
# a comment
related: [other]
---
It is, as far
as is known [@marlowe2016].

<!-- more -->

## In detail

More of it [@general].
"""
OTHER = """\
---
title: And this?
area: clinic
order: 20
direction: from
evidence: verified
references: []
---
It is not [@computed].

<!-- more -->

No more.
"""
SCENARIO = """\
title: Nothing happens
symptom: The dish is as it was.
order: 1
summary: It may be the drug [@marlowe2016].
thresholds:
  engaged: {value: "80 %", about: fall that counts, evidence: general}
start: look
nodes:
  look:
    test: Is it on? It falls by {engaged} [@general].
    why: It tells on from off.
    protocol: srb
    sheet: "is it on?"
    values: {compounds: defactinib}
    cost: low
    next: [on, off]
  on:
    if: It falls
    means: The drug works.
    action: Go on.
  off:
    if: It stays
    next: again
  again:
    test: Once more?
    why: It tells chance from rule.
    protocol: none
    reason: No sheet does that.
    cost: high
    next: [never]
  never:
    if: Never
    go: other#look
references: [marlowe2016]
"""
SECOND = SCENARIO.replace("go: other#look", "action: Stop.").replace("order: 1", "order: 2").replace("is it on?", "is the other on?")


def changed(text, old, new):
    """Return *text* with one thing changed; fail if it is not there once."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


def told(made):
    """Return what a call is refused with, each mistake in two lines: place and message, then the way out."""
    with pytest.raises(ProtocolError) as mistake:
        made()
    return str(mistake.value)


def answer(old="", new="", other=OTHER):
    return {"faq/index.md": INDEX, "faq/one.md": changed(ANSWER, old, new) if old else ANSWER, "faq/other.md": other}


def scenario(old="", new="", other=SECOND):
    return {"scenarios/one.yml": changed(SCENARIO, old, new) if old else SCENARIO, "scenarios/other.yml": other}


def read(docs):
    return parse_scenarios(docs, tuple(library.protocol_ids()))


# --- answers -----------------------------------------------------------------------------------------------------------------


def test_the_answers_of_these_tests_are_right_as_they_stand():
    assert list(faq.parse_faq(answer())) == ["one", "other"]
    assert set(format_pages(faq.build_faq_pages(answer(), faq.parse_faq(answer())))) == {"faq/index.md", "faq/one.md", "faq/other.md"}


@pytest.mark.parametrize(
    ("old", "new", "line", "message", "hint"),
    [
        ("<!-- more -->\n\n", "", 11, "there is no short answer", "end its paragraph with a line <!-- more -->"),
        ("area: bench", "area: clinc", 3, "'clinc' is not a known area", "did you mean 'clinic'?"),
        ("area: bench", "area: kitchen", 3, "'kitchen' is not a known area", "known: bench, clinic"),
        ("direction: to", "direction: away", 5, "'away' is not a known direction", "known: to, from"),
        ("evidence: general", "evidence: genral", 6, "'genral' is not a known evidence", "did you mean 'general'?"),
        ("order: 10", "order: first", 4, "order 'first' is not a whole number", "write it in digits"),
        ("order: 10", "order: -1", 4, "order '-1' is not a whole number", "write it in digits"),
        ("[marlowe2016]\n", "[marlowe2016, hu2024]\n", 7, "'hu2024' is among the references and cited nowhere", "cite it, or leave it out"),
        ("references: [marlowe2016]", "references: []", 7, "'marlowe2016' is cited and not among the references", "references: [marlowe2016]"),
        ("related: [other]", "related: [othr]", 9, "there is no answer 'othr'", "did you mean 'other'?"),
        ("related: [other]", "relatd: [other]", 9, "an answer has no 'relatd'", "did you mean 'related'?"),
        ("title: Is it so?\n", "", 2, "an answer needs a 'title'", "add a line 'title: ...'"),
        ("direction: to\n", "", 2, "an answer needs a 'direction'", "add a line 'direction: ...'"),
        ("---\ntitle", "title", 1, "the page has no head", "begin it with '---', 'title: ...', '---'"),
        ("order: 10", "order: [1, 2]", 4, "'order' is a text, not a list", "write order: some words"),
    ],
)  # fmt: skip
def test_a_mistake_in_an_answer(old, new, line, message, hint):
    assert told(lambda: faq.parse_faq(answer(old, new))) == f"docs/faq/one.md:{line}: {message}\n  hint: {hint}"


def test_a_short_answer_has_words():
    docs = answer("It is, as far\nas is known [@marlowe2016].\n\n<!-- more -->", "<!-- more -->\n\n[@marlowe2016]")
    assert told(lambda: faq.parse_faq(docs)).startswith("docs/faq/one.md:11: there is no short answer\n")


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("as is known [@marlowe2016]", "as is known [@marlow2016]", 12),
        ("More of it [@general]", "More of it [@marlow2016]", 18),
    ],
    ids=["in the short answer", "in the detail"],
)
def test_an_unknown_work_is_told_where_it_is_cited(old, new, line):
    text = changed(ANSWER, old, new)
    text = changed(text, "references: [marlowe2016]", f"references: [{'marlow2016' if line == 12 else 'marlowe2016, marlow2016'}]")
    docs = answer() | {"faq/one.md": text}
    assert text.splitlines()[line - 1].endswith("[@marlow2016].")
    made = faq.build_faq_pages(docs, faq.parse_faq(docs))
    assert told(lambda: format_pages(made)) == f"docs/faq/one.md:{line}: no reference 'marlow2016'\n  hint: did you mean 'marlowe2016'?"


def test_all_mistakes_of_all_answers_are_told_at_once_in_the_order_of_their_lines():
    other = changed(changed(OTHER, "area: clinic", "area: x"), "No more.", "No more [@hu2024].")
    text = changed(changed(ANSWER, "<!-- more -->\n", ""), "area: bench", "area: y")
    assert told(lambda: faq.parse_faq(answer(other=other) | {"faq/one.md": text})) == (
        "docs/faq/one.md:3: 'y' is not a known area\n  hint: known: bench, clinic\n"
        "docs/faq/one.md:11: there is no short answer\n  hint: end its paragraph with a line <!-- more -->\n"
        "docs/faq/other.md:3: 'x' is not a known area\n  hint: known: bench, clinic\n"
        "docs/faq/other.md:7: 'hu2024' is cited and not among the references\n  hint: references: [hu2024]"
    )


def test_a_page_that_asks_for_an_answer_that_is_not_there():
    page = parse_document("cite.md", "# Cite\n\nFirst:\n\n{answer: othr}\n")
    assert told(lambda: faq.embed_answers(page, faq.parse_faq(answer()))) == (
        "docs/cite.md:5: there is no answer 'othr'\n  hint: did you mean 'other'?"
    )


# --- scenarios ---------------------------------------------------------------------------------------------------------------


def test_the_scenarios_of_these_tests_are_right_as_they_stand():
    found = read(scenario())
    assert list(found) == ["one", "other"]
    assert found["one"].nodes["look"].test == "Is it on? It falls by 80 % [@general]."
    assert [page.path for page in protocol_pages.build_preset_pages(found, SheetCache())] == [
        "protocols/srb/one-look.md",
        "protocols/srb/other-look.md",
    ]


def test_thresholds_are_filled_in_wherever_a_node_has_words():
    found = read(scenario("    cost: low\n", '    cost: low\n    read: ["a fall by {engaged}"]\n    invalid: Not by {engaged}.\n'))
    node = found["one"].nodes["look"]
    assert (node.readouts, node.invalid) == (("a fall by 80 %",), "Not by 80 %.")


@pytest.mark.parametrize(
    ("old", "new", "line", "message", "hint"),
    [
        ("next: [never]", "next: [on]", 31, "nothing leads to 'never'", "name it under 'next' of another node, or leave it out"),
        ("    action: Go on.\n", "", 17, "node 'on' leads nowhere", "end it with 'action: ...', or say 'next: ...' or 'go: ...'"),
        ("go: other#look", "next: look", 8, "look leads to off leads to again leads to never leads to look: a circle",
         "end one of them in an action"),
        ("next: [on, off]", "next: [on, offf]", 9, "'look' leads to 'offf', which is not a node", "did you mean 'off'?"),
        ("start: look", "start: lok", 7, "there is no node 'lok'", "did you mean 'look'?"),
        ("    values: {compounds: defactinib}\n", "", 9, "node 'look' names srb without its values",
         "add 'values: {samples: ...}': its sheet is set already"),
        ('    sheet: "is it on?"\n', "", 9, "node 'look' does not say what its sheet is called",
         "add 'sheet: \"is it blocked?\"': what it finds out"),
        ('sheet: "is it on?"', 'sheet: "?"', 9, "node 'look' does not say what its sheet is called",
         "add 'sheet: \"is it blocked?\"': what it finds out"),
        ("    if: Never\n", "    if: Never\n    sheet: is it so?\n", 31, "node 'never' has 'sheet' without a protocol",
         "say which protocol, or leave 'sheet' out"),
        ("    reason: No sheet does that.\n", "", 24, "node 'again' has no protocol and does not say why", "add 'reason: ...'"),
        ("    if: Never\n", "    if: Never\n    values: {plates: 4}\n", 31, "node 'never' has 'values' without a protocol",
         "say which protocol, or leave 'values' out"),
        ("    if: Never\n", "    if: Never\n    reason: No sheet does.\n", 31, "node 'never' has 'reason' without 'protocol: none'",
         "say which protocol, or leave 'reason' out"),
        ("protocol: srb", "protocol: sbr", 9, "there is no protocol 'sbr'", "did you mean 'srb'?"),
        ("{engaged} [", "{engagd} [", 9, "there is no threshold 'engagd'", "did you mean 'engaged'?"),
        ("other#look", "othr#look", 31, "there is no scenario 'othr'", "did you mean 'other'?"),
        ("other#look", "other#lok", 31, "scenario 'other' has no node 'lok'", "did you mean 'look'?"),
        ("    if: Never\n", "    if: Never\n    test: Ever?\n", 31, "node 'never' is neither a test nor a reading",
         "give it 'test: ...' or 'if: ...', and not both"),
        ("    if: Never\n", "", 31, "node 'never' is neither a test nor a reading", "give it 'test: ...' or 'if: ...', and not both"),
        ("cost: low", "cost: cheap", 9, "cost 'cheap' is not known", "one of low, medium, high"),
        ("    cost: low\n", "", 10, "a test needs a 'cost'", "add a line 'cost: ...'"),
        ("means: The", "mean: The", 19, "a reading has no 'mean'", "did you mean 'means'?"),
        ("    cost: high\n", "    cost: high\n    go: other\n", 30, "a test has no 'go'",
         "known: test, why, protocol, sheet, reason, values, cost, invalid, read, caution, next"),
        ("start: look\n", "causes: [chance]\nstart: look\n", 7, "a cause has a name and says what it is", "write - {name: ..., about: ...}"),
        ("references: [marlowe2016]", "references: [marlowe2016, hu2024]", 34, "'hu2024' is among the references and cited nowhere",
         "cite it, or leave it out"),
        ("references: [marlowe2016]", "references: []", 34, "'marlowe2016' is cited and not among the references", "references: [marlowe2016]"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_scenario(old, new, line, message, hint):
    said = told(lambda: read(scenario(old, new)))
    assert said == f"docs/scenarios/one.yml:{line}: {message}\n  hint: {hint}"


def test_two_sheets_whose_files_would_be_called_alike_are_refused():
    docs = scenario("is it on?", "Is it ON") | {"scenarios/other.yml": changed(SECOND, "is the other on?", "is it on?")}
    assert told(lambda: read(docs)) == (
        "docs/scenarios/other.yml:9: the sheet of 'look' is called as another one is: 'is it on?'\n  hint: say what this one finds out"
    )


def test_a_key_that_a_scenario_has_not_may_be_one_that_it_needs():
    assert told(lambda: read(scenario("symptom: The", "symptm: The"))) == (
        "docs/scenarios/one.yml:1: a scenario needs a 'symptom'\n  hint: add a line 'symptom: ...'\n"
        "docs/scenarios/one.yml:2: a scenario has no 'symptm'\n  hint: did you mean 'symptom'?"
    )


def test_a_node_that_leads_to_itself_cuts_off_what_was_behind_it():
    cut = "name it under 'next' of another node, or leave it out"
    assert told(lambda: read(scenario("next: again", "next: off"))) == (
        "docs/scenarios/one.yml:8: off leads to off: a circle\n  hint: end one of them in an action\n"
        f"docs/scenarios/one.yml:24: nothing leads to 'again'\n  hint: {cut}\n"
        f"docs/scenarios/one.yml:31: nothing leads to 'never'\n  hint: {cut}"
    )


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("    action: Go on.\n", "    next: []\n", "docs/scenarios/one.yml:17: "),
        ("    action: Go on.\n", '    action: ""\n', "docs/scenarios/one.yml:17: "),
        ("    go: other#look\n", '    go: ""\n', "docs/scenarios/one.yml:31: "),
    ],
)
def test_every_end_is_an_action_and_no_empty_word(old, new, place):
    assert told(lambda: read(scenario(old, new))).startswith(f"{place}node ")


def test_a_test_leads_to_a_reading():
    text = changed(SCENARIO, "next: [never]\n  never:\n    if: Never\n    go: other#look\n", "next: []\n")
    assert told(lambda: read(scenario() | {"scenarios/one.yml": text})).startswith("docs/scenarios/one.yml:24: node 'again' leads nowhere\n")


def test_a_threshold_says_on_what_it_rests():
    said = told(lambda: read(scenario(", evidence: general}", "}")))
    assert said.startswith("docs/scenarios/one.yml:6: a threshold needs a 'evidence'\n  hint: add a line 'evidence: ...'")
    said = told(lambda: read(scenario(", evidence: general}", ", evidence: genral}")))
    assert said == "docs/scenarios/one.yml:6: 'genral' is not a word for evidence\n  hint: did you mean 'general'?"


def test_the_order_of_a_scenario_is_a_number():
    assert told(lambda: read(scenario("order: 1", "order: first"))).startswith("docs/scenarios/one.yml:3: order 'first' is not a whole number\n")


def test_an_unknown_work_is_told_at_its_line_of_the_scenario():
    text = changed(SCENARIO, "means: The drug works.", "means: The drug works [@marlow2016].")
    docs = {"scenarios/index.md": "---\ntitle: Troubleshooting\n---\n{index}\n"} | scenario()
    docs["scenarios/one.yml"] = changed(text, "references: [marlowe2016]", "references: [marlowe2016, marlow2016]")
    found = read(docs)
    said = told(lambda: format_pages(scenario_pages.build_scenario_pages(docs, found, SheetCache().titles(), {})))
    assert said == "docs/scenarios/one.yml:19: no reference 'marlow2016'\n  hint: did you mean 'marlowe2016'?"


def test_all_mistakes_of_all_scenarios_are_told_at_once():
    docs = scenario("cost: low", "cost: cheap", changed(SECOND, "protocol: srb", "protocol: sbr"))
    assert told(lambda: read(docs)) == (
        "docs/scenarios/one.yml:9: cost 'cheap' is not known\n  hint: one of low, medium, high\n"
        "docs/scenarios/other.yml:9: there is no protocol 'sbr'\n  hint: did you mean 'srb'?"
    )


# --- sheets that are set -----------------------------------------------------------------------------------------------------

STAINS = (
    "SDS is a detergent, and not a kill control here: the acid precipitates the protein that it sets free, and that stains\n"
    "  hint: a cytotoxic drug for the full time, like staurosporine"
)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ("{kill: SDS}", STAINS),  # the protocol's own reason, and its own way out
        ("{doses: '9'}", "9 doses go by rows, two in a row, so 5 replicates fit\n  hint: --replicates 5, or 8 doses"),
    ],
)
def test_values_that_make_no_sheet_are_told_at_their_line_with_the_protocols_reason(values, said):
    found = read(scenario("{compounds: defactinib}", values.replace("'9'", "'9', replicates: '6'")))
    assert (
        told(lambda: protocol_pages.build_preset_pages(found, SheetCache())) == f"docs/scenarios/one.yml:14: look: the sheet cannot be made: {said}"
    )


def test_a_value_of_an_option_that_is_not_there_is_told_at_its_line():
    found = read(scenario("{compounds: defactinib}", "{dosis: '8'}"))
    assert told(lambda: protocol_pages.build_preset_pages(found, SheetCache())).startswith(
        "docs/scenarios/one.yml:14: look: the sheet cannot be made: "
    )


def test_all_values_that_make_no_sheet_are_told_at_once():
    found = read(scenario("{compounds: defactinib}", "{kill: SDS}", changed(SECOND, "{compounds: defactinib}", "{kill: SDS}")))
    said = told(lambda: protocol_pages.build_preset_pages(found, SheetCache()))
    assert [line.partition(": look")[0] for line in said.splitlines() if line.startswith("docs/")] == [
        "docs/scenarios/one.yml:14",
        "docs/scenarios/other.yml:14",
    ]


# --- other pages -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ("Words.\n", 1, "the page has no title", "begin it with '# Title'"),
        ("## Words\n", 1, "the page has no title", "begin it with '# Title'"),
        ("", 1, "the page has no title", "begin it with '# Title'"),
        ("---\nhide: [toc]\n---\nWords.\n", 2, "a page needs a 'title'", "add a line 'title: ...'"),
        ("---\ntitle: a: b\n---\nWords.\n", 2, "not YAML: mapping values are not allowed here",
         "look at the indentation, and quote texts that hold ': ' or begin with a sign"),
    ],
)  # fmt: skip
def test_a_page_without_a_title(text, line, message, hint):
    assert told(lambda: parse_document("cite.md", text)) == f"docs/cite.md:{line}: {message}\n  hint: {hint}"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# Cite\n\nIt says so [@marlow2016].\n", 3),
        ("---\ntitle: Cite\n---\n\nIt says\nso [@marlow2016].\n", 6),
        ("# Cite\n\n```\ncode\n```\n\nIt `says`\nso [@marlow2016].\n", 8),
    ],
)
def test_an_unknown_work_is_told_at_its_line_of_a_page(text, line):
    said = told(lambda: format_pages([parse_document("cite.md", text)]))
    assert said == f"docs/cite.md:{line}: no reference 'marlow2016'\n  hint: did you mean 'marlowe2016'?"


def test_what_stands_in_code_is_no_citation():
    text = "# Cite\n\nWrite `[@nobody]`.\n\n```\n[@nobody]\n```\n\n    [@nobody]\n"
    assert format_pages([parse_document("cite.md", text)])["cite.md"].count("[@nobody]") == 3


@pytest.mark.parametrize(
    ("docs", "said"),
    [
        ({}, "docs/faq: faq has no index\n  hint: write docs/faq/index.md, with {index} on a line of its own"),
        (
            {"faq/index.md": "---\ntitle: x\n---\nWords.\n"},
            "docs/faq/index.md:1: the index lists nothing\n  hint: write {index} on a line of its own",
        ),
    ],
)
def test_an_index_that_lists_nothing(docs, said):
    assert told(lambda: build_index(docs, "faq", "lines")) == said


NUMBERS = """\
1: {work: marlowe2016, relation: same, note: first}
2: {work: marlow2016, relation: same, note: second}
3: {work: null, relation: unresolvd, note: third}
"""


def test_a_number_of_the_source_document_names_a_work_that_is_there():
    docs = {"references.md": "# References\n\n{works}\n\n{numbers}\n", "citations.yml": NUMBERS}
    assert told(lambda: citations.build_references_page(docs, WORKS, [])) == (
        "docs/citations.yml:2: no reference 'marlow2016'\n  hint: did you mean 'marlowe2016'?\n"
        "docs/citations.yml:3: 'unresolvd' is not a relation\n  hint: did you mean 'unresolved'?"
    )


# --- the whole site ----------------------------------------------------------------------------------------------------------

BROKEN = {  # file: what is changed, and what is told
    "faq/yap.md": ("<!-- more -->\n", "", "docs/faq/yap.md:10: there is no short answer"),
    "faq/pyk2.md": ("area: genetics and targets", "area: genes", "docs/faq/pyk2.md:3: 'genes' is not a known area"),
    "cite.md": ("title: How to cite", "titel: How to cite", "docs/cite.md:2: a page needs a 'title'"),
    "scenarios/no-synergy.yml": ("    cost: low\n", "    cost: cheap\n", "cost 'cheap' is not known"),
}


@pytest.fixture(scope="module")
def broken():
    """The site's documents with a mistake in four of them."""
    docs = library.load_documents(ROOT / "docs")
    return docs | {path: changed(docs[path], old, new) for path, (old, new, _) in BROKEN.items()}


def test_mistakes_of_several_files_are_told_at_once(broken):
    said = told(lambda: build_pages(broken, CHANGES))
    for path, (_, _, message) in BROKEN.items():
        assert [line for line in said.splitlines() if message in line and line.startswith(f"docs/{path}:")], path


def test_what_follows_from_a_mistake_is_not_told_as_another(broken):
    """That a scenario cannot be read makes no link to it wrong."""
    said = told(lambda: build_pages(broken, CHANGES))
    assert {re.split(r":\d", line)[0] for line in said.splitlines() if line.startswith("docs/")} == {f"docs/{path}" for path in BROKEN}


def test_a_build_with_a_mistake_ends_and_leaves_nothing(tmp_path):
    pytest.importorskip("mkdocs", reason="MkDocs comes with the extra 'site'")
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    old, new, message = BROKEN["faq/yap.md"]
    file = tmp_path / "docs" / "faq" / "yap.md"
    file.write_text(changed(file.read_text("utf-8"), old, new), "utf-8")
    (tmp_path / "CHANGELOG.md").write_text(CHANGES, "utf-8")
    settings = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))
    settings["plugins"] = ["benchsheet"]
    (tmp_path / "mkdocs.yml").write_text(yaml.safe_dump(settings), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--config-file", str(tmp_path / "mkdocs.yml")],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert done.returncode == 1
    assert f"{message}\n  hint: end its paragraph with a line <!-- more -->" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "site").exists()


# --- the theme ---------------------------------------------------------------------------------------------------------------


def test_a_search_that_is_another_than_the_one_that_is_mended_ends_the_build():
    known = "t.TokenSet.prototype.toString=function(){for(var i=0;i<n;i++){var s=r[i],o=this.edges[s];e=e+s+o.id}return e},next"
    assert search_index.patch_search(known, "search.js") == known.replace("o.id}", 'o.id+","}')
    assert told(lambda: search_index.patch_search(known.replace("o.id", "o.name"), "search.js")).startswith(
        "search.js: the theme's search is not the one that is mended here\n  hint: "
    )
