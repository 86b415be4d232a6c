"""The sheet on paper: a Record set by Typst and compiled to a tagged PDF, the same bytes for the same Record.

Refuses where the packages that set it are not installed, and another paper than A4 and Letter.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, cast

from ...errors import ProtocolError, near
from ..gathering import noticed
from . import parts
from .layout import LAYOUT
from .plates import plates, small_plates
from .steps import steps
from .words import call, quoted, several

PAPERS = {"a4": "a4", "letter": "us-letter"}
COLUMNS = 3
LONGEST = 600  # bytes of a QR code that a phone reads from paper
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def pdf(record: dict[str, Any], paper: str = "a4", site: str = "") -> bytes:
    """Return the sheet as a PDF for *paper*; *site* is the address that its QR code leads to."""
    markup = typst(record, paper, site)
    try:
        from typst import Compiler
    except ModuleNotFoundError as missing:
        raise _missing(missing) from missing
    return cast("bytes", Compiler(ignore_system_fonts=True).compile(markup.encode(), format="pdf", pdf_standards=["ua-1"]))


def typst(record: dict[str, Any], paper: str = "a4", site: str = "") -> str:
    """Return the sheet as markup of Typst."""
    if paper.lower() not in PAPERS:
        raise ProtocolError(f"no paper {paper!r}", near(paper, tuple(PAPERS)))
    about = record["protocol"]
    notes = {work["key"]: work["number"] for work in record["citations"]}
    version = f"version {about['version']}, digest {record['digest']}"
    numbers = record["totals"][0] if record["totals"] else ""
    rule = call(
        "sheet.with",
        f"title: {quoted(about['title'])}",
        f"numbers: {quoted(numbers)}",
        f"version: {quoted(version)}",
        f"notice: {quoted(record['notice'])}",
        f"paper: {quoted(PAPERS[paper.lower()])}",
    )
    code, said = _address(record, site)
    head = [quoted(about["title"]), quoted(version), quoted(about["summary"]), quoted(noticed(record)), _typed(record["command"])]
    warnings = [made for item in parts.headed("Warnings", parts.warnings(record, "W", notes)) for made in item.calls]
    front = (call("front", *head, _code(code), quoted(said, LONGEST * 9)), *warnings, *parts.figures(record))
    items = [parts.Item(front, 6, wide=True), *_columns(record, notes)]
    flow = call("flow", str(COLUMNS), several(_parts(items, table="; ".join(parts.shelf(record)))))
    signs = f"#{call('section', quoted('Deviations'))}\n#ruled\n#signed([done by], [checked by])"
    return "\n".join([LAYOUT, f"#show: {rule}", f"#{flow}", signs]) + "\n"


def _columns(record: dict[str, Any], notes: dict[str, int]) -> Iterator[parts.Item]:
    yield from list(parts.keeping(record)) or [parts.Item(('""',), 0)]
    yield from parts.controls(record, notes)
    yield from parts.hazards(record)
    yield from parts.preparations(record)
    yield from steps(record, notes)
    yield from parts.gates(record, notes)
    yield from parts.waste(record)
    yield from parts.headed("Notes", parts.warnings(record, "N", notes))
    yield from parts.references(record)
    yield from small_plates(record)
    yield from plates(record)


def _parts(items: Iterable[parts.Item], table: str) -> Iterator[str]:
    """Return the parts of the sheet: what is wide, and runs of items, the first after the front beside *table*."""
    runs = [(wide, list(group)) for wide, group in groupby(items, lambda item: item.wide)]
    for place, (wide, run) in enumerate(runs):
        if wide:
            kind = "last" if place == len(runs) - 1 else "wide"
            yield from (f'(kind: "{kind}", gap: {item.gap}pt, body: {{{"; ".join(item.calls)}}})' for item in run)
            continue
        said = several(f"({quoted(item.group or str(place))}, {item.gap}pt, {{{'; '.join(item.calls)}}})" for place, item in enumerate(run))
        yield f'(kind: "beside", body: {{{table}}}, items: {said})' if table else f'(kind: "items", items: {said})'
        table = ""


def _address(record: dict[str, Any], site: str) -> tuple[str, str]:
    """Return what the QR code holds, and what it is to one who does not see it; what is too long for a phone gives way to the digest."""
    code, said = f"{record['command']}\n{record['digest']}", "the command that makes this sheet, and its digest"
    if site:
        code = permalink(record, site)
        said = f"the address {code}"
    if len(code.encode()) > LONGEST:
        code, said = record["digest"], "the digest of this sheet"
    return code, f"QR code of {said}"


def permalink(record: dict[str, Any], site: str) -> str:
    """Return the address of this sheet: protocol, version, and the values that differ, as the command gives them."""
    words, pairs = shlex.split(record["command"])[3:], [("v", record["protocol"]["version"])]
    while words:
        name, is_joined, value = words.pop(0)[2:].partition("=")
        key = name.replace("-", "_")
        if key not in record["parameters"] and key.removeprefix("no_") in record["parameters"]:
            key, value = key.removeprefix("no_"), "no"
        elif not is_joined:
            value = "yes" if not words or isinstance(record["parameters"].get(key, {}).get("value"), bool) else words.pop(0)
        if key in record["parameters"]:
            pairs.append((key, value))
    return f"{site}/protocols/{record['protocol']['id']}/#" + "&".join(f"{key}={_encoded(value)}" for key, value in pairs)


def _typed(command: str) -> str:
    """Return the command as a string of Typst, with none of the signs that hold words together: it is copied from here."""
    return quoted(command).replace("\u00a0", " ").replace("\u2060", "")


def _encoded(words: str) -> str:
    return "".join(chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in words.encode())


def _code(words: str) -> str:
    """Return a QR code as SVG, in a string of Typst; with a fixed mask, which is a third of the work."""
    try:
        import segno
    except ModuleNotFoundError as missing:
        raise _missing(missing) from missing
    drawn = str(segno.make(words, micro=False, error="m", mask=3).svg_inline(border=1))
    return '"' + drawn.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _missing(missing: ModuleNotFoundError) -> ProtocolError:
    return ProtocolError(f"a PDF needs the package {missing.name!r}, which is not installed", "pip install 'benchsheet[pdf]'")
