"""The sheet as Markdown: the prose of the steps as it is, all other text escaped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from .._dataclass import dataclass
from ..markup import escape_markdown, number_citations, show_bidi_controls, write_table
from .outline.blocks import BulletList, Cited, Command, Definitions, Heading, Paragraph, PlainBlock, PlateMap, StepText, Table, Words
from .outline.sections import spell_out_sheet

if TYPE_CHECKING:
    from ..record.types import Record


@dataclass(frozen=True, kw_only=True)
class MarkdownStyle:
    """How a page writes a *note* from its number, puts a table into a *frame* (told whether it is a plate map), and heads the *letters* of a map.

    *hazard* puts the words of a hazard into a box.
    """

    note: Callable[[int], str] = r"\[{}\]".format
    frame: Callable[[str, bool], str] | None = None
    letters: str = ""
    hazard: Callable[[str], str] | None = None


_PLAIN = MarkdownStyle()


def format_markdown(record: Record) -> str:
    """Return the whole sheet as Markdown."""
    return write_blocks(spell_out_sheet(record))


def write_blocks(blocks: Iterable[PlainBlock], style: MarkdownStyle = _PLAIN) -> str:
    """Return blocks as Markdown in the *style* of a page."""
    return show_bidi_controls("\n\n".join(_format_block(block, style) for block in blocks)) + "\n"


def _format_block(block: PlainBlock, style: MarkdownStyle) -> str:
    match block:
        case Command(text=text):
            return f"    {text}"
        case Heading(text=text, level=level):
            return f"{'#' * level} {escape_markdown(text)}"
        case Paragraph(text=text, lead=lead, strong=strong, is_hazard=is_hazard):
            words = f"**{escape_markdown(lead.strip())}** {escape_markdown(text)}" if lead else escape_markdown(text)
            if is_hazard and style.hazard is not None:
                return style.hazard(words)
            return f"**{words}**" if strong and not lead else words
        case Definitions(rows=rows):
            return "\n".join(f"- **{escape_markdown(label)}**: {_escape(value, style)}" for label, value in rows)
        case BulletList(items=items):
            return "\n".join(f"- {_escape_item(_escape(item, style))}" for item in items)
        case StepText(markdown=text, notes=notes):
            prose = number_citations(text, notes, style.note)
            return prose if style.frame is None else "\n".join(_frame_tables(prose, style.frame))
        case Table(head=head, rows=rows, align=align):
            table = write_table(tuple(map(escape_markdown, head)), (tuple(_escape(cell, style) for cell in row) for row in rows), align)
            return table if style.frame is None else style.frame(table, False)
        case PlateMap(columns=columns, rows=rows):
            heads = (style.letters, *map(str, range(1, columns + 1)))
            table = write_table(heads, ((letter, *map(escape_markdown, marks)) for letter, marks in rows))
            return table if style.frame is None else style.frame(table, True)


def _escape(words: Words, style: MarkdownStyle) -> str:
    if isinstance(words, Cited):
        return " ".join([escape_markdown(words.text), *map(style.note, words.numbers)])
    return escape_markdown(words)


def _frame_tables(prose: str, frame: Callable[[str, bool], str]) -> Iterator[str]:
    """Yield the lines of a step's prose, with its tables in their frames."""
    for is_table, lines in groupby(prose.split("\n"), lambda line: line.startswith("|")):
        text = "\n".join(lines)
        yield frame(text, False) if is_table else text


def _escape_item(words: str) -> str:
    """Escape the beginning of an item that looks like the mark of another list."""
    if not (words[:1].isdecimal() or words[:1] in ("-", "+")):
        return words
    return re.sub(r"^(\d+)([.)])|^([-+])", lambda mark: f"{mark[1] or ''}\\{mark[2] or mark[3]}", words)
