"""Marks of a page: words in braces, alone on their line, that the site fills in; refuses one that is not known or not filled in there."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..errors import Collector, ProtocolError, suggest
from .code_spans import split_code
from .page import Page

# Each mark, and the pages on which it is filled in.
MARKS = {
    "answer": "every page, as {answer: name}, alone on its line",
    "picture": "a page with a picture of its own name in docs/mechanisms/",
    "edges": "a page with a picture of its own name in docs/mechanisms/",
    "states": "a page with a picture of its own name in docs/mechanisms/",
    "changes": "every page that stands as it is",
    "index": "the index.md of the questions, scenarios, mechanisms and protocols",
    "works": "references.md",
    "numbers": "references.md",
}
_LINE = re.compile(r"^[ \t]*\{([A-Za-z][\w-]*)\b([^{}\n]*)\}[ \t]*$", re.MULTILINE)


def refuse_unknown_marks(found: Iterable[Page]) -> None:
    """Refuse each mark that is still there when all pages are made: a reader would see its braces."""
    mistakes = Collector()
    for page in found:
        if not _LINE.search(page.body):
            continue
        line = page.line
        for place, part in enumerate(split_code(page.body)):
            for mark in _LINE.finditer(part) if place % 2 == 0 else ():
                name = mark[1]
                with mistakes.at(page.file, None if page.citation_lines else line + part[: mark.start()].count("\n")):
                    if name in MARKS:
                        raise ProtocolError(f"'{{{name}{mark[2]}}}' is not filled in here", f"it is on {MARKS[name]}")
                    raise ProtocolError(f"there is no mark '{{{name}}}'", suggest(name, MARKS, "marks"))
            line += part.count("\n")
    mistakes.raise_all()
