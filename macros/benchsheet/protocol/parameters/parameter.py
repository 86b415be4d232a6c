"""What a run may set, as a noun: its form, its limits, its words, and where they come from. Refuses nothing by itself."""

from __future__ import annotations

from ..._dataclass import dataclass
from ...units import CONCENTRATIONS, Quantity, read

TRUE, FALSE = ("yes", "true", "on"), ("no", "false", "off")


@dataclass(frozen=True)
class Parameter:
    """One thing that a run may set.

    *form* is count, quantity, number, choices, text, flag, pairs or names; *unit* is what a count or names count, *kind* a quantity's
    kind and *per* its count. *several* says how many make a list (0: it is no list) and *like* names the parameter
    whose number of items it follows; with *told* each of them is named (``FAK: rabbit``) or left open, and what is left open is looked up
    in *otherwise*, a column of a table. *default* and *default_from* are as written; it *follows* where a protocol that is used
    works its default out.
    """

    name: str
    form: str
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
    other: Parameter | None = None
    several: tuple[int, int] = (0, 0)
    like: str = ""
    measured: bool = False
    optional: bool = False
    evidence: str = ""
    cite: tuple[str, ...] = ()
    note: str = ""
    when: str = ""
    told: bool = False
    otherwise: str = ""
    follows: bool = False

    @property
    def option(self) -> str:
        """Return the parameter as a command-line option."""
        return "--" + self.name.replace("_", "-")

    def limits(self) -> list[tuple[Quantity | None, Quantity | None]]:
        """Return the limits of a quantity, one pair for each kind that it may be of: ``max: 1 M or 500 mg/mL``."""
        kinds = CONCENTRATIONS if self.kind == "concentration" else (self.kind,)
        lows, highs = ([read(part.strip(), *kinds) for part in text.split(" or ")] if text else [] for text in (self.low, self.high))
        found = []
        for kind in dict.fromkeys(limit.kind for limit in (*lows, *highs)):
            low = next((limit for limit in lows if limit.kind == kind), None)
            found.append((low, next((limit for limit in highs if limit.kind == kind), None)))
        return found

    @property
    def is_list(self) -> bool:
        """Return whether it takes several values."""
        return bool(self.several[1] or self.like or self.form == "names")
