"""The body of a sheet as HTML: each section from its blocks, with a box for each action and a blank for each reading.

Whatever shows a sheet to fill in takes its body from here; `page` puts it into a file of its own. A section without a form here has
the usual form of its blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from ...markup import number_citations, parse_markdown
from ...protocol.citations import work_address
from ..outline.blocks import BulletList, Command, Definitions, Heading, Paragraph, PlainBlock, PlateMap, StepText, Table
from ..outline.entries import Block, Entry, GateList, GelBlock, HazardList, PlateBlock, Recipe, ShelfList, StepBlock, TubeRack, WasteList, WorkList
from ..outline.sections import Section
from ..timeline import format_timeline
from . import materials, plates, steps
from .strips import strips_html
from .widgets import blank_field, definition_list, escape_html, html_table, html_text, quote_attribute

if TYPE_CHECKING:
    from ...record.types import Record


def body_html(outline: Iterable[tuple[Section, Sequence[Block]]], record: Record) -> str:
    """Return the sections of a sheet that have a title; in place of the timetable there is a drawing of the times."""
    parts = []
    for section, blocks in outline:
        if section.id == "schedule":
            times = _timeline_html(record) + strips_html(record)  # of which a screen shows one or the other
            parts.append(f'<div id="{section.id}">{times}</div>\n' if times else "")
        elif section.title and blocks:
            inside = _FORMS.get(section.id, blocks_html)(blocks)
            parts.append(f'<section class="{section.id}" id="{section.id}"><h2>{escape_html(section.title)}</h2>{inside}</section>\n')
    return "".join(parts)


def blocks_html(blocks: Iterable[Block]) -> str:
    """Return blocks in their usual form, one after another."""
    return "".join(map(block_html, blocks))


def block_html(block: Block) -> str:
    """Return the usual HTML of a block."""
    if isinstance(block, PlainBlock):
        return _plain_html(block)
    form = _ENTRIES.get(type(block))
    return form(block) if form else blocks_html(block.spell_out())


def _plain_html(block: PlainBlock) -> str:
    match block:
        case Heading(text=text):
            return f"<h3>{html_text(text)}</h3>"
        case Command(text=text):
            return f'<p class="command"><code>{escape_html(text)}</code></p>'
        case Paragraph(text=text, lead=lead, strong=strong):
            words = f"<b>{escape_html(lead.strip())}</b> {html_text(text)}" if lead else f"<b>{html_text(text)}</b>" if strong else html_text(text)
            return f"<p>{words}</p>"
        case Definitions(rows=rows):
            return definition_list((label, html_text(value)) for label, value in rows)
        case BulletList(items=items):
            return "<ul>" + "".join(f"<li>{html_text(item)}</li>" for item in items) + "</ul>"
        case Table(head=head, rows=cells, align=align):
            return html_table(map(escape_html, head), (tuple(map(escape_html, row)) for row in cells), align)
        case PlateMap(columns=columns, rows=lines):
            numbers = map(str, range(1, columns + 1))
            return html_table(("", *numbers), ((letter, *map(escape_html, marks)) for letter, marks in lines), "l" * (columns + 1), "map")
        case StepText(markdown=markdown, notes=notes):
            return "".join(map(steps.prose_html, parse_markdown(number_citations(markdown, notes))))


def _shelf_form(blocks: Sequence[Block]) -> str:
    """Return the shelf list; what else there is to know of it stands below, among its remarks."""
    (shelf,) = (block for block in blocks if isinstance(block, ShelfList))
    return materials.shelf_html(shelf, blocks_html(block for block in blocks if block is not shelf))


def _preparations_form(blocks: Sequence[Block]) -> str:
    """Return a card for each recipe, or for several with the same remarks, then the tubes that steps fill."""
    recipes, racks = [block for block in blocks if isinstance(block, Recipe)], [block for block in blocks if isinstance(block, TubeRack)]
    rest = blocks_html(block for block in blocks if not isinstance(block, Recipe | TubeRack))
    cards = f'{rest}<div class="cards">{materials.recipes_html(recipes)}</div>'
    return cards + (f'<div class="cards tubed">{blocks_html(racks)}</div>' if racks else "")


def _steps_form(blocks: Sequence[Block]) -> str:
    """Return the steps, with a line where a new day begins, and a note on their times."""
    notes = " ".join([steps.TIMES_NOTE, *(block.text for block in blocks if isinstance(block, Paragraph))])
    parts, today = [f"<p>{html_text(notes)}</p>"], ""
    for block in blocks:
        if isinstance(block, StepBlock):
            day = steps.first_day(block) or today
            parts.append(steps.step_html(block, day, is_new_day=day != today))
            today = day
        elif not isinstance(block, Paragraph):
            parts.append(block_html(block))
    return "".join(parts)


def _maps_form(blocks: Sequence[Block]) -> str:
    return f'<div class="plates">{blocks_html(blocks)}</div>'


_FORMS: dict[str, Callable[[Sequence[Block]], str]] = {
    "shelf": _shelf_form,
    "preparations": _preparations_form,
    "steps": _steps_form,
    "plate-maps": _maps_form,
    "lane-maps": _maps_form,
}


def _timeline_html(record: Record) -> str:
    """Return the Gantt chart, for a screen; paper has strips in its place."""
    if not record["schedule"]:
        return ""
    chart = f'<div class="wide" tabindex="0" role="region" aria-label="timeline">{format_timeline(record)}</div>'
    return f'<section class="timeline"><h2>Timeline</h2>{chart}</section>\n'


def _gates_html(block: GateList) -> str:
    """Return the gates, with a blank for each reading."""
    rows = (
        (escape_html(name), escape_html(limit), blank_field(("gates", name, "reading"), f"reading of {name}"), escape_html(otherwise))
        for name, limit, otherwise in block.rows
    )
    return html_table(("gate", "limit", "reading", "else"), rows, "llfl", "list gate")


def _waste_html(block: WasteList) -> str:
    """Return each waste stream once: disposal, amounts by step, and contents with their strengths; then the leftovers."""
    rows = []
    for stream in block.streams:
        contents = "; ".join(f"{name} {' or '.join(strengths)}" for name, strengths in stream.contents.items())
        rows.append((stream.name, stream.disposal, "; ".join(stream.describe_amounts()), contents and f"it holds {contents}"))
    rows += [(name, disposal, "", "") for name, disposal in block.leftovers]
    return definition_list((name, html_text(". ".join(part[:1].upper() + part[1:] for part in parts if part)) + ".") for name, *parts in rows)


def _works_html(block: WorkList) -> str:
    """Return the cited works, each with a link to its publication."""
    items = []
    for work in block.works:
        words, address = work_address(work)
        place = f'<a href={quote_attribute(address)} rel="noreferrer">{escape_html(words)}</a>' if address else escape_html(words)
        items.append(f"<li>[{work['number']}] {escape_html(work['text'])} {place}</li>")
    return f"<ul>{''.join(items)}</ul>"


_ENTRIES: dict[type[Entry], Callable[..., str]] = {  # type: ignore[explicit-any] # each takes its own type
    ShelfList: materials.shelf_html,
    HazardList: materials.hazards_html,
    Recipe: lambda recipe: materials.recipes_html([recipe]),
    TubeRack: materials.tubes_html,
    StepBlock: steps.step_html,
    PlateBlock: plates.plate_html,
    GelBlock: plates.gel_html,
    GateList: _gates_html,
    WasteList: _waste_html,
    WorkList: _works_html,
}
