"""The materials of a sheet for a browser: the shelf list, a card for each recipe, the tubes to label, and the hazards."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from ..outline.entries import OVERAGE_NOTE, HazardList, Recipe, ShelfList, TubeRack
from ..outline.summaries import describe_handling, hazard_label, hazard_name
from . import widgets
from .widgets import BLANK_MARK, blank_field, checkbox, definition_list, escape_html, html_table, html_text, insert_blanks

SHELF_BLANKS = {"lot": "lot", "expiry": "expiry", "opened_on": "day of opening"}  # by the name of the field


def shelf_html(shelf: ShelfList, remarks: str = "") -> str:
    """Return the shelf list with blanks for lot, expiry and opening, the rules of overage, other *remarks* (HTML), and the storage."""
    rows, overage = [], dict[str, list[str]]()
    for each in shelf.rows:
        name, beside = each.name, ""
        ready = widgets.quantity_html((*each.path, "prepare"), f"have ready of {name}", each.ready)
        if each.rule:
            overage.setdefault(each.rule, []).append(widgets.remove_blanks(f"{each.used} {name}"))
        elif each.used != each.ready:
            beside = f' <span class="used">({widgets.quantity_html((*each.path, "used"), f"used of {name}", each.used)} used)</span>'
        box, label = checkbox((*each.path, "ready"), f"{name} is ready"), insert_blanks((*each.path, "name"), name, escape_html(name))
        fields = (blank_field((*each.path, key), f"{what} of {name}") for key, what in SHELF_BLANKS.items())
        rows.append((box, label + beside, f"<b>{ready}</b>", *fields))
    head = (widgets.screen_reader_text("ready"), "reagent", "have ready", "lot", "expiry", "opened")
    rules = ". ".join(f"{rule} on {'; '.join(names)}" for rule, names in overage.items())
    notes = (f"<p><b>Overage:</b> {html_text(rules)}.</p>" if rules else "") + f"<p>{html_text(OVERAGE_NOTE)}</p>{remarks}{_storage_html(shelf)}"
    return html_table(head, rows, "blrfff", "list shelf") + f'<div class="notes">{notes}</div>'


def _storage_html(shelf: ShelfList) -> str:
    """Return storage and notes of the reagents; those with the same words share an entry, unless the words have blanks."""
    reagents: dict[tuple[str, str | int], list[str]] = {}
    for each in shelf.rows:
        if each.remark:
            reagents.setdefault((each.remark, each.path[1] if BLANK_MARK in each.remark else ""), []).append(widgets.remove_blanks(each.name))
    rows = [
        ("; ".join(names), insert_blanks(("reagents", own, "note"), names[0], html_text(words)) + ".") for (words, own), names in reagents.items()
    ]
    return definition_list(rows) if rows else ""


def hazards_html(block: HazardList) -> str:
    """Return each hazard of the run: signal word and codes, handling, disposal."""
    words = ((each["name"], "; ".join(filter(None, (hazard_label(each), describe_handling(each))))) for each in block.hazards)
    return definition_list((name, f"{html_text(text)}.") for name, text in words)


def recipes_html(recipes: Sequence[Recipe]) -> str:
    """Return a card for each recipe; recipes that follow each other and have the same remarks share one."""
    cards = []
    for (hazards, words), group in groupby(recipes, lambda recipe: (_hazards_html(recipe), _remarks_html(recipe))):
        first, *others = group
        parts = [_recipe_html(first, hazards), *map(_recipe_html, others)]
        cards.append(f'<article class="card">{"".join(parts)}<p>{"<b>Each:</b> " if others else ""}{words}</p></article>\n')
    return "".join(cards)


def _recipe_html(recipe: Recipe, hazards: str = "") -> str:
    """Return the title of a recipe, its *hazards* where they are not told of the one before, and its parts."""
    rows = []
    for number, part in enumerate(recipe.parts, 1):
        path, what = (*recipe.path, "components", number), f"{part.name}, for {recipe.name}"
        name = insert_blanks((*path, "part"), what, html_text(part.name))
        rows.append((checkbox(path, what), name, widgets.quantity_html((*path, "amount"), what, part.full_amount)))
    parts = html_table(tuple(map(widgets.screen_reader_text, ("done", "part", "amount"))), rows, "blr", "recipe")
    title = insert_blanks(recipe.path, recipe.name, html_text(f"{recipe.name}, {recipe.volume}"))
    return f'<div class="title"><h3>{title}</h3>{widgets.labelled_blank((*recipe.path, "made_on"), "made", "time")}</div>{hazards}{parts}'


def _hazards_html(recipe: Recipe) -> str:
    """Return the hazards of a recipe by name; their words stand in the section of hazards."""
    hazards = "; ".join(map(hazard_name, recipe.hazards))
    return f'<p class="hazard"><b>Hazard:</b> {escape_html(widgets.remove_blanks(hazards))}.</p>' if hazards else ""


def _remarks_html(recipe: Recipe) -> str:
    """Return the note and the other remarks of a recipe."""
    return html_text(" ".join([*([f"{recipe.note}."] if recipe.note else []), ". ".join(recipe.remarks) + "."]))


def tubes_html(rack: TubeRack) -> str:
    """Return a card of the tubes that a step fills, each with a box for its label."""
    rows = []
    for tube in rack.tubes:
        words = tube["name"], tube["strength"], tube["volume"]["text"], tube["container"]
        rows.append((checkbox(("preparations", tube["id"], "labelled"), tube["name"]), *map(escape_html, words)))
    head = (widgets.screen_reader_text("labelled"), "tube", "strength", "makes", "in a")
    title = html_text(f"{rack.title} (volumes: step {rack.step})")
    return f'<article class="card"><h3>{title}</h3>{html_table(head, rows, "blrrl", "tubes")}</article>\n'
