"""A sheet as Markdown for its page, made from its Record, and a cache of all sheets for later builds.

The key of a sheet in the cache is the engine's build and a digest of its inputs: every file that can change it, the values and the lab.
A cache that cannot be read, or that another Python made, counts as empty.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from .. import library
from .._dataclass import dataclass, fields
from ..engine import load_protocol, render
from ..formats.html.page import format_html
from ..formats.outline.summaries import distinct_hazards, name_sheet
from ..lab import default_lab
from ..markup import write_table
from ..protocol import citations
from ..protocol.reader import Protocol
from ..record.identity import engine_build, inputs_digest
from .citations import format_reference_list
from .downloads import Downloads
from .page import plain_words
from .sheet_body import format_body, frame_hazard

if TYPE_CHECKING:
    from ..record.types import Record

_FORM = "a head and parts"  # of what is kept; another form counts as empty
_Request = tuple[str, tuple[tuple[str, str], ...], str]  # the protocol, the values that are set, and the name of the run


@dataclass(frozen=True, kw_only=True)
class SheetMarkdown:
    """The parts of one sheet as Markdown: *works* is the list of those that it cites, *json_ld* describes the protocol to search engines.

    *fill_in_html* is the whole sheet as one HTML file, to fill in and print.
    """

    title: str
    digest: str
    overview: str
    command: str
    body: str
    works: str
    json_ld: str
    fill_in_html: str


class SheetCache:
    """The protocols of one build, each read once, and their sheets, each rendered once or taken from an earlier build.

    *cache_text* is what `dump` returned in that build. *maker* names the Python and the libraries in use; a text of another maker is ignored.
    *downloads* keeps the files of the sheets; without it there are none.
    """

    def __init__(self, cache_text: str = "", maker: str = "", downloads: Downloads | None = None) -> None:
        self._sources = library.load_all_sources()
        self._maker = maker
        self._cache = _load_cache(cache_text, maker)
        self._sheets: dict[_Request, tuple[str, SheetMarkdown]] = {}
        self.downloads = downloads

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all protocols."""
        return tuple(self._sources)

    def protocol(self, name: str) -> Protocol:
        """Return the protocol *name* as declared; raise ProtocolError for each of its mistakes."""
        return load_protocol(self._sources[name])

    def titles(self) -> dict[str, str]:
        """Return the titles of all protocols."""
        return {name: self.protocol(name).title for name in self._sources}

    def sheet(self, name: str, preset: Mapping[str, str] | None = None, run: str = "", back: tuple[str, str] | None = None) -> SheetMarkdown:
        """Return the sheet of the protocol *name* with *preset* values, for a *run* of that name; raise ProtocolError if it cannot be made.

        *back* is where the sheet to fill in leads back to: an address, and the words of its link; at the defaults the page of the protocol.
        """
        values = preset or {}
        back = back or (None if values else (f"{name}.html", self.protocol(name).title))
        request = name, tuple(values.items()), run
        if request not in self._sheets:
            protocol = self.protocol(name)
            asked = {**values, "": json.dumps([run, back], ensure_ascii=False)}
            key = f"{inputs_digest(protocol.source_texts(), asked, default_lab().to_text(), '')} {engine_build()}"
            self._sheets[request] = key, self._cache.get(key) or self._make_sheet(request, key, back)
        return self._sheets[request][1]

    def files(self, name: str, preset: Mapping[str, str] | None = None, run: str = "") -> dict[str, bytes]:
        """Return the files to take away of a sheet that `sheet` has returned, by their suffixes; none if this build makes none."""
        request = name, tuple((preset or {}).items()), run
        return self.downloads.take(self._sheets[request][0], lambda: self._render(request)) if self.downloads else {}

    def _make_sheet(self, request: _Request, key: str, back: tuple[str, str] | None) -> SheetMarkdown:
        """Return the sheet of *request*; the files of it are made and kept meanwhile, since the Record is at hand."""
        record = self._render(request)
        if self.downloads:
            self.downloads.take(key, lambda: record)
        return _build_sheet(self.protocol(request[0]), record, back)

    def _render(self, request: _Request) -> Record:
        name, values, run = request
        return render(self.protocol(name).source, dict(values), name=run)

    def states(self) -> list[str]:
        """Return a line for each protocol that changes if the program, the protocol or a shared file does."""
        return [f"{self.sheet(name).digest} {engine_build()}" for name in self._sources]

    def dump(self) -> str:
        """Return the sheets that this build has used as text for the next build: a checksum, how long each part is, and all parts."""
        sheets = {key: vars(sheet) for key, sheet in self._sheets.values()}
        head = json.dumps(
            {"by": [_FORM, self._maker], "sheets": {key: {name: len(text) for name, text in parts.items()} for key, parts in sheets.items()}}
        )
        text = "".join((head, "\n", *(part for parts in sheets.values() for part in parts.values())))
        return f"{_checksum(text)}\n{text}\n"


def _load_cache(cache_text: str, maker: str) -> dict[str, SheetMarkdown]:
    """Return the sheets of a kept text by their keys; an empty mapping if it is cut short, changed, or of another maker."""
    total, _, rest = cache_text.partition("\n")
    text = rest.removesuffix("\n")
    if total != _checksum(text):
        return {}
    head, _, parts = text.partition("\n")
    content = json.loads(head)
    names = {each.name for each in fields(SheetMarkdown)}
    if not isinstance(content, dict) or content.get("by") != [_FORM, maker]:
        return {}
    found, begin = {}, 0
    for key, lengths in content["sheets"].items():
        entry = {}
        for name, length in lengths.items():
            entry[name], begin = parts[begin : begin + length], begin + length
        if entry.keys() == names:
            found[key] = SheetMarkdown(**entry)
    return found


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _build_sheet(protocol: Protocol, record: Record, back: tuple[str, str] | None) -> SheetMarkdown:
    return SheetMarkdown(
        title=name_sheet(record),
        digest=record["identity"]["inputs"],
        overview=_format_overview(record),
        command=f"```sh\n{record['invocation']['command']}\n```",
        body=format_body(record),
        works=_format_references(protocol, record),
        json_ld=_format_json_ld(protocol, record),
        fill_in_html=format_html(record, default_lab().paper, default_lab().site, back),
    )


def _format_overview(record: Record) -> str:
    pauses = dict.fromkeys(step["title"] for step in record["steps"] if step["pause_point"])
    rows = [
        ("version", f"{record['protocol']['version']}, digest `{record['identity']['inputs']}`"),
        ("steps", str(len(record["steps"]))),
        *([("time", _describe_time(record))] if record["schedule"] else []),
        ("hands-on", record["hands_on"]["text"]),
        ("pause points", plain_words("; ".join(pauses)) or "none"),
    ]
    hazards = dict.fromkeys(hazard["name"] for hazard in distinct_hazards(record) if hazard["kind"] == "substance")
    box = frame_hazard(f"**Hazards:** {plain_words(', '.join(hazards))}. Each is told at the step or the recipe that meets it.") if hazards else ""
    return f"{write_table(('this sheet', 'at its defaults'), rows)}\n\n{box}"


def _describe_time(record: Record) -> str:
    """Return how long a run takes, from the first step to the end of the last."""
    hours, minutes = divmod(-(-max(row["end"]["seconds"] for row in record["schedule"]) // 60), 60)
    return f"{hours} h {minutes} min, as if somebody were there day and night"


def _format_references(protocol: Protocol, record: Record) -> str:
    """Return the list of works of a sheet, with the numbers that the sheet gives them."""
    works = citations.parse_bibtex(protocol.source.shared_files[citations.REFERENCES_FILE])
    return format_reference_list({work["key"]: work["number"] for work in record["citations"]}, works) if record["citations"] else ""


def _format_json_ld(protocol: Protocol, record: Record) -> str:
    """Return the page's Bioschemas LabProtocol as JSON-LD."""
    data = {
        "@context": "https://schema.org",
        "@type": "LabProtocol",
        "http://purl.org/dc/terms/conformsTo": {"@id": "https://bioschemas.org/profiles/LabProtocol/0.8-DRAFT", "@type": "CreativeWork"},
        "identifier": protocol.id,
        "name": protocol.title,
        "description": protocol.summary,
        "version": protocol.version,
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "inLanguage": "en",
        "reagent": [{"@type": "ChemicalSubstance", "name": each["name"]} for each in record["reagents"] if not each["made"]],
        "labEquipment": [{"@type": "Thing", "name": each["name"]} for each in record["equipment"]],
        "step": [{"@type": "HowToStep", "position": each["number"], "name": each["title"]} for each in record["steps"]],
        "citation": [each["text"] for each in record["citations"]],
    }
    text = json.dumps(data, ensure_ascii=False).replace("</", "<\\/")
    return f'<script type="application/ld+json">{text}</script>'
