"""The leader puts right what was read: time, place, name, no posts, out, back; each with history and a way back."""

import pytest

PLAN = """• 每周四第6节\uff1a组内研讨
• 双周周三第3节\uff1a听评课活动
• 每月第一周\uff1a召开备课组例会
• 第5周\uff1a组内公开课
• 10月20日\uff1a上交单元检测卷
• 每两周一次\uff1a磨题
"""
#: Numbers of the entries.
WEEKLY, BIWEEKLY, MEETING, WEEK, DATED, ASKED = 5, 6, 7, 8, 9, 10


@pytest.fixture
async def group(chat):
    await chat.李老师.private(f"/计划 导入 {PLAN}")
    await chat.李老师.private("/计划 启用")
    return chat


@pytest.mark.parametrize(
    ("item", "words", "rule", "coming"),
    [
        (WEEKLY, "周五第5节", "每周五第5节", "9月11日 周五第5节"),
        (WEEKLY, "第7节", "每周四第7节", "9月10日 周四第7节"),
        (WEEKLY, "双周周四第8节", "双周周四第8节", "9月10日 周四第8节"),
        (WEEKLY, "每月第一周周五", "每月第一周周五", "10月9日 周五"),
        (BIWEEKLY, "单周", "单周周三第3节", "9月16日 周三第3节"),
        (BIWEEKLY, "周四第2节", "双周周四第2节", "9月10日 周四第2节"),
        (BIWEEKLY, "每周周四第8节", "每周四第8节", "9月10日 周四第8节"),
        (BIWEEKLY, "地点 录播室", "双周周三第3节 录播室", "9月9日 周三第3节"),
        (WEEK, "第10周周三第2节", "第10周周三第2节", "11月4日 周三第2节"),
        (WEEK, "周三第2节", "第5周周三第2节", "9月30日 周三第2节"),
        (WEEK, "11月6日", "11月6日", "11月6日 周五"),
        (DATED, "周四第8节", "10月22日第8节", "10月22日 周四第8节"),
        (DATED, "期中考试前一周", "期中考试前1周", "10月26日"),
    ],
)
async def test_a_time_is_put_right_and_the_group_reads_one_line(group, item, words, rule, coming):
    before = (await group.李老师(f"/计划 看 {item}")).splitlines()[:4]
    reply = await group.李老师(f"/计划 改 {item} {words}")
    assert rule in reply.splitlines()[0]
    assert coming in reply.splitlines()[1]
    assert reply.count("【改】") == 1
    assert f" → {rule}" in reply
    assert "把时间" in await group.王老师(f"/计划 看 {item}")
    assert "恢复原样" in await group.李老师("/撤销")
    assert (await group.李老师(f"/计划 看 {item}")).splitlines()[:4] == before


async def test_a_fortnight_without_its_weeks_is_asked(group):
    reply = await group.李老师(f"/计划 改 {WEEKLY} 每两周周四第8节")
    assert reply.status == "question"
    assert "1 单周周四第8节" in reply
    assert "每周四第6节" in await group.王老师("/计划")
    assert (await group.李老师("2")).startswith(f"✅ {WEEKLY} 组内研讨\uff1a双周周四第8节")


async def test_a_month_without_its_week_is_asked(group):
    assert "1 每月第一个周五第3节" in await group.李老师(f"/计划 改 {WEEKLY} 每月周五第3节")
    assert (await group.李老师("1")).startswith(f"✅ {WEEKLY} 组内研讨\uff1a每月第一周周五第3节")


async def test_a_last_day_stays_a_last_day(chat):
    await chat.李老师("/计划 导入 10月20日前\uff1a上交单元检测卷")
    assert (await chat.李老师("/计划 改 5 10月22日")).startswith("✅ 5 上交单元检测卷\uff1a10月22日前")
    assert (await chat.李老师("/计划 改 5 周五")).startswith("✅ 5 上交单元检测卷\uff1a10月23日前")
    assert (await chat.李老师("/计划 改 5 学期末")).startswith("✅ 5 上交单元检测卷\uff1a学期末前")


async def test_correcting_answers_what_was_asked_and_goes_back(group):
    assert "1 处待组长回答" in await group.李老师("/计划")
    reply = await group.李老师(f"/计划 改 {ASKED} 双周周五第4节")
    assert "【改】" not in reply  # the group had never heard of it
    assert f"{ASKED} 双周周五第4节 磨题" in await group.王老师("/计划")
    await group.李老师("/撤销")
    assert "问题 1" in await group.李老师("/计划")


async def test_drafts_are_put_right_without_a_word_to_the_group(chat):
    await chat.李老师(f"/计划 导入 {PLAN}")
    for text in (f"改 {WEEKLY} 周五第5节", f"名称 {WEEKLY} 教研", f"不发 {WEEK}", f"删 {DATED}", f"恢复 {DATED}"):
        reply = await chat.李老师(f"/计划 {text}")
        assert reply.startswith("✅"), text
        assert "【改】" not in reply
        assert not reply.notes


async def test_another_name(group):
    assert "【改】“组内研讨”改叫“教研活动”。" in await group.李老师(f"/计划 名称 {WEEKLY} 教研活动")
    assert any("教研活动" in post.text for post in await group.until("2026-09-10T08:00"))


async def test_what_is_silent_stands_in_the_calendar_and_is_not_posted(group):
    for item in (WEEKLY, MEETING):
        await group.李老师(f"/计划 不发 {item}")
    assert f"{WEEKLY} 每周四第6节 组内研讨\uff08不发\uff09" in await group.王老师("/计划")
    posts = await group.until("2026-10-09T08:00")
    assert not any("组内研讨" in post.text or "例会" in post.text for post in posts)
    assert "组内研讨" in await group.王老师("/日程 下周")
    assert "照常" in await group.李老师(f"/计划 不发 {WEEKLY}")
    await group.李老师(f"/计划 恢复 {WEEKLY}")
    assert any("组内研讨" in post.text for post in await group.until("2026-10-15T08:00"))


async def test_what_is_asked_may_be_left_silent_or_deleted_and_is_asked_again(group):
    assert (await group.李老师(f"/计划 不发 {ASKED}")).startswith(f"✅ {ASKED} 磨题不会自己发了")
    assert "待组长回答" not in await group.李老师("/计划")
    assert "先回答第 1 个问题" in await group.李老师(f"/计划 恢复 {ASKED}")
    assert (await group.李老师(f"/计划 删 {ASKED}")).startswith(f"✅ {ASKED} 磨题")
    assert "待组长回答" not in await group.李老师("/计划")
    assert "先回答第 1 个问题" in await group.李老师(f"/计划 恢复 {ASKED}")
    assert (await group.李老师("/计划 答 1 双周")).startswith(f"✅ {ASKED} 磨题\uff1a双周")


async def test_a_deleted_entry_is_gone_from_the_calendar_and_comes_back_alone(group):
    assert "【改】组内研讨\uff08每周四第6节\uff09不再安排。" in await group.李老师(f"/计划 删 {WEEKLY}")
    assert "组内研讨" not in await group.王老师("/日程 下周")
    assert (await group.李老师(f"/计划 改 {WEEKLY} 周五")).startswith(f"ℹ️ {WEEKLY} 组内研讨已经删了。")
    await group.李老师("/计划 停用")
    assert (await group.李老师("/计划 启用")).startswith("✅ 已启用 5 项")  # the deleted one is not among them
    await group.李老师(f"/计划 恢复 {WEEKLY}")
    assert "组内研讨" in await group.王老师("/日程 下周")


async def test_what_was_held_by_the_old_rule_stays_in_the_digest(group):
    await group.until("2026-09-25T18:00")
    before = await group.李老师.private("/汇总 9月")
    await group.李老师(f"/计划 改 {WEEKLY} 周一第1节")
    done = await group.李老师.private("/汇总 9月")
    assert "计划活动 5/6 项" in before
    assert "计划活动 5/7 项" in done  # and Monday, by the new rule
    assert "9月10日\uff08已开\uff09" in await group.李老师.private("/汇总 9月 日程")
    posts = await group.until("2026-09-28T08:00")
    assert any("组内研讨" in post.text and "周一第1节" in post.text for post in posts)
    assert not any("组内研讨" in post.text for post in await group.until("2026-10-01T23:00"))


async def test_what_was_held_before_a_pause_counts_and_the_pause_does_not(group):
    await group.until("2026-09-17T18:00")
    await group.李老师("/计划 停用")
    await group.until("2026-09-24T18:00")
    await group.李老师("/计划 启用")
    await group.until("2026-10-09T18:00")
    held = await group.李老师.private("/汇总 9月 日程")
    assert [day for day in ("9月10日", "9月17日", "9月24日") if f"组内研讨 {day}" in held] == ["9月10日", "9月17日"]


async def test_an_answer_that_took_a_place_gives_it_back(chat):
    await chat.李老师("/计划 导入 每周固定时间\uff1a集体备课\n第5周\uff1a组内公开课")
    await chat.李老师("/计划 启用")
    reply = await chat.李老师("/计划 答 1 周四第6-7节")
    assert "【改】集体备课 每周三第8\u20139节 语文办公室 → 每周四第6\u20137节 语文办公室。" in reply
    assert "周四第6\u20137节 语文办公室" in await chat.王老师("/本周备课")
    await chat.李老师("/撤销")
    assert "周三第8\u20139节 语文办公室" in await chat.王老师("/本周备课")
    assert "1 处待组长回答" in await chat.李老师("/计划")
    assert "不会自己发" in await chat.李老师("/计划 答 1 不用")
    assert "周三第8\u20139节 语文办公室" in await chat.王老师("/本周备课")


async def test_ten_thousand_characters_are_no_time_and_no_name(group):
    for words in ("周" * 10000, "每两周" * 3000, "要" * 10000, "第" * 9999 + "节"):
        for text in (f"/计划 改 {WEEKLY} {words}", f"/计划 名称 {WEEKLY} {words}"):
            reply = await group.李老师(text)
            assert reply.status in ("refused", "question")
            assert len(reply) < 400


async def test_a_leader_may_take_back_only_what_nobody_changed_since(group):
    await group.李老师(f"/计划 改 {WEEKLY} 周五第5节")
    await group.李老师("/移交 王老师")
    await group.王老师("/移交 同意")
    assert (await group.李老师("/撤销")).status == "refused"
    assert "每周五第5节" in await group.王老师("/计划")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (f"/计划 改 {WEEKLY}", "❌ 还少内容。"),
        (f"/计划 改 {WEEKLY} 周八", "❌ 没看懂日期“周八”。"),
        (f"/计划 改 {WEEKLY} 随便吧", "❌ 没看懂“随便吧”。"),
        (f"/计划 改 {WEEKLY} 周四第6节", f"ℹ️ {WEEKLY} 组内研讨本来就是每周四第6节。"),
        ("/计划 改 99 周四第6节", "❌ 计划里没有编号 99。"),
        ("/计划 改 1 周四第6节", "❌ 计划里没有编号 1。"),
        (f"/计划 名称 {WEEKLY} {'长' * 41}", "❌ 名称有 41 字\uff0c最多 40 字。"),
        (f"/计划 名称 {WEEKLY} 组内研讨", f"ℹ️ {WEEKLY} 本来就叫“组内研讨”。"),
        ("/计划 名称 4 备课会", "❌ 4 就叫集体备课\uff0c组里都这样认。"),
        ("/计划 不发 4", "❌ 集体备课会自己说好几样\uff0c整个关掉就行。"),
        (f"/计划 恢复 {WEEKLY}", f"ℹ️ {WEEKLY} 组内研讨好好的\uff0c不用恢复。"),
    ],
)
async def test_what_is_wrong_is_said_with_a_way_out(group, text, first):
    reply = await group.李老师(text)
    assert reply.splitlines()[0] == first
    assert reply.status == "refused"
    assert len(reply.splitlines()) > 1


async def test_a_pupils_name_is_no_name_of_an_activity(group):
    assert (await group.李老师.private(f"/计划 名称 {WEEKLY} 张小明58分家访")).startswith("🛡️")
    assert "组内研讨" in await group.王老师("/计划")


async def test_what_was_called_off_for_good_is_said_and_can_go_on(chat):
    await chat.until("2026-09-09T18:00")
    assert "又要安排：@备课助手 /计划 恢复 4" in await chat.李老师("/日程 取消 4 9月30日起都取消")
    assert "集体备课（9月30日起停）" in await chat.王老师("/计划")
    await chat.李老师("/日程 取消 4 以后都")
    assert "4 每周三第8–9节 集体备课（已停）" in await chat.王老师("/计划")
    look = await chat.李老师("/计划 看 4")
    assert "集体备课（已停）" in look
    assert "接下来：以后的都取消了" in look
    assert "照常安排：@备课助手 /计划 恢复 4" in await chat.李老师("/日程 恢复 4")
    back = await chat.李老师("/计划 恢复 4")
    assert "【改】集体备课 照常安排（每周三第8–9节 语文办公室）。" in back
    assert "9月16日 周三第8–9节 集体备课" in await chat.王老师("/日程 下周")
    assert "集体备课（" not in await chat.王老师("/计划")
    again = await chat.李老师("/撤销")
    assert "【改】集体备课 不再安排。" in again
    assert "集体备课（已停）" in await chat.王老师("/计划")
    assert "集体备课" not in await chat.王老师("/日程 下周")
    await chat.李老师("/计划 停用")
    await chat.李老师("/计划 启用")
    assert "集体备课" not in await chat.王老师("/日程 下周")


async def test_a_correction_of_the_plan_and_a_standing_change_go_together(chat):
    await chat.until("2026-09-09T18:00")
    await chat.李老师("/日程 改 4 以后都周四第8节")
    await chat.until("2026-09-17T18:00")
    await chat.李老师("/计划 改 4 周五第7节")
    await chat.李老师("/日程 改 4 以后都周二第1节")
    month = await chat.王老师("/日程 9月")
    held = [line for line in month.splitlines() if "集体备课" in line]
    assert [line.split()[2] for line in held] == ["9月2日", "9月9日", "9月17日", "9月18日", "9月22日", "9月29日"], held
    history = await chat.李老师("/日程 记录 4")
    assert "以后都改成每周四第8节" in history
    assert "把时间 每周四第8节 语文办公室 改成 每周五第7节 语文办公室" in history
    assert "以后都改成每周二第1节" in history
    await chat.李老师("/撤销")
    month = await chat.王老师("/日程 9月")
    assert "9月25日 周五第7节 集体备课" not in month  # 中秋
    assert "9月18日 周五第7节 集体备课" in month
    assert "9月22日 周二第1节 集体备课" not in month
    assert "9月17日 周四第8节 集体备课" in month
