"""How much of each source a recipe takes, exactly; where that is too small or too coarse to set, what it is taken from instead.

That is a stock of the lab, a stock that is made of a solid at the strength that its row tells, or a liquid diluted first by a power of ten.
Raises ProtocolError for a source that does not fit its recipe, and for a stock that is weaker than what is made of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction

from .._dataclass import replace
from ..arithmetic import dilution
from ..arithmetic.exact import differs_by
from ..errors import ProtocolError
from ..lab import Setting, round_up_two_figures
from ..units import Quantity, format_amount
from ..units.base_units import NanoLitres
from .bench import Bench
from .reagents import Reagent, Recipe
from .verb_result import format_volume

MOST_TENS = 4  # a liquid is diluted first up to so many times ten fold
_MOST_VOLUMES = 300  # volumes of two figures that are tried for a stock: three powers of ten


def find_shared(reagent: Reagent, source: Reagent) -> tuple[str, Quantity]:
    """Return the component that *source* gives to *reagent*, and how strong it is to be there."""
    common = [source.solid] if source.solid else [name for name in reagent.contains if name in source.contains]
    if len(common) != 1:
        many = "no component" if not common else f"{len(common)} components"
        raise ProtocolError(f"{reagent.id!r} and {source.id!r} share {many}", "a recipe takes each source for one component that both contain")
    want = reagent.contains.get(common[0])
    if want is None:
        hint = f"add contains: {{{common[0]}: ...}}" if source.solid else "give a concentration"
        raise ProtocolError(f"{reagent.id!r} does not say how much {common[0]} it contains", hint)
    return common[0], want


def exact_amount(reagent: Reagent, source: Reagent, volume: Fraction | int) -> Fraction | None:
    """Return how much of *source* (ng of a solid, else nL) is in *volume* nL of *reagent*; None where its strength is yet to be measured."""
    component, want = find_shared(reagent, source)
    if source.solid:
        return Fraction(dilution.solid_mass(want.value, volume, want.kind, source.molar_mass.value if source.molar_mass else None))
    stock = source.contains[component]
    if stock is None:
        return None
    if want.kind != stock.kind:
        raise ProtocolError(f"{reagent.id!r} holds {component} as {want} and {source.id!r} as {stock}", "write both in one kind of concentration")
    if stock.value < want.value:
        raise _thin_stock_error(reagent, source, want, stock, volume)
    return Fraction(dilution.stock_volume(stock.value, want.value, volume))


def _thin_stock_error(reagent: Reagent, source: Reagent, want: Quantity, stock: Quantity, volume: Fraction | int) -> ProtocolError:
    """Refuse a stock weaker than what is made of it; say what is missing."""
    if want.kind != "cell density":
        return ProtocolError(f"{source.id!r} at {stock} is weaker than the {want} of {reagent.id!r}", "use a stronger stock", from_values=True)
    needed_volume = Fraction(want.value * volume / stock.value)
    missing = format_amount(Fraction(-(-(needed_volume - volume) // 100_000) * 100_000), "volume")
    whole = format_amount(Fraction(-(-needed_volume // 100_000) * 100_000), "volume")
    error = ProtocolError(
        f"{source.name} at {stock} is thinner than the {want} of the {reagent.name}: "
        f"{format_volume(volume)} would need {whole} of it, {missing} more than fits",
        f"spin down {whole} and take the pellet up in {format_volume(volume)}, or ask for less",
        from_values=True,
    )
    error.parameters = tuple(filter(None, (want.origin, stock.origin)))
    return error


def list_coarse_parts(bench: Bench, reagent: Reagent, recipe: Recipe, volume: int) -> Iterator[tuple[Reagent, Fraction]]:
    """Return each source of *volume* nL of a recipe, and its exact amount, that the lab cannot set within its tolerance."""
    for name in recipe.sources:
        source = bench.find_reagent(name, reagent.owner)
        exact = exact_amount(reagent, source, volume)
        if exact is not None and not _is_close(bench, bench.lab.weigh if source.solid else bench.lab.set_volume, exact):
            yield source, exact


def _is_close(bench: Bench, set_amount: Callable[[Fraction], Setting], exact: Fraction | None) -> bool:
    try:
        return exact is not None and not differs_by(Fraction(set_amount(exact).amount), exact, bench.lab.tolerance)
    except ProtocolError:
        return False


def take_from_stocks(bench: Bench, reagent: Reagent, recipe: Recipe, volume: int) -> tuple[Recipe, list[Reagent]]:
    """Return *recipe* with a stock in place of each source that cannot be set for *volume* nL, and these stocks; those without one stay."""
    stocks: dict[str, Reagent] = {}
    for source, exact in list_coarse_parts(bench, reagent, recipe, volume):
        component, want = find_shared(reagent, source)
        choices = (
            _solid_stocks(bench, recipe, source, component, want, volume)
            if source.solid
            else _thinner_stocks(bench, recipe, source, component, want, exact)
        )
        for stock in choices:
            part = exact_amount(reagent, stock, volume)
            if part is not None and part <= volume and part >= bench.lab.trust and _is_close(bench, bench.lab.set_volume, part):
                stocks[source.id] = stock
                break
    sources = (bench.find_reagent(name, reagent.owner).id for name in recipe.sources)
    return replace(recipe, sources=tuple(stocks[name].id if name in stocks else name for name in sources)), list(stocks.values())


def stock_name(solid: Reagent) -> str:
    """Return what a lab profile calls a stock of *solid*: its recipe, else its name up to the first comma."""
    return solid.recipe_name or solid.name.partition(",")[0]


def _solid_stocks(bench: Bench, recipe: Recipe, solid: Reagent, component: str, want: Quantity, volume: int) -> Iterator[Reagent]:
    """Return the stocks of *solid* that are stronger than *want*: those of the lab, one that the protocol makes anyway, and one to be made."""

    def is_stronger(strength: Quantity | None) -> bool:
        return strength is not None and strength.kind == want.kind and strength.value > want.value

    for name, strength in bench.lab.stocks.items():
        if name in (solid.family, solid.recipe_name, stock_name(solid)) and is_stronger(strength):
            yield _build_stock(bench, solid, f"{strength} {name}", component, strength, "a stock of this lab")
    for other in bench.reagents.values():
        is_plain = other.recipe and other.recipe.sources == (solid.id,) and other.recipe.diluent == recipe.diluent and not other.adjust
        if is_plain and tuple(other.contains) == (component,) and is_stronger(other.contains[component]):
            yield other
    if solid.stock and is_stronger(solid.stock):
        stock = _build_stock(bench, solid, f"{solid.stock} {stock_name(solid)}", component, solid.stock, "")
        stock = replace(stock, recipe=Recipe(sources=(solid.id,), diluent=recipe.diluent, fill_to_mark=True))
        least = want.value * volume / solid.stock.value
        yield from _make_settable(bench, stock, least, lambda made: _is_close(bench, bench.lab.weigh, exact_amount(stock, solid, made)))


def _thinner_stocks(bench: Bench, recipe: Recipe, source: Reagent, component: str, want: Quantity, exact: Fraction) -> Iterator[Reagent]:
    """Return *source* diluted in the diluent of the recipe, by ten and further powers of ten."""
    strength = source.contains[component]
    folds = [10**power for power in range(1, MOST_TENS + 1)]
    for fold in folds if strength else ():
        thinner = Quantity(value=strength.value / fold, kind=strength.kind) if strength else None
        if thinner is None or thinner.value < want.value:
            return
        note = "for this sheet's recipes alone, just before they are made"
        stock = _build_stock(bench, source, f"{source.name}, diluted {fold} fold", component, thinner, note)
        stock = replace(stock, recipe=Recipe(sources=(source.id,), diluent=recipe.diluent))

        def is_settable(made: int, fold: int = fold) -> bool:
            part = Fraction(made, fold)
            return part >= bench.lab.trust and all(_is_close(bench, bench.lab.set_volume, each) for each in (part, made - part))

        yield from _make_settable(bench, stock, exact * fold, is_settable)


def _build_stock(bench: Bench, source: Reagent, name: str, component: str, strength: Quantity | None, note: str) -> Reagent:
    own_id = re.sub(r" [wv]/[wv]\b", "", name).replace("/", " per ")  # a stroke is for places: plate/well
    return bench.reagents.get(own_id) or Reagent(
        id=own_id, name=name, line=source.line, file=source.file, contains={component: strength}, dispenser="tube", family=own_id, note=note
    )


def _make_settable(bench: Bench, stock: Reagent, least: Fraction, is_settable: Callable[[int], bool]) -> Iterator[Reagent]:
    """Return *stock* with the smallest volume, of *least* nL and spare or more, that *is_settable*; nothing if there is none."""
    volume: int = bench.lab.with_overage(least, "tube").amount
    for _ in range(_MOST_VOLUMES):
        if is_settable(volume):
            yield replace(stock, overage_rule=replace(bench.lab.overage, least=NanoLitres(volume)))
            return
        volume = round_up_two_figures(volume + 1)
