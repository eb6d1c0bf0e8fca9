"""The push robot against a server with the documented limits, and every way a send can end."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.chat.transport import Outgoing
from bot.clock import MovableClock
from bot.config import channels
from bot.content import Action, Content, Link
from bot.delivery.files import Files
from bot.delivery.outbox import OutboxItem, enqueue
from bot.delivery.sender import Sender
from bot.delivery.split import split
from bot.domain.people import SYSTEM
from bot.errors import DeliveryError, NotSent, RateLimited, Rejected, Undecided
from bot.platforms.wecom import robot as robot_module
from bot.platforms.wecom.post import post_json
from bot.platforms.wecom.robot import WeComRobot
from bot.storage.tiny import TinyStore
from tests.platforms.wecom.fake import KEY, Fake, Reply, new_session
from tests.platforms.wecom.peer import NOW

IDS = {"王老师": "WangLi", "孙老师": "007"}


async def user_ids(_chat: str, names: tuple[str, ...]) -> Mapping[str, str]:
    return {name: IDS[name] for name in names if name in IDS}


@pytest.fixture
async def fake() -> AsyncIterator[Fake]:
    async with Fake() as fake:
        yield fake


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with new_session() as session:
        yield session


def made(fake: Fake, session: aiohttp.ClientSession, **more: Any) -> WeComRobot:
    values = {"name": "robot", "kind": "wecom-robot", "webhook": fake.webhook}
    settings = channels.WeComRobot.model_validate({**values, **more})
    return WeComRobot(settings, session, user_ids, Files(Path("nowhere")), MovableClock(NOW))


def post(content: Content, **more: Any) -> Outgoing:
    return Outgoing(**{"uuid": "u", "kind": "card", "to": "wr1", "private": False, "content": content, **more})


CARD = Content(
    title="周一",
    lines=("本周备课《短歌行》",),
    actions=(Action(label="看", send="/汇总"),),
    link=Link(label="板", url="https://example.com/a"),
)


async def test_a_card_is_markdown(fake: Fake, session: aiohttp.ClientSession) -> None:
    await made(fake, session).send(post(CARD))
    text = "**周一**\n本周备课《短歌行》\n看\uff1a@备课助手 /汇总\n👉 [板](https://example.com/a)"
    assert fake.taken == [{"msgtype": "markdown", "markdown": {"content": text}}]


async def test_people_who_are_mentioned_are_notified_by_text(fake: Fake, session: aiohttp.ClientSession) -> None:
    mentioned = CARD.model_copy(update={"mentions": ("孙老师", "周老师", "王老师"), "lines": ("请交 <@all> 表",)})
    await made(fake, session).send(post(mentioned))
    text = "周一\n请交 \uff1c@all> 表\n@周老师\n看\uff1a@备课助手 /汇总\n👉 板\uff1ahttps://example.com/a"
    assert fake.taken == [{"msgtype": "text", "text": {"content": text, "mentioned_list": ["007", "WangLi"]}}]


async def test_nobody_known_is_written_out_as_markdown(fake: Fake, session: aiohttp.ClientSession) -> None:
    await made(fake, session).send(post(CARD.model_copy(update={"mentions": ("周老师",)})))
    assert fake.taken[0]["msgtype"] == "markdown"
    assert "@周老师" in fake.taken[0]["markdown"]["content"]


@pytest.mark.parametrize("mentions", [(), ("王老师",), ("周老师",)])
@pytest.mark.parametrize("line", ["长", "😀", "*", "a"])
async def test_every_part_of_a_long_message_is_taken(
    fake: Fake, session: aiohttp.ClientSession, line: str, mentions: tuple[str, ...]
) -> None:
    robot = made(fake, session)
    long = Content(title="通知", lines=(line * 3000, "短", line * 2500), mentions=mentions)
    parts = split(long, robot.abilities.max_bytes, lambda content: robot.size(content, private=False))
    for part in parts:
        await robot.send(post(part))
    assert len(fake.taken) == len(parts) > 1
    texts = [body[body["msgtype"]]["content"] for body in fake.taken]
    shown = "\uff0a" if line == "*" and not mentions else line
    if line != "*":
        assert sum(text.count(shown) for text in texts) == 5500
    assert all("\ufffd" not in text for text in texts)


@pytest.mark.parametrize(("count", "parts"), [(4096, 1), (4097, 2)])
async def test_the_border_is_4096_bytes(fake: Fake, session: aiohttp.ClientSession, count: int, parts: int) -> None:
    robot = made(fake, session)
    content = Content(lines=("a" * count,))
    assert robot.size(content, private=False) == count
    assert len(split(content, robot.abilities.max_bytes, lambda c: robot.size(c, private=False))) == parts
    if parts == 1:
        await robot.send(post(content))
        assert len(fake.taken) == 1


ENDS: dict[str, tuple[Reply, type[DeliveryError]]] = {
    "busy": (Reply(errcode=-1), NotSent),
    "too fast": (Reply(errcode=45009), RateLimited),
    "invalid webhook": (Reply(errcode=93000), Rejected),
    "no pushes allowed": (Reply(errcode=93001), Rejected),
    "robot removed": (Reply(errcode=93008), Rejected),
    "bad chat": (Reply(errcode=93006), Rejected),
    "bad type": (Reply(errcode=40008), Rejected),
    "too long": (Reply(errcode=40058), Rejected),
    "empty": (Reply(errcode=93017), Rejected),
    "unheard of": (Reply(errcode=99999), NotSent),
    "500": (Reply(status=500), Undecided),
    "502": (Reply(status=502, body=b"<html>"), Undecided),
    "503": (Reply(status=503), NotSent),
    "429": (Reply(status=429), RateLimited),
    "503 with a time": (Reply(status=503, headers="Retry-After: 7\r\n"), RateLimited),
    "404": (Reply(status=404), Rejected),
    "redirect": (Reply(status=302), Rejected),
    "no JSON": (Reply(body=b"<html>login</html>", takes=True), Undecided),
    "a list": (Reply(body=b"[]"), Undecided),
    "errcode as text": (Reply(body=b'{"errcode": "0"}'), Undecided),
    "errcode true": (Reply(body=b'{"errcode": false}'), Undecided),
    "brackets": (Reply(body=b"[" * 50_000), Undecided),
    "a megabyte": (Reply(body=b"x" * 1_000_000), Undecided),
    "nothing": (Reply(body=b""), Undecided),
    "half an answer": (Reply(end="half", takes=True), Undecided),
    "reset after the body": (Reply(end="reset", takes=True), Undecided),
}


@pytest.mark.parametrize("name", ENDS)
async def test_how_a_send_ends(fake: Fake, session: aiohttp.ClientSession, name: str) -> None:
    reply, expected = ENDS[name]
    fake.next.append(reply)
    robot = made(fake, session)
    with pytest.raises(DeliveryError) as caught:
        await robot.send(post(CARD))
    assert type(caught.value) is expected
    assert KEY not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert fake.received == 1
    await robot.send(post(CARD))
    assert len(fake.taken) == 1 + reply.takes


async def test_a_server_that_names_a_time_is_believed(fake: Fake, session: aiohttp.ClientSession) -> None:
    fake.next.append(Reply(status=429, headers="Retry-After: 7\r\n"))
    with pytest.raises(RateLimited) as caught:
        await made(fake, session).send(post(CARD))
    assert caught.value.retry_after == 7


async def test_a_refused_connection_is_not_sent(fake: Fake, session: aiohttp.ClientSession) -> None:
    await fake.close()
    with pytest.raises(NotSent, match="连不上"):
        await made(fake, session).send(post(CARD))


async def test_an_unknown_host_is_not_sent(fake: Fake, session: aiohttp.ClientSession) -> None:
    fake.base = "http://nowhere.invalid"
    with pytest.raises(NotSent):
        await post_json(session, fake.webhook, {}, 5)


async def test_tls_that_fails_is_not_sent(fake: Fake, session: aiohttp.ClientSession) -> None:
    fake.deaf = True
    with pytest.raises(NotSent):
        await post_json(session, fake.webhook.replace("http:", "https:"), {}, 5)


async def test_a_reset_before_the_body_never_counts_as_sent(fake: Fake, session: aiohttp.ClientSession) -> None:
    """A client cannot always tell; what it must not do is believe that the message arrived."""
    fake.deaf = True
    with pytest.raises((NotSent, Undecided)):
        await made(fake, session).send(post(CARD))
    assert fake.received == 0


async def test_a_platform_that_hangs_leaves_it_undecided(fake: Fake, session: aiohttp.ClientSession) -> None:
    fake.next.append(Reply(end="hang"))
    with pytest.raises(Undecided, match="没有按时回应"):
        await post_json(session, fake.webhook, {"msgtype": "markdown", "markdown": {"content": "x"}}, 0.7)
    assert fake.received == 1


async def test_the_wrong_key_is_final(fake: Fake, session: aiohttp.ClientSession) -> None:
    robot = made(fake, session, webhook=fake.webhook[:-1] + "b")
    with pytest.raises(Rejected, match=r"Webhook 地址无效.*93000"):
        await robot.send(post(CARD))


async def test_private_notes_are_not_carried(fake: Fake, session: aiohttp.ClientSession) -> None:
    robot = made(fake, session)
    assert not robot.abilities.private
    with pytest.raises(Rejected):
        await robot.send(post(CARD, private=True))
    assert fake.received == 0


async def test_limits_come_from_the_config_or_the_platform(fake: Fake, session: aiohttp.ClientSession) -> None:
    own = made(fake, session).abilities
    assert (own.per_minute, own.penalty, own.max_bytes, own.idempotent) == (20, 65.0, 4096, False)
    assert own.timeout <= 10
    set_low = made(fake, session, per_minute=5, penalty=0).abilities
    assert (set_low.per_minute, set_low.penalty) == (5, 0)


def test_the_address_is_never_shown(fake: Fake, session: aiohttp.ClientSession) -> None:
    robot = made(fake, session)
    assert KEY not in repr(robot)
    assert KEY not in repr(vars(robot))
    assert robot.abilities.max_bytes == robot_module.TEXT_BYTES * 2


async def test_a_burst_of_fifty_keeps_the_platforms_minute_and_loses_nothing(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    clock = MovableClock(NOW)
    async with Fake(clock) as fake:
        robot = made(fake, session)
        store = await TinyStore(tmp_path / "数据").open()
        fake.next.extend([Reply(), Reply(errcode=45009), Reply(errcode=-1)])
        async with store.transaction(SYSTEM) as tx:
            for n in range(50):
                await enqueue(
                    tx, channel="robot", kind="card", to=f"wr{n % 3}", content=Content(lines=(f"{n}",)), now=NOW
                )
        sender = Sender(store, {"robot": robot}, clock)
        await sender.drain()
        while due := await sender.next_due():
            clock.set(max(due, clock.now() + timedelta(seconds=1)))
            await sender.drain()
        async with store.transaction(SYSTEM) as tx:
            assert {item.state for item in await tx.scan(OutboxItem)} == {"sent"}
        texts = [body["markdown"]["content"] for body in fake.taken]
        await store.close()
    assert sorted(texts, key=int) == [str(n) for n in range(50)]
    assert fake.received == 52  # one 45009 and one −1 on demand, none by the platform's own rules
    assert clock.now() - NOW < timedelta(minutes=5)


async def test_an_undecided_card_is_held_and_sent_no_second_time(
    tmp_path: Path, fake: Fake, session: aiohttp.ClientSession
) -> None:
    store = await TinyStore(tmp_path / "数据").open()
    fake.next.append(Reply(end="reset", takes=True))
    async with store.transaction(SYSTEM) as tx:
        await enqueue(tx, channel="robot", kind="card", to="wr1", content=CARD, now=NOW)
    sender = Sender(store, {"robot": made(fake, session)}, MovableClock(NOW))
    assert [item.state for item in await sender.drain()] == ["held"]
    await asyncio.sleep(0)
    assert (len(fake.taken), await sender.next_due()) == (1, None)
    assert json.dumps(fake.taken[0])
    await store.close()
