"""A symptom as a decision tree: tests, what each reading means, and what to do next; held as data.

Refuses a node that nothing leads to, a path that ends in no action, a test that names neither a protocol with its values nor why there
is none, a threshold that is not declared, and references that are not cited.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from .._dataclass import dataclass
from ..errors import Collector, ProtocolError, near
from ..yamltree import Map, read
from .citations import CITED, same_as_cited
from .page import texts, title_of

FOLDER = "scenarios"
_KEYS = ("title", "symptom", "order", "source", "summary", "causes", "thresholds", "start", "nodes", "references")
_TEST = ("test", "why", "protocol", "reason", "values", "cost", "invalid", "read", "caution", "next")
_READING = ("if", "means", "caution", "action", "go", "next", "protocol", "reason", "values")
_EVIDENCE = ("verified", "general", "computed", "source-only")
_COSTS = ("low", "medium", "high")
_HOLE = re.compile(r"\{([a-z][\w-]*)\}")


@dataclass(frozen=True)
class Node:
    """A *test*, or a reading that begins with *when*. *next* are the nodes after it; *go* is another scenario, with a node behind ``#``."""

    id: str
    line: int
    test: str = ""
    why: str = ""
    when: str = ""
    means: str = ""
    action: str = ""
    caution: str = ""
    invalid: str = ""
    cost: str = ""
    read: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    go: str = ""
    protocol: str = ""
    reason: str = ""
    values: Mapping[str, str] | None = None
    values_line: int = 0


@dataclass(frozen=True)
class Scenario:
    """One symptom and its tree, which begins at the node *start*; *cited* maps each work to the line that cites it first."""

    id: str
    title: str
    symptom: str
    order: int
    summary: str
    causes: tuple[tuple[str, str], ...]
    thresholds: Mapping[str, tuple[str, str, str]]
    start: str
    nodes: Mapping[str, Node]
    file: str
    cited: Mapping[str, int]

    def preset(self, node: Node) -> str:
        """Return the site path of the sheet that is set for *node*; nothing if it has none."""
        return f"protocols/{node.protocol}/{self.id}-{node.id}.md" if node.protocol not in ("", "none") else ""


def scenarios(docs: Mapping[str, str], protocols: tuple[str, ...]) -> dict[str, Scenario]:
    """Return all scenarios by their names, in their order; raise every mistake of every file."""
    mistakes = Collector()
    found = []
    for name, text in texts(docs, FOLDER, ".yml").items():
        file = f"docs/{FOLDER}/{name}.yml"
        with mistakes.at(file):
            found.append(scenario(name, text, file, protocols))
    mistakes.close()
    every = {each.id: each for each in sorted(found, key=lambda each: (each.order, each.id))}
    for each in every.values():
        for node in each.nodes.values():
            with mistakes.at(each.file, node.line):
                _leads_somewhere(node.go, every)
    mistakes.close()
    return every


def _leads_somewhere(go: str, every: Mapping[str, Scenario]) -> None:
    where, _, node = go.partition("#")
    if go and where not in every:
        raise ProtocolError(f"there is no scenario {where!r}", near(where, every, "scenarios"))
    if node and node not in every[where].nodes:
        raise ProtocolError(f"scenario {where!r} has no node {node!r}", near(node, every[where].nodes, "nodes"))


def scenario(name: str, text: str, file: str, protocols: tuple[str, ...]) -> Scenario:
    """Read one scenario; raise ProtocolError for each mistake in it."""
    tree = read(text, file)
    mistakes = Collector()
    with mistakes.at(file):
        tree.only(_KEYS, "a scenario")
    with mistakes.at(file):
        tree.need(("title", "symptom", "order", "summary", "start", "nodes", "references"), "a scenario")
    mistakes.close()
    with mistakes.at(file, tree.lines["order"]):
        if not re.fullmatch(r"[0-9]{1,4}", tree.text("order")):
            raise ProtocolError(f"order {tree.text('order')!r} is not a whole number", "write it in digits")
    limits = tree.map("thresholds")
    thresholds = {}
    for key in limits:
        with mistakes.at(file, limits.lines[key]):
            one = limits.map(key)
            one.only(("value", "about", "evidence"), "a threshold")
            thresholds[key] = one.text("value"), one.text("about"), one.text("evidence")
            one.need(("value", "about", "evidence"), "a threshold")
            if one.text("evidence") not in _EVIDENCE:
                raise ProtocolError(f"{one.text('evidence')!r} is no evidence", near(one.text("evidence"), _EVIDENCE))
    causes = []
    for item in tree.get("causes", []):
        with mistakes.at(file, tree.lines["causes"]):
            if not isinstance(item, Map):
                raise ProtocolError("a cause has a name and says what it is", "write - {name: ..., about: ...}")
            item.only(("name", "about"), "a cause")
            causes.append((item.text("name"), _filled(item.text("about"), thresholds)))
    nodes: dict[str, Node] = {}
    entries = tree.map("nodes")
    for key in entries:
        with mistakes.at(file, entries.lines[key]):
            nodes[key] = _node(key, entries.map(key), entries.lines[key], thresholds, protocols)
    start = tree.text("start")
    mistakes.close()
    _hangs_together(start, nodes, tree, mistakes)
    with mistakes.at(file, tree.lines["references"]):
        same_as_cited(tree.items_of("references"), "\n\n".join(_words(tree)))
    mistakes.close()
    return Scenario(
        name, title_of(tree), tree.text("symptom"), int(tree.text("order")), _filled(tree.text("summary"), thresholds), tuple(causes), thresholds,
        start, nodes, file, {cite[1]: text[: cite.start()].count("\n") + 1 for cite in reversed(list(CITED.finditer(text)))},
    )  # fmt: skip


def _words(tree: object) -> list[str]:
    """Return every text of a scenario, in the order of the file."""
    if isinstance(tree, str):
        return [tree]
    if isinstance(tree, Map):
        return [words for key, value in tree.items() if key not in ("references", "values") for words in _words(value)]
    return [words for item in tree for words in _words(item)] if isinstance(tree, list) else []


def _node(key: str, entry: Map, line: int, thresholds: Mapping[str, tuple[str, str, str]], protocols: tuple[str, ...]) -> Node:
    is_test = "test" in entry
    if is_test == ("if" in entry):
        raise ProtocolError(f"node {key!r} is neither a test nor a reading", "give it 'test: ...' or 'if: ...', and not both")
    entry.only(_TEST if is_test else _READING, "a test" if is_test else "a reading")
    if is_test:
        entry.need(("why", "protocol", "cost", "next"), "a test")
        if entry.text("cost") not in _COSTS:
            raise ProtocolError(f"cost {entry.text('cost')!r} is not known", f"one of {', '.join(_COSTS)}")
    protocol, values = entry.text("protocol"), entry.map("values")
    if protocol and protocol != "none" and protocol not in protocols:
        raise ProtocolError(f"there is no protocol {protocol!r}", near(protocol, (*protocols, "none"), "protocols"))
    for word, needs in (("values", protocol not in ("", "none")), ("reason", protocol == "none")):
        if word in entry and not needs:
            whose = "'protocol: none'" if word == "reason" else "a protocol"
            raise ProtocolError(f"node {key!r} has {word!r} without {whose}", f"say which protocol, or leave {word!r} out")
    if protocol == "none" and not entry.text("reason"):
        raise ProtocolError(f"node {key!r} has no protocol and does not say why", "add 'reason: ...'")
    if protocol not in ("", "none") and not values:
        raise ProtocolError(f"node {key!r} names {protocol} without its values", "add 'values: {samples: ...}': its sheet is set already")
    if not (entry.items_of("next") or not is_test and (entry.text("action") or entry.text("go"))):
        raise ProtocolError(
            f"node {key!r} leads nowhere", "name what comes next" if is_test else "end it with 'action: ...', or say 'next: ...' or 'go: ...'"
        )
    told = {word: _filled(entry.text(word), thresholds) for word in ("test", "why", "if", "means", "action", "caution", "invalid", "reason")}
    return Node(
        key, line, told["test"], told["why"], told["if"], told["means"], told["action"], told["caution"], told["invalid"], entry.text("cost"),
        tuple(_filled(each, thresholds) for each in entry.items_of("read")), tuple(entry.items_of("next")), entry.text("go"), protocol,
        told["reason"], {name: values.text(name) for name in values}, entry.lines.get("values", line),
    )  # fmt: skip


def _filled(text: str, thresholds: Mapping[str, tuple[str, str, str]]) -> str:
    """Put the thresholds into a text."""

    def value(hole: re.Match[str]) -> str:
        if hole[1] not in thresholds:
            raise ProtocolError(f"there is no threshold {hole[1]!r}", near(hole[1], thresholds, "thresholds"))
        return thresholds[hole[1]][0]

    return _HOLE.sub(value, " ".join(text.split()))


def _hangs_together(start: str, nodes: Mapping[str, Node], tree: Map, mistakes: Collector) -> None:
    """Refuse a way to a node that is not there, a node that no way leads to, and a circle."""
    if start not in nodes:
        with mistakes.at(tree.file, tree.lines["start"]):
            raise ProtocolError(f"there is no node {start!r}", near(start, nodes, "nodes"))
    for node in nodes.values():
        for other in node.next:
            with mistakes.at(tree.file, node.line):
                if other not in nodes:
                    raise ProtocolError(f"{node.id!r} leads to {other!r}, which is no node", near(other, nodes, "nodes"))
    mistakes.close()
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        here = waiting.pop()
        if here not in reached:
            reached.add(here)
            waiting += nodes[here].next
    for key in nodes:
        with mistakes.at(tree.file, nodes[key].line):
            if key not in reached:
                raise ProtocolError(f"nothing leads to {key!r}", "name it under 'next' of another node, or leave it out")
    with mistakes.at(tree.file, tree.lines["nodes"]):
        if circle := _circle(start, nodes, ()):
            raise ProtocolError(f"{' leads to '.join(circle)}: a circle", "end one of them in an action")
    mistakes.close()


def _circle(here: str, nodes: Mapping[str, Node], way: tuple[str, ...]) -> tuple[str, ...]:
    if here in way:
        return (*way[way.index(here) :], here)
    return next((found for other in nodes[here].next if (found := _circle(other, nodes, (*way, here)))), ())
