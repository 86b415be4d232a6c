"""The timeline of a printed sheet: a strip for each day with work, all to one scale.

Work is solid, a wait light, a pause point a thick line, the time outside the lab's hours grey; there is a thin line at each hour.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ..day_strips import HOUR, NUMBER_GAP, DayStrip, build_strips, hour_marks, list_devices, place_numbers, step_starts, strip_legend
from ..outline.times import TimeSpan
from . import pieces
from .metrics import text_width
from .pieces import Piece
from .typst_text import clean_text, typst_array, typst_call, typst_string, typst_text

if TYPE_CHECKING:
    from ...record.types import Record

NAME_POINTS = 92.0  # width for the day and times before a strip as wide as the page; more for a longer name
DEVICE_NAME_POINTS = 128.0  # most width there for the name of a device
PERSON_POINTS, DEVICE_POINTS = 21.0, 10.0  # height of a strip with the gap under it, of a person and of a device
AXIS_POINTS = 9.0  # height of the line with the hours
HOUR_POINTS = 16.0  # least distance of two labelled hours
NAME_ROOM_POINTS = 9.4  # height of the name over a strip in a column


def page_timeline(record: Record, width: float) -> tuple[Piece, ...]:
    """Return the timeline over the *width* of a page, names before the strips; () if there is no work."""
    every = list(build_strips(record))
    people = (max(text_width(strip.name, bold=True), text_width(strip.times)) + NUMBER_GAP for strip in every if not strip.is_device)
    tools = (min(text_width(strip.name) + NUMBER_GAP, DEVICE_NAME_POINTS) for strip in every if strip.is_device)
    return _strip_pieces(every, max((NAME_POINTS, *people, *tools)), width, 0)


def column_timeline(record: Record, width: float, *, with_devices: bool = True) -> tuple[Piece, ...]:
    """Return the timeline in a column of *width*, names over the strips; () if there is no work. Without *with_devices*, they are a list in words."""
    every = list(build_strips(record))
    if with_devices or not list_devices(every):
        return _strip_pieces(every, 0, width, NAME_ROOM_POINTS)
    people = [strip for strip in every if not strip.is_device]
    return *_strip_pieces(people, 0, width, NAME_ROOM_POINTS), pieces.paragraph_piece(typst_text(list_devices(every)))


def _strip_pieces(every: Sequence[DayStrip], left: float, width: float, down: float) -> tuple[Piece, ...]:
    """Return strips with *left* points before them and *down* points over them for their names."""
    if not every:
        return ()
    scale = (width - left) / (every[0].end - every[0].begin)
    hours = typst_array(f"{left + hour * HOUR * scale:.2f}pt" for hour in range(int((every[0].end - every[0].begin) // HOUR) + 1))
    strips_markup = [_typst_strip(strip, left, scale, width) for strip in every]
    marks = hour_marks(every[0], (width - left) / HOUR_POINTS)
    hour_labels = typst_array(f"({max(left + past * scale - text_width(hour) / 2, 0):.2f}pt, {typst_string(hour)})" for past, hour in marks)
    height = AXIS_POINTS + sum((DEVICE_POINTS if strip.is_device else PERSON_POINTS) + down for strip in every)
    markup = typst_call("strips", hours, hour_labels, f"{PERSON_POINTS + down}pt", f"{DEVICE_POINTS + down}pt", f"{down}pt", *strips_markup)
    heading, legend = pieces.section_piece(typst_text("Timeline")), pieces.paragraph_piece(typst_text(strip_legend(every)))
    return heading, Piece(markup=markup, height=lambda _: height), legend


def _typst_strip(strip: DayStrip, left: float, scale: float, width: float) -> str:
    """Return a strip as a Typst array: its name, times and step numbers, and position and width of each bar."""

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
    """Return *words*, cut with an ellipsis if they are wider than *width*."""
    if text_width(clean_text(words)) <= width:
        return words
    while words and text_width(clean_text(f"{words}…")) > width:
        words = words[:-1].rstrip()
    return f"{words}…"
