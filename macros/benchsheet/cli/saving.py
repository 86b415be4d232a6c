"""A file is written whole or not at all; refuses another's file without ``--force``, and a place that cannot be written to."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from ..errors import ProtocolError


def check_output_path(name: str, *, force: bool) -> Path:
    """Return the file that ``--output`` names, before anything is made; raise ProtocolError if it cannot be written to."""
    target = Path(name)
    if not name.strip() or "\0" in name:
        raise ProtocolError(f"{name!r} is no file name", "name the file to write", "--output")
    try:
        if target.is_dir():
            raise ProtocolError(f"{name!r} is a folder", "name a file in it", "--output")
        if target.exists() and not target.is_file():
            raise ProtocolError(f"{name!r} is no file", "name one", "--output")
        if target.exists() and not force:
            raise ProtocolError(f"{name!r} is there already", "--force overwrites it", "--output")
        if not target.parent.is_dir():
            raise ProtocolError(f"there is no folder {target.parent.as_posix()!r}", "make it first", "--output")
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise ProtocolError(f"{name!r} cannot be written: {reason}", "choose another name", "--output") from None
    return target.resolve() if target.is_symlink() else target


def write_atomically(content: str | bytes, target: Path, *, force: bool) -> None:
    """Write the whole file or none; another's file that appeared meanwhile is not overwritten either."""
    temporary = str(target.parent / f".benchsheet.{os.urandom(8).hex()}")  # named before it is there: an interruption finds it
    try:
        with Path(temporary).open("xb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        if force:
            os.replace(temporary, target)
        else:
            _claim_name(temporary, target)
    except OSError as error:
        raise ProtocolError(
            f"{str(target)!r} cannot be written: {(error.strerror or 'unknown reason').lower()}", "look at its folder's rights and space", "--output"
        ) from None
    finally:
        with contextlib.suppress(OSError):
            os.unlink(temporary)


def _claim_name(temporary: str, target: Path) -> None:
    """Give the finished file its name if nobody has it."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise ProtocolError(f"{str(target)!r} is there already", "--force overwrites it", "--output") from None
    except OSError:  # a file system without links
        os.replace(temporary, target)
