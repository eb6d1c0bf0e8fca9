"""The leader's settings (features F4, F11): which subjects speak by themselves, and when.

A subject that is switched off is silent on the calendar, to the group and to persons; its commands go on working. What
fell into that time is said afterwards only where it is still of use.
"""

from datetime import time
from typing import ClassVar

from bot.calendar.timetable import parse_time
from bot.domain.groups import Group
from bot.domain.subjects import Subject, subjects
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import BadArgument, Refused
from bot.storage import Record

EARLIEST, LATEST = time(6), time(23)
TIMES = {"卡片": "window", "私信": "note_window", "安静": "quiet_from"}
"""What can be set to a time of the day, by its word, with the field of the group's record."""

_HINT = "看设置：/设置"


class Silence(Record):
    """A subject that the leader has switched off."""

    TABLE: ClassVar[str] = "silences"
    UNIQUE: ClassVar = (("subject",),)

    subject: str


async def silent(group: Group) -> set[str]:
    """The subjects that say nothing by themselves."""
    return {row.subject for row in await group.records.scan(Silence)}


def speaking_subjects() -> tuple[str, ...]:
    """Every subject that can be switched off, in reading order."""
    return tuple(subject.name for subject in subjects() if subject.speaks)


def subject_called(words: str) -> str:
    """The one subject meant by its name or a part of it (备课 is 集体备课).

    Raises:
        BadArgument: none, or several.
    """
    every = speaking_subjects()
    meant = [name for name in every if name == words] or [name for name in every if words and words in name]
    if len(meant) != 1:
        raise BadArgument(f"没有“{words[:20]}”可以开关。", f"可以开关的：{'、'.join(every)}", "例：/设置 关 反思")
    return meant[0]


async def switch(group: Group, who: str, subject: str, *, on: bool) -> Undo:
    """Switch what a subject posts by itself on or off.

    Raises:
        Refused: it is so already.
    """
    rows = await group.records.find(Silence, subject=subject)
    if bool(rows) is not on:
        raise Refused(f"{subject}本来就{'开' if on else '关'}着。", _HINT, symbol="ℹ️")
    for row in rows:
        await group.records.remove(row)
    if not on:
        await group.records.add(Silence(subject=subject, created=group.now, author=who))
    return undo_with(switch_back, f"{'开' if on else '关'} {subject}", subject=subject, on=not on)


async def set_time(group: Group, what: str, moment: time) -> Undo:
    """Set when the card comes (卡片), the private notes (私信), or from when on nothing does (安静).

    Raises:
        BadArgument: outside of 6:00 to 23:00, or after the quiet begins; Refused: it is so already.
    """
    field, value = TIMES[what], f"{moment:%H:%M}"
    before = getattr(group.record, field)
    if before == value:
        raise Refused(f"{what}本来就是 {value}。", _HINT, symbol="ℹ️")
    _must_fit(group.record.model_copy(update={field: value}).model_dump(include=set(TIMES.values())))
    changed = group.record.choose(field).model_copy(update={field: value})
    group.record = await group.system.update(changed)
    return undo_with(time_back, f"{what}时间", what=what, value=before)


def _must_fit(times: dict[str, str]) -> None:
    card, note, quiet = (parse_time(times[field]) for field in TIMES.values())
    if min(card, note, quiet) < EARLIEST or max(card, note, quiet) > LATEST:
        raise BadArgument(f"时间要在 {EARLIEST:%H:%M} 到 {LATEST:%H:%M} 之间。", "例：/设置 时间 卡片 07:30")
    if max(card, note) >= quiet:
        raise BadArgument(
            f"卡片（{card:%H:%M}）和私信（{note:%H:%M}）都要早于安静（{quiet:%H:%M}）。", "例：/设置 安静 21:00"
        )


@inverse
async def switch_back(group: Group, who: str, subject: str, on: bool) -> str:
    """Inverse of a switch."""
    await group.must_lead(who, "设置", _HINT)
    await switch(group, who, subject, on=on)
    return f"已撤销：{subject}{'照常自己发' if on else '关着'}。"


@inverse
async def time_back(group: Group, who: str, what: str, value: str) -> str:
    """Inverse of setting a time."""
    await group.must_lead(who, "设置", _HINT)
    await set_time(group, what, parse_time(value))
    return f"已撤销：{what}改回 {value}。"


SUBJECT = Subject("设置", records=(Silence,), order=90)
