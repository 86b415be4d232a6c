"""The output formats of a run: a new one is a module beside this one and a row of `FORMATS`."""

from __future__ import annotations

import json

from .._dataclass import dataclass

LINE_WIDTH = 80  # columns of what is read on a terminal


@dataclass(frozen=True, kw_only=True)
class Format:
    """One format: the *suffix* of its files, and the *function* that writes a Record in it, as ``module:function`` of this package.

    *takes* names the function's other arguments: ``paper`` and ``site`` of the lab, the name of the ``run``, the ``timestamp``.
    *is_binary*: a terminal cannot show it; *is_sealed*: it contains the whole Record, so that it can be replayed.
    """

    suffix: str
    function: str
    takes: tuple[str, ...] = ()
    is_binary: bool = False
    is_sealed: bool = False


FORMATS = {
    "text": Format(suffix=".txt", function="text:format_text"),
    "markdown": Format(suffix=".md", function="markdown:format_markdown"),
    "html": Format(suffix=".html", function="html.page:format_html", takes=("paper", "site"), is_sealed=True),
    "pdf": Format(suffix=".pdf", function="pdf.sheet:format_pdf", takes=("paper", "site"), is_binary=True),
    "json": Format(suffix=".json", function=":format_json", is_sealed=True),
    "ics": Format(suffix=".ics", function="calendar:format_calendar", takes=("run", "timestamp")),
    "timeline": Format(suffix=".svg", function="timeline:format_timeline"),
    "platemap": Format(suffix=".svg", function="platemap:format_plates"),
    "wellmap": Format(suffix=".toml", function="worklist:format_wellmap"),
    "worklist": Format(suffix=".csv", function="worklist:format_worklist"),
    "labels": Format(suffix=".csv", function="worklist:format_labels"),
}


def format_json(record: object) -> str:
    """Return a Record, or other plain data, as JSON."""
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"
