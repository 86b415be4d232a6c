"""What is dangerous, and what must not meet in one waste bottle; both as the shared table says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import ProtocolError, near
from ..spec.tables import Table
from ..tree import Items
from .model import Warned


def hazard(table: Table, name: str) -> dict[str, Any]:
    """Return one row as it stands on a sheet; raise ProtocolError if there is none."""
    if name not in table.rows:
        raise ProtocolError(f"no hazard {name!r}", near(name, table.rows, "hazards"))
    row = table.rows[name]
    words = {key: row.get(key, "") for key in ("signal", "handling", "waste")}
    return {**words, "pictograms": list(row.get("pictograms", ())), "codes": list(row.get("codes", ()))}


def incompatible(table: Table, waste: Mapping[tuple[str, int], tuple[int, Mapping[str, object]]]) -> list[Warned]:
    """Return a warning for each pair of classes that must not meet and does in one stream."""
    pairs = table.tree.get("incompatible", Items())
    streams: dict[str, dict[str, str]] = {}
    for (stream, _), (_, holds) in waste.items():
        for component, amount in holds.items():
            for kind in table.rows.get(component, {}).get("classes", ()) if amount else ():
                streams.setdefault(stream, {}).setdefault(kind, component)
    found = []
    for stream, classes in streams.items():
        for pair in pairs:
            one, two = pair.items_of("between")
            if one in classes and two in classes and classes[one] != classes[two]:
                found.append(
                    Warned("waste", "W", f"{classes[one]} and {classes[two]} meet in the {stream} waste: {pair.text('why')}; keep them apart")
                )
    return found
