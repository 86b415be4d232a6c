"""Pictures of mechanisms and of the workflow as data: what acts on what, how, on whose word, and where each box leads.

Refuses a picture that does not hold together: a box that is not there or that nothing touches, an edge without a work or a
mark of evidence, and a link to no page; all of a file at once.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from .._dataclass import dataclass
from ..errors import Collector, ProtocolError, near
from ..yamltree import Items, Map, read

KINDS = ("drug", "protein", "site", "process", "outcome", "stage", "gate", "decision")
TYPES = ("activates", "inhibits", "phosphorylates", "binds", "recruits", "raises", "lowers", "leads to", "then")
EVIDENCE = ("verified", "general", "inferred", "computed")
MARKS = ("general", "computed", "source")  # stand where a work is cited, and are none
_KEYS = ("title", "direction", "caption", "description", "nodes", "edges", "rank")
_ID = re.compile(r"[a-z][a-z0-9_]*")
_CITED = re.compile(r"\[@([\w-]+)\]")


@dataclass(frozen=True)
class Node:
    """One box: *label* with its line breaks, *kind* of thing, *link* to a page of the site, *about* in a few words."""

    id: str
    label: str
    kind: str
    link: str
    about: str

    @property
    def words(self) -> str:
        """The label on one line."""
        return " ".join(self.label.split())


@dataclass(frozen=True)
class Edge:
    """What *start* does to *end*: *type* is the verb, *when* the answer that leads this way, *cite* works and marks."""

    start: str
    end: str
    type: str
    when: str
    evidence: str
    cite: tuple[str, ...]
    note: str

    @property
    def verb(self) -> str:
        """What the edge says between its two boxes."""
        return f"if {self.when}, {self.type}" if self.when else self.type


@dataclass(frozen=True)
class State:
    """One state of the picture: the edges that are *on*, and what it *says*."""

    name: str
    on: tuple[tuple[str, str], ...]
    says: str


@dataclass(frozen=True)
class Picture:
    """One picture; *rank* holds its rows from top to bottom."""

    id: str
    title: str
    direction: str
    caption: str
    description: str
    nodes: dict[str, Node]
    edges: tuple[Edge, ...]
    rank: tuple[tuple[str, ...], ...]
    states: tuple[State, ...]

    def words(self, edge: Edge) -> str:
        """Say one edge as a sentence without its full stop."""
        return f"{self.nodes[edge.start].words} {edge.verb} {self.nodes[edge.end].words}"


def picture(id: str, text: str, file: str, works: Collection[str] | None = None, pages: Collection[str] | None = None) -> Picture:  # noqa: A002 - its name
    """Return the picture that *text* holds; raise ProtocolError for each mistake. *works* and *pages* that are None are not looked up."""
    tree, mistakes = read(text, file), Collector()
    cites = None if works is None else (*works, *MARKS)
    with mistakes.at(file, tree.line):
        tree.only((*_KEYS, "states"), "a picture")
    with mistakes.at(file, tree.line):
        tree.need(_KEYS, "a picture")
    said = {}
    for key in _KEYS[:4]:
        with mistakes.at(file, tree.lines.get(key)):
            said[key] = " ".join(tree.text(key).split())
            if key in tree and not said[key]:
                raise ProtocolError(f"{key!r} is empty", "say it in words")
    nodes: dict[str, Node] = {}
    with mistakes.at(file, tree.lines.get("nodes")):
        entries = tree.map("nodes")
        for name in entries:
            with mistakes.at(file, entries.lines[name]):
                nodes[name] = Node(name, "", "", "", "")  # known, whatever is wrong with it
                nodes[name] = _node(name, entries.map(name), pages)
    edges: list[Edge] = []
    for entry in _maps(tree, "edges", mistakes):
        with mistakes.at(file, entry.line):
            edges.append(_edge(entry, nodes, edges, cites))
    states: list[State] = []
    for entry in _maps(tree, "states", mistakes):
        with mistakes.at(file, entry.line):
            states.append(_state(entry, [(edge.start, edge.end) for edge in edges], cites))
    touched = {str(edge.get(end)) for edge in _maps(tree, "edges", Collector()) for end in ("from", "to")}
    for name in nodes:
        with mistakes.at(file, tree.map("nodes").lines[name]):
            if name not in touched:
                raise ProtocolError(f"no edge touches {name!r}", "draw an edge from it or to it, or leave it out")
    rank = _rank(tree, nodes, mistakes) if "rank" in tree else ()
    mistakes.close()
    return Picture(id, said["title"], said["direction"], said["caption"], said["description"], nodes, tuple(edges), rank, tuple(states))


def _maps(tree: Map, key: str, mistakes: Collector) -> Iterator[Map]:
    """Give the mappings of the list under *key*; another thing in it is a mistake."""
    value = tree.get(key, Items())
    with mistakes.at(tree.file, tree.lines.get(key)):
        if not isinstance(value, Items):
            raise ProtocolError(f"{key!r} is a list", "begin each line of it with '- '")
        for entry in value:
            if isinstance(entry, Map):
                yield entry
                continue
            with mistakes.at(tree.file, getattr(entry, "line", None)):
                raise ProtocolError(f"an item of {key!r} is a mapping", "write {name: value, ...}")


def _one_of(word: str, known: Collection[str], what: str) -> str:
    if word not in known:
        raise ProtocolError(f"{word!r} is no {what}", near(word, known, "one of"))
    return word


def _node(name: str, entry: Map, pages: Collection[str] | None) -> Node:
    if not _ID.fullmatch(name):
        raise ProtocolError(f"{name!r} is no name of a node", "small letters, digits and _, a letter first")
    entry.only(("label", "kind", "link", "about"), "a node")
    entry.need(("label", "kind", "link", "about"), "a node")
    node = Node(name, entry.text("label"), _one_of(entry.text("kind"), KINDS, "kind of a node"), entry.text("link"), entry.text("about"))
    if not node.words or not node.about:
        raise ProtocolError(f"{name!r} has no words", "write its label and what it is about")
    if pages is not None and node.link.partition("#")[0] not in pages:
        raise ProtocolError(f"{name!r} links to {node.link!r}, which is no page", near(node.link, sorted(pages), "pages"))
    return node


def _edge(entry: Map, nodes: Collection[str], edges: list[Edge], cites: Collection[str] | None) -> Edge:
    entry.only(("from", "to", "type", "when", "evidence", "cite", "note"), "an edge")
    entry.need(("from", "to", "type", "evidence", "cite"), "an edge")
    ends = [entry.text("from"), entry.text("to")]
    for end in ends:
        if end not in nodes:
            raise ProtocolError(f"the edge from {ends[0]!r} to {ends[1]!r}: there is no node {end!r}", near(end, nodes, "nodes"))
    if any([edge.start, edge.end] == ends for edge in edges):
        raise ProtocolError(f"the edge from {ends[0]!r} to {ends[1]!r} is drawn twice", "say all of it in one")
    kind, evidence = _one_of(entry.text("type"), TYPES, "type of an edge"), _one_of(entry.text("evidence"), EVIDENCE, "evidence")
    cite = tuple(entry.items_of("cite"))
    if not cite:
        raise ProtocolError(f"the edge from {ends[0]!r} to {ends[1]!r} cites nothing", "cite a work, or the mark general")
    if evidence == "verified" and not set(cite) - set(MARKS):
        raise ProtocolError(f"the edge from {ends[0]!r} to {ends[1]!r} is verified and cites no work", "cite it, or say evidence: general")
    _cited((*cite, *_CITED.findall(entry.text("note"))), cites)
    return Edge(ends[0], ends[1], kind, entry.text("when"), evidence, cite, entry.text("note"))


def _state(entry: Map, edges: Collection[tuple[str, str]], cites: Collection[str] | None) -> State:
    entry.only(("name", "on", "says"), "a state")
    entry.need(("name", "on", "says"), "a state")
    known = {f"{start}->{end}": (start, end) for start, end in edges}
    for arrow in entry.items_of("on"):
        if arrow not in known:
            raise ProtocolError(f"the state {entry.text('name')!r} has the edge {arrow!r} on, which is not drawn", near(arrow, known, "edges"))
    _cited(_CITED.findall(entry.text("says")), cites)
    return State(entry.text("name"), tuple(known[arrow] for arrow in entry.items_of("on")), entry.text("says"))


def _cited(found: Collection[str], cites: Collection[str] | None) -> None:
    for key in found:
        if cites is not None and key not in cites:
            raise ProtocolError(f"{key!r} is no work and no mark of evidence", near(key, cites, "works"))


def _rank(tree: Map, nodes: Collection[str], mistakes: Collector) -> tuple[tuple[str, ...], ...]:
    rows: list[tuple[str, ...]] = []
    with mistakes.at(tree.file, tree.lines["rank"]):
        rank = tree["rank"]
        if not isinstance(rank, Items) or not all(isinstance(row, Items) and all(isinstance(name, str) for name in row) for row in rank):
            raise ProtocolError("'rank' is a list of rows, and a row a list of nodes", "write rank: [[one], [two, three]]")
        placed: list[str] = []
        for row in rank:
            for name in row:
                with mistakes.at(tree.file, name.line):
                    if name not in nodes:
                        raise ProtocolError(f"a row holds {name!r}, which is no node", near(name, nodes, "nodes"))
                    if name in placed:
                        raise ProtocolError(f"{name!r} stands in the rows twice", "a box is drawn once")
                    placed.append(name)
            rows.append(tuple(row))
        missing = [name for name in nodes if name not in placed]
        if missing:
            raise ProtocolError(f"no row holds {', '.join(map(repr, missing))}", "each node stands in one row")
    return tuple(rows)
