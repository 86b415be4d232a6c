"""A dose series as a careful person makes it: serially in the vehicle, then every dose at one fold into medium.

So the vehicle is equal in every well. Refuses a stock that is too weak for the top dose, a serial dilution that would
leave the vehicle unequal, and a dose stock from the freezer that is no dose of the series or too little.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from ..._dataclass import dataclass
from ...arithmetic import dilution
from ...errors import ProtocolError
from ...lab import EXACT, Planned, two_figures_up
from ...units import Quantity, parse, read, show
from ..bench import Bench
from ..ledger import Group
from ..reagents import Reagent
from ..verb_result import Said, table, volume
from .aqueous_series import aqueous, refuse_unequal
from .dilute import filled, plan, short_name, strokes, tube_name

SMALLEST = 50_000  # nL: a dose stock below this is lost on the wall
SMALLEST_DOSE = {"molarity": Fraction(1, 10**10), "mass concentration": Fraction(1, 10**7)}  # 0.1 fM, 0.1 fg/µL: below any assay
Have = tuple[tuple[str, Quantity, Quantity], ...]


def series(
    bench: Bench,
    reagent: str,
    *,
    top: object,
    to: object,
    add: object,
    factor: object = "1 fold",
    strength: int = 1,
    diluent: str,
    vehicle: str = "",
    limit: object = None,
    also: Iterable[str] = (),
    have: Have | None = None,
    soluble: object = None,
    stocks: str = "stock",
    into: str = "working",
    compound: str = "",
) -> Said:
    """Make a dose series for the groups *to*, from *top* downwards by *factor*, each in the tube *into*/<group>.

    With a *vehicle*: serially in it (tubes *stocks*), then each at one fold into *diluent*, so that its share, *limit* in
    the well, is the same everywhere; *also* names the groups that get vehicle alone, *have* the dose stocks in the freezer;
    above *soluble* an intermediate in *diluent* is warned of. Without a vehicle: serially in *diluent*.
    *strength* says how much stronger than in the well a tube is, since *add* a place is given on top of what is there.
    """
    bench.now("series")
    if strength < 1:
        raise ProtocolError(f"strength={strength!r} is not a whole number", "write strength=2")
    if vehicle and limit is None:
        raise ProtocolError("series(...) has a vehicle and no limit", 'write limit=..., like "0.1 % v/v"')
    if vehicle and not read(limit, "percent v/v").value:
        raise ProtocolError(f"limit={read(limit)} leaves no vehicle", "ask for more than that")
    source, groups = bench.reagent(reagent, compound), bench.groups(to, compound)
    want, component, stock = bench.component(source, top)
    if not want.value:
        raise ProtocolError(f"nothing is diluted to {want}", "ask for more than that")
    ratio = read(parse(factor) if isinstance(factor, str) else factor, "dilution factor").value
    if len(groups) > 1 and ratio <= 1:
        raise ProtocolError(f"a series needs a dilution factor above 1, not {show(ratio, 'dilution factor')}", "write half-log, '3 fold' or '2 fold'")
    each = bench.each(add, groups)
    doses = [want.value / ratio**place for place in range(len(groups))]
    if doses[-1] < SMALLEST_DOSE.get(want.kind, 0):
        message = f"the last of {len(groups)} doses from {want} by {show(ratio, 'dilution factor')} is next to nothing"
        raise ProtocolError(message, "fewer doses, a smaller dilution factor, or a higher top dose", answer=True)
    for group, dose in zip(groups, doses, strict=True):
        bench.targets[group.id] = component, want.kind, dose
    if vehicle:
        made = _Vehicle(
            bench,
            source,
            bench.reagent(vehicle),
            bench.reagent(diluent, compound),
            read(limit, "percent v/v"),
            strength,
            each,
            stocks,
            into,
            component,
            want.kind,
            read(soluble) if soluble is not None else None,
        )
        return made.series(groups, doses, stock, ratio, _mine(bench, have or (), str(compound)), [g for where in also for g in bench.groups(where)])
    refuse_unequal(bench, source, diluent)
    return aqueous(
        bench, source, bench.reagent(diluent, compound), groups, [dose * strength for dose in doses], component, want, stock, ratio, each, into
    )


def _option(bench: Bench) -> str:
    """Return the option by which stocks at hand are given, so that the command line is blamed for them."""
    return next((parameter.option for parameter in bench.run.protocol.parameters.values() if parameter.form == "pairs"), "")


def _mine(bench: Bench, have: Have, compound: str) -> Have:
    """Return what is in the freezer of this compound; refuse a stock that does not say whose it is, or of nobody's."""
    names = bench.compounds
    for who, strength, _ in have:
        if not who and len(names) > 1:
            raise ProtocolError(
                f"{show(strength.value, strength.kind)} is a stock of one of {', '.join(names)}",
                f"say whose: '{names[0]} {strength}: ...'",
                _option(bench),
            )
        if who and who not in names:
            raise ProtocolError(f"{who!r} is not in this run", f"its compounds are {', '.join(names)}", _option(bench))
    return tuple(item for item in have if item[0] in ("", compound))


@dataclass
class _Vehicle:
    """A series in vehicle, then into medium; all tubes of one call."""

    bench: Bench
    source: Reagent
    vehicle: Reagent
    diluent: Reagent
    limit: Quantity
    strength: int
    each: int
    stocks: str
    into: str
    component: str
    kind: str
    soluble: Quantity | None

    def series(self, groups: list[Group], doses: list[Fraction], stock: Fraction, ratio: Fraction, have: Have, also: list[Group]) -> Said:
        """Make all tubes; return their tables."""
        bench, kind = self.bench, self.kind
        whole = self._whole(doses[0], stock)
        fold = whole / self.strength
        by_use = {used: self._into_medium(used, fold) for used in dict.fromkeys(group.size * self.each for group in groups)}
        plans = {group.id: by_use[group.size * self.each] for group in groups}
        keep = bench.lab.spare(max(planned.drawn for planned in plans.values()), "tube").amount
        tube = max(SMALLEST, two_figures_up(dilution.tube(keep, ratio) if len(groups) > 1 else keep))
        frozen = self._matched(have, [dose * whole for dose in doses])
        rows, sources = self._dose_stocks(groups, [dose * whole for dose in doses], stock, ratio, tube, plans, frozen)
        title = f"working solutions in {self.diluent.name}"
        rows_medium: list[tuple[str, ...]] = []
        for group, dose in zip(groups, doses, strict=True):
            holds = Quantity(dose * self.strength, kind)
            rows_medium += filled(bench, sources[group.id], self.diluent, plans[group.id], self.into, group, holds, title)
            bench.claim(bench.groups(f"{self.into}/{group.name}"), self.component, kind, holds.value)
        if also:
            alone = self._into_medium(sum(group.size for group in also) * self.each, fold)
            share = Quantity(self.limit.value * self.strength, self.limit.kind)
            plans["vehicle"] = alone
            like = Group("x/vehicle", 1, 0, "", family="vehicle")
            rows_medium += filled(bench, self.vehicle, self.diluent, alone, self.into, like, share, title)
        self._cautions({name: planned for name, planned in plans.items() if name != "vehicle"}, doses[0] * whole)
        first = table(("tube", "strength", "take", short_name(self.vehicle), "makes"), rows, "lrlrr") if len(rows) > 1 or rows[0][4] else ""
        second = table(("tube", "strength", "take", short_name(self.diluent), "makes"), rows_medium, "lrlrr")
        said = strokes(bench, [planned.diluent for planned in plans.values()])
        return bench.say("series", [], text=f"\n\n{first}\n\n{second}\n\n{said}")

    def _whole(self, top: Fraction, stock: Fraction) -> Fraction:
        """Return the fold from dose stock to well: pure vehicle over its limit, 1000 for 0.1 %."""
        solvent, pure = next(iter(self.vehicle.contains.items()), (self.vehicle.name, None))
        if solvent not in self.source.contains or pure is None or len(self.vehicle.contains) > 1:
            raise ProtocolError(f"{self.source.id!r} is not dissolved in {solvent}", "name the vehicle that it is dissolved in")
        whole = pure.value / self.limit.value
        if stock < top * whole * (1 - self.bench.lab.tolerance):
            most, strong, weak = show(stock / whole, self.kind), show(top * whole, self.kind), show(stock, self.kind)
            message = f"{self.source.name} is too weak ({weak}): {show(top, self.kind)} at {self.limit} {solvent} needs {strong}"
            raise ProtocolError(message, f"a top dose of {most} at most, a stronger stock, or more {solvent}", answer=True)
        return whole

    def _into_medium(self, used: int, fold: Fraction) -> Planned:
        """Plan a working tube; where the stock's part is just too small, up to twice as much is made instead of an intermediate."""
        bench = self.bench
        enough = bench.lab.spare(used, "tube", each=self.each).amount
        settable = two_figures_up(bench.lab.trust * fold)
        return plan(bench, settable if enough < settable <= 2 * enough else enough, fold)

    def _matched(self, have: Have, strengths: list[Fraction]) -> dict[int, tuple[Quantity, int]]:
        """Return which dose (by place) is in the freezer, at what strength and how much of it."""
        found: dict[int, tuple[Quantity, int]] = {}
        for _, strength, amount in have:
            near = [
                n for n, dose in enumerate(strengths) if strength.kind == self.kind and abs(strength.value - dose) <= dose * self.bench.lab.tolerance
            ]
            if not near:
                stocks = ", ".join(show(dose, self.kind) for dose in strengths)
                raise ProtocolError(f"{strength} is no dose stock of this series", f"its stocks are {stocks}", _option(self.bench), answer=True)
            if near[0] in found:
                raise ProtocolError(f"{strength} is given twice", "add the two volumes up, if they are of one batch", _option(self.bench))
            found[near[0]] = strength, int(amount.value)
        return found

    def _dose_stocks(
        self,
        groups: list[Group],
        strengths: list[Fraction],
        stock: Fraction,
        ratio: Fraction,
        tube: int,
        plans: dict[str, Planned],
        frozen: dict[int, tuple[Quantity, int]],
    ) -> tuple[list[tuple[str, ...]], dict[str, Reagent | Group]]:
        """Make the dose stocks; return their rows, and what each dose is taken from: where it is as strong, the stock itself."""
        bench, rows = self.bench, []
        sources: dict[str, Reagent | Group] = {}
        before: Reagent | Group = self.source
        held = stock
        onward = plan(bench, tube, ratio).drawn if set(range(1, len(groups))) - set(frozen) else 0
        for place, (group, strength) in enumerate(zip(groups, strengths, strict=True)):
            label = show(strength, self.kind)
            if place in frozen:
                rows.append(self._from_freezer(group, label, *frozen[place]))
            elif before is self.source and abs(held - strength) <= strength * bench.lab.tolerance:
                rows.append((tube_name(self.stocks, group), label, f"is {self.source.name}", "", ""))
                sources[group.id] = self.source
                continue
            else:
                title = f"dose stocks in {self.vehicle.name}"
                holds = Quantity(strength, self.kind)
                rows += filled(bench, before, self.vehicle, plan(bench, tube, held / strength), self.stocks, group, holds, title)
            made = bench.groups(f"{self.stocks}/{group.name}")[0]
            bench.claim([made], self.component, self.kind, strength)
            sources[group.id] = before = made
            held = made.strength(self.component)  # what is there, so that rounding does not add up down the series
            carried = onward if place + 1 < len(groups) and place + 1 not in frozen else 0
            needed = plans[group.id].drawn + carried
            if made.volume < needed:
                has, enough = volume(made.volume), volume(two_figures_up(bench.lab.spare(needed, "tube").amount))
                message = f"the {label} stock in the freezer is {has}, and this run takes {volume(needed)} of it"
                raise ProtocolError(message, f"have {enough}, or leave it out: then it is made", _option(bench), answer=True)
        return rows, sources

    def _from_freezer(self, group: Group, label: str, strength: Quantity, amount: int) -> tuple[str, ...]:
        """Begin with a tube that is in the freezer already: it enters the ledger as it is."""
        bench = self.bench
        solvent = {name: held for name, held in self.source.contains.items() if name != self.component}
        name = f"{self.source.name}, from the freezer" if strength.value == self._stock() else f"{label} dose stock from the freezer"
        had = Reagent(
            f"{bench.prefix}frozen {group.name}",
            name,
            0,
            {self.component: strength, **solvent},
            rule=EXACT,
            hazards=self.source.hazards,
            family="frozen",
            of=group.of,
        )
        bench.enlist(had)
        tube = bench.tube(self.stocks, group.name, amount, group)
        bench.pour("add", had, [(tube, amount)])
        return (tube_name(self.stocks, group), label, f"is in the freezer ({volume(amount)})", "", volume(amount))

    def _stock(self) -> Fraction:
        held = self.source.contains[self.component]
        return held.value if held is not None else Fraction(0)

    def _cautions(self, plans: dict[str, Planned], strongest: Fraction) -> None:
        detours = [planned.intermediate for planned in plans.values() if planned.intermediate]
        if not detours:
            return
        bench, trust, medium = self.bench, volume(self.bench.lab.trust), self.diluent.name
        bench.warn("intermediate", f"less than {trust} of a dose stock cannot be trusted, so an intermediate in {medium} is made first", "N")
        between = Quantity(max(strongest * planned.take / planned.made for planned in detours), self.kind)
        if self.soluble is not None and self.soluble.kind == between.kind and between > self.soluble:
            message = f"the strongest intermediate holds {between} in {medium}, and above {self.soluble} a drug may come out: look for a haze"
            bench.warn("precipitate", f"{message}; with more plates or a higher vehicle limit no intermediate is needed")
