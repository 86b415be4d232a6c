"""A sheet as Markdown for its page, in the order of doing: the steps first, each map at the step that needs it, what is looked up last."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from .._dataclass import replace
from ..formats.html.strips import strips_html
from ..formats.markdown import MarkdownStyle, write_blocks
from ..formats.outline.blocks import Heading, PlainBlock, StepText
from ..formats.outline.entries import Block, GelBlock, PlateBlock, RecordPath, StepBlock
from ..formats.outline.sections import build_outline, spell_out
from ..formats.timeline import format_timeline
from ..markup import escape_markdown
from .citations import format_note
from .page import resolve_escapes, wrap_wide_table
from .sheet_places import heading_anchor

if TYPE_CHECKING:
    from ..record.types import Record

AROUND = ("head", "references")  # the page has a title, a command and a list of works of its own
FIRST = ("warnings", "steps", "preparations", "shelf", "controls", "gates", "waste")  # the others follow in the order of the sheet


def format_body(record: Record) -> str:
    """Return the sheet without command, title, version, summary and references, in the Markdown of the site, its notes as links."""
    works, count = {work["number"]: work["key"] for work in record["citations"]}, itertools.count(1)

    def note(number: int) -> str:
        return format_note(works[number], number)

    def frame(table: str, is_map: bool) -> str:
        return wrap_wide_table(f"table {next(count)}", table, "plate" if is_map else "")

    style = MarkdownStyle(note=note, frame=frame, letters="row", hazard=frame_hazard)
    sections = {section.id: (section.title, blocks) for section, blocks in build_outline(record)}
    maps, again = _maps_by_step(record, [*sections["plate-maps"][1], *sections["lane-maps"][1]])
    parts = []
    for name in dict.fromkeys((*FIRST, *sections)):
        title, blocks = sections[name]
        if name in AROUND:
            continue
        if name == "steps" and record["schedule"]:
            parts.append(_timeline_section(record))
        lines = list(_spell_out_steps(blocks, maps, again)) if name == "steps" else list(spell_out(_without_placed(blocks, maps)))
        if lines:
            parts.append(resolve_escapes(write_blocks([*([Heading(text=title)] if title else []), *lines], style)))
    return "\n".join(parts)


def frame_hazard(words: str) -> str:
    """Return the *words* of a hazard in a box, so that they look unlike those of the act below."""
    return f'<div class="hazard" markdown="1">\n\n{words}\n\n</div>'


Map = PlateBlock | GelBlock
Maps = dict[int, list[Map]]


def _maps_by_step(record: Record, blocks: Sequence[Block]) -> tuple[Maps, Maps]:
    """Return each map of *blocks* at the first step that gives something to one of its places, and at the later ones.

    Where each place gets the same, it is not looked for again.
    """
    groups: dict[RecordPath, Collection[str]] = {("plates", plate["layout"]): plate["groups"].keys() for plate in record["plates"]}
    first: Maps = {}
    later: Maps = {}
    for block in blocks:
        if isinstance(block, PlateBlock | GelBlock):
            mine, found = {*groups[block.path]}, first
            for step in record["steps"]:
                given = [mine.intersection(operation["to"]) for operation in step["operations"]]
                if any(given) and (found is first or len(mine) > 1):
                    found.setdefault(step["number"], []).append(block)
                    found = later
    return first, later


def _without_placed(blocks: Sequence[Block], maps: Maps) -> list[Block]:
    """Return *blocks* without the maps that stand at a step."""
    placed = [block for here in maps.values() for block in here]
    return [block for block in blocks if block not in placed]


def _spell_out_steps(blocks: Sequence[Block], maps: Maps, again: Maps) -> Iterator[PlainBlock]:
    """Yield the steps, each followed by the maps that it needs, whose headings are below its own, and by links *again* to those of steps before."""
    for block in blocks:
        yield from spell_out([block])
        if not isinstance(block, StepBlock):
            continue
        for each in maps.get(block.number, ()):
            yield from (replace(line, level=4) if isinstance(line, Heading) else line for line in each.spell_out())
        if links := [_link_map(each) for each in again.get(block.number, ())]:
            yield StepText(markdown=f"Map: {'; '.join(links)}\n{{: .here}}", notes={})


def _link_map(block: Map) -> str:
    """Return a link to the heading of a map."""
    title = next(line.text for line in block.spell_out() if isinstance(line, Heading))
    return f"[{escape_markdown(title)}](#{heading_anchor(title)})"


def _timeline_section(record: Record) -> str:
    """Return the drawing of the times under its heading, and the strips of the days, which a narrow screen shows in its place."""
    chart = f'<div class="timeline">\n{format_timeline(record).strip()}\n</div>'
    return f"## Timeline\n\n{chart}\n\n{strips_html(record, '').strip()}\n"
