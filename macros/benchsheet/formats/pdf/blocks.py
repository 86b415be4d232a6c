"""The blocks of a printed sheet as items: pieces that stay in one column. A block without a form here is printed as its plain blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import cycle, groupby

from ..._dataclass import dataclass, replace
from ...markup import ProseParagraph
from ...protocol.citations import work_address
from ..outline.blocks import BulletList, Command, Definitions, Heading, Paragraph, PlainBlock, PlateMap, StepText, Table, Words
from ..outline.entries import OVERAGE_NOTE, Block, Entry, GateList, HazardList, Recipe, ShelfList, TubeRack, WasteList, WorkList
from ..outline.summaries import describe_handling, hazard_name, hazard_title
from . import pieces, tables
from .pieces import MM, Piece
from .typst_text import SMALL_BLANK_STROKES, TypstText, rich_text, typst_link, typst_prose, typst_text

TUBES_TOGETHER = 12  # tubes to label that stay in one column
RULE_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, kw_only=True)
class Item:
    """Pieces that stay in one column, with a *gap* of points under them; items of one *group* stay on one page.

    An item that *is_wide* takes the width of the page. The first item of a section has its id as *begins*.
    """

    pieces: tuple[Piece, ...]
    gap: int = 4
    is_wide: bool = False
    group: str = ""
    begins: str = ""


def with_heading(title: str, items: Iterable[Item], section: str) -> Iterator[Item]:
    """Yield the *items* of a *section* with a heading that stays with the first, and a larger gap under the last."""
    if found := list(items):
        first, *others = found
        all_items = [replace(first, pieces=(pieces.section_piece(typst_text(title)), *first.pieces), begins=section), *others]
        yield from all_items[:-1]
        yield replace(all_items[-1], gap=9)


def block_items(blocks: Iterable[Block], width: float) -> Iterator[Item]:
    """Yield the items of *blocks* in a column of a *width*."""
    for is_recipe, group in groupby(blocks, lambda block: isinstance(block, Recipe)):
        if is_recipe:
            yield from _recipe_items([block for block in group if isinstance(block, Recipe)], width)
            continue
        for block in group:
            if isinstance(block, PlainBlock):
                yield from (Item(pieces=(piece,)) for piece in plain_pieces(block))
            elif form := _ENTRIES.get(type(block)):
                yield from form(block)
            else:
                yield from block_items(block.spell_out(), width)


def plain_pieces(block: PlainBlock) -> Iterator[Piece]:
    """Yield the pieces of a plain block; a table is a list, each row under its first cell."""
    match block:
        case Heading(text=text):
            yield pieces.lead_piece(typst_text(text), typst_text(""))
        case Paragraph(text=text, lead=lead, strong=strong):
            yield text_piece("" if strong and not lead else text, lead.strip() or (text if strong else ""))
        case Command(text=text):
            yield pieces.paragraph_piece(typst_text(text))
        case Definitions(rows=rows):
            yield from (_fact_piece(name, text) for name, text in rows)
        case BulletList(items=items):
            yield from (pieces.item_piece(typst_text(str(words))) for words in items)
        case Table(head=head, rows=table_rows):
            for first, *rest in table_rows:
                words = "; ".join(f"{name} {cell}" for name, cell in zip(head[1:], rest, strict=True) if cell)
                yield _fact_piece(str(first), words) if words else pieces.item_piece(typst_text(str(first)))
        case PlateMap(rows=lines):
            yield from (_fact_piece(letter, " ".join(mark or "-" for mark in marks)) for letter, marks in lines)
        case StepText(markdown=markdown, notes=notes):
            for part in typst_prose(markdown, notes):
                texts = [(part.text,)] if isinstance(part, ProseParagraph) else part.rows
                yield from (pieces.item_piece(rich_text("; ".join(cells))) for cells in texts)


def text_piece(words: str, lead: str = "") -> Piece:
    """Return a paragraph."""
    return pieces.lead_piece(typst_text(lead), typst_text(words)) if lead else pieces.paragraph_piece(typst_text(words))


def _fact_piece(name: str, words: Words) -> Piece:
    return pieces.fact_piece(typst_text(name), typst_text(str(words)))


def _fact_item(name: str, words: Words) -> Item:
    return Item(pieces=(_fact_piece(name, words),))


def table_row(*cells: str, longest: int = 24) -> tuple[TypstText, ...]:
    """Return a row of a table."""
    return tuple(typst_text(cell, longest, SMALL_BLANK_STROKES) for cell in cells)


def number_pieces(blocks: Sequence[Block]) -> Iterator[Piece]:
    """Yield the numbers of a run: what was set and what it comes to side by side, then the paragraphs."""
    side_by_side = [block for kind in (Definitions, BulletList) for block in blocks if isinstance(block, kind)]
    yield tables.facts_table([piece for block in side_by_side for piece in plain_pieces(block)])
    yield from (piece for block in blocks if isinstance(block, Paragraph) for piece in plain_pieces(block))


def shelf_pieces(shelf: ShelfList, width: float) -> Iterator[Piece]:
    """Yield the shelf list, with blanks for lot, expiry and the day of opening."""
    rules = dict(zip(dict.fromkeys(row.rule for row in shelf.rows if row.rule), cycle(RULE_LETTERS), strict=False))
    rows = [table_row(row.name, row.used, row.ready, rules.get(row.rule, ""), "", "", "") for row in shelf.rows]
    head = table_row("reagent", "used", "ready", "", "lot", "expiry", "opened")
    yield tables.shelf_table(width, head, rows, blanks=(21 * MM, 13 * MM, 15 * MM))
    rule_text = f"What is ready includes {'; '.join(f'{letter} {rule}' for rule, letter in rules.items())}. " if rules else ""
    yield text_piece(f"{rule_text}{OVERAGE_NOTE}")


def _storage_items(shelf: ShelfList) -> Iterator[Item]:
    """Yield storage and notes of the reagents: the list itself stands beside them."""
    names: dict[str, list[str]] = {}
    for row in shelf.rows:
        if row.remark:
            names.setdefault(row.remark, []).append(row.name.removesuffix(", ____"))  # the blank is in the shelf list
    yield from (_fact_item("; ".join(same), remark) for remark, same in names.items())


def _hazard_items(block: HazardList) -> Iterator[Item]:
    yield from (_fact_item(hazard_title(hazard), f"{describe_handling(hazard)}.") for hazard in block.hazards)


def _tube_items(rack: TubeRack) -> Iterator[Item]:
    tubes = []
    for tube in rack.tubes:
        holds, volume = tube["strength"], tube["volume"]["text"]
        content = filter(None, (holds, "" if f" {holds}".endswith(f" {volume}") else volume))
        tubes.append(f"{tube['name']}: {', '.join(content)}")
    containers = ", ".join(dict.fromkeys(tube["container"] for tube in rack.tubes))
    if [tube["name"] for tube in rack.tubes] == [rack.name]:
        words = f"{tubes[0]} (step {rack.step}; {containers})"
        yield Item(pieces=(pieces.tubes_piece(typst_text(""), [typst_text(words)]),))
        return
    for begin in range(0, len(tubes), TUBES_TOGETHER):
        title = "" if begin else f"{rack.title} (step {rack.step}; {containers})"
        yield Item(pieces=(pieces.tubes_piece(typst_text(title), [typst_text(tube) for tube in tubes[begin : begin + TUBES_TOGETHER]]),))


def _recipe_items(recipes: Sequence[Recipe], width: float) -> Iterator[Item]:
    """Yield the recipes; recipes in a row with the same remarks have them once."""
    for _, group in groupby(recipes, lambda recipe: (recipe.note, recipe.remarks, recipe.hazards)):
        alike = list(group)
        for recipe in alike:
            parts = [table_row(f"{part.name} = {part.formula}" if part.formula else part.name, part.amount) for part in recipe.parts]
            title, volume = typst_text(recipe.name, 24, SMALL_BLANK_STROKES), typst_text(recipe.volume)
            table, is_last = tables.recipe_table(width, title, volume, parts), recipe is alike[-1]
            yield Item(pieces=(table, _recipe_remarks(recipe, many=len(alike) > 1)), gap=6) if is_last else Item(pieces=(table,))


def _recipe_remarks(recipe: Recipe, *, many: bool) -> Piece:
    """Return hazards, note, overage, storage and container of a recipe, in one paragraph."""
    sentences = ". ".join(filter(None, (recipe.note.removesuffix("."), *recipe.remarks))) + "."
    hazards = "; ".join(map(hazard_name, recipe.hazards))
    return pieces.remarks_piece(typst_text(f"{hazards}." if hazards else ""), typst_text("Each:" if many else ""), typst_text(sentences))


def _gate_items(block: GateList) -> Iterator[Item]:
    """Yield the quality gates, with a blank for each reading."""
    for row in block.rows:
        yield Item(pieces=(pieces.gate_piece(*(typst_text(str(words)) for words in row)),), gap=5)


def _waste_items(block: WasteList) -> Iterator[Item]:
    """Yield each waste stream once: amounts by step, contents with their strengths, disposal; then the leftovers."""
    for stream in block.streams:
        strengths: dict[str, list[str]] = {}
        for name, doses in stream.contents.items():
            strengths.setdefault(" or ".join(doses), []).append(name)
        contents = "; ".join(f"{', '.join(names)} {strength}" for strength, names in strengths.items())
        sentences = "; ".join(stream.describe_amounts()), contents and f"It holds {contents}", stream.disposal and f"To: {stream.disposal}"
        yield _fact_item(stream.name, ". ".join(filter(None, sentences)) + ".")
    yield from (_fact_item(name, f"{disposal}.") for name, disposal in block.leftovers)


def _work_items(block: WorkList) -> Iterator[Item]:
    works = (typst_link(f"[{work['number']}] {work['text']}", *work_address(work)) for work in block.works)
    yield from (Item(pieces=(pieces.paragraph_piece(words),)) for words in works)


_ENTRIES: dict[type[Entry], Callable[..., Iterator[Item]]] = {  # type: ignore[explicit-any] # each takes its own type
    ShelfList: _storage_items,
    HazardList: _hazard_items,
    TubeRack: _tube_items,
    GateList: _gate_items,
    WasteList: _waste_items,
    WorkList: _work_items,
}
