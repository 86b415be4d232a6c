"""Each writer of a Markdown table keeps a cell one cell, with the words that were given, whatever signs are in them."""

from __future__ import annotations

import copy
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from markdown_it import MarkdownIt

from benchsheet import library
from benchsheet.formats.markdown import format_markdown
from benchsheet.markup import escape_markdown, write_table
from benchsheet.run.verb_result import markdown_table
from benchsheet.site.build import build_pages, format_pages
from benchsheet.site.diagram_pages import edge_table, states_table
from benchsheet.site.diagrams import Diagram, DiagramEdge, DiagramNode, DiagramState
from benchsheet.site.page import plain_words
from benchsheet.site.table_views import TableView, format_page
from tests.benchmark.site import NEEDED
from tests.records import record_named

# Signs that mean something in a table or in Markdown, alone and together, and a line's end.
CELLS = (
    *("a|b", "|", "a\\", "a\\|b", "a\\\\|b", "<b>", "*a*", "_a_", "`a", "`a`|b", "a\nb", "a\r\n\r\nb", "[a](b)", "&amp;", "~~a~~", "$a$", "# a"),
    "a|b\\c<d>*e*`f\ng_h_ & [i](j)",
)


def words(cell):
    """Return the words of a cell as they are read: on one line."""
    return re.sub(r"\s+", " ", cell).strip()


def sheet_rows(text):
    """Return the cells of all tables of a sheet in CommonMark, as a reader sees them."""
    rows: list[list[str]] = []
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and token.level > 3 and rows:
            rows[-1].append("".join(child.content for child in token.children or ()))
    return rows


def page_rows(text):
    """Return the cells of all tables of a page, as a browser shows what Python's Markdown makes of it."""
    library_of_markdown = pytest.importorskip("markdown", reason="Markdown comes with the extra 'site'")
    made = library_of_markdown.Markdown(extensions=["attr_list", "md_in_html", "tables"]).convert(text)
    return [["".join(cell.itertext()) for cell in row] for row in ET.fromstring(f"<div>{made}</div>").iter("tr")]  # noqa: S314 - our own words


@pytest.mark.parametrize("cell", CELLS)
def test_plain_words_of_a_step_stay_in_their_cell(cell):
    assert sheet_rows(markdown_table((cell, "to"), [("x", cell), (cell, "y")], "lr")) == [[words(cell), "to"], ["x", words(cell)], [words(cell), "y"]]


@pytest.mark.parametrize("cell", CELLS)
def test_plain_words_of_a_record_stay_in_their_cell(cell):
    record = copy.deepcopy(record_named("srb"))
    (first, *_) = (reagent for reagent in record["reagents"] if not reagent["made"])
    first["name"], first["overage"]["text"] = cell, cell
    for well in record["plates"][0]["groups"].values():
        well["mark"] = cell
    columns = record["plates"][0]["columns"]
    rows = sheet_rows(format_markdown(record))
    assert [words(cell), first["used"]["text"], first["prepare"]["text"], words(cell)] in rows
    assert ["A", *[words(cell)] * columns] in rows


@pytest.mark.parametrize("cell", CELLS)
def test_plain_words_of_a_reference_table_stay_in_their_cell(cell):
    view = TableView(
        title="title", about="about", head=[plain_words(cell), "evidence"], rows=[("row", [plain_words(cell), "computed"])], column_help={}
    )
    assert page_rows(format_page([view]).split("---\n", 2)[2]) == [[words(cell), "evidence"], [words(cell), "computed"]]


@pytest.mark.parametrize("cell", CELLS)
def test_markdown_stays_in_its_cell(cell):
    assert sheet_rows(write_table(("a", "b"), [(escape_markdown(cell), "z")], "rl")) == [["a", "b"], [words(cell), "z"]]
    assert [len(row) for row in sheet_rows(write_table(("a", "b"), [(cell, cell)]))] == [2, 2]  # code may be open to its end


@pytest.mark.parametrize("cell", ["a|b", "a\\|b", "a\nb"])
def test_what_a_picture_says_stays_in_its_cell(cell):
    nodes = {name: DiagramNode(id=name, label=cell, kind="protein", link="index.md", about="x") for name in ("one", "two")}
    edge = DiagramEdge(start="one", end="two", type="binds", when="", evidence="general", cite=("general",), note=cell)
    picture = Diagram(
        id="id",
        title="title",
        direction="direction",
        caption="caption",
        description="description",
        nodes=nodes,
        edges=(edge,),
        rank=(),
        states=(DiagramState(name=cell, active_edges=(("one", "two"),), meaning=cell),),
    )
    seen = words(cell).replace("\\|", "|")
    assert page_rows(edge_table(picture))[1] == [seen, "binds", seen, "general", f"{seen} [@general]"]
    assert page_rows(states_table(picture))[1] == [seen, f"{seen} binds {seen}", seen]


def test_what_a_protocol_says_stays_in_its_cell(tmp_path, monkeypatch):
    for name in ("_shared", "_template"):
        shutil.copytree(Path(library.protocols_folder()) / name, tmp_path / name.replace("_template", "fill"))
    monkeypatch.setattr(library, "protocols_folder", lambda: tmp_path)
    file = tmp_path / "fill" / "protocol.yml"
    file.write_text(file.read_text("utf-8").replace('help: "a well"', 'help: "a|b <c> *d* `e"'), "utf-8")
    pages = format_pages(build_pages(NEEDED, "# What changed"))
    assert "a|b <c> *d* `e" in [row[1] for row in page_rows(pages["protocols/fill.md"]) if len(row) == 4]
