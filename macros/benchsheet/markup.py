"""Step prose as the parser of Markdown reads it: lines of words, lists and tables; refuses nothing, and reads a link as its words."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import Any

from ._dataclass import dataclass


@dataclass(frozen=True, slots=True)
class InlineSpan:
    """A stretch of a line: ``text`` or ``code`` with its *text*, a ``break``, or where ``strong`` or ``em`` opens and closes."""

    kind: str
    text: str = ""


InlineSpans = tuple[InlineSpan, ...]
LINE_BREAK = InlineSpan("break")
_KIND_BY_TOKEN = {"text_special": "text", "image": "text", "code_inline": "code", "softbreak": "break"}
_INLINE_KINDS = {"text", "code", "break", "hardbreak", "strong_open", "strong_close", "em_open", "em_close"}


@dataclass(frozen=True)
class MarkupLine:
    """A paragraph or an item; *mark* stands before it in a list, *depth* says how deep; *is_code* is a block of code.

    *kind* is "" for what is done; a ``caption`` is bold all through and names what follows, a ``remark`` is all in emphasis.
    """

    spans: InlineSpans
    mark: str = ""
    depth: int = 0
    kind: str = ""
    is_code: bool = False


@dataclass(frozen=True)
class MarkupTable:
    """A table: its cells, the head first; l or r for each column."""

    cells: tuple[tuple[InlineSpans, ...], ...]
    align: str


@functools.cache
def _load_parser() -> Any:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table")


@functools.lru_cache(maxsize=512)  # many sheets of a batch say the same of a step
def parse_markdown(markdown: str) -> tuple[MarkupLine | MarkupTable, ...]:
    """Return the paragraphs, items and tables of a step's prose in their order."""
    return tuple(_shapes(markdown))


def _shapes(markdown: str) -> Iterator[MarkupLine | MarkupTable]:
    lists: list[int | None] = []
    mark, align = "", ""
    cells: list[list[InlineSpans]] = []
    for token in _load_parser().parse(markdown):
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
                yield MarkupTable(tuple(map(tuple, cells)), align)
                cells = []
            case "inline" if cells:
                cells[-1].append(_inline_spans(token))
            case "inline":
                bits = _inline_spans(token)
                yield MarkupLine(bits, mark, len(lists), "" if mark else _kind(bits))
                mark = ""
            case "fence" | "code_block":
                yield MarkupLine((InlineSpan("text", token.content.strip()),), mark, len(lists), is_code=True)
                mark = ""


def _inline_spans(token: Any) -> InlineSpans:
    spans = (InlineSpan(_KIND_BY_TOKEN.get(child.type, child.type), child.content) for child in token.children or ())
    return tuple(LINE_BREAK if span.kind == "break" else span for span in spans if span.kind in _INLINE_KINDS and (span.kind != "text" or span.text))


def _kind(bits: Sequence[InlineSpan]) -> str:
    """Say what a paragraph is that one emphasis holds from end to end."""
    for mark, name in (("strong", "caption"), ("em", "remark")):
        if bits and bits[0].kind == f"{mark}_open" and bits[-1].kind == f"{mark}_close":
            depth = 0
            for place, bit in enumerate(bits):
                depth += (bit.kind == f"{mark}_open") - (bit.kind == f"{mark}_close")
                if not depth:
                    return name if place == len(bits) - 1 else ""
    return ""
