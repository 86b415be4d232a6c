"""The parts of a printed sheet, as calls of its layout: what to take, to make, to do and to note; read from the Record, nothing computed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from ..._dataclass import dataclass, replace
from ...prose import numbers
from ...protocol.citations import found_at
from ..outline.labels import label
from ..outline.summaries import dangers, filled_up, streams
from . import pieces, tables
from .pieces import MM, Piece
from .typst_text import SMALL, Words, linked, said

Record = dict[str, Any]
TOGETHER = 12  # tubes to label that no column cuts
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Item:
    """What no column cuts: its pieces, and the *gap* under it; those of one *group* stay on a page, a *wide* one takes the whole width."""

    calls: tuple[Piece, ...]
    gap: int = 4
    wide: bool = False
    group: str = ""


def headed(title: str, items: Iterator[Item] | list[Item]) -> Iterator[Item]:
    """Return *items* with a heading that stays with the first, and more room under the last."""
    found = list(items)
    for place, item in enumerate(found):
        calls = (pieces.section(said(title)), *item.calls) if place == 0 else item.calls
        yield replace(item, calls=calls, gap=9 if place == len(found) - 1 else item.gap)


def fact(name: str, words: str) -> Item:
    """Return a name and what is said of it."""
    return Item((pieces.fact(said(name), said(words)),))


def paragraph(words: str, lead: str = "") -> Piece:
    """Return a paragraph."""
    return pieces.lead(said(lead), said(words)) if lead else pieces.paragraph(said(words))


def noted(keys: list[str], notes: dict[str, int]) -> str:
    """Return the numbers of references."""
    return "".join(f" [{number}]" for number in numbers(keys, notes))


def row(*cells: str, longest: int = 24) -> tuple[Words, ...]:
    """Return a row of a table."""
    return tuple(said(cell, longest, SMALL) for cell in cells)


def figures(record: Record) -> Iterator[Piece]:
    """Return what this run is: its numbers, what was given, what stands by default, the lab."""
    entries = [entry for entry in record["parameters"].values() if entry["used"] and entry["text"]]
    yield pieces.section(said("Numbers"))
    changed = [entry for entry in record["parameters"].values() if entry["changed"] and entry["text"]]
    given = [pieces.fact(said(entry["label"]), said(entry["text"])) for entry in changed]
    yield tables.facts([*given, *(pieces.item(said(total)) for total in record["totals"])])
    yield paragraph("; ".join(f"{entry['label']} {entry['text']}" for entry in entries if not entry["changed"]) + ".", "By default:")
    yield paragraph("; ".join(f"{item['name']} {item['value']}" for item in record["lab"]) + ".", "Lab:")
    yield paragraph(f"{record['hands_on']['text']} in the steps, for each beside its title; making the solutions comes on top.", "Hands-on:")


def warnings(record: Record, level: str, notes: dict[str, int]) -> list[Item]:
    """Return the warnings of a level."""
    found = []
    for warning in record["warnings"]:
        if warning["level"] == level:
            where = f"step {warning['step']}: " if warning["step"] else ""
            found.append(Item((pieces.item(said(where + warning["message"] + noted(warning["citations"], notes))),)))
    return found


def shelf(record: Record, width: float) -> Iterator[Piece]:
    """Return what to take from the shelf, with blanks for lot, expiry and the day it was opened."""
    taken = [reagent for reagent in record["reagents"] if not reagent["made"]]
    rules = {rule: LETTERS[place % 26] for place, rule in enumerate(dict.fromkeys(r["overage"]["rule"] for r in taken if r["overage"]["rule"]))}
    rows = [row(r["name"], r["used"]["text"], r["prepare"]["text"], rules.get(r["overage"]["rule"], ""), "", "", "") for r in taken]
    head = row("reagent", "used", "ready", "", "lot", "expiry", "opened")
    yield pieces.section(said("From the shelf"))
    yield tables.shelf(width, head, rows, blanks=(21 * MM, 13 * MM, 15 * MM))
    told = "; ".join(f"{letter} {rule}" for rule, letter in rules.items())
    yield paragraph((f"What is ready includes {told}. " if told else "") + "Overage is on what is dispensed; what goes into a recipe is exact.")


def keeping(record: Record) -> Iterator[Item]:
    """Return how reagents are kept, and the equipment."""
    found: dict[str, list[str]] = {}
    for reagent in record["reagents"]:
        if not reagent["made"] and (reagent["storage"] or reagent["note"]):
            words_of = "; ".join(filter(None, (reagent["storage"], reagent["note"])))
            found.setdefault(words_of, []).append(reagent["name"].removesuffix(", ____"))  # the blank is in the list
    for kept, names in found.items():
        yield fact("; ".join(names), kept)
    if record["equipment"]:
        yield Item((paragraph("; ".join(item["name"] for item in record["equipment"]) + ".", "Equipment:"),), 9)


def controls(record: Record, notes: dict[str, int]) -> Iterator[Item]:
    """Return the controls of the run."""
    yield from headed("Controls", [fact(item["name"], item["why"] + noted(item["citations"], notes)) for item in record["controls"]])


def hazards(record: Record) -> Iterator[Item]:
    """Return each hazard of the run once, whole; where it is met, its name, signal word and handling stand again."""
    items = []
    for hazard in dangers(record):
        signs = label(hazard)
        told = ". ".join(filter(None, (hazard["handling"], hazard["waste"] and f"Waste: {hazard['waste']}")))
        items.append(fact(hazard["name"] + (f" ({signs})" if signs else ""), f"{told}."))
    if items:
        items.append(Item((paragraph("Signal words and codes are general knowledge: the safety data sheet of your supplier decides."),)))
    yield from headed("Hazards", items)


def signed(hazard: Record) -> str:
    """Return the name of a hazard with its signal word."""
    return f"{hazard['name']} ({hazard['signal']})" if hazard["signal"] else str(hazard["name"])


def preparations(record: Record, width: float) -> Iterator[Item]:
    """Return the recipes, those that share their words under one another, and the tubes to label."""
    names = {reagent["id"]: reagent["name"] for reagent in record["reagents"]}
    recipes = [made for made in record["preparations"] if not made["step"]]
    alike = groupby(recipes, lambda made: (made["note"], made["rule"], made["keeps"], made["container"], str(made["hazards"])))
    order = [Item((paragraph(filled_up(record)),))] if filled_up(record) else []
    yield from headed("Preparations", order + [item for _, group in alike for item in _recipes(list(group), names, width)])
    racks: dict[tuple[str, int], list[Record]] = {}
    for made in record["preparations"]:
        if made["step"]:
            racks.setdefault((made["table"], made["step"]), []).append(made)
    labels = []
    for (title, step), mine in racks.items():
        tubes = [f"{made['name']}: {_filled(made)}" for made in mine]
        if [made["name"] for made in mine] == [title]:
            labels.append(Item((pieces.tubes(said(""), [said(f"{tubes[0]} (step {step}; {mine[0]['container']})")]),)))
            continue
        held = ", ".join(dict.fromkeys(made["container"] for made in mine))
        heads = [said(f"{title[:1].upper()}{title[1:]} (step {step}; {held})"), *[said("")] * len(tubes)]
        for place, begin in enumerate(range(0, len(tubes), TOGETHER)):
            labels.append(Item((pieces.tubes(heads[place], [said(tube) for tube in tubes[begin : begin + TOGETHER]]),)))
    yield from headed("Tubes to label", labels)


def _filled(made: Record) -> str:
    """Return what a tube holds and how much, which is said once."""
    volume = made["volume"]["text"]
    return ", ".join(filter(None, (made["holds"], "" if f" {made['holds']}".endswith(f" {volume}") else volume)))


def _recipes(alike: list[Record], names: dict[str, str], width: float) -> Iterator[Item]:
    for place, made in enumerate(alike):
        parts = []
        for part in made["components"]:
            name, made_up = names[part["reagent"]], part.get("about")
            formula = f" = {part['formula']}" if part.get("formula") and not made_up else ""
            parts.append(row(name + formula, f"to {made['volume']['text']}" if made_up else part["amount"]["text"]))
        recipe = tables.recipe(width, said(made["name"], 24, SMALL), said(made["volume"]["text"]), parts)
        yield Item((recipe,), 4) if place < len(alike) - 1 else Item((recipe, _remarks(made, many=len(alike) > 1)), 6)


def _remarks(made: Record, *, many: bool) -> Piece:
    """Return hazards, note, overage, storage and vessel of a recipe, in one paragraph."""
    note = made["note"] if made["note"].startswith("pH") else made["note"][:1].upper() + made["note"][1:]
    spare = f"Made by the batch, {made['rule']}" if made["rule"].startswith("at least") else f"Includes {made['rule']}" if made["rule"] else ""
    keeps = f"Keep {made['keeps']}" if made["keeps"] else ""
    told = ". ".join(filter(None, (note.removesuffix("."), spare, keeps, f"In a {made['container']}"))) + "."
    hazards = "; ".join(signed(hazard) for hazard in made["hazards"])
    return pieces.remarks(said(f"{hazards}." if hazards else ""), said("Each:" if many else ""), said(told))


def waste(record: Record) -> Iterator[Item]:
    """Return each stream once: how much leaves in which steps, what is in it at which strengths, and where it goes."""
    items = []
    for stream in streams(record):
        strengths: dict[str, list[str]] = {}
        for name, found in stream.holds.items():
            strengths.setdefault(" or ".join(found), []).append(name)
        held = "; ".join(f"{', '.join(names)} {strength}" for strength, names in strengths.items())
        told = "; ".join(stream.amounts()), held and f"It holds {held}", stream.goes and f"To: {stream.goes}"
        items.append(fact(stream.name, ". ".join(filter(None, told)) + "."))
    yield from headed("Waste", items + [fact(item["name"], f"{item['disposal']}.") for item in record["leftovers"]])


def references(record: Record) -> Iterator[Item]:
    """Return the works cited."""
    works = (linked(f"[{work['number']}] {work['text']}", *found_at(work)) for work in record["citations"])
    yield from headed("References", [Item((pieces.paragraph(words),)) for words in works])


def gates(record: Record, notes: dict[str, int]) -> Iterator[Item]:
    """Return the quality gates, with a blank for each reading."""
    found = [pieces.gate(said(g["name"]), said(g["limit"]), said(g["reading"] + noted(g["citations"], notes))) for g in record["gates"]]
    yield from headed("Quality gates", [Item((gate,), 5) for gate in found])
