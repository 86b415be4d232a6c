"""A sheet as blocks in reading order, the same for every face: read from the Record, nothing computed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...prose import numbers
from ...protocol.citations import found_at
from . import timetable
from .blocks import Block, Bullets, Command, Facts, Grid, Heading, PlateMap, Prose, Words
from .labels import label
from .maps import held, titled
from .summaries import dangers, filled_up

Record = dict[str, Any]


def outline(record: Record) -> Iterator[Block]:
    """Return the blocks of a sheet: command, title, numbers, controls, shelf, preparations, steps, plate maps, gates, warnings."""
    notes = {work["key"]: work["number"] for work in record["citations"]}
    yield Command(record["command"])
    yield Heading(record["protocol"]["title"], 1)
    yield Words(f"Version {record['protocol']['version']}, digest {record['digest']}")
    yield Words(record["protocol"]["summary"])
    yield from _noticed(record)
    yield from _numbers(record)
    yield from _controls(record, notes)
    yield from _shelf(record)
    yield from _preparations(record)
    yield from _timetable(record)
    yield from _steps(record, notes)
    yield from _plates(record)
    yield from _gates(record, notes)
    yield from _warnings(record, notes)
    yield from _waste(record)
    yield from _references(record)
    if dangers(record):
        yield Words("Signal words and codes are general knowledge: the safety data sheet of your supplier decides.")
    yield Words(record["notice"])


def _noticed(record: Record) -> Iterator[Block]:
    levels = [warning["level"] for warning in record["warnings"]]
    said = [
        f"{levels.count(level)} {name}{'' if levels.count(level) == 1 else 's'}"
        for level, name in (("W", "warning"), ("N", "note"))
        if level in levels
    ]
    if said:
        yield Words(f"{' and '.join(said)} at the end of this sheet.", strong="W" in levels)


def _numbers(record: Record) -> Iterator[Block]:
    entries = [entry for entry in record["parameters"].values() if entry["used"] and entry["text"]]
    yield Heading("Numbers")
    yield Bullets(tuple(record["totals"]))
    changed = tuple((entry["label"], entry["text"]) for entry in record["parameters"].values() if entry["changed"] and entry["text"])
    if changed:
        yield Facts(changed)
    yield Words("; ".join(f"{entry['label']} {entry['text']}" for entry in entries if not entry["changed"]) + ".", "By default: ")
    yield Words("; ".join(f"{item['name']} {item['value']}" for item in record["lab"]) + ".", "Lab: ")
    yield Words(f"{record['hands_on']['text']} in the steps; making the solutions comes on top.", "Hands-on: ")


def _controls(record: Record, notes: dict[str, int]) -> Iterator[Block]:
    if record["controls"]:
        yield Heading("Controls")
        yield Facts(tuple((item["name"], item["why"] + _noted(item["citations"], notes)) for item in record["controls"]))


def _shelf(record: Record) -> Iterator[Block]:
    yield Heading("From the shelf")
    shelf = [reagent for reagent in record["reagents"] if not reagent["made"]]
    rows = tuple((r["name"], r["used"]["text"], r["prepare"]["text"], r["overage"]["rule"]) for r in shelf)
    yield Grid(("reagent", "used", "have ready", "overage"), rows, "lrrl")
    yield Words("Overage is on what is dispensed; what goes into a recipe is exact.")
    kept = [f"{r['name']}: {'; '.join(filter(None, (r['storage'], r['note'])))}" for r in shelf if r["storage"] or r["note"]]
    if kept:
        yield Bullets(tuple(kept))
    if record["equipment"]:
        yield Words("; ".join(item["name"] for item in record["equipment"]) + ".", "Equipment: ")


def _preparations(record: Record) -> Iterator[Block]:
    if not record["preparations"]:
        return
    yield Heading("Preparations")
    if filled_up(record):
        yield Words(filled_up(record))
    names = {reagent["id"]: reagent["name"] for reagent in record["reagents"]}
    for made in record["preparations"]:
        if not made["step"]:
            yield from _recipe(made, names)
    tables = dict.fromkeys((made["table"], made["step"]) for made in record["preparations"] if made["step"])
    for title, step in tables:
        mine = [made for made in record["preparations"] if (made["table"], made["step"]) == (title, step)]
        yield Heading(f"{title[:1].upper()}{title[1:]} (volumes: step {step})", 3)
        yield Grid(("tube", "strength", "makes", "in a"), tuple((m["name"], m["holds"], m["volume"]["text"], m["container"]) for m in mine), "lrrl")


def _recipe(made: Record, names: dict[str, str]) -> Iterator[Block]:
    yield Heading(f"{made['name']}, {made['volume']['text']}", 3)
    rows = []
    for part in made["components"]:
        amount = part["amount"]["text"] + (f" = {part['formula']}" if part.get("formula") else "")
        rows.append((names[part["reagent"]], f"to {made['volume']['text']}" if part.get("about") else amount))
    yield Grid(("part", "amount"), tuple(rows), "lr")
    for hazard in made["hazards"]:
        yield Words(_hazard(hazard), "Hazard: ", strong=True)
    if made["note"]:
        yield Words(f"{_begun(made['note'])}.")
    spare = f"Made by the batch, {made['rule']}" if made["rule"].startswith("at least") else f"Includes {made['rule']}" if made["rule"] else ""
    keeps = f"Keep {made['keeps']}" if made["keeps"] else ""
    yield Words(". ".join(filter(None, (spare, keeps, f"In a {made['container']}"))) + ".")


def _begun(words: str) -> str:
    """Begin a sentence with a capital, but for pH."""
    return words if words.startswith("pH") else words[:1].upper() + words[1:]


def _timetable(record: Record) -> Iterator[Block]:
    if timetable.has_start(record):
        yield Heading("Schedule")
        yield Grid(("day", "from, to", "step", "what"), timetable.lines(record), "llll")


def _steps(record: Record, notes: dict[str, int]) -> Iterator[Block]:
    yield Heading("Steps")
    begins: dict[int, Record] = {}
    broken: set[int] = set()
    for row in record["schedule"]:
        if begins.setdefault(row["step"], row) is not row and row["kind"] == "hands_on":
            broken.add(row["step"])  # its units do not come at one pace
    for step in record["steps"]:
        yield Heading(f"{step['number']}. {step['title']}", 3)
        facts = []
        if step["hands_on"]["value"]:
            rule = f" ({step['hands_on']['rule']})" if "/" in step["hands_on"]["rule"] else ""
            pace = timetable.paced(None if step["number"] in broken else begins.get(step["number"]), step["hands_on"]["rule"])
            facts.append(f"hands-on {step['hands_on']['text']}{rule}{pace}")
        if step["batching"]:
            facts.append(step["batching"])
        if step["wait"]:
            facts.append("then " + timetable.waited(step["wait"], started=timetable.has_start(record)))
        if step["at"]:
            facts.append(step["at"]["text"])
        if step["number"] in begins:
            facts.append(f"begins {timetable.clock(begins[step['number']]['start'])}")
        yield Words("; ".join(facts) + ".")
        yield Prose(step["markdown"], notes)
        for hazard in step["hazards"]:
            yield Words(_hazard(hazard), "Hazard: ", strong=True)
        if step["pause_point"]:
            yield Words(f"{step['pause_point']}.", "Pause point: ", strong=True)


def _hazard(hazard: dict[str, Any]) -> str:
    if "codes" not in hazard:
        return f"{hazard['handling']}."
    signs = label(hazard)
    said = ". ".join(filter(None, (hazard["handling"], hazard["waste"] and f"Waste: {hazard['waste']}")))
    return f"{hazard['name']}" + (f" ({signs})" if signs else "") + (f": {said}." if said else ".")


def _plates(record: Record) -> Iterator[Block]:
    lanes = [plate for plate in record["plates"] if plate["rows"] == 1]
    for title, plates in (("Plate maps", [plate for plate in record["plates"] if plate["rows"] > 1]), ("Lane maps", lanes)):
        if plates:
            yield Heading(title)
            yield from _maps(plates, record)


def _maps(plates: list[Record], record: Record) -> Iterator[Block]:
    for plate in plates:
        yield Heading(titled(plate, record), 3)
        letters = [chr(65 + row) for row in range(plate["rows"])]
        columns = range(1, plate["columns"] + 1)
        if plate["rows"] == 1:
            lanes = [(str(n), held(plate["wells"][f"A{n}"])) for n in columns if f"A{n}" in plate["wells"]]
            yield Grid(("lane", "holds"), tuple(lanes), "rl")
            continue
        marks = {name: well["mark"] for name, well in plate["wells"].items()}
        yield PlateMap(plate["columns"], tuple((row, tuple(marks.get(f"{row}{n}", "") for n in columns)) for row in letters))
        legend = {well["mark"]: well for well in plate["wells"].values()}
        yield Words("; ".join(f"{mark} {held(well)}" for mark, well in legend.items()) + ".")


def _gates(record: Record, notes: dict[str, int]) -> Iterator[Block]:
    if record["gates"]:
        yield Heading("Quality gates")
        yield Grid(
            ("gate", "limit", "else"), tuple((g["name"], g["limit"], g["reading"] + _noted(g["citations"], notes)) for g in record["gates"]), "lll"
        )


def _waste(record: Record) -> Iterator[Block]:
    if not record["waste"]:
        return
    yield Heading("Waste")
    rows = []
    for item in record["waste"]:
        holds = ", ".join(f"{name} {q['text']}" for name, q in item["components"].items())
        rows.append((item["stream"], str(item["step"]), item["volume"]["text"], holds))
    yield Grid(("stream", "step", "volume", "holds"), tuple(rows), "lrrl")
    goes = {item["stream"]: item["disposal"] for item in record["waste"] if item["disposal"]}
    goes |= {item["name"]: item["disposal"] for item in record["leftovers"]}
    if goes:
        yield Facts(tuple(goes.items()))


def _warnings(record: Record, notes: dict[str, int]) -> Iterator[Block]:
    for level, title in (("W", "Warnings"), ("N", "Notes")):
        found = [w for w in record["warnings"] if w["level"] == level]
        if found:
            yield Heading(title)
            yield Bullets(tuple(_where(w) + w["message"] + _noted(w["citations"], notes) for w in found))


def _where(warning: dict[str, Any]) -> str:
    return f"step {warning['step']}: " if warning["step"] else ""


def _references(record: Record) -> Iterator[Block]:
    if record["citations"]:
        yield Heading("References")
        yield Bullets(tuple(f"[{work['number']}] {work['text']} {found_at(work)[0]}".strip() for work in record["citations"]))


def _noted(keys: list[str], notes: dict[str, int]) -> str:
    return "".join(f" [{number}]" for number in numbers(keys, notes))
