"""When a run begins by the clock, and what the clock shows later."""

from __future__ import annotations

import functools
from datetime import UTC, datetime, timedelta, tzinfo

from .._dataclass import dataclass
from ..errors import ProtocolError, option_flag
from ..patterns import compile_when_used
from ..units.base_units import Seconds

_MOMENT = compile_when_used(r"\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d")

_START = option_flag("start")


@dataclass(frozen=True, kw_only=True)
class Start:
    """When the run begins: a wall-clock time, in a time zone if the lab has one."""

    local: datetime
    zone: str = ""

    def iso_time(self, seconds: Seconds) -> str:
        """Return the ISO local time *seconds* later."""
        return self.local_time(seconds).isoformat(timespec="seconds" if int(seconds) % 60 else "minutes")

    def local_time(self, seconds: Seconds) -> datetime:
        """Return what the clock shows *seconds* later; elapsed time, so that a wait across a clock change is as long as it says."""
        later = timedelta(seconds=int(seconds))
        if not self.zone:
            return self.local + later
        zone = _load_zone(self.zone)
        moment = self.local.replace(tzinfo=zone).astimezone(UTC) + later
        return moment.astimezone(zone).replace(tzinfo=None)

    def seconds_until(self, local: datetime) -> int:
        """Return how many seconds after the start the clock shows *local*; a skipped hour counts as the one after it."""
        if not self.zone:
            return int((local - self.local).total_seconds())
        zone = _load_zone(self.zone)
        return int((local.replace(tzinfo=zone).astimezone(UTC) - self.local.replace(tzinfo=zone).astimezone(UTC)).total_seconds())

    def day(self) -> str:
        """Return the day on which the run begins, as the clock on the wall has it: 2026-11-23."""
        return self.local.date().isoformat()

    def to_text(self) -> str:
        """Return the start and its zone, as they enter the inputs of a sheet."""
        return f"{self.local.isoformat(timespec='minutes')} {self.zone}".strip()


@functools.lru_cache(maxsize=8)
def _load_zone(name: str) -> tzinfo:
    import zoneinfo

    return zoneinfo.ZoneInfo(name)


def parse_start(text: str, zone: str) -> Start:
    """Read ``2026-11-23T09:00``; raise ProtocolError for another form, or for a time that the clocks skip."""
    try:
        if not _MOMENT.fullmatch(text.strip()):
            raise ValueError(text)
        local = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ProtocolError(f"{text!r} is not a date and time", "write it like 2026-11-23T09:00; the zone is the lab's", _START) from None
    if not 1990 <= local.year <= 2200:
        raise ProtocolError(f"{text!r} is not a year of this laboratory's", "write it like 2026-11-23T09:00", _START)
    if zone:
        there = local.replace(tzinfo=_load_zone(zone))
        if there.astimezone(UTC).astimezone(_load_zone(zone)).replace(tzinfo=None) != local:
            raise ProtocolError(f"{text!r} does not exist in {zone}: the clocks skip it", "begin an hour later", _START)
    return Start(local=local, zone=zone)
