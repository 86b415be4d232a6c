"""When a run keeps hands and devices busy, on paper: a strip for each day with work, all to one scale; refuses nothing.

Work is solid, a wait light, a pause point a thick stroke, what lies outside the lab's hours grey; a thin line stands at each hour.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..day_strips import HOUR, NEAR, Strip, begun, devices, hour_marks, key, numbered, strips
from ..outline.spans import Span
from . import pieces
from .metrics import wide
from .pieces import Piece
from .typst_text import call, plain, quoted, said, several

Record = dict[str, Any]
NAME = 92.0  # points before a strip that has the width of a page: its day, and from when to when; more where a name is longer
DEVICE = 128.0  # points there that the name of a device may take
HIGH, LOW = 21.0, 10.0  # of a strip and the room under it, of a person and of a device
AXIS = 9.0  # of the line with the hours
APART = 16.0  # points from one hour that is named to the next, at least
DOWN = 9.4  # by which a strip stands lower in a column, where its name is over it


def timeline(record: Record, width: float) -> tuple[Piece, ...]:
    """Return the timeline of a run as the *width* of a page holds it, names before the strips; nothing where nobody has work."""
    every = list(strips(record))
    people = (max(wide(strip.name, bold=True), wide(strip.times)) + NEAR for strip in every if not strip.device)
    tools = (min(wide(strip.name) + NEAR, DEVICE) for strip in every if strip.device)
    return _set(every, max((NAME, *people, *tools)), width, 0)


def narrow_timeline(record: Record, width: float, *, drawn: bool = True) -> tuple[Piece, ...]:
    """Return the timeline of a run as a column of *width* holds it, names over the strips; nothing where nobody has work.

    Devices are told in words where they are not *drawn*.
    """
    every = list(strips(record))
    if drawn or not devices(every):
        return _set(every, 0, width, DOWN)
    return (*_set([strip for strip in every if not strip.device], 0, width, DOWN), pieces.paragraph(said(devices(every))))


def _set(every: Sequence[Strip], left: float, width: float, down: float) -> tuple[Piece, ...]:
    """Return strips of which *left* points are before their hours, and *down* over them."""
    if not every:
        return ()
    scale = (width - left) / (every[0].end - every[0].begin)
    hours = several(f"{left + hour * HOUR * scale:.2f}pt" for hour in range(int((every[0].end - every[0].begin) // HOUR) + 1))
    made = [_drawn(strip, left, scale, width) for strip in every]
    marks = hour_marks(every[0], (width - left) / APART)
    named = several(f"({max(left + past * scale - wide(hour) / 2, 0):.2f}pt, {quoted(hour)})" for past, hour in marks)
    tall = AXIS + sum((LOW if strip.device else HIGH) + down for strip in every)
    drawn = Piece(call("strips", hours, named, f"{HIGH + down}pt", f"{LOW + down}pt", f"{down}pt", *made), lambda _: tall)
    return pieces.section(said("Timeline")), drawn, pieces.paragraph(said(key(every)))


def _drawn(strip: Strip, left: float, scale: float, width: float) -> str:
    """Return a strip as its layout draws it: its day, its times, and where each thing begins and how wide it is."""

    def at(second: float) -> float:
        return left + (min(max(second, strip.begin), strip.end) - strip.begin) * scale

    def bars(spans: Iterable[Span]) -> str:
        return several(f"({at(low):.2f}pt, {max(at(high) - at(low), 0.8):.2f}pt)" for low, high in spans)

    work = bars((each.begin, each.end) for each in strip.work)
    if strip.device:
        return several([quoted(_cut(strip.name, left - NEAR if left else width)), bars(strip.waits), work])
    rests = several(f"{at(rest):.2f}pt" for rest in strip.rests)
    told = numbered([(at(second), step) for second, step in begun(strip)], wide, at(strip.end))
    numbers = several(f"({left:.2f}pt, {quoted(words)})" for left, words in told)
    return several([quoted(strip.name), bars(strip.waits), work, quoted(strip.times), bars(strip.closed), rests, numbers])


def _cut(words: str, width: float) -> str:
    """Return *words* on one line of *width*, as they are shown; what is left out is shown by three dots."""
    if wide(plain(words)) <= width:
        return words
    while words and wide(plain(f"{words}…")) > width:
        words = words[:-1].rstrip()
    return f"{words}…"
