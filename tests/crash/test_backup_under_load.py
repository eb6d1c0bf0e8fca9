"""A backup taken while fifty messages a second arrive is the state of one moment.

What is restored from it is compared with a bot that was told exactly the messages the copy knows, in their order, and
nothing else: every record of every group is the same, no message is half in it, all that was acknowledged before the
copy began is in it, and the restored bot goes on from there. ``BACKUP_SECONDS=60`` talks longer.
"""

import asyncio
import itertools
import json
import os
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import aiohttp
import pytest

from bot.cli.data import snapshot
from bot.clock import SCHOOL_ZONE, MovableClock
from bot.config import load
from bot.delivery.outbox import OutboxItem
from bot.delivery.seen import Seen
from bot.domain.people import SYSTEM
from bot.scheduling.backups import Backups
from bot.storage.folder import DATABASE
from bot.storage.tiny import TinyStore
from tests.crash.bot_process import ROOT, BotProcess, Message
from tests.crash.platforms import FakePlatforms
from tests.crash.school import TEAMS, Script, Talk, config
from tests.platforms import house
from tests.platforms.dingtalk import samples

RATE = 50
SECONDS = float(os.environ.get("BACKUP_SECONDS", "1.2"))
CLOCKWORK = ("ledger", "days")
"""Tables the alarm writes when its minute comes; they are no answer to a message."""

pytestmark = pytest.mark.timeout(60 + 5 * SECONDS)


@dataclass
class Said:
    """A message with when it was first sent and when it was acknowledged, in seconds."""

    message: Message
    sent: float
    acknowledged: float = float("inf")


@dataclass
class Crowd:
    """Everybody of three groups, speaking in turn at a steady rate until ``done``."""

    bot: BotProcess
    said: dict[str, Said] = field(default_factory=dict)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    async def talk(self) -> None:
        """Send a message every fiftieth of a second, whoever's turn it is; each waits for the own answer only."""
        numbers, ids = itertools.count(1), itertools.count(1)
        scripts = [(team, *part) for team in TEAMS for part in Talk(team, numbers).scripts().items()]
        async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as tasks:
            begun = monotonic()
            for place, (team, name, script) in enumerate(scripts):
                times = (begun + (place + turn * len(scripts)) / RATE for turn in itertools.count())

                def message(line: Any, team: Any = team, name: str = name) -> Message:
                    return Message(team, name, line, f"m{next(ids):06}")

                tasks.create_task(self._speak(session, script, message, times))

    async def has_said(self, seconds: float) -> None:
        """Wait until as much more was sent as is in ``seconds``."""
        enough = len(self.said) + seconds * RATE
        while len(self.said) < enough:  # noqa: ASYNC110 - the others count while this waits
            await asyncio.sleep(0.01)

    async def _speak(
        self, session: aiohttp.ClientSession, script: Script, make: Callable[[Any], Message], times: Any
    ) -> None:
        line = next(script)
        for moment in times:
            await asyncio.sleep(max(0.0, moment - monotonic()))
            if self.done.is_set():
                return
            message = make(line)
            self.said[message.msgid] = said = Said(message, monotonic())
            answer = await told(self.bot, session, message)
            said.acknowledged = monotonic()
            line = script.send(answer)


async def told(bot: BotProcess, session: aiohttp.ClientSession, message: Message) -> str:
    """Deliver until there is an answer; a platform does so when the first one is late."""
    while not (answer := await bot.deliver(session, message)):  # noqa: ASYNC110 - another process decides
        await asyncio.sleep(0.05)
    assert answer.startswith("✅"), (message, answer)
    return answer


async def during(crowd: Crowd, copy: Callable[[], Awaitable[None]]) -> tuple[float, float]:
    """Talk, copy in the middle, and return when the copying began and ended."""
    talking = asyncio.create_task(crowd.talk())
    await crowd.has_said(SECONDS / 2)
    begun = monotonic()
    await copy()
    ended = monotonic()
    await crowd.has_said(SECONDS / 4)
    crowd.done.set()
    await talking
    return begun, ended


def set_up(folder: Path, base: str) -> None:
    """A folder with the configuration and no data yet; one that is there keeps its data."""
    folder.mkdir(exist_ok=True)
    (folder / "config.toml").write_text(config(base), encoding="utf-8")


async def verb(folder: Path, *words: str) -> str:
    """What ``python -m bot`` prints in a folder."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "DING_SECRET": samples.SECRET}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *words),
        cwd=folder,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, error = await process.communicate()
    assert process.returncode == 0, error.decode()
    return out.decode()


@asynccontextmanager
async def fresh(folder: Path, base: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[house.Served, Any]]:
    """The bot of a folder in this process, and the platforms that call it."""
    set_up(folder, base)
    monkeypatch.setenv("DING_SECRET", samples.SECRET)
    with monkeypatch.context() as inside:
        inside.chdir(folder)
        async with house.house(load(folder / "config.toml"), folder, MovableClock(datetime.now(SCHOOL_ZONE))) as server:
            caller = BotProcess(folder, base)
            caller.address = server.url
            yield server, caller


async def seen(store: TinyStore) -> list[str]:
    """The ids of the messages it knows, in the order it handled them."""
    async with store.transaction(SYSTEM) as tx:
        return [row.key.partition("/")[2] for row in await tx.scan(Seen)]


async def state(store: TinyStore) -> dict[str, list[str]]:
    """All that is stored in the groups, and what was to be told to whom; moments of these days left out.

    The outbox is everybody's: under which numbers a group's messages stand in it depends on the others.
    """
    rows = await house.contents(store)
    found = {name: rows[name] for name in rows if name.startswith("group:") and name.split("/")[-1] not in CLOCKWORK}
    async with store.transaction(SYSTEM) as tx:
        told = sorted(
            f"{item.group} {item.kind} {item.to_name} {item.content}"
            for item in await tx.scan(OutboxItem)
            if not item.why
        )
    now = datetime.now(SCHOOL_ZONE)
    days = "|".join(f"{now + timedelta(days=n):%Y-%m-%d}" for n in (-1, 0, 1))
    moment = re.compile(rf"(?:{days})T[^\"\\]*")
    posts = re.compile(r'"posts":\[[^\]]*\]')
    rows = {**found, "told": told}
    return {name: [posts.sub("", moment.sub("now", row)) for row in rows[name]] for name in rows}


@dataclass
class Restored:
    """What the copy holds once it is restored into an empty folder."""

    order: list[str]
    state: dict[str, list[str]]
    exported: list[dict[str, Any]]


async def restored(folder: Path, base: str, copy: Path) -> Restored:
    """Restore a copy by the command line into a new folder, and read it."""
    set_up(folder, base)
    await verb(folder, "restore", str(copy))
    exported = await verb(folder, "export", TEAMS[0].name)
    store = await TinyStore(folder / "data").open()
    try:
        return Restored(await seen(store), await state(store), [json.loads(line) for line in exported.splitlines()])
    finally:
        await store.close()


def is_of_one_moment(crowd: Crowd, order: list[str], known: list[str], copying: tuple[float, float]) -> None:
    """``known`` is what the copy has seen, ``order`` all that was handled in the end."""
    begun, ended = copying
    before = {key for key, said in crowd.said.items() if said.acknowledged < begun}
    after = {key for key, said in crowd.said.items() if said.sent > ended}
    assert set(order) == set(crowd.said)
    assert before <= set(known) <= set(crowd.said) - after
    assert (len(before) > 5, len(after) > 5) == (True, True)
    for team in TEAMS:
        theirs = [key for key in order if crowd.said[key].message.team == team]
        copied = [key for key in known if crowd.said[key].message.team == team]
        assert copied == theirs[: len(copied)]


async def replayed(
    folder: Path, base: str, crowd: Crowd, known: list[str], monkeypatch: pytest.MonkeyPatch
) -> dict[str, list[str]]:
    """What a bot has stored that was told the messages of the copy alone, those of each group in their order."""
    async with fresh(folder, base, monkeypatch) as (server, caller), aiohttp.ClientSession() as session:

        async def group(team: Any) -> None:
            for key in known:
                if crowd.said[key].message.team == team:
                    await told(caller, session, crowd.said[key].message)

        await asyncio.gather(*(group(team) for team in TEAMS))
        return await state(server.store)


async def goes_on(folder: Path, base: str, crowd: Crowd, order: list[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """The restored bot is told everything from the beginning, as after a disaster, and ends where the old one did."""
    async with fresh(folder, base, monkeypatch) as (server, caller), aiohttp.ClientSession() as session:
        for key in order:
            await told(caller, session, crowd.said[key].message)
        return await state(server.store)


@pytest.fixture
async def base() -> AsyncIterator[str]:
    platforms = FakePlatforms()
    async with platforms.serving():
        yield platforms.base


async def proved(
    place: Path, base: str, crowd: Crowd, copying: tuple[float, float], copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that is promised of a copy."""
    async with snapshot(place / "data") as store:
        assert isinstance(store, TinyStore)
        order, finally_there = await seen(store), await state(store)
    found = await restored(place.parent / "restored", base, copy)
    is_of_one_moment(crowd, order, found.order, copying)
    assert await replayed(place.parent / "replayed", base, crowd, found.order, monkeypatch) == found.state
    assert {row["id"] for row in found.exported if row["subject"] == "反思"} <= set(range(1, len(order) + 1))
    written = sum(json.loads(row)["text"] != "" for row in found.state[f"group:{TEAMS[0].name}/reflections"])
    assert sum(row["kind"] == "reflections" for row in found.exported) == written > 0
    assert await goes_on(place.parent / "restored", base, crowd, order, monkeypatch) == finally_there
    span = copying[1] - copying[0]
    print(f"{len(order)} messages, {len(found.order)} in the copy, copied in {span:.2f} s", end=" ")


async def test_the_command_line_copies_one_moment_of_a_running_bot(
    tmp_path: Path, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "学校 数据"
    set_up(place, base)
    bot = BotProcess(place, base)
    await bot.start()
    try:
        crowd = Crowd(bot)

        async def copy() -> None:
            await verb(place, "backup", "copy.sqlite3")

        copying = await during(crowd, copy)
        assert await bot.stop() == 0
    finally:
        await bot.kill()
    await proved(place, base, crowd, copying, place / "copy.sqlite3", monkeypatch)


async def test_the_night_copies_one_moment_while_everybody_talks(
    tmp_path: Path, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "school"
    async with fresh(place, base, monkeypatch) as (server, caller):
        bot = replace(server.bot, backups=Backups(place / "data", server.clock))
        crowd = Crowd(caller)
        copying = await during(crowd, bot.nightly)
    (copy,) = (place / "data" / "backups").iterdir()
    assert copy.name == f"nightly-{server.clock.now():%Y-%m-%d}.sqlite3"
    assert (place / "data" / DATABASE).stat().st_size > 0
    await proved(place, base, crowd, copying, copy, monkeypatch)
