"""The sheet as plain text of at most 80 columns: aligned tables, wrapped prose, plate maps in letters."""

from __future__ import annotations

import functools
import shlex
import textwrap
import unicodedata
from collections.abc import Iterator
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, cast

from ..markup import Prose, ProseParagraph, ProseTable, format_prose, number_citations, show_bidi_controls
from ..patterns import compile_when_used
from ..units import UNIT_PATTERN
from . import LINE_WIDTH
from .outline.blocks import BulletList, Command, Definitions, Heading, Paragraph, PlainBlock, PlateMap, StepText, Table
from .outline.sections import spell_out_sheet

if TYPE_CHECKING:
    from ..record.types import Record

COLUMN_GAP = "  "
_UNBREAKABLE = compile_when_used(rf"(?<=[0-9]) (?=(?:{UNIT_PATTERN})(?![\w/]))|(?<=\bdose) (?=[0-9])")
FILLER = "\uffff"  # not a character: it takes the second column of a wide character while lines are laid out


def format_text(record: Record, *, bold: bool = False) -> str:
    """Return the whole sheet as text; *bold* marks the headings with the escape codes of a terminal."""
    has_wide = any(_has_wide_chars(entry["text"]) for entry in record["parameters"].values())
    if has_wide:
        record = cast("Record", _widen(record))
    lines: list[str] = []
    for block in spell_out_sheet(record):
        if lines:
            lines.append("")
        block_lines = _format_block(block)
        lines += [f"\x1b[1m{line}\x1b[0m" for line in block_lines] if bold and isinstance(block, Heading) else block_lines
    sheet = show_bidi_controls("\n".join(map(str.rstrip, lines)) + "\n")
    return sheet.replace(FILLER, "") if has_wide else sheet


def _has_wide_chars(words: str) -> bool:
    return not words.isascii() and any(unicodedata.east_asian_width(char) in "WF" for char in words)


def _widen(data: object) -> object:
    """Return the data with a `FILLER` after each character that is two columns wide."""
    if isinstance(data, str):
        return "".join(char + FILLER if unicodedata.east_asian_width(char) in "WF" else char for char in data) if _has_wide_chars(data) else data
    if isinstance(data, dict):
        return {_widen(key): _widen(value) for key, value in data.items()}
    return [_widen(item) for item in data] if isinstance(data, list) else data


def _format_block(block: PlainBlock) -> list[str]:
    match block:
        case Command(text=words):
            return _format_command(words)
        case Heading(text=words, level=level):
            line = _wrap(words.upper() if level == 2 else words)
            return [*line, {1: "=", 2: "-", 3: ""}[level] * max(map(len, line))] if level < 3 else line
        case Paragraph(text=words, lead=lead, strong=strong):
            return _wrap(f"{'! ' if strong else ''}{lead}{words}", indent="  " if strong else "")
        case Definitions(rows=rows):
            label_width = min(max(len(label) for label, _ in rows), 30)
            return [line for label, value in rows for line in _wrap(f"{label:<{label_width}}{COLUMN_GAP}{value}", " " * (label_width + 2))]
        case BulletList(items=items):
            return [line for item in items for line in _wrap(f"- {item}", "  ")]
        case StepText(markdown=markdown, notes=notes):
            return list(_format_prose(number_citations(markdown, notes)))
        case Table(head=head, rows=rows, align=align):
            return list(format_table(head, tuple([tuple(map(str, row)) for row in rows]), align))
        case PlateMap(columns=columns, rows=rows):
            return [
                "   " + "".join(f"{column:>4}" for column in range(1, columns + 1)),
                *(f"{letter:>3}" + "".join(map("{:>4}".format, marks)) for letter, marks in rows),
            ]


def _format_command(words: str) -> list[str]:
    """Break a command between its words: a line end within quotes would become part of a word."""
    lines = [""]
    for word in words.split(" ") if words.isascii() and not any(map(words.__contains__, "'\"\\")) else shlex.split(words):
        word_text = shlex.quote(word)
        longer = f"{lines[-1]} {word_text}" if lines[-1] else word_text
        if len(longer) <= LINE_WIDTH - 4 or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word_text)
    pieces = [piece for line in lines for piece in _split_word(line)]
    margins = ["  ", *("" if mark == "\\" else "  " for _, mark in pieces)]  # a word that was cut goes on at the very edge
    marks = [*(mark for _, mark in pieces[:-1]), ""]
    return [f"{margin}{piece}{mark}" for margin, (piece, _), mark in zip(margins, pieces, marks, strict=False)]


def _split_word(line: str) -> list[tuple[str, str]]:
    """Split a line with a word that is too long, each part quoted: a shell joins them. Return each part with the mark at its end."""
    if len(line) <= LINE_WIDTH - 4:
        return [(line, " \\")]
    text = shlex.split(line)
    room = LINE_WIDTH - 6
    parts = [shlex.quote(part) for word in text for part in _quoted_chunks(word, room)]
    return [(part, "\\") for part in parts[:-1]] + [(parts[-1], " \\")]


def _quoted_chunks(word: str, room: int) -> list[str]:
    chunks = [""]
    for char in word:
        if len(shlex.quote(chunks[-1] + char)) > room:
            chunks.append("")
        chunks[-1] += char
    return chunks


def _wrap(words: str, indent: str = "", width: int = LINE_WIDTH) -> list[str]:
    return [words] if len(words) <= width else list(_wrap_long(words, indent, width))


@functools.lru_cache(maxsize=2048)
def _wrap_long(words: str, indent: str, width: int) -> tuple[str, ...]:
    """Wrap *words*; a number stays on one line with its unit, and "dose" with its number."""
    width = width - 1 if FILLER in words else width
    lines = textwrap.wrap(_UNBREAKABLE.sub("\u00a0", words), width, subsequent_indent=indent, break_on_hyphens=False)
    for place in range(1, len(lines)):
        text = lines[place].lstrip(" ")
        if text.startswith(FILLER):  # a wide character and its second column stay together
            lines[place] = " " * (len(lines[place]) - len(text)) + lines[place - 1][-1] + text
            lines[place - 1] = lines[place - 1][:-1]
    return tuple([line.replace("\u00a0", " ") for line in lines])


@functools.lru_cache(maxsize=512)  # the sheets of a batch have most of their words in common
def _format_prose(markdown: str) -> tuple[str, ...]:
    return tuple(_prose_lines(markdown))


def _prose_lines(markdown: str) -> Iterator[str]:
    before: Prose[str] | None = None
    for part in format_prose(markdown):
        if before is not None and not (isinstance(part, ProseParagraph) and part.mark and isinstance(before, ProseParagraph) and before.mark):
            yield ""
        before = part
        if isinstance(part, ProseTable):
            yield from format_table(part.head, part.rows, part.align)
            continue
        margin = "  " * max(part.depth - 1, 0)
        lead = f"{margin}{part.mark} " if part.mark else margin
        yield from _wrap(lead + part.text, " " * len(lead))


@functools.lru_cache(maxsize=512)
def format_table(head: tuple[str, ...], rows: tuple[tuple[str, ...], ...], align: str, width: int = LINE_WIDTH) -> tuple[str, ...]:
    """Return a table of at most *width* characters a line; the widest columns are wrapped until it fits."""
    every = [head, *rows]
    widths = [max(map(len, column)) for column in zip(*every, strict=True)]
    over = sum(widths) - (width - len(COLUMN_GAP) * (len(head) - 1))
    fits = over <= 0
    while over > 0:  # the widest shrinks until it is as wide as the next, then both in turn
        widest = max(range(len(widths)), key=lambda column: (widths[column], align[column] == "l"))
        cut = min(over, max(1, widths[widest] - max([size for column, size in enumerate(widths) if column != widest], default=0)))
        widths[widest], over = widths[widest] - cut, over - cut
    line = COLUMN_GAP.join(f"{{:{'<' if side == 'l' else '>'}{size}}}" for side, size in zip(align, widths, strict=True)).format
    row_lines = []
    for row in every:
        cells = [(cell,) for cell in row] if fits else [_wrap(cell, width=size) for cell, size in zip(row, widths, strict=True)]
        row_lines.append([line(*parts).rstrip() for parts in zip_longest(*cells, fillvalue="")])
    rule = COLUMN_GAP.join("-" * size for size in widths)
    return (*row_lines[0], rule, *chain.from_iterable(row_lines[1:]))
