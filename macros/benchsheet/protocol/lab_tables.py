"""The lab as tables: what its plates, gels and dishes hold, for expressions to look up."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .._dataclass import replace
from ..lab import Lab
from ..lab.gel_tanks import Tank
from ..lab.stocks import HOST_SUBCLASSES, carries_hrp, find_secondaries
from ..units import Quantity
from ..yamltree import parse_yaml_map
from .tables import DataTable

if TYPE_CHECKING:  # which asks it for the choices of the lab
    from .reader import Protocol

_GEL_COLUMNS = {"format": "text", "thickness": "length", "chemistry": "text", "places": "number", "cassettes": "number"}
_BOTTLE_COLUMNS = {"host": "text", "dilution": "dilution factor", "label": "text"}
LAB_TABLES = ("labware", "tanks", "devices", "freezer", "secondaries")
# Hosts of which a secondary tells the subclasses apart.
SUBCLASSES = {host: HOST_SUBCLASSES[host] for host in ("mouse", "rat")}


@functools.lru_cache(maxsize=64)
def with_lab_tables(protocol: Protocol, lab: Lab) -> Protocol:
    """Return the protocol with the lab's own tables beside the shared ones: ``table(labware, gel, places)``."""
    return replace(protocol, tables={**protocol.tables, **build_lab_tables(lab)})


@functools.lru_cache(maxsize=64)
def build_lab_tables(lab: Lab) -> dict[str, DataTable]:
    """Return the tables of a lab by name: ``labware``, ``tanks`` (a row a gel: itself, and what its tanks take at a time), ``devices``.

    ``freezer`` has the antibodies by target, ``secondaries`` what sees a primary of each host; where two differ in a column, there is neither
    value.
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
            "thickness": gel.thickness,
            "chemistry": gel.chemistry,
            "places": _count_gels_at_once(lab.tanks, gel.format),
            "cassettes": _count_gels_at_once(lab.transfer_tanks, gel.format),
        }
        for gel in lab.gels.values()
    }
    devices = {name: {"name": device.name, "places": Fraction(device.places), "takes": device.takes} for name, device in lab.equipment.items()}
    freezer: dict[str, dict[str, Any]] = {}
    for stock in lab.antibodies:
        own: dict[str, Any] = {"host": f"{stock.host} {stock.subclass}" if stock.subclass in SUBCLASSES.get(stock.host, ()) else stock.host}
        own |= {"clone": stock.clone, "dilution": stock.dilution, "label": _read_label(stock.label)}
        row = freezer.setdefault(stock.target, own)
        freezer[stock.target] = {column: value for column, value in row.items() if own[column] == value and value}
    return {
        "labware": _build_table("labware", lab, columns, rows),
        "tanks": _build_table("tanks", lab, _GEL_COLUMNS, tank_rows),
        "devices": _build_table("devices", lab, {"name": "text", "places": "number", "takes": "volume"}, devices),
        "freezer": _build_table("freezer", lab, {**_BOTTLE_COLUMNS, "clone": "text"}, freezer),
        "secondaries": _build_table("secondaries", lab, {**_BOTTLE_COLUMNS, "bottles": "number"}, _secondary_rows(lab)),
    }


def _secondary_rows(lab: Lab) -> dict[str, dict[str, Any]]:
    """Return, for each host of a primary, what the lab's secondaries against it agree on; a cell is None where they do not, or there is none."""
    rows: dict[str, dict[str, Any]] = {}
    for animal, subclasses in HOST_SUBCLASSES.items():
        for subclass in subclasses if animal in SUBCLASSES else ("",):
            found = find_secondaries(lab.antibodies, animal, subclass)
            cells: dict[str, set[Any]] = {
                "host": {stock.host for stock in found},
                "dilution": {stock.dilution for stock in found},
                "label": {_read_label(stock.label) for stock in found},
            }
            row: dict[str, Any] = {column: next(iter(values)) or None if len(values) == 1 else None for column, values in cells.items()}
            rows[f"{animal} {subclass}".strip()] = row | {"bottles": Fraction(len({(stock.dilution, _read_label(stock.label)) for stock in found}))}
    return rows


def _read_label(label: str) -> str:
    """Return ``HRP`` for each way to write it (``HRP-conjugated``, ``horseradish peroxidase``), and any other *label* as it is typed."""
    return "HRP" if label and carries_hrp(label) else label


def _build_table(name: str, lab: Lab, columns: dict[str, str], rows: dict[str, dict[str, Any]]) -> DataTable:
    return DataTable(name=name, file=lab.file or "the default lab", columns=columns, rows=rows, line_source={}, tree=parse_yaml_map("", ""))


def _count_gels_at_once(tanks: Iterable[Tank], gel_format: str) -> Fraction:
    """Return how many gels of a format all tanks take at a time."""
    return Fraction(sum(tank.gels * tank.count for tank in tanks if tank.format == gel_format))
