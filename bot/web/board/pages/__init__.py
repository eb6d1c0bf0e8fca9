"""The table of the board's pages. A page is a module that defines ``PAGE``, a template of its name, and a line here."""

from dataclasses import dataclass

from bot.domain.people import Role
from bot.web.board.page import Page
from bot.web.board.pages import (
    backup,
    calendar,
    digest,
    forms,
    observation,
    people,
    plan,
    privacy,
    record,
    reflection,
    rehearsal,
    settings,
    sign_up,
    undelivered,
    week,
)

HOME = week.PAGE

_EVERYDAY = (HOME, sign_up.PAGE, calendar.PAGE, reflection.PAGE, observation.PAGE, record.PAGE)
_FURTHER = (
    forms.PAGE,
    plan.PAGE,
    rehearsal.PAGE,
    digest.PAGE,
    people.PAGE,
    settings.PAGE,
    undelivered.PAGE,
    backup.PAGE,
    privacy.PAGE,
)
PAGES = (*_EVERYDAY, *_FURTHER)
"""Every page, in the order of the menu."""


@dataclass(frozen=True)
class Menu:
    """What somebody finds in the menu: at once, and under 更多."""

    everyday: tuple[Page, ...]
    further: tuple[Page, ...]


def menu_of(role: Role) -> Menu:
    """The pages that somebody of this role may see."""
    everyday, further = (tuple(page for page in pages if page.needs <= role) for pages in (_EVERYDAY, _FURTHER))
    return Menu(everyday, further)
