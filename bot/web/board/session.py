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
LATE = timedelta(days=2)
"""After so long a form that was left open is nobody's any more."""


@dataclass(frozen=True)
class Visit:
    """Who visits which group's board; ``form`` is what their forms have to bring."""

    person: int
    group: str
    form: str


@dataclass(frozen=True)
class Author:
    """Whose form it was, on which page, and when it was shown: so much is known without a visit, and so much alone."""

    person: int
    group: str
    page: str
    shown: datetime


class Sessions:
    """Makes and reads the cookies, and the marks of whose form it was.

    Args:
        folder: the data folder, where the secret lies.
    """

    def __init__(self, folder: Path) -> None:
        self._visits = Signer(folder, "board")
        self._forms = Signer(folder, "board form")
        self._authors = Signer(folder, "board author")

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
                return Visit(person, group, self._forms.token([token[-43:]]))
        return None

    def author_mark(self, visit: Visit, page: str, now: datetime) -> str:
        """What a form brings whose words must not be lost. It opens nothing."""
        return self._authors.token([visit.person, visit.group, page, int(now.timestamp())])

    def author(self, mark: str, now: datetime) -> Author | None:
        """Whose form it was; None for a mark that is forged, or too old."""
        match self._authors.read(mark):
            case [int(person), str(group), str(page), int(shown)] if (
                0 <= now.timestamp() - shown <= LATE.total_seconds()
            ):
                return Author(person, group, page, datetime.fromtimestamp(shown, now.tzinfo))
        return None

    @staticmethod
    def end(response: web.Response) -> None:
        """Take the cookie away."""
        response.del_cookie(COOKIE, path=BOARD)


def is_ours(visit: Visit, given: str) -> bool:
    """Whether a form is one of ours, made for this visit."""
    return hmac.compare_digest(visit.form.encode(), given.encode(errors="replace"))
