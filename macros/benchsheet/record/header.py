"""What a sheet is, as data: protocol, command, parameters, lab, times. Computes nothing."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from .. import __version__
from ..expressions.interpolate import shown
from ..protocol.parameters.forms import Numbered
from ..run.bench import Bench
from ..run.inputs import Run, canonical, typed_again
from ..schedule import Row, Start, duration
from ..units import Quantity
from .quantities import Json, data, quantity

SCHEMA = "benchsheet-record/1"


def head(run: Run, bench: Bench, start: Start | None) -> Json:
    """Return what the sheet is: protocol, engine, command, counts."""
    protocol = run.protocol
    return {
        "schema": SCHEMA,
        "engine": __version__,
        "protocol": {"id": protocol.id, "title": protocol.title, "version": protocol.version, "summary": protocol.summary},
        "command": command(run, bench.lab.file, start.local.isoformat(timespec="minutes") if start else ""),
        "parameters": parameters(run),
        "counts": {f"{part.prefix}{name}": count for part in (bench, *bench.parts()) for name, count in part.run.counts.items()},
        "stays": sorted(bench.stays),
    }


def command(run: Run, lab_file: str, start: str) -> str:
    """Return the command that makes this sheet again: what was given, in declared order, quoted where a shell needs it.

    A given value that is the default stands there too, so that the command is for the same run where a later version has another default.
    """
    words = ["benchsheet", "render", run.protocol.id]
    for name, text in run.user_values.items():
        parameter = run.protocol.parameters[name]
        if parameter.form == "flag":
            words.append(parameter.option if text == "yes" else f"--no-{parameter.option[2:]}")
        else:
            words += [f"{parameter.option}={text}"] if text.startswith("-") else [parameter.option, text]
    if lab_file:
        words += ["--lab", re.split(r"[\\/]", lab_file)[-1]]
    if start:
        words += ["--start", start]
    return shlex.join(words)


def parameters(run: Run) -> Json:
    """Return every parameter with its value as data and as text, and whether it differs from the default."""
    return {
        name: {
            "label": parameter.label,
            "value": data(run.values[name]),
            "text": typed_again(run.protocol, run.values, name) if parameter.told else _text(run.values[name]),
            "changed": name in run.given,
            "used": name not in run.unused,
            "evidence": parameter.evidence,
            "citations": list(parameter.cite),
        }
        for name, parameter in run.protocol.parameters.items()
    }


def _text(value: Any) -> str:
    """Return a parameter's value as text, nothing where it was left open."""
    if value is None or isinstance(value, tuple) and set(value) == {None}:
        return ""
    if isinstance(value, tuple) and value and isinstance(value[0], tuple | Numbered):
        return canonical(value)
    return str(value) if isinstance(value, Quantity) else shown(value)


def derived(parts: Iterable[Bench]) -> Json:
    """Return every derived value of the protocols on these benches."""
    return {
        f"{part.prefix}{name}": {"label": item.label, "value": data(part.run.values[name]), "text": shown(part.run.values[name])}
        for part in parts
        for name, item in part.run.protocol.derived.items()
    }


def lab(bench: Bench) -> list[Json]:
    """Return the lab's settings that mattered: the small instruments first."""
    order = [device.name for device in (*bench.lab.pipettes, *bench.lab.balances)]
    used = sorted(bench.used.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order))
    return [{"name": "profile", "value": bench.lab.name}, *({"name": name, "value": text} for name, text in used)]


def timetable(rows: Iterable[Row], start: Start | None) -> list[Json]:
    """Return the schedule: clock times with a start, else durations from the first step."""
    tell = start.at if start else duration
    return [
        {
            "step": row.step,
            "kind": row.kind,
            "start": tell(row.start),
            "end": tell(row.end),
            "every": quantity(row.every, "time"),
            "times": row.times,
            "who": f"person {row.who}" if row.who else "",
            "equipment": row.equipment,
            "units": row.units,
        }
        for row in rows
    ]


def total_time(bench: Bench) -> Json:
    """Return the hands-on time of the whole run."""
    return quantity(sum((step.hands_on for step in bench.steps), Fraction(0)), "time")
