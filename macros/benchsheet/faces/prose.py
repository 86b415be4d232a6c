"""The one parse of step prose: Markdown to lines of words, lists and tables; each face writes them in its own markup."""

from __future__ import annotations

import functools
import re
from typing import Any

from ..nouns import dataclass

_NOTES = re.compile(r"\[@[\w-]+\](?: \[@[\w-]+\])*")
_KEY = re.compile(r"@([\w-]+)")


@dataclass(frozen=True)
class Paragraph:
    """Words; *mark* stands before them in a list (``1.`` or ``-``), *depth* says how deep; a *remark* is emphasis all through."""

    text: str
    mark: str = ""
    depth: int = 0
    remark: bool = False


@dataclass(frozen=True)
class Rows:
    """A table: *head*, *rows*, and l or r for each column."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    align: str


@functools.cache
def parser() -> Any:
    """Return the one reader of step prose, made when it is first needed."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table")


@functools.lru_cache(maxsize=512)
def parsed(markdown: str) -> tuple[Paragraph | Rows, ...]:
    """Return the prose of a step as paragraphs, list items and tables, with emphasis and links as plain words."""
    found: list[Paragraph | Rows] = []
    lists: list[int | None] = []
    mark = ""
    table: list[list[str]] = []
    align = ""
    for token in parser().parse(markdown):
        match token.type:
            case "ordered_list_open":
                lists.append(int(token.attrGet("start") or 1))
            case "bullet_list_open":
                lists.append(None)
            case "ordered_list_close" | "bullet_list_close":
                lists.pop()
            case "list_item_open":
                number = lists[-1]
                mark = "-" if number is None else f"{number}."
                lists[-1] = None if number is None else number + 1
            case "table_open":
                table, align = [], ""
            case "tr_open":
                table.append([])
            case "th_open" | "td_open":
                if len(table) == 1:
                    align += "r" if "right" in str(token.attrGet("style") or "") else "l"
            case "table_close":
                found.append(Rows(tuple(table[0]), tuple(tuple(row) for row in table[1:]), align))
                table = []
            case "inline" if table:
                table[-1].append(_words(token))
            case "inline":
                found.append(Paragraph(_words(token), mark, len(lists), _is_remark(token)))
                mark = ""
            case "fence" | "code_block":
                found.append(Paragraph(token.content.strip(), mark, len(lists)))
    return tuple(found)


def _is_remark(token: Any) -> bool:
    """Return whether one emphasis holds all words of a paragraph."""
    said = [child for child in token.children or () if child.type != "text" or child.content]
    closed = [place for place, child in enumerate(said) if child.type == "em_close" and child.level == said[0].level]
    return bool(said) and said[0].type == "em_open" and closed[:1] == [len(said) - 1]


def _words(token: Any) -> str:
    parts = []
    for child in token.children or ():
        if child.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
        elif child.type in {"text", "code_inline", "text_special"}:
            parts.append(child.content)
    return "".join(parts)


def noted(markdown: str, notes: dict[str, int]) -> str:
    """Return *markdown* with each ``[@key]`` as the number of its reference, those that stand together in order; a user's own are escaped."""
    if "[@" not in markdown:
        return markdown
    return _NOTES.sub(lambda found: " ".join(rf"\[{number}\]" for number in numbers(_KEY.findall(found[0]), notes)), markdown)


def numbers(keys: list[str], notes: dict[str, int]) -> list[int]:
    """Return the numbers of *keys*, each once, in order."""
    return sorted({notes[key] for key in keys})
