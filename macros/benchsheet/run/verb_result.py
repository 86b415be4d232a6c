"""An amount on its way into the prose: printed as it was set; one that never arrives there is a mistake."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

from .._dataclass import dataclass, field
from ..escaping import escaped
from ..units import show
from .events import Operation
from .ledger import Group

MANY = 3  # more different amounts than this are read better in a table


@dataclass(slots=True)
class Said:
    """What a verb did, to be shown in the step's words: *what* names the liquid, *text* replaces the amounts altogether."""

    verb: str
    file: str
    line: int
    operations: list[Operation] = field(default_factory=list)
    groups: dict[str, Group] = field(default_factory=dict)
    what: str = ""
    text: str = ""
    shown: bool = False

    def __str__(self) -> str:
        self.shown = True
        if self.text:
            return self.text
        each = dict.fromkeys(o.each for o in self.operations)
        tail = f" {escaped(self.what)}" if self.what else ""
        if len(each) <= 1:
            return "".join(f"**{volume(amount)}**" for amount in each) + tail
        whose = {amount: called([self.groups[g] for o in self.operations if o.each == amount for g in o.to]) for amount in each}
        if len(each) > MANY:
            rows = [(names, volume(amount)) for amount, names in whose.items()]
            return "\n\n" + table(("wells", self.what or "volume"), rows, "lr") + "\n"
        return ", ".join(f"**{volume(amount)}** ({escaped(names)})" for amount, names in whose.items()) + tail


@functools.lru_cache(maxsize=4096)
def volume(amount: int) -> str:
    """Return a volume in nL as it is printed."""
    return show(amount, "volume")


def called(groups: Iterable[Group]) -> str:
    """Write groups as a reader names them: ``vehicle, dose 1–8``; with the compound where several share the run."""
    families: dict[tuple[str, str], list[int]] = {}
    for group in groups:
        families.setdefault((group.family or group.name, group.of), []).append(group.number)
    words = []
    for (family, of), numbers in families.items():
        runs = _runs([number for number in numbers if number])
        words.append(" ".join(filter(None, (family, runs, f"of {of}" if of else ""))))
    return ", ".join(words)


def _runs(numbers: list[int]) -> str:
    found: list[list[int]] = []
    for number in sorted(set(numbers)):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ", ".join(f"{first}–{last}" if last > first else str(first) for first, last in found)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], align: str, strong: str = "") -> str:
    """Return a Markdown table; *align* has l or r for each column, *strong* is the first cell of a row that sums up."""
    marks = {"l": "---", "r": "--:"}
    lines = [f"| {' | '.join(head)} |", "|" + "|".join(marks[side] for side in align) + "|"]
    cells = [[f"**{cell}**" if strong and cell == strong else escaped(cell) for cell in row] for row in rows]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in cells])
