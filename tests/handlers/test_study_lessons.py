"""Study lessons by rotation: set up, told, come to, passed over, swapped, missed, made up; and what must not be.

Every two weeks from week 3 on Thursdays: 1 October is a holiday, week 10 and 21 are examinations.
"""

import pytest

from tests.schedules.test_autumn import activate

SETUP = "/轮值 研讨课 排 下周起 周四第2节 录播室"
DAYS = ["9月17日", "10月15日", "10月29日", "11月12日", "11月26日", "12月10日", "12月24日", "1月7日"]
FORTNIGHT = "• 每两周一次: 组织听评课活动,组内教师轮流上研讨课。\n"


@pytest.fixture
async def turns(chat):
    """Eight turns, numbers 5 to 12: 李 王 张 赵 陈 刘 周 孙."""
    done = await chat.李老师(SETUP)
    assert done.status == "ok", done
    return chat


def notes(posts, to, words="研讨课"):
    return [post.text for post in posts if post.to == to and post.kind == "note" and words in post.text]


def cards(posts, words="研讨课"):
    return [post for post in posts if post.kind == "card" and words in post.text]


async def test_the_story_of_a_term(chat):
    """Set up, told three days before, called the day before, sat in, swapped, given, missed, made up, counted."""
    assert "还没有排轮值" in await chat.王老师("/轮值 研讨课")
    done = await chat.李老师(SETUP)
    assert [line.split()[1] for line in done.splitlines()[1:7]] == DAYS[:6]
    assert "……一共 8 节" in done
    assert "⚠️ 5 和 2 赵老师《百合花》同时" in done
    assert len(done.splitlines()) <= 12
    assert "轮到您：10月15日 周四第2节（6）" in done.notes["王老师"]
    shown = (await chat.王老师("/轮值 研讨课")).splitlines()
    assert shown[:3] == [
        "👂 研讨课轮值：每两周 周四第2节 录播室",
        "5 9月17日 周四第2节 录播室 李老师（课题待定）",
        "6 10月15日 周四第2节 录播室 王老师（课题待定）",
    ]
    assert "轮到上研讨课 6 课题待定 10月15日" in await chat.王老师("/我的")
    assert " 6 · " not in await chat.张老师("/公开课")  # weeks away
    posts = await chat.until("2026-09-14T20:00")
    [told] = notes(posts, "李老师")
    assert "9月17日 周四第2节 录播室轮到您上研讨课（5）：课题还没有定" in told
    assert cards(posts, "5 李老师") == []
    await chat.李老师("/公开课 课题 5 《百合花》")
    posts = await chat.until("2026-09-16T12:00")
    [card] = cards(posts)
    assert card.at.isoformat().startswith("2026-09-16T07:10")
    assert "👂 9月17日 周四第2节 录播室 5 李老师研讨课《百合花》\n听课：欢迎报名" in card.text
    assert "/报名 5" in card.text
    assert "已报名 5 李老师研讨课《百合花》听课" in await chat.陈老师("/报名 5")
    assert notes(await chat.until("2026-09-18T20:00"), "李老师") == []
    assert "轮流上研讨课 1/1 节，报名听课 1 人次" in await chat.李老师("/汇总 9月")
    assert "轮流上研讨课 1 节" in await chat.李老师("/我的")

    await chat.王老师("/轮值 研讨课 换 张老师")
    agreed = await chat.张老师.private("1")
    assert agreed.startswith("✅ 换好了：您上第7周的研讨课，王老师上第9周的研讨课。")
    assert "【改】研讨课对调：第7周 张老师，第9周 王老师。" in "".join(agreed.notes.values())
    posts = await chat.until("2026-10-16T12:00")
    assert len(notes(posts, "张老师", "轮到您上研讨课（6）")) == 1
    assert notes(posts, "王老师", "轮到您上研讨课") == []

    assert "记下了" in await chat.张老师("/轮值 研讨课 没上 6 停电")
    assert "轮流上研讨课 0/2 节" in await chat.李老师("/汇总 10月")
    assert "6 张老师研讨课没上：停电" in await chat.李老师.private("/汇总 10月")
    made_up = await chat.张老师("/轮值 研讨课 改 6 下周五第3节")
    assert "改到10月23日 周五第3节 录播室" in made_up
    posts = await chat.until("2026-10-30T12:00")
    assert [f"{post.at:%m-%d}" for post in cards(posts, "👂")] == ["10-22", "10-28"]
    assert "轮流上研讨课 2/2 节" in await chat.李老师("/汇总 10月")
    assert "本学期已上 3/3 节，后面还有 3 节" in await chat.李老师("/轮值 研讨课")
    await chat.until("2027-01-20T12:00")
    over = await chat.李老师("/轮值 研讨课")
    assert "本学期后面没有了" in over
    assert "已上 8/8 节" in over


async def test_who_is_on_leave_is_passed_over_and_comes_next(turns):
    """In the order itself, and when the leave is noted later; with the leave the exchange is taken back."""
    left = await turns.王老师("/请假 10月15日 外出学习")
    assert "您10月15日 周四第2节的研讨课换到10月29日 周四第2节（7）" in left
    assert "10月15日 周四第2节的研讨课（6）请您来上" in left.notes["张老师"]
    assert "外出" not in left.notes["张老师"]
    rows = (await turns.李老师("/轮值 研讨课")).splitlines()
    assert "6 10月15日 周四第2节 录播室 张老师" in rows[2]
    back = await turns.王老师("/撤销")
    assert "研讨课换回来了" in back
    assert "请您来上" in back.notes["张老师"]
    assert "6 10月15日 周四第2节 录播室 王老师" in await turns.李老师("/轮值 研讨课")
    await turns.王老师("/请假 10月10日到11月1日 培训")
    rearranged = await turns.李老师("/轮值 研讨课 排 第7周起 王老师 张老师")
    names = [line.split()[3] for line in rearranged.splitlines() if "周四第2节" in line]
    assert names[:4] == ["张老师", "张老师", "王老师", "张老师"]  # nobody twice running if it can be helped
    assert "您不用上了" in rearranged.notes["赵老师"]


async def test_a_leave_close_to_the_day_is_the_leaders_to_settle(turns):
    await turns.until("2026-10-13T18:00")
    left = await turns.王老师("/请假 10月15日 生病")
    assert "您有研讨课（6），请和组长商量" in left
    assert "王老师请假那天有研讨课：6" in left.notes["李老师"]
    assert cards(await turns.until("2026-10-14T12:00"), "👂") == []
    handed = await turns.李老师("/轮值 研讨课 交给 6 张老师")
    assert "请您来上" in handed.notes["张老师"]
    assert "改由张老师来上" in handed.notes["王老师"]
    assert "【改】10月15日的研讨课（6）由张老师来上。" in handed
    undone = await turns.李老师("/撤销")
    assert "还是王老师来上" in undone


async def test_a_turn_of_somebody_away_that_nobody_took_counts_nowhere(turns):
    await turns.until("2026-10-13T18:00")
    await turns.王老师("/请假 10月15日 生病")
    await turns.until("2026-10-30T12:00")
    assert "轮流上研讨课 1/1 节" in await turns.李老师("/汇总 10月")  # 张's on the 29th
    assert "轮流上研讨课" not in await turns.王老师("/我的")
    assert "本学期已上 2/2 节" in await turns.李老师("/轮值 研讨课")


async def test_the_leader_hears_of_a_teacher_who_is_away(turns):
    """Nobody is left to pass the turn to."""
    for name in ("张老师", "赵老师", "陈老师", "刘老师", "周老师", "孙老师", "王老师"):
        await turns.say(name, "/请假 10月12日到10月16日 培训")
    posts = await turns.until("2026-10-12T20:00")
    assert "10月15日 周四第2节的研讨课，王老师那天请假" in "".join(notes(posts, "李老师"))


async def test_the_words_of_the_order(chat):
    done = await chat.李老师("/轮值 研讨课 排 第4周起 每三周 周二第3节 语文办公室 王老师、张老师")
    assert [line.split()[1:] for line in done.splitlines()[1:4]] == [
        ["9月22日", "周二第3节", "王老师"],
        ["10月13日", "周二第3节", "张老师"],
        ["11月24日", "周二第3节", "王老师"],  # 3 November is week 10
    ]
    assert "每三周 周二第3节 语文办公室" in await chat.李老师("/轮值 研讨课")
    weekly = await chat.李老师("/轮值 研讨课 排 第5周起 双周周五第1节")
    assert weekly.splitlines()[1].startswith("8 10月9日 周五第1节") or "10月9日" in weekly


async def test_everything_is_taken_back(turns):
    undone = await turns.李老师("/撤销")
    assert "研讨课不轮了" in undone
    assert "您不用上了" in undone.notes["王老师"]
    assert "还没有排轮值" in await turns.李老师("/轮值 研讨课")
    assert "研讨课" not in await turns.王老师("/我的")
    await turns.李老师(SETUP)
    await turns.李老师("/轮值 研讨课 排 第11周起 周五第1节 王老师")
    assert "恢复原来的安排" in await turns.李老师("/撤销")
    assert "每两周 周四第2节 录播室" in await turns.李老师("/轮值 研讨课")
    assert len(await turns.李老师.private("/汇总 11月 研讨课")) > 0
    assert "0/2 节" in await turns.李老师("/汇总 11月")
    moved = await turns.王老师("/轮值 研讨课 改 14 周五第3节")
    assert "改到9月11日 周五第3节" in moved
    assert "恢复原来的安排" in await turns.王老师("/撤销")
    assert "14 10月15日 周四第2节 录播室 王老师" in await turns.王老师("/轮值 研讨课")
    await turns.until("2026-10-15T12:00")
    await turns.王老师("/轮值 研讨课 没上 14")
    assert "14 研讨课上过了" in await turns.王老师("/撤销")
    assert "1/2 节" in await turns.李老师("/汇总 10月")


async def test_called_off_as_any_open_lesson(turns):
    await turns.until("2026-09-09T12:00")
    await turns.陈老师("/报名 5")
    reply = await turns.李老师("/公开课 取消 5")
    assert "您不用再去" in reply.notes["陈老师"]
    posts = await turns.until("2026-09-18T20:00")
    assert cards(posts, "👂 9月17日 周四第2节 录播室 5") == []
    assert "轮流上研讨课 0/1 节" in await turns.李老师("/汇总 9月")


async def test_the_teacher_who_takes_over_does_not_sit_in(turns):
    await turns.until("2026-09-09T12:00")
    await turns.陈老师("/报名 5")
    await turns.李老师("/轮值 研讨课 交给 5 陈老师")
    assert "听课 5" not in await turns.陈老师("/我的")
    assert "自己的课，不用报名" in await turns.陈老师("/报名 5")


async def test_the_turns_of_who_leaves_the_group_go_to_the_others(turns):
    left = await turns.李老师("/成员 移出 王老师")
    assert left.status == "ok", left
    assert "王老师" not in await turns.李老师("/轮值 研讨课")
    assert "请您来上" in "".join(left.notes.values())


async def test_the_plans_own_line_is_not_said_twice(chat):
    """Until a rotation is set up the plan's line is all there is; after that the turns speak."""
    await activate(chat.playground, FORTNIGHT)
    assert (await chat.李老师("/计划 启用")).status == "ok"
    before = cards(await chat.until("2026-09-21T12:00"), "组织听评课活动")
    await chat.李老师(SETUP)
    after = cards(await chat.until("2026-11-01T12:00"), "组织听评课活动")
    assert (len(before), after) == (1, [])


async def test_switched_off_it_is_silent(turns):
    await turns.李老师("/设置 关 研讨课")
    posts = await turns.until("2026-09-18T20:00")
    assert notes(posts, "李老师") == []
    assert cards(posts, "👂 9月17日 周四第2节 录播室 5") == []


@pytest.mark.parametrize(
    ("speaker", "text", "says"),
    [
        ("王老师", SETUP, "由组长使用"),
        ("王老师", "/轮值 研讨课 交给 6 张老师", "由组长使用"),
        ("访客", "/轮值 研讨课 换 张老师", "我还不认识您"),
        ("张老师", "/轮值 研讨课 改 6 周五第3节", "由王老师或组长来改"),
        ("张老师", "/轮值 研讨课 没上 6", "由王老师或组长来改"),
        ("王老师", "/轮值 研讨课 没上 6", "还没到"),
        ("王老师", "/轮值 研讨课 改 6 周日第3节", "不能上研讨课"),
        ("王老师", "/轮值 研讨课 改 6 昨天第3节", "已经过去了"),
        ("王老师", "/轮值 研讨课 改 6 10月15日第2节", "本来就在"),
        ("王老师", "/轮值 研讨课 改 6 有空再说", "没看懂时间"),
        ("王老师", "/轮值 研讨课 改 1 周五第3节", "没有编号 1 的研讨课"),
        ("王老师", "/轮值 研讨课 换 王老师", "和自己不用换"),
        ("王老师", "/轮值 研讨课 换 黄老师", "组里没有“黄老师”"),
        ("王老师", "/轮值 研究课", "/轮值 研讨课"),
        ("李老师", "/轮值 研讨课 排", "都排好了"),
        ("李老师", "/轮值 研讨课 排 本周起 周四第2节", "第2周已经开始了"),
        ("李老师", "/轮值 研讨课 排 第30周起 周四第2节", "只有第1周到第21周"),
        ("李老师", "/轮值 研讨课 排 下周起 随便", "没看懂“随便”"),
        ("李老师", "/轮值 研讨课 排 下周起 周六第2节", "没有能排的日子"),
        ("李老师", "/轮值 研讨课 交给 6 王老师", "本来就由王老师"),
        ("李老师", "/轮值 研讨课 交给 6 黄老师", "组里没有“黄老师”"),
    ],
)
async def test_what_is_wrong_is_said(turns, speaker, text, says):
    reply = await turns.say(speaker, text)
    assert reply.status == "refused", reply
    assert says in reply


async def test_without_a_time_nothing_is_set_up(chat):
    assert "研讨课在星期几第几节" in await chat.李老师("/轮值 研讨课 排 下周起")
    assert "还没有排轮值" in await chat.李老师("/轮值 研讨课")


async def test_a_lead_and_a_lesson_are_never_confused(turns):
    """A question on leads and one on lessons wait for different people; each answer changes its own."""
    await turns.王老师("/轮值 换 张老师")
    assert "正在考虑另一次对调" in await turns.刘老师("/轮值 研讨课 换 张老师")
    await turns.陈老师("/轮值 研讨课 换 赵老师")
    assert "换好了：您主备第9周" in await turns.张老师("/轮值 同意")
    assert "换好了：您上第13周的研讨课" in await turns.赵老师("/轮值 同意")
    assert "主备对调 1 次" in await turns.李老师("/汇总 9月")
