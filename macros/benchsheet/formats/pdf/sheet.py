"""The sheet on paper: a Record set by Typst and compiled to a tagged PDF, the same bytes for the same Record.

Refuses where the packages that set it are not installed, and another paper than A4 and Letter.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from itertools import groupby
from typing import Any, cast

from ...errors import ProtocolError, near
from ..code import LONGEST, qr_code
from ..outline.summaries import noticed
from ..qr import held
from . import FOLDER, LAYOUT, tables
from . import blocks as parts
from .pages import Pages, Room, room
from .pieces import Piece, section, stacked
from .plates import plates, small_plates
from .steps import steps
from .strips import narrow_timeline, timeline
from .typst_text import Words, call, quoted, said

PAPERS = {"a4": ("a4", 210, 297), "letter": ("us-letter", 215.9, 279.4)}  # as Typst calls it; millimetres
END = 112  # points of the deviations and the signatures, and of what is between them and the part before
LEAST = 88  # points with which these make do, where another part would need a page more
RULED = 71  # points to write deviations on, at least, where there is room


def pdf(record: dict[str, Any], paper: str = "a4", site: str = "") -> bytes:
    """Return the sheet as a PDF for *paper*; *site* is the address that its QR code leads to."""
    markup = typst(record, paper, site)
    try:
        setter = compiler()
    except ModuleNotFoundError as missing:
        raise _missing(missing) from missing
    return cast("bytes", setter.compile(markup.encode(), root=FOLDER, format="pdf", pdf_standards=["ua-1"]))


@functools.cache
def compiler() -> Any:
    """Return the compiler with its own fonts, which it reads once."""
    from typst import Compiler

    return Compiler(root=FOLDER, ignore_system_fonts=True)


def typst(record: dict[str, Any], paper: str = "a4", site: str = "") -> str:
    """Return the sheet as markup of Typst, to be set beside its layout."""
    if paper.lower() not in PAPERS:
        raise ProtocolError(f"no paper {paper!r}", near(paper, tuple(PAPERS)))
    name, *size = PAPERS[paper.lower()]
    page = room(*size)
    about = record["protocol"]
    title, version = said(about["title"]), said(f"version {about['version']}, digest {record['digest']}")
    numbers = _shortened(record["totals"][0] if record["totals"] else "", page.width - tables.long((*title.bold(), *version.runs)) - 16)
    rule = call(
        "sheet.with",
        f"title: {title.markup}",
        f"numbers: {numbers}",
        f"version: {version.markup}",
        f"notice: {quoted(record['notice'])}",
        f"paper: {quoted(name)}",
    )
    pages = with_timeline(record, page, site)
    ruled = RULED - max(0.0, END - pages.left) if pages.left >= LEAST else RULED  # which then stand on the next page
    signs = f"#{call('section', quoted('Deviations'))}\n#ruled({ruled:.1f}pt)\n#signed([done by], [checked by])"
    return "\n".join([f'#import "{LAYOUT}": *', f"#show: {rule}", pages.markup(), signs]) + "\n"


def with_timeline(record: dict[str, Any], page: Room, site: str) -> Pages:
    """Return the pages with the timeline where it makes the sheet no longer: at its end, or in its columns; else without it."""
    begun, table, found = front(record, site), tuple(parts.shelf(record, page.beside)), list(items(record, page))
    pages = _filled(page, begun, table, found)
    strips = parts.Item(timeline(record, page.width), 6, wide=True)
    tall = stacked(strips.calls, page.width) + END
    if not strips.calls:
        return pages
    if tall <= pages.left or (pages.left < LEAST and tall <= page.height):
        pages.wide(strips)
        return pages
    for drawn in (True, False):
        narrow = parts.Item(narrow_timeline(record, page.column, drawn=drawn), 9)
        if stacked(narrow.calls, page.column) > page.height / 2:
            continue
        for at in _beginnings(found):
            other = _filled(page, begun, table, [*found[:at], narrow, *found[at:]])
            if other.count <= pages.count and other.left >= LEAST:
                return other
    if tall - END + LEAST <= pages.left:
        pages.wide(strips)
    return pages


def _beginnings(found: list[parts.Item]) -> list[int]:
    """Return where the parts of a sheet begin that stand in columns, the steps before the others."""
    heads = {item.calls[0].markup: at for at, item in enumerate(found) if not item.wide and item.calls[0].markup.startswith("section(")}
    steps = heads.get(section(said("Steps")).markup)
    return sorted(heads.values(), key=lambda at: at != steps)


def _filled(page: Room, begun: parts.Item, table: tuple[Piece, ...], found: list[parts.Item]) -> Pages:
    """Return pages with all that a sheet says, but its end."""
    pages = Pages(page)
    pages.wide(begun)
    for is_wide, group in groupby(found, lambda item: item.wide):
        if is_wide:
            for item in group:
                pages.wide(item)
            continue
        pages.items(list(group), table)
        table = ()
    return pages


def _notes(record: dict[str, Any]) -> dict[str, int]:
    return {work["key"]: work["number"] for work in record["citations"]}


def front(record: dict[str, Any], site: str) -> parts.Item:
    """Return what the sheet is and for which run, its warnings and its numbers."""
    about = record["protocol"]
    code, told = held(record, site)
    version = f"version {about['version']}, digest {record['digest']}"
    words = (said(about["title"]), said(version), said(about["summary"]), said(noticed(record)), _typed(record["command"]))
    warnings = [piece for item in parts.headed("Warnings", parts.warnings(record, "W", _notes(record))) for piece in item.calls]
    begun = tables.front(*words, code=(_svg(code), quoted(told, LONGEST * 9)))
    return parts.Item((begun, *warnings, *parts.figures(record)), 6, wide=True)


def items(record: dict[str, Any], page: Room) -> Iterator[parts.Item]:
    """Return what follows the front and the shelf list, in its order."""
    notes = _notes(record)
    yield from parts.keeping(record)
    yield from parts.controls(record, notes)
    yield from parts.hazards(record)
    yield from parts.preparations(record, page.column)
    yield from steps(record, notes, page)
    yield from parts.gates(record, notes)
    yield from parts.waste(record)
    yield from parts.headed("Notes", parts.warnings(record, "N", notes))
    yield from parts.references(record)
    yield from small_plates(record, page)
    yield from plates(record, page)


def _shortened(words: str, width: float) -> str:
    """Return as many of the words, between commas, as are no wider than *width*; what is left out is shown by three dots."""
    every = words.split(", ")
    for kept in range(len(every), 0, -1):
        shown = ", ".join(every[:kept]) + (", …" if kept < len(every) else "")
        if tables.long(said(shown).runs) <= width:
            return quoted(shown)
    return quoted("…" if words else "")


def _typed(command: str) -> Words:
    """Return the command with none of the signs that hold words together: it is copied from here."""
    words = said(command)
    return Words(words.markup.replace("\u00a0", " ").replace("\u2060", ""), words.runs)


def _svg(words: str) -> str:
    """Return the code of *words*, as a string of Typst."""
    return '"' + qr_code(words).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _missing(missing: ModuleNotFoundError) -> ProtocolError:
    return ProtocolError(f"a PDF needs the package {missing.name!r}, which is not installed", "pip install 'benchsheet[pdf]'")
