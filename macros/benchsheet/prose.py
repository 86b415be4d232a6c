"""The one reading of step prose: Markdown to lines of words, lists and tables; each face writes them in its own markup."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

from ._dataclass import dataclass
from .markup import InlineSpans, MarkupLine, MarkupTable, parse_markdown

_CITATIONS = re.compile(r"\[@[\w-]+\](?: \[@[\w-]+\])*")
_CITATION_KEY = re.compile(r"@([\w-]+)")


@dataclass(frozen=True)
class ProseParagraph:
    """Words; *mark* stands before them in a list (``1.`` or ``-``), *depth* says how deep; *kind* as in `Line`."""

    text: str
    mark: str = ""
    depth: int = 0
    kind: str = ""


@dataclass(frozen=True)
class ProseTable:
    """A table: *head*, *rows*, and l or r for each column."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    align: str


def plain_text(spans: InlineSpans) -> str:
    """Return the words of bits, without emphasis."""
    return "".join(" " if span.kind in {"break", "hardbreak"} else span.text for span in spans)


@functools.lru_cache(maxsize=512)
def format_prose(markdown: str, write: Callable[[InlineSpans], str] = plain_text) -> tuple[ProseParagraph | ProseTable, ...]:
    """Return the prose of a step as paragraphs, list items and tables, the bits of each as a face would *write* them."""
    return tuple(_format_part(shape, write) for shape in parse_markdown(markdown))


def _format_part(shape: MarkupLine | MarkupTable, write: Callable[[InlineSpans], str]) -> ProseParagraph | ProseTable:
    if isinstance(shape, MarkupTable):
        head, *rows = (tuple(map(write, cells)) for cells in shape.cells)
        return ProseTable(head, tuple(rows), shape.align)
    return ProseParagraph((plain_text if shape.is_code else write)(shape.spans), shape.mark, shape.depth, shape.kind)


def number_citations(markdown: str, notes: dict[str, int]) -> str:
    """Return *markdown* with each ``[@key]`` as the number of its reference, those that stand together in order; a user's own are escaped."""
    if "[@" not in markdown:
        return markdown
    return _CITATIONS.sub(lambda match: " ".join(rf"\[{number}\]" for number in citation_numbers(_CITATION_KEY.findall(match[0]), notes)), markdown)


def citation_numbers(keys: list[str], notes: dict[str, int]) -> list[int]:
    """Return the numbers of *keys*, each once, in order."""
    return sorted({notes[key] for key in keys})
