"""What a map of a plate or of a gel says in words: its title, and what a well or a lane holds; refuses nothing, computes nothing."""

from __future__ import annotations

from typing import Any

Record = dict[str, Any]
_FEW_NAMES = 7  # plates of one layout, of which fewer are named one by one


def map_title(plate: Record, record: Record) -> str:
    """Return the title of a map: the labware, the plates that it is of, and the compound where the run has several."""
    compounds = {well["compound"] for each in record["plates"] for well in each["wells"].values() if well["compound"]}
    names, compound = plate["names"], next((well["compound"] for well in plate["wells"].values()), None)
    name_list = ", ".join(names) if len(names) < _FEW_NAMES else f"{names[0]}, {names[1]}, ... {names[-1]}"
    return f"{plate['labware']}: {name_list}" + (f" ({compound})" if compound and len(compounds) > 1 else "")


def well_text(well: Record) -> str:
    """Return all that a legend says of a well: its role and its dose."""
    return f"{well['role']} {well['dose']['text'] if well['dose'] else ''}".strip()
