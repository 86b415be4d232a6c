"""Marks of a page: words in braces, alone on their line, that the site fills in; and the code in a page, where no mark is read.

Raises an error for a mark that is not known, or that this page does not fill in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from ..errors import Collector, ProtocolError, suggest
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
_FENCE = re.compile(r" *(`{3,}|~{3,})")
# What is indented by four more spaces below one of these belongs to it, and is not code.
_OPENS = re.compile(r"(?:[-*+]|\d+[.)]|:|\[\^[^\]]+\]:)\s|(?:!!!|\?\?\?\+?) ")
_INLINE = re.compile(r"((?<![`\\])(`+)(?!`)(?:(?!\n\s*\n).)+?(?<!`)\2(?!`))", re.DOTALL)
_INDENT = 4  # spaces


def refuse_unknown_marks(found: Iterable[Page]) -> None:
    """Raise an error for each mark that is still in a page when all are filled in: a reader would see its braces."""
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


def split_code(body: str) -> list[str]:
    """Return the parts of *body* in turn: prose, code, prose, and so on; joined, they are the body."""
    parts = [""]
    for is_code, group in groupby(_blocks(body), itemgetter(0)):
        text = "".join(line for _, line in group)
        if is_code:
            parts += [text, ""]
        else:
            pieces = _INLINE.split(text)
            del pieces[2::3]  # the backticks alone, which the pattern captures too
            parts[-1:] = pieces
    return parts


def _blocks(body: str) -> Iterator[tuple[bool, str]]:
    """Yield each line, and whether it belongs to a block of code: fenced, or indented by four spaces more than the text around it."""
    fence, was_code, after_blank = "", False, True
    opens: list[bool] = []  # for each depth, whether its last line opens a block that continues one depth further in
    for line in body.splitlines(keepends=True):
        mark = _FENCE.match(line)
        if fence:
            yield True, line
            if mark and mark[1].startswith(fence) and not line.strip(f" \n{fence[0]}"):
                fence = ""
            continue
        if not line.strip():
            after_blank = True
            yield was_code, line
            continue
        wide = line.expandtabs(_INDENT)
        depth = (len(wide) - len(wide.lstrip(" "))) // _INDENT
        room = next((place for place, is_open in enumerate(opens) if not is_open), len(opens))
        was_code = depth > room and (after_blank or was_code)
        if not was_code and mark:
            fence = mark[1]
        yield was_code or bool(fence), line
        if not was_code:
            level = min(depth, room)
            opens[level:] = [bool(_OPENS.match(line.lstrip()))]
        after_blank = False
