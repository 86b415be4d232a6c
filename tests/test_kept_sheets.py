"""What a build keeps for the next: a sheet is taken from it if nothing that decides it has changed, and else made anew."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml

from benchsheet import engine, library
from benchsheet._dataclass import replace
from benchsheet.engine import load_protocol
from benchsheet.lab import default_lab
from benchsheet.protocol.reader import read_protocol
from benchsheet.record import identity
from benchsheet.site import sheets as sheets_of
from benchsheet.site.build import build_pages, hidden_pages
from benchsheet.site.page import NAVIGATION_LIMIT
from benchsheet.site.sheets import SheetCache
from benchsheet.site.site_map import build_navigation
from tests.benchmark.site import NEEDED
from tests.site_build import ROOT

HOME = Path(library.protocols_folder())
MAKER = "a Python"
USING = """title: Pull
summary: A use of another.
version: 0.1.0
parameters:
  wells: {count: well, label: wells, default: 4, min: 1, max: 24, evidence: house}
reagents:
  water: {name: deionised water}
vessels:
  tube: {labware: tube-1.5, count: 1, groups: {one: A1}}
uses:
  fill:
    protocol: fill
    values: {samples: wells}
"""
PULL = '{% step "Begin" %}\nGive {{ add("water", "1 mL/tube", to="tube/one") }}.\n{% endstep %}\n{{ protocol("fill") }}\n'


def example(folder, name, title):
    shutil.copytree(HOME / "_template", folder / name)
    spec_of = folder / name / "protocol.yml"
    spec_of.write_text(spec_of.read_text("utf-8").replace("NEW-PROTOCOL", title), "utf-8")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A folder of two protocols, of which one uses the other, and what they share."""
    folder = tmp_path / "library"
    shutil.copytree(HOME / "_shared", folder / "_shared")
    example(folder, "fill", "Fill")
    (folder / "pull").mkdir()
    (folder / "pull" / "protocol.yml").write_text(USING, "utf-8")
    (folder / "pull" / "protocol.md.j2").write_text(PULL, "utf-8")
    monkeypatch.setattr(library, "protocols_folder", lambda: folder)
    return folder


@pytest.fixture
def rendered(monkeypatch):
    """How often each protocol is rendered."""
    found: Counter[str] = Counter()

    def counted(source, *rest, **named):
        found[source.id] += 1
        return engine.render(source, *rest, **named)

    monkeypatch.setattr(sheets_of, "render", counted)
    return found


def asked(sheets, **given):
    """Ask for the sheets of both protocols, and one of them with values; return all three."""
    return [sheets.sheet("fill"), sheets.sheet("pull"), sheets.sheet("fill", given or {"samples": "7"})]


def kept(maker=MAKER):
    sheets = SheetCache("", maker)
    return asked(sheets), sheets.dump()


def test_a_sheet_is_rendered_once_and_then_taken_from_what_was_kept(rendered):
    first, text = kept()
    assert rendered == {"fill": 2, "pull": 1}
    again = SheetCache(text, MAKER)
    assert asked(again) == first
    assert asked(again) == first
    assert rendered == {"fill": 2, "pull": 1}
    assert again.dump() == text


CHANGES = {
    "its template": ("fill/protocol.md.j2", "Fill the wells", "Fill all wells", {"fill": 2, "pull": 1}),
    "its declaration": ("fill/protocol.yml", "default: 4", "default: 5", {"fill": 2, "pull": 1}),
    "the one that uses it": ("pull/protocol.md.j2", "Begin", "Start", {"pull": 1}),
    "a shared table": ("_shared/hazards.yml", "about: ", "about: To be read. ", {"fill": 2, "pull": 1}),
    "the works": ("_shared/references.bib", "year = {2016}", "year = {2017}", {"fill": 2, "pull": 1}),
    "a case": ("fill/cases/defaults.yml", "- reason:", "# more\n- reason:", {}),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_sheet_is_made_anew_when_a_file_that_decides_it_has_changed(home, rendered, what):
    path, old, new, expected = CHANGES[what]
    _, text = kept()
    rendered.clear()
    file = home / path
    words = file.read_text("utf-8")
    assert old in words
    file.write_text(words.replace(old, new, 1), "utf-8")
    found = asked(SheetCache(text, MAKER))
    assert rendered == expected
    assert found == asked(SheetCache("", MAKER))


def test_a_sheet_with_other_values_is_another(rendered):
    _, text = kept()
    rendered.clear()
    sheet = SheetCache(text, MAKER).sheet("fill", {"samples": "8"})
    assert rendered == {"fill": 1}
    assert "8 wells" in sheet.body


def test_another_engine_makes_every_sheet_anew(rendered, monkeypatch):
    _, text = kept()
    rendered.clear()
    monkeypatch.setattr(identity, "engine_digest", lambda: "0" * 64)
    asked(SheetCache(text, MAKER))
    assert rendered == {"fill": 2, "pull": 1}


def test_another_usual_lab_makes_every_sheet_anew(rendered, monkeypatch):
    _, text = kept()
    rendered.clear()
    monkeypatch.setattr(sheets_of, "default_lab", lambda: replace(default_lab(), tolerance=default_lab().tolerance * 2))
    asked(SheetCache(text, MAKER))
    assert rendered == {"fill": 2, "pull": 1}


def test_what_another_python_made_is_made_anew(rendered):
    _, text = kept()
    rendered.clear()
    assert asked(SheetCache(text, "another Python")) == asked(SheetCache("", MAKER))
    assert rendered == {"fill": 4, "pull": 2}


SPOILT = {
    "cut short": lambda text: text[:-20],
    "empty": lambda _: "",
    "no text of ours": lambda _: "{}\n{}\n",
    "a changed figure": lambda text: text.replace("**200 µL**", "**300 µL**"),
    "without its sum": lambda text: text.partition("\n")[2],
    "two at once": lambda text: text + text,
}


def test_what_was_kept_in_an_earlier_form_is_made_anew(rendered):
    sheets = {"a key": dict.fromkeys(("title", "body"), "words")}
    for text in (json.dumps({"by": MAKER, "sheets": sheets}), json.dumps({"by": ["other", MAKER], "sheets": sheets}), json.dumps([1])):
        rendered.clear()
        asked(SheetCache(f"{hashlib.sha256(text.encode()).hexdigest()}\n{text}\n", MAKER))
        assert rendered == {"fill": 2, "pull": 1}


@pytest.mark.parametrize("how", SPOILT)
def test_what_is_spoilt_is_made_anew(rendered, how):
    first, text = kept()
    spoilt = SPOILT[how](text)
    assert spoilt != text
    rendered.clear()
    assert asked(SheetCache(spoilt, MAKER)) == first
    assert rendered == {"fill": 2, "pull": 1}


def test_what_is_not_asked_for_is_not_kept_on():
    _, text = kept()
    fewer = SheetCache(text, MAKER)
    fewer.sheet("fill")
    assert len(json.loads(fewer.dump().split("\n")[1])["sheets"]) == 1


def test_a_protocol_that_has_changed_is_read_again_by_the_next_build_of_one_process(home):
    """`mkdocs serve` builds again and again."""
    assert "Fill the wells" in SheetCache().sheet("pull").body
    file = home / "fill" / "protocol.md.j2"
    file.write_text(file.read_text("utf-8").replace("Fill the wells", "Fill all wells"), "utf-8")
    assert "Fill all wells" in SheetCache().sheet("pull").body


def test_a_copy_of_a_source_with_other_files_is_read_anew():
    source = library.load_all_sources()["fill"]
    assert load_protocol(source).title == "Fill"
    files = {name: text.replace("title: Fill", "title: Pour") for name, text in source.files.items()}
    assert load_protocol(replace(source, files=files)).title == "Pour"
    assert load_protocol(source) is load_protocol(source)


# --- many protocols ----------------------------------------------------------------------------------------------------------

DOCS = {path: text for path, text in NEEDED.items() if path.endswith((".md", ".yml"))}


def work(folder, count, monkeypatch):
    """Return how many files are read, protocols declared and sheets rendered for the pages of *count* protocols."""
    home = folder / f"protocols-{count}"
    shutil.copytree(HOME / "_shared", home / "_shared")
    for number in range(count):
        example(home, f"example-{number:03}", f"Example {number}")
    found: Counter[str] = Counter()

    def counting(name, do):
        def counted(*words, **named):
            found[name] += 1
            return do(*words, **named)

        return counted

    with monkeypatch.context() as during:
        during.setattr(library, "protocols_folder", lambda: home)
        during.setattr(library, "load_text", counting("read", library.load_text))
        during.setattr(engine, "read_protocol", counting("declared", read_protocol))
        during.setattr(sheets_of, "render", counting("rendered", engine.render))
        found["pages"] = len(build_pages(DOCS, "# What changed\n"))
    return found


def test_twice_the_protocols_are_twice_the_work(tmp_path, monkeypatch):
    """More than 64, which is as many as an earlier build held at a time."""
    few, many = (work(tmp_path, count, monkeypatch) for count in (34, 68))
    assert few["declared"] == few["rendered"] == 34
    assert many["declared"] == many["rendered"] == 68
    own = sum(1 for file in (HOME / "_template").rglob("*") if file.suffix in (".yml", ".j2"))
    assert many["read"] - few["read"] == 34 * own
    assert many["pages"] - few["pages"] == 34


def listed(folder, count, monkeypatch):
    home = folder / "protocols"
    shutil.copytree(HOME / "_shared", home / "_shared")
    for number in range(count):
        example(home, f"example-{number:03}", f"Example {number}")
    monkeypatch.setattr(library, "protocols_folder", lambda: home)
    found = build_pages(DOCS, "# What changed\n")
    shown = build_navigation(found, [])
    (section,) = [each["Protocols"] for each in shown if "Protocols" in each]
    return found, shown, section


def test_as_many_protocols_as_a_reader_can_look_through_are_in_the_navigation(tmp_path, monkeypatch):
    found, shown, section = listed(tmp_path, NAVIGATION_LIMIT, monkeypatch)
    assert section == ["protocols/index.md", *(f"protocols/example-{number:03}.md" for number in range(NAVIGATION_LIMIT))]
    assert hidden_pages(found, shown) == []


def test_more_protocols_are_found_by_their_index_and_the_search(tmp_path, monkeypatch):
    """The navigation stands on every page, so that it would make each page longer with each protocol."""
    found, shown, section = listed(tmp_path, NAVIGATION_LIMIT + 1, monkeypatch)
    names = [f"protocols/example-{number:03}.md" for number in range(NAVIGATION_LIMIT + 1)]
    assert section == ["protocols/index.md"]
    assert hidden_pages(found, shown) == names
    index = next(page for page in found if page.path == "protocols/index.md")
    assert all(f"({name.removeprefix('protocols/')})" in index.body for name in names)
    assert all(page.is_listed for page in found)  # so that the search has them


def test_an_index_of_very_many_goes_by_their_first_letters(tmp_path, monkeypatch):
    listed(tmp_path, NAVIGATION_LIMIT - 1, monkeypatch)
    for name, title in (("a", "Zeta stain"), ("z", "alpha stain")):
        example(tmp_path / "protocols", name, title)
    index = next(page for page in build_pages(DOCS, "# What changed\n") if page.path == "protocols/index.md")
    heads = [line for line in index.body.splitlines() if line.startswith(("## ", "[a", "[Z", "[Example 0]"))]
    assert heads == ["## A", "[alpha stain](z.md)", "## E", "[Example 0](example-000.md)", "## Z", "[Zeta stain](a.md)"]


# --- whole builds ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def site(tmp_path):
    """A site of one protocol and hardly more, with the program that builds it."""
    pytest.importorskip("mkdocs", reason="MkDocs is not installed")
    shutil.copytree(ROOT / "macros", tmp_path / "macros")
    shutil.copytree(HOME / "_shared", tmp_path / "protocols" / "_shared")
    example(tmp_path / "protocols", "fill", "Fill")
    settings = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))
    settings["plugins"] = [each for each in settings["plugins"] if "mkdocs-jupyter" not in each]
    shutil.copytree(ROOT / "docs" / "assets", tmp_path / "docs" / "assets")
    texts = {**NEEDED, "../CHANGELOG.md": "# What changed\n\nNothing.\n", "../mkdocs.yml": yaml.safe_dump(settings)}
    for path, text in texts.items():
        (tmp_path / "docs" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "docs" / path).write_text(text, "utf-8")
    return tmp_path


def build(folder, *, cwd=None):
    """Build a site; return its pages by their paths."""
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--config-file", str(folder / "mkdocs.yml")],
        cwd=cwd or folder,
        env=os.environ | {"PYTHONPATH": str(folder / "macros"), "NO_MKDOCS_2_WARNING": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in (folder / "site").rglob("*.html")}


def test_the_second_build_says_the_same_as_the_first_from_what_that_kept(site):
    first = build(site)
    file = site / ".cache" / "benchsheet-sheets.txt"
    assert sorted(each.name for each in file.parent.iterdir()) == [
        "benchsheet-downloads",
        "benchsheet-pages",
        "benchsheet-sheets.txt",
        "benchsheet.txt",
    ]  # and no part of one
    assert build(site) == first
    text = file.read_text("utf-8")
    # A sum of our own makes a figure that nobody worked out: so it is what was kept that the page shows.
    other = text.partition("\n")[2].replace("**200 µL**", "**300 µL**")
    file.write_text(f"{hashlib.sha256(other.removesuffix(chr(10)).encode()).hexdigest()}\n{other}", "utf-8")
    shown = build(site)["site/protocols/fill.html"].decode()
    assert "<strong>300 µL</strong>" in shown
    assert "<strong>200 µL</strong>" not in shown


def with_notebook(site):
    """Add a notebook to a site."""
    pytest.importorskip("mkdocs_jupyter", reason="mkdocs-jupyter is not installed")
    settings = yaml.safe_load((site / "mkdocs.yml").read_text("utf-8"))
    settings["plugins"].append({"mkdocs-jupyter": {"execute": False}})
    (site / "mkdocs.yml").write_text(yaml.safe_dump(settings), "utf-8")
    cell = {"cell_type": "markdown", "id": "one", "metadata": {}, "source": "# Look"}
    (site / "docs" / "analysis").mkdir()
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (site / "docs" / "analysis" / "look.ipynb").write_text(json.dumps(notebook), "utf-8")


def spoil(site):
    """Let the kept result of the notebook say what the notebook does not."""
    (kept_result,) = (site / ".cache" / "mkdocs-jupyter").iterdir()
    kept_result.write_text(kept_result.read_text("utf-8").replace("Look", "Old"), "utf-8")


def change(site, old="Fill the wells", new="Fill all wells"):
    file = site / "protocols" / "fill" / "protocol.md.j2"
    file.write_text(changed(file.read_text("utf-8"), old, new), "utf-8")


def changed(text, old, new):
    assert old in text
    return text.replace(old, new)


def test_results_of_notebooks_are_kept_beside_the_settings_and_old_ones_or_none_make_the_same_pages(site):
    with_notebook(site)
    elsewhere = site / "elsewhere"
    elsewhere.mkdir()
    build(site, cwd=elsewhere)
    assert list(elsewhere.iterdir()) == []
    spoil(site)
    assert b"Old" in build(site, cwd=elsewhere)["site/analysis/look.html"]
    # Those that are old and cannot be removed are not taken: what is removed is never what a link leads to.
    results = site / ".cache" / "mkdocs-jupyter"
    results.rename(site / "results")
    results.symlink_to(site / "results")
    change(site)
    assert b"Old" not in build(site)["site/analysis/look.html"]
    results.unlink()
    (site / "results").rename(results)
    spoil(site)
    change(site, "Fill all wells", "Fill each well")
    shown = build(site, cwd=elsewhere)
    assert b"Old" not in shown["site/analysis/look.html"]
    (result,) = results.iterdir()
    assert "Old" not in result.read_text("utf-8")
    # A build that can keep nothing is a build all the same.
    shutil.rmtree(site / ".cache")
    (site / ".cache").write_text("no folder", "utf-8")
    assert build(site) == shown
    assert (site / ".cache").read_text("utf-8") == "no folder"
