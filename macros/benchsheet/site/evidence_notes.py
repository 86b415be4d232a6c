"""Evidence of a built page: where several statements of a section are general knowledge, a note says so once for all of them.

A mark stays where it tells statements apart: beside a reference or another mark in the same paragraph, item or cell.
"""

from __future__ import annotations

import re

GENERAL_NOTE = (
    "A statement here without the number of a reference or another mark is general laboratory knowledge. "
    "Confirm it with your supplier or your own data."
)
_SECTION = re.compile(r"(?=<h2\b)")
_BLOCK_TAG = re.compile(r"(</?(?:p|li|ul|ol|dl|dd|dt|td|th|tr|thead|tbody|table|div|h[1-6]|section|details|summary|blockquote|pre|figure)\b[^>]*>)")
_GENERAL = re.compile(r'\s*<abbr class="evidence"[^>]*>general</abbr>')
_MARK = ">general</abbr>"
_OTHER = re.compile(r'<sup class="cite">|<abbr class="evidence"[^>]*>(?!general<)')
_HEADING = re.compile(r"<h2\b.*?</h2>", re.DOTALL)
_LEAST = 2  # statements of a section that are worth a note


def gather_general_marks(html: str) -> str:
    """Return *html* with a note for each section that has several statements of general knowledge, and without their marks."""
    return "".join(_gather_section(part) if _MARK in part else part for part in _SECTION.split(html)) if _MARK in html else html


def _gather_section(html: str) -> str:
    parts = _BLOCK_TAG.split(html)
    alone = [place for place, part in enumerate(parts) if _MARK in part and not _OTHER.search(part)]
    for place in alone:
        marks = list(_GENERAL.finditer(parts[place]))
        kept = len(marks) if len(alone) >= _LEAST else len(marks) - 1  # of one statement alone the last mark stands for all
        parts[place] = _GENERAL.sub("", parts[place], count=kept) if kept else parts[place]
    html = "".join(parts)
    if len(alone) < _LEAST:
        return html
    note = f'<p class="evidence-note" data-search-exclude>{GENERAL_NOTE}</p>\n'
    heading = _HEADING.match(html)
    return f"{heading[0]}\n{note}{html[heading.end() :]}" if heading else html + note  # a page begins with its answer
