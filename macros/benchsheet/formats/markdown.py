"""The sheet as Markdown: the Record's own prose as it is, all other words escaped."""

from __future__ import annotations

import re
from typing import Any

from ..bidi import unturned
from ..escaping import escaped
from ..prose import noted
from .outline.blocks import Block, Bullets, Command, Facts, Grid, Heading, PlateMap, Prose, Words
from .outline.sections import outline


def markdown(record: dict[str, Any]) -> str:
    """Return the whole sheet as Markdown."""
    return unturned("\n\n".join(_block(block) for block in outline(record))) + "\n"


def _block(block: Block) -> str:
    match block:
        case Command(text):
            return f"    {text}"
        case Heading(text, level):
            return f"{'#' * level} {escaped(text)}"
        case Words(text, lead, strong):
            words = f"**{escaped(lead.strip())}** {escaped(text)}" if lead else escaped(text)
            return f"**{words}**" if strong and not lead else words
        case Facts(rows):
            return "\n".join(f"- **{escaped(label)}**: {escaped(value)}" for label, value in rows)
        case Bullets(items):
            return "\n".join(f"- {_item(escaped(item))}" for item in items)
        case Prose(text, notes):
            return noted(text, notes)
        case Grid(head, rows, align):
            return _table(head, rows, align)
        case PlateMap(columns, rows):
            cells = tuple((letter, *marks) for letter, marks in rows)
            return _table(("", *(str(column) for column in range(1, columns + 1))), cells, "l" * (columns + 1))


def _item(words: str) -> str:
    """Let an item that begins like an item be read as words."""
    return re.sub(r"^(\d+)([.)])|^([-+])", lambda mark: f"{mark[1] or ''}\\{mark[2] or mark[3]}", words)


def _table(head: tuple[str, ...], rows: tuple[tuple[str, ...], ...], align: str) -> str:
    marks = {"l": "---", "r": "--:"}
    lines = [f"| {' | '.join(escaped(cell) for cell in head)} |", "|" + "|".join(marks[side] for side in align) + "|"]
    return "\n".join(lines + [f"| {' | '.join(escaped(cell) for cell in row)} |" for row in rows])
