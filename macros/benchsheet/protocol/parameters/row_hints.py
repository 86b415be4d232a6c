"""Parameters that add rows to a table: what they hand on, and the way out that they are for a row that the table does not have."""

from __future__ import annotations

from collections.abc import Mapping

from ..._dataclass import replace
from ...errors import Collector, check_known
from ..tables import DataTable
from .parameter import Parameter


def tell_own_rows(parameters: Mapping[str, Parameter], tables: Mapping[str, DataTable], mistakes: Collector, file: str) -> dict[str, Parameter]:
    """Return *parameters*, where those that choose from a table to which another adds rows say so; keep each mistake of one that adds."""
    result = dict(parameters)
    for adder in (parameter for parameter in parameters.values() if parameter.adds):
        with mistakes.at(file, adder.line):
            check_known(adder.adds, tables, f"no table {adder.adds!r}", "tables")
            form = tables[adder.adds].row_form
            words, hands = [cell.word for cell in form.cells if cell.rows], dict(adder.hands)
            for word in dict.fromkeys((*words, *hands)):
                check_known(word, words, f"{word!r} is not a word of a row in {adder.adds!r} that a parameter takes")
                check_known(hands.get(word, ""), parameters, f"{adder.name!r} hands {word!r} to no parameter")
            for parameter in parameters.values():
                if parameter.choices_from == adder.adds and not parameter.other:
                    result[parameter.name] = replace(parameter, other=f"{adder.option} 'NAME: {form.example}'")
    return result
