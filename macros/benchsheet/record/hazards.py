"""What is dangerous, and what must not meet in one waste bottle; both as the shared table says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import ProtocolError, suggest
from ..protocol.tables import DataTable
from ..run.events import RunWarning
from ..yamltree import YamlList


def hazard_entry(table: DataTable, name: str) -> dict[str, Any]:
    """Return one row as it stands on a sheet, under its name; raise ProtocolError if there is none.

    ``doxorubicin else drug`` is what a run's value names, however it is spelled, and the row whose words hold where it has none of its own.
    """
    own, _, instead = name.rpartition(" else ")
    rows = {_plainly(row): row for row in table.rows} if own else {}
    name, found = (rows[_plainly(own)],) * 2 if _plainly(own) in rows else (own or instead, instead)
    if found not in table.rows:
        raise ProtocolError(f"no hazard {found!r}", suggest(found, table.rows, "hazards"))
    row = table.rows[found]
    texts = {"name": name} | {key: row.get(key, "") for key in ("signal", "handling", "waste")}
    return {**texts, "pictograms": list(row.get("pictograms", ())), "codes": list(row.get("codes", ()))}


def told(names: Iterable[str], rows: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the *rows* of hazards that are called *names*, each once."""
    return list({rows[name]["name"]: rows[name] for name in names if name in rows}.values())


def _plainly(name: str) -> str:
    """Return a substance's name without what people spell differently: capitals, spaces, hyphens."""
    return name.casefold().replace(" ", "").replace("-", "")


def find_incompatible(table: DataTable, waste: Mapping[tuple[str, int], tuple[int, Mapping[str, object]]]) -> list[RunWarning]:
    """Return a warning for each pair of classes that must not meet and does in one stream."""
    pairs = table.tree.get("incompatible", YamlList())
    streams: dict[str, dict[str, str]] = {}
    for (stream, _), (_, holds) in waste.items():
        for component, amount in holds.items():
            for kind in table.rows.get(component, {}).get("classes", ()) if amount else ():
                streams.setdefault(stream, {}).setdefault(kind, component)
    warnings = []
    for stream, classes in streams.items():
        for pair in pairs:
            one, two = pair.word_list("between")
            if one in classes and two in classes and classes[one] != classes[two]:
                warnings.append(
                    RunWarning("waste", "W", f"{classes[one]} and {classes[two]} meet in the {stream} waste: {pair.text('why')}; keep them apart")
                )
    return warnings
