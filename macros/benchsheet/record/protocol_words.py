"""What a protocol says of a run under controls, gates, totals and equipment, with the values of the run in its words."""

from __future__ import annotations

from ..errors import locate_errors
from ..protocol import citations
from ..run.bench import Bench
from .inventory import count_containers
from .quantities import Json
from .sentences import fill_sentence, is_unsaid


def record_entries(bench: Bench, key: str, text_keys: tuple[str, ...]) -> list[Json]:
    """Return the controls or the gates, their words filled in; ``when`` leaves one out, and so does a host."""
    inputs = bench.inputs
    tree = inputs.protocol.tree.mapping(key)
    entries = []
    for name in tree:
        entry = tree.mapping(name)
        with locate_errors(tree.file, tree.lines[name]):
            entry.check_keys((*text_keys, "cite", "when", "evidence"), f"an entry of {key}", required=text_keys)
            if is_unsaid(bench, key, name) or "when" in entry and inputs.condition_holds(entry.text("when"), entry) is not True:
                continue
            citations.build_citations(inputs.protocol.source.shared_files.get(citations.REFERENCES_FILE, ""), entry.word_list("cite"))
            entries.append(
                {
                    "name": inputs.interpolate(name),
                    **{word: inputs.interpolate(entry.text(word)) for word in text_keys},
                    "citations": entry.word_list("cite"),
                }
            )
    return entries


def record_totals(bench: Bench) -> list[str]:
    """Return the sentences on what the run takes in all."""
    if is_unsaid(bench, "totals"):
        return []
    tree = bench.inputs.protocol.tree
    entries = tree.get("totals") or []
    with locate_errors(tree.file, tree.lines.get("totals")):
        return [
            text for entry in ([entries] if isinstance(entries, str | dict) else entries) if (text := fill_sentence(bench.inputs, entry, "a total"))
        ]


def record_equipment(bench: Bench) -> list[Json]:
    """Return the devices of the run, each with its places and the batches that go into it."""
    inputs, scope, steps = bench.inputs, bench.scope, bench.journal.steps
    tree = inputs.protocol.tree.mapping("equipment")
    entries = []
    for name in tree:
        with locate_errors(tree.file, tree.lines[name]):
            device_name, places = inputs.interpolate(tree.mapping(name).text("name", name)), bench.equipment[name].places
            if "counted" in tree.mapping(name):
                device_name += f": {count_containers(bench)}"
            key = scope.equipment[name]
            if "when" in tree.mapping(name) and inputs.condition_holds(tree.mapping(name).text("when"), tree.mapping(name)) is not True:
                continue
            if name in scope.idle_devices and all(
                step.equipment != key and not (step.within == scope.prefix and name in step.inside) for step in steps
            ):
                continue  # it stands ready for steps that are left out
            batch_count = max((len(step.batches) for step in steps if step.equipment == key), default=1)
            entries.append({"id": key, "name": device_name, "places": str(places or ""), "batches": batch_count or 1})
    return entries
