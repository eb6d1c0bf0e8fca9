"""Slow work: promised in one commit, made after it, sent once, whatever happens in between."""

import asyncio
import re
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.content import Action
from bot.delivery import workshop
from bot.delivery.orders import MOST_WAITING, Order
from bot.delivery.workshop import MOST_ATTEMPTS
from bot.domain.groups import Group, space_of
from bot.errors import Refused, StoreError
from bot.reports.making import Draw, Made, MadeFile, makers
from bot.storage.blobs import Blobs
from tests.dispatch.desk import INCIDENT, Desk, Note, until


class Maker:
    """What the probe's maker does next, and what it did."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.begun: list[str] = []
        self.at_once = self.most = 0
        self.error: Exception | None = None

    async def __call__(self, group: Group, who: str, text: str) -> Draw:
        self.begun.append(text)
        notes = [note.text for note in await group.records.scan(Note)]

        def draw() -> Made:
            self.at_once += 1
            self.most = max(self.most, self.at_once)
            try:
                assert self.gate.wait(5)
                if self.error:
                    raise self.error
                body = f"{who} {group.now:%H:%M} {text} {notes}".encode()
                return Made((f"✅ {text}",), (MadeFile(f"{text}.txt", body),), (Action(label="再来", send="/做 二"),))
            finally:
                self.at_once -= 1

        return draw


@pytest.fixture
def maker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Maker]:
    made = Maker()
    monkeypatch.setitem(makers(), "probe.page", made)
    yield made
    made.gate.set()


async def results(desk: Desk) -> list[str]:
    return [item.content.plain() for kind in ("reply", "note") for item in await desk.outbox(kind)]


async def test_the_answer_promises_and_the_file_follows_as_a_message_of_its_own(desk: Desk, maker: Maker) -> None:
    outcome = await desk.receive("/做 记录表")
    assert outcome is not None
    assert outcome.answer.plain() == "⏳ 正在做记录表……"
    assert (await desk.count(Order), await results(desk)) == (1, [])
    desk.clock.set(desk.clock.now() + timedelta(minutes=5))
    assert await desk.workshop().drain() == 1
    (item,) = await desk.outbox("reply")
    assert item.content.plain() == "✅ 记录表\n再来：/做 二"
    assert (item.private, item.to) == (False, desk.message("").chat)
    (file,) = item.content.files
    assert (file.name, file.media_type) == ("记录表.txt", "text/plain")
    assert Blobs(desk.folder).read(file.path).decode() == "王老师 07:00 记录表 ['记录表']"
    assert await desk.count(Order) == 0


async def test_what_is_private_goes_to_who_asked_in_the_group(desk: Desk, maker: Maker) -> None:
    await desk.receive("/悄悄做 记录表")
    await desk.workshop().drain()
    (item,) = await desk.outbox("note")
    assert (item.private, item.to, item.to_name) == (True, desk.message("").sender, "王老师")


async def test_delivered_again_it_is_made_once(desk: Desk, maker: Maker) -> None:
    await asyncio.gather(*(desk.receive("/做 记录表") for _ in range(3)))
    await desk.workshop().drain()
    await desk.receive("/做 记录表")
    await desk.workshop().drain()
    assert (maker.begun, len(await results(desk))) == (["记录表"], 1)


async def test_asked_twice_before_it_is_done_it_is_made_once(desk: Desk, maker: Maker) -> None:
    for number in ("m1", "m2"):
        await desk.receive("/做 记录表", number)
    await desk.receive("/做 别的", "m3")
    await desk.receive("/做 记录表", "m4", who="张老师")
    assert await desk.workshop().drain() == 3
    await desk.receive("/做 记录表", "m5")
    assert await desk.workshop().drain() == 1


async def test_killed_in_the_middle_it_is_made_again_and_sent_once(desk: Desk, maker: Maker) -> None:
    await desk.receive("/做 记录表")
    maker.gate.clear()
    dying = asyncio.create_task(desk.workshop().run())
    await until(lambda: begun(maker))
    dying.cancel()
    maker.gate.set()
    await asyncio.wait({dying})
    assert await results(desk) == []
    await desk.restart()
    await desk.workshop().drain()
    await desk.restart()
    await desk.workshop().drain()
    assert (maker.begun, len(await results(desk))) == (["记录表"] * 2, 1)


async def begun(maker: Maker) -> bool:
    return bool(maker.begun)


async def test_what_kills_the_program_each_time_is_given_up_and_said(desk: Desk, maker: Maker) -> None:
    await desk.receive("/做 记录表")
    for _ in range(MOST_ATTEMPTS):
        await desk.workshop()._next()  # begun, and dead before anything came of it
        await desk.restart()
    await desk.workshop().drain()
    (said,) = await results(desk)
    assert re.search(f"😣 记录表没有做出来{INCIDENT}", said)
    assert (maker.begun, await desk.count(Order)) == ([], 0)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ZeroDivisionError("secret"), "😣 记录表没有做出来（编号 "),
        (StoreError("文件没有存下来（No space left on device）。"), "😣 记录表没有做出来（编号 "),
        (Refused("这个月太满了。", "例：/做 一份"), "❌ 这个月太满了。"),
    ],
)
async def test_a_failure_is_said_and_stops_nothing_else(desk: Desk, maker: Maker, error: Exception, said: str) -> None:
    await desk.receive("/做 记录表")
    maker.error = error
    await desk.workshop().drain()
    maker.error = None
    await desk.receive("/做 别的", "m2")
    await desk.workshop().drain()
    first, second = await results(desk)
    assert first.startswith(said)
    assert "secret" not in first
    assert second.startswith("✅ 别的")


async def test_what_takes_for_ever_is_given_up(desk: Desk, maker: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workshop, "SECONDS", 0.05)
    maker.gate.clear()
    await desk.receive("/做 记录表")
    await desk.workshop().drain()
    assert re.search(INCIDENT, (await results(desk))[0])


async def test_of_an_older_version_it_is_told_to_be_asked_for_again(desk: Desk) -> None:
    await desk.receive("/做 记录表")
    await desk.workshop().drain()
    assert (await results(desk))[0].startswith("❌ 记录表是程序升级前要的")


async def test_others_are_answered_meanwhile_and_one_is_made_at_a_time(desk: Desk, maker: Maker) -> None:
    maker.gate.clear()
    for number in range(MOST_WAITING):
        await desk.receive(f"/做 第{number}份", f"m{number}")
    refused = await desk.receive("/做 再一份", "m9")
    assert refused is not None
    assert refused.said[0].status == "refused"
    assert "再一份" not in await desk.notes()
    working = asyncio.create_task(desk.workshop().drain())
    await until(lambda: begun(maker))
    async with asyncio.timeout(1):
        assert (await desk.receive("/记下 还能说话", "m10")) is not None
        async with desk.store.transaction(space_of("chinese")) as tx:
            assert await tx.count(Note) == MOST_WAITING + 1
    maker.gate.set()
    assert await working == MOST_WAITING
    assert (maker.most, maker.begun) == (1, [f"第{number}份" for number in range(MOST_WAITING)])


async def test_a_refusal_orders_nothing(desk: Desk, maker: Maker) -> None:
    await desk.receive("/做")
    assert await desk.count(Order) == 0


def test_makers_are_found_by_name() -> None:
    assert all(re.fullmatch(r"[a-z_]+\.[a-z_]+", name) for name in makers())
