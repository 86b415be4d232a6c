"""When a run keeps hands and devices busy, on paper: a strip for each day with work, all to one scale; refuses nothing.

Work is solid, a wait light, a pause point a thick stroke, what lies outside the lab's hours grey; a thin line stands at each hour.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...record import Record
from ..day_strips import HOUR, NUMBER_GAP, DayStrip, build_strips, hour_marks, list_devices, place_numbers, step_starts, strip_legend
from ..outline.times import TimeSpan
from . import pieces
from .metrics import text_width
from .pieces import Piece
from .typst_text import clean_text, typst_array, typst_call, typst_string, typst_text

NAME_POINTS = 92.0  # points before a strip that has the width of a page: its day, and from when to when; more where a name is longer
DEVICE_NAME_POINTS = 128.0  # points there that the name of a device may take
PERSON_POINTS, DEVICE_POINTS = 21.0, 10.0  # of a strip and the room under it, of a person and of a device
AXIS_POINTS = 9.0  # of the line with the hours
HOUR_POINTS = 16.0  # points from one hour that is named to the next, at least
NAME_ROOM_POINTS = 9.4  # by which a strip stands lower in a column, where its name is over it


def page_timeline(record: Record, width: float) -> tuple[Piece, ...]:
    """Return the timeline of a run as the *width* of a page holds it, names before the strips; nothing where nobody has work."""
    every = list(build_strips(record))
    people = (max(text_width(strip.name, bold=True), text_width(strip.times)) + NUMBER_GAP for strip in every if not strip.is_device)
    tools = (min(text_width(strip.name) + NUMBER_GAP, DEVICE_NAME_POINTS) for strip in every if strip.is_device)
    return _strip_pieces(every, max((NAME_POINTS, *people, *tools)), width, 0)


def column_timeline(record: Record, width: float, *, with_devices: bool = True) -> tuple[Piece, ...]:
    """Return the timeline of a run as a column of *width* holds it, names over the strips; nothing where nobody has work.

    Devices are told in words where they are not *with_devices*.
    """
    every = list(build_strips(record))
    if with_devices or not list_devices(every):
        return _strip_pieces(every, 0, width, NAME_ROOM_POINTS)
    return (
        *_strip_pieces([strip for strip in every if not strip.is_device], 0, width, NAME_ROOM_POINTS),
        pieces.paragraph_piece(typst_text(list_devices(every))),
    )


def _strip_pieces(every: Sequence[DayStrip], left: float, width: float, down: float) -> tuple[Piece, ...]:
    """Return strips of which *left* points are before their hours, and *down* over them."""
    if not every:
        return ()
    scale = (width - left) / (every[0].end - every[0].begin)
    hours = typst_array(f"{left + hour * HOUR * scale:.2f}pt" for hour in range(int((every[0].end - every[0].begin) // HOUR) + 1))
    strips_markup = [_typst_strip(strip, left, scale, width) for strip in every]
    marks = hour_marks(every[0], (width - left) / HOUR_POINTS)
    hour_labels = typst_array(f"({max(left + past * scale - text_width(hour) / 2, 0):.2f}pt, {typst_string(hour)})" for past, hour in marks)
    height = AXIS_POINTS + sum((DEVICE_POINTS if strip.is_device else PERSON_POINTS) + down for strip in every)
    drawing = Piece(
        markup=typst_call("strips", hours, hour_labels, f"{PERSON_POINTS + down}pt", f"{DEVICE_POINTS + down}pt", f"{down}pt", *strips_markup),
        height=lambda _: height,
    )
    return pieces.section_piece(typst_text("Timeline")), drawing, pieces.paragraph_piece(typst_text(strip_legend(every)))


def _typst_strip(strip: DayStrip, left: float, scale: float, width: float) -> str:
    """Return a strip as its layout draws it: its day, its times, and where each thing begins and how wide it is."""

    def at(second: float) -> float:
        return left + strip.seconds_past(second) * scale

    def bars(spans: Iterable[TimeSpan]) -> str:
        return typst_array(f"({at(low):.2f}pt, {max(at(high) - at(low), 0.8):.2f}pt)" for low, high in spans)

    work = bars((each.begin, each.end) for each in strip.work)
    if strip.is_device:
        return typst_array([typst_string(_shorten_to_width(strip.name, left - NUMBER_GAP if left else width)), bars(strip.waits), work])
    rests = typst_array(f"{at(rest):.2f}pt" for rest in strip.pause_points)
    labels = place_numbers([(at(second), step) for second, step in step_starts(strip)], text_width, at(strip.end))
    numbers = typst_array(f"({left:.2f}pt, {typst_string(words)})" for left, words in labels)
    return typst_array([typst_string(strip.name), bars(strip.waits), work, typst_string(strip.times), bars(strip.closed_hours), rests, numbers])


def _shorten_to_width(words: str, width: float) -> str:
    """Return *words* on one line of *width*, as they are shown; what is left out is shown by three dots."""
    if text_width(clean_text(words)) <= width:
        return words
    while words and text_width(clean_text(f"{words}…")) > width:
        words = words[:-1].rstrip()
    return f"{words}…"
