"""From the home page everything is found: each section of the navigation has a page that it leads to."""

from __future__ import annotations

import re
from pathlib import Path

from benchsheet import library
from benchsheet.site.build import build_pages
from benchsheet.site.site_map import build_navigation, notebook_paths
from tests.small_site import flat

ROOT = Path(__file__).parent.parent
HOME = (ROOT / "docs" / "index.md").read_text("utf-8")


def test_home_leads_to_each_section_of_the_navigation():
    docs = library.load_documents(ROOT / "docs")
    linked = set(re.findall(r"\]\(([^)#]+)\)", HOME))
    for part in build_navigation(build_pages(docs, "# What changed\n\nNothing.\n"), notebook_paths(docs)):
        ((title, pages),) = part.items()
        assert title == "Home" or linked & set(flat(pages)), title
