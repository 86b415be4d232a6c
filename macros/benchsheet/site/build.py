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
from ..protocol import citations as references
from . import decision_trees as trees
from . import diagram_pages as pictures
from . import faq as answers
from . import glossary
from . import protocol_pages as protocols
from . import references as works_page
from . import scenario_pages as guides
from .citations import Works, cited
from .marks import refuse_unknown_marks
from .page import Page, began, document, index, quoted, texts
from .reference_tables import reference_tables
from .scenarios import Scenario, scenarios
from .sections import Navigation, is_plain_page, refuse_clashes, refuse_unread
from .sheets import Sheets

_HOLE = re.compile(r"^\{(picture|edges|states)\}$", re.MULTILINE)


def pages(docs: Mapping[str, str], changes: str, sheets: Sheets | None = None) -> list[Page]:
    """Return every page but notebooks; *docs* are the documents by their paths, *changes* is the project's changelog."""
    sheets, shared = sheets or Sheets(), library.shared()
    works = references.works(shared[references.FILE])
    mistakes = Collector()
    found: list[Page] = []
    with mistakes.at("docs"):
        refuse_unread(docs)

    def taken(made: Callable[[], Iterable[Page]], file: str) -> None:
        with mistakes.at(file):
            found.extend(made())

    every: dict[str, Scenario] = {}
    drawn: dict[str, str] = {}
    asked: dict[str, answers.Answer] = {}
    with mistakes.at("docs/scenarios"):
        every = scenarios(docs, sheets.names)
    with mistakes.at("docs/scenarios"):
        drawn = trees.ready(docs, every)
    with mistakes.at("docs/faq"):
        asked = answers.answers(docs)
    taken(lambda: answers.pages(docs, asked), "docs/faq")
    taken(lambda: guides.pages(docs, every, sheets.titles(), drawn), "docs/scenarios")
    taken(lambda: protocols.pages(docs, every, _mentions(every), sheets), "protocols")
    taken(lambda: [Page(path, *_headed(text, path), f"protocols/{path}") for path, text in reference_tables(shared).items()], "protocols/_shared")
    taken(lambda: _documents(docs, changes), "docs")
    known = (
        {page.path for page in found}
        | {path for path in docs if path.endswith(".ipynb")}
        | {f"mechanisms/{name}.md" for name in texts(docs, "mechanisms", ".md")}
    )
    known |= {f"{folder}/{name}.md" for folder, suffix in (("scenarios", ".yml"), ("faq", ".md")) for name in texts(docs, folder, suffix)}
    taken(lambda: _mechanisms(docs, works, known), "docs/mechanisms")
    with mistakes.at("docs"):
        refuse_clashes(found, docs)
    mistakes.close()
    found = [_drawn(page, docs, works, known) for page in found]
    found = [answers.embedded(page, asked) for page in found]
    found.append(works_page.page(docs, works, found))
    refuse_unknown_marks(found)
    return found


def _headed(text: str, path: str) -> tuple[str, str]:
    page = document(path, text)
    return page.title, page.body


def _documents(docs: Mapping[str, str], changes: str) -> list[Page]:
    """Return the documents that are pages as they stand."""
    mistakes = Collector()
    found = []
    for path, text in docs.items():
        if is_plain_page(path):
            with mistakes.at(f"docs/{path}"):
                page = document(path, text)
                found.append(replace(page, body=page.body.replace("{changes}", changes.partition("\n")[2].strip())))
    mistakes.close()
    return found


def _mechanisms(docs: Mapping[str, str], works: Works, known: Iterable[str]) -> list[Page]:
    """Return the walk-through of each picture, and their index."""
    found = [document(f"mechanisms/{name}.md", text) for name, text in texts(docs, "mechanisms", ".md").items()]
    lines = []
    for page in found:
        name = page.path.removeprefix("mechanisms/").removesuffix(".md")
        if f"mechanisms/{name}.yml" not in docs:  # about mechanisms, and without a picture of its own
            continue
        told = pictures.picture(name, docs[f"mechanisms/{name}.yml"], f"docs/mechanisms/{name}.yml", works, set(known))
        lines.append(f"[{page.title}]({name}.md)\n:   {told.caption} *{began(told.direction)}.*\n")
    return [index(docs, "mechanisms", "\n".join(lines)), *(_drawn(page, docs, works, known) for page in found)]


def _drawn(page: Page, docs: Mapping[str, str], works: Works, known: Iterable[str]) -> Page:
    """Fill ``{picture}``, ``{edges}`` and ``{states}`` of a page with those of its picture."""
    if not _HOLE.search(page.body):
        return page
    name = page.path.rpartition("/")[2].removesuffix(".md")
    file = f"mechanisms/{name}"
    if f"{file}.yml" not in docs or f"{file}.svg" not in docs:
        raise ProtocolError(
            f"the page asks for a picture, and there is no {file}.yml or .svg",
            "write it, and draw it with 'python -m benchsheet.site.diagram_svg docs'",
            page.file,
        )
    told = pictures.picture(name, docs[f"{file}.yml"], f"docs/{file}.yml", works, set(known))
    parts = {
        "picture": lambda: pictures.inlined(told, docs[f"{file}.svg"], page.path),
        "edges": lambda: pictures.edge_table(told),
        "states": lambda: pictures.states_table(told),
    }
    return replace(page, body=_HOLE.sub(lambda hole: parts[hole[1]](), page.body))


def _mentions(every: Mapping[str, Scenario]) -> dict[str, list[tuple[str, str]]]:
    """Return for each protocol the scenarios whose tests take it."""
    found: dict[str, list[tuple[str, str]]] = {}
    for scenario in every.values():
        for name in dict.fromkeys(node.protocol for node in scenario.nodes.values() if node.protocol not in ("", "none")):
            found.setdefault(name, []).append((scenario.title, f"scenarios/{scenario.id}.md"))
    return found


def written(found: Iterable[Page]) -> dict[str, str]:
    """Return each page as it goes to the build: its head, its body with the references resolved, and the words explained."""
    every = list(found)
    works = references.works(library.shared()[references.FILE])
    words = next((glossary.terms(page.body) for page in every if page.path == glossary.SOURCE), {})
    mistakes = Collector()
    made = {}
    for page in every:
        with mistakes.at(page.file):
            body = glossary.explained(page, cited(page, works), words)
            hidden = ("" if page.listed else "search:\n  exclude: true\n") + (f"hide: [{', '.join(page.hide)}]\n" if page.hide else "")
            made[page.path] = f"---\ntitle: {quoted(page.title)}\n{hidden}---\n# {page.title}\n\n{body.lstrip()}"
    mistakes.close()
    return made


def beside(found: Iterable[Page]) -> dict[str, str]:
    """Return the files that go along with the pages, by their paths."""
    return {path: text for page in found for path, text in page.beside.items()}


def outside(found: Iterable[Page], shown: Navigation) -> list[str]:
    """Return the pages that are not in the navigation *shown*."""
    inside = set(_leaves(shown))
    return [page.path for page in found if page.path not in inside]


def _leaves(part: Any) -> Iterator[str]:
    """Yield each path in a part of the navigation."""
    if isinstance(part, str):
        yield part
    else:
        for each in part.values() if isinstance(part, dict) else part:
            yield from _leaves(each)
