"""``python -m bot run`` on a connection of its own, killed at random; some of what was said comes again.

``CRASH_ROUNDS=200`` makes it longer; the figures are printed with ``-s``.
"""

import asyncio
import os
import random
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from time import monotonic

import pytest

from bot.cli.data import snapshot
from bot.delivery.outbox import OutboxItem
from bot.domain.groups import space_of
from bot.domain.people import SYSTEM
from bot.domain.reflections import Reflection
from bot.domain.routines import RoutineChange
from tests.crash.bot_process import BotProcess
from tests.crash.line import Line, crowd
from tests.crash.lines import LINES

ROUNDS = int(os.environ.get("CRASH_ROUNDS", "1"))
GROUPS = {"dingtalk": 1, "wecom": 2 + min(ROUNDS // 4, 48)}
"""WeCom takes thirty messages a minute for each conversation; what is more waits for its turn."""

CHANNELS = {"dingtalk": "ding", "wecom": "wecom"}


async def until_killed(line: Line, bot: BotProcess, routines: dict[str, str]) -> None:
    """Everybody talks until the bot is killed at a random moment."""

    async def talk() -> None:
        with suppress(ConnectionError, RuntimeError, AssertionError, IndexError):
            while True:
                await line.speak(routines)
                await asyncio.sleep(random.random() * 0.05)  # noqa: S311 - any rhythm

    talking = asyncio.create_task(talk())
    await asyncio.sleep(random.uniform(0.05, 0.6))  # noqa: S311 - any moment will do
    await bot.kill()
    talking.cancel()
    await asyncio.wait({talking})
    await line.until(up=False)


async def begun(line: Line, bot: BotProcess) -> dict[str, str]:
    """The number of the routine that will be moved about, by group; WeCom posts only where somebody has spoken."""
    await bot.start()
    await line.until(up=True)
    await line.deliver(*(line.message(team, team.people[1], "/任务", private=False) for team in line.teams))
    asked = {
        team.name: line.message(team, team.people[0], "/日程 加 每周三第8节 集体备课", private=True)
        for team in line.teams
    }
    await line.deliver(*asked.values())
    answers = {name: await line.answer(msgid) for name, msgid in asked.items()}
    found = {name: re.search(r"已加 (\d+)", text) for name, text in answers.items()}
    assert all(found.values()), answers
    return {name: match[1] for name, match in found.items() if match}


async def items(data: Path) -> list[OutboxItem]:
    async with snapshot(data) as store, store.transaction(SYSTEM) as tx:
        return await tx.scan(OutboxItem)


async def settled(line: Line, data: Path) -> None:
    """Nothing is owed any more, and nothing waits to be sent; what waits for a limit of a conversation becomes less."""
    least, until = None, monotonic()
    while True:
        owed = await line.bring_again()
        await asyncio.sleep(0.5)
        found = [item for item in await items(data) if not item.notice]
        busy = [item for item in found if item.state in ("waiting", "sending", "unknown")]
        if not owed and not busy:
            return
        if least is None or len(busy) < least:
            least, until = len(busy), monotonic() + 90  # a conversation's minute, and some
        assert monotonic() < until, (owed, len(busy), busy[:2])


@pytest.mark.timeout(90 + 10 * ROUNDS)
@pytest.mark.parametrize("platform", LINES)
async def test_nothing_acknowledged_is_lost_and_nothing_done_twice(tmp_path: Path, platform: str) -> None:
    folder, line = tmp_path / "数据 目录", LINES[platform](crowd(GROUPS[platform], CHANNELS[platform]))
    folder.mkdir()
    await line.start()
    (folder / "config.toml").write_text(line.config(), encoding="utf-8")
    bot = BotProcess(folder)
    try:
        routines = await begun(line, bot)
        await bot.kill()
        for _ in range(ROUNDS):
            await bot.start()
            await line.until(up=True)
            await line.bring_again(most=300)
            await until_killed(line, bot, routines)
        await bot.start()
        await line.until(up=True)
        await settled(line, folder / "data")
        assert await bot.stop() == 0
    finally:
        await bot.kill()
        await line.stop()
    await done_once(line, folder / "data")
    posted_once(line, await items(folder / "data"))
    assert "Traceback" not in bot.log


def words(line: Line, command: str, msgids: Iterable[str]) -> set[str]:
    """The arguments of what was said under a command."""
    texts = [line.said[msgid].text for msgid in msgids]
    return {text.removeprefix(command) for text in texts if text.startswith(command)}


async def done_once(line: Line, data: Path) -> None:
    """What is certain is stored, nothing that nobody said, and nothing twice."""
    reflections, places = [], []
    async with snapshot(data) as store:
        for team in line.teams:
            async with store.transaction(space_of(team.name)) as tx:
                reflections += [reflection.text for reflection in await tx.scan(Reflection)]
                places += [change.place for change in await tx.scan(RoutineChange)]
    for stored, command in ((reflections, "/反思 "), (places, "/日程 改 ")):
        certain, said = (words(line, command, msgids) for msgids in (line.certain, line.said))
        if command == "/日程 改 ":
            certain, said = ({text.split("\uff1a")[1] for text in texts} for texts in (certain, said))
        assert len(stored) == len(set(stored))
        assert certain <= set(stored) <= said


def posted_once(line: Line, outbox: list[OutboxItem]) -> None:
    """A post may be undecided, one for each kill: then it is held. An answer may come twice."""
    changes = [item for item in outbox if item.kind == "change"]
    posts = {team.chat: line.posts(team) for team in line.teams}
    for item in changes:
        assert item.state in ("sent", "held"), item
        times = posts[item.to][line.rendered(item.content)]
        assert times == 1 if item.state == "sent" else times <= 1, (item, times)
    answers = [item for item in outbox if item.kind == "reply"]
    assert {item.state for item in answers} <= {"sent", "held"}
    held = sum(item.state == "held" for item in (*changes, *answers))  # an answer cut off three times waits in /待定
    assert held <= ROUNDS
    assert line.shown + held >= len(line.certain) + len(changes)
    assert line.unfinished == 0
    print(f"{ROUNDS} kills, {len(line.said)} messages delivered {line.deliveries} times, ", end="")
    print(f"{len(line.acked)} answered for at once; {line.shown} things said, ", end="")
    print(f"{len(answers)} answers by the line; {len(changes)} changes posted, {held} posts and answers held")
