"""The tables of a printed sheet, their columns as wide as what stands in them: to tick, to fill in, to pipette by; computes no amount."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from .metrics import HIGH, LEADING, SIZE, Run, high, lines, wide
from .pieces import BETWEEN, MM, TICK, Piece
from .typst_text import Words, call, several

Row = Sequence[Words]
Grid = tuple[str, Row, Sequence[Row], int, Collection[int]]  # sides, head, rows, its broad column, rows without a box
Well = tuple[str, Sequence[Sequence[Run]]]  # its cell, and the lines in it
BOX = 11.5  # of the column of boxes
INSET = 1.6  # of a cell, on each side
APART = 4.0  # beyond that, from an amount that ends where the column begins: two are not read as one
SPARE = 0.4  # by which a column is wider than its words
NARROW = 12.0  # of the column of boxes in a recipe
QR = 23 * MM
TITLE = 16 / SIZE  # how much larger than the words of a sheet
GUTTER = 9.0  # between two columns of the sheet


def long(runs: Sequence[Run]) -> float:
    """Return how many points *runs* take on one line."""
    return sum(wide(words, bold=marked) if isinstance(words, str) else words for words, marked in runs)


def _tall(cells: Sequence[Sequence[Run]], columns: Sequence[float], inset: float) -> float:
    """Return the height of the highest cell of a row."""
    rooms = (width - 2 * inset - SPARE / 2 for width in columns)
    return max((high(lines(runs, room, room)) for runs, room in zip(cells, rooms, strict=True) if runs), default=0)


def _fixed(rows: Sequence[float], one: float) -> str:
    """Return the heights of rows as Typst, which finds that of a row of several lines itself; *one* is a row of one line."""
    return several(f"{tall:.2f}pt" if tall <= one else "auto" for tall in rows)


def ticked(
    columns: Sequence[float], align: str, head: Row, rows: Sequence[Row], bare: Collection[int] = (), blanks: int = 0, pad: float = 1.9
) -> Piece:
    """Return a table with a box before each row but those of *bare*; the last *blanks* columns are to write in."""
    apart = _apart(align)
    rooms = [column - more for column, more in zip(columns, apart, strict=True)]
    rows_high = [_tall([cell.bold() for cell in head], rooms, INSET) + 2 * pad]
    for place, row in enumerate(rows):
        rows_high.append(max(_tall([cell.runs for cell in row], rooms, INSET), 0 if place in bare else TICK) + 2 * pad)
    sides = several({"l": "left", "r": "right"}[side] for side in align)
    options = (f"bare: {several(map(str, sorted(bare)))}", f"blanks: {blanks}", f"pad: {pad}pt")
    insets = _points([INSET, *(INSET + more for more in apart)])
    made = call("ticked", _points(columns), insets, _fixed(rows_high, TICK + 2 * pad), sides, _row(head), several(map(_row, rows)), *options)
    return Piece(made, lambda _: sum(rows_high), rows=tuple(rows_high))


def _apart(align: str) -> list[float]:
    """Return how much farther each column stands from the one before: one to the left behind one to the right."""
    return [APART if pair == "rl" else 0 for pair in ("".join(sides) for sides in zip("l" + align, align, strict=False))]


def fitted(width: float, align: str, head: Row, rows: Sequence[Row], broad: int, most: float = 0, bare: Collection[int] = ()) -> Piece:
    """Return a table of *width* whose columns are as wide as what stands in them, their heads broken where they have no room.

    One column, the *broad*, takes what is left, but, where *most* is said, never more than that.
    """
    whole = _columns(align, head, rows)
    taken = whole if sum(whole) + BOX <= width else _columns(align, head, rows, broken=True)
    left = width - BOX - sum(taken) + taken[broad]
    columns = [*taken]
    columns[broad] = min(most, whole[broad], left) if most else left
    return ticked([max(1.0, column) for column in columns], align, head, rows, bare)


def _columns(align: str, head: Row, rows: Sequence[Row], *, broken: bool = False) -> list[float]:
    """Return how wide the columns of a table are where no cell is broken, and, unless they are *broken*, no head."""
    found = []
    for place, (words, apart) in enumerate(zip(head, _apart(align), strict=True)):
        heads = _broken(words) if broken else [words.bold()]
        widest = max(map(long, (*heads, *(row[place].runs for row in rows))))
        found.append(widest + 2 * INSET + SPARE + apart)
    return found


def side(width: float, tables: Sequence[Grid]) -> Piece:
    """Return one or two tables beside one another, each `fitted` into what it needs of *width*; one alone takes half of it."""
    needs = [sum(_columns(align, head, rows, broken=True)) for align, head, rows, _, _ in tables]
    share = min(0.6, max(0.4, needs[0] / sum(needs))) if len(tables) > 1 else 0.5
    widths = [(width - GUTTER) * part for part in (share, 1 - share)][: len(tables)]
    set_in = [fitted(room, align, head, rows, broad, 0, bare) for room, (align, head, rows, broad, bare) in zip(widths, tables, strict=True)]
    made = call("side", _points(widths), *(table.markup for table in set_in))
    return Piece(made, lambda _: max(table.high(0) for table in set_in))


def _broken(words: Words) -> list[tuple[Run, ...]]:
    """Return the words of a head one by one."""
    if len(words.runs) > 1:
        return [words.bold()]
    return [((part, True),) for text, _ in words.runs for part in str(text).split(" ")] or [()]


def shared(width: float, shares: Sequence[int]) -> list[float]:
    """Return the columns of a table of *width*, beside that of the boxes, by their *shares*."""
    return [(width - BOX) * share / sum(shares) for share in shares]


def shelf(width: float, head: Row, rows: Sequence[Row], blanks: Sequence[float]) -> Piece:
    """Return the list of what to take: the first column has what is left by the others, the last of them *blanks* to write in."""
    align = "l" + "r" * 2 + "l" * (len(head) - 3)
    taken = []
    for place, apart in list(enumerate(_apart(align)))[1 : len(head) - len(blanks)]:
        taken.append(max(long(head[place].bold()), *(long(row[place].runs) for row in rows)) + 2 * INSET + SPARE + apart)
    first = width - BOX - sum(taken) - sum(blanks)
    return ticked([first, *taken, *blanks], align, head, rows, blanks=len(blanks), pad=2.2)


def recipe(width: float, name: Words, amount: Words, parts: Sequence[Row]) -> Piece:
    """Return a recipe: its name and volume, and a row with its box for each part."""
    last = max((long(cells[1].runs) for cells in parts), default=0) + 4 + SPARE
    columns = (width - NARROW - last, last)
    tall = [max(TICK, _tall([cell.runs for cell in row], columns, 2)) + 2.8 for row in parts]
    head = high(lines([*name.bold(), (4 + long(amount.bold()), False)], width, width))
    made = call("recipe", name.markup, amount.markup, several(_row(row) for row in parts), f"{last:.2f}pt", _fixed(tall, TICK + 2.8))
    return Piece(made, lambda _: head + 3.2 + sum(tall), 0)


def facts(pieces: Sequence[Piece]) -> Piece:
    """Return facts in two columns."""

    def tall(width: float) -> float:
        each = [piece.high((width - 10) / 2) for piece in pieces]
        rows = [max(each[at : at + 2]) for at in range(0, len(each), 2)]
        return sum(rows) + 3 * max(0, len(rows) - 1)

    return Piece(call("facts", *(piece.markup for piece in pieces)), tall)


def front(title: Words, version: Words, summary: Words, noticed: Words, command: Words, code: Sequence[str]) -> Piece:
    """Return what a sheet begins with, beside its QR code: the image, and what it is to one who does not see it."""
    about = (*version.runs, *(((". ", False), *noticed.bold()) if noticed.runs else ()))

    def tall(width: float) -> float:
        room = width - QR - 5 * MM
        head = lines([(TITLE * long(title.bold()), False)] if long(title.bold()) * TITLE <= room else title.bold(), room, room / TITLE)
        typed = lines([(" ".join("m" * len(part) for part in str(words).split(" ")), False) for words, _ in command.runs], room, room)
        said = (high(lines(runs, room, room)) for runs in (about, summary.runs))
        return max(QR, head * (TITLE * HIGH + LEADING) + 12 + sum(said) + 2 * BETWEEN + typed * (HIGH + LEADING))

    return Piece(call("front", *(words.markup for words in (title, version, summary, noticed, command)), *code, f"{QR:.2f}pt"), tall)


def plate(width: float, title: Words, wells: Sequence[tuple[Words, Sequence[Well]]], legend: Words) -> Piece:
    """Return a map of a plate: for each row its letter, and for each well its cell and the lines in it."""
    count = len(wells[0][1]) if wells else 1
    room = (width - 13) / count - 1.6
    rows = [max(sum(lines(line, room, room) for line in said) for _, said in row) for _, row in wells]
    tall = [HIGH + 4.4, *(high(max(1, row)) + 4.4 for row in rows)]
    names: dict[str, str] = {}  # wells that hold the same are one thing to Typst too, which looks at each thing once
    cells = several(several([f"strong({letter.markup})", *(names.setdefault(cell, f"w{len(names)}") for cell, _ in row)]) for letter, row in wells)
    kinds = "".join(f"let {name} = {cell}; " for cell, name in names.items())
    made = f"{{{kinds}{call('plate', title.markup, str(count), _points(tall), cells, legend.markup)}}}"
    under = BETWEEN + high(lines(legend.runs, width, width)) if legend.runs else 0
    head = high(lines(title.bold(), width, width))
    return Piece(made, lambda _: head + 3.2 + sum(tall) + under, 0)


def lanes(width: float, title: Words, numbers: Sequence[Words], gels: Sequence[tuple[Words, Sequence[Words]]]) -> Piece:
    """Return the lanes of gels that are loaded alike, under one another."""
    first = min(max(long(title.runs), *(long(name.bold()) for name, _ in gels)) + 2 * INSET + SPARE, width / 3)
    named, room = first - 2 * INSET - SPARE / 2, (width - first) / len(numbers) - 2 * INSET
    rows = [max(lines(name.bold(), named, named), *(lines(words.runs, room, room) for words in held)) for name, held in gels]
    head = high(lines(title.runs, named, named))
    said = several(several((name.markup, several(words.markup for words in held))) for name, held in gels)
    made = call("lanes", title.markup, _row(numbers), said, f"{first:.2f}pt")
    return Piece(made, lambda _: head + 4.8 + sum(high(row) + 4.8 for row in rows), 3, 0, firm=True)


def _row(cells: Row) -> str:
    return several(cell.markup for cell in cells)


def _points(lengths: Sequence[float]) -> str:
    return several(f"{length:.2f}pt" for length in lengths)
