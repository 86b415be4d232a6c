"""What a page asks of the engine, for tests: every case of every protocol, what `check` tries, random values, calculators, and what is refused."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

from benchsheet import library
from benchsheet.authoring.cases import branch_values, read_cases
from benchsheet.calculators import CALCULATORS
from benchsheet.engine import load_protocol

FORMATS = ("json", "text", "markdown", "html", "timeline", "platemap", "wellmap", "worklist", "labels")
STARTS = ("2026-11-23T09:00", "2026-11-27T15:30")
LAB = "tolerance: 6 %\npeople: 2\nzone: Europe/Vienna\n"
REFUSED: list[dict[str, Any]] = [
    {"values": {"plates": "500", "medium": "120", "nothing": "1"}},
    {"values": {"plates": ""}},
    {"values": {"medium": "0.001 dL"}},
    {"values": {"exposure": "1 week"}},
    {"values": {"exposure": "72 hours"}},
    {"values": {"top_dose": "<script>alert(1)</script>"}},
    {"values": {"compounds": "a; a"}},
    {"values": {"counted": "1e400 cells/mL"}},
    {"values": {"drug": "defactanib"}},
    {"start": "yesterday"},
    {"start": "2026-03-29T02:30", "lab": LAB},
    {"lab": "tolerance: lots\npipets: 1\n"},
    {"lab": "\u00e4: [1"},
    {"formats": ["ics"]},
    {"formats": ["pdf", "docx"]},
    {"name": "a\nb"},
]
CALCULATIONS = [
    ("dilute", {"stock": ["10 mM"], "final": ["10 uM"], "volume": ["1 mL"]}),
    ("dilute", {"stock": ["10 mM"], "final": ["20 mM"], "volume": ["1 mL"]}),
    ("dilute", {"stock": ["10"], "volume": ["1 mL"], "nothing": ["1"]}),
    ("spin", {"g": ["300 g"], "radius": ["10 cm"]}),
    ("bca", {}),
]


def _render(protocol: str, values: dict[str, str], formats: list[str], **more: Any) -> dict[str, Any]:
    return {"do": "render", "protocol": protocol, "values": values, "formats": formats, **more}


def list_asks(many: int, seed: int = 7) -> list[dict[str, Any]]:
    """Return the asks of a test: all cases, and of what `check` tries and of chance at most *many* for each protocol."""
    return [*_sheets(many, random.Random(seed)), *_others()]  # noqa: S311 - the same asks each time


def _sheets(many: int, pick: random.Random) -> Iterator[dict[str, Any]]:
    for name in library.protocol_ids():
        source = library.load_source(name)
        protocol = load_protocol(source)
        tried = [dict(values) for values in branch_values(protocol)]
        cases = [dict(case.arguments) for case in read_cases(source)]
        mixed = [{**pick.choice(tried), **pick.choice(tried), **pick.choice(cases)} for _ in range(many)]
        for place, values in enumerate([*cases, *pick.sample(tried, min(many, len(tried))), *mixed]):
            yield _render(name, values, [FORMATS[place % len(FORMATS)]])
        for start in STARTS:
            yield _render(name, {}, ["html", "ics", "timeline"], start=start)
            yield _render(name, {}, ["html", "ics"], start=start, lab=LAB, name="Tuesday, second passage")


def _others() -> Iterator[dict[str, Any]]:
    for refused in REFUSED:
        yield _render("srb", {}, []) | refused
    yield _render("none", {}, [])
    for name, values in CALCULATIONS:
        yield {"do": "calculate", "calculator": name, "values": values}
    for name in (*CALCULATORS, "dilut"):
        yield {"do": "calculate", "calculator": name, "values": {}}
    for name in library.protocol_ids():
        yield {"do": "declare", "protocol": name}
    for name in CALCULATORS:
        yield {"do": "declare", "calculator": name}
    yield {"do": "replay", "record": "{}"}
    yield {"do": "describe"}


def write_asks(asks: list[dict[str, Any]]) -> str:
    """Return *asks* as a JSON list of the texts that the engine gets."""
    return json.dumps([json.dumps(ask, ensure_ascii=False) for ask in asks])
