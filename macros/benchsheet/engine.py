"""One pass over a protocol: values in, prose and Record out; what cannot be done is refused with the place and the way out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from . import schedule
from .errors import ProtocolError, option_flag
from .lab import Lab, default_lab
from .protocol import citations
from .protocol.lab_tables import with_lab_tables
from .protocol.nested import NestedDecl
from .protocol.reader import Protocol, read_protocol
from .protocol.source import Source
from .record import header, inventory, operations, plate_wells
from .record.hazards import HazardList
from .record.identity import build_identity, content_digest, inputs_digest, name_run, run_key
from .record.inventory import find_incompatible, find_misrouted
from .record.protocol_words import record_entries, record_equipment, record_totals, shorten_devices
from .run.bench import Bench
from .run.events import RunWarning
from .run.given import reject_ungiven, warn_empty_places
from .run.inputs import RunInputs, resolve_inputs
from .run.nested import enter
from .run.nested.merge import join_devices
from .run.setup import set_up_bench
from .run.sizing import ShelfAmount, size_recipes
from .run.strength_names import reject_shared_names
from .run.value_texts import parameter_to_text
from .templating.bound_verb import template_namespace
from .templating.environment import run_template
from .units import format_amount

if TYPE_CHECKING:
    from .record.types import Level, Notice, Record, Work
    from .schedule.hours import PlannedTime
    from .schedule.rows import ExtendedWait, ScheduleRow
    from .schedule.start import Start

_FIGURES = ("reagents", "preparations", "vessels", "plates", "steps", "totals", "hands_on", "controls", "gates", "equipment", "waste", "leftovers")


def load_protocol(source: Source) -> Protocol:
    """Return the protocol of *source*, read once for as long as the source lives."""
    loaded_protocol: Protocol | None = source.cache.get("protocol")
    if loaded_protocol is None:
        loaded_protocol = source.cache["protocol"] = read_protocol(source)
    return loaded_protocol


def render(
    source: Source, arguments: Mapping[str, str] | None = None, lab: Lab | None = None, start: str = "", *, name: str = "", sealed: bool = True
) -> Record:
    """Return the Record of *source* with *arguments* values (name to text as typed) in *lab*, from *start* if it is given.

    *name* is what the run is called. The seal, a hash over all of it, may be left out where nobody sees it: on a sheet for people.
    Raise ProtocolError, with file, line and hint, for any mistake of author or user and for what cannot be done.
    """
    try:
        record = _build(source, arguments or {}, lab or default_lab(), start)
    except ProtocolError as error:
        raise _attribute(error, arguments or {}) from None
    if name:
        name_run(record["identity"], name)
        header.add_name(record["invocation"], name)
    if sealed:
        record["seal"] = content_digest(record)
    return record


def _attribute(error: ProtocolError, arguments: Mapping[str, str]) -> ProtocolError:
    """Blame the command line for what its values ask in vain."""
    options = [option_flag(name) for name in error.parameters if name in arguments]
    if error.from_values and options and error.line:
        error.file, error.line = ", ".join(options), None
    return error


def _build(source: Source, arguments: Mapping[str, str], lab: Lab, start: str) -> Record:
    protocol = with_lab_tables(load_protocol(source), lab)
    inputs, begin = resolve_inputs(protocol, arguments), None
    if start:
        from .schedule.start import parse_start  # the calendar of the standard library takes a hundredth of a render to load

        begin = parse_start(start, lab.zone)
    try:
        record = _build_inputs(inputs, lab, begin)
    except ProtocolError as error:
        from .run.instrument_trial import blame_instruments  # only for what is refused

        raise blame_instruments(error, lab, lambda other: _build_inputs(resolve_inputs(protocol, arguments), other, begin)) from None
    for name in _find_idle_options(inputs, arguments, lab, record):
        said = f"{option_flag(name)} {parameter_to_text(inputs.protocol, inputs.values, name)} is given, and nothing here uses it"
        record["warnings"].append({"code": "unused", "level": "W", "message": said, "step": None, "citations": []})
    return record


def _build_inputs(inputs: RunInputs, lab: Lab, begin: Start | None) -> Record:
    bench = set_up_bench(inputs, lab)
    try:
        amounts = _pipette(inputs, bench)
    except ProtocolError as error:
        error.volumes = bench.journal.settings | error.volumes
        raise
    return _assemble(inputs, bench, amounts, begin)


def _pipette(inputs: RunInputs, bench: Bench) -> dict[str, ShelfAmount]:
    enter.set_up_nested(bench, _fill)
    _fill(inputs, bench)
    enter.finish_nested(bench, _fill)
    if not bench.journal.steps:
        file = inputs.protocol.source.display_path("protocol.md.j2")
        raise ProtocolError("the protocol has no step", 'write {% step "Title" %} ... {% endstep %}', file, 1)
    reject_ungiven(bench)
    warn_empty_places(bench)
    bench.location = ("protocol.yml", 0)
    bench.journal.instruments |= {
        "overage": f"{format_amount(bench.lab.overage.percent, 'fraction')} of what is dispensed",
        "tolerance": format_amount(bench.lab.tolerance * 100, "fraction"),
    }
    amounts = size_recipes(bench)
    reject_shared_names([reagent for reagent in bench.reagents.values() if reagent.id in amounts])
    return amounts


def _find_idle_options(inputs: RunInputs, arguments: Mapping[str, str], lab: Lab, record: Record) -> Iterator[str]:
    """Yield each option of a protocol in this one that is given and changes nothing on the sheet, since what uses it is left out.

    Only the sheet without it tells: words, recipes and vessels of steps that are left out read their values all the same.
    """
    warned = " ".join(warning["message"] for warning in record["warnings"] if warning["code"] == "unused")
    for declaration in filter(_leaves_out, inputs.protocol.nested_protocols.values()):
        for name in map(declaration.host_name, declaration.options):
            if name not in inputs.changed_names or f"{option_flag(name)} " in warned:
                continue
            others = {key: text for key, text in arguments.items() if key != name}
            try:
                without = resolve_inputs(inputs.protocol, others)
                own, usual = (enter.resolve_child(declaration, each, lab).values for each in (inputs, without))
                if own != usual and _list_figures(_build_inputs(without, lab, None)) == _list_figures(record):  # a default that is typed is not idle
                    yield name
            except ProtocolError:
                continue  # nothing can be made without it


def _leaves_out(declaration: NestedDecl) -> bool:
    return bool(declaration.start) or any(map(_leaves_out, declaration.child.nested_protocols.values()))


def _list_figures(record: Record) -> list[Any]:
    """Return what a sheet says of figures and acts; of its warnings those that rest on no plan of the day."""
    return [[each["message"] for each in record["warnings"] if not each["step"]], *(cast("dict[str, Any]", record)[key] for key in _FIGURES)]


def _fill(this: RunInputs, bench: Bench) -> None:
    run_template(this.protocol.source, template_namespace(this, bench))
    this.sheet_steps.finish()


def _assemble(inputs: RunInputs, bench: Bench, amounts: dict[str, ShelfAmount], begin: Start | None) -> Record:
    protocol, parts = inputs.protocol, bench.parts()
    rows, extended_waits = _plan(bench, begin)
    bench.journal.warnings += [
        RunWarning(
            code="wait-grows",
            level="W" if extended_wait.is_serious else "N",
            message=schedule.describe_extension(extended_wait),
            step=extended_wait.step.number,
        )
        for extended_wait in extended_waits
    ]
    planned_times = _compare_hours(bench, parts, rows)
    hazards = HazardList(bench, parts)
    for part in reversed(parts):
        found = find_incompatible(part.substances.table, bench.ledger.waste) if part.substances else []
        bench.journal.warnings += [warning for warning in found if warning not in bench.journal.warnings]
    substances = next((part.substances for part in parts if part.substances), None)
    bench.journal.warnings += find_misrouted(bench, substances) if substances else []
    steps = operations.record_steps(bench, hazards)
    controls = _collect(parts, lambda part: record_entries(part, "controls", ("why",)))
    gates = _collect(parts, lambda part: record_entries(part, "gates", ("limit", "reading")))
    keys = [key for warning in bench.journal.warnings if warning.level == "W" for key in warning.cite]  # in the order in which a sheet is read
    keys += [key for item in (*controls, *steps, *gates) for key in item["citations"]]
    keys += [key for preparation in bench.journal.preparations if preparation.id in bench.reagents for key in bench.reagents[preparation.id].cite]
    keys += [key for warning in bench.journal.warnings for key in warning.cite]
    keys += [key for part in parts for key in part.inputs.protocol.citations]
    values = {name: inputs.typed_texts.get(name) or parameter_to_text(protocol, inputs.values, name) for name in protocol.parameters}
    digest = inputs_digest(protocol.source_texts(), values, bench.lab.to_text(), begin.to_text() if begin else "")
    return {
        "schema": "benchsheet-record/2",
        "identity": build_identity(_run_key(inputs, begin), digest),
        "protocol": header.record_protocol(inputs),
        "invocation": header.record_invocation(inputs, bench, begin),
        "parameters": header.record_parameters(inputs),
        "derived": header.record_derived(parts),
        "counts": header.record_counts(bench),
        "retained": sorted(bench.journal.retained_components),
        "lab": header.record_lab(bench),
        "clock": header.record_clock(bench, rows, begin),
        "reagents": operations.record_reagents(bench, amounts, hazards),
        "preparations": operations.record_preparations(bench, hazards),
        "vessels": inventory.record_vessels(bench),
        "plates": plate_wells.record_plates(bench, [layout for part in parts for layout in part.layouts.values()]),
        "steps": steps,
        "schedule": header.record_schedule(rows, begin),
        "planned": header.record_planned(bench, planned_times),
        "totals": _collect(parts, record_totals),
        "hands_on": header.record_hands_on(bench),
        "warnings": [_record_warning(warning) for warning in bench.journal.warnings],
        "controls": controls,
        "gates": gates,
        "equipment": shorten_devices(join_devices(_collect(parts, record_equipment)) if len(parts) > 1 else record_equipment(bench)),
        "waste": inventory.record_waste(bench),
        "leftovers": _collect(parts, lambda part: inventory.record_leftovers(part.inputs)),
        "citations": _build_citations(parts, keys),
        "notice": "Research use only; not for diagnosis or therapy.",
        "seal": "",
    }


def _plan(bench: Bench, begin: Start | None) -> tuple[list[ScheduleRow], list[ExtendedWait]]:
    """Return the schedule, and the waits that grow in it; note the settings of the lab that a plan by the clock takes."""
    if begin is None:
        return schedule.schedule_elapsed(bench.journal.steps)
    from .schedule.clock import schedule_by_clock  # only where somebody asks for a calendar

    plan = schedule_by_clock(bench.journal.steps, begin, bench.lab)
    bench.journal.instruments |= {"working hours": bench.lab.hours.format_week(), "people": str(bench.lab.people)} | (
        {"time zone": begin.zone} if begin.zone else {}
    )
    return plan


def _compare_hours(bench: Bench, parts: list[Bench], rows: list[ScheduleRow]) -> list[PlannedTime]:
    """Return what the plan has for the times that words of the protocols rest on, and warn of what differs."""
    planned_times: list[PlannedTime] = []
    if any(part.inputs.protocol.hours for part in parts):
        from .schedule.hours import check_hours  # only where words rest on the hours of a plan

        for part in parts:
            warnings, own_times = check_hours(part.inputs, bench.journal.steps, rows, part.scope.step_titles, part.scope.left_out)
            bench.journal.warnings += warnings
            planned_times += own_times
    return planned_times


def _record_warning(warning: RunWarning) -> Notice:
    level = cast("Level", warning.level)
    return {"code": warning.code, "level": level, "message": warning.message, "step": warning.step or None, "citations": list(warning.cite)}


def _run_key(this: RunInputs, begin: Start | None) -> str:
    """Return the key of the run; the capitals of a choice and the order of values per item are the protocol's, and are not part of it."""
    given = dict(this.user_values)
    for name, text in given.items():
        parameter = this.protocol.parameters[name]
        words = parameter.form.fold(text)
        given[name] = "; ".join(sorted(words.split("; "))) if parameter.per_item else words
    return run_key(this.protocol.id, given, begin.day() if begin else "")


def _collect(parts: list[Bench], build: Callable[[Bench], list[Any]]) -> list[Any]:
    """Return what each protocol says, the same thing once."""
    if len(parts) == 1:
        return build(parts[0])
    items: list[Any] = []
    for part in parts:
        items += [item for item in build(part) if item not in items]
    return items


def _build_citations(parts: list[Bench], keys: list[str]) -> list[Work]:
    """Return the works cited."""
    bibtex_texts = dict.fromkeys(part.inputs.protocol.source.shared_files.get(citations.REFERENCES_FILE, "") for part in parts)
    return cast("list[Work]", citations.build_citations("\n".join(bibtex_texts), keys))
