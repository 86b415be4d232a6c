"""The forms in which a run is written: sheets, its Record, and the files that go elsewhere; refuses a form or a suffix that there is not."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..errors import ProtocolError, near
from ..lab import Lab
from . import terminal

FORMATS = {
    "text": ".txt",
    "markdown": ".md",
    "html": ".html",
    "pdf": ".pdf",
    "json": ".json",
    "ics": ".ics",
    "timeline": ".svg",
    "platemap": ".svg",
    "wellmap": ".toml",
    "worklist": ".csv",
    "labels": ".csv",
}
BINARY = frozenset({"pdf"})  # no terminal shows these
SEALED = frozenset({"json", "html"})  # the whole Record is in these, so that it can be replayed


def known(asked: str) -> str:
    """Return the format that is asked for; raise ProtocolError if there is none such."""
    if asked not in FORMATS:
        raise ProtocolError(f"unknown format {asked!r}", near(asked, FORMATS, "formats"), "--format")
    return asked


def chosen(asked: str | None, target: Path | None) -> str:
    """Return the format that is asked for, or that of the file's suffix, or what suits where it goes."""
    if asked is not None:
        if target is None and known(asked) in BINARY:
            raise ProtocolError(f"{asked} is no text to be shown", f"write it to a file: -o sheet{FORMATS[asked]}", "--format")
        return known(asked)
    if target is None:
        return "text" if terminal.is_terminal(sys.stdout) else "markdown"
    fitting = [name for name, suffix in FORMATS.items() if target.suffix.lower() == suffix]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise ProtocolError(f"the suffix {target.suffix!r} is of {' and of '.join(fitting)}", f"give --format {fitting[0]}", "--output")
    suffixes = ", ".join(dict.fromkeys(FORMATS.values()))
    raise ProtocolError(f"the suffix {target.suffix!r} of {target.name!r} is of no format", f"one of {suffixes}, or give --format", "--output")


def face(record: dict[str, Any], form: str, target: Path | None, lab: Lab, run: str = "") -> str | bytes:
    """Return a run in a format, for a file or, without one, for standard output.

    *lab* says the paper, and the site that a printed sheet leads to; *run* names the run where a calendar is to know it again.
    """
    if form == "json":
        return json.dumps(record, ensure_ascii=False, indent=1) + "\n"
    if form == "markdown":
        from ..formats.markdown import markdown

        return markdown(record)
    if form == "text":
        return _text(record, target)
    if form == "html":
        from ..formats.html.page import html

        return html(record, lab.paper, lab.site)
    if form == "pdf":
        from ..formats.pdf.sheet import pdf

        return pdf(record, lab.paper, lab.site)
    return _elsewhere(record, form, run)


def _now() -> datetime:
    """Return the time of day, or that which SOURCE_DATE_EPOCH says for files that are to be the same on every day."""
    said = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(said), UTC) if said.isdecimal() and len(said) < 12 else datetime.now(UTC).replace(microsecond=0)


def _text(record: dict[str, Any], target: Path | None) -> str:
    from ..formats.text import text

    if target is not None:
        return text(record)
    stream = sys.stdout
    encoding = terminal.encoding(stream)
    if encoding.lower().replace("-", "") != "utf8":
        record = terminal.plain_data(record, encoding)
    return text(record, bold=terminal.coloured(stream))


def _elsewhere(record: dict[str, Any], form: str, run: str) -> str | bytes:
    """Return what another program reads: a calendar, a drawing, a table."""
    if form == "ics":
        from ..formats.calendar import calendar

        return calendar(record, run, _now())
    if form == "timeline":
        from ..formats.timeline import timeline

        return timeline(record)
    if form == "platemap":
        from ..formats.platemap import plate_sheet

        return plate_sheet(record)
    if form == "wellmap":
        from ..formats.wellmap import wellmap

        return wellmap(record)
    from ..formats.worklist import labels, worklist

    return worklist(record) if form == "worklist" else labels(record)
