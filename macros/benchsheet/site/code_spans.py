"""Code in a page: which parts of its Markdown are shown as they are written, so that no mark in them is read."""

from __future__ import annotations

import re
from collections.abc import Iterator

_FENCE = re.compile(r" *(`{3,}|~{3,})")
# What stands four spaces deeper below one of these belongs to it, and is no code.
_OPENS = re.compile(r"(?:[-*+]|\d+[.)]|:|\[\^[^\]]+\]:)\s|(?:!!!|\?\?\?\+?) ")
_INLINE = re.compile(r"(?<![`\\])(`+)(?!`)(?:(?!\n\s*\n).)+?(?<!`)\1(?!`)", re.DOTALL)
DEEPER = 4


def split_code(body: str) -> list[str]:
    """Return the parts of *body* in turn: prose, code, prose, and so on; joined, they are the body."""
    parts = [""]
    for is_code, text in _blocks(body):
        if is_code == (len(parts) % 2 == 0):
            parts[-1] += text
        else:
            parts.append(text)
    if len(parts) % 2 == 0:
        parts.append("")
    found: list[str] = []
    for place, part in enumerate(parts):
        if place % 2:
            found.append(part)
        else:
            end = 0
            for code in _INLINE.finditer(part):
                found += [part[end : code.start()], code[0]]
                end = code.end()
            found.append(part[end:])
    return found


def _blocks(body: str) -> Iterator[tuple[bool, str]]:
    """Yield each line, and whether it belongs to a block of code: fenced, or four spaces deeper than what it stands in."""
    fence, was_code, after_blank = "", False, True
    opens: list[bool] = []  # for each depth, whether its last line opens a block that goes on one depth further in
    for line in body.splitlines(keepends=True):
        mark = _FENCE.match(line)
        if fence:
            yield True, line
            if mark and mark[1].startswith(fence) and not line.strip(f" \n{fence[0]}"):
                fence = ""
            continue
        if not line.strip():
            after_blank = True
            yield was_code, line
            continue
        wide = line.expandtabs(DEEPER)
        depth = (len(wide) - len(wide.lstrip(" "))) // DEEPER
        room = next((place for place, is_open in enumerate(opens) if not is_open), len(opens))
        was_code = depth > room and (after_blank or was_code)
        if not was_code and mark:
            fence = mark[1]
        yield was_code or bool(fence), line
        if not was_code:
            level = min(depth, room)
            opens[level:] = [bool(_OPENS.match(line.lstrip()))]
        after_blank = False
