"""Buttons on cards: the command as if typed, its answer on the card of who tapped, or as a message when it is late."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.chat.buttons import mark_of
from bot.clock import MovableClock
from bot.errors import ReadOnly
from bot.platforms.wecom.answers import FAILED, WORKING_CARD
from bot.platforms.wecom.card import write_key
from bot.simulator import sample
from tests.platforms.wecom.connection_school import CHAT, TEXT, TIMING, WANG_LAOSHI, School, school
from tests.platforms.wecom.fake_connection import FakeConnection

ZHANG = sample.user_of("张老师")


def updates(house: School) -> list[dict[str, Any]]:
    """The changes of cards that the platform took."""
    return [one.body for one in house.platform.shown if one.cmd == "aibot_respond_update_msg"]


def sent(house: School) -> list[str]:
    """The messages of their own."""
    return [one.text for one in house.platform.shown if one.cmd == "aibot_send_msg"]


async def changed(house: School, number: int = 1) -> str:
    """What the so-many-th change of a card says."""
    await house.platform.until(lambda: len(updates(house)) >= number)
    return [one.text for one in house.platform.shown if one.cmd == "aibot_respond_update_msg"][number - 1]


async def test_a_tap_in_private_does_it_and_says_so_on_the_card(house: School) -> None:
    await house.says(TEXT, private=True)
    [card] = house.platform.cards
    await house.taps("撤销", private=True)
    assert (await changed(house)).startswith("↩️")
    assert await house.reflections() == []
    [update] = updates(house)
    assert update["template_card"]["task_id"] == card
    assert "userids" not in update
    assert sent(house) == house.platform.refusals == []
    await house.until_states()


async def test_a_second_tap_says_what_is_so_now(house: School) -> None:
    await house.says(TEXT, private=True)
    [task_id] = house.platform.cards
    key = house.platform.card_of(task_id, WANG_LAOSHI)["button_list"][-1]["key"]
    for number in (1, 2):
        await house.platform.tap(key, task_id, who=WANG_LAOSHI)
        said = await changed(house, number)
    assert "没有可以撤销的操作" in said
    assert house.platform.refusals == []


async def test_a_tap_told_twice_is_one(house: School) -> None:
    await house.says(TEXT, private=True)
    msgid = await house.taps("分享给全组", private=True)
    await changed(house)
    [task_id] = house.platform.cards
    key = write_key(mark_of("wecom", next(iter(house.platform.delivered))), "/反思 分享 1")
    await house.platform.tap(key, task_id, who=WANG_LAOSHI, msgid=msgid)
    await house.says("/我的", private=True)
    assert len(updates(house)) == 1
    assert house.platform.refusals == []


async def test_a_button_under_an_older_answer_takes_nothing_back_that_was_done_since(house: School) -> None:
    await house.says(TEXT, private=True)
    old, task_id = house.platform.cards, next(iter(house.platform.cards))
    key = house.platform.card_of(task_id, WANG_LAOSHI)["button_list"][-1]["key"]
    assert len(old) == 1
    await house.says(TEXT.replace("今天", "昨天"), private=True)
    await house.platform.tap(key, task_id, who=WANG_LAOSHI)
    assert "更早的一步" in await changed(house)
    assert len(await house.reflections()) == 2
    assert (await house.says("/撤销", private=True)).startswith("↩️")


async def test_somebody_elses_undo_is_not_ones_own(house: School) -> None:
    await house.says(TEXT, "张老师")
    await house.says(TEXT.replace("今天", "昨天"), "王老师")
    await house.taps("撤销", "张老师")
    assert "别人的一步" in await changed(house)
    assert updates(house)[0]["userids"] == [ZHANG]
    assert len(await house.reflections()) == 2
    assert sent(house) == []


async def test_what_somebody_does_by_a_tap_the_group_reads_as_if_it_were_typed(house: School) -> None:
    await house.says(TEXT)
    [task_id] = house.platform.cards
    await house.taps("撤销")
    assert (await changed(house)).startswith("↩️")
    [said] = sent(house)
    assert said.startswith("👆 王老师\uff1a/撤销\n↩️")
    assert house.platform.shown[-2].chat == CHAT
    assert updates(house)[0]["userids"] == [WANG_LAOSHI]
    for_all = house.platform.card_of(task_id, ZHANG)["button_list"]
    assert [button["text"] for button in for_all] == ["只给自己看", "撤销"]
    assert await house.reflections() == []
    await house.until_states("sent")


async def test_a_look_in_the_group_is_shown_to_who_tapped_alone(house: School) -> None:
    await house.says("/报名")
    await house.taps("看公开课", "张老师")
    assert "公开课" in await changed(house)
    assert updates(house)[0]["userids"] == [ZHANG]
    assert sent(house) == []


async def test_an_answer_that_takes_long_is_announced_on_the_card_and_comes_as_a_message(house: School) -> None:
    gate = house.slow()
    house.platform.spoke[WANG_LAOSHI] = 1
    await house.platform.tap(write_key("0" * 16, "/慢慢"), "T9", who=WANG_LAOSHI)
    assert WORKING_CARD in await changed(house)
    gate.set()
    await house.served.bot.dispatcher.settle()
    await house.drain()
    assert sent(house) == ["✅ 终于好了"]
    assert house.platform.refusals == []


async def test_an_answer_just_in_time_is_still_put_on_the_card(
    platform: FakeConnection, tmp_path: Path, clock: MovableClock
) -> None:
    async with school(platform, tmp_path, clock, replace(TIMING, tap=30.0)) as house:
        gate = house.slow()
        for seconds, on_card in ((4, True), (5, False)):
            gate.clear()
            house.platform.spoke[WANG_LAOSHI] = 1
            await house.platform.tap(write_key("0" * 16, "/慢慢"), f"T{seconds}", who=WANG_LAOSHI)
            await house.platform.until(lambda: house.served.bot.dispatcher._flights)
            await asyncio.sleep(0.1)
            house.clock.set(house.clock.now() + timedelta(seconds=seconds))
            gate.set()
            await house.served.bot.dispatcher.settle()
            await house.drain()
            assert (platform.shown[-1].cmd == "aibot_respond_update_msg") == on_card
    assert platform.refusals == []


@pytest.mark.parametrize("code", [846605, 40058, 45009])
async def test_a_change_that_is_refused_is_a_message(house: School, code: int) -> None:
    await house.says(TEXT, private=True)
    house.platform.faults["aibot_respond_update_msg"].append(code)
    await house.taps("撤销", private=True)
    await house.platform.until(lambda: sent(house))
    assert sent(house)[0].startswith("↩️")
    assert updates(house) == []


async def test_a_change_nobody_acknowledged_is_followed_by_a_message(house: School) -> None:
    await house.says(TEXT, private=True)
    house.platform.faults["aibot_respond_update_msg"].append("lost")
    await house.taps("撤销", private=True)
    await house.until_states("unknown")
    house.clock.set(house.clock.now() + timedelta(seconds=10))
    await house.drain()
    assert sent(house)[0].startswith("↩️")
    assert await house.states() == ["sent"]


async def test_an_answer_too_long_for_a_card_is_a_message(house: School) -> None:
    await house.platform.tap(write_key("0" * 16, "/帮助"), "T9", who=WANG_LAOSHI)
    house.platform.spoke[WANG_LAOSHI] = 1
    await house.platform.until(lambda: sent(house))
    assert "我能帮您" in sent(house)[0]
    assert updates(house) == []


async def test_where_cards_are_refused_answers_come_as_words_from_then_on(house: School) -> None:
    house.platform.faults["aibot_respond_msg"].append(40008)
    assert (await house.says(TEXT)).startswith("✅")
    await house.says("/我的")
    await house.says("/报名")
    assert {one.msgtype for one in house.platform.shown} == {"stream"}
    frames = [one["body"]["msgtype"] for one in house.platform.frames if one["cmd"] == "aibot_respond_msg"]
    assert frames == ["template_card", "stream", "stream", "stream"]
    await house.says(TEXT, private=True)
    assert house.platform.shown[-1].msgtype == "template_card"


async def test_a_card_counts_among_the_thirty_of_a_minute(house: School) -> None:
    for _ in range(29):
        await house.says("/我的", private=True)
    await house.says(TEXT, private=True)
    await house.taps("撤销", private=True)
    await house.until_states("waiting")
    assert updates(house) == house.platform.refusals == []
    house.clock.set(house.clock.now() + timedelta(seconds=61))
    await house.drain()
    await house.platform.until(lambda: sent(house))
    assert sent(house)[0].startswith("↩️")


async def test_a_store_that_takes_nothing_is_said_on_the_card(house: School, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: Any) -> None:
        raise ReadOnly("disk full")

    await house.says(TEXT, private=True)
    monkeypatch.setattr(house.served.bot.dispatcher, "_once", full)
    await house.taps("撤销", private=True)
    assert FAILED in (await changed(house)).replace("\n", "")


async def test_a_tap_after_a_restart_does_the_same(
    platform: FakeConnection, tmp_path: Path, clock: MovableClock
) -> None:
    async with school(platform, tmp_path, clock) as house:
        await house.says(TEXT, private=True)
    async with school(platform, tmp_path, clock) as house:
        await house.taps("撤销", private=True)
        assert (await changed(house)).startswith("↩️")
        assert await house.reflections() == []


async def test_what_is_no_button_of_ours_is_left_alone(house: School) -> None:
    for key, task in (("signup:w08", "T1"), (write_key("0" * 16, "/撤销"), ""), ("", "T1")):
        await house.platform.tap(key, task, who=WANG_LAOSHI)
    await house.says("/我的", private=True)
    assert len(house.platform.shown) == 1
    assert len(house.platform.opens) == 1


async def test_the_flat_form_of_the_event_is_read_too(house: School) -> None:
    """The platform's own client types it so."""
    await house.says(TEXT, private=True)
    [task_id] = house.platform.cards
    key = house.platform.card_of(task_id, WANG_LAOSHI)["button_list"][-1]["key"]
    told = {"eventtype": "template_card_event", "event_key": key, "task_id": task_id}
    await house.platform._event(WANG_LAOSHI, "aibot_respond_update_msg", told, task_id=task_id)
    assert (await changed(house)).startswith("↩️")
