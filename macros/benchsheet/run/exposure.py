"""What a reagent brings with it: its components, those of all that it is made from, and the hazards that it names itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from operator import is_

from .._dataclass import dataclass, replace
from ..errors import ProtocolError, suggest
from ..protocol.substances import Substances
from ..units import Quantity
from .reagents import Reagent
from .strength_names import read_strength

ACID_UP_TO, BASE_FROM = 4, 11  # pH: what is adjusted to a milder one is neither an acid nor a base for what it meets
OR_ELSE = " else "
MOST_KEPT = 2000  # reagents of earlier runs: those of several protocols


@dataclass(frozen=True, kw_only=True)
class Exposure:
    """One substance in a reagent: its *name* there, its *row* in the table of hazards or "", and its *strength*, None if unknown.

    *is_own* is whether the reagent itself says so, and not one that it is made from; *is_solid* whether it is weighed.
    """

    name: str
    row: str
    strength: Quantity | None
    is_own: bool = True
    is_solid: bool = False


class Exposures:
    """What is in each reagent of a shelf, worked out once for each."""

    def __init__(self, reagents: Mapping[str, Reagent], substances: Substances) -> None:
        """Look into *reagents*, which may still grow."""
        self._reagents, self._substances = reagents, substances
        self._lists: dict[str, tuple[Exposure, ...]] = {}
        self._traces: dict[str, dict[str, int]] = {}

    def of(self, reagent: Reagent) -> tuple[Exposure, ...]:
        """Return what is in *reagent*: first what it says itself; raise ProtocolError for a hazard that is not a row."""
        found = self._lists.get(reagent.id)
        if found is None:
            found = self._lists[reagent.id] = self._recall(reagent)
        return found

    def is_thin(self, exposure: Exposure) -> bool:
        """Return whether an exposure is below the strength from which its row is told; what it is made from has an unknown one at most."""
        least, strength = self._substances.limit(exposure.row, "least"), exposure.strength
        if least is None or strength is None:
            return least is not None and not exposure.is_own
        return strength.kind == least.kind and strength.value < least.value

    def _recall(self, reagent: Reagent) -> tuple[Exposure, ...]:
        """Return what an earlier run found in the same reagent, made from the same; else look."""
        parts = [self.of(part) for part in self.list_parts(reagent)]
        whose = (reagent.name, reagent.solid, reagent.owner, reagent.family, reagent.hazards, reagent.names_hazards, len(parts))
        known = self._substances.found.get(whose)
        if known and known[0] == reagent.contains and known[1] == reagent.adjust and all(map(is_, known[2], parts)):
            kept: tuple[Exposure, ...] = known[3]
            return kept
        found = tuple(self._look_into(reagent))
        if len(self._substances.found) > MOST_KEPT:
            self._substances.found.clear()
        self._substances.found[whose] = (reagent.contains, reagent.adjust, parts, found)
        return found

    def traces(self, reagent: Reagent) -> dict[str, int]:
        """Return what is in *reagent* beyond its components and is followed to the waste, each with no amount."""
        if reagent.id not in self._traces:
            rows = (
                each.row
                for each in self.of(reagent)
                if each.name not in reagent.contains
                if each.row in self._substances.reactive_rows or self._substances.routes_of(each.row) and not self.is_thin(each)
            )
            self._traces[reagent.id] = dict.fromkeys(rows, 0)
        return self._traces[reagent.id]

    def _look_into(self, reagent: Reagent) -> Iterator[Exposure]:
        own = list(self._list_own(reagent))
        yield from own
        seen = {each.name for each in own} | {each.row for each in own if each.row}
        for substance, ph in reagent.adjust.items():
            row = self._substances.find(substance)
            kinds = self._substances.classes(substance)
            if (ph <= ACID_UP_TO and "acid" in kinds) or (ph >= BASE_FROM and "base" in kinds):
                yield Exposure(name=substance, row=row, strength=None, is_own=False)
        for part, factor in self._parts(reagent):
            for each in self.of(part):
                if each.name not in seen and (not each.row or each.row not in seen):
                    seen |= {each.name, each.row}
                    strength = each.strength and Quantity(value=each.strength.value * factor, kind=each.strength.kind)
                    yield replace(each, strength=strength, is_own=False, is_solid=False)

    def _list_own(self, reagent: Reagent) -> Iterator[Exposure]:
        find, role = self._substances.find, self._substances.cell
        named = [self._resolve_hazard(hazard, reagent) for hazard in reagent.hazards]
        suffix = f" ({reagent.owner})"
        components: dict[str, Quantity | None] = {reagent.solid: None} if reagent.solid else dict(reagent.contains)
        if not components and not named and not reagent.names_hazards and reagent.recipe is None:
            rows = self._substances.rows_named(reagent.family) or self._substances.rows_named(reagent.name)
            for row in rows if len(rows) > 1 else ():
                yield Exposure(name=row, row=row, strength=None)
            if len(rows) < 2:
                yield Exposure(name=reagent.name, row=rows[0] if rows else "", strength=read_strength(reagent.name))
        for component, strength in components.items():
            name = component.removesuffix(suffix)
            row = find(name)
            is_share = strength is not None and strength.kind == "strength" and (reagent.recipe is not None or len(components) > 1)
            if is_share and not row:
                continue  # "TBS: 1 X" says how strong the whole is: it is not a substance
            is_open = not row or bool(role(row, "role"))
            if is_open and (reagent.names_hazards or any(component in part.contains for part in self.list_parts(reagent))):
                continue  # what it is, the reagent says itself, or what it is made from
            yield Exposure(name=name, row=row, strength=strength, is_solid=bool(reagent.solid))
        known = {find(component.removesuffix(suffix)) for component in components}
        yield from (replace(each, is_solid=bool(reagent.solid)) for each in named if each.row not in known or role(each.row, "role"))

    def _resolve_hazard(self, hazard: str, reagent: Reagent) -> Exposure:
        """Return a hazard that a reagent names: ``TCA``, or ``doxorubicin else drug``, which is told under its own name."""
        name, _, instead = hazard.rpartition(OR_ELSE)
        rows = self._substances.table.rows
        row = self._substances.find(name or instead)
        if row and not (name and self._substances.cell(row, "role")):
            return Exposure(name=row, row=row, strength=None)
        if instead not in rows:
            raise ProtocolError(f"no hazard {instead!r}", suggest(instead, rows, "hazards")).at(reagent.file, reagent.line)
        return Exposure(name=name or instead, row=instead, strength=None)

    def list_parts(self, reagent: Reagent) -> list[Reagent]:
        """Return what a reagent is made from, and last what it is made up with."""
        if reagent.recipe is None:
            return []
        every = self._reagents
        names = (*reagent.recipe.sources, reagent.recipe.diluent)
        parts = [every.get(name) or every.get(f"{name} ({reagent.owner})") for name in names]
        return [part for part in parts if part]

    def _parts(self, reagent: Reagent) -> Iterator[tuple[Reagent, Fraction]]:
        """Yield what a reagent is made from, each with the share of its strength that is left; the whole of it where that is not known."""
        for part in self.list_parts(reagent):
            factors = [
                Fraction(want.value, stock.value)
                for component, want in reagent.contains.items()
                if want and (stock := part.contains.get(component)) and stock.kind == want.kind and stock.value
            ]
            is_diluent = reagent.recipe is not None and part.id == reagent.recipe.diluent
            yield part, Fraction(1) if is_diluent else min(factors, default=Fraction(1))
