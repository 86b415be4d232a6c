"""The tables that protocols share, as pages in which a figure is looked up: each with its unit, each row with how it is known.

Refuses two rows of a page that one link would mean. Nothing here names a table: what stands on one page, what refers to what and which
limits share a cell is told by the columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

from .._dataclass import dataclass
from ..errors import Collector, ProtocolError
from ..protocol.recipes import FILE as RECIPES
from ..protocol.recipes import recipes
from ..protocol.tables import Table, written_table
from ..units import concentration, decimal, grouped
from ..units import read as quantity
from ..yamltree import read
from .page import quoted

NONE = "–"
KNOWN = {
    "verified": ("verified", "read in the work cited"),
    "general": ("general knowledge", "usual in laboratories: confirm it with your supplier"),
    "computed": ("computed", "worked out here from formulas or from other figures"),
    "source-only": ("source only", "said by the source document alone, and not checked"),
    "house": ("house default", "a choice of this site"),
}
_PARTLY = "; what is not is told above the table"
_TOGETHER = (
    "Masses within 10 % of each other, or in what another band hides, limits included: side by side they are not told apart for certain. "
    "Whatever reads one protein shows one band, and has one row. All is computed from the masses above."
)
_APART = "Classes that must not come together, least of all in a bottle of waste, and what the table above has of each."
_BOUGHT = "What the solutions above are made from in the end. A molar mass is that of what is weighed, with its salt and its water."


@dataclass(frozen=True)
class Sheet:
    """One table as it is printed: *rows* are what a link calls a row, and its cells; *helps* are words about columns."""

    title: str
    about: str
    head: list[str]
    rows: list[tuple[str, list[str]]]
    helps: dict[str, str]


def reference_tables(shared: Mapping[str, str], folder: str = "protocols/_shared") -> dict[str, str]:
    """Return the pages of all tables in *shared* by their site paths; raise ProtocolError for each mistake."""
    mistakes = Collector()
    tables: dict[str, Table] = {}
    for name in sorted(file.removesuffix(".yml") for file in shared if file.endswith(".yml") and file != RECIPES):
        with mistakes.at(f"{folder}/{name}.yml"):
            tables[name] = written_table(name, shared[f"{name}.yml"], f"{folder}/{name}.yml")
    mistakes.close()
    owners = {name: _owner(one, tables) for name, one in tables.items()}
    pages = {name: list(_sheets([tables[name], *(tables[one] for one in owners if owners[one] == name != one)])) for name in set(owners.values())}
    if file := shared.get(RECIPES):
        pages[RECIPES.removesuffix(".yml")] = list(_solutions(file, f"{folder}/{RECIPES}", "hazards.md" if "hazards" in pages else ""))
    made = {"tables/index.md": _index(dict(sorted(pages.items())))}
    for name, sheets in sorted(pages.items()):
        with mistakes.at(f"{folder}/{name}.yml"):
            made[f"tables/{name}.md"] = _page(sheets)
    mistakes.close()
    return made


def _refers(one: Table, other: Table) -> str:
    """Return the column of *one* that holds nothing but names of rows of *other*, if there is one."""
    for column, kind in one.columns.items():
        cells = [row[column] for row in one.rows.values() if column in row] if kind in ("text", "words") else []
        names = {name for cell in cells for name in (cell if kind == "words" else (cell,))}
        if names and one is not other and names <= other.rows.keys():
            return column
    return ""


def _owner(one: Table, tables: Mapping[str, Table]) -> str:
    """Return the table on whose page *one* stands: that to which it refers, or whose noun is part of its name, or its own."""
    words = set(one.name.split("_"))
    return next((other for other in tables if other != one.name and (_refers(one, tables[other]) or {other, _single(other)} & words)), one.name)


def _single(name: str) -> str:
    return re.sub(r"s$", "", re.sub(r"ies$", "y", name)).replace("_", " ")


def anchor(name: str) -> str:
    """Return what a link calls a row: ``defactinib``, ``10-percent-sds``."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold().replace("%", " percent ")).strip("-")


def prose(text: str) -> str:
    """Return plain words as Markdown, with the signs that a page has and a keyboard lacks."""
    text = re.sub(r"([\\`*_\[\]|])", r"\\\1", " ".join(text.split())).replace("<", "&lt;").replace("degC", "°C").replace("cm2", "cm²")
    return re.sub(r"10\^(\d+)", lambda found: "10" + found[1].translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")), text)


def _link(name: str, shown: str = "", page: str = "") -> str:
    return f"[{prose(shown or name)}]({page}#{anchor(name)})"


def _linked(words: Iterable[str], names: Iterable[str]) -> str:
    return ", ".join(_link(word) if word in names else prose(word) for word in words)


def _label(of: Table, column: str) -> tuple[str, str]:
    """Return the heading of a column and, where it holds plain numbers, their unit: after a comma, in the help, or what is counted."""
    entry = of.tree.map("columns").map(column)
    label, _, unit = entry.text("label").partition(", ")
    said = re.fullmatch(r"in (\S+)", entry.text("help"))
    if of.columns[column] != "number":
        return entry.text("label"), ""
    return label, unit or (prose(said[1]) if said else label.split()[0])


def _value(of: Table, row: Mapping[str, Any], column: str, names: Iterable[str]) -> str:
    kind, value = of.columns.get(column), row.get(column)
    if value is None:
        return ""
    if kind == "words":
        return _linked(value, names)
    if kind == "text":
        return prose(value)
    unit = _label(of, column)[1]
    return _number(value, _single(unit) if value == 1 else unit) if kind == "number" else str(value)


def _number(value: Any, unit: str) -> str:
    return f"{grouped(decimal(value, exact=True))} {unit}"


def _columns(of: Table) -> list[tuple[str, tuple[str, ...]]]:
    """Return the columns as they are printed: the heading, and the column in it, or the usual value with its limits."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for column in of.columns:
        base = re.sub(r"_(low|high)$", "", column)
        three = (base, f"{base}_low", f"{base}_high")
        if not set(three[1:]) <= of.columns.keys():
            found.append((_label(of, column)[0], (column,)))
        elif column == next(each for each in three if each in of.columns):
            least = _label(of, three[1])[0]
            found.append((_label(of, base)[0] if base in of.columns else least.rpartition(", ")[0] or least.split()[-1], three))
    return found


def _span(least: str = "", most: str = "") -> str:
    """Return two limits as one, the unit once where it is the same: ``25 to 30 µL``, ``500 µL to 1 mL``."""
    number, _, unit = least.partition(" ")
    return least if least == most else f"{number if most.endswith(f' {unit}') else least} to {most}"


def _known(row: Mapping[str, Any]) -> str:
    words = KNOWN[row["evidence"]][0]
    return words if row["evidence"] == "verified" or not row.get("confidence") else f"{words}, {row['confidence']} confidence"


def _works(row: Mapping[str, Any]) -> str:
    cited = row.get("cite", ())
    return "".join(f" [@{key}]" for key in ([cited] if isinstance(cited, str) else cited))


def _sheets(page: list[Table]) -> Iterator[Sheet]:
    """Return what stands on the page of the first of the tables."""
    yield from (_sheet(one, page) for one in page)
    if {"protein", "mass_low", "mass_high"} <= page[0].columns.keys():
        yield _together(page[0], {name: row for one in page[1:] for name, row in one.rows.items() if {"from", "to"} <= row.keys()})
    if "incompatible" in page[0].tree:
        yield _apart(page[0])


def _sheet(of: Table, page: list[Table]) -> Sheet:
    columns, names, refers = _columns(of), {name for one in page for name in one.rows}, _refers(of, page[0])
    lists = {one: column for one in page[1:] if of is page[0] and one.columns.get(column := _refers(one, of)) == "text"}
    about = prose(of.tree.text("about"))
    alone = re.search(r"speak of the (\w+) alone", about)
    rows = []
    for name, row in of.rows.items():
        verified, noted = row["evidence"] == "verified", alone[1] if alone else "note"
        cited = noted if noted in row and not verified else "evidence"  # what the works of this row speak of
        cells = [prose(name)]
        for _, (first, *limits) in columns:
            usual, span = _value(of, row, first, names), _span(*(_value(of, row, limit, names) for limit in limits))
            if usual and first == refers and of.columns[first] == "text":
                usual = _link(row[first]) + _other_names(page[0], row[first])
            cells.append((f"{usual} ({span})" if usual and span and usual != span else usual or span) + (_works(row) if first == cited else ""))
        cells += ["; ".join(_rows_of(one, column, name)) for one, column in lists.items()]
        cells.append(_known(row) + (_works(row) if cited == "evidence" else "") + (_PARTLY if verified and "general" in about else ""))
        rows.append((anchor(name), cells))
    for one in (one for one in page if "_" in one.name):
        about = about.replace(prose(one.name), _link(one.tree.text("title")))
    head = [_single(of.name), *(label for label, _ in columns), *(one.name.replace("_", " ") for one in lists), "evidence"]
    said = {label: [of.tree.map("columns").map(one).text("help") for one in members if one in of.columns] for label, members in columns}
    helps = {label: "; ".join(prose(text) for text in texts if not re.fullmatch(r"(in \S+)?", text)) for label, texts in said.items()}
    return Sheet(of.tree.text("title"), about, head, rows, {label: text for label, text in helps.items() if text})


def _other_names(of: Table, name: str) -> str:
    found = [word for column, kind in of.columns.items() if kind == "words" for word in of.rows[name].get(column, ())]
    return f" ({prose(', '.join(found))})" if found else ""


def _rows_of(of: Table, column: str, name: str) -> Iterator[str]:
    """Return each row of *of* that refers to *name*, with its first figure."""
    for called, row in of.rows.items():
        if row.get(column) == name:
            figure = next((f" {row[key]}" for key, kind in of.columns.items() if kind not in ("text", "words") and key in row), "")
            yield _link(called, called.removeprefix(f"{name}, ")) + figure


def _together(of: Table, hiding: Mapping[str, Mapping[str, Any]]) -> Sheet:
    """Return for each protein what runs so near that its band may be taken for it."""
    found: dict[str, list[Any]] = {}
    for name, row in of.rows.items():
        least, most, readers = found.get(row["protein"], (row["mass_low"], row["mass_high"], []))
        found[row["protein"]] = [min(least, row["mass_low"]), max(most, row["mass_high"]), [*readers, name]]
    found = dict(sorted(found.items(), key=lambda each: each[1][0]))
    bands = {name: _span(_number(least, "kDa"), _number(most, "kDa")) for name, (least, most, _) in found.items()}
    rows = []
    for protein, (low, high, readers) in found.items():
        near = [one for one, (least, most, _) in found.items() if one != protein and low * 10 <= most * 11 and least * 10 <= high * 11]
        over = [name for name, each in hiding.items() if each["from"] <= high and low <= each["to"]]
        texts = [f"{_link(f'band {one}', one)} ({bands[one]})" for one in near] + [f"{_link(name)} (hides this)" for name in over]
        cells = [prose(protein), bands[protein], _linked(readers, of.rows), ", ".join(texts) or "none of these", KNOWN["computed"][0]]
        rows.append((f"band-{anchor(protein)}", cells))
    return Sheet("Bands that run together", _TOGETHER, ["protein", "band", "read by", "runs together with", "evidence"], rows, {})


def _apart(of: Table) -> Sheet:
    rows = []
    for pair in of.tree["incompatible"]:
        classes = pair.items_of("between")
        have = [_linked([name for name, row in of.rows.items() if each in row.get("classes", ())], of.rows) for each in classes]
        rows.append((anchor(" and ".join(classes)), [*classes, prose(pair.text("why")), *have, _known(of.tree.map("defaults"))]))
    return Sheet("What must not meet", _APART, ["class", "and class", "why", "of the first", "of the second", "evidence"], rows, {})


def _solutions(text: str, file: str, hazards: str) -> Iterator[Sheet]:
    """Return what is made and what is bought, of the recipes in *text*; *hazards* is the page of hazards, if there is one."""
    tree, rows, made, bought = read(text, file), recipes(text, file), [], []
    names = {one: rows.map(one).text("name", one) for one in rows}
    for called in rows:
        row, make, contains = rows.map(called), rows.map(called).map("make"), rows.map(called).map("contains")
        holds = "; ".join(f"{prose(part)} {concentration(contains.text(part))}" for part in contains)
        dangers = ", ".join(_link(name, page=hazards) if hazards else prose(name) for name in row.items_of("hazards"))
        name, end = prose(names[called]), [prose(row.text("storage")), dangers, prose(row.text("note")), _known(row) + _works(row)]
        if make:
            sources = [_link(part, names[part]) for part in make.items_of("from")]
            for key, words in (("rest", "the rest"), ("to_volume_with", "to volume with")):
                sources += [f"{words} {_link(make.text(key), names[make.text(key)])}"] if key in make else []
            least = row.map("overage").text("least")
            batch = str(quantity(least, "volume")) if least else ""
            made.append((anchor(called), [name, holds, "; ".join(sources), prose(make.text("note")), batch, *end]))
        else:
            mass = str(quantity(row.text("mw"), "molar mass")) if "mw" in row else ""
            bought.append((anchor(called), [name, "solid" if "solid" in row else holds, mass, *end]))
    last = ["keeps", "hazards", "note", "evidence"]
    head = ["solution", "holds", "made from", "how", "least made at once", *last]
    yield Sheet(tree.text("title"), prose(tree.text("about")), head, made, {})
    yield Sheet("What is bought", _BOUGHT, ["what", "as", "molar mass", *last], bought, {})


def _page(sheets: list[Sheet]) -> str:
    """Return the page of the first of the tables, with the others below it; raise ProtocolError if two rows have one address."""
    called: dict[str, str] = {}
    for address, name in ((address, name) for one in sheets for address, (name, *_) in [*one.rows, (anchor(one.title), [one.title])]):
        if address in called:
            raise ProtocolError(f"{called[address]!r} and {name!r} would both be found at #{address}", "name one of them otherwise")
        called[address] = name
    parts = [f"---\ntitle: {quoted(sheets[0].title)}\n---"]
    for sheet in sheets:
        parts += [f"## {sheet.title}"] if sheet is not sheets[0] else []
        parts += [sheet.about, _printed(sheet)]
        parts += ["\n".join(f"- **{label}**: {text}" for label, text in sheet.helps.items())] if sheet.helps else []
    said = {cells[-1] for sheet in sheets for _, cells in sheet.rows}
    kinds = [kind for kind in KNOWN.values() if any(kind[0] in cell for cell in said) or kind[0].split()[0] in sheets[0].about]
    parts += ["## How the figures are known", "\n".join(f"- **{words}**: {meaning}" for words, meaning in kinds)]
    return "\n\n".join(parts) + "\n"


def _printed(sheet: Sheet) -> str:
    lines = [" | ".join(sheet.head), " | ".join("---" for _ in sheet.head)]
    for called, (name, *cells) in sheet.rows:
        lines.append(" | ".join([f'<span id="{called}"></span>{name}', *(cell or NONE for cell in cells)]))
    region = f'<div class="table-wide table-figures" tabindex="0" role="region" aria-label="{escape(sheet.title)}" markdown="1">'
    return "\n\n".join([region, "\n".join(f"| {line} |" for line in lines), "</div>"])


def _index(pages: Mapping[str, list[Sheet]]) -> str:
    lines = ["---\ntitle: Reference tables\n---\n", "Figures of the protocols, with units and how each is known; in brackets the number of rows.\n"]
    for name, (first, *others) in pages.items():
        sentence = re.split(r"(?<=\.)\s", first.about)[0]
        lines.append(f"- [{first.title}]({name}.md) ({len(first.rows)}): {sentence[:1].lower()}{sentence[1:]}")
        lines += [f"    - [{one.title}]({name}.md#{anchor(one.title)}) ({len(one.rows)})" for one in others]
    return "\n".join(lines) + "\n"
