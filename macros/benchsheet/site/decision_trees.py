"""A scenario's tree as a picture: tests on the left, beside each what it may show, and on the right what to do then.

Refuses a tree whose tests and readings do not take turns, and a drawing that is not there or is older than its data.
"""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as ET

from .._dataclass import dataclass
from ..errors import Collector, ProtocolError
from .citations import CITED
from .scenario_pages import _title
from .scenarios import FOLDER, Node, Scenario

DRAW = "python -m benchsheet.site.diagram_svg docs"
ROOM, LINES = 23, 4  # characters on a line of a box, and lines in it
_NUMBER = re.compile(r"(\d|×) (?=%|×|\d|°C|[µnm]?[gLMm]\b|h\b|kDa\b|fold\b|points\b)")  # stays on the line of its unit
_LINKED = re.compile(r"\[([^\]]*)\]\([^)]*\)")
# Where words may stop that are too many: behind a clause, before a phrase, behind a word.
_ENDS = tuple(map(re.compile, (r"[,;:] ", r"[,;:]? (?=\(|(?:and|at|by|from|in|of|or|such|that|to|until|which|with)\b)", r"[,;:]? ")))


@dataclass(frozen=True)
class Box:
    """One box: *kind* is test, reading, do or go, *lines* what it shows, *name* what it says in full, *link* where it leads."""

    id: str
    kind: str
    lines: tuple[str, ...]
    name: str
    link: str


@dataclass(frozen=True)
class Row:
    """What a test may show, the *ends* to its right, and whether it leads *down* to the next test."""

    reading: Box
    ends: tuple[Box, ...]
    down: bool


@dataclass(frozen=True)
class Tree:
    """The whole tree from top to bottom: each test with its rows."""

    id: str
    title: str
    tests: tuple[tuple[Box, tuple[Row, ...]], ...]

    def boxes(self) -> list[Box]:
        """Return all boxes, in the order in which they are read."""
        return [box for test, rows in self.tests for box in (test, *(each for row in rows for each in (row.reading, *row.ends)))]

    def arrows(self) -> Iterator[tuple[Box, Box]]:
        """Yield which box leads to which."""
        for (test, rows), following in zip(self.tests, (*self.tests[1:], None), strict=True):
            for row in rows:
                yield test, row.reading
                yield from ((row.reading, end) for end in row.ends)
                if row.down and following:
                    yield row.reading, following[0]


def tree(this: Scenario, every: Mapping[str, Scenario]) -> Tree:
    """Return the tree of a scenario. A way that would cross others ends in a box that leads on, as it does on the page."""
    _take_turns(this)
    order: list[tuple[Node, list[Node]]] = []
    _unfold(this, this.nodes[this.start], order)
    seen: set[str] = set()
    tests = []
    for place, (test, readings) in enumerate(order):
        below = order[place + 1][0].id if place + 1 < len(order) else ""
        rows = []
        for node in readings:
            if node.id in seen:
                rows.append(Row(_onward(test, node), (), down=False))
                continue
            seen.add(node.id)
            ends = [_box(node, "do", f"Next: {_sentence(node.action)}", f"#{node.id}")] if node.action else []
            if node.go:
                where, sign, at = node.go.partition("#")
                ends.append(_box(node, "go", f"Go on with: {every[where].title}", f"{where}.html{sign}{at}"))
            ends += [_onward(node, this.nodes[other]) for other in node.next if other != below]
            rows.append(Row(_box(node, "reading", _head(node), f"#{node.id}"), tuple(ends), below in node.next))
        tests.append((_box(test, "test", _head(test), f"#{test.id}"), tuple(rows)))
    return Tree(this.id, this.title, tuple(tests))


def _take_turns(this: Scenario) -> None:
    mistakes = Collector()
    for node in this.nodes.values():
        with mistakes.at(this.file, node.line):
            if node.id == this.start and not node.test:
                raise ProtocolError(f"the tree begins with {node.id!r}, which is a reading", "begin it with a test")
            for other in node.next:
                if bool(node.test) == bool(this.nodes[other].test):
                    what = "test" if node.test else "reading"
                    hint = "let a test lead to readings, and a reading to tests"
                    raise ProtocolError(f"the {what} {node.id!r} leads to the {what} {other!r}", hint)
    mistakes.close()


def _unfold(this: Scenario, test: Node, order: list[tuple[Node, list[Node]]]) -> None:
    """Put a test with its readings, and all tests behind it, into *order*; readings that go on stand last, beside the next test."""
    if any(test is known for known, _ in order):
        return
    readings = sorted((this.nodes[name] for name in test.next), key=lambda node: bool(node.next))
    order.append((test, readings))
    for node in readings:
        for name in node.next:
            _unfold(this, this.nodes[name], order)


# --- on its page -------------------------------------------------------------------------------------------------------------

# The key: what each form of a box is, in a field of 36 by 14 units.
GLYPHS = {
    "test": '<rect x="4" y="1" width="28" height="12" stroke-width="1.8"/>',
    "reading": '<rect x="4" y="1" width="28" height="12" rx="6"/>',
    "do": '<rect x="4" y="1" width="28" height="12"/><rect x="6.5" y="3.5" width="23" height="7"/>',
    "go": '<path d="M4 1H27L33 7 27 13H4z"/>',
}
WORDS = {"test": "test", "reading": "what it shows", "do": "what to do next", "go": "where to go on"}
LABEL = "The whole tree"
CAPTION = "The same tests at a glance, from top to bottom. A box opens its text."

Structure = tuple[str, dict[str, tuple[str, str, str]], frozenset[tuple[str, str]]]


def ready(docs: Mapping[str, str], every: Mapping[str, Scenario]) -> dict[str, str]:
    """Return the drawing of each scenario, ready for its page."""
    mistakes = Collector()
    found = {}
    for each in every.values():
        file = f"{FOLDER}/{each.id}.svg"
        with mistakes.at(f"docs/{file}"):
            drawn = tree(each, every)
            if file not in docs:
                raise ProtocolError("the tree is not drawn", f"draw it: {DRAW}")
            found[each.id] = inlined(drawn, docs[file])
    mistakes.close()
    return found


def inlined(drawn: Tree, svg: str) -> str:
    """Return the drawing *svg* as one line of HTML; raise ProtocolError if it is not of this tree."""
    if structure(svg) != meant(drawn):
        raise ProtocolError("the drawing is older than its data", f"draw it again: {DRAW}", f"docs/{FOLDER}/{drawn.id}.svg")
    kinds = [box.kind for box in drawn.boxes()]
    sign = '<svg viewBox="0 0 36 14" aria-hidden="true" fill="none" stroke="currentColor">{}</svg>'
    key = "".join(f"<li>{sign.format(GLYPHS[kind])} {words}</li>" for kind, words in WORDS.items() if kind in kinds)
    region = f'<div class="table-wide" tabindex="0" role="region" aria-label="{LABEL}">{" ".join(svg.splitlines())}</div>'
    return f'<figure class="picture tree">{region}<ul class="picture-key">{key}</ul><figcaption>{CAPTION}</figcaption></figure>'


def structure(svg: str) -> Structure:
    """Return what a drawing holds: its title, of each box the kind, the link and the words, and which box leads to which."""
    boxes, arrows, title = {}, set(), ""
    for part in ET.fromstring(svg).iter():  # noqa: S314 - a file of this tree
        name = part.tag.rpartition("}")[2]
        if name == "a":
            shown = " ".join(each.text or "" for each in part if each.tag.endswith("text"))
            boxes[part.get("id", "").removeprefix("box-")] = part.get("class", "").removeprefix("node "), part.get("href", ""), shown
        elif part.get("data-from"):
            arrows.add((part.get("data-from", ""), part.get("data-to", "")))
        elif name == "title" and part.get("id"):
            title = part.text or ""
    return title, boxes, frozenset(arrows)


def meant(drawn: Tree) -> Structure:
    """Return what a drawing of this tree has to hold."""
    boxes = {box.id: (box.kind, box.link, " ".join(box.lines)) for box in drawn.boxes()}
    return drawn.title, boxes, frozenset((start.id, end.id) for start, end in drawn.arrows())


# --- the words in a box ------------------------------------------------------------------------------------------------------


def _box(node: Node, kind: str, words: str, link: str) -> Box:
    name = {"test": f"Test: {words}", "reading": f"If: {words}"}.get(kind, words)
    return Box(node.id if kind in ("test", "reading") else f"{node.id}.{kind}", kind, short(words), name, link)


def _onward(start: Node, end: Node) -> Box:
    words = f"On to: {_head(end)}"
    return Box(f"{start.id}.{end.id}", "go", short(words), words, f"#{end.id}")


def _head(node: Node) -> str:
    return html.unescape(_title(node))


def _sentence(action: str) -> str:
    """Return the first sentence of an action without marks and references."""
    words = re.sub(r"[*`]", "", _LINKED.sub(r"\1", CITED.sub("", action)))
    return words.split(". ")[0].rstrip(".")


def short(words: str) -> tuple[str, ...]:
    """Return *words* as the lines of a box; of too many as much as fits, to the end of a clause or phrase if that leaves half of it."""
    lines = _lines(words)
    if len(lines) <= LINES:
        return lines
    tries = [_as_fits(words, end) for end in _ENDS]
    return _lines(next(kept for kept in tries if 2 * len(kept) >= len(tries[-1])))


def _as_fits(words: str, end: re.Pattern[str]) -> str:
    """Return the most of *words* that fits and stops at an *end*, outside brackets."""
    tries = [f"{words[: found.start()]}\u00a0…" for found in end.finditer(words)]
    return next((kept for kept in reversed(tries) if kept.count("(") == kept.count(")") and len(_filled(kept)) <= LINES), "…")


def _filled(words: str) -> list[str]:
    """Return *words* in as few lines as they need."""
    return textwrap.wrap(_NUMBER.sub("\\1\u00a0", words), ROOM, break_on_hyphens=False)


def _lines(words: str) -> tuple[str, ...]:
    """Return *words* in as few lines as they need, all about as long."""
    lines = _filled(words)
    words = _NUMBER.sub("\\1\u00a0", words)
    for room in range(ROOM // 2, ROOM):
        even = textwrap.wrap(words, room, break_on_hyphens=False, break_long_words=False)
        if len(even) == len(lines) and max(map(len, even)) <= ROOM:
            return tuple(even)
    return tuple(lines)
