"""Names for what has none: parts of a page that a screen reader would meet without one, and the drugs of the search."""

from __future__ import annotations

from collections.abc import Iterable

from .. import library
from ..spec.tables import table
from ..tree import read


def named(html: str) -> str:
    """Return a built page in which the search dialog has a name."""
    nameless = '<div class="md-search" data-md-component="search" role="dialog">'
    return html.replace(nameless, f'{nameless[:-1]} aria-label="Search">')


def drugs() -> Iterable[frozenset[str]]:
    """Return the names of each drug: its own, and the others of the shared table."""
    text = library.source(library.ids()[0]).shared["drugs.yml"]
    found = table("drugs", read(text, "protocols/_shared/drugs.yml"))
    for name, row in found.rows.items():
        others = row.get("synonyms", ())
        yield frozenset({name, *others})
