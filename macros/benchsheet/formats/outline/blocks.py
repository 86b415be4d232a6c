"""What a sheet is made of: headings, words, tables, plate maps; each face writes them in its own way."""

from __future__ import annotations

from ..._dataclass import dataclass


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A heading; *level* 1 is the sheet's title."""

    text: str
    level: int = 2


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """A paragraph of plain words; *lead* stands before them, and *strong* asks for notice."""

    text: str
    lead: str = ""
    strong: bool = False


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command to copy."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Definitions:
    """Labels with their values."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table; *align* has l or r for each column."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    align: str


@dataclass(frozen=True, kw_only=True)
class BulletList:
    """A list of plain words."""

    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class StepText:
    """A step's own words, in the small Markdown; *notes* maps a reference's key to its number."""

    markdown: str
    notes: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class PlateMap:
    """One layout: *rows* of marks under the numbers of the columns."""

    columns: int
    rows: tuple[tuple[str, tuple[str, ...]], ...]


Block = Heading | Paragraph | Command | Definitions | Table | BulletList | StepText | PlateMap
