"""A day runs another timetable, or none: said in the chat, told where something moves, taken back, never guessed."""

import asyncio
from datetime import datetime

from bot.app import Playhouse
from bot.clock import SCHOOL_ZONE
from tests.conftest import Chat

CHINESE, RESEARCH = "group:高一语文备课组", "group:高一年级课题组"
NOTICE = """关于调课的通知
9月27日（周日）补10月7日（周三）的课
9月30日（周三）停课，高三照常上课
10月17日（周六）上课"""


async def heard(chat: Chat, place: str) -> list[str]:
    bubbles = await chat.playground.chronicle.read(place, 0)
    return [bubble.text for bubble in bubbles if bubble.who == "bot" and bubble.kind in ("change", "note")]


async def test_a_day_off_is_told_and_taken_back(chat):
    reply = await chat.李老师("/调课 9月30日 停课 台风")
    assert reply.startswith(
        "✅ 已记：9月30日（周三）台风 停课。\n【改】9月30日（周三）台风 停课：集体备课 9月30日 周三第8–9节 不开。"
    )
    assert "9月30日（周三）台风" in await chat.王老师("/校历 9月30日")
    assert (await chat.李老师("/调课 9月30日 停课 台风")).startswith("ℹ️")
    back = await chat.李老师("/撤销")
    assert "集体备课 9月30日 周三第8–9节 开" in back
    assert "台风" not in await chat.王老师("/校历 9月30日")
    assert await heard(chat, RESEARCH) == []


async def test_a_pasted_notice_is_shown_first(chat):
    asked = await chat.李老师(f"/调课 {NOTICE}")
    assert asked.status == "question"
    assert "• 9月27日（周日，中秋节）按周三课表上课\n• 9月30日（周三）停课（高三照常）\n1 照这样记" in asked
    assert "❓ 10月17日（周六）平时不上课，按周几的课表？" in asked
    assert asked.endswith("补一句，例：@备课助手 /调课 10月17日 按周一")
    assert "没有记过调课" in await chat.李老师("/调课 撤 9月30日")
    await chat.李老师(f"/调课 {NOTICE}")
    done = await chat.李老师("1")
    assert done.startswith("✅ 已记 2 项：")
    assert "集体备课 9月30日 周三第8–9节 → 9月27日 周日第8–9节。" in done
    assert done.count("【改】") == 1
    assert max(len(asked), len(done)) <= 300
    posts = await chat.until("2026-09-30T20:00")
    meetings = [(post.at.month, post.at.day) for post in posts if "⏰ 9月27日 周日第8–9节" in post.text]
    assert meetings == [(9, 24)], "the last school day before it"
    assert not any("⏰ 9月30日" in post.text for post in posts)


async def test_the_other_groups_hear_of_it_where_something_moves(chat):
    await chat.张老师("/日程 加 每周一第5节 课题例会", group="高一年级课题组")
    reply = await chat.李老师("/调课 9月14日 停课")
    assert "也告诉了高一年级课题组。" in reply
    assert "【改】" not in reply
    assert await heard(chat, RESEARCH) == ["【改】9月14日（周一）停课：课题例会 9月14日 周一第5节 不开。"]
    assert await heard(chat, CHINESE) == []
    [note] = await heard(chat, "person:张老师")
    assert note.startswith("🗓 李老师（高一语文备课组）改了全校的校历：9月14日（周一）停课。")
    await chat.李老师("/调课 9月15日 停课 高二")
    assert len(await heard(chat, "person:张老师")) == 1, "another grade's day is none of theirs"


async def test_what_another_leader_said_is_not_overwritten_without_a_word(chat):
    await chat.张老师("/调课 9月30日 停课", group="高一年级课题组")
    assert await heard(chat, CHINESE) == ["【改】9月30日（周三）停课：集体备课 9月30日 周三第8–9节 不开。"]
    asked = await chat.李老师("/调课 9月30日 按周一")
    assert asked.startswith("⚠️ 9月7日 张老师（高一年级课题组）：9月30日（周三）停课。现在要改成：")
    assert (await chat.李老师("1")).startswith("✅ 已记：9月30日（周三）按周一课表上课。")
    assert "后来又改过" in await chat.张老师("/撤销", group="高一年级课题组")
    taken = await chat.张老师("/调课 撤 9月30日", group="高一年级课题组")
    assert taken.startswith("✅ 9月30日不再调课。\n9月30日（周三）上课，按周三课表")
    assert "没有记过" in await chat.李老师("/调课 撤 9月30日")


async def test_what_is_unclear_is_asked_and_nothing_is_entered(chat):
    for text in (
        "10月17日（周六）上课",
        "高三照常上课",
        "9月28日（周日）停课",
        "9月18日下午第二节后放学",
        "9月1日停课",
        "9月30日停课，毕业班照常",
        "9月28日起停课",
        "你好",
        "🎒🎒",
        "2月30日停课",
        "停课" * 2000,
        "9月30日停课\n" * 50,
    ):
        reply = await chat.李老师(f"/调课 {text}")
        assert reply.status in ("refused", "question"), text
        assert len(reply) <= 300
    assert "还没有记过调课" in await chat.李老师("/调课")
    assert "本来就上课，按周三课表" in await chat.李老师("/调课 10月10日上班")


async def test_half_a_day_for_one_grade_and_what_stood_there(chat):
    reply = await chat.李老师("/调课 9月16日下午停课 高一")
    assert "【改】9月16日（周三）下午停课（只高一）：集体备课 9月16日 周三第8–9节 不开。" in reply
    reply = await chat.李老师("/调课 9月17日 停课")
    assert "👂 2 赵老师《百合花》（9月17日 周四第2节）那天不上课，请另定" in reply
    assert "• 9月16日（周三）下午停课（只高一）\n• 9月17日（周四）停课" in await chat.李老师("/调课")
    week = await chat.王老师("/校历 下周")
    assert "9月16日（周三）下午停课\n9月17日（周四）停课" in week


async def test_a_meeting_moved_by_the_leader_stays_where_it_was_moved_to(chat):
    await chat.李老师("/日程 改 4 周二第8-9节 录播室")
    reply = await chat.李老师("/调课 9月9日 停课")
    assert "集体备课" not in reply  # it is not on that day any more, and goes on as it was said
    assert "9月8日 周二第8–9节 集体备课 录播室（已改）" in await chat.王老师("/日程")
    assert "原来的那天（9月9日）没有课" in await chat.李老师("/日程 恢复 4 9月8日")
    moved = await chat.李老师("/日程 改 4 9月8日 到 9月17日第8-9节")
    assert "9月8日 周二第8–9节 → 9月17日 周四第8–9节" in moved
    assert "集体备课改到9月17日 周四第8–9节，那天不上课：" in await chat.李老师("/调课 9月17日 停课")
    assert "9月17日的集体备课取消了" in await chat.李老师("/日程 取消 4 9月17日")
    assert "集体备课" not in await chat.王老师("/日程")
    assert (await chat.李老师("/日程 取消 4 以后都")).startswith("✅ 集体备课从9月16日起不再安排。")
    assert "集体备课" not in await chat.王老师("/日程 下周")


async def test_what_was_called_off_stays_so_when_the_school_takes_the_day_of_the_rule_before(chat):
    await chat.李老师("/日程 改 4 以后都周四第8节")
    await chat.李老师("/日程 取消 4 9月17日 期中考试")
    await chat.李老师("/日程 改 4 9月24日 到 9月22日第1节")
    await chat.李老师("/调课 9月16日、9月23日 停课")
    await chat.李老师("1")
    assert "9月17日 周四第8节 集体备课 语文办公室（取消）" in await chat.王老师("/日程 下周")
    later = await chat.王老师("/日程 9月21日到9月27日")
    assert later.count("集体备课") == 1
    assert "9月22日 周二第1节 集体备课 语文办公室（已改）" in later


async def test_a_moved_meeting_stays_under_a_new_rule_whose_day_is_taken(chat):
    await chat.李老师("/日程 改 4 以后都周四第8节")
    await chat.李老师("/日程 改 4 9月17日 到 9月18日第1节")
    await chat.李老师("/调课 9月17日 停课")
    assert "9月18日 周五第1节 集体备课 语文办公室（已改）" in await chat.王老师("/日程 下周")
    await chat.李老师("/日程 取消 4 以后都")
    assert "集体备课" not in await chat.王老师("/日程 下周")


async def test_nothing_is_put_into_a_half_of_a_day_that_is_off(chat):
    await chat.李老师("/调课 9月17日 下午停课")
    for words in ("改 4 9月16日 到 9月17日第8节", "改 4 9月16日 到 9月17日15:30", "加 9月17日第8节 讲座"):
        reply = await chat.李老师(f"/日程 {words}")
        assert reply.status == "refused", words
        assert "9月17日（周四）下午停课。\n换一个上课的时间。" in reply
        morning = words.replace("第8节", "第1节").replace("15:30", "09:30")
        assert (await chat.李老师(f"/日程 {morning}")).startswith("✅")


async def test_taking_a_swap_back_puts_everything_back(chat):
    await chat.李老师("/日程 改 4 9月9日 到 9月8日第8-9节")
    before = [await chat.王老师("/日程 9月"), await chat.王老师("/校历 9月")]
    swapped = await chat.李老师("/调课 9月16日 停课")
    assert "【改】9月16日（周三）停课：集体备课 9月16日 周三第8–9节 不开。" in swapped
    assert "9月16日 周三第8–9节 集体备课" not in await chat.王老师("/日程 9月")
    undone = await chat.李老师("/撤销")
    assert undone.startswith("↩️ 已撤销：9月16日（周三）停课")
    assert "集体备课 9月16日 周三第8–9节 开" in undone
    assert [await chat.王老师("/日程 9月"), await chat.王老师("/校历 9月")] == before
    assert "撤销：9月16日" in await chat.李老师("/校历 记录")


async def test_two_leaders_at_once_lose_nothing(chat):
    said = [chat.李老师("/调课 9月29日 停课"), chat.张老师("/调课 9月30日 停课", group="高一年级课题组")]
    assert {reply.status for reply in await asyncio.gather(*said)} == {"ok"}
    assert "9月29日–9月30日 停课" in await chat.王老师("/校历 9月")
    assert (await chat.李老师("/校历 记录")).startswith("🧾 校历改过 2 次")


async def test_a_question_and_a_swap_outlive_a_restart(tmp_path):
    moment = datetime(2026, 9, 7, 7, 0, tzinfo=SCHOOL_ZONE)
    async with Playhouse(tmp_path / "data", moment) as playground:
        await Chat(playground).李老师(f"/调课 {NOTICE}")
    async with Playhouse(tmp_path / "data", moment) as playground:
        assert (await Chat(playground).李老师("1")).startswith("✅ 已记 2 项")
    async with Playhouse(tmp_path / "data", moment) as playground:
        chat = Chat(playground)
        assert "9月30日（周三）停课" in await chat.王老师("/校历 9月")
        assert "已撤销" in await chat.李老师("/撤销")


async def test_a_card_on_a_day_whose_holidays_are_not_published_says_so(tmp_path):
    async with Playhouse(tmp_path / "data", datetime(2026, 12, 29, 9, 0, tzinfo=SCHOOL_ZONE)) as playground:
        posts = await Chat(playground).until("2027-01-05T08:00")
    cards = [post for post in posts if post.kind == "card"]
    assert {post.at.year for post in cards} == {2026, 2027}
    line = "⚠️ 2027年的放假安排未公布，先按周一到周五上课算。"
    assert [line in post.text for post in cards] == [post.at.year == 2027 for post in cards]
