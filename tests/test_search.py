"""The search of the built site, asked as a page asks it: what tired people type, and each name of each row, finds the right place first."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from benchsheet import library
from benchsheet.protocol.recipes import read_recipes
from benchsheet.protocol.tables import parse_table
from benchsheet.site.british_spelling import spell_abroad
from benchsheet.site.table_views import row_anchor
from tests.search_worker import ASK
from tests.site_build import built

QUERIES = [
    tuple(line.split("\t")) for line in (Path(__file__).parent / "search_queries.tsv").read_text("utf-8").splitlines() if not line.startswith("#")
]
SHARED = library.load_shared_files()
TABLES = ("drugs", "cell_lines", "antibodies")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return built(tmp_path_factory)


@pytest.fixture(scope="module")
def index(site):
    return json.loads((site / "search" / "search_index.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def first(browser, site):
    """A function that gives the first place that each of some questions finds."""
    page = browser.new_page()
    page.goto((site / "index.html").as_uri())
    worker = next((site / "assets" / "javascripts" / "workers").glob("search*.js"))

    def ask(asked):
        """Return the first place that each question finds, or "nothing"."""
        found = page.evaluate(ASK, [worker.as_uri(), list(asked)])
        return {words: next(iter(places), "nothing") for words, places in found.items()}

    yield ask
    page.close()


def test_what_people_type_finds_the_right_place_first(first):
    assert len(QUERIES) >= 250
    found = first(query for query, _ in QUERIES)
    wrong = {query: found[query] for query, wanted in QUERIES if not found[query].startswith(tuple(wanted.split(" ")))}
    assert wrong == {}


def names_of(table):
    """Each name of each row, with the place of the row; a name of two rows is in neither."""
    rows = parse_table(table, SHARED[f"{table}.yml"], table).rows
    names = [(name, f"tables/{table}.html#{row_anchor(row)}") for row, cells in rows.items() for name in (row, *cells.get("synonyms", ()))]
    return [(name, place) for name, place in names if name != "other"]


@pytest.mark.parametrize("table", TABLES)
def test_each_name_of_a_drug_a_line_and_a_target_finds_its_row_first(first, table):
    names = names_of(table)
    assert len(names) > 20
    found = first(name for name, _ in names)
    assert {name: found[name] for name, place in names if found[name] != place} == {}


def test_a_name_is_found_without_its_hyphens_and_capitals(first):
    names = [(name, place) for table in TABLES for name, place in names_of(table) if re.search(r"[- ]", name)]
    typed = {re.sub(r"[- ]", "", name).lower(): place for name, place in names}
    found = first(typed)
    assert {name: found[name] for name, place in typed.items() if found[name] != place} == {}


def test_each_recipe_is_first_for_its_name(first):
    rows = read_recipes(SHARED["recipes.yml"], "recipes.yml")
    names = {rows.mapping(one).text("name", one): f"tables/recipes.html#{row_anchor(one)}" for one in rows}
    found = first(names)
    assert {name: found[name] for name, place in names.items() if found[name] != place} == {}


def test_no_word_of_the_lab_is_split_before_a_capital(index):
    separator = re.compile(index["config"]["separator"])
    for word in ("kDa", "HeLa", "DNase", "NaCl", "KCl", "µmol/L", "0.5"):
        assert separator.split(word) == [word]
    assert separator.split("one-two; three.")[:3] == ["one", "two", "three"]


def test_the_code_of_a_notebook_is_not_in_the_index_and_its_results_are(index):
    said = " ".join(entry["text"] for entry in index["docs"] if entry["location"].startswith("analysis/"))
    assert "import numpy" not in said
    assert "def " not in said
    assert "Copied!" not in said
    assert "relative IC50" in re.sub("<[^>]*>", "", said)


def test_the_words_of_a_drawing_are_not_in_the_index(site, index):
    """They stand one after the other without a blank: pFAKFAK."""
    said = "".join(entry["text"] for entry in index["docs"])
    drawings = [text for file in site.rglob("*.html") for text in re.findall(r"<svg .*?</svg>", file.read_text("utf-8"), re.DOTALL)]
    assert len(drawings) > 100
    words = [re.findall(r"<text[^>]*>([^<]+)</text>", drawing) for drawing in drawings]
    assert {"".join(each) for each in words if len(each) > 1 and len("".join(each)) > 6 and "".join(each) in said} == set()


def test_each_row_of_a_reference_table_is_an_entry_with_a_place_on_its_page(site, index):
    places = [entry["location"] for entry in index["docs"]]
    assert len(places) == len(set(places))
    for file in sorted((site / "tables").glob("*.html")):
        rows = re.findall(r'<tr id="([^"]+)">', file.read_text("utf-8"))
        assert {f"tables/{file.name}#{row}" for row in rows} <= set(places)
        assert rows or file.name == "index.html"


@pytest.mark.parametrize(
    ("word", "other"),
    [("tumour", "tumor"), ("licence", "license"), ("colour", "color"), ("sulphate", "sulfate"), ("neutralise", "neutralize"),
     ("millilitre", "milliliter"),
     ("haemocytometer", "hemocytometer"), ("labelled", "labeled"), ("centrifugation", None), ("size", None), ("rise", None), ("IC50", None)],
)  # fmt: skip
def test_both_sides_of_the_ocean_are_understood(word, other):
    assert spell_abroad(word) == ({other} if other else set())
    assert other is None or word in spell_abroad(other)
