"""Stream with the whole bot: what is heard, acknowledged and answered, and what happens when connections end."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import MovableClock
from bot.delivery.outbox import OutboxItem
from bot.domain.groups import space_of
from bot.domain.open_lessons import Seat
from bot.domain.people import SYSTEM
from bot.domain.reflections import Reflection
from bot.simulator import sample
from tests.platforms.dingtalk.fake import hang, says
from tests.platforms.dingtalk.fake_gateway import CARDS, FakeGateway, frame
from tests.platforms.dingtalk.samples import SECRET, rows
from tests.platforms.dingtalk.stream_school import StreamSchool, stream_school

TEXT = "/反思 今天的导入太长\uff0c学生讨论不够。"


@pytest.fixture
async def school(gateway: FakeGateway, tmp_path: Path, clock: MovableClock) -> AsyncIterator[StreamSchool]:
    async with stream_school(gateway, tmp_path, clock) as made:
        yield made


async def reflections(school: StreamSchool) -> list[str]:
    async with school.served.store.transaction(space_of(sample.CHINESE)) as tx:
        return [reflection.text for reflection in await tx.scan(Reflection)]


async def outbox(school: StreamSchool) -> list[OutboxItem]:
    async with school.served.store.transaction(SYSTEM) as tx:
        return await tx.scan(OutboxItem)


async def test_a_group_message_is_stored_acknowledged_and_answered(school: StreamSchool) -> None:
    answer = await school.says("王老师", TEXT)
    assert answer.startswith("✅")
    assert len(await reflections(school)) == 1
    (asked,) = school.gateway.asked
    assert {one["topic"] for one in asked["subscriptions"]} >= {"/v1.0/im/bot/messages/get"}
    async with asyncio.timeout(5):
        while await outbox(school):  # noqa: ASYNC110 - what has arrived is kept with its message
            await asyncio.sleep(0.01)


async def test_in_private_too(school: StreamSchool) -> None:
    assert (await school.says("王老师", "/我的", private=True)).startswith("📒 王老师")


async def test_the_same_message_again_with_a_new_frame_is_one_effect_and_one_answer(school: StreamSchool) -> None:
    body = school.message("王老师", f" {TEXT}")
    first = await school.gateway.push(body)
    twin = await school.gateway.push(body)
    assert [(await school.gateway.acked(one)).code for one in (first, twin)] == [200, 200]
    await school.gateway.posted()
    assert (await school.hears(body)).code == 200
    await school.says("张老师", "/本周备课")
    assert len(await reflections(school)) == 1
    assert len(school.gateway.posts) == 2


async def test_a_duplicate_in_flight_on_two_connections_is_one_effect(school: StreamSchool) -> None:
    await school.gateway.disconnect()
    await school.gateway.until(lambda: len(school.gateway.lines) == 2 and school.gateway.alive)
    old, new = school.gateway.lines
    body = school.message("王老师", f" {TEXT}")
    data = json.dumps(body, ensure_ascii=False)
    await asyncio.gather(
        new.ws.send_str(frame("a", "/v1.0/im/bot/messages/get", data)),
        old.ws.send_str(frame("b", "/v1.0/im/bot/messages/get", data)) if not old.closed else asyncio.sleep(0),
    )
    await school.gateway.posted()
    assert len(await reflections(school)) == 1


async def test_a_picture_in_the_group_gets_a_sentence(school: StreamSchool) -> None:
    body = school.message("王老师", None, msgtype="picture", content={"downloadCode": "c"})
    assert (await school.hears(body)).code == 200
    assert "图片" in (await school.gateway.posted())[0]["text"]


async def test_a_quote_is_heard_as_what_was_said(school: StreamSchool) -> None:
    words = {"content": " /本周备课", "isReplyMsg": True, "repliedMsg": {"content": {"text": "/报名 1"}}}
    body = {**school.message("王老师", ""), "text": words}
    assert (await school.hears(body)).code == 200
    assert "备课" in (await school.gateway.posted())[0]["text"]


async def test_a_long_answer_comes_in_parts_through_the_line(school: StreamSchool) -> None:
    for number in range(90):
        await school.says("王老师", f"/反思 第{number}条{'想得很细' * 60}。")
    sending = asyncio.create_task(school.served.bot.sender.run())
    before = len(school.gateway.posts)
    body = school.message("王老师", " /反思 看 1", private=True)
    assert (await school.hears(body)).code == 200
    await school.gateway.posted(before + 1)
    school.served.bot.sender.stop()
    await sending


async def test_an_ended_session_is_left_for_the_open_api(school: StreamSchool) -> None:
    school.gateway.sessions.clear()
    body = school.message("王老师", f" {TEXT}")
    school.gateway.sessions.clear()
    assert (await school.hears(body)).code == 200
    post = (await school.gateway.posted())[0]
    assert post["to"] == sample.chat_of("chinese")
    assert "groupMessages/send" in school.gateway.requests[-1][0]


async def test_an_answer_that_does_not_get_through_is_sent_by_the_line(school: StreamSchool) -> None:
    school.gateway.spoil("sendBySession", says({"errcode": -1, "errmsg": "busy"}))
    assert (await school.hears(school.message("王老师", f" {TEXT}"))).code == 200
    async with asyncio.timeout(5):
        while not any(item.attempts for item in await outbox(school)):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    school.clock.set(school.clock.now() + timedelta(minutes=1))
    await school.served.bot.sender.drain()
    assert len(school.gateway.posts) == 1


async def test_a_crash_between_the_commit_and_the_answer_loses_no_answer(
    gateway: FakeGateway, tmp_path: Path, clock: MovableClock
) -> None:
    async with stream_school(gateway, tmp_path, clock) as school:
        gateway.spoil("sendBySession", hang)
        assert (await school.hears(school.message("王老师", f" {TEXT}"))).code == 200
    assert gateway.posts == []
    clock.set(clock.now() + timedelta(minutes=1))
    async with stream_school(gateway, tmp_path, clock) as school:
        await school.served.bot.sender.drain()
        assert [item.state for item in await outbox(school)] == ["sent"]
        assert len(gateway.posts) == 1


async def test_what_cannot_be_stored_is_not_acknowledged_and_comes_again(school: StreamSchool) -> None:
    store = school.served.store
    store.folder().storage.failure = OSError(28, "No space left on device")
    delivery = await school.gateway.push(school.message("王老师", f" {TEXT}"))
    status, said = await school.ready()
    assert (status, said["store"]) == (503, "read-only")
    assert delivery.code is None
    await store.open()
    assert await school.gateway.redeliver() == 1
    await school.gateway.posted()
    assert len(await reflections(school)) == 1


@pytest.mark.parametrize("vector", rows("stream_frames"), ids=lambda vector: str(vector["id"]))
async def test_the_reference_frames_are_acknowledged(school: StreamSchool, vector: dict[str, Any]) -> None:
    line = school.gateway.alive[-1]
    sent = vector["frame"]
    await line.ws.send_str(json.dumps(sent, ensure_ascii=False))
    await school.gateway.until(lambda: line.raw)
    ack = json.loads(line.raw[0])
    theirs = vector["ack_from_python_sdk_0.24.3"]
    assert ack["headers"]["messageId"] == sent["headers"]["messageId"]
    assert isinstance(ack["data"], str)
    if sent["type"] == "SYSTEM":
        assert (ack["code"], ack["data"]) == (200, theirs["data"])
    elif sent["type"] == "EVENT":
        assert json.loads(ack["data"]) == {"status": "SUCCESS"}
    else:  # another organisation's message; a tap without a command; a topic nobody knows
        assert ack["code"] in (400, 404)


@pytest.mark.parametrize("raw", ["", "not json", "[]", "null", '{"type": 1}', "{" * 100_000, '{"type":"CALLBACK"}'])
async def test_a_bad_frame_leaves_the_connection_as_it_was(school: StreamSchool, raw: str) -> None:
    await school.gateway.alive[-1].ws.send_str(raw)
    assert (await school.says("王老师", TEXT)).startswith("✅")
    assert len(school.gateway.lines) == 1


async def test_data_that_is_no_message_is_refused_once(school: StreamSchool) -> None:
    for data in ("", "x", "[]", '{"msgId": 1}'):
        await school.gateway.alive[-1].ws.send_str(frame(f"bad{data}", "/v1.0/im/bot/messages/get", data))
    await school.gateway.until(lambda: len(school.gateway.alive[-1].raw) == 4)
    assert {json.loads(raw)["code"] for raw in school.gateway.alive[-1].raw} == {400}


def tap(params: dict[str, Any], **changes: Any) -> dict[str, Any]:
    held = json.dumps({"cardPrivateData": {"actionIds": ["1"], "params": params}})
    user = sample.user_of("王老师")
    chat = {"spaceId": sample.chat_of("chinese"), "spaceType": "IM"}
    return {"type": "actionCallback", "userId": user, "corpId": "dingcorp", "content": held, **chat, **changes}


async def test_a_tap_does_what_typing_does_and_twice_is_harmless(school: StreamSchool) -> None:
    assert (await school.says("李老师", "/公开课 发布 9月16日第3节 刘老师《短歌行》")).startswith("✅")
    for turn in (2, 3):
        delivery = await school.gateway.push(tap({"send": "/报名 1"}), topic=CARDS)
        await school.gateway.acked(delivery)
        assert delivery.code == 200
        assert delivery.acked_at - delivery.sent_at < 2
        await school.gateway.posted(turn)
    _, first, second = [post["text"] for post in school.gateway.posts]
    assert first.startswith("✅")
    assert "已经报过" in second
    async with school.served.store.transaction(space_of(sample.CHINESE)) as tx:
        assert [seat.member for seat in await tx.scan(Seat)] == ["王老师"]


async def test_both_spellings_of_a_tap_are_read(school: StreamSchool) -> None:
    beside = json.dumps({"cardPrivateData": {"actionIds": ["1"]}, "params": {"send": "/本周备课"}})
    delivery = await school.gateway.push(tap({}, content=None, value=beside), topic=CARDS)
    assert (await school.gateway.acked(delivery)).code == 200
    assert "备课" in (await school.gateway.posted())[0]["text"]


async def test_secrets_and_tickets_are_in_no_log(
    gateway: FakeGateway, tmp_path: Path, clock: MovableClock, caplog: pytest.LogCaptureFixture, capfd: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    gateway.spoil("connect", says({}, 500), says({}, 401))
    async with stream_school(gateway, tmp_path, clock) as school:
        await gateway.until(lambda: gateway.alive)
        await school.says("王老师", TEXT)
        gateway.abort_lines()
        await gateway.until(lambda: gateway.alive)
    ours = [record.getMessage() for record in caplog.records if record.name != "aiohttp.access"]  # the fake's own
    printed = "\n".join(ours) + "".join(capfd.readouterr())
    assert SECRET not in printed
    assert "a+b/c=" not in printed
    assert "a%2Bb" not in printed
    assert "session=s-" not in printed
