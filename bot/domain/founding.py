"""How schools and groups come to be: from the configuration at the first start, or as the sample school."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.calendar.term import SchoolCalendar
from bot.domain.groups import GroupRecord, School
from bot.domain.membership import new_code
from bot.domain.people import Identity, Member, Role, person_named
from bot.storage import Records


@dataclass(frozen=True)
class NewMember:
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
    """Store a school; one that is there already stays as it is."""
    found = await system.find(School, key=key)
    return found[0] if found else await system.add(School(key=key, name=name, calendar=calendar))


async def found_group(system: Records, new: NewGroup, now: datetime) -> GroupRecord:
    """Store a group with its roster; one that is there already stays as it is.

    Through which channel it posts is a matter of the installation, not of the group: there the configuration wins.
    """
    found = await system.find(GroupRecord, key=new.key)
    if found and found[0].posts_through == new.posts_through:
        return found[0]
    if found:
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


async def _enrol(system: Records, new: NewGroup, member: NewMember, now: datetime) -> None:
    person = await person_named(system, new.school, member.name)
    await system.add(
        Member(group=new.key, person=person.id, name=member.name, role=member.role, mentor=member.mentor, created=now)
    )
    if member.user and new.channel and not await system.find(Identity, channel=new.channel, user=member.user):
        await system.add(Identity(channel=new.channel, user=member.user, person=person.id))
