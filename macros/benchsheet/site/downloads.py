"""The files of a sheet to take away: on paper, as transfers for a robot or a spreadsheet, and as its Record; made once and kept for later builds."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from ..errors import ProtocolError
from ..formats.pdf.sheet import format_pdf
from ..formats.worklist import format_worklist
from ..lab import default_lab
from .kept_files import KeptFolder
from .sheet_places import heading_anchor

if TYPE_CHECKING:
    from ..record.types import Record

# The suffix of each file, what a link to it says, and how it is made.
FILES: dict[str, tuple[str, Callable[[Record], bytes]]] = {
    "pdf": ("PDF, to print", lambda record: format_pdf(record, default_lab().paper, default_lab().site)),
    "csv": ("CSV, each transfer", lambda record: format_worklist(record).encode()),
    "json": ("Record, to compute with or replay", lambda record: json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()),
}


class Downloads:
    """The files of all sheets, kept in a *folder*; without one each is made anew."""

    def __init__(self, folder: KeptFolder | None = None) -> None:
        """Hold *folder*."""
        self._folder = folder

    def take(self, key: str, make_record: Callable[[], Record]) -> dict[str, bytes]:
        """Return the files of a sheet by their suffixes, kept under *key*, or made of what *make_record* returns.

        A run without plates has no list of transfers; an empty file keeps that for later builds.
        """
        record: Record | None = None
        files = {}
        for suffix, (_, make) in FILES.items():
            name = f"{re.sub('[^0-9a-z]+', '-', key)}.{suffix}"
            content = self._folder.read(name) if self._folder else None
            if content is None:
                record = record or make_record()
                content = _make_or_nothing(make, record)
                if self._folder:
                    self._folder.keep(name, content)
            if content:
                files[suffix] = content
        return files


def _make_or_nothing(make: Callable[[Record], bytes], record: Record) -> bytes:
    try:
        return make(record)
    except ProtocolError:
        return b""


def name_file(protocol: str, run: str = "") -> str:
    """Return the name of the files of a sheet without their suffix: the protocol, and the words of the *run* in small letters with hyphens."""
    return f"{protocol}-{heading_anchor(run)}" if run else protocol


def format_links(name: str, suffixes: Iterable[str]) -> str:
    """Return a line of links to the files that are called *name* and have these *suffixes*; nothing if there is none."""
    links = " · ".join(f"[{FILES[suffix][0]}]({name}.{suffix})" for suffix in suffixes)
    return f"Download: {links}\n{{: .downloads}}" if links else ""
