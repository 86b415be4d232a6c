"""The run as a calendar (iCalendar): one appointment for each block of work at the bench, with what to have ready for it.

A calendar that is imported again should move the same appointments, not add new ones. So each has a UID that stays: the name of the run, or without
one the run of its Record (protocol, given values, first day), then the step, then the number of the block within the step. The hour, the lab and
the wording may change. If a new plan has fewer blocks, the last ones of the old plan stay in the calendar.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from ..errors import ProtocolError, option_flag
from ..patterns import compile_when_used
from .outline import times
from .outline.summaries import hazard_title

if TYPE_CHECKING:
    import icalendar

    from ..record.step_types import Moment, Row, Step
    from ..record.types import Record

_CONTROL_CHARS = compile_when_used(r"[\x00-\x08\x0b-\x1f\x7f]")


def format_calendar(record: Record, run: str = "", timestamp: datetime | None = None) -> bytes:
    """Return the appointments as iCalendar; *run* names the run, so that another day or other values move what was imported before.

    *timestamp* is when the file was made (DTSTAMP): a calendar takes the newer of two. Without it, the day on which the run begins.
    Raises ProtocolError if the run has no start, and if the package icalendar or the time zone is missing.
    """
    first_day = record["clock"]["first_day"]
    if first_day is None or not record["schedule"]:
        raise ProtocolError("a calendar needs to know when the run begins", "give it: --start 2026-11-23T09:00", option_flag("start"))
    try:
        import icalendar
    except ImportError:
        raise ProtocolError("calendars are written by a package that is not here", "pip install 'benchsheet[calendar]'") from None
    ical = icalendar.Calendar()
    ical.add("prodid", f"-//benchsheet//benchsheet {record['identity']['engine']['version']}//EN")
    ical.add("version", "2.0")
    ical.add("calscale", "GREGORIAN")
    zone = _load_zone(record)
    if zone:
        ical.add_component(_build_timezone(first_day, record["schedule"], zone))
    steps = {step["number"]: step for step in record["steps"]}
    several = times.has_several_people(record["schedule"])
    stamp = timestamp or datetime.fromisoformat(first_day).replace(tzinfo=UTC)
    for uid, row in _appointments(record, run):
        step = steps[row["step"]]
        event = icalendar.Event()
        event.add("uid", uid)
        event.add("dtstamp", stamp)
        event.add("sequence", 0)
        begin, end = _event_times(row, zone)
        event.add("dtstart", begin)
        if end > begin:
            event.add("dtend", end)
        person = f" ({times.name_person(row)})" if several and row["person"] else ""
        event.add("summary", _strip_controls(f"{step['number']} {step['title']}{person}: {record['protocol']['title']}"))
        event.add("description", _strip_controls("\n".join(_description(record, step, row))))
        event.add("categories", [_strip_controls(record["protocol"]["id"])])
        ical.add_component(event)
    return bytes(ical.to_ical(sorted=False))


def _strip_controls(words: str) -> str:
    """Return *words* with a replacement character for each control character, which iCalendar forbids."""
    return _CONTROL_CHARS.sub("\ufffd", words.replace("\r\n", "\n").replace("\r", "\n"))


def _appointments(record: Record, run: str) -> Iterator[tuple[str, Row]]:
    """Yield the UID and the schedule row of each block of work, in the order of time."""
    key = json.dumps([record["protocol"]["id"], run], ensure_ascii=False)
    run_key = hashlib.sha256(key.encode()).hexdigest()[:16] if run else record["identity"]["run"]
    steps = {step["number"]: step["id"] for step in record["steps"]}
    counts: Counter[str] = Counter()
    blocks = [row for row in record["schedule"] if row["kind"] == "hands_on"]
    for row in sorted(blocks, key=lambda row: (row["begin"]["seconds"], row["step"], row["person"] or 0)):
        name = steps[row["step"]]
        counts[name] += 1
        yield f"{run_key}-{name}-{counts[name]}@benchsheet", row


# --- time zones --------------------------------------------------------------------------------------------------------------


def _load_zone(record: Record) -> tzinfo | None:
    """Return the time zone of the lab, or None for local times without a zone."""
    name = record["clock"]["zone"]
    if not name:
        return None
    import zoneinfo

    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        way = "pip install tzdata, or mend 'zone' in the lab's profile"
        raise ProtocolError(f"this computer does not know the time zone {name!r}", way) from None


def _event_times(row: Row, zone: tzinfo | None) -> tuple[datetime, datetime]:
    """Return when a block begins and ends; in UTC in the second of the hours that a clock shows twice, which iCalendar cannot tell from the first."""
    begin, end = _read_moment(row["begin"], zone), _read_moment(row["end"], zone)
    return (begin.astimezone(UTC), end.astimezone(UTC)) if zone and (begin.fold or end.fold) else (begin, end)


def _read_moment(moment: Moment, zone: tzinfo | None) -> datetime:
    return datetime.fromisoformat(moment["local"] or "").replace(tzinfo=zone, fold=moment["fold"])


def _build_timezone(first_day: str, schedule: Iterable[Row], zone: tzinfo) -> icalendar.Timezone:
    """Return the zone's offsets for the days of the run (VTIMEZONE), each from its first moment, which is a time of the offset before it.

    icalendar's own ``Timezone.from_tzinfo`` (7.3) writes the beginning of summer time as a time of the new offset, an hour late.
    """
    import icalendar

    timezone = icalendar.Timezone()
    timezone.add("tzid", str(zone))
    first = datetime.fromisoformat(first_day).replace(tzinfo=UTC) - timedelta(days=2)
    last = max(_read_moment(row["end"], UTC) for row in schedule) + timedelta(days=2)
    before = first.astimezone(zone).utcoffset()
    for moment in [first, *_clock_changes(first, last, zone)]:
        there = moment.astimezone(zone)
        part = icalendar.TimezoneDaylight() if there.dst() else icalendar.TimezoneStandard()
        part.add("dtstart", (moment + (before or timedelta())).replace(tzinfo=None))
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", there.utcoffset())
        part.add("tzname", there.tzname())
        timezone.add_component(part)
        before = there.utcoffset()
    return timezone


def _clock_changes(first: datetime, last: datetime, zone: tzinfo) -> Iterator[datetime]:
    """Return the moments, to the minute, at which the offset of *zone* changes: at most one a day."""
    while first < last:
        minutes = [first + timedelta(minutes=minute) for minute in range(24 * 60 + 1)]
        before = first.astimezone(zone).utcoffset()
        change = bisect(minutes, False, key=lambda moment: moment.astimezone(zone).utcoffset() != before)
        yield from minutes[change : change + 1]
        first = minutes[-1]


# --- what to have ready ------------------------------------------------------------------------------------------------------


def _description(record: Record, step: Step, row: Row) -> Iterator[str]:
    """Yield the lines of an appointment: what to have ready for a step, what follows it, and which sheet describes it."""
    what = times.timetable_row(record, row)[-1]
    at = f", at {step['at']['text']}" if step["at"] else ""
    yield f"{what[:1].upper()}{what[1:]}{'' if step['wait'] else at}."
    ready = list(_list_reagents(record, step))
    if ready:
        yield "Have ready, for the whole run:"
        yield from (f"- {item}" for item in ready)
    tubes = list(_list_tubes(record, step))
    if tubes:
        yield "From earlier steps:"
        yield from (f"- {item}" for item in tubes)
    device = next((item["name"] for item in record["equipment"] if item["id"] == step["equipment"]), step["equipment"])
    if device:
        yield f"Equipment: {device}."
    for hazard in step["hazards"]:
        yield f"Hazard: {f'{hazard_title(hazard)}: ' if hazard['kind'] == 'substance' else ''}{hazard['handling']}."
    if step["wait"]:
        yield f"Then wait {times.describe_wait(step['wait'], by_clock=True)}{at}."
    if step["pause_point"]:
        yield f"Pause point: {step['pause_point']}."
    yield f"Sheet {record['identity']['inputs']}: {record['invocation']['command']}"


def _list_reagents(record: Record, step: Step) -> Iterator[str]:
    """Yield the reagents that a step takes, with the amount to have ready for the whole run."""
    used_ids = {operation["reagent"] for operation in step["operations"] if "reagent" in operation}
    for reagent in record["reagents"]:
        if reagent["id"] in used_ids:
            yield f"{reagent['name']}, {reagent['prepare']['text']}{', made' if reagent['made'] else ''}"


def _list_tubes(record: Record, step: Step) -> Iterator[str]:
    """Yield the tubes made in earlier steps that a step takes from."""
    used_ids = {operation["from"] for operation in step["operations"] if "from" in operation}
    for preparation in record["preparations"]:
        if preparation["id"] in used_ids and (preparation["step"] or step["number"]) < step["number"]:
            yield ", ".join(dict.fromkeys(filter(None, (preparation["name"], preparation["strength"]))))
