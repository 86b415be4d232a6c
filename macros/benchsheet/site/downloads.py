"""The files of a sheet to take away: on paper, as transfers for a robot or a spreadsheet, and as its Record; made once and kept for later builds."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ProtocolError
from ..formats import format_json
from ..formats.pdf.sheet import format_pdf
from ..formats.worklist import format_worklist
from ..lab import default_lab
from .sheet_places import heading_anchor

if TYPE_CHECKING:
    from ..record.types import Record

# The suffix of each file, what a link to it says, and how it is made.
FILES: dict[str, tuple[str, Callable[[Record], bytes]]] = {
    "pdf": ("PDF, to print", lambda record: format_pdf(record, default_lab().paper, default_lab().site)),
    "csv": ("CSV, each transfer", lambda record: format_worklist(record).encode()),
    "json": ("Record, to compute with or replay", lambda record: format_json(record).encode()),
}


class Downloads:
    """The files of all sheets, in a *folder* for later builds; without a folder each is made anew."""

    def __init__(self, folder: Path | None = None) -> None:
        """Hold *folder*, which need not exist yet."""
        self._folder = folder
        self._used: set[str] = set()

    def take(self, key: str, make_record: Callable[[], Record]) -> dict[str, bytes]:
        """Return the files of a sheet by their suffixes, kept under *key*, or made of what *make_record* returns.

        A run without plates has no list of transfers; an empty file keeps that for later builds.
        """
        record: Record | None = None
        files = {}
        for suffix, (_, make) in FILES.items():
            name = f"{re.sub('[^0-9a-z]+', '-', key)}.{suffix}"
            self._used.add(name)
            content = self._read(name)
            if content is None:
                record = record or make_record()
                content = _make_or_nothing(make, record)
                self._write(name, content)
            if content:
                files[suffix] = content
        return files

    def tidy(self) -> None:
        """Delete what this build has not used; what cannot be deleted stays."""
        if self._folder is None or not self._folder.is_dir():
            return
        for file in self._folder.iterdir():
            if file.name not in self._used:
                _delete(file)

    def _read(self, name: str) -> bytes | None:
        try:
            return (self._folder / name).read_bytes() if self._folder else None
        except OSError:
            return None

    def _write(self, name: str, content: bytes) -> None:
        """Keep a file whole or not at all; a folder that cannot be written to is not an error."""
        if self._folder is None:
            return
        part = self._folder / f"{name}.{os.getpid()}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part.write_bytes(content)
            part.replace(self._folder / name)
        except OSError:
            _delete(part)


def _make_or_nothing(make: Callable[[Record], bytes], record: Record) -> bytes:
    try:
        return make(record)
    except ProtocolError:
        return b""


def _delete(file: Path) -> None:
    try:
        file.unlink()
    except OSError:
        return


def name_file(protocol: str, run: str = "") -> str:
    """Return the name of the files of a sheet without their suffix: ``western-blot-is-it-fak-at-y397`` of the *run* "is it FAK at Y397?"."""
    return f"{protocol}-{heading_anchor(run)}" if run else protocol


def format_links(name: str, suffixes: Iterable[str]) -> str:
    """Return a line of links to the files that are called *name* and have these *suffixes*; nothing if there is none."""
    links = " · ".join(f"[{FILES[suffix][0]}]({name}.{suffix})" for suffix in suffixes)
    return f"Download: {links}\n{{: .downloads}}" if links else ""
