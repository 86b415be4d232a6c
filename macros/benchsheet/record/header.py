"""The head of a Record as data: protocol, command, parameters and derived values, lab, schedule."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..errors import ProtocolError
from ..expressions.interpolate import format_value
from ..protocol.parameters.labels import NumberedLabel
from ..protocol.parameters.parameter import Parameter
from ..run.bench import Bench
from ..run.inputs import RunInputs
from ..run.same_values import recall_text
from ..run.value_texts import parameter_to_text
from ..schedule import ScheduleRow, format_duration
from .quantities import Json, exact_time_data, quantity_data, value_data

if TYPE_CHECKING:
    from ..schedule.start import Start

RECORD_SCHEMA = "benchsheet-record/1"


def record_header(inputs: RunInputs, bench: Bench, start: Start | None) -> Json:
    """Return schema, engine, protocol, command, parameters, counts, what stays in wells, and the lab's tolerance."""
    protocol = inputs.protocol
    return {
        "schema": RECORD_SCHEMA,
        "engine": __version__,
        "protocol": {"id": protocol.id, "title": protocol.title, "version": protocol.version, "summary": protocol.summary},
        "command": command_line(inputs, bench.lab.file, start.local.isoformat(timespec="minutes") if start else ""),
        "parameters": record_parameters(inputs),
        "counts": {f"{part.scope.prefix}{name}": count for part in bench.parts() for name, count in part.inputs.counts.items()},
        "stays": sorted(bench.journal.retained_components),
        "tolerance": quantity_data(bench.lab.tolerance * 100, "fraction"),
    }


def command_line(inputs: RunInputs, lab_file: str, start: str) -> str:
    """Return the command that makes this sheet again, quoted for a shell; given values stand in the order of the protocol's parameters.

    A given value that is the default stands there too, so that the command makes the same run if a later version has another default.
    """
    argv = ["benchsheet", "render", inputs.protocol.source.called or inputs.protocol.id]
    for name, text in {**inputs.user_values, **inputs.typed_texts}.items():
        argv += inputs.protocol.parameters[name].form.to_arguments(name, text)
    if lab_file:
        argv += ["--lab", lab_file]
    if start:
        argv += ["--start", start]
    return shlex.join(argv)


def record_parameters(inputs: RunInputs) -> Json:
    """Return every parameter with its value as data and as text, and whether it differs from the default."""
    return {
        name: {
            "label": parameter.label,
            "value": value_data(_map_items(parameter.form.data, inputs.values[name])),
            "text": parameter_to_text(inputs.protocol, inputs.values, name) if parameter.per_item else _value_text(parameter, inputs.values[name]),
            "changed": name in inputs.changed_names,
            "used": name not in inputs.unused_names,
            "evidence": parameter.evidence,
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


def record_derived(benches: Iterable[Bench]) -> Json:
    """Return every derived value of the protocols on these benches."""
    entries = {}
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


def record_lab(bench: Bench) -> list[Json]:
    """Return the lab's settings that this run used, small instruments first."""
    order = [device.name for device in (*bench.lab.pipettes, *bench.lab.balances)]
    instruments = sorted(bench.journal.instruments.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order))
    return [{"name": "profile", "value": bench.lab.name}, *({"name": name, "value": text} for name, text in instruments)]


def record_schedule(rows: Iterable[ScheduleRow], start: Start | None) -> list[Json]:
    """Return the schedule: dates and times if there is a *start*, else ISO 8601 durations since the first step."""
    format_moment = start.iso_time if start else format_duration
    return [
        {
            "step": row.step,
            "kind": row.kind,
            "start": format_moment(row.start),
            "end": format_moment(row.end),
            "every": quantity_data(row.every, "time"),
            "times": row.times,
            "who": f"person {row.who}" if row.who else "",
            "equipment": row.equipment,
            "units": row.units,
        }
        for row in rows
    ]


def record_hands_on(bench: Bench) -> Json:
    """Return the hands-on time of the whole run."""
    return exact_time_data(sum((step.hands_on for step in bench.journal.steps), Fraction(0)))
