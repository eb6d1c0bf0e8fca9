"""The cast: the sample school in a fresh data folder, spoken to by name.

``reply = await chat.王老师("/报名 1")`` says it in the group with a mention; ``chat.王老师.private("/我的")``
one-to-one.
"""

import asyncio
import gc
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import structlog

from bot.app import Playhouse
from bot.clock import in_zone
from bot.simulator.api_models import FileData, MessageRequest, MessageResult, Post, Reply
from bot.simulator.simulation import Playground


def pytest_collection_finish() -> None:
    """What is loaded now stays to the end: the collector need not look through it again and again, nor so often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


@pytest.fixture(autouse=True)
def untouched_log() -> Iterator[None]:
    """A test that runs the command line in this process sets up the log; the next one must not notice."""
    yield
    structlog.reset_defaults()


class Answer(str):
    """The bot's answer as text; ``status``, ``notes`` (name → text) and ``actions`` beside it."""

    __slots__ = ("actions", "notes", "result", "status")

    status: str
    notes: dict[str, str]
    actions: tuple[str, ...]
    result: MessageResult


class Speaker:
    def __init__(self, chat: "Chat", name: str) -> None:
        self.chat = chat
        self.name = name

    async def __call__(self, text: str, *, group: str | None = None, msgid: str | None = None) -> Answer:
        return await self.chat.say(self.name, text, group=group, msgid=msgid)

    async def private(self, text: str, *, group: str | None = None, msgid: str | None = None) -> Answer:
        return await self.chat.say(self.name, text, private=True, group=group, msgid=msgid)

    async def sends(self, name: str, data: bytes, *, group: str | None = None, msgid: str | None = None) -> Answer:
        """A file, one-to-one."""
        return await self.chat.say(
            self.name, "", private=True, group=group, msgid=msgid, upload=FileData(name=name, data=data)
        )


class Chat:
    def __init__(self, playground: Playground) -> None:
        self.playground = playground

    def __getattr__(self, name: str) -> Speaker:
        return Speaker(self, name)

    async def say(
        self,
        name: str,
        text: str,
        *,
        private: bool = False,
        group: str | None = None,
        msgid: str | None = None,
        upload: FileData | None = None,
    ) -> Answer:
        request = MessageRequest(speaker=name, text=text, private=private, group=group, msgid=msgid)
        result = await self.playground.say(request, upload)
        first: Reply = result.replies[0]
        answer = Answer(first.text)
        answer.status, answer.result = first.status, result
        answer.actions = tuple(action.send for action in first.actions)
        answer.notes = {reply.to: reply.text for reply in result.replies[1:]}
        return answer

    async def until(self, moment: str) -> list[Post]:
        """Move the clock to ``moment`` ("2026-09-14T08:00") and return what was posted on the way."""
        return list((await self.playground.move_clock(in_zone(datetime.fromisoformat(moment)), None, False)).posts)

    async def later(self, **span: float) -> list[Post]:
        """Move the clock on (days=1, minutes=11) and return what was posted on the way."""
        return list((await self.playground.move_clock(None, timedelta(**span), False)).posts)


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which the sample school has just been founded; to be copied, not opened."""
    folder = tmp_path_factory.mktemp("founded") / "data"
    asyncio.run(_found(folder))
    return folder


async def _found(folder: Path) -> None:
    async with Playhouse(folder, None):
        pass


@pytest.fixture
async def chat(tmp_path: Path, founded: Path) -> AsyncIterator[Chat]:
    async with Playhouse(shutil.copytree(founded, tmp_path / "data"), None) as playground:
        yield Chat(playground)
