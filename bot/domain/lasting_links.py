"""Links that are good for long, to a calendar or a page (feature F8): whoever has one may look, until it is given up.

A link is good for a year from when it was last asked for. The one after it was given up is another.
"""

from datetime import date, datetime, timedelta
from typing import ClassVar, TypeVar

from pydantic import Field

from bot.domain.groups import Group
from bot.storage import Record, Records

LIFE = timedelta(days=400)
RENEW = timedelta(days=30)
"""A link that was asked for so recently is not renewed: asking twice changes nothing."""


class LastingLink(Record):
    """One link.

    Attributes:
        holder: whose it is.
        generation: a link of an earlier one is good no more.
        until: its last day.
        revoked: it was given up.
    """

    UNIQUE: ClassVar = (("holder",),)

    holder: str
    generation: int = Field(default=1, ge=1)
    until: date
    revoked: bool = False


L = TypeVar("L", bound=LastingLink)


async def issue(group: Group, who: str, kind: type[L], holder: str) -> tuple[L, bool]:
    """The link of a holder: made, renewed for a year, or a new one where the former was given up; whether it is new."""
    known = await find(group.system, kind, holder)
    until = group.today + LIFE
    if known is None:
        fresh = kind(holder=holder, until=until, created=group.now, author=who)
        return await group.system.add(fresh), True
    if known.revoked:
        anew = {"revoked": False, "generation": known.generation + 1, "until": until, "author": who}
        return await group.system.update(known.model_copy(update=anew)), True
    if until - known.until < RENEW:
        return known, False
    return await group.system.update(known.model_copy(update={"until": until})), False


async def revoke(group: Group, kind: type[L], holder: str) -> L | None:
    """Give the link of a holder up; None when there is none."""
    known = await find(group.system, kind, holder)
    if known is None or known.revoked:
        return None
    return await group.system.update(known.model_copy(update={"revoked": True}))


async def restore(group: Group, kind: type[L], holder: str, generation: int) -> bool:
    """Take a link up again that was given up; whether it could be: not when there has been another since."""
    known = await find(group.system, kind, holder)
    if known is None or not known.revoked or known.generation != generation:
        return False
    await group.system.update(known.model_copy(update={"revoked": False}))
    return True


async def is_good(system: Records, kind: type[L], holder: str, generation: int, now: datetime) -> bool:
    """Whether a link of this generation opens anything."""
    known = await find(system, kind, holder)
    return known is not None and not known.revoked and known.generation == generation and now.date() <= known.until


async def find(system: Records, kind: type[L], holder: str) -> L | None:
    """The link of a holder, good or given up."""
    found = await system.find(kind, holder=holder)
    return found[0] if found else None
