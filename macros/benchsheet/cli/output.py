"""The sheet in the format that the user chose, in letters that the terminal has."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ..api.sheet_files import FORMATS, check_format, format_of_suffix, format_record
from ..errors import ProtocolError
from . import terminal

if TYPE_CHECKING:
    from pathlib import Path

    from ..api.rendering import Sheet


def choose_format(format_name: str | None, target: Path | None) -> str:
    """Return *format_name*, or else the format of the suffix of *target*, or else text for a terminal and markdown for a pipe."""
    if format_name is not None:
        if target is None and FORMATS[check_format(format_name)].is_binary:
            raise ProtocolError(f"{format_name} is not text to be shown", f"write it to a file: -o sheet{FORMATS[format_name].suffix}", "--format")
        return check_format(format_name)
    if target is None:
        return "text" if terminal.is_terminal(sys.stdout) else "markdown"
    return format_of_suffix(target)


def format_for_output(sheet: Sheet, format_name: str, run_name: str) -> str:
    """Return *sheet* in a format, for standard output."""
    record, settings = sheet.made, dict[str, object]()
    if format_name == "text":
        encoding = terminal.stream_encoding(sys.stdout)
        if encoding.lower().replace("-", "") != "utf8":
            record = terminal.transliterate_data(record, encoding)
        settings["bold"] = terminal.supports_bold(sys.stdout)
    content = format_record(record, format_name, sheet.profile, run_name, **settings)
    return content if isinstance(content, str) else content.decode()
