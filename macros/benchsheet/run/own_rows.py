"""Rows of one's own, for one run: what ``--other-targets 'p38: 38 kDa, rabbit'`` adds to a shared table, and hands to other parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from .._dataclass import replace
from ..errors import Collector, ProtocolError
from ..patterns import compile_when_used
from ..protocol.parameters.labels import Label, parse_label
from ..protocol.parameters.parameter import Parameter
from ..protocol.reader import Protocol
from ..protocol.row_form import NAME_WORD, CellForm
from ..protocol.tables import DataTable, read_cell
from ..spelling import fold_name
from ..units import as_quantity

_RANGE = compile_when_used(r"\s*(?:-|–|\bto\b)\s*")
_PLACE_IN_NAME = compile_when_used(r"(?<![A-Za-z0-9])p?([A-Z][0-9]{2,})(?![A-Za-z0-9])")


def add_own_rows(protocol: Protocol, parameter: Parameter, arguments: Mapping[str, str]) -> tuple[Protocol, dict[str, str]]:
    """Return *protocol* with the rows that *arguments* tell of *parameter*, and the arguments with what is handed on to other parameters.

    Raise ProtocolError for a row that the table has, for one told badly, and for what is told otherwise elsewhere.
    """
    table, mistakes = protocol.tables[parameter.adds], Collector()
    told: dict[Label, dict[str, str]] = {}
    for part in [part.strip() for part in arguments[parameter.name].split(";") if part.strip()]:
        with mistakes.at(parameter.option):
            name, pieces = _split_row(part, table)
            _reject_known_name(name, table, told)
            told[name] = {}
            told[name] = _sort_pieces(name, pieces, protocol, table)
    with mistakes.at(parameter.option):
        if not told and not mistakes.errors:
            raise ProtocolError("it tells no row", _example(table))
    mistakes.raise_all()
    rows: dict[str, dict[str, Any]] = {}
    for row, texts in told.items():
        with mistakes.at(parameter.option):
            rows[row] = {**table.defaults}
            for cell in table.row_form.cells:
                rows[row] |= _read_cells(cell, texts.get(cell.word), row, table)
    mistakes.raise_all()
    _settle_words(rows, table)
    handed = dict(arguments)
    chosen = fold_name("; ".join(arguments.get(one.name, "") for one in protocol.parameters.values() if one.choices_from == parameter.adds))
    for word, target in parameter.hands:
        for row, texts in told.items():
            if word in texts and fold_name(row) in chosen:
                with mistakes.at(parameter.option):
                    handed[target] = _hand_on(handed.get(target, ""), row, texts[word], protocol.parameters[target].option)
    mistakes.raise_all()
    return replace(protocol, tables={**protocol.tables, table.name: replace(table, rows={**table.rows, **rows})}), handed


def reject_unused_rows(protocol: Protocol, values: Mapping[str, Any], mistakes: Collector) -> None:
    """Record a mistake for each row of one's own that no parameter names."""
    for adder in protocol.parameters.values():
        if not adder.adds or not values[adder.name]:
            continue
        choosers = [one for one in protocol.parameters.values() if one.choices_from == adder.adds]
        named = {str(word) for one in choosers for word in (values[one.name] if isinstance(values[one.name], tuple) else (values[one.name],))}
        for row in protocol.tables[adder.adds].rows:
            with mistakes.at(adder.option):
                if isinstance(row, Label) and row not in named:
                    options = " or ".join(one.option for one in choosers)
                    raise ProtocolError(f"{str(row)!r} is told, and nothing here names it", f"name it in {options}, or leave it out")


def _example(table: DataTable) -> str:
    return f"write 'NAME: {table.row_form.example}'"


def _split_row(text: str, table: DataTable) -> tuple[Label, list[str]]:
    """Return name and pieces of one row."""
    head, colon, rest = text.partition(":")
    pieces = [piece.strip() for piece in rest.split(",")]
    if not colon or not all(pieces):
        raise ProtocolError(f"{text!r} does not tell a row", _example(table))
    name = parse_label(head)
    if "," in name or not any(letter.isalpha() for letter in name):
        raise ProtocolError(f"{str(name)!r} is not a name for a row", f"a name with a letter and without commas; {_example(table)}")
    return name, pieces


def _reject_known_name(name: Label, table: DataTable, told: Mapping[Label, Any]) -> None:
    row = table.row_names.find(name)
    if row:
        called = "" if row == name else f", as {row!r}"
        raise ProtocolError(f"{str(name)!r} is in the table of {table.name}{called}", "leave it out, or give yours another name")
    if fold_name(name) in {fold_name(other) for other in told}:
        raise ProtocolError(f"{str(name)!r} is told twice", "once is enough")


def _sort_pieces(name: str, pieces: list[str], protocol: Protocol, table: DataTable) -> dict[str, str]:
    """Return *pieces* by the word of the cell that each is for."""
    texts: dict[str, str] = {}
    for piece in pieces:
        word, text = _find_cell(piece, protocol, table)
        if word in texts:
            raise ProtocolError(f"{str(name)!r} has two of {word!r}: {texts[word]!r} and {text!r}", _example(table))
        texts[word] = text
    for cell in table.row_form.cells:
        is_named = bool(cell.named) and re.fullmatch(cell.named, name) is not None
        if cell.word not in texts and (cell.is_needed or is_named):
            why = f"{str(name)!r} is called as what has a {cell.word}, and none is told" if is_named else f"{str(name)!r} has no {cell.word}"
            raise ProtocolError(why, _example(table) + (f" ({cell.word} ...), or another name" if is_named else ""))
        places = _PLACE_IN_NAME.findall(name) if cell.named and cell.word in texts else []
        if places and not any(place in re.findall(r"[A-Z][0-9]+", texts[cell.word]) for place in places):
            raise ProtocolError(f"{str(name)!r} has {places[0]} in its name, and {texts[cell.word]} is told", "tell the same in both")
    return texts


def _find_cell(piece: str, protocol: Protocol, table: DataTable) -> tuple[str, str]:
    """Return the word of the cell that *piece* is for, and what it says."""
    for cell in table.row_form.cells:
        match = re.fullmatch(rf"{cell.word}\s+(.+)|(.*[^a-zA-Z])\s*{cell.word}", piece, re.IGNORECASE)
        if match:
            return cell.word, _find_row(cell, (match[1] or match[2]).strip(), protocol)
    for cell in table.row_form.cells:
        names = protocol.tables[cell.rows].row_names if cell.rows else None
        if names and (row := names.find(piece)):
            return cell.word, row
    shape = _shape(piece)
    words = [
        cell.word
        for cell in table.row_form.cells
        if cell.named and any(_shape(str(row[cell.columns[0]])) == shape for row in table.rows.values() if cell.columns[0] in row)
    ]
    if len(words) == 1:
        return words[0], piece
    for cell in table.row_form.cells:
        if cell.rows and any(fold_name(row).startswith(fold_name(piece)) for row in protocol.tables[cell.rows].rows):
            _find_row(cell, piece, protocol)
    raise ProtocolError(
        f"{piece!r} is not understood",
        f"{_example(table)}; a word before it says what it is: {', '.join(cell.word for cell in table.row_form.cells)}",
    )


def _find_row(cell: CellForm, text: str, protocol: Protocol) -> str:
    """Return *text*, or the row of another table that it names."""
    if not cell.rows:
        return text
    names = protocol.tables[cell.rows].row_names
    if row := names.find(text):
        return row
    longer = [row for row in names if fold_name(row).startswith(fold_name(text))]
    hint = f"one of {', '.join(longer)}" if longer else names.suggest(text, "one of")
    raise ProtocolError(f"{text!r} is not a {cell.word} of the table of {cell.rows}", hint)


def _shape(text: str) -> str:
    """Return *text* with its kinds of letters for its letters, and one 9 for each number: A9/A9 for T180/Y182."""
    return re.sub(r"\d+", "9", re.sub(r"[a-z]", "a", re.sub(r"[A-Z]", "A", text)))


def _read_cells(cell: CellForm, text: str | None, name: Label, table: DataTable) -> dict[str, Any]:
    """Return what is in the columns of *cell* where *text* is told for it."""
    if cell.rows:
        return {}
    if text is None:
        usual = name if cell.usual == NAME_WORD else cell.usual
        return dict.fromkeys(cell.columns, usual) if usual else {}
    kind = table.columns[cell.columns[0]]
    cells: dict[str, Any] = {column: read_cell(value, table.columns[column]) for column, value in cell.along}
    if kind == "text":
        others = [str(row[cell.columns[0]]) for row in table.rows.values() if cell.columns[0] in row]
        if cell.named and others and all(re.search(r"\d", other) for other in others) and not re.search(r"\d", text):
            raise ProtocolError(f"{text!r} is not a {cell.word}: it has no number", f"like {others[0]}")
        return cells | dict.fromkeys(cell.columns, parse_label(text))
    parts = _RANGE.split(text) if kind == "number" and len(cell.columns) == 2 else [text]
    found = [read_cell(part, kind) if kind == "number" else as_quantity(part, kind) for part in parts]
    if len(found) > 2 or found[0] != min(found, key=_magnitude) or not _magnitude(found[0]):
        raise ProtocolError(f"{text!r} is not a {cell.word}", "a number above zero, or two that rise: 42 to 44")
    return cells | dict(zip(cell.columns, found * len(cell.columns) if len(found) == 1 else found, strict=len(found) > 1))


def _magnitude(value: Any) -> Fraction:
    return value if isinstance(value, Fraction) else Fraction(value.value)


def _settle_words(rows: dict[str, dict[str, Any]], table: DataTable) -> None:
    """Give each text of *rows* the spelling that the table, or another of the rows, has for it; a row's name stands for its cell."""
    everything = {**table.rows, **rows}
    for cell in (cell for cell in table.row_form.cells if cell.usual == NAME_WORD):
        column = cell.columns[0]
        spellings: dict[str, Any] = {}
        for name, row in everything.items():
            if column in row:
                spellings.setdefault(fold_name(str(row[column])), row[column])
                if name in table.rows:
                    spellings.setdefault(fold_name(name), row[column])
                    for synonym in row.get("synonyms", ()):
                        spellings.setdefault(fold_name(synonym), row[column])
        for row in rows.values():
            row[column] = spellings.get(fold_name(str(row[column])), row[column])


def _hand_on(text: str, name: str, what: str, option: str) -> str:
    """Return the *text* of a parameter told by name, with *what* for *name*; raise ProtocolError if it says another thing of it."""
    for part in text.split(";"):
        head, colon, rest = part.partition(":")
        if colon and fold_name(head) == fold_name(name):
            if fold_name(rest) != fold_name(what):
                raise ProtocolError(f"{name!r} is {what} here, and {rest.strip()} in {option}", "tell it once")
            return text
    return f"{text.rstrip('; ')}; {name}: {what}" if text.strip() else f"{name}: {what}"
