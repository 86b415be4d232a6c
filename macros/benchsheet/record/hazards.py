"""The hazards of a sheet as data: of each step and recipe those of the substances that are handled there, in the form they have there.

A substance is told where it is first handled and once for each form; one that the table does not know is told as unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..protocol.substances import UNKNOWN_HAZARDS, Substances
from ..run.bench import Bench
from ..run.events import Preparation, Step
from ..run.exposure import MOST_KEPT, Exposure, Exposures

if TYPE_CHECKING:
    from .material_types import Hazard

_WORDS = ("handling", "powder", "concentrate")


class HazardList:
    """What one run has to tell of the hazards in its reagents; nothing where there is no table of hazards."""

    def __init__(self, bench: Bench, parts: Iterable[Bench]) -> None:
        """Take the table of *bench*, or of the first of *parts* that has one."""
        self._reagents = bench.reagents
        self._substances = next((part.substances for part in (bench, *parts) if part.substances), None)
        own = bench.exposures if self._substances is bench.substances else None
        self._exposures = own or (Exposures(bench.reagents, self._substances) if self._substances else None)
        self._told_in_steps: set[tuple[str, str]] = set()
        self._entries: dict[str, tuple[Hazard, ...]] = {}

    def of_reagent(self, reagent_id: str) -> tuple[Hazard, ...]:
        """Return the hazards of handling a reagent, each once."""
        if reagent_id not in self._entries:
            self._entries[reagent_id] = self._find_entries(reagent_id)
        return self._entries[reagent_id]

    def _find_entries(self, reagent_id: str) -> tuple[Hazard, ...]:
        if self._substances is None or self._exposures is None:
            return ()
        found = self._exposures.of(self._reagents[reagent_id])
        known = self._substances.told.get(id(found))
        if not known or known[0] is not found:
            if len(self._substances.told) > MOST_KEPT:
                self._substances.told.clear()
            known = self._substances.told[id(found)] = found, _once(_tell(found, self._substances))
        entries: tuple[Hazard, ...] = known[1]
        return entries

    def of_step(self, step: Step) -> list[Hazard]:
        """Return the hazards that are first handled in a step, and that of the act itself; steps are asked for in their order."""
        ids = dict.fromkeys(operation.reagent for operation in step.operations if operation.reagent)
        entries = [entry for entry in _once(entry for name in ids for entry in self.of_reagent(name)) if _key(entry) not in self._told_in_steps]
        self._told_in_steps |= {_key(entry) for entry in entries}
        return [*(entry.copy() for entry in entries), *([_act(step.act_hazard)] if step.act_hazard else [])]

    def of_preparation(self, preparation: Preparation) -> list[Hazard]:
        """Return the hazards of making something: of all that goes into it, and of the acid or base that adjusts it."""
        ids = [part.source for part in preparation.parts if part.source in self._reagents]
        made = self._reagents.get(preparation.id)
        adjusting = made.adjust if made else ()
        told = [entry for name in ids for entry in self.of_reagent(name)] + [self._tell_adjusting(name) for name in adjusting]
        return [entry.copy() for entry in _once(told)]

    def _tell_adjusting(self, name: str) -> Hazard:
        """Return the hazard of a concentrated acid or base, of which as much is poured as the pH takes."""
        row = self._substances.find(name) if self._substances else ""
        cells = self._substances.table.rows[row] if self._substances and row else {}
        return _entry(row or name, cells, cells.get("concentrate") or cells.get("handling", "") or UNKNOWN_HAZARDS)


def _tell(found: Iterable[Exposure], substances: Substances) -> Iterator[Hazard]:
    for each in found:
        if not each.row:
            if each.is_own:
                yield _entry(each.name, {}, UNKNOWN_HAZARDS)
            continue
        row, is_told = substances.table.rows[each.row], each.is_own or each.strength is not None
        if row.get("harmless") or not is_told or substances.is_thin(each.row, each.strength):
            continue
        words = substances.handling(each.row, each.strength, is_solid=each.is_solid)
        if words or not any(row.get(column) for column in _WORDS):
            is_itself = substances.find(each.name) == each.row and not row.get("role")
            yield _entry(each.row if is_itself else each.name, row, words)


def _entry(name: str, row: Mapping[str, Any], words: str) -> Hazard:
    pictograms, codes = list(row.get("pictograms", ())), list(row.get("codes", ()))
    signal, waste = row.get("signal", ""), row.get("waste", "")
    return {
        "kind": "substance", "name": name, "handling": words, "signal": signal, "pictograms": pictograms, "codes": codes, "waste": waste,
    }  # fmt: skip


def _act(words: str) -> Hazard:
    """Return the hazard of what is done in a step, whatever is handled there."""
    return {"kind": "act", "name": "", "handling": words, "signal": "", "pictograms": [], "codes": [], "waste": ""}


def _key(entry: Hazard) -> tuple[str, str]:
    return entry["name"], entry["handling"]


def _once(entries: Iterable[Hazard]) -> tuple[Hazard, ...]:
    return tuple({_key(entry): entry for entry in entries}.values())
