"""Schools, groups, and ``Group``: a group bound to an open transaction at one moment.

Every domain function takes a ``Group`` first. It knows the calendar, reaches the records, and collects what the domain
wants said to others: ``tell`` (privately), ``announce`` (one 【改】 line to the group), ``publish`` (a whole message).
"""

from collections.abc import Collection
from copy import copy
from datetime import date, datetime
from typing import ClassVar, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import Field

from bot.calendar.grade_view import seen_by
from bot.calendar.grades import grade_of
from bot.calendar.term import SchoolCalendar, Term
from bot.clock import SCHOOL_ZONE
from bot.content import Content, content
from bot.domain.people import SYSTEM, Member, Role
from bot.errors import BadArgument, NotAllowed, Refused
from bot.storage import Record, Records, Transaction

GROUP_SPACE = "group:"


class School(Record):
    """A school and its calendar.

    ``settled`` names what the chat has said of the calendar ("swap 2026-09-30", "term 2026学年第一学期"): there the
    configuration counts no more.
    """

    TABLE: ClassVar[str] = "schools"
    UNIQUE: ClassVar = (("key",),)

    key: str
    name: str
    calendar: SchoolCalendar
    settled: tuple[str, ...] = ()


class GroupRecord(Record):
    """A group as it is stored.

    ``channel`` and ``chat`` are None until somebody claims the group with ``invitation``. Posts go through the channel
    ``posts_through`` where the own one cannot push. ``window`` is the earliest time of the day's card, ``note_window``
    that of private notes, ``quiet_from`` when both stop ("HH:MM"). ``chosen`` names what the chat has settled since
    ("window", "leader" …): there the configuration that founded the group counts no more.
    """

    TABLE: ClassVar[str] = "groups"
    INDEXES: ClassVar = ("school",)
    UNIQUE: ClassVar = (("key",), ("channel", "chat"), ("invitation",), ("name",))

    key: str
    name: str
    school: str
    channel: str | None = None
    chat: str | None = None
    posts_through: str | None = None
    invitation: str | None = None
    window: str = "07:10"
    note_window: str = "16:40"
    quiet_from: str = "21:30"
    chosen: tuple[str, ...] = ()

    def choose(self, *what: str) -> "GroupRecord":
        """A copy that notes what the chat has settled."""
        return self.model_copy(update={"chosen": tuple(dict.fromkeys((*self.chosen, *what)))})

    @property
    def posting_channel(self) -> str:
        """The channel that what the bot says by itself goes through; empty while the group is unclaimed."""
        return self.posts_through or self.channel or ""


class Counter(Record):
    """The last number given out under a name, where that was kept before the store had sequences."""

    TABLE: ClassVar[str] = "counters"
    UNIQUE: ClassVar = (("name",),)

    name: str
    value: int = 0


class Numbered(Record):
    """A thing people name by its number. Numbers are the group's own for the term, across all subjects."""

    UNIQUE: ClassVar = (("term", "number"),)

    term: str
    number: int = Field(ge=1)


class Notice(NamedTuple):
    """Something one person should hear privately, whoever made it necessary.

    ``to`` is a member's name; ``account`` (channel, user id) reaches somebody who is no member. ``choices`` make it a
    question: (what the reader types, the message it stands for).
    """

    to: str
    content: Content
    account: tuple[str, str] | None = None
    choices: tuple[tuple[str, str], ...] = ()


def space_of(key: str) -> str:
    """The storage space of a group."""
    return f"{GROUP_SPACE}{key}"


class Group:
    """A group, an open transaction and a moment."""

    def __init__(self, record: GroupRecord, school: School, tx: Transaction, now: datetime) -> None:
        self.record = record
        self.school = school
        self.tx = tx
        self.records: Records = tx.within(space_of(record.key))
        self.system: Records = tx.within(SYSTEM)
        self.now = now
        self.notices: list[Notice] = []
        self.changes: list[str] = []
        self.posts: list[Content] = []
        self.elsewhere: list[Group] = []
        self._calendar: SchoolCalendar | None = None  # kept when asked for: cached_property would lock each time
        self._term: Term | None = None

    @property
    def key(self) -> str:
        """Name of the group in storage and configuration."""
        return self.record.key

    @property
    def name(self) -> str:
        """What people call it."""
        return self.record.name

    @property
    def today(self) -> date:
        """The school's present day."""
        return self.now.date()

    @property
    def grade(self) -> str | None:
        """The grade that its name speaks of (高一语文备课组 → 高一); None for none, or for several."""
        return grade_of(self.name)

    @property
    def calendar(self) -> SchoolCalendar:
        """The school's calendar as the group's grade sees it."""
        if self._calendar is None:
            self._calendar = seen_by(self.school.calendar, self.grade)
        return self._calendar

    def take_school(self, school: School) -> None:
        """Go on with a school that has changed."""
        self.school = school
        self._calendar = self._term = None

    @property
    def term(self) -> Term:
        """The term that counts today.

        Raises:
            Refused: the school has no term at all.
        """
        if self._term is None:
            self._term = self.calendar.term_on(self.today)
        if self._term is None:
            raise Refused("学校还没有设学期，请管理员在配置里写上开学日期和周数。")
        return self._term

    def in_term(self, term: Term) -> "Group":
        """The same group and transaction with another term counting: to read what an old one left."""
        other = copy(self)
        other._term = term
        return other

    def in_term_of(self, day: date) -> "Group":
        """The group with the last term that had begun by ``day``; as it is when none had."""
        begun = [term for term in self.calendar.terms if term.start <= day]
        return self.in_term(begun[-1]) if begun else self

    @property
    def zone(self) -> ZoneInfo:
        """The school's time zone."""
        zone = self.now.tzinfo
        return zone if isinstance(zone, ZoneInfo) else SCHOOL_ZONE

    @property
    def week(self) -> int:
        """The teaching week of today; 0 or less before the term."""
        return self.term.week_of(self.today)

    def tell(self, name: str, *lines: str, message: Content | None = None) -> None:
        """Have ``name`` told privately once this transaction is durable."""
        self.notices.append(Notice(name, message or content(*lines)))

    def announce(self, line: str) -> None:
        """Have the group told of a change in one line once this transaction is durable."""
        self.changes.append(line)

    def publish(self, message: Content) -> None:
        """Post a message in the group once this transaction is durable, beside the answer to whoever had it posted."""
        self.posts.append(message)

    def hush(self, unheard: Collection[str]) -> None:
        """Leave out what was to be told to those who do not know what it puts right: names, "group" = everybody; of
        another group of the school with its key before ("key/王老师")."""
        self.notices = [notice for notice in self.notices if notice.to not in unheard]
        self.changes = [] if "group" in unheard else self.changes
        for other in self.elsewhere:
            theirs = f"{other.key}/"
            other.hush({name.removeprefix(theirs) for name in unheard if name.startswith(theirs)})

    async def members(self) -> list[Member]:
        """Everybody of the group, the leader first, then in order of joining."""
        found = await self.system.find(Member, group=self.key)
        return sorted(found, key=lambda member: (member.role is not Role.LEADER, member.id))

    async def teachers(self) -> list[str]:
        """The members' names, the leader first."""
        return [member.name for member in await self.members()]

    async def leader(self) -> Member | None:
        """The 备课组长, or None while the group is unclaimed."""
        return next((member for member in await self.members() if member.role is Role.LEADER), None)

    async def member(self, name: str) -> Member:
        """The member called ``name``.

        Raises:
            BadArgument: nobody of that name is in the group.
        """
        found = await self.system.find(Member, group=self.key, name=name)
        if not found:
            raise BadArgument(f"组里没有“{name}”。", "看组员名单：/成员")
        return found[0]

    async def acting(self, name: str) -> Member:
        """The member called ``name`` in the role they act in, as ``Member.acting``; raises as ``member``."""
        return (await self.member(name)).acting()

    async def must_lead(self, name: str, what: str, hint: str) -> None:
        """Taking back goes by today's rules: who leads no more asks whoever leads now.

        Raises:
            NotAllowed: ``name`` is neither leader nor deputy today; ``what`` is theirs to change.
        """
        if (await self.acting(name)).role < Role.LEADER:
            raise NotAllowed(f"{what}由组长来改，您现在不是组长。", hint)

    async def next_number(self, name: str = "items") -> int:
        """The next number of this term; a number is never given twice."""
        sequence = f"{name}:{self.term.name}"
        number = await self.records.next_number(sequence)
        if number == 1 and (before := await self.records.find(Counter, name=sequence)):
            number = await self.records.next_number(sequence, above=before[0].value)
        return number


async def load(tx: Transaction, key: str, now: datetime) -> Group:
    """Bind the group ``key`` to an open transaction.

    Raises:
        LookupError: there is no such group.
    """
    system = tx.within(SYSTEM)
    groups = await system.find(GroupRecord, key=key)
    if not groups:
        raise LookupError(f"no group {key!r}")
    return await bind(tx, groups[0], now)


async def bind(tx: Transaction, record: GroupRecord, now: datetime) -> Group:
    """The same for the record of a group, just read in this transaction."""
    schools = await tx.within(SYSTEM).find(School, key=record.school)
    return Group(record, schools[0], tx, now)


async def sisters(group: Group) -> list[Group]:
    """The other groups of the school, in the same transaction: what they are told goes out with it."""
    if not group.elsewhere:
        records = await group.system.find(GroupRecord, school=group.school.key)
        group.elsewhere += [
            Group(record, group.school, group.tx, group.now) for record in records if record.key != group.key
        ]
    return group.elsewhere


async def all_groups(system: Records) -> list[GroupRecord]:
    """Every group of this installation, oldest first."""
    return await system.scan(GroupRecord)


async def group_of_chat(system: Records, channel: str, chat: str) -> GroupRecord | None:
    """The group that a conversation is bound to."""
    found = await system.find(GroupRecord, channel=channel, chat=chat)
    return found[0] if found else None
