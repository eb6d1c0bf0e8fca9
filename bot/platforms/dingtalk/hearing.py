"""What both ways in, HTTP callback and Stream, note about a message before it is handled."""

from collections.abc import Awaitable, Callable

import structlog

from bot.delivery.logbook import Logbook
from bot.platforms.dingtalk.payloads import Heard, QuotaUsedUp
from bot.platforms.dingtalk.sessions import Sessions

Notify = Callable[[str], Awaitable[None]]
"""Told DingTalk's own sentence when the monthly quota is used up."""

log = structlog.get_logger()


class Hearing:
    """The notes of one channel.

    Args:
        sessions: shared with the channel's ``DingTalkApi``.
        on_quota: hears that messages come without text; None = the logs alone.
    """

    def __init__(self, name: str, sessions: Sessions, logbook: Logbook, on_quota: Notify | None) -> None:
        self.name = name
        self._sessions = sessions
        self._logbook = logbook
        self._on_quota = on_quota

    def called(self) -> None:
        """DingTalk counts what it delivers."""
        self._logbook.called(self.name, "webhook")

    def heard(self, heard: Heard) -> None:
        """Somebody spoke; the session of their message is the newest of the conversation."""
        incoming = heard.incoming
        self._logbook.heard(self.name, incoming.sender, lasting=incoming.lasting)
        if heard.session:
            self._sessions.put(heard.conversation, heard.session)

    async def quota_used_up(self, news: QuotaUsedUp) -> None:
        """The school's month is over: messages come without their words."""
        log.warning("dingtalk.quota_used_up", channel=self.name, detail=news.detail)
        self._logbook.exhausted(self.name, news.detail)
        if self._on_quota:
            await self._on_quota(news.detail)
