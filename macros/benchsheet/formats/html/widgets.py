"""What a sheet for a browser is written with: words that stay words, boxes to tick, blanks to fill, tables.

Refuses nothing: a sign that would be markup, or that would turn the words after it round, is written so that it does neither.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from ...bidi import TURNING
from ...units import KINDS
from ..outline.blocks import Block, Heading

Path = tuple[str | int, ...]
BLANK = "____"  # how the Record writes a quantity that is measured at the bench
_UNITS = sorted(
    {re.escape(unit) for kind in KINDS.values() for unit in kind.units} | {"µL", "µM", "µg", "µg/mL", "µm", "°C", "× g"}, key=len, reverse=True
)
_TOGETHER = re.compile(rf"[0-9][0-9.\u202f]* (?:{'|'.join(_UNITS)})(?![\w/])|\bdose [0-9]+")
_TAG = re.compile("<[^>]*>")
_SPLIT = re.compile("[,;:.]")
_NO_SIGN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def said(words: str) -> str:
    """Return *words* as HTML; a sign that sets the direction of writing is shut in, so that it turns nothing else round."""
    safe = html.escape(_NO_SIGN.sub("\ufffd", words))
    return safe if safe.isascii() else TURNING.sub(lambda found: f"<bdi>{found[0]}</bdi>", safe)


def kept(words: str) -> str:
    """Return *words* as HTML in which a number stays on one line with its unit."""
    found, end = [], 0
    for match in _TOGETHER.finditer(words):
        found += [said(words[end : match.start()]), f'<span class="q">{said(match[0])}</span>']
        end = match.end()
    return "".join([*found, said(words[end:])])


def attribute(words: str) -> str:
    """Return *words* as the value of an attribute, with its quotes."""
    return f'"{html.escape(_NO_SIGN.sub(chr(0xFFFD), words))}"'


def css(words: str) -> str:
    """Return *words* as a string of CSS: whatever is no plain letter or digit is written by its number."""
    return '"' + "".join(sign if sign.isascii() and sign.isalnum() else f"\\{ord(sign):x} " for sign in _NO_SIGN.sub("\ufffd", words)) + '"'


def data(value: Any) -> str:
    """Return *value* as JSON that holds no sign of markup, so that it may stand in a page."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return _NO_SIGN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def box(path: Path, what: str) -> str:
    """Return a box to tick, for a reader of the screen named *what*."""
    return f'<input type="checkbox" {_name(path)} aria-label={attribute(unblanked(what))}>'


def action(path: Path, words: str, *, mark: str = "", depth: int = 0) -> str:
    """Return one action of a list: a box and its *words* (HTML), which tick it too."""
    number = f"{said(mark)} " if mark[:1].isdigit() else ""
    if BLANK in words:  # words with a blank in them are no label: a finger on the blank would tick the box
        what = unblanked(_plain(words))
        inside = f"<span>{number}{blanks(path, what, words)}</span>"
        return f'<li class="d{min(depth, 3)}"><div class="open">{box(path, what)}{inside}</div></li>'
    return f'<li class="d{min(depth, 3)}"><label><input type="checkbox" {_name(path)}><span>{number}{words}</span></label></li>'


def blank(path: Path, what: str, size: str = "") -> str:
    """Return a blank to fill; *size* is the class that says how wide."""
    return f'<input type="text" {_name(path)} class="blank {size}" aria-label={attribute(unblanked(what))} autocomplete="off">'


def blanks(path: Path, what: str, words: str) -> str:
    """Return *words* (HTML) with a blank to fill wherever the Record leaves one, each named by the words before it and by *what* it is about."""
    parts = words.split(BLANK)
    found = parts[:1]
    for number, (before, after) in enumerate(pairwise(parts), 1):
        near = [each.strip() for each in _SPLIT.split(_plain(before)) if each.strip()]
        name = f"{near[-1]}, {what}" if near else what
        found += [blank((*path, "blanks", number), name, "short"), after]
    return "".join(found)


def unblanked(words: str) -> str:
    """Return *words* without the blanks in them, for a name that is read out or stands where nothing is filled in."""
    return re.sub(rf",? ?{BLANK}_*", "", words) if BLANK in words else words


def _plain(words: str) -> str:
    """Return HTML as the words that are seen."""
    return html.unescape(_TAG.sub("", words))


def named_blank(path: Path, label: str, size: str = "") -> str:
    """Return a blank after its own *label*."""
    return f'<label class="named">{said(label)} <input type="text" {_name(path)} class="blank {size}" autocomplete="off"></label>'


def moment(path: Path, label: str, what: str, planned: str = "") -> str:
    """Return a blank for a time, with a button that fills in the present one; what is planned stands before it, so that it is not taken for it."""
    before = f'<span class="planned"><span class="word">planned </span>{said(planned)}</span>' if planned else ""
    field = f'<input type="text" {_name(path)} class="blank" aria-label={attribute(what)} autocomplete="off">'
    now = f'<button type="button" class="now" hidden aria-label={attribute(f"now: {what}")}>now</button>'
    return f'<p class="moment"><span class="name">{said(label)}</span>{before}{field}{now}</p>'


def _name(path: Path) -> str:
    return f"data-at={attribute(json.dumps([str(part) for part in path], ensure_ascii=False, separators=(',', ':')))}"


def measured(path: Path, what: str, text: str) -> str:
    """Return the *text* of a quantity as HTML, with a blank where it is measured at the bench."""
    return blank(path, what, "short") + kept(text.removeprefix(BLANK)) if text.startswith(BLANK) else kept(text)


def table(head: Iterable[str], rows: Iterable[tuple[str, ...]], align: str, name: str = "", *, about: str = "") -> str:
    """Return a table of cells that are HTML; *align* has l, r, b (a box) or f (a blank) for each column; a row's first words are its head.

    One with words *about* it may be wider than a phone: it takes the focus, so that it scrolls without a finger too.
    """
    head = list(head)
    first = next((place for place, side in enumerate(align) if side != "b"), 0)
    heads = "".join(f'<th scope="col" class="{side}">{cell}</th>' for cell, side in zip(head, align, strict=True))
    lines = []
    for row in rows:
        cells = [
            f'<th scope="row" class="{side}">{cell}</th>' if place == first else f'<td class="{side}"{_label(head, place, side)}>{cell}</td>'
            for place, (cell, side) in enumerate(zip(row, align, strict=True))
        ]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    focus = f' tabindex="0" role="group" aria-label={attribute(about)}' if about else ""
    return f'<div class="wide"{focus}><table class="{name}"><thead><tr>{heads}</tr></thead><tbody>{"".join(lines)}</tbody></table></div>'


def _label(head: list[str], place: int, side: str) -> str:
    """Name a blank's column in the cell too: a narrow screen shows no head."""
    return f" data-head={attribute(html.unescape(head[place]))}" if side == "f" else ""


def by_heading(blocks: list[Block]) -> list[tuple[Block, ...]]:
    """Return *blocks* in groups that each begin with a heading."""
    starts = [place for place, block in enumerate(blocks) if isinstance(block, Heading)]
    return [tuple(blocks[begin:end]) for begin, end in zip(starts, [*starts[1:], len(blocks)], strict=True)]


def heading(block: Block) -> str:
    """Return the words of a heading as HTML."""
    return kept(block.text) if isinstance(block, Heading) else ""


def unseen(words: str) -> str:
    """Return *words* for a reader of the screen alone."""
    return f'<span class="unseen">{said(words)}</span>'
