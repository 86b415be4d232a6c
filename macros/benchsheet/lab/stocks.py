"""Stocks of this lab: antibodies in its freezer, and what stands ready on its shelf.

Antibodies have no default: clones differ. Each has what it binds, the animal it is from and its dilution.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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
ANTIBODIES, STOCK_NOUN = "antibodies", "an antibody"  # the key of the profile, which is the name of the table of targets too; and one
_FORM = EntryForm(
    noun=STOCK_NOUN, keys=("target", "host", "subclass", "clone", "dilution", "label"), required_keys=("target", "host"),
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

    return reader.load_list(ANTIBODIES, _FORM, load_antibody)


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


def _seen_by(target: str) -> tuple[str, str]:
    """Return the animal and the class of antibodies that a secondary with this *target* sees, ``("mouse", "IgG1")``; empty words for a primary.

    ``anti-rabbit IgG (H+L)``, ``rabbit IgG`` and ``rabbit`` are written for one thing.
    """
    words = target.casefold().removeprefix("anti-").removeprefix("anti ").replace("(h+l)", "").split()
    if not words or words[0] not in HOST_SUBCLASSES or len(words) > 2:
        return "", ""
    classes = {name.casefold(): name for name in ("IgG", *HOST_SUBCLASSES[words[0]])}
    if len(words) == 2 and words[1] not in classes:
        return "", ""
    return words[0], classes[words[1]] if len(words) == 2 else ""


def sees_primaries(target: str) -> bool:
    """Return whether an antibody against *target* is a secondary: ``rabbit IgG``, ``anti-mouse IgG (H+L)``."""
    return bool(_seen_by(target)[0])


def carries_hrp(label: str) -> bool:
    """Return whether an antibody with this *label* makes ECL shine; one whose label is not told is taken to."""
    return not label or "hrp" in label.casefold() or "peroxidase" in label.casefold()


def find_secondaries(antibodies: Iterable[Antibody], animal: str, subclass: str = "") -> list[Antibody]:
    """Return the secondaries against a primary of *animal* and *subclass* (empty where it has none that matters).

    Those with HRP come before all others, and of these the ones made against the subclass before those against the animal's IgG, and these
    before those against the animal: whoever comes behind is left out. Anti-IgG does not see IgM.
    """
    ranked = []
    for stock in antibodies:
        seen_animal, seen_class = _seen_by(stock.target)
        sees_it = seen_class in ("", subclass) or seen_class == "IgG" and subclass != "IgM" or not subclass
        if seen_animal == animal and sees_it:
            rank = 0 if seen_class and seen_class == subclass else 1 if seen_class else 2
            ranked.append(((not carries_hrp(stock.label), rank), stock))
    best = min((rank for rank, _ in ranked), default=None)
    return [stock for rank, stock in ranked if rank == best]


def load_stocks(reader: ProfileReader) -> dict[str, Quantity]:
    """Return the concentration of each stock by its name; raise nothing, every mistake is kept."""
    return reader.load_values("stocks", lambda tree, name: parse_positive(tree.text(name), name, *CONCENTRATIONS))


def shelf_names(stocks: Mapping[str, Quantity]) -> frozenset[str]:
    """Return what recipes may call these stocks, as `stock_names` does for one."""
    return frozenset(name for stock, strength in stocks.items() for name in stock_names(stock, strength))


def stock_names(stock: str, strength: Quantity) -> tuple[str, ...]:
    """Return what a recipe may call *stock*: ``5 M NaCl`` for NaCl at 5 M, ``10x TBS`` for TBS at 10 X, ``10 % SDS`` for SDS at 10 % w/v.

    A name that has its strength in it already (``10x TBS: 10 X``), and one that is used as it is (``RIPA: 1 X``), is the recipe's own.
    """
    text = str(strength)
    forms = (f"{text} ", f"{text.removesuffix(' X')}x ", f"{text.partition(' %')[0]} % ")
    own = (stock,) if text == "1 X" or stock.startswith(forms) else ()
    return own + tuple(form + stock for form in forms)
