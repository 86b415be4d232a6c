"""Step prose as the parser of Markdown reads it: lines of words, lists and tables; refuses nothing, and reads a link as its words."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import Any

from ._dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Bit:
    """A stretch of a line: ``text`` or ``code`` with its *words*, a ``break``, or where ``strong`` or ``em`` opens and closes."""

    kind: str
    words: str = ""


Bits = tuple[Bit, ...]
BREAK = Bit("break")
_KINDS = {"text_special": "text", "image": "text", "code_inline": "code", "softbreak": "break"}
_KEPT = {"text", "code", "break", "hardbreak", "strong_open", "strong_close", "em_open", "em_close"}


@dataclass(frozen=True)
class Line:
    """A paragraph or an item; *mark* stands before it in a list, *depth* says how deep; *code* is a block of code.

    *kind* is "" for what is done; a ``caption`` is bold all through and names what follows, a ``remark`` is all in emphasis.
    """

    bits: Bits
    mark: str = ""
    depth: int = 0
    kind: str = ""
    code: bool = False


@dataclass(frozen=True)
class Grid:
    """A table: its cells, the head first; l or r for each column."""

    cells: tuple[tuple[Bits, ...], ...]
    align: str


@functools.cache
def _parser() -> Any:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table")


@functools.lru_cache(maxsize=512)  # many sheets of a batch say the same of a step
def read(markdown: str) -> tuple[Line | Grid, ...]:
    """Return the paragraphs, items and tables of a step's prose in their order."""
    return tuple(_shapes(markdown))


def _shapes(markdown: str) -> Iterator[Line | Grid]:
    lists: list[int | None] = []
    mark, align = "", ""
    cells: list[list[Bits]] = []
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
                cells[-1].append(_bits(token))
            case "inline":
                bits = _bits(token)
                yield Line(bits, mark, len(lists), "" if mark else _kind(bits))
                mark = ""
            case "fence" | "code_block":
                yield Line((Bit("text", token.content.strip()),), mark, len(lists), code=True)
                mark = ""


def _bits(token: Any) -> Bits:
    found = (Bit(_KINDS.get(child.type, child.type), child.content) for child in token.children or ())
    return tuple(BREAK if bit.kind == "break" else bit for bit in found if bit.kind in _KEPT and (bit.kind != "text" or bit.words))


def _kind(bits: Sequence[Bit]) -> str:
    """Say what a paragraph is that one emphasis holds from end to end."""
    for mark, name in (("strong", "caption"), ("em", "remark")):
        if bits and bits[0].kind == f"{mark}_open" and bits[-1].kind == f"{mark}_close":
            depth = 0
            for place, bit in enumerate(bits):
                depth += (bit.kind == f"{mark}_open") - (bit.kind == f"{mark}_close")
                if not depth:
                    return name if place == len(bits) - 1 else ""
    return ""
