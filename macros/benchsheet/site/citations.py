"""References of pages: each ``[@key]`` becomes a number with a link to the work, in the list at the end; one page lists all works.

Raises for a key that the BibTeX file does not have.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from html import escape

from .._dataclass import replace
from ..errors import Collector, ProtocolError, check_known, suggest
from ..markup import CITATION_MARK, write_table
from ..protocol.citations import format_work, work_address
from ..yamltree import parse_yaml_map
from .marks import split_code
from .page import Page, parse_document

Works = Mapping[str, Mapping[str, str]]
EVIDENCE_MARKS = {
    "general": "general laboratory knowledge: confirm it with your supplier or your own data",
    "computed": "worked out here from the figures named",
    "source": "said by the source document alone, and not checked",
}
CITATION = re.compile(rf"\s?{CITATION_MARK.pattern}")
_CITATION_START = "[@"  # a quick test: sheets are long, and their references are numbered already
_BRACKET = re.compile(r"\[@[^\]\n]*\]?")


def citation_keys(body: str) -> list[str]:
    """Return the works that *body* cites, each once, in order; code is skipped."""
    if _CITATION_START not in body:
        return []
    keys = [key for part in split_code(body)[::2] for key in CITATION.findall(part)]
    return [key for key in dict.fromkeys(keys) if key not in EVIDENCE_MARKS]


def resolve_citations(page: Page, works: Works, split: Callable[[str], list[str]] = split_code) -> str:
    """Return the body with numbers for its keys and the list of works behind it; raise ProtocolErrors for all unknown keys.

    *split* parts the body into prose, code, prose, and so on.
    """
    if _CITATION_START not in page.body:
        return page.body
    numbers: dict[str, int] = {}
    marks: dict[str, str] = {}
    mistakes = Collector()
    parts = split(page.body)
    line = page.line
    for position, part in enumerate(parts):
        if position % 2 == 0:
            for match in CITATION.finditer(part):
                with mistakes.at(page.file, page.citation_lines.get(match[1], line + part[: match.end()].count("\n"))):
                    marks[match[1]] = _format_mark(match[1], works, numbers)
            for match in _BRACKET.finditer(part):
                with mistakes.at(page.file, None if page.citation_lines else line + part[: match.start()].count("\n")):
                    if not CITATION.fullmatch(match[0]):
                        raise ProtocolError(f"{match[0]!r} is not a citation", "write one key in each pair of brackets: [@one] [@two]")
            parts[position] = CITATION.sub(lambda match: marks.get(match[1], ""), part)
        line += part.count("\n")
    mistakes.raise_all()
    body = "".join(parts)
    return f"{body.rstrip()}\n\n{format_reference_list(numbers, works)}" if numbers else body


def _format_mark(key: str, works: Works, numbers: dict[str, int]) -> str:
    """Return what the page shows for ``[@key]``; a work that is cited for the first time gets the next of the *numbers*."""
    if key in EVIDENCE_MARKS:
        return f' <abbr class="evidence" title="{escape(EVIDENCE_MARKS[key])}">{key}</abbr>'
    if key not in works:
        raise ProtocolError(f"no reference {key!r}", suggest(key, [*works, *EVIDENCE_MARKS], "references"))
    return format_note(key, numbers.setdefault(key, len(numbers) + 1))


def format_note(key: str, number: int) -> str:
    """Return the number of a work as a link to it in the list below."""
    return f'<sup class="cite"><a href="#ref-{key}" aria-label="reference {number}">{number}</a></sup>'


def format_reference_list(numbers: Mapping[str, int], works: Works) -> str:
    """Return the works of a page as a numbered list under their heading."""
    items = "".join(f'<li id="ref-{key}">{format_work_html(works[key])}</li>' for key in numbers)
    return f'## References\n\n<ol class="references">{items}</ol>\n'


def format_work_html(entry: Mapping[str, str]) -> str:
    """Return a work as HTML, with its DOI or its address as a link."""
    link_text, link = work_address(entry)
    more = [f"PMID {entry['pmid']}"] if "pmid" in entry else []
    more += [entry["pmcid"]] if "pmcid" in entry else []
    text = escape(format_work(dict(entry)), quote=False)
    return " ".join(filter(None, (text, f'<a href="{escape(link)}">{escape(link_text)}</a>' if link else "", escape(", ".join(more)))))


def check_references(references: Iterable[str], body: str) -> None:
    """Raise ProtocolError if the list *references* differs from the works that *body* cites."""
    references_listed, citations = list(references), citation_keys(body)
    if extra := [key for key in references_listed if key not in citations]:
        raise ProtocolError(f"{extra[0]!r} is among the references and cited nowhere", "cite it, or leave it out")
    if missing := [key for key in citations if key not in references_listed]:
        raise ProtocolError(f"{missing[0]!r} is cited and not among the references", f"references: [{', '.join(citations)}]")


NUMBERS_PATH = "citations.yml"
_RELATIONS = {"same": "this work", "probable": "probably this work", "vendor": "a supplier's page, no publication", "unresolved": "unresolved"}


def build_references_page(docs: Mapping[str, str], works: Works, pages: Iterable[Page]) -> Page:
    """Return the page of all works, each with the pages that cite it, and the table of the source document's numbers."""
    users: dict[str, list[Page]] = {key: [] for key in works}
    for each in pages:
        for key in citation_keys(each.body):
            if key in users:
                users[key].append(each)
    rows = []
    for key, entry in sorted(works.items()):
        links = ", ".join(f"[{escape(each.title, quote=False)}]({_address(each.path)})" for each in users[key] if each.is_listed)
        cited = f"Cited in {links}" if links else "Cited on the sheets of protocols, or in a table."
        rows.append(f'<span id="{key}"></span>{format_work_html(entry)}\n:   {cited}\n')
    path = "references.md"
    if path not in docs:
        raise ProtocolError("there is no page of references", "write docs/references.md, with {works} and {numbers} on lines of their own", "docs")
    document_page = parse_document(path, docs[path])
    return replace(
        document_page,
        body=document_page.body.replace("{works}", "\n".join(rows)).replace("{numbers}", _format_numbers(docs.get(NUMBERS_PATH, ""), works)),
    )


def _address(path: str) -> str:
    """Return *path* as the target of a Markdown link, in angle brackets if it holds a blank or a bracket."""
    return f"<{path}>" if set(" ()") & set(path) else path


def _format_numbers(text: str, works: Works) -> str:
    """Return the table of the source document's numbers 1 to 20."""
    file = f"docs/{NUMBERS_PATH}"
    tree = parse_yaml_map(text, file)
    mistakes = Collector()
    rows = []
    for number in tree:
        with mistakes.at(file, tree.lines[number]):
            entry = tree.mapping(number)
            entry.check_keys(("work", "relation", "note"), "a number")
            relation, key = entry.text("relation"), entry.text("work")
            check_known(relation, _RELATIONS, f"{relation!r} is not a relation")
            key = "" if key == "null" else key
            if key:
                check_known(key, works, f"no reference {key!r}", "references")
            work_text = f"[{key}](#{key}), {_RELATIONS[relation]}" if key else _RELATIONS[relation]
            rows.append((f'<span id="source-{number}"></span>{number}', work_text, entry.text("note")))
    mistakes.raise_all()
    return write_table(("number", "work", "note"), rows)
