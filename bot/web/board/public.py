"""The group's page for whoever has its link: week and month without names. Nothing is taken by looking."""

from collections.abc import Mapping

from bot.clock import Clock
from bot.delivery.group_links import GroupLinks
from bot.domain import group_pages, groups, lasting_links
from bot.domain.agenda import for_group
from bot.domain.group_pages import GroupPageLink
from bot.domain.groups import space_of
from bot.domain.people import SYSTEM
from bot.storage import Store
from bot.web.board.page import Values
from bot.web.board.sentences import Stop
from bot.web.board.views import month_of, week_of
from bot.web.pace import Pace, Paces

PER_MINUTE = 120
"""Of one group: everybody of it opens the link on Monday morning."""

WRONG_PER_MINUTE = 120
"""Wrong links of all the world together."""


class GroupPages:
    """What the groups' own pages show.

    Args:
        links: reads the tokens.
    """

    def __init__(self, store: Store, clock: Clock, links: GroupLinks) -> None:
        self._store = store
        self._clock = clock
        self._links = links
        self._each = Paces(PER_MINUTE, clock)
        self._wrong = Pace(WRONG_PER_MINUTE, clock)

    async def values(self, token: str, query: Mapping[str, str]) -> Values:
        """What the template is filled with.

        Raises:
            Stop: the link is forged, or was given up, or is opened too often.
        """
        known = self._links.read(token)
        if known is None:
            raise Stop("revoked" if self._wrong.allows() else "busy")
        key, generation = known
        if not self._each.allows(key):
            raise Stop("busy")
        # A space of its own: nobody of the group waits for a stranger.
        async with self._store.transaction(f"page:{space_of(key)}") as tx:
            good = await lasting_links.is_good(tx.within(SYSTEM), GroupPageLink, key, generation, self._clock.now())
            if not good:
                raise Stop("revoked")
            group = await groups.load(tx, key, self._clock.now())
            hidden = await group_pages.names_to_hide(group)
            show = month_of if "month" in query else week_of
            wanted = query.get("month", "") or query.get("week", "")
            view = await show(
                group, wanted, lambda items: [group_pages.without_names(item, hidden) for item in for_group(items)]
            )
        return {"title": view.title, "view": view, "about": group.name, "token": token}
