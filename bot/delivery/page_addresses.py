"""The addresses of the bot's own pages: calendars and the board."""

from bot.delivery.calendar_links import CalendarLinks
from bot.domain.board_tickets import BoardTicket
from bot.domain.calendar_feeds import CalendarLink

BOARD = "/board/"
OPEN = f"{BOARD}open/"


class PageAddresses:
    """See ``bot.chat.addresses.Addresses``.

    Args:
        calendars: knows what the addresses begin with, too.
    """

    def __init__(self, calendars: CalendarLinks) -> None:
        self._calendars = calendars

    def calendar(self, link: CalendarLink) -> str:
        """The address of a calendar file."""
        return self._calendars.calendar(link)

    def board(self, ticket: BoardTicket) -> str:
        """The address at which a ticket is taken."""
        begin = self._calendars.public_url
        return f"{begin.rstrip('/')}{OPEN}{ticket.code}" if begin else ""
