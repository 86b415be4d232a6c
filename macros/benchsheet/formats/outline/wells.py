"""The words of a plate map: its title, its legend, and what a well holds."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...record.material_types import Group, Plate, PlateGroup
    from ...record.types import Record


@functools.lru_cache(maxsize=16)
def name_wells(rows: int, columns: int) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the letter of each row of a plate, with the names of its wells."""
    letters = map(chr, range(ord("A"), ord("A") + rows))
    return tuple((letter, tuple(f"{letter}{column}" for column in range(1, columns + 1))) for letter in letters)


_FEW_NAMES = 7  # fewer plates of one layout than this are named one by one


def has_lanes(plate: Plate) -> bool:
    """Return whether this is a gel, whose places stand in one line; a dish has one place."""
    return bool(plate["rows"] == 1 and plate["columns"] > 1)


def map_title(plate: Plate, record: Record, *, stands_alone: bool = False) -> str:
    """Return the title of a map: labware, names of the plates, and the compound if the run has several compounds or the map *stands_alone*."""
    compounds = {group["compound"] for each in record["plates"] for group in each["groups"].values()} - {None}
    names, compound = plate["names"], next((group["compound"] for group in plate["groups"].values() if group["compound"]), None)
    name_list = ", ".join(names) if len(names) < _FEW_NAMES else f"{names[0]}, {names[1]}, ... {names[-1]}"
    return f"{plate['labware']}: {name_list}" + (f" ({compound})" if compound and (stands_alone or len(compounds) > 1) else "")


def map_wells(plate: Plate) -> dict[str, PlateGroup]:
    """Return the group of each well in use; wells of one group have one object."""
    return {well: plate["groups"][group] for well, group in plate["wells"].items()}


def plate_legend(wells: Iterable[PlateGroup]) -> str:
    """Return the meaning of each mark of a map, once; a mark with two meanings has both."""
    groups = {id(well): well for well in wells}.values()
    return "; ".join(f"{mark} {words}" for mark, words in dict.fromkeys((group["mark"], well_text(group)) for group in groups)) + "."


def well_text(well: PlateGroup) -> str:
    """Return the role and the dose of a well, as in a legend."""
    return f"{well['role']} {dose_text(well)}".strip()


def dose_text(well: PlateGroup | Group) -> str:
    """Return the doses of a well or a tube as they are printed; "" if nothing is dosed."""
    return ", ".join(dose["target"]["text"] for dose in well["doses"])
