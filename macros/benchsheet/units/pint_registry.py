"""What pint says of a unit: its kind and its size. Asked when the table is made, and for a unit the table lacks."""

from __future__ import annotations

import functools
from fractions import Fraction
from importlib import resources
from typing import Any

from ..patterns import compile_when_used
from .kinds import INPUT_ONLY_UNITS, KINDS, PINT_NAMES

_UNIT_WORD = compile_when_used(r"[A-Za-z]{1,12}(/[A-Za-z]{1,12})?")


@functools.cache
def load_registry() -> Any:
    """Return a pint registry that holds this project's definitions only, with exact numbers."""
    import pint

    registry: Any = pint.UnitRegistry(None, non_int_type=Fraction)
    lines = resources.files(__package__).joinpath("definitions.txt").read_text("utf-8").splitlines()
    registry.load_definitions([line for line in lines if line.strip() and not line.startswith("#")])
    return registry


@functools.cache
def _base_units() -> dict[frozenset[Any], tuple[str, Any]]:
    """Return, for each dimensionality that a kind has, that kind and its base unit."""
    pint = load_registry()
    bases = {}
    for kind in KINDS.values():
        unit = pint.parse_units(PINT_NAMES.get(kind.base, kind.base))
        bases[frozenset(unit.dimensionality.items())] = kind.name, unit
    return bases


def look_up_unit(unit: str) -> tuple[str, Fraction] | None:
    """Return the kind of *unit* and how many of the kind's base unit it is; None if pint or the bench has no such thing."""
    import pint as library

    if unit not in PINT_NAMES and not _UNIT_WORD.fullmatch(unit):  # pint would evaluate it
        return None
    pint = load_registry()
    try:
        parsed = pint.parse_units(PINT_NAMES.get(unit, {"x": "X", "d": "day", "days": "day"}.get(unit, unit)))
        kind, base = _base_units()[frozenset(parsed.dimensionality.items())]
    except (library.PintError, KeyError):
        return None
    return kind, Fraction(pint.Quantity(Fraction(1), parsed).to(base).magnitude)


def table_units() -> tuple[str, ...]:
    """Return every unit that the table holds."""
    display_units = [unit for kind in KINDS.values() for unit in (kind.base, *kind.units)]
    return tuple(dict.fromkeys((*display_units, *INPUT_ONLY_UNITS)))


def table_source() -> str:
    """Return the text of ``table.py``, made by pint; a test holds the file against it."""
    lines = []
    for unit in table_units():
        answer = look_up_unit(unit)
        if answer is None:
            raise LookupError(f"pint does not know {unit!r}")
        kind, size = answer
        lines.append(f"    {unit!r}: ({kind!r}, {size.numerator}, {size.denominator}),".replace("'", '"'))
    body = "\n".join(lines)
    return f'''"""How large each unit is in the base of its kind, as pint gave it: ``python -m benchsheet.units.pint_registry``."""

# unit: (kind, numerator, denominator)
UNIT_TABLE: dict[str, tuple[str, int, int]] = {{
{body}
}}
'''


if __name__ == "__main__":
    import pathlib

    pathlib.Path(__file__).with_name("table.py").write_text(table_source(), "utf-8", newline="\n")
