"""A scenario as a page: one question at a time as details within details, which need no script, and each test with its sheet already set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .page import Page, index
from .scenarios import FOLDER, Node, Scenario

_COST = {"low": "a day or two, what is in the lab", "medium": "a week or so, or a reagent to order", "high": "weeks, or a service"}


def pages(docs: Mapping[str, str], found: Mapping[str, Scenario], titles: Mapping[str, str], pictures: Mapping[str, str]) -> list[Page]:
    """Return a page for each scenario, and their index. *titles* are those of the protocols, *pictures* the trees drawn, ready for their pages."""
    lines = [f"[{each.title}]({each.id}.md)\n:   {each.symptom}\n" for each in found.values()]
    return [index(docs, FOLDER, "\n".join(lines)), *(_page(each, found, titles, pictures.get(each.id, "")) for each in found.values())]


def _page(this: Scenario, every: Mapping[str, Scenario], titles: Mapping[str, str], picture: str) -> Page:
    parts = [f'<div class="admonition example" markdown="1">\n<p class="admonition-title">What you see</p>\n\n{this.symptom}\n\n</div>', this.summary]
    if this.causes:
        parts.append("## What it could be\n\n" + "\n".join(f"- **{name}**: {about}" for name, about in this.causes))
    parts.append("## Find out\n\nOne test at a time, the cheap ones first. Open what you found; the next test stands in it.")
    parts.append("\n".join(_told(this, this.nodes[this.start], every, titles, set())))
    if picture:
        parts.append(f"## The whole tree\n\n{picture}")
    if this.thresholds:
        rows = [f"| {value} | {about} | {evidence} |" for value, about, evidence in this.thresholds.values()]
        parts.append(
            "## Figures\n\nConventions, each to be set before the first test.\n\n| figure | is | evidence |\n|---|---|---|\n" + "\n".join(rows)
        )
    return Page(f"{FOLDER}/{this.id}.md", this.title, "\n\n".join(parts), this.file, cited=this.cited)


def _told(this: Scenario, node: Node, every: Mapping[str, Scenario], titles: Mapping[str, str], seen: set[str]) -> Iterator[str]:
    """Yield a node and all behind it, each once; a second way to a node is a link to it."""
    if node.id in seen:
        yield f"\n[On to: {_title(node)}](#{node.id}){{.onward}}\n"
        return
    seen.add(node.id)
    head = _title(node)
    kind = "test" if node.test else "reading"
    is_open = " open" if node.id == this.start else ""
    yield f'\n<details class="{kind}" id="{node.id}" markdown="1"{is_open}>\n<summary>{head}</summary>\n'
    if node.test:
        yield f"{node.test}\n"
        yield f"*{node.why}* Cost: {_COST[node.cost]}.\n"
    if node.means:
        yield f"{node.means}\n"
    if node.caution:
        yield f"**Mind**: {node.caution}\n"
    if node.action:
        yield f"**Next step**: {node.action}\n"
    yield from _sheet(this, node, titles)
    if node.read:
        yield "Read: " + "; ".join(node.read) + ".\n"
    if node.invalid:
        yield f"**If the test itself fails**: {node.invalid}\n"
    if node.go:
        where, _, at = node.go.partition("#")
        yield f"**Go on with** [{every[where].title}]({where}.md{'#' + at if at else ''}).\n"
    for other in node.next:
        yield from _told(this, this.nodes[other], every, titles, seen)
    yield "</details>\n"


def _title(node: Node) -> str:
    """Return the line by which a node is opened: its question, or what was found."""
    words = node.test or node.when
    first = words.split("? ")[0] + "?" if node.test and "? " in words else words.split(". ")[0].rstrip(".")
    return _plain(first)


def _plain(words: str) -> str:
    from .citations import CITED

    return CITED.sub("", words).replace("<", "&lt;").replace("*", "").replace("`", "")


def _sheet(this: Scenario, node: Node, titles: Mapping[str, str]) -> Iterator[str]:
    if node.protocol == "none":
        yield f"No sheet here: {node.reason}\n"
    elif node.protocol:
        yield f"[{titles[node.protocol]}, already set](../{this.preset(node)}){{.md-button .sheet}}\n"
