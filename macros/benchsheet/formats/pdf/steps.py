"""The steps of a printed sheet: a checkbox for each action, blanks for start and stop beside the planned times, and pause points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from ...markup import Prose, ProseParagraph, ProseTable
from ...patterns import compile_when_used
from ..outline.entries import Block, StepBlock
from ..outline.summaries import describe_hazards
from . import pieces, tables
from .blocks import Item, block_items
from .pages import PageRoom
from .pieces import MM, Piece
from .typst_text import BLANK_STROKES, BOLD_OFF, BOLD_ON, rich_text, typst_prose, typst_text

COLUMN_CHARS = 38  # characters of a table row that fit into a column of the sheet
OTHER_COLUMN_CHARS = (26, 46)  # most characters of all table columns but the broadest: in a column of the sheet, and in half a page
_DEFINITION = compile_when_used(rf"{BOLD_ON}[^{BOLD_OFF}]+{BOLD_OFF} = |[^.;:]+: ____ = ")
_BLANK_MARK = "____"
ROWS_TOGETHER = 24  # rows of a table that stay in one column
MOST_FILL_WIDTH = 70 * MM  # of the broadest column of a table with blanks: a blank stands near what it is for
PAGE_CHARS = 75  # the same of a table with blanks that has the width of the page
MOST_UNIT_BLANKS = 10  # units of a step that get a blank each


def step_items(blocks: Sequence[Block], room: PageRoom) -> Iterator[Item]:
    """Yield the steps, with the day before the first one of each day."""
    last_day = ""
    for step in blocks:
        if not isinstance(step, StepBlock):
            yield from block_items([step], room.column_width)
            continue
        day = step.times.day(step.number)
        begins = (pieces.day_piece(typst_text(day)),) if day and day != last_day else ()
        last_day = day or last_day
        parts = tuple(piece for part in typst_prose(step.markdown, step.notes) for piece in _split_table(part))
        is_wide = any(isinstance(part, ProseTable) and _is_wide(part) for part in parts)
        head, *rest = _step_pieces(step, parts, room, is_wide=is_wide)
        if is_wide:
            yield Item(pieces=(*begins, head, *rest), gap=8, is_wide=is_wide)
            continue
        first = 2 if step.hazards else 1  # the head, its hazards and the first action stay together
        groups = [(*begins, head, *rest[:first]), *((piece,) for piece in rest[first:])]
        yield from (Item(pieces=part, gap=5 if part is groups[-1] else 3, group=f"step {step.number}") for part in groups)


def _step_pieces(step: StepBlock, parts: tuple[Prose[str], ...], room: PageRoom, *, is_wide: bool) -> Iterator[Piece]:
    number, facts, step_times = step.number, step.facts, step.times
    about = [facts[kind] for kind in ("hands-on", "batching", *(() if "wait" in facts else ("at",))) if kind in facts]
    units = [f"{unit} {place}" for unit, times in step_times.unit_counts(number) for place in range(1, times + 1)]
    many = [typst_text(unit) for unit in units] if 1 < len(units) <= MOST_UNIT_BLANKS else []
    yield pieces.step_piece(
        typst_text(str(number)), typst_text(step.title), typst_text("; ".join(about)), typst_text(step_times.work_times(number)), many
    )
    if step.hazards:
        yield pieces.hazard_piece(typst_text(describe_hazards(step.hazards)))
    for is_table, group in groupby(parts, lambda part: isinstance(part, ProseTable)):
        group_parts = list(group)
        if is_table and is_wide and len(group_parts) > 1:
            grids = [_table_parts(part) for part in group_parts if isinstance(part, ProseTable)]
            yield from (tables.side_tables(room.width, grids[at : at + 2]) for at in range(0, len(grids), 2))
            continue
        width = room.width if is_wide else room.column_width
        yield from (_table_piece(part, width, alone=is_wide) if isinstance(part, ProseTable) else _action_piece(part) for part in group_parts)
    if "wait" in facts:
        length = facts["wait"] + (f" at {facts['at']}" if "at" in facts else "")
        yield pieces.wait_piece(typst_text("then"), typst_text(", ".join(filter(None, (length, step_times.wait_end(number))))))
    if step.pause:
        yield pieces.pause_piece(typst_text(step.pause))


def _action_piece(part: ProseParagraph[str]) -> Piece:
    if part.kind == "caption":
        return pieces.paragraph_piece(rich_text(part.text))
    mark = part.mark if part.mark != "-" else ""
    if part.kind == "remark" or _DEFINITION.match(part.text):
        return pieces.definition_piece(rich_text(f"{mark} {part.text}" if mark else part.text), part.depth * 7)
    return pieces.action_piece(rich_text(part.text), typst_text(mark), part.depth * 7)


def _split_table(part: Prose[str]) -> Iterator[Prose[str]]:
    """Split a long table that fits the width of a column into several, so that it can continue in the next column."""
    if isinstance(part, ProseParagraph) or _is_wide(part) or len(part.rows) <= ROWS_TOGETHER * 3 // 2:
        yield part
        return
    for begin in range(0, len(part.rows), ROWS_TOGETHER):
        yield ProseTable(head=part.head, rows=part.rows[begin : begin + ROWS_TOGETHER], align=part.align)


def _is_wide(table: ProseTable[str]) -> bool:
    return sum(max(len(cells[column]) for cells in (table.head, *table.rows)) + 1 for column in range(len(table.head))) > COLUMN_CHARS


def _table_piece(table: ProseTable[str], width: float, *, alone: bool) -> Piece:
    """Return a table of a step, with a checkbox before each row but a total. The column with the longest cell takes the width that is left.

    A table that is *alone* has the width of the page.
    """
    has_blanks = any(_BLANK_MARK in cell for cells in table.rows for cell in cells)
    align, head, rows, broad, bare = _table_parts(table)
    bodies = _column_lengths(table)
    if sum(bodies) - bodies[broad] > (OTHER_COLUMN_CHARS[_is_wide(table)] if not (has_blanks and alone) else PAGE_CHARS):
        columns = tables.share_widths(width, [min(body, 40) + 4 for body in bodies])
        return tables.checklist_table(columns, align, head, rows, bare)
    return tables.fit_table(width, align, head, rows, broad, MOST_FILL_WIDTH if has_blanks else 0, bare)


def _table_parts(table: ProseTable[str]) -> tables.TableParts:
    """Return the alignment, head and rows of a table, its column with the longest cell, and which rows have no checkbox."""
    bodies = _column_lengths(table)
    broad = max(range(len(bodies)), key=lambda column: bodies[column])
    bare = [place for place, cells in enumerate(table.rows) if cells[0].startswith(BOLD_ON)]
    return table.align, [rich_text(cell) for cell in table.head], [[rich_text(cell) for cell in cells] for cells in table.rows], broad, bare


def _column_lengths(table: ProseTable[str]) -> list[int]:
    return [max((_cell_length(cells[column]) for cells in table.rows), default=1) for column in range(len(table.head))]


def _cell_length(cell: str) -> int:
    return len(cell.strip(BOLD_ON + BOLD_OFF)) + (BLANK_STROKES - len(_BLANK_MARK)) * cell.count(_BLANK_MARK)
