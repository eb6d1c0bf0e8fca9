"""Signed links to calendars: whoever has one may read that one calendar until it is given up.

A link holds whose calendar it is and its generation; whether it is still good stands in the record
(bot/domain/calendar_feeds.py).
"""

from pathlib import Path

from bot.delivery.signing import Signer
from bot.domain.calendar_feeds import CalendarLink

PAGE = "/calendar/"
ENDING = ".ics"


class CalendarLinks:
    """Makes and reads links.

    Args:
        folder: the data folder, where the secret lies.
        public_url: what the addresses begin with; "" = there are none.
    """

    def __init__(self, folder: Path, public_url: str) -> None:
        self.public_url = public_url
        self._signer = Signer(folder, "calendar")

    def calendar(self, link: CalendarLink) -> str:
        """See ``bot.chat.addresses.Addresses.calendar``."""
        return self.address(self._signer.token([link.holder, link.generation])) if self.public_url else ""

    def address(self, token: str) -> str:
        """The address that a token stands in."""
        return f"{self.public_url.rstrip('/')}{PAGE}{token}{ENDING}"

    def read(self, token: str) -> tuple[str, int] | None:
        """Holder and generation of a token; None when it is forged or broken."""
        match self._signer.read(token):
            case [str(holder), int(generation)]:
                return holder, generation
        return None
