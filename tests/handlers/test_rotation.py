"""The rotation of leads: filled fairly, swapped by two who both agree, reminded of; and what must not be."""

import pytest

SECOND = "高一年级课题组"


def notes(posts, to):
    return [post.text for post in posts if post.to == to and post.kind == "note"]


async def test_the_story_of_a_swap(chat):
    """Asked, answered with a number, announced in one line, told three days before."""
    assert (await chat.王老师("/轮值")).splitlines()[:3] == [
        "🔄 主备轮值",
        "第2周 王老师 必修上 第一单元《立在地球边上放号》",
        "第3周 张老师 必修上 第一单元《百合花》",
    ]
    await chat.until("2026-09-08T18:00")
    asked = await chat.王老师("/轮值 换 赵老师")
    assert asked.startswith("✅ 已私下问赵老师：您的第9周换赵老师的第4周。")
    question = asked.notes["赵老师"].splitlines()
    assert question[:3] == ["🔄 王老师想用第9周的主备换您第4周的，行吗？", "1. 同意", "2. 不同意"]
    assert "主备：赵老师" in await chat.王老师("/备课 第4周")
    assert "⏳ 等赵老师回话" in await chat.王老师.private("/轮值")
    assert "回话" not in await chat.王老师("/轮值")
    await chat.until("2026-09-10T12:00")
    agreed = await chat.赵老师.private("1")
    assert agreed.startswith("✅ 换好了：您主备第9周，王老师主备第4周。")
    assert "您主备第4周，赵老师主备第9周" in agreed.notes["王老师"]
    assert [text for text in agreed.notes.values() if "【改】" in text] == [
        "【改】主备对调：第4周 王老师，第9周 赵老师。"
    ]
    assert "主备：王老师" in await chat.王老师("/备课 第4周")
    assert "主备：赵老师" in await chat.王老师("/备课 第9周")
    posts = await chat.until("2026-09-18T20:00")
    [note] = [text for text in notes(posts, "王老师") if "主备" in text]
    assert "下周，第4周您主备：必修上 第二单元《喜看稻菽千重浪》，周三第8–9节 语文办公室" in note
    monday = [post.text for post in await chat.until("2026-09-21T08:00") if post.kind == "card"]
    assert "主备：王老师" in monday[0]
    assert "主备对调 1 次" in await chat.李老师("/汇总 9月")


@pytest.mark.parametrize("answer", ["2", "/轮值 不同意"])
async def test_a_swap_is_declined(chat, answer):
    await chat.王老师("/轮值 换 张老师")
    reply = await chat.张老师(answer)
    assert reply.startswith("✅ 已经回话了")
    assert "这次换不了，第9周还是您主备" in reply.notes["王老师"]
    assert "【改】" not in "".join(reply.notes.values())
    assert "主备：张老师" in await chat.王老师("/备课 第3周")
    assert "没有人等您回话" in await chat.张老师("/轮值 同意")
    assert "再决定请回" in await chat.张老师("/撤销")
    assert "换好了" in await chat.张老师("/轮值 同意")


async def test_only_who_was_asked_may_agree(chat):
    await chat.王老师("/轮值 换 张老师")
    for speaker in (chat.王老师, chat.赵老师, chat.李老师):
        reply = await speaker("/轮值 同意")
        assert (reply.status, "没有人等您回话" in reply) == ("refused", True)
    assert (await chat.赵老师("1")).status != "ok"
    assert "等有了结果再换" in await chat.王老师("/轮值 换 赵老师")
    assert "等有了结果再换" in await chat.刘老师("/轮值 换 张老师")


async def test_a_number_answers_the_question_that_was_read(chat):
    """Somebody is just asked which task; the swap that comes between is not agreed to by that number."""
    await chat.李老师("/任务 张老师 周五前 交单元卷")
    await chat.李老师("/任务 张老师 明天 带教材")
    await chat.张老师("/完成")
    await chat.王老师("/轮值 换 张老师")
    assert "任务 6 带教材 完成了" in await chat.张老师("1")
    assert "主备：张老师" in await chat.王老师("/备课 第3周")
    assert "换好了" in await chat.张老师("/轮值 同意")


async def test_a_question_lapses_when_a_week_begins(chat):
    await chat.王老师("/轮值 换 张老师")
    posts = await chat.until("2026-09-11T20:00")
    assert ["还等您回话" in text for text in notes(posts, "张老师")].count(True) == 1
    await chat.until("2026-09-14T08:00")
    assert "没有人等您回话" in await chat.张老师("/轮值 同意")
    assert (await chat.张老师("1")).status != "ok"
    assert "主备：张老师" in await chat.王老师("/备课 第3周")


async def test_a_question_and_an_agreement_are_taken_back(chat):
    await chat.王老师("/轮值 换 张老师")
    back = await chat.王老师("/撤销")
    assert "不和张老师换主备了" in back
    assert "您不用回话" in back.notes["张老师"]
    await chat.王老师("/轮值 换 张老师")
    await chat.张老师("/轮值 同意")
    assert "张老师已经回话了" in await chat.王老师("/撤销")
    undone = await chat.张老师("/撤销")
    assert "主备恢复原来的" in undone
    assert "【改】主备对调：第3周 张老师，第9周 王老师。" in undone
    assert "主备：张老师" in await chat.王老师("/备课 第3周")
    assert "不换了" in await chat.王老师("/轮值 撤回")
    assert "没有等着回话" in await chat.王老师("/轮值 撤回")
    again = await chat.王老师("/撤销")
    assert "照旧等张老师回话" in again
    assert "行吗" in again.notes["张老师"]
    assert (await chat.张老师("/轮值 同意")).startswith("✅ 换好了")


async def test_a_question_withdrawn_is_not_asked_again_once_its_turns_have_changed(chat):
    await chat.王老师("/轮值 换 张老师")
    await chat.王老师("/轮值 撤回")
    await chat.李老师("/备课 主备 第3周 陈老师")
    undone = await chat.王老师("/撤销")
    assert undone.status == "refused"
    assert "第3周的主备已经改过" in undone


async def test_a_lead_changed_meanwhile_stops_the_swap(chat):
    await chat.王老师("/轮值 换 张老师")
    await chat.李老师("/备课 主备 第9周 周老师")
    reply = await chat.张老师("/轮值 同意")
    assert (reply.status, "第9周的主备已经改过" in reply) == ("refused", True)


async def test_who_is_away_cannot_swap_into_that_week(chat):
    await chat.王老师("/请假 9月16日 外出学习")
    assert "第3周备课那天您请假了" in await chat.王老师("/轮值 换 张老师")
    await chat.张老师("/请假 10月28日 外出学习")
    await chat.刘老师("/轮值 换 张老师")
    assert "换好了" in await chat.张老师("/轮值 同意")


async def test_free_weeks_are_filled_evenly_over_leave(chat):
    """Three teachers, nobody set yet; who was away gets the next week."""
    await chat.王老师("/请假 9月14日到9月20日 培训", group=SECOND)
    done = await chat.张老师("/轮值 排 王老师 张老师 赵老师", group=SECOND)
    assert done.splitlines()[1:7] == [
        "第3周 张老师",
        "第4周 王老师",
        "第5周 赵老师",
        "第6周 王老师",
        "第7周 张老师",
        "第8周 赵老师",
    ]
    seen = await chat.张老师("/轮值", group=SECOND)
    assert "次数" not in seen
    assert seen.notes["张老师"] == "👥 本学期主备次数：张老师 6、王老师 7、赵老师 6"
    assert "次数" not in await chat.王老师.private("/轮值", group=SECOND)
    assert "接下来每周都有主备了" in await chat.张老师("/轮值 排", group=SECOND)
    assert "恢复原来的" in await chat.张老师("/撤销", group=SECOND)
    assert "第3周 还没有主备" in await chat.王老师("/轮值", group=SECOND)
    assert "按什么顺序排" in await chat.张老师("/轮值 排", group=SECOND)


async def test_weeks_are_filled_anew_from_one_on(chat):
    """The group hears of it, nobody leads twice running, the digest does not count it as prepared."""
    done = await chat.李老师("/轮值 排 第5周起 王老师、张老师、赵老师")
    assert done.splitlines()[1:7] == [
        "第5周 王老师",
        "第6周 张老师",
        "第7周 赵老师",
        "第8周 王老师",
        "第9周 张老师",
        "第10周 赵老师",
    ]
    assert "【改】第5周起的主备重新排了，看：/轮值" in done
    assert "备课过程" not in await chat.李老师("/汇总 10月")
    undone = await chat.李老师("/撤销")
    assert "【改】第5周起的主备恢复原来的，看：/轮值" in undone
    assert "主备：陈老师" in await chat.王老师("/备课 第5周")


async def test_a_week_without_a_preparation_is_skipped(chat):
    await chat.until("2026-09-10T12:00")
    assert "取消" in await chat.李老师("/日程 停 4 运动会")
    assert "第3周" not in await chat.李老师("/轮值")
    assert (await chat.李老师("/轮值 排 下周起 王老师 赵老师")).splitlines()[1] == "第4周 赵老师"
    assert "您主备" not in "".join(notes(await chat.until("2026-09-13T20:00"), "张老师"))


async def test_an_order_changed_since_is_not_taken_back(chat):
    await chat.李老师("/轮值 排 第5周起 王老师 张老师")
    await chat.王老师("/轮值 换 张老师")
    await chat.张老师("/轮值 同意")
    reply = await chat.李老师("/撤销")
    assert (reply.status, "后来又改过" in reply) == ("refused", True)


async def test_the_card_names_the_agreed_lead_of_next_week(chat):
    await chat.李老师("/备课 主备 第3周 周老师")
    [card] = [post.text for post in await chat.until("2026-09-07T08:00") if post.kind == "card"]
    assert "下周：必修上 第一单元《百合花》（主备 周老师）" in card


async def test_the_lead_is_told_once_and_the_leader_of_a_lead_who_is_away(chat):
    await chat.until("2026-09-11T12:00")
    await chat.李老师("/备课 主备 第3周 周老师")
    assert "您主备" not in "".join(notes(await chat.until("2026-09-13T20:00"), "周老师"))
    await chat.赵老师("/请假 9月23日 外出学习")
    posts = await chat.until("2026-09-18T20:00")
    assert "第4周主备赵老师请假：必修上 第二单元" in "".join(notes(posts, "李老师"))
    assert "您主备" not in "".join(notes(posts, "赵老师"))


@pytest.mark.parametrize(
    ("speaker", "text", "says"),
    [
        ("王老师", "/轮值 换", "还少姓名"),
        ("王老师", "/轮值 换 王老师", "和自己不用换"),
        ("王老师", "/轮值 换 黄老师", "组里没有“黄老师”"),
        ("王老师", "/轮值 同意", "没有人等您回话"),
        ("王老师", "/轮值 不同意", "没有人等您回话"),
        ("王老师", "/轮值 撤回", "没有等着回话"),
        ("王老师", "/轮值 排 王老师", "组长"),
        ("访客", "/轮值 换 张老师", "我还不认识您"),
        ("李老师", "/轮值 排 黄老师", "写在最前面"),
        ("李老师", "/轮值 排 王老师 黄老师", "组里没有“黄老师”"),
        ("李老师", "/轮值 排", "按什么顺序排"),
        ("李老师", "/轮值 排 王老师 张老师", "接下来每周都有主备了"),
        ("李老师", "/轮值 排 本周起 王老师", "第2周已经开始了"),
        ("李老师", "/轮值 排 第30周起 王老师", "只有第1周到第21周"),
        ("李老师", "/轮值 乱七八糟", "没看懂"),
    ],
)
async def test_what_is_wrong_is_said(chat, speaker, text, says):
    reply = await chat.say(speaker, text)
    assert reply.status == "refused"
    assert says in reply


async def test_nobody_to_swap_with_at_the_end_of_the_term(chat):
    await chat.until("2027-01-20T12:00")
    assert "后面没有排主备" in await chat.王老师("/轮值 换 张老师")
    assert (await chat.王老师("/轮值")).status == "ok"
    await chat.until("2027-02-10T12:00")
    assert (await chat.王老师("/轮值")).status == "ok"
