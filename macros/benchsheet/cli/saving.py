"""A file is written whole or not at all; refuses another's file without ``--force``, and a place that cannot be written to."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from ..errors import ProtocolError


def place(typed: str, *, force: bool) -> Path:
    """Return the file that ``--output`` names, before anything is made; raise ProtocolError if it cannot be written to."""
    target = Path(typed)
    if not typed.strip() or "\0" in typed:
        raise ProtocolError(f"{typed!r} is no file name", "name the file to write", "--output")
    try:
        if target.is_dir():
            raise ProtocolError(f"{typed!r} is a folder", "name a file in it", "--output")
        if target.exists() and not target.is_file():
            raise ProtocolError(f"{typed!r} is no file", "name one", "--output")
        if target.exists() and not force:
            raise ProtocolError(f"{typed!r} is there already", "--force overwrites it", "--output")
        if not target.parent.is_dir():
            raise ProtocolError(f"there is no folder {target.parent.as_posix()!r}", "make it first", "--output")
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise ProtocolError(f"{typed!r} cannot be written: {reason}", "choose another name", "--output") from None
    return target.resolve() if target.is_symlink() else target


def save(words: str | bytes, target: Path, *, force: bool) -> None:
    """Write the whole file or none; another's file that appeared meanwhile is not overwritten either."""
    made = str(target.parent / f".benchsheet.{os.urandom(8).hex()}")  # named before it is there: an interruption finds it
    try:
        with Path(made).open("xb") as file:
            file.write(words.encode() if isinstance(words, str) else words)
        if force:
            os.replace(made, target)
        else:
            _claim(made, target)
    except OSError as error:
        raise ProtocolError(
            f"{str(target)!r} cannot be written: {(error.strerror or 'unknown reason').lower()}", "look at its folder's rights and space", "--output"
        ) from None
    finally:
        with contextlib.suppress(OSError):
            os.unlink(made)


def _claim(made: str, target: Path) -> None:
    """Give the finished file its name if nobody has it."""
    try:
        os.link(made, target)
    except FileExistsError:
        raise ProtocolError(f"{str(target)!r} is there already", "--force overwrites it", "--output") from None
    except OSError:  # a file system without links
        os.replace(made, target)
