"""Reference tables as Markdown: a page of tables, in which each row has an anchor, and the index of all pages."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .._dataclass import dataclass, field
from ..errors import ProtocolError
from ..markup import write_table
from ..protocol.evidence import EVIDENCE
from .page import quote_yaml, wrap_wide_table

EMPTY_CELL = "–"


@dataclass(frozen=True, kw_only=True)
class TableView:
    """One table as it is printed: each of its *rows* is an anchor and the cells; *column_help* explains columns by their heading."""

    title: str
    about: str
    head: list[str]
    rows: list[tuple[str, list[str]]]
    column_help: dict[str, str] = field(default_factory=dict)


def row_anchor(name: str) -> str:
    """Return the anchor of a row for links: ``defactinib``, ``10-percent-sds``."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold().replace("%", " percent ")).strip("-")


def format_page(views: list[TableView]) -> str:
    """Return the page of the first table, with the others below it; raise ProtocolError if two rows have the same address."""
    names: dict[str, str] = {}
    for address, name in ((address, name) for one in views for address, (name, *_) in [*one.rows, (row_anchor(one.title), [one.title])]):
        if address in names:
            raise ProtocolError(f"{names[address]!r} and {name!r} would both be found at #{address}", "name one of them otherwise")
        names[address] = name
    parts = [f"---\ntitle: {quote_yaml(views[0].title)}\nhide: [toc]\n---"]  # the tables take its room
    parts += ["Also on this page: " + ", ".join(f"[{one.title}](#{row_anchor(one.title)})" for one in views[1:]) + "."] if views[1:] else []
    for view in views:
        parts += [f"## {view.title}"] if view is not views[0] else []
        parts += [view.about, _format_table(view)]
        parts += ["\n".join(f"- **{label}**: {text}" for label, text in view.column_help.items())] if view.column_help else []
    evidence = {cells[-1] for view in views for _, cells in view.rows}
    kinds = [kind for kind in EVIDENCE.values() if any(kind.label in cell for cell in evidence) or kind.label.split()[0] in views[0].about]
    parts += ["## How the figures are known", "\n".join(f"- **{kind.label}**: {kind.meaning}" for kind in kinds)]
    return "\n\n".join(parts) + "\n"


def _format_table(view: TableView) -> str:
    rows = ([f'<span id="{address}"></span>{name}', *(cell or EMPTY_CELL for cell in cells)] for address, (name, *cells) in view.rows)
    return wrap_wide_table(view.title, write_table(view.head, rows), "table-figures")


def format_index(pages: Mapping[str, list[TableView]]) -> str:
    """Return the page that lists the pages of tables, with the number of rows of each."""
    lines = ["---\ntitle: Reference tables\n---\n", "Figures of the protocols, with units and how each is known; in brackets the number of rows.\n"]
    for name, (first, *others) in pages.items():
        sentence = re.split(r"(?<=\.)\s", first.about)[0]
        lines.append(f"- [{first.title}]({name}.md) ({len(first.rows)}): {sentence[:1].lower()}{sentence[1:]}")
        lines += [f"    - [{one.title}]({name}.md#{row_anchor(one.title)}) ({len(one.rows)})" for one in others]
    return "\n".join(lines) + "\n"
