"""Each sheet that a scenario sets has a name of its own: in its title, its button, its files, and on the way back to its question."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchsheet import library
from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.formats.worklist import format_worklist
from benchsheet.site.build import build_pages, companion_files
from benchsheet.site.downloads import Downloads, name_file
from benchsheet.site.kept_files import KeptFolder
from benchsheet.site.sheets import SheetCache
from tests.site_build import ROOT

DOCS = library.load_documents(ROOT / "docs")
NODES = [
    (path.stem, name, node)
    for path in sorted((ROOT / "docs" / "scenarios").glob("*.yml"))
    for name, node in yaml.safe_load(path.read_text("utf-8"))["nodes"].items()
    if node.get("protocol", "none") != "none"
]


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> dict[str, Any]:
    """Return the pages of the site by path, and all files that belong to them."""
    sheets = SheetCache(downloads=Downloads(KeptFolder(tmp_path_factory.mktemp("kept"))))
    pages = build_pages(DOCS, library.load_text(ROOT / "CHANGELOG.md"), sheets)
    return {"pages": {page.path: page for page in pages}, "files": companion_files(pages)}


def page_of(site, scenario, name, node):
    return site["pages"][f"protocols/{node['protocol']}/{scenario}-{name}.md"]


def test_there_are_sheets():
    assert len(NODES) > 30


@pytest.mark.parametrize(("scenario", "name", "node"), NODES, ids=[f"{scenario}-{name}" for scenario, name, _ in NODES])
def test_a_set_sheet_has_its_question_in_title_heading_button_and_files(site, scenario, name, node):
    title = re.sub(r"\\(.)", r"\1", page_of(site, scenario, name, node).title)
    about = yaml.safe_load((Path(library.protocols_folder()) / node["protocol"] / "protocol.yml").read_text("utf-8"))["title"]
    assert title.startswith(f"{about}: {node['sheet']} (")
    for key, words in (("samples", "samples?|conditions?"), ("targets", "targets?")):
        if key in node["values"]:
            assert re.search(rf"[(, ]{len(str(node['values'][key]).split(','))} (?:{words})[,)]", title), "the size is not that of the values"
    button = f"[{title}](../protocols/{node['protocol']}/{scenario}-{name}.md)"
    assert button in site["pages"][f"scenarios/{scenario}.md"].body
    filled = site["files"][f"protocols/{node['protocol']}/{scenario}-{name}.sheet.html"]
    assert f"<h1>{html.escape(title)}</h1>" in filled
    assert f'href="../../scenarios/{scenario}.html#{name}"' in filled
    stem = name_file(node["protocol"], node["sheet"])
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", stem)
    for suffix in ("pdf", "json"):
        assert f"({stem}.{suffix})" in page_of(site, scenario, name, node).body
        assert site["files"][f"protocols/{node['protocol']}/{stem}.{suffix}"]
    record = json.loads(site["files"][f"protocols/{node['protocol']}/{stem}.json"])
    assert record["identity"]["name"] == node["sheet"]
    assert site["files"][f"protocols/{node['protocol']}/{stem}.pdf"].startswith(b"%PDF")


def test_no_two_sheets_have_one_title_one_file_or_one_run(site):
    titles = [page.title for page in site["pages"].values() if page.path.startswith("protocols/")]
    assert len(set(titles)) == len(titles) > 30
    runs = [json.loads(content)["identity"]["run"] for path, content in site["files"].items() if path.endswith(".json")]
    assert len(set(runs)) == len(runs) > 30


def test_the_file_of_the_example_is_called_after_its_question():
    assert name_file("western-blot", "is it FAK at Y397?") == "western-blot-is-it-fak-at-y397"
    assert name_file("srb", "µM, or αβ: 50 %?") == "srb-m-or-50"
    assert name_file("srb") == "srb"


def test_files_are_made_once_and_kept(tmp_path):
    source, asked = library.load_source("srb"), []

    def make():
        asked.append(1)
        return render(source, {})

    first = Downloads(KeptFolder(tmp_path)).take("a 1", make)
    assert sorted(first) == ["csv", "json", "pdf"]
    kept = KeptFolder(tmp_path)
    assert Downloads(kept).take("a 1", make) == first
    assert len(asked) == 1
    (tmp_path / "old.pdf").write_bytes(b"x")
    kept.tidy()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a-1.csv", "a-1.json", "a-1.pdf"]


def test_a_folder_that_cannot_be_written_to_is_not_an_error(tmp_path):
    (tmp_path / "file").write_text("x")
    assert sorted(Downloads(KeptFolder(tmp_path / "file" / "in")).take("a", lambda: render(library.load_source("srb"), {}))) == ["csv", "json", "pdf"]


def test_a_run_without_plates_has_no_list_of_transfers(tmp_path):
    source = library.load_folder(Path(library.protocols_folder()) / "_template")
    with pytest.raises(ProtocolError):
        format_worklist(render(source, {}))
    for _ in range(2):
        assert sorted(Downloads(KeptFolder(tmp_path)).take("a", lambda: render(source, {}))) == ["json", "pdf"]


@pytest.mark.parametrize("name", library.protocol_ids())
def test_the_sheet_at_the_defaults_leads_back_to_the_page_of_its_protocol(name):
    sheet = SheetCache().sheet(name)
    assert re.search(rf'<p class="back"><a href="{name}\.html">Back to: {re.escape(sheet.title)}</a></p>', sheet.fill_in_html)
