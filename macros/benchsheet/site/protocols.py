"""A protocol as a page: what it is, what a run may set, and the sheet at its defaults or set for a test; numbers only from the Record."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from .. import library
from ..errors import Collector, ProtocolError
from ..faces.markdown import markdown
from ..render import declared, render
from ..spec import Protocol, references
from ..spec.telling import facts
from .citing import listed
from .page import Page, index
from .scenarios import Node, Scenario

FOLDER = "protocols"
_NOTE = re.compile(r"\\\[([0-9]+)\\\]")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_TABLE = re.compile(r"(?:^\|.*\n)+", re.MULTILINE)
_MAP = re.compile(r"\|\s*\| 1 \|")
_EVIDENCE = {"verified": "verified", "general": "general knowledge", "computed": "computed", "source-only": "source document", "house": "our rule"}


@functools.cache
def _sheet(name: str, given: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    return render(library.source(name), dict(given))


def titles() -> dict[str, str]:
    """Return the titles of all protocols."""
    return {name: declared(library.source(name)).title for name in library.ids()}


def digests() -> list[str]:
    """Return the digest of each protocol at its defaults: it changes with the program, the protocol, and what protocols share."""
    return [str(_sheet(name, ())["digest"]) for name in library.ids()]


def pages(docs: Mapping[str, str], found: Mapping[str, Scenario], mentions: Mapping[str, Iterable[tuple[str, str]]]) -> list[Page]:
    """Return the index, a page for each protocol, and one for each test that a scenario sets; *mentions* are who names a protocol."""
    names = library.ids()
    rows = [f"[{declared(library.source(name)).title}]({name}.md)\n:   {declared(library.source(name)).summary}\n" for name in names]
    return [index(docs, FOLDER, "\n".join(rows)), *(_page(name, mentions.get(name, ())) for name in names), *presets(found)]


def _page(name: str, mentions: Iterable[tuple[str, str]]) -> Page:
    made = declared(library.source(name))
    record = _sheet(name, ())
    parts = [made.summary, _overview(record), _command(record), f"## What a run may set\n\n{_parameters(made)}", _body(record)]
    told = "\n".join(f"- [{title}](../{path})" for title, path in mentions)
    if told:
        parts.append(f"## Troubleshooting\n\n{told}")
    parts.append(_works(record))
    changes = made.tree.map("changelog")
    parts.append("## Versions\n\n" + "\n".join(f"- **{version}**: {changes.text(version)}" for version in changes))
    parts.append(_linked_data(made, record))
    return Page(f"{FOLDER}/{name}.md", made.title, "\n\n".join(parts), made.file)


def _overview(record: dict[str, Any]) -> str:
    rows = [
        ("version", f"{record['protocol']['version']}, digest `{record['digest']}`"),
        ("steps", str(len(record["steps"]))),
        ("hands-on", record["hands_on"]["text"]),
        ("hazards", ", ".join(dict.fromkeys(h["name"] for step in record["steps"] for h in step["hazards"] if h["name"] != "act")) or "none"),
        ("pause points", "; ".join(dict.fromkeys(step["title"] for step in record["steps"] if step["pause_point"])) or "none"),
    ]
    return "| this sheet | at its defaults |\n|---|---|\n" + "\n".join(f"| {label} | {value} |" for label, value in rows)


def _parameters(made: Protocol) -> str:
    lines = ["| option | sets | takes | evidence |", "|---|---|---|---|"]
    for one in made.parameters.values():
        takes = "; ".join(facts(one, made))
        cells = (f"`{one.option}`", one.help or one.label, takes, _EVIDENCE.get(one.evidence, ""))
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return _wide("What a run may set", "\n".join(lines))


def _command(record: dict[str, Any]) -> str:
    return f"```sh\n{record['command']}\n```"


def _wide(label: str, table: str, is_map: bool = False) -> str:
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
    return _TABLE.sub(lambda found: _table(f"table {next(count)}", found[0].rstrip("\n")) + "\n", sheet)


def _table(label: str, table: str) -> str:
    """Return a table of the sheet; the first column of a plate map has a head too, for those who hear it."""
    return _wide(label, _MAP.sub("| row | 1 |", table), is_map=True) if _MAP.match(table) else _wide(label, table)


def _noted(number: int, works: Mapping[int, str]) -> str:
    """Return a note of the sheet as a link to its work."""
    return f'<sup class="cite"><a href="#ref-{works[number]}" aria-label="reference {number}">{number}</a></sup>' if number in works else ""


def _works(record: dict[str, Any]) -> str:
    """Return the works of a sheet, as the sheet numbers them."""
    known = references.works(library.source(record["protocol"]["id"]).shared[references.FILE])
    return listed({work["key"]: work["number"] for work in record["citations"]}, known) if record["citations"] else ""


def presets(found: Mapping[str, Scenario]) -> list[Page]:
    """Return the sheets that the tests of scenarios lead to; raise, each at the line of its values, what does not render."""
    made = []
    mistakes = Collector()
    for scenario in found.values():
        for node in scenario.nodes.values():
            if path := scenario.preset(node):
                with mistakes.at(scenario.file, node.values_line):
                    made.append(_preset(scenario, node, path))
    mistakes.close()
    return made


def _preset(scenario: Scenario, node: Node, path: str) -> Page:
    given = {key.replace("-", "_"): value for key, value in (node.values or {}).items()}
    try:
        record = _sheet(node.protocol, tuple(given.items()))
    except ProtocolError as error:
        raise ProtocolError(f"{node.id}: the sheet cannot be made: {error.message}", error.hint) from None
    back = f"../../scenarios/{scenario.id}.md#{node.id}"
    set_for = f"This sheet is set for: [{scenario.title}]({back}).\n    When it is done, [read the result there]({back})."
    lead = f'!!! tip "Set for a test"\n\n    {set_for}\n'
    body = f"{lead}\n{_command(record)}\n\n{_body(record)}\n\n{_works(record)}"
    return Page(path, f"{record['protocol']['title']}: {scenario.title}", body, scenario.file, listed=False)


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
