"""A visit to the board: who has taken a ticket may look around for eight hours, with one browser.

The cookie holds who and which group, signed; who that person is today is looked up anew with every request. Forms carry
a second signature of the cookie, so that no other site's form is taken for one of ours.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from aiohttp import web

from bot.delivery.page_addresses import BOARD
from bot.delivery.signing import Signer
from bot.domain.board_tickets import BoardTicket

COOKIE = "board"
LIFE = timedelta(hours=8)
KEEP = timedelta(days=3)
"""How long after a page was shown what was written on it is still kept: longer than any visit."""


@dataclass(frozen=True)
class Visit:
    """Who visits which group's board.

    Attributes:
        form: what their forms have to bring.
        keep: with this a form's words are kept as the visitor's draft, also when the visit has ended: it opens nothing
            and reads nothing.
    """

    person: int
    group: str
    form: str
    keep: str = ""


class Sessions:
    """Makes and reads the cookies.

    Args:
        folder: the data folder, where the secret lies.
    """

    def __init__(self, folder: Path) -> None:
        self._visits = Signer(folder, "board")
        self._forms = Signer(folder, "board form")
        self._drafts = Signer(folder, "board draft")

    def begin(self, response: web.Response, ticket: BoardTicket, now: datetime, *, secure: bool) -> None:
        """Give a browser the cookie of a ticket that was taken."""
        said: list[str | int] = [ticket.holder, ticket.group, int((now + LIFE).timestamp()), secrets.token_urlsafe(8)]
        response.set_cookie(
            COOKIE,
            self._visits.token(said),
            max_age=int(LIFE.total_seconds()),
            path=BOARD,
            httponly=True,
            secure=secure,
            samesite="Strict",
        )

    def read(self, request: web.Request, now: datetime) -> Visit | None:
        """Whose cookie a request brings; None without a good one."""
        token = request.cookies.get(COOKIE, "")
        match self._visits.read(token):
            case [int(person), str(group), int(until), str()] if now.timestamp() <= until:
                kept = self._drafts.token([person, group, int((now + KEEP).timestamp())])
                return Visit(person, group, self._forms.token([token[-43:]]), kept)
        return None

    def writer(self, keep: str, now: datetime) -> tuple[int, str] | None:
        """Whose draft a form's words are, of which group: (person, group's key); None without a good token."""
        match self._drafts.read(keep):
            case [int(person), str(group), int(until)] if now.timestamp() <= until:
                return person, group
        return None

    @staticmethod
    def end(response: web.Response) -> None:
        """Take the cookie away."""
        response.del_cookie(COOKIE, path=BOARD)


def is_ours(visit: Visit, given: str) -> bool:
    """Whether a form is one of ours, made for this visit."""
    return hmac.compare_digest(visit.form.encode(), given.encode(errors="replace"))
