"""The boxes of a scenario's decision tree: tests on the left, beside each its readings, and on the right what to do next.

Raises an error for a tree in which a test leads to a test, or a reading to a reading.
"""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Iterator, Mapping

from .._dataclass import dataclass
from ..errors import Collector, ProtocolError
from .citations import CITATION
from .scenario_pages import node_title
from .scenarios import Scenario, ScenarioNode

BOX_CHARACTERS, BOX_LINES = 23, 4  # characters on a line of a box, and lines in it
_NUMBER_WITH_UNIT = re.compile(r"(\d|×) (?=%|×|\d|°C|[µnm]?[gLMm]\b|h\b|kDa\b|fold\b|points\b)")  # stays on the line of its unit
_MARKDOWN_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
# Where a text that is too long may be cut, best first: after a clause, before a phrase, after a word.
_BREAKS = tuple(map(re.compile, (r"[,;:] ", r"[,;:]? (?=\(|(?:and|at|by|from|in|of|or|such|that|to|until|which|with)\b)", r"[,;:]? ")))


@dataclass(frozen=True, kw_only=True)
class TreeBox:
    """One box: *kind* is test, reading, do or go; *lines* is the text that fits in it, *name* the full text, *link* the address it opens."""

    id: str
    kind: str
    lines: tuple[str, ...]
    name: str
    link: str


@dataclass(frozen=True, kw_only=True)
class TreeRow:
    """One *reading* of a test, the *ends* to its right, and whether an arrow leads down from it to the next test."""

    reading: TreeBox
    ends: tuple[TreeBox, ...] = ()
    leads_down: bool = False


@dataclass(frozen=True, kw_only=True)
class DecisionTree:
    """The whole tree from top to bottom: each test with its rows."""

    id: str
    title: str
    tests: tuple[tuple[TreeBox, tuple[TreeRow, ...]], ...]

    def boxes(self) -> list[TreeBox]:
        """Return all boxes, in the order in which they are read."""
        return [box for test, rows in self.tests for box in (test, *(each for row in rows for each in (row.reading, *row.ends)))]

    def arrows(self) -> Iterator[tuple[TreeBox, TreeBox]]:
        """Yield each arrow as the box where it starts and the box where it ends."""
        for (test, rows), following in zip(self.tests, (*self.tests[1:], None), strict=True):
            for row in rows:
                yield test, row.reading
                yield from ((row.reading, end) for end in row.ends)
                if row.leads_down and following:
                    yield row.reading, following[0]


def build_decision_tree(scenario: Scenario, scenarios: Mapping[str, Scenario]) -> DecisionTree:
    """Return the tree of a scenario. An arrow that would cross others becomes a box with a link to its target, as on the page."""
    _check_alternation(scenario)
    order: list[tuple[ScenarioNode, list[ScenarioNode]]] = []
    _order_tests(scenario, scenario.nodes[scenario.start], order)
    seen: set[str] = set()
    tests = []
    for (test, readings), following in zip(order, (*order[1:], None), strict=True):
        below = following[0].id if following else ""
        rows = []
        for node in readings:
            if node.id in seen:
                rows.append(TreeRow(reading=_make_link_box(test, node)))
                continue
            seen.add(node.id)
            ends = [_make_box(node, "do", f"Next: {_first_sentence(node.action)}", f"#{node.id}")] if node.action else []
            if node.goto:
                scenario_id, separator, anchor = node.goto.partition("#")
                ends.append(_make_box(node, "go", f"Go on with: {scenarios[scenario_id].title}", f"{scenario_id}.html{separator}{anchor}"))
            ends += [_make_link_box(node, scenario.nodes[other]) for other in node.next_ids if other != below]
            reading = _make_box(node, "reading", _plain_title(node), f"#{node.id}")
            rows.append(TreeRow(reading=reading, ends=tuple(ends), leads_down=below in node.next_ids))
        tests.append((_make_box(test, "test", _plain_title(test), f"#{test.id}"), tuple(rows)))
    return DecisionTree(id=scenario.id, title=scenario.title, tests=tuple(tests))


def _check_alternation(scenario: Scenario) -> None:
    mistakes = Collector()
    for node in scenario.nodes.values():
        with mistakes.at(scenario.file, node.line):
            if node.id == scenario.start and not node.test:
                raise ProtocolError(f"the tree begins with {node.id!r}, which is a reading", "begin it with a test")
            for other in node.next_ids:
                if bool(node.test) == bool(scenario.nodes[other].test):
                    kind = "test" if node.test else "reading"
                    hint = "let a test lead to readings, and a reading to tests"
                    raise ProtocolError(f"the {kind} {node.id!r} leads to the {kind} {other!r}", hint)
    mistakes.raise_all()


def _order_tests(scenario: Scenario, test: ScenarioNode, order: list[tuple[ScenarioNode, list[ScenarioNode]]]) -> None:
    """Put a test with its readings, and all tests behind it, into *order*; readings that lead to a test come last, beside that test."""
    if any(test is ordered_test for ordered_test, _ in order):
        return
    readings = sorted((scenario.nodes[name] for name in test.next_ids), key=lambda node: bool(node.next_ids))
    order.append((test, readings))
    for node in readings:
        for name in node.next_ids:
            _order_tests(scenario, scenario.nodes[name], order)


# --- the words in a box ------------------------------------------------------------------------------------------------------


def _make_box(node: ScenarioNode, kind: str, text: str, link: str) -> TreeBox:
    name = {"test": f"Test: {text}", "reading": f"If: {text}"}.get(kind, text)
    return TreeBox(id=node.id if kind in ("test", "reading") else f"{node.id}.{kind}", kind=kind, lines=fit_text(text), name=name, link=link)


def _make_link_box(start: ScenarioNode, end: ScenarioNode) -> TreeBox:
    text = f"On to: {_plain_title(end)}"
    return TreeBox(id=f"{start.id}.{end.id}", kind="go", lines=fit_text(text), name=text, link=f"#{end.id}")


def _plain_title(node: ScenarioNode) -> str:
    return html.unescape(node_title(node))


def _first_sentence(action: str) -> str:
    """Return the first sentence of an action without marks and references."""
    text = re.sub(r"[*`]", "", _MARKDOWN_LINK.sub(r"\1", CITATION.sub("", action)))
    return text.split(". ")[0].rstrip(".")


def fit_text(text: str) -> tuple[str, ...]:
    """Return *text* as the lines of a box. A longer text is cut, at the end of a clause or phrase if at least half of what fits remains."""
    lines = _balance_lines(text)
    if len(lines) <= BOX_LINES:
        return lines
    cuts = [_shorten(text, end) for end in _BREAKS]
    return _balance_lines(next(cut for cut in cuts if 2 * len(cut) >= len(cuts[-1])))


def _shorten(text: str, end: re.Pattern[str]) -> str:
    """Return the longest beginning of *text* that fits and stops at an *end* outside brackets, with an ellipsis."""
    cuts = [f"{text[: match.start()]}\u00a0…" for match in end.finditer(text)]
    return next((cut for cut in reversed(cuts) if cut.count("(") == cut.count(")") and len(_wrap(cut)) <= BOX_LINES), "…")


def _wrap(text: str) -> list[str]:
    """Return *text* in as few lines as possible."""
    return textwrap.wrap(_NUMBER_WITH_UNIT.sub("\\1\u00a0", text), BOX_CHARACTERS, break_on_hyphens=False)


def _balance_lines(text: str) -> tuple[str, ...]:
    """Return *text* in as few lines as possible, all about equally long."""
    lines = _wrap(text)
    text = _NUMBER_WITH_UNIT.sub("\\1\u00a0", text)
    for room in range(BOX_CHARACTERS // 2, BOX_CHARACTERS):
        even = textwrap.wrap(text, room, break_on_hyphens=False, break_long_words=False)
        if len(even) == len(lines) and max(map(len, even)) <= BOX_CHARACTERS:
            return tuple(even)
    return tuple(lines)
