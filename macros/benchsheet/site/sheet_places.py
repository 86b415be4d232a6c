"""The steps and gates of a protocol's page by their titles, for links to them and for links that stand at them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from .._dataclass import dataclass
from ..errors import ProtocolError, suggest

GATES_ANCHOR = "quality-gates"
_STEP = re.compile(r"^### (\d+)\. (.*)$", re.MULTILINE)
_GATES = re.compile(r"^## Quality gates\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_ROW = re.compile(r"^\| (.+?) \|", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class SheetPlaces:
    """The *steps* of a sheet, each title with its number and its anchor on the page, and the names of its *gates*."""

    steps: Mapping[str, tuple[str, str]]
    gates: tuple[str, ...]

    def find_step(self, words: str) -> str:
        """Return the title that *words* name, in full or as its beginning (``Secondary antibody`` of several targets: the first).

        Raises ProtocolError if there is no such step.
        """
        for title in (words, *self.steps):
            if title in self.steps and (title == words or re.match(rf"{re.escape(words)}[: ]", title)):
                return title
        raise ProtocolError(f"the sheet has no step {words!r}", suggest(words, self.steps, "steps"))

    def check_gate(self, name: str) -> str:
        """Return the gate *name*; raise ProtocolError if the sheet has none of that name."""
        if name not in self.gates:
            raise ProtocolError(f"the sheet has no gate {name!r}", suggest(name, self.gates, "gates"))
        return name


def heading_anchor(title: str) -> str:
    """Return the anchor that the build gives to a heading: ``12-develop-gapdh`` of *12. Develop: GAPDH*."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower())


def parse_places(body: str) -> SheetPlaces:
    """Return the steps and the gates of a sheet whose Markdown is *body*."""
    steps = {match[2]: (match[1], heading_anchor(f"{match[1]}. {match[2]}")) for match in _STEP.finditer(body)}
    gates = _GATES.search(body)
    return SheetPlaces(steps=steps, gates=tuple(_ROW.findall(gates[1])[1:]) if gates else ())


def list_headings(body: str) -> dict[str, str]:
    """Return the anchor of each section of *body*, and of each step, by its title without its number; of steps alike that of the first."""
    anchors = {title: heading_anchor(title) for title in _SECTION.findall(body)}
    return anchors | {title: heading_anchor(f"{number}. {title}") for number, title in reversed(_STEP.findall(body))}


def format_parts(body: str, sheet: str) -> str:
    """Return links to the *sheet* to fill in and to the sections of *body*, which stay in sight while a reader goes on."""
    links = " ".join((f"[Fill in]({sheet})", *(f"[{title}](#{heading_anchor(title)})" for title in _SECTION.findall(body))))
    return f'<nav class="parts" aria-label="Parts of this sheet" markdown="1">\n\n{links}\n\n</nav>'


def add_links(body: str, at_steps: Mapping[str, Iterable[str]], at_gates: Mapping[str, Iterable[str]]) -> str:
    """Return *body* with links at the end of steps, by their titles, and below the heading of the gates, by their names."""

    def add_to_step(match: re.Match[str]) -> str:
        links = at_steps.get(match[2], ())
        return f"{match[0].rstrip()}\n\nIf it goes wrong: {'; '.join(links)}\n{{: .here}}\n\n" if links else match[0]

    def add_to_gates(match: re.Match[str]) -> str:
        lines = "".join(f"\nIf **{name}** fails: {'; '.join(links)}\n{{: .here}}\n" for name, links in at_gates.items())
        return f"## Quality gates\n{lines}{match[1]}"

    parts = re.compile(rf"{_STEP.pattern}\n(?:(?!#{{2,3}} ).*\n?)*", re.MULTILINE)
    return _GATES.sub(add_to_gates, parts.sub(add_to_step, body))
