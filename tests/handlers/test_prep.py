"""What is prepared this week and next: through the term and at its edges."""

from datetime import datetime
from pathlib import Path

import pytest

from bot.app import Playhouse
from bot.clock import in_zone
from tests.conftest import Chat


async def test_this_week_says_topic_lead_time_and_place(chat):
    reply = await chat.王老师("/本周备课")
    assert reply.splitlines() == [
        "📅 第2周备课 9月7日\u20139月11日",
        "课题\uff1a必修上 第一单元《立在地球边上放号》",
        "主备\uff1a王老师   周三第8\u20139节 语文办公室",
        "• 1 · 9月10日 周四第2节 陈老师《峨日朵雪峰之侧》 听课 0/4",
        "下周\uff1a必修上 第一单元《百合花》\uff08主备 张老师\uff09",
        "看下周\uff1a@备课助手 /下周备课",
    ]
    assert reply.status == "ok"


async def test_next_week_is_one_week_on(chat):
    reply = await chat.访客("/下周备课")
    assert reply.splitlines()[0] == "📅 第3周备课 9月14日\u20139月20日"  # to the make-up Sunday
    assert "主备\uff1a张老师" in reply


async def test_a_changed_or_called_off_meeting_is_what_one_reads(chat):
    await chat.李老师("/日程 改 4 周四第8节")
    assert "周四第8节 语文办公室" in await chat.王老师("/本周备课")
    await chat.李老师("/撤销")
    await chat.李老师("/日程 停 4 开会")
    assert "本周集体备课取消" in await chat.王老师("/本周备课")


# the day, what /本周备课 and /下周备课 begin with
EDGES = [
    ("2026-08-20T09:00", "📅 还没开学\uff0c第1周从8月31日开始。", "📅 还没开学\uff0c第1周从8月31日开始。"),
    ("2026-08-27T09:00", "📅 还没开学\uff0c第1周从8月31日开始。", "📅 第1周备课 8月31日\u20139月4日"),
    ("2026-08-30T23:59", "📅 还没开学\uff0c第1周从8月31日开始。", "📅 第1周备课 8月31日\u20139月4日"),
    ("2026-08-31T00:00", "📅 第1周备课 8月31日\u20139月4日", "📅 第2周备课 9月7日\u20139月11日"),
    ("2026-09-20T10:00", "📅 第3周备课 9月14日\u20139月20日", "📅 第4周备课 9月21日\u20139月24日"),
    ("2026-09-30T10:00", "📅 第5周备课 9月28日\u20139月30日", "📅 第6周备课 10月8日\u201310月10日"),
    ("2027-01-20T10:00", "📅 第21周备课 1月18日\u20131月22日", "📅 2026学年第一学期到第21周\uff081月24日\uff09为止"),
    ("2027-02-20T10:00", "📅 2026学年第一学期到第21周\uff081月24日\uff09为止", "📅 2026学年第一学期到第21周"),
]


@pytest.mark.parametrize(("now", "this_week", "next_week"), EDGES, ids=[now for now, _, _ in EDGES])
async def test_the_edges_of_the_term(tmp_path: Path, now, this_week, next_week):
    async with Playhouse(tmp_path / "data", in_zone(datetime.fromisoformat(now))) as playground:
        chat = Chat(playground)
        assert (await chat.王老师("/本周备课")).startswith(this_week)
        assert (await chat.王老师("/下周备课")).startswith(next_week)


async def test_before_the_term_the_first_week_is_named(tmp_path: Path):
    async with Playhouse(tmp_path / "data", in_zone(datetime.fromisoformat("2026-08-27T09:00"))) as playground:
        reply = await Chat(playground).王老师("/本周备课")
        assert reply.splitlines()[1] == "第1周\uff1a必修上 第一单元《沁园春·长沙》\uff08主备 李老师\uff09"


async def test_a_group_without_a_table_says_so(chat):
    assert "课题\uff1a还没有定" in await chat.王老师("/本周备课", group="高一年级课题组")
