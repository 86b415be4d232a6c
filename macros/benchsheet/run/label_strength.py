"""What is made or given, compared with what its label or the protocol says: instruments have steps, and some are coarse.

A recipe that misses its label is made larger, up to three times; what cannot be set closer is told with the figure that results.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from ..arithmetic.exact import differs_by
from ..lab import name_device
from ..lab.stocks import stock_names
from ..markup import escape_markdown
from ..units import Quantity, format_amount
from .bench import Bench
from .events import Part, Preparation, RunWarning
from .reagents import Reagent
from .recipe_parts import exact_amount, find_shared, list_coarse_parts, stock_name

LARGEST_FACTOR = 3  # a recipe is made up to so many times as much, rather than wrongly
WARNING_CODE = "off-label"
_NG_IN_NL = {"percent w/v": Fraction(1, 10), "mass concentration": Fraction(1000)}  # 1 ng in 1 nL in the base of the kind
_MICROMOLAR = 1_000_000  # 1 nmol in 1 nL, in µM


def larger_volumes(volume: int) -> Iterator[int]:
    """Return the volumes of two significant figures above *volume* (nL), up to `LARGEST_FACTOR` times as much."""
    step = int(10 ** max(0, len(str(volume)) - 2))
    larger = (volume // step + 1) * step
    while larger <= volume * LARGEST_FACTOR:
        yield larger
        larger += step


def measure_strength(sources: Sequence[tuple[Reagent, Part]], component: str, kind: str, volume: int) -> Fraction | None:
    """Return how strong *component* is in *volume* nL made of *sources*, in the base of *kind*; None if they do not tell."""
    total, is_known = Fraction(0), False
    for reagent, part in sources:
        if reagent.solid == component and reagent.solid:
            if kind == "molarity" and reagent.molar_mass:
                total += Fraction(part.amount or 0) / reagent.molar_mass.value * _MICROMOLAR
            elif kind in _NG_IN_NL:
                total += (part.amount or 0) * _NG_IN_NL[kind]
            else:
                return None
            is_known = True
        elif component in reagent.contains:
            strength = reagent.contains[component]
            if strength is None or part.amount is None or strength.kind != kind:
                return None
            total, is_known = total + strength.value * part.amount, True
    return total / volume if is_known else None


def find_off_label(
    reagent: Reagent, sources: Sequence[tuple[Reagent, Part]], volume: int, tolerance: Fraction
) -> tuple[tuple[str, str, Fraction], ...]:
    """Return component, kind and strength of all in *reagent* that *volume* nL made of *sources* misses by more than *tolerance*."""
    found = []
    for component, label in reagent.contains.items():
        if label is None:
            continue
        strength = measure_strength(sources, component, label.kind, volume)
        if strength is not None and differs_by(strength, label.value, tolerance):
            found.append((component, label.kind, strength))
    return tuple(found)


def describe_off_label(reagent: Reagent, preparation: Preparation) -> str:
    """Return what a preparation comes to, against its label: ``comes to 0.3636 % w/v SRB, not 0.4 % w/v``."""
    texts = []
    for component, kind, strength in preparation.off_label:
        label = reagent.contains[component]
        named = f" {component}" if len(reagent.contains) > 1 else ""
        texts.append(f"{format_amount(strength, kind)}{named}, not {label}")
    return f"comes to {'; '.join(texts)}"


def warn_off_label(bench: Bench, reagent: Reagent, preparation: Preparation) -> None:
    """Warn, at the first step that takes it, of a recipe that misses its label; name what would set it closer."""
    step = next((step.number for step in bench.journal.steps if any(operation.reagent == reagent.id for operation in step.operations)), 0)
    least = min((part.amount for part in preparation.parts if part.amount and part.kind == "volume"), default=preparation.volume)
    finer = name_device(least, "volume", bench.lab.tolerance) or "a finer pipette"
    way = list_ways(bench, reagent, preparation.volume) or f"take {finer}"
    message = f"{reagent.name} {describe_off_label(reagent, preparation)}: this lab sets its parts no closer; {way}"
    bench.journal.warnings.append(RunWarning(code=WARNING_CODE, level="W", message=message, step=step))


def list_ways(bench: Bench, reagent: Reagent, volume: int, *, with_devices: bool = True) -> str:
    """Return, for the parts of a recipe that cannot be set closely, the line of a lab profile and the instruments that would help."""
    recipe = reagent.recipe
    if recipe is None or recipe.whole_mass is not None:
        return ""
    stocks, devices = {}, []
    room = Fraction(volume)
    sources = [bench.find_reagent(name, reagent.owner) for name in recipe.sources]
    coarse = {source.id: exact for source, exact in list_coarse_parts(bench, reagent, recipe, volume)}
    for source in sources:
        want = find_shared(reagent, source)[1]
        if source.id in coarse and with_devices:
            devices.append(name_device(coarse[source.id], "mass" if source.solid else "volume", bench.lab.tolerance))
        if source.solid and source.id in coarse:
            is_known = source.stock is not None and source.stock.kind == want.kind and source.stock.value > want.value
            strength = source.stock if is_known and source.stock else Quantity(value=want.value * 2, kind=want.kind)
            stocks[stock_name(source)] = strength
            room -= volume * want.value / strength.value
        elif not source.solid:
            room -= exact_amount(reagent, source, volume) or 0
    ways = [f"take {device}" for device in dict.fromkeys(devices) if device]
    if stocks:
        own = _own_stock(reagent) if room < 0 or len(reagent.contains) == 1 else ""
        line = own or ", ".join(f"{name}: {strength}" for name, strength in stocks.items())
        ways.insert(0, f"have {'it' if own else 'what is too little'} as a stock, which a lab profile tells as 'stocks: {{{line}}}'")
    return "; or ".join(ways)


def _own_stock(reagent: Reagent) -> str:
    """Return how a lab profile tells that *reagent* itself stands on the shelf: ``APS: 10 % w/v``, ``10x TBS: 10 X``; ``RIPA: 1 X`` of any other."""
    name = reagent.recipe_name or reagent.family
    for strength in reagent.contains.values():
        if strength and strength.kind == "strength" and name in stock_names(name, strength):
            return f"{name}: {strength}"
        own = name.partition(str(strength))[2].strip() or name.partition(" % ")[2]
        if strength and own and name in stock_names(own, strength):
            return f"{own}: {strength}"
    return f"{name}: 1 X"


def show_at_steps(bench: Bench) -> None:
    """Repeat each warning of what misses its label in the words of its step."""
    for warning in bench.journal.warnings:
        if warning.code == WARNING_CODE and warning.step:
            bench.journal.steps[warning.step - 1].markdown += f"\n\n**Take care:** {escape_markdown(warning.message)}."
