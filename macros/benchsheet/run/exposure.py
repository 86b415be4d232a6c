"""What a reagent brings with it: its components, those of all that it is made from, and the hazards that it names itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from .._dataclass import dataclass, replace
from ..errors import ProtocolError, suggest
from ..protocol.substances import Substances
from ..units import Quantity
from .reagents import Reagent

ACID_UP_TO, BASE_FROM = 4, 11  # pH: what is adjusted to a milder one is neither an acid nor a base for what it meets
OR_ELSE = " else "


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
        if reagent.id not in self._lists:
            self._lists[reagent.id] = tuple(self._look_into(reagent))
        return self._lists[reagent.id]

    def traces(self, reagent: Reagent) -> dict[str, int]:
        """Return what is in *reagent* beyond its components and must not meet something, each with no amount."""
        if reagent.id not in self._traces:
            rows = (each.row for each in self.of(reagent) if each.row and each.name not in reagent.contains)
            reactive = self._substances.reactive
            self._traces[reagent.id] = {row: 0 for row in rows if not reactive.isdisjoint(self._substances.classes(row))}
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
            row = find(reagent.family) or find(reagent.name)
            yield Exposure(name=reagent.name, row=row, strength=None)
        for component, strength in components.items():
            name = component.removesuffix(suffix)
            row = find(name)
            is_share = strength is not None and strength.kind == "strength" and (reagent.recipe is not None or len(components) > 1)
            if is_share and not row:
                continue  # "TBS: 1 X" says how strong the whole is: it is not a substance
            is_open = not row or bool(role(row, "role"))
            if is_open and (reagent.names_hazards or any(component in part.contains for part, _ in self._parts(reagent))):
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

    def _parts(self, reagent: Reagent) -> Iterator[tuple[Reagent, Fraction]]:
        """Yield what a reagent is made from, each with the share of its strength that is left; the whole of it where that is not known."""
        recipe = reagent.recipe
        if recipe is None:
            return
        for name in (*recipe.sources, recipe.diluent):
            part = self._reagents.get(name) or self._reagents.get(f"{name} ({reagent.owner})")
            if part is None:
                continue
            factors = [
                Fraction(want.value, stock.value)
                for component, want in reagent.contains.items()
                if want and (stock := part.contains.get(component)) and stock.kind == want.kind and stock.value
            ]
            yield part, min(factors, default=Fraction(1)) if name != recipe.diluent else Fraction(1)
