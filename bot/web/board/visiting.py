"""Who is visiting: the cookie says who it was, the records say who that is today."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from aiohttp import web

from bot.clock import Clock
from bot.domain import groups
from bot.domain.groups import space_of
from bot.domain.people import Member, Person, Role
from bot.storage import Store, Transaction
from bot.web.board.page import Asked, House, Page
from bot.web.board.sentences import Stop
from bot.web.board.session import Sessions, Visit
from bot.web.pace import Paces

PER_MINUTE = 60
"""Pages of one person."""


class Visitors:
    """Lets people in.

    Args:
        sessions: reads the cookies.
        house: what pages are given.
    """

    def __init__(self, store: Store, clock: Clock, sessions: Sessions, house: House) -> None:
        self._store = store
        self._clock = clock
        self._sessions = sessions
        self._house = house
        self._each = Paces(PER_MINUTE, clock)

    def visit(self, request: web.Request) -> Visit:
        """Whose cookie a request brings.

        Raises:
            Stop: nobody's, or they come too often.
        """
        visit = self._sessions.read(request, self._clock.now())
        if visit is None:
            raise Stop("nobody")
        if not self._each.allows(str(visit.person)):
            raise Stop("busy")
        return visit

    @asynccontextmanager
    async def asking(self, visit: Visit, page: Page, query: Mapping[str, str]) -> AsyncIterator[Asked]:
        """The visitor as they are today, looking at ``page``; a transaction is open meanwhile, to read. Its space is
        this visit's own: nobody of the group waits for somebody who looks.

        Raises:
            Stop: they have left the group, or may not see this page.
        """
        async with self._store.transaction(f"board:{space_of(visit.group)}:{visit.person}") as tx:
            asked = await self._asked(tx, visit, query)
            if asked.member.role < page.needs:
                raise Stop("leader" if page.needs is Role.LEADER else "left")
            yield asked

    async def _asked(self, tx: Transaction, visit: Visit, query: Mapping[str, str]) -> Asked:
        try:
            group = await groups.load(tx, visit.group, self._clock.now())
        except LookupError:
            raise Stop("left") from None
        person = await group.system.get(Person, visit.person)
        found = await group.system.find(Member, group=visit.group, person=visit.person)
        if person is None or not found:
            raise Stop("left")
        return Asked(group, found[0].acting(), person, query, self._house)
