"""Questions and answers: one file each, with the short answer first; an index by area, and the short answer on other pages that embed it.

Raises an error for a question without a short answer, with an unknown area, direction or evidence, or with references that differ from
what the text cites.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape

from .._dataclass import dataclass, replace
from ..errors import Collector, ProtocolError, check_known, locate_errors
from .citations import CITATION, check_references
from .page import Page, build_index, capitalize_first, folder_texts, make_each, order_of, read_words, split_head, title_of
from .page_facts import PEOPLE_KEYS, People, read_people

FAQ_FOLDER = "faq"
FAQ_EVIDENCE = {
    "verified": "rests on works that were read",
    "general": "rests in part on general laboratory knowledge",
    "computed": "rests in part on figures worked out here",
    "source-only": "rests in part on the source document alone",
}
# Directions that name no subject of their own: neither of the others, or all of them.
_NEITHER, _BOTH = "neither", "both"
_ENTRY_KEYS = ("title", "area", "order", "direction", "evidence", "references", "related", "words", *PEOPLE_KEYS)
_MORE_MARK = "<!-- more -->"
_EMBED = re.compile(r"^\{answer: ([\w-]+)\}$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class FaqEntry:
    """One question: *short_answer* is the answer in a paragraph; *body* begins with it, goes on with the detail, and is at *line* of *file*.

    *subjects* say what it is about.
    """

    id: str
    title: str
    area: str
    order: int
    direction: str
    evidence: str
    related_ids: tuple[str, ...]
    short_answer: str
    body: str
    file: str
    line: int
    words: Mapping[str, tuple[str, ...]]
    people: People
    subjects: tuple[str, ...]


def faq_choices(docs: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the values that an answer may have: its ``area`` in the order of the index, its ``direction``, and its ``evidence``."""
    file = f"docs/{FAQ_FOLDER}/index.md"
    head, _, _ = split_head(docs.get(f"{FAQ_FOLDER}/index.md", ""), file)
    head.require_keys(("areas", "directions"), "the index of the answers")
    return {"area": head.word_list("areas"), "direction": head.word_list("directions"), "evidence": list(FAQ_EVIDENCE)}


def parse_faq(docs: Mapping[str, str]) -> dict[str, FaqEntry]:
    """Return all answers by their names, in the order of the index; raise ProtocolErrors with the mistakes of all."""
    texts, choices = folder_texts(docs, FAQ_FOLDER, ".md"), faq_choices(docs)
    entries = make_each(texts, f"docs/{FAQ_FOLDER}/{{}}.md".format, lambda name: _parse_entry(name, texts, choices))
    return {each.id: each for each in sorted(entries, key=lambda each: (choices["area"].index(each.area), each.order, each.id))}


def _parse_entry(name: str, texts: Mapping[str, str], choices: Mapping[str, list[str]]) -> FaqEntry:
    file = f"docs/{FAQ_FOLDER}/{name}.md"
    head, body, line = split_head(texts[name], file)
    head.check_keys(_ENTRY_KEYS, "an answer", required=("title", "area", "order", "direction", "evidence", "references"))
    mistakes = Collector()
    for key, allowed in choices.items():
        with mistakes.at(file, head.lines[key]):
            check_known(head.text(key), allowed, f"{head.text(key)!r} is not a known {key}")
    with mistakes.at(file):
        order = order_of(head)
    for other in head.word_list("related"):
        with mistakes.at(file, head.lines["related"]):
            check_known(other, texts, f"there is no answer {other!r}", "answers")
    with mistakes.at(file, head.lines["references"]):
        check_references(filter(None, head.word_list("references")), body)
    short_answer, more, detail = body.partition(_MORE_MARK)
    with mistakes.at(file, line):
        if not more or not re.search(r"\w", CITATION.sub("", short_answer)):
            raise ProtocolError("there is no short answer", f"end its paragraph with a line {_MORE_MARK}")
    mistakes.raise_all()
    start, rest = short_answer.rstrip(), detail.strip("\n")
    gap = "\n" * max(2, body[len(start) : body.rindex(rest)].count("\n") - 1)  # keeps the line numbers of the file
    return FaqEntry(
        id=name,
        title=title_of(head),
        order=order,
        related_ids=tuple(head.word_list("related")),
        short_answer=start.lstrip(),
        body=f"{start}\n{{: .short-answer}}{gap}{rest}",
        file=file,
        line=line,
        words=read_words(head),
        people=read_people(head),
        subjects=_find_subjects(head.text("direction"), choices["direction"]),
        **{key: head.text(key) for key in choices},
    )


def _find_subjects(direction: str, directions: Iterable[str]) -> tuple[str, ...]:
    """Return what a reader is told that an answer of this *direction* is about."""
    subjects = tuple(each for each in directions if each not in (_NEITHER, _BOTH))
    return subjects if direction == _BOTH else tuple(each for each in subjects if each == direction)


def build_faq_pages(docs: Mapping[str, str], entries: Mapping[str, FaqEntry]) -> list[Page]:
    """Return the index by area, and a page for each answer."""
    return [build_index(docs, FAQ_FOLDER, _format_index(entries)), *(_build_page(each, entries) for each in entries.values())]


def _build_page(entry: FaqEntry, entries: Mapping[str, FaqEntry]) -> Page:
    about = f"It is about {' and about '.join(entry.subjects)}. " if entry.subjects else ""
    basis = f"*{about}The short answer {FAQ_EVIDENCE[entry.evidence]}.*"
    related = "## Related questions\n\n" + "\n".join(f"- [{entries[other].title}]({other}.md)" for other in entry.related_ids)
    body = "\n\n".join((entry.body.rstrip("\n"), basis, *([related] if entry.related_ids else [])))
    path = f"{FAQ_FOLDER}/{entry.id}.md"
    return Page(
        path=path, title=entry.title, body=body, file=entry.file, line=entry.line, section=entry.area,
        search_words=entry.words, people=entry.people,
    )  # fmt: skip


def _format_index(entries: Mapping[str, FaqEntry]) -> str:
    lines = []
    for area in dict.fromkeys(each.area for each in entries.values()):
        lines.append(f"## {capitalize_first(area)}\n")
        for each in entries.values():
            if each.area == area:
                short = CITATION.sub("", " ".join(each.short_answer.split()))  # its works are listed on its own page
                lines.append(f"[{each.title}]({each.id}.md)\n:   {short}\n")
    return "\n".join(lines)


def embed_answers(page: Page, entries: Mapping[str, FaqEntry]) -> Page:
    """Fill ``{answer: name}``, alone on its line, with the short answer and a link to the whole answer."""

    def embed_answer(match: re.Match[str]) -> str:
        with locate_errors(page.file, page.line + page.body[: match.start()].count("\n")):
            check_known(match[1], entries, f"there is no answer {match[1]!r}", "answers")
        entry = entries[match[1]]
        up = "../" * page.path.count("/")
        title = f'<p class="admonition-title">{escape(entry.title, quote=False)}</p>'
        link = f"[More]({up}{FAQ_FOLDER}/{entry.id}.md)"
        return f'<div class="admonition question" markdown="1">\n{title}\n\n{entry.short_answer}\n\n{link}\n\n</div>'

    return replace(page, body=_EMBED.sub(embed_answer, page.body))
