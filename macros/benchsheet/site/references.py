"""The works behind all pages, and the source document's own numbers, so that a link with one of them still arrives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from .._dataclass import replace
from ..errors import Collector, ProtocolError, near
from ..yamltree import read
from .citations import Works, keys, work
from .page import Page, document

NUMBERS = "citations.yml"
_RELATIONS = {"same": "this work", "probable": "probably this work", "vendor": "a supplier's page, no publication", "unresolved": "unresolved"}


def page(docs: Mapping[str, str], works: Works, written: Iterable[Page]) -> Page:
    """Return the page of all works, with what cites each, and of the source document's numbers."""
    users: dict[str, list[Page]] = {key: [] for key in works}
    for each in written:
        for key in keys(each.body):
            if key in users:
                users[key].append(each)
    rows = []
    for key, entry in sorted(works.items()):
        said = ", ".join(f"[{escape(each.title, quote=False)}]({_address(each.path)})" for each in users[key] if each.listed)
        rows.append(
            f'<span id="{key}"></span>{work(entry)}'
            + (f"\n:   Cited in {said}\n" if said else "\n:   Cited on the sheets of protocols, or in a table.\n")
        )
    path = "references.md"
    if path not in docs:
        raise ProtocolError("there is no page of references", "write docs/references.md, with {works} and {numbers} on lines of their own", "docs")
    made = document(path, docs[path])
    return replace(made, body=made.body.replace("{works}", "\n".join(rows)).replace("{numbers}", _numbers(docs.get(NUMBERS, ""), works)))


def _address(path: str) -> str:
    """Return *path* as a link of Markdown has it: in angle brackets where a blank or a bracket would end it."""
    return f"<{path}>" if set(" ()") & set(path) else path


def _numbers(text: str, works: Works) -> str:
    """Return the table of the source document's numbers 1 to 20."""
    file = f"docs/{NUMBERS}"
    tree = read(text, file)
    mistakes = Collector()
    lines = []
    for number in tree:
        with mistakes.at(file, tree.lines[number]):
            entry = tree.map(number)
            entry.only(("work", "relation", "note"), "a number")
            relation, key = entry.text("relation"), entry.text("work")
            if relation not in _RELATIONS:
                raise ProtocolError(f"{relation!r} is no relation", near(relation, _RELATIONS))
            key = "" if key == "null" else key
            if key and key not in works:
                raise ProtocolError(f"no reference {key!r}", near(key, works, "references"))
            named = f"[{key}](#{key}), {_RELATIONS[relation]}" if key else _RELATIONS[relation]
            lines.append(f'| <span id="source-{number}"></span>{number} | {named} | {entry.text("note")} |')
    mistakes.close()
    return "| number | work | note |\n|---|---|---|\n" + "\n".join(lines)
