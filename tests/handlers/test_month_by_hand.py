"""October 2026 of one group with everything on, played through the chat; every figure is counted by hand.

School days: 8, 9, Saturday 10 (as a Wednesday), 12 to 16, 19 to 23, 26 to 30, eighteen. The group of eight prepares on
10 (week 6), 14 (week 7), 21 (week 8) and 28 (week 9); 孙老师 is away from 12 on, for fifteen of the eighteen days.
"""

import asyncio
import re

import pytest

from bot.app import Playhouse
from tests.conftest import Answer, Chat

# Day, hour, speaker (> speaks one-to-one), message. After => the name that the answer's number is kept under
# (turn1, turn2 … those of its rows); after # the count so far.
OCTOBER = """
08 09:00 李老师 /听课 配额 1
08 09:01 李老师 /任务 全组 10月16日前 交单元卷 => paper    # seven of eight, not the giver
08 09:02 李老师 /任务 周老师 10月20日前 出测验 => quiz
08 09:03 李老师 /任务 刘老师 10月20日前 整理资料 => files
08 09:04 李老师 /公开课 发布 10月15日第2节 赵老师《短歌行》 录播室 4座 => open
08 09:05 李老师 /公开课 发布 10月22日第2节 刘老师《登高》 录播室 4座 => gone
08 09:06 李老师 /日程 加 10月22日第6节 专题研讨 => seminar
08 09:07 李老师 /日程 加 10月27日第6节 读书分享 => reading
08 09:08 李老师 /例会 定 10月15日第7节 语文办公室
08 09:09 李老师 /轮值 研讨课 排 第7周起 每周 周二第3节 录播室 王老师 赵老师 孙老师 刘老师 => turn  # 13, 20, 27
08 10:00 王老师 /问题 审题不细 => careless                 # problems: 1
08 12:00 孙老师 /请假 10月12日到10月30日 脱产培训             # 刘老师 gives the study lesson of the 27th instead
09 10:00 王老师 /初案 第6周 群文件里的第6周         # week 6: 1
09 10:01 张老师 /初案 第6周 群文件里张的第6周       # week 6: 2 of 8
09 10:02 王老师 /听课 张老师 今天第1节 高一3班 导入好 => first   # lessons heard: 1
09 10:03 李老师 /听课 张老师 今天第1节 高一3班 => same     # 2, the same lesson
09 10:04 王老师 /听课 交流 {first} 导入抓人                # talks: 1
09 10:05 王老师> /反思 导入太长，下次三分钟内进入文本       # reflections: 1, private
09 10:06 张老师> /问题 计算跳步多 => steps                 # problems: 2
09 10:07 赵老师 /问题 字迹乱 => messy
09 10:08 赵老师 /问题 撤回 {messy}                         # counts nowhere
09 10:09 陈老师 /问题 写错了地方
09 10:10 陈老师 /撤销                                      # still 2
12 08:00 张老师 /报名 {turn1}                              # comes to the study lesson of the 13th: 1
12 10:00 张老师 /听课 王老师 今天第3节 高一2班 => third    # 3
12 10:01 张老师 /听课 交流 {third} 提问有层次
12 10:02 张老师 /撤销                                      # still one talk
12 10:03 陈老师 /听课 赵老师 今天第4节 => wrong
12 10:04 陈老师 /听课 删 {wrong}                           # noted by mistake: still 3
12 10:05 王老师 /评课 {first} 目标达成5 环节设计4 学生参与3 效果4   # reviews: 1, of lesson 1
12 10:06 王老师 /评课 {first} 目标达成5 环节设计4 学生参与4 效果4   # changed, still 1
12 10:07 李老师 /评课 {same} 目标达成4 环节设计4 学生参与3 效果4    # 2, of the same lesson
12 10:08 张老师 /评课 {third} 目标达成4 环节设计5 学生参与3 效果4   # 3, of lesson 2
13 09:00 王老师 /报名 {open}                               # signed up: 1
13 09:01 张老师 /报名 {open}                               # 2
13 09:02 陈老师 /报名 {open}
13 09:03 陈老师 /取消报名 {open}                           # 2 again
13 12:00 王老师 /初案 群文件里的第7周
13 12:01 王老师 /撤销                                      # week 7: none
13 12:02 王老师 /初案 https://docs.example.com/w7          # week 7: 1
13 12:03 张老师 /初案 https://docs.example.com/z7          # week 7: 2 of 7
14 09:00 周老师 /备课 要点 课标 教材 学情 作业
14 09:01 周老师 /备课 要点 取消 作业                       # points of week 7: 3
14 09:02 周老师 /分层 保底 会背 达标 会写 拔高 能仿写       # three layers: 1 week
14 10:00 周老师 /问题 讨论 {steps}                         # talked about in the session, still open
14 12:00 王老师 /进度 到 第7周                             # said in week 7: as planned
14 12:01 张老师 /进度 到 第5周                             # two behind, for now
14 12:02 赵老师 /进度 到 第6周
14 12:03 赵老师 /撤销                                      # says nothing
14 18:00 周老师 /例会 请假 区里教研
15 10:00 王老师 /完成 {paper}                              # paper: 1
15 10:01 张老师 /完成 {paper}                              # paper: 2
15 15:00 李老师 /签到 全组                                 # 李王张赵陈刘: 6; 周 excused, 孙 not expected: of 7
15 15:10 李老师 /例会 决定 王老师 10月23日前 出期中卷 => exam   # decisions: 1
15 15:11 李老师 /例会 决定 张老师 10月29日前 核对答案 => key    # decisions: 2
15 15:12 李老师 /例会 记 期中前完成第三单元
15 15:13 李老师 /问题 解决 {careless} 圈关键词             # solved: 1
15 15:14 李老师 /问题 解决 {steps} 每步写依据              # 2
15 16:00 周老师 /共案 https://docs.example.com/agreed7     # week 7 in its fourth stage
16 09:00 王老师 /轮值 换 张老师
16 09:01 张老师 /轮值 同意                                 # swaps: 1; 张 leads week 9, 王 week 11
16 09:02 刘老师 /轮值 换 陈老师
16 09:03 陈老师 /轮值 不同意                               # still 1
16 09:04 赵老师 /轮值 研讨课 换 刘老师
16 09:05 刘老师 /轮值 同意                                 # 刘 on the 20th, 赵 on the 27th; no swap of leads
16 12:00 王老师 /二备 https://docs.example.com/own7        # own plans of week 7: 1 of 7
16 12:01 张老师> /反思 课题：归园田居 亮点：学生读得多 => shared   # reflections: 2
16 12:02 张老师 /反思 分享 {shared}                        # shared: 1
16 12:03 张老师 /反思 改 {shared} 课题：归园田居 亮点：学生读得很多
16 12:04 赵老师 /反思 写错了地方的一句话
16 12:05 赵老师 /撤销                                      # still 2
19 09:00 赵老师 /完成 {paper}                              # late, counts: paper 3
19 09:01 李老师 /任务 取消 {quiz}                          # counts nowhere
19 09:02 李老师 /任务 改 {files} 11月3日前                  # November's
19 09:03 李老师 /日程 改 {seminar} 10月23日第6节            # moved: 1
19 09:04 李老师 /日程 停 4 期中监考                         # week 8 called off: 3 of 4
20 09:00 赵老师 /初案 第7周 https://docs.example.com/z7late # late: week 7: 3 of 7
20 09:01 陈老师 /初案 第8周 https://docs.example.com/c8     # week 8: 1, and of nobody else expected
20 09:02 李老师 /备课 主题 第8周 习题 登高
20 09:10 李老师 /公开课 取消 {gone}
20 16:00 刘老师 /轮值 研讨课 没上 {turn2} 投影坏了         # study lessons: 1 of 2
21 09:00 张老师 /问题 重开 {steps}                         # solved: 1 again
22 12:00 王老师 /完成 {exam}                               # decision done
23 12:00 李老师> /反思 板书占了太多时间 => mine             # reflections: 3
23 12:01 李老师 /反思 分享 {mine}
23 12:02 李老师 /反思 私密 {mine}                          # shared: 1 again
26 08:00 李老师 /日程 加 10月29日第7节 备课组例会 => second
26 08:01 李老师 /日程 停 {reading} 场地被占                 # called off: 1
26 16:00 赵老师 /请假 10月27日 看病                        # nobody takes the study lesson: counts nowhere
27 09:00 张老师 /初案 https://docs.example.com/z9          # week 9: 1
27 09:01 孙老师 /初案 https://docs.example.com/s9          # week 9: 2 of 8: away, and did it
28 09:00 张老师 /备课 要点 课标 教材                       # points of week 9: 2
28 12:00 张老师 /进度 到 第8周                             # said in week 9: one behind
28 12:01 陈老师 /进度 到 第10周                            # one ahead
28 12:02 刘老师 /问题 不会圈画                             # problems: 3
28 16:00 李老师 /日程 停 {second} 学校有会                  # the second meeting is called off
30 09:00 赵老师 /听课 李老师 10月13日第2节 高一1班          # late: lessons heard: 4
30 09:01 刘老师 /听课 李老师 10月13日第2节
30 09:02 刘老师 /撤销                                      # still 4
30 16:00 王老师 /初案 第10周 https://docs.example.com/w10  # November's
30 16:01 王老师> 📎第三单元学案.txt => worksheet
30 16:02 王老师> /资源 存 {worksheet}                      # resources: 1
30 16:03 张老师> 📎草稿.txt => scrap                       # nobody's business: still 1
30 16:04 赵老师> 📎错的.txt => wrong
30 16:05 赵老师> /资源 存 {wrong}
30 16:06 李老师> /资源 删 {wrong}                          # still 1
30 17:00 李老师 /目标 加 听课 从 0 到 10 节 11月30日前 => heard  # the term's four lessons: 40 %, in 61 of 91 days
30 17:01 李老师 /目标 加 优秀率 从 20% 到 25% => marks       # nobody has measured it
30 17:02 李老师 /目标 加 写错了的 达到 3 次
30 17:03 李老师 /撤销                                      # two goals
"""


BEHIND = {
    "集体备课": 4,
    "初案": 8,
    "二备": 1,
    "听课": 4,
    "评课": 3,
    "例会": 1,
    "轮值": 1,
    "任务": 3,
    "反思": 3,
    "问题": 3,
    "研讨课": 2,
    "资源": 1,
    "目标": 2,
}
"""Records behind a figure: the four meetings planned, eight drafts …"""


async def said(chat: Chat, speaker: str, text: str) -> Answer:
    if text.startswith("📎"):
        return await getattr(chat, speaker.rstrip(">")).sends(text[1:], text.encode())
    return await chat.say(speaker.rstrip(">"), text, private=speaker.endswith(">"))


async def played(chat: Chat) -> None:
    numbers: dict[str, str] = {}
    for row in filter(None, OCTOBER.splitlines()):
        day, clock, speaker, text = re.split(r"\s+#", row)[0].split(maxsplit=3)
        text, _, keep = (part.strip() for part in text.partition("=>"))
        await chat.until(f"2026-10-{day}T{clock}")
        answer = await said(chat, speaker, text.format(**numbers))
        assert answer.status == ("question" if text.startswith("📎") else "ok"), (row, answer)
        if keep:
            numbers[keep] = re.findall(r"\d+", answer)[0]
            rows = re.findall(r"(?m)^\d+(?= )", answer)
            numbers |= {f"{keep}{place}": number for place, number in enumerate(rows, 1)}
    await chat.until("2026-10-31T10:00")


ASKED = {
    "leader": ("李老师>", "/汇总 10月"),
    "group": ("李老师", "/汇总 10月"),
    "a member": ("王老师", "/汇总 10月"),
    "a visitor": ("访客", "/汇总 10月"),
    **{f"behind {name}": ("李老师>", f"/汇总 10月 {name}") for name in BEHIND},
}


async def asked() -> dict[str, Answer]:
    async with Playhouse(None, None) as playground:
        chat = Chat(playground)
        await played(chat)
        return {key: await said(chat, *words) for key, words in ASKED.items()}


@pytest.fixture(scope="module")
def month() -> dict[str, Answer]:
    return asyncio.run(asked())


def figures_of(leaders: str) -> list[str]:
    """The figures of the leader's form, each with what stands behind it."""
    return [line.split("〔")[0] for line in leaders.splitlines() if line.endswith("〕") or line.startswith("　")]


def test_the_month_counted_by_hand(month: dict[str, Answer]) -> None:
    figures = figures_of(month["leader"])
    assert figures == [
        "集体备课 3/4 次",
        "　主备：刘老师、周老师、张老师",  # weeks 6, 7, 9
        # Points 3 + 2, of the three weeks with anything entered (7, 8, 9) seven each; 8 has its topic alone.
        "备课过程：课题提前定 4/4，到第四阶段 1，三层目标 1，要点 5/21",
        "初案 8/24 份（4 周）",  # 2/8 + 3/7 + 1/1 + 2/8
        "二备 1/14 份（2 周）",  # 1/7 in week 7, 0/7 in week 9; week 8 was called off
        "教学进度报了 3 个班：按计划 1，超前 1，落后 1",  # 王, 陈, 张
        "　需要帮一把：张老师 落后 1 周（10月28日报到第8周）",
        "主备对调 1 次",
        "计划活动 1/2 项（改期 1 项，取消 1 项）",
        "问题提出 3 个，解决 1 个，还开着 2 个",
        "　26 审题不细：圈关键词",  # 4 of the sample, 8 things, 13 turns, then this
        "例会 1/2 次，到会 6/7 人次，决定 2 项（没做完 1）",
        "听课 4 节，达到配额 4/7 位，课后交流 1 节",  # 王 李 张 赵 of seven
        "评课 2 节（3 份）",
        "公开课 1 节，报名听课 2 人次",
        "　开课：赵老师",
        # Of 王 (13), 刘 (20) and 赵, away on the 27th; later turns are November's and after.
        "轮流上研讨课 1/2 节，报名听课 1 人次",
        "　14 刘老师研讨课没上：投影坏了",
        "任务完成 4/8 项",  # the paper 3 of 6 (孙 away), the decisions 1 of 2
        "　还差 5 交单元卷：陈老师、刘老师、周老师",
        "　还差 36 核对答案：张老师",
        "反思 3 篇（分享 1 篇）",
        "　分享：张老师“归园田居”",
        "新增资源 1 份",
        "目标 2 项：比时间慢 1，还没有数 1",
        "　47 听课 0→10 节：现在 4 节，走了 40%，比时间慢",
        "　48 优秀率 20→25%：还没记现在的数",
    ]


def test_the_group_reads_every_figure_in_twelve_lines_and_nobody_who_owes(month: dict[str, Answer]) -> None:
    lines = month["group"].splitlines()
    assert lines[0] == "📊 10月小结 · 高一语文备课组"
    assert len(lines) <= 12
    for figure in (line for line in figures_of(month["leader"]) if not line.startswith("　")):
        assert figure in month["group"], figure
    assert "还差" not in month["group"]
    assert "帮一把" not in month["group"]


@pytest.mark.parametrize(("subject", "rows"), BEHIND.items())
def test_the_records_behind_a_figure_are_as_many_as_it_says(month: dict[str, Answer], subject: str, rows: int) -> None:
    trace = month[f"behind {subject}"]
    assert len([line for line in trace.splitlines() if line.startswith("•")]) == rows


def test_a_private_reflection_is_counted_and_nothing_more(month: dict[str, Answer]) -> None:
    rows = [line for line in month["behind 反思"].splitlines() if line.startswith("•")]
    assert sum("私密" in row for row in rows) == 2
    assert not [row for row in rows if "王老师" in row or "李老师" in row]


@pytest.mark.parametrize("who", ["a member", "a visitor"])
def test_who_does_not_lead_reads_no_month(month: dict[str, Answer], who: str) -> None:
    assert month[who].status == "refused"
    assert "/4" not in month[who]
