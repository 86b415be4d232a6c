"""What the names of a run are in the tables: a compound that is called as a drug of the table is that drug, and no other one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import Collector, ProtocolError
from ..patterns import compile_when_used
from ..protocol.parameters.labels import NumberedLabel
from ..protocol.parameters.lists import split_names
from ..protocol.parameters.parameter import Parameter
from ..protocol.reader import Protocol
from ..protocol.tables import SYNONYMS, DataTable, RowNames
from ..spelling import find_nearest, find_word, fold_name
from .checks import CheckFinding

_WORD = compile_when_used(r"[^\W_](?:[^\W_]|[.'](?=[^\W_]))*")


def find_row(who: Any, choices: tuple[str, ...]) -> str | None:
    """Return the row that the item *who* of a list is called as, None if there is none or *choices* are not rows of a table."""
    return choices.find(who) if isinstance(choices, RowNames) and isinstance(who, str) and not isinstance(who, NumberedLabel) else None


def find_owner_rows(protocol: Protocol, parameter: Parameter) -> tuple[str, ...]:
    """Return the words from which the items of the list that *parameter* follows were chosen, or the rows of the table in which they are sought."""
    following = [each for each in protocol.parameters.values() if each.follows_list == parameter.follows_list and each.form.has_choices]
    lists = (protocol.parameters[parameter.follows_list], *(each for each in following if not each.per_item))
    rows = (each for each in map(protocol.choices, lists) if isinstance(each, RowNames) and not each.within)
    return next(rows, protocol.choices(lists[0]))


def take_rows(owners: tuple[Any, ...] | None, default: Any, choices: tuple[str, ...], protocol: Protocol) -> Any:
    """Return *default* for each of *owners*, and in its place the row that the owner is called as, or the form that its name has in it.

    The name may have a form of the *protocol* beside the row: lapatinib ditosylate is lapatinib, whatever form it is.
    """
    if not isinstance(choices, RowNames) or not owners or all(isinstance(who, NumberedLabel) for who in owners):
        return default
    if choices.within:
        rows = [_find_form(who, choices) for who in owners]
    else:
        rows = [find_row(who, choices) or _find_row_of_form(who, choices, protocol) for who in owners]
    if not any(rows):
        return default
    usual = default if isinstance(default, tuple) and len(default) == len(owners) else (default or (None,))[:1] * len(owners)
    return tuple(row or one for row, one in zip(rows, usual, strict=True))


def _find_form(who: Any, forms: RowNames) -> str | None:
    """Return the form that the name *who* has in it, one of *forms* or in the name's own words; None if there is none."""
    words = " ".join(_find_forms(who, forms)).split()
    return next((form for form in forms if sorted(form.split()) == sorted(words)), " ".join(words) or None)


def _find_forms(who: Any, forms: RowNames) -> tuple[str, ...]:
    """Return the *forms* that the name *who* has in it, also those that no row has."""
    others = {fold_name(word): word for word in forms.elsewhere}
    return tuple(filter(None, (row or others.get(fold_name(text)) for text, row in _part_name(who, forms))))


def _find_row_of_form(who: Any, choices: RowNames, protocol: Protocol) -> str | None:
    """Return the row that *who* is called as beside a form of the *protocol* and the words salt and form; None if its name says more, or no form."""
    if len(_WORD.findall(str(who))) < 2:
        return None
    for each in protocol.parameters.values():
        forms = protocol.choices(each) if each.choices_from else ()
        if isinstance(forms, RowNames) and forms.within and _find_forms(who, forms):
            words = [text for text, _ in _part_name(who, forms) if not _find_forms(text, forms) and text not in ("salt", "form")]
            return choices.find(" ".join(words))
    return None


def merge_rows(rows: Mapping[str, Mapping[str, Any]], names: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Return *rows*, each under what *names* call it; of two that are one row, what both say."""
    merged: dict[str, dict[str, Any]] = {}
    for name, cells in rows.items():
        row = merged.setdefault(find_row(name, names) or name, dict(cells))
        for column in [column for column, value in row.items() if cells.get(column) != value]:
            del row[column]
    return merged


def reject_other_rows(protocol: Protocol, values: Mapping[str, Any], mistakes: Collector) -> None:
    """Record a mistake for each item of a list that is called as one row of a table, alone or among other words, while its value is another row.

    Among other words it may be something new, ``lapatinib analogue``: then its value is the default.
    """
    for parameter in protocol.parameters.values():
        if not parameter.follows_list or parameter.per_item or not parameter.form.has_choices:
            continue
        choices = protocol.choices(parameter)
        if isinstance(choices, RowNames) and choices.within:
            _reject_other_forms(protocol, parameter, choices, values, mistakes)
            continue
        for who, row in zip(values[parameter.follows_list], values[parameter.name], strict=True):
            found = find_row(who, choices)
            among = () if found or row == parameter.default else _find_named_rows(who, choices, parameter.default)
            if (found and row != found) or (among and row not in among):
                with mistakes.at(parameter.option):
                    names = "names" if among else "is"
                    called = f"{str(who)!r} {names}" if str(who) == found else f"{str(who)!r} {names} {found or among[0]!r}"
                    way = f"leave {parameter.option} out, or give {protocol.parameters[parameter.follows_list].option} other names"
                    if among:
                        own = f"{parameter.option} {parameter.default}" if parameter.default in choices else f"another {parameter.option}"
                        way = f"{parameter.option} {among[0]!r}, or {own} if it is something else"
                    raise ProtocolError(f"{called} in the table of {parameter.choices_from}, and not {row!r}", way)


def _reject_other_forms(protocol: Protocol, parameter: Parameter, forms: RowNames, values: Mapping[str, Any], mistakes: Collector) -> None:
    """Record a mistake for each item whose name has a form in it, as ``lapatinib ditosylate`` has, while its value is another form."""
    for who, form in zip(values[parameter.follows_list], values[parameter.name], strict=True):
        named = _find_forms(who, forms)
        strange = [one for one in named if not set(one.split()) <= set(str(form).split())]
        if form and strange and form != _find_form(who, forms):
            with mistakes.at(parameter.option):
                way = f"{parameter.option} {strange[0]!r}" if strange[0] in forms else f"leave {parameter.option} out"
                other = protocol.parameters[parameter.follows_list].option
                raise ProtocolError(f"{str(who)!r} names the form {strange[0]!r}, and not {form!r}", f"{way}, or give {other} other names")


def describe_spellings(protocol: Protocol, given: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, list[CheckFinding]]:
    """Return a note for each row that was *given* by another of its names, by the parameter that was given."""
    notes: dict[str, list[CheckFinding]] = {}
    for parameter in protocol.parameters.values():
        choices = protocol.choices(parameter)
        if not isinstance(choices, RowNames):
            continue
        words: list[tuple[str, str]] = []
        if parameter.name in given:
            words = [(parameter.name, word) for word in _typed_words(parameter, given[parameter.name])]
        elif parameter.follows_list and not parameter.per_item:
            words = [(parameter.follows_list, str(who)) for who in values[parameter.follows_list] if not isinstance(who, NumberedLabel)]
        for name, word in words:
            row = choices.find(word) or (None if choices.within else _find_row_of_form(word, choices, protocol))
            if row and row.casefold() != word.casefold():
                notes.setdefault(name, []).append(CheckFinding(code="synonym", level="N", message=f"{word} is taken as {row} of the table"))
    return notes


def warn_of_near_rows(protocol: Protocol, given: Mapping[str, str], values: Mapping[str, Any]) -> tuple[CheckFinding, ...]:
    """Return a warning for each item that is called nearly as a row, or as more than a row alone, and has the defaults of another one."""
    findings: list[CheckFinding] = []
    for parameter in protocol.parameters.values():
        if not parameter.follows_list or parameter.per_item or not parameter.form.has_choices:
            continue
        choices, items = protocol.choices(parameter), values[parameter.follows_list]
        if not isinstance(choices, RowNames) or choices.within:
            continue
        findings += _warn_of_two_names(items, choices, parameter.choices_from)
        for who, taken in zip(items, values[parameter.name], strict=True):
            if isinstance(who, NumberedLabel) or choices.find(who) or (parameter.name in given and taken == parameter.default):
                continue  # so that --drug other is the way to say that it is something else
            among = _find_named_rows(who, choices, parameter.default)
            near = _find_near_row(str(who), choices) or next(iter(among), None)
            if near and taken not in (near, *among):
                told = f"{parameter.option} '{f'{who}: ' if len(items) > 1 else ''}{near}'"
                findings.append(
                    CheckFinding(code="near", level="W", message=f"{who} is not in the table and is taken as {taken}: if it is {near}, give {told}")
                )
    return tuple(findings)


def warn_of_other_figures(protocol: Protocol, given: Mapping[str, str], values: Mapping[str, Any]) -> tuple[CheckFinding, ...]:
    """Return a warning for each figure told of an item that names a row, and was said to be something else, if no form of that row has it.

    Figures of forms stand in the table from which a form is chosen, each in the column that is called as the parameter.
    """
    findings: list[CheckFinding] = []
    parameters = protocol.parameters.values()
    choosers = [(each, protocol.choices(each)) for each in parameters if each.choices_from and each.follows_list and not each.per_item]
    named = [(each, names) for each, names in choosers if isinstance(names, RowNames) and not names.within and each.name in given]
    tables = [each.choices_from.partition(".")[::2] for each, names in choosers if isinstance(names, RowNames) and names.within]
    for figure in [each for each in parameters if each.form.needs_unit and each.name in given] if named else ():
        for table, column in tables:
            if figure.follows_list and figure.name in protocol.tables[table].columns:
                for chooser, rows in named:
                    findings += _compare_figures(figure, chooser, rows, protocol.tables[table], column, values)
    return tuple(findings)


def _compare_figures(
    figure: Parameter, chooser: Parameter, names: RowNames, table: DataTable, column: str, values: Mapping[str, Any]
) -> Iterator[CheckFinding]:
    """Yield a warning for each item whose *figure* is that of no form, in the *column* of *table*, of the row that its name has in it."""
    for who, taken, value in zip(values[figure.follows_list], values[chooser.name], values[figure.name], strict=True):
        if taken != chooser.default or value is None or isinstance(who, NumberedLabel):
            continue
        row = next(iter(_find_named_rows(who, names, chooser.default)), None) or _find_near_row(str(who), names)
        rows = [each for each in table.rows.values() if row and figure.name in each]
        forms = [each for each in rows if any(isinstance(cell, str) and cell == row for cell in each.values())]
        if forms and not any(abs(value.value - each[figure.name].value) * 100 <= each[figure.name].value for each in forms):
            has = ", ".join(f"{each[figure.name]} ({each[column]})" for each in forms)
            way = f"if it is {row}, give {chooser.option} {row!r}"
            message = f"{who} is taken as {taken}, with a {figure.label} of {value}, and {row} has {has}: {way}"
            yield CheckFinding(code="near", level="W", message=message)


def _warn_of_two_names(items: tuple[Any, ...], names: RowNames, table: str) -> list[CheckFinding]:
    """Return a warning for each row that more than one of *items* is called as."""
    called: dict[str, list[str]] = {}
    for who in items:
        called.setdefault(find_row(who, names) or "", []).append(str(who))
    return [
        CheckFinding(
            code="one-row", level="W", message=f"{' and '.join(one)} are both {row} in the table of {table}: leave one out, unless they are two lots"
        )
        for row, one in called.items()
        if row and len(one) > 1
    ]


def _find_named_rows(who: Any, names: tuple[str, ...], usual: str | None) -> tuple[str, ...]:
    """Return the rows that *who* names among other words, without the *usual* one; none if *names* are not rows of a table."""
    return tuple(row for _, row in _part_name(who, names) if row and row != usual) if isinstance(names, RowNames) else ()


def _part_name(who: Any, names: RowNames) -> list[tuple[str, str | None]]:
    """Return the words of the name *who*, those together that name a row, each with its row or None.

    Of names that begin alike the longest counts: ``trastuzumab deruxtecan batch 2`` is not trastuzumab.
    """
    words = _WORD.findall(who) if isinstance(who, str) and not isinstance(who, NumberedLabel) else []
    parts: list[tuple[str, str | None]] = []
    start = 0
    while start < len(words):
        end = next((end for end in range(len(words), start, -1) if names.find(" ".join(words[start:end]))), start + 1)
        text = " ".join(words[start:end])
        parts.append((text, names.find(text)))
        start = end
    return parts


def _find_near_row(text: str, names: RowNames) -> str | None:
    """Return the row that *text*, or else one of its words, is but for one slip; None if there is none."""
    if text not in names.near:
        words = _WORD.findall(text)
        rows = (find_nearest(word, names.spellings, others_exist=True) for word in (text, *(words if len(words) > 1 else ())))
        names.near[text] = next(filter(None, rows), None)
    return names.near[text]


def _typed_words(parameter: Parameter, text: str) -> list[str]:
    """Return the words of *text*, without the names that say whose they are."""
    parts = split_names(text.strip()) if parameter.is_list and ":" not in text else [part.strip() for part in text.split(";")]
    return [part.rpartition(":")[2].strip() if parameter.follows_list else part for part in parts if part]


def read_ahead(protocol: Protocol, name: str, arguments: Mapping[str, str]) -> tuple[Any, ...]:
    """Return the items of a list that stands below; none where they are not known, or wrong, which is told at their place."""
    parameter = protocol.parameters[name]
    try:
        items = parameter.parse(arguments.get(name, parameter.default or "").strip(), protocol.choices(parameter))
    except ProtocolError:
        return ()
    return items if isinstance(items, tuple) else ()


def as_choice(protocol: Protocol, parameter: Parameter, text: str, choices: tuple[str, ...]) -> str:
    """Return *text*, or the one of the protocol's own words *choices* of which it is another name in a table: Herceptin for trastuzumab."""
    if not parameter.form.has_choices or parameter.choices_from or find_word(text, choices):
        return text
    rows = {table.row_names.find(text) for table in protocol.tables.values() if SYNONYMS in table.columns}
    return next((row for row in rows if row in choices), None) or text
