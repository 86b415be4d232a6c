"""Tables of a built page that are never cut: each keeps its rows where they fit, and is stacked into fields with their names where they do not.

How wide a table has to be is estimated here from its words. The style sheet of tables compares it with the room that the page has, so that
it works without a script, on paper, and in a window of any width.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape, unescape
from itertools import zip_longest

STEPS = (12, 16, 20, 24, 28, 32, 36, 40, 46, 52, 58, 64, 72, 80, 90, 100, 112, 130)  # widths in em at which a table may turn, as tables.css has them
BROAD = 52  # em: a wider table is printed on paper that lies on its side
LETTER, PADDING = 0.6, 1.3  # em: an average letter of the type of tables, and the room between two columns
MAP_LETTER, MAP_PADDING = 0.6, 0.5  # of a map of a plate, whose marks stand close together
SHORT = 9  # letters of a cell that stays on one line: a number with its unit
LONG, LONGER = 18, 70  # letters of a cell that, in a stacked table, takes the room of two fields, and of three or a line of its own
ABSENT = "–"  # what a cell without a value says
_TABLE = re.compile(r"<table(?P<attributes>[^>]*)>(?P<inside>\s*(?:<caption\b[^>]*>.*?</caption>\s*)?<thead\b.*?)</table>", re.DOTALL)
_ROW = re.compile(r"(<tr\b[^>]*>)(.*?)(</tr>)", re.DOTALL)
_CELL = re.compile(r"<(t[hd])\b([^>]*)>(.*?)</\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_WORD_END = re.compile(r"[ \t\r\n]+|(?<=[a-z]-)(?=[a-z])")
_MAP_HEAD = re.compile(r"\d+")


def stack_tables(html: str) -> str:
    """Return *html* in which each table with a head stands in a box that says how wide it has to be, and each cell has the name of its column.

    The first cell of a row heads it. A table with as many columns as a head of more than one cell says is left as it is otherwise: a row with
    joined cells has no name for each of them.
    """
    return _TABLE.sub(lambda match: _stack(match["attributes"], match["inside"]), html) if "<table" in html else html


def _stack(attributes: str, inside: str) -> str:
    head, mark, body = inside.partition("</thead>")
    head_rows, rows = ([[_text(cell[2]) for cell in _CELL.findall(row[1])] for row in _ROW.findall(part)] for part in (head, body))
    names = head_rows[-1] if head_rows else []
    if len(names) < 2 or len(head_rows) > 1 or any(len(row) != len(names) for row in rows) or "span=" in inside:
        return f'<div class="table-scroll" tabindex="0" role="group" aria-label="wide table"><table{attributes}>{inside}</table></div>'
    is_map = all(map(_MAP_HEAD.fullmatch, names[1:])) and len(names) > 3
    need = estimate_width([names, *rows], is_map=is_map)
    step = next((step for step in STEPS if need <= step), None)
    classes = ["table-fit", f"fit-{step}" if step else "fit-none", *(["table-broad"] if need > BROAD else []), *(["table-map"] if is_map else [])]
    body = _ROW.sub(lambda row: row[1] + _name_cells(row[2], names) + row[3], body)
    head = re.sub(r"<th(?![\w-])(?![^>]*scope=)", '<th scope="col"', head)
    attributes = attributes if "class=" in attributes else f' class="stacked"{attributes}'
    return f'<div class="{" ".join(classes)}"><table{attributes}>{head}{mark}{body}</table></div>'


def estimate_width(rows: Sequence[Sequence[str]], *, is_map: bool = False) -> float:
    """Return the width in em that the columns of *rows* take with no word broken, and with no text much higher than it is wide.

    A column is as wide as its longest word. For a longer text of n letters it has about 1.7 sqrt(n) letters, so that a text of 100 letters takes
    six lines.
    """
    letter, padding = (MAP_LETTER, MAP_PADDING) if is_map else (LETTER, PADDING)
    columns = zip_longest(*rows, fillvalue="")
    return sum(letter * max(*map(_longest_word, cells), 0 if is_map else 1.7 * max(map(len, cells)) ** 0.5) + padding for cells in columns)


def _longest_word(text: str) -> int:
    return len(text) if len(text) <= SHORT else max(map(len, _WORD_END.split(text)))


def _text(html: str) -> str:
    return unescape(_TAG.sub("", html)).strip(" \n")


def _name_cells(row: str, names: Sequence[str]) -> str:
    """Return the cells of a row, the first as its head, the others with the names of their columns."""
    parts = []
    for place, ((_, attributes, inside), name) in enumerate(zip(_CELL.findall(row), names, strict=True)):
        tag = "th" if not place and _text(inside) else "td"
        about = ' scope="row"' if tag == "th" else f' data-label="{escape(name)}"' if place else ""
        kind = _describe_size(inside) if "class=" not in attributes else ""
        about += f' class="{kind}"' if kind else ""
        parts.append(f"<{tag}{attributes}{about}>{inside}</{tag}>")
    return "\n".join(parts)  # a line each, as the search would run their words together


def _describe_size(inside: str) -> str:
    """Return the CSS class of a cell: how much it says, or that it only cites works; "" for a cell of medium length."""
    text = _text(inside)
    if text in ("", ABSENT):
        return "none"
    if 'class="cite"' in inside and not text.strip("0123456789, "):
        return "cites"
    return "short" if len(text) <= SHORT else "longer" if len(text) > LONGER else "long" if len(text) > LONG else ""
