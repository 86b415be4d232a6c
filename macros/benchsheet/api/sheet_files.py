"""A sheet as a file: the format that its suffix means, the Record in that format, and a file that is whole or not there."""

from __future__ import annotations

import contextlib
import os
from importlib import import_module
from typing import TYPE_CHECKING

from .. import formats
from ..errors import ProtocolError, option_flag, refuse_os_errors, suggest
from ..formats import FORMATS, LINE_WIDTH, NAMED_FORMATS

if TYPE_CHECKING:
    from ..record.types import Record

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from ..lab import Lab

__all__ = ["FORMATS", "LINE_WIDTH", "NAMED_FORMATS", "check_format", "check_output_path", "format_of_suffix", "format_record", "write_atomically"]

_OUTPUT = option_flag("output")


def check_format(format_name: str) -> str:
    """Return *format_name*; raise ProtocolError if there is not such a format."""
    if format_name not in FORMATS:
        raise ProtocolError(f"unknown format {format_name!r}", suggest(format_name, FORMATS, "formats"), option_flag("format"))
    return format_name


def format_of_suffix(target: Path) -> str:
    """Return the format that the suffix of *target* means; raise ProtocolError if that is none, or several."""
    matches = [name for name, row in FORMATS.items() if target.suffix.lower() == row.suffix]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise ProtocolError(f"the suffix {target.suffix!r} is of {' and of '.join(matches)}", f"give --format {matches[0]}", _OUTPUT)
    suffixes = ", ".join(dict.fromkeys(row.suffix for row in FORMATS.values()))
    raise ProtocolError(f"the suffix {target.suffix!r} of {target.name!r} is of no format", f"one of {suffixes}, or give --format", _OUTPUT)


def format_record(record: Record, format_name: str, lab: Lab, run_name: str = "", **settings: object) -> str | bytes:
    """Return *record* in a format; *settings* are handed on to it.

    *lab* has the paper size and the address of the site; *run_name* lets a calendar find the same run again.
    """
    choices = {"paper": lab.paper, "site": lab.site, "run": run_name}
    row = FORMATS[format_name]
    settings |= {name: _creation_time() if name == "timestamp" else choices[name] for name in row.takes}
    module, _, function = row.function.partition(":")
    content: str | bytes = getattr(import_module(f"{formats.__name__}.{module}".rstrip(".")), function)(record, **settings)
    return content


def _creation_time() -> datetime:
    """Return the time now, or that of SOURCE_DATE_EPOCH, with which a file comes out the same every day."""
    from datetime import UTC, datetime  # only an appointment asks what day it is

    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch.isdecimal() and len(epoch) < 12 else datetime.now(UTC).replace(microsecond=0)


def check_output_path(name: str, *, force: bool) -> Path:
    """Return the file that ``--output`` names; raise ProtocolError if it cannot be written."""
    from pathlib import Path  # few sheets are written to a file

    target = Path(name)
    if not name.strip() or "\0" in name:
        raise ProtocolError(f"{name!r} is not a file name", "name the file to write", _OUTPUT)
    with refuse_os_errors(f"{name!r} cannot be written", "choose another name", _OUTPUT):
        if target.is_dir():
            raise ProtocolError(f"{name!r} is a folder", "name a file in it", _OUTPUT)
        if target.exists() and not target.is_file():
            raise ProtocolError(f"{name!r} is not a file", "name one", _OUTPUT)
        if target.exists() and not force:
            raise ProtocolError(f"{name!r} is there already", "--force overwrites it", _OUTPUT)
        if not target.parent.is_dir():
            raise ProtocolError(f"there is no folder {target.parent.as_posix()!r}", "make it first", _OUTPUT)
    return target.resolve() if target.is_symlink() else target


def write_atomically(content: str | bytes, target: Path, *, force: bool) -> None:
    """Write the whole file or nothing; without *force*, a file that another program made meanwhile is not overwritten either."""
    temporary = target.with_name(f".benchsheet.{os.urandom(8).hex()}")  # named before it is there: an interruption finds it
    try:
        with refuse_os_errors(f"{str(target)!r} cannot be written", "look at its folder's rights and space", _OUTPUT):
            with temporary.open("xb") as file:
                file.write(content.encode() if isinstance(content, str) else content)
            if force:
                os.replace(temporary, target)
            else:
                _claim_name(temporary, target)
    finally:
        with contextlib.suppress(OSError):
            os.unlink(temporary)


def _claim_name(temporary: Path, target: Path) -> None:
    """Rename the finished file to *target*; raise ProtocolError if that exists."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise ProtocolError(f"{str(target)!r} is there already", "--force overwrites it", _OUTPUT) from None
    except OSError:  # a file system without links
        os.replace(temporary, target)
