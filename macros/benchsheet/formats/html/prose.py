"""The words of a step for a browser: one action with a box for each paragraph, item or row of a table, its bold kept.

Refuses to write a link or an image of the prose as one: a sheet asks nothing of any place, so their words stand alone.
"""

from __future__ import annotations

from ...markup import InlineSpans, MarkupLine, MarkupTable, parse_markdown
from ...prose import number_citations, plain_text
from .widgets import (
    BLANK_MARK,
    FieldPath,
    action_item,
    checkbox,
    escape_html,
    html_table,
    html_text,
    insert_blanks,
    quantity_html,
    screen_reader_text,
)

_INLINE_TAGS = {"strong_open": "<b>", "strong_close": "</b>", "em_open": "<em>", "em_close": "</em>", "break": " ", "hardbreak": "<br>"}

HALF_PAGE_COLUMNS = 4  # columns of a table that half a page holds


def actions_html(step: int, markdown: str, notes: dict[str, int]) -> str:
    """Return the prose of step number *step*: lists of actions, captions and tables in their order."""
    parts: list[str] = []
    items: list[str] = []
    number = tables = remarks = 0
    for part in [*parse_markdown(number_citations(markdown, notes)), None]:
        if isinstance(part, MarkupLine) and not part.kind:
            number += 1
            items.append(action_item(("steps", step, "actions", number), _line_html(part), mark=part.mark, depth=part.depth))
            continue
        if items:
            parts.append(f'<ul class="acts">{"".join(items)}</ul>')
            items = []
        if isinstance(part, MarkupLine):
            remarks += 1
            parts.append(f'<p class="{part.kind}">{insert_blanks(("steps", step, "remarks", remarks), f"step {step}", _line_html(part))}</p>')
        elif isinstance(part, MarkupTable):
            tables += 1
            parts.append(_table_html(("steps", step, "tables", tables), part, f"table {tables} of step {step}"))
    return "".join(parts)


def _table_html(path: FieldPath, part: MarkupTable, about: str) -> str:
    head = tuple(map(plain_text, part.cells[0]))
    rows = []
    for number, row in enumerate(part.cells[1:], 1):
        what = next(filter(None, map(plain_text, row)), str(number))
        cells = (_cell_html((*path, number, name), f"{name} of {what}", cell) for name, cell in zip(head, row, strict=True))
        first = _inline_html(row[0])
        total = first.startswith("<b>") and first.endswith("</b>")  # what the rows above come to, which nobody does
        rows.append((checkbox((*path, number), what) if len(row) > 1 and not total else "", *cells))
    return html_table(
        (screen_reader_text("done"), *map(escape_html, head)),
        rows,
        f"b{part.align}",
        "dose broad" if len(head) > HALF_PAGE_COLUMNS else "dose",
        summary=about,
    )


def _cell_html(path: FieldPath, what: str, spans: InlineSpans) -> str:
    plain = plain_text(spans)
    return quantity_html(path, what, plain) if plain.startswith(BLANK_MARK) else insert_blanks(path, what, _inline_html(spans))


def _line_html(part: MarkupLine) -> str:
    return f"<code>{escape_html(plain_text(part.spans))}</code>" if part.is_code else _inline_html(part.spans)


def _inline_html(spans: InlineSpans) -> str:
    parts = []
    for span in spans:
        if span.kind == "text":
            parts.append(html_text(span.text))
        elif span.kind == "code":
            parts.append(f"<code>{escape_html(span.text)}</code>")
        else:
            parts.append(_INLINE_TAGS[span.kind])
    return "".join(parts)
