"""A DingTalk app robot by HTTP callback: headers and bytes in, a status and bytes out. No web framework in here.

Signature and window first, then decode, then the dispatcher. The answer goes back in the HTTP body; one that is not
ready in time goes through the outbox, for which the newest session of the conversation is kept.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import NamedTuple

import structlog

from bot.chat.transport import Incoming
from bot.clock import Clock
from bot.config.channels import DingTalkApp
from bot.content import Content
from bot.delivery.outcome import Outcome
from bot.delivery.pieces import apart
from bot.delivery.split import split
from bot.platforms.dingtalk.hearing import Hearing
from bot.platforms.dingtalk.message_body import message_body
from bot.platforms.dingtalk.payloads import Aside, Decoded, Heard, QuotaUsedUp, decode
from bot.platforms.dingtalk.refusal import Refusal
from bot.platforms.dingtalk.render import PARAM_BYTES, render, title_and_text
from bot.platforms.dingtalk.reuse import UsedSignatures
from bot.platforms.dingtalk.signing import check

JSON = "application/json"

QUOTA_ADVICE = "请学校管理员在钉钉开发者后台看用量；下个月一号自动恢复。"
"""What the leaders read beside ``Notify``'s sentence."""

MAX_BODY = 256 * 1024
"""Bytes of a callback; DingTalk's texts stay far below."""

Handle = Callable[[Incoming], Awaitable[Outcome | None]]
"""``Dispatcher.receive``. None = acknowledged without an answer, which follows through the outbox."""

Overflow = Callable[[Incoming, Content, int], Awaitable[None]]
"""Enqueues a further part (2, 3 …) of an answer too long for one message, as kind "reply"; the same part only once."""

log = structlog.get_logger()


class Answer(NamedTuple):
    """What goes back: an HTTP status and a JSON body; ``reason`` is set for a refusal and goes into the log alone."""

    status: int
    body: bytes = b""
    reason: str = ""


SILENCE = Answer(200, b'{"msgtype":"empty"}')


class DingTalkCallback:
    """Serves one channel.

    Args:
        channel: its section of the config file.
        handle: what is done with a message.
        overflow: takes what does not fit into the answer.
        hearing: notes who was heard; its sessions are shared with the channel's ``DingTalkApi``.
        window: seconds a request's timestamp may differ from ``clock``.
    """

    def __init__(
        self,
        channel: DingTalkApp,
        handle: Handle,
        overflow: Overflow,
        clock: Clock,
        hearing: Hearing,
        *,
        window: int = 600,
    ) -> None:
        self.name = channel.name
        self._channel = channel
        self._handle = handle
        self._overflow = overflow
        self._clock = clock
        self._window = window
        self._hearing = hearing
        self._used = UsedSignatures(clock, window)

    async def answer(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """Act on a request: 200 with the answer or ``SILENCE``, or a 4xx with the reason.

        Args:
            headers: case-insensitive, as aiohttp gives them, or with lower-case names.

        Raises:
            StoreError: nothing was done and nothing may be acknowledged; DingTalk delivers again.
        """
        now = self._clock.now()
        try:
            self._admit(headers, body, now)
            self._hearing.called()
            return await self._follow(decode(body, self._channel, now), headers["timestamp"])
        except Refusal as refusal:
            return Answer(refusal.status, b'{"error":"refused"}', refusal.reason)

    def _admit(self, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        """Everything that can be judged without parsing the body, the signature first."""
        check(headers, self._channel.client_secret.get_secret_value(), now, self._window)
        if headers.get("content-encoding", "identity").strip().lower() != "identity":
            raise Refusal(415, "compressed body")
        if headers.get("content-type", JSON).partition(";")[0].strip().lower() != JSON:
            raise Refusal(415, "body is not JSON")
        if len(body) > MAX_BODY:
            raise Refusal(413, "body too large")

    async def _follow(self, decoded: Decoded, timestamp: str) -> Answer:
        match decoded:
            case Heard():
                return await self._once(decoded, timestamp)
            case Aside():
                log.info("callback.no_text", channel=self.name, reason=decoded.reason)
                return self._say(decoded.say, decoded.private)
            case QuotaUsedUp():
                await self._hearing.quota_used_up(decoded)
                return SILENCE

    async def _once(self, heard: Heard, timestamp: str) -> Answer:
        incoming = heard.incoming
        if not await self._used.admits(timestamp, incoming.msgid):
            raise Refusal(403, "signature of another message")
        self._hearing.heard(heard)
        try:
            return await self._act(heard)
        finally:
            self._used.answered(timestamp)

    async def _act(self, heard: Heard) -> Answer:
        incoming = heard.incoming
        outcome = await self._handle(incoming)
        if outcome is None:
            return SILENCE
        words, files = apart(outcome.answer)
        whole = self._body(words, incoming.private)
        if len(whole) <= PARAM_BYTES and not files:
            return Answer(200, whole)
        first, *rest = split(words, PARAM_BYTES, lambda part: self._size(part, incoming.private))
        rest += files  # the answer takes words alone; a file goes by the open API
        for number, part in enumerate(rest, start=2):
            await self._overflow(incoming, part, number)
        return self._say(first, incoming.private)

    def _say(self, content: Content, private: bool) -> Answer:
        return Answer(200, self._body(content, private))

    def _body(self, content: Content, private: bool) -> bytes:
        return message_body(*title_and_text(content, in_group=not private, bot_name=self._channel.bot_name))

    def _size(self, content: Content, private: bool) -> int:
        return render(content, in_group=not private, bot_name=self._channel.bot_name).bytes
