"""``python -m bot run`` under signed callbacks of both platforms, killed at random moments and started again.

A message whose answer was cut off is delivered again, as the platforms do, and some that were answered too, some of
them twice at once. ``CRASH_ROUNDS=200`` makes it longer; the figures are printed with ``-s``.
"""

import asyncio
import itertools
import os
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from bot.cli.data import snapshot
from bot.delivery.outbox import OutboxItem
from bot.domain.groups import space_of
from bot.domain.open_lessons import OpenLesson, Seat
from bot.domain.people import SYSTEM
from bot.domain.reflections import Reflection
from bot.domain.routines import RoutineChange
from bot.platforms.dingtalk import render as dingtalk_render
from bot.platforms.wecom import render as wecom_render
from bot.storage import Store
from tests.crash.bot_process import BotProcess, Message
from tests.crash.platforms import FakePlatforms
from tests.crash.school import CHANNELS, TEAMS, Script, Talk, config

ROUNDS = int(os.environ.get("CRASH_ROUNDS", "2"))


@dataclass
class Person:
    """Somebody with a script, and what they have said and not heard the answer to yet."""

    talk: Talk
    name: str
    script: Script
    pending: Message | None = None


@dataclass
class Scene:
    """Everybody, everything answered, and what was answered differently the second time."""

    bot: BotProcess
    people: list[Person]
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    answers: dict[str, str] = field(default_factory=dict)
    answered: list[Message] = field(default_factory=list)
    changed: list[tuple[str, str]] = field(default_factory=list)
    again: int = 0
    late: int = 0

    async def deliver(self, session: aiohttp.ClientSession, message: Message) -> str:
        """Deliver until there is an answer, and compare it with the one before."""
        while not (answer := await self.bot.deliver(session, message)):
            self.late += 1
            await asyncio.sleep(0.05)
        if message.msgid in self.answers:
            self.again += 1
            if self.answers[message.msgid] != answer:
                self.changed.append((self.answers[message.msgid], answer))
        else:
            self.answers[message.msgid] = answer
            self.answered.append(message)
        return answer

    async def speak(self, session: aiohttp.ClientSession, person: Person) -> None:
        """Say what is pending, hear the answer and think of the next thing."""
        if person.pending is None:
            self._next(person, None)
        message = person.pending
        assert message is not None
        copies = 2 if random.random() < 0.1 else 1  # noqa: S311 - some come twice at once
        answer, *_ = await asyncio.gather(*(self.deliver(session, message) for _ in range(copies)))
        assert answer.startswith("✅"), (message, answer)
        self._next(person, answer)

    def _next(self, person: Person, answer: str | None) -> None:
        line = next(person.script) if answer is None else person.script.send(answer)
        person.pending = Message(person.talk.team, person.name, line, f"m{next(self.numbers):06}")

    async def remind(self, session: aiohttp.ClientSession) -> None:
        """Deliver once more what was answered before."""
        for message in random.sample(self.answered, min(6, len(self.answered))):
            await self.deliver(session, message)


async def until_killed(scene: Scene, answers: int) -> None:
    """Everybody talks until the bot is killed, a moment after so many answers more."""
    enough = len(scene.answers) + answers

    async def go_on(session: aiohttp.ClientSession, person: Person) -> None:
        try:
            while True:
                await scene.speak(session, person)
        except (OSError, aiohttp.ClientError):
            return

    async def remind(session: aiohttp.ClientSession) -> None:
        try:
            await scene.remind(session)
        except (OSError, aiohttp.ClientError):
            return

    async def murder() -> None:
        while len(scene.answers) < enough:  # noqa: ASYNC110 - what is waited for happens in another process
            await asyncio.sleep(0.001)
        await asyncio.sleep(random.random() * 0.03)  # noqa: S311 - any moment will do
        await scene.bot.kill()

    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as tasks:
        for person in scene.people:
            tasks.create_task(go_on(session, person))
        tasks.create_task(remind(session))
        tasks.create_task(murder())


async def items(data: Path) -> list[OutboxItem]:
    async with snapshot(data) as store, store.transaction(SYSTEM) as tx:
        return await tx.scan(OutboxItem)


async def settled(data: Path) -> None:
    """Wait until the outbox has nothing left to send; the news of a trouble may take its minute."""
    async with asyncio.timeout(30 + ROUNDS):
        while any(_on_its_way(item) for item in await items(data)):  # noqa: ASYNC110 - another process sends
            await asyncio.sleep(0.1)


def opening(folder: Path, base: str) -> Scene:
    (folder / "config.toml").write_text(config(base), encoding="utf-8")
    numbers = itertools.count(1)
    talks = [Talk(team, numbers) for team in TEAMS]
    return Scene(BotProcess(folder, base), [Person(talk, *part) for talk in talks for part in talk.scripts().items()])


def _on_its_way(item: OutboxItem) -> bool:
    return item.state in ("waiting", "unknown", "sending") and not item.notice


async def killed_again_and_again(scene: Scene, data: Path) -> None:
    for _ in range(ROUNDS):
        await scene.bot.start()
        await until_killed(scene, random.randint(5, 80))  # noqa: S311 - any moment will do
    await scene.bot.start()
    async with aiohttp.ClientSession() as session:
        for person in scene.people:
            await scene.speak(session, person)
        await scene.remind(session)
    await settled(data)
    assert await scene.bot.stop() == 0


@pytest.mark.timeout(60 + 10 * ROUNDS)
async def test_nothing_acknowledged_is_lost_and_nothing_done_twice(tmp_path: Path) -> None:
    folder, platforms = tmp_path / "数据 目录", FakePlatforms()
    folder.mkdir()
    async with platforms.serving():
        scene = opening(folder, platforms.base)
        try:
            await killed_again_and_again(scene, folder / "data")
        finally:
            await scene.bot.kill()
    outbox = await items(folder / "data")
    async with snapshot(folder / "data") as store:
        for talk in {id(person.talk): person.talk for person in scene.people}.values():
            await everything_was_done_once(store, talk)
    assert scene.changed == []
    print(f"{ROUNDS} kills, {len(scene.answers)} messages, {scene.again} again, {scene.late} late", end="")
    everything_sent_has_arrived_once(outbox, platforms)
    notes_came_with_an_answer_once(scene, outbox)
    assert "Traceback" not in scene.bot.log


async def everything_was_done_once(store: Store, talk: Talk) -> None:
    """What the bot has confirmed is there, and nothing twice. Who was cut off has been answered by now."""
    async with store.transaction(space_of(talk.team.name)) as tx:
        texts = [reflection.text for reflection in await tx.scan(Reflection)]
        places = [change.place for change in await tx.scan(RoutineChange)]
        lessons = {lesson.title: lesson for lesson in await tx.scan(OpenLesson)}
        count = await tx.count(OpenLesson)
        seats = [seat for seat in await tx.scan(Seat) if seat.lesson == min(x.id for x in lessons.values())]
    assert (len(texts), set(texts)) == (len(talk.reflections), talk.reflections)
    assert (len(places), set(places)) == (len(talk.places), talk.places)
    assert (count, set(lessons)) == (len(talk.titles), talk.titles)
    assert sorted(seat.member for seat in seats) == sorted(talk.seated)


def everything_sent_has_arrived_once(outbox: list[OutboxItem], platforms: FakePlatforms) -> None:
    """A post may be undecided, one for each kill and channel; then it is held and was not sent again.

    A private note may arrive twice: the outbox prefers that to a note that never arrives.
    """
    by_chat: dict[tuple[str, str, str], list[OutboxItem]] = defaultdict(list)
    for item in outbox:
        if item.channel != "wecom":
            assert item.state in ("sent", "held") or item.notice, item
            by_chat[item.channel, _whom(item), _shown(item)].append(item)
    assert set(platforms.taken) <= set(by_chat)
    twice = 0
    for key, same in by_chat.items():
        states = Counter(item.state for item in same)
        assert platforms.taken[key] >= states["sent"], (key, states, platforms.taken[key])
        more = platforms.taken[key] - states["sent"] - states["held"]
        assert more <= 0 or all(item.kind == "note" for item in same), (key, states, platforms.taken[key])
        twice += max(0, more)
    held = Counter(item.channel for item in outbox if item.state == "held")
    sent = Counter(item.channel for item in outbox if item.state == "sent")
    print(f"; sent {dict(sent)}, held {dict(held)}, notes twice {twice}, given again and known {platforms.repeated}")
    assert held["ding-robot"] == 0
    assert all(held[channel] <= ROUNDS for channel in CHANNELS)
    assert min(sent[channel] for channel in ("ding", "ding-robot", "wecom-robot")) > 0


def notes_came_with_an_answer_once(scene: Scene, outbox: list[OutboxItem]) -> None:
    """WeCom's robot cannot speak first: a note waits and is part of one private answer, however often that is given."""
    for item in outbox:
        if item.channel == "wecom" and item.kind == "note":
            assert item.state in ("inbox", "sent") or item.notice, item
            said = [m for m in scene.answered if m.speaker == item.to and m.line.private]
            carried = sum(item.content.plain() in scene.answers[m.msgid] for m in said)
            assert carried == (item.state == "sent"), (item, carried)


def _whom(item: OutboxItem) -> str:
    return item.to if item.channel == "ding" else "group"


def _shown(item: OutboxItem) -> str:
    render = wecom_render.render if item.channel == "wecom-robot" else dingtalk_render.render
    return render(item.content, in_group=not item.private, bot_name="备课助手").text
