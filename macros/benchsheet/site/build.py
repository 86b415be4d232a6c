"""All pages of the site as Markdown, from documents, protocols and shared tables; the same on disk and in the build.

Refuses, all at once, what is wrong in any of them: nothing is published half.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from .. import library
from .._dataclass import replace
from ..errors import Collector, ProtocolError
from ..protocol import citations
from . import citations as references
from . import decision_tree_svg, diagram_pages, faq, protocol_pages, scenario_pages
from . import page as glossary
from .citations import Works, resolve_citations
from .diagrams import parse_diagram
from .marks import refuse_unknown_marks
from .page import Page, build_index, capitalize_first, folder_texts, parse_document, quote_yaml
from .reference_tables import build_table_pages
from .scenarios import Scenario, parse_scenarios
from .sheets import SheetCache
from .site_map import Navigation, is_plain_page, refuse_clashes, refuse_unread

_DIAGRAM_PLACEHOLDER = re.compile(r"^\{(picture|edges|states)\}$", re.MULTILINE)


def build_pages(docs: Mapping[str, str], changes: str, sheets: SheetCache | None = None) -> list[Page]:
    """Return every page but notebooks; *docs* are the documents by their paths, *changes* is the project's changelog."""
    sheets, shared = sheets or SheetCache(), library.load_shared_files()
    works = citations.parse_bibtex(shared[citations.REFERENCES_FILE])
    mistakes = Collector()
    made_pages: list[Page] = []
    with mistakes.at("docs"):
        refuse_unread(docs)

    def add_pages(make: Callable[[], Iterable[Page]], file: str) -> None:
        with mistakes.at(file):
            made_pages.extend(make())

    scenarios_by_name: dict[str, Scenario] = {}
    drawings: dict[str, str] = {}
    faq_entries: dict[str, faq.FaqEntry] = {}
    with mistakes.at("docs/scenarios"):
        scenarios_by_name = parse_scenarios(docs, sheets.names)
    with mistakes.at("docs/scenarios"):
        drawings = decision_tree_svg.inline_trees(scenarios_by_name)
    with mistakes.at("docs/faq"):
        faq_entries = faq.parse_faq(docs)
    add_pages(lambda: faq.build_faq_pages(docs, faq_entries), "docs/faq")
    add_pages(lambda: scenario_pages.build_scenario_pages(docs, scenarios_by_name, sheets.titles(), drawings), "docs/scenarios")
    add_pages(lambda: protocol_pages.build_protocol_pages(docs, scenarios_by_name, _find_mentions(scenarios_by_name), sheets), "protocols")
    add_pages(
        lambda: [replace(parse_document(path, text), file=f"protocols/{path}", line=1) for path, text in build_table_pages(shared).items()],
        "protocols/_shared",
    )
    add_pages(lambda: _build_documents(docs, changes), "docs")
    page_paths = (
        {page.path for page in made_pages}
        | {path for path in docs if path.endswith(".ipynb")}
        | {f"mechanisms/{name}.md" for name in folder_texts(docs, "mechanisms", ".md")}
    )
    page_paths |= {f"{folder}/{name}.md" for folder, suffix in (("scenarios", ".yml"), ("faq", ".md")) for name in folder_texts(docs, folder, suffix)}
    add_pages(lambda: _build_mechanism_pages(docs, works, page_paths), "docs/mechanisms")
    with mistakes.at("docs"):
        refuse_clashes(made_pages, docs)
    mistakes.raise_all()
    made_pages = [_fill_diagrams(page, docs, works, page_paths) for page in made_pages]
    made_pages = [faq.embed_answers(page, faq_entries) for page in made_pages]
    made_pages.append(references.build_references_page(docs, works, made_pages))
    refuse_unknown_marks(made_pages)
    return made_pages


def _build_documents(docs: Mapping[str, str], changes: str) -> list[Page]:
    """Return the documents that are pages as they stand."""
    mistakes = Collector()
    documents = []
    for path, text in docs.items():
        if is_plain_page(path):
            with mistakes.at(f"docs/{path}"):
                page = parse_document(path, text)
                documents.append(replace(page, body=page.body.replace("{changes}", changes.partition("\n")[2].strip())))
    mistakes.raise_all()
    return documents


def _build_mechanism_pages(docs: Mapping[str, str], works: Works, page_paths: Iterable[str]) -> list[Page]:
    """Return the walk-through of each picture, and their index."""
    documents = [parse_document(f"mechanisms/{name}.md", text) for name, text in folder_texts(docs, "mechanisms", ".md").items()]
    lines = []
    for page in documents:
        name = page.path.removeprefix("mechanisms/").removesuffix(".md")
        if f"mechanisms/{name}.yml" not in docs:  # about mechanisms, and without a picture of its own
            continue
        diagram = parse_diagram(name, docs[f"mechanisms/{name}.yml"], f"docs/mechanisms/{name}.yml", works, set(page_paths))
        lines.append(f"[{page.title}]({name}.md)\n:   {diagram.caption} *{capitalize_first(diagram.direction)}.*\n")
    return [build_index(docs, "mechanisms", "\n".join(lines)), *(_fill_diagrams(page, docs, works, page_paths) for page in documents)]


def _fill_diagrams(page: Page, docs: Mapping[str, str], works: Works, page_paths: Iterable[str]) -> Page:
    """Fill ``{picture}``, ``{edges}`` and ``{states}`` of a page with those of its picture."""
    if not _DIAGRAM_PLACEHOLDER.search(page.body):
        return page
    name = page.path.rpartition("/")[2].removesuffix(".md")
    file = f"mechanisms/{name}"
    if f"{file}.yml" not in docs or f"{file}.svg" not in docs:
        raise ProtocolError(
            f"the page asks for a picture, and there is no {file}.yml or .svg",
            f"write it, and draw it with '{diagram_pages.DRAW_COMMAND}'",
            page.file,
        )
    diagram = parse_diagram(name, docs[f"{file}.yml"], f"docs/{file}.yml", works, set(page_paths))
    parts = {
        "picture": lambda: diagram_pages.inline_diagram(diagram, docs[f"{file}.svg"], page.path),
        "edges": lambda: diagram_pages.edge_table(diagram),
        "states": lambda: diagram_pages.states_table(diagram),
    }
    return replace(page, body=_DIAGRAM_PLACEHOLDER.sub(lambda hole: parts[hole[1]](), page.body))


def _find_mentions(scenarios: Mapping[str, Scenario]) -> dict[str, list[tuple[str, str]]]:
    """Return for each protocol the scenarios whose tests take it."""
    mentions: dict[str, list[tuple[str, str]]] = {}
    for scenario in scenarios.values():
        for name in dict.fromkeys(node.protocol for node in scenario.nodes.values() if node.protocol not in ("", "none")):
            mentions.setdefault(name, []).append((scenario.title, f"scenarios/{scenario.id}.md"))
    return mentions


def format_pages(pages: Iterable[Page]) -> dict[str, str]:
    """Return each page as it goes to the build: its head, its body with the references resolved, and the words explained."""
    all_pages = list(pages)
    works = citations.parse_bibtex(library.load_shared_files()[citations.REFERENCES_FILE])
    meanings = next((glossary.parse_glossary(page.body) for page in all_pages if page.path == glossary.GLOSSARY_PATH), {})
    mistakes = Collector()
    texts_by_path = {}
    for page in all_pages:
        with mistakes.at(page.file):
            body = glossary.add_definitions(page, resolve_citations(page, works), meanings)
            settings = ("" if page.is_listed else "search:\n  exclude: true\n") + (f"hide: [{', '.join(page.hide)}]\n" if page.hide else "")
            texts_by_path[page.path] = f"---\ntitle: {quote_yaml(page.title)}\n{settings}---\n# {page.title}\n\n{body.lstrip()}"
    mistakes.raise_all()
    return texts_by_path


def companion_files(pages: Iterable[Page]) -> dict[str, str]:
    """Return the files that go along with the pages, by their paths."""
    return {path: text for page in pages for path, text in page.companions.items()}


def hidden_pages(pages: Iterable[Page], navigation: Navigation) -> list[str]:
    """Return the pages that are not in the navigation *navigation*."""
    shown_paths = set(_navigation_paths(navigation))
    return [page.path for page in pages if page.path not in shown_paths]


def _navigation_paths(part: Any) -> Iterator[str]:
    """Yield each path in a part of the navigation."""
    if isinstance(part, str):
        yield part
    else:
        for each in part.values() if isinstance(part, dict) else part:
            yield from _navigation_paths(each)
