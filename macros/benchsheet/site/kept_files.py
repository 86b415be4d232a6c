"""Files that a build keeps for later builds: each whole or not there. A folder that cannot be written to is not an error; nothing is kept then."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path


def read_kept(file: Path) -> bytes | None:
    """Return what an earlier build kept in *file*; None if it cannot be read."""
    try:
        return file.read_bytes()
    except OSError:
        return None


def keep_file(file: Path, content: bytes) -> None:
    """Keep *content* in *file* for later builds."""
    if read_kept(file) == content:
        return
    part = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        os.replace(part, file)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink()


class KeptFolder:
    """The files of one *folder*, by name; those that a build has not asked for are deleted at its end.

    The first line of each is a checksum: a file that is cut short or changed counts as none.
    """

    def __init__(self, folder: Path) -> None:
        """Hold *folder*, which need not exist yet."""
        self._folder = folder
        self._used: set[str] = set()

    def read(self, name: str) -> bytes | None:
        """Return the content of the file *name*; None if there is none."""
        self._used.add(name)
        total, _, content = (read_kept(self._folder / name) or b"").partition(b"\n")
        return content if total == _checksum(content) else None

    def keep(self, name: str, content: bytes) -> None:
        """Keep *content* as the file *name*."""
        self._used.add(name)
        keep_file(self._folder / name, _checksum(content) + b"\n" + content)

    def tidy(self) -> None:
        """Delete the files that were neither read nor kept; one that cannot be deleted stays."""
        with contextlib.suppress(OSError):
            for file in self._folder.iterdir():
                if file.name not in self._used:
                    file.unlink()


def _checksum(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
