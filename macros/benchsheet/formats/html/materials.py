"""What is made before the steps, for a browser: a card for each solution with a box for each part, and the hazards of all, once.

Refuses nothing; a part that is weighed by what was counted or measured has a blank for it.
"""

from __future__ import annotations

from itertools import groupby, takewhile
from typing import Any

from ..outline.blocks import Block, Grid, Words
from ..outline.labels import label
from ..outline.summaries import dangers
from .widgets import blanks, box, by_heading, heading, kept, measured, named_blank, said, table, unblanked, unseen

Record = dict[str, Any]


def preparations(record: Record, blocks: list[Block]) -> str:
    """Return a card for each recipe, then the tables of the tubes that steps make."""
    made = {preparation["id"]: preparation for preparation in record["preparations"]}
    recipes = iter([each for each in made.values() if not each["step"]])
    tubes = iter([each for each in made.values() if each["step"]])
    cards: list[tuple[str, str]] = []
    tables: list[str] = []
    for named, *rest in by_heading(blocks):
        grid = next(block for block in rest if isinstance(block, Grid))
        if grid.head[0] == "part":
            made = next(recipes)
            cards.append((_recipe(made, heading(named), grid), _remarks(made, rest)))
        else:
            mine = [next(tubes) for _ in grid.rows]
            rows = ((box(("preparations", each["id"], "labelled"), row[0]), *map(said, row)) for each, row in zip(mine, grid.rows, strict=True))
            inside = table((unseen("labelled"), *map(said, grid.head)), rows, f"b{grid.align}", "tubes")
            tables.append(f'<article class="card"><h3>{heading(named)}</h3>{inside}</article>\n')
    made_here = "".join(_card([recipe for recipe, _ in alike], words) for words, alike in groupby(cards, lambda card: card[1]))
    order = "".join(f"<p>{kept(block.text)}</p>" for block in takewhile(lambda block: isinstance(block, Words), blocks) if isinstance(block, Words))
    return f'{order}<div class="cards">{made_here}</div>' + (f'<div class="cards tubed">{"".join(tables)}</div>' if tables else "")


def _card(recipes: list[str], words: str) -> str:
    """Write recipes that follow each other and share their words as one card."""
    return f'<article class="card">{"".join(recipes)}<p>{"<b>Each:</b> " if len(recipes) > 1 else ""}{words}</p></article>\n'


def _recipe(made: Record, title: str, grid: Grid) -> str:
    at, name = ("preparations", made["id"]), made["name"]
    rows = []
    for number, (part, amount) in enumerate(grid.rows, 1):
        path = (*at, "components", number)
        what = f"{part}, for {name}"
        rows.append((box(path, what), blanks((*path, "part"), what, kept(part)), measured((*path, "amount"), what, amount)))
    parts = table((unseen("done"), *map(unseen, grid.head)), rows, "blr", "recipe")
    return f'<div class="title"><h3>{blanks(at, name, title)}</h3>{named_blank((*at, "made_on"), "made", "time")}</div>{parts}'


def _remarks(made: Record, rest: list[Block]) -> str:
    """Return what a recipe says besides its parts: hazards by name, for their words stand once in a list of their own."""
    named = "; ".join(hazard["name"] + (f" ({hazard['signal']})" if hazard["signal"] else "") for hazard in made["hazards"])
    words = " ".join(block.text for block in rest if isinstance(block, Words) and not block.lead)
    return (f"<b>Hazard:</b> {said(unblanked(named))}. " if named else "") + kept(words)


def hazards(record: Record) -> str:
    """Return what is dangerous in this run, each once: signal word and codes, how it is handled, where it goes."""
    rows = []
    for hazard in dangers(record):
        waste = hazard["waste"] and f"Waste: {hazard['waste']}"
        words = ". ".join(filter(None, ("; ".join(filter(None, (label(hazard), hazard["handling"]))), waste)))
        rows.append(f"<div><dt>{said(hazard['name'])}</dt> <dd>{kept(words)}.</dd></div>")
    return f"<dl>{''.join(rows)}</dl>"
