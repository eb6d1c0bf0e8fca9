"""Teachers who write all at once: ``python load.py '{"url": …}'`` (the fields of ``Wish``) prints a ``Load`` as JSON.

Every connection is kept open and sends its next message when the last one is answered, each signed as DingTalk signs.
It says that it was forwarded for an address of its own, as behind a school's proxy: one address may not have more than
a handful of callbacks under way.
"""

import asyncio
import json
import sys
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path
from time import perf_counter, process_time, time

from aiohttp import ClientSession, ClientTimeout, TCPConnector

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from bot.platforms.dingtalk.signing import sign  # noqa: E402 - runs without being installed
from tests.platforms.dingtalk import samples  # noqa: E402


@dataclass(frozen=True)
class Wish:
    """What to send.

    Attributes:
        texts: said in turn by every connection.
        chats: connection n speaks in chat n modulo their number.
        people: how many speak in each chat, in turn; the platform's ids are ``CHAT-0``, ``CHAT-1`` ….
        mark: makes the message ids of this run its own.
        session: the sessionWebhook in every message.
        seconds: how long.
        pause: seconds between an answer and the next message.
    """

    url: str
    texts: list[str]
    chats: list[str]
    people: int
    mark: str
    session: str = ""
    seconds: float = 3.0
    connections: int = 32
    pause: float = 0.0


@dataclass
class Load:
    """What came back.

    Attributes:
        latencies: seconds until each answer.
        wrong: answers with another status than 200, or without an answer's text.
        seconds, cpu: wall clock and processor time it took here.
    """

    latencies: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0
    cpu: float = 0.0


def request(wish: Wish, number: int, turn: int) -> tuple[bytes, dict[str, str]]:
    """Body and headers of one message."""
    moment, chat = int(time() * 1000), wish.chats[number % len(wish.chats)]
    body = samples.body(
        f" {wish.texts[turn % len(wish.texts)]}",
        msgId=f"{wish.mark}-{number}-{turn}",
        conversationId=chat,
        senderStaffId=f"{chat}-{turn % wish.people}",
        createAt=moment,
        sessionWebhook=wish.session,
        sessionWebhookExpiredTime=moment + 5_400_000,
    )
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "X-Forwarded-For": f"203.0.113.{number + 1}",
        "timestamp": str(moment),
        "sign": sign(str(moment), samples.SECRET),
    }
    return samples.raw(body), headers


async def speak(session: ClientSession, wish: Wish, number: int, until: float, load: Load) -> None:
    """One connection."""
    await asyncio.sleep(wish.pause * number / wish.connections)  # whoever pauses does not march in step
    for turn in count():
        if perf_counter() >= until:
            return
        body, headers = request(wish, number, turn)
        began = perf_counter()
        async with session.post(wish.url, data=body, headers=headers) as answer:
            said = await answer.read()
        load.latencies.append(perf_counter() - began)
        if answer.status != 200 or b'"text"' not in said:
            load.wrong.append(f"{answer.status} {said[:200].decode(errors='replace')}")
        if wish.pause:
            await asyncio.sleep(wish.pause)


async def run(wish: Wish) -> Load:
    """All connections at once."""
    load, began, used = Load(), perf_counter(), process_time()
    connector = TCPConnector(limit=wish.connections)
    async with ClientSession(connector=connector, timeout=ClientTimeout(total=60)) as session:
        until = began + wish.seconds
        async with asyncio.TaskGroup() as tasks:
            for number in range(wish.connections):
                tasks.create_task(speak(session, wish, number, until, load))
    load.seconds, load.cpu = perf_counter() - began, process_time() - used
    return load


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(run(Wish(**json.loads(sys.argv[1])))))))
