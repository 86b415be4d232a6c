"""What a protocol says of a run under controls, gates, totals and equipment, with the values of the run in its words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..errors import locate_errors
from ..expressions.interpolate import expressions_in
from ..run.bench import Bench
from ..run.inputs import RunInputs
from .inventory import count_containers
from .quantities import value_data
from .sentences import fill_sentence, is_unsaid

if TYPE_CHECKING:
    from .types import Device, Total


def record_entries(bench: Bench, key: str, text_keys: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the controls or the gates, their words filled in; ``when`` leaves one out, and so does a host."""
    inputs = bench.inputs
    entries = []
    for name, entry in (inputs.protocol.controls if key == "controls" else inputs.protocol.gates).items():
        with locate_errors(entry.file, entry.line):
            if is_unsaid(bench, key, name) or not inputs.holds(entry.when):
                continue
            words = {word: inputs.interpolate(entry.words[word]) for word in text_keys}
            entries.append({"name": inputs.interpolate(name), **words, "citations": list(entry.cite)})
    return entries


def record_totals(bench: Bench) -> list[Total]:
    """Return the sentences on what the run takes in all, each with the numbers in it."""
    if is_unsaid(bench, "totals"):
        return []
    inputs = bench.inputs
    return [
        {"text": text, "numbers": _list_numbers(inputs, sentence.say)}
        for sentence in inputs.protocol.totals
        if (text := fill_sentence(inputs, sentence))
    ]


def _list_numbers(inputs: RunInputs, words: str) -> list[Any]:
    """Return the numbers and quantities that *words* are filled with; None for one that is not known yet."""
    values = [value_data(inputs.evaluate(each)) for each in expressions_in(words)]
    return [value for value in values if not isinstance(value, str | bool | list)]


def record_equipment(bench: Bench) -> list[dict[str, Any]]:
    """Return the devices of the run, each with its places and the batches that go into it."""
    inputs, scope, steps = bench.inputs, bench.scope, bench.journal.steps
    entries = []
    for name, device in inputs.protocol.equipment.items():
        with locate_errors(device.file, device.line):
            device_name, places = inputs.interpolate(device.name), bench.equipment[name].places
            if device.is_counted:
                device_name += f": {count_containers(bench)}"
            key = scope.equipment[name]
            if not inputs.holds(device.when):
                continue
            if name in scope.idle_devices and all(
                step.equipment != key and not (step.within == scope.prefix and name in step.inside) for step in steps
            ):
                continue  # it stands ready for steps that are left out
            batch_count = max((len(step.batches) for step in steps if step.equipment == key), default=1)
            entries.append({"id": key, "name": device_name, "places": places or None, "batches": batch_count or 1})
    return entries


def shorten_devices(entries: Iterable[dict[str, Any]]) -> list[Device]:
    """Return the devices of the whole run, each with its short name: what stands before the first comma."""
    return [
        {"id": each["id"], "name": each["name"], "short_name": _shorten(each["name"]), "places": each["places"], "batches": each["batches"]}
        for each in entries
    ]


def _shorten(name: str) -> str:
    return name.partition(",")[0].strip() or name
