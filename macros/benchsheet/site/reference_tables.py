"""The tables that protocols share, as pages to look figures up in: each figure with its unit, each row with its evidence.

The columns alone decide which tables share a page, which rows link to which, and which limits share a cell, so that a new table needs
no code. Raises an error for two rows of a page with the same address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..protocol.evidence import EVIDENCE
from ..protocol.recipes import RECIPES_FILE, is_formula, read_recipes
from ..protocol.substances import index_substances
from ..protocol.tables import SYNONYMS, DataTable, parse_table
from ..units import as_concentration, as_quantity, format_number, to_decimal
from ..yamltree import YamlMap, parse_yaml_map
from .page import make_each, plain_words
from .table_views import TableView, format_index, format_page, row_anchor

_PARTLY_VERIFIED = "; what is not is told above the table"
_BANDS_ABOUT = (
    "Masses within 10 % of each other, or in what another band hides, limits included: side by side they are not told apart for certain. "
    "Whatever reads one protein shows one band, and has one row. All is computed from the masses above."
)
_INCOMPATIBLE_ABOUT = "Classes that must not come together, least of all in a bottle of waste, and what the table above has of each."
_PURCHASE_ABOUT = "What the solutions above are made from in the end. A molar mass is that of what is weighed, with its salt and its water."


def build_table_pages(shared: Mapping[str, str], folder: str = "protocols/_shared") -> dict[str, str]:
    """Return the pages of all tables in *shared* by their site paths; raise ProtocolError for each mistake."""
    names = sorted(file.removesuffix(".yml") for file in shared if file.endswith(".yml") and file != RECIPES_FILE)
    path = f"{folder}/{{}}.yml".format
    tables = {table.name: table for table in make_each(names, path, lambda name: parse_table(name, shared[f"{name}.yml"], path(name)))}
    owners = {name: _find_owner(table, tables) for name, table in tables.items()}
    pages = {
        owner: list(_build_views([tables[owner], *(table for name, table in tables.items() if owners[name] == owner != name)]))
        for owner in set(owners.values())
    }
    if text := shared.get(RECIPES_FILE):
        name = RECIPES_FILE.removesuffix(".yml")
        pages[name] = list(build_recipe_views(text, path(name), tables.get("hazards")))
    texts = make_each(sorted(pages), path, lambda name: (f"tables/{name}.md", format_page(pages[name])))
    return {"tables/index.md": format_index(dict(sorted(pages.items()))), **dict(texts)}


def _reference_column(table: DataTable, other: DataTable) -> str:
    """Return the column of *table* that holds only names of rows of *other*; an empty text if there is none."""
    for column, kind in table.columns.items():
        cells = [row[column] for row in table.rows.values() if column in row] if kind in ("text", "words") else []
        names = {name for cell in cells for name in (cell if kind == "words" else (cell,))}
        if names and table is not other and names <= other.rows.keys():
            return column
    return ""


def _find_owner(table: DataTable, tables: Mapping[str, DataTable]) -> str:
    """Return the table on whose page *table* is: one that it refers to, one whose name is part of its own name, or itself."""
    name_parts = set(table.name.split("_"))
    return next(
        (other for other in tables if other != table.name and (_reference_column(table, tables[other]) or {other, _singular(other)} & name_parts)),
        table.name,
    )


def _singular(name: str) -> str:
    return re.sub(r"s$", "", re.sub(r"ies$", "y", name)).replace("_", " ")


def to_markdown(text: str) -> str:
    """Return plain text as Markdown, with the characters that a keyboard lacks: °C, cm², 10⁶."""
    text = text.replace("degC", "°C").replace("cm2", "cm²")
    return plain_words(re.sub(r"10\^(\d+)", lambda found: "10" + found[1].translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")), text))


def _anchor_link(name: str, text: str = "", page: str = "") -> str:
    return f"[{to_markdown(text or name)}]({page}#{row_anchor(name)})"


def _join_links(names: Iterable[str], row_names: Iterable[str]) -> str:
    return ", ".join(_anchor_link(word) if word in row_names else to_markdown(word) for word in names)


def _column_label(table: DataTable, column: str) -> tuple[str, str]:
    """Return the heading of a column and, where it holds plain numbers, their unit: after a comma, in the help, or what is counted."""
    entry = table.tree.mapping("columns").mapping(column)
    label, _, unit = entry.text("label").partition(", ")
    match = re.fullmatch(r"in (\S+)", entry.text("help"))
    if table.columns[column] != "number":
        return entry.text("label"), ""
    return label, unit or (to_markdown(match[1]) if match else label.split()[0])


def _format_cell(table: DataTable, row: Mapping[str, Any], column: str, names: Iterable[str]) -> str:
    kind, value = table.columns.get(column), row.get(column)
    if value is None:
        return ""
    if kind == "words":
        return _join_links(value, names)
    if kind == "text":
        return to_markdown(value)
    unit = _column_label(table, column)[1]
    return _format_number(value, _singular(unit) if value == 1 else unit) if kind == "number" else str(value)


def _format_number(value: Any, unit: str) -> str:
    return f"{format_number(to_decimal(value, exact=True))} {unit}"


def _group_columns(table: DataTable) -> list[tuple[str, tuple[str, ...]]]:
    """Return the columns as they are printed, each with its heading: a column alone, or the usual value with its two limits."""
    columns: list[tuple[str, tuple[str, ...]]] = []
    for column in table.columns:
        base = re.sub(r"_(low|high)$", "", column)
        triple = (base, f"{base}_low", f"{base}_high")
        if not set(triple[1:]) <= table.columns.keys():
            columns.append((_column_label(table, column)[0], (column,)))
        elif column == next(each for each in triple if each in table.columns):
            least = _column_label(table, triple[1])[0]
            columns.append((_column_label(table, base)[0] if base in table.columns else least.rpartition(", ")[0] or least.split()[-1], triple))
    return columns


def _format_range(least: str = "", most: str = "") -> str:
    """Return two limits as a range, with the unit once where it is the same: ``25 to 30 µL``, ``500 µL to 1 mL``."""
    number, _, unit = least.partition(" ")
    return least if least == most else f"{number if most.endswith(f' {unit}') else least} to {most}"


def _evidence(row: Mapping[str, Any]) -> str:
    label = EVIDENCE[row["evidence"]].label
    return label if row["evidence"] == "verified" or not row.get("confidence") else f"{label}, {row['confidence']} confidence"


def _citations(row: Mapping[str, Any]) -> str:
    keys = row.get("cite", ())
    return "".join(f" [@{key}]" for key in ([keys] if isinstance(keys, str) else keys))


def _build_views(tables: list[DataTable]) -> Iterator[TableView]:
    """Yield the tables on the page of the first of *tables*."""
    yield from (_build_view(one, tables) for one in tables)
    if {"protein", "mass_low", "mass_high"} <= tables[0].columns.keys():
        yield _build_band_view(tables[0], {name: row for one in tables[1:] for name, row in one.rows.items() if {"from", "to"} <= row.keys()})
    if "incompatible" in tables[0].tree:
        yield _build_incompatible_view(tables[0])


def _build_view(table: DataTable, tables: list[DataTable]) -> TableView:
    columns, names, refers = _group_columns(table), {name for one in tables for name in one.rows}, _reference_column(table, tables[0])
    lists = {one: column for one in tables[1:] if table is tables[0] and one.columns.get(column := _reference_column(one, table)) == "text"}
    about = to_markdown(table.tree.text("about"))
    match = re.search(r"speak of the (\w+) alone", about)
    rows = []
    for name, row in table.rows.items():
        verified, note = row["evidence"] == "verified", match[1] if match else "note"
        target = note if note in row and not verified else "evidence"  # the cell that the works of this row support
        cells = [to_markdown(name)]
        for _, (first, *limits) in columns:
            usual, span = _format_cell(table, row, first, names), _format_range(*(_format_cell(table, row, limit, names) for limit in limits))
            if usual and first == refers and table.columns[first] == "text":
                usual = _anchor_link(row[first]) + _synonyms(tables[0], row[first])
            cells.append((f"{usual} ({span})" if usual and span and usual != span else usual or span) + (_citations(row) if first == target else ""))
        cells += ["; ".join(_referring_rows(one, column, name)) for one, column in lists.items()]
        works = _citations(row) if target == "evidence" else ""
        cells.append(_evidence(row) + works + (_PARTLY_VERIFIED if verified and "general" in about else ""))
        rows.append((row_anchor(name), cells))
    for one in (one for one in tables if "_" in one.name):
        about = about.replace(to_markdown(one.name), _anchor_link(one.tree.text("title")))
    head = [_singular(table.name), *(label for label, _ in columns), *map(_list_label, lists), "evidence"]
    help_texts = {
        label: [table.tree.mapping("columns").mapping(one).text("help") for one in members if one in table.columns] for label, members in columns
    }
    helps = {label: "; ".join(to_markdown(text) for text in texts if not re.fullmatch(r"(in \S+)?", text)) for label, texts in help_texts.items()}
    column_help = {label: text for label, text in helps.items() if text}
    return TableView(title=table.tree.text("title"), about=about, head=head, rows=rows, column_help=column_help)


def _list_label(table: DataTable) -> str:
    """Return the heading of a list of rows of *table*: its name, and that of the figure that stands beside each."""
    figure = next((_column_label(table, column)[0] for column, kind in table.columns.items() if kind not in ("text", "words")), "")
    return ", ".join(filter(None, (table.name.replace("_", " "), figure)))


def _synonyms(table: DataTable, name: str) -> str:
    names = table.rows[name].get(SYNONYMS, ())
    return f" ({to_markdown(', '.join(names))})" if names else ""


def _referring_rows(table: DataTable, column: str, name: str) -> Iterator[str]:
    """Yield a link to each row of *table* that refers to *name*, with its first figure."""
    for other_name, row in table.rows.items():
        if row.get(column) == name:
            figure = next((f" {row[key]}" for key, kind in table.columns.items() if kind not in ("text", "words") and key in row), "")
            yield _anchor_link(other_name, other_name.removeprefix(f"{name}, ")) + figure


def _build_band_view(table: DataTable, hiding: Mapping[str, Mapping[str, Any]]) -> TableView:
    """Return the table of the bands that run within 10 % of each protein's band, or that are hidden by another."""
    masses: dict[str, list[Any]] = {}
    for name, row in table.rows.items():
        least, most, readers = masses.get(row["protein"], (row["mass_low"], row["mass_high"], []))
        masses[row["protein"]] = [min(least, row["mass_low"]), max(most, row["mass_high"]), [*readers, name]]
    masses = dict(sorted(masses.items(), key=lambda each: each[1][0]))
    bands = {name: _format_range(_format_number(least, "kDa"), _format_number(most, "kDa")) for name, (least, most, _) in masses.items()}
    rows = []
    for protein, (low, high, readers) in masses.items():
        neighbours = [one for one, (least, most, _) in masses.items() if one != protein and low * 10 <= most * 11 and least * 10 <= high * 11]
        overlays = [name for name, each in hiding.items() if each["from"] <= high and low <= each["to"]]
        near = [f"{_anchor_link(f'band {one}', one)} ({bands[one]})" for one in neighbours]
        near += [f"{_anchor_link(name)} (hides this)" for name in overlays]
        readers_links, near_text = _join_links(readers, table.rows), ", ".join(near) or "none of these"
        rows.append((f"band-{row_anchor(protein)}", [to_markdown(protein), bands[protein], readers_links, near_text, EVIDENCE["computed"].label]))
    head = ["protein", "band", "read by", "runs together with", "evidence"]
    return TableView(title="Bands that run together", about=_BANDS_ABOUT, head=head, rows=rows)


def _build_incompatible_view(table: DataTable) -> TableView:
    rows = []
    for pair in table.tree["incompatible"]:
        classes = pair.word_list("between")
        have = [_join_links([name for name, row in table.rows.items() if each in row.get("classes", ())], table.rows) for each in classes]
        rows.append((row_anchor(" and ".join(classes)), [*classes, to_markdown(pair.text("why")), *have, _evidence(table.tree.mapping("defaults"))]))
    head = ["class", "and class", "why", "of the first", "of the second", "evidence"]
    return TableView(title="What must not meet", about=_INCOMPATIBLE_ABOUT, head=head, rows=rows)


def _list_hazards(row: YamlMap, hazards: DataTable | None) -> list[str]:
    """Return the hazards that a recipe names, and those of its components that the table has."""
    if hazards is None:
        return row.word_list("hazards")
    substances, components = index_substances(hazards), [*row.mapping("contains"), *row.mapping("adjust"), row.text("solid")]
    rows = [substances.find(component) for component in components if component]
    return list(dict.fromkeys([*row.word_list("hazards"), *(each for each in rows if each and not substances.cell(each, "harmless"))]))


def _describe_strength(text: str) -> str:
    """Return a strength as it is written, or the tables by which it is worked out."""
    if not is_formula(text):
        return str(as_concentration(text))
    return "by the table of " + " and ".join(dict.fromkeys(name.replace("_", "-", 1).replace("_", " ") for name in re.findall(r"table\((\w+)", text)))


def build_recipe_views(text: str, file: str, hazards: DataTable | None) -> Iterator[TableView]:
    """Yield the tables of what is made and what is bought for the recipes in *text*; *hazards* is the table of hazards, if there is one."""
    tree, rows, mixed, purchases = parse_yaml_map(text, file), read_recipes(text, file), [], []
    names = {one: rows.mapping(one).text("name", one) for one in rows}
    for solution in rows:
        row, make, contains = rows.mapping(solution), rows.mapping(solution).mapping("make"), rows.mapping(solution).mapping("contains")
        holds = "; ".join(f"{to_markdown(part)} {_describe_strength(contains.text(part))}" for part in contains)
        hazard_links = ", ".join(_anchor_link(name, page="hazards.md") if hazards else to_markdown(name) for name in _list_hazards(row, hazards))
        name, known = to_markdown(names[solution]), _evidence(row) + _citations(row)
        end = [to_markdown(row.text("storage")), hazard_links, to_markdown(row.text("note")), known]
        if make:
            sources = [_anchor_link(part, names[part]) for part in make.word_list("from")]
            for key, words in (("rest", "the rest"), ("to_volume_with", "to volume with")):
                sources += [f"{words} {_anchor_link(make.text(key), names[make.text(key)])}"] if key in make else []
            least = row.mapping("overage").text("least")
            batch = str(as_quantity(least, "volume")) if least else ""
            mixed.append((row_anchor(solution), [name, holds, "; ".join(sources), to_markdown(make.text("note")), batch, *end]))
        else:
            mass = str(as_quantity(row.text("mw"), "molar mass")) if "mw" in row else ""
            purchases.append((row_anchor(solution), [name, "solid" if "solid" in row else holds, mass, *end]))
    last = ["keeps", "hazards", "note", "evidence"]
    head = ["solution", "holds", "made from", "how", "least made at once", *last]
    yield TableView(title=tree.text("title"), about=to_markdown(tree.text("about")), head=head, rows=mixed)
    yield TableView(title="What is bought", about=_PURCHASE_ABOUT, head=["what", "as", "molar mass", *last], rows=purchases)
