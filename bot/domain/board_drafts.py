"""What somebody has typed into a form of the board and not finished (feature F8): kept for that person alone.

The guard against pupils' names stands before it as before everything that is kept: a draft holds codes instead.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar

from bot.domain import guard
from bot.domain.groups import Group
from bot.domain.people import Person
from bot.storage import Record, Records

LIFE = timedelta(days=14)


class BoardDraft(Record):
    """A form as it was left.

    Attributes:
        holder: the person's id.
        group: key of the group whose board the form is on.
        page: the form's page.
        fields: what was typed, by field.
        saved: when; after ``LIFE`` it goes.
    """

    TABLE: ClassVar[str] = "board_drafts"
    UNIQUE: ClassVar = (("holder", "group", "page"),)

    holder: int
    group: str
    page: str
    fields: dict[str, str]
    saved: datetime


async def find(group: Group, person: Person, page: str) -> BoardDraft | None:
    """What somebody left on a page; None = nothing, or too long ago."""
    found = await group.system.find(BoardDraft, holder=person.id, group=group.key, page=page)
    return found[0] if found and group.now - found[0].saved <= LIFE else None


async def keep(
    group: Group, person: Person, page: str, fields: Mapping[str, str], shown: datetime | None = None
) -> bool:
    """Keep what was typed; with every field empty nothing is kept.

    Args:
        shown: when the form was shown, where it comes late: what was kept since then is newer and stays.

    Returns:
        whether it is kept now.
    """
    typed = {field: text for field, text in fields.items() if text.strip()}
    known = await group.system.find(BoardDraft, holder=person.id, group=group.key, page=page)
    if not typed or (known and shown and known[0].saved > shown and known[0].fields != typed):
        return False
    coded = {field: await _without_pupils(group, text) for field, text in typed.items()}
    if known:
        await group.system.update(known[0].model_copy(update={"fields": coded, "saved": group.now}))
    else:
        fresh = BoardDraft(holder=person.id, group=group.key, page=page, fields=coded, saved=group.now)
        await group.system.add(fresh)
    return True


async def drop(group: Group, person: Person, page: str) -> None:
    """Forget what was left on a page: it is done, or no longer wanted."""
    for old in await group.system.find(BoardDraft, holder=person.id, group=group.key, page=page):
        await group.system.remove(old)


async def forget(records: Records, now: datetime, most: int) -> int:
    """Housekeeping: remove up to ``most`` drafts that nobody came back to; returns how many. Reads the whole table."""
    old = [draft for draft in await records.scan(BoardDraft) if now - draft.saved > LIFE][:most]
    for draft in old:
        await records.remove(draft)
    return len(old)


async def _without_pupils(group: Group, text: str) -> str:
    try:
        await guard.check_among(text, group.teachers)
    except guard.PupilNamed as named:
        return named.replaced
    return text
