"""The lead handed over and deputies: from the question to the answer, taken back, and what must not be."""

import asyncio
import re

import pytest

from bot.cli.data import rows_of
from bot.domain.groups import GroupRecord
from bot.domain.people import SYSTEM


async def test_the_story_of_a_handover(chat):
    asked = await chat.李老师("/移交 张老师")
    assert asked.startswith("📝 已私下问张老师，同意后才换组长")
    assert "1 同意" in asked.notes["张老师"]
    assert "/移交 不接" in asked.notes["张老师"]
    assert "在等回答" in await chat.李老师("/移交")
    taken = await chat.张老师.private("1")
    assert taken.startswith("✅ 您现在是高一语文备课组的组长")
    assert "张老师同意了" in taken.notes["李老师"]
    assert taken.notes["group"] == "【改】组长由李老师改为张老师。"
    assert (await chat.李老师("/设置")).startswith("🔒")
    assert (await chat.张老师("/设置")).status == "ok"
    roster = await chat.王老师("/成员")
    assert ("张老师（组长" in roster, "李老师（" in roster) == (True, False)


async def test_the_new_leader_gets_what_is_for_the_leader(chat):
    await chat.李老师("/移交 张老师")
    await chat.张老师("/移交 同意")
    assert "张老师" in (await chat.王老师("/请假 明天")).notes
    assert (await chat.李老师("/移交 王老师")).startswith("🔒")


async def test_it_is_taken_back_within_ten_minutes_and_not_later(chat):
    await chat.李老师("/移交 张老师")
    await chat.张老师("/移交 同意")
    await chat.later(minutes=5)
    back = await chat.张老师("/撤销")
    assert "已撤销：组长仍是李老师" in back
    assert "【改】组长仍是李老师。" in back
    assert "您仍是" in back.notes["李老师"]
    assert (await chat.李老师("/设置")).status == "ok"
    assert (await chat.张老师("/设置")).status == "refused"
    await chat.李老师("/移交 张老师")
    await chat.张老师("/移交 同意")
    await chat.later(minutes=11)
    assert (await chat.张老师("/撤销")).status == "refused"


async def test_a_leader_who_has_handed_on_cannot_take_it_back_from_the_third(chat):
    await chat.李老师("/移交 张老师")
    await chat.张老师("/移交 同意")
    await chat.张老师("/移交 王老师")
    await chat.王老师("/移交 同意")
    assert (await chat.张老师("/撤销")).status == "refused"
    assert "王老师（组长" in await chat.张老师("/成员")


async def test_a_no_is_told_and_changes_nothing(chat):
    await chat.李老师("/移交 张老师")
    no = await chat.张老师.private("2")
    assert "已告诉李老师" in no
    assert "您仍是组长" in no.notes["李老师"]
    assert (await chat.张老师("/移交 同意")).status == "refused"
    assert (await chat.李老师("/设置")).status == "ok"


async def test_the_question_is_taken_back_and_asked_of_somebody_else(chat):
    await chat.李老师("/移交 张老师")
    assert "不移交给张老师了" in await chat.李老师("/撤销")
    assert (await chat.张老师("/移交 同意")).status == "refused"
    await chat.李老师("/移交 张老师")
    other = await chat.李老师("/移交 王老师")
    assert "不用回答了" in other.notes["张老师"]
    assert (await chat.张老师("/移交 同意")).status == "refused"
    gone = await chat.李老师("/移交 取消")
    assert "不用回答了" in gone.notes["王老师"]
    assert (await chat.王老师("/移交 同意")).status == "refused"


async def test_a_number_after_something_else_is_no_answer_but_the_command_is(chat):
    await chat.李老师("/移交 张老师")
    await chat.张老师.private("/我的")
    assert (await chat.张老师.private("1")).status == "menu"
    assert (await chat.张老师.private("/移交 同意", group="高一语文备课组")).status == "ok"


async def test_the_letter_does_not_push_aside_a_question_of_ones_own(chat):
    assert (await chat.张老师.private("/切换")).status == "question"
    await chat.李老师("/移交 张老师")
    assert "私下说的现在是" in await chat.张老师.private("1")
    assert (await chat.李老师("/设置")).status == "ok"


async def test_after_a_week_it_is_too_late(chat):
    await chat.李老师("/移交 张老师")
    await chat.later(days=8)
    assert (await chat.张老师("/移交 同意")).status == "refused"
    assert "组长：李老师" in await chat.李老师("/移交")


async def test_who_has_left_cannot_agree(chat):
    await chat.李老师("/移交 周老师")
    await chat.李老师("/成员 移出 周老师")
    assert (await chat.周老师("/移交 同意")).status == "refused"


async def test_the_story_of_a_deputy(chat):
    named = await chat.李老师("/副组长 张老师")
    assert "副组长" in named.notes["张老师"]
    assert "张老师（副组长" in await chat.王老师("/成员")
    assert (await chat.张老师("/设置 关 反思")).status == "ok"
    assert "照常自己发" in await chat.张老师("/撤销")
    assert (await chat.张老师("/任务 王老师 周五前 交单元卷")).status == "ok"
    assert "李老师" in (await chat.王老师("/请假 明天")).notes
    assert "副组长：张老师" in await chat.李老师("/设置")
    gone = await chat.李老师("/副组长 取消 张老师")
    assert "不再是" in gone.notes["张老师"]
    assert (await chat.张老师("/设置")).startswith("🔒")


async def test_a_deputy_neither_names_nor_hands_over(chat):
    await chat.李老师("/副组长 张老师")
    for text in ("/移交 张老师", "/移交 取消", "/副组长 王老师", "/副组长 取消 张老师"):
        reply = await chat.张老师(text)
        assert (reply.status, "只由组长本人来定（李老师）" in reply) == ("refused", True), text


async def test_a_deputy_is_taken_back(chat):
    await chat.李老师("/副组长 张老师")
    assert "张老师不是副组长" in await chat.李老师("/撤销")
    assert (await chat.张老师("/设置")).status == "refused"
    await chat.李老师("/副组长 张老师")
    await chat.李老师("/副组长 取消 张老师")
    assert "张老师仍是副组长" in await chat.李老师("/撤销")
    assert (await chat.张老师("/设置")).status == "ok"


async def test_a_deputy_is_one_in_this_group_alone_and_stays_one_after_undo(chat):
    await chat.李老师("/副组长 王老师")
    assert (await chat.say("王老师", "/设置", group="高一年级课题组")).startswith("🔒")
    await chat.李老师("/移交 王老师")
    await chat.王老师("/移交 同意")
    assert "副组长" not in await chat.王老师("/成员")
    await chat.王老师("/撤销")
    assert "王老师（副组长" in await chat.王老师("/成员")


@pytest.mark.parametrize(
    ("speaker", "text", "says"),
    [
        ("李老师", "/移交 李老师", "您就是组长"),
        ("李老师", "/移交 钱老师", "组里没有“钱老师”"),
        ("李老师", "/移交 取消", "没有在等回答"),
        ("李老师", "/移交 同意", "没有人请您"),
        ("王老师", "/移交 不接", "没有人请您"),
        ("王老师", "/移交 王老师", "由组长使用"),
        ("李老师", "/副组长 李老师", "您就是组长"),
        ("李老师", "/副组长 取消 王老师", "不是副组长"),
        ("王老师", "/副组长", "由组长使用"),
        ("访客", "/移交 同意", "我还不认识您"),
    ],
)
async def test_what_is_wrong_is_said(chat, speaker, text, says):
    reply = await chat.say(speaker, text)
    assert (reply.status, says in reply) == ("refused", True), reply


async def test_somebody_without_an_account_cannot_take_the_lead(chat):
    await chat.李老师("/成员 加 新老师")
    reply = await chat.李老师("/移交 新老师")
    assert (reply.status, "/我是 新老师" in reply) == ("refused", True)


async def test_there_are_two_deputies_at_most(chat):
    for name in ("张老师", "王老师"):
        await chat.李老师(f"/副组长 {name}")
    assert "最多 2 位" in await chat.李老师("/副组长 赵老师")
    assert (await chat.李老师("/副组长 张老师")).status == "refused"
    assert "王老师、张老师" in await chat.李老师("/副组长")


async def handed_to(chat, name):
    roster = await chat.say("赵老师", "/成员")
    (leader,) = re.findall("([^、\\n]+)（组长", roster)
    await chat.say(leader, f"/移交 {name}")
    assert (await chat.say(name, "/移交 同意")).status == "ok"


async def leads(chat, name):
    return f"{name}（组长" in await chat.say("赵老师", "/成员")


async def test_the_group_knows_who_led_from_when_to_when(chat):
    await handed_to(chat, "张老师")
    await chat.later(days=40)
    await handed_to(chat, "王老师")
    shown = await chat.王老师("/移交")
    assert "组长：王老师" in shown
    assert "以前：张老师（2026年9月7日–2026年10月17日）" in shown
    assert "以前：李老师（至2026年9月7日）" in shown
    assert "✔️ 组长 2026年9月7日–2026年10月17日" in await chat.张老师("/我的")
    assert "✔️ 组长 2026年10月17日起" in await chat.王老师("/我的")
    assert "新任组长王老师" in await chat.王老师.private("/汇总 10月")
    assert "组长 王老师（2026年10月17日起）" in await chat.王老师.private("/汇总 10月 组长")
    assert "新任" not in await chat.王老师.private("/汇总 11月")


async def test_what_was_taken_back_leaves_no_trace(chat):
    await handed_to(chat, "张老师")
    await chat.later(minutes=9)
    await chat.张老师("/撤销")
    await chat.李老师("/副组长 王老师")
    await chat.李老师("/撤销")
    assert "以前" not in await chat.李老师("/移交")
    assert "组长" not in await chat.张老师("/我的")
    assert "组长" not in await chat.王老师("/我的")


async def test_deputies_are_kept_too_and_all_of_it_is_exported(chat):
    await chat.李老师("/副组长 王老师")
    await chat.李老师("/副组长 周老师")
    await chat.later(days=10)
    await chat.李老师("/成员 移出 周老师")
    await handed_to(chat, "王老师")
    assert "✔️ 副组长 2026年9月7日–2026年9月17日" in await chat.王老师("/我的")
    async with chat.playground.store.transaction(SYSTEM) as tx:
        (record,) = await tx.find(GroupRecord, key="chinese")
    rows = [row for row in await rows_of(chat.playground.store, record) if row["subject"] == "组长"]
    kept = [(row["member"], row["office"], (row["since"] or "")[:10], (row["until"] or "")[:10]) for row in rows]
    assert kept == [
        ("王老师", "副组长", "2026-09-07", "2026-09-17"),
        ("周老师", "副组长", "2026-09-07", "2026-09-17"),
        ("李老师", "组长", "", "2026-09-17"),
        ("王老师", "组长", "2026-09-17", ""),
    ]


async def test_a_leader_on_leave_hands_over_and_the_new_one_gets_the_notes(chat):
    await chat.李老师("/请假 明天到下周五 培训")
    await chat.later(days=1)
    await handed_to(chat, "张老师")
    assert "张老师" in (await chat.王老师("/请假 明天")).notes
    assert (await chat.张老师("/设置")).status == "ok"


async def test_a_question_to_somebody_who_left_waits_no_more(chat):
    await chat.李老师("/移交 周老师")
    await chat.李老师("/成员 移出 周老师")
    assert "在等回答" not in await chat.李老师("/移交")
    assert (await chat.李老师("/移交 周老师")).status == "refused"
    assert (await chat.李老师("/移交 张老师")).status == "ok"


async def test_two_at_once_leave_one_question_and_one_leader(chat):
    await asyncio.gather(chat.李老师("/移交 张老师"), chat.李老师("/移交 王老师"))
    said = await asyncio.gather(
        *(chat.say(name, "/移交 同意", msgid=f"{name}{n}") for name in ("张老师", "王老师") for n in range(2))
    )
    assert sorted(reply.status for reply in said) == ["ok", "refused", "refused", "refused"]
    assert [name for name in ("李老师", "张老师", "王老师") if await leads(chat, name)] in (["张老师"], ["王老师"])


async def test_who_took_over_and_left_nothing_behind_cannot_be_taken_back_from(chat):
    await handed_to(chat, "张老师")
    await chat.张老师("/成员 移出 李老师")
    assert (await chat.张老师("/撤销")).status == "refused"
    assert await leads(chat, "张老师")
