"""The long connection where something is in the way: nobody has spoken there, nobody acknowledged, too many at once."""

from datetime import timedelta

import pytest

from bot.platforms.wecom.answers import OVERWHELMED
from bot.simulator import sample
from tests.platforms.wecom.connection_school import CHAT, LI, TEXT, WANG_LAOSHI, School, post


async def test_a_private_note_reaches_who_has_spoken_and_waits_for_who_has_not(house: School) -> None:
    await house.says("/我的", private=True)
    await post(house, "note", private=True)
    await post(house, "note", private=True, to=sample.user_of("张老师"))
    await house.drain()
    [note] = [one for one in house.platform.shown if one.cmd == "aibot_send_msg"]
    assert (note.chat, note.body["chat_type"]) == (WANG_LAOSHI, 1)
    assert await house.states() == ["sent", "inbox"]
    said = await house.says("/我的", "张老师", private=True)
    assert "给您的留言" in said
    assert said.count("今天集体备课") == 1
    assert "今天集体备课" not in await house.says("/我的", "张老师", private=True)


async def test_a_group_nobody_ever_spoke_in_is_told_to_the_leader_with_what_to_do(house: School) -> None:
    await house.says("/我的", "李老师", private=True)
    await post(house)
    await house.drain()
    news = house.platform.in_chat(LI)[-1]
    assert "没有发出去" in news
    assert "请在群里发一次“@备课助手 /帮助”" in news
    assert (await house.states())[0] == "failed"


async def test_a_file_gets_a_sentence_and_who_enters_is_greeted_once(house: School) -> None:
    said = await house.says("", private=True, msgtype="video", text=None, video={"url": "https://example.com/1"})
    assert "看得懂文字" in said
    entered = await house.platform.enter(WANG_LAOSHI)
    assert "/帮助" in (await house.platform.answer(2)).text
    assert house.platform.shown[1].cmd == "aibot_respond_welcome_msg"
    await house.platform.enter(WANG_LAOSHI, entered)
    await house.says("/我的", private=True)
    assert len(house.platform.shown) == 3
    assert house.platform.refusals == []


async def test_who_is_one_too_many_is_told_so_and_can_say_it_again(
    house: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.wecom.connection_ears.MOST", 1)
    monkeypatch.setattr("bot.platforms.wecom.connection_ears.MOST_AWAY", 1)
    gate = house.slow(patience=5)
    await house.heard("/慢慢")
    told = [await house.says(TEXT, who) for who in ("张老师", "赵老师")]
    assert told == [OVERWHELMED] * 2
    gate.set()
    await house.platform.until(lambda: "✅ 终于好了" in house.platform.in_chat(CHAT))
    monkeypatch.undo()
    assert (await house.says(TEXT, "张老师")).startswith("✅")
    assert len(await house.reflections()) == 1
    assert house.platform.refusals == []


async def test_a_lost_acknowledgement_of_an_answer_is_mended_without_a_double(house: School) -> None:
    await house.says(TEXT)  # a card: they are taken there
    await house.until_states()
    for text in (TEXT, "/我的"):  # a card, and words
        house.platform.faults["aibot_respond_msg"].append("no ack")
        before, states = len(house.platform.shown), await house.states()
        await house.heard(text)
        await house.until_states(*states, "unknown")
        house.clock.set(house.clock.now() + timedelta(seconds=10))
        await house.drain()
        assert len(house.platform.shown) == before + 1
    assert set(await house.states()) == {"sent"}


@pytest.mark.parametrize("fault", ["no ack", "lost"])
async def test_a_first_card_nobody_acknowledged_is_followed_by_words(house: School, fault: str) -> None:
    """Nobody knows yet whether cards are taken here: an answer twice is better than none."""
    house.platform.faults["aibot_respond_msg"].append(fault)
    await house.heard(TEXT)
    await house.until_states("unknown")
    house.clock.set(house.clock.now() + timedelta(seconds=10))
    await house.drain()
    assert await house.states() == ["sent"]
    assert {one.msgtype for one in house.platform.shown} == (
        {"template_card", "stream"} if fault == "no ack" else {"template_card"}
    )
    assert (await house.says(TEXT)).startswith("✅")
    assert house.platform.shown[-1].msgtype == "template_card"
