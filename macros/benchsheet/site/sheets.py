"""A sheet in the words of its page, from its Record; rendered once, and kept for later builds by all that decides it.

What is kept is never believed for anything but its own key: the engine's build, and the inputs of the sheet (every file that can change it, the
values, the lab). Refuses nothing: what cannot be read, or was made by another Python, is rendered anew.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from .. import library
from .._dataclass import dataclass, fields
from ..engine import declared, render
from ..formats.html.page import html
from ..formats.markdown import markdown
from ..formats.timeline import timeline
from ..lab import default
from ..protocol import citations as references
from ..protocol.reader import Protocol
from ..record.identity import build, inputs
from .citations import listed

_NOTE = re.compile(r"\\\[([0-9]+)\\\]")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_TABLE = re.compile(r"(?:^\|.*\n)+", re.MULTILINE)
_MAP = re.compile(r"\|\s*\| 1 \|")


@dataclass(frozen=True)
class Sheet:
    """What pages say of one sheet, as Markdown: *works* are those that it cites, *linked_data* says the same to machines.

    *filled_in* is the same sheet as one HTML file, to be filled in and printed.
    """

    title: str
    digest: str
    overview: str
    command: str
    body: str
    works: str
    linked_data: str
    filled_in: str


class Sheets:
    """The protocols of one build, each read once, and their sheets, each rendered once or taken from what an earlier build *kept*.

    *kept* is the text that `to_keep` returned then, and *by* says what made it: a text of another maker is as good as none.
    """

    def __init__(self, kept: str = "", by: str = "") -> None:
        self._sources = library.everything()
        self._by = by
        self._kept = _opened(kept, by)
        self._made: dict[tuple[str, tuple[tuple[str, str], ...]], tuple[str, Sheet]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all protocols."""
        return tuple(self._sources)

    def protocol(self, name: str) -> Protocol:
        """Return the protocol *name* as declared; raise ProtocolError for each of its mistakes."""
        return declared(self._sources[name])

    def titles(self) -> dict[str, str]:
        """Return the titles of all protocols."""
        return {name: self.protocol(name).title for name in self._sources}

    def sheet(self, name: str, given: Mapping[str, str] | None = None) -> Sheet:
        """Return the sheet of the protocol *name* with *given* values; raise ProtocolError if it cannot be made."""
        values = given or {}
        asked = name, tuple(values.items())
        if asked not in self._made:
            made = self.protocol(name)
            key = f"{inputs(made.sources(), values, default().canonical(), '')} {build()}"
            self._made[asked] = key, self._kept.get(key) or _worded(made, render(made.source, values))
        return self._made[asked][1]

    def states(self) -> list[str]:
        """Return a line for each protocol that changes with the program, the protocol, and what protocols share."""
        return [f"{self.sheet(name).digest} {build()}" for name in self._sources]

    def to_keep(self) -> str:
        """Return all sheets of this build as text for the next one; what this build did not ask for is not among them."""
        text = json.dumps({"by": self._by, "sheets": {key: vars(sheet) for key, sheet in self._made.values()}}, ensure_ascii=False)
        return f"{_sum(text)}\n{text}\n"


def _opened(kept: str, by: str) -> dict[str, Sheet]:
    """Return the sheets of a kept text by their keys; none if it is cut short, changed, or by another maker."""
    total, _, rest = kept.partition("\n")
    text = rest.removesuffix("\n")
    if total != _sum(text):
        return {}
    found = json.loads(text)
    names = {each.name for each in fields(Sheet)}
    if not isinstance(found, dict) or found.get("by") != by:
        return {}
    return {key: Sheet(**entry) for key, entry in found["sheets"].items() if entry.keys() == names}


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _worded(made: Protocol, record: dict[str, Any]) -> Sheet:
    return Sheet(
        record["protocol"]["title"],
        record["digest"],
        _overview(record),
        f"```sh\n{record['command']}\n```",
        _body(record),
        _works(made, record),
        _linked_data(made, record),
        html(record, default().paper, default().site),
    )


def _overview(record: dict[str, Any]) -> str:
    rows = [
        ("version", f"{record['protocol']['version']}, digest `{record['digest']}`"),
        ("steps", str(len(record["steps"]))),
        ("hands-on", record["hands_on"]["text"]),
        ("hazards", ", ".join(dict.fromkeys(h["name"] for step in record["steps"] for h in step["hazards"] if h["name"] != "act")) or "none"),
        ("pause points", "; ".join(dict.fromkeys(step["title"] for step in record["steps"] if step["pause_point"])) or "none"),
    ]
    return "| this sheet | at its defaults |\n|---|---|\n" + "\n".join(f"| {label} | {value} |" for label, value in rows)


def wide(label: str, table: str, is_map: bool = False) -> str:
    """Let a wide table be scrolled, by a keyboard too."""
    kind = "table-wide plate" if is_map else "table-wide"
    return f'<div class="{kind}" tabindex="0" role="region" aria-label="{label}" markdown="1">\n\n{table}\n\n</div>'


def _body(record: dict[str, Any]) -> str:
    """Return the sheet without command, title, version, summary and references: its signs as the build reads them, its notes as links."""
    text = markdown(record)
    text = text[text.index("\n## ") + 1 :]
    sheet, _, rest = text.partition("\n## References\n")
    after = rest[rest.index("\n\n", rest.rindex("\n- ")) :] if "\n- " in rest else ""
    works = {work["number"]: work["key"] for work in record["citations"]}
    sheet = _NOTE.sub(lambda note: _noted(int(note[1]), works) or note[0], sheet + after)
    sheet = _ESCAPED.sub(lambda sign: f"&#{ord(sign[1])};", sheet)
    count = iter(range(1, 1000))
    sheet = _TABLE.sub(lambda found: _table(f"table {next(count)}", found[0].rstrip("\n")) + "\n", sheet)
    return sheet.replace("\n## Steps\n", f"\n{_timeline(record)}## Steps\n", 1) if record["schedule"] else sheet


def _timeline(record: dict[str, Any]) -> str:
    """Return the times as a drawing, which is scrolled where the screen is narrow."""
    drawn = timeline(record).strip()
    return f'## Timeline\n\n<div class="table-wide" tabindex="0" role="region" aria-label="timeline">\n{drawn}\n</div>\n\n'


def _table(label: str, table: str) -> str:
    """Return a table of the sheet; the first column of a plate map has a head too, for those who hear it."""
    return wide(label, _MAP.sub("| row | 1 |", table), is_map=True) if _MAP.match(table) else wide(label, table)


def _noted(number: int, works: Mapping[int, str]) -> str:
    """Return a note of the sheet as a link to its work."""
    return f'<sup class="cite"><a href="#ref-{works[number]}" aria-label="reference {number}">{number}</a></sup>' if number in works else ""


def _works(made: Protocol, record: dict[str, Any]) -> str:
    """Return the works of a sheet, as the sheet numbers them."""
    known = references.works(made.source.shared[references.FILE])
    return listed({work["key"]: work["number"] for work in record["citations"]}, known) if record["citations"] else ""


def _linked_data(made: Protocol, record: dict[str, Any]) -> str:
    """Return the page's Bioschemas LabProtocol as JSON-LD."""
    data = {
        "@context": "https://schema.org",
        "@type": "LabProtocol",
        "http://purl.org/dc/terms/conformsTo": {"@id": "https://bioschemas.org/profiles/LabProtocol/0.8-DRAFT", "@type": "CreativeWork"},
        "identifier": made.id,
        "name": made.title,
        "description": made.summary,
        "version": made.version,
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "inLanguage": "en",
        "reagent": [{"@type": "ChemicalSubstance", "name": each["name"]} for each in record["reagents"] if not each["made"]],
        "labEquipment": [{"@type": "Thing", "name": each["name"]} for each in record["equipment"]],
        "step": [{"@type": "HowToStep", "position": each["number"], "name": each["title"]} for each in record["steps"]],
        "citation": [each["text"] for each in record["citations"]],
    }
    text = json.dumps(data, ensure_ascii=False).replace("</", "<\\/")
    return f'<script type="application/ld+json">{text}</script>'
