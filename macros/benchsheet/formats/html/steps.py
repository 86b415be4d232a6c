"""The steps of a sheet for a browser: a checkbox for each action, and blanks for the times beside the planned ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ...markup import InlineSpans, Prose, ProseParagraph, ProseTable, number_citations, parse_markdown, plain_text
from ..outline import times
from ..outline.entries import RecordPath, StepBlock
from ..outline.summaries import describe_hazards
from . import widgets
from .widgets import BLANK_MARK, checkbox, escape_html, html_table, html_text, insert_blanks, quote_attribute

if TYPE_CHECKING:
    from ...record.step_types import Moment, Row

TIMES_NOTE = "The planned time stands before the blank for the actual one."
MOST_UNIT_BLANKS = 10  # units of a step that get a blank each


def first_day(step: StepBlock) -> str:
    """Return the day on which a step begins; "" if the run has no schedule."""
    return times.split_moment(step.rows[0]["begin"])[0] if step.rows else ""


def step_html(step: StepBlock, day: str = "", *, is_new_day: bool = False) -> str:
    """Return one step of a *day*, with a line for the day if it *is_new_day*; with several people each has the times of its work."""
    number, inside = step.number, [f'<h3 id="step-{step.number}">{step.number}. {escape_html(step.title)}</h3>']
    if facts := "; ".join(step.fact_words(without="begin")):  # the begin stands beside its blank
        inside.append(f' <p class="facts">{html_text(facts if "begin" in step.facts else f"{facts}.")}</p>')
    if step.hazards:  # read before the first action
        inside.append(f'<p class="hazard"><b>Hazard:</b> {escape_html(describe_hazards(step.hazards))}</p>')
    inside.append(actions_html(number, step.markdown, step.notes))
    pause = f'<p class="pause"><b>Pause point:</b> {html_text(step.pause)}</p>' if step.pause else ""
    band = f'<p class="day">{escape_html(day)}</p>' if is_new_day else ""  # within its step, or it could stand alone at the end of a column
    calendar = step.times.date(number)
    whose = step.times.work_times(number) if step.times.several_people else ""
    when = "".join(_time_fields(step)) + (f'<p class="whose">{html_text(whose)}</p>' if whose else "")
    return (
        f'<article class="step" aria-labelledby="step-{number}" data-day={quote_attribute(calendar)}>{band}<div class="do">{"".join(inside)}</div>'
        f'<div class="when">{when}</div>{pause}</article>\n'
    )


def _time_fields(step: StepBlock) -> Iterator[str]:
    at, title = step.path, f"step {step.number}, {step.title}"
    work_rows, wait_rows = ([row for row in step.rows if row["kind"] == kind] for kind in ("hands_on", "wait"))
    day, begin = times.split_moment(step.rows[0]["begin"]) if step.rows else ("", "")
    yield widgets.time_field((*at, "started"), "start", f"start of {title}", begin)
    yield widgets.time_field((*at, "stopped"), "stop", f"stop of {title}", _time_on_day(_last_end(work_rows), day) if work_rows else "")
    if wait_rows:
        yield widgets.time_field((*at, "wait_over"), "until", f"end of the wait after {title}", _time_on_day(_last_end(wait_rows), day))
    units = [row for row in work_rows if row["unit"]]
    many = sum(row["times"] for row in units)
    if 1 < many <= MOST_UNIT_BLANKS:
        names = [f"{units[0]['unit']} {number}" for number in range(1, many + 1)]
        blanks = "".join(widgets.labelled_blank((*at, "times", name), name, "unit") for name in names)
        yield f'<div class="units" role="group" aria-label="times of {escape_html(title)}">{blanks}</div>'


def _last_end(rows: Sequence[Row]) -> Moment:
    """Return the latest end of some rows; with two people it may not be that of the last row."""
    return max((row["end"] for row in rows), key=times.moment_order)


def _time_on_day(moment: Moment, today: str) -> str:
    """Return a time of the schedule, with its day unless that is *today*."""
    day, clock = times.split_moment(moment)
    return clock if day == today else f"{times.short_day(moment)}{clock}"


_INLINE_TAGS = {"strong_open": "<b>", "strong_close": "</b>", "em_open": "<em>", "em_close": "</em>", "break": " ", "hardbreak": "<br>"}

HALF_PAGE_COLUMNS = 4  # most columns of a table that fits into half a page


def actions_html(step: int, markdown: str, notes: dict[str, int]) -> str:
    """Return the prose of step number *step*: lists of actions, captions and tables in their order."""
    parts: list[str] = []
    items: list[str] = []
    number = tables = remarks = 0
    for part in [*parse_markdown(number_citations(markdown, notes)), None]:
        if isinstance(part, ProseParagraph) and not part.kind:
            number += 1
            items.append(widgets.action_item(("steps", step, "actions", number), _line_html(part), mark=part.mark, depth=part.depth))
            continue
        if items:
            parts.append(f'<ul class="acts">{"".join(items)}</ul>')
            items = []
        if isinstance(part, ProseParagraph):
            remarks += 1
            parts.append(f'<p class="{part.kind}">{insert_blanks(("steps", step, "remarks", remarks), f"step {step}", _line_html(part))}</p>')
        elif isinstance(part, ProseTable):
            tables += 1
            parts.append(_table_html(("steps", step, "tables", tables), part, f"table {tables} of step {step}"))
    return "".join(parts)


def _table_html(path: RecordPath, part: ProseTable[InlineSpans], about: str) -> str:
    head = tuple(map(plain_text, part.head))
    rows = []
    for number, row in enumerate(part.rows, 1):
        what = next(filter(None, map(plain_text, row)), str(number))
        cells = (_cell_html((*path, number, name), f"{name} of {what}", cell) for name, cell in zip(head, row, strict=True))
        first = _inline_html(row[0])
        total = first.startswith("<b>") and first.endswith("</b>")  # the sum of the rows above, which is not an action
        rows.append((checkbox((*path, number), what) if len(row) > 1 and not total else "", *cells))
    heads, css_class = (widgets.screen_reader_text("done"), *map(escape_html, head)), "dose broad" if len(head) > HALF_PAGE_COLUMNS else "dose"
    return html_table(heads, rows, f"b{part.align}", css_class, summary=about)


def _cell_html(path: RecordPath, what: str, spans: InlineSpans) -> str:
    plain = plain_text(spans)
    return widgets.quantity_html(path, what, plain) if plain.startswith(BLANK_MARK) else insert_blanks(path, what, _inline_html(spans))


def _line_html(part: ProseParagraph[InlineSpans]) -> str:
    return f"<code>{escape_html(plain_text(part.text))}</code>" if part.is_code else _inline_html(part.text)


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


def prose_html(part: Prose[InlineSpans]) -> str:
    """Return a part of prose that is only read: without boxes and blanks."""
    if isinstance(part, ProseTable):
        return html_table(map(_inline_html, part.head), (tuple(map(_inline_html, row)) for row in part.rows), part.align)
    return f"<p>{escape_html(f'{part.mark} ') if part.mark else ''}{_line_html(part)}</p>"
