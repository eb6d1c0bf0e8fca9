"""The one place time comes from. Nothing else may call ``datetime.now``."""

from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

SCHOOL_ZONE = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Tells the time in the school's zone."""

    zone: ZoneInfo

    def now(self) -> datetime:
        """The present moment, aware, in the school's zone."""
        ...


class SystemClock:
    """The machine's clock, read in the school's zone."""

    def __init__(self, zone: ZoneInfo = SCHOOL_ZONE) -> None:
        self.zone = zone

    def now(self) -> datetime:
        """The present moment."""
        return datetime.now(self.zone)


class MovableClock:
    """A clock that stands still until it is moved; for the simulator and tests."""

    def __init__(self, start: datetime, zone: ZoneInfo = SCHOOL_ZONE) -> None:
        self.zone = zone
        self._now = in_zone(start, zone)

    def now(self) -> datetime:
        """Where the clock stands."""
        return self._now

    def set(self, moment: datetime) -> None:
        """Stand at ``moment``; a naive one is read in the school's zone."""
        self._now = in_zone(moment, self.zone)


def in_zone(moment: datetime, zone: ZoneInfo = SCHOOL_ZONE) -> datetime:
    """``moment`` as an aware time in ``zone``; a naive one is taken to be meant there."""
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)


def at(day: date, hhmm: str, zone: ZoneInfo = SCHOOL_ZONE) -> datetime:
    """The moment ``hhmm`` ("07:10") of ``day`` in ``zone``."""
    hour, minute = hhmm.split(":")
    return datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=zone)
