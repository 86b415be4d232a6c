"""The sheet as one HTML page: printed, it is filled in by hand; on a tablet, its checkboxes are ticked and its blanks filled.

What is filled in stays in that browser until a button clears it; another button exports it as JSON with the Record. The page
loads nothing: its styles, its scripts and the Record are in it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ...errors import ProtocolError, suggest
from ..outline.entries import Block, Head
from ..outline.sections import Section, build_outline
from ..qr import qr_code, qr_content
from . import widgets
from .assets import script, style
from .body import body_html
from .widgets import escape_html, labelled_blank, quote_attribute

if TYPE_CHECKING:
    from ...record.types import Record

ROOM_BY_PAPER = {"A4": "25.1mm", "Letter": "18mm"}  # the height of the room for deviations


def format_html(record: Record, paper: str = "A4", site: str = "", back: tuple[str, str] | None = None) -> str:
    """Return the whole sheet as one HTML file, laid out for *paper*; its printed QR code leads to *site*.

    *back* is an address and the words of the link to it: the page that asked for this sheet.
    Raises ProtocolError for another paper than A4 and Letter.
    """
    size = next((name for name in ROOM_BY_PAPER if name.casefold() == paper.casefold()), "")
    if not size:
        raise ProtocolError(f"no paper {paper!r}", suggest(paper, ROOM_BY_PAPER))
    outline = list(build_outline(record, names_hazards=True))
    head = next(block for _, blocks in outline for block in blocks if isinstance(block, Head))
    looks = style(size, ROOM_BY_PAPER[size], widgets.css_string(f"{head.title}, version {head.version}"), widgets.css_string(f"digest {head.digest}"))
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_content_policy(looks)}">
<title>{escape_html(head.title)}, {head.digest}</title>
<link rel="icon" href="data:,">
<style>{looks}</style>
</head>
<body>
{_bar()}
{_parts(outline, record)}
<main>
{_back_link(back)}{_head(head, record, site)}
{body_html(outline, record)}
{_end()}
</main>
<script type="application/json" id="record">{widgets.script_json(record)}</script>
<script>{script()}</script>
</body>
</html>
"""


def _content_policy(looks: str) -> str:
    """Return a Content-Security-Policy that allows this style and this script by their hashes, and nothing else."""
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (looks, script())]
    return f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; img-src data:; base-uri 'none'; form-action 'none'"


def _bar() -> str:
    return (
        '<header id="bar" hidden><p id="state" role="status"></p><p class="buttons"><button type="button" id="print">Print</button>'
        '<button type="button" id="export">Export as JSON</button><button type="button" id="clear">Clear, begin anew</button></p></header>'
        '<section id="earlier" tabindex="-1" aria-label="filled in before" hidden></section>'
    )


def _parts(outline: Iterable[tuple[Section, Sequence[Block]]], record: Record) -> str:
    """Return links to the sections of the sheet, which stay in sight on a screen."""
    has_drawing = bool(record["schedule"])  # of the times, in place of the timetable
    shown = [section for section, blocks in outline if section.title and (has_drawing if section.id == "schedule" else blocks)]
    names = {section.id: "Timeline" if section.id == "schedule" else section.title for section in shown} | {"end": "Deviations"}
    links = "".join(f'<a href="#{name}">{escape_html(title)}</a> ' for name, title in names.items())
    return f'<nav id="parts" aria-label="Parts of this sheet">{links}</nav>'


def _back_link(back: tuple[str, str] | None) -> str:
    return f'<p class="back"><a href={quote_attribute(back[0])}>Back to: {escape_html(back[1])}</a></p>\n' if back else ""


def _head(head: Head, record: Record, site: str) -> str:
    counts = f"<b>{escape_html(head.counts)}</b>" if head.warns else escape_html(head.counts)
    first_words = " ".join(filter(None, (escape_html(head.summary), counts, escape_html(record["notice"]))))
    fields = [labelled_blank((name,), label, "long") for name, label in (("operator", "operator"), ("date", "date"), ("notebook", "notebook, page"))]
    return (
        f'<div class="head">{_qr_image(record, site)}<h1>{escape_html(head.title)}</h1> '
        f'<p class="version">Version {escape_html(head.version)}, digest {escape_html(head.digest)}</p><p>{first_words}</p>'
        f'<div class="line"><p class="command"><code>{escape_html(head.command)}</code></p><p class="who">{"".join(fields)}</p></div></div>'
    )


def _qr_image(record: Record, site: str) -> str:
    """Return the QR code, which is shown on paper only."""
    content, alt = qr_content(record, site)
    return qr_code(content).replace("<svg ", f'<svg class="code" role="img" aria-label={quote_attribute(alt)} ', 1)


def _end() -> str:
    signatures = "".join(
        f'<p class="who">{labelled_blank((key, "name"), label, "long")}{labelled_blank((key, "date"), "date", "time")}</p>'
        for key, label in (("done_by", "done by"), ("checked_by", "checked by"))
    )
    area = '<textarea data-at="[&quot;deviations&quot;]" rows="4" aria-label="deviations"></textarea>'
    return f'<section class="end" id="end"><h2>Deviations, sign-off</h2>{area}{signatures}</section>'
