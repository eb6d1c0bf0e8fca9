"""The group's monthly digest on its way into the group (feature F5): looked at, put into other words, published once.

Until somebody edits it a draft is made of the figures of the moment; edited, it stays as it was put. What has been
published is kept as it was.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from bot.content import Content
from bot.domain import guard
from bot.domain.groups import Group
from bot.domain.subjects import Period, Subject
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import BadArgument, Refused
from bot.storage import Record

MOST_LINES = 20
LONGEST = 300
"""Characters of one line of a message that all read on their phones."""

FRESH = timedelta(days=31)
"""How long an edited draft that was not published is the one meant when no month is named."""

JUST_NOW = timedelta(days=1)
"""How long a published one is."""

SEE = "看草稿：/汇总 稿"


class DigestDraft(Record):
    """The digest of a month or a term as the leader has edited or published it.

    Attributes:
        key: first and last day of its period.
        lines: as edited, its title first; () = as the figures say.
        published: the lines that stand in the group; () = none do.
        touched: when it was last edited.
    """

    TABLE: ClassVar[str] = "digest_drafts"
    UNIQUE: ClassVar = (("key",),)

    key: str
    label: str
    lines: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    published_at: datetime | None = None
    touched: datetime | None = None

    @property
    def moment(self) -> datetime | None:
        """When it was last edited or published."""
        return max((at for at in (self.touched, self.published_at) if at), default=None)


def key_of(period: Period) -> str:
    """The name of a period's draft."""
    return f"{period.first}/{period.last}"


async def of_period(group: Group, period: Period) -> DigestDraft | None:
    """What was made of a period's digest; None = nothing yet."""
    return await _called(group, key_of(period))


async def in_hand(group: Group) -> Period | None:
    """The period whose draft is being worked on: edited and not yet published, or published just now, so that what is
    said twice is said of the same; None when the month before is meant."""
    at_work = [draft for draft in await group.records.scan(DigestDraft) if _is_at_work(draft, group.now)]
    latest = max(at_work, key=lambda draft: draft.moment or group.now, default=None)
    return _period(latest) if latest else None


def _is_at_work(draft: DigestDraft, now: datetime) -> bool:
    waits = bool(draft.lines) and draft.lines != draft.published
    return draft.moment is not None and now - draft.moment <= (FRESH if waits else JUST_NOW)


async def replace(group: Group, who: str, period: Period, now: Sequence[str], number: int, text: str) -> Undo:
    """Put line ``number`` of the draft (its title is 0) into other words.

    Args:
        now: the lines of the draft as they stand.

    Raises:
        BadArgument: no such line, no text, too long; guard.PupilNamed: it seems to name a pupil.
    """
    line = await _checked(group, text)
    place = _place(now, number)
    return await _edit(group, who, period, [*now[:place], line, *now[place + 1 :]])


async def remove(group: Group, who: str, period: Period, now: Sequence[str], number: int) -> Undo:
    """Take line ``number`` out of the draft; raises as ``replace``, Refused for its title."""
    place = _place(now, number)
    if place == 0 or len(now) <= 2:  # a title with a line below it is the least
        raise Refused("这一行留着吧，小结至少要有标题和一行。", SEE)
    return await _edit(group, who, period, [*now[:place], *now[place + 1 :]])


async def add(group: Group, who: str, period: Period, now: Sequence[str], text: str) -> Undo:
    """Put a line at the end of the draft; raises as ``replace``, Refused when it is long enough."""
    line = await _checked(group, text)
    if len(now) >= MOST_LINES:
        raise Refused(f"小结最多 {MOST_LINES} 行，手机上才好看。", "先删一行，例：/汇总 删 3")
    return await _edit(group, who, period, [*now, line])


async def start_over(group: Group, who: str, period: Period) -> Undo:
    """Forget the edits: the draft is made of the figures again.

    Raises:
        Refused: nothing was edited.
    """
    draft = await of_period(group, period)
    if draft is None or not draft.lines:
        raise Refused(f"{period.label}小结的草稿没有改过。", SEE, symbol="ℹ️")
    return await _edit(group, who, period, [])


async def publish(group: Group, who: str, period: Period, lines: Sequence[str], *, sure: bool = False) -> Undo:
    """Post the digest in the group, once.

    Args:
        sure: it was published before, and shall be once more in other words.

    Raises:
        Refused: it stands in the group already, or the group has no chat.
    """
    if not (group.record.posting_channel and group.record.chat):
        raise Refused("这个组还没有群，发不出去。", "先在群里：/建组")
    draft = await of_period(group, period) or await _begun(group, who, period)
    if draft.published == tuple(lines) or (draft.published and not sure):
        raise _published(draft, tuple(lines))
    before = draft.model_dump(mode="json", include={"published", "published_at"})
    changes = {"published": tuple(lines), "published_at": group.now}
    await group.records.update(draft.model_copy(update=changes))
    group.publish(Content(title=lines[0], lines=tuple(lines[1:])))
    return undo_with(take_in, f"发布{period.label}小结", key=draft.key, lines=list(lines), before=before)


def _published(draft: DigestDraft, lines: tuple[str, ...]) -> Refused:
    when = f"{draft.published_at:%m-%d %H:%M}" if draft.published_at else "以前"
    if draft.published == lines:
        return Refused(f"{draft.label}小结 {when} 已经发到群里了，不用再发。", SEE, symbol="ℹ️")
    again = f"改过的再发一次：/汇总 发布 {draft.label} 确认"
    return Refused(f"{draft.label}小结 {when} 发过一次，和现在的不一样。", again, SEE, symbol="ℹ️")


@inverse
async def take_in(group: Group, who: str, key: str, lines: list[str], before: dict[str, Any]) -> str:
    """Inverse of publishing; whoever may have read it is told."""
    await group.must_lead(who, "小结", SEE)
    draft = await _called(group, key)
    if draft is None or draft.published != tuple(lines):
        raise Refused("小结后来又发过，不撤销了。", SEE)
    restored = DigestDraft.model_validate({**draft.model_dump(), **before})
    await group.records.update(restored)
    group.announce(f"【改】刚才的{draft.label}小结先收回，改好再发。")
    return f"已撤销：{draft.label}小结收回了。"


@inverse
async def put_back(group: Group, who: str, key: str, before: list[str], after: list[str]) -> str:
    """Inverse of an edit, unless the draft was edited again."""
    await group.must_lead(who, "小结", SEE)
    draft = await _called(group, key)
    if draft is None or draft.lines != tuple(after):
        raise Refused("草稿后来又改过，不撤销了。", SEE)
    await group.records.update(draft.model_copy(update={"lines": tuple(before), "touched": group.now}))
    return f"已撤销：{draft.label}小结的草稿恢复到修改之前。"


async def _edit(group: Group, who: str, period: Period, after: Sequence[str]) -> Undo:
    draft = await of_period(group, period) or await _begun(group, who, period)
    before = draft.lines
    await group.records.update(draft.model_copy(update={"lines": tuple(after), "touched": group.now, "author": who}))
    label = f"改{period.label}小结的草稿"
    return undo_with(put_back, label, key=draft.key, before=list(before), after=list(after))


async def _begun(group: Group, who: str, period: Period) -> DigestDraft:
    made = DigestDraft(key=key_of(period), label=period.label, created=group.now, author=who)
    return await group.records.add(made)


async def _called(group: Group, key: str) -> DigestDraft | None:
    found = await group.records.find(DigestDraft, key=key)
    return found[0] if found else None


async def _checked(group: Group, text: str) -> str:
    line = " ".join(text.split())
    if not line:
        raise BadArgument("写成什么？", "例：/汇总 改 3 听课 31 节，大家辛苦了")
    if len(line) > LONGEST:
        raise BadArgument(f"这一行有 {len(line)} 字，最多 {LONGEST} 字。", "分成两行，例：/汇总 加 一句话")
    await guard.check_among(line, group.teachers)
    return line


def _place(now: Sequence[str], number: int) -> int:
    if not 0 <= number < len(now):
        raise BadArgument(f"草稿里没有第 {number} 行。", SEE)
    return number


def _period(draft: DigestDraft) -> Period:
    first, last = (datetime.fromisoformat(day).date() for day in draft.key.split("/"))
    return Period(draft.label, first, last)


SUBJECT = Subject("小结", records=(DigestDraft,), order=92, speaks=True)
