"""How a row of one's own is told of a shared table, for one run: ``p38: 38 kDa, rabbit``; the ``own`` of the table's file."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .._dataclass import dataclass
from ..errors import Collector, ProtocolError, check_known
from ..yamltree import YamlMap

_CELL_KEYS = ("columns", "rows", "needed", "else", "with", "named")
NAME_WORD = "name"


@dataclass(frozen=True, kw_only=True)
class CellForm:
    """What is told behind, or before, the word *word*: the cells of *columns*, or a row of the table *rows*, which a parameter takes.

    *is_needed* in each row, or in one whose name the pattern *named* fits. *usual* is what an untold cell has (``name``: the row's own
    name), *along* what other columns have where it is told.
    """

    word: str
    columns: tuple[str, ...] = ()
    rows: str = ""
    is_needed: bool = False
    usual: str = ""
    along: tuple[tuple[str, str], ...] = ()
    named: str = ""


@dataclass(frozen=True, kw_only=True)
class RowForm:
    """How a row is told: an *example* without its name, and its *cells*."""

    example: str
    cells: tuple[CellForm, ...]


def read_row_form(entry: YamlMap, columns: Iterable[str], mistakes: Collector) -> RowForm:
    """Return what *entry* declares for a table of these *columns*; keep each mistake."""
    with mistakes.at(entry.file, entry.line):
        entry.check_keys(("example", "cells"), "a row of one's own", required=("example", "cells"))
    cells, names = [], tuple(columns)
    entries = entry.mapping("cells")
    for word in entries:
        with mistakes.at(entry.file, entries.lines[word]):
            cells.append(_read_cell_form(word, entries.mapping(word), names))
    return RowForm(example=entry.text("example"), cells=tuple(cells))


def _read_cell_form(word: str, entry: YamlMap, columns: tuple[str, ...]) -> CellForm:
    entry.check_keys(_CELL_KEYS, "a cell of a row of one's own")
    own_columns, along = tuple(entry.word_list("columns")), entry.mapping("with")
    for column in (*own_columns, *along):
        check_known(column, columns, f"the table has no column {column!r}", "columns")
    if bool(own_columns) == bool(entry.text("rows")):
        raise ProtocolError(f"{word!r} fills no column, or one and a row of another table", "write columns: [...], or rows: TABLE")
    try:
        re.compile(entry.text("named"))
    except re.error:
        raise ProtocolError(f"{entry.text('named')!r} is not a pattern", "write a regular expression") from None
    return CellForm(
        word=word,
        columns=own_columns,
        rows=entry.text("rows"),
        is_needed=entry.text("needed") == "yes",
        usual=entry.text("else"),
        along=tuple((column, along.text(column)) for column in along),
        named=entry.text("named"),
    )
