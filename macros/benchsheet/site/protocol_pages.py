"""A protocol as a page: what it is, what a run may set, and its sheet, at the defaults or with the values that a test needs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from .._dataclass import replace
from ..errors import Collector, ProtocolError, check_known
from ..markup import escape_markdown, write_table
from ..protocol.evidence import EVIDENCE
from ..protocol.parameters.telling import parameter_facts
from ..protocol.reader import Protocol
from .downloads import format_links, name_file
from .page import NAVIGATION_LIMIT, Page, build_index, make_each, plain_words, wrap_wide_table
from .page_facts import name_people
from .scenario_pages import plain_title
from .scenarios import Scenario, ScenarioNode
from .sheet_places import format_parts, list_headings, parse_places
from .sheets import SheetCache, SheetMarkdown
from .symptom_pages import link_symptoms, list_groups
from .symptoms import SymptomGroup

PROTOCOLS_FOLDER = "protocols"


def build_protocol_pages(
    docs: Mapping[str, str], scenarios: Mapping[str, Scenario], sheets: SheetCache, groups: Sequence[SymptomGroup] = ()
) -> list[Page]:
    """Return the index, a page for each protocol, with links to the symptoms of *groups*, and one for each test whose sheet a scenario sets."""
    protocols = [sheets.protocol(name) for name in sheets.names]
    return [
        build_index(docs, PROTOCOLS_FOLDER, "\n".join(_format_index(protocols))),
        *(_build_page(protocol, sheets, scenarios.values(), groups) for protocol in protocols),
        *build_preset_pages(scenarios, sheets),
    ]


def _format_index(protocols: Sequence[Protocol]) -> Iterator[str]:
    """Yield the entries of the index; very many are grouped by first letter, since the navigation does not list them then."""
    many = len(protocols) > NAVIGATION_LIMIT
    letter = ""
    for protocol in sorted(protocols, key=lambda protocol: protocol.title.casefold()) if many else protocols:
        if many and protocol.title[:1].upper() != letter:
            letter = protocol.title[:1].upper()
            yield f"## {letter}\n"
        yield f"[{protocol.title}]({protocol.id}.md)\n:   {protocol.summary}\n"


def _build_page(protocol: Protocol, sheets: SheetCache, scenarios: Iterable[Scenario], groups: Sequence[SymptomGroup]) -> Page:
    sheet = sheets.sheet(protocol.id)
    path = f"{PROTOCOLS_FOLDER}/{protocol.id}.md"
    users = [each for each in scenarios if any(node.protocol == protocol.id for node in each.nodes.values())]
    nested = [declaration.child.id for declaration in protocol.nested_protocols.values()]
    problems = "\n".join(
        f"- {link}" for link in (*list_groups(protocol.id, nested, groups), *(f"[{each.title}](../scenarios/{each.id}.md)" for each in users))
    )
    body = link_symptoms(sheet.body, parse_places(sheet.body), protocol.id, nested, groups)
    versions = "\n".join(f"- **{version}**: {text}" for version, text in protocol.changelog.items())
    files = sheets.files(protocol.id)
    links = format_links(name_file(protocol.id), files)
    parts = [protocol.summary, sheet.overview, sheet.command, _fill_in_link(path), links, format_parts(body, _sheet_name(path)), body]
    parts += [
        f"## What a run may set\n\n{_format_parameters(protocol)}",
        *([f"## Troubleshooting\n\n{problems}"] if problems else []),
        sheet.works,
        f"## Versions\n\n{versions}",
        sheet.json_ld,
    ]
    companions = {_companion_path(path): sheet.fill_in_html, **_place_files(path, name_file(protocol.id), files)}
    people = name_people(protocol.authors, protocol.checked)
    whole = "\n\n".join(parts)
    words = _place_words(protocol, whole)
    return Page(path=path, title=protocol.title, body=whole, file=protocol.file, companions=companions, people=people, search_words=words)


def _place_words(protocol: Protocol, body: str) -> dict[str, tuple[str, ...]]:
    """Return by which words the search finds the page *body*, its steps and sections by their anchors; raise ProtocolErrors for unknown titles."""
    if not protocol.words:
        return {}
    anchors = list_headings(body)
    mistakes = Collector()
    found: dict[str, tuple[str, ...]] = {"": (protocol.title, protocol.id.replace("-", " "))}
    for title in protocol.words:
        with mistakes.at(protocol.file, protocol.words.lines[title]):
            if title != "page":
                check_known(title, anchors, f"the page has no step or section {title!r}", "steps and sections")
            place = "" if title == "page" else anchors[title]
            found[place] = (*found.get(place, ()), *protocol.words.word_list(title))
    mistakes.raise_all()
    return found


def _companion_path(path: str) -> str:
    """Return the path of the sheet to fill in that belongs to the page *path*."""
    return f"{path.removesuffix('.md')}.sheet.html"


def _place_files(path: str, name: str, files: Mapping[str, bytes]) -> dict[str, str | bytes]:
    """Return the files of the page *path*, which are called *name*, by their paths."""
    return {f"{path.rpartition('/')[0]}/{name}.{suffix}": content for suffix, content in files.items()}


def _sheet_name(path: str) -> str:
    return _companion_path(path).rpartition("/")[2]


def _fill_in_link(path: str) -> str:
    return (
        f"[**Fill in or print this sheet**]({_sheet_name(path)}): boxes to tick, blanks for lots and times; what you fill in stays in your browser."
    )


def _format_parameters(protocol: Protocol) -> str:
    rows = []
    for parameter in protocol.parameters_to_read:
        takes = "; ".join(parameter_facts(parameter, protocol))
        label = plain_words(parameter.help or parameter.label)
        rows.append((f"`{parameter.option}`", label, plain_words(takes), EVIDENCE[parameter.evidence].label if parameter.evidence else ""))
    first = f"{len(protocol.ask)} of these {len(rows)} come first, as its authors ask for them first.\n\n" if protocol.ask else ""
    return first + wrap_wide_table("What a run may set", write_table(("option", "sets", "takes", "evidence"), rows))


def build_preset_pages(scenarios: Mapping[str, Scenario], sheets: SheetCache) -> list[Page]:
    """Return the page of each sheet with the values of a test; raise ProtocolErrors for the sheets that cannot be made, at their values."""
    tests = [(scenario, node) for scenario in scenarios.values() for node in scenario.nodes.values() if scenario.preset_path(node)]
    return make_each(tests, lambda test: test[0].file, lambda test: _build_preset_page(*test, sheets))


def title_presets(scenarios: Mapping[str, Scenario], sheets: SheetCache) -> dict[str, str]:
    """Return the title of each sheet that a scenario sets, by its path; one that cannot be made has none, and is told with its page."""
    titles = {}
    for scenario in scenarios.values():
        for node in scenario.nodes.values():
            if path := scenario.preset_path(node):
                with contextlib.suppress(ProtocolError):
                    titles[path] = _preset_sheet(scenario, node, sheets).title
    return titles


def _preset_values(node: ScenarioNode) -> dict[str, str]:
    return {key.replace("-", "_"): value for key, value in (node.values or {}).items()}


def _preset_sheet(scenario: Scenario, node: ScenarioNode, sheets: SheetCache) -> SheetMarkdown:
    back = f"../../scenarios/{scenario.id}.html#{node.id}", f"{scenario.title}: {plain_title(node)}"
    return sheets.sheet(node.protocol, _preset_values(node), node.sheet, back)


def _build_preset_page(scenario: Scenario, node: ScenarioNode, sheets: SheetCache) -> Page:
    try:
        sheet = _preset_sheet(scenario, node, sheets)
    except ProtocolError as error:
        raise ProtocolError(f"{node.id}: the sheet cannot be made: {error.message}", error.hint, scenario.file, node.values_line) from None
    back = f"../../scenarios/{scenario.id}.md#{node.id}"
    set_for = f"This sheet is set for: [{scenario.title}]({back}).\n    When it is done, [read the result there]({back})."
    path, name = scenario.preset_path(node), name_file(node.protocol, node.sheet)
    files = sheets.files(node.protocol, _preset_values(node), node.sheet)
    links = format_links(name, files)
    parts = [
        f'!!! tip "Set for a test"\n\n    {set_for}',
        sheet.command,
        _fill_in_link(path),
        links,
        format_parts(sheet.body, _sheet_name(path)),
        sheet.body,
        sheet.works,
    ]
    page = Page(path=path, title=escape_markdown(sheet.title), body="\n\n".join(parts), file=scenario.file, is_listed=False)
    return replace(page, companions={_companion_path(path): sheet.fill_in_html, **_place_files(path, name, files)})
