"""The output formats of a run: a new one is a module beside this one and a row of `FORMATS`."""

from __future__ import annotations

import json

from .._dataclass import dataclass

LINE_WIDTH = 80  # columns of what is read on a terminal


@dataclass(frozen=True, kw_only=True)
class Format:
    """One format: the *suffix* of its files, and the *function* that writes a Record in it, as ``module:function`` of this package.

    *takes* names the function's other arguments: ``paper`` and ``site`` of the lab, the name of the ``run``, the ``timestamp``.
    *is_binary*: a terminal cannot show it; *is_sealed*: it contains the whole Record, so that it can be replayed; *has_name*: it shows what the
    run is called.
    """

    suffix: str
    function: str
    takes: tuple[str, ...] = ()
    is_binary: bool = False
    is_sealed: bool = False
    has_name: bool = False


FORMATS = {
    "text": Format(suffix=".txt", function="text:format_text", has_name=True),
    "markdown": Format(suffix=".md", function="markdown:format_markdown", has_name=True),
    "html": Format(suffix=".html", function="html.page:format_html", takes=("paper", "site"), is_sealed=True, has_name=True),
    "pdf": Format(suffix=".pdf", function="pdf.sheet:format_pdf", takes=("paper", "site"), is_binary=True, has_name=True),
    "json": Format(suffix=".json", function=":format_json", is_sealed=True, has_name=True),
    "ics": Format(suffix=".ics", function="calendar:format_calendar", takes=("run", "timestamp"), has_name=True),
    "timeline": Format(suffix=".svg", function="timeline:format_timeline"),
    "platemap": Format(suffix=".svg", function="platemap:format_plates"),
    "wellmap": Format(suffix=".toml", function="worklist:format_wellmap"),
    "worklist": Format(suffix=".csv", function="worklist:format_worklist"),
    "labels": Format(suffix=".csv", function="worklist:format_labels"),
}
NAMED_FORMATS = tuple(name for name, row in FORMATS.items() if row.has_name)


def format_json(record: object) -> str:
    """Return a Record, or other plain data, as JSON."""
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"
