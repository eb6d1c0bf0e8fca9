"""What others were told of something undone: stopped, recalled, or put right."""

import pytest

from bot.delivery.outbox import SYSTEM
from bot.delivery.recall import call_back
from bot.domain.groups import load, sisters, space_of
from bot.simulator import sample
from bot.simulator.transport import FINE, LOST_AFTER_BODY, REFUSED, REJECTED, RESET_AFTER_BODY, Fault, rate_limited
from bot.storage.tiny import TinyStore
from tests.delivery.desk import Desk

MOVED, BACK = "【改】集体备课 周三第8–9节", "【改】集体备课 恢复原来的安排"


def in_the_chats(chat):
    return [each.message.content.plain() for each in chat.playground.transport.delivered]


async def texts(chat, person=None):
    bubbles = await chat.playground.transcript("高一语文备课组", person, 0)
    return [bubble.text for bubble in bubbles if bubble.who == "bot"]


async def test_a_note_goes_and_the_correction_comes(chat):
    await chat.李老师("/任务 王老师 周五前 交单元卷")
    assert "交单元卷" in in_the_chats(chat)[0]
    undone = await chat.李老师("/撤销")
    assert "取消了" in undone.notes["王老师"]
    assert len(in_the_chats(chat)) == 1
    assert "取消了" in in_the_chats(chat)[0]
    told = await texts(chat, "王老师")
    assert (told[0], told[1]) == ("（机器人撤回了这条消息）", "↩️ 机器人撤回了刚才的一条消息")


async def test_a_change_in_the_group_goes_and_the_correction_comes(chat):
    await chat.李老师.private("/日程 改 4 周四第8节")
    assert in_the_chats(chat)[0].startswith(MOVED)
    await chat.李老师.private("/撤销")
    assert [text.startswith(BACK) for text in in_the_chats(chat)] == [True]


async def test_what_has_not_left_yet_never_does_and_needs_no_correction(chat):
    chat.playground.transport.arm("refuse", 1)
    await chat.李老师.private("/日程 改 4 周四第8节")
    undone = await chat.李老师.private("/撤销")
    assert "恢复原来的安排" in undone
    assert undone.notes == {}
    await chat.later(minutes=5)
    assert in_the_chats(chat) == []


async def test_only_the_undone_command_is_called_back(chat):
    await chat.李老师("/任务 王老师 周五前 交单元卷")
    await chat.李老师("/任务 王老师 周五前 出一道题")
    await chat.李老师("/撤销")
    first, second = in_the_chats(chat)
    assert "5 交单元卷" in first
    assert "6 出一道题 取消了" in second


async def test_what_the_platform_does_not_take_back_stays_and_is_put_right(chat):
    chat.playground.transport.faults.extend([FINE, REJECTED])
    await chat.李老师.private("/日程 改 4 周四第8节")
    await chat.李老师.private("/撤销")
    assert [text[:8] for text in in_the_chats(chat)] == [MOVED[:8], BACK[:8]]
    assert await chat.李老师.private("/待定") == "✅ 没有待定的消息，都发出去了。"


async def test_a_recall_survives_a_restart_and_is_not_tried_for_ever(desk: Desk):
    desk.ability(recall=True)
    item = await desk.put("改到周四", kind="change")
    await desk.sender.drain()
    await called_back(desk, item)
    desk.robot.faults.extend([REFUSED, rate_limited(90)])
    await desk.sender.drain()
    await desk.restart()
    await desk.run_dry()
    assert desk.texts == []
    assert await desk.states() == ["sent", "sent"]

    again = await desk.put("改到周五", kind="change")
    await desk.sender.drain()
    await called_back(desk, again)
    desk.robot.faults.extend([REFUSED] * 300)
    await desk.run_dry()
    assert (await desk.states())[2:] == ["sent", "expired"]
    assert desk.troubles == []


STATES = [
    ("waiting, never tried", (), True, "expired"),
    ("refused once", (REFUSED,), True, "expired"),
    ("refused for good", (REJECTED,), True, "failed"),
    ("held: it may have arrived", (RESET_AFTER_BODY,), False, "expired"),
    ("sent", (FINE,), False, "sent"),
]


@pytest.mark.parametrize(("what", "faults", "unheard", "state"), STATES, ids=[row[0] for row in STATES])
async def test_who_has_been_told(desk: Desk, what: str, faults: tuple[Fault, ...], unheard: bool, state: str):
    item = await desk.put("改到周四", kind="change")
    desk.robot.faults.extend(faults)
    if faults:
        await desk.sender.drain()
    assert await called_back(desk, item) == (frozenset({"group"}) if unheard else frozenset())
    desk.robot.faults.clear()
    await desk.run_dry()
    assert await desk.states() == [state], "nothing can be recalled here, and nothing is sent any more"


async def test_half_a_message_counts_as_told_and_its_parts_are_recalled(desk: Desk):
    desk.ability(recall=True, max_bytes=60)
    item = await desk.put("\n".join(f"第{n}段，说得很长很长很长很长" for n in range(3)), kind="change")
    desk.robot.faults.extend([FINE, REFUSED])
    await desk.sender.drain()
    stored = await desk.item(item)
    assert (stored.parts_sent, len(stored.receipts)) == (1, 1)
    assert await called_back(desk, item) == frozenset()
    await desk.run_dry()
    assert desk.texts == []


async def test_what_another_group_of_the_school_has_not_read_is_not_put_right_there(desk: Desk, tmp_path):
    item = await desk.put("9月30日停课", kind="change", group="research")
    async with desk.store.transaction(SYSTEM) as tx:
        unheard = await call_back(tx, [item.id], desk.now(), "chinese")
    assert unheard == {"research/group"}
    store = await TinyStore(tmp_path / "school").open()
    await sample.found(store, sample.START)
    async with store.transaction(space_of("chinese")) as tx:
        home = await load(tx, "chinese", sample.START)
        [other] = await sisters(home)
        for group in (home, other):
            group.announce("【改】照旧")
            group.tell("张老师", "照旧")
        home.hush(unheard)
        assert (home.changes, other.changes) == (["【改】照旧"], [])
        home.hush({"research/张老师"})
        assert (len(home.notices), other.notices) == (1, [])
    await store.close()


async def test_an_undecided_recall_is_tried_three_times_and_bothers_nobody(desk: Desk):
    desk.ability(recall=True)
    item = await desk.put("改到周四", kind="change")
    await desk.sender.drain()
    await called_back(desk, item)
    desk.robot.faults.extend([LOST_AFTER_BODY] * 9)
    await desk.run_dry()
    assert desk.robot.received == 1 + 3
    assert desk.troubles == []
    assert await desk.states() == ["sent", "held"]


async def called_back(desk, item):
    desk.forward(30)
    async with desk.store.transaction(SYSTEM) as tx:
        return await call_back(tx, [item.id, 999], desk.now())
