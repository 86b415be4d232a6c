"""A scenario as a page: each test and each reading is a card with its own address, which a script shows one at a time; a test has its sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from .._dataclass import replace
from ..markup import write_table
from .citations import CITATION
from .page import Page, build_index
from .scenarios import SCENARIOS_FOLDER, Scenario, ScenarioNode
from .symptoms import SymptomGroup

_COST_LABELS = {"low": "a day or two, what is in the lab", "medium": "a week or so, or a reagent to order", "high": "weeks, or a service"}


# A drawing of three columns does not fit beside its own words on a phone.
NO_ROOM = "On a wide screen the tests are drawn here at a glance. The questions above are all of them.\n{: .no-room data-search-exclude }"


def build_scenario_pages(
    docs: Mapping[str, str],
    scenarios: Mapping[str, Scenario],
    titles: Mapping[str, str],
    drawings: Mapping[str, str],
    groups: Sequence[SymptomGroup] = (),
) -> list[Page]:
    """Return a page for each scenario, and their index, with the *groups* of symptoms before them.

    *titles* are those of the sheets by their paths, *drawings* the trees as HTML.
    """
    lines = [f"[{group.title}](../{group.path})\n:   {group.summary}\n" for group in groups]
    lines += [f"[{each.title}]({each.id}.md)\n:   {each.symptom}\n" for each in scenarios.values()]
    return [
        build_index(docs, SCENARIOS_FOLDER, "\n".join(lines)),
        *(_build_page(each, scenarios, titles, drawings.get(each.id, "")) for each in scenarios.values()),
    ]


def _build_page(scenario: Scenario, scenarios: Mapping[str, Scenario], titles: Mapping[str, str], drawing: str) -> Page:
    parts = [
        f'<div class="admonition example" markdown="1">\n<p class="admonition-title">What you see</p>\n\n{scenario.symptom}\n\n</div>',
        scenario.summary,
        "## Find out\n\nOne test at a time, the cheap ones first. Choose what you found.",
        '<div class="guide" markdown="1">',
        *_format_cards(scenario, scenarios, titles),
        "</div>",
    ]
    if scenario.causes:
        parts.append("## What it could be\n\n" + "\n".join(f"- **{name}**: {about}" for name, about in scenario.causes))
    if drawing:
        parts.append(f'<div class="whole-tree" markdown="1">\n\n## The whole tree\n\n{NO_ROOM}\n\n{drawing}\n\n</div>')
    if scenario.thresholds:
        figures = write_table(("figure", "is", "evidence"), scenario.thresholds.values())
        parts.append(f"## Figures\n\nConventions, each to be set before the first test.\n\n{figures}")
    path, body = f"{SCENARIOS_FOLDER}/{scenario.id}.md", "\n\n".join(parts)
    lines = scenario.citation_lines
    page = Page(path=path, title=scenario.title, body=body, file=scenario.file, citation_lines=lines, search_words=scenario.words)
    return replace(page, people=scenario.people)


def _format_cards(scenario: Scenario, scenarios: Mapping[str, Scenario], titles: Mapping[str, str]) -> Iterator[str]:
    """Yield each node as a card: every test after all tests that lead to it, and below it its readings, each once."""
    came_from: dict[str, list[ScenarioNode]] = {}
    for node in scenario.nodes.values():
        for other in node.next_ids:
            came_from.setdefault(other, []).append(node)
    seen: set[str] = set()
    for test in _order_tests(scenario):
        for node in (test, *(scenario.nodes[name] for name in test.next_ids)):
            if node.id not in seen:
                seen.add(node.id)
                body = "\n\n".join(_format_node(scenario, node, came_from.get(node.id, []), scenarios, titles))
                yield f'<div class="card {"test" if node.test else "reading"}" markdown="1">\n\n{body}\n\n</div>'


def _order_tests(scenario: Scenario) -> list[ScenarioNode]:
    """Return the nodes that are tests, each after all that lead to it: the reverse of the order in which a walk leaves them."""
    left: dict[str, ScenarioNode] = {}

    def walk(node: ScenarioNode) -> None:
        for name in reversed(node.next_ids):
            if name not in left:
                walk(scenario.nodes[name])
        left[node.id] = node

    walk(scenario.nodes[scenario.start])
    return [node for node in reversed(left.values()) if node.test]


def _format_node(
    scenario: Scenario, node: ScenarioNode, came_from: Sequence[ScenarioNode], scenarios: Mapping[str, Scenario], titles: Mapping[str, str]
) -> Iterator[str]:
    """Yield the parts of a card: its heading, which has the address, what to do, and the links to what comes next and before."""
    yield f"{'###' if node.test else '####'} {node_title(node)} {{#{node.id}}}"
    before = ", ".join(f"[{node_title(each)}](#{each.id})" for each in came_from)
    if node.test and before:
        yield f"Comes after: {before}\n{{: .before}}"
    if rest := _after_title(node):
        yield rest
    if node.test:
        yield f"*{node.why}* Cost: {_COST_LABELS[node.cost]}.\n{{: .why}}"
    for lead, text in (("", node.meaning), ("**Mind**: ", node.caution), ("**Next step**: ", node.action)):
        if text:
            yield f"{lead}{text}"
    yield from _format_sheet_link(scenario, node, titles)
    if node.readouts:
        yield "Read: " + "; ".join(node.readouts) + "."
    if node.invalid:
        yield f"**If the test itself fails**: {node.invalid}"
    if node.goto:
        scenario_id, _, at = node.goto.partition("#")
        yield f"**Go on with** [{scenarios[scenario_id].title}]({scenario_id}.md{'#' + at if at else ''})."
    following = [f"[{node_title(scenario.nodes[other])}](#{other})" for other in node.next_ids]
    if node.test:
        yield "**What did you find?**\n{: .answers-title}"
        yield "\n".join(f"- {link}{{.answer}}" for link in following)
    else:
        yield from (f"**Next test**: {link}{{.onward}}\n{{: .next}}" for link in following)
        yield f"Back to: {before}\n{{: .before}}"


def _after_title(node: ScenarioNode) -> str:
    """Return what the text of a node says beyond its title, with the works that the title does not show."""
    text = node.test or node.when
    first = _first_sentence(node)
    cited = "".join(match[0] for match in CITATION.finditer(first))
    return f"{cited} {text[len(first) :].lstrip('. ')}".strip()


def _first_sentence(node: ScenarioNode) -> str:
    """Return the sentence of a node that is its title: its question, or what was found."""
    text = node.test or node.when
    return text.split("? ")[0] + "?" if node.test and "? " in text else text.split(". ")[0].rstrip(".")


def node_title(node: ScenarioNode) -> str:
    """Return the heading of a node: its question, or what was found, as inline Markdown without marks."""
    return CITATION.sub("", _first_sentence(node)).replace("<", "&lt;").replace("*", "").replace("`", "")


def plain_title(node: ScenarioNode) -> str:
    """Return the heading of a node as plain words."""
    return CITATION.sub("", _first_sentence(node)).strip()


def _format_sheet_link(scenario: Scenario, node: ScenarioNode, titles: Mapping[str, str]) -> Iterator[str]:
    if node.protocol == "none":
        yield f"No sheet here: {node.reason}"
    elif node.protocol:
        path = scenario.preset_path(node)
        yield f"[{titles.get(path, node.sheet)}](../{path}){{.md-button .sheet}}"
