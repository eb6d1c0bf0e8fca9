"""How schools and groups come to be: from the configuration at the first start, or as the sample school."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, TypeVar

from bot.calendar.term import SchoolCalendar, Term
from bot.domain.groups import GroupRecord, School
from bot.domain.membership import new_code
from bot.domain.people import Identity, Member, Role, person_named
from bot.domain.school_changes import swap_key
from bot.storage import Records

T = TypeVar("T")


class NewMember(NamedTuple):
    """A teacher to put on the roster; ``user`` binds the platform account at once."""

    name: str
    user: str | None = None
    role: Role = Role.MEMBER
    mentor: str | None = None


@dataclass(frozen=True)
class NewGroup:
    """A group to found. Without a chat it gets an invitation code for /建组."""

    key: str
    name: str
    school: str
    channel: str | None = None
    chat: str | None = None
    members: Sequence[NewMember] = field(default=())
    posts_through: str | None = None
    window: str = "07:10"
    quiet_from: str = "21:30"


async def found_school(system: Records, key: str, name: str, calendar: SchoolCalendar) -> School:
    """Store a school. Of one that is there already what it knows stays; terms, swaps and bells it lacks are added.

    A term that overlaps one it knows is that one written differently: the store wins, and ``check`` says so. Of days
    of which the chat has spoken since the configuration says nothing any more, also where a swap was taken back.
    """
    found = await system.find(School, key=key)
    if not found:
        return await system.add(School(key=key, name=name, calendar=calendar))
    known = found[0].calendar
    apart = tuple(term for term in calendar.terms if not any(_overlap(term, other) for other in known.terms))
    fresh = tuple(swap for swap in calendar.swaps if swap_key(swap.date) not in found[0].settled)
    grown = SchoolCalendar(
        terms=_with_new(known.terms, apart, lambda term: term.name),
        swaps=_with_new(known.swaps, fresh, lambda swap: (swap.date, swap.grades)),
        bells=_with_new(known.bells, calendar.bells, lambda bells: bells.valid_from),
    )
    return found[0] if grown == known else await system.update(found[0].model_copy(update={"calendar": grown}))


def _overlap(one: Term, other: Term) -> bool:
    return one.start <= other.last_day and other.start <= one.last_day


def _with_new(known: tuple[T, ...], configured: tuple[T, ...], key: Callable[[T], object]) -> tuple[T, ...]:
    names = {key(row) for row in known}
    return (*known, *(row for row in configured if key(row) not in names))


async def found_group(system: Records, new: NewGroup, now: datetime) -> GroupRecord:
    """Store a group with its roster; one that is there already stays as it is.

    Until somebody has claimed it, members added to the configuration join the roster. Through which channel it posts
    is a matter of the installation, not of the group: there the configuration always wins.
    """
    found = await system.find(GroupRecord, key=new.key)
    if found:
        if found[0].invitation:
            await _enrol_missing(system, new, now)
        if found[0].posts_through == new.posts_through:
            return found[0]
        found[0].posts_through = new.posts_through
        return await system.update(found[0])
    record = await system.add(
        GroupRecord(
            key=new.key,
            name=new.name,
            school=new.school,
            channel=new.channel if new.chat else None,
            chat=new.chat,
            posts_through=new.posts_through,
            invitation=None if new.chat and _has_leader(new) else new_code(),
            window=new.window,
            quiet_from=new.quiet_from,
            created=now,
        )
    )
    for member in new.members:
        await _enrol(system, new, member, now)
    return record


def _has_leader(new: NewGroup) -> bool:
    """Whether somebody can lead it at once: a leader whose account is known."""
    return any(member.role is Role.LEADER and member.user for member in new.members)


async def _enrol_missing(system: Records, new: NewGroup, now: datetime) -> None:
    for member in new.members:
        if not await system.find(Member, group=new.key, name=member.name):
            await _enrol(system, new, member, now)


async def _enrol(system: Records, new: NewGroup, member: NewMember, now: datetime) -> None:
    person = await person_named(system, new.school, member.name)
    await system.add(
        Member(group=new.key, person=person.id, name=member.name, role=member.role, mentor=member.mentor, created=now)
    )
    if member.user and new.channel and not await system.find(Identity, channel=new.channel, user=member.user):
        await system.add(Identity(channel=new.channel, user=member.user, person=person.id))
