"""The small Markdown of a step's prose: read as lines, lists and tables, and written with a user's words escaped."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

from ._dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineSpan:
    """A stretch of a line: ``text`` or ``code`` with its *text*, a ``break``, or where ``strong`` or ``em`` opens and closes."""

    kind: str
    text: str = ""


InlineSpans = tuple[InlineSpan, ...]
Words = TypeVar("Words")  # of a part: spans as they are parsed, or text as a format writes them
LINE_BREAK = InlineSpan(kind="break")
_KIND_BY_TOKEN = {"text_special": "text", "image": "text", "code_inline": "code", "softbreak": "break"}
_INLINE_KINDS = {"text", "code", "break", "hardbreak", "strong_open", "strong_close", "em_open", "em_close"}


@dataclass(frozen=True, kw_only=True)
class ProseParagraph(Generic[Words]):
    """A paragraph or an item; *mark* stands before it in a list (``1.`` or ``-``), *depth* says how deep; *is_code* is a block of code.

    *kind* is "" for what is done; a ``caption`` is bold all through and names what follows, a ``remark`` is all in emphasis.
    """

    text: Words
    mark: str = ""
    depth: int = 0
    kind: str = ""
    is_code: bool = False


@dataclass(frozen=True, kw_only=True)
class ProseTable(Generic[Words]):
    """A table: *head*, *rows*, and l or r for each column."""

    head: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]
    align: str


Prose = ProseParagraph[Words] | ProseTable[Words]


@functools.cache
def _load_parser() -> Any:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table")


@functools.lru_cache(maxsize=512)  # many sheets of a batch say the same of a step
def parse_markdown(markdown: str) -> tuple[Prose[InlineSpans], ...]:
    """Return the paragraphs, items and tables of a step's prose in their order."""
    return tuple(_shapes(markdown))


def _shapes(markdown: str) -> Iterator[Prose[InlineSpans]]:
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
                head, *rows = map(tuple, cells)
                yield ProseTable(head=head, rows=tuple(rows), align=align)
                cells = []
            case "inline" if cells:
                cells[-1].append(_inline_spans(token))
            case "inline":
                bits = _inline_spans(token)
                yield ProseParagraph(text=bits, mark=mark, depth=len(lists), kind="" if mark else _kind(bits))
                mark = ""
            case "fence" | "code_block":
                yield ProseParagraph(text=(InlineSpan(kind="text", text=token.content.strip()),), mark=mark, depth=len(lists), is_code=True)
                mark = ""


def _inline_spans(token: Any) -> InlineSpans:
    spans = (InlineSpan(kind=_KIND_BY_TOKEN.get(child.type, child.type), text=child.content) for child in token.children or ())
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


CITATION_MARK = re.compile(r"\[@([\w-]+)\]")  # a work by its key, in the prose of a step and on a page
_CITATION_MARKS = re.compile(rf"{CITATION_MARK.pattern}(?: {CITATION_MARK.pattern})*")


def plain_text(spans: InlineSpans) -> str:
    """Return the words of bits, without emphasis."""
    return "".join(" " if span.kind in {"break", "hardbreak"} else span.text for span in spans)


@functools.lru_cache(maxsize=512)
def format_prose(markdown: str, write: Callable[[InlineSpans], str] = plain_text) -> tuple[Prose[str], ...]:
    """Return the prose of a step as paragraphs, list items and tables, the spans of each as *write* renders them."""
    return tuple(_format_part(part, write) for part in parse_markdown(markdown))


def _format_part(part: Prose[InlineSpans], write: Callable[[InlineSpans], str]) -> Prose[str]:
    if isinstance(part, ProseTable):
        return ProseTable(head=tuple(map(write, part.head)), rows=tuple(tuple(map(write, row)) for row in part.rows), align=part.align)
    return ProseParagraph(
        text=(plain_text if part.is_code else write)(part.text), mark=part.mark, depth=part.depth, kind=part.kind, is_code=part.is_code
    )


def number_citations(markdown: str, notes: dict[str, int]) -> str:
    """Return *markdown* with each ``[@key]`` as the number of its reference, those that stand together in order; a user's own are escaped."""
    if "[@" not in markdown:
        return markdown
    return _CITATION_MARKS.sub(
        lambda match: " ".join(rf"\[{number}\]" for number in citation_numbers(CITATION_MARK.findall(match[0]), notes)), markdown
    )


def citation_numbers(keys: list[str], notes: dict[str, int]) -> list[int]:
    """Return the numbers of *keys*, each once, in order."""
    return sorted({notes[key] for key in keys})


_MARKDOWN_CHARACTERS = re.compile(r"([\\`*_{}\[\]<>|&#~^!])")


def escape_markdown(text: str) -> str:
    """Return *text* so that Markdown reads them as words: a compound may be called ``*`` or ``<b>``."""
    return text if text.isalnum() else _MARKDOWN_CHARACTERS.sub(r"\\\1", text)


_LINE_ENDS = re.compile(r"\s*[\r\n]+\s*")
_BARE_STROKE = re.compile(r"(?<!\\)((?:\\\\)*)\|")
_RULES = {"l": "---", "r": "--:"}


def write_table(head: Sequence[str], rows: Iterable[Sequence[str]], align: str = "") -> str:
    """Return a table in Markdown of cells that are Markdown; *align* has l or r for each column, l for all where it is empty.

    A cell stays one cell whatever is in it: a line's end becomes a blank, and a ``|`` is escaped that is not escaped yet.
    """
    lines = [f"| {' | '.join(map(_write_cell, row))} |" for row in (head, *rows)]
    return "\n".join([lines[0], f"|{'|'.join(_RULES[side] for side in align or 'l' * len(head))}|", *lines[1:]])


def _write_cell(cell: str) -> str:
    return _BARE_STROKE.sub(r"\1\\|", _LINE_ENDS.sub(" ", cell))


BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def show_bidi_controls(words: str) -> str:
    """Return *words* in which no figure stands the wrong way round: ``[U+202E]``."""
    return BIDI_CONTROLS.sub(lambda match: f"[U+{ord(match[0]):04X}]", words)
