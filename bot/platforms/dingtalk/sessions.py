"""The address DingTalk opens for answers to one message, kept for answers that come a little later.

It is good for about 90 minutes (20 were seen); its end stands in the message. It lives in memory only: after a restart
answers go through the API, and posts by the calendar always do.
"""

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

from bot.clock import Clock
from bot.config.channels import DINGTALK_OAPI
from bot.config.values import is_loopback

MARGIN = timedelta(seconds=60)
"""An address about to end is not used any more: the request itself takes its time."""

MOST = 10_000
"""Conversations remembered; a school has a few hundred."""

PATH = "/robot/sendBySession"


class Session(NamedTuple):
    """Where one conversation can be answered without a token, and until when."""

    url: str
    expires: datetime


class Sessions(Protocol):
    """Sessions by conversation: (private, id), the id a user's when private."""

    def put(self, conversation: tuple[bool, str], session: Session) -> None:
        """Keep the newest session of a conversation."""
        ...

    def get(self, conversation: tuple[bool, str]) -> Session | None:
        """The session, if it will hold long enough for a request."""
        ...

    def forget(self, conversation: tuple[bool, str], session: Session) -> None:
        """The platform says that this session has ended; a newer one stays."""
        ...


class RecentSessions:
    """Sessions in memory, the longest unused conversation forgotten first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: OrderedDict[tuple[bool, str], Session] = OrderedDict()

    def put(self, conversation: tuple[bool, str], session: Session) -> None:
        """Keep ``session`` unless one that lasts longer is known: messages may arrive out of order."""
        known = self._kept.get(conversation)
        if known is None or known.expires <= session.expires:
            self._kept[conversation] = session
        self._kept.move_to_end(conversation)
        if len(self._kept) > MOST:
            self._kept.popitem(last=False)

    def get(self, conversation: tuple[bool, str]) -> Session | None:
        """The session unless it ends within ``MARGIN``."""
        session = self._kept.get(conversation)
        return session if session and self._clock.now() + MARGIN < session.expires else None

    def forget(self, conversation: tuple[bool, str], session: Session) -> None:
        """Drop ``session`` unless a newer one has taken its place."""
        if self._kept.get(conversation) == session:
            del self._kept[conversation]


def is_ours(url: str, oapi_base: str) -> bool:
    """Whether an address from a message may be posted to: it comes from outside and could lead anywhere.

    Only DingTalk's own host and path are good, or those of ``oapi_base`` where a test has set it; with a loopback
    ``oapi_base`` any server on the own machine.
    """
    try:
        parts = urlsplit(url)
        host, origin = parts.hostname or "", f"{parts.scheme}://{parts.netloc}"
        _ = parts.port
    except ValueError:
        return False
    if not url.isascii() or not url.isprintable() or any(char in url for char in " \\") or "@" in parts.netloc:
        return False
    if _loopback(oapi_base) and is_loopback(host):
        return parts.scheme in ("http", "https")
    return origin.lower() in (DINGTALK_OAPI, oapi_base.lower()) and parts.path == PATH


def _loopback(base: str) -> bool:
    return is_loopback(urlsplit(base).hostname or "")
