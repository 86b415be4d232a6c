"""A dose series as a careful person makes it: serially in the vehicle, then every dose at one fold into medium.

So the vehicle is equal in every well. Raises ProtocolError for a stock too weak for the top dose, and for a dose stock from
the freezer that is not a dose of the series, or too little.
"""

from __future__ import annotations

from fractions import Fraction

from ..._dataclass import dataclass
from ...arithmetic import dilution
from ...errors import ProtocolError, option_flag
from ...lab import NO_OVERAGE, DilutionPlan, round_up_two_figures
from ...units import Quantity, format_amount
from ...units.base_units import NanoLitres
from ..bench import Bench
from ..label_strength import LARGEST_FACTOR
from ..ledger import WellGroup
from ..reagents import Reagent
from ..verb_result import VerbResult, format_volume, markdown_table
from .dilute import describe_strokes, fill_tube, plan_enough, plan_tube, short_name, tube_name
from .dose_list import warn_strong_tubes
from .dose_steps import find_tube_volume
from .frozen_stocks import FrozenStocks, stocks_option

MIN_STOCK_VOLUME = 50_000  # nL: a dose stock below this is lost on the wall
HAZE_FACTOR = 10  # a working tube is made up to so many times as much, rather than through a tube in which the drug may come out


@dataclass(kw_only=True)
class VehicleSeries:
    """A series in vehicle, then into medium; all tubes of one call."""

    bench: Bench
    source: Reagent
    vehicle: Reagent
    diluent: Reagent
    limit: Quantity
    strength: Fraction | int
    volume_each: NanoLitres
    stock_vessel: str
    working_vessel: str
    component: str
    kind: str
    solubility: Quantity | None
    top: Quantity
    largest: int = LARGEST_FACTOR

    def make_tubes(
        self, groups: list[WellGroup], doses: list[Fraction], stock: Fraction, ratio: Fraction, have: FrozenStocks, also: list[WellGroup]
    ) -> VerbResult:
        """Make all tubes; return their tables."""
        bench, kind = self.bench, self.kind
        total_fold = self._total_fold(doses[0], stock)
        fold = total_fold / self.strength
        self.largest = HAZE_FACTOR if self._may_come_out(doses[0] * total_fold / 10) else LARGEST_FACTOR
        by_use = {
            demand: self._plan_working_tube(demand, fold, alone=len(groups) == 1)
            for demand in dict.fromkeys(group.size * self.volume_each for group in groups)
        }
        plans = {group.id: by_use[group.size * self.volume_each] for group in groups}
        stock_need = bench.lab.with_overage(max(tube_plan.source_volume for tube_plan in plans.values()), "tube").amount
        tube = max(MIN_STOCK_VOLUME, round_up_two_figures(dilution.tube_volume(stock_need, ratio) if len(groups) > 1 else stock_need))
        strengths = [dose * total_fold for dose in doses]
        frozen = self._match_frozen(have, strengths)
        if len(groups) > 1:
            is_stock = frozenset({0}) if abs(stock - strengths[0]) <= strengths[0] * bench.lab.tolerance else frozenset()
            uses = tuple([plans[group.id].source_volume for group in groups])
            tube = find_tube_volume(bench.lab, NanoLitres(tube), stock, tuple(strengths), uses, is_stock.union(frozen))
        rows, sources = self._make_dose_stocks(groups, strengths, stock, ratio, tube, plans, frozen)
        title = f"working solutions in {self.diluent.name}"
        rows_medium: list[tuple[str, ...]] = []
        for group, dose in zip(groups, doses, strict=True):
            holds = Quantity(value=dose * self.strength, kind=kind)
            rows_medium += fill_tube(bench, sources[group.id], self.diluent, plans[group.id], self.working_vessel, group, holds, title, self.strength)
            made = bench.select_groups(f"{self.working_vessel}/{group.name}")
            bench.claim(made, self.component, kind, holds.value)
            bench.promise("series", made[0].id, [group])
        if also:
            vehicle_plan = self._plan_working_tube(sum(group.size for group in also) * self.volume_each, fold)
            share = Quantity(value=self.limit.value * self.strength, kind=self.limit.kind)
            plans["vehicle"] = vehicle_plan
            namesake = WellGroup(id="x/vehicle", size=1, capacity=NanoLitres(0), labware="", family="vehicle")
            rows_medium += fill_tube(bench, self.vehicle, self.diluent, vehicle_plan, self.working_vessel, namesake, share, title, self.strength)
            bench.promise("series", bench.select_groups(f"{self.working_vessel}/vehicle")[0].id, also)
        warn_strong_tubes(bench, Quantity(value=doses[0] * self.strength, kind=kind), self.solubility, self.diluent.name)
        self._warn_intermediates(groups, plans, strengths)
        first = markdown_table(("tube", "strength", "take", short_name(self.vehicle), "makes"), rows, "lrlrr") if len(rows) > 1 or rows[0][4] else ""
        second = markdown_table(("tube", "strength", "take", short_name(self.diluent), "makes"), rows_medium, "lrlrr")
        strokes_text = describe_strokes(bench, [tube_plan.diluent for tube_plan in plans.values()])
        return bench.add_result("series", [], text=f"\n\n{first}\n\n{second}\n\n{strokes_text}")

    def _total_fold(self, top: Fraction, stock: Fraction) -> Fraction:
        """Return the fold from dose stock to well: pure vehicle over its limit, 1000 for 0.1 %."""
        solvent, pure = next(iter(self.vehicle.contains.items()), (self.vehicle.name, None))
        if solvent not in self.source.contains or pure is None or len(self.vehicle.contains) > 1:
            raise ProtocolError(f"{self.source.id!r} is not dissolved in {solvent}", "name the vehicle that it is dissolved in")
        total_fold = pure.value / self.limit.value
        if stock < top * total_fold * (1 - self.bench.lab.tolerance):
            max_dose, strong, weak = (
                format_amount(stock / total_fold, self.kind),
                format_amount(top * total_fold, self.kind),
                format_amount(stock, self.kind),
            )
            message = f"{self.source.name} is too weak ({weak}): {format_amount(top, self.kind)} at {self.limit} {solvent} needs {strong}"
            dose, whose = (option_flag(self.top.origin), "") if self.top.origin else ("a top dose", f" for {self.source.name}")
            pure_strength = self.source.contains[self.component]
            stronger = (
                f"a stronger {option_flag(pure_strength.origin)}" if pure_strength and pure_strength.origin else f"a stronger {self.source.name}"
            )
            raise ProtocolError(message, f"{dose} of {max_dose} at most{whose}, {stronger}, or more {solvent}", from_values=True)
        return total_fold

    def _plan_working_tube(self, demand: int, fold: Fraction, *, alone: bool = False) -> DilutionPlan:
        """Plan a working tube, *alone* if no other is made; a part that is too small is made settable by up to `largest` times as much."""
        bench = self.bench
        enough = bench.lab.with_overage(demand, "tube", volume_each=self.volume_each).amount
        settable = round_up_two_figures(bench.lab.trust * fold)
        volume = settable if enough < settable <= self.largest * enough else enough
        return plan_enough(bench, volume, demand, fold, alone=alone and volume <= 2 * enough)

    def _may_come_out(self, strength: Fraction) -> bool:
        """Return whether a drug of this *strength* may come out in medium."""
        return self.solubility is not None and self.solubility.kind == self.kind and strength > self.solubility.value

    def _match_frozen(self, have: FrozenStocks, strengths: list[Fraction]) -> dict[int, tuple[Quantity, NanoLitres]]:
        """Return which dose (by place) is in the freezer, at what strength and how much of it."""
        matches: dict[int, tuple[Quantity, NanoLitres]] = {}
        for _, strength, amount in have:
            near = [
                n for n, dose in enumerate(strengths) if strength.kind == self.kind and abs(strength.value - dose) <= dose * self.bench.lab.tolerance
            ]
            if not near:
                stocks = ", ".join(format_amount(dose, self.kind) for dose in strengths)
                raise ProtocolError(
                    f"{strength} is not a dose stock of this series", f"its stocks are {stocks}", stocks_option(self.bench), from_values=True
                )
            if near[0] in matches:
                raise ProtocolError(f"{strength} is given twice", "add the two volumes up, if they are of one batch", stocks_option(self.bench))
            matches[near[0]] = strength, NanoLitres(int(amount.value))
        return matches

    def _make_dose_stocks(
        self,
        groups: list[WellGroup],
        strengths: list[Fraction],
        stock: Fraction,
        ratio: Fraction,
        tube: int,
        plans: dict[str, DilutionPlan],
        frozen: dict[int, tuple[Quantity, NanoLitres]],
    ) -> tuple[list[tuple[str, ...]], dict[str, Reagent | WellGroup]]:
        """Make the dose stocks; return their rows, and what each dose is taken from: where it is as strong, the stock itself."""
        bench, rows = self.bench, []
        sources: dict[str, Reagent | WellGroup] = {}
        previous: Reagent | WellGroup = self.source
        source_strength = stock
        onward = plan_tube(bench, tube, ratio).source_volume if set(range(1, len(groups))) - set(frozen) else 0
        for index, (group, strength) in enumerate(zip(groups, strengths, strict=True)):
            label = format_amount(strength, self.kind)
            if index in frozen:
                rows.append(self._use_frozen(group, label, *frozen[index]))
            elif index == 0 and previous is self.source and abs(source_strength - strength) <= strength * bench.lab.tolerance:
                rows.append((tube_name(self.stock_vessel, group), label, f"is {self.source.name}", "", ""))
                sources[group.id] = self.source
                continue
            else:
                title = f"dose stocks in {self.vehicle.name}"
                holds = Quantity(value=strength, kind=self.kind)
                rows += fill_tube(
                    bench, previous, self.vehicle, plan_tube(bench, tube, source_strength / strength), self.stock_vessel, group, holds, title
                )
            stock_tube = bench.select_groups(f"{self.stock_vessel}/{group.name}")[0]
            bench.claim([stock_tube], self.component, self.kind, strength)
            sources[group.id] = previous = stock_tube
            source_strength = stock_tube.strength(self.component)  # what is there, so that rounding does not add up down the series
            carry_over = onward if index + 1 < len(groups) and index + 1 not in frozen else 0
            demand = plans[group.id].source_volume + carry_over
            if stock_tube.volume < demand:
                has, enough = format_volume(stock_tube.volume), format_volume(round_up_two_figures(bench.lab.with_overage(demand, "tube").amount))
                message = f"the {label} stock in the freezer is {has}, and this run takes {format_volume(demand)} of it"
                raise ProtocolError(message, f"have {enough}, or leave it out: then it is made", stocks_option(bench), from_values=True)
        return rows, sources

    def _use_frozen(self, group: WellGroup, label: str, strength: Quantity, amount: NanoLitres) -> tuple[str, ...]:
        """Begin with a tube that is in the freezer already: it enters the ledger as it is."""
        bench = self.bench
        solvent = {name: strength_of for name, strength_of in self.source.contains.items() if name != self.component}
        pure = self.source.contains[self.component]
        is_stock = pure is not None and strength.value == pure.value
        name = f"{self.source.name}, from the freezer" if is_stock else f"{label} dose stock from the freezer"
        frozen_reagent = Reagent(
            id=f"{bench.scope.prefix}frozen {group.name}", name=name, family="frozen", owner=group.owner, overage_rule=NO_OVERAGE,
            contains={self.component: strength, **solvent}, hazards=self.source.hazards,
            names_hazards=self.source.names_hazards,
        )  # fmt: skip
        bench.add_reagent(frozen_reagent)
        tube = bench.new_tube(self.stock_vessel, group.name, amount, group)
        bench.pour("add", frozen_reagent, [(tube, amount)])
        return (tube_name(self.stock_vessel, group), label, f"is in the freezer ({format_volume(amount)})", "", format_volume(amount))

    def _warn_intermediates(self, groups: list[WellGroup], plans: dict[str, DilutionPlan], strengths: list[Fraction]) -> None:
        """Say that intermediates are made, and name those in which a drug of these *strengths* of dose stock may come out."""
        detours = [(group, strength, plan) for group, strength in zip(groups, strengths, strict=True) if (plan := plans[group.id].intermediate)]
        if not detours:
            return
        bench, trust, medium = self.bench, format_volume(self.bench.lab.trust), self.diluent.name
        bench.warn("intermediate", f"less than {trust} of a dose stock cannot be trusted, so an intermediate in {medium} is made first", "N")
        held = [(group, strength * plan.take / plan.volume) for group, strength, plan in detours]
        tubes = [
            f"{tube_name(f'{self.working_vessel} intermediate', group)} ({format_amount(strength, self.kind)})"
            for group, strength in held
            if self._may_come_out(strength)
        ]
        if tubes:
            way = f"none is needed with a higher vehicle limit, more plates, or a pipette that the lab trusts below {trust}"
            message = f"above {self.solubility} a drug may come out in {medium}: look for a haze in {', '.join(tubes)}; {way}"
            bench.warn("precipitate", message)
