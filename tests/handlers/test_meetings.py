"""The regular meeting over weeks: settled, prepared, held, written down, followed up; and what must not be."""

import pytest

MONTHLY = "• 每月第一周\uff1a 召开备课组例会\uff0c总结上月工作。\n"
OPEN = "/例会 定 9月8日第8节 语文办公室"


def texts(posts, to, word="例会"):
    return [post.text for post in posts if post.to == to and word in post.text]


async def plan(chat, text):
    await chat.playground.read_plan(text, None, None, True)


async def on_tuesday(chat):
    """A meeting called for Tuesday 9-08, lesson 8; it is now that afternoon."""
    await chat.李老师(OPEN)
    await chat.until("2026-09-08T15:50")


async def test_before_anything(chat):
    assert (await chat.李老师("/例会")).startswith("👥 接下来没有例会。\n定一次，例：@备课助手 /例会 定")
    assert "/例会 定" not in await chat.王老师("/例会")
    for text in ("/签到", "/例会 议题 单元卷谁来出", "/例会 记 一条", "/例会 请假 外出"):
        reply = await chat.王老师(text)
        assert (reply.status, "没有例会" in reply) == ("refused", True), text
    assert "没有例会纪要" in await chat.王老师("/例会 纪要")
    assert not texts(await chat.until("2026-10-31T20:00"), "group")


async def test_the_story_of_two_monthly_meetings(chat):
    """Week of the plan, settled, agenda, eve, sign-in, excuse, minutes, decisions, reminders, the next one."""
    await plan(chat, MONTHLY)
    assert "👥 例会 10月8日–10月11日（哪天还没有定）" in await chat.王老师("/例会")
    assert "（10月8日–10月11日）" in await chat.王老师("/例会 议题 单元卷谁来出")
    before = await chat.until("2026-10-08T07:30")
    assert [t.splitlines()[0] for t in texts(before, "李老师")] == ["⏰ 10月8日–10月11日有例会，哪天开还没有定。"]
    assert [line for line in texts(before, "group")[0].splitlines() if "例会" in line] == ["📌 本周：召开备课组例会"]
    settled = await chat.李老师("/例会 定 周五第8节 在语文办公室开会")
    assert settled.startswith("✅ 例会定在10月9日 周五第8节 语文办公室。")
    assert "【改】召开备课组例会 10月8日–10月11日 → 周五第8节（10月9日），地点：语文办公室。" in settled
    [eve] = texts(await chat.until("2026-10-09T15:00"), "group")
    assert eve.splitlines() == [
        "👥 10月9日 周五第8节 语文办公室 召开备课组例会",
        "1. 9月小结：集体备课 4/4 次，公开课 2 节",
        "2. 单元卷谁来出（王老师）",
    ]
    excused = await chat.张老师.private("/例会 请假 外出教研")
    assert excused.notes["李老师"] == "📝 张老师10月9日的例会请假：外出教研"
    await chat.until("2026-10-09T15:45")
    assert (await chat.王老师("签到")).startswith("✅ 王老师已签到（1/8）。")
    assert (await chat.李老师("/签到 赵老师、陈老师")).startswith("✅ 2 位老师已签到（3/8）。")
    assert (await chat.李老师("/签到 全组")).startswith("✅ 4 位老师已签到（7/8）。")
    assert "记下 2 条，10月9日的例会共 2 条" in await chat.王老师("/例会 记 期中前完成第三单元\n作业每天不超过半小时")
    assert "共 3 条" in await chat.王老师("/例会 记 下次请大家带一节录像")
    decided = await chat.李老师("/例会 决定 王老师、赵老师 下周五前 出单元卷")
    assert decided.startswith("✅ 决定 6 出单元卷（10月16日 周五前） → 王老师、赵老师")
    assert "任务：6 出单元卷" in decided.notes["赵老师"]
    public = await chat.李老师("/例会")
    assert "到会 7/8，请假 1，决定 1 项（没做完 1），纪要 3 条" in public
    assert "张老师" not in public
    assert "• 张老师请假：外出教研" in public.notes["李老师"]
    assert (await chat.刘老师("/例会 纪要")).splitlines() == [
        "📄 例会纪要 10月9日 周五第8节 语文办公室，到会 7/8",
        "1. 期中前完成第三单元",
        "2. 作业每天不超过半小时",
        "3. 下次请大家带一节录像",
        "📌 6 出单元卷（10月16日 周五前） → 王老师、赵老师",
    ]
    assert "✔️ 参加例会 1 次" in await chat.王老师("/我的")
    assert "例会" not in await chat.张老师("/我的")
    reminded = await chat.until("2026-10-15T20:00")
    assert texts(reminded, "王老师", "任务 6")
    await chat.赵老师("/完成 6")
    await chat.until("2026-11-02T08:00")
    await chat.李老师("/例会 定 周四第8节")
    [second] = texts(await chat.until("2026-11-05T07:30"), "group", "👥")
    assert "1. 10月小结：" in second
    assert "2. 决定还有 1 项没做完：6 出单元卷" in second
    assert not [line for line in second.splitlines() if "没做完" in line and "老师" in line]


async def test_a_weekly_meeting_by_the_plan(chat):
    await plan(chat, "• 每周四第8节 召开备课组例会\n")
    posts = await chat.until("2026-09-10T15:50")
    assert [text.splitlines()[0] for text in texts(posts, "group")] == ["📅 今天 9月9日 周三 第2周"]
    assert "👥 9月10日 周四第8节 召开备课组例会" in texts(posts, "group")[0]
    await chat.王老师("/签到")
    await chat.until("2026-09-11T09:00")
    assert "补9月10日的例会" in await chat.赵老师("/签到")  # the day after
    assert "（9月17日 周四第8节）" in await chat.王老师("/例会 议题 期中范围")  # about the next one
    assert "9月10日的例会共 1 条" in await chat.王老师("/例会 记 晚一天补的纪要")  # about the last one
    state = await chat.王老师("/例会")
    assert state.startswith("👥 例会 9月17日 周四第8节")
    assert "上次（9月10日）：到会 2/8，纪要 1 条" in state
    await chat.until("2026-09-16T09:00")
    early = await chat.陈老师("/签到")  # one day before the next, six after the last
    assert (early.status, "9月17日" in early) == ("refused", True)
    assert "补9月10日的例会" in await chat.李老师("/签到 陈老师")


async def test_the_month_counted_by_hand(chat):
    """Three meetings: 3, then 2 there, the third without a list; two decisions, one done; one meeting called off."""
    await plan(chat, "• 每周四第8节 召开备课组例会\n")
    await chat.until("2026-09-10T16:00")
    await chat.李老师("/签到 王老师、张老师、赵老师")
    await chat.李老师("/例会 决定 王老师 周五前 出卷")
    await chat.李老师("/例会 决定 张老师 9月20日前 整理资料")
    await chat.王老师("/完成 6")
    await chat.until("2026-09-17T16:00")
    await chat.李老师("/签到 王老师、张老师")
    await chat.until("2026-09-28T09:00")
    month = await chat.李老师("/汇总 9月")
    assert "例会 3/3 次，到会 5/16 人次，决定 2 项（没做完 1）" in month
    assert month.count("\n例会 ") == 1
    assert "计划活动" not in month
    trace = await chat.李老师.private("/汇总 9月 例会")
    assert [line.split()[1] for line in trace.splitlines()[1:]] == ["9月10日", "9月17日", "9月24日"]


async def test_called_off_moved_and_called_again(chat):
    await plan(chat, "• 每周四第8节 召开备课组例会\n")
    await chat.王老师("/例会 议题 单元卷谁来出")
    assert "取消" in await chat.李老师("/日程 停 5 运动会")
    reply = await chat.王老师("/例会")
    assert reply.startswith("👥 例会 9月17日 周四第8节")
    assert "单元卷谁来出（王老师）" in reply  # what was on the agenda is not lost
    assert not [t for t in texts(await chat.until("2026-09-11T20:00"), "group") if "👥" in t]
    assert (await chat.王老师("/签到")).status == "refused"
    moved = await chat.李老师("/例会 改 下周三第7节")
    assert "【改】召开备课组例会 周四第8节（9月17日）→ 周三第7节（9月16日），地点不变。" in moved
    [eve] = [t for t in texts(await chat.until("2026-09-17T20:00"), "group") if "👥" in t]
    assert "👥 9月16日 周三第7节" in eve


async def test_one_more_meeting_beside_the_plan(chat):
    await plan(chat, MONTHLY)
    called = await chat.李老师("/例会 定 周四第8节 语文办公室")
    assert "【改】加开备课组例会：9月10日 周四第8节 语文办公室。" in called
    assert "备课组例会" in await chat.王老师("/日程")
    assert "不加开了" in await chat.李老师("/撤销")
    assert "10月8日" in await chat.王老师("/例会")


async def test_held_without_a_day_in_the_calendar(chat):
    await plan(chat, MONTHLY)
    await chat.until("2026-10-09T16:00")
    reply = await chat.王老师("/签到")
    assert (reply.status, "哪天还没有定" in reply) == ("refused", True)
    assert (await chat.李老师("/签到")).startswith("✅ 李老师已签到（1/8）。")
    assert (await chat.王老师("/签到")).startswith("✅ 王老师已签到（2/8）。")
    assert "👥 例会 10月9日 周五" in await chat.王老师("/例会")
    await chat.until("2026-10-12T09:00")
    assert "👥 例会 11月2日–11月8日" in await chat.王老师("/例会")
    assert "例会 1/1 次，到会 2/8 人次" in await chat.李老师("/汇总 10月")


async def test_the_plan_names_one_meeting_twice(chat):
    await plan(chat, MONTHLY + "• 每月第一周周五第8节\uff1a例会由资料员通报资料上传情况\n")
    [card] = texts(await chat.until("2026-10-08T12:00"), "group")
    assert len([line for line in card.splitlines() if "例会" in line]) == 1


@pytest.mark.parametrize("entry", ["全校教师例会", "年级例会", "备课组长例会"])
async def test_meetings_of_others_stay_in_the_calendar_alone(chat, entry):
    await plan(chat, f"• 每周四第8节 {entry}\n")
    assert "接下来没有例会" in await chat.王老师("/例会")
    assert any(entry in text for text in texts(await chat.until("2026-09-11T12:00"), "group"))


@pytest.mark.parametrize(
    ("speaker", "done", "gone"),
    [
        ("王老师", "/签到", "到会 1/8"),
        ("李老师", "/签到 王老师、张老师", "到会 2/8"),
        ("王老师", "/例会 请假 外出教研", "请假 1"),
        ("王老师", "/例会 议题 单元卷谁来出", "单元卷谁来出"),
        ("王老师", "/例会 记 一条\n两条", "纪要 2 条"),
        ("李老师", "/例会 决定 王老师 周五前 出卷", "决定 1 项"),
        ("李老师", "/例会 改 周五第8节", "9月11日"),
    ],
)
async def test_each_can_be_taken_back(chat, speaker, done, gone):
    await on_tuesday(chat)
    before = await chat.王老师("/例会")
    assert (await chat.say(speaker, done)).status == "ok"
    assert gone in await chat.王老师("/例会")
    assert (await chat.say(speaker, "/撤销")).startswith("↩️ 已撤销")
    assert await chat.王老师("/例会") == before


async def test_taking_back_touches_nobody_else(chat):
    await on_tuesday(chat)
    await chat.王老师("/签到")
    await chat.王老师("/例会 记 王的")
    await chat.张老师("/签到")
    await chat.张老师("/例会 记 张的")
    await chat.王老师("/撤销")
    assert "1. 张的" in await chat.王老师("/例会 纪要")
    assert "到会 2/8" in await chat.王老师("/例会")
    assert "已经签过到了" in await chat.王老师("/签到")


async def test_who_comes_after_all_and_who_was_not_there(chat):
    await on_tuesday(chat)
    await chat.王老师("/例会 请假 外出教研")
    await chat.王老师("/签到")
    assert "请假" not in await chat.张老师("/例会")
    await chat.王老师("/撤销")
    assert "请假 1" in await chat.张老师("/例会")
    await chat.张老师("/签到")
    assert (await chat.张老师("/例会 请假 肚子疼")).status == "refused"
    assert "张老师9月8日的例会请假" in await chat.李老师("/例会 请假 张老师 肚子疼")
    assert "请假 2" in await chat.李老师("/例会")


async def test_a_line_is_put_right_and_minutes_are_read_by_the_page(chat):
    await on_tuesday(chat)
    await chat.王老师("/例会 记 " + "\n".join(f"第{n}件事" for n in range(1, 10)))
    assert "下一页：@备课助手 /例会 纪要 2" in await chat.王老师("/例会 纪要")
    assert "9. 第9件事" in await chat.王老师("/例会 纪要 2")
    assert (await chat.王老师("/例会 纪要 3")).status == "refused"
    assert (await chat.李老师("/例会 更正 2 第二件大事")).status == "ok"
    assert "2. 第二件大事" in await chat.王老师("/例会 纪要 9月")
    await chat.李老师("/撤销")
    assert "2. 第2件事" in await chat.王老师("/例会 纪要")
    assert "8月没有例会纪要" in await chat.王老师("/例会 纪要 8月")


@pytest.mark.parametrize("text", ["/例会 定 周四第8节", "/例会 改 周四第8节", "/例会 决定 王老师 周五前 出卷"])
async def test_deciding_and_settling_are_the_leaders(chat, text):
    await on_tuesday(chat)
    assert (await chat.王老师(text)).startswith("🔒")
    assert (await chat.访客(text)).startswith("🔒")


@pytest.mark.parametrize(
    "text", ["/签到", "/例会 议题 卷子", "/例会 记 一条", "/例会 请假 外出", "/例会", "/例会 纪要"]
)
async def test_visitors_are_asked_who_they_are(chat, text):
    await on_tuesday(chat)
    assert (await chat.访客(text)).startswith("🔒")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("/签到 李老师", "只能给自己签到"),
        ("/签到 黄老师", "没看懂“黄老师”"),
        ("/签到 全组", "只能给自己签到"),
        ("/例会 请假 张老师 病了", "由组长来记"),
        ("/例会 请假", "还少内容"),
        ("/例会 议题 " + "长" * 10_000, "有 10000 字，最多 500 字"),
        ("/例会 记 " + "长" * 10_000, "有 10000 字，最多 500 字"),
        ("/例会 请假 " + "长" * 10_000, "有 10000 字，最多 500 字"),
        ("/例会 记 " + "\n".join(["行"] * 201), "最多记 200 条"),
        ("/例会 记 一条好的\n张小明考了59分", "学生"),
        ("/例会 议题 张小明考了59分怎么办", "学生"),
        ("/例会 纪要 周八", "周八"),
    ],
)
async def test_what_a_teacher_gets_wrong_is_said(chat, text, says):
    await on_tuesday(chat)
    reply = await chat.王老师(text)
    assert reply.status == "refused"
    assert says in reply + "".join(reply.notes.values())
    assert "纪要" not in await chat.王老师("/例会")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("/例会 定 9月1日第8节", "9月1日已经过了"),
        ("/例会 定 周六第8节", "周六"),
        ("/例会 定 第8节", "是哪一天"),
        ("/例会 定 周四下午三点", "按第几节"),
        ("/例会 定 每周四第8节", "/日程 加 每周四第8节 备课组例会"),
        ("/例会 定 语文办公室", "没看懂时间"),
        ("/例会 定 周四第8节 " + "远" * 10_000, "最多 30 字"),
        ("/例会 决定 周五前 出卷", "交给谁"),
        ("/例会 决定 王老师 周五前", "决定做什么"),
        ("/例会 决定 王老师 9月1日前 出卷", "9月1日已经过了"),
        ("/例会 更正 1 什么", "没有第 1 条"),
    ],
)
async def test_what_the_leader_gets_wrong_is_said_with_an_example(chat, text, says):
    await on_tuesday(chat)
    reply = await chat.李老师(text)
    assert (reply.status, says in reply) == ("refused", True), reply
    assert "/例会" in reply or "换一个上课的日子" in reply


async def test_signing_in_before_the_day_is_refused(chat):
    await chat.李老师(OPEN)
    reply = await chat.王老师("/签到")
    assert reply.startswith("❌ 例会在9月8日 周二第8节 语文办公室，到时候再来。")
    assert "/例会 请假" in reply
    assert (await chat.李老师("/签到 全组")).status == "refused"


async def test_every_answer_fits_a_phone(chat):
    await on_tuesday(chat)
    for n in range(12):
        await chat.王老师(f"/例会 议题 {n}{'议' * 400}")
    await chat.李老师("/签到 全组")
    await chat.王老师("/例会 记 " + "\n".join(["事情" * 20] * 20))
    for n in range(5):
        await chat.李老师(f"/例会 决定 王老师 周五前 {n}{'做' * 400}")
    state = await chat.李老师("/例会")
    assert len(state.replace("@备课助手 ", "")) <= 300
    for reply in (state, await chat.王老师("/例会 纪要"), await chat.王老师("/例会 纪要 2")):
        assert len(reply.splitlines()) <= 12
