"""A protocol as a page: what it is, what a run may set, and the sheet at its defaults or set for a test; numbers only from the Record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..errors import Collector, ProtocolError
from ..protocol.parameters.telling import facts
from ..protocol.reader import Protocol
from .page import MOST, Page, index
from .scenarios import Node, Scenario
from .sheets import Sheet, Sheets, wide

FOLDER = "protocols"
_EVIDENCE = {"verified": "verified", "general": "general knowledge", "computed": "computed", "source-only": "source document", "house": "our rule"}


def pages(docs: Mapping[str, str], found: Mapping[str, Scenario], mentions: Mapping[str, Iterable[tuple[str, str]]], sheets: Sheets) -> list[Page]:
    """Return the index, a page for each protocol, and one for each test that a scenario sets; *mentions* are who names a protocol."""
    return [
        index(docs, FOLDER, "\n".join(_rows([sheets.protocol(name) for name in sheets.names]))),
        *(_page(sheets.protocol(name), sheets.sheet(name), mentions.get(name, ())) for name in sheets.names),
        *presets(found, sheets),
    ]


def _rows(every: Sequence[Protocol]) -> Iterator[str]:
    """Yield what the index lists; of very many by the first letters of their titles, for then no navigation lists them."""
    many = len(every) > MOST
    letter = ""
    for made in sorted(every, key=lambda made: made.title.casefold()) if many else every:
        if many and made.title[:1].upper() != letter:
            letter = made.title[:1].upper()
            yield f"## {letter}\n"
        yield f"[{made.title}]({made.id}.md)\n:   {made.summary}\n"


def _page(made: Protocol, sheet: Sheet, mentions: Iterable[tuple[str, str]]) -> Page:
    path = f"{FOLDER}/{made.id}.md"
    parts = [made.summary, sheet.overview, sheet.command, _to_fill_in(path), f"## What a run may set\n\n{_parameters(made)}", sheet.body]
    told = "\n".join(f"- [{title}](../{path})" for title, path in mentions)
    if told:
        parts.append(f"## Troubleshooting\n\n{told}")
    parts.append(sheet.works)
    changes = made.tree.map("changelog")
    parts.append("## Versions\n\n" + "\n".join(f"- **{version}**: {changes.text(version)}" for version in changes))
    parts.append(sheet.linked_data)
    return Page(path, made.title, "\n\n".join(parts), made.file, beside={_beside(path): sheet.filled_in})


def _beside(path: str) -> str:
    """Return the path of the sheet that goes along with a page."""
    return f"{path.removesuffix('.md')}.sheet.html"


def _to_fill_in(path: str) -> str:
    name = _beside(path).rpartition("/")[2]
    return f"[**Fill in or print this sheet**]({name}): boxes to tick, blanks for lots and times; what you fill in stays in your browser."


def _parameters(made: Protocol) -> str:
    lines = ["| option | sets | takes | evidence |", "|---|---|---|---|"]
    for one in made.parameters.values():
        takes = "; ".join(facts(one, made))
        cells = (f"`{one.option}`", one.help or one.label, takes, _EVIDENCE.get(one.evidence, ""))
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return wide("What a run may set", "\n".join(lines))


def presets(found: Mapping[str, Scenario], sheets: Sheets) -> list[Page]:
    """Return the sheets that the tests of scenarios lead to; raise, each at the line of its values, what does not render."""
    made = []
    mistakes = Collector()
    for scenario in found.values():
        for node in scenario.nodes.values():
            if path := scenario.preset(node):
                with mistakes.at(scenario.file, node.values_line):
                    made.append(_preset(scenario, node, path, sheets))
    mistakes.close()
    return made


def _preset(scenario: Scenario, node: Node, path: str, sheets: Sheets) -> Page:
    given = {key.replace("-", "_"): value for key, value in (node.values or {}).items()}
    try:
        sheet = sheets.sheet(node.protocol, given)
    except ProtocolError as error:
        raise ProtocolError(f"{node.id}: the sheet cannot be made: {error.message}", error.hint) from None
    back = f"../../scenarios/{scenario.id}.md#{node.id}"
    set_for = f"This sheet is set for: [{scenario.title}]({back}).\n    When it is done, [read the result there]({back})."
    lead = f'!!! tip "Set for a test"\n\n    {set_for}\n'
    body = f"{lead}\n{sheet.command}\n\n{_to_fill_in(path)}\n\n{sheet.body}\n\n{sheet.works}"
    return Page(path, f"{sheet.title}: {scenario.title}", body, scenario.file, listed=False, beside={_beside(path): sheet.filled_in})
