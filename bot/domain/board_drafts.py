"""What somebody has written on a page of the board and not sent yet (feature F8): theirs alone, kept for a while.

A guard that refuses, a visit that has ended, a telephone that rings: what was typed waits until they come back. Where
it seems to name a pupil it waits with codes, for a draft is stored, too (bot/domain/guard.py).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar

from bot.domain import guard
from bot.domain.people import Member
from bot.storage import Record, Records

LIFE = timedelta(days=14)
LONGEST = 12_000
"""Characters of one field; what is longer is cut, for nothing takes it."""


class BoardDraft(Record):
    """The draft of one page of one person in one group.

    Attributes:
        holder: the person's id.
        touched: when it was last written.
    """

    TABLE: ClassVar[str] = "board_drafts"
    UNIQUE: ClassVar = (("holder", "group", "page"),)
    INDEXES: ClassVar = ("holder",)

    holder: int
    group: str
    page: str
    fields: dict[str, str]
    touched: datetime


async def read(system: Records, holder: int, group: str, page: str) -> dict[str, str]:
    """What was written; nothing when nothing was."""
    found = await system.find(BoardDraft, holder=holder, group=group, page=page)
    return dict(found[0].fields) if found else {}


async def of_person(system: Records, holder: int) -> list[BoardDraft]:
    """Every draft of a person."""
    return await system.find(BoardDraft, holder=holder)


async def keep(
    system: Records, holder: int, group: str, page: str, fields: Mapping[str, str], now: datetime
) -> BoardDraft | None:
    """Keep what was written in the place of what was kept before; without a word in it nothing is kept any more."""
    teachers = [member.name for member in await system.find(Member, group=group)]
    written = {name: guard.with_codes(text[:LONGEST], teachers) for name, text in fields.items()}
    found = await system.find(BoardDraft, holder=holder, group=group, page=page)
    if not any(text.strip() for text in written.values()):
        for old in found:
            await system.remove(old)
        return None
    if found:
        return await system.update(found[0].model_copy(update={"fields": written, "touched": now}))
    made = BoardDraft(holder=holder, group=group, page=page, fields=written, touched=now, created=now)
    return await system.add(made)


async def forget(system: Records, now: datetime, most: int) -> int:
    """Housekeeping: drop up to ``most`` drafts that nobody came back to; returns how many."""
    old = [draft for draft in await system.scan(BoardDraft) if now - draft.touched > LIFE][:most]
    for draft in old:
        await system.remove(draft)
    return len(old)
