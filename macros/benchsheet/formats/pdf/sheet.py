"""The sheet as a PDF: Typst markup of a Record, compiled to a tagged PDF (PDF/UA-1) with the same bytes for the same Record."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, cast

from ...errors import ProtocolError, suggest
from ..outline.summaries import name_sheet
from . import LAYOUT_FILE, LAYOUT_FOLDER, blocks, tables
from .pages import PageRoom, Pages, page_room
from .pieces import stack_height
from .placement import PlacedSheet, place_sections
from .strips import column_timeline, page_timeline
from .typst_text import quote_string, typst_call, typst_string, typst_text

if TYPE_CHECKING:
    from typst import Compiler

    from ...record.types import Record

TYPST_PAPERS = {"a4": ("a4", 210, 297), "letter": ("us-letter", 215.9, 279.4)}  # as Typst calls it; millimetres
END_HEIGHT = 112  # points of the end of a sheet (deviations and signatures) with the gap before it
LEAST_END_HEIGHT = 88  # points that are enough for it where a page has no more
WRITING_HEIGHT = 71  # points to write deviations on, if there is room


def format_pdf(record: Record, paper: str = "a4", site: str = "") -> bytes:
    """Return the sheet as a PDF for *paper*; its QR code leads to *site*.

    Raises ProtocolError for another paper than A4 and Letter, and if a package is missing that makes the PDF.
    """
    # Typst keeps what it has set by the words and by their place in the file: as one text, all words of any sheet have one place.
    markup = f'#eval({quote_string(typst_markup(record, paper, site))}, mode: "markup")'
    try:
        setter = load_compiler()
    except ModuleNotFoundError as missing:
        raise ProtocolError(f"a PDF needs the package {missing.name!r}, which is not installed", "pip install 'benchsheet[pdf]'") from missing
    return cast("bytes", setter.compile(markup.encode(), root=LAYOUT_FOLDER, format="pdf", pdf_standards=["ua-1"]))


@functools.cache
def load_compiler() -> Compiler:
    """Return the Typst compiler with its own fonts, which it reads once."""
    from typst import Compiler

    return Compiler(root=LAYOUT_FOLDER, ignore_system_fonts=True)


def typst_markup(record: Record, paper: str = "a4", site: str = "") -> str:
    """Return the sheet as Typst markup, which imports ``layout.typ``."""
    if paper.lower() not in TYPST_PAPERS:
        raise ProtocolError(f"no paper {paper!r}", suggest(paper, tuple(TYPST_PAPERS)))
    name, *size = TYPST_PAPERS[paper.lower()]
    page = page_room(*size)
    about = record["protocol"]
    title, version = typst_text(name_sheet(record)), typst_text(f"version {about['version']}, digest {record['identity']['inputs']}")
    most_important = record["totals"][0]["text"] if record["totals"] else ""
    numbers = _shorten_list(most_important, page.width - tables.runs_width((*title.bold_runs(), *version.runs)) - 16)
    notice, paper_name = typst_string(record["notice"]), typst_string(name)
    texts = {"title": title.markup, "numbers": numbers, "version": version.markup, "notice": notice, "paper": paper_name}
    rule = typst_call("sheet.with", *(f"{key}: {text}" for key, text in texts.items()))
    pages = lay_out_pages(record, page, site)
    is_on_page = pages.points_left >= LEAST_END_HEIGHT  # else the end stands on the next page
    writing_height = WRITING_HEIGHT - max(0.0, END_HEIGHT - pages.points_left) if is_on_page else WRITING_HEIGHT
    closing = f"#{typst_call('section', typst_string('Deviations'))}\n#ruled({writing_height:.1f}pt)\n#signed([done by], [checked by])"
    return "\n".join([f'#import "{LAYOUT_FILE}": *', f"#show: {rule}", pages.markup(), closing]) + "\n"


def lay_out_pages(record: Record, page: PageRoom, site: str) -> Pages:
    """Return the pages, with the timeline at the end or in a column if the sheet needs no other page for it, else without it."""
    sheet = place_sections(record, page, site)
    pages = _fill_pages(page, sheet)
    strips = blocks.Item(pieces=page_timeline(record, page.width), gap=6, is_wide=True)
    height = stack_height(strips.pieces, page.width) + END_HEIGHT
    if not strips.pieces:
        return pages
    if height <= pages.points_left or (pages.points_left < LEAST_END_HEIGHT and height <= page.height):
        pages.add_wide(strips)
        return pages
    for with_devices in (True, False):
        narrow = blocks.Item(pieces=column_timeline(record, page.column_width, with_devices=with_devices), gap=9)
        if stack_height(narrow.pieces, page.column_width) > page.height / 2:
            continue
        for at in _section_starts(sheet.body):
            other = _fill_pages(page, sheet, at, [narrow])
            if other.count <= pages.count and other.points_left >= LEAST_END_HEIGHT:
                return other
    if height - END_HEIGHT + LEAST_END_HEIGHT <= pages.points_left:
        pages.add_wide(strips)
    return pages


def _section_starts(body: list[blocks.Item]) -> list[int]:
    """Return where the sections in columns begin, the steps first."""
    return sorted((at for at, item in enumerate(body) if item.begins and not item.is_wide), key=lambda at: body[at].begins != "steps")


def _fill_pages(page: PageRoom, sheet: PlacedSheet, at: int = 0, more: Sequence[blocks.Item] = ()) -> Pages:
    """Return pages with all of the sheet but its end, and with *more* items before item number *at* of its body."""
    pages, table = Pages(page), sheet.table
    pages.add_wide(sheet.top)
    for is_wide, group in groupby([*sheet.body[:at], *more, *sheet.body[at:]], lambda item: item.is_wide):
        if is_wide:
            for item in group:
                pages.add_wide(item)
            continue
        pages.add_items(list(group), table)
        table = ()
    return pages


def _shorten_list(words: str, width: float) -> str:
    """Return as many items of a list with commas as fit into *width*, with an ellipsis if some are left out."""
    every = words.split(", ")
    for count in range(len(every), 0, -1):
        text = ", ".join(every[:count]) + (", …" if count < len(every) else "")
        if tables.runs_width(typst_text(text).runs) <= width:
            return typst_string(text)
    return typst_string("…" if words else "")
