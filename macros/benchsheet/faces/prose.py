"""The one parse of step prose: Markdown to lines of words, lists and tables; each face writes them in its own markup."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from typing import Any

from ..nouns import dataclass

_NOTES = re.compile(r"\[@[\w-]+\](?: \[@[\w-]+\])*")
_KEY = re.compile(r"@([\w-]+)")


@dataclass(frozen=True)
class Paragraph:
    """Words; *mark* stands before them in a list (``1.`` or ``-``), *depth* says how deep; *kind* as in `Line`."""

    text: str
    mark: str = ""
    depth: int = 0
    kind: str = ""


@dataclass(frozen=True)
class Rows:
    """A table: *head*, *rows*, and l or r for each column."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    align: str


@dataclass(frozen=True)
class Line:
    """A paragraph or an item as parsed, which a face writes from its *token*; *code* is a block of code.

    *kind* is "" for what is done; a ``caption`` is bold all through and names what follows, a ``remark`` is all in emphasis.
    """

    token: Any
    mark: str
    depth: int
    kind: str = ""
    code: bool = False


@dataclass(frozen=True)
class Grid:
    """A table as parsed: the tokens of its cells, the head first; l or r for each column."""

    cells: tuple[tuple[Any, ...], ...]
    align: str


@functools.cache
def _parser() -> Any:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table")


def shapes(markdown: str) -> Iterator[Line | Grid]:
    """Return the paragraphs, items and tables of a step's prose in their order."""
    lists: list[int | None] = []
    mark, align = "", ""
    cells: list[list[Any]] = []
    for token in _parser().parse(markdown):
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
                cells, align = [], ""
            case "tr_open":
                cells.append([])
            case "th_open" | "td_open" if len(cells) == 1:
                align += "r" if "right" in str(token.attrGet("style") or "") else "l"
            case "table_close":
                yield Grid(tuple(map(tuple, cells)), align)
                cells = []
            case "inline" if cells:
                cells[-1].append(token)
            case "inline" | "fence" | "code_block":
                code = token.type != "inline"
                yield Line(token, mark, len(lists), "" if code or mark else _kind(token), code)
                mark = ""


def _kind(token: Any) -> str:
    """Say what a paragraph is that one emphasis holds from end to end."""
    said = [child for child in token.children or () if child.type != "text" or child.content]
    for mark, kind in (("strong", "caption"), ("em", "remark")):
        closed = [place for place, child in enumerate(said) if child.type == f"{mark}_close" and child.level == said[0].level]
        if said and said[0].type == f"{mark}_open" and closed[:1] == [len(said) - 1]:
            return kind
    return ""


def words(token: Any) -> str:
    """Return the words of a token, without emphasis and links."""
    parts = []
    for child in token.children or ():
        if child.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
        elif child.type in {"text", "code_inline", "text_special"}:
            parts.append(child.content)
    return "".join(parts)


@functools.lru_cache(maxsize=512)
def parsed(markdown: str, write: Callable[[Any], str] = words) -> tuple[Paragraph | Rows, ...]:
    """Return the prose of a step as paragraphs, list items and tables, the words of each token as a face would *write* them."""
    return tuple(_said(shape, write) for shape in shapes(markdown))


def _said(shape: Line | Grid, write: Callable[[Any], str]) -> Paragraph | Rows:
    if isinstance(shape, Grid):
        head, *rows = (tuple(map(write, cells)) for cells in shape.cells)
        return Rows(head, tuple(rows), shape.align)
    return Paragraph(shape.token.content.strip() if shape.code else write(shape.token), shape.mark, shape.depth, shape.kind)


def noted(markdown: str, notes: dict[str, int]) -> str:
    """Return *markdown* with each ``[@key]`` as the number of its reference, those that stand together in order; a user's own are escaped."""
    if "[@" not in markdown:
        return markdown
    return _NOTES.sub(lambda found: " ".join(rf"\[{number}\]" for number in numbers(_KEY.findall(found[0]), notes)), markdown)


def numbers(keys: list[str], notes: dict[str, int]) -> list[int]:
    """Return the numbers of *keys*, each once, in order."""
    return sorted({notes[key] for key in keys})
