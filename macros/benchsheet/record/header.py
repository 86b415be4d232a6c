"""The head of a Record as data: protocol, command, parameters and derived values, lab, schedule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

from ..errors import ProtocolError, option_flag
from ..expressions.interpolate import format_value
from ..protocol.parameters.labels import NumberedLabel
from ..protocol.parameters.parameter import Parameter
from ..run.bench import Bench
from ..run.inputs import RunInputs
from ..run.same_values import recall_text
from ..run.value_texts import parameter_to_text
from ..schedule import ScheduleRow
from ..units.base_units import Seconds
from .operations import name_steps
from .quantities import exact_time_data, quantity_data, value_data
from .sentences import fill_sentence

if TYPE_CHECKING:
    from ..schedule.hours import PlannedTime
    from ..schedule.start import Start
    from .step_types import Moment, Planned, Row
    from .type_words import ExactTime
    from .types import Clock, DerivedValue, Evidence, Invocation, LabData, LabSetting, ProtocolHead
    from .types import Parameter as ParameterData


def record_protocol(inputs: RunInputs) -> ProtocolHead:
    """Return what is rendered."""
    protocol = inputs.protocol
    head: ProtocolHead = {"id": protocol.id, "title": protocol.title, "version": protocol.version, "summary": protocol.summary}
    if protocol.size:
        head["size"] = fill_sentence(inputs, protocol.size)
    return head


def record_counts(bench: Bench) -> dict[str, int]:
    """Return how many there are of all that is counted; of a protocol in this one with its prefix."""
    return {f"{part.scope.prefix}{name}": count for part in bench.parts() for name, count in part.inputs.counts.items()}


def record_invocation(inputs: RunInputs, bench: Bench, begin: Start | None) -> Invocation:
    """Return the command that makes this sheet again, and what it gives; given values stand in the order of the protocol's parameters.

    A given value that is the default stands there too, so that the command makes the same run if a later version has another default.
    """
    lab_file, start = bench.lab.file, begin.local.isoformat(timespec="minutes") if begin else ""
    given = {**inputs.user_values, **inputs.typed_texts}
    argv = ["benchsheet", "render", inputs.protocol.source.called or inputs.protocol.id]
    for name, text in given.items():
        argv += inputs.protocol.parameters[name].form.to_arguments(name, text)
    if lab_file:
        argv += ["--lab", lab_file]
    if start:
        argv += ["--start", start]
    return {"argv": argv, "command": _join(argv), "given": given, "lab_file": lab_file, "start": start}


def add_name(invocation: Invocation, name: str) -> None:
    """Let the command that makes the sheet again give the run its *name* too."""
    invocation["argv"] += [option_flag("name"), name]
    invocation["command"] = _join(invocation["argv"])


def _join(argv: Sequence[str]) -> str:
    """Return *argv* as it is typed in a shell; most of it needs no quotes, and not the module that knows them."""
    if all(word.isascii() and word.replace("-", "").isalnum() for word in argv):
        return " ".join(argv)
    import shlex

    return shlex.join(argv)


def record_parameters(inputs: RunInputs) -> dict[str, ParameterData]:
    """Return every parameter with its value as data and as text, and whether it differs from the default."""
    return {
        name: {
            "label": parameter.label,
            "value": value_data(_map_items(parameter.form.data, inputs.values[name])),
            "text": parameter_to_text(inputs.protocol, inputs.values, name) if parameter.per_item else _value_text(parameter, inputs.values[name]),
            "changed": name in inputs.changed_names,
            "used": name not in inputs.unused_names,
            "evidence": cast("Evidence", parameter.evidence),
            "citations": list(parameter.cite),
        }
        for name, parameter in inputs.protocol.parameters.items()
    }


def _map_items(change: Callable[[Any], Any], value: Any) -> Any:
    """Return *value*, or each item of a list, as *change* makes it."""
    return tuple([change(item) for item in value]) if isinstance(value, tuple) else change(value)


def _value_text(parameter: Parameter, value: Any) -> str:
    """Return a parameter's value as text; "" if it was left open."""
    if value is None or isinstance(value, tuple) and set(value) == {None}:
        return ""
    if isinstance(value, tuple) and value and isinstance(value[0], tuple | NumberedLabel):
        return parameter.form.to_text(value)
    if isinstance(value, tuple):  # one for each, in their order, where some are alike too
        return ", ".join(map(parameter.form.format, value if len(set(value)) > 1 else value[:1]))
    return parameter.form.format(value)


def record_derived(benches: Iterable[Bench]) -> dict[str, DerivedValue]:
    """Return every derived value of the protocols on these benches."""
    entries: dict[str, DerivedValue] = {}
    for part in benches:
        texts = part.inputs.protocol.source.cache.setdefault("derived texts", {})
        for name, item in part.inputs.protocol.derived.items():
            value = part.inputs.values[name]
            try:
                text = recall_text(texts, name, value, format_value)
                entries[f"{part.scope.prefix}{name}"] = {"label": item.label, "value": value_data(value), "text": text}
            except ProtocolError as error:
                raise error.at(part.inputs.protocol.file, item.line) from None
    return entries


def record_lab(bench: Bench) -> LabData:
    """Return the lab's tolerance and overage, and its settings that this run used, small instruments first."""
    order = [device.name for device in (*bench.lab.pipettes, *bench.lab.balances)]
    instruments = sorted(bench.journal.instruments.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order))
    settings: list[LabSetting] = [{"name": "profile", "value": bench.lab.name}]
    settings += [{"name": name, "value": text} for name, text in instruments]
    return {
        "profile": bench.lab.name,
        "tolerance": quantity_data(bench.lab.tolerance * 100, "fraction"),
        "overage": quantity_data(bench.lab.overage.percent, "fraction"),
        "settings": settings,
    }


def record_clock(bench: Bench, rows: Sequence[ScheduleRow], start: Start | None) -> Clock:
    """Return how the times of the schedule are meant: by the clock within working hours if there is a *start*, else since the first step."""
    if start is None:
        return {"started": False, "first_day": None, "zone": None, "people": 1, "working_hours": []}
    first = start.local_time(min((row.start for row in rows), default=0))
    return {
        "started": True,
        "first_day": first.date().isoformat(),
        "zone": start.zone or None,
        "people": bench.lab.people,
        "working_hours": [{"weekday": day, "opens": 60 * span[0], "closes": 60 * span[1]} for day, span in enumerate(bench.lab.hours.days) if span],
    }


def record_schedule(rows: Iterable[ScheduleRow], start: Start | None) -> list[Row]:
    """Return the schedule."""
    return [
        {
            "step": row.step,
            "kind": row.kind,
            "begin": _moment(row.start, start),
            "end": _moment(row.end, start),
            "every": quantity_data(row.every, "time"),
            "times": row.times,
            "person": row.who or None,
            "equipment": row.equipment,
            "unit": row.units,
        }
        for row in rows
    ]


def record_planned(bench: Bench, planned_times: Iterable[PlannedTime]) -> list[Planned]:
    """Return the times between steps that words of the protocols rest on."""
    ids = name_steps(bench)
    return [
        {
            "code": each.code,
            "from": ids[each.first.title],
            "to": ids[each.second.title],
            "meant": quantity_data(each.meant, "time"),
            "shortest": exact_time_data(each.shortest),
            "longest": exact_time_data(each.longest),
        }
        for each in planned_times
    ]


def _moment(seconds: Seconds, start: Start | None) -> Moment:
    if start is None:
        return {"seconds": int(seconds), "local": None, "fold": 0}
    return {"seconds": int(seconds), "local": start.iso_time(seconds), "fold": start.local_time(seconds).fold}


def record_hands_on(bench: Bench) -> ExactTime:
    """Return the hands-on time of the whole run."""
    return exact_time_data(sum((step.hands_on for step in bench.journal.steps), Fraction(0)))
