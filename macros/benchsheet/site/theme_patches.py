"""What the theme leaves out, mended in the built pages: names for screen readers, words with digits in the search, links in notebooks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from .. import library
from ..errors import ProtocolError
from ..protocol import citations
from ..protocol.tables import parse_table
from .citations import resolve_citations
from .page import Page

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


_CODE = re.compile(r"(<pre\b.*?</pre>|<code\b.*?</code>|<script\b.*?</script>)", re.DOTALL)
_LINK = re.compile(r'href="(?!https?:|#)([^"#]+)\.(?:md|ipynb)(#[^"]*)?"')


def notebook_paths(docs: Mapping[str, str]) -> list[str]:
    """Return the notebooks of the documents."""
    return sorted(path for path in docs if path.endswith(".ipynb"))


def resolve_notebook(html: str, path: str) -> str:
    """Return a notebook's HTML with numbers for its references, the works behind it, and links that lead to built pages."""
    parts = _CODE.split(html)
    prose = "\0".join(parts[::2])
    works = citations.parse_bibtex(library.load_shared_files()[citations.REFERENCES_FILE])
    body, heading, rest = resolve_citations(Page(path=path, title=path, body=prose, file=f"docs/{path}"), works, lambda html: [html]).partition(
        "## References\n\n"
    )
    parts[::2] = [_LINK.sub(lambda link: f'href="{link[1]}.html{link[2] or ""}"', part) for part in body.rstrip("\n").split("\0")]
    return "".join(parts) + (f'<h2 id="references">References</h2>\n{rest}' if heading else "")


_STATE_KEY = re.compile(r"(TokenSet\.prototype\.toString=function\(\)\{[^}]*?\b(\w)=\2\+\w\+\w\.id)(\}return \2\})")


def patch_search(script: str, file: str) -> str:
    """Return the *script* of the search with its states told apart; *file* is how a message calls it."""
    patched_script, count = _STATE_KEY.subn(r'\1+","\3', script)
    if count != 1:
        raise ProtocolError(
            "the theme's search is not the one that is mended here",
            "look whether it still loses words (lunr.js, issue 503), then change site/searching.py",
            file,
        )
    return patched_script
