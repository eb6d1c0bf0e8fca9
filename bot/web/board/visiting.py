"""Who visits the board: read from the cookie, and looked up anew with every request as they are today."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager

from aiohttp import web

from bot.domain import board_drafts, groups
from bot.domain.groups import Group, space_of
from bot.domain.people import Member, Person, Role
from bot.storage import Store, Transaction
from bot.web.board.page import House, Look, Page
from bot.web.board.sentences import Stop
from bot.web.board.session import Sessions, Visit
from bot.web.pace import Paces

PER_MINUTE = 60
"""Pages of one person."""


class Visitors:
    """Reads visits and looks up who they are of.

    Args:
        sessions: reads the cookies.
    """

    def __init__(self, store: Store, sessions: Sessions, house: House) -> None:
        self._store = store
        self._sessions = sessions
        self._house = house
        self._each = Paces(PER_MINUTE, house.clock)

    def visit(self, request: web.Request, *, counted: bool = True) -> Visit:
        """The visit of a request. Raises ``Stop`` when there is none, or too many pages were asked for."""
        visit = self.known(request)
        if visit is None:
            raise Stop("nobody")
        if counted and not self.may_go_on(visit.person):
            raise Stop("busy")
        return visit

    def known(self, request: web.Request) -> Visit | None:
        """The visit of a request, also one that asks too often; None when there is none."""
        return self._sessions.read(request, self._house.clock.now())

    def may_go_on(self, person: int) -> bool:
        """Whether a person may have another page this minute."""
        return self._each.allows(str(person))

    def reading(self, visit: Visit) -> AbstractAsyncContextManager[Transaction]:
        """A transaction to read in. Its space is this visit's own: nobody of the group waits for somebody who looks."""
        return self._store.transaction(f"board:{space_of(visit.group)}:{visit.person}")

    async def look(self, tx: Transaction, page: Page, visit: Visit, query: Mapping[str, str]) -> Look:
        """What a page is shown; who may not see it stops here."""
        group, member, person = await self.who(tx, visit)
        if page.leads:
            must_lead(member)
        name = page.draft(query)
        draft = await board_drafts.read(group.system, visit.person, visit.group, name) if page.keeps else {}
        return Look(self._house, visit, group, member, person, query, draft=draft)

    async def who(self, tx: Transaction, visit: Visit) -> tuple[Group, Member, Person]:
        """The group and the visitor as they are today. Raises ``Stop`` for who is no member any more."""
        try:
            group = await groups.load(tx, visit.group, self._house.clock.now())
        except LookupError:
            raise Stop("left") from None
        person = await group.system.get(Person, visit.person)
        found = await group.system.find(Member, group=visit.group, person=visit.person)
        if person is None or not found:
            raise Stop("left")
        return group, found[0].acting(), person


def must_lead(member: Member) -> None:
    """Raises ``Stop`` for who does not lead."""
    if member.role < Role.LEADER:
        raise Stop("leader")
