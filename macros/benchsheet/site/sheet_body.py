"""A sheet as Markdown for its page, in the order of doing: the steps first, each map at the step that needs it, what is looked up last."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from .._dataclass import replace
from ..formats.html.strips import strips_html
from ..formats.markdown import MarkdownStyle, write_blocks
from ..formats.outline.blocks import Heading, PlainBlock
from ..formats.outline.entries import Block, GelBlock, PlateBlock, RecordPath, StepBlock
from ..formats.outline.sections import build_outline, spell_out
from ..formats.timeline import format_timeline
from .citations import format_note
from .page import resolve_escapes, wrap_wide_table

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
    maps = _maps_by_step(record, [*sections["plate-maps"][1], *sections["lane-maps"][1]])
    parts = []
    for name in dict.fromkeys((*FIRST, *sections)):
        title, blocks = sections[name]
        if name in AROUND:
            continue
        if name == "steps" and record["schedule"]:
            parts.append(_timeline_section(record))
        lines = list(_spell_out_steps(blocks, maps)) if name == "steps" else list(spell_out(_without_placed(blocks, maps)))
        if lines:
            parts.append(resolve_escapes(write_blocks([*([Heading(text=title)] if title else []), *lines], style)))
    return "\n".join(parts)


def frame_hazard(words: str) -> str:
    """Return the *words* of a hazard in a box, so that they look unlike those of the act below."""
    return f'<div class="hazard" markdown="1">\n\n{words}\n\n</div>'


Maps = dict[int, list[PlateBlock | GelBlock]]


def _maps_by_step(record: Record, blocks: Sequence[Block]) -> Maps:
    """Return each map of *blocks* at the first step that gives something to one of its places."""
    groups: dict[RecordPath, Collection[str]] = {("plates", plate["layout"]): plate["groups"].keys() for plate in record["plates"]}
    found: Maps = {}
    for block in blocks:
        if isinstance(block, PlateBlock | GelBlock):
            mine = {*groups[block.path]}
            for step in record["steps"]:
                if any(not mine.isdisjoint(operation["to"]) for operation in step["operations"]):
                    found.setdefault(step["number"], []).append(block)
                    break
    return found


def _without_placed(blocks: Sequence[Block], maps: Maps) -> list[Block]:
    """Return *blocks* without the maps that stand at a step."""
    placed = [block for here in maps.values() for block in here]
    return [block for block in blocks if block not in placed]


def _spell_out_steps(blocks: Sequence[Block], maps: Maps) -> Iterator[PlainBlock]:
    """Yield the steps, each followed by the maps that it needs, whose headings are below its own."""
    for block in blocks:
        yield from spell_out([block])
        for each in maps.get(block.number, ()) if isinstance(block, StepBlock) else ():
            yield from (replace(line, level=4) if isinstance(line, Heading) else line for line in each.spell_out())


def _timeline_section(record: Record) -> str:
    """Return the drawing of the times under its heading, and the strips of the days, which a narrow screen shows in its place."""
    chart = f'<div class="timeline">\n{format_timeline(record).strip()}\n</div>'
    return f"## Timeline\n\n{chart}\n\n{strips_html(record, '').strip()}\n"
