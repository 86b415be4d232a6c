"""The sheet as one page for a browser: printed, it is filled in by hand; on a tablet, boxes are ticked and blanks filled.

Refuses another paper than A4 and Letter. What is filled in stays in that browser until a button clears it; another button
hands it out as JSON with the Record. The page asks nothing of any place: its style, its script and the Record are in it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from typing import Any

from ...errors import ProtocolError, near
from ...protocol.citations import found_at
from ..code import qr_code
from ..outline.blocks import Block, Bullets, Command, Facts, Grid, Heading, Words
from ..outline.sections import outline
from ..outline.summaries import dangers, noticed, streams
from ..qr import held
from ..timeline import timeline
from .assets import script, style
from .materials import hazards, preparations
from .plates import plates
from .steps import steps
from .strips import printed_timeline
from .widgets import BLANK, attribute, blank, blanks, box, by_heading, css, data, kept, measured, named_blank, said, table, unblanked, unseen

PAPERS = {"A4": "25.1mm", "Letter": "18mm"}  # and how high the room for deviations is
ORDER = (  # as on paper that Typst sets
    *("Warnings", "Numbers", "From the shelf", "Controls", "Hazards", "Preparations"),
    *("Steps", "Quality gates", "Waste", "Notes", "References", "Plate maps", "Lane maps"),
)
LEFT_OUT = ("Schedule",)  # its times stand beside the blanks of the steps


def html(record: dict[str, Any], paper: str = "A4", site: str = "") -> str:
    """Return the whole sheet as one HTML file, set out for *paper*; *site* is the address that its printed QR code leads to."""
    size = next((known for known in PAPERS if known.casefold() == paper.casefold()), "")
    if not size:
        raise ProtocolError(f"no paper {paper!r}", near(paper, PAPERS))
    head, sections, closing = _divided(record)
    title, version = record["protocol"]["title"], record["protocol"]["version"]
    told = {"$size": size, "$room": PAPERS[size], "$title": css(f"{title}, version {version}"), "$digest": css(f"digest {record['digest']}")}
    looks = style(told)
    if dangers(record):
        sections.append(("Hazards", closing[:-1]))
    sections.sort(key=lambda section: ORDER.index(section[0]) if section[0] in ORDER else len(ORDER))
    body = "".join(_section(name, blocks, record) for name, blocks in sections)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_policy(looks)}">
<title>{said(title)}, {record["digest"]}</title>
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
<script type="application/json" id="record">{data(record)}</script>
<script>{script()}</script>
</body>
</html>
"""


def _policy(looks: str) -> str:
    """Allow this style and this script, and nothing else from anywhere."""
    marks = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (looks, script())]
    return f"default-src 'none'; style-src 'sha256-{marks[0]}'; script-src 'sha256-{marks[1]}'; img-src data:; base-uri 'none'; form-action 'none'"


def _divided(record: dict[str, Any]) -> tuple[list[Block], list[tuple[str, list[Block]]], list[Block]]:
    """Return the blocks before the first section, the sections by their names, and the words that close the sheet."""
    head: list[Block] = []
    sections: list[tuple[str, list[Block]]] = []
    for block in outline(record):
        if isinstance(block, Heading) and block.level == 2:
            sections.append((block.text, []))
        elif sections:
            sections[-1][1].append(block)
        else:
            head.append(block)
    closing = 2 if dangers(record) else 1
    last = sections[-1][1]
    sections[-1] = (sections[-1][0], last[:-closing])
    return head, sections, last[-closing:]


def _bar() -> str:
    return (
        '<header id="bar" hidden><p id="state" role="status"></p><p class="buttons"><button type="button" id="print">Print</button>'
        '<button type="button" id="export">Export as JSON</button><button type="button" id="clear">Clear</button></p></header>'
        '<section id="earlier" tabindex="-1" aria-label="filled in before" hidden></section>'
    )


def _head(record: dict[str, Any], blocks: list[Block], notice: Block, site: str) -> str:
    command = next(block.text for block in blocks if isinstance(block, Command))
    version, summary, *_ = [block for block in blocks if isinstance(block, Words)]
    last = said(notice.text) if isinstance(notice, Words) else ""
    said_first = " ".join(filter(None, (said(summary.text), _noticed(record), last)))
    filled = [named_blank((name,), label, "long") for name, label in (("operator", "operator"), ("date", "date"), ("notebook", "notebook, page"))]
    return (
        f'<div class="head">{_code(record, site)}<h1>{said(record["protocol"]["title"])}</h1> '
        f'<p class="version">{said(version.text)}</p><p>{said_first}</p>'
        f'<div class="line"><p class="command"><code>{said(command)}</code></p><p class="who">{"".join(filled)}</p></div></div>'
    )


def _code(record: dict[str, Any], site: str) -> str:
    """Draw the code that leads from paper to the sheet; on a screen one is there already."""
    words, told = held(record, site)
    return qr_code(words).replace("<svg ", f'<svg class="code" role="img" aria-label={attribute(told)} ', 1)


def _noticed(record: dict[str, Any]) -> str:
    """Say how many warnings and notes there are, and where on this sheet."""
    words = noticed(record)
    return f"<b>{said(words)}</b>" if any(each["level"] == "W" for each in record["warnings"]) else said(words)


def _section(name: str, blocks: list[Block], record: dict[str, Any]) -> str:
    if name in LEFT_OUT:
        return ""
    match name:
        case "From the shelf":
            inside = _shelf(blocks, record)
        case "Hazards":
            inside = hazards(record) + "".join(map(_written, blocks))
        case "Preparations":
            inside = preparations(record, blocks)
        case "Steps":
            inside = steps(record, by_heading(blocks))
        case "Plate maps" | "Lane maps":
            inside = plates(record, blocks, lanes=name == "Lane maps")
        case "Quality gates":
            inside = _gates(blocks)
        case "Waste":
            inside = _waste(record)
        case "References":
            inside = _references(record)
        case _:
            inside = "".join(map(_written, blocks))
    kind = name.lower().replace(" ", "-")
    before = _timeline(record) + printed_timeline(record) if name == "Steps" else ""
    return f'{before}<section class="{kind}"><h2>{said(name)}</h2>{inside}</section>\n'


def _timeline(record: dict[str, Any]) -> str:
    """Draw the times as a chart, where a screen has room for it; paper has strips in its place."""
    if not record["schedule"]:
        return ""
    drawn = f'<div class="wide" tabindex="0" role="region" aria-label="timeline">{timeline(record)}</div>'
    return f'<section class="timeline"><h2>Timeline</h2>{drawn}</section>\n'


def _written(block: Block) -> str:
    match block:
        case Words(text, lead, strong):
            words = f"<b>{said(lead.strip())}</b> {kept(text)}" if lead else f"<b>{kept(text)}</b>" if strong else kept(text)
            return f"<p>{words}</p>"
        case Facts(rows):
            return "<dl>" + "".join(f"<div><dt>{said(label)}</dt> <dd>{kept(value)}</dd></div>" for label, value in rows) + "</dl>"
        case Bullets(items):
            return "<ul>" + "".join(f"<li>{kept(item)}</li>" for item in items) + "</ul>"
        case Grid(head, rows, align):
            return table(map(said, head), (tuple(map(said, row)) for row in rows), align)
    return ""


def _shelf(blocks: list[Block], record: dict[str, Any]) -> str:
    """Write the list of what is taken, with blanks for what stands on each vessel, and what is added to whose use."""
    rows, overage = [], dict[str, list[str]]()
    for reagent in (each for each in record["reagents"] if not each["made"]):
        at, name = ("reagents", reagent["id"]), reagent["name"]
        ready = measured((*at, "prepare"), f"have ready of {name}", reagent["prepare"]["text"])
        rule, used, beside = reagent["overage"]["rule"], reagent["used"]["text"], ""
        if rule:
            overage.setdefault(rule, []).append(unblanked(f"{used} {name}"))
        elif used != reagent["prepare"]["text"]:
            beside = f' <span class="used">({measured((*at, "used"), f"used of {name}", used)} used)</span>'
        fields = [blank((*at, key), f"{what} of {name}") for key, what in (("lot", "lot"), ("expiry", "expiry"), ("opened_on", "day of opening"))]
        rows.append((box((*at, "ready"), f"{name} is ready"), blanks((*at, "name"), name, said(name)) + beside, f"<b>{ready}</b>", *fields))
    head = (unseen("ready"), "reagent", "have ready", "lot", "expiry", "opened")
    rules = ". ".join(f"{rule} on {'; '.join(names)}" for rule, names in overage.items())
    after = "".join(_written(block) for block in blocks if isinstance(block, Words))
    added = f"<p><b>Overage:</b> {kept(rules)}.</p>" if rules else ""
    return table(head, rows, "blrfff", "list shelf") + f'<div class="notes">{added}{after}{_keeping(record)}</div>'


def _keeping(record: dict[str, Any]) -> str:
    """Say how what is taken is kept and what is known of it; what is the same for several is said once, unless each has blanks of its own."""
    found: dict[tuple[str, str], list[str]] = {}
    for reagent in (each for each in record["reagents"] if not each["made"]):
        name, words = unblanked(reagent["name"]), "; ".join(filter(None, (reagent["storage"], reagent["note"])))
        if words:
            found.setdefault((words, reagent["id"] if BLANK in words else ""), []).append(name)
    rows = (("; ".join(names), blanks(("reagents", own, "note"), names[0], kept(words))) for (words, own), names in found.items())
    return _list(rows) if found else ""


def _gates(blocks: list[Block]) -> str:
    found = []
    for block in blocks:
        if isinstance(block, Grid):
            rows = ((said(row[0]), said(row[1]), blank(("gates", row[0], "reading"), f"reading of {row[0]}"), said(row[2])) for row in block.rows)
            found.append(table((*map(said, block.head[:2]), "reading", said(block.head[2])), rows, "llfl", "list gate"))
        else:
            found.append(_written(block))
    return "".join(found)


def _waste(record: dict[str, Any]) -> str:
    """Write each stream once: where it goes, how much comes from which steps, and what is in it at which strengths."""
    rows = []
    for stream in streams(record):
        held = "; ".join(f"{name} {' or '.join(strengths)}" for name, strengths in stream.holds.items())
        rows.append((stream.name, stream.goes, "; ".join(stream.amounts()), held and f"it holds {held}"))
    rows += [(item["name"], item["disposal"], "", "") for item in record["leftovers"]]
    return _listed((name, ". ".join(part[:1].upper() + part[1:] for part in parts if part)) for name, *parts in rows)


def _references(record: dict[str, Any]) -> str:
    """Write the works cited, each with a link to where it is found; the page itself asks nothing of that place."""
    items = []
    for work in record["citations"]:
        shown, address = found_at(work)
        place = f'<a href={attribute(address)} rel="noreferrer">{said(shown)}</a>' if address else said(shown)
        items.append(f"<li>[{work['number']}] {said(work['text'])} {place}</li>")
    return f"<ul>{''.join(items)}</ul>"


def _listed(rows: Iterable[tuple[str, str]]) -> str:
    """Write names with sentences about them."""
    return _list((name, kept(words)) for name, words in rows)


def _list(rows: Iterable[tuple[str, str]]) -> str:
    """Write names with sentences about them that are HTML."""
    return "<dl>" + "".join(f"<div><dt>{said(name)}</dt> <dd>{words}.</dd></div> " for name, words in rows) + "</dl>"


def _end() -> str:
    signed = "".join(
        f'<p class="who">{named_blank((key, "name"), label, "long")}{named_blank((key, "date"), "date", "time")}</p>'
        for key, label in (("done_by", "done by"), ("checked_by", "checked by"))
    )
    area = '<textarea data-at="[&quot;deviations&quot;]" rows="4" aria-label="deviations"></textarea>'
    return f'<section class="end"><h2>Deviations, sign-off</h2>{area}{signed}</section>'
