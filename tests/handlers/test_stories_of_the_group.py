"""One story over weeks for each system of meetings, lessons and the group: begun, middle, late, changed, finished."""

MARKS = "目标5 环节4 参与3 效果4"


def told(posts, words):
    """(day, to whom) of everything posted that says ``words``."""
    return [(f"{post.at:%m-%d}", post.to) for post in posts if words in post.text]


async def test_b1_meetings(chat):
    await chat.李老师("/例会 定 9月17日第7节 语文办公室")  # start
    await chat.王老师("/例会 议题 单元卷谁来出")
    posts = await chat.until("2026-09-17T15:00")  # middle: the agenda the day before
    assert told(posts, "单元卷谁来出") == [("09-16", "group")]
    assert "（1/8）" in await chat.王老师("/签到")
    await chat.until("2026-09-21T09:00")
    assert "补9月17日的例会" in await chat.李老师("/签到 张老师、赵老师")  # late
    assert "决定" in await chat.李老师("/例会 决定 王老师 9月25日前 出单元卷")
    assert "已撤销" in await chat.李老师("/撤销")  # changed
    assert "决定" in await chat.李老师("/例会 决定 张老师 9月28日前 出单元卷")
    await chat.until("2026-09-29T09:00")
    assert "例会 1/1 次，到会 3/8 人次，决定 1 项（没做完 1）" in await chat.李老师("/汇总 9月")
    await chat.张老师("/完成")
    await chat.张老师("1")  # finished
    assert "没做完" not in await chat.李老师("/汇总 9月")


async def test_b2_tasks(chat):
    await chat.李老师("/任务 王老师、张老师 9月18日前 交单元卷")  # start
    assert "还有 1 位" in await chat.王老师("/完成 5")
    posts = await chat.until("2026-09-17T20:00")  # middle: who has not finished, privately
    assert told(posts, "任务 5") == [("09-17", "张老师")]
    assert "9月23日 周三前" in await chat.李老师("/任务 改 5 9月23日前")  # changed
    posts = await chat.until("2026-09-28T12:00")
    assert told(posts, "任务 5") == [("09-22", "张老师"), ("09-23", "张老师")]
    assert "还差 5 交单元卷：张老师" in (await chat.李老师("/汇总 9月")).notes["李老师"]
    assert "完成了" in await chat.张老师("/完成 5")  # late, finished
    assert "任务完成 2/2 项" in await chat.李老师("/汇总 9月")


async def test_b6_the_calendar(chat):
    assert (await chat.李老师("/日程 加 每周四第3节 课例研讨")).startswith("✅ 已加 5")  # start
    posts = await chat.until("2026-09-17T20:00")  # middle: the day before, each time
    assert told(posts, "第3节 课例研讨") == [("09-09", "group"), ("09-16", "group")]
    assert "第一次：9月24日 周四第4节" in await chat.李老师("/日程 改 5 以后都周四第4节 原因：换教室")  # changed
    assert "9月24日 周四第4节 课例研讨" in await chat.王老师("/日程 我的 下周")
    assert "取消了，以后的照常" in await chat.李老师("/日程 取消 5 10月15日 期中命题")
    posts = await chat.until("2026-10-20T12:00")
    assert told(posts, "第4节 课例研讨") == [("09-23", "group"), ("09-30", "group")]
    assert "李老师取消（期中命题）" in await chat.李老师("/日程 记录 5")  # late
    await chat.李老师("/日程 跳过下次 5 外出")
    assert "恢复原来的安排：10月22日 周四第4节" in await chat.李老师("/日程 恢复 5")
    await chat.until("2026-10-31T12:00")
    assert "计划活动 3/4 项（取消 1 项）" in await chat.李老师("/汇总 10月")
    assert "从11月5日起不再安排" in await chat.李老师("/日程 取消 5 以后都")  # finished
    assert "课例研讨" not in await chat.王老师("/日程 11月")


async def test_c1_study_lessons_by_turns(chat):
    await chat.李老师("/轮值 研讨课 排 下周起 周四第2节 录播室")  # start
    posts = await chat.until("2026-09-16T12:00")  # middle: who gives it three days before, the group the day before
    assert told(posts, "轮到您上研讨课（5）") == [("09-14", "李老师")]
    assert told(posts, "👂 9月17日 周四第2节 录播室 5 李老师研讨课") == [("09-16", "group")]
    assert (await chat.陈老师("/报名 5")).status == "ok"
    await chat.until("2026-09-21T09:00")
    assert "没上" in await chat.李老师("/轮值 研讨课 没上 5 停电")  # late
    assert "5 研讨课上过了" in await chat.李老师("/撤销")  # changed
    await chat.王老师("/轮值 研讨课 换 张老师")
    assert "换好了：您上第7周的研讨课" in await chat.张老师("/轮值 同意")
    await chat.until("2026-09-30T18:00")
    assert "轮流上研讨课 1/1 节，报名听课 1 人次" in await chat.李老师("/汇总 9月")
    posts = await chat.until("2026-10-30T12:00")  # finished
    assert told(posts, "轮到您上研讨课") == [("10-12", "张老师"), ("10-26", "王老师")]
    assert "轮流上研讨课 2/2 节" in await chat.李老师("/汇总 10月")
    assert "轮流上研讨课 1 节" in await chat.张老师("/我的")


async def test_c2_lessons_heard(chat):
    await chat.李老师("/听课 配额 2")  # start
    await chat.王老师("/听课 张老师 今天第1节 高一3班 导入好")
    posts = await chat.until("2026-09-24T20:00")  # middle: the gap, privately
    assert ("09-23", "王老师") in told(posts, "离配额还差 1 节")
    assert ("09-23", "张老师") in told(posts, "离配额还差 2 节")
    await chat.until("2026-10-09T12:00")
    await chat.王老师("/听课 赵老师 9月22日第2节 高一1班")  # late
    assert "第3节" in await chat.王老师("/听课 改 6 第3节")  # changed
    await chat.陈老师("/听课 赵老师 9月22日第2节")
    assert "已删" in await chat.陈老师("/听课 删 7")
    await chat.until("2026-10-12T12:00")  # finished
    assert "听课 2 节，达到配额 1/8 位" in await chat.李老师("/汇总 9月")


async def test_c3_talks(chat):
    await chat.王老师("/听课 张老师 今天第1节")  # start
    assert "导入抓人" in (await chat.王老师("/听课 交流 5 导入抓人")).notes["张老师"]
    await chat.until("2026-09-14T09:00")  # middle
    told = await chat.王老师("/听课 交流 5 导入抓人，提问后多等三秒")  # changed
    assert "多等三秒" in told.notes["张老师"]
    assert "撤回" in (await chat.王老师("/撤销")).notes["张老师"]
    await chat.until("2026-09-21T09:00")
    await chat.赵老师("/听课 张老师 9月7日第1节")
    assert (await chat.赵老师("/听课 交流 6")).status == "ok"  # late
    await chat.until("2026-09-30T18:00")  # finished
    assert "课后交流 2 节" in await chat.李老师("/汇总 9月")


async def test_c4_reviews(chat):
    await chat.王老师("/听课 张老师 今天第1节")  # start
    assert "最弱一项：学生参与" in (await chat.王老师(f"/评课 5 {MARKS}")).notes["张老师"]
    await chat.until("2026-09-14T09:00")  # middle
    await chat.赵老师("/听课 张老师 9月7日第1节")
    second = await chat.赵老师("/评课 6 目标3 环节4 参与5 效果4")  # late
    assert "2 份平均：目标达成 4.0 · 环节设计 4.0 · 学生参与 4.0 · 效果 4.0" in second.notes["张老师"]
    await chat.until("2026-09-21T09:00")
    await chat.赵老师("/评课 6 目标3 环节4 参与5 效果2")  # changed
    assert "改回了上一份" in (await chat.赵老师("/撤销")).notes["张老师"]
    await chat.李老师("/量表 改 导入 提问 板书")
    await chat.until("2026-09-30T18:00")  # finished: what was said stays said by its own scale
    assert "效果 4.0" in (await chat.张老师.private("/评课 看"))
    assert "评课 1 节（2 份）" in await chat.李老师("/汇总 9月")


async def test_f4_quiet_and_leave(chat):
    await chat.王老师("/请假 9月14日到18日 培训")  # start
    await chat.刘老师("/请假 9月14日到20日 病假")
    await chat.李老师("/静音 到9月9日")
    assert await chat.until("2026-09-09T20:00") == []
    posts = await chat.until("2026-09-17T20:00")  # middle
    assert told(posts, "集体备课")
    assert [post for post in posts if post.to == "王老师" and f"{post.at:%m-%d}" >= "09-14"] == []
    assert "已销假" in await chat.王老师("/请假 取消")  # changed: back on the 17th
    assert "全组 1/7" in await chat.张老师("/初案 第3周 https://docs.example.com/z3")  # late; 王 missed half of it
    await chat.until("2026-09-30T18:00")  # finished
    assert "没有记着的请假" in await chat.王老师("/请假")
    assert "照常" in await chat.李老师("/静音")


async def test_f10_the_lead_changes_hands(chat):
    await chat.李老师("/副组长 张老师")  # start
    assert (await chat.张老师("/任务 王老师 9月11日前 交卷")).status == "ok"
    await chat.until("2026-09-14T09:00")  # middle
    await chat.李老师("/移交 王老师")
    await chat.until("2026-09-18T09:00")
    assert "组长由李老师改为王老师" in await chat.王老师("/移交 同意")  # late, within the week
    assert (await chat.李老师("/汇总")).status == "refused"
    assert "组长仍是李老师" in await chat.王老师("/撤销")  # changed
    await chat.李老师("/移交 王老师")
    await chat.王老师("/移交 同意")
    await chat.until("2026-09-30T18:00")  # finished
    assert "任务完成 0/1 项" in await chat.王老师("/汇总 9月")


async def test_f11_settings(chat):
    await chat.李老师("/设置 时间 卡片 07:30")  # start
    await chat.李老师("/设置 关 公开课")
    posts = await chat.until("2026-09-17T20:00")  # middle
    assert {f"{post.at:%H:%M}" for post in posts if post.kind == "card" and post.group == "高一语文备课组"} == {"07:30"}
    assert told(posts, "《百合花》 听课") == []
    await chat.李老师("/公开课 发布 9月24日第2节 赵老师《劝学》")
    await chat.until("2026-09-18T12:00")
    assert "公开课照常" in await chat.李老师("/设置 开 公开课")  # late: what is still of use is said
    assert "私信改到 17:00" in await chat.李老师("/设置 时间 私信 17:00")  # changed
    assert "已撤销" in await chat.李老师("/撤销")
    posts = await chat.until("2026-09-30T18:00")  # finished
    assert told(posts, "赵老师《劝学》")
    assert "私信 16:40" in await chat.李老师("/设置")


async def test_b7_the_schools_calendar(chat):
    assert "第2周（双周）" in await chat.王老师("/校历")  # start
    await chat.李老师("/调课 9月16日 停课 运动会")
    posts = await chat.until("2026-09-17T12:00")  # middle: on the day off nobody is called to a meeting
    assert told(posts, "⏰ 9月16日") == []
    assert "已经过去了" in await chat.李老师("/调课 9月16日 按周三")  # late
    await chat.李老师("/调课 9月19日 按周三")
    assert "期中 第10周 → 第5周" in await chat.李老师("/校历 期中 第5周")  # changed
    posts = await chat.until("2026-09-28T08:00")  # finished: the examination's row is said in its new week
    assert told(posts, "⏰ 9月19日 周六第8–9节") == [("09-18", "group")]
    assert told(posts, "课题：期中 复习与命题") == [("09-28", "group")]
    assert (await chat.李老师("/校历 记录")).startswith("🧾 校历改过 3 次")
