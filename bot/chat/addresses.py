"""The addresses of the bot's own pages, as a handler sees them."""

from typing import Protocol

from bot.domain.board_tickets import BoardTicket
from bot.domain.calendar_feeds import CalendarLink
from bot.domain.group_pages import GroupPageLink


class Addresses(Protocol):
    """Makes the addresses; the web server stands behind them."""

    def calendar(self, link: CalendarLink) -> str:
        """The address of a calendar file; "" while the bot has no address that telephones reach."""
        ...

    def board(self, ticket: BoardTicket) -> str:
        """The address that opens the board with a ticket; "" as above."""
        ...

    def group_page(self, link: GroupPageLink) -> str:
        """The address of a group's page without names; "" as above."""
        ...
