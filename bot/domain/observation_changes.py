"""Changing or deleting a lesson heard, and the talk with its teacher straight after (feature C3), with the way back."""

from datetime import datetime
from typing import Any

from bot.domain import reviews
from bot.domain.groups import Group
from bot.domain.observations import Lesson, Observation, check, check_text, own
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import BadArgument, Refused

_KEYS = {"id", "revision"}


async def change(
    group: Group, who: str, number: int, *, lesson: Lesson, classroom: str, text: str
) -> tuple[Observation, Undo]:
    """Put a lesson heard right.

    Raises:
        BadArgument, Refused, guard.PupilNamed: as for noting it; Refused: nothing changes, or it would become another
        teacher's lesson after talk or review.
    """
    old = await own(group, who, number)
    if (lesson, classroom, text) == (old.lesson, old.classroom, old.text):
        raise Refused(f"听课 {number} 本来就是这样。", f"例：/听课 改 {number} 第3节", symbol="ℹ️")
    settled = old.talked is not None or await reviews.of_observation(group, number) is not None
    if lesson[0] != old.teacher and settled:
        raise Refused(f"听课 {number} 已经和{old.teacher}交流或评过，不能换老师。", "另记一次：/听课 张老师 今天第1节")
    await check(group, who, lesson, text, but=number)
    teacher, day, periods = lesson
    fresh = {"teacher": teacher, "day": day, "periods": periods, "classroom": classroom, "text": text}
    stored = await group.records.update(old.model_copy(update=fresh))
    before = old.model_dump(mode="json", include=set(fresh))
    return stored, undo_with(change_back, f"改听课 {number}", number=number, before=before, revision=stored.revision)


async def delete(group: Group, who: str, number: int) -> tuple[Observation, Undo]:
    """Delete a lesson noted by mistake, with one's own review of it; a teacher who was told of either hears of it.

    Raises:
        BadArgument, NotAllowed: as for ``own``.
    """
    old = await own(group, who, number)
    review = await reviews.of_observation(group, number)
    await group.records.remove(old)
    if review:
        await group.records.remove(review)
    if (review or old.talk) and old.teacher in await group.teachers():
        group.tell(old.teacher, f"ℹ️ {who}删掉了对您{_when(old)}那节课的听课记录，写给您的话和评课也不算了。")
    heard, reviewed = [one.model_dump(mode="json", exclude=_KEYS) if one else {} for one in (old, review)]
    return old, undo_with(note_again, f"删听课 {number}", number=number, heard=heard, review=reviewed)


async def talk(group: Group, who: str, number: int, text: str) -> tuple[Observation, bool, Undo]:
    """Note the talk after a lesson; the teacher is told privately what was written.

    Returns:
        the record, whether the teacher could be told, and the way back.

    Raises:
        BadArgument, NotAllowed: as for ``own``, or too long a text; guard.PupilNamed; Refused: it says nothing new.
    """
    old = await own(group, who, number)
    if old.talked is not None and text in ("", old.talk):
        raise Refused(f"听课 {number} 的交流已经记过了。", "看自己的：/听课", symbol="ℹ️")
    await check_text(group, text)
    stored = await group.records.update(old.model_copy(update={"talked": group.now, "talk": text}))
    known = old.teacher in await group.teachers()
    if known and text:
        group.tell(old.teacher, f"💬 {who}听了您{_when(old)}的课，想和您说：", text)
    at = old.talked.isoformat() if old.talked else ""
    undo = undo_with(talk_back, f"听课 {number} 交流", number=number, at=at, before=old.talk, revision=stored.revision)
    return stored, known and bool(text), undo


@inverse
async def note_again(group: Group, who: str, number: int, heard: dict[str, Any], review: dict[str, Any]) -> str:
    """Inverse of ``delete``: the same number, the talk and the review; a teacher who heard that it went hears of it."""
    former = Observation.model_validate(heard)
    await check(group, who, former.lesson, former.text)
    await group.records.add(former)
    if review:
        await group.records.add(reviews.Review.model_validate(review))
    if (review or former.talk) and former.teacher in await group.teachers():
        group.tell(former.teacher, f"ℹ️ {who}恢复了对您{_when(former)}那节课的听课记录，写给您的话和评课照旧。")
    return f"已撤销：听课 {number} {former.label}还在。"


@inverse
async def change_back(group: Group, who: str, number: int, before: dict[str, Any], revision: int) -> str:
    """Inverse of ``change``."""
    old = await _unchanged(group, who, number, revision)
    former = Observation.model_validate({**old.model_dump(), **before})
    await check(group, who, former.lesson, former.text, but=number)
    await group.records.update(former)
    return f"已撤销：听课 {number} 还是{former.label}。"


@inverse
async def talk_back(group: Group, who: str, number: int, at: str, before: str, revision: int) -> str:
    """Inverse of ``talk``; a teacher who was told is told that it was taken back."""
    old = await _unchanged(group, who, number, revision)
    former = {"talked": datetime.fromisoformat(at) if at else None, "talk": before}
    await group.records.update(old.model_copy(update=former))
    if old.talk and old.teacher in await group.teachers():
        group.tell(old.teacher, f"💬 {who}撤回了刚才对您{_when(old)}那节课说的话。")
    return f"已撤销：听课 {number} 的交流。"


async def _unchanged(group: Group, who: str, number: int, revision: int) -> Observation:
    try:
        found = await own(group, who, number)
    except BadArgument:
        raise Refused(f"听课 {number} 已经不在了。") from None
    if found.revision != revision:
        raise Refused(f"听课 {number} 后来又改过，不撤销了。", "看自己的：/听课")
    return found


def _when(heard: Observation) -> str:
    return heard.label.removeprefix(heard.teacher).strip()
