"""The words of a step for a browser: one action with a box for each paragraph, item or row of a table, its bold kept.

Refuses to write a link or an image of the prose as one: a sheet asks nothing of any place, so their words stand alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...nouns import dataclass
from ..prose import noted, parser
from .parts import BLANK, Path, action, blanks, box, kept, measured, said, table, unseen

_INLINE = {"strong_open": "<b>", "strong_close": "</b>", "em_open": "<em>", "em_close": "</em>", "softbreak": " ", "hardbreak": "<br>"}

NARROW = 4  # columns of a table that half a page holds


@dataclass(frozen=True)
class Act:
    """One paragraph or item as HTML; *kind* is "" for one that is done.

    A caption is bold all through and names what follows; a remark is all in emphasis: neither has a box.
    """

    words: str
    mark: str
    depth: int
    kind: str = ""


@dataclass(frozen=True)
class Rows:
    """A table: its cells as HTML and as plain words; l or r for each column."""

    head: tuple[str, ...]
    rows: tuple[tuple[tuple[str, str], ...], ...]
    align: str


def actions(step: int, markdown: str, notes: dict[str, int]) -> str:
    """Return the prose of step number *step*: lists of actions, captions and tables in their order."""
    found: list[str] = []
    listed: list[str] = []
    done = tables = remarks = 0
    for part in [*_parts(noted(markdown, notes)), None]:
        if isinstance(part, Act) and not part.kind:
            done += 1
            listed.append(action(("steps", step, "actions", done), part.words, mark=part.mark, depth=part.depth))
            continue
        if listed:
            found.append(f'<ul class="acts">{"".join(listed)}</ul>')
            listed = []
        if isinstance(part, Act):
            remarks += 1
            found.append(f'<p class="{part.kind}">{blanks(("steps", step, "remarks", remarks), f"step {step}", part.words)}</p>')
        elif isinstance(part, Rows):
            tables += 1
            found.append(_table(("steps", step, "tables", tables), part, f"table {tables} of step {step}"))
    return "".join(found)


def _table(path: Path, part: Rows, about: str) -> str:
    rows = []
    for number, row in enumerate(part.rows, 1):
        what = next((plain for _, plain in row if plain), str(number))
        cells = (_cell((*path, number, name), f"{name} of {what}", cell) for name, cell in zip(part.head, row, strict=True))
        total = row[0][0].startswith("<b>") and row[0][0].endswith("</b>")  # what the rows above come to, which nobody does
        rows.append((box((*path, number), what) if len(row) > 1 and not total else "", *cells))
    return table((unseen("done"), *map(said, part.head)), rows, f"b{part.align}", "dose broad" if len(part.head) > NARROW else "dose", about=about)


def _cell(path: Path, what: str, cell: tuple[str, str]) -> str:
    words, plain = cell
    return measured(path, what, plain) if plain.startswith(BLANK) else blanks(path, what, words)


def _parts(markdown: str) -> Iterator[Act | Rows]:
    """Read the tokens of the one parse into actions and tables."""
    lists: list[int | None] = []
    mark, align = "", ""
    cells: list[list[tuple[str, str]]] = []
    for token in parser().parse(markdown):
        match token.type:
            case "ordered_list_open":
                lists.append(int(token.attrGet("start") or 1))
            case "bullet_list_open":
                lists.append(None)
            case "ordered_list_close" | "bullet_list_close":
                lists.pop()
            case "list_item_open":
                number = lists[-1]
                mark = "-" if number is None else f"{number}."
                lists[-1] = None if number is None else number + 1
            case "table_open":
                cells, align = [], ""
            case "tr_open":
                cells.append([])
            case "th_open" | "td_open" if len(cells) == 1:
                align += "r" if "right" in str(token.attrGet("style") or "") else "l"
            case "table_close":
                yield Rows(tuple(plain for _, plain in cells[0]), tuple(map(tuple, cells[1:])), align)
                cells = []
            case "inline" if cells:
                cells[-1].append((_words(token), _plain(token)))
            case "inline":
                yield Act(_words(token), mark, len(lists), "" if mark else _kind(token))
                mark = ""
            case "fence" | "code_block":
                yield Act(f"<code>{said(token.content.strip())}</code>", mark, len(lists))
                mark = ""


def _words(token: Any) -> str:
    found = []
    for child in token.children or ():
        if child.type in {"text", "text_special"}:
            found.append(kept(child.content))
        elif child.type == "code_inline":
            found.append(f"<code>{said(child.content)}</code>")
        else:
            found.append(_INLINE.get(child.type, ""))
    return "".join(found)


def _plain(token: Any) -> str:
    return "".join(child.content for child in token.children or () if child.type in {"text", "text_special", "code_inline"})


def _kind(token: Any) -> str:
    """Say what a paragraph is that is all in one emphasis."""
    kinds = [child.type for child in token.children or () if child.type != "text" or child.content]
    for mark, kind in (("strong", "caption"), ("em", "remark")):
        if kinds[:1] == [f"{mark}_open"] and kinds[-1:] == [f"{mark}_close"] and kinds.count(f"{mark}_open") == 1:
            return kind
    return ""
