"""A small site for tests of its pages: what every site needs, one protocol, one question, and the places where a stray page may be."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from benchsheet import library
from benchsheet.errors import ProtocolError
from benchsheet.site.build import build_pages, format_pages
from benchsheet.site.site_map import build_navigation
from tests.benchmark.site import NEEDED

HOME = Path(library.protocols_folder())
CHANGES = "# What changed\n\nNothing yet.\n"
ANSWER = (
    "---\ntitle: Is it so?\narea: bench\norder: 10\ndirection: neither\nevidence: general\nreferences: [hu2024]\n---\n"
    "It is [@hu2024].\n\n<!-- more -->\n\nMore.\n"
)
BASE = NEEDED | {"faq/so.md": ANSWER}
# One place for each kind: beside the index, in a folder of its own, two folders down, and in each folder that has a meaning of its own.
PLACES = [
    "stray.md", "notes/stray.md", "notes/deep/stray.md", "assets/stray.md", "faq/deep/stray.md", "mechanisms/stray.md", "mechanisms/deep/stray.md",
    "scenarios/stray.md", "protocols/stray.md", "protocols/fill/stray.md", "tables/stray.md", "guide/deep/stray.md", "analysis/stray.md",
]  # fmt: skip


@pytest.fixture(autouse=True)
def small_library(tmp_path, monkeypatch):
    """A library of one protocol, which is the template that comes along."""
    folder = tmp_path / "library"
    shutil.copytree(HOME / "_shared", folder / "_shared")
    shutil.copytree(HOME / "_template", folder / "fill")
    monkeypatch.setattr(library, "protocols_folder", lambda: folder)


def made(path, text):
    """Return the page *path* with *text* as it goes to the build."""
    return format_pages(build_pages(BASE | {path: text}, CHANGES))[path]


def refused(docs):
    """Return what a site with the files *docs* is refused with."""
    with pytest.raises(ProtocolError) as mistake:
        format_pages(build_pages(BASE | docs, CHANGES))
    return str(mistake.value)


def listed(docs, notebooks=()):
    return build_navigation(build_pages(BASE | docs, CHANGES), notebooks)


def flat(part):
    """Return the paths in a part of the navigation."""
    if isinstance(part, str):
        return [part]
    return [path for each in (part.values() if isinstance(part, dict) else part) for path in flat(each)]
