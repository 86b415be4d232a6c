"""The dataclass of a parameter: its form, its default, its limits, and the words to choose from."""

from __future__ import annotations

from typing import Any

from ..._dataclass import dataclass
from ...errors import option_flag
from .form import Form


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One thing that a run may set.

    *form* is how its values are written, parsed and shown; *unit* is what a count or names count, *kind* a quantity's
    kind and *per* its count. *list_bounds* says how many make a list (0: it is not a list) and *follows_list* names the parameter
    whose number of items it follows; with *per_item* each of them is named (``FAK: rabbit``) or left open, and what is left open is looked up
    in *fallback_column*, a column of a table. One that *adds* rows to a table for one run hands what is told under a word of *hands* to the
    parameter beside it.
    Text that another protocol parses is of items with the names *told_of*, and of the words *told_as*.
    *default* and *default_from* are as written; it *default_from_child* where a protocol that is used
    works its default out. *other* says what to write for something that is not among its choices.
    """

    name: str
    form: Form
    line: int
    label: str
    help: str
    default: str | None = None
    default_from: str = ""
    unit: str = ""
    kind: str = ""
    per: str = ""
    low: str = ""
    high: str = ""
    choices: tuple[str, ...] = ()
    choices_from: str = ""
    alternative: Parameter | None = None
    list_bounds: tuple[int, int] = (0, 0)
    follows_list: str = ""
    is_measured: bool = False
    optional: bool = False
    evidence: str = ""
    cite: tuple[str, ...] = ()
    note: str = ""
    when: str = ""
    other: str = ""
    per_item: bool = False
    fallback_column: str = ""
    default_from_child: bool = False
    adds: str = ""
    hands: tuple[tuple[str, str], ...] = ()
    told_of: tuple[str, ...] = ()
    told_as: tuple[str, ...] = ()

    @property
    def option(self) -> str:
        """Return the parameter as a command-line option."""
        return option_flag(self.name)

    def parse(self, text: str, choices: tuple[str, ...]) -> Any:
        """Return the value of *text*, whose words to choose from are *choices*; raise ProtocolError if it has none."""
        return self.form.parse_value(self, text, choices)

    @property
    def is_list(self) -> bool:
        """Return whether it takes several values."""
        return bool(self.list_bounds[1] or self.follows_list or self.form.is_list_itself)
