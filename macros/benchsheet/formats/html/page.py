"""The sheet as one HTML page: printed, it is filled in by hand; on a tablet, its checkboxes are ticked and its blanks filled.

What is filled in stays in that browser until a button clears it; another button exports it as JSON with the Record. The page
loads nothing: its styles, its scripts and the Record are in it.
"""

from __future__ import annotations

import base64
import hashlib

from ...errors import ProtocolError, suggest
from ...protocol.citations import work_address
from ...record import Record
from ..outline.blocks import Block, Command, Heading, Paragraph, Table
from ..outline.sections import build_outline
from ..outline.summaries import labelled_hazards, summarize_waste, warning_counts
from ..qr import qr_code, qr_content
from ..timeline import format_timeline
from . import widgets
from .assets import script, style
from .materials import hazards_html, plates_html, preparations_html
from .steps import steps_html
from .strips import strips_html
from .widgets import BLANK_MARK, blank_field, block_html, checkbox, escape_html, html_table, html_text, insert_blanks, labelled_blank, quote_attribute

ROOM_BY_PAPER = {"A4": "25.1mm", "Letter": "18mm"}  # the height of the room for deviations
SECTION_ORDER = (  # as in the PDF
    *("Warnings", "Numbers", "From the shelf", "Controls", "Hazards", "Preparations"),
    *("Steps", "Quality gates", "Waste", "Notes", "References", "Plate maps", "Lane maps"),
)
SHELF_BLANKS = {"lot": "lot", "expiry": "expiry", "opened_on": "day of opening"}  # by the name of the field
HIDDEN_SECTIONS = ("Schedule",)  # its times stand beside the blanks of the steps


def format_html(record: Record, paper: str = "A4", site: str = "") -> str:
    """Return the whole sheet as one HTML file, laid out for *paper*; its printed QR code leads to *site*.

    Raises ProtocolError for another paper than A4 and Letter.
    """
    size = next((name for name in ROOM_BY_PAPER if name.casefold() == paper.casefold()), "")
    if not size:
        raise ProtocolError(f"no paper {paper!r}", suggest(paper, ROOM_BY_PAPER))
    head, sections, closing = _split_sections(record)
    title, version = record["protocol"]["title"], record["protocol"]["version"]
    looks = style(size, ROOM_BY_PAPER[size], widgets.css_string(f"{title}, version {version}"), widgets.css_string(f"digest {record['digest']}"))
    if labelled_hazards(record):
        sections.append(("Hazards", closing[:-1]))
    sections.sort(key=lambda section: SECTION_ORDER.index(section[0]) if section[0] in SECTION_ORDER else len(SECTION_ORDER))
    body = "".join(_section(name, blocks, record) for name, blocks in sections)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_content_policy(looks)}">
<title>{escape_html(title)}, {record["digest"]}</title>
<link rel="icon" href="data:,">
<style>{looks}</style>
</head>
<body>
{_bar()}
<main>
{_head(record, head, closing[-1], site)}
{body}
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


def _split_sections(record: Record) -> tuple[list[Block], list[tuple[str, list[Block]]], list[Block]]:
    """Return the blocks before the first section, the sections by name, and the closing paragraphs."""
    head: list[Block] = []
    sections: list[tuple[str, list[Block]]] = []
    for block in build_outline(record):
        if isinstance(block, Heading) and block.level == 2:
            sections.append((block.text, []))
        elif sections:
            sections[-1][1].append(block)
        else:
            head.append(block)
    closing = 2 if labelled_hazards(record) else 1
    last = sections[-1][1]
    sections[-1] = (sections[-1][0], last[:-closing])
    return head, sections, last[-closing:]


def _bar() -> str:
    return (
        '<header id="bar" hidden><p id="state" role="status"></p><p class="buttons"><button type="button" id="print">Print</button>'
        '<button type="button" id="export">Export as JSON</button><button type="button" id="clear">Clear</button></p></header>'
        '<section id="earlier" tabindex="-1" aria-label="filled in before" hidden></section>'
    )


def _head(record: Record, blocks: list[Block], notice: Block, site: str) -> str:
    command = next(block.text for block in blocks if isinstance(block, Command))
    version, summary, *_ = [block for block in blocks if isinstance(block, Paragraph)]
    last = escape_html(notice.text) if isinstance(notice, Paragraph) else ""
    first_words = " ".join(filter(None, (escape_html(summary.text), _warning_counts_html(record), last)))
    fields = [labelled_blank((name,), label, "long") for name, label in (("operator", "operator"), ("date", "date"), ("notebook", "notebook, page"))]
    return (
        f'<div class="head">{_qr_image(record, site)}<h1>{escape_html(record["protocol"]["title"])}</h1> '
        f'<p class="version">{escape_html(version.text)}</p><p>{first_words}</p>'
        f'<div class="line"><p class="command"><code>{escape_html(command)}</code></p><p class="who">{"".join(fields)}</p></div></div>'
    )


def _qr_image(record: Record, site: str) -> str:
    """Return the QR code, which is shown on paper only."""
    content, alt = qr_content(record, site)
    return qr_code(content).replace("<svg ", f'<svg class="code" role="img" aria-label={quote_attribute(alt)} ', 1)


def _warning_counts_html(record: Record) -> str:
    """Return how many warnings and notes there are and where; in bold if there are warnings."""
    words = warning_counts(record)
    return f"<b>{escape_html(words)}</b>" if any(each["level"] == "W" for each in record["warnings"]) else escape_html(words)


def _section(name: str, blocks: list[Block], record: Record) -> str:
    if name in HIDDEN_SECTIONS:
        return ""
    match name:
        case "From the shelf":
            inside = _shelf(blocks, record)
        case "Hazards":
            inside = hazards_html(record) + "".join(map(block_html, blocks))
        case "Preparations":
            inside = preparations_html(record, blocks)
        case "Steps":
            inside = steps_html(record, widgets.group_by_heading(blocks))
        case "Plate maps" | "Lane maps":
            inside = plates_html(record, blocks, lanes=name == "Lane maps")
        case "Quality gates":
            inside = _gates(blocks)
        case "Waste":
            inside = _waste(record)
        case "References":
            inside = _references(record)
        case _:
            inside = "".join(map(block_html, blocks))
    kind = name.lower().replace(" ", "-")
    before = _timeline(record) + strips_html(record) if name == "Steps" else ""
    return f'{before}<section class="{kind}"><h2>{escape_html(name)}</h2>{inside}</section>\n'


def _timeline(record: Record) -> str:
    """Return the Gantt chart, for a screen; paper has strips in its place."""
    if not record["schedule"]:
        return ""
    chart = f'<div class="wide" tabindex="0" role="region" aria-label="timeline">{format_timeline(record)}</div>'
    return f'<section class="timeline"><h2>Timeline</h2>{chart}</section>\n'


def _shelf(blocks: list[Block], record: Record) -> str:
    """Return the shelf list with blanks for lot, expiry and opening, the rules of overage, and the storage."""
    rows, overage = [], dict[str, list[str]]()
    for reagent in (each for each in record["reagents"] if not each["made"]):
        at, name = ("reagents", reagent["id"]), reagent["name"]
        ready = widgets.quantity_html((*at, "prepare"), f"have ready of {name}", reagent["prepare"]["text"])
        rule, used_text, beside = reagent["overage"]["rule"], reagent["used"]["text"], ""
        if rule:
            overage.setdefault(rule, []).append(widgets.remove_blanks(f"{used_text} {name}"))
        elif used_text != reagent["prepare"]["text"]:
            beside = f' <span class="used">({widgets.quantity_html((*at, "used"), f"used of {name}", used_text)} used)</span>'
        box, label = checkbox((*at, "ready"), f"{name} is ready"), insert_blanks((*at, "name"), name, escape_html(name))
        fields = (blank_field((*at, key), f"{what} of {name}") for key, what in SHELF_BLANKS.items())
        rows.append((box, label + beside, f"<b>{ready}</b>", *fields))
    head = (widgets.screen_reader_text("ready"), "reagent", "have ready", "lot", "expiry", "opened")
    rules = ". ".join(f"{rule} on {'; '.join(names)}" for rule, names in overage.items())
    after = "".join(block_html(block) for block in blocks if isinstance(block, Paragraph))
    overage_note = f"<p><b>Overage:</b> {html_text(rules)}.</p>" if rules else ""
    return html_table(head, rows, "blrfff", "list shelf") + f'<div class="notes">{overage_note}{after}{_storage(record)}</div>'


def _storage(record: Record) -> str:
    """Return storage and notes of the reagents; those with the same words share an entry, unless the words have blanks."""
    reagents: dict[tuple[str, str], list[str]] = {}
    for reagent in (each for each in record["reagents"] if not each["made"]):
        name, words = widgets.remove_blanks(reagent["name"]), "; ".join(filter(None, (reagent["storage"], reagent["note"])))
        if words:
            reagents.setdefault((words, reagent["id"] if BLANK_MARK in words else ""), []).append(name)
    rows = [
        ("; ".join(names), insert_blanks(("reagents", own, "note"), names[0], html_text(words)) + ".") for (words, own), names in reagents.items()
    ]
    return widgets.definition_list(rows) if rows else ""


def _gates(blocks: list[Block]) -> str:
    parts = []
    for block in blocks:
        if isinstance(block, Table):
            gate, limit, otherwise = block.head
            rows = (
                (escape_html(name), escape_html(most), blank_field(("gates", name, "reading"), f"reading of {name}"), escape_html(then))
                for name, most, then in block.rows
            )
            parts.append(html_table((gate, limit, "reading", otherwise), rows, "llfl", "list gate"))
        else:
            parts.append(block_html(block))
    return "".join(parts)


def _waste(record: Record) -> str:
    """Return each waste stream once: disposal, amounts by step, and contents with their strengths; then the leftovers."""
    rows = []
    for stream in summarize_waste(record):
        contents = "; ".join(f"{name} {' or '.join(strengths)}" for name, strengths in stream.contents.items())
        rows.append((stream.name, stream.disposal, "; ".join(stream.describe_amounts()), contents and f"it holds {contents}"))
    rows += [(item["name"], item["disposal"], "", "") for item in record["leftovers"]]
    return widgets.definition_list((name, html_text(". ".join(part[:1].upper() + part[1:] for part in parts if part)) + ".") for name, *parts in rows)


def _references(record: Record) -> str:
    """Return the cited works, each with a link to its publication."""
    items = []
    for work in record["citations"]:
        link_text, address = work_address(work)
        place = f'<a href={quote_attribute(address)} rel="noreferrer">{escape_html(link_text)}</a>' if address else escape_html(link_text)
        items.append(f"<li>[{work['number']}] {escape_html(work['text'])} {place}</li>")
    return f"<ul>{''.join(items)}</ul>"


def _end() -> str:
    signatures = "".join(
        f'<p class="who">{labelled_blank((key, "name"), label, "long")}{labelled_blank((key, "date"), "date", "time")}</p>'
        for key, label in (("done_by", "done by"), ("checked_by", "checked by"))
    )
    area = '<textarea data-at="[&quot;deviations&quot;]" rows="4" aria-label="deviations"></textarea>'
    return f'<section class="end"><h2>Deviations, sign-off</h2>{area}{signatures}</section>'
