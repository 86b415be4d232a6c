"""Names for what has none: parts of a page that a screen reader would meet without one, and the drugs of the search."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .. import library
from ..protocol.tables import written_table

_FOLDER = re.compile(
    r'(?P<head><nav class="md-nav" data-md-level="\d+") aria-labelledby="(?P<id>__nav_[\d_]+)_label"'
    r'(?P<rest>[^>]*>\s*<label class="md-nav__title" for="(?P=id)">\s*<span[^>]*></span>\s*)(?P<title>[^<]*?)(?=\s*</label>)'
)
_OPENER = re.compile(r'(<label class="md-nav__link[^"]*" for="(__nav_[\d_]+)"[^>]*>\s*)(?=<span class="md-nav__icon md-icon"></span>\s*</label>)')


def named(html: str) -> str:
    """Return a built page in which the search dialog, the folders of the navigation and what opens them have each a name of its own."""
    nameless = '<div class="md-search" data-md-component="search" role="dialog">'
    html = html.replace(nameless, f'{nameless[:-1]} aria-label="Search">')
    titles: dict[str, str] = {}

    def folder(found: re.Match[str]) -> str:
        above = titles.get(found["id"].rpartition("_")[0])
        titles[found["id"]] = f"{above}: {found['title']}" if above else found["title"]
        return f'{found["head"]} aria-label="{titles[found["id"]]}"{found["rest"]}{found["title"]}'

    html = _FOLDER.sub(folder, html)
    return _OPENER.sub(lambda found: f'{found[1]}<span class="unseen">Pages of {titles.get(found[2], "this part")}</span>', html)


def drugs() -> Iterable[frozenset[str]]:
    """Return the names of each drug: its own, and the others of the shared table."""
    found = written_table("drugs", library.shared()["drugs.yml"], "protocols/_shared/drugs.yml")
    for name, row in found.rows.items():
        others = row.get("synonyms", ())
        yield frozenset({name, *others})
