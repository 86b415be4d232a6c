"""The works behind all pages, and the source document's own numbers, so that a link with one of them still arrives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from .._dataclass import replace
from ..errors import Collector, ProtocolError, suggest
from ..yamltree import parse_yaml_map
from .citations import Works, citation_keys, format_work_html
from .page import Page, parse_document

NUMBERS_PATH = "citations.yml"
_RELATIONS = {"same": "this work", "probable": "probably this work", "vendor": "a supplier's page, no publication", "unresolved": "unresolved"}


def build_references_page(docs: Mapping[str, str], works: Works, pages: Iterable[Page]) -> Page:
    """Return the page of all works, with what cites each, and of the source document's numbers."""
    users: dict[str, list[Page]] = {key: [] for key in works}
    for each in pages:
        for key in citation_keys(each.body):
            if key in users:
                users[key].append(each)
    rows = []
    for key, entry in sorted(works.items()):
        links = ", ".join(f"[{escape(each.title, quote=False)}]({_address(each.path)})" for each in users[key] if each.is_listed)
        rows.append(
            f'<span id="{key}"></span>{format_work_html(entry)}'
            + (f"\n:   Cited in {links}\n" if links else "\n:   Cited on the sheets of protocols, or in a table.\n")
        )
    path = "references.md"
    if path not in docs:
        raise ProtocolError("there is no page of references", "write docs/references.md, with {works} and {numbers} on lines of their own", "docs")
    document_page = parse_document(path, docs[path])
    return replace(
        document_page,
        body=document_page.body.replace("{works}", "\n".join(rows)).replace("{numbers}", _format_numbers(docs.get(NUMBERS_PATH, ""), works)),
    )


def _address(path: str) -> str:
    """Return *path* as a link of Markdown has it: in angle brackets where a blank or a bracket would end it."""
    return f"<{path}>" if set(" ()") & set(path) else path


def _format_numbers(text: str, works: Works) -> str:
    """Return the table of the source document's numbers 1 to 20."""
    file = f"docs/{NUMBERS_PATH}"
    tree = parse_yaml_map(text, file)
    mistakes = Collector()
    lines = []
    for number in tree:
        with mistakes.at(file, tree.lines[number]):
            entry = tree.mapping(number)
            entry.check_keys(("work", "relation", "note"), "a number")
            relation, key = entry.text("relation"), entry.text("work")
            if relation not in _RELATIONS:
                raise ProtocolError(f"{relation!r} is no relation", suggest(relation, _RELATIONS))
            key = "" if key == "null" else key
            if key and key not in works:
                raise ProtocolError(f"no reference {key!r}", suggest(key, works, "references"))
            work_text = f"[{key}](#{key}), {_RELATIONS[relation]}" if key else _RELATIONS[relation]
            lines.append(f'| <span id="source-{number}"></span>{number} | {work_text} | {entry.text("note")} |')
    mistakes.raise_all()
    return "| number | work | note |\n|---|---|---|\n" + "\n".join(lines)
