"""The long connection with the whole bot: what is heard, stored and answered."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import MovableClock
from bot.content import Content, File
from bot.platforms.wecom.answers import STILL_WORKING, WORKING
from tests.platforms.wecom.connection_rules import MOST_BYTES
from tests.platforms.wecom.connection_school import CHAT, TEXT, TIMING, WANG_LAOSHI, School, post, school
from tests.platforms.wecom.fake_connection import FakeConnection


async def test_a_group_message_is_stored_and_answered_under_it(house: School) -> None:
    assert (await house.says(TEXT)).startswith("✅")
    assert len(await house.reflections()) == 1
    [shown] = house.platform.shown
    assert (shown.cmd, shown.chat, shown.finished) == ("aibot_respond_msg", CHAT, True)
    await house.until_states()  # an answer that has arrived is kept with its message alone
    subscribe = house.platform.frames[0]
    assert subscribe["headers"]["req_id"].startswith("aibot_subscribe_")


async def test_in_private_too(house: School) -> None:
    assert "王老师" in await house.says("/我的", private=True)
    assert house.platform.shown[0].chat == WANG_LAOSHI


async def test_what_is_quoted_is_no_command(house: School) -> None:
    await house.says("谢谢", quote={"msgtype": "text", "text": {"content": TEXT}})
    assert await house.reflections() == []


async def test_control_characters_bad_frames_and_unknown_kinds_harm_nothing(house: School) -> None:
    for raw in (
        "",
        "no json",
        "[]",
        "{}",
        '{"headers": {"req_id": 7}}',
        '{"cmd": "aibot_new", "headers": {"req_id": "x"}}',
    ):
        await house.platform.push(raw)
    await house.platform.push({"headers": {"req_id": "never-asked"}, "errcode": 0})
    await house.platform.push({"cmd": "aibot_msg_callback", "headers": {"req_id": "R"}, "body": {"msgtype": "text"}})
    await house.platform.push({"cmd": "aibot_msg_callback", "headers": {"req_id": "R"}, "body": {}})
    await house.platform.push('{"cmd":"aibot_event_callback","headers":{"req_id":"\\ud800"},"body":{}}')
    who = {"from": {"userid": WANG_LAOSHI}, "chattype": "single", "msgtype": "text", "msgid": "RAW"}
    frame = {
        "cmd": "aibot_msg_callback",
        "headers": {"req_id": "R"},
        "body": {**who, "text": {"content": "/反思 课堂 节奏快"}},
    }
    house.platform.spoke[WANG_LAOSHI] = 1
    await house.platform.push(json.dumps(frame, ensure_ascii=False).replace("课堂 节奏", "课堂\x01\n节奏"))
    await house.platform.until(lambda: house.platform.shown)
    assert len(await house.reflections()) == 1
    assert len(house.platform.opens) == 1


async def test_a_redelivery_is_one_effect_and_one_answer(house: School) -> None:
    msgid = await house.heard(TEXT)
    await house.platform.redeliver(msgid)
    await house.platform.answer()
    await house.platform.redeliver(msgid)
    await house.says("/我的", private=True)
    assert len(await house.reflections()) == 1
    assert len(house.platform.shown) == 2


async def test_a_slow_answer_ends_the_stream_that_said_so(house: School) -> None:
    gate = house.slow()
    await house.heard("/慢慢")
    await house.platform.until(lambda: house.platform.in_chat(CHAT) == [WORKING])
    assert not house.platform.shown[0].finished
    gate.set()
    await house.served.bot.dispatcher.settle()
    await house.drain()
    assert house.platform.in_chat(CHAT) == ["✅ 终于好了"]
    assert house.platform.shown[0].finished


async def test_an_answer_after_the_streams_life_is_a_message_of_its_own(house: School) -> None:
    gate = house.slow()
    await house.heard("/慢慢", private=True)
    await house.platform.until(lambda: house.platform.shown)
    house.clock.set(house.clock.now() + timedelta(minutes=5, seconds=31))
    assert (await house.platform.answer()).text == STILL_WORKING
    gate.set()
    await house.served.bot.dispatcher.settle()
    await house.drain()
    assert house.platform.in_chat(WANG_LAOSHI) == [STILL_WORKING, "✅ 终于好了"]
    assert house.platform.shown[1].cmd == "aibot_send_msg"


@pytest.mark.parametrize("code", [846605, 846608])
async def test_an_answer_refused_under_its_question_is_sent_on_its_own(house: School, code: int) -> None:
    house.platform.faults["aibot_respond_msg"].append(code)
    assert (await house.says(TEXT)).startswith("✅")
    assert [one.cmd for one in house.platform.shown] == ["aibot_send_msg"]


async def test_a_long_answer_comes_whole_in_parts(house: School) -> None:
    lines = tuple(f"第{number}行{'想得很细' * 40}" for number in range(120))
    msgid = await house.heard("/我的", private=True)
    await house.platform.answer()
    await post(house, "reply", private=True, content=Content(lines=lines), answers=msgid)
    await house.drain()
    texts = [one.text for one in house.platform.shown if "第0行" in one.text or "第119行" in one.text]
    assert len(texts) == 2
    assert all(len(one.text.encode()) <= MOST_BYTES for one in house.platform.shown)
    assert house.platform.refusals == []


async def test_a_card_is_posted_once_into_its_group(house: School) -> None:
    await house.says("/我的")
    await post(house)
    for _ in range(2):
        await house.drain()
    [card] = [one for one in house.platform.shown if one.cmd == "aibot_send_msg"]
    assert (card.chat, card.body["chat_type"], card.msgtype) == (CHAT, 2, "markdown")
    assert set(await house.states()) == {"sent"}


async def test_a_file_is_uploaded_in_pieces_and_kept_for_the_next_time(house: School, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / "sum.docx").write_bytes(b"0123456789" * 70_000)
    file = File(name="汇总.docx", path="sum.docx")
    await house.says("/我的")
    for _ in range(2):
        await post(house, content=Content(lines=("见附件",), files=(file,)))
    await house.drain()
    sent = [one.msgtype for one in house.platform.shown if one.cmd == "aibot_send_msg"]
    assert sent == ["markdown", "file"] * 2
    [(kind, name, data)] = house.platform.media.values()
    assert (kind, name, len(data)) == ("file", "汇总.docx", 700_000)


async def test_a_picture_goes_as_a_picture(house: School, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / "week.png").write_bytes(b"\x89PNG" + b"0" * 5000)
    await house.says("/我的")
    await post(house, content=Content(files=(File(name="week.png", path="week.png", media_type="image/png"),)))
    await house.drain()
    assert house.platform.shown[-1].msgtype == "image"


async def test_an_upload_that_is_cut_off_is_made_again(house: School, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / "a.docx").write_bytes(b"0123456789" * 100)
    await house.says("/我的")
    house.platform.faults["aibot_upload_media_chunk"].append("abort")
    await post(house, content=Content(files=(File(name="a.docx", path="a.docx"),)))
    await house.drain()
    assert await house.states() == ["waiting"]
    await house.up()
    house.clock.set(house.clock.now() + timedelta(seconds=10))
    await house.drain()
    assert await house.states() == ["sent"]


@pytest.mark.parametrize("fault", ["no ack", "lost", "other id", "close", "abort"])
async def test_a_post_nobody_acknowledged_is_held_and_never_sent_twice(house: School, fault: str) -> None:
    await house.says("/我的")
    house.platform.faults["aibot_send_msg"].append(fault)
    await post(house)
    await handed_over(house)
    assert await state_of_post(house) == "held"
    await house.up()
    house.clock.set(house.clock.now() + timedelta(minutes=1))
    await house.drain()
    assert sum("今天集体备课" in text for text in house.platform.in_chat(CHAT)) == (fault != "lost")


async def state_of_post(house: School) -> str:
    """Beside it there may be the note to the leader, and on a busy machine an answer that went the long way."""
    return next(item.state for item in await house.outbox() if "今天集体备课" in item.content.plain())


async def handed_over(house: School) -> None:
    """The post has left the house; on a busy machine the line may be down when it is its turn."""
    for _ in range(3):
        await house.up()
        await house.drain()
        if await state_of_post(house) != "waiting":
            return
        house.clock.set(house.clock.now() + timedelta(minutes=1))


async def test_a_late_acknowledgement_is_not_taken_for_the_next_one(house: School) -> None:
    gate = house.slow()
    house.platform.faults["aibot_respond_msg"].extend(["late", "lost"])
    await house.heard("/慢慢")
    await house.platform.until(lambda: house.platform.shown)
    await asyncio.sleep(TIMING.ack * 1.2)
    gate.set()
    await house.served.bot.dispatcher.settle()
    sending = asyncio.create_task(house.drain())
    await house.platform.until(lambda: sum(one["cmd"] == "aibot_respond_msg" for one in house.platform.frames) == 2)
    await house.platform.release()
    await sending
    assert await house.states() == ["unknown"]


async def test_what_is_too_fast_rests_and_arrives(house: School) -> None:
    await house.says("/我的")
    house.platform.faults["aibot_send_msg"].append(45009)
    await post(house)
    await house.up()
    await house.drain()
    assert await state_of_post(house) == "waiting"
    house.clock.set(house.clock.now() + timedelta(seconds=66))
    await handed_over(house)
    assert await state_of_post(house) == "sent"


async def test_thirty_five_messages_in_a_minute_are_all_answered_and_none_refused(house: School) -> None:
    for number in range(35):
        await house.heard(f"/反思 第{number}条\uff0c导入太长。")
    await house.platform.until(lambda: len(house.platform.shown) >= 30)
    async with asyncio.timeout(5):
        while len(await house.reflections()) < 35:  # noqa: ASYNC110 - two sides of a wire
            await asyncio.sleep(0.01)
    for _ in range(3):
        house.clock.set(house.clock.now() + timedelta(seconds=61))
        await house.drain()
    assert len(house.platform.shown) == 35
    assert 45009 not in {code for _, code in house.platform.refusals}
    assert len(await house.reflections()) == 35


async def test_a_restart_between_the_commit_and_the_answer_loses_no_answer(
    platform: FakeConnection, tmp_path: Path, clock: MovableClock
) -> None:
    async with school(platform, tmp_path, clock, replace(TIMING, linger=0.02)) as house:
        platform.faults["aibot_respond_msg"].append("lost")
        await house.heard(TEXT)
        async with asyncio.timeout(5):
            while not await house.outbox():  # noqa: ASYNC110 - two sides of a wire
                await asyncio.sleep(0.01)
    assert platform.shown == []
    clock.set(clock.now() + timedelta(minutes=1))
    async with school(platform, tmp_path, clock) as house:
        await house.drain()
        assert await house.states() == ["sent"]
        assert [one.cmd for one in platform.shown] == ["aibot_send_msg"]
        await platform.redeliver(next(iter(platform.delivered)))
        await house.says("/我的", private=True)
        assert len(await house.reflections()) == 1
        assert len(platform.shown) == 2
