"""The lab as tables: what its plates, gels and dishes hold, for expressions to look up; refuses what the profile does not say."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from ..lab import Lab
from ..tree import Map, read
from ..units import Quantity
from .protocol import Protocol
from .tables import Table

_IN: dict[tuple[int, int], tuple[Protocol, Lab, Protocol]] = {}


def in_lab(made: Protocol, lab: Lab) -> Protocol:
    """Return the protocol with the lab's own tables beside the shared ones: ``table(labware, gel, places)``."""
    key = id(made), id(lab)
    held = _IN.get(key)
    if held is None or held[0] is not made or held[1] is not lab:
        if len(_IN) > 64:
            _IN.clear()
        held = _IN[key] = made, lab, replace(made, tables={**made.tables, **tables(lab)})
    return held[2]


def tables(lab: Lab) -> dict[str, Table]:
    """Return the tables of a lab by name: ``labware`` with places, rows, columns, place and brim."""
    rows: dict[str, dict[str, Any]] = {
        name: {
            "name": plate.name,
            "place": plate.place,
            "places": Fraction(plate.rows * plate.columns),
            "rows": Fraction(plate.rows),
            "columns": Fraction(plate.columns),
            "brim": Quantity(Fraction(plate.brim), "volume"),
        }
        for name, plate in lab.labware.items()
    }
    columns = {"name": "text", "place": "text", "places": "number", "rows": "number", "columns": "number", "brim": "volume"}
    return {"labware": Table("labware", lab.file or "the default lab", columns, rows, {}, _nothing())}


def _nothing() -> Map:
    return read("", "")
