"""Which pages the board has, in the order of the navigation. A new page is one module and one line here."""

from bot.web.board.page import Page
from bot.web.board.pages import (
    backup,
    calendar,
    digest,
    files,
    forms,
    members,
    mine,
    observations,
    pending,
    plan,
    privacy,
    reflections,
    rehearsal,
    settings,
    sign_up,
    week,
)

PAGES: tuple[Page, ...] = (
    week.PAGE,
    calendar.PAGE,
    sign_up.PAGE,
    reflections.PAGE,
    observations.PAGE,
    files.PAGE,
    mine.PAGE,
    privacy.PAGE,
    digest.PAGE,
    forms.PAGE,
    plan.PAGE,
    rehearsal.PAGE,
    members.PAGE,
    settings.PAGE,
    pending.PAGE,
    backup.PAGE,
)


def pages_for(*, leader: bool) -> tuple[Page, ...]:
    """The leader's pages, or everybody's."""
    return tuple(page for page in PAGES if page.leads is leader)
