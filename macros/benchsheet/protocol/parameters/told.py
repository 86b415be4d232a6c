"""Values that are told by name: ``FAK: rabbit; GAPDH: mouse IgG1`` for items of a list, and such a text where there is one value for all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...errors import Collector, ProtocolError, suggest
from ...spelling import fold_name, fold_own_name
from ..tables import RowNames
from .lists import split_names
from .parameter import Parameter


def is_told_by_name(parameter: Parameter, text: str, owners: tuple[Any, ...], names: tuple[str, ...] = ()) -> bool:
    """Return whether *text* gives the values of a list that follows *owners* by name: ``a: VS-4718; b: lapatinib``."""
    heads = [part.partition(":")[0].strip() for part in text.split(";") if ":" in part]
    return parameter.form.is_told_by_name(heads, lambda head: find_owner(head, owners, names))


def reject_values_for_each(parameter: Parameter, text: str, lists: Iterable[tuple[Parameter, tuple[Any, ...]]]) -> None:
    """Raise ProtocolError if *text* gives each item of one of *lists* a value of its own, where *parameter* has one for the whole run."""
    if not parameter.form.is_one_for_all or parameter.told_of:
        return
    pairs = [[piece.strip() for piece in part.rpartition(":")] for part in split_names(text, ";")]
    for owner, items in lists:
        found = [find_owner(who, items) for who, _, _ in pairs]
        takes_many = parameter.is_list or parameter.form.takes_semicolons
        is_listed = not takes_many and 1 < len(pairs) == len(items) and not any(who for who, _, _ in pairs)
        if is_listed or None not in found:
            whose, what = items[0 if is_listed else found[0] or 0], pairs[0][2]
            why = f": {parameter.note}" if parameter.note else ""
            raise ProtocolError(
                f"{text!r} has a value for each of the {owner.label}, and {parameter.label} is one for all of them{why}",
                f"one value, or a run of its own for each: {owner.option} '{whose}' {parameter.option} '{what}'",
            )


def parse_per_item(
    parameter: Parameter, text: str, choices: tuple[str, ...], owners: tuple[Any, ...], names: tuple[str, ...] = ()
) -> tuple[Any, ...]:
    """Return the value that *text* (``FAK: rabbit; GAPDH: mouse IgG1``) gives to each of *owners*, None for one that it does not name.

    *names* are the rows of the table in which the owners may be. Raise ProtocolError for a name that is not among the owners, or that is
    there twice.
    """
    values: list[Any] = [None] * len(owners)
    mistakes = Collector()
    for part in split_names(text, ";"):
        with mistakes.at(parameter.option):
            pairs = [(part[:at].strip(), part[at + 1 :].strip()) for at, sign in enumerate(part) if sign == ":"]
            known = [(find_owner(who, owners, names), who, what) for who, what in pairs]
            index, who, what = next((pair for pair in known if pair[0] is not None), known[0] if known else (None, part, ""))
            if not what:
                raise ProtocolError(f"{part!r} does not say whose {parameter.label} it is", f"write '{owners[0]}: ...', separated by ';'")
            if index is None:
                hint = suggest(who, [str(one) for one in owners])
                raise ProtocolError(f"{who!r} is not among the {parameter.follows_list}", hint)
            if values[index] is not None:
                raise ProtocolError(f"{who!r} is told twice", "once is enough")
            values[index] = parameter.form.parse(parameter, what, choices)
    mistakes.raise_all()
    return tuple(values)


def find_owner(who: str, owners: tuple[Any, ...], names: tuple[str, ...] = ()) -> int | None:
    """Return the position of the owner called *who*, as it is written, folded, or by any name of its row; None if that is none or several."""
    for fold in (fold_own_name, fold_name, *((names.find,) if isinstance(names, RowNames) else ())):
        found = [index for index, owner in enumerate(owners) if fold(str(owner)) == fold(who)] if fold(who) else []
        if found:
            return found[0] if len(found) == 1 else None
    return None
