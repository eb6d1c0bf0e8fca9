"""The sample school on WeCom's long connection: what is said comes over the wire, the answers stand in the chat."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from bot import app
from bot.chat.commands import Registry, command
from bot.chat.context import Context
from bot.chat.reply import Reply, say
from bot.clock import MovableClock
from bot.content import Content
from bot.delivery.flight import Patience
from bot.delivery.outbox import OutboxItem, enqueue
from bot.domain.groups import space_of
from bot.domain.people import SYSTEM
from bot.domain.reflections import Reflection
from bot.platforms.links import Timing
from bot.simulator import sample
from tests.platforms.house import Served, house, school_config, section
from tests.platforms.wecom.connection_rules import BOT, SECRET
from tests.platforms.wecom.fake_connection import FakeConnection

TEXT = "/反思 今天的导入太长\uff0c学生讨论不够。"
CHAT = "wrkSFfCgAAbeikezuBeikezu01"
LI, WANG_LAOSHI = sample.user_of("李老师"), sample.user_of("王老师")
TIMING = Timing(
    connect=2.0, silence=1e6, look=0.02, first=0.02, most=0.3, steady=0.6, linger=0.5, ping=0.2, ack=0.25, tap=0.1
)
"""A hundredth of the real ones; silence is left long: a clock moved by the test is no sleep."""


@dataclass
class School:
    """A running bot and its platform."""

    served: Served
    platform: FakeConnection
    clock: MovableClock
    gates: list[asyncio.Event] = field(default_factory=list)

    async def says(self, text: str, /, who: str = "王老师", *, private: bool = False, **more: Any) -> str:
        """Say it, in the group with the mention, and read the answer."""
        before = len(self.platform.shown)
        await self.heard(text, who, private=private, **more)
        return (await self.platform.answer(before + 1)).text

    async def heard(self, text: str, /, who: str = "王老师", *, private: bool = False, **more: Any) -> str:
        """Say it and do not wait; the message's id."""
        words = text if private else f"@备课助手 {text}"
        return await self.platform.say(words, who=sample.user_of(who), chat="" if private else CHAT, **more)

    async def taps(self, label: str, who: str = "王老师", *, private: bool = False, msgid: str = "") -> str:
        """Tap what the newest card offers under a label; the tap's id."""
        user = sample.user_of(who)
        return await self.platform.tap_button(label, who=user, chat="" if private else CHAT, msgid=msgid)

    async def up(self) -> None:
        """The connection stands, as both sides see it."""
        await self.platform.until(lambda: self.platform.current and self.served.links[0].state.up)

    async def down(self, words: str) -> None:
        """The connection is down for this reason."""
        state = self.served.links[0]
        await self.platform.until(lambda: not state.state.up and words in state.state.reason)

    async def ready(self) -> tuple[int, dict[str, Any]]:
        """What /health/ready says."""
        async with self.served.http.get(f"{self.served.url}/health/ready") as answer:
            return answer.status, await answer.json()

    async def outbox(self) -> list[OutboxItem]:
        async with self.served.store.transaction(SYSTEM) as tx:
            return await tx.scan(OutboxItem)

    async def states(self) -> list[str]:
        return [item.state for item in await self.outbox()]

    async def until_states(self, *states: str) -> None:
        """The outbox holds this; an outcome is written after the platform has the message."""
        async with asyncio.timeout(5):
            while await self.states() != list(states):  # noqa: ASYNC110 - two sides of a wire
                await asyncio.sleep(0.01)

    async def reflections(self) -> list[str]:
        async with self.served.store.transaction(space_of(sample.CHINESE)) as tx:
            return [reflection.text for reflection in await tx.scan(Reflection)]

    async def drain(self) -> None:
        await self.served.bot.sender.drain()

    def slow(self, patience: float = 0.05) -> asyncio.Event:
        """From now on "/慢慢" answers when the event is set; who is slower than ``patience`` is late."""
        gate = asyncio.Event()
        self.gates.append(gate)

        @command("慢慢", example="/慢慢")
        async def slowly(ctx: Context) -> Reply:
            """等到放行"""
            await gate.wait()
            return say("✅ 终于好了")

        made = ModuleType("probe")
        slowly.__module__ = made.__name__
        made.__dict__["slowly"] = slowly
        dispatcher = self.served.bot.dispatcher
        dispatcher.registry, dispatcher.patience = Registry([*app.modules("handlers"), made]), Patience(patience)
        return gate


def config(platform: FakeConnection, **more: str) -> str:
    channel = section("wecom-connection", name="wecom", bot_id=BOT, **{"secret": SECRET, "url": platform.url, **more})
    return school_config(channel, channel="wecom", chat=CHAT)


@asynccontextmanager
async def school(
    platform: FakeConnection, folder: Path, clock: MovableClock, timing: Timing = TIMING, **more: str
) -> AsyncIterator[School]:
    """The bot, connected unless it cannot be (``more`` = other values in its channel)."""
    async with house(config(platform, **more), folder, clock, timing) as served:
        made = School(served, platform, clock)
        if not more:
            await made.up()
        try:
            yield made
        finally:
            for gate in made.gates:
                gate.set()


async def post(house: School, kind: Any = "card", *, private: bool = False, **more: Any) -> None:
    """Put something into the outbox as the calendar or a command does."""
    given = {"content": Content(lines=("今天集体备课",)), "to": WANG_LAOSHI if private else CHAT, **more}
    async with house.served.store.transaction(SYSTEM) as tx:
        await enqueue(
            tx, channel="wecom", kind=kind, private=private, group=sample.CHINESE, now=house.clock.now(), **given
        )
