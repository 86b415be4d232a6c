"""What a sheet lists besides plain text: reagents, hazards, recipes, tubes, steps, plates, gates, waste and works.

Each is a block that knows the *path* of its boxes and blanks. A format that has a form of its own for it writes that; for all others
`spell_out` returns the plain blocks that say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ..._dataclass import dataclass
from ...protocol.citations import work_address
from .blocks import BulletList, Command, Definitions, Heading, Paragraph, PlainBlock, PlateMap, StepText, Table, Words
from .summaries import WasteSummary, describe_handling, hazard_name, hazard_title, hazard_words
from .times import StepTimes
from .wells import name_wells, plate_legend, well_text

if TYPE_CHECKING:
    from ...record.material_types import Hazard, PlateGroup, Preparation
    from ...record.step_types import Row
    from ...record.types import Work

RecordPath = tuple[str | int, ...]  # where an entry stands in the Record; a box or a blank is named by it


@dataclass(frozen=True, kw_only=True)
class Head:
    """The head of a sheet; *counts* says how many warnings and notes it has, and whether it *warns*."""

    command: str
    title: str
    version: str
    digest: str
    summary: str
    counts: str
    warns: bool

    def spell_out(self) -> Iterator[PlainBlock]:
        """Yield command, title, version, summary and counts."""
        yield Command(text=self.command)
        yield Heading(text=self.title, level=1)
        yield Paragraph(text=f"Version {self.version}, digest {self.digest}")
        yield Paragraph(text=self.summary)
        if self.counts:
            yield Paragraph(text=self.counts, strong=self.warns)


@dataclass(frozen=True, kw_only=True)
class ShelfRow:
    """A reagent to have ready: the amounts *used* and *ready*, the *rule* of its overage, and what is to know of it (storage and note)."""

    path: RecordPath
    name: str
    used: str
    ready: str
    rule: str
    remark: str


OVERAGE_NOTE = "Overage is on what is dispensed; what goes into a recipe is exact."


@dataclass(frozen=True, kw_only=True)
class ShelfList:
    """All that is taken from the shelf."""

    rows: tuple[ShelfRow, ...]

    def spell_out(self) -> Iterator[PlainBlock]:
        """Yield the amounts, what the overage is on, and the remarks."""
        rows = tuple((row.name, row.used, row.ready, row.rule) for row in self.rows)
        yield Table(head=("reagent", "used", "have ready", "overage"), rows=rows, align="lrrl")
        yield Paragraph(text=OVERAGE_NOTE)
        if remarks := tuple(f"{row.name}: {row.remark}" for row in self.rows if row.remark):
            yield BulletList(items=remarks)


@dataclass(frozen=True, kw_only=True)
class HazardList:
    """Each hazard of the run once."""

    hazards: tuple[Hazard, ...]

    def spell_out(self) -> Iterator[PlainBlock]:
        """Yield each hazard with its label and its handling."""
        yield Definitions(rows=tuple((hazard_title(hazard), f"{describe_handling(hazard)}.") for hazard in self.hazards))


@dataclass(frozen=True, kw_only=True)
class RecipePart:
    """A part of a recipe: its *amount*, or ``to`` a volume, and the *formula* that the amount is worked out by."""

    name: str
    amount: str
    formula: str = ""

    @property
    def full_amount(self) -> str:
        """The amount with its formula."""
        return f"{self.amount} = {self.formula}" if self.formula else self.amount


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A solution to make; those of its hazards that a recipe above has told are *known*, and need no more than their names."""

    path: RecordPath
    name: str
    volume: str
    parts: tuple[RecipePart, ...]
    hazards: tuple[Hazard, ...]
    known: tuple[Hazard, ...]
    note: str
    remarks: tuple[str, ...]

    def spell_out(self) -> Iterator[PlainBlock]:
        """Yield its name, its hazards, its parts, its note and its remarks."""
        yield Heading(text=f"{self.name}, {self.volume}", level=3)
        for hazard in self.hazards:
            if hazard not in self.known:
                yield Paragraph(text=hazard_words(hazard), lead=HAZARD_LEAD, strong=True, is_hazard=True)
        if self.known:
            names = dict.fromkeys(map(hazard_name, self.known))
            yield Paragraph(text=f"{', '.join(names)}, as above.", lead=HAZARD_LEAD, strong=True, is_hazard=True)
        yield Table(head=("part", "amount"), rows=tuple((part.name, part.full_amount) for part in self.parts), align="lr")
        if self.note:
            yield Paragraph(text=f"{self.note}.")
        yield Paragraph(text=". ".join(self.remarks) + ".")


HAZARD_LEAD = "Hazard: "
PAUSE_LEAD = "Pause point: "


@dataclass(frozen=True, kw_only=True)
class TubeRack:
    """The tubes to label that one table of a step fills, each a preparation of the Record."""

    name: str
    step: int
    tubes: tuple[Preparation, ...]

    @property
    def title(self) -> str:
        """The name with a capital."""
        return self.name[:1].upper() + self.name[1:]

    def spell_out(self) -> Iterator[PlainBlock]:
        """Yield a table of the tubes."""
        yield Heading(text=f"{self.title} (volumes: step {self.step})", level=3)
        rows = tuple((tube["name"], tube["strength"], tube["volume"]["text"], tube["container"]) for tube in self.tubes)
        yield Table(head=("tube", "strength", "makes", "in a"), rows=rows, align="lrrl")


@dataclass(frozen=True, kw_only=True)
class StepBlock:
    """One step: *facts* by kind (``hands-on``, ``batching``, ``wait``, ``at``, ``begin``), its *hazards*, and its text.

    *rows* are its rows of the schedule, and *times* the schedule of all steps; *notes* maps the key of a reference to its number.
    """

    number: int
    title: str
    facts: Mapping[str, str]
    hazards: tuple[Hazard, ...]
    markdown: str
    notes: dict[str, int]
    pause: str
    rows: tuple[Row, ...]
    times: StepTimes

    @property
    def path(self) -> RecordPath:
        """The path of its boxes and blanks."""
        return "steps", self.number

    def spell_out(self) -> Iterator[PlainBlock]:
        """Yield title, facts, hazards, text and pause point."""
        yield Heading(text=f"{self.number}. {self.title}", level=3)
        yield Paragraph(text="; ".join(self.fact_words()) + ".")
        for hazard in self.hazards:  # before the act
            yield Paragraph(text=hazard_words(hazard), lead=HAZARD_LEAD, strong=True, is_hazard=True)
        yield StepText(markdown=self.markdown, notes=self.notes)
        if self.pause:
            yield Paragraph(text=self.pause, lead=PAUSE_LEAD, strong=True)

    def fact_words(self, without: str = "") -> list[str]:
        """Return the facts in words, but for one kind."""
        leads = {"hands-on": "hands-on ", "wait": "then ", "begin": "begins "}
        return [leads.get(kind, "") + words for kind, words in self.facts.items() if kind != without]


@dataclass(frozen=True, kw_only=True)
class PlateBlock:
    """The map of one layout: *wells* by place, and the *names* of the plates that have it."""

    path: RecordPath
    title: str
    names: tuple[str, ...]
    rows: int
    columns: int
    wells: Mapping[str, PlateGroup]

    def spell_out(self) -> Iterator[PlainBlock]:
        """Yield the map and its legend."""
        yield Heading(text=self.title, level=3)
        marks = {place: well["mark"] for place, well in self.wells.items()}
        rows = tuple([(letter, tuple([marks.get(name, "") for name in names])) for letter, names in name_wells(self.rows, self.columns)])
        yield PlateMap(columns=self.columns, rows=rows)
        yield Paragraph(text=plate_legend(self.wells.values()))


@dataclass(frozen=True, kw_only=True)
class Lane:
    """A lane in use."""

    number: int
    well: PlateGroup

    @property
    def words(self) -> str:
        """What it holds."""
        return well_text(self.well)


@dataclass(frozen=True, kw_only=True)
class GelBlock:
    """The lanes of one gel, or of several alike."""

    path: RecordPath
    title: str
    names: tuple[str, ...]
    labware: str
    lanes: tuple[Lane, ...]

    def spell_out(self) -> Iterator[PlainBlock]:
        """Yield a table of the lanes."""
        yield Heading(text=self.title, level=3)
        yield Table(head=("lane", "holds"), rows=tuple((str(lane.number), lane.words) for lane in self.lanes), align="rl")


@dataclass(frozen=True, kw_only=True)
class GateList:
    """The quality gates: *rows* has the name of each, its limit, and how to go on."""

    rows: tuple[tuple[str, str, Words], ...]

    def spell_out(self) -> Iterator[PlainBlock]:
        """Yield a table of the gates."""
        yield Table(head=("gate", "limit", "else"), rows=self.rows, align="lll")


@dataclass(frozen=True, kw_only=True)
class WasteList:
    """The waste: *rows* has stream, step, volume and contents of each portion, *streams* sums them up, *leftovers* are names with disposals."""

    rows: tuple[tuple[str, str, str, str], ...]
    streams: tuple[WasteSummary, ...]
    leftovers: tuple[tuple[str, str], ...]

    def spell_out(self) -> Iterator[PlainBlock]:
        """Yield a table of the portions, and where each stream and each leftover goes."""
        if self.rows:
            yield Table(head=("stream", "step", "volume", "holds"), rows=self.rows, align="lrrl")
        goes = {stream.name: stream.disposal for stream in self.streams if stream.disposal} | dict(self.leftovers)
        if goes:
            yield Definitions(rows=tuple(goes.items()))


@dataclass(frozen=True, kw_only=True)
class WorkList:
    """The works cited."""

    works: tuple[Work, ...]

    def spell_out(self) -> Iterator[PlainBlock]:
        """Yield a list of the works."""
        yield BulletList(items=tuple(f"[{work['number']}] {work['text']} {work_address(work)[0]}".strip() for work in self.works))


Entry = Head | ShelfList | HazardList | Recipe | TubeRack | StepBlock | PlateBlock | GelBlock | GateList | WasteList | WorkList
Block = PlainBlock | Entry
