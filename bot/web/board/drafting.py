"""Keeps what is written on a page before anything can go wrong with it (bot/domain/board_drafts.py)."""

from collections.abc import Mapping

from bot.clock import Clock
from bot.domain import board_drafts
from bot.domain.people import SYSTEM
from bot.storage import Store
from bot.web.board.forms import Form
from bot.web.board.page import Look, Page
from bot.web.board.session import Sessions


class Drafts:
    """The drafts of a store.

    Args:
        sessions: knows whose words a form brings whose visit has ended.
    """

    def __init__(self, store: Store, clock: Clock, sessions: Sessions) -> None:
        self._store = store
        self._clock = clock
        self._sessions = sessions

    async def keep(self, page: Page, look: Look, form: Form) -> None:
        """Keep what a form brings; a tap under an answer has written nothing."""
        if written := page.written(form):
            await self._write(look.person.id, look.group.key, page.draft(look.query), written)

    async def done(self, page: Page, look: Look) -> None:
        """What was written has become what it was written for."""
        if page.keeps:
            await self._write(look.person.id, look.group.key, page.draft(look.query), {})

    def writer(self, page: Page, form: Form) -> tuple[int, str] | None:
        """Whose words a form brings that is of no present visit, of which group; None = nobody's of ours."""
        return self._sessions.writer(form.fields.get("keep", ""), self._clock.now()) if page.keeps else None

    async def keep_for(self, writer: tuple[int, str], page: Page, query: Mapping[str, str], form: Form) -> None:
        """As ``keep``, for a ``writer``."""
        if written := page.written(form):
            await self._write(*writer, page.draft(query), written)

    async def _write(self, person: int, group: str, name: str, written: Mapping[str, str]) -> None:
        async with self._store.transaction(f"board draft:{person}") as tx:
            await board_drafts.keep(tx.within(SYSTEM), person, group, name, written, self._clock.now())
