"""How the parts of a sheet fill its pages: three columns of one height, no item cut, and what is wide across; refuses nothing.

Items of one group go on in the next column, never on the next page. A table has items beside it. What is higher than a page
flows over the width of the page.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..._dataclass import dataclass
from .blocks import Item
from .pieces import Piece, stacked
from .tables import GUTTER
from .typst_text import call

COLUMNS = 3
MM = 72 / 25.4
MARGINS = (18.0, 21.6)  # millimetres beside, and above and below, what is set
SPARE = 1.0  # points of each page that are left free
CLOSE = 0.5  # points by which the columns of a part may be higher than they need to be


@dataclass(frozen=True)
class Room:
    """What a page has room for, in points."""

    width: float
    height: float

    @property
    def column(self) -> float:
        """The width of a column."""
        return (self.width - GUTTER * (COLUMNS - 1)) / COLUMNS

    @property
    def beside(self) -> float:
        """The width that a column leaves."""
        return self.width - self.column - GUTTER


def room(width: float, height: float) -> Room:
    """Return the room on a page of *width* and *height* millimetres."""
    return Room((width - MARGINS[0]) * MM, (height - MARGINS[1]) * MM)


class Pages:
    """Pages being filled from the first to the last."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._whole = room.height - SPARE
        self._pages: list[list[str]] = [[]]
        self._y = 0.0
        self._flown = 0  # ends of pages that tables have gone over

    def markup(self) -> str:
        """Return the pages as Typst."""
        return "\n#pagebreak()\n".join("\n".join(page) for page in self._pages if page)

    @property
    def count(self) -> int:
        """How many pages there are."""
        return len(self._pages) + self._flown

    @property
    def left(self) -> float:
        """How many points of the page are still free."""
        return self._whole - self._y

    def wide(self, item: Item) -> None:
        """Set what takes the width of the page."""
        tall = stacked(item.calls, self._room.width)
        flows = tall > self._whole
        if self._y > self._whole / 2 if flows else self._y + tall > self._whole:
            self._turn()  # also where it flows: its head and its first action stay together
        turned, end = self._over(item.calls, self._room.width)
        self._put(call("across", str(flows).lower(), f"{item.gap}pt", _body(item)), end + item.gap, turned)

    def items(self, items: Sequence[Item], table: Sequence[Piece] = ()) -> None:
        """Set items in columns of one height, the first of them beside a *table*."""
        heights = [stacked(item.calls, self._room.column) for item in items]
        at = self._beside(table, items, heights) if table else 0
        while at < len(items):
            if heights[at] > self._whole:
                self.wide(items[at])
                at += 1
                continue
            till = next((place for place in range(at, len(items)) if heights[place] > self._whole), len(items))
            at = self._columns(items, heights, at, till)

    def _beside(self, table: Sequence[Piece], items: Sequence[Item], heights: Sequence[float]) -> int:
        """Set *table* with as many items beside it as are no longer; return where to go on."""
        turned, end = self._over(table, self._room.beside)
        rooms = [self.left, *[self._whole] * (turned - 1), end] if turned else [end - self._y]
        at = 0
        for space in rooms:
            at = _fit(items, heights, at, len(items), space)
        body = "{" + "; ".join(piece.markup for piece in table) + "}"
        self._put(call("beside", f"{self._room.beside:.2f}pt", f"{self._room.column:.2f}pt", body, _column(items[:at])), end + 7, turned)
        return at

    def _columns(self, items: Sequence[Item], heights: Sequence[float], at: int, till: int) -> int:
        """Fill one page with items, the last page of a part only as high as it must be; return where to go on."""
        ends = _fill(items, heights, at, till, self.left)
        if ends[-1] == till:
            low, enough = sum(heights[at:till]) / COLUMNS, self.left
            while enough - low > CLOSE:
                middle = (low + enough) / 2
                low, enough = (low, middle) if _fill(items, heights, at, till, middle)[-1] == till else (middle, enough)
            ends = _fill(items, heights, at, till, enough)
        end = ends[-1]
        if end > at:
            columns = [items[first:last] for first, last in zip((at, *ends), ends, strict=False)]
            tallest = max(_used(items, heights, first, last) for first, last in zip((at, *ends), ends, strict=False))
            gap = items[end - 1].gap
            made = call("side-by-side", f"{self._room.column:.2f}pt", f"{gap}pt", *map(_column, columns))
            self._put(made, self._y + tallest + gap)
        if end < till:
            self._turn()
        return end

    def _put(self, made: str, y: float, turned: int = 0) -> None:
        self._pages[-1].append(f"#{made}")
        self._y = y
        self._flown += turned

    def _turn(self) -> None:
        self._pages.append([])
        self._y = 0.0

    def _over(self, pieces: Sequence[Piece], width: float) -> tuple[int, float]:
        """Return over how many ends of a page *pieces* go, and where they end; a table goes on under its head."""
        if self._y + stacked(pieces, width) <= self._whole:
            return 0, self._y + stacked(pieces, width)
        turned, y = 0, self._y
        for place, piece in enumerate(pieces):
            y = y + stacked(pieces[: place + 1], width) - stacked(pieces[:place], width) - piece.high(width)
            head, *rows = piece.rows or (0.0, piece.high(width))
            y += head
            for row in rows:
                if y + row > self._whole:
                    turned, y = turned + 1, head + row % self._room.height + (0 if row < self._whole else 40)
                    turned += int(row // self._room.height)
                else:
                    y += row
        return turned, y + 10


def _fit(items: Sequence[Item], heights: Sequence[float], at: int, till: int, room: float) -> int:
    """Return up to which item a column of *room* holds them."""
    used = 0.0
    while at < till and used + heights[at] <= room:
        used += heights[at] + items[at].gap
        at += 1
    return at


def _used(items: Sequence[Item], heights: Sequence[float], at: int, till: int) -> float:
    """Return how much of a column items take, without the gap under the last."""
    return sum(heights[at:till]) + sum(item.gap for item in items[at : till - 1])


def _fill(items: Sequence[Item], heights: Sequence[float], at: int, till: int, room: float) -> list[int]:
    """Return where each column of *room* ends; a group that would go on behind the last is left out."""
    begin, ends = at, []
    for _ in range(COLUMNS):
        at = _fit(items, heights, at, till, room)
        ends.append(at)
    end = at
    while begin < end < till and items[end].group and items[end].group == items[end - 1].group:
        end -= 1
    return [min(place, end) for place in ends] if end > begin else ends


def _body(item: Item) -> str:
    return "{" + "; ".join(piece.markup for piece in item.calls) + "}"


def _column(items: Sequence[Item]) -> str:
    return "{" + "; ".join(call("kept", f"{item.gap}pt", _body(item)) for item in items) + "}"
