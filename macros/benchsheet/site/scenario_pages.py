"""A scenario as a page: one question at a time as details within details, which need no script, and each test with the link to its sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..markup import write_table
from .citations import CITATION
from .page import Page, build_index
from .scenarios import SCENARIOS_FOLDER, Scenario, ScenarioNode

_COST_LABELS = {"low": "a day or two, what is in the lab", "medium": "a week or so, or a reagent to order", "high": "weeks, or a service"}


def build_scenario_pages(
    docs: Mapping[str, str], scenarios: Mapping[str, Scenario], titles: Mapping[str, str], drawings: Mapping[str, str]
) -> list[Page]:
    """Return a page for each scenario, and their index. *titles* are those of the protocols, *drawings* the trees as HTML."""
    lines = [f"[{each.title}]({each.id}.md)\n:   {each.symptom}\n" for each in scenarios.values()]
    return [
        build_index(docs, SCENARIOS_FOLDER, "\n".join(lines)),
        *(_build_page(each, scenarios, titles, drawings.get(each.id, "")) for each in scenarios.values()),
    ]


def _build_page(scenario: Scenario, scenarios: Mapping[str, Scenario], titles: Mapping[str, str], drawing: str) -> Page:
    parts = [
        f'<div class="admonition example" markdown="1">\n<p class="admonition-title">What you see</p>\n\n{scenario.symptom}\n\n</div>',
        scenario.summary,
    ]
    if scenario.causes:
        parts.append("## What it could be\n\n" + "\n".join(f"- **{name}**: {about}" for name, about in scenario.causes))
    parts.append("## Find out\n\nOne test at a time, the cheap ones first. Open what you found; the next test stands in it.")
    parts.append("\n".join(_format_node(scenario, scenario.nodes[scenario.start], scenarios, titles, set())))
    if drawing:
        parts.append(f"## The whole tree\n\n{drawing}")
    if scenario.thresholds:
        figures = write_table(("figure", "is", "evidence"), scenario.thresholds.values())
        parts.append(f"## Figures\n\nConventions, each to be set before the first test.\n\n{figures}")
    path, body = f"{SCENARIOS_FOLDER}/{scenario.id}.md", "\n\n".join(parts)
    return Page(path=path, title=scenario.title, body=body, file=scenario.file, citation_lines=scenario.citation_lines)


def _format_node(
    scenario: Scenario, node: ScenarioNode, scenarios: Mapping[str, Scenario], titles: Mapping[str, str], seen: set[str]
) -> Iterator[str]:
    """Yield a node and all nodes after it as HTML details, each once; a node that was *seen* becomes a link."""
    if node.id in seen:
        yield f"\n[On to: {node_title(node)}](#{node.id}){{.onward}}\n"
        return
    seen.add(node.id)
    head = node_title(node)
    kind = "test" if node.test else "reading"
    is_open = " open" if node.id == scenario.start else ""
    yield f'\n<details class="{kind}" id="{node.id}" markdown="1"{is_open}>\n<summary>{head}</summary>\n'
    if node.test:
        yield f"{node.test}\n"
        yield f"*{node.why}* Cost: {_COST_LABELS[node.cost]}.\n"
    for lead, text in (("", node.meaning), ("**Mind**: ", node.caution), ("**Next step**: ", node.action)):
        if text:
            yield f"{lead}{text}\n"
    yield from _format_sheet_link(scenario, node, titles)
    if node.readouts:
        yield "Read: " + "; ".join(node.readouts) + ".\n"
    if node.invalid:
        yield f"**If the test itself fails**: {node.invalid}\n"
    if node.goto:
        scenario_id, _, at = node.goto.partition("#")
        yield f"**Go on with** [{scenarios[scenario_id].title}]({scenario_id}.md{'#' + at if at else ''}).\n"
    for other in node.next_ids:
        yield from _format_node(scenario, scenario.nodes[other], scenarios, titles, seen)
    yield "</details>\n"


def node_title(node: ScenarioNode) -> str:
    """Return the summary line of a node: its question, or what was found."""
    text = node.test or node.when
    first = text.split("? ")[0] + "?" if node.test and "? " in text else text.split(". ")[0].rstrip(".")
    return CITATION.sub("", first).replace("<", "&lt;").replace("*", "").replace("`", "")


def _format_sheet_link(scenario: Scenario, node: ScenarioNode, titles: Mapping[str, str]) -> Iterator[str]:
    if node.protocol == "none":
        yield f"No sheet here: {node.reason}\n"
    elif node.protocol:
        yield f"[{titles[node.protocol]}, already set](../{scenario.preset_path(node)}){{.md-button .sheet}}\n"
