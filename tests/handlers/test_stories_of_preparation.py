"""One story over weeks for each system of the preparation: begun, in the middle, late, changed, finished."""

LINK = "https://docs.example.com/"


def told(posts, words):
    """(day, to whom) of everything posted that says ``words``."""
    return [(f"{post.at:%m-%d}", post.to) for post in posts if words in post.text]


async def test_a2_topics(chat):
    await chat.李老师("/备课 主题 下周 重难点 百合花的细节")  # start
    posts = await chat.until("2026-09-15T12:00")  # middle: the eve's card, not Monday's alone
    assert [day for day, to in told(posts, "研讨：重难点 百合花的细节") if to == "group"] == ["09-14", "09-15"]
    await chat.until("2026-09-21T09:00")
    assert "第3周研讨：教学方法" in await chat.李老师("/备课 主题 第3周 教学方法 分角色朗读")  # late
    await chat.李老师("/备课 主题 习题 单元卷讲评")
    assert "恢复" in await chat.李老师("/撤销")  # changed
    assert "研讨：" not in await chat.王老师("/备课")
    await chat.until("2026-09-30T18:00")  # finished
    assert "研讨：教学方法 分角色朗读" in await chat.王老师("/备课 第3周")
    assert "课题提前定 4/4" in await chat.李老师("/汇总 9月")


async def test_a3_stages(chat):
    assert "第 1 阶段" in await chat.王老师("/备课 阶段")  # start
    await chat.until("2026-09-09T16:00")
    assert "第 2 阶段" in await chat.王老师("/备课 阶段")  # middle: the meeting is on
    await chat.until("2026-09-11T12:00")
    assert "第 3 阶段" in await chat.王老师("/备课 阶段")
    await chat.until("2026-09-16T12:00")
    await chat.王老师(f"/共案 第2周 {LINK}w2")  # late
    assert "第 4 阶段" in await chat.张老师("/备课 阶段 第2周")
    await chat.张老师("/备课 阶段 实践反思")  # changed: by hand, and taken back
    assert "已撤销" in await chat.张老师("/撤销")
    assert "第 1 阶段" in await chat.张老师("/备课 阶段")
    await chat.until("2026-09-30T18:00")  # finished
    assert "到第四阶段 1" in await chat.李老师("/汇总 9月")


async def test_a4_drafts(chat):
    await chat.王老师(f"/初案 {LINK}w2")  # start
    posts = await chat.until("2026-09-08T20:00")  # middle: who owes one is asked privately, on the eve
    asked = {to for _, to in told(posts, "初案还差您的一份")}
    assert asked == {f"{name}老师" for name in "李张赵陈刘周孙"}
    assert told(posts, "初案已交 1/8") == [("09-07", "group"), ("09-08", "group")]
    await chat.until("2026-09-18T12:00")
    assert "第2周初案已收到（全组 2/8）" in await chat.张老师(f"/初案 第2周 {LINK}late")  # late
    assert "已换成新的一份" in await chat.张老师(f"/初案 第2周 {LINK}later")  # changed
    assert "恢复成前一份" in await chat.张老师("/撤销")
    await chat.until("2026-09-30T18:00")  # finished
    assert "初案 2/32 份（4 周）" in await chat.李老师("/汇总 9月")
    assert "初案 1 份" in await chat.张老师.private("/我的")


async def test_a5_points(chat):
    assert "2/7" in await chat.王老师("/备课 要点 课标 教材")  # start
    posts = await chat.until("2026-09-08T12:00")  # middle: the eve's card has the list
    assert told(posts, "要点：课标、教材、学情、重难点、方法手段、作业、单元检测") == [("09-08", "group")]
    await chat.until("2026-09-18T12:00")
    assert "7/7" in await chat.王老师("/备课 要点 第2周 全部")  # late
    assert "6/7，还差作业" in await chat.王老师("/备课 要点 第2周 取消 作业")  # changed
    assert "已撤销" in await chat.王老师("/撤销")
    await chat.until("2026-09-30T18:00")  # finished
    assert "要点 7/7" in await chat.李老师("/汇总 9月")


async def test_a6_agreed_and_own_plans(chat):
    await chat.until("2026-09-09T18:00")
    assert "大家可以二次备课了" in await chat.王老师(f"/共案 {LINK}agreed2")  # start
    await chat.张老师(f"/二备 {LINK}z2")
    posts = await chat.until("2026-09-10T20:00")  # middle: the day after, those who owe theirs
    assert {to for _, to in told(posts, "二次备课还差您的一份")} == {f"{name}老师" for name in "李王赵陈刘周孙"}
    posts = await chat.until("2026-09-17T20:00")
    assert told(posts, "第3周的共案还没有放") == [("09-17", "张老师")]
    assert "第3周共案已收好" in await chat.张老师(f"/共案 第3周 {LINK}agreed3")  # late
    await chat.张老师(f"/共案 第3周 {LINK}better3")
    assert "已撤销" in await chat.张老师("/撤销")  # changed
    assert f"{LINK}agreed3" in await chat.王老师("/共案 第3周")
    await chat.until("2026-09-30T18:00")  # finished
    month = await chat.李老师("/汇总 9月")
    assert "到第四阶段 2" in month
    assert "二备 1/32 份（4 周）" in month


async def test_a8_goals(chat):
    assert "还差：拔高" in await chat.王老师("/分层 保底 会背 达标 会赏析")  # start
    posts = await chat.until("2026-09-08T12:00")  # middle
    assert told(posts, "目标：保底 会背；达标 会赏析") == [("09-07", "group"), ("09-08", "group")]
    await chat.until("2026-09-18T12:00")
    assert "拔高 能仿写" in await chat.王老师("/分层 第2周 拔高 能仿写")  # late
    assert "达标 会写短评" in await chat.王老师("/分层 第2周 达标 会写短评")  # changed
    assert "已撤销" in await chat.王老师("/撤销")
    assert "达标：会赏析" in await chat.张老师("/分层 第2周")
    await chat.until("2026-09-30T18:00")  # finished
    assert "三层目标 1" in await chat.李老师("/汇总 9月")


async def test_a13_progress_and_leads(chat):
    await chat.王老师.private("/进度 到 第2周")  # start
    await chat.李老师("/轮值 排 第10周起 李老师 张老师")
    posts = await chat.until("2026-09-11T20:00")  # middle: next week's lead hears of it
    assert ("09-11", "张老师") in told(posts, "第3周您主备")
    await chat.until("2026-09-21T12:00")
    assert "落后 2 周" in await chat.王老师.private("/进度 到 第2周")  # late
    await chat.王老师("/轮值 换 陈老师")
    assert "换好了" in await chat.陈老师("/轮值 同意")  # changed: 5 and 9
    assert "✅ 进度表第5周" in await chat.李老师("/进度 改 第5周 必修上 第二单元 《劝学》")
    assert "改回" in await chat.李老师("/撤销")
    await chat.until("2026-09-30T18:00")  # finished
    await chat.王老师.private("/进度 到 第5周")
    month = await chat.李老师("/汇总 9月")
    assert "报了 1 个班：按计划 1" in month
    assert "主备对调 1 次" in month


async def test_a11_shared_problems(chat):
    await chat.王老师("/问题 学生计算步骤跳步多")  # start
    assert "群里不写您的名字" in await chat.张老师.private("/问题 单元卷审题不细")
    posts = await chat.until("2026-09-14T12:00")  # middle: Monday's cards, and the eve's
    assert told(posts, "要研讨的问题：5 学生计算步骤跳步多；6 单元卷审题不细") == [("09-08", "group")]
    assert told(posts, "要研讨的问题 2 个") == [("09-07", "group"), ("09-14", "group")]
    await chat.李老师("/例会 定 9月24日第7节 语文办公室")
    await chat.until("2026-09-22T09:00")
    assert "议过 1 次" in await chat.李老师("/问题 讨论 5")  # late
    assert (await chat.李老师("/问题 解决 6 圈关键词")).notes["张老师"].endswith("解决了：圈关键词")
    await chat.王老师("/问题 改 5 列式后跳步多")
    assert "恢复到修改之前" in await chat.王老师("/撤销")  # changed
    posts = await chat.until("2026-09-24T12:00")
    assert told(posts, "问题 5 学生计算步骤跳步多") == [("09-23", "group")]
    assert told(posts, "单元卷审题不细") == []
    await chat.until("2026-09-30T18:00")  # finished
    assert "问题提出 2 个，解决 1 个，还开着 1 个" in await chat.李老师("/汇总 9月")
    assert "提出问题 1 个，解决 1 个" in await chat.张老师.private("/我的")
    await chat.until("2026-10-14T12:00")
    await chat.王老师("/问题 解决 5 每步写依据")
    assert "问题提出 0 个，解决 1 个，还开着 0 个" in await chat.李老师("/汇总 10月")
