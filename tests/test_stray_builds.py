"""Stray pages and the files beside them in a whole build, and as they are written for another builder."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from benchsheet import library
from tests.site_build import ROOT
from tests.small_site import BASE, CHANGES, small_library

__all__ = ["small_library"]


FILES = {
    "notes/stray.md": "# Stray\n\nSaid [@hu2024]. See [the figure](figure.svg), [data](data.csv) and [the other](../plain.md).\n\n{answer: so}\n",
    "notes/figure.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>\n',
    "notes/data.csv": "a,b\n",
    "plain.md": "\ufeff# Plain\n\nWords.\n",
    ".hidden.md": "No title, and [@nobody].\n",
    ".folder/hidden.md": "No title, and [@nobody].\n",
    "my notes (2).md": "# Mine\n\nSaid [@hu2024].\n",
    "draft.md": "# Draft\n",
    "unlisted.md": "# Unlisted\n",
    "decisions/README.md": "[@nobody]\n",
}


@pytest.fixture
def folder(tmp_path):
    """A small site on disk, with the files of a writer in it."""
    root = tmp_path / "site of files"
    settings = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))
    settings["plugins"] = ["benchsheet"]
    settings["exclude_docs"], settings["not_in_nav"] = "draft.md\n", "/unlisted.md\n"
    texts = {f"docs/{path}": text for path, text in (BASE | FILES).items()}
    shutil.copytree(ROOT / "docs" / "assets", root / "docs" / "assets")
    shutil.copytree(library.protocols_folder(), root / "protocols")
    shutil.copytree(ROOT / "macros", root / "macros")
    for path, text in {**texts, "CHANGELOG.md": CHANGES, "mkdocs.yml": yaml.safe_dump(settings)}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return root


def run(root, *words):
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=root,
        env={"PATH": "", "PYTHONPATH": str(root / "macros"), "NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )


def test_a_build_has_the_page_and_its_files_and_nothing_that_is_left_out(folder):
    pytest.importorskip("mkdocs", reason="MkDocs comes with the extra 'site'")
    done = run(folder, "mkdocs", "build", "--strict", "--quiet")
    assert done.returncode == 0, done.stderr
    built = {file.relative_to(folder / "site").as_posix() for file in (folder / "site").rglob("*") if file.is_file()}
    assert {"notes/stray.html", "notes/figure.svg", "notes/data.csv", "plain.html", "unlisted.html"} <= built
    assert {path for path in built if "hidden" in path or "draft" in path or path.startswith("decisions") or path.endswith((".yml", ".md"))} == set()
    page = (folder / "site" / "notes" / "stray.html").read_text("utf-8")
    assert 'id="ref-hu2024"' in page
    assert "[@" not in page
    assert "{answer" not in page
    home = (folder / "site" / "index.html").read_text("utf-8")
    assert 'href="notes/stray.html"' in home
    assert 'href="my%20notes%20%282%29.html"' in (folder / "site" / "references.html").read_text("utf-8")
    assert 'href="plain.html"' in home
    assert 'href="unlisted.html"' not in home


@pytest.mark.parametrize("path", ["stray.md", "notes/deep/stray.md", "faq/deep/stray.md"])
def test_an_unknown_citation_ends_a_build_that_is_not_strict(folder, path):
    pytest.importorskip("mkdocs", reason="MkDocs comes with the extra 'site'")
    file = folder / "docs" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("# Stray\n\nSaid [@nonsense2099].\n", "utf-8")
    done = run(folder, "mkdocs", "build")
    assert done.returncode == 1
    assert f"docs/{path}:3: no reference 'nonsense2099'\n  hint: " in done.stderr
    assert "Traceback" not in done.stderr
    assert not (folder / "site").exists()


def test_a_page_behind_a_link_to_a_folder_is_never_published_raw(folder, tmp_path):
    pytest.importorskip("mkdocs", reason="MkDocs comes with the extra 'site'")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "raw.md").write_text("# Raw\n\n[@nobody]\n", "utf-8")
    try:
        (folder / "docs" / "linked").symlink_to(tmp_path / "other", target_is_directory=True)
    except OSError:
        pytest.skip("this system makes no links for this user")
    done = run(folder, "mkdocs", "build")
    assert done.returncode == 1
    assert "docs/linked/raw.md: no " in done.stderr


def test_the_pages_for_another_builder_are_the_same(folder):
    done = run(folder, "benchsheet", "pages", "out")
    assert done.returncode == 0, done.stderr
    docs = folder / "out" / "docs"
    page = (docs / "notes" / "stray.md").read_text("utf-8")
    assert '<li id="ref-hu2024">' in page
    assert "[@" not in page
    assert (docs / "notes" / "figure.svg").read_text("utf-8") == FILES["notes/figure.svg"]
    assert (docs / "notes" / "data.csv").is_file()
    assert (docs / "plain.md").read_text("utf-8").endswith("# Plain\n\nWords.\n")
    names = [file.name for file in docs.rglob("*") if file.is_file()]
    assert not {"draft.md", "hidden.md", ".hidden.md", "citations.yml"} & set(names)
    shown = yaml.safe_load((folder / "out" / "mkdocs.yml").read_text("utf-8"))["nav"]
    assert {"Notes": ["notes/stray.md"]} in shown
    assert "plain.md" in shown


def test_an_unknown_citation_ends_the_writing_of_pages(folder):
    (folder / "docs" / "stray.md").write_text("# Stray\n\nSaid [@nonsense2099].\n", "utf-8")
    done = run(folder, "benchsheet", "pages", "out")
    assert done.returncode != 0
    assert "docs/stray.md:3: no reference 'nonsense2099'" in done.stderr
    assert not (folder / "out").exists()


def test_documents_of_a_folder_are_read_and_other_files_named(tmp_path):
    root = tmp_path / "docs"
    for path in ("a.md", "b/c.svg", "b/d.csv", "assets/e.yml", "assets/f.md", ".g/h.md", "b/.i.md"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(f"text of {Path(path).name}", "utf-8")
    assert library.load_documents(root) == {
        "a.md": "text of a.md",
        "assets/e.yml": "",
        "assets/f.md": "text of f.md",
        "b/c.svg": "text of c.svg",
        "b/d.csv": "",
    }
