"""Questions and answers: one file each, the short answer first; an index by area, and the short answer where another page asks for it.

Refuses an answer without a short one, of no known area, direction or evidence, or with references that it does not cite.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from .._dataclass import dataclass, replace
from ..errors import Collector, ProtocolError, near
from ..yamltree import Map
from .citations import CITED, same_as_cited
from .page import Page, began, index, split, texts, title_of

FOLDER = "faq"
EVIDENCE = {
    "verified": "rests on works that were read",
    "general": "rests in part on general laboratory knowledge",
    "computed": "rests in part on figures worked out here",
    "source-only": "rests in part on the source document alone",
}
_KEYS = ("title", "area", "order", "direction", "evidence", "references", "source", "related")
_MORE = "<!-- more -->"
_EMBEDDED = re.compile(r"^\{answer: ([\w-]+)\}$", re.MULTILINE)


@dataclass(frozen=True)
class Answer:
    """One question: *short* is the answer in a paragraph, *detail* what follows it, *lead* lines below."""

    id: str
    title: str
    area: str
    order: int
    direction: str
    evidence: str
    source: str
    related: tuple[str, ...]
    short: str
    detail: str
    file: str
    line: int
    lead: int


def areas(docs: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the ``areas`` of the index in their order, and the ``directions`` that an answer may have."""
    file = f"docs/{FOLDER}/index.md"
    head, _, _ = split(docs.get(f"{FOLDER}/index.md", ""), file)
    head.need(("areas", "directions"), "the index of the answers")
    return {"area": head.items_of("areas"), "direction": head.items_of("directions"), "evidence": list(EVIDENCE)}


def answers(docs: Mapping[str, str]) -> dict[str, Answer]:
    """Return all answers by their names, in the order of the index; raise every mistake."""
    mistakes = Collector()
    written = texts(docs, FOLDER, ".md")
    words = areas(docs)
    found = []
    for name, text in written.items():
        with mistakes.at(f"docs/{FOLDER}/{name}.md"):
            found.append(_answer(name, text, written, words))
    mistakes.close()
    return {each.id: each for each in sorted(found, key=lambda each: (words["area"].index(each.area), each.order, each.id))}


def _answer(name: str, text: str, known: Mapping[str, str], words: Mapping[str, list[str]]) -> Answer:
    file = f"docs/{FOLDER}/{name}.md"
    head, body, line = split(text, file)
    head.only(_KEYS, "an answer")
    head.need(("title", "area", "order", "direction", "evidence", "references"), "an answer")
    mistakes = Collector()
    for key, allowed in words.items():
        with mistakes.at(file, head.lines[key]):
            if head.text(key) not in allowed:
                raise ProtocolError(f"{head.text(key)!r} is no {key}", near(head.text(key), allowed))
    with mistakes.at(file, head.lines["order"]):
        if not re.fullmatch(r"[0-9]{1,4}", head.text("order")):
            raise ProtocolError(f"order {head.text('order')!r} is not a whole number", "write it in digits")
    for other in head.items_of("related"):
        with mistakes.at(file, head.lines["related"]):
            if other not in known:
                raise ProtocolError(f"there is no answer {other!r}", near(other, known, "answers"))
    with mistakes.at(file, head.lines["references"]):
        same_as_cited(_listed(head), body)
    short, more, detail = body.partition(_MORE)
    with mistakes.at(file, line):
        if not more or not re.search(r"\w", CITED.sub("", short)):
            raise ProtocolError("there is no short answer", f"end its paragraph with a line {_MORE}")
    mistakes.close()
    return Answer(
        name,
        title_of(head),
        head.text("area"),
        int(head.text("order")),
        head.text("direction"),
        head.text("evidence"),
        head.text("source"),
        tuple(head.items_of("related")),
        short.strip(),
        detail.strip("\n"),
        file,
        line,
        (short + more + detail[: len(detail) - len(detail.lstrip("\n"))]).count("\n"),
    )


def _listed(head: Map) -> list[str]:
    return [key for key in head.items_of("references") if key]


def pages(docs: Mapping[str, str], found: Mapping[str, Answer]) -> list[Page]:
    """Return the index by area, and a page for each answer."""
    return [index(docs, FOLDER, _listing(found)), *(_page(each, found) for each in found.values())]


def _page(answer: Answer, every: Mapping[str, Answer]) -> Page:
    short = f"{answer.short}\n{{: .short-answer}}\n"
    gap = "\n" * max(1, answer.lead - short.count("\n"))  # so that a line here is the line that its author wrote
    rests = f"*{began(answer.direction)}; the short answer {EVIDENCE[answer.evidence]}.*"
    related = "## Related questions\n\n" + "\n".join(f"- [{every[other].title}]({other}.md)" for other in answer.related) if answer.related else ""
    body = "\n\n".join(filter(None, (f"{short}{gap}{answer.detail}", rests, related)))
    return Page(f"{FOLDER}/{answer.id}.md", answer.title, body, answer.file, answer.line, section=answer.area)


def _listing(found: Mapping[str, Answer]) -> str:
    lines = []
    for area in dict.fromkeys(each.area for each in found.values()):
        lines.append(f"## {began(area)}\n")
        lines += [f"[{each.title}]({each.id}.md)\n:   {_plain(each.short)}\n" for each in found.values() if each.area == area]
    return "\n".join(lines)


def _plain(short: str) -> str:
    """Return the short answer without its citations, which stand on its own page."""
    return CITED.sub("", " ".join(short.split()))


def embedded(page: Page, found: Mapping[str, Answer]) -> Page:
    """Fill ``{answer: name}``, alone on its line, with the short answer and the way to the rest."""

    def asked(hole: re.Match[str]) -> str:
        if hole[1] not in found:
            line = page.line + page.body[: hole.start()].count("\n")
            raise ProtocolError(f"there is no answer {hole[1]!r}", near(hole[1], found, "answers"), page.file, line)
        one = found[hole[1]]
        up = "../" * page.path.count("/")
        title = f'<p class="admonition-title">{escape(one.title, quote=False)}</p>'
        way = f"[More]({up}{FOLDER}/{one.id}.md)"
        return f'<div class="admonition question" markdown="1">\n{title}\n\n{one.short}\n\n{way}\n\n</div>'

    return replace(page, body=_EMBEDDED.sub(asked, page.body))
