"""Tickets to the board (feature F8): a link for one person, opened once within ten minutes, that begins a visit.

A chat's preview crawler and whoever looks at a forwarded link open nothing: a ticket is taken by a tap on the page.
"""

import secrets
from datetime import datetime, timedelta
from typing import ClassVar

from bot.domain.groups import Group
from bot.domain.people import Person
from bot.storage import Record, Records

LIFE = timedelta(minutes=10)
CODE_BYTES = 16


class BoardTicket(Record):
    """The newest ticket of a person; an older one is good no more.

    Attributes:
        holder: the person's id.
        group: key of the group whose board it opens.
        until: the last moment it can be taken.
    """

    TABLE: ClassVar[str] = "board_tickets"
    UNIQUE: ClassVar = (("holder",), ("code",))

    holder: int
    code: str
    group: str
    until: datetime
    taken: bool = False


async def issue(group: Group, person: Person) -> BoardTicket:
    """A fresh ticket of ``person`` for ``group``."""
    fresh = {"code": secrets.token_urlsafe(CODE_BYTES), "group": group.key, "until": group.now + LIFE, "taken": False}
    found = await group.system.find(BoardTicket, holder=person.id)
    if found:
        return await group.system.update(found[0].model_copy(update=fresh))
    return await group.system.add(BoardTicket.model_validate({"holder": person.id, **fresh}))


async def look(system: Records, code: str, now: datetime) -> BoardTicket | None:
    """The ticket with this code while it can be taken; None when it is unknown, taken or too old."""
    found = await system.find(BoardTicket, code=code)
    good = [ticket for ticket in found if not ticket.taken and now <= ticket.until]
    return good[0] if good else None


async def take(system: Records, code: str, now: datetime) -> BoardTicket | None:
    """As ``look``; from now on nobody else can take it."""
    ticket = await look(system, code, now)
    return await system.update(ticket.model_copy(update={"taken": True})) if ticket else None
