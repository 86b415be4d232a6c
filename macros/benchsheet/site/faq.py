"""Questions and answers: one file each, the short answer first; an index by area, and the short answer where another page asks for it.

Refuses an answer without a short one, of no known area, direction or evidence, or with references that it does not cite.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from .._dataclass import dataclass, replace
from ..errors import Collector, ProtocolError, check_known, suggest
from ..units import whole_number
from .citations import CITATION, check_references
from .page import Page, build_index, capitalize_first, folder_texts, split_head, title_of

FAQ_FOLDER = "faq"
FAQ_EVIDENCE = {
    "verified": "rests on works that were read",
    "general": "rests in part on general laboratory knowledge",
    "computed": "rests in part on figures worked out here",
    "source-only": "rests in part on the source document alone",
}
_ENTRY_KEYS = ("title", "area", "order", "direction", "evidence", "references", "related")
_MORE_MARK = "<!-- more -->"
_EMBED = re.compile(r"^\{answer: ([\w-]+)\}$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class FaqEntry:
    """One question: *short_answer* is the answer in a paragraph, *detail* what follows it, *detail_offset* lines below."""

    id: str
    title: str
    area: str
    order: int
    direction: str
    evidence: str
    related_ids: tuple[str, ...]
    short_answer: str
    detail: str
    file: str
    line: int
    detail_offset: int


def faq_choices(docs: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the ``areas`` of the index in their order, and the ``directions`` that an answer may have."""
    file = f"docs/{FAQ_FOLDER}/index.md"
    head, _, _ = split_head(docs.get(f"{FAQ_FOLDER}/index.md", ""), file)
    head.require_keys(("areas", "directions"), "the index of the answers")
    return {"area": head.word_list("areas"), "direction": head.word_list("directions"), "evidence": list(FAQ_EVIDENCE)}


def parse_faq(docs: Mapping[str, str]) -> dict[str, FaqEntry]:
    """Return all answers by their names, in the order of the index; raise every mistake."""
    mistakes = Collector()
    texts_by_name = folder_texts(docs, FAQ_FOLDER, ".md")
    choices = faq_choices(docs)
    entries = []
    for name, text in texts_by_name.items():
        with mistakes.at(f"docs/{FAQ_FOLDER}/{name}.md"):
            entries.append(_parse_entry(name, text, texts_by_name, choices))
    mistakes.raise_all()
    return {each.id: each for each in sorted(entries, key=lambda each: (choices["area"].index(each.area), each.order, each.id))}


def _parse_entry(name: str, text: str, names: Mapping[str, str], choices: Mapping[str, list[str]]) -> FaqEntry:
    file = f"docs/{FAQ_FOLDER}/{name}.md"
    head, body, line = split_head(text, file)
    head.check_keys(_ENTRY_KEYS, "an answer", required=("title", "area", "order", "direction", "evidence", "references"))
    mistakes = Collector()
    for key, allowed in choices.items():
        with mistakes.at(file, head.lines[key]):
            check_known(head.text(key), allowed, f"{head.text(key)!r} is no {key}")
    with mistakes.at(file, head.lines["order"]):
        if whole_number(head.text("order")) is None:
            raise ProtocolError(f"order {head.text('order')!r} is not a whole number", "write it in digits")
    for other in head.word_list("related"):
        with mistakes.at(file, head.lines["related"]):
            check_known(other, names, f"there is no answer {other!r}", "answers")
    with mistakes.at(file, head.lines["references"]):
        check_references(filter(None, head.word_list("references")), body)
    short_answer, more, detail = body.partition(_MORE_MARK)
    with mistakes.at(file, line):
        if not more or not re.search(r"\w", CITATION.sub("", short_answer)):
            raise ProtocolError("there is no short answer", f"end its paragraph with a line {_MORE_MARK}")
    mistakes.raise_all()
    return FaqEntry(
        id=name,
        title=title_of(head),
        area=head.text("area"),
        order=int(head.text("order")),
        direction=head.text("direction"),
        evidence=head.text("evidence"),
        related_ids=tuple(head.word_list("related")),
        short_answer=short_answer.strip(),
        detail=detail.strip("\n"),
        file=file,
        line=line,
        detail_offset=(short_answer + more + detail[: len(detail) - len(detail.lstrip("\n"))]).count("\n"),
    )


def build_faq_pages(docs: Mapping[str, str], entries: Mapping[str, FaqEntry]) -> list[Page]:
    """Return the index by area, and a page for each answer."""
    return [build_index(docs, FAQ_FOLDER, _format_index(entries)), *(_build_page(each, entries) for each in entries.values())]


def _build_page(entry: FaqEntry, entries: Mapping[str, FaqEntry]) -> Page:
    short = f"{entry.short_answer}\n{{: .short-answer}}\n"
    gap = "\n" * max(1, entry.detail_offset - short.count("\n"))  # so that a line here is the line that its author wrote
    basis = f"*{capitalize_first(entry.direction)}; the short answer {FAQ_EVIDENCE[entry.evidence]}.*"
    related = (
        "## Related questions\n\n" + "\n".join(f"- [{entries[other].title}]({other}.md)" for other in entry.related_ids) if entry.related_ids else ""
    )
    body = "\n\n".join(filter(None, (f"{short}{gap}{entry.detail}", basis, related)))
    return Page(path=f"{FAQ_FOLDER}/{entry.id}.md", title=entry.title, body=body, file=entry.file, line=entry.line, section=entry.area)


def _format_index(entries: Mapping[str, FaqEntry]) -> str:
    lines = []
    for area in dict.fromkeys(each.area for each in entries.values()):
        lines.append(f"## {capitalize_first(area)}\n")
        lines += [f"[{each.title}]({each.id}.md)\n:   {_strip_citations(each.short_answer)}\n" for each in entries.values() if each.area == area]
    return "\n".join(lines)


def _strip_citations(short: str) -> str:
    """Return the short answer without its citations, which stand on its own page."""
    return CITATION.sub("", " ".join(short.split()))


def embed_answers(page: Page, entries: Mapping[str, FaqEntry]) -> Page:
    """Fill ``{answer: name}``, alone on its line, with the short answer and the way to the rest."""

    def embed_answer(match: re.Match[str]) -> str:
        if match[1] not in entries:
            line = page.line + page.body[: match.start()].count("\n")
            raise ProtocolError(f"there is no answer {match[1]!r}", suggest(match[1], entries, "answers"), page.file, line)
        entry = entries[match[1]]
        up = "../" * page.path.count("/")
        title = f'<p class="admonition-title">{escape(entry.title, quote=False)}</p>'
        link = f"[More]({up}{FAQ_FOLDER}/{entry.id}.md)"
        return f'<div class="admonition question" markdown="1">\n{title}\n\n{entry.short_answer}\n\n{link}\n\n</div>'

    return replace(page, body=_EMBED.sub(embed_answer, page.body))
