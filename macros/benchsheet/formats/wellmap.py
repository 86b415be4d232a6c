"""The plates as a file that wellmap reads: what is in each well, for the analysis of the readings; refuses a run without plates."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ..errors import ProtocolError
from ..record import Record
from .worklist import plates_by_name


def format_wellmap(record: Record) -> str:
    """Return the layout of every plate as TOML: each table is the wells of a group on one plate.

    A dose stands there as it is printed, and as value and unit; units differ from dose to dose. Every group has every key, nan or empty
    where there is nothing to say, since wellmap takes its columns from the last plate alone.
    """
    plates = plates_by_name(record)
    if not plates:
        raise ProtocolError("there is no plate in this run", "a layout is for runs that have plates")
    head = [f"# {record['protocol']['title']}, version {record['protocol']['version']}, digest {record['digest']}", f"# {record['command']}"]
    lines = ["".join(char if char.isprintable() else " " for char in line) for line in head]
    for name, plate in plates:
        lines += _plate_tables(name, plate)
    return "\n".join(lines) + "\n"


def _plate_tables(name: str, plate: Record) -> Iterator[str]:
    groups: dict[tuple[str, str], list[str]] = {}
    spots: dict[tuple[str, str], Record] = {}
    for well, spot in plate["wells"].items():
        key = spot["group"], spot["compound"] or ""
        groups.setdefault(key, []).append(well)
        spots[key] = spot
    for key, wells in groups.items():
        spot = spots[key]
        dose = spot["dose"] or {"value": None, "unit": "", "text": ""}
        yield ""
        yield f"[plate.{_toml_string(name)}.well.{_toml_string(','.join(wells))}]"
        yield f"labware = {_toml_string(plate['labware'])}"
        yield f"group = {_toml_string(spot['group'])}"
        yield f"mark = {_toml_string(spot['mark'])}"
        yield f"role = {_toml_string(spot['role'])}"
        yield f"compound = {_toml_string(spot['compound'] or '')}"
        yield f"dose = {_toml_string(dose['text'])}"
        yield f"dose_value = {'nan' if dose['value'] is None else dose['value']}"
        yield f"dose_unit = {_toml_string(dose['unit'])}"


def _toml_string(words: str) -> str:
    """Return a TOML string: as JSON writes one, and the one sign that JSON leaves as it is."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")
