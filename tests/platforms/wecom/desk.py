"""A callback with late answers in memory and a handler the test decides on."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.chat.reply import message
from bot.chat.transport import Incoming
from bot.clock import MovableClock
from bot.delivery.logbook import Logbook
from bot.delivery.outcome import Outcome, Said
from bot.platforms.wecom.callback import WeComCallback
from bot.platforms.wecom.late import Late
from bot.platforms.wecom.payloads import Message
from tests.platforms.wecom.peer import NOW, Platform, settings


def outcome(*lines: str) -> Outcome:
    return Outcome(said=(Said(to="here", content=message(*lines)),))


class Replies:
    """Late answers in memory."""

    def __init__(self) -> None:
        self.expected: list[str] = []
        self.known: dict[str, Late] = {}

    async def expect(self, message: Message) -> None:
        self.expected.append(message.incoming.msgid)

    async def get(self, stream: str, now: datetime) -> Late | None:
        return self.known.get(stream)


class Desk:
    def __init__(self, **more: Any) -> None:
        self.clock = MovableClock(NOW)
        self.platform = Platform(self.clock)
        self.heard: list[Incoming] = []
        self.late = Replies()
        self.reply: Callable[[Incoming], Outcome | None] = lambda _: outcome("✅ 好的")
        self.logbook = Logbook(self.clock)
        self.callback = WeComCallback(settings(**more), self.handle, self.late, self.clock, logbook=self.logbook)

    async def handle(self, incoming: Incoming) -> Outcome | None:
        self.heard.append(incoming)
        return self.reply(incoming)

    async def hear(self, body: Any) -> bytes:
        return await self.callback.receive(*self.platform.signed(body))
