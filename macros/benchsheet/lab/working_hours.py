"""The working week of a lab: on which days, from when to when somebody is there."""

from __future__ import annotations

from .._dataclass import dataclass
from ..errors import Collector, ProtocolError, suggest
from ..yamltree import YamlMap

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SHORT_DAYS = tuple(day[:3] for day in WEEKDAYS)
_EXAMPLE = 'write hours: {Mon-Fri: "08:00-18:00", Sat: "09:00-13:00"}'


@dataclass(frozen=True, kw_only=True)
class WorkingHours:
    """For each day of the week, Monday first, the first and the last minute of work since midnight; None for a day off."""

    days: tuple[tuple[int, int] | None, ...]

    @property
    def longest_day(self) -> int:
        """Return the seconds of the longest working day."""
        return max(60 * (span[1] - span[0]) for span in self.days if span)

    def format_week(self) -> str:
        """Return the week in words: Monday to Friday 08:00 to 18:00; Saturday 09:00 to 13:00."""
        spans, day = [], 0
        while day < 7:
            last = day
            while last < 6 and self.days[last + 1] == self.days[day]:
                last += 1
            if span := self.days[day]:
                name = WEEKDAYS[day] if last == day else f"{WEEKDAYS[day]} to {WEEKDAYS[last]}"
                spans.append(f"{name} {_format_minute(span[0])} to {_format_minute(span[1])}")
            day = last + 1
        return "; ".join(spans)


DEFAULT_HOURS = WorkingHours(days=((480, 1080),) * 5 + (None, None))


def parse_hours(entries: object, mistakes: Collector, file: str, line: int | None) -> WorkingHours:
    """Read ``"08:00-18:00"`` (Monday to Friday) or a mapping of days to hours; keep each mistake with its line."""
    week: list[tuple[int, int] | None] = [None] * 7
    with mistakes.at(file, line):
        if isinstance(entries, str):
            week[:5] = [_parse_span(entries)] * 5
        elif isinstance(entries, YamlMap) and entries:
            for name, text in entries.items():
                with mistakes.at(entries.file, entries.lines[name]):
                    for day in _parse_days(name):
                        if week[day]:
                            raise ProtocolError(f"{WEEKDAYS[day]} is given twice, again in {name!r}", "name each day once")
                        week[day] = _parse_span(text)
        else:
            raise ProtocolError("'hours' names no day", _EXAMPLE)
    return WorkingHours(days=tuple(week)) if any(week) else DEFAULT_HOURS


def _parse_days(name: str) -> list[int]:
    """Return the days that ``Mon-Fri`` or ``Sat`` names, Monday as 0."""
    ends = [_parse_day(part) for part in _split_ends(name)]
    if len(ends) > 2 or ends[-1] < ends[0]:
        raise ProtocolError(f"{name!r} is not a run of days", _EXAMPLE)
    return list(range(ends[0], ends[-1] + 1))


def _split_ends(text: str) -> list[str]:
    """Return both ends of a span: ``Mon-Fri``, ``Mon to Fri``."""
    return [end.strip() for end in " ".join(text.split()).replace("–", "-").replace(" to ", "-").split("-")]


def _parse_day(word: str) -> int:
    for day, name in enumerate(WEEKDAYS):
        if len(word) >= 3 and name.casefold().startswith(word.casefold()):
            return day
    raise ProtocolError(f"{word!r} is not a day of the week", suggest(word, _SHORT_DAYS, "days"))


def _parse_span(text: object) -> tuple[int, int]:
    ends = _split_ends(text) if isinstance(text, str) else []
    minutes = [minute for minute in map(_parse_minute, ends) if minute is not None]
    if not len(ends) == len(minutes) == 2:
        raise ProtocolError(f"{text!r} are not hours", 'write them like "08:00-18:00", in quotes')
    first, last = minutes
    if not first < last <= 24 * 60:
        raise ProtocolError(f"{text!r}: the day does not begin before it ends", 'write them like "08:00-18:00"; a night shift is two days')
    return first, last


def _parse_minute(text: str) -> int | None:
    """Return the minute of the day that ``08:00`` is; None if it is not a time."""
    hour, colon, minute = text.partition(":")
    if not (colon and (hour + minute).isdecimal() and 1 <= len(hour) <= 2 and len(minute) == 2 and int(minute) < 60):
        return None
    return 60 * int(hour) + int(minute)


def _format_minute(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
