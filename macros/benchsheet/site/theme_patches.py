"""Names for what has none: parts of a page that a screen reader would meet without one, and the drugs of the search."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .. import library
from ..protocol.tables import parse_table

_NAV_FOLDER = re.compile(
    r'(?P<head><nav class="md-nav" data-md-level="\d+") aria-labelledby="(?P<id>__nav_[\d_]+)_label"'
    r'(?P<rest>[^>]*>\s*<label class="md-nav__title" for="(?P=id)">\s*<span[^>]*></span>\s*)(?P<title>[^<]*?)(?=\s*</label>)'
)
_NAV_TOGGLE = re.compile(r'(<label class="md-nav__link[^"]*" for="(__nav_[\d_]+)"[^>]*>\s*)(?=<span class="md-nav__icon md-icon"></span>\s*</label>)')


def add_accessible_names(html: str) -> str:
    """Return a built page in which the search dialog, the folders of the navigation and what opens them have each a name of its own."""
    search_dialog = '<div class="md-search" data-md-component="search" role="dialog">'
    html = html.replace(search_dialog, f'{search_dialog[:-1]} aria-label="Search">')
    titles: dict[str, str] = {}

    def folder(match: re.Match[str]) -> str:
        above = titles.get(match["id"].rpartition("_")[0])
        titles[match["id"]] = f"{above}: {match['title']}" if above else match["title"]
        return f'{match["head"]} aria-label="{titles[match["id"]]}"{match["rest"]}{match["title"]}'

    html = _NAV_FOLDER.sub(folder, html)
    return _NAV_TOGGLE.sub(lambda found: f'{found[1]}<span class="unseen">Pages of {titles.get(found[2], "this part")}</span>', html)


def drug_names() -> Iterable[frozenset[str]]:
    """Return the names of each drug: its own, and the others of the shared table."""
    table = parse_table("drugs", library.load_shared_files()["drugs.yml"], "protocols/_shared/drugs.yml")
    for name, row in table.rows.items():
        others = row.get("synonyms", ())
        yield frozenset({name, *others})
