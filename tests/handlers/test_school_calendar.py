"""The school's calendar in the chat: seen by all, its terms moved by a leader, told to whom it concerns."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.app import Playhouse
from bot.clock import SCHOOL_ZONE
from tests.conftest import Chat

RESEARCH = "高一年级课题组"


async def heard(chat: Chat, place: str) -> list[str]:
    """What the bot has said in a chat by itself: 【改】 lines and private notes."""
    bubbles = await chat.playground.chronicle.read(place, 0)
    return [bubble.text for bubble in bubbles if bubble.who == "bot" and bubble.kind in ("change", "note")]


@pytest.fixture
async def august(tmp_path: Path) -> AsyncIterator[Chat]:
    """The sample school in the week before the term."""
    async with Playhouse(tmp_path / "august", datetime(2026, 8, 26, 9, 0, tzinfo=SCHOOL_ZONE)) as playground:
        yield Chat(playground)


async def test_anybody_sees_week_month_and_term(chat):
    week = await chat.王老师("/校历")
    assert week.startswith(
        "📅 第2周（双周） 9月7日–9月13日\n上课：周一至周五\n9月还有：\n9月20日（周日）上课，按周二课表"
    )
    assert "期中第10周（11月2日–11月8日）" in week
    assert "上课：周一至周五、周日\n9月20日（周日）上课，按周二课表" in await chat.路人("/校历 下周")
    month = await chat.王老师("/校历 10月")
    assert month.startswith(
        "📅 10月1日–10月31日 第5–9周，上课 18 天\n10月1日–10月7日 国庆节放假\n10月10日（周六）上课，按周三课表"
    )
    term = await chat.王老师("/校历 学期")
    assert (
        "共 21 周\n期中第10周（11月2日–11月8日），期末第21周（1月18日–1月24日）\n作息：8月31日起 07:40–17:10 9 节"
        in term
    )
    assert "⚠️ 2027年的放假安排未公布" in term
    assert "⚠️ 2027年的放假安排未公布" in await chat.王老师("/校历 1月")
    assert "期中" in await chat.王老师("/校历 第10周")
    assert "第0周" not in await chat.王老师("/校历 第0周")
    for reply in (week, month, term):
        assert len(reply.splitlines()) <= 12
        assert len(reply) <= 300


async def test_who_may_what(chat):
    for text in ("/调课 9月30日 停课", "/校历 开学 9月2日", "/校历 期中 第11周", "/校历 周数 22", "/调课 撤 9月30日"):
        assert (await chat.王老师(text)).startswith("🔒"), text
    assert (await chat.李老师("/校历 期中")).startswith("❌ 还少")
    wrong = {
        "/校历 明年": "没看懂“明年”",
        "/校历 期中 考试": "没看懂第几周",
        "/校历 周数 40": "1 到 30 个教学周",
        "/校历 期末 第5周": "不能晚于期末",
        "/校历 期末 第30周": "只有 21 周",
        "/校历 期中 第10周": "期中本来就在第10周",
        "/校历 开学 8月31日": "本来就在8月31日（周一）开学",
        "/校历 开学 5月1日": "太远",
        "/校历 结束 5月9日": "太远",
        "/校历 周数 21": "共 21 周",
    }
    for text, words in wrong.items():
        reply = await chat.李老师(text)
        assert (reply.status, words in reply) == ("refused", True), (text, reply)


async def test_a_moved_examination_takes_its_row_along_and_comes_back(chat):
    reply = await chat.李老师("/校历 期中 第12周 场地冲突")
    assert reply.startswith("✅ 期中 第10周 → 第12周（11月16日–11月22日）。")
    assert "【改】期中 第10周 → 第12周（11月16日–11月22日）：进度表期中一行 第10周 → 第12周" in reply
    assert "李老师（高一语文备课组）：期中 第10周 → 第12周（11月16日–11月22日）（场地冲突）" in await chat.李老师(
        "/校历 记录"
    )
    posts = await chat.until("2026-09-07T07:05")
    assert not posts
    assert "期中第12周" in await chat.王老师("/校历")
    assert "已撤销：期中" in await chat.李老师("/撤销")
    assert "期中第10周" in await chat.王老师("/校历")
    assert [row for row in (await chat.王老师("/进度")).splitlines() if "第10周" in row or "期中" in row] == []


async def test_a_row_of_a_week_that_was_agreed_on_is_left_to_the_leader(chat):
    await chat.李老师("/备课 主题 第11周 单元目标 家乡文化")
    reply = await chat.李老师("/校历 期中 第12周")
    assert "👂 进度表第10周还写着期中，要改：@备课助手 /进度 改 第10周" in reply
    assert "【改】" not in reply


async def test_a_week_more_moves_the_end_and_the_last_examination(chat):
    reply = await chat.李老师("/校历 周数 多一周")
    assert reply.startswith("✅ 2026学年第一学期 21 周 → 22 周，到1月31日（周日）。\n期末第22周 1月25日–1月31日")
    assert "集体备课 1月27日 周三第8–9节 开；进度表期末一行 第21周 → 第22周" in reply
    short = await chat.李老师("/校历 结束 1月20日")
    assert "22 周 → 21 周，到1月20日（周三）" in short
    assert (await chat.李老师("/校历 周数 26")).startswith("⚠️ 比原来长 5 周。")
    assert "共 21 周" in await chat.王老师("/校历 学期")
    assert "26 周" in await chat.李老师("1")


async def test_a_term_that_begins_later_is_announced_again_week_by_week(august):
    posts = await august.until("2026-08-31T08:00")
    assert [post.at.day for post in posts if "第1周备课" in post.text] == [31]
    reply = await august.李老师.private("/校历 开学 9月7日 台风")
    assert reply.startswith(
        "✅ 2026学年第一学期开学 8月31日 → 9月7日（周一）。\n第1周 9月7日–9月13日，共 21 周，到1月31日"
    )
    assert "期中第10周 11月9日–11月15日" in reply
    assert "本组：集体备课 9月2日 周三第8–9节 → 1月27日 周三第8–9节" in reply
    assert len(await heard(august, "group:高一语文备课组")) == 1
    assert any("台风" not in note and "开学" in note for note in await heard(august, "person:张老师"))
    posts = [post for post in await august.until("2026-09-14T08:00") if post.group != RESEARCH and post.kind == "card"]
    weeks = [(post.at.day, post.text[:8]) for post in posts if "周备课 " in post.text]
    assert weeks == [(7, "📅 第1周备课 "), (14, "📅 第2周备课 ")]
    assert "准备周" not in await august.王老师("/校历")


async def test_a_term_under_way_is_moved_only_after_a_question(chat):
    await chat.until("2026-09-08T09:00")
    asked = await chat.李老师("/校历 开学 9月7日")
    assert asked.status == "question"
    assert "已经开学了" in asked
    reply = await chat.李老师("1")
    assert reply.startswith("✅ 2026学年第一学期开学 8月31日 → 9月7日")
    posts = await chat.later(hours=20)
    assert not any("周备课 " in post.text for post in posts), "nothing of this week is said again in the middle of it"
    again = await chat.until("2026-09-14T08:00")
    assert any("📅 第2周备课 9月14日" in post.text for post in again)


async def test_terms_cannot_come_to_overlap_and_a_lost_answer_is_given_once(chat):
    first = await chat.李老师("/校历 周数 22", msgid="m1")
    assert await chat.李老师("/校历 周数 22", msgid="m1") == first
    assert (await chat.李老师("/校历 记录")).startswith("🧾 校历改过 1 次")
