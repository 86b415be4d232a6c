"""Pictures of mechanisms and of the workflow as data: what acts on what, how, with which evidence, and where each box leads.

Raises all mistakes of a file at once: an edge to an unknown node, a node without an edge, an edge without a work or a mark of
evidence, a link to a page that does not exist.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from .._dataclass import dataclass
from ..errors import Collector, ProtocolError, check_known, suggest
from ..markup import CITATION_MARK
from ..yamltree import YamlList, YamlMap, parse_yaml_map

NODE_KINDS = ("drug", "protein", "site", "process", "outcome", "stage", "gate", "decision")
EDGE_TYPES = ("activates", "inhibits", "phosphorylates", "binds", "recruits", "raises", "lowers", "leads to", "then")
EDGE_EVIDENCE = ("verified", "general", "inferred", "computed")
CITABLE_MARKS = ("general", "computed", "source")  # stand where a work is cited
_KEYS = ("title", "direction", "caption", "description", "nodes", "edges", "rank")
_ID = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, kw_only=True)
class DiagramNode:
    """One box: *label* with its line breaks, *kind* of thing, *link* to a page of the site, *about* in a few words."""

    id: str
    label: str = ""
    kind: str = ""
    link: str = ""
    about: str = ""

    @property
    def label_text(self) -> str:
        """The label on one line."""
        return " ".join(self.label.split())


@dataclass(frozen=True, kw_only=True)
class DiagramEdge:
    """What *start* does to *end*: *type* is the verb, *when* the answer that leads this way, *cite* the works and marks of evidence."""

    start: str
    end: str
    type: str
    when: str
    evidence: str
    cite: tuple[str, ...]
    note: str

    @property
    def verb(self) -> str:
        """The words between the names of its two nodes."""
        return f"if {self.when}, {self.type}" if self.when else self.type


@dataclass(frozen=True, kw_only=True)
class DiagramState:
    """One state of the picture: the edges that are active in it, as pairs of nodes, and what it means."""

    name: str
    active_edges: tuple[tuple[str, str], ...]
    meaning: str


@dataclass(frozen=True, kw_only=True)
class Diagram:
    """One picture; *rank* holds its rows from top to bottom."""

    id: str
    title: str
    direction: str
    caption: str
    description: str
    nodes: dict[str, DiagramNode]
    edges: tuple[DiagramEdge, ...]
    rank: tuple[tuple[str, ...], ...]
    states: tuple[DiagramState, ...]

    def describe_edge(self, edge: DiagramEdge) -> str:
        """Return an edge as a sentence without a full stop."""
        return f"{self.nodes[edge.start].label_text} {edge.verb} {self.nodes[edge.end].label_text}"


def parse_diagram(id: str, text: str, file: str, works: Collection[str] | None = None, pages: Collection[str] | None = None) -> Diagram:  # noqa: A002 - its name
    """Return the picture that *text* holds; raise ProtocolError for each mistake. None for *works* or *pages* leaves them unchecked."""
    tree, mistakes = parse_yaml_map(text, file), Collector()
    citable = None if works is None else (*works, *CITABLE_MARKS)
    with mistakes.at(file, tree.line):
        tree.check_keys((*_KEYS, "states"), "a picture")
    with mistakes.at(file, tree.line):
        tree.require_keys(_KEYS, "a picture")
    texts = {}
    for key in _KEYS[:4]:
        with mistakes.at(file, tree.lines.get(key)):
            texts[key] = " ".join(tree.text(key).split())
            if key in tree and not texts[key]:
                raise ProtocolError(f"{key!r} is empty", "say it in words")
    nodes: dict[str, DiagramNode] = {}
    with mistakes.at(file, tree.lines.get("nodes")):
        entries = tree.mapping("nodes")
        for name in entries:
            with mistakes.at(file, entries.lines[name]):
                nodes[name] = DiagramNode(id=name)  # known to the edges even if it has a mistake
                nodes[name] = _parse_node(name, entries.mapping(name), pages)
    edges: list[DiagramEdge] = []
    for entry in _iter_maps(tree, "edges", mistakes):
        with mistakes.at(file, entry.line):
            edges.append(_parse_edge(entry, nodes, edges, citable))
    states: list[DiagramState] = []
    for entry in _iter_maps(tree, "states", mistakes):
        with mistakes.at(file, entry.line):
            states.append(_parse_state(entry, [(edge.start, edge.end) for edge in edges], citable))
    connected = {str(edge.get(end)) for edge in _iter_maps(tree, "edges", Collector()) for end in ("from", "to")}
    for name in nodes:
        with mistakes.at(file, tree.mapping("nodes").lines[name]):
            if name not in connected:
                raise ProtocolError(f"no edge touches {name!r}", "draw an edge from it or to it, or leave it out")
    rank = _parse_rank(tree, nodes, mistakes) if "rank" in tree else ()
    mistakes.raise_all()
    return Diagram(id=id, nodes=nodes, edges=tuple(edges), rank=rank, states=tuple(states), **texts)


def _iter_maps(tree: YamlMap, key: str, mistakes: Collector) -> Iterator[YamlMap]:
    """Yield the mappings of the list under *key*; record a mistake for each item that is something else."""
    value = tree.get(key, YamlList())
    with mistakes.at(tree.file, tree.lines.get(key)):
        if not isinstance(value, YamlList):
            raise ProtocolError(f"{key!r} is a list", "begin each line of it with '- '")
        for entry in value:
            if isinstance(entry, YamlMap):
                yield entry
                continue
            with mistakes.at(tree.file, getattr(entry, "line", None)):
                raise ProtocolError(f"an item of {key!r} is a mapping", "write {name: value, ...}")


def _parse_node(name: str, entry: YamlMap, pages: Collection[str] | None) -> DiagramNode:
    if not _ID.fullmatch(name):
        raise ProtocolError(f"{name!r} is not a name of a node", "small letters, digits and _, a letter first")
    keys = ("label", "kind", "link", "about")
    entry.check_keys(keys, "a node", required=keys)
    node = DiagramNode(id=name, **{key: entry.text(key) for key in keys})
    check_known(node.kind, NODE_KINDS, f"{node.kind!r} is not a kind of a node", "one of")
    if not node.label_text or not node.about:
        raise ProtocolError(f"{name!r} has no words", "write its label and what it is about")
    if pages is not None and node.link.partition("#")[0] not in pages:
        raise ProtocolError(f"{name!r} links to {node.link!r}, which is not a page", suggest(node.link, sorted(pages), "pages"))
    return node


def _parse_edge(entry: YamlMap, nodes: Collection[str], edges: list[DiagramEdge], citable: Collection[str] | None) -> DiagramEdge:
    entry.check_keys(("from", "to", "type", "when", "evidence", "cite", "note"), "an edge", required=("from", "to", "type", "evidence", "cite"))
    ends = [entry.text("from"), entry.text("to")]
    for end in ends:
        check_known(end, nodes, f"the edge from {ends[0]!r} to {ends[1]!r}: there is no node {end!r}", "nodes")
    if any([edge.start, edge.end] == ends for edge in edges):
        raise ProtocolError(f"the edge from {ends[0]!r} to {ends[1]!r} is drawn twice", "say all of it in one")
    kind, evidence = entry.text("type"), entry.text("evidence")
    check_known(kind, EDGE_TYPES, f"{kind!r} is not a type of an edge", "one of")
    check_known(evidence, EDGE_EVIDENCE, f"{evidence!r} is not a word for evidence", "one of")
    cite = tuple(entry.word_list("cite"))
    if not cite:
        raise ProtocolError(f"the edge from {ends[0]!r} to {ends[1]!r} cites nothing", "cite a work, or the mark general")
    if evidence == "verified" and not set(cite) - set(CITABLE_MARKS):
        raise ProtocolError(f"the edge from {ends[0]!r} to {ends[1]!r} is verified and cites no work", "cite it, or say evidence: general")
    _check_citations((*cite, *CITATION_MARK.findall(entry.text("note"))), citable)
    return DiagramEdge(start=ends[0], end=ends[1], type=kind, when=entry.text("when"), evidence=evidence, cite=cite, note=entry.text("note"))


def _parse_state(entry: YamlMap, edges: Collection[tuple[str, str]], citable: Collection[str] | None) -> DiagramState:
    entry.check_keys(("name", "on", "says"), "a state", required=("name", "on", "says"))
    arrows = {f"{start}->{end}": (start, end) for start, end in edges}
    for arrow in entry.word_list("on"):
        check_known(arrow, arrows, f"the state {entry.text('name')!r} has the edge {arrow!r} on, which is not drawn", "edges")
    _check_citations(CITATION_MARK.findall(entry.text("says")), citable)
    return DiagramState(name=entry.text("name"), active_edges=tuple(arrows[arrow] for arrow in entry.word_list("on")), meaning=entry.text("says"))


def _check_citations(keys: Collection[str], citable: Collection[str] | None) -> None:
    for key in keys:
        if citable is not None and key not in citable:
            raise ProtocolError(f"{key!r} is neither a work nor a mark of evidence", suggest(key, citable, "works"))


def _parse_rank(tree: YamlMap, nodes: Collection[str], mistakes: Collector) -> tuple[tuple[str, ...], ...]:
    rows: list[tuple[str, ...]] = []
    with mistakes.at(tree.file, tree.lines["rank"]):
        rank = tree["rank"]
        if not isinstance(rank, YamlList) or not all(isinstance(row, YamlList) and all(isinstance(name, str) for name in row) for row in rank):
            raise ProtocolError("'rank' is a list of rows, and a row a list of nodes", "write rank: [[one], [two, three]]")
        names_so_far: list[str] = []
        for row in rank:
            for name in row:
                with mistakes.at(tree.file, name.line):
                    check_known(name, nodes, f"a row holds {name!r}, which is not a node", "nodes")
                    if name in names_so_far:
                        raise ProtocolError(f"{name!r} stands in the rows twice", "a box is drawn once")
                    names_so_far.append(name)
            rows.append(tuple(row))
        missing = [name for name in nodes if name not in names_so_far]
        if missing:
            raise ProtocolError(f"no row holds {', '.join(map(repr, missing))}", "each node stands in one row")
    return tuple(rows)
