"""What a callback frame of the Stream leads to: a verdict for the acknowledgement, and what is done after it.

A message is handled first and acknowledged when it is stored; its answer is a message of its own, handed over after the
acknowledgement (bot/delivery/express.py). What cannot be stored is not acknowledged: DingTalk delivers it again after
about a minute.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import structlog

from bot.chat.transport import Incoming
from bot.clock import Clock
from bot.config.channels import DingTalkApp
from bot.content import Content
from bot.delivery.outcome import Outcome, answer_key
from bot.platforms.dingtalk.card_taps import tap
from bot.platforms.dingtalk.frames import CARDS, MESSAGES, Frame
from bot.platforms.dingtalk.hearing import Hearing
from bot.platforms.dingtalk.payloads import Aside, Heard, QuotaUsedUp, decode
from bot.platforms.dingtalk.refusal import Refusal

Handle = Callable[[Incoming], Awaitable[Outcome | None]]
"""``Dispatcher.receive``. None = the message is stored and its answer follows through the outbox."""

Deliver = Callable[[str], Awaitable[None]]
"""``Express.deliver``: hands over what is in the outbox under a name."""

Say = Callable[[str, tuple[bool, str], Content], Awaitable[None]]
"""Puts an answer that is none of a command into the outbox: its name there, the conversation, the words."""

log = structlog.get_logger()


async def _nothing() -> None:
    pass


@dataclass(frozen=True)
class Verdict:
    """How a frame is acknowledged, and what follows."""

    code: int = 200
    data: dict[str, Any] = field(default_factory=lambda: {"response": {}})
    then: Callable[[], Awaitable[None]] = _nothing


class StreamEars:
    """Hears what one channel's Stream delivers."""

    def __init__(
        self, channel: DingTalkApp, handle: Handle, deliver: Deliver, say: Say, hearing: Hearing, clock: Clock
    ) -> None:
        self._channel = channel
        self._handle = handle
        self._deliver = deliver
        self._say = say
        self._hearing = hearing
        self._clock = clock
        self._topics = {MESSAGES: self._message, CARDS: self._tap}

    async def hear(self, frame: Frame) -> Verdict:
        """Act on a callback frame.

        Raises:
            StoreError: nothing was stored, so nothing may be acknowledged.
        """
        topic = self._topics.get(frame.headers.topic)
        if topic is None:
            log.info("stream.unknown_topic", channel=self._channel.name, topic=frame.headers.topic[:60])
            return Verdict(404, {})
        try:
            return await topic(frame)
        except Refusal as refusal:
            log.warning("stream.refused", channel=self._channel.name, reason=refusal.reason)
            return Verdict(400, {})

    async def _message(self, frame: Frame) -> Verdict:
        self._hearing.called()
        decoded = decode(frame.data, self._channel, self._clock.now())
        match decoded:
            case Heard():
                self._hearing.heard(decoded)
                return await self._act(decoded.incoming)
            case Aside():
                return await self._aside(decoded)
            case QuotaUsedUp():
                await self._hearing.quota_used_up(decoded)
                return Verdict()

    async def _tap(self, frame: Frame) -> Verdict:
        """A button does what its command does when typed."""
        incoming = tap(frame.data, frame.headers.message_id, self._channel, self._clock.now())
        return await self._act(incoming)

    async def _act(self, incoming: Incoming) -> Verdict:
        apart = incoming.model_copy(update={"apart": True})
        outcome = await self._handle(apart)
        return Verdict(then=partial(self._deliver, answer_key(apart))) if outcome else Verdict()

    async def _aside(self, aside: Aside) -> Verdict:
        log.info("stream.no_text", channel=self._channel.name, reason=aside.reason)
        once = f"aside/{self._channel.name}/{aside.msgid}"
        await self._say(once, aside.conversation, aside.say)
        return Verdict(then=partial(self._deliver, once))
