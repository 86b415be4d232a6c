"""An amount on its way into the prose: printed as it was set; one that never arrives there is a mistake."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence

from .._dataclass import dataclass, field
from ..markup import escape_markdown, write_table
from ..units import format_amount
from .events import Operation
from .ledger import WellGroup

MAX_INLINE_AMOUNTS = 3  # more different amounts than this are read better in a table


@dataclass(kw_only=True)
class VerbResult:
    """What a verb did, to be shown in the step's words: *liquid_name* names the liquid, *text* replaces the amounts altogether.

    A wash says how often: ``3 × **300 µL** wash buffer (86.4 mL in all)``; *note* stands in the brackets of an amount.
    """

    verb: str
    location: tuple[str, int]
    operations: list[Operation] = field(default_factory=list)
    groups: Mapping[str, WellGroup] = field(default_factory=dict)
    liquid_name: str = ""
    text: str = ""
    note: str = ""
    is_shown: bool = False

    def __str__(self) -> str:
        self.is_shown = True
        if self.text:
            return self.text
        volumes = dict.fromkeys(o.volume_each for o in self.operations)
        tail = f" {escape_markdown(self.liquid_name)}" if self.liquid_name else ""
        if self.verb == "wash":  # of one volume
            (wash,) = self.operations
            in_all = f"{format_volume(wash.total)} in all" if wash.total > wash.volume_each else ""
            brackets = "; ".join(filter(None, (in_all, self.note)))
            return f"{wash.times} × **{format_volume(wash.volume_each)}**{tail}" + (f" ({brackets})" if brackets else "")
        if len(volumes) <= 1:
            return "".join(f"**{format_volume(amount)}**" for amount in volumes) + tail + (f" ({self.note})" if self.note else "")
        names_by_volume = {
            amount: describe_groups([self.groups[g] for o in self.operations if o.volume_each == amount for g in o.to]) for amount in volumes
        }
        if len(volumes) > MAX_INLINE_AMOUNTS:
            rows = [(names, format_volume(amount)) for amount, names in names_by_volume.items()]
            return "\n\n" + markdown_table(("wells", self.liquid_name or "volume"), rows, "lr") + "\n"
        return ", ".join(f"**{format_volume(amount)}** ({escape_markdown(names)})" for amount, names in names_by_volume.items()) + tail


@functools.lru_cache(maxsize=4096)
def format_volume(amount: int) -> str:
    """Return a volume in nL as it is printed."""
    return format_amount(amount, "volume")


def describe_groups(groups: Iterable[WellGroup]) -> str:
    """Write groups as a reader names them: ``vehicle, dose 1–8``; with the compound where several share the run."""
    families: dict[tuple[str, str], list[int]] = {}
    for group in groups:
        families.setdefault((group.family or group.name, group.owner), []).append(group.number)
    texts = []
    for (family, owner), numbers in families.items():
        ranges = _format_ranges([number for number in numbers if number])
        texts.append(" ".join(filter(None, (family, ranges, f"of {owner}" if owner else ""))))
    return ", ".join(texts)


def describe_move(liquid: str, groups: list[WellGroup]) -> str:
    """Return which liquid goes to whom: ``of water to plate (a)``; what is not known, *liquid* or *groups*, is left out."""
    vessels = " and ".join(dict.fromkeys(group.id.partition("/")[0] for group in groups))
    return " ".join(filter(None, (f"of {liquid}" if liquid else "", f"to {vessels} ({describe_groups(groups)})" if groups else "")))


def _format_ranges(numbers: list[int]) -> str:
    ranges: list[list[int]] = []
    for number in sorted(set(numbers)):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ", ".join(f"{first}–{last}" if last > first else str(first) for first, last in ranges)


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]], align: str, strong: str = "") -> str:
    """Return a Markdown table of plain words; *align* has l or r for each column, *strong* is the first cell of a row that sums up."""
    cells = ([f"**{cell}**" if strong and cell == strong else escape_markdown(cell) for cell in row] for row in rows)
    return write_table([*map(escape_markdown, head)], cells, align)
