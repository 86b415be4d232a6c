"""What tests read out of a Record: a volume in nL, a step by its title, its texts; and the sheets that have to fit. Refuses what is not there."""

from __future__ import annotations

import functools
import os
import re
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from benchsheet import library
from benchsheet.engine import render

VERSIONS = {
    name: yaml.safe_load((Path(library.protocols_folder()) / name / "protocol.yml").read_text("utf-8"))["version"] for name in library.protocol_ids()
}
# The sheets that a run begins with: the protocol, what is given, when it begins, and the pages that it may take.
START = "2026-11-23T09:00"
SHEETS = {
    "srb": ("srb", {"plates": "4"}, "", 5),
    "srb with times": ("srb", {"plates": "4"}, "2026-11-23T15:00", 5),
    "western": ("western-blot", {"samples": "12"}, "", 5),
    "western with times": ("western-blot", {"samples": "12"}, START, 5),
    "co-ip": ("co-ip", {"samples": "4"}, "", 8),
    "co-ip with times": ("co-ip", {"samples": "4"}, START, 8),
}
LONG = {"100 plates": ("srb", {"plates": "100"}), "96 samples": ("western-blot", {"samples": "96"}), "24 samples": ("co-ip", {"samples": "24"})}
# A number and its unit.
UNITS = (
    *("µL", "mL", "L", "nL", "ng", "µg", "mg", "g", "s", "min", "h", "day", "days", "months", "month", "pM", "nM", "µM", "mM", "M", "ng/mL", "µg/mL"),
    *("mg/mL", "cells/mL", "cells", "U/mL", "% w/v", "% v/v", "% w/w", "%", "X", "fold", "g/mol", "°C", "nm", "µm", "mm", "cm", "× g", "rpm", "V"),
)  # fmt: skip
AMOUNT = re.compile(rf"(?<![\w.,])([−-]?\d[\d.\u202f]*) ?({'|'.join(sorted(map(re.escape, UNITS), key=len, reverse=True))})(?![\w/])")
# How many times more than usual is tried where a test draws a sample.
SAMPLES = int(os.environ.get("BENCHSHEET_SAMPLES", "1"))
NANOLITRES = {"nL": 1, "uL": 10**3, "mL": 10**6, "L": 10**9}


def sample(usual: int) -> int:
    """Return how many a test tries: as many as *usual*, or so many times more as BENCHSHEET_SAMPLES says."""
    return usual * SAMPLES


@functools.cache
def record_of(protocol: str, given: tuple[tuple[str, str], ...], start: str = "") -> Any:
    """Return the Record of a run, made once; nobody may change it."""
    return render(library.load_source(protocol), dict(given), start=start)


def record_named(name: str) -> Any:
    """Return the Record of one of SHEETS."""
    protocol, given, start, _ = SHEETS[name]
    return record_of(protocol, tuple(given.items()), start)


def volume(quantity: Any) -> Fraction:
    """Return a volume of the Record in nL; raise KeyError for what is not a volume."""
    return Fraction(str(quantity["value"])) * NANOLITRES[quantity["unit"]]


def step(record: Any, title: str) -> dict[str, Any]:
    """Return the one step of *title*; raise ValueError if there is none, or more."""
    (found,) = [each for each in record["steps"] if each["title"] == title]
    return dict(found)


def strings(data: Any) -> list[str]:
    """Return every text in a Record but the prose of its steps."""
    if isinstance(data, dict):
        return [found for key, value in data.items() if key != "markdown" for found in [*strings(value), str(key)]]
    if isinstance(data, list):
        return [found for value in data for found in strings(value)]
    return [data] if isinstance(data, str) else []


def wells_of(plate: Any) -> dict[str, dict[str, Any]]:
    """Return what stands in each well in use: the entry of its group, and the group's id as ``group``."""
    return {well: {**plate["groups"][group], "group": group} for well, group in plate["wells"].items()}


def dose_of(group: Any) -> Any:
    """Return the one dose of a group, None where nothing is dosed."""
    return group["doses"][0]["target"] if group["doses"] else None


def when(moment: Any) -> str:
    """Return a moment in one text: local time, or time since the first step as an ISO 8601 duration, P1DT2H05M."""
    if moment["local"]:
        return str(moment["local"])
    (days, rest), left = divmod(moment["seconds"], 86400), moment["seconds"] % 60
    return f"P{days}DT{rest // 3600}H{rest % 3600 // 60:02d}M" + (f"{left:02d}S" if left else "")


def who_does(row: Any) -> str:
    """Return who does a row of the schedule: person 1; nobody does a wait."""
    return f"person {row['person']}" if row["person"] else ""


def batching(step: Any) -> str:
    """Return the batches of a step in words, nothing where there are none."""
    return str(step["batches"]["text"]) if step["batches"] else ""


def batch_count(step: Any) -> int:
    """Return how many batches a step takes."""
    return len(step["batches"]["sizes"]) if step["batches"] else 1


def titles_before(record: Any, step: Any) -> list[str]:
    """Return the titles of the steps that have to be over before another."""
    titles = {each["id"]: each["title"] for each in record["steps"]}
    return [titles[each] for each in step["follows"]]


def moment_of(text: str) -> Any:
    """Return a moment of the schedule from what `when` says of it; the seconds of a local time count from the year 1970."""
    if found := re.fullmatch(r"P(\d+)DT(\d+)H(\d+)M", text):
        days, hours, minutes = map(int, found.groups())
        return {"seconds": ((days * 24 + hours) * 60 + minutes) * 60, "local": None, "fold": 0}
    return {"seconds": int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()), "local": text, "fold": 0}
