"""Notebooks, which reach the build as HTML: their references and their links resolved."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .. import library
from ..protocol import citations
from .citations import resolve_citations
from .page import Page

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
    body, heading, rest = resolve_citations(Page(path, path, prose, f"docs/{path}"), works, lambda html: [html]).partition("## References\n\n")
    parts[::2] = [_LINK.sub(lambda link: f'href="{link[1]}.html{link[2] or ""}"', part) for part in body.rstrip("\n").split("\0")]
    return "".join(parts) + (f'<h2 id="references">References</h2>\n{rest}' if heading else "")
