"""The addresses of the bot's own pages: calendars and the board."""

from bot.delivery.calendar_links import CalendarLinks
from bot.delivery.group_links import GroupLinks
from bot.domain.board_tickets import BoardTicket
from bot.domain.calendar_feeds import CalendarLink
from bot.domain.group_pages import GroupPageLink

BOARD = "/board/"
OPEN = f"{BOARD}open/"
GROUP = f"{BOARD}group/"


class PageAddresses:
    """See ``bot.chat.addresses.Addresses``.

    Args:
        calendars: knows what the addresses begin with, too.
        groups: signs the links to groups' pages.
    """

    def __init__(self, calendars: CalendarLinks, groups: GroupLinks) -> None:
        self._calendars = calendars
        self._groups = groups

    def calendar(self, link: CalendarLink) -> str:
        """The address of a calendar file."""
        return self._calendars.calendar(link)

    def board(self, ticket: BoardTicket) -> str:
        """The address at which a ticket is taken."""
        begin = self._calendars.public_url
        return f"{begin.rstrip('/')}{OPEN}{ticket.code}" if begin else ""

    def group_page(self, link: GroupPageLink) -> str:
        """The address of a group's page."""
        begin = self._calendars.public_url
        return f"{begin.rstrip('/')}{GROUP}{self._groups.token(link.holder, link.generation)}" if begin else ""
