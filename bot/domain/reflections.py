"""Reflections after teaching (feature A7): free text or four headings, shared or private, edited later.

A shared reflection may be quoted in the digest; a private one is read by its author alone and only counted.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from pydantic import Field

from bot.calendar.names import day_label
from bot.domain import guard
from bot.domain.groups import Group, Numbered
from bot.domain.people import Member
from bot.domain.subjects import Deed, Figure, Mine, Period, Quote, Source, Subject, find_item, found_in, slowly, traced
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import BadArgument, NotAllowed, Refused
from bot.storage import Record

LONGEST = 10_000
QUOTED = SHOWN = 3
UNANSWERED = 2  # weeks without an answer after which nobody is asked every week
_TITLE = 40
"""Characters of a topic that stands beside the whole text."""

HEADINGS = ("课题", "亮点", "不足", "改进")
_HEADING = re.compile(rf"(?:^|(?<=[\s\uff0c\uff1b;,。]))(?P<name>{'|'.join(HEADINGS)})\s*[:\uff1a=\uff1d]\s*")


class Reflection(Numbered):
    """One reflection.

    ``text`` is what was typed, byte for byte; ``topic`` is its 课题 if one was given. ``written`` is the day of
    ``created``, made from it whenever the record is read, and not stored.
    """

    TABLE: ClassVar[str] = "reflections"
    INDEXES: ClassVar = ("term", ("member", "term"), ("member", "term", "week"), ("term", "written"))

    member: str
    week: int
    text: str
    topic: str = ""
    shared: bool = False
    written: date | None = Field(default=None, exclude=True, repr=False)

    def model_post_init(self, context: object, /) -> None:  # noqa: ARG002 - pydantic's
        """Fill in what follows from the rest."""
        self.__dict__["written"] = self.created.date() if self.created else None

    @property
    def opening(self) -> str:
        """The first words, to recognise it by."""
        words = " ".join(self.text.split())
        return words if len(words) <= 24 else f"{words[:23]}…"

    @property
    def shown(self) -> str:
        """What a list may say of it where others read along: of a private one nothing but its week."""
        return (self.topic or self.opening) if self.shared else f"第{self.week}周（只有本人可见）"


class Revision(Record):
    """What a reflection said before an edit."""

    TABLE: ClassVar[str] = "reflection_revisions"
    INDEXES: ClassVar = ("reflection",)

    reflection: int
    text: str


async def write(group: Group, who: str, text: str, *, shared: bool) -> tuple[Reflection, Undo]:
    """Store a reflection.

    Raises:
        BadArgument: empty, or longer than 10,000 characters.
        guard.PupilNamed: a pupil's name with marks, or a number of a pupil or person.
    """
    await _check(group, text)
    stored = await group.records.add(
        Reflection(
            term=group.term.name,
            number=await group.next_number(),
            member=who,
            week=group.week,
            text=text,
            topic=heading(text, "课题"),
            shared=shared,
            created=group.now,
            author=who,
        )
    )
    return stored, undo_with(remove, f"反思 {stored.number}", number=stored.number)


async def edit(group: Group, who: str, number: int, text: str) -> tuple[Reflection, Undo]:
    """Replace the text of one's own reflection; the old text is kept beside it.

    Raises:
        BadArgument, NotAllowed, guard.PupilNamed: as for ``write``.
    """
    await _check(group, text)
    mine = await own(group, who, number)
    old = await group.records.add(Revision(reflection=mine.id, text=mine.text, created=group.now, author=who))
    mine.text, mine.topic = text, heading(text, "课题")
    return await group.records.update(mine), undo_with(restore, f"修改反思 {number}", number=number, revision=old.id)


async def share(group: Group, who: str, number: int, shared: bool) -> tuple[Reflection, Undo]:
    """Share one's own reflection with the group, or make it private again."""
    mine = await own(group, who, number)
    if mine.shared is shared:
        raise Refused(f"反思 {number} 已经是{'分享' if shared else '私密'}的。", symbol="ℹ️")
    mine.shared = shared
    return await group.records.update(mine), undo_with(share_again, f"反思 {number}", number=number, shared=not shared)


async def own(group: Group, who: str, number: int) -> Reflection:
    """One's own reflection with this number.

    Raises:
        BadArgument: there is none; NotAllowed: it is somebody else's.
    """
    found = await find_item(group, number)
    if found is None or not isinstance(found[1], Reflection):
        raise BadArgument(f"没有编号 {number} 的反思。", "看自己写过的：/我的")
    if found[1].member != who:
        raise NotAllowed(f"反思 {number} 是别人写的，只有本人能看、能改。", "看自己写过的：/我的")
    return found[1]


async def to_ask(group: Group, weeks: Sequence[tuple[int, date]]) -> list[str]:
    """Who is asked for the last of these weeks' reflection, the leader first.

    Whoever has written one is left alone. After two weeks in a row without an answer the question comes once a month
    only, in the month's first of these weeks, until the person writes again: a reminder that nags is switched off.

    Args:
        weeks: the teaching weeks in which the group met, each with its last school day, in order.
    """
    *before, (week, day) = weeks
    last = [week, *(week for week, _ in before[-UNANSWERED:])]  # nobody is asked for an earlier one
    names = [member.name for member in await group.members()]
    written = {(name, each) for each in last for name in names if await _has_written(group, name, each)}
    first_of_month = all((day.year, day.month) != (earlier.year, earlier.month) for _, earlier in before)
    asked = []
    for member in await group.members():
        theirs = [week for week, day in before if member.created is None or member.created.date() <= day]
        answered = any((member.name, week) in written for week in theirs[-UNANSWERED:])
        patient = answered or len(theirs) < UNANSWERED
        if (member.name, week) not in written and (patient or first_of_month):
            asked.append(member.name)
    return asked


async def _has_written(group: Group, who: str, week: int) -> bool:
    return await group.records.count(Reflection, member=who, term=group.term.name, week=week) > 0


async def of_member(group: Group, who: str) -> list[Reflection]:
    """One's own reflections of this term, oldest first."""
    return await group.records.find(Reflection, member=who, term=group.term.name)


def heading(text: str, name: str) -> str:
    """What stands under one of the four headings, to the next heading; empty when it is not there."""
    marks = list(_HEADING.finditer(text)) if name in text else []
    for mark, following in zip(marks, [*marks[1:], None], strict=False):
        if mark["name"] == name:
            return text[mark.end() : following.start() if following else None].strip(" \uff0c\uff1b\n")
    return ""


@inverse
async def remove(group: Group, who: str, number: int) -> str:
    """Inverse of writing: the reflection and its revisions go."""
    mine = await own(group, who, number)
    for revision in await group.records.find(Revision, reflection=mine.id):
        await group.records.remove(revision)
    await group.records.remove(mine)
    return f"已撤销：反思 {number} 删掉了。"


@inverse
async def restore(group: Group, who: str, number: int, revision: int) -> str:
    """Inverse of an edit: the text before it."""
    mine = await own(group, who, number)
    old = await group.records.get(Revision, revision)
    if old is None:
        raise Refused("改之前的内容已经不在了。")
    mine.text, mine.topic = old.text, heading(old.text, "课题")
    await group.records.update(mine)
    await group.records.remove(old)
    return f"已撤销：反思 {number} 恢复到修改之前。"


@inverse
async def share_again(group: Group, who: str, number: int, shared: bool) -> str:
    """Inverse of sharing or making private."""
    await share(group, who, number, shared)
    return f"已撤销：反思 {number} 现在是{'分享' if shared else '私密'}的。"


async def _check(group: Group, text: str) -> None:
    if not any(letter.isprintable() and not letter.isspace() for letter in _HEADING.sub("", text)):
        raise BadArgument("反思还没有内容。", "例：/反思 导入太长，下次三分钟内进入文本")
    if len(text) > LONGEST:
        raise BadArgument(f"这条有 {len(text)} 字，最多 {LONGEST} 字。", "分成两条发，或发文档链接。")
    await guard.check_among(text, group.teachers)


def _source(written: Reflection) -> Source:
    return Source("reflections", written.id, _trace(written), written.written)


def _trace(written: Reflection) -> str:
    """A shared one by its author and day; a private one is counted, and not even its author is named."""
    if not written.shared or written.created is None:
        return f"{written.number}（私密）"
    return f"{written.number} {written.member} {day_label(written.created.date())}"


async def _digest(group: Group, period: Period) -> list[Figure]:
    written = await found_in(group, Reflection, "written", period)
    if not written:
        return []
    sources = await traced(written, _source)
    shared = [x async for x in slowly(written) if x.shared]
    quotes = tuple(Quote(x.member, x.topic or x.opening, x.text) for x in shared[-QUOTED:])
    line = f"反思 {len(written)} 篇（分享 {len(shared)} 篇）"
    return [Figure("反思", line, (), sources, quotes=quotes, amount=len(written))]


async def _mine(group: Group, member: Member) -> Mine:
    theirs = {"member": member.name, "term": group.term.name}
    rows = [f"反思 {x.number} {x.shown}" for x in await group.records.latest(Reflection, SHOWN, **theirs)]
    return Mine((f"反思 {await group.records.count(Reflection, **theirs)} 篇", *rows) if rows else ())


async def _deeds(group: Group, member: Member) -> list[Deed]:
    """One's own, whole; nobody else is shown them here."""
    written = [x for x in await of_member(group, member.name) if x.created]
    return [Deed(x.created.date(), x.topic[:_TITLE] or f"第{x.week}周反思", x.text) for x in written if x.created]


SUBJECT = Subject(
    "反思",
    records=(Reflection, Revision),
    digest=_digest,
    mine=_mine,
    order=40,
    speaks=True,
    area="反思",
    deeds=_deeds,
    amounts=("反思",),
)
