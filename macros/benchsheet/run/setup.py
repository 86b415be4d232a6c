"""The bench before the first step: reagents on the shelf, empty plates, devices with their places; refuses what is not there."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from .._dataclass import replace
from ..errors import Collector, ProtocolError, near
from ..lab import Lab
from ..protocol import citations as references
from ..units import CONCENTRATIONS, read
from .bench import Bench, Rule
from .events import Warned
from .inputs import Run
from .ledger import Group, Ledger, Vessel
from .plates import vessels
from .racks import Vessel as Plates
from .reagents import reagents


def set_out(this: Run, lab: Lab) -> tuple[Mapping[str, Plates], Bench]:
    """Return the bench before the first step: reagents on the shelf, empty plates."""
    made, tree = this.protocol, this.protocol.tree
    mistakes = Collector()
    shelf: dict[str, Any] = {}
    plates: dict[str, Plates] = {}
    with mistakes.at(made.file):
        shelf = reagents(tree.map("reagents"), this.values, this.fill, this.work)
    with mistakes.at(made.file):
        plates = vessels(tree.map("vessels"), this.values, lab, this.work)
    mistakes.close()
    for name, reagent in shelf.items():
        if name in lab.shelf or reagent.recipe and reagent.recipe in lab.shelf:
            shelf[name] = replace(reagent, make=None)  # it stands there: nobody makes it
    ledger = Ledger({name: _empty(vessel) for name, vessel in plates.items()})
    bench = Bench(this, lab, shelf, ledger, frozenset(tree.items_of("stays")), _rule(this, shelf))
    bench.works = references.works(made.source.shared.get(references.FILE, ""))
    bench.equipment = _places(this)
    over = next((tree.map("vessels").map(name).text("for") for name in plates if "for" in tree.map("vessels").map(name)), "")
    bench.compounds = tuple(str(name) for name in this.values[over]) if over else ()
    lists = dict.fromkeys(tree.map("reagents").map(name).text("for") for name in tree.map("reagents") if "for" in tree.map("reagents").map(name))
    bench.owners = tuple(dict.fromkeys([*bench.compounds, *(str(name) for listed in lists for name in this.values[listed])]))
    bench.warnings += [Warned(found.code, found.level, found.message, 0, found.cite) for found in this.findings]
    return plates, bench


def _places(this: Run) -> dict[str, tuple[int, str]]:
    """Return for each device how many it takes at a time, 0 if that is not said, and what balances an odd batch."""
    tree = this.protocol.tree.map("equipment")
    found = dict.fromkeys(tree, (0, ""))
    for name in tree:
        entry = tree.map(name)
        if "places" not in entry:
            continue
        try:
            places = this.work(entry.text("places"))
            if not isinstance(places, int | Fraction) or isinstance(places, bool) or places != int(places) or places < 1:
                raise ProtocolError(
                    f"places {entry.text('places')!r} is not a whole number from 1 up", "write a number, or an expression over the run's values"
                )
            found[name] = int(places), this.fill(entry.text("balanced"))
        except ProtocolError as error:
            raise error.at(entry.file, entry.lines["places"]) from None
    return found


def _empty(vessel: Plates) -> Vessel:
    plate = vessel.plate
    groups = {
        name: Group(
            f"{vessel.id}/{name}", p.size, plate.brim, plate.name, p.role, p.family, p.number, p.of, plate.fixing, plate.working,
            place=plate.place, meant=p.meant,
        )
        for name, p in vessel.places.items()
    }  # fmt: skip
    return Vessel(vessel.id, plate.name, vessel.count, groups, vessel.sets, vessel.rest)


def _rule(this: Run, shelf: Mapping[str, Any]) -> Rule | None:
    entry = this.protocol.tree.map("vehicle")
    if not entry:
        return None
    entry.only(("component", "limit", "in", "when"), "'vehicle'")
    entry.need(("component", "limit", "in"), "'vehicle'")
    if "when" in entry and this.holds(entry.text("when"), entry) is not True:
        return None
    try:
        limit = read(this.amount(entry.text("limit")), *CONCENTRATIONS)
    except ProtocolError as error:
        raise error.at(entry.file, entry.lines["limit"]) from None
    components = {name for reagent in shelf.values() for name in reagent.contains}
    if entry.text("component") not in components:
        refusal = ProtocolError(f"no reagent contains {entry.text('component')!r}", near(entry.text("component"), components, "components"))
        raise refusal.at(entry.file, entry.lines["component"])
    return Rule(entry.text("component"), limit, entry.text("in"))
