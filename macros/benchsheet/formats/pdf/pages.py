"""The layout of pages: three balanced columns of items that are not cut, and wide items across the page.

Items of one group may continue in the next column, but not on the next page. The shelf list has items beside it. An item that is
higher than a page takes the width of the page, and may break.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..._dataclass import dataclass
from .blocks import Item
from .pieces import MM, Piece, stack_height
from .tables import GUTTER
from .typst_text import typst_call

PAGE_COLUMNS = 3
PAGE_MARGINS = (18.0, 21.6)  # millimetres: left and right together, top and bottom together
PAGE_SPARE = 1.0  # points of each page that are left free
COLUMN_TOLERANCE = 0.5  # points by which balanced columns may be higher than necessary


@dataclass(frozen=True, kw_only=True)
class PageRoom:
    """The size of a page without its margins, in points."""

    width: float
    height: float

    @property
    def column_width(self) -> float:
        """The width of a column."""
        return (self.width - GUTTER * (PAGE_COLUMNS - 1)) / PAGE_COLUMNS

    @property
    def beside_width(self) -> float:
        """The width of the page beside one column."""
        return self.width - self.column_width - GUTTER


def page_room(width: float, height: float) -> PageRoom:
    """Return the size without margins of a page of *width* and *height* millimetres."""
    return PageRoom(width=(width - PAGE_MARGINS[0]) * MM, height=(height - PAGE_MARGINS[1]) * MM)


class Pages:
    """Pages being filled from the first to the last."""

    def __init__(self, room: PageRoom) -> None:
        self._room = room
        self._full_height = room.height - PAGE_SPARE
        self._pages: list[list[str]] = [[]]
        self._y = 0.0
        self._table_breaks = 0  # page ends within items

    def markup(self) -> str:
        """Return the pages as Typst markup."""
        return "\n#pagebreak()\n".join("\n".join(page) for page in self._pages if page)

    @property
    def count(self) -> int:
        """The number of pages."""
        return len(self._pages) + self._table_breaks

    @property
    def points_left(self) -> float:
        """The points of the last page that are still free."""
        return self._full_height - self._y

    def add_wide(self, item: Item) -> None:
        """Add an item over the width of the page."""
        height = stack_height(item.pieces, self._room.width)
        flows = height > self._full_height
        if self._y > self._full_height / 2 if flows else self._y + height > self._full_height:
            self._new_page()  # also for an item that breaks: its head and its first action stay together
        breaks, end = self._flow(item.pieces, self._room.width)
        self._add(typst_call("across", str(flows).lower(), f"{item.gap}pt", _pieces_markup(item.pieces)), end + item.gap, breaks)

    def add_items(self, items: Sequence[Item], table: Sequence[Piece] = ()) -> None:
        """Add items in balanced columns, the first of them beside a *table*."""
        heights = [stack_height(item.pieces, self._room.column_width) for item in items]
        at = self._add_table(table, items, heights) if table else 0
        while at < len(items):
            if heights[at] > self._full_height:
                self.add_wide(items[at])
                at += 1
                continue
            till = next((place for place in range(at, len(items)) if heights[place] > self._full_height), len(items))
            at = self._fill_columns(items, heights, at, till)

    def _add_table(self, table: Sequence[Piece], items: Sequence[Item], heights: Sequence[float]) -> int:
        """Add *table* with as many items as fit beside it; return the number of the next item."""
        breaks, end = self._flow(table, self._room.beside_width)
        rooms = [self.points_left, *[self._full_height] * (breaks - 1), end] if breaks else [end - self._y]
        at = 0
        for space in rooms:
            at = _fit_column(items, heights, at, len(items), space)
        widths = f"{self._room.beside_width:.2f}pt", f"{self._room.column_width:.2f}pt"
        self._add(typst_call("beside", *widths, _pieces_markup(table), _column_markup(items[:at])), end + 7, breaks)
        return at

    def _fill_columns(self, items: Sequence[Item], heights: Sequence[float], at: int, till: int) -> int:
        """Fill one page with items, its columns balanced if all of them fit; return the number of the next item."""
        ends = _column_ends(items, heights, at, till, self.points_left)
        if ends[-1] == till:
            low, enough = sum(heights[at:till]) / PAGE_COLUMNS, self.points_left
            while enough - low > COLUMN_TOLERANCE:
                middle = (low + enough) / 2
                low, enough = (low, middle) if _column_ends(items, heights, at, till, middle)[-1] == till else (middle, enough)
            ends = _column_ends(items, heights, at, till, enough)
        end = ends[-1]
        if end > at:
            columns = [items[first:last] for first, last in zip((at, *ends), ends, strict=False)]
            tallest = max(_column_height(items, heights, first, last) for first, last in zip((at, *ends), ends, strict=False))
            gap = items[end - 1].gap
            markup = typst_call("side-by-side", f"{self._room.column_width:.2f}pt", f"{gap}pt", *map(_column_markup, columns))
            self._add(markup, self._y + tallest + gap)
        if end < till:
            self._new_page()
        return end

    def _add(self, markup: str, y: float, breaks: int = 0) -> None:
        self._pages[-1].append(f"#{markup}")
        self._y = y
        self._table_breaks += breaks

    def _new_page(self) -> None:
        self._pages.append([])
        self._y = 0.0

    def _flow(self, pieces: Sequence[Piece], width: float) -> tuple[int, float]:
        """Return how often *pieces* continue on a new page, and the y position of their end; a table repeats its head."""
        if self._y + stack_height(pieces, width) <= self._full_height:
            return 0, self._y + stack_height(pieces, width)
        breaks, y = 0, self._y
        for place, piece in enumerate(pieces):
            y = y + stack_height(pieces[: place + 1], width) - stack_height(pieces[:place], width) - piece.height(width)
            head, *rows = piece.row_heights or (0.0, piece.height(width))
            y += head
            for row in rows:
                if y + row > self._full_height:
                    breaks, y = breaks + 1, head + row % self._room.height + (0 if row < self._full_height else 40)
                    breaks += int(row // self._room.height)
                else:
                    y += row
        return breaks, y + 10


def _fit_column(items: Sequence[Item], heights: Sequence[float], at: int, till: int, room: float) -> int:
    """Return the number of the item after the last that fits into a column of height *room*."""
    height = 0.0
    while at < till and height + heights[at] <= room:
        height += heights[at] + items[at].gap
        at += 1
    return at


def _column_height(items: Sequence[Item], heights: Sequence[float], at: int, till: int) -> float:
    """Return the height of items in a column, without the gap under the last."""
    return sum(heights[at:till]) + sum(item.gap for item in items[at : till - 1])


def _column_ends(items: Sequence[Item], heights: Sequence[float], at: int, till: int, room: float) -> list[int]:
    """Return where each column of height *room* ends; a group that does not fit as a whole is left for the next page."""
    begin, ends = at, []
    for _ in range(PAGE_COLUMNS):
        at = _fit_column(items, heights, at, till, room)
        ends.append(at)
    end = at
    while begin < end < till and items[end].group and items[end].group == items[end - 1].group:
        end -= 1
    return [min(place, end) for place in ends] if end > begin else ends


def _pieces_markup(pieces: Sequence[Piece]) -> str:
    return "{" + "; ".join(piece.markup for piece in pieces) + "}"


def _column_markup(items: Sequence[Item]) -> str:
    return "{" + "; ".join(typst_call("kept", f"{item.gap}pt", _pieces_markup(item.pieces)) for item in items) + "}"
