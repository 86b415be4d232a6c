"""The steps of a sheet for a browser: a checkbox for each action, and blanks for the times beside the planned ones."""

from __future__ import annotations

from collections.abc import Iterator

from ...markup import InlineSpans, ProseParagraph, ProseTable, number_citations, parse_markdown, plain_text
from ...record import Record
from ..outline import times
from ..outline.blocks import Block, Paragraph, StepText
from ..outline.summaries import describe_step_hazards
from ..outline.times import StepTimes
from . import widgets
from .widgets import BLANK_MARK, FieldPath, block_html, checkbox, escape_html, html_table, html_text, insert_blanks, quote_attribute

TIMES_NOTE = "The planned time stands before the blank for the actual one."
MOST_UNIT_BLANKS = 10  # units of a step that get a blank each
RowList = list[Record]


def steps_html(record: Record, parts: list[tuple[Block, ...]]) -> str:
    """Return all steps, with a line where a new day begins; *parts* are the blocks of each step, its heading first.

    If the run has no start, a note says that the days are not working days.
    """
    rows: dict[int, RowList] = {}
    for row in record["schedule"]:
        rows.setdefault(row["step"], []).append(row)
    step_times, articles, today = StepTimes(record["schedule"]), [], ""
    relative = record["schedule"] and not step_times.has_start
    articles.append(f"<p>{html_text(f'{TIMES_NOTE} {times.RELATIVE_TIMES_NOTE}' if relative else TIMES_NOTE)}</p>")
    for step, (_, *blocks) in zip(record["steps"], parts, strict=True):
        own = rows.get(step["number"], [])
        day = times.split_moment(own[0]["start"])[0] if own else today
        whose = step_times.work_times(step["number"]) if step_times.several_people else ""
        articles.append(_step_html(step, blocks, own, day, whose, new=day != today))
        today = day
    return "".join(articles)


def _step_html(step: Record, blocks: list[Block], rows: RowList, day: str, whose: str, *, new: bool) -> str:
    """Return one step; *whose* has the working times of each person, if there are several."""
    number, pause = step["number"], ""
    hazard = f'<p class="hazard"><b>Hazard:</b> {escape_html(describe_step_hazards(step))}</p>' if step["hazards"] else ""
    inside = [f'<h3 id="step-{number}">{number}. {escape_html(step["title"])}</h3>']
    for block in blocks:
        match block:
            case Paragraph(text=text, lead="Pause point: "):
                pause = f'<p class="pause"><b>Pause point:</b> {html_text(text)}</p>'
            case Paragraph(text=_, lead="Hazard: "):
                pass  # all of them stand before the first action
            case Paragraph(text=text, lead=""):
                facts = _drop_begin(text, rows)
                inside.append(f' <p class="facts">{html_text(facts)}</p>' if facts else "")
            case StepText(markdown=markdown, notes=notes):
                inside += [hazard, actions_html(number, markdown, notes)]  # a hazard is read before the first action
            case _:
                inside.append(block_html(block))
    band = f'<p class="day">{escape_html(day)}</p>' if new else ""  # within its step, or it could stand alone at the end of a column
    calendar = day.rpartition(" ")[2] if times.has_start(rows) else ""
    when = "".join(_time_fields(step, rows)) + (f'<p class="whose">{html_text(whose)}</p>' if whose else "")
    return (
        f'<article class="step" aria-labelledby="step-{number}" data-day={quote_attribute(calendar)}>{band}<div class="do">{"".join(inside)}</div>'
        f'<div class="when">{when}</div>{pause}</article>\n'
    )


def _drop_begin(text: str, rows: RowList) -> str:
    """Return the facts of a step without the planned begin, which stands beside its blank."""
    begins = f"begins {times.format_clock(rows[0]['start'])}." if rows else ""
    return text.removesuffix(begins).removesuffix("; ") if begins else text


def _time_fields(step: Record, rows: RowList) -> Iterator[str]:
    at, title = ("steps", step["number"]), f"step {step['number']}, {step['title']}"
    work_rows, wait_rows = ([row for row in rows if row["kind"] == kind] for kind in ("hands_on", "wait"))
    day, begin = times.split_moment(rows[0]["start"]) if rows else ("", "")
    yield widgets.time_field((*at, "started"), "start", f"start of {title}", begin)
    yield widgets.time_field((*at, "stopped"), "stop", f"stop of {title}", _time_on_day(_last_end(work_rows), day) if work_rows else "")
    if wait_rows:
        yield widgets.time_field((*at, "wait_over"), "until", f"end of the wait after {title}", _time_on_day(_last_end(wait_rows), day))
    units = [row for row in work_rows if row["units"]]
    many = sum(row["times"] for row in units)
    if 1 < many <= MOST_UNIT_BLANKS:
        names = [f"{units[0]['units']} {number}" for number in range(1, many + 1)]
        blanks = "".join(widgets.labelled_blank((*at, "times", name), name, "unit") for name in names)
        yield f'<div class="units" role="group" aria-label="times of {escape_html(title)}">{blanks}</div>'


def _last_end(rows: RowList) -> str:
    """Return the latest end of some rows; with two people it may not be that of the last row."""
    return max((str(row["end"]) for row in rows), key=times.moment_order)


def _time_on_day(moment: str, today: str) -> str:
    """Return a time of the schedule, with its day unless that is *today*."""
    day, clock = times.split_moment(moment)
    return clock if day == today else f"{times.short_day(day)}{clock}"


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


def _table_html(path: FieldPath, part: ProseTable[InlineSpans], about: str) -> str:
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


def _cell_html(path: FieldPath, what: str, spans: InlineSpans) -> str:
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
