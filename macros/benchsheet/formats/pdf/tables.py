"""The tables of a printed sheet: checklists, shelf list, recipes, plate maps and lanes, their columns as wide as their cells need."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from .metrics import CAP_HEIGHT, LEADING, TYPE_SIZE, TextRun, count_lines, lines_height, text_width
from .pieces import MM, PARAGRAPH_GAP, TICK_SIZE, Piece
from .typst_text import TypstText, typst_array, typst_call

CellRow = Sequence[TypstText]
TableParts = tuple[str, CellRow, Sequence[CellRow], int, Collection[int]]  # alignment, head, rows, broadest column, rows without a checkbox
WellCell = tuple[str, Sequence[Sequence[TextRun]]]  # the markup of a well, and the runs of each of its lines
# Lengths in points.
BOX_COLUMN = 11.5  # width of the column of checkboxes
CELL_INSET = 1.6  # on the left and right of a cell
AMOUNT_GAP = 4.0  # more on the left of a column after a right-aligned one: two amounts are not read as one
COLUMN_SPARE = 0.4  # by which a column is wider than its words
RECIPE_BOX_COLUMN = 12.0  # width of the column of checkboxes in a recipe
QR_SIZE = 23 * MM
TITLE_SCALE = 16 / TYPE_SIZE  # of the title, to the other text
GUTTER = 9.0  # between two columns of the sheet


def runs_width(runs: Sequence[TextRun]) -> float:
    """Return how many points *runs* take on one line."""
    return sum(text_width(words, bold=bold) if isinstance(words, str) else words for words, bold in runs)


def _row_height(cells: Sequence[Sequence[TextRun]], columns: Sequence[float], inset: float) -> float:
    """Return the height of the highest cell of a row."""
    rooms = (width - 2 * inset - COLUMN_SPARE / 2 for width in columns)
    return max((lines_height(count_lines(runs, room, room)) for runs, room in zip(cells, rooms, strict=True) if runs), default=0)


def _typst_heights(rows: Sequence[float], one: float) -> str:
    """Return the heights of rows as a Typst array, ``auto`` for rows of several lines; *one* is the height of a row of one line."""
    return typst_array(f"{height:.2f}pt" if height <= one else "auto" for height in rows)


def checklist_table(
    columns: Sequence[float], align: str, head: CellRow, rows: Sequence[CellRow], bare: Collection[int] = (), blanks: int = 0, pad: float = 1.9
) -> Piece:
    """Return a table with a checkbox before each row but those of *bare*; the last *blanks* columns are to write in.

    *align* has l or r for each column; *pad* is the space above and below the words of a row.
    """
    apart = _column_gaps(align)
    rooms = [column - more for column, more in zip(columns, apart, strict=True)]
    row_heights = [_row_height([cell.bold_runs() for cell in head], rooms, CELL_INSET) + 2 * pad]
    for place, row in enumerate(rows):
        row_heights.append(max(_row_height([cell.runs for cell in row], rooms, CELL_INSET), 0 if place in bare else TICK_SIZE) + 2 * pad)
    sides = typst_array({"l": "left", "r": "right"}[side] for side in align)
    sizes = _typst_points(columns), _typst_points([CELL_INSET, *(CELL_INSET + more for more in apart)])
    cells = _typst_heights(row_heights, TICK_SIZE + 2 * pad), sides, _typst_row(head), typst_array(map(_typst_row, rows))
    options = f"bare: {typst_array(map(str, sorted(bare)))}", f"blanks: {blanks}", f"pad: {pad}pt"
    markup = typst_call("ticked", *sizes, *cells, *options)
    return Piece(markup=markup, height=lambda _: sum(row_heights), row_heights=tuple(row_heights))


def _column_gaps(align: str) -> list[float]:
    """Return the extra space before each column: a left-aligned one after a right-aligned one has `AMOUNT_GAP`."""
    return [AMOUNT_GAP if pair == "rl" else 0 for pair in ("".join(sides) for sides in zip("l" + align, align, strict=False))]


def fit_table(width: float, align: str, head: CellRow, rows: Sequence[CellRow], broad: int, most: float = 0, bare: Collection[int] = ()) -> Piece:
    """Return a table of *width* whose columns are as wide as their cells; heads are wrapped if there is no room for them.

    The column number *broad* takes the width that is left, but at most *most*, if that is not 0.
    """
    full_widths = _column_widths(align, head, rows)
    widths = full_widths if sum(full_widths) + BOX_COLUMN <= width else _column_widths(align, head, rows, split_heads=True)
    left = width - BOX_COLUMN - sum(widths) + widths[broad]
    columns = [*widths]
    columns[broad] = min(most, full_widths[broad], left) if most else left
    return checklist_table([max(1.0, column) for column in columns], align, head, rows, bare)


def _column_widths(align: str, head: CellRow, rows: Sequence[CellRow], *, split_heads: bool = False) -> list[float]:
    """Return the widths of the columns of a table if no cell is wrapped, nor a head unless *split_heads* is true."""
    widths = []
    for place, (words, apart) in enumerate(zip(head, _column_gaps(align), strict=True)):
        heads = _split_words(words) if split_heads else [words.bold_runs()]
        widest = max(map(runs_width, (*heads, *(row[place].runs for row in rows))))
        widths.append(widest + 2 * CELL_INSET + COLUMN_SPARE + apart)
    return widths


def side_tables(width: float, tables: Sequence[TableParts]) -> Piece:
    """Return one or two tables side by side, each with its share of *width* as needed; one table alone takes half of it."""
    needs = [sum(_column_widths(align, head, rows, split_heads=True)) for align, head, rows, _, _ in tables]
    share = min(0.6, max(0.4, needs[0] / sum(needs))) if len(tables) > 1 else 0.5
    widths = [(width - GUTTER) * part for part in (share, 1 - share)][: len(tables)]
    beside = [fit_table(room, align, head, rows, broad, 0, bare) for room, (align, head, rows, broad, bare) in zip(widths, tables, strict=True)]
    markup = typst_call("side", _typst_points(widths), *(table.markup for table in beside))
    return Piece(markup=markup, height=lambda _: max(table.height(0) for table in beside))


def _split_words(words: TypstText) -> list[tuple[TextRun, ...]]:
    """Return the words of a head one by one; those of several runs stay together."""
    if len(words.runs) > 1:
        return [words.bold_runs()]
    return [((part, True),) for text, _ in words.runs for part in str(text).split(" ")] or [()]


def share_widths(width: float, shares: Sequence[int]) -> list[float]:
    """Divide *width* without the column of checkboxes by *shares*."""
    return [(width - BOX_COLUMN) * share / sum(shares) for share in shares]


def shelf_table(width: float, head: CellRow, rows: Sequence[CellRow], blanks: Sequence[float]) -> Piece:
    """Return the shelf list: the last columns are *blanks* to write in, of these widths; the first takes the width that is left."""
    align = "l" + "r" * 2 + "l" * (len(head) - 3)
    widths = _column_widths(align, head, rows)[1 : len(head) - len(blanks)]
    first = width - BOX_COLUMN - sum(widths) - sum(blanks)
    return checklist_table([first, *widths, *blanks], align, head, rows, blanks=len(blanks), pad=2.2)


def recipe_table(width: float, name: TypstText, amount: TypstText, parts: Sequence[CellRow]) -> Piece:
    """Return a recipe: its name and volume, and a row with a checkbox for each part."""
    last = max((runs_width(cells[1].runs) for cells in parts), default=0) + 4 + COLUMN_SPARE
    columns = (width - RECIPE_BOX_COLUMN - last, last)
    row_heights = [max(TICK_SIZE, _row_height([cell.runs for cell in row], columns, 2)) + 2.8 for row in parts]
    head = lines_height(count_lines([*name.bold_runs(), (4 + runs_width(amount.bold_runs()), False)], width, width))
    table = typst_array(map(_typst_row, parts)), f"{last:.2f}pt", _typst_heights(row_heights, TICK_SIZE + 2.8)
    markup = typst_call("recipe", name.markup, amount.markup, *table)
    return Piece(markup=markup, height=lambda _: head + 3.2 + sum(row_heights), above=0)


def facts_table(pieces: Sequence[Piece]) -> Piece:
    """Return facts in two columns."""

    def tall(width: float) -> float:
        each = [piece.height((width - 10) / 2) for piece in pieces]
        rows = [max(each[at : at + 2]) for at in range(0, len(each), 2)]
        return sum(rows) + 3 * max(0, len(rows) - 1)

    return Piece(markup=typst_call("facts", *(piece.markup for piece in pieces)), height=tall)


def front_piece(title: TypstText, version: TypstText, summary: TypstText, counts: TypstText, command: TypstText, *, code: Sequence[str]) -> Piece:
    """Return the head of a sheet, beside its QR code; *code* is the image and its text alternative, as Typst strings."""
    about = (*version.runs, *(((". ", False), *counts.bold_runs()) if counts.runs else ()))
    title_width = TITLE_SCALE * runs_width(title.bold_runs())
    monospaced: list[TextRun] = [(re.sub("[^ ]", "m", str(words)), False) for words, _ in command.runs]

    def tall(width: float) -> float:
        room = width - QR_SIZE - 5 * MM
        title_lines = 1 if title_width <= room else count_lines(title.bold_runs(), room, room / TITLE_SCALE)
        text_heights = (lines_height(count_lines(runs, room, room)) for runs in (about, summary.runs))
        heads = title_lines * (TITLE_SCALE * CAP_HEIGHT + LEADING) + 12
        return max(QR_SIZE, heads + sum(text_heights) + 2 * PARAGRAPH_GAP + count_lines(monospaced, room, room) * (CAP_HEIGHT + LEADING))

    words = (title, version, summary, counts, command)
    return Piece(markup=typst_call("front", *(each.markup for each in words), *code, f"{QR_SIZE:.2f}pt"), height=tall)


def plate_table(width: float, title: TypstText, wells: Sequence[tuple[TypstText, Sequence[WellCell]]], legend: TypstText) -> Piece:
    """Return the map of a plate; *wells* has each row with its letter."""
    count = len(wells[0][1]) if wells else 1
    room = (width - 13) / count - 1.6
    rows = [max(sum(count_lines(line, room, room) for line in cell_lines) for _, cell_lines in row) for _, row in wells]
    row_heights = [CAP_HEIGHT + 4.4, *(lines_height(max(1, row)) + 4.4 for row in rows)]
    names: dict[str, str] = {}  # equal wells share a Typst variable, which is laid out once
    cells = typst_array(
        typst_array([f"strong({letter.markup})", *(names.setdefault(cell, f"w{len(names)}") for cell, _ in row)]) for letter, row in wells
    )
    kinds = "".join(f"let {name} = {cell}; " for cell, name in names.items())
    markup = f"{{{kinds}{typst_call('plate', title.markup, str(count), _typst_points(row_heights), cells, legend.markup)}}}"
    under = PARAGRAPH_GAP + lines_height(count_lines(legend.runs, width, width)) if legend.runs else 0
    head = lines_height(count_lines(title.bold_runs(), width, width))
    return Piece(markup=markup, height=lambda _: head + 3.2 + sum(row_heights) + under, above=0)


def lane_table(width: float, title: TypstText, numbers: Sequence[TypstText], gels: Sequence[tuple[TypstText, Sequence[TypstText]]]) -> Piece:
    """Return the lanes of gels that have the same lane *numbers*, one below the other; *gels* are names with the text of each lane."""
    first = min(max(runs_width(title.runs), *(runs_width(name.bold_runs()) for name, _ in gels)) + 2 * CELL_INSET + COLUMN_SPARE, width / 3)
    name_room, room = first - 2 * CELL_INSET - COLUMN_SPARE / 2, (width - first) / len(numbers) - 2 * CELL_INSET
    rows = [
        max(count_lines(name.bold_runs(), name_room, name_room), *(count_lines(words.runs, room, room) for words in lane_texts))
        for name, lane_texts in gels
    ]
    head = lines_height(count_lines(title.runs, name_room, name_room))
    gels_markup = typst_array(typst_array((name.markup, typst_array(words.markup for words in lane_texts))) for name, lane_texts in gels)
    markup = typst_call("lanes", title.markup, _typst_row(numbers), gels_markup, f"{first:.2f}pt")
    return Piece(markup=markup, height=lambda _: head + 4.8 + sum(lines_height(row) + 4.8 for row in rows), above=3, below=0, firm=True)


def _typst_row(cells: CellRow) -> str:
    return typst_array(cell.markup for cell in cells)


def _typst_points(lengths: Sequence[float]) -> str:
    return typst_array(f"{length:.2f}pt" for length in lengths)
