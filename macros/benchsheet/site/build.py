"""All pages of the site as Markdown, from documents, protocols and shared tables; the same on disk and in the build.

Raises the mistakes of all of them at once, so that a site is never published in part.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterable, Mapping
from operator import attrgetter
from typing import Any

from .. import library
from .._dataclass import replace
from ..errors import Collector, ProtocolError
from ..protocol import citations
from . import citations as references
from . import decision_tree_svg, diagram_pages, faq, protocol_pages, scenario_pages, symptom_pages
from .citations import Works, resolve_citations
from .diagrams import Diagram, parse_diagram
from .marks import refuse_unknown_marks
from .page import (
    GLOSSARY_PATH,
    Page,
    add_definitions,
    build_index,
    capitalize_first,
    folder_texts,
    make_each,
    parse_document,
    parse_glossary,
    quote_yaml,
)
from .reference_tables import build_table_pages
from .scenarios import Scenario, parse_scenarios
from .search_rows import number_words
from .sheet_places import parse_places
from .sheets import SheetCache
from .site_map import Navigation, is_plain_page, refuse_clashes, refuse_unread
from .symptoms import SymptomGroup, parse_symptoms

_DIAGRAM_PLACEHOLDER = re.compile(r"^\{(picture|edges|states)\}$", re.MULTILINE)


def build_pages(docs: Mapping[str, str], changes: str, sheets: SheetCache | None = None) -> list[Page]:
    """Return every page but notebooks; *docs* are the documents by their paths, *changes* is the project's changelog."""
    sheets, shared = sheets or SheetCache(), library.load_shared_files()
    works = citations.parse_bibtex(shared[citations.REFERENCES_FILE])
    mistakes = Collector()
    made_pages: list[Page] = []
    with mistakes.at("docs"):
        refuse_unread(docs)
    scenarios_by_name: dict[str, Scenario] = {}
    drawings: dict[str, str] = {}
    faq_entries: dict[str, faq.FaqEntry] = {}
    with mistakes.at("docs/scenarios"):
        scenarios_by_name = parse_scenarios(docs, sheets.names)
        drawings = decision_tree_svg.inline_trees(scenarios_by_name)
    with mistakes.at("docs/faq"):
        faq_entries = faq.parse_faq(docs)
    with mistakes.at("docs/faq"):
        made_pages += faq.build_faq_pages(docs, faq_entries)
    places = functools.cache(lambda name: parse_places(sheets.sheet(name).body))
    groups: tuple[SymptomGroup, ...] = ()
    with mistakes.at("docs/symptoms"):
        groups = parse_symptoms(docs, sheets.names, places, works)
        made_pages += symptom_pages.build_symptom_pages(groups, sheets.titles(), places)
    with mistakes.at("docs/scenarios"):
        titles = protocol_pages.title_presets(scenarios_by_name, sheets)
        made_pages += scenario_pages.build_scenario_pages(docs, scenarios_by_name, titles, drawings, groups)
    with mistakes.at("protocols"):
        made_pages += protocol_pages.build_protocol_pages(docs, scenarios_by_name, sheets, groups)
    with mistakes.at("protocols/_shared"):
        made_pages += [replace(parse_document(path, text), file=f"protocols/{path}", line=1) for path, text in build_table_pages(shared).items()]
    with mistakes.at("docs"):
        made_pages += _build_documents(docs, changes)
    page_paths = {page.path for page in made_pages} | {path for path in docs if path.endswith(".ipynb")}
    for folder, suffix in (
        ("mechanisms", ".md"),
        ("scenarios", ".yml"),
        ("faq", ".md"),
        ("symptoms", ".md"),
    ):  # also those with a mistake, which have no page yet
        page_paths |= {f"{folder}/{name}.md" for name in folder_texts(docs, folder, suffix)}
    with mistakes.at("docs/mechanisms"):
        diagrams = _parse_diagrams(docs, works, page_paths)
        made_pages += _build_mechanism_pages(docs, diagrams)
        made_pages = [_fill_diagrams(page, docs, diagrams) for page in made_pages]
    with mistakes.at("docs"):
        refuse_clashes(made_pages, docs)
    mistakes.raise_all()
    made_pages = [faq.embed_answers(page, faq_entries) for page in made_pages]
    made_pages.append(references.build_references_page(docs, works, made_pages))
    refuse_unknown_marks(made_pages)
    return made_pages


def _build_documents(docs: Mapping[str, str], changes: str) -> list[Page]:
    """Return the documents that are pages as they stand, with the changelog where one asks for it."""
    entries = changes.partition("\n")[2].strip()

    def build(path: str) -> Page:
        page = parse_document(path, docs[path])
        return replace(page, body=page.body.replace("{changes}", entries))

    return make_each(filter(is_plain_page, docs), "docs/{}".format, build)


def _parse_diagrams(docs: Mapping[str, str], works: Works, page_paths: Collection[str]) -> dict[str, Diagram]:
    """Return the picture of each mechanism, and of the workflow, by its name; raise the mistakes of all of them."""
    texts = folder_texts(docs, "mechanisms", ".yml")
    path = "docs/mechanisms/{}.yml".format
    diagrams = make_each(texts, path, lambda name: parse_diagram(name, texts[name], path(name), works, page_paths))
    return {diagram.id: diagram for diagram in diagrams}


def _build_mechanism_pages(docs: Mapping[str, str], diagrams: Mapping[str, Diagram]) -> list[Page]:
    """Return the page of each mechanism, and their index, which lists those that have a picture."""
    pages = {name: parse_document(f"mechanisms/{name}.md", text) for name, text in folder_texts(docs, "mechanisms", ".md").items()}
    lines = [
        f"[{page.title}]({name}.md)\n:   {diagrams[name].caption} *{capitalize_first(diagrams[name].direction)}.*\n"
        for name, page in pages.items()
        if name in diagrams
    ]
    return [build_index(docs, "mechanisms", "\n".join(lines)), *pages.values()]


def _fill_diagrams(page: Page, docs: Mapping[str, str], diagrams: Mapping[str, Diagram]) -> Page:
    """Fill ``{picture}``, ``{edges}`` and ``{states}`` of a page with those of the picture that has its name."""
    if not _DIAGRAM_PLACEHOLDER.search(page.body):
        return page
    name = page.path.rpartition("/")[2].removesuffix(".md")
    file = f"mechanisms/{name}"
    if name not in diagrams or f"{file}.svg" not in docs:
        hint = f"write it, and draw it with '{diagram_pages.DRAW_COMMAND}'"
        raise ProtocolError(f"the page asks for a picture, and there is no {file}.yml or .svg", hint, page.file)
    parts = {
        "picture": lambda: diagram_pages.inline_diagram(diagrams[name], docs[f"{file}.svg"], page.path),
        "edges": lambda: diagram_pages.edge_table(diagrams[name]),
        "states": lambda: diagram_pages.states_table(diagrams[name]),
    }
    return replace(page, body=_DIAGRAM_PLACEHOLDER.sub(lambda match: parts[match[1]](), page.body))


def format_pages(pages: Iterable[Page]) -> dict[str, str]:
    """Return each page as MkDocs reads it, by its path: the head, the body with numbered references, and the glossary's definitions."""
    all_pages = list(pages)
    works = citations.parse_bibtex(library.load_shared_files()[citations.REFERENCES_FILE])
    meanings = next((parse_glossary(page.body) for page in all_pages if page.path == GLOSSARY_PATH), {})
    return dict(make_each(all_pages, attrgetter("file"), lambda page: (page.path, _format_page(page, works, meanings))))


def _format_page(page: Page, works: Works, meanings: Mapping[str, str]) -> str:
    body = add_definitions(page, resolve_citations(page, works), meanings)
    body = number_words(body) if page.path == GLOSSARY_PATH else body
    settings = ("" if page.is_listed else "search:\n  exclude: true\n") + (f"hide: [{', '.join(page.hide)}]\n" if page.hide else "")
    return f"---\ntitle: {quote_yaml(page.title)}\n{settings}---\n# {page.title}\n\n{body.lstrip()}"


def companion_files(pages: Iterable[Page]) -> dict[str, str | bytes]:
    """Return the files that belong to pages, such as the sheets to fill in, by their paths."""
    return {path: text for page in pages for path, text in page.companions.items()}


def search_words(pages: Iterable[Page]) -> dict[str, tuple[str, ...]]:
    """Return the words that a section is found by beside its text, by its address in the built site."""
    return {
        f"{page.path.removesuffix('.md')}.html{'#' if anchor else ''}{anchor}": words for page in pages for anchor, words in page.search_words.items()
    }


def hidden_pages(pages: Iterable[Page], navigation: Navigation) -> list[str]:
    """Return the paths of the pages that *navigation* does not list."""
    shown_paths = _navigation_paths(navigation)
    return [page.path for page in pages if page.path not in shown_paths]


def _navigation_paths(part: Any) -> set[str]:
    """Return the path of each page in a part of the navigation."""
    if isinstance(part, str):
        return {part}
    return set().union(*map(_navigation_paths, part.values() if isinstance(part, dict) else part))
