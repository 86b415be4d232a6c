"""The plain blocks of a sheet: headings, paragraphs, tables, plate maps; each format writes them in its own way."""

from __future__ import annotations

from ..._dataclass import dataclass


@dataclass(frozen=True, kw_only=True)
class Cited:
    """Plain text that cites the works of these *numbers*; as ``str`` it has them behind it: ``text [1] [2]``."""

    text: str
    numbers: tuple[int, ...]

    def __str__(self) -> str:
        return self.text + "".join(f" [{number}]" for number in self.numbers)


Words = str | Cited


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A heading; *level* 1 is the sheet's title."""

    text: str
    level: int = 2


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """A paragraph of plain text; *lead* stands before it, and *strong* means important; *is_hazard* if it names a hazard."""

    text: str
    lead: str = ""
    strong: bool = False
    is_hazard: bool = False


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command to copy."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Definitions:
    """Labels with their values."""

    rows: tuple[tuple[str, Words], ...]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table; *align* has l or r for each column."""

    head: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]
    align: str


@dataclass(frozen=True, kw_only=True)
class BulletList:
    """A list of plain text."""

    items: tuple[Words, ...]


@dataclass(frozen=True, kw_only=True)
class StepText:
    """The prose of a step in Markdown; *notes* maps the key of a reference to its number."""

    markdown: str
    notes: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class PlateMap:
    """One plate layout: *rows* are a letter with the marks of its wells."""

    columns: int
    rows: tuple[tuple[str, tuple[str, ...]], ...]


PlainBlock = Heading | Paragraph | Command | Definitions | Table | BulletList | StepText | PlateMap
