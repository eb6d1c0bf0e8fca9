"""What was typed is not lost: drafts of forms that were refused, or that came when their visit was over."""

import structlog

from bot.clock import Clock
from bot.domain import board_drafts, groups
from bot.domain.groups import space_of
from bot.domain.people import Member, Person
from bot.errors import StoreError
from bot.storage import Store
from bot.web.board.forms import Form
from bot.web.board.page import Page
from bot.web.board.session import Sessions, Visit

log = structlog.get_logger()


class Keeper:
    """Keeps drafts, for their writers alone.

    Args:
        sessions: reads whose form it was.
    """

    def __init__(self, store: Store, clock: Clock, sessions: Sessions) -> None:
        self._store = store
        self._clock = clock
        self._sessions = sessions

    async def settle(self, visit: Visit, page: Page, form: Form, *, done: bool) -> None:
        """Forget the draft of what is done; keep what is not."""
        async with self._store.transaction(space_of(visit.group)) as tx:
            group = await groups.load(tx, visit.group, self._clock.now())
            person = await group.system.get(Person, visit.person)
            if person and done:
                await board_drafts.drop(group, person, page.name)
            elif person:
                await board_drafts.keep(group, person, page.name, _typed(page, form))

    async def keep_late(self, page: Page, form: Form) -> bool:
        """Keep what stands in a form whose visit is over, if it says whose it was; whether it is kept.

        It can do no more than that: nothing is shown of the person's, and a newer draft stays.
        """
        author = self._sessions.author(form.said("author"), self._clock.now())
        if author is None or author.page != page.name:
            return False
        try:
            async with self._store.transaction(space_of(author.group)) as tx:
                group = await groups.load(tx, author.group, self._clock.now())
                person = await group.system.get(Person, author.person)
                if person is None or not await group.system.find(Member, group=group.key, person=person.id):
                    return False
                return await board_drafts.keep(group, person, page.name, _typed(page, form), author.shown)
        except (LookupError, StoreError):
            log.warning("board.draft_not_kept", group=author.group)
            return False


def _typed(page: Page, form: Form) -> dict[str, str]:
    return {field: form.said(field) for field in page.keeps}
