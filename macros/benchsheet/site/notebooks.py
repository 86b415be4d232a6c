"""Notebooks, which reach the build as HTML: their references and links resolved, and old results forgotten when a protocol changes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from .. import library
from ..render import render
from ..spec import references
from .citing import cited
from .page import Page

CACHE = ".cache"
_CODE = re.compile(r"(<pre\b.*?</pre>|<code\b.*?</code>|<script\b.*?</script>)", re.DOTALL)
_LINK = re.compile(r'href="(?!https?:|#)([^"#]+)\.(?:md|ipynb)(#[^"]*)?"')


def listed(docs: Mapping[str, str]) -> list[str]:
    """Return the notebooks of the documents."""
    return sorted(path for path in docs if path.endswith(".ipynb"))


def resolved(html: str, path: str) -> str:
    """Return a notebook's HTML with numbers for its references, the works behind it, and links that lead to built pages."""
    parts = _CODE.split(html)
    prose = "\0".join(parts[::2])
    works = references.works(library.source(library.ids()[0]).shared[references.FILE])
    body, heading, rest = cited(Page(path, path, prose, f"docs/{path}"), works).partition("## References\n\n")
    parts[::2] = [_LINK.sub(lambda link: f'href="{link[1]}.html{link[2] or ""}"', part) for part in body.rstrip("\n").split("\0")]
    return "".join(parts) + (f'<h2 id="references">References</h2>\n{rest}' if heading else "")


def forget_old(root: Path) -> None:
    """Let notebooks run again when the program or the protocol that they begin from is another than when they ran."""
    cache, mark = root / CACHE / "mkdocs-jupyter", root / CACHE / "benchsheet.txt"
    digest = str(render(library.source("srb"), {})["digest"])
    if mark.is_file() and mark.read_text("utf-8") == digest:
        return
    shutil.rmtree(cache, ignore_errors=True)
    mark.parent.mkdir(exist_ok=True)
    mark.write_text(digest, "utf-8")
