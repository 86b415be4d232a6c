"""Stocks of this lab: antibodies in its freezer, and what stands ready on its shelf.

Antibodies have no default: clones differ. Each has what it binds, the animal it is from and its dilution.
"""

from __future__ import annotations

from collections.abc import Mapping

from .._dataclass import dataclass
from ..errors import suggest
from ..units import CONCENTRATIONS, Quantity
from .reader import EntryForm, ProfileEntry, ProfileReader, parse_positive

# The subclasses that are sold (general laboratory knowledge); a secondary or a bead tells those of mouse and rat apart.
HOST_SUBCLASSES: dict[str, tuple[str, ...]] = {
    "rabbit": ("IgG",),
    "mouse": ("IgG1", "IgG2a", "IgG2b", "IgG2c", "IgG3", "IgM", "mixed"),
    "rat": ("IgG1", "IgG2a", "IgG2b", "IgG2c", "IgM", "mixed"),
    "goat": ("IgG",),
    "sheep": ("IgG",),
    "chicken": ("IgY",),
    "donkey": ("IgG",),
    "human": ("IgG", "IgG1", "IgG2", "IgG3", "IgG4", "IgM"),
}
_FORM = EntryForm(
    noun="an antibody", keys=("target", "host", "subclass", "clone", "dilution", "label"), required_keys=("target", "host"),
    example="{target: GAPDH, host: rabbit, dilution: 5000 fold}",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Antibody:
    """One antibody; *subclass* is empty where the host has only one that matters, *label* where it carries none, as typed else."""

    target: str
    host: str
    subclass: str = ""
    clone: str = ""
    dilution: Quantity | None = None
    label: str = ""


def load_antibodies(reader: ProfileReader) -> tuple[Antibody, ...]:
    """Return the lab's antibodies in the order of the profile; raise nothing, every mistake is kept."""
    lines: dict[Antibody, int] = {}

    def load_antibody(entry: ProfileEntry) -> Antibody:
        item = _parse_entry(entry)
        entry.raise_all()
        if item in lines:
            entry.add_error("target", f"{item.target!r} is written twice", f"the same stands in line {lines[item]}")
        lines[item] = entry.tree.line
        return item

    return reader.load_list("antibodies", _FORM, load_antibody)


def _parse_entry(entry: ProfileEntry) -> Antibody:
    host = entry.choice("host", HOST_SUBCLASSES)
    subclass = entry.text("subclass")
    subclasses = HOST_SUBCLASSES.get(host, ())
    if len(subclasses) > 1 and host != "human" and "subclass" not in entry:
        entry.add_error(
            "host", f"{host} {entry.text('target')!r} has no subclass", f"add subclass: one of {', '.join(subclasses)} ('mixed' if polyclonal)"
        )
    if subclass and subclasses and subclass not in subclasses:
        entry.add_error("subclass", f"{host} has no subclass {subclass!r}", suggest(subclass, subclasses))
    dilution = entry.quantity("dilution", "dilution factor")
    if dilution and dilution.value < 1:
        entry.add_error("dilution", f"dilution {entry.text('dilution')!r} makes it stronger", "total / stock: 1 uL in 1 mL is '1000 fold'")
    return Antibody(
        target=entry.text("target"), host=host, subclass=subclass, clone=entry.text("clone"), dilution=dilution, label=entry.text("label")
    )


def load_stocks(reader: ProfileReader) -> dict[str, Quantity]:
    """Return the concentration of each stock by its name; raise nothing, every mistake is kept."""
    return reader.load_values("stocks", lambda tree, name: parse_positive(tree.text(name), name, *CONCENTRATIONS))


def shelf_names(stocks: Mapping[str, Quantity]) -> frozenset[str]:
    """Return what recipes call these stocks: ``5 M NaCl`` for NaCl at 5 M, ``10x TBS`` for TBS at 10 X, ``10 % SDS`` for SDS at 10 % w/v."""
    names = set()
    for name, strength in stocks.items():
        text = str(strength)
        names |= {f"{text} {name}", f"{text.removesuffix(' X')}x {name}", f"{text.partition(' %')[0]} % {name}"}
    return frozenset(names)
