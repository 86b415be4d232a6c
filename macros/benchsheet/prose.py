"""The one reading of step prose: Markdown to lines of words, lists and tables; each face writes them in its own markup."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

from ._dataclass import dataclass
from .markup import Bits, Grid, Line, read

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


def words(bits: Bits) -> str:
    """Return the words of bits, without emphasis."""
    return "".join(" " if bit.kind in {"break", "hardbreak"} else bit.words for bit in bits)


@functools.lru_cache(maxsize=512)
def parsed(markdown: str, write: Callable[[Bits], str] = words) -> tuple[Paragraph | Rows, ...]:
    """Return the prose of a step as paragraphs, list items and tables, the bits of each as a face would *write* them."""
    return tuple(_said(shape, write) for shape in read(markdown))


def _said(shape: Line | Grid, write: Callable[[Bits], str]) -> Paragraph | Rows:
    if isinstance(shape, Grid):
        head, *rows = (tuple(map(write, cells)) for cells in shape.cells)
        return Rows(head, tuple(rows), shape.align)
    return Paragraph((words if shape.code else write)(shape.bits), shape.mark, shape.depth, shape.kind)


def noted(markdown: str, notes: dict[str, int]) -> str:
    """Return *markdown* with each ``[@key]`` as the number of its reference, those that stand together in order; a user's own are escaped."""
    if "[@" not in markdown:
        return markdown
    return _NOTES.sub(lambda found: " ".join(rf"\[{number}\]" for number in numbers(_KEY.findall(found[0]), notes)), markdown)


def numbers(keys: list[str], notes: dict[str, int]) -> list[int]:
    """Return the numbers of *keys*, each once, in order."""
    return sorted({notes[key] for key in keys})
