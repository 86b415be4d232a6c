"""The lab as tables: what its plates, gels and dishes hold, for expressions to look up; refuses what the profile does not say."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from .._dataclass import replace
from ..lab import Lab
from ..lab.gel_tanks import Tank
from ..lab.stocks import HOSTS
from ..protocol.reader import Protocol
from ..protocol.tables import Table
from ..units import Quantity
from ..yamltree import read

# Hosts of which a secondary tells the subclasses apart.
SUBCLASSES = {host: HOSTS[host] for host in ("mouse", "rat")}
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
    """Return the tables of a lab by name: ``labware``, ``tanks`` (what they take of a gel at a time), ``devices`` and their places.

    ``freezer`` has the antibodies by target; where two of one target differ in a column, it has neither value.
    """
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
    at_once = {
        gel.id: {
            "format": gel.format,
            "places": _together(lab.tanks, gel.format),
            "cassettes": _together(lab.transfer_tanks, gel.format),
        }
        for gel in lab.gels.values()
    }
    devices = {name: {"name": device.name, "places": Fraction(device.places)} for name, device in lab.equipment.items()}
    freezer: dict[str, dict[str, Any]] = {}
    for kept in lab.antibodies:
        own: dict[str, Any] = {"host": f"{kept.host} {kept.subclass}" if kept.subclass in SUBCLASSES.get(kept.host, ()) else kept.host}
        own |= {"clone": kept.clone, "dilution": kept.dilution}
        held = freezer.setdefault(kept.target, own)
        freezer[kept.target] = {column: value for column, value in held.items() if own[column] == value and value}
    return {
        "labware": _table("labware", lab, columns, rows),
        "tanks": _table("tanks", lab, {"format": "text", "places": "number", "cassettes": "number"}, at_once),
        "devices": _table("devices", lab, {"name": "text", "places": "number"}, devices),
        "freezer": _table("freezer", lab, {"host": "text", "clone": "text", "dilution": "dilution factor"}, freezer),
    }


def _table(name: str, lab: Lab, columns: dict[str, str], rows: dict[str, dict[str, Any]]) -> Table:
    return Table(name, lab.file or "the default lab", columns, rows, {}, read("", ""))


def _together(tanks: Iterable[Tank], form: str) -> Fraction:
    """Return how many gels of a format all tanks take at a time."""
    return Fraction(sum(tank.gels * tank.count for tank in tanks if tank.format == form))
