"""A symptom as a decision tree: tests, what each reading means, and what to do next; held as data.

Raises an error for a node that cannot be reached, a path without an action at its end, a test that neither names a protocol with its
values nor gives a reason, a threshold that is not declared, and references that differ from what the text cites.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from .._dataclass import dataclass
from ..errors import Collector, ProtocolError, check_known, suggest
from ..graph import find_cycle, find_reachable
from ..protocol.evidence import check_evidence
from ..yamltree import YamlMap, parse_yaml_map
from .citations import CITATION, check_references
from .downloads import name_file
from .page import folder_texts, make_each, order_of, read_words, title_of
from .page_facts import PEOPLE_KEYS, People, read_people
from .sheet_places import heading_anchor

SCENARIOS_FOLDER = "scenarios"
_KEYS = ("title", "symptom", "order", "source", "summary", "causes", "thresholds", "start", "nodes", "references", "words", *PEOPLE_KEYS)
_TEST_KEYS = ("test", "why", "protocol", "sheet", "reason", "values", "cost", "invalid", "read", "caution", "next")
_READING_KEYS = ("if", "means", "caution", "action", "go", "next", "protocol", "sheet", "reason", "values")
_COSTS = ("low", "medium", "high")
_THRESHOLD_PLACEHOLDER = re.compile(r"\{([a-z][\w-]*)\}")

_TEXT_FIELDS = {"if": "when", "means": "meaning"} | {word: word for word in ("test", "why", "action", "caution", "invalid", "reason")}


@dataclass(frozen=True, kw_only=True)
class ScenarioNode:
    """A *test*, or a reading that begins with *when*. *next_ids* are the nodes after it; *goto* is another scenario, or ``scenario#node``.

    *sheet* is what the run of its *protocol* is called: the question that the sheet answers.
    """

    id: str
    line: int
    test: str = ""
    why: str = ""
    when: str = ""
    meaning: str = ""
    action: str = ""
    caution: str = ""
    invalid: str = ""
    cost: str = ""
    readouts: tuple[str, ...] = ()
    next_ids: tuple[str, ...] = ()
    goto: str = ""
    protocol: str = ""
    sheet: str = ""
    reason: str = ""
    values: Mapping[str, str] | None = None
    values_line: int = 0


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One symptom and its tree, which begins at the node *start*; *citation_lines* maps each work to the line that cites it first."""

    id: str
    title: str
    symptom: str
    order: int
    summary: str
    causes: tuple[tuple[str, str], ...]
    thresholds: Mapping[str, tuple[str, str, str]]
    start: str
    nodes: Mapping[str, ScenarioNode]
    file: str
    citation_lines: Mapping[str, int]
    words: Mapping[str, tuple[str, ...]]
    people: People

    def preset_path(self, node: ScenarioNode) -> str:
        """Return the site path of the sheet with the values of *node*; an empty text if the node has no protocol."""
        return f"protocols/{node.protocol}/{self.id}-{node.id}.md" if node.protocol not in ("", "none") else ""


def parse_scenarios(docs: Mapping[str, str], protocols: tuple[str, ...]) -> dict[str, Scenario]:
    """Return all scenarios by their names, in their order; raise ProtocolErrors with the mistakes of all files."""
    mistakes = Collector()
    texts = folder_texts(docs, SCENARIOS_FOLDER, ".yml")
    path = f"docs/{SCENARIOS_FOLDER}/{{}}.yml".format
    parsed_scenarios = make_each(texts, path, lambda name: parse_scenario(name, texts[name], path(name), protocols))
    owners: dict[str, str] = {}
    scenarios_by_name = {each.id: each for each in sorted(parsed_scenarios, key=lambda each: (each.order, each.id))}
    for each in scenarios_by_name.values():
        for node in each.nodes.values():
            with mistakes.at(each.file, node.line):
                _check_target(node.goto, scenarios_by_name)
            with mistakes.at(each.file, node.line):
                _check_name(node, owners)
    mistakes.raise_all()
    return scenarios_by_name


def _check_name(node: ScenarioNode, owners: dict[str, str]) -> None:
    """Raise ProtocolError if the files of another sheet, which *owners* has, are called as those of *node* are."""
    name = name_file(node.protocol, node.sheet) if node.sheet else ""
    if name and owners.setdefault(name, node.sheet) is not node.sheet:
        raise ProtocolError(f"the sheet of {node.id!r} is called as another one is: {node.sheet!r}", "say what this one finds out")


def _check_target(go: str, scenarios: Mapping[str, Scenario]) -> None:
    scenario_id, _, node = go.partition("#")
    if go and scenario_id not in scenarios:
        raise ProtocolError(f"there is no scenario {scenario_id!r}", suggest(scenario_id, scenarios, "scenarios"))
    if node and node not in scenarios[scenario_id].nodes:
        raise ProtocolError(f"scenario {scenario_id!r} has no node {node!r}", suggest(node, scenarios[scenario_id].nodes, "nodes"))


def parse_scenario(name: str, text: str, file: str, protocols: tuple[str, ...]) -> Scenario:
    """Read one scenario; raise ProtocolError for each mistake in it."""
    tree = parse_yaml_map(text, file)
    mistakes = Collector()
    with mistakes.at(file):
        tree.check_keys(_KEYS, "a scenario")
    with mistakes.at(file):
        tree.require_keys(("title", "symptom", "order", "summary", "start", "nodes", "references"), "a scenario")
    mistakes.raise_all()
    with mistakes.at(file):
        order = order_of(tree)
    limits = tree.mapping("thresholds")
    thresholds = {}
    for key in limits:
        with mistakes.at(file, limits.lines[key]):
            threshold = limits.mapping(key)
            threshold.check_keys(("value", "about", "evidence"), "a threshold")
            thresholds[key] = threshold.text("value"), threshold.text("about"), threshold.text("evidence")
            threshold.require_keys(("value", "about", "evidence"), "a threshold")
            check_evidence({"evidence": threshold.text("evidence"), "cite": CITATION.findall(threshold.text("about"))})
    causes = []
    for item in tree.get("causes", []):
        with mistakes.at(file, tree.lines["causes"]):
            if not isinstance(item, YamlMap):
                raise ProtocolError("a cause has a name and says what it is", "write - {name: ..., about: ...}")
            item.check_keys(("name", "about"), "a cause")
            causes.append((item.text("name"), _fill(item.text("about"), thresholds)))
    nodes: dict[str, ScenarioNode] = {}
    entries = tree.mapping("nodes")
    for key in entries:
        with mistakes.at(file, entries.lines[key]):
            nodes[key] = _parse_node(key, entries.mapping(key), entries.lines[key], thresholds, protocols)
    start = tree.text("start")
    mistakes.raise_all()
    _check_tree(start, nodes, tree, mistakes)
    with mistakes.at(file, tree.lines["references"]):
        check_references(tree.word_list("references"), "\n\n".join(_collect_texts(tree)))
    mistakes.raise_all()
    citation_lines = {cite[1]: text[: cite.start()].count("\n") + 1 for cite in reversed(list(CITATION.finditer(text)))}
    return Scenario(
        id=name, title=title_of(tree), symptom=tree.text("symptom"), order=order, summary=_fill(tree.text("summary"), thresholds),
        causes=tuple(causes), thresholds=thresholds, start=start, nodes=nodes, file=file, citation_lines=citation_lines,
        words=read_words(tree), people=read_people(tree),
    )  # fmt: skip


def _collect_texts(tree: object) -> list[str]:
    """Return every text of a scenario, in the order of the file."""
    if isinstance(tree, str):
        return [tree]
    if isinstance(tree, YamlMap):
        return [words for key, value in tree.items() if key not in ("references", "values") for words in _collect_texts(value)]
    return [words for item in tree for words in _collect_texts(item)] if isinstance(tree, list) else []


def _parse_node(key: str, entry: YamlMap, line: int, thresholds: Mapping[str, tuple[str, str, str]], protocols: tuple[str, ...]) -> ScenarioNode:
    is_test = "test" in entry
    if is_test == ("if" in entry):
        raise ProtocolError(f"node {key!r} is neither a test nor a reading", "give it 'test: ...' or 'if: ...', and not both")
    entry.check_keys(_TEST_KEYS if is_test else _READING_KEYS, "a test" if is_test else "a reading")
    if is_test:
        entry.require_keys(("why", "protocol", "cost", "next"), "a test")
        if entry.text("cost") not in _COSTS:
            raise ProtocolError(f"cost {entry.text('cost')!r} is not known", f"one of {', '.join(_COSTS)}")
    protocol, values = entry.text("protocol"), entry.mapping("values")
    if protocol and protocol != "none" and protocol not in protocols:
        raise ProtocolError(f"there is no protocol {protocol!r}", suggest(protocol, (*protocols, "none"), "protocols"))
    for word, needs in (("values", protocol not in ("", "none")), ("sheet", protocol not in ("", "none")), ("reason", protocol == "none")):
        if word in entry and not needs:
            whose = "'protocol: none'" if word == "reason" else "a protocol"
            raise ProtocolError(f"node {key!r} has {word!r} without {whose}", f"say which protocol, or leave {word!r} out")
    if protocol == "none" and not entry.text("reason"):
        raise ProtocolError(f"node {key!r} has no protocol and does not say why", "add 'reason: ...'")
    if protocol not in ("", "none") and not values:
        raise ProtocolError(f"node {key!r} names {protocol} without its values", "add 'values: {samples: ...}': its sheet is set already")
    if protocol not in ("", "none") and not heading_anchor(entry.text("sheet")):
        raise ProtocolError(f"node {key!r} does not say what its sheet is called", "add 'sheet: \"is it blocked?\"': what it finds out")
    if not (entry.word_list("next") or not is_test and (entry.text("action") or entry.text("go"))):
        raise ProtocolError(
            f"node {key!r} leads nowhere", "name what comes next" if is_test else "end it with 'action: ...', or say 'next: ...' or 'go: ...'"
        )
    texts = {field: _fill(entry.text(word), thresholds) for word, field in _TEXT_FIELDS.items()}
    return ScenarioNode(
        id=key, line=line, cost=entry.text("cost"), readouts=tuple(_fill(each, thresholds) for each in entry.word_list("read")),
        next_ids=tuple(entry.word_list("next")), goto=entry.text("go"), protocol=protocol, sheet=entry.text("sheet"),
        values={name: values.text(name) for name in values}, values_line=entry.lines.get("values", line), **texts,
    )  # fmt: skip


def _fill(text: str, thresholds: Mapping[str, tuple[str, str, str]]) -> str:
    """Return *text* on one line, with the value of each threshold in place of its name in braces."""

    def value(match: re.Match[str]) -> str:
        check_known(match[1], thresholds, f"there is no threshold {match[1]!r}", "thresholds")
        return thresholds[match[1]][0]

    return _THRESHOLD_PLACEHOLDER.sub(value, " ".join(text.split()))


def _check_tree(start: str, nodes: Mapping[str, ScenarioNode], tree: YamlMap, mistakes: Collector) -> None:
    """Raise an error for an unknown node under ``next``, a node that cannot be reached, and a cycle."""
    with mistakes.at(tree.file, tree.lines["start"]):
        check_known(start, nodes, f"there is no node {start!r}", "nodes")
    for node in nodes.values():
        for other in node.next_ids:
            with mistakes.at(tree.file, node.line):
                check_known(other, nodes, f"{node.id!r} leads to {other!r}, which is not a node", "nodes")
    mistakes.raise_all()
    reached = find_reachable([start], lambda key: nodes[key].next_ids)
    for key in nodes:
        with mistakes.at(tree.file, nodes[key].line):
            if key not in reached:
                raise ProtocolError(f"nothing leads to {key!r}", "name it under 'next' of another node, or leave it out")
    with mistakes.at(tree.file, tree.lines["nodes"]):
        if circle := find_cycle(start, lambda key: nodes[key].next_ids):
            raise ProtocolError(f"{' leads to '.join(circle)}: a circle", "end one of them in an action")
    mistakes.raise_all()
