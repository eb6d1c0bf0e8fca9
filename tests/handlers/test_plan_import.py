"""A plan pasted into the chat, and pasted again when it was revised: what is new, changed, gone, and what stays."""

import asyncio
import time
from datetime import datetime

import pytest

from bot.clock import in_zone
from bot.domain import groups, plan_activation, plan_import, plans
from bot.domain.groups import space_of
from bot.domain.routines import State

PLAN = """三、具体活动安排
• 每月第一周\uff1a 召开备课组例会\uff0c总结上月工作。
• 每周固定时间\uff1a 集中进行集体备课\uff0c研讨下周教学内容。
• 每周四第6节\uff1a 组内研讨
• 第5周\uff1a 组内公开课
• 第12周周三第2节\uff1a 新教师汇报课
• 10月20日前\uff1a 上交单元检测卷
• 每位教师每学期听课不少于16节\uff0c教学反思不少于4篇。
"""
REVISED = (
    PLAN.replace("第5周", "第6周")
    .replace("新教师汇报课", "青年教师汇报课")
    .replace("• 10月20日前\uff1a 上交单元检测卷\n", "")
    .replace("不少于16节", "不少于12节")
    + "• 第8周\uff1a 期中命题研讨\n"
)


async def in_force(chat):
    """The first plan read, answered and put in force; its entries are 5 to 10."""
    await chat.李老师.private(f"/计划 导入 {PLAN}")
    await chat.李老师.private("/计划 答 1 周四第6-7节")
    await chat.李老师.private("/计划 启用")


async def test_a_pasted_plan_is_read_through_beside_its_lines_and_put_in_force(chat):
    assert "贴在" in await chat.李老师.private("/计划 导入")
    reply = await chat.李老师.private(f"/计划 导入 {PLAN}")
    assert reply.startswith("✅ 读进计划\uff1a5 项清楚\uff0c1 处要您定\uff0c2 个要达到的次数。")
    assert "一条一条看\uff1a/计划 看 5" in reply
    row = await chat.李老师.private("/计划 看 8")
    assert "原文\uff1a第5行\uff1a• 第5周\uff1a 组内公开课" in row
    assert "读成\uff1a第5周" in row
    assert "接下来\uff1a9月28日\u201310月4日" in row
    assert "归在\uff1a公开课" in row
    assert "9月7日 07:00 李老师从计划导入" in row
    assert "下一条\uff1a/计划 看 9" in row
    asked = await chat.李老师.private("/计划 看 6")
    assert "问题 1" in asked
    assert asked.status == "question"
    assert (await chat.李老师.private("2")).startswith("✅ 6 集体备课\uff1a每周一\uff0c启用后生效。")
    assert not any("公开课" in post.text for post in await chat.until("2026-09-28T08:00"))
    started = await chat.李老师.private("/计划 启用")
    assert started.startswith("✅ 已启用 6 项")
    assert "会说的事\uff1a例会、集体备课、公开课" in started
    assert "设成每人的听课配额吗" in started
    assert (await chat.李老师.private("1")).startswith("✅ 已设听课配额\uff1a每人每学期听课不少于 16 节")
    assert "每人每学期 16 节" in await chat.李老师.private("/听课 配额")
    assert "2 每人每学期教学反思不少于 4 篇" in await chat.王老师("/计划 配额")


async def test_an_import_is_taken_back(chat):
    await chat.李老师(f"/计划 导入 {PLAN}")
    assert "导入的 6 项删掉了" in await chat.李老师("/撤销")
    assert "计划 1 项" in await chat.李老师("/计划")
    assert "没有要达到的次数" in await chat.李老师("/计划 配额")


async def test_a_revised_plan_is_shown_first_and_changes_what_the_leader_agrees_to(chat):
    await in_force(chat)
    reply = await chat.李老师(f"/计划 导入 {REVISED}")
    assert reply.startswith("📋 和现在的计划比\uff1a新的 1\uff0c改了 2\uff0c没有了 1\uff0c不变 3。还没有改。")
    assert "改 8 第5周 → 第6周 组内公开课" in reply
    assert "改 9 新教师汇报课 → 青年教师汇报课" in reply
    assert "没有了 10 10月20日前 上交单元检测卷" in reply
    assert "新 第8周 期中命题研讨" in reply
    assert "8 第5周 组内公开课" in await chat.王老师("/计划")  # nothing has changed yet
    await chat.李老师("/计划 导入 看")
    done = await chat.李老师("1")
    assert done.startswith("✅ 照新计划改好了\uff1a改了 2 项\uff0c新加 1 项\uff0c停掉 1 项。")
    assert "【改】组内公开课 第5周 → 第6周。" in done
    assert "【改】“新教师汇报课”改叫“青年教师汇报课”。" in done
    assert "【改】上交单元检测卷\uff0810月20日前\uff09不再安排。" in done
    listed = await chat.李老师("/计划")
    assert "6 每周四第6\u20137节 集体备课" in listed  # what was answered stays answered
    assert "11 第8周 期中命题研讨\uff08未启用\uff09" in listed
    assert "10 " not in listed
    assert "李老师照新计划改\uff1a第5周 组内公开课 → 第6周 组内公开课" in await chat.李老师("/计划 看 8")
    assert "没有新的" in await chat.李老师(f"/计划 导入 {REVISED}")  # what is gone is not asked again


async def test_taking_a_revision_back_restores_it_all_and_says_so(chat):
    await in_force(chat)
    await chat.李老师(f"/计划 导入 {REVISED}")
    await chat.李老师("/计划 导入 确认 停掉")
    back = await chat.李老师("/撤销")
    assert "导入的 1 项删掉了\uff0c3 项恢复原样" in back
    assert "【改】组内公开课 恢复原来的安排\uff08第5周\uff09。" in back
    assert "【改】上交单元检测卷 恢复原来的安排\uff0810月20日前\uff09。" in back
    listed = await chat.王老师("/计划")
    assert "8 第5周 组内公开课" in listed
    assert "9 第12周周三第2节 新教师汇报课" in listed
    assert "10 10月20日前 上交单元检测卷" in listed
    assert "期中命题" not in listed


@pytest.mark.parametrize(("how", "stays"), [("2", True), ("1", False)])
async def test_what_is_gone_is_stopped_on_a_yes_alone(chat, how, stays):
    await in_force(chat)
    await chat.李老师(f"/计划 导入 {REVISED}")
    await chat.李老师(how)
    posts = await chat.until("2026-10-20T08:00")
    assert any("上交单元检测卷" in post.text for post in posts) is stays


async def test_no_thank_you_leaves_everything(chat):
    await in_force(chat)
    before = await chat.王老师("/计划")
    await chat.李老师(f"/计划 导入 {REVISED}")
    assert (await chat.李老师("3")).startswith("✅ 新计划不用了")
    assert await chat.王老师("/计划") == before
    assert (await chat.李老师("/计划 导入 看")).startswith("ℹ️ 没有等着导入的计划。")


async def test_what_was_corrected_and_deleted_stays_when_the_same_plan_comes_again(chat):
    await in_force(chat)
    await chat.李老师("/计划 改 8 第7周周五第3节")
    await chat.李老师("/计划 名称 9 亮相课")
    await chat.李老师("/计划 删 10")
    await chat.李老师("/计划 不发 7")
    before = await chat.李老师("/计划")
    assert (await chat.李老师(f"/计划 导入 {PLAN}")).startswith("ℹ️ 没有新的")
    assert await chat.李老师("/计划") == before


async def test_a_correction_is_named_where_the_new_document_says_otherwise(chat):
    await in_force(chat)
    await chat.李老师("/计划 改 8 第7周周五第3节")
    assert "改 8 第7周周五第3节 → 第6周 组内公开课\uff08现在的是您定的\uff09" in await chat.李老师(
        f"/计划 导入 {REVISED}"
    )


async def test_what_took_place_stays_done_when_the_plan_is_revised(chat):
    await in_force(chat)
    await chat.until("2026-10-09T18:00")
    before, _, _ = (await chat.李老师.private("/汇总 9月")).partition("📅")  # what comes is another matter
    assert "计划活动 4/4 项" in before  # four Thursdays but one holiday week, and the open lesson
    await chat.李老师(f"/计划 导入 {PLAN.replace('每周四第6节', '每周五第5节').replace('第5周', '第6周')}")
    done = await chat.李老师("1")
    assert "【改】组内研讨 每周四第6节 → 每周五第5节。" in done
    assert (await chat.李老师.private("/汇总 9月")).startswith(before)
    assert "10月16日 周五第5节 组内研讨" in await chat.王老师("/日程 下周")
    assert "组内研讨" not in "".join(r for r in (await chat.王老师("/日程 下周")).splitlines() if "周四" in r)


async def test_a_restart_between_question_and_answer_loses_nothing(tmp_path):
    from bot.app import Playhouse
    from tests.conftest import Chat

    async with Playhouse(tmp_path / "data", None) as first:
        chat = Chat(first)
        await in_force(chat)
        await chat.李老师(f"/计划 导入 {REVISED}")
    async with Playhouse(tmp_path / "data", None) as second:
        chat = Chat(second)
        assert (await chat.李老师("2")).startswith("✅ 照新计划改好了")
        assert "恢复原样" in await chat.李老师("/撤销")


async def test_from_a_page_or_the_command_line_what_would_change_waits_for_the_leader(chat):
    await chat.playground.read_plan(PLAN, None, None, True)
    await chat.playground.read_plan(REVISED, None, None, True)
    notes = [b.text for b in await chat.playground.transcript("", "李老师", 0)]
    assert any("计划有新的一份" in text and "/计划 导入 看" in text for text in notes)
    listed = await chat.李老师.private("/计划 1")
    assert "8 第5周 组内公开课" in listed
    assert "11 第8周 期中命题研讨" in listed  # what is only new is in force
    assert (await chat.李老师.private("/计划 导入 确认")).startswith("✅ 照新计划改好了\uff1a改了 2 项")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("/计划 导入 大家好", "❌ 这份文件里没有找到活动安排。"),
        ("/计划 导入 看", "ℹ️ 没有等着导入的计划。"),
        ("/计划 导入 确认", "ℹ️ 没有等着导入的计划。"),
        ("/计划 导入 不要", "ℹ️ 没有等着导入的计划。"),
        ("/计划 导入 确认 随便", "❌ 没看懂“随便”。"),
        ("/计划 看 99", "❌ 计划里没有编号 99。"),
        ("/计划 9", "❌ 没有第 9 页。"),
        ("/计划 配额 3", "❌ 计划里没有第 3 条配额。"),
        ("/计划 配额 好", "❌ 没看懂“好”。"),
    ],
)
async def test_what_is_wrong_is_said(chat, text, first):
    reply = await chat.李老师(text)
    assert reply.splitlines()[0] == first
    assert reply.status == "refused"


async def test_ten_thousand_characters_and_emoji_are_read(chat):
    filler = "我们要认真备课\uff0c用心上课😀。\n" * 700
    reply = await chat.李老师.private(f"/计划 导入 {filler}• 第5周\uff1a组内公开课🎉\n")
    assert reply.startswith("✅ 读进计划\uff1a1 项清楚")


async def test_a_pupil_in_the_plan_is_not_kept(chat):
    reply = await chat.李老师.private("/计划 导入 第5周\uff1a家访\uff0c张小明58分\n第6周\uff1a组内公开课")
    assert reply.startswith("🛡️")
    assert "张小明" not in reply
    assert (await chat.李老师.private("1")).startswith("✅ 读进计划\uff1a2 项清楚")


async def test_a_page_sees_the_plan_row_by_row_and_works_with_the_same_functions(chat):
    await chat.李老师(f"/计划 导入 {PLAN}")
    playground = chat.playground
    async with playground.store.transaction(space_of("chinese")) as tx:
        group = await groups.load(tx, "chinese", in_zone(datetime.fromisoformat("2026-09-07T08:00")))
        rows = {row.number: row for row in await plans.preview(group)}
        assert [(rows[n].line, rows[n].state) for n in (5, 6)] == [(2, State.DRAFT), (3, State.ASKING)]
        assert rows[6].choices
        assert rows[6].days == ()
        assert rows[6].why_none == "回答以后才有日子"
        assert rows[7].days[:2] == ("9月10日 周四第6节", "9月17日 周四第6节")
        assert len(rows[7].days) == 5
        assert rows[7].words == "• 每周四第6节\uff1a 组内研讨"
        done, _ = await plan_activation.activate(group, "李老师")
        assert len(done.started) == 5
        made = await plan_import.import_lines(group, "李老师", REVISED.splitlines())
        assert made.waiting
        assert len(made.waiting.changed) == 2


async def test_the_same_plan_rearranged_is_the_same(chat):
    await in_force(chat)
    lines = PLAN.splitlines()
    moved = "\n".join(["工作计划", *reversed(lines[1:]), ""]).replace("\uff1a ", "\uff1a").replace("• ", "1. ")
    assert (await chat.李老师(f"/计划 导入 {moved}")).startswith("ℹ️ 没有新的\uff1a6 项原来就有。")
    assert "原文\uff1a第5行\uff1a1. 第5周\uff1a组内公开课" in await chat.李老师("/计划 看 8")


async def test_one_of_several_alike_goes_and_another_moves(chat):
    lines = [f"第{week}周\uff1a单元检测{name}" for week, name in ((3, "一"), (6, "二"), (9, "三"))]
    await chat.李老师("/计划 导入 " + "\n".join(lines))
    reply = await chat.李老师("/计划 导入 " + "\n".join([lines[0], "第10周\uff1a单元检测三"]))
    assert "改 7 第9周 → 第10周 单元检测三" in reply
    assert "没有了 6 第6周 单元检测二" in reply
    assert "改了 1\uff0c没有了 1\uff0c不变 1" in reply


async def test_what_is_over_is_not_asked_about_and_a_number_alone_touches_nothing(chat):
    await in_force(chat)
    await chat.until("2026-10-26T08:00")
    without = "\n".join(line for line in PLAN.splitlines() if "第5周" not in line and "10月20日" not in line)
    assert (await chat.李老师(f"/计划 导入 {without}")).startswith("ℹ️ 没有新的")
    reply = await chat.李老师("/计划 导入 每人每学期上公开课不少于2节\n每月听课不少于4节")
    assert reply.startswith("✅ 读进计划\uff1a0 项清楚\uff0c0 处要您定\uff0c2 个要达到的次数。")


async def test_what_was_in_force_and_is_unclear_now_is_silent_until_it_is_answered(chat):
    await in_force(chat)
    await chat.李老师(f"/计划 导入 {PLAN.replace('每周四第6节', '每两周一次')}")
    done = await chat.李老师("1")
    assert "【改】组内研讨\uff08每周四第6节\uff09要改时间\uff0c定了再说。" in done
    posts = await chat.until("2026-09-17T20:00")
    assert not any("组内研讨" in post.text for post in posts if post.to == "group")
    answered = await chat.李老师("/计划 答 1 双周")
    assert "【改】组内研讨 每两周 → 双周。" in answered
    assert any("组内研讨" in post.text for post in await chat.until("2026-09-21T08:00"))


async def test_putting_in_force_is_taken_back_with_what_it_took_the_place_of(chat):
    await chat.李老师("/设置 关 例会")
    await chat.李老师(f"/计划 导入 {PLAN}")
    await chat.李老师("/计划 答 1 周四第6-7节")
    started = await chat.李老师("/计划 启用")
    assert "【改】集体备课 每周三第8\u20139节 语文办公室 → 每周四第6\u20137节 语文办公室。" in started
    assert "原来关着的也打开了\uff1a例会" in started
    assert "已撤销\uff1a6 项不在用了" in await chat.李老师("/撤销")
    assert "周三第8\u20139节" in await chat.王老师("/本周备课")
    spoken = next(row for row in (await chat.李老师("/设置")).splitlines() if row.startswith("自己发"))
    assert "例会" not in spoken  # as the leader had it
    assert "6 每周四第6\u20137节 集体备课\uff08未启用\uff09" in await chat.李老师("/计划")


async def test_what_an_event_leads_to_stands_on_its_card(chat):
    await in_force(chat)
    (card,) = [post for post in await chat.until("2026-09-28T08:00") if "组内公开课" in post.text]
    assert "/公开课" in card.text


async def test_three_hundred_lines_are_quick_and_readable(chat):
    lines = [f"第{1 + n % 20}周\uff1a第{n}号教材研读" for n in range(300)]
    started = time.perf_counter()
    reply = await chat.李老师.private("/计划 导入 " + "\n".join(lines))
    assert reply.startswith("✅ 读进计划\uff1a300 项清楚")
    changed = [line.replace("研读", "共读") if n % 3 else line for n, line in enumerate(lines)]
    reply = await chat.李老师.private("/计划 导入 " + "\n".join(changed))
    assert "改了 200" in reply
    assert len(reply.splitlines()) <= 12
    assert len(reply) <= 420
    assert time.perf_counter() - started < 20


async def test_what_an_older_version_asked_and_kept_is_not_asked_again(chat):
    await in_force(chat)
    async with chat.playground.store.transaction(space_of("chinese")) as tx:
        group = await groups.load(tx, "chinese", in_zone(datetime.fromisoformat("2026-09-07T08:00")))
        answered = await plans.numbered(group, 6)
        assert answered.read
        await group.records.update(answered.model_copy(update={"read": None}))
    assert (await chat.李老师(f"/计划 导入 {PLAN}")).startswith("ℹ️ 没有新的")


async def test_two_at_once_are_one_after_the_other(chat):
    replies = await asyncio.gather(*(chat.李老师(f"/计划 导入 {PLAN}") for _ in range(3)))
    assert sorted(reply[:2] for reply in replies) == ["ℹ️", "ℹ️", "✅ "]
    done = await asyncio.gather(*(chat.李老师(f"/计划 {text}") for text in ("改 8 第7周", "改 8 第9周", "删 8")))
    assert all(reply.startswith(("✅", "ℹ️")) for reply in done)
    assert "8 " not in await chat.王老师("/计划")


async def test_a_day_that_lies_behind_says_so_in_the_preview(chat):
    await chat.李老师("/计划 导入 第1周\uff1a学习课标\n第9周\uff1a组内公开课")
    async with chat.playground.store.transaction(space_of("chinese")) as tx:
        group = await groups.load(tx, "chinese", in_zone(datetime.fromisoformat("2026-09-07T08:00")))
        rows = {row.title: row.why_none for row in await plans.preview(group)}
    assert (rows["学习课标"], rows["组内公开课"]) == ("日子已经过了", "")
