"""A dispatcher over a real store with the sample school, and a few handlers that misbehave on purpose."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import ModuleType

from bot.chat.arguments import Text
from bot.chat.commands import Registry, command
from bot.chat.context import Context
from bot.chat.reply import Reply, order, say
from bot.chat.transport import Incoming
from bot.clock import MovableClock
from bot.delivery.outbox import OutboxItem
from bot.delivery.outcome import Outcome
from bot.delivery.seen import Inboxed, Seen
from bot.delivery.workshop import Workshop
from bot.dispatch import Dispatcher
from bot.domain.groups import space_of
from bot.domain.people import SYSTEM
from bot.errors import Conflict, Refused
from bot.simulator import sample
from bot.storage import Record
from bot.storage.blobs import Blobs
from bot.storage.tiny import TinyStore

INCIDENT = r"\uff08编号 ([23456789A-HJKLMNP-Z]{6})\uff09"


class Note(Record):
    """What the handlers below write."""

    TABLE = "probe_notes"
    INDEXES = ("text",)
    text: str


class Behaviour:
    """What the test's handlers do next, and what they did."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.gate.set()
        self.inside: dict[str, int] = {}
        self.most: dict[str, int] = {}
        self.at_once = 0
        self.runs: list[str] = []
        self.conflicts = 0


Handler = Callable[..., Awaitable[Reply]]


async def _write(behaviour: Behaviour, ctx: Context, text: str) -> None:
    behaviour.runs.append(text)
    await ctx.group.records.add(Note(text=text))


def module(behaviour: Behaviour) -> ModuleType:
    """The handlers as a module, the way the app finds those of ``handlers``."""
    made = ModuleType("probe")
    for handler in (*_writers(behaviour), *_waiters(behaviour), *_orders(behaviour)):
        handler.__module__ = made.__name__
        setattr(made, handler.__name__, handler)
    return made


def _writers(behaviour: Behaviour) -> list[Handler]:
    @command("记下", example="/记下 一句话")
    async def note(ctx: Context, text: Text) -> Reply:
        """记一句，告诉孙老师"""
        await _write(behaviour, ctx, text)
        ctx.group.tell("孙老师", text)
        return say(f"记下了：{text}")

    @command("出错", example="/出错 一句话")
    async def broken(ctx: Context, text: Text) -> Reply:
        """写了再出错"""
        await _write(behaviour, ctx, text)
        ctx.group.tell("孙老师", text)
        raise ZeroDivisionError(text)

    @command("拒绝", example="/拒绝 一句话")
    async def refused(ctx: Context, text: Text) -> Reply:
        """写了再拒绝"""
        await _write(behaviour, ctx, text)
        ctx.group.tell("孙老师", text)
        raise Refused("这次不行。")

    @command("争先", example="/争先 一句话")
    async def contested(ctx: Context, text: Text) -> Reply:
        """别人先改了"""
        await _write(behaviour, ctx, text)
        if behaviour.conflicts:
            behaviour.conflicts -= 1
            raise Conflict("changed elsewhere")
        return say("争到了")

    return [note, broken, refused, contested]


def _waiters(behaviour: Behaviour) -> list[Handler]:
    @command("慢慢", example="/慢慢 一句话")
    async def slow(ctx: Context, text: Text) -> Reply:
        """等到放行"""
        await behaviour.gate.wait()
        await _write(behaviour, ctx, text)
        return say(f"终于好了：{text}")

    @command("拥挤", example="/拥挤 一句话")
    async def crowded(ctx: Context, text: Text) -> Reply:
        """进出都记下来"""
        key = ctx.group.key
        behaviour.inside[key] = behaviour.inside.get(key, 0) + 1
        behaviour.most[key] = max(behaviour.most.get(key, 0), behaviour.inside[key])
        behaviour.at_once = max(behaviour.at_once, sum(behaviour.inside.values()))
        for _ in range(3):
            await asyncio.sleep(0)
        behaviour.inside[key] -= 1
        return say(text)

    return [slow, crowded]


def _orders(behaviour: Behaviour) -> list[Handler]:
    @command("做", example="/做 一份")
    async def make(ctx: Context, text: Text) -> Reply:
        """做一份文件"""
        await _write(behaviour, ctx, text)
        return replace(say(f"⏳ 正在做{text}……"), job=order("probe.page", text, text=text))

    @command("悄悄做", example="/悄悄做 一份")
    async def make_privately(ctx: Context, text: Text) -> Reply:
        """做一份文件，私下发"""
        return replace(say(f"⏳ 正在做{text}……"), job=order("probe.page", text, private=True, text=text))

    return [make, make_privately]


class Desk:
    """Everything a test of the dispatcher needs; ``restart`` is a new process on the same folder."""

    def __init__(self, folder: Path, patience: float = 30.0) -> None:
        self.clock = MovableClock(sample.START)
        self.behaviour = Behaviour()
        self.registry = Registry([import_module("handlers.help"), module(self.behaviour)])
        self.patience = patience
        self.folder = folder
        self.store = TinyStore(folder)
        self.dispatcher = self._dispatcher()

    async def open(self) -> "Desk":
        await self.store.open()
        await sample.found(self.store, self.clock.now())
        return self

    async def restart(self) -> None:
        await self.store.close()
        await self.store.open()
        self.dispatcher = self._dispatcher()

    def _dispatcher(self) -> Dispatcher:
        return Dispatcher(self.store, self.registry, self.clock, patience=self.patience)

    def message(self, text: str, msgid: str = "m1", who: str = "王老师", group: str = "chinese") -> Incoming:
        return Incoming(
            channel=sample.CHANNEL,
            msgid=msgid,
            chat=sample.chat_of(group),
            private=False,
            sender=sample.user_of(who),
            sender_name=who,
            text=f" {text}",
            bot_name="备课助手",
            at=self.clock.now(),
        )

    async def receive(self, text: str, msgid: str = "m1", **more: str) -> Outcome | None:
        return await self.dispatcher.receive(self.message(text, msgid, **more))

    async def notes(self, group: str = "chinese") -> list[str]:
        async with self.store.transaction(space_of(group)) as tx:
            return [note.text for note in await tx.scan(Note)]

    async def outbox(self, kind: str) -> list[OutboxItem]:
        async with self.store.transaction(SYSTEM) as tx:
            return [item for item in await tx.scan(OutboxItem) if item.kind == kind]

    async def count(self, kind: type[Record]) -> int:
        async with self.store.transaction(SYSTEM) as tx:
            return await tx.count(kind)

    async def inbox(self) -> int:
        return await self.count(Inboxed)

    def workshop(self) -> Workshop:
        """A new one on the same folder, as after a restart."""
        return Workshop(self.store, Blobs(self.folder), self.clock, lambda: None)

    async def seen(self) -> int:
        return await self.count(Seen)


async def until(condition: Callable[[], Awaitable[object]]) -> None:
    """Wait for something that happens inside the dispatcher."""
    async with asyncio.timeout(5):
        while not await condition():  # noqa: ASYNC110 - what is waited for happens inside the dispatcher
            await asyncio.sleep(0.002)
