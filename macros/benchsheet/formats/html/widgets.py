"""The HTML elements of a sheet for a browser: escaped text, checkboxes, blanks to fill in, tables.

Text is escaped, so that it is not read as markup, and bidirectional control characters do not affect the text around them.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from itertools import pairwise

from ...markup import BIDI_CONTROLS
from ...patterns import compile_when_used
from ...units import UNIT_PATTERN
from ..outline.blocks import Words
from ..outline.entries import RecordPath

BLANK_MARK = "____"  # how the Record writes a quantity that is measured at the bench
_UNBREAKABLE = compile_when_used(rf"[0-9][0-9.\u202f]* (?:{UNIT_PATTERN})(?![\w/])|\bdose [0-9]+")
_TAG = compile_when_used("<[^>]*>")
_PUNCTUATION = compile_when_used("[,;:.]")
_INVALID_CHARS = compile_when_used("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def escape_html(words: Words) -> str:
    """Return *words* as HTML; each bidirectional control character is isolated in ``<bdi>``."""
    safe = html.escape(_INVALID_CHARS.sub("\ufffd", str(words)))
    return safe if safe.isascii() else BIDI_CONTROLS.sub(lambda match: f"<bdi>{match[0]}</bdi>", safe)


def html_text(text: Words) -> str:
    """Return *text* as HTML in which a number stays on one line with its unit."""
    words, parts, end = str(text), [], 0
    for match in _UNBREAKABLE.finditer(words):
        parts += [escape_html(words[end : match.start()]), f'<span class="q">{escape_html(match[0])}</span>']
        end = match.end()
    return "".join([*parts, escape_html(words[end:])])


def quote_attribute(words: str) -> str:
    """Return *words* as the value of an attribute, with its quotes."""
    return f'"{html.escape(_INVALID_CHARS.sub(chr(0xFFFD), words))}"'


def css_string(words: str) -> str:
    """Return *words* as a CSS string; all but ASCII letters and digits are written by code point."""
    return '"' + "".join(char if char.isascii() and char.isalnum() else f"\\{ord(char):x} " for char in _INVALID_CHARS.sub("\ufffd", words)) + '"'


def script_json(value: object) -> str:
    """Return *value* as JSON for a ``<script>`` element, with the characters of markup escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return _INVALID_CHARS.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def checkbox(path: RecordPath, what: str) -> str:
    """Return a checkbox with the accessible name *what*."""
    return f'<input type="checkbox" {_data_path(path)} aria-label={quote_attribute(remove_blanks(what))}>'


def action_item(path: RecordPath, words: str, *, mark: str = "", depth: int = 0) -> str:
    """Return one action of a list: a checkbox with *words* (HTML) as its label."""
    number = f"{escape_html(mark)} " if mark[:1].isdigit() else ""
    if BLANK_MARK in words:  # without a label: a touch on the blank would tick the box
        what = remove_blanks(_strip_tags(words))
        inside = f"<span>{number}{insert_blanks(path, what, words)}</span>"
        return f'<li class="d{min(depth, 3)}"><div class="open">{checkbox(path, what)}{inside}</div></li>'
    return f'<li class="d{min(depth, 3)}"><label><input type="checkbox" {_data_path(path)}><span>{number}{words}</span></label></li>'


def blank_field(path: RecordPath, what: str, size: str = "") -> str:
    """Return a blank to fill in with the accessible name *what*; *size* is the CSS class of its width."""
    return f'<input type="text" {_data_path(path)} class="blank {size}" aria-label={quote_attribute(remove_blanks(what))} autocomplete="off">'


def insert_blanks(path: RecordPath, what: str, words: str) -> str:
    """Return *words* (HTML) with an input for each blank of the Record, whose accessible name is the words before it and *what*."""
    parts = words.split(BLANK_MARK)
    pieces = parts[:1]
    for number, (before, after) in enumerate(pairwise(parts), 1):
        clauses = [each.strip() for each in _PUNCTUATION.split(_strip_tags(before)) if each.strip()]
        name = f"{clauses[-1]}, {what}" if clauses else what
        pieces += [blank_field((*path, "blanks", number), name, "short"), after]
    return "".join(pieces)


def remove_blanks(words: str) -> str:
    """Return *words* without blanks, for an accessible name or a place where nothing is filled in."""
    return re.sub(rf",? ?{BLANK_MARK}_*", "", words) if BLANK_MARK in words else words


def _strip_tags(words: str) -> str:
    """Return the text of HTML."""
    return html.unescape(_TAG.sub("", words))


def labelled_blank(path: RecordPath, label: str, size: str = "") -> str:
    """Return a blank after its own *label*."""
    return f'<label class="named">{escape_html(label)} <input type="text" {_data_path(path)} class="blank {size}" autocomplete="off"></label>'


def time_field(path: RecordPath, label: str, what: str, planned: str = "") -> str:
    """Return a blank for a time, with a button that fills in the present time; the *planned* time stands before it."""
    before = f'<span class="planned"><span class="word">planned </span>{escape_html(planned)}</span>' if planned else ""
    field = f'<input type="text" {_data_path(path)} class="blank" aria-label={quote_attribute(what)} autocomplete="off">'
    now = f'<button type="button" class="now" hidden aria-label={quote_attribute(f"now: {what}")}>now</button>'
    return f'<p class="moment"><span class="name">{escape_html(label)}</span>{before}{field}{now}</p>'


def _data_path(path: RecordPath) -> str:
    return f"data-at={quote_attribute(json.dumps([str(part) for part in path], ensure_ascii=False, separators=(',', ':')))}"


def quantity_html(path: RecordPath, what: str, text: str) -> str:
    """Return the *text* of a quantity as HTML, with a blank where it is measured at the bench."""
    return blank_field(path, what, "short") + html_text(text.removeprefix(BLANK_MARK)) if text.startswith(BLANK_MARK) else html_text(text)


def html_table(head: Iterable[str], rows: Iterable[tuple[str, ...]], align: str, name: str = "", *, summary: str = "") -> str:
    """Return a table of HTML cells; *align* has l, r, b (checkbox) or f (blank) for each column. The first cell without a checkbox heads its row.

    A table with a *summary* may be wider than a phone: it can take the focus, so that it can be scrolled with the keyboard.
    """
    head = list(head)
    first = next((place for place, side in enumerate(align) if side != "b"), 0)
    heads = "".join(f'<th scope="col" class="{side}">{cell}</th>' for cell, side in zip(head, align, strict=True))
    # A narrow screen does not show the head: each cell has the name of its column.
    names = ["" if side == "b" else f" data-head={quote_attribute(_strip_tags(cell))}" for cell, side in zip(head, align, strict=True)]
    lines = []
    for row in rows:
        cells = [
            f'<th scope="row" class="{side}">{cell}</th>' if place == first else f'<td class="{side}"{names[place]}>{cell}</td>'
            for place, (cell, side) in enumerate(zip(row, align, strict=True))
        ]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    focus = f' tabindex="0" role="group" aria-label={quote_attribute(summary)}' if summary else ""
    return f'<div class="wide"{focus}><table class="{name}"><thead><tr>{heads}</tr></thead><tbody>{"".join(lines)}</tbody></table></div>'


def definition_list(rows: Iterable[tuple[str, str]]) -> str:
    """Return a definition list of names, which are text, and descriptions, which are HTML."""
    return f"<dl>{''.join(f'<div><dt>{escape_html(name)}</dt> <dd>{words}</dd></div> ' for name, words in rows)}</dl>"


def screen_reader_text(words: str) -> str:
    """Return *words* for screen readers alone."""
    return f'<span class="unseen">{escape_html(words)}</span>'
