"""The lab as tables: what its plates, gels and dishes hold, for expressions to look up."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from .._dataclass import replace
from ..lab import Lab
from ..lab.gel_tanks import Tank
from ..lab.stocks import HOST_SUBCLASSES
from ..protocol.reader import Protocol
from ..protocol.tables import DataTable
from ..units import Quantity
from ..yamltree import parse_yaml_map

# Hosts of which a secondary tells the subclasses apart.
SUBCLASSES = {host: HOST_SUBCLASSES[host] for host in ("mouse", "rat")}


@functools.lru_cache(maxsize=64)
def with_lab_tables(protocol: Protocol, lab: Lab) -> Protocol:
    """Return the protocol with the lab's own tables beside the shared ones: ``table(labware, gel, places)``."""
    return replace(protocol, tables={**protocol.tables, **build_lab_tables(lab)})


def build_lab_tables(lab: Lab) -> dict[str, DataTable]:
    """Return the tables of a lab by name: ``labware``, ``tanks`` (what they take of a gel at a time), ``devices`` and their places.

    ``freezer`` has the antibodies by target; where two of one target differ in a column, it has neither value.
    """
    rows: dict[str, dict[str, Any]] = {
        name: {
            "name": plate.name,
            "place": plate.position,
            "places": Fraction(plate.rows * plate.columns),
            "rows": Fraction(plate.rows),
            "columns": Fraction(plate.columns),
            "brim": Quantity(value=Fraction(plate.capacity), kind="volume"),
        }
        for name, plate in lab.labware.items()
    }
    columns = {"name": "text", "place": "text", "places": "number", "rows": "number", "columns": "number", "brim": "volume"}
    tank_rows = {
        gel.id: {
            "format": gel.format,
            "places": _count_gels_at_once(lab.tanks, gel.format),
            "cassettes": _count_gels_at_once(lab.transfer_tanks, gel.format),
        }
        for gel in lab.gels.values()
    }
    devices = {name: {"name": device.name, "places": Fraction(device.places)} for name, device in lab.equipment.items()}
    freezer: dict[str, dict[str, Any]] = {}
    for stock in lab.antibodies:
        own: dict[str, Any] = {"host": f"{stock.host} {stock.subclass}" if stock.subclass in SUBCLASSES.get(stock.host, ()) else stock.host}
        own |= {"clone": stock.clone, "dilution": stock.dilution}
        row = freezer.setdefault(stock.target, own)
        freezer[stock.target] = {column: value for column, value in row.items() if own[column] == value and value}
    return {
        "labware": _build_table("labware", lab, columns, rows),
        "tanks": _build_table("tanks", lab, {"format": "text", "places": "number", "cassettes": "number"}, tank_rows),
        "devices": _build_table("devices", lab, {"name": "text", "places": "number"}, devices),
        "freezer": _build_table("freezer", lab, {"host": "text", "clone": "text", "dilution": "dilution factor"}, freezer),
    }


def _build_table(name: str, lab: Lab, columns: dict[str, str], rows: dict[str, dict[str, Any]]) -> DataTable:
    return DataTable(name=name, file=lab.file or "the default lab", columns=columns, rows=rows, lines={}, tree=parse_yaml_map("", ""))


def _count_gels_at_once(tanks: Iterable[Tank], gel_format: str) -> Fraction:
    """Return how many gels of a format all tanks take at a time."""
    return Fraction(sum(tank.gels * tank.count for tank in tanks if tank.format == gel_format))
