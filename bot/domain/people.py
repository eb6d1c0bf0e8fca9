"""People, their platform accounts and their membership in groups (feature F2).

A *person* belongs to a school; an *identity* ties one platform account to a person; a *member* is a person in a group
with a role. All three live in the ``system`` space, because one person may be in several groups.
"""

from collections.abc import Collection
from enum import IntEnum
from typing import ClassVar

from bot.storage import Record, Records

SYSTEM = "system"


class Role(IntEnum):
    """Who somebody is in a group; a higher role may do everything a lower one may."""

    VISITOR = 0
    MEMBER = 1
    LEADER = 2

    @property
    def public(self) -> str:
        """The word of the contract: "visitor", "member" or "leader"."""
        return self.name.lower()


class Person(Record):
    """A teacher of a school. ``current_group`` is the group meant in private messages, chosen with /切换."""

    TABLE: ClassVar[str] = "people"
    UNIQUE: ClassVar = (("school", "name"),)

    school: str
    name: str
    current_group: str | None = None


class Identity(Record):
    """A platform account that belongs to a person. ``user`` is a string: it may begin with 0."""

    TABLE: ClassVar[str] = "identities"
    INDEXES: ClassVar = ("person",)
    UNIQUE: ClassVar = (("channel", "user"),)

    channel: str
    user: str
    person: int


class Member(Record):
    """A person in a group. ``mentor`` is set for an apprentice (青蓝工程).

    A ``deputy`` may do what the leader may, but keeps the role of a member: notes for the leader are not theirs.
    """

    TABLE: ClassVar[str] = "members"
    INDEXES: ClassVar = ("group", "person")
    UNIQUE: ClassVar = (("group", "name"),)

    group: str
    person: int
    name: str
    role: Role = Role.MEMBER
    mentor: str | None = None
    deputy: bool = False

    def acting(self) -> "Member":
        """The member in the role they act in: a deputy as leader. For questions of permission, never to be stored."""
        return self.model_copy(update={"role": Role.LEADER}) if self.deputy else self


class Claim(Record):
    """Somebody says who they are and a person of trust has to confirm it.

    ``code`` is the one-time code a leader may hand over instead; ``user`` is None for a code that waits for its user.
    """

    TABLE: ClassVar[str] = "claims"
    INDEXES: ClassVar = ("group",)
    UNIQUE: ClassVar = (("group", "number"), ("code",))

    group: str
    number: int
    name: str
    channel: str | None = None
    user: str | None = None
    chat: str | None = None
    code: str | None = None


async def person_of(system: Records, channel: str, user: str) -> Person | None:
    """The person behind a platform account, or None for a visitor."""
    found = await system.find(Identity, channel=channel, user=user)
    return await system.get(Person, found[0].person) if found else None


async def person_named(system: Records, school: str, name: str) -> Person:
    """The person of that name, made if the school has none yet."""
    found = await system.find(Person, school=school, name=name)
    return found[0] if found else await system.add(Person(school=school, name=name))


async def accounts(system: Records, person: int) -> list[Identity]:
    """The platform accounts of a person, newest first: a new telephone is the one that is looked at."""
    return sorted(await system.find(Identity, person=person), key=lambda account: -account.id)


async def memberships(system: Records, person: int) -> list[Member]:
    """The groups a person is in, oldest first."""
    return await system.find(Member, person=person)


async def bind(system: Records, person: Person, channel: str, user: str) -> None:
    """Tie a platform account to a person; an account tied to somebody else before is moved."""
    for old in await system.find(Identity, channel=channel, user=user):
        await system.remove(old)
    await system.add(Identity(channel=channel, user=user, person=person.id))


async def address(system: Records, channel: str | None, member: Member) -> tuple[str, str]:
    """Where a member is reached privately: (channel, user id), the account on the group's ``channel`` first.

    A note to somebody who has not said who they are yet waits until they do.
    """
    mine = await accounts(system, member.person)
    home = [account for account in mine if account.channel == channel]
    for account in [*home, *mine]:
        return account.channel, account.user
    return channel or "", unbound(member.person)


async def ids_by_name(system: Records, group: str, channel: str | None, names: Collection[str]) -> dict[str, str]:
    """Platform ids of a group's members on ``channel``, by name; whoever has none is left out."""
    found: dict[str, str] = {}
    for member in await system.find(Member, group=group):
        if member.name in names:
            mine = [account.user for account in await accounts(system, member.person) if account.channel == channel]
            found.update({member.name: mine[0]} if mine else {})
    return found


_UNBOUND = "person:"


def is_unbound(address: str) -> bool:
    """Whether an address is that of a member without an account."""
    return address.startswith(_UNBOUND)


def unbound(person: int) -> str:
    """The address of a person without an account. Not by name: another school may have a namesake."""
    return f"{_UNBOUND}{person}"
