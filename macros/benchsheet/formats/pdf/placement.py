"""Where each section of a sheet stands on paper. A section that is not named here stands in the columns, in its place among the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ..._dataclass import dataclass, replace
from ..outline.entries import Block, Head, ShelfList, TubeRack
from ..outline.sections import Section, build_outline
from ..qr import QR_MOST_BYTES, qr_code, qr_content
from . import blocks, pieces, tables
from .blocks import Item, block_items, with_heading
from .pages import PageRoom
from .pieces import Piece
from .plates import lane_items, plate_items
from .steps import step_items
from .typst_text import TypstText, quote_string, typst_string, typst_text

if TYPE_CHECKING:
    from ...record.types import Record

PLACEMENT = {
    "head": "top",
    "warnings": "top",
    "numbers": "top",
    "shelf": "beside",  # its list; its remarks stand in the columns beside it
    "schedule": "apart",  # drawn where a page has room
    "lane-maps": "wide",
    "closing": "apart",  # at the foot of each page
}


@dataclass(frozen=True, kw_only=True)
class PlacedSheet:
    """A sheet to be filled into pages: the *top* over the width of the first page, the shelf *table*, and the *body* from beside it on."""

    top: Item
    table: tuple[Piece, ...]
    body: list[Item]


def place_sections(record: Record, page: PageRoom, site: str) -> PlacedSheet:
    """Return the sections of a sheet in their places; its QR code leads to *site*."""
    top: list[Piece] = []
    table: list[Piece] = []
    body: list[Item] = []
    for section, found in build_outline(record, names_hazards=True):
        place = PLACEMENT.get(section.id, "column")
        if place == "apart" or not found:
            continue
        if place == "top":
            top += _top_pieces(section, found, record, page, site)
        elif place == "beside":
            (shelf,) = (block for block in found if isinstance(block, ShelfList))
            table += [pieces.section_piece(typst_text(section.title)), *blocks.shelf_pieces(shelf, page.beside_width)]
            remarks = [*block_items(found, page.column_width)]
            body += [*remarks[:-1], *(replace(item, gap=9) for item in remarks[-1:])]
        else:
            for title, items in _FORMS.get(section.id, _usual_form)(section.title, found, page):
                placed = (replace(item, is_wide=True) for item in items) if place == "wide" else items
                body += with_heading(title, placed, section.id)
    return PlacedSheet(top=Item(pieces=tuple(top), gap=6, is_wide=True), table=tuple(table), body=body)


def _top_pieces(section: Section, found: Sequence[Block], record: Record, page: PageRoom, site: str) -> Iterator[Piece]:
    head, *rest = found
    if isinstance(head, Head):
        yield _head_piece(head, record, site)
        found = rest
    if section.title:
        yield pieces.section_piece(typst_text(section.title))
    if section.id == "numbers":
        yield from blocks.number_pieces(found)
    else:
        yield from (piece for item in block_items(found, page.width) for piece in item.pieces)


def _head_piece(head: Head, record: Record, site: str) -> Piece:
    """Return title, version, summary, counts of warnings and command beside the QR code."""
    code, alt = qr_content(record, site)
    command = typst_text(head.command)  # without the characters that hold words together: it is copied from here
    command = TypstText(markup=command.markup.replace("\u00a0", " ").replace("\u2060", ""), runs=command.runs)
    title, version, summary, counts = map(typst_text, (head.title, f"version {head.version}, digest {head.digest}", head.summary, head.counts))
    return tables.front_piece(title, version, summary, counts, command, code=(quote_string(qr_code(code)), typst_string(alt, QR_MOST_BYTES * 9)))


Groups = Iterator[tuple[str, Iterable[Item]]]  # the items under each heading of a section


def _usual_form(title: str, found: Sequence[Block], page: PageRoom) -> Groups:
    yield title, block_items(found, page.column_width)


def _preparations_form(title: str, found: Sequence[Block], page: PageRoom) -> Groups:
    yield title, block_items([block for block in found if not isinstance(block, TubeRack)], page.column_width)
    yield "Tubes to label", block_items([block for block in found if isinstance(block, TubeRack)], page.column_width)


def _steps_form(title: str, found: Sequence[Block], page: PageRoom) -> Groups:
    yield title, step_items(found, page)


def _plate_maps_form(title: str, found: Sequence[Block], page: PageRoom) -> Groups:
    yield from ((title, items) for items in plate_items(found, page))


def _lane_maps_form(title: str, found: Sequence[Block], page: PageRoom) -> Groups:
    yield title, lane_items(found, page.width)


_FORMS: dict[str, Callable[[str, Sequence[Block], PageRoom], Groups]] = {
    "preparations": _preparations_form,
    "steps": _steps_form,
    "plate-maps": _plate_maps_form,
    "lane-maps": _lane_maps_form,
}
