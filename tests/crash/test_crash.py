"""The whole bot under load, killed at random moments and started again on the same folder.

Every message whose answer was cut off is delivered again, and some that were answered too. ``CRASH_ROUNDS=50`` makes it
longer; the figures are printed with ``-s``.
"""

import asyncio
import os
import random
from collections import Counter
from pathlib import Path

import aiohttp
import pytest

from bot.domain.groups import space_of
from bot.domain.reflections import Reflection
from bot.scheduling.ledger import LedgerRow
from bot.simulator.chronicle import SPACE, Line
from bot.storage.tiny import TinyStore
from tests.crash.house import House, Talk, chat, deliver

ROUNDS = int(os.environ.get("CRASH_ROUNDS", "4"))


async def killed_again_and_again(folder: Path) -> Talk:
    talk, house = Talk(), House(folder)
    for _ in range(ROUNDS):
        await house.start()
        again, talk.open = talk.open, []
        known = [talk.messages[msgid] for msgid in talk.answers]
        again += random.sample(known, min(10, len(known)))
        await chat(house, talk, again, random.randint(3, 60))  # noqa: S311 - any moment will do
    await house.start()
    async with aiohttp.ClientSession() as session:
        for message in [
            *talk.open,
            *random.sample([talk.messages[msgid] for msgid in talk.answers], min(10, len(talk.answers))),
        ]:
            await deliver(house, session, talk, message)
    await house.stop()
    return talk


async def kept(folder: Path) -> tuple[list[str], list[LedgerRow], list[Line]]:
    """What the folder holds: the texts of all reflections, the ledger, and what stands in the chats."""
    store = await TinyStore(folder / "store").open()
    async with store.transaction(space_of("chinese")) as tx:
        texts = [reflection.text for reflection in await tx.scan(Reflection)]
        ledger = await tx.scan(LedgerRow)
        lines = await tx.within(SPACE).scan(Line)
    await store.close()
    return texts, ledger, lines


@pytest.mark.timeout(60 + 10 * ROUNDS)
def test_nothing_is_lost_and_nothing_done_twice(tmp_path: Path) -> None:
    folder = tmp_path / "数据 目录"
    talk = asyncio.run(killed_again_and_again(folder))
    texts, ledger, lines = asyncio.run(kept(folder))
    stored = Counter(texts)
    wanted = {message.text.removeprefix("/反思 ") for message in talk.messages.values()}
    lost = [text for text in wanted if stored[text] == 0]
    twice = [text for text, times in stored.items() if times > 1]
    posts = Counter((line.chat, line.kind, line.at.date(), line.text) for line in lines if line.kind != "answer")
    doubles = [post for post, times in posts.items() if times > 1 and post[1] in ("card", "change", "note")]
    cards = Counter((line.chat, line.at.date()) for line in lines if line.kind == "card")
    print(f"{ROUNDS} kills, {len(wanted)} messages, {len(ledger)} decisions, {len(cards)} cards;", end=" ")
    print(f"lost {len(lost)}, twice {len(twice)}, posts twice {len(doubles)}, other answers {len(talk.changed)}")
    assert (lost, twice, doubles, talk.changed) == ([], [], [], [])
    assert set(texts) == wanted
    assert max(cards.values(), default=0) <= 1
    assert len(talk.answers) == len(wanted)
    assert cards
