"""Step prose of the simple kind, read as the parser of Markdown reads it and without it: a sheet of such prose need not load one.

Simple are paragraphs, lists of one depth and tables whose words are words, bold words, blanks to fill or escaped signs, and a
line all in emphasis. Refuses, by reading nothing, all else: whatever might mean something more is the parser's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .parsing import BOLD, BREAK, END, Bit, Bits, Grid, Line, kind

_OTHER = re.compile(r"[`<>&~#\x00-\x09\x0b-\x1f\x7f\u0085\u2028\u2029]")  # signs that no simple prose holds
_BEGUN = re.compile(r"""(?!\d+[.)])[^\W_]|[("'](?=[^\W_])|\*\*?(?=[^\W_])|\\(?=[!-/:-@\[-`{-~])""")  # how a line begins that is a paragraph's
_PIECE = re.compile(
    r"(?P<bold>\*\*(?=[^\W_])[^\\*_\[\]]*(?:(?<=[^\W_])\*\*(?=$|[ ,.;:)])|(?<=[%)])\*\*(?=$| )))"  # what these hold is bold on any reading
    r"|\\(?P<sign>[!-/:-@\[-`{-~])"
    r"|(?P<text>(?:[^\\*_\[\]]|(?<![^ ])____(?=$|[ :;,.]))+)"
)
_REMARK = re.compile(r"\*(?=[^\W_])([^\\*_\[\]]|(?<= )____(?= ))*(?<=\S)\*")
_OPENS = re.compile(r"____(?=[:;,.])")  # a blank that could begin emphasis, were there one to end it
_ITEM = "- "
_RULED = re.compile(r"\|(?: *:?-+:? *\|)+")


def read(markdown: str) -> tuple[Line | Grid, ...] | None:
    """Return the paragraphs, items and tables of simple prose in their order; None where it is not simple."""
    if _OTHER.search(markdown):
        return None
    found: list[Line | Grid] = []
    for block in markdown.strip("\n").split("\n\n"):
        lines = block.strip("\n").split("\n")
        if any(line != line.strip() for line in lines):
            return None
        made = _table(lines) if lines[0][:1] == "|" else _items(lines) if lines[0].startswith(_ITEM) else _paragraph(lines)
        if made is None:
            return None
        found += made
    return tuple(found)


def _paragraph(lines: Sequence[str]) -> list[Line | Grid] | None:
    bits: list[Bit] = []
    if len(lines) > 1 and any(map(_OPENS.search, lines)):
        return None
    for line in lines:
        said = _said(line) if _BEGUN.match(line) else None
        if said is None:
            return None
        bits += [BREAK, *said] if bits else said
    return [Line(tuple(bits), kind=kind(bits))]


def _items(lines: Sequence[str]) -> list[Line | Grid] | None:
    found: list[Line | Grid] = []
    for line in lines:
        said = _said(line[2:]) if line.startswith(_ITEM) and _BEGUN.match(line[2:]) else None
        if said is None:
            return None
        found.append(Line(said, "-", 1))
    return found


def _table(lines: Sequence[str]) -> list[Line | Grid] | None:
    if len(lines) < 2 or not _RULED.fullmatch(lines[1]):
        return None
    ruled = [cell.strip() for cell in lines[1][1:-1].split("|")]
    rows = [_cells(line, len(ruled)) for line in (lines[0], *lines[2:])]
    cells = tuple(row for row in rows if row is not None)
    align = "".join("r" if cell[-1] == ":" and cell[0] != ":" else "l" for cell in ruled)
    return [Grid(cells, align)] if len(cells) == len(rows) else None


def _cells(line: str, count: int) -> tuple[Bits, ...] | None:
    """Return the *count* cells of a row; None where they are not as many, or one is not simple."""
    if line[:1] != "|" or line[-1:] != "|" or len(line) < 2 or r"\|" in line:
        return None
    found = [_said(cell.strip()) for cell in line[1:-1].split("|")]
    cells = tuple(bits for bits in found if bits is not None)
    return cells if len(cells) == len(found) == count else None


def _said(line: str) -> Bits | None:
    """Return the bits of one line; None where a sign in it may mean more."""
    if line.count("____") > 1 and _OPENS.search(line):
        return None
    if _REMARK.fullmatch(line):
        return Bit("em_open"), Bit("text", line[1:-1]), Bit("em_close")
    bits: list[Bit] = []
    text: list[str] = []
    at = 0
    while at < len(line):
        found = _PIECE.match(line, at)
        if not found or found["bold"] and at and line[at - 1] not in " (":
            return None
        if found["bold"]:
            bits += [*_joined(text), BOLD, Bit("text", found["bold"][2:-2]), END]
            text = []
        else:
            text.append(found["sign"] or found["text"])
        at = found.end()
    return (*bits, *_joined(text))


def _joined(text: Sequence[str]) -> Bits:
    return (Bit("text", "".join(text)),) if text else ()
