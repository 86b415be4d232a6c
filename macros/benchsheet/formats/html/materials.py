"""The preparations, hazards and plate maps of a sheet for a browser: a card for each recipe, a table for each plate."""

from __future__ import annotations

from itertools import groupby, takewhile

from ...record import Record
from ..outline.blocks import Block, Paragraph, PlateMap, Table
from ..outline.sections import has_lanes, well_text
from ..outline.summaries import describe_handling, group_tubes, hazard_label, hazard_name, labelled_hazards
from . import widgets
from .widgets import block_html, checkbox, escape_html, html_table, html_text, insert_blanks, quantity_html, quote_attribute


def preparations_html(record: Record, blocks: list[Block]) -> str:
    """Return a card for each recipe, then the tables of the tubes that the steps make."""
    recipes = iter([each for each in record["preparations"] if not each["step"]])
    tubes = iter([tube for rack in group_tubes(record).values() for tube in rack])  # in the order of the tables
    cards: list[tuple[str, str]] = []
    tables: list[str] = []
    for title, *rest in widgets.group_by_heading(blocks):
        grid = next(block for block in rest if isinstance(block, Table))
        if grid.head[0] == "part":
            preparation = next(recipes)
            cards.append((_recipe_html(preparation, widgets.heading_html(title), grid), _recipe_remarks(preparation, rest)))
        else:
            rows = [(checkbox(("preparations", next(tubes)["id"], "labelled"), row[0]), *map(escape_html, row)) for row in grid.rows]
            inside = html_table((widgets.screen_reader_text("labelled"), *map(escape_html, grid.head)), rows, f"b{grid.align}", "tubes")
            tables.append(f'<article class="card"><h3>{widgets.heading_html(title)}</h3>{inside}</article>\n')
    recipe_cards = "".join(_card_html([recipe for recipe, _ in alike], words) for words, alike in groupby(cards, lambda card: card[1]))
    order = "".join(map(block_html, takewhile(lambda block: isinstance(block, Paragraph), blocks)))
    return f'{order}<div class="cards">{recipe_cards}</div>' + (f'<div class="cards tubed">{"".join(tables)}</div>' if tables else "")


def _card_html(recipes: list[str], words: str) -> str:
    """Return one card for recipes that follow each other and have the same remarks."""
    return f'<article class="card">{"".join(recipes)}<p>{"<b>Each:</b> " if len(recipes) > 1 else ""}{words}</p></article>\n'


def _recipe_html(preparation: Record, title: str, grid: Table) -> str:
    at, name = ("preparations", preparation["id"]), preparation["name"]
    rows = []
    for number, (part, amount) in enumerate(grid.rows, 1):
        path = (*at, "components", number)
        what = f"{part}, for {name}"
        rows.append((checkbox(path, what), insert_blanks((*path, "part"), what, html_text(part)), quantity_html((*path, "amount"), what, amount)))
    parts = html_table((widgets.screen_reader_text("done"), *map(widgets.screen_reader_text, grid.head)), rows, "blr", "recipe")
    return f'<div class="title"><h3>{insert_blanks(at, name, title)}</h3>{widgets.labelled_blank((*at, "made_on"), "made", "time")}</div>{parts}'


def _recipe_remarks(preparation: Record, rest: list[Block]) -> str:
    """Return the hazards of a recipe by name, and its other remarks; the words of the hazards stand in the section of hazards."""
    hazard_names = "; ".join(map(hazard_name, preparation["hazards"]))
    words = " ".join(block.text for block in rest if isinstance(block, Paragraph) and not block.lead)
    return (f"<b>Hazard:</b> {escape_html(widgets.remove_blanks(hazard_names))}. " if hazard_names else "") + html_text(words)


def hazards_html(record: Record) -> str:
    """Return each hazard of the run once: signal word and codes, handling, disposal."""
    words = ((each["name"], "; ".join(filter(None, (hazard_label(each), describe_handling(each))))) for each in labelled_hazards(record))
    return widgets.definition_list((name, f"{html_text(text)}.") for name, text in words)


EMPTY_LANE = "empty"  # the role of a lane without a sample: it has no checkbox
MOST_CHARS = {6: 20, 12: 10}  # letters that fit into a well of a plate with up to so many columns


def plates_html(record: Record, blocks: list[Block], *, lanes: bool = False) -> str:
    """Return the maps of all plates, or the *lanes* of all gels, in the order of the Record."""
    maps = []
    mine = [plate for plate in record["plates"] if has_lanes(plate) == lanes]
    for plate, (title, *rest) in zip(mine, widgets.group_by_heading(blocks), strict=True):
        many = "large" if plate["columns"] > 6 and plate["rows"] > 1 else "small"
        # If the wells show all that the legend says, it is left out.
        is_complete = all(_fitting_text(well, plate["columns"]) == well_text(well) for well in plate["wells"].values())
        inside = "".join(_map_block_html(block, plate) for block in rest if not (is_complete and isinstance(block, Paragraph)))
        maps.append(f'<section class="plate {many}"><h3>{widgets.heading_html(title)}</h3>{inside}</section>')
    return f'<div class="plates">{"".join(maps)}</div>'


def _map_block_html(block: Block, plate: Record) -> str:
    match block:
        case PlateMap():
            return _map_html(block, plate)
        case Table(head=head, rows=rows, align=align):
            cells = []
            for lane, role in rows:
                box = checkbox(("plates", plate["layout"], lane), f"{head[0]} {lane}: {role}") if role != EMPTY_LANE else ""
                cells.append((box, escape_html(lane), escape_html(role)))
            return html_table((widgets.screen_reader_text("done"), *map(escape_html, head)), cells, f"b{align}", "lanes")
        case Paragraph(text=text):
            return f'<p class="legend">{html_text(text)}</p>'
        case _:
            return block_html(block)


def _map_html(block: PlateMap, plate: Record) -> str:
    heads = "".join(f'<th scope="col">{column}</th>' for column in range(1, block.columns + 1))
    lines = []
    for letter, marks in block.rows:
        cells = "".join(_well_html(mark, plate["wells"].get(f"{letter}{column}"), block.columns) for column, mark in enumerate(marks, 1))
        empty = ' class="empty"' if set(marks) <= {".", ""} else ""
        lines.append(f'<tr{empty}><th scope="row">{letter}</th>{cells}</tr>')
    name = quote_attribute(f"map of {', '.join(plate['names'][:3])}")
    body = f'<table class="map"><thead><tr><td></td>{heads}</tr></thead><tbody>{"".join(lines)}</tbody></table>'
    return f'<div class="wide" tabindex="0" role="group" aria-label={name}>{body}</div>'


def _well_html(mark: str, well: Record | None, columns: int) -> str:
    if well is None:
        return "<td></td>"
    if mark == ".":
        return f'<td class="rest">{escape_html(mark)}</td>'
    words = _fitting_text(well, columns)
    inside = f"<span>{escape_html(words)}</span>" if words else ""
    return f'<td class="{"dosed" if well["dose"] else "undosed"}"><b>{escape_html(mark)}</b>{inside}</td>'


def _fitting_text(well: Record, columns: int) -> str:
    """Return the dose of a well, else its role, if it fits into the well; else ""."""
    most = next((letters for most, letters in MOST_CHARS.items() if columns <= most), 0)
    words: str = well["dose"]["text"] if well["dose"] else well["role"]
    return words if len(words) <= most or (well["dose"] and most) else ""
