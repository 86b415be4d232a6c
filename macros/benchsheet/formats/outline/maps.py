"""What a map of a plate or of a gel says in words: its title, and what a well or a lane holds; refuses nothing, computes nothing."""

from __future__ import annotations

from typing import Any

Record = dict[str, Any]
_FEW = 7  # plates of one layout, of which fewer are named one by one


def titled(plate: Record, record: Record) -> str:
    """Return the title of a map: the labware, the plates that it is of, and the compound where the run has several."""
    compounds = {well["compound"] for each in record["plates"] for well in each["wells"].values() if well["compound"]}
    names, whose = plate["names"], next((well["compound"] for well in plate["wells"].values()), None)
    listed = ", ".join(names) if len(names) < _FEW else f"{names[0]}, {names[1]}, ... {names[-1]}"
    return f"{plate['labware']}: {listed}" + (f" ({whose})" if whose and len(compounds) > 1 else "")


def held(well: Record) -> str:
    """Return all that a legend says of a well: its role and its dose."""
    return f"{well['role']} {well['dose']['text'] if well['dose'] else ''}".strip()
