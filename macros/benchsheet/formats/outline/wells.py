"""The words of a plate map: its title, its legend, and what a well holds."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from operator import itemgetter

from ...record import Record


@functools.lru_cache(maxsize=16)
def name_wells(rows: int, columns: int) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the letter of each row of a plate, with the names of its wells."""
    letters = map(chr, range(ord("A"), ord("A") + rows))
    return tuple((letter, tuple(f"{letter}{column}" for column in range(1, columns + 1))) for letter in letters)


_FEW_NAMES = 7  # fewer plates of one layout than this are named one by one


def has_lanes(plate: Record) -> bool:
    """Return whether this is a gel, whose places stand in one line; a dish has one place."""
    return bool(plate["rows"] == 1 and plate["columns"] > 1)


def map_title(plate: Record, record: Record, *, stands_alone: bool = False) -> str:
    """Return the title of a map: labware, names of the plates, and the compound if the run has several compounds or the map *stands_alone*."""
    compounds = set().union(*[map(itemgetter("compound"), each["wells"].values()) for each in record["plates"]]) - {None, ""}
    names, compound = plate["names"], next(filter(None, map(itemgetter("compound"), plate["wells"].values())), None)
    name_list = ", ".join(names) if len(names) < _FEW_NAMES else f"{names[0]}, {names[1]}, ... {names[-1]}"
    return f"{plate['labware']}: {name_list}" + (f" ({compound})" if compound and (stands_alone or len(compounds) > 1) else "")


def plate_legend(wells: Iterable[Record]) -> str:
    """Return the meaning of each mark of a map, once; a mark with two meanings has both."""
    wells = list(wells)
    objects = dict(zip(map(id, wells), wells, strict=True)).values()  # wells of one group are one object, but for a Record that was read from a file
    return "; ".join(f"{mark} {words}" for mark, words in dict.fromkeys((well["mark"], well_text(well)) for well in objects)) + "."


def well_text(well: Record) -> str:
    """Return the role and the dose of a well, as in a legend."""
    return f"{well['role']} {well['dose']['text'] if well['dose'] else ''}".strip()
