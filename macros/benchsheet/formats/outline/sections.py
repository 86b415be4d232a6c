"""A sheet as blocks in reading order, the same for every format, and the words of a plate map."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from itertools import repeat
from operator import itemgetter

from ...protocol.citations import work_address
from ...record import Record
from . import summaries, times
from .blocks import Block, BulletList, Command, Definitions, Heading, Paragraph, PlateMap, StepText, Table
from .summaries import fill_up_note, format_citations, labelled_hazards


def build_outline(record: Record) -> Iterator[Block]:
    """Yield the blocks of a sheet from its command and title to its references and closing notice."""
    notes = summaries.number_works(record)
    yield Command(text=record["command"])
    yield Heading(text=record["protocol"]["title"], level=1)
    yield Paragraph(text=f"Version {record['protocol']['version']}, digest {record['digest']}")
    yield Paragraph(text=record["protocol"]["summary"])
    if counts := summaries.warning_counts(record):
        yield Paragraph(text=counts, strong="W" in summaries.count_warnings(record))
    yield from _warnings(record, "W", notes)
    yield from _numbers(record)
    yield from _shelf(record)
    yield from _controls(record, notes)
    yield from _preparations(record)
    yield from _timetable(record)
    yield from _steps(record, notes)
    yield from _gates(record, notes)
    yield from _waste(record)
    yield from _warnings(record, "N", notes)
    yield from _references(record)
    yield from _plates(record)
    if labelled_hazards(record):
        yield Paragraph(text="Signal words and codes are general knowledge: the safety data sheet of your supplier decides.")
    yield Paragraph(text=record["notice"])


def _numbers(record: Record) -> Iterator[Block]:
    yield Heading(text="Numbers")
    yield BulletList(items=tuple(record["totals"]))
    if changes := summaries.changed_values(record):
        yield Definitions(rows=tuple(changes))
    yield Paragraph(text=summaries.default_values(record), lead="By default: ")
    yield Paragraph(text=summaries.lab_settings(record), lead="Lab: ")
    yield Paragraph(text=f"{record['hands_on']['text']} in the steps; making the solutions comes on top.", lead="Hands-on: ")


def _controls(record: Record, notes: dict[str, int]) -> Iterator[Block]:
    if record["controls"]:
        yield Heading(text="Controls")
        yield Definitions(rows=tuple((item["name"], item["why"] + format_citations(item["citations"], notes)) for item in record["controls"]))


def _shelf(record: Record) -> Iterator[Block]:
    yield Heading(text="From the shelf")
    shelf = [reagent for reagent in record["reagents"] if not reagent["made"]]
    rows = tuple((r["name"], r["used"]["text"], r["prepare"]["text"], r["overage"]["rule"]) for r in shelf)
    yield Table(head=("reagent", "used", "have ready", "overage"), rows=rows, align="lrrl")
    yield Paragraph(text="Overage is on what is dispensed; what goes into a recipe is exact.")
    storage = [f"{r['name']}: {'; '.join(filter(None, (r['storage'], r['note'])))}" for r in shelf if r["storage"] or r["note"]]
    if storage:
        yield BulletList(items=tuple(storage))
    if record["equipment"]:
        yield Paragraph(text="; ".join(item["name"] for item in record["equipment"]) + ".", lead="Equipment: ")


def _preparations(record: Record) -> Iterator[Block]:
    if not record["preparations"]:
        return
    yield Heading(text="Preparations")
    if fill_up_note(record):
        yield Paragraph(text=fill_up_note(record))
    names = {reagent["id"]: reagent["name"] for reagent in record["reagents"]}
    told: list[Record] = []
    for preparation in record["preparations"]:
        if not preparation["step"]:
            yield from _recipe(preparation, names, told)
    for (title, step), mine in summaries.group_tubes(record).items():
        yield Heading(text=f"{title[:1].upper()}{title[1:]} (volumes: step {step})", level=3)
        yield Table(
            head=("tube", "strength", "makes", "in a"),
            rows=tuple((m["name"], m["holds"], m["volume"]["text"], m["container"]) for m in mine),
            align="lrrl",
        )


def _recipe(preparation: Record, names: dict[str, str], told: list[Record]) -> Iterator[Block]:
    """Yield a recipe; *told* are the hazards whose words stand above it: it names them alone, and adds its own."""
    yield Heading(text=f"{preparation['name']}, {preparation['volume']['text']}", level=3)
    rows = []
    for part in preparation["components"]:
        amount = part["amount"]["text"] + (f" = {part['formula']}" if part.get("formula") else "")
        rows.append((names[part["reagent"]], f"to {preparation['volume']['text']}" if part.get("about") else amount))
    yield Table(head=("part", "amount"), rows=tuple(rows), align="lr")
    known = [summaries.hazard_name(hazard) for hazard in preparation["hazards"] if hazard in told]
    for hazard in preparation["hazards"]:
        if hazard not in told:
            told.append(hazard)
            yield Paragraph(text=_format_hazard(hazard), lead="Hazard: ", strong=True)
    if known:
        yield Paragraph(text=f"{', '.join(dict.fromkeys(known))}, as above.", lead="Hazard: ", strong=True)
    if preparation["note"]:
        yield Paragraph(text=f"{summaries.capitalize_note(preparation['note'])}.")
    yield Paragraph(text=". ".join(summaries.describe_recipe(preparation)) + ".")


def _timetable(record: Record) -> Iterator[Block]:
    if times.has_start(record["schedule"]):
        yield Heading(text="Schedule")
        yield Table(head=("day", "from, to", "step", "what"), rows=times.timetable_rows(record), align="llll")


def _steps(record: Record, notes: dict[str, int]) -> Iterator[Block]:
    yield Heading(text="Steps")
    step_times = times.StepTimes(record["schedule"])
    if record["schedule"] and not step_times.has_start:
        yield Paragraph(text=times.RELATIVE_TIMES_NOTE)
    for step in record["steps"]:
        yield Heading(text=f"{step['number']}. {step['title']}", level=3)
        facts = []
        if step["hands_on"]["value"]:
            facts.append(f"hands-on {step_times.describe_hands_on(step)}")
        if step["batching"]:
            facts.append(step["batching"])
        if step["wait"]:
            facts.append("then " + times.describe_wait(step["wait"], by_clock=step_times.has_start))
        if step["at"]:
            facts.append(step["at"]["text"])
        if begin := step_times.begin(step["number"]):
            facts.append(f"begins {times.format_clock(begin)}")
        yield Paragraph(text="; ".join(facts) + ".")
        for hazard in step["hazards"]:  # before the act
            yield Paragraph(text=_format_hazard(hazard), lead="Hazard: ", strong=True)
        yield StepText(markdown=step["markdown"], notes=notes)
        if step["pause_point"]:
            yield Paragraph(text=f"{step['pause_point']}.", lead="Pause point: ", strong=True)


def _format_hazard(hazard: Record) -> str:
    if "codes" not in hazard:
        return f"{hazard['handling']}."
    return f"{': '.join(filter(None, (summaries.hazard_title(hazard), summaries.describe_handling(hazard))))}."


def _plates(record: Record) -> Iterator[Block]:
    for title, lanes in (("Plate maps", False), ("Lane maps", True)):
        plates = [plate for plate in record["plates"] if has_lanes(plate) == lanes]
        if plates:
            yield Heading(text=title)
            yield from _plate_maps(plates, record)


def _plate_maps(plates: list[Record], record: Record) -> Iterator[Block]:
    for plate in plates:
        yield Heading(text=map_title(plate, record), level=3)
        if has_lanes(plate):
            places = ((str(n), f"A{n}") for n in range(1, plate["columns"] + 1))
            lanes = [(number, well_text(plate["wells"][place])) for number, place in places if place in plate["wells"]]
            yield Table(head=("lane", "holds"), rows=tuple(lanes), align="rl")
            continue
        marks = dict(zip(plate["wells"], map(itemgetter("mark"), plate["wells"].values()), strict=True))
        rows = name_wells(plate["rows"], plate["columns"])
        yield PlateMap(columns=plate["columns"], rows=tuple([(letter, tuple(map(marks.get, names, repeat("")))) for letter, names in rows]))
        yield Paragraph(text=plate_legend(plate["wells"].values()))


def _gates(record: Record, notes: dict[str, int]) -> Iterator[Block]:
    if record["gates"]:
        yield Heading(text="Quality gates")
        yield Table(
            head=("gate", "limit", "else"),
            rows=tuple((g["name"], g["limit"], g["reading"] + format_citations(g["citations"], notes)) for g in record["gates"]),
            align="lll",
        )


def _waste(record: Record) -> Iterator[Block]:
    if not record["waste"]:
        return
    yield Heading(text="Waste")
    rows = []
    for item in record["waste"]:
        holds = ", ".join(f"{name} {q['text']}" for name, q in item["components"].items())
        rows.append((item["stream"], str(item["step"]), item["volume"]["text"], holds))
    yield Table(head=("stream", "step", "volume", "holds"), rows=tuple(rows), align="lrrl")
    goes = {item["stream"]: item["disposal"] for item in record["waste"] if item["disposal"]}
    goes |= {item["name"]: item["disposal"] for item in record["leftovers"]}
    if goes:
        yield Definitions(rows=tuple(goes.items()))


def _warnings(record: Record, level: str, notes: dict[str, int]) -> Iterator[Block]:
    if warnings := summaries.warning_texts(record, level, notes):
        yield Heading(text={"W": "Warnings", "N": "Notes"}[level])
        yield BulletList(items=tuple(warnings))


def _references(record: Record) -> Iterator[Block]:
    if record["citations"]:
        yield Heading(text="References")
        yield BulletList(items=tuple(f"[{work['number']}] {work['text']} {work_address(work)[0]}".strip() for work in record["citations"]))


@functools.lru_cache(maxsize=16)
def name_wells(rows: int, columns: int) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the letter of each row of a plate, with the names of its wells."""
    letters = map(chr, range(ord("A"), ord("A") + rows))
    return tuple((letter, tuple(f"{letter}{column}" for column in range(1, columns + 1))) for letter in letters)


_FEW_NAMES = 7  # fewer plates of one layout than this are named one by one


def has_lanes(plate: Record) -> bool:
    """Return whether this is a gel, whose places stand in one line; a dish has one place."""
    return bool(plate["rows"] == 1 and plate["columns"] > 1)


def map_title(plate: Record, record: Record, *, stands_alone: bool = False) -> str:
    """Return the title of a map: labware, names of the plates, and the compound if the run has several compounds or the map *stands_alone*."""
    compounds = set().union(*[map(itemgetter("compound"), each["wells"].values()) for each in record["plates"]]) - {None, ""}
    names, compound = plate["names"], next(filter(None, map(itemgetter("compound"), plate["wells"].values())), None)
    name_list = ", ".join(names) if len(names) < _FEW_NAMES else f"{names[0]}, {names[1]}, ... {names[-1]}"
    return f"{plate['labware']}: {name_list}" + (f" ({compound})" if compound and (stands_alone or len(compounds) > 1) else "")


def plate_legend(wells: Iterable[Record]) -> str:
    """Return the meaning of each mark of a map, once; a mark with two meanings has both."""
    wells = list(wells)
    objects = dict(zip(map(id, wells), wells, strict=True)).values()  # wells of one group are one object, but for a Record that was read from a file
    return "; ".join(f"{mark} {words}" for mark, words in dict.fromkeys((well["mark"], well_text(well)) for well in objects)) + "."


def well_text(well: Record) -> str:
    """Return the role and the dose of a well, as in a legend."""
    return f"{well['role']} {well['dose']['text'] if well['dose'] else ''}".strip()
