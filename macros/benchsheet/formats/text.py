"""The sheet as plain text of at most 80 columns: aligned tables, wrapped prose, plate maps in letters."""

from __future__ import annotations

import functools
import re
import shlex
import textwrap
import unicodedata
from collections.abc import Iterator
from itertools import chain, zip_longest
from typing import Any

from ..bidi import unturned
from ..prose import Paragraph, Rows, noted, parsed
from ..units import KINDS
from .outline.blocks import Block, Bullets, Command, Facts, Grid, Heading, PlateMap, Prose, Words
from .outline.sections import outline

WIDTH = 80
GAP = "  "
_UNITS = sorted(
    {re.escape(unit) for kind in KINDS.values() for unit in kind.units} | {"µL", "µM", "µg", "µg/mL", "µm", "°C", "deg", "× g"}, key=len, reverse=True
)
_TOGETHER = re.compile(rf"(?<=[0-9]) (?=(?:{'|'.join(_UNITS)})(?![\w/]))|(?<=\bdose) (?=[0-9])")
FILLER = "\uffff"  # no character: it stands for the second column of a wide sign while lines are laid out


def text(record: dict[str, Any], *, bold: bool = False) -> str:
    """Return the whole sheet as text, with headings in bold for a terminal that shows it."""
    wide = any(_is_wide(entry["text"]) for entry in record["parameters"].values())
    if wide:
        record = _widened(record)
    lines: list[str] = []
    for block in outline(record):
        if lines:
            lines.append("")
        made = _block(block)
        lines += [f"\x1b[1m{line}\x1b[0m" for line in made] if bold and isinstance(block, Heading) else made
    sheet = unturned("\n".join(map(str.rstrip, lines)) + "\n")
    return sheet.replace(FILLER, "") if wide else sheet


def _is_wide(words: str) -> bool:
    return not words.isascii() and any(unicodedata.east_asian_width(sign) in "WF" for sign in words)


def _widened(data: Any) -> Any:
    """Return a record in which a sign that takes two columns counts as two."""
    if isinstance(data, str):
        return "".join(sign + FILLER if unicodedata.east_asian_width(sign) in "WF" else sign for sign in data) if _is_wide(data) else data
    if isinstance(data, dict):
        return {_widened(key): _widened(value) for key, value in data.items()}
    return [_widened(item) for item in data] if isinstance(data, list) else data


def _block(block: Block) -> list[str]:
    match block:
        case Command(words):
            return _command(words)
        case Heading(words, level):
            line = _wrapped(words.upper() if level == 2 else words)
            return [*line, {1: "=", 2: "-", 3: ""}[level] * max(map(len, line))] if level < 3 else line
        case Words(words, lead, strong):
            return _wrapped(f"{'! ' if strong else ''}{lead}{words}", indent="  " if strong else "")
        case Facts(rows):
            wide = min(max(len(label) for label, _ in rows), 24)
            return [line for label, value in rows for line in _wrapped(f"{label:<{wide}}{GAP}{value}", " " * (wide + 2))]
        case Bullets(items):
            return [line for item in items for line in _wrapped(f"- {item}", "  ")]
        case Prose(markdown, notes):
            return list(_prose(markdown, notes))
        case Grid(head, rows, align):
            return grid(head, rows, align)
        case PlateMap(columns, rows):
            return [
                "   " + "".join(f"{column:>4}" for column in range(1, columns + 1)),
                *(f"{letter:>3}" + "".join(f"{mark:>4}" for mark in marks) for letter, marks in rows),
            ]


def _command(words: str) -> list[str]:
    """Break a command between its words only: within quotes a line's end would be part of the word."""
    lines = [""]
    for word in shlex.split(words):
        quoted = shlex.quote(word)
        longer = f"{lines[-1]} {quoted}" if lines[-1] else quoted
        if len(longer) <= WIDTH - 4 or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(quoted)
    pieces = [piece for line in lines for piece in _pieces(line)]
    marks = [mark for _, mark in pieces]
    margins = ["" if place and marks[place - 1] == "\\" else "  " for place in range(len(pieces))]  # a word goes on at the very edge
    last = len(pieces) - 1
    return [f"{margins[place]}{piece}{mark if place < last else ''}" for place, (piece, mark) in enumerate(pieces)]


def _pieces(line: str) -> list[tuple[str, str]]:
    """Break a word that is longer than a line where no quote is open: the parts, each quoted, are one word to a shell."""
    if len(line) <= WIDTH - 4:
        return [(line, " \\")]
    text = shlex.split(line)
    room = WIDTH - 6
    parts = [shlex.quote(part) for word in text for part in _chunks(word, room)]
    return [(part, "\\") for part in parts[:-1]] + [(parts[-1], " \\")]


def _chunks(word: str, room: int) -> list[str]:
    found = [""]
    for sign in word:
        if len(shlex.quote(found[-1] + sign)) > room:
            found.append("")
        found[-1] += sign
    return found


def _wrapped(words: str, indent: str = "", width: int = WIDTH) -> list[str]:
    return [words] if len(words) <= width else list(_folded(words, indent, width))


@functools.lru_cache(maxsize=2048)
def _folded(words: str, indent: str, width: int) -> tuple[str, ...]:
    """Wrap *words*; a number stays with its unit, and a dose with its number."""
    kept = _TOGETHER.sub("\u00a0", words)
    return tuple(line.replace("\u00a0", " ") for line in _lines(kept, indent, width))


def _lines(words: str, indent: str, width: int) -> tuple[str, ...]:
    if FILLER not in words:
        return tuple(textwrap.wrap(words, width, subsequent_indent=indent, break_on_hyphens=False))
    lines = textwrap.wrap(words, width - 1, subsequent_indent=indent, break_on_hyphens=False)
    for place in range(1, len(lines)):
        if lines[place].lstrip(" ").startswith(FILLER):  # a wide sign and its second column stay together
            margin = lines[place][: len(lines[place]) - len(lines[place].lstrip(" "))]
            lines[place] = margin + lines[place - 1][-1] + lines[place].lstrip(" ")
            lines[place - 1] = lines[place - 1][:-1]
    return tuple(lines)


def _prose(markdown: str, notes: dict[str, int]) -> Iterator[str]:
    before: Rows | Paragraph | None = None
    for part in parsed(noted(markdown, notes)):
        if before is not None and not (isinstance(part, Paragraph) and part.mark and isinstance(before, Paragraph) and before.mark):
            yield ""
        before = part
        if isinstance(part, Rows):
            yield from grid(part.head, part.rows, part.align)
            continue
        margin = "  " * max(part.depth - 1, 0)
        lead = f"{margin}{part.mark} " if part.mark else margin
        yield from _wrapped(lead + part.text, " " * len(lead))


def grid(head: tuple[str, ...], rows: tuple[tuple[str, ...], ...], align: str, width: int = WIDTH) -> list[str]:
    """Return a table of at most *width* columns; the widest column of words is wrapped until it fits."""
    every = [head, *rows]
    wide = [max(map(len, column)) for column in zip(*every, strict=True)]
    over = sum(wide) - (width - len(GAP) * (len(head) - 1))
    fits = over <= 0
    while over > 0:  # the widest gives way until it is as wide as the next, then by turns
        widest = max(range(len(wide)), key=lambda column: (wide[column], align[column] == "l"))
        cut = min(over, max(1, wide[widest] - max([size for column, size in enumerate(wide) if column != widest], default=0)))
        wide[widest], over = wide[widest] - cut, over - cut
    line = GAP.join(f"{{:{'<' if side == 'l' else '>'}{size}}}" for side, size in zip(align, wide, strict=True)).format
    written = []
    for row in every:
        cells = [(cell,) for cell in row] if fits else [_wrapped(cell, width=size) for cell, size in zip(row, wide, strict=True)]
        written.append([line(*parts).rstrip() for parts in zip_longest(*cells, fillvalue="")])
    rule = GAP.join("-" * size for size in wide)
    return [*written[0], rule, *chain.from_iterable(written[1:])]
