"""What pint says of a unit: its kind and its size. Asked when the table is made, and for a unit the table lacks."""

from __future__ import annotations

import functools
import re
from fractions import Fraction
from importlib import resources
from typing import Any

from .kinds import KINDS, PINT_WORDS, TYPED_TOO

_PLAIN = re.compile(r"[A-Za-z]{1,12}(/[A-Za-z]{1,12})?")


@functools.cache
def registry() -> Any:
    """Return a pint registry that holds this project's definitions only, with exact numbers."""
    import pint

    made: Any = pint.UnitRegistry(None, non_int_type=Fraction)
    lines = resources.files(__package__).joinpath("definitions.txt").read_text("utf-8").splitlines()
    made.load_definitions([line for line in lines if line.strip() and not line.startswith("#")])
    return made


@functools.cache
def _bases() -> dict[frozenset[Any], tuple[str, Any]]:
    """Return, for each dimensionality that a kind has, that kind and its base unit."""
    pint = registry()
    found = {}
    for kind in KINDS.values():
        unit = pint.parse_units(PINT_WORDS.get(kind.base, kind.base))
        found[frozenset(unit.dimensionality.items())] = kind.name, unit
    return found


def ask(unit: str) -> tuple[str, Fraction] | None:
    """Return the kind of *unit* and how many of the kind's base unit it is; None if pint or the bench has no such thing."""
    import pint as library

    if unit not in PINT_WORDS and not _PLAIN.fullmatch(unit):  # pint would evaluate it
        return None
    pint = registry()
    try:
        parsed = pint.parse_units(PINT_WORDS.get(unit, {"x": "X", "d": "day", "days": "day"}.get(unit, unit)))
        kind, base = _bases()[frozenset(parsed.dimensionality.items())]
    except (library.PintError, KeyError):
        return None
    return kind, Fraction(pint.Quantity(Fraction(1), parsed).to(base).magnitude)


def units() -> tuple[str, ...]:
    """Return every unit that the table holds."""
    shown = [unit for kind in KINDS.values() for unit in (kind.base, *kind.units)]
    return tuple(dict.fromkeys((*shown, *TYPED_TOO)))


def table() -> str:
    """Return the text of ``table.py``, made by pint; a test holds the file against it."""
    lines = []
    for unit in units():
        answer = ask(unit)
        if answer is None:
            raise LookupError(f"pint does not know {unit!r}")
        kind, size = answer
        lines.append(f"    {unit!r}: ({kind!r}, {size.numerator}, {size.denominator}),".replace("'", '"'))
    body = "\n".join(lines)
    return f'''"""How large each unit is in the base of its kind, as pint gave it: ``python -m benchsheet.units.pint_registry``."""

# unit: (kind, numerator, denominator)
TABLE: dict[str, tuple[str, int, int]] = {{
{body}
}}
'''


if __name__ == "__main__":
    import pathlib

    pathlib.Path(__file__).with_name("table.py").write_text(table(), "utf-8", newline="\n")
