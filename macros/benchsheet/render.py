"""One pass over a protocol: values in, prose and Record out; what cannot be done is refused with the place and the way out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from . import document
from . import schedule as times
from .errors import Collector, ProtocolError, near
from .lab import Lab, default
from .ledger import Group, Ledger, Vessel
from .placed import Placed
from .record import digest
from .record.hazards import hazard, incompatible
from .record.model import Warned
from .spec import Protocol, Run, Source, protocol, references, run, typed_again
from .spec.lab_tables import in_lab
from .spec.racks import Vessel as Plates
from .spec.reagents import reagents
from .spec.vessels import vessels
from .template import fill
from .units import CONCENTRATIONS, read, show
from .verbs import VERBS, Bench, Ready, Rule, settle_up

_READ: dict[int, tuple[Source, Protocol]] = {}


def declared(source: Source) -> Protocol:
    """Return the protocol of *source*, read once for as long as the source lives."""
    held = _READ.get(id(source))
    if held is None or held[0] is not source:
        if len(_READ) > 64:
            _READ.clear()
        held = _READ[id(source)] = source, protocol(source)
    return held[1]


def render(source: Source, given: Mapping[str, str] | None = None, lab: Lab | None = None, start: str = "", *, sealed: bool = True) -> dict[str, Any]:
    """Return the Record of *source* with *given* values (name to text as typed) in *lab*, from *start* if it is given.

    The seal, a hash over all of it, may be left out where nobody sees it: on a sheet for people.
    Raise ProtocolError, with file, line and hint, for any mistake of author or user and for what cannot be done.
    """
    try:
        record = _rendered(source, given or {}, lab or default(), start)
    except ProtocolError as error:
        raise _blamed(error, given or {}) from None
    if sealed:
        record["seal"] = digest.seal(record)
    return record


def _blamed(error: ProtocolError, given: Mapping[str, str]) -> ProtocolError:
    """Blame the command line for what its values ask in vain."""
    typed = ["--" + name.replace("_", "-") for name in error.parameters if name in given]
    if error.answer and typed and error.line:
        error.file, error.line = ", ".join(typed), None
    return error


def _rendered(source: Source, given: Mapping[str, str], lab: Lab, start: str) -> dict[str, Any]:
    made = in_lab(declared(source), lab)
    this = run(made, given)
    begin = times.start(start, lab.zone) if start else None
    plates, bench = set_out(this, lab)
    fill(source, _words(this, bench))
    if not bench.steps:
        raise ProtocolError("the protocol has no step", 'write {% step "Title" %} ... {% endstep %}', source.name("protocol.md.j2"), 1)
    ready = _settled(bench)
    return _record(this, bench, ready, plates, begin)


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
    for name in lab.shelf & shelf.keys():
        shelf[name] = replace(shelf[name], make=None)  # it stands there: nobody makes it
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


def _words(this: Run, bench: Bench) -> dict[str, Any]:
    """Return what a template can name: the run's values (counts as whole numbers) and the verbs."""
    values = {name: int(value) if type(value) is Fraction and value.denominator == 1 else value for name, value in this.values.items()}
    return {**values, **{name: Placed(verb, bench) for name, verb in VERBS.items()}, "_bench": bench}


def _settled(bench: Bench) -> dict[str, Ready]:
    bench.place = ("protocol.yml", 0)
    bench.used |= {
        "overage": f"{show(bench.lab.overage.percent, 'fraction')} of what is dispensed",
        "tolerance": show(bench.lab.tolerance * 100, "fraction"),
    }
    return settle_up(bench)


def _record(this: Run, bench: Bench, ready: dict[str, Ready], plates: Mapping[str, Plates], begin: times.Start | None) -> dict[str, Any]:
    made, tree = this.protocol, this.protocol.tree
    if begin:
        from .schedule.fitting import by_the_clock  # only where somebody asks for a calendar

        rows, grown = by_the_clock(bench.steps, begin, bench.lab)
        bench.used |= {"working hours": bench.lab.hours.words(), "people": str(bench.lab.people)}
    else:
        rows, grown = times.schedule(bench.steps)
    bench.warnings += [Warned("wait-grows", "W" if found.serious else "N", times.explained(found), found.step.number) for found in grown]
    rows_of = made.tables.get("hazards")
    hazards = {name: hazard(rows_of, name) for reagent in bench.reagents.values() for name in reagent.hazards} if rows_of else {}
    bench.warnings += incompatible(rows_of, bench.ledger.waste) if rows_of else []
    steps = document.steps(bench, hazards)
    controls = _listed(this, "controls", ("why",))
    gates = _listed(this, "gates", ("limit", "reading"))
    keys = [key for item in (*controls, *steps, *gates) for key in item["citations"]]  # in the order in which a sheet is read
    keys += [key for made_here in bench.preparations if made_here.id in bench.reagents for key in bench.reagents[made_here.id].cite]
    keys += [key for warned in bench.warnings for key in warned.cite] + list(tree.items_of("citations"))
    values = {name: typed_again(made, this.values, name) for name in made.parameters}
    record: dict[str, Any] = {
        **document.head(this, bench, begin),
        "digest": digest.digest(made.sources(), values, bench.lab.canonical(), begin.canonical() if begin else ""),
        "reagents": document.reagents(bench, ready),
        "preparations": document.preparations(bench, hazards),
        "vessels": document.vessels(bench),
        "plates": document.plates(bench, plates.values()),
        "steps": steps,
        "totals": _totals(this),
        "hands_on": document.total_time(bench),
        "schedule": document.timetable(rows, begin),
        "warnings": [
            {"code": w.code, "level": w.level, "message": w.message, "step": w.step or None, "citations": list(w.cite)} for w in bench.warnings
        ],
        "lab": document.lab(bench),
        "derived": document.derived(this),
        "controls": controls,
        "gates": gates,
        "equipment": _equipment(this, bench),
        "waste": document.waste(bench),
        "leftovers": document.leftovers(this),
        "notice": "Research use only; not for diagnosis or therapy.",
        "citations": _cited(made, keys),
    }
    return record


def _listed(this: Run, key: str, words: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the controls or the gates, their words filled in; ``when`` leaves one out."""
    tree = this.protocol.tree.map(key)
    found = []
    for name in tree:
        entry = tree.map(name)
        try:
            entry.only((*words, "cite", "when", "evidence"), f"an entry of {key}")
            entry.need(words, f"an entry of {key}")
            if "when" in entry and this.holds(entry.text("when"), entry) is not True:
                continue
            _known_works(this.protocol, entry.items_of("cite"))
            found.append({"name": this.fill(name), **{word: this.fill(entry.text(word)) for word in words}, "citations": entry.items_of("cite")})
        except ProtocolError as error:
            raise error.at(tree.file, tree.lines[name]) from None
    return found


def _known_works(made: Protocol, keys: list[str]) -> None:
    references.cited(made.source.shared.get(references.FILE, ""), keys)


def _totals(this: Run) -> list[str]:
    tree = this.protocol.tree
    try:
        return [this.fill(text) for text in tree.items_of("totals")]
    except ProtocolError as error:
        raise error.at(tree.file, tree.lines["totals"]) from None


def _equipment(this: Run, bench: Bench) -> list[dict[str, Any]]:
    tree = this.protocol.tree.map("equipment")
    found = []
    for name in tree:
        try:
            words, places = this.fill(tree.map(name).text("name", name)), bench.equipment[name][0]
            most = max((len(step.lots) for step in bench.steps if step.equipment == name), default=1)
            found.append({"id": name, "name": words, "places": str(places or ""), "batches": most or 1})
        except ProtocolError as error:
            raise error.at(tree.file, tree.lines[name]) from None
    return found


def _cited(made: Protocol, keys: list[str]) -> list[dict[str, Any]]:
    """Return the works cited; only the list of the protocol's own citations is unchecked by now."""
    try:
        return references.cited(made.source.shared.get(references.FILE, ""), keys)
    except ProtocolError as error:
        raise error.at(made.file, made.tree.lines.get("citations", 1)) from None
