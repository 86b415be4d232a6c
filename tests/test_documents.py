"""What the documents say of the program is what the program does."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from benchsheet import library
from benchsheet.authoring.check import check_protocol
from benchsheet.calculators import CALCULATORS
from benchsheet.cli import COMMANDS
from benchsheet.engine import render
from benchsheet.expressions.grammar import FUNCTION_NAMES
from benchsheet.formats.text import format_text
from benchsheet.protocol.source import Source
from benchsheet.repipette import replay
from benchsheet.run.verbs import VERBS
from benchsheet.site.build import build_pages
from benchsheet.templating.step_tag import STEP_OPTIONS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
GUIDE = ROOT / "docs" / "guide"


def test_the_sheet_in_the_readme_is_cut_from_the_real_one() -> None:
    shown = README.split("```text\n")[1].split("```")[0].splitlines()
    sheet = set(format_text(render(library.load_source("srb"), {"plates": "4", "counted": "1.2e6 cells/mL"})).splitlines())
    cut = [line for line in shown if line.strip() not in {"", "..."} and "digest" not in line]
    assert len(cut) > 25
    assert [line for line in cut if line not in sheet] == []


def test_the_readme_names_every_command() -> None:
    assert set(re.findall(r"^\| `benchsheet (\w+)", README, re.MULTILINE)) == set(COMMANDS)


def test_the_guide_has_every_verb_once_with_an_example_that_calls_it() -> None:
    rows = re.findall(r"^\| `(\w+)` \|.*\| `(\w+)\(", (GUIDE / "verbs.md").read_text("utf-8"), re.MULTILINE)
    assert [verb for verb, _ in rows] == list(VERBS)
    assert all(verb == called for verb, called in rows)


def test_the_guide_has_every_option_of_a_step_and_every_function_of_the_expressions() -> None:
    guide = (GUIDE / "index.md").read_text("utf-8")
    options = set(re.findall(r"`(\w+)`", guide.split("| option | means |")[1].split("Step prose")[0]))
    assert set(STEP_OPTIONS) <= options
    assert all(re.search(rf"\b{function}\b", guide) for function in FUNCTION_NAMES)


# The words of a command as it is typed, and what it writes.
EXAMPLES = [
    (shlex.split(typed.replace("\\\n", "")), shown)
    for typed, shown in re.findall(
        r"^```console\n\$ benchsheet ((?:[^\n\\]|\\\n)+)\n((?:.*\n)*?)```$", (GUIDE / "calculators.md").read_text("utf-8"), re.MULTILINE
    )
]


@pytest.mark.parametrize(("words", "shown"), EXAMPLES, ids=[f"{n} {words[1]}" for n, (words, _) in enumerate(EXAMPLES)])
def test_an_example_of_the_calculators_writes_what_the_guide_shows(cli, words: list[str], shown: str) -> None:
    answer = cli(*words)
    assert answer.code == 0
    assert answer.out == shown


def test_the_guide_has_an_example_of_every_calculator_under_its_name() -> None:
    guide = (GUIDE / "calculators.md").read_text("utf-8")
    assert sorted(re.findall(r"^### (\w+)$", guide, re.MULTILINE)) == sorted(CALCULATORS)
    assert {words[1] for words, _ in EXAMPLES} == set(CALCULATORS)
    assert len(EXAMPLES) == guide.count("```console")


def _shown(document: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", (GUIDE / document).read_text("utf-8"), re.MULTILINE | re.DOTALL)


def test_the_protocol_in_the_guide_to_recipes_makes_the_sheet_that_it_tells_of() -> None:
    """24 wells x 100 uL are 2.4 mL; 2.64 mL with a tenth, 2.642 mL with what the tube keeps, in two figures up 2.7 mL."""
    files = {"protocol.yml": _shown("recipes.md", "yaml")[0], "protocol.md.j2": _shown("recipes.md", "jinja")[0]}
    record = render(Source(id="lysis", folder="protocols/lysis", files=files, shared_files=library.load_source("srb").shared_files))
    assert replay(json.dumps(record)).wrong == []
    made = {each["id"]: {part["reagent"] for part in each["components"]} for each in record["preparations"]}
    (lysis,) = (each for each in record["reagents"] if each["id"] == "lysis")
    assert (lysis["used"]["text"], lysis["prepare"]["text"][:3], lysis["note"]) == ("2.4 mL", "2.7", "on ice, used within 10 min")
    (note,) = (each["note"] for each in record["preparations"] if each["id"] == "lysis")
    assert note.startswith("ice-cold")
    assert note.endswith("on ice, used within 10 min")  # how it is made, then the protocol's own word
    assert len(made["lysis"] - {"RIPA"}) == 5
    assert len(made["RIPA"] - {"water"}) == 5


def test_the_row_in_the_guide_to_recipes_is_a_row_of_the_recipes() -> None:
    shared = dict(library.load_source("srb").shared_files)
    row = _shown("recipes.md", "yaml")[1].removeprefix("rows:\n")
    shared["recipes.yml"] = shared["recipes.yml"].replace("\nrows:\n", f"\nrows:\n{row}")
    assert check_protocol(Source(id="one", folder="protocols/one", files={}, shared_files=shared)).mistakes == [
        "protocols/one: there is no protocol.yml\n  hint: 'benchsheet new one' makes one"
    ]


def test_every_relative_link_of_a_document_leads_to_a_file_or_to_a_page_that_the_site_makes() -> None:
    docs = ROOT / "docs"
    made = {docs / page.path for page in build_pages(library.load_documents(docs), library.load_text(ROOT / "CHANGELOG.md"))}
    for document in [*ROOT.glob("*.md"), *docs.rglob("*.md")]:
        for link in re.findall(r"\]\((?!https?://)([^)#]+)", document.read_text("utf-8")):
            target = (document.parent / link).resolve()
            assert target.exists() or target in made, f"{document.name}: {link}"
