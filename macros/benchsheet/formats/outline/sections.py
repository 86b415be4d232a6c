"""The sections of a sheet, in the order in which every format writes them.

A new section is a row of `SECTIONS`: each format writes its blocks, and needs to be told nothing but where it wants another form of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ..._dataclass import dataclass
from . import summaries, supplies, times
from .blocks import BulletList, Definitions, Heading, Paragraph, PlainBlock, Table, Words
from .entries import Block, GateList, GelBlock, HazardList, Head, Lane, PlateBlock, StepBlock, WasteList, WorkList
from .wells import has_lanes, map_title, map_wells, name_wells

if TYPE_CHECKING:
    from ...record.step_types import Row
    from ...record.types import Control, Gate, Level, Record


@dataclass(frozen=True, kw_only=True)
class Telling:
    """What is told: a Record, and the number of each work by its key. If it *names_hazards*, the whole label of each stands in a list of its own."""

    record: Record
    notes: dict[str, int]
    names_hazards: bool


@dataclass(frozen=True, kw_only=True)
class Section:
    """A section of a sheet: *build* yields its blocks, none for a run without it. Head and closing have no *title*."""

    id: str
    title: str
    build: Callable[[Telling], Iterator[Block]]


def build_outline(record: Record, *, names_hazards: bool = False) -> Iterator[tuple[Section, list[Block]]]:
    """Yield each section of a sheet with its blocks.

    If it *names_hazards*, a hazard is named where it is met, and its whole label stands in the section of hazards alone.
    """
    telling = Telling(record=record, notes=summaries.number_works(record), names_hazards=names_hazards)
    for section in SECTIONS:
        yield section, list(section.build(telling))


def spell_out(blocks: list[Block]) -> Iterator[PlainBlock]:
    """Yield *blocks* as plain blocks."""
    for block in blocks:
        if isinstance(block, PlainBlock):
            yield block
        else:
            yield from block.spell_out()


def spell_out_sheet(record: Record) -> Iterator[PlainBlock]:
    """Yield a whole sheet as plain blocks, with the titles of its sections."""
    for section, blocks in build_outline(record):
        if section.title and blocks:
            yield Heading(text=section.title)
        yield from spell_out(blocks)


def _head(telling: Telling) -> Iterator[Block]:
    record, about = telling.record, telling.record["protocol"]
    yield Head(
        title=summaries.name_sheet(record),
        version=about["version"],
        summary=about["summary"],
        command=record["invocation"]["command"],
        digest=record["identity"]["inputs"],
        counts=summaries.warning_counts(record),
        warns="W" in summaries.count_warnings(record),
    )


def _warnings(telling: Telling, level: Level) -> Iterator[Block]:
    if warnings := summaries.warning_texts(telling.record, level, telling.notes):
        yield BulletList(items=tuple(warnings))


def _numbers(telling: Telling) -> Iterator[Block]:
    record = telling.record
    yield BulletList(items=tuple(line["text"] for line in record["totals"]))
    if changes := summaries.changed_values(record):
        yield Definitions(rows=tuple(changes))
    yield Paragraph(text=summaries.default_values(record), lead="By default: ")
    yield Paragraph(text=summaries.lab_settings(record), lead="Lab: ")
    yield Paragraph(text=f"{record['hands_on']['text']} in the steps; making the solutions comes on top.", lead="Hands-on: ")


def _controls(telling: Telling) -> Iterator[Block]:
    if controls := telling.record["controls"]:
        yield Definitions(rows=tuple((item["name"], _cite(item["why"], item, telling)) for item in controls))


def _cite(words: str, item: Control | Gate, telling: Telling) -> Words:
    return summaries.cite(words, item["citations"], telling.notes)


SUPPLIER_NOTE = "Signal words and codes are general knowledge: the safety data sheet of your supplier decides."


def _hazards(telling: Telling) -> Iterator[Block]:
    if telling.names_hazards and (hazards := summaries.labelled_hazards(telling.record)):
        yield HazardList(hazards=tuple(hazards))
        yield Paragraph(text=SUPPLIER_NOTE)


def _schedule(telling: Telling) -> Iterator[Block]:
    if times.has_start(telling.record["schedule"]):
        yield Table(head=("day", "from, to", "step", "what"), rows=times.timetable_rows(telling.record), align="llll")


def _steps(telling: Telling) -> Iterator[Block]:
    record = telling.record
    step_times = times.StepTimes(record["schedule"], record["steps"])
    if record["schedule"] and not step_times.has_start:
        yield Paragraph(text=times.RELATIVE_TIMES_NOTE)
    rows: dict[int, list[Row]] = {}
    for row in record["schedule"]:
        rows.setdefault(row["step"], []).append(row)
    for step in record["steps"]:
        wait, begin = step["wait"], step_times.begin(step["number"])
        facts = {
            "hands-on": step_times.describe_hands_on(step) if step["hands_on"]["total"]["value"] else "",
            "batching": step["batches"]["text"] if step["batches"] else "",
            "wait": times.describe_wait(wait, by_clock=step_times.has_start) if wait else "",
            "at": step["at"]["text"] if step["at"] else "",
            "begin": times.format_clock(begin) if begin else "",
        }
        yield StepBlock(
            number=step["number"],
            title=step["title"],
            facts={kind: words for kind, words in facts.items() if words},
            hazards=tuple(step["hazards"]),
            markdown=step["markdown"],
            notes=telling.notes,
            pause=f"{step['pause_point']}." if step["pause_point"] else "",
            rows=tuple(rows.get(step["number"], ())),
            times=step_times,
        )


def _gates(telling: Telling) -> Iterator[Block]:
    if gates := telling.record["gates"]:
        yield GateList(rows=tuple((gate["name"], gate["limit"], _cite(gate["reading"], gate, telling)) for gate in gates))


def _waste(telling: Telling) -> Iterator[Block]:
    waste, leftovers = telling.record["waste"], telling.record["leftovers"]
    if not waste and not leftovers:
        return
    rows = []
    for item in waste:
        holds = ", ".join(f"{name} {strength['text']}" for name, strength in item["components"].items())
        rows.append((item["stream"], str(item["step"]), item["volume"]["text"], holds))
    streams = tuple(summaries.summarize_waste(telling.record))
    yield WasteList(rows=tuple(rows), streams=streams, leftovers=tuple((item["name"], item["disposal"]) for item in leftovers))


def _references(telling: Telling) -> Iterator[Block]:
    if works := telling.record["citations"]:
        yield WorkList(works=tuple(works))


def _plate_maps(telling: Telling) -> Iterator[Block]:
    for plate in telling.record["plates"]:
        if not has_lanes(plate):
            title, names = map_title(plate, telling.record), tuple(plate["names"])
            path = "plates", plate["layout"]
            yield PlateBlock(path=path, title=title, names=names, rows=plate["rows"], columns=plate["columns"], wells=map_wells(plate))


def _lane_maps(telling: Telling) -> Iterator[Block]:
    for plate in telling.record["plates"]:
        if has_lanes(plate):
            (_, places), wells = name_wells(1, plate["columns"])[0], map_wells(plate)
            lanes = tuple(Lane(number=number, well=wells[place]) for number, place in enumerate(places, 1) if place in wells)
            path, title = ("plates", plate["layout"]), map_title(plate, telling.record)
            yield GelBlock(path=path, title=title, names=tuple(plate["names"]), labware=plate["labware"], lanes=lanes)


def _closing(telling: Telling) -> Iterator[Block]:
    if not telling.names_hazards and summaries.labelled_hazards(telling.record):
        yield Paragraph(text=SUPPLIER_NOTE)
    yield Paragraph(text=telling.record["notice"])


SECTIONS = (
    Section(id="head", title="", build=_head),
    Section(id="warnings", title="Warnings", build=lambda telling: _warnings(telling, "W")),
    Section(id="numbers", title="Numbers", build=_numbers),
    Section(id="shelf", title="From the shelf", build=lambda telling: supplies.list_shelf(telling.record)),
    Section(id="controls", title="Controls", build=_controls),
    Section(id="hazards", title="Hazards", build=_hazards),
    Section(id="preparations", title="Preparations", build=lambda telling: supplies.list_preparations(telling.record)),
    Section(id="schedule", title="Schedule", build=_schedule),
    Section(id="steps", title="Steps", build=_steps),
    Section(id="gates", title="Quality gates", build=_gates),
    Section(id="waste", title="Waste", build=_waste),
    Section(id="notes", title="Notes", build=lambda telling: _warnings(telling, "N")),
    Section(id="references", title="References", build=_references),
    Section(id="plate-maps", title="Plate maps", build=_plate_maps),
    Section(id="lane-maps", title="Lane maps", build=_lane_maps),
    Section(id="closing", title="", build=_closing),
)
