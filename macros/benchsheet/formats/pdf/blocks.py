"""The sections of a printed sheet but its steps and maps: numbers, shelf, controls, hazards, preparations, waste, references, gates."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, groupby
from operator import itemgetter

from ..._dataclass import dataclass, replace
from ...protocol.citations import work_address
from ...record import Record
from ..outline import summaries
from ..outline.summaries import fill_up_note, format_citations, hazard_name, labelled_hazards, summarize_waste
from . import pieces, tables
from .pieces import MM, Piece
from .typst_text import SMALL_BLANK_STROKES, TypstText, typst_link, typst_text

TUBES_TOGETHER = 12  # tubes to label that stay in one column
RULE_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, kw_only=True)
class Item:
    """Pieces that stay in one column, with a *gap* of points under them; items of one *group* stay on one page.

    An item that *is_wide* takes the width of the page.
    """

    pieces: tuple[Piece, ...]
    gap: int = 4
    is_wide: bool = False
    group: str = ""


def with_heading(title: str, items: Iterator[Item] | list[Item]) -> Iterator[Item]:
    """Yield *items* with a heading that stays with the first, and a larger gap under the last."""
    all_items = list(items)
    for place, item in enumerate(all_items):
        item_pieces = (pieces.section_piece(typst_text(title)), *item.pieces) if place == 0 else item.pieces
        yield replace(item, pieces=item_pieces, gap=9 if place == len(all_items) - 1 else item.gap)


def fact_item(name: str, words: str) -> Item:
    """Return an item of a name and its description."""
    return Item(pieces=(pieces.fact_piece(typst_text(name), typst_text(words)),))


def text_piece(words: str, lead: str = "") -> Piece:
    """Return a paragraph."""
    return pieces.lead_piece(typst_text(lead), typst_text(words)) if lead else pieces.paragraph_piece(typst_text(words))


def table_row(*cells: str, longest: int = 24) -> tuple[TypstText, ...]:
    """Return a row of a table."""
    return tuple(typst_text(cell, longest, SMALL_BLANK_STROKES) for cell in cells)


def number_pieces(record: Record) -> Iterator[Piece]:
    """Yield the section of numbers: given values, totals, defaults, lab settings, hands-on time."""
    yield pieces.section_piece(typst_text("Numbers"))
    facts = [pieces.fact_piece(typst_text(label), typst_text(text)) for label, text in summaries.changed_values(record)]
    yield tables.facts_table([*facts, *(pieces.item_piece(typst_text(total)) for total in record["totals"])])
    yield text_piece(summaries.default_values(record), "By default:")
    yield text_piece(summaries.lab_settings(record), "Lab:")
    yield text_piece(f"{record['hands_on']['text']} in the steps; making the solutions comes on top.", "Hands-on:")


def warning_items(record: Record, level: str, notes: dict[str, int]) -> list[Item]:
    """Return the warnings of a level."""
    return [Item(pieces=(pieces.item_piece(typst_text(words)),)) for words in summaries.warning_texts(record, level, notes)]


def shelf_pieces(record: Record, width: float) -> Iterator[Piece]:
    """Yield the shelf list, with blanks for lot, expiry and the day of opening."""
    reagents = [reagent for reagent in record["reagents"] if not reagent["made"]]
    rules = dict(zip(dict.fromkeys(r["overage"]["rule"] for r in reagents if r["overage"]["rule"]), cycle(RULE_LETTERS), strict=False))
    rows = [table_row(r["name"], r["used"]["text"], r["prepare"]["text"], rules.get(r["overage"]["rule"], ""), "", "", "") for r in reagents]
    head = table_row("reagent", "used", "ready", "", "lot", "expiry", "opened")
    yield pieces.section_piece(typst_text("From the shelf"))
    yield tables.shelf_table(width, head, rows, blanks=(21 * MM, 13 * MM, 15 * MM))
    rule_text = f"What is ready includes {'; '.join(f'{letter} {rule}' for rule, letter in rules.items())}. " if rules else ""
    yield text_piece(f"{rule_text}Overage is on what is dispensed; what goes into a recipe is exact.")


def storage_items(record: Record) -> Iterator[Item]:
    """Yield storage and notes of the reagents, and the equipment."""
    names_by_text: dict[str, list[str]] = {}
    for reagent in record["reagents"]:
        if not reagent["made"] and (reagent["storage"] or reagent["note"]):
            text = "; ".join(filter(None, (reagent["storage"], reagent["note"])))
            names_by_text.setdefault(text, []).append(reagent["name"].removesuffix(", ____"))  # the blank is in the shelf list
    yield from (fact_item("; ".join(names), text) for text, names in names_by_text.items())
    if record["equipment"]:
        yield Item(pieces=(text_piece("; ".join(item["name"] for item in record["equipment"]) + ".", "Equipment:"),), gap=9)


def control_items(record: Record, notes: dict[str, int]) -> Iterator[Item]:
    """Return the controls of the run."""
    texts = ((item["name"], item["why"] + format_citations(item["citations"], notes)) for item in record["controls"])
    yield from with_heading("Controls", [fact_item(name, text) for name, text in texts])


def hazard_items(record: Record) -> Iterator[Item]:
    """Yield each hazard of the run once, with all of its label; steps and recipes have its name, signal word and handling alone."""
    items = [fact_item(summaries.hazard_title(each), f"{summaries.describe_handling(each)}.") for each in labelled_hazards(record)]
    if items:
        items.append(Item(pieces=(text_piece("Signal words and codes are general knowledge: the safety data sheet of your supplier decides."),)))
    yield from with_heading("Hazards", items)


def preparation_items(record: Record, width: float) -> Iterator[Item]:
    """Yield the recipes, and the tubes to label; recipes in a row with the same remarks have them once."""
    names = {reagent["id"]: reagent["name"] for reagent in record["reagents"]}
    recipes = [preparation for preparation in record["preparations"] if not preparation["step"]]
    alike = groupby(recipes, itemgetter("note", "rule", "keeps", "container", "hazards"))
    order = [Item(pieces=(text_piece(fill_up_note(record)),))] if fill_up_note(record) else []
    yield from with_heading("Preparations", order + [item for _, group in alike for item in _recipe_items(list(group), names, width)])
    labels = []
    for (title, step), mine in summaries.group_tubes(record).items():
        tubes = [f"{preparation['name']}: {_tube_content(preparation)}" for preparation in mine]
        if [preparation["name"] for preparation in mine] == [title]:
            labels.append(Item(pieces=(pieces.tubes_piece(typst_text(""), [typst_text(f"{tubes[0]} (step {step}; {mine[0]['container']})")]),)))
            continue
        containers = ", ".join(dict.fromkeys(preparation["container"] for preparation in mine))
        heads = [typst_text(f"{title[:1].upper()}{title[1:]} (step {step}; {containers})"), *[typst_text("")] * len(tubes)]
        for place, begin in enumerate(range(0, len(tubes), TUBES_TOGETHER)):
            labels.append(Item(pieces=(pieces.tubes_piece(heads[place], [typst_text(tube) for tube in tubes[begin : begin + TUBES_TOGETHER]]),)))
    yield from with_heading("Tubes to label", labels)


def _tube_content(preparation: Record) -> str:
    """Return what a tube holds and how much, unless the content ends with the volume."""
    volume = preparation["volume"]["text"]
    return ", ".join(filter(None, (preparation["holds"], "" if f" {preparation['holds']}".endswith(f" {volume}") else volume)))


def _recipe_items(alike: list[Record], names: dict[str, str], width: float) -> Iterator[Item]:
    for place, preparation in enumerate(alike):
        parts = []
        for part in preparation["components"]:
            name, fills_up = names[part["reagent"]], part.get("about")
            formula = f" = {part['formula']}" if part.get("formula") and not fills_up else ""
            parts.append(table_row(name + formula, f"to {preparation['volume']['text']}" if fills_up else part["amount"]["text"]))
        title = typst_text(preparation["name"], 24, SMALL_BLANK_STROKES)
        recipe = tables.recipe_table(width, title, typst_text(preparation["volume"]["text"]), parts)
        is_last = place == len(alike) - 1
        yield Item(pieces=(recipe, _recipe_remarks(preparation, many=len(alike) > 1)), gap=6) if is_last else Item(pieces=(recipe,))


def _recipe_remarks(preparation: Record, *, many: bool) -> Piece:
    """Return hazards, note, overage, storage and container of a recipe, in one paragraph."""
    note = summaries.capitalize_note(preparation["note"]).removesuffix(".")
    sentences = ". ".join(filter(None, (note, *summaries.describe_recipe(preparation)))) + "."
    hazards = "; ".join(hazard_name(hazard) for hazard in preparation["hazards"])
    return pieces.remarks_piece(typst_text(f"{hazards}." if hazards else ""), typst_text("Each:" if many else ""), typst_text(sentences))


def waste_items(record: Record) -> Iterator[Item]:
    """Yield each waste stream once: amounts by step, contents with their strengths, disposal; then the leftovers."""
    items = []
    for stream in summarize_waste(record):
        strengths: dict[str, list[str]] = {}
        for name, doses in stream.contents.items():
            strengths.setdefault(" or ".join(doses), []).append(name)
        contents = "; ".join(f"{', '.join(names)} {strength}" for strength, names in strengths.items())
        sentences = "; ".join(stream.describe_amounts()), contents and f"It holds {contents}", stream.disposal and f"To: {stream.disposal}"
        items.append(fact_item(stream.name, ". ".join(filter(None, sentences)) + "."))
    yield from with_heading("Waste", items + [fact_item(item["name"], f"{item['disposal']}.") for item in record["leftovers"]])


def reference_items(record: Record) -> Iterator[Item]:
    """Return the works cited."""
    works = (typst_link(f"[{work['number']}] {work['text']}", *work_address(work)) for work in record["citations"])
    yield from with_heading("References", [Item(pieces=(pieces.paragraph_piece(words),)) for words in works])


def gate_items(record: Record, notes: dict[str, int]) -> Iterator[Item]:
    """Return the quality gates, with a blank for each reading."""
    texts = ((gate["name"], gate["limit"], gate["reading"] + format_citations(gate["citations"], notes)) for gate in record["gates"])
    yield from with_heading("Quality gates", [Item(pieces=(pieces.gate_piece(*map(typst_text, each)),), gap=5) for each in texts])
