"""A week's preparation from the topic to the agreed plan: its story, and what must not be."""

import pytest


def notes(posts, to):
    return [post.text for post in posts if post.to == to and post.kind == "note"]


def cards(posts):
    return [post.text for post in posts if post.kind == "card"]


async def test_the_story_of_a_week(chat):
    """Start, middle, late, changed, finished."""
    await chat.李老师("/备课 主题 重难点 《立在地球边上放号》的节奏")
    reply = await chat.王老师("/备课")
    assert reply.splitlines()[:4] == [
        "📅 第2周备课 9月7日–9月11日 · 1 个人钻研",
        "课题：必修上 第一单元《立在地球边上放号》",
        "研讨：重难点 《立在地球边上放号》的节奏",
        "主备：王老师   周三第8–9节 语文办公室",
    ]
    await chat.张老师("/初案 https://docs.example.com/zhang")
    assert "目标：保底 会背；达标 会写" in await chat.王老师("/分层 保底 会背 达标：会写")
    monday = cards(await chat.until("2026-09-08T07:00"))[0]
    assert "目标：保底 会背；达标 会写" in monday
    assert "• 初案已交 1/8" in monday
    eve = await chat.until("2026-09-08T20:00")
    assert "要点：课标、教材、学情、重难点、方法手段、作业、单元检测" in cards(eve)[0]
    assert notes(eve, "张老师") == []
    assert "周三第8–9节集体备课的初案还差您的一份" in notes(eve, "赵老师")[0]
    await chat.until("2026-09-09T16:00")
    assert "2 集体研讨" in await chat.王老师("/备课")
    assert "5/7，还差学情、单元检测" in await chat.王老师("/备课 要点 课标 教材 重难点 方法手段 作业")
    await chat.until("2026-09-09T18:00")
    assert "3 完善提高" in await chat.王老师("/备课")
    assert "已收好" in await chat.王老师("/共案 https://docs.example.com/w2")
    await chat.张老师("/二备 https://docs.example.com/zhang2")
    thursday = await chat.until("2026-09-10T20:00")
    assert "二次备课还差您的一份" in notes(thursday, "赵老师")[0]
    assert notes(thursday, "张老师") == []
    late = await chat.赵老师("/初案 https://docs.example.com/zhao")
    assert late.startswith("✅ 第2周初案已收到（全组 2/8）")
    month = await chat.李老师("/汇总 9月")
    assert "备课过程：课题提前定 4/4，到第四阶段 1，三层目标 0，要点 5/7" in month
    assert "初案 2/8 份（1 周）" in month
    assert "二备 1/8 份（1 周）" in month


async def test_a_topic_ahead_and_the_hint_when_there_is_none(chat):
    await chat.until("2026-12-20T12:00")
    assert "✅ 第18周研讨：习题 单元卷讲评" in await chat.李老师("/备课 主题 第18周：习题，单元卷讲评")
    assert "研讨：习题 单元卷讲评" in await chat.王老师("/备课 第十八周")
    assert "✅ 第16周研讨：没有类别也行" in await chat.李老师("/备课 主题 没有类别也行")


@pytest.mark.parametrize(
    ("change", "back"),
    [
        ("/备课 主题 重难点 节奏", "研讨"),
        ("/备课 主备 赵老师", "主备：赵老师"),
        ("/备课 要点 课标 作业", "2/7"),
        ("/备课 阶段 3", "3 完善提高"),
        ("/分层 保底 会背", "保底 会背"),
        ("/共案 https://docs.example.com/w2", "docs.example.com/w2"),
    ],
)
async def test_each_change_is_seen_and_can_be_taken_back(chat, change, back):
    before = await chat.李老师("/备课")
    reply = await chat.李老师(change)
    assert reply.status == "ok"
    assert back in await chat.李老师("/备课")
    assert "已撤销" in await chat.李老师("/撤销")
    assert await chat.李老师("/备课") == before


async def test_what_somebody_has_changed_since_is_not_taken_back(chat):
    await chat.李老师("/备课 要点 课标")
    await chat.王老师("/备课 要点 教材")
    reply = await chat.李老师("/撤销")
    assert reply.status == "refused"
    assert "后来又改过" in reply
    assert "2/7" in await chat.李老师("/备课")


async def test_points_are_ticked_and_unticked(chat):
    assert "7/7" in await chat.王老师("/备课 要点 全部")
    assert "6/7，还差作业" in await chat.王老师("/备课 要点 取消 作业")
    assert "⬜ 作业" in await chat.王老师("/备课 要点")


async def test_goals_come_one_by_one_and_are_changed(chat):
    assert "还差：达标、拔高" in await chat.王老师("/分层 保底 会背全诗")
    full = await chat.王老师("/分层 拔高＝能仿写；达标: 会赏析".replace("＝", "\uff1d"))
    assert "目标：保底 会背全诗；达标 会赏析；拔高 能仿写" in full
    assert "保底 会默写" in await chat.王老师("/分层 保底 会默写")
    assert "保底：会默写" in await chat.张老师("/分层")


async def test_a_new_lead_hears_of_it_and_may_lead(chat):
    assert (await chat.赵老师("/备课 要点 课标")).status == "refused"
    reply = await chat.李老师("/备课 主备 本周 赵老师")
    assert "请您主备：必修上 第一单元《立在地球边上放号》" in reply.notes["赵老师"]
    assert (await chat.赵老师("/备课 要点 课标")).status == "ok"
    assert "🔒" in await chat.王老师("/备课 要点 教材")
    assert "主备 1 次" not in await chat.王老师("/我的")


@pytest.mark.parametrize(
    "text", ["/备课 要点 课标", "/备课 阶段 3", "/分层 保底 会背", "/共案 https://docs.example.com/x"]
)
async def test_only_the_lead_and_the_leader_fill_these_in(chat, text):
    reply = await chat.张老师(text)
    assert (reply.status, "主备是王老师" in reply) == ("refused", True)
    assert (await chat.李老师(text)).status == "ok"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("/备课 主题", "还少内容"),
        ("/备课 主题 第22周 习题", "只有第1周到第21周"),
        ("/备课 主题 第0周 习题", "只有第1周到第21周"),
        ("/备课 主题 重难点", "课题还没有内容"),
        ("/备课 主备 下周 黄老师", "组里没有“黄老师”"),
        ("/备课 要点 天气", "没看懂是哪几项"),
        ("/备课 阶段 5", "只有 4 个阶段"),
        ("/备课 阶段 后来", "只有 4 个阶段"),
        ("/分层 会背", "没看懂是哪一层"),
        ("/分层 保底 ", "目标还没有内容"),
        ("/备课 什么", "没看懂“什么”"),
        ("/备课 主题 " + "长" * 501, "最多 500 字"),
        ("/分层 保底 张小明考了59分也要会背", "学生"),
    ],
)
async def test_what_is_wrong_is_said(chat, text, says):
    reply = await chat.李老师(text)
    assert reply.status == "refused"
    assert says in reply + "".join(reply.notes.values())


async def test_before_and_after_the_term(chat):
    await chat.until("2027-01-30T09:00")
    assert "第21周备课" in await chat.王老师("/备课")
    assert (await chat.李老师("/备课 主题 习题 补记")).status == "ok"
