"""听课记录表: one lesson that somebody heard, in their own words; for them alone."""

from bot.calendar.names import day_label, period_label, weekday_name
from bot.domain import observations, open_lessons, reviews, terms
from bot.domain.groups import Group
from bot.domain.observations import Observation
from bot.domain.people import Member
from bot.reports.forms.shapes import Field, Filled, Form, Listed, Pairs, Rows, Wide, full_day

FORM = Form(
    "听课记录",
    "听课记录表",
    also=("听课", "听课记录表", "听课表", "观课记录", "听课评课记录表"),
    fields=(
        Field("听课教师", "谁听的，就是您自己", ("听课人", "观课人", "观课教师")),
        Field("授课教师", "谁上的课", ("授课人", "上课教师", "执教者", "执教教师", "教师", "任课教师")),
        Field("日期", "例：2026年9月16日", ("听课日期", "听课时间")),
        Field("星期", "例：周三"),
        Field("节次", "例：第2节", ("时间", "课次")),
        Field("班级", "例：高一3班", ("授课班级", "听课班级")),
        Field("课题", "公开课、研讨课登记过的题目；没有登记的空着", ("授课内容", "教学内容", "课文")),
        Field("听课记录", "记下的感受", ("记录", "教学过程", "听课内容", "感受", "听课感受")),
        Field("课后交流", "课后对老师说的话", ("交流", "反馈意见", "交流意见")),
        Field("交流日期", "哪天交流的，例：9月16日"),
        Field("总评", "评课写的话", ("评课意见", "评价", "评议", "总体评价", "评课")),
        Field("总分", "各项分数相加，例：17/20", ("得分", "评分", "总得分")),
    ),
    rows=(Rows("评分", "评课的各项", (Field("项目", "例：目标达成"), Field("得分", "1 到 5"))),),
    layout=(
        Pairs((("听课教师", "听课教师"), ("备课组", "备课组"))),
        Pairs((("授课教师", "授课教师"), ("班级", "班级"))),
        Pairs((("日期", "日期"), ("节次", "节次"))),
        Wide("课题", "课题"),
        Wide("听课记录", "听课记录", 8.0),
        Wide("课后交流", "课后交流", 1.8),
        Wide("总评", "总评", 1.8),
        Listed("评分", "评分", (("项目", "项目", 12.0), ("得分（1–5）", "得分", 4.0))),
    ),
)


async def gather(group: Group, member: Member, number: int, term: str = "") -> Filled:
    """The lesson that ``member`` noted under a number; in a term gone by where one is named.

    Raises:
        BadArgument: there is none; NotAllowed: it is somebody else's.
    """
    group = group.in_term(terms.called(group, term)) if term else group
    heard = await observations.own(group, member.name, number)
    review = await reviews.of_observation(group, number)
    marks = list(zip(review.axes, review.marks, strict=True)) if review else []
    values = {
        "学期": group.term.name,
        "听课教师": heard.member,
        "授课教师": heard.teacher,
        "日期": full_day(heard.day),
        "星期": weekday_name(heard.day.isoweekday()),
        "节次": period_label(heard.periods),
        "班级": heard.classroom,
        "课题": await _topic(group, heard),
        "听课记录": heard.text,
        "课后交流": heard.talk or ("当面交流过" if heard.talked else ""),
        "交流日期": day_label(heard.talked.date()) if heard.talked else "",
        "总评": review.text if review else "",
        "总分": f"{sum(mark for _, mark in marks)}/{5 * len(marks)}" if marks else "",
    }
    rows = {"评分": [{"项目": axis, "得分": str(mark)} for axis, mark in marks]}
    name = f"听课记录表 {number} {heard.teacher} {day_label(heard.day)}"
    hints = () if review else (f"评课还没有写，那几格空着。写：/评课 {number}",)
    return Filled(FORM, name, values, rows, notes=hints)


async def _topic(group: Group, heard: Observation) -> str:
    """What the lesson is called in the list of lessons for all to hear; "" where it is none of them."""
    lessons = await open_lessons.between(group, heard.day, heard.day)
    same = [x for x in lessons if (x.teacher, x.day, x.periods) == heard.lesson and x.title]
    return same[0].title if same else ""
