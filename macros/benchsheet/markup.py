"""The Markdown of a step's prose: parsed into paragraphs, list items and tables; and functions to write Markdown with text escaped."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any, Generic, TypeVar

from ._dataclass import dataclass
from .patterns import compile_when_used


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineSpan:
    """A part of a line; *kind* is ``text`` or ``code``, ``break`` or ``hardbreak``, or ``strong_open``, ``strong_close`` and the same of ``em``."""

    kind: str
    text: str = ""


InlineSpans = tuple[InlineSpan, ...]
Words = TypeVar("Words")  # the content of a part: spans as parsed, or the text of a format
LINE_BREAK = InlineSpan(kind="break")
_KIND_BY_TOKEN = {"text_special": "text", "image": "text", "code_inline": "code", "softbreak": "break"}
_INLINE_KINDS = {"text", "code", "break", "hardbreak", "strong_open", "strong_close", "em_open", "em_close"}


@dataclass(frozen=True, kw_only=True)
class ProseParagraph(Generic[Words]):
    """A paragraph, a list item with its *mark* (``1.`` or ``-``) and *depth* in the list, or a block of code (*is_code*).

    *kind* is "" for an action, ``caption`` for a paragraph all in bold, which names what follows, ``remark`` for one all in emphasis.
    """

    text: Words
    mark: str = ""
    depth: int = 0
    kind: str = ""
    is_code: bool = False


@dataclass(frozen=True, kw_only=True)
class ProseTable(Generic[Words]):
    """A table; *align* has l or r for each column."""

    head: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]
    align: str


Prose = ProseParagraph[Words] | ProseTable[Words]


@functools.cache
def _load_parser() -> Any:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table")


@functools.lru_cache(maxsize=512)  # many sheets of a batch have the same text of a step
def parse_markdown(markdown: str) -> tuple[Prose[InlineSpans], ...]:
    """Return the paragraphs, items and tables of a step's prose in their order."""
    return tuple(_parse_parts(markdown))


def _parse_parts(markdown: str) -> Iterator[Prose[InlineSpans]]:
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
                spans = _inline_spans(token)
                yield ProseParagraph(text=spans, mark=mark, depth=len(lists), kind="" if mark else _paragraph_kind(spans))
                mark = ""
            case "fence" | "code_block":
                yield ProseParagraph(text=(InlineSpan(kind="text", text=token.content.strip()),), mark=mark, depth=len(lists), is_code=True)
                mark = ""


def _inline_spans(token: Any) -> InlineSpans:
    spans = (InlineSpan(kind=_KIND_BY_TOKEN.get(child.type, child.type), text=child.content) for child in token.children or ())
    return tuple(LINE_BREAK if span.kind == "break" else span for span in spans if span.kind in _INLINE_KINDS and (span.kind != "text" or span.text))


def _paragraph_kind(spans: InlineSpans) -> str:
    """Return ``caption`` for a paragraph all in one bold, ``remark`` for one all in one emphasis, else ""."""
    kinds = [span.kind for span in spans]
    for mark, name in (("strong", "caption"), ("em", "remark")):
        if kinds[:1] == [f"{mark}_open"] and kinds[-1] == f"{mark}_close":
            depths = accumulate((kind == f"{mark}_open") - (kind == f"{mark}_close") for kind in kinds)
            return name if list(depths).index(0) == len(kinds) - 1 else ""
    return ""


CITATION_MARK = compile_when_used(r"\[@([\w-]+)\]")  # the citation of a work by its key, in the prose of a step and on a page
_CITATION_MARKS = compile_when_used(rf"{CITATION_MARK.pattern}(?: {CITATION_MARK.pattern})*")


def plain_text(spans: InlineSpans) -> str:
    """Return the text of *spans*, without emphasis."""
    return "".join(" " if span.kind in {"break", "hardbreak"} else span.text for span in spans)


@functools.lru_cache(maxsize=512)
def format_prose(markdown: str, write: Callable[[InlineSpans], str] = plain_text) -> tuple[Prose[str], ...]:
    """Return the prose of a step as paragraphs, list items and tables, with the spans of each turned into text by *write*."""
    return tuple(_format_part(part, write) for part in parse_markdown(markdown))


def _format_part(part: Prose[InlineSpans], write: Callable[[InlineSpans], str]) -> Prose[str]:
    if isinstance(part, ProseTable):
        return ProseTable(head=tuple(map(write, part.head)), rows=tuple(tuple(map(write, row)) for row in part.rows), align=part.align)
    text = plain_text(part.text) if part.is_code else write(part.text)
    return ProseParagraph(text=text, mark=part.mark, depth=part.depth, kind=part.kind, is_code=part.is_code)


def number_citations(markdown: str, notes: dict[str, int], note: Callable[[int], str] = r"\[{}\]".format) -> str:
    r"""Return *markdown* with each ``[@key]`` replaced by the *note* of its number, as ``\[2\]``; numbers side by side are in order."""

    def write(match: re.Match[str]) -> str:
        return " ".join(map(note, citation_numbers(CITATION_MARK.findall(match[0]), notes)))

    return _CITATION_MARKS.sub(write, markdown) if "[@" in markdown else markdown


def citation_numbers(keys: list[str], notes: dict[str, int]) -> list[int]:
    """Return the numbers of *keys*, each once, in order."""
    return sorted({notes[key] for key in keys})


_MARKDOWN_CHARACTERS = compile_when_used(r"([\\`*_{}\[\]<>|&#~^!])")


@functools.lru_cache(maxsize=4096)
def escape_markdown(text: str) -> str:
    """Return *text* escaped, so that Markdown shows it as it is: a compound may be called ``*`` or ``<b>``."""
    return text if text.isalnum() else _MARKDOWN_CHARACTERS.sub(r"\\\1", text)


_LINE_ENDS = compile_when_used(r"\s*[\r\n]+\s*")
_UNESCAPED_PIPE = compile_when_used(r"(?<!\\)((?:\\\\)*)\|")
_RULES = {"l": "---", "r": "--:"}


def write_table(head: Sequence[str], rows: Iterable[Sequence[str]], align: str = "") -> str:
    """Return a table in Markdown of cells that are Markdown; *align* has l or r for each column, "" means all l.

    A cell stays one cell: line ends become spaces, and ``|`` is escaped unless it is escaped already.
    """
    lines = [f"| {' | '.join(map(_write_cell, row))} |" for row in (head, *rows)]
    return "\n".join([lines[0], f"|{'|'.join(_RULES[side] for side in align or 'l' * len(head))}|", *lines[1:]])


def _write_cell(cell: str) -> str:
    if "\n" in cell or "\r" in cell:
        cell = _LINE_ENDS.sub(" ", cell)
    return _UNESCAPED_PIPE.sub(r"\1\\|", cell) if "|" in cell else cell


_TURNING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
BIDI_CONTROLS = compile_when_used(f"[{_TURNING}]")


def show_bidi_controls(words: str) -> str:
    """Return *words* with Unicode bidirectional control characters, which could reverse a number, as ``[U+202E]``."""
    if words.replace("\n", " ").replace("\u202f", " ").isprintable():  # none of them is: much quicker than to look for each in a whole sheet
        return words
    return BIDI_CONTROLS.sub(lambda match: f"[U+{ord(match[0]):04X}]", words)
