"""One pass over a protocol: values in, prose and Record out; what cannot be done is refused with the place and the way out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from . import schedule as times
from .errors import ProtocolError
from .lab import Lab, default
from .protocol import citations as references
from .protocol.reader import Protocol, protocol
from .protocol.source import Source
from .record import header as naming
from .record import inventory as holding
from .record import operations as doing
from .record.hazards import hazard, incompatible
from .record.identity import identity, inputs, run_key, seal
from .run.bench import Bench
from .run.events import Warned
from .run.inputs import Run, run, typed_again
from .run.lab_tables import in_lab
from .run.nested import enter as composition
from .run.racks import Vessel as Plates
from .run.setup import set_out
from .run.sizing import Ready, settle_up
from .templating.environment import fill
from .templating.namespace import words
from .units import show


def declared(source: Source) -> Protocol:
    """Return the protocol of *source*, read once for as long as the source lives."""
    made: Protocol | None = source.kept.get("protocol")
    if made is None:
        made = source.kept["protocol"] = protocol(source)
    return made


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
        record["seal"] = seal(record)
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
    composition.enter(bench, _fill)
    _fill(this, bench)
    composition.close(bench)
    if not bench.steps:
        raise ProtocolError("the protocol has no step", 'write {% step "Title" %} ... {% endstep %}', source.name("protocol.md.j2"), 1)
    ready = _settled(bench)
    return _record(this, bench, ready, plates, begin)


def _fill(this: Run, bench: Bench) -> None:
    fill(this.protocol.source, words(this, bench))


def _settled(bench: Bench) -> dict[str, Ready]:
    bench.place = ("protocol.yml", 0)
    bench.used |= {
        "overage": f"{show(bench.lab.overage.percent, 'fraction')} of what is dispensed",
        "tolerance": show(bench.lab.tolerance * 100, "fraction"),
    }
    return settle_up(bench)


def _record(this: Run, bench: Bench, ready: dict[str, Ready], plates: Mapping[str, Plates], begin: times.Start | None) -> dict[str, Any]:
    made, parts = this.protocol, [bench, *bench.parts()]
    if begin:
        from .schedule.clock import by_the_clock  # only where somebody asks for a calendar

        rows, grown = by_the_clock(bench.steps, begin, bench.lab)
        bench.used |= {"working hours": bench.lab.hours.words(), "people": str(bench.lab.people)} | ({"time zone": begin.zone} if begin.zone else {})
    else:
        rows, grown = times.schedule(bench.steps)
    bench.warnings += [Warned("wait-grows", "W" if found.serious else "N", times.explained(found), found.step.number) for found in grown]
    hazards: dict[str, Any] = {}
    for part in reversed(parts):
        rows_of = part.run.protocol.tables.get("hazards")
        if rows_of:
            hazards |= {name: hazard(rows_of, name) for reagent in part.reagents.values() for name in reagent.hazards}
            bench.warnings += [found for found in incompatible(rows_of, bench.ledger.waste) if found not in bench.warnings]
    steps = doing.steps(bench, hazards)
    controls = _of_all(parts, lambda part: _listed(part.run, "controls", ("why",)))
    gates = _of_all(parts, lambda part: _listed(part.run, "gates", ("limit", "reading")))
    keys = [key for item in (*controls, *steps, *gates) for key in item["citations"]]  # in the order in which a sheet is read
    keys += [key for made_here in bench.preparations if made_here.id in bench.reagents for key in bench.reagents[made_here.id].cite]
    keys += [key for warned in bench.warnings for key in warned.cite]
    keys += [key for part in parts for key in part.run.protocol.tree.items_of("citations")]
    values = {name: typed_again(made, this.values, name) for name in made.parameters}
    digest = inputs(made.sources(), values, bench.lab.canonical(), begin.canonical() if begin else "")
    record: dict[str, Any] = {
        **naming.head(this, bench, begin),
        "digest": digest,
        "identity": identity(_run_key(this, begin), digest),
        "reagents": doing.reagents(bench, ready, hazards),
        "preparations": doing.preparations(bench, hazards),
        "vessels": holding.vessels(bench),
        "plates": holding.plates(bench, [*plates.values(), *(each for part in parts if part.entry for each in part.entry.plates.values())]),
        "steps": steps,
        "totals": _of_all(parts, lambda part: _totals(part.run)),
        "hands_on": naming.total_time(bench),
        "schedule": naming.timetable(rows, begin),
        "warnings": [
            {"code": w.code, "level": w.level, "message": w.message, "step": w.step or None, "citations": list(w.cite)} for w in bench.warnings
        ],
        "lab": naming.lab(bench),
        "derived": naming.derived(parts),
        "controls": controls,
        "gates": gates,
        "equipment": _of_all(parts, _equipment),
        "waste": holding.waste(bench),
        "leftovers": _of_all(parts, lambda part: holding.leftovers(part.run)),
        "notice": "Research use only; not for diagnosis or therapy.",
        "citations": _cited(parts, keys),
    }
    return record


def _run_key(this: Run, begin: times.Start | None) -> str:
    """Return the key of the run; the capitals of a choice and the order of what is told of each are the protocol's, and have no part in it."""
    given = dict(this.user_values)
    for name, text in given.items():
        parameter = this.protocol.parameters[name]
        words = text.casefold() if parameter.form == "choices" else text
        given[name] = "; ".join(sorted(words.split("; "))) if parameter.told else words
    return run_key(this.protocol.id, given, begin.day() if begin else "")


def _of_all(parts: list[Bench], told: Callable[[Bench], list[Any]]) -> list[Any]:
    """Return what each protocol says, the same thing once."""
    if len(parts) == 1:
        return told(parts[0])
    found: list[Any] = []
    for part in parts:
        found += [each for each in told(part) if each not in found]
    return found


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


def _equipment(bench: Bench) -> list[dict[str, Any]]:
    this, entry = bench.run, bench.entry
    tree = this.protocol.tree.map("equipment")
    found = []
    for name in tree:
        try:
            called, places = this.fill(tree.map(name).text("name", name)), bench.equipment[name][0]
            key = entry.devices[name] if entry else name
            if entry and name in entry.idle and all(step.equipment != key for step in bench.steps):
                continue  # it stands ready for steps that are left out
            most = max((len(step.lots) for step in bench.steps if step.equipment == key), default=1)
            found.append({"id": key, "name": called, "places": str(places or ""), "batches": most or 1})
        except ProtocolError as error:
            raise error.at(tree.file, tree.lines[name]) from None
    return found


def _cited(parts: list[Bench], keys: list[str]) -> list[dict[str, Any]]:
    """Return the works cited; only the list of the protocol's own citations is unchecked by now."""
    made = parts[0].run.protocol
    known = dict.fromkeys(part.run.protocol.source.shared.get(references.FILE, "") for part in parts)
    try:
        return references.cited("\n".join(known), keys)
    except ProtocolError as error:
        raise error.at(made.file, made.tree.lines.get("citations", 1)) from None
