"""What is made before the steps, for a browser: a card for each solution with a box for each part, and the hazards of all, once.

Refuses nothing; a part that is weighed by what was counted or measured has a blank for it.
"""

from __future__ import annotations

from itertools import groupby, takewhile
from typing import Any

from ..outline.blocks import Block, Paragraph, Table
from ..outline.labels import hazard_label
from ..outline.summaries import distinct_hazards
from .widgets import (
    checkbox,
    escape_html,
    group_by_heading,
    heading_html,
    html_table,
    html_text,
    insert_blanks,
    labelled_blank,
    quantity_html,
    remove_blanks,
    screen_reader_text,
)

Record = dict[str, Any]


def preparations_html(record: Record, blocks: list[Block]) -> str:
    """Return a card for each recipe, then the tables of the tubes that steps make."""
    preparation = {preparation["id"]: preparation for preparation in record["preparations"]}
    recipes = iter([each for each in preparation.values() if not each["step"]])
    tubes = iter([each for each in preparation.values() if each["step"]])
    cards: list[tuple[str, str]] = []
    tables: list[str] = []
    for title, *rest in group_by_heading(blocks):
        grid = next(block for block in rest if isinstance(block, Table))
        if grid.head[0] == "part":
            preparation = next(recipes)
            cards.append((_recipe_html(preparation, heading_html(title), grid), _recipe_remarks(preparation, rest)))
        else:
            mine = [next(tubes) for _ in grid.rows]
            rows = (
                (checkbox(("preparations", each["id"], "labelled"), row[0]), *map(escape_html, row))
                for each, row in zip(mine, grid.rows, strict=True)
            )
            inside = html_table((screen_reader_text("labelled"), *map(escape_html, grid.head)), rows, f"b{grid.align}", "tubes")
            tables.append(f'<article class="card"><h3>{heading_html(title)}</h3>{inside}</article>\n')
    recipe_cards = "".join(_card_html([recipe for recipe, _ in alike], words) for words, alike in groupby(cards, lambda card: card[1]))
    order = "".join(
        f"<p>{html_text(block.text)}</p>" for block in takewhile(lambda block: isinstance(block, Paragraph), blocks) if isinstance(block, Paragraph)
    )
    return f'{order}<div class="cards">{recipe_cards}</div>' + (f'<div class="cards tubed">{"".join(tables)}</div>' if tables else "")


def _card_html(recipes: list[str], words: str) -> str:
    """Write recipes that follow each other and share their words as one card."""
    return f'<article class="card">{"".join(recipes)}<p>{"<b>Each:</b> " if len(recipes) > 1 else ""}{words}</p></article>\n'


def _recipe_html(preparation: Record, title: str, grid: Table) -> str:
    at, name = ("preparations", preparation["id"]), preparation["name"]
    rows = []
    for number, (part, amount) in enumerate(grid.rows, 1):
        path = (*at, "components", number)
        what = f"{part}, for {name}"
        rows.append((checkbox(path, what), insert_blanks((*path, "part"), what, html_text(part)), quantity_html((*path, "amount"), what, amount)))
    parts = html_table((screen_reader_text("done"), *map(screen_reader_text, grid.head)), rows, "blr", "recipe")
    return f'<div class="title"><h3>{insert_blanks(at, name, title)}</h3>{labelled_blank((*at, "made_on"), "made", "time")}</div>{parts}'


def _recipe_remarks(preparation: Record, rest: list[Block]) -> str:
    """Return what a recipe says besides its parts: hazards by name, for their words stand once in a list of their own."""
    hazard_names = "; ".join(hazard["name"] + (f" ({hazard['signal']})" if hazard["signal"] else "") for hazard in preparation["hazards"])
    words = " ".join(block.text for block in rest if isinstance(block, Paragraph) and not block.lead)
    return (f"<b>Hazard:</b> {escape_html(remove_blanks(hazard_names))}. " if hazard_names else "") + html_text(words)


def hazards_html(record: Record) -> str:
    """Return what is dangerous in this run, each once: signal word and codes, how it is handled, where it goes."""
    rows = []
    for hazard in distinct_hazards(record):
        waste = hazard["waste"] and f"Waste: {hazard['waste']}"
        words = ". ".join(filter(None, ("; ".join(filter(None, (hazard_label(hazard), hazard["handling"]))), waste)))
        rows.append(f"<div><dt>{escape_html(hazard['name'])}</dt> <dd>{html_text(words)}.</dd></div>")
    return f"<dl>{''.join(rows)}</dl>"
