"""What a printed sheet says once for many entries of a Record: hazards and their labels, waste by its stream, warnings by their number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..._dataclass import dataclass


@dataclass(frozen=True)
class WasteSummary:
    """One stream of waste and where it *disposal*: *steps* by the volume that leaves in each, strengths by what it *contents*."""

    name: str
    disposal: str
    steps: dict[str, list[str]]
    contents: dict[str, dict[str, None]]

    def describe_amounts(self) -> Iterator[str]:
        """Return how much leaves in which steps, in words."""
        for volume, steps in self.steps.items():
            yield f"steps {', '.join(steps)}: {volume} each" if len(steps) > 1 else f"step {steps[0]}: {volume}"


def distinct_hazards(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Return each hazard of a run once that has a name of its own; those of one name that are not alike are several."""
    every = [hazard for item in (*record["preparations"], *record["steps"]) for hazard in item["hazards"] if "codes" in hazard]
    return list({(each["name"], each["signal"], *each["codes"], each["handling"], each["waste"]): each for each in every}.values())


FILL_UP_ORDER = "What is made up to a volume begins with a part of that liquid; the rest of it comes last."


def fill_up_note(record: dict[str, Any]) -> str:
    """Return in which order a recipe is made that is filled up to its volume, if the run has one."""
    return FILL_UP_ORDER if any(part.get("about") for preparation in record["preparations"] for part in preparation["components"]) else ""


def summarize_waste(record: dict[str, Any]) -> list[WasteSummary]:
    """Return the waste of a run, each stream once."""
    streams: dict[tuple[str, str], WasteSummary] = {}
    for item in record["waste"]:
        where = item["stream"], item["disposal"]
        stream = streams.setdefault(where, WasteSummary(*where, {}, {}))
        stream.steps.setdefault(item["volume"]["text"], []).append(str(item["step"]))
        for name, strength in item["components"].items():
            stream.contents.setdefault(name, {})[strength["text"]] = None
    return list(streams.values())


def warning_counts(record: dict[str, Any]) -> str:
    """Say how many warnings and notes a printed sheet has, and where."""
    levels = [warning["level"] for warning in record["warnings"]]
    counts = [
        f"{levels.count(level)} {name}{'' if levels.count(level) == 1 else 's'} {where}"
        for level, name, where in (("W", "warning", "below"), ("N", "note", "at the end"))
        if level in levels
    ]
    return f"{', '.join(counts)}." if counts else ""


def hazard_label(hazard: dict[str, Any]) -> str:
    """Return ``Danger: corrosion, environment; H314 H410``, as much of it as the Record has."""
    signal = ": ".join(filter(None, (hazard["signal"], ", ".join(hazard["pictograms"]))))
    return "; ".join(filter(None, (signal, " ".join(hazard["codes"]))))
