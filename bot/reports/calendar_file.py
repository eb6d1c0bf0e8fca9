"""A calendar file that telephones subscribe to (feature F8): RFC 5545, written by the library ``icalendar``.

Two files of the same calendar are the same bytes: nothing in them is of the moment at which they were written. What was
called off stays in the file with ``STATUS:CANCELLED``; what was moved keeps its ``UID``.
"""

import re
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone

from bot.calendar.names import day_label
from bot.domain.calendar_feeds import Feed, FeedEntry
from bot.domain.dated import Dated

PRODUCT = "-//beike-bot//备课组助手//ZH"
REFRESH = timedelta(hours=1)
LONGEST_SPAN = 7
"""Days; what may happen on any day of a longer span stands on its first, or it would fill a month's pages."""

HOUR = timedelta(hours=1)
"""How long something is shown of which only the beginning is known."""

SINCE, UNTIL = date(1992, 1, 1), date(2038, 1, 1)
"""The years for which the time zone is written out: since China keeps one time all year."""

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_TOLD = ("主备", "上课", "听课", "候补")


def calendar_file(feed: Feed) -> bytes:
    """The file, UTF-8 with CRLF, lines folded at 75 bytes."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", _text(feed.name))
    calendar.add("x-wr-calname", _text(feed.name))
    calendar.add("x-wr-timezone", feed.zone.key)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    calendar.add_component(_zone(feed.zone.key))
    for entry in feed.entries:
        calendar.add_component(_event(entry, feed.zone, personal=feed.personal))
    return bytes(calendar.to_ical())


@lru_cache(maxsize=8)
def _zone(key: str) -> Timezone:
    zone = Timezone.from_tzinfo(ZoneInfo(key), key, SINCE, UNTIL)
    zone.pop("COMMENT", None)
    return zone


def _event(entry: FeedEntry, zone: tzinfo, *, personal: bool) -> Event:
    item, event = entry.item, Event()
    begin, end = _times(item, zone)
    changed = item.changed or datetime(begin.year, 1, 1, tzinfo=zone)
    event.add("uid", entry.uid)
    event.add("dtstamp", changed)  # in a file without METHOD: when the thing was last changed (RFC 5545 3.8.7.2)
    event.add("last-modified", changed)
    event.add("sequence", entry.sequence)
    event.add("dtstart", begin)
    event.add("dtend", end)
    event.add("summary", _text(_summary(entry, personal=personal)))
    if item.place:
        event.add("location", _text(item.place))
    event.add("description", _text("\n".join([*item.notes, *_span_note(item), _origin(entry)])))
    event.add("categories", [item.subject])
    event.add("status", "CANCELLED" if item.cancelled else "CONFIRMED")
    free = item.cancelled or not isinstance(begin, datetime)
    event.add("transp", "TRANSPARENT" if free else "OPAQUE")
    return event


def _times(item: Dated, zone: tzinfo) -> tuple[date, date]:
    """Begin and end; days for what has no hour, the end being the day after the last."""
    if item.day == item.last and item.start and not item.deadline:
        begin = datetime.combine(item.day, item.start, zone)
        end = datetime.combine(item.day, item.end, zone) if item.end else begin + HOUR
        return begin, max(end, begin + timedelta(minutes=1))
    if item.deadline:
        return item.last, item.last + timedelta(days=1)
    return item.day, (item.day if _is_long(item) else item.last) + timedelta(days=1)


def _is_long(item: Dated) -> bool:
    return (item.last - item.day).days >= LONGEST_SPAN


def _summary(entry: FeedEntry, *, personal: bool) -> str:
    """Some telephones do not show STATUS: what was called off says so in words, too."""
    item = entry.item
    until = "（截止）" if item.deadline else ""
    part = f"（{entry.part}）" if personal and entry.part in _TOLD else ""
    done = "✅ " if entry.part == "已完成" else ""
    return f"{'【取消】' if item.cancelled else done}{item.title}{part}{until}"


def _span_note(item: Dated) -> list[str]:
    if item.deadline or item.day == item.last:
        return []
    return [f"{day_label(item.day)}–{day_label(item.last)}之间，哪一天还没有定"]


def _origin(entry: FeedEntry) -> str:
    return f"{entry.group} · 编号 {entry.item.number}" if entry.item.number else entry.group


def _text(text: str) -> str:
    """Without control characters, which the format has no way to write."""
    return _CONTROL.sub("", text)
