"""Pictures on their pages: the committed drawing with its key, and the same as tables.

Raises an error for a drawing that is older than its data.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Collection, Mapping
from itertools import groupby
from xml.etree import ElementTree as ET

from ..errors import ProtocolError
from ..markup import write_table
from .diagrams import Diagram

DRAW_COMMAND = "python -m benchsheet.site.diagram_svg docs"
DiagramStructure = tuple[frozenset[str], frozenset[tuple[str, str, str]], dict[str, str]]
_LINK = re.compile(r'(<a [^>]*\bhref=")([^"]*)"')

# The key: a glyph for each type of edge, each kind of box and each evidence, 36 by 14 units large.
_ARROW, _OPEN_ARROW = '<path d="M28 3.5 35 7 28 10.5z" fill="currentColor"/>', '<path d="M28 3.5 34 7 28 10.5"/>'
_BAR = '<path d="M32 2V12" stroke-width="2.5"/>'
_LINE, _GAP = '<path d="M1 7H34"/>', '<path d="M1 7H8M24 7H34"/>'
_P = '<circle cx="16" cy="7" r="6.4"/><text x="16" y="10.6" font-size="10" text-anchor="middle" fill="currentColor" stroke="none">P</text>'
_DOT = '<circle cx="{}" cy="7" r="3" fill="{}"/>'
DIAGRAM_GLYPHS = {
    "activates": _LINE + _ARROW,
    "inhibits": '<path d="M1 7H32"/>' + _BAR,
    "phosphorylates": _GAP + _P + _ARROW,
    "binds": _LINE + _DOT.format(4, "currentColor") + _DOT.format(32, "currentColor"),
    "recruits": '<path d="M1 7H29"/>' + _DOT.format(32, "none"),
    "raises": _GAP + '<path d="M16 12.5V1.5M12.5 6 16 1.5 19.5 6"/>' + _ARROW,
    "lowers": '<path d="M1 7H8M24 7H32M16 1.5V12.5M12.5 8 16 12.5 19.5 8"/>' + _BAR,
    "leads to": _LINE + _OPEN_ARROW,
    "then": _LINE + _OPEN_ARROW,
    "inferred": '<path d="M1 7H35" stroke-dasharray="4 3"/>',
    "drug": '<path d="M8 1H28L32 5V9L28 13H8L4 9V5z"/>',
    "protein": '<rect x="4" y="1" width="28" height="12" rx="4"/>',
    "site": '<ellipse cx="18" cy="7" rx="14" ry="6"/>',
    "process": '<rect x="4" y="1" width="28" height="12"/>',
    "outcome": '<rect x="4" y="1" width="28" height="12"/><rect x="6.5" y="3.5" width="23" height="7"/>',
    "stage": '<rect x="4" y="1" width="28" height="12" rx="4"/>',
    "gate": '<path d="M4 1H32V13H4zM7 1V13M29 1V13"/>',
    "decision": '<path d="M18 .5 32 7 18 13.5 4 7z"/>',
}
GLYPH_LABELS = {"site": "site or domain"}


def parse_diagram_svg(svg: str) -> DiagramStructure:
    """Return what a drawing shows: its nodes, its edges as (from, to, type), and the link of each node."""
    nodes: dict[str, str] = {}
    edges = set()
    for part in ET.fromstring(svg).iter():  # noqa: S314 - a file of this tree
        name, _, rest = part.get("id", "").partition("-")
        if name == "node":
            nodes[rest] = part.get("href", "")
        elif name == "edge":
            start, _, end = rest.partition("-")
            edges.add((start, end, part.get("data-type", "")))
    return frozenset(nodes), frozenset(edges), nodes


def inline_diagram(diagram: Diagram, svg: str, page: str) -> str:
    """Return the drawing *svg* as one line of HTML for the page at *page*; raise ProtocolError if it shows other nodes, edges or links."""
    edges = frozenset((edge.start, edge.end, edge.type) for edge in diagram.edges)
    if parse_diagram_svg(svg) != (frozenset(diagram.nodes), edges, {node.id: node.link for node in diagram.nodes.values()}):
        hint = f"draw it again: {DRAW_COMMAND}"
        raise ProtocolError("the drawing is older than its data", hint, f"docs/mechanisms/{diagram.id}.svg")
    drawing = _LINK.sub(lambda found: f'{found[1]}{html.escape(_relative_link(page, html.unescape(found[2])))}"', svg)
    kinds = {*(node.kind for node in diagram.nodes.values()), *(edge.type for edge in diagram.edges), *(edge.evidence for edge in diagram.edges)}
    legend = f"{format_key(DIAGRAM_GLYPHS, GLYPH_LABELS, kinds)}<figcaption>{html.escape(diagram.caption)}</figcaption>"
    return f'<figure class="picture">{" ".join(drawing.splitlines())}{legend}</figure>'


def _relative_link(page: str, link: str) -> str:
    """Return the site path *link* relative to *page*, both as the HTML files that they become."""
    path, separator, anchor = link.partition("#")
    return posixpath.relpath(f"{posixpath.splitext(path)[0]}.html", posixpath.dirname(page) or ".") + separator + anchor


def format_key(glyphs: Mapping[str, str], labels: Mapping[str, str], kinds: Collection[str]) -> str:
    """Return the key of a picture as HTML: the glyphs of its *kinds* in the order of *glyphs*, each with its label or else its kind."""
    icon = '<svg viewBox="0 0 36 14" aria-hidden="true" fill="none" stroke="currentColor">{}</svg>'
    items = (f"<li>{icon.format(glyph)} {labels.get(kind, kind)}</li>" for kind, glyph in glyphs.items() if kind in kinds)
    return f'<ul class="picture-key">{"".join(items)}</ul>'


def edge_table(diagram: Diagram) -> str:
    """Return the edges as a Markdown table; the references are as in the data, ``[@key]``."""
    rows = []
    for edge in diagram.edges:
        note = " ".join(filter(None, (edge.note, *(f"[@{key}]" for key in edge.cite))))
        rows.append((diagram.nodes[edge.start].label_text, edge.verb, diagram.nodes[edge.end].label_text, edge.evidence, note))
    return write_table(("from", "what", "to", "evidence", "note"), rows)


def states_table(diagram: Diagram) -> str:
    """Return the states as a Markdown table: the active edges of each in words, and what follows."""
    rows = []
    for state in diagram.states:
        active = [edge for edge in diagram.edges if (edge.start, edge.end) in state.active_edges]
        phrases = [
            f"{diagram.nodes[start].label_text} " + ", ".join(f"{edge.verb} {diagram.nodes[edge.end].label_text}" for edge in edges)
            for start, edges in groupby(sorted(active, key=lambda edge: list(diagram.nodes).index(edge.start)), lambda edge: edge.start)
        ]
        rows.append((state.name, "; ".join(phrases), state.meaning))
    return write_table(("state", "what is on", "what follows"), rows)
