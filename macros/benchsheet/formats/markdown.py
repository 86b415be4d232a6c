"""The sheet as Markdown: the prose of the steps as it is, all other text escaped."""

from __future__ import annotations

import re

from ..markup import escape_markdown, number_citations, show_bidi_controls, write_table
from ..record import Record
from .outline.blocks import Block, BulletList, Command, Definitions, Heading, Paragraph, PlateMap, StepText, Table
from .outline.sections import build_outline


def format_markdown(record: Record) -> str:
    """Return the whole sheet as Markdown."""
    return show_bidi_controls("\n\n".join(_format_block(block) for block in build_outline(record))) + "\n"


def _format_block(block: Block) -> str:
    match block:
        case Command(text=text):
            return f"    {text}"
        case Heading(text=text, level=level):
            return f"{'#' * level} {escape_markdown(text)}"
        case Paragraph(text=text, lead=lead, strong=strong):
            words = f"**{escape_markdown(lead.strip())}** {escape_markdown(text)}" if lead else escape_markdown(text)
            return f"**{words}**" if strong and not lead else words
        case Definitions(rows=rows):
            return "\n".join(f"- **{escape_markdown(label)}**: {escape_markdown(value)}" for label, value in rows)
        case BulletList(items=items):
            return "\n".join(f"- {_escape_item(escape_markdown(item))}" for item in items)
        case StepText(markdown=text, notes=notes):
            return number_citations(text, notes)
        case Table(head=head, rows=rows, align=align):
            return write_table(tuple(map(escape_markdown, head)), (tuple(map(escape_markdown, row)) for row in rows), align)
        case PlateMap(columns=columns, rows=rows):
            return write_table(("", *map(str, range(1, columns + 1))), ((letter, *map(escape_markdown, marks)) for letter, marks in rows))


def _escape_item(words: str) -> str:
    """Escape the beginning of an item that looks like the mark of another list."""
    return re.sub(r"^(\d+)([.)])|^([-+])", lambda mark: f"{mark[1] or ''}\\{mark[2] or mark[3]}", words)
