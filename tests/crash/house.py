"""The bot as a process of its own that can be killed, and people who talk to it over its API."""

import asyncio
import os
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

ROOT = Path(__file__).resolve().parents[2]
SPEAKERS = ("李老师", "王老师", "张老师", "赵老师", "陈老师", "刘老师")


@dataclass(frozen=True)
class Message:
    """What one person says, once. ``text`` is nobody else's."""

    speaker: str
    text: str
    msgid: str


@dataclass
class Talk:
    """Everything said so far, and what was answered.

    Attributes:
        answers: the first answer to each message that got one.
        open: messages whose answer was cut off.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    open: list[Message] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)

    def next_message(self, speaker: str) -> Message:
        number = len(self.messages) + 1
        message = Message(speaker, f"/反思 第{number}条记录\uff0c导入太长\uff0c下次三分钟内进入文本", f"{number:06}")
        self.messages[message.msgid] = message
        return message


class House:
    """``python -m bot try`` on a data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None
        self.address = ""

    async def start(self) -> None:
        command = [sys.executable, "-m", "bot", "try", "--data", str(self._folder), "--port", "0"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
        self._process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
        )
        assert self._process.stdout is not None
        async with asyncio.timeout(30):
            while not (line := (await self._process.stdout.readline()).decode()).startswith("listening on "):
                assert line, "the bot did not start"
        self.address = line.split()[-1].removesuffix("/try")

    async def kill(self) -> None:
        """As the power does it."""
        assert self._process is not None
        self._process.kill()
        await self._process.wait()

    async def stop(self) -> None:
        assert self._process is not None
        self._process.terminate()
        async with asyncio.timeout(30):
            await self._process.wait()

    async def ask(self, session: aiohttp.ClientSession, path: str, request: dict[str, object]) -> Any:
        """The answer of the API.

        Raises:
            OSError, aiohttp.ClientError: it was killed before it had answered.
        """
        async with session.post(f"{self.address}/try/api/{path}", json=request) as response:
            answer = await response.json()
            assert response.status == 200, answer
            return answer


async def deliver(house: House, session: aiohttp.ClientSession, talk: Talk, message: Message) -> None:
    """Deliver a message, perhaps not for the first time, and keep or compare its answer."""
    request = {"speaker": message.speaker, "text": message.text, "msgid": message.msgid}
    answer = await house.ask(session, "messages", dict(request))
    if talk.answers.setdefault(message.msgid, answer) != answer:
        talk.changed.append(message.msgid)


async def chat(house: House, talk: Talk, again: Sequence[Message], killed_after: int) -> None:
    """Deliver ``again``, then everybody talks and the clock moves, until the house is killed."""
    enough = len(talk.answers) + killed_after

    async def speak(session: aiohttp.ClientSession, speaker: str, first: list[Message]) -> None:
        while True:
            message = first.pop(0) if first else talk.next_message(speaker)
            try:
                await deliver(house, session, talk, message)
            except (OSError, aiohttp.ClientError):
                talk.open += [message, *first]
                return

    async def move(session: aiohttp.ClientSession) -> None:
        try:
            while True:
                await house.ask(session, "clock", {"advance": "12h"})
        except (OSError, aiohttp.ClientError):
            return

    async def murder() -> None:
        while len(talk.answers) < enough:  # noqa: ASYNC110 - what is waited for happens in another process
            await asyncio.sleep(0.001)
        await asyncio.sleep(random.random() * 0.02)  # noqa: S311 - any moment will do
        await house.kill()

    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as tasks:
        for speaker in SPEAKERS:
            tasks.create_task(speak(session, speaker, [m for m in again if m.speaker == speaker]))
        tasks.create_task(move(session))
        tasks.create_task(murder())
