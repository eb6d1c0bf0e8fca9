"""Calendars that telephones subscribe to (feature F8): whose they are, how long their links are good, what is in them.

A person's calendar holds what concerns them in all their groups; a group's what everybody of it may see. A link is good
for a year from when it was last asked for, and until it is given up; the one after it is another.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar, NamedTuple
from zoneinfo import ZoneInfo

from bot.domain import groups, lasting_links
from bot.domain.agenda import agenda, for_group, for_person
from bot.domain.dated import Dated
from bot.domain.groups import Group
from bot.domain.lasting_links import LastingLink
from bot.domain.people import SYSTEM, Person, memberships
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import Refused
from bot.storage import Records, Transaction

BACK = timedelta(days=200)
"""Terms that ended longer ago are in no calendar file any more."""

MARGIN = timedelta(weeks=8)
"""Around a term: what falls into the holidays belongs to it, too."""

_GROUP, _PERSON = "group:", "person:"


class CalendarLink(LastingLink):
    """The link to one calendar; its holder is "group:" and the group's key, or "person:" and the person's id."""

    TABLE: ClassVar[str] = "calendar_links"


class FeedEntry(NamedTuple):
    """One thing in a calendar file: its lasting id, its part for whose file it is, the group it is of."""

    uid: str
    item: Dated
    part: str
    group: str
    sequence: int


class Feed(NamedTuple):
    """What a calendar file holds. ``personal``: it is one person's."""

    name: str
    zone: ZoneInfo
    entries: tuple[FeedEntry, ...]
    personal: bool


def of_group(group: Group) -> str:
    """The holder of a group's calendar."""
    return f"{_GROUP}{group.key}"


def of_person(person: Person) -> str:
    """The holder of a person's calendar."""
    return f"{_PERSON}{person.id}"


async def subscribe(group: Group, who: str, holder: str) -> tuple[CalendarLink, Undo | None]:
    """The link of a calendar, made, renewed for a year, or a new one where the former was given up.

    Returns:
        The link, and the way back where a new one was made.
    """
    link, made = await lasting_links.issue(group, who, CalendarLink, holder)
    return link, undo_with(give_up, "日程订阅", holder=holder) if made else None


async def revoke(group: Group, holder: str) -> Undo:
    """Give a calendar's link up: whoever has it reads nothing more.

    Raises:
        Refused: there is none.
    """
    known = await lasting_links.revoke(group, CalendarLink, holder)
    if known is None:
        raise Refused("这个日历没有订阅过，或者已经退订了。", "订阅：/日程 订阅", symbol="ℹ️")
    return undo_with(take_up, "日程退订", holder=holder, generation=known.generation)


async def feed(tx: Transaction, holder: str, generation: int, now: datetime) -> Feed | None:
    """What the calendar file of a link holds; None when the link is good no more, or nobody is there to read it."""
    system = tx.within(SYSTEM)
    if not await lasting_links.is_good(system, CalendarLink, holder, generation, now):
        return None
    if holder.startswith(_GROUP):
        return await _group_feed(tx, holder.removeprefix(_GROUP), now)
    person = await system.get(Person, int(holder.removeprefix(_PERSON)))
    return await _person_feed(tx, person, now) if person else None


async def is_subscribed(system: Records, holder: str) -> bool:
    """Whether there is a link to a calendar that is still good for something."""
    known = await lasting_links.find(system, CalendarLink, holder)
    return known is not None and not known.revoked


@inverse
async def give_up(group: Group, who: str, holder: str) -> str:
    """Inverse of subscribing."""
    await _must_be_theirs(group, who, holder)
    await revoke(group, holder)
    return "已撤销：这个日历链接作废了。"


@inverse
async def take_up(group: Group, who: str, holder: str, generation: int) -> str:
    """Inverse of giving a link up: it is good again, unless there has been another since."""
    await _must_be_theirs(group, who, holder)
    if not await lasting_links.restore(group, CalendarLink, holder, generation):
        raise Refused("后来又订阅过，原来的链接不能恢复了。", "看现在的：/日程 订阅")
    return "已撤销：原来的日历链接照旧能用。"


async def _must_be_theirs(group: Group, who: str, holder: str) -> None:
    if holder.startswith(_GROUP):
        await group.must_lead(who, "本组的日历链接", "看日程：/日程")


async def _group_feed(tx: Transaction, key: str, now: datetime) -> Feed | None:
    try:
        group = await groups.load(tx, key, now)
    except LookupError:
        return None
    items = for_group(await _around(group))
    return Feed(group.name, group.zone, tuple(_entry(group, item) for item in items), personal=False)


async def _person_feed(tx: Transaction, person: Person, now: datetime) -> Feed | None:
    members = await memberships(tx.within(SYSTEM), person.id)
    if not members:
        return None
    entries: list[FeedEntry] = []
    for member in members:
        group = await groups.load(tx, member.group, now)
        mine = for_person(await _around(group), member.name)
        entries += [_entry(group, item, member.name) for item in mine]
    return Feed(f"{person.name}的备课组日程", group.zone, tuple(entries), personal=True)


async def _around(group: Group) -> Sequence[Dated]:
    """What stands in the calendar of the present term, of the last and of those to come."""
    terms = [term for term in group.calendar.terms if term.last_day >= group.today - BACK]
    found: list[Dated] = []
    for term in terms:
        found += await agenda(group.in_term(term), term.start - MARGIN, term.last_day + MARGIN, ended=True)
    return found


def _entry(group: Group, item: Dated, name: str = "") -> FeedEntry:
    """The id is the thing's own, the same in every file; the school's record changes when its calendar does."""
    known = f"{group.school.key}\n{group.key}\n{item.key}"
    uid = f"{hashlib.sha256(known.encode()).hexdigest()[:32]}@beike-bot"
    sequence = item.revision + max(group.school.revision - 1, 0)
    return FeedEntry(uid, item, item.parts.get(name, ""), group.name, sequence)
