"""Silence for the group, and people who are away: from the first day to the last, and what must not be."""

import re

import pytest


def to(posts, name):
    return [post for post in posts if post.to == name]


async def test_the_story_of_a_mute(chat):
    muted = await chat.李老师("/静音 到周五")
    assert muted.startswith("🔕 静音到9月11日 周五")
    assert await chat.until("2026-09-12T12:00") == []
    assert (await chat.王老师("/本周备课")).status == "ok"
    assert "照常" in await chat.李老师("/静音")
    monday = await chat.until("2026-09-14T08:00")
    assert [post.kind for post in monday] == ["card"]
    assert "第3周备课" in monday[0].text


async def test_a_mute_ends_early_is_changed_and_taken_back(chat):
    await chat.李老师("/静音 3天")
    assert "静音到9月9日 周三" in await chat.李老师("/静音")
    await chat.李老师("/静音 到9月20日")
    assert "已撤销：静音到9月9日" in await chat.李老师("/撤销")
    assert "静音结束" in await chat.李老师("/静音 取消")
    assert (await chat.李老师("/静音 取消")).status == "refused"
    assert [post.kind for post in await chat.until("2026-09-07T08:00")] == ["card"]


async def test_the_story_of_a_leave(chat):
    await chat.王老师("/反思 导入太长\uff0c下次三分钟内进入文本")
    await chat.until("2026-09-11T20:00")
    taken = await chat.王老师("/请假 下周五到9月20日 外出学习")
    assert taken.startswith("✅ 已记下，9月18日–9月20日您请假")
    assert "外出学习" not in taken
    assert taken.notes == {"李老师": "📝 王老师 9月18日–9月20日 请假：外出学习"}
    posts = await chat.until("2026-09-20T20:00")
    assert to(posts, "张老师")
    assert to(posts, "王老师") == []
    assert "9月20日" in await chat.王老师("/请假")
    assert to(await chat.until("2026-09-30T20:00"), "王老师")


async def test_a_leave_is_cancelled_and_each_taken_back(chat):
    await chat.王老师("/请假 明天")
    gone = await chat.王老师("/请假 取消")
    assert "已销假（9月8日）" in gone
    assert "销假" in gone.notes["李老师"]
    assert "照旧请假" in await chat.王老师("/撤销")
    await chat.王老师("/请假 9月14日到18日 培训")
    assert "9月14日–9月18日不请假了" in await chat.王老师("/撤销")
    assert "9月8日" in await chat.王老师("/请假")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("今天", "9月7日"),
        ("3天", "9月7日–9月9日"),
        ("两天 看病", "9月7日–9月8日"),
        ("周三到周五", "9月9日–9月11日"),
        ("9月28日-10月2日", "9月28日–10月2日"),
        ("下周", "9月14日–9月20日"),
        ("到周四", "9月7日–9月10日"),
    ],
)
async def test_the_ways_to_name_days(chat, text, days):
    assert f"已记下，{days}您请假" in await chat.王老师(f"/请假 {text}")


@pytest.mark.parametrize(
    ("speaker", "text", "says"),
    [
        ("李老师", "/静音 很久", "没看懂静音到哪天"),
        ("李老师", "/静音 到周五 吧", "没看懂静音到哪天"),
        ("李老师", "/静音 到9月1日", "静音到9月1日不行"),
        ("李老师", "/静音 到1月20日", "不行"),
        ("李老师", "/静音 0天", "没看懂"),
        ("王老师", "/静音 到周五", "由组长使用"),
        ("访客", "/请假 明天", "我还不认识您"),
        ("王老师", "/请假 外出学习", "请哪几天的假"),
        ("王老师", "/请假 9月1日", "日子不对"),
        ("王老师", "/请假 取消", "没有记着的请假"),
        ("王老师", "/请假 明天 " + "长" * 201, "最多 200 字"),
        ("王老师", "/请假 明天 家访，张小明考了59分", "学生"),
    ],
)
async def test_what_is_wrong_is_said(chat, speaker, text, says):
    reply = await chat.say(speaker, text)
    assert reply.status == "refused"
    assert says in reply + "".join(reply.notes.values())


async def test_a_weekday_named_on_a_later_one_is_next_weeks(chat):
    await chat.until("2026-09-10T12:00")
    assert "9月16日–9月18日" in await chat.王老师("/请假 周三到周五")


async def test_the_same_days_twice_are_said(chat):
    await chat.王老师("/请假 周三到周五")
    again = await chat.王老师("/请假 周四")
    assert (again.status, "已经记过请假" in again) == ("refused", True)


async def test_a_leave_that_has_begun_ends_today_and_the_days_gone_by_stand(chat):
    await chat.王老师("/请假 9月8日到18日 培训")
    assert "请假 9月8日–9月18日" in await chat.王老师.private("/我的")
    await chat.until("2026-09-14T09:00")
    assert "已销假" in await chat.王老师("/请假 取消")
    assert "没有记着的请假" in await chat.王老师("/请假")
    assert "全组 1/7" in await chat.张老师("/初案 第2周 https://docs.example.com/zhang")
    assert "全组 2/8" in await chat.王老师("/初案 第2周 https://docs.example.com/late")  # away, and did it all the same
    assert "收回了" in await chat.王老师("/撤销")
    assert "第2周初案 1/7" in await chat.王老师("/初案 第2周")
    assert "第3周初案 0/8" in await chat.王老师("/初案")


async def test_ending_a_leave_is_taken_back_whole(chat):
    await chat.王老师("/请假 9月8日到18日 培训")
    await chat.until("2026-09-14T09:00")
    await chat.王老师("/请假 取消")
    await chat.王老师("/撤销")
    assert (await chat.王老师("/请假")).startswith("📝 您记着的请假：9月8日–9月18日\n")


async def test_who_is_away_is_counted_nowhere(chat):
    """Meetings by their day, drafts by their week, tasks by their time; whoever did it counts."""
    await chat.王老师("/请假 9月8日到30日 培训")
    await chat.李老师("/例会 定 9月10日第7节 语文办公室")
    given = await chat.李老师("/任务 全组 9月11日前 交单元卷")
    number = re.findall(r"\d+", given)[0]
    await chat.until("2026-09-08T12:00")
    await chat.张老师("/初案 https://docs.example.com/zhang")
    await chat.until("2026-09-10T16:00")
    assert "8 位" not in await chat.李老师("/签到 全组")
    month = await chat.李老师.private("/汇总 9月")
    assert "到会 7/7 人次" in month
    assert "初案 1/7 份" in month
    assert "任务完成 0/6 项" in month
    await chat.王老师(f"/完成 {number}")
    assert "任务完成 1/7 项" in await chat.李老师.private("/汇总 9月")
