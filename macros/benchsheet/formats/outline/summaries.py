"""Summaries of the entries of a Record: hazards and their labels, waste by stream, counts of warnings, values, remarks of recipes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ..._dataclass import dataclass
from ...markup import citation_numbers
from ...units import format_count
from .blocks import Cited, Words

if TYPE_CHECKING:
    from ...record.material_types import Hazard, Preparation
    from ...record.types import Level, Record


@dataclass(frozen=True, kw_only=True)
class WasteSummary:
    """One waste stream: *steps* has the step numbers by volume, *contents* the strengths (as ordered sets) by component."""

    name: str
    disposal: str
    steps: dict[str, list[str]]
    contents: dict[str, dict[str, None]]

    def describe_amounts(self) -> Iterator[str]:
        """Yield the volumes with their steps, in words."""
        for volume, steps in self.steps.items():
            yield f"steps {', '.join(steps)}: {volume} each" if len(steps) > 1 else f"step {steps[0]}: {volume}"


def distinct_hazards(record: Record) -> list[Hazard]:
    """Return each hazard of the run once, in the order of the sheet: what is dangerous, then what is done.

    What is handled in several forms has the words of all of them; hazards of one name that differ in more than these are all there.
    """
    every = [hazard for item in (*record["preparations"], *record["steps"]) for hazard in item["hazards"]]
    alike: dict[tuple[str, ...], list[Hazard]] = {}
    for each in sorted(every, key=lambda hazard: hazard["kind"] == "act"):
        own = (each["signal"], *each["codes"], each["waste"]) if each["kind"] == "substance" else (each["handling"],)
        alike.setdefault((each["name"], *own), []).append(each)
    return [{**same[0], "handling": "; ".join(dict.fromkeys(each["handling"] for each in same if each["handling"]))} for same in alike.values()]


def labelled_hazards(record: Record) -> list[Hazard]:
    """Return the distinct hazards of what is dangerous: an act is told in its step."""
    return [hazard for hazard in distinct_hazards(record) if hazard["kind"] == "substance"]


def name_hazards(record: Record) -> str:
    """Return all hazards of the run in one line: what is dangerous by name, what is done in its own words."""
    return ", ".join(dict.fromkeys(hazard["name"] if hazard["kind"] == "substance" else hazard["handling"] for hazard in distinct_hazards(record)))


FILL_UP_ORDER = "What is made up to a volume begins with a part of that liquid; the rest of it comes last."


def fill_up_note(record: Record) -> str:
    """Return the order of work for recipes that are filled up to a volume; "" if the run has none."""
    return FILL_UP_ORDER if any(part.get("fill_to_mark") for preparation in record["preparations"] for part in preparation["components"]) else ""


def summarize_waste(record: Record) -> list[WasteSummary]:
    """Return the waste of a run, each stream with one disposal once."""
    streams: dict[tuple[str, str], WasteSummary] = {}
    for item in record["waste"]:
        where = item["stream"], item["disposal"]
        stream = streams.setdefault(where, WasteSummary(name=where[0], disposal=where[1], steps={}, contents={}))
        stream.steps.setdefault(item["volume"]["text"], []).append(str(item["step"]))
        for name, strength in item["components"].items():
            stream.contents.setdefault(name, {})[strength["text"]] = None
    return list(streams.values())


def count_warnings(record: Record) -> dict[str, str]:
    """Return the number of warnings (``W``) and notes (``N``) in words, without a level that has none."""
    levels = [warning["level"] for warning in record["warnings"]]
    return {level: format_count(levels.count(level), name) for level, name in (("W", "warning"), ("N", "note")) if level in levels}


def name_sheet(record: Record) -> str:
    """Return the title of a sheet: that of the protocol, and the run's name and size if it has a name."""
    about, name = record["protocol"], record["identity"].get("name", "")
    size = about.get("size", "")
    return f"{about['title']}: {name}{f' ({size})' if size else ''}" if name else about["title"]


def warning_counts(record: Record) -> str:
    """Return how many warnings and notes a printed sheet has, and where; "" if none."""
    places = {"W": "below", "N": "at the end"}
    words = ", ".join(f"{count} {places[level]}" for level, count in count_warnings(record).items())
    return words and f"{words}."


def warning_texts(record: Record, level: Level, notes: dict[str, int]) -> list[Words]:
    """Return the warnings of a *level*, each with its step and its references."""
    found = [warning for warning in record["warnings"] if warning["level"] == level]
    steps = [f"step {warning['step']}: " if warning["step"] else "" for warning in found]
    return [cite(step + warning["message"], warning["citations"], notes) for step, warning in zip(steps, found, strict=True)]


def number_works(record: Record) -> dict[str, int]:
    """Return the number of each work that a sheet cites, by its key."""
    return {work["key"]: work["number"] for work in record["citations"]}


def group_tubes(record: Record) -> dict[tuple[str, int], list[Preparation]]:
    """Return the tubes that steps make, by the title of their table and the number of their step."""
    racks: dict[tuple[str, int], list[Preparation]] = {}
    for preparation in record["preparations"]:
        if preparation["step"]:
            racks.setdefault((preparation["table"], preparation["step"]), []).append(preparation)
    return racks


def cite(words: str, keys: list[str], notes: dict[str, int]) -> Words:
    """Return *words* with the numbers of the references that they cite."""
    return Cited(text=words, numbers=tuple(citation_numbers(keys, notes))) if keys else words


def changed_values(record: Record) -> list[tuple[str, str]]:
    """Return the values that differ from the defaults, each after its label."""
    return [(entry["label"], entry["text"]) for entry in record["parameters"].values() if entry["changed"] and entry["text"]]


def default_values(record: Record) -> str:
    """Return the default values that this run uses, in words."""
    entries = [entry for entry in record["parameters"].values() if entry["used"] and entry["text"] and not entry["changed"]]
    return "; ".join(f"{entry['label']} {entry['text']}" for entry in entries) + "."


def lab_settings(record: Record) -> str:
    """Return the settings of the lab that this run used, in words."""
    return "; ".join(f"{item['name']} {item['value']}" for item in record["lab"]["settings"]) + "."


def capitalize_note(note: str) -> str:
    """Begin a sentence with a capital, but for pH."""
    return note if note.startswith("pH") else note[:1].upper() + note[1:]


def describe_recipe(preparation: Preparation) -> list[str]:
    """Return the overage, the storage and the container of a recipe, a sentence each, without its full stop."""
    kind, rule = preparation["overage"]["kind"], preparation["overage"]["text"]
    spare = f"Made by the batch, {rule}" if kind == "batch_minimum" else f"Includes {rule}" if rule else ""
    return [*filter(None, (spare, preparation["storage"] and f"Keep {preparation['storage']}")), f"In a {preparation['container']}"]


def hazard_words(hazard: Hazard) -> str:
    """Return all that is said of a hazard in one sentence: name and label, handling, disposal; of an act its handling alone."""
    if hazard["kind"] == "act":
        return f"{hazard['handling']}."
    return f"{': '.join(filter(None, (hazard_title(hazard), describe_handling(hazard))))}."


def hazard_title(hazard: Hazard) -> str:
    """Return the name of a hazard with its whole label."""
    label = hazard_label(hazard)
    return f"{hazard['name']} ({label})" if label else str(hazard["name"])


def hazard_name(hazard: Hazard) -> str:
    """Return the name of a hazard with its signal word."""
    return f"{hazard['name']} ({hazard['signal']})" if hazard["signal"] else str(hazard["name"])


def describe_handling(hazard: Hazard) -> str:
    """Return the handling of a hazard and the disposal of its waste, a sentence each, without the last full stop."""
    return ". ".join(filter(None, (hazard["handling"], hazard["waste"] and f"Waste: {hazard['waste']}")))


def describe_hazards(hazards: Iterable[Hazard]) -> str:
    """Return the hazards of a step with their handling; codes and waste stand in the list of hazards."""
    alike: dict[str, list[str]] = {}
    for hazard in hazards:
        alike.setdefault(hazard["handling"], []).append(hazard_name(hazard) if hazard["kind"] == "substance" else "")
    told = [f"{': '.join(filter(None, (', '.join(filter(None, names)), handling)))}." for handling, names in alike.items()]
    return " ".join(told)


def hazard_label(hazard: Hazard) -> str:
    """Return signal word, pictograms and codes, as far as the Record has them: ``Danger: corrosion, environment; H314 H410``."""
    signal = ": ".join(filter(None, (hazard["signal"], ", ".join(hazard["pictograms"]))))
    return "; ".join(filter(None, (signal, " ".join(hazard["codes"]))))
