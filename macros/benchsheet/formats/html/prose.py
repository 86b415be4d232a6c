"""The words of a step for a browser: one action with a box for each paragraph, item or row of a table, its bold kept.

Refuses to write a link or an image of the prose as one: a sheet asks nothing of any place, so their words stand alone.
"""

from __future__ import annotations

from ...markup import Bits, Grid, Line, read
from ...prose import noted, words
from .widgets import BLANK, Path, action, blanks, box, kept, measured, said, table, unseen

_INLINE = {"strong_open": "<b>", "strong_close": "</b>", "em_open": "<em>", "em_close": "</em>", "break": " ", "hardbreak": "<br>"}

NARROW = 4  # columns of a table that half a page holds


def actions(step: int, markdown: str, notes: dict[str, int]) -> str:
    """Return the prose of step number *step*: lists of actions, captions and tables in their order."""
    found: list[str] = []
    listed: list[str] = []
    done = tables = remarks = 0
    for part in [*read(noted(markdown, notes)), None]:
        if isinstance(part, Line) and not part.kind:
            done += 1
            listed.append(action(("steps", step, "actions", done), _line(part), mark=part.mark, depth=part.depth))
            continue
        if listed:
            found.append(f'<ul class="acts">{"".join(listed)}</ul>')
            listed = []
        if isinstance(part, Line):
            remarks += 1
            found.append(f'<p class="{part.kind}">{blanks(("steps", step, "remarks", remarks), f"step {step}", _line(part))}</p>')
        elif isinstance(part, Grid):
            tables += 1
            found.append(_table(("steps", step, "tables", tables), part, f"table {tables} of step {step}"))
    return "".join(found)


def _table(path: Path, part: Grid, about: str) -> str:
    head = tuple(map(words, part.cells[0]))
    rows = []
    for number, row in enumerate(part.cells[1:], 1):
        what = next(filter(None, map(words, row)), str(number))
        cells = (_cell((*path, number, name), f"{name} of {what}", cell) for name, cell in zip(head, row, strict=True))
        first = _words(row[0])
        total = first.startswith("<b>") and first.endswith("</b>")  # what the rows above come to, which nobody does
        rows.append((box((*path, number), what) if len(row) > 1 and not total else "", *cells))
    return table((unseen("done"), *map(said, head)), rows, f"b{part.align}", "dose broad" if len(head) > NARROW else "dose", about=about)


def _cell(path: Path, what: str, bits: Bits) -> str:
    plain = words(bits)
    return measured(path, what, plain) if plain.startswith(BLANK) else blanks(path, what, _words(bits))


def _line(part: Line) -> str:
    return f"<code>{said(words(part.bits))}</code>" if part.code else _words(part.bits)


def _words(bits: Bits) -> str:
    found = []
    for bit in bits:
        if bit.kind == "text":
            found.append(kept(bit.words))
        elif bit.kind == "code":
            found.append(f"<code>{said(bit.words)}</code>")
        else:
            found.append(_INLINE[bit.kind])
    return "".join(found)
